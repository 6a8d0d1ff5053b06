//! Programs: run, timed, and their CPU seconds counted.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Instant;

use crate::failure::{Context as _, Result};

/// What a program that ended used.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    /// Wall clock.
    pub seconds: f64,
    /// User and system time of the program and all its children.
    pub cpu: f64,
}

/// Runs a program to its end and counts what it used.
///
/// # Errors
/// When it cannot be started or fails; with the end of what it printed.
pub fn run(command: &mut Command) -> Result<Used> {
    capture(command).map(|(_, used)| used)
}

/// As [`run`], with the output.
///
/// # Errors
/// As [`run`].
pub fn capture(command: &mut Command) -> Result<(Output, Used)> {
    let name = words(command);
    let cpu = children_cpu()?;
    let start = Instant::now();
    let output = command.stdin(Stdio::null()).output().context(&name)?;
    let used = Used {
        seconds: start.elapsed().as_secs_f64(),
        cpu: children_cpu()? - cpu,
    };
    if output.status.success() {
        return Ok((output, used));
    }
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Err(format!(
        "{name} failed ({}):\n{}",
        output.status,
        last_lines(&text, 60)
    )
    .into())
}

/// A command without its environment.
fn words(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    let words: Vec<_> = std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect();
    words.join(" ")
}

/// The last lines of a text.
fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .iter()
        .skip(lines.len().saturating_sub(count))
        .copied()
        .collect::<Vec<_>>()
        .join("\n")
}

/// CPU seconds of all children that have ended and been waited for, their children included.
///
/// Read from `/proc/self/stat` (fields 16 and 17, in ticks of 10 ms), since the system calls that say
/// it need unsafe code.
fn children_cpu() -> Result<f64> {
    ticks_from(13)
}

/// CPU seconds of this process so far (fields 14 and 15).
///
/// # Errors
/// When `/proc` does not say it.
pub fn cpu_of_this() -> Result<f64> {
    ticks_from(11)
}

/// CPU seconds of a process so far.
///
/// # Errors
/// When it has ended.
pub fn cpu_of(process: u32) -> Result<f64> {
    ticks(&process.to_string(), 11)
}

fn ticks_from(first: usize) -> Result<f64> {
    ticks("self", first)
}

/// The sum of two fields, as seconds; the field after the program's name is number 0.
fn ticks(process: &str, first: usize) -> Result<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))
        .context("CPU seconds are read from /proc, which only Linux has")?;
    // The second field is the program's name in parentheses and may hold spaces.
    let (_, rest) = stat
        .rsplit_once(')')
        .context("/proc shows no program name")?;
    let ticks: f64 = rest
        .split_ascii_whitespace()
        .skip(first)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    Ok(ticks / TICKS_PER_SECOND)
}

/// Resident memory of a process in bytes (`VmRSS`).
///
/// # Errors
/// When it has ended.
pub fn resident(process: u32) -> Result<u64> {
    memory(&process.to_string(), "VmRSS")
}

/// The most resident memory that this process ever had, in bytes (`VmHWM`).
///
/// # Errors
/// When `/proc` does not say it.
pub fn peak_of_this() -> Result<u64> {
    memory("self", "VmHWM")
}

fn memory(process: &str, field: &str) -> Result<u64> {
    let status =
        fs::read_to_string(format!("/proc/{process}/status")).context("the process has ended")?;
    let kilobytes = status
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))
        .and_then(|value| value.split_ascii_whitespace().next())
        .and_then(|value| value.parse::<u64>().ok())
        .context(format!("/proc shows no {field}"))?;
    Ok(kilobytes.saturating_mul(1024))
}

/// A program that is ended when this value goes.
#[derive(Debug)]
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
