//! `cargo build`, with what it compiles shown while it does.

use std::io::{BufRead as _, BufReader, IsTerminal as _, Write as _};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::project::no_cargo;
use super::terminal::Terminal;

/// Lines of a failed build that are shown.
const TAIL: usize = 40;
/// Crates after which a line is said where nothing can be written over.
const STEP: usize = 50;

/// Runs a build; what it did, in words. `first` is said when something has to be compiled.
///
/// # Errors
/// When Cargo cannot be started or the build fails, with the end of what it said.
pub fn build(
    command: &mut Command,
    first: Option<&str>,
    terminal: &Terminal,
) -> Result<String, String> {
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(no_cargo)?;
    let live = std::io::stderr().is_terminal();
    let mut lines: Vec<String> = Vec::new();
    let mut compiled = 0_usize;
    let said = child.stderr.take().map(BufReader::new);
    for line in said.into_iter().flat_map(BufReader::lines) {
        let Ok(line) = line else { break };
        let shown = line.trim();
        // What Cargo says while another one has the folder: `Blocking waiting for file lock on build directory`.
        if shown.starts_with("Blocking ") {
            clear(live);
            let what = shown.rsplit(" on ").next().unwrap_or("a folder");
            terminal.say(format!(
                "  waiting for another cargo, which uses the {what} …"
            ));
        }
        if shown.starts_with("Compiling ") {
            if let Some(first) = first.filter(|_| compiled == 0 && !live) {
                terminal.say(first);
            }
            compiled = compiled.saturating_add(1);
            if live {
                let shown = shown.split(" (").next().unwrap_or(shown);
                let _ = write!(std::io::stderr(), "\r\x1b[2K  {compiled}: {shown}");
                let _ = std::io::stderr().flush();
            } else if compiled.is_multiple_of(STEP) {
                terminal.say(format!("  {compiled} crates compiled"));
            }
        }
        lines.push(line);
    }
    clear(live);
    let status = child.wait().map_err(|error| error.to_string())?;
    if !status.success() {
        let from = lines.len().saturating_sub(TAIL);
        let tail = lines.get(from..).unwrap_or_default().join("\n");
        return Err(format!("the build failed:\n{tail}"));
    }
    Ok(if compiled == 0 {
        "nothing to do".to_owned()
    } else {
        format!(
            "{compiled} crates compiled in {:.0} s",
            begun.elapsed().as_secs_f64()
        )
    })
}

/// Clears the line that is written over.
fn clear(live: bool) {
    if live {
        let _ = write!(std::io::stderr(), "\r\x1b[2K");
    }
}
