//! Flags of `bundle`.

use std::path::PathBuf;

use clap::Args;

use crate::bundle::Kind;

/// `mcpwright bundle`
#[derive(Debug, Clone, Args)]
pub struct BundleCommand {
    /// What to make; all of it if not given, but for what lacks something.
    #[arg(value_enum)]
    pub kinds: Vec<Kind>,
    /// The folder for it.
    #[arg(
        long,
        short,
        value_name = "DIR",
        default_value = "bundle",
        env = "MCPWRIGHT_BUNDLE_OUT"
    )]
    pub out: PathBuf,
    /// A built server for the .mcpb file, in place of the one that is built here. May be repeated: one for each
    /// system.
    #[arg(long, value_name = "FILE")]
    pub program: Vec<PathBuf>,
    /// Overwrite files that were edited since they were made.
    #[arg(long)]
    pub force: bool,
    /// Build without optimisation, which is faster and ten times larger.
    #[arg(long, conflicts_with = "program")]
    pub debug: bool,
}
