//! Two replicas of the generated server behind nginx, with one Redis: what one of them knows, both know, and
//! nothing is made twice when one is killed or the store is away.

mod checks;
mod place;

use crate::failure::Result;
use place::Place;

/// Options.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Say that it is skipped where redis-server or nginx is missing, in place of failing.
    #[arg(long)]
    if_installed: bool,
}

/// Runs it; whether everything held.
///
/// # Errors
/// When a program is missing or does not come up.
pub fn run(options: &Options) -> Result<bool> {
    let missing: Vec<&str> = place::PROGRAMS
        .into_iter()
        .filter(|program| !place::is_installed(program))
        .collect();
    if !missing.is_empty() {
        let names = missing.join(" and ");
        if options.if_installed {
            println!("skipped: {names} not installed");
            return Ok(true);
        }
        return Err(format!("{names} not installed").into());
    }
    let mut place = Place::start()?;
    let mut held = true;
    for (what, check) in checks::ALL {
        let faults = check(&mut place)?;
        let said = if faults.is_empty() { "ok" } else { "fault" };
        println!("{said:>5}  {what}");
        for fault in &faults {
            println!("       {fault}");
        }
        held &= faults.is_empty();
    }
    Ok(held)
}
