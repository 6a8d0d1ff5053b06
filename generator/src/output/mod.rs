//! Files to disk: written, compared, or only listed.
//!
//! The generator owns the files that its manifest lists and no others (rule G6): it never deletes
//! or overwrites a file that it does not own, writes nothing when anything is refused, and replaces
//! files by renaming, so that a reader never sees half of one.

mod compare;
mod disk;
mod manifest;
mod write;

pub use compare::{Change, ChangeKind, compare};
pub use manifest::{MANIFEST, OwnedFiles};
pub use write::{WriteOptions, Written, write};

/// Files that are written once and then belong to the user.
pub const WRITTEN_ONCE: [&str; 2] = ["src/custom.rs", ".gitignore"];
