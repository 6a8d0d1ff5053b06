//! Limits that clients have for the names of tools.

use super::{Finding, USAGE};
use crate::cli::connect::program_name;
use crate::clock::Clock;
use crate::engine::Engine;
use crate::extend::Extensions;
use crate::operation::Api;

/// Longest name that the strictest clients take.
const LONGEST: usize = 64;
/// Longest name together with that of the server, in Cursor.
const TOGETHER: usize = 60;

pub(super) fn check(api: &'static Api, extensions: Extensions, findings: &mut Vec<Finding>) {
    let engine = Engine::new(api, extensions, None, Clock::SYSTEM);
    let fits = |name: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        !name.is_empty() && name.len() <= LONGEST && name.chars().all(plain)
    };
    let names = || engine.entries().iter().map(|entry| entry.name());
    let mut is_well = true;
    if let Some(name) = names().find(|name| !fits(name)) {
        is_well = false;
        findings.push(Finding::fault(
            "names",
            USAGE,
            format!("{name}: some clients hide every tool of a server with such a name; they take 1 to {LONGEST} letters, digits, _ and -"),
            "rename it in src/custom.rs, or in mcpwright.toml (`name`)",
        ));
    }
    let long = |name: &&str| name.len() + api.name.len() > TOGETHER;
    if let Some(name) = names().find(long) {
        is_well = false;
        findings.push(Finding::warning(
            "names",
            format!(
                "{name} and the server's name are more than {TOGETHER} characters together, which Cursor may leave out"
            ),
            format!("{} connect cursor --name {}", program_name(api), api.name.get(..3).unwrap_or("crm")),
        ));
    }
    if is_well {
        let count = engine.entries().len();
        findings.push(Finding::well(
            "names",
            format!("{count} names of tools within the limits of all clients"),
        ));
    }
}
