//! A generated server as it is shipped: size, start, memory.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::Documents;
use super::figure::{Figure, least, median};
use crate::failure::Result;
use crate::mcp::{Client, Era};
use crate::process;
use crate::workshop::{Made, Workshop};

/// Starts that are timed.
const STARTS: usize = 20;
const MEGABYTE: f64 = 1_000_000.0;

pub fn measure(documents: &Documents) -> Result<Vec<Figure>> {
    let Some(document) = documents.medium() else {
        return Ok(Vec::new());
    };
    let mut workshop = Workshop::new("bench-server", "release")?;
    let made = workshop.generate(&document)?;
    println!("server: building {} for release", made.package);
    workshop.prepare(&[])?;
    workshop.cargo(&["build", "-p", &made.package])?;
    let program = workshop.program(&made);
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(first_list(&program, &made)?);
    }
    let legacy = with_initialize(&program, &made)?;
    let tools = made.tools();
    Ok(vec![
        Figure::bounded(
            "server: stripped program",
            bytes(fs::metadata(&program)?.len()),
            "MB",
            10.0,
        ),
        Figure::bounded(
            format!("server: exec to first tools/list answer ({tools} tools), median of {STARTS}"),
            median(starts.clone()) * 1000.0,
            "ms",
            10.0,
        ),
        Figure::shown("server: the same, fastest", least(&starts) * 1000.0, "ms"),
        Figure::shown(
            "server: the same with initialize first",
            legacy * 1000.0,
            "ms",
        ),
        Figure::bounded(
            "server: idle memory (VmRSS)",
            bytes(idle(&program, &made)?),
            "MB",
            15.0,
        ),
    ])
}

fn bytes(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / MEGABYTE
}

fn start(program: &Path, made: &Made, era: Era) -> Result<Client> {
    let api = &made.generated.api;
    let mut command = Command::new(program);
    // Nothing listens there, and nothing is called.
    command.env(format!("{}_BASE_URL", api.env_prefix), "http://127.0.0.1:9");
    command.env(format!("{}_VIEW", api.env_prefix), "all");
    for variable in api.schemes.iter().flat_map(|scheme| &scheme.variables) {
        command.env(variable, "made-up-credential");
    }
    Client::start(&mut command, era)
}

/// Seconds from before the process is made until the answer is read.
fn first_list(program: &Path, made: &Made) -> Result<f64> {
    let begin = Instant::now();
    let mut client = start(program, made, Era::Modern)?;
    let tools = client.tools()?.len();
    let seconds = client.heard().duration_since(begin).as_secs_f64();
    if tools == made.tools() {
        Ok(seconds)
    } else {
        Err(format!("{tools} tools are listed").into())
    }
}

fn with_initialize(program: &Path, made: &Made) -> Result<f64> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let begin = Instant::now();
        let mut client = start(program, made, Era::Legacy)?;
        client.open()?;
        client.tools()?;
        starts.push(client.heard().duration_since(begin).as_secs_f64());
    }
    Ok(median(starts))
}

fn idle(program: &Path, made: &Made) -> Result<u64> {
    let mut client = start(program, made, Era::Modern)?;
    client.tools()?;
    thread::sleep(Duration::from_secs(1));
    process::resident(client.process_id())
}
