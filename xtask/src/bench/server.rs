//! Generated servers as they are shipped, in the profile that is written into their manifests: size, start, memory. One
//! is that of the example's document, the other that of a real one of middle size. A start is timed to the first list and to the first call, with all that an operator
//! switches on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Documents;
use super::figure::{Figure, least, median};
use crate::failure::{Context as _, Result};
use crate::mcp::{Client, Era};
use crate::process;
use crate::workshop::{Made, Workshop};

/// Starts that are timed.
const STARTS: usize = 20;
const MEGABYTE: f64 = 1_000_000.0;
/// What a cold start to the first answer may take, in milliseconds.
const COLD_START: f64 = 50.0;

/// A server that is measured.
struct Subject {
    /// In figures.
    name: String,
    program: PathBuf,
    variables: Vec<(String, String)>,
    /// Of its variables.
    prefix: String,
    tools: usize,
}

pub fn measure(documents: &Documents, build: bool) -> Result<Vec<Figure>> {
    if !build {
        println!("server: skipped, since it measures programs that it builds");
        return Ok(Vec::new());
    }
    let mut workshop = Workshop::new("bench-server", "release")?;
    let mut all = vec![workshop.generate(&Documents::demo())?];
    if let Some(document) = documents.medium() {
        all.push(workshop.generate(&document)?);
    }
    workshop.prepare(&[])?;
    let mut figures = Vec::new();
    for made in &all {
        println!("server: building {} for release", made.package);
        workshop.cargo(&["build", "-p", &made.package])?;
        figures.extend(generated(&workshop, made).figures()?);
    }
    Ok(figures)
}

/// The server of a document.
fn generated(workshop: &Workshop, made: &Made) -> Subject {
    let api = &made.generated.api;
    let prefix = &api.env_prefix;
    let schemes = api.schemes.iter().flat_map(|scheme| &scheme.variables);
    let mut variables: Vec<(String, String)> = schemes
        .map(|variable| (variable.clone(), "made-up-credential".to_owned()))
        .collect();
    variables.push((
        format!("{prefix}_BASE_URL"),
        "http://127.0.0.1:9".to_owned(),
    ));
    variables.push((format!("{prefix}_VIEW"), "all".to_owned()));
    Subject {
        name: made.package.clone(),
        program: workshop.program(made),
        variables,
        prefix: prefix.clone(),
        tools: made.tools(),
    }
}

impl Subject {
    fn figures(&self) -> Result<Vec<Figure>> {
        let (name, tools) = (&self.name, self.tools);
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            starts.push(self.first_list()?);
        }
        let legacy = self.with_initialize()?;
        let (call, logged) = (self.first_call(None)?, self.first_call_logged()?);
        Ok(vec![
            Figure::bounded(
                format!("server: stripped program of {name}"),
                bytes(fs::metadata(&self.program)?.len()),
                "MB",
                10.0,
            ),
            Figure::bounded(
                format!(
                    "server: {name}: exec to first tools/list answer ({tools} tools), median of {STARTS}"
                ),
                median(starts.clone()) * 1000.0,
                "ms",
                10.0,
            ),
            Figure::shown(
                format!("server: {name}: the same, fastest"),
                least(&starts) * 1000.0,
                "ms",
            ),
            Figure::shown(
                format!("server: {name}: the same with initialize first"),
                legacy * 1000.0,
                "ms",
            ),
            Figure::bounded(
                format!("server: {name}: exec to first answer of a call, median of {STARTS}"),
                call * 1000.0,
                "ms",
                COLD_START,
            ),
            Figure::bounded(
                format!("server: {name}: the same with an audit log"),
                logged * 1000.0,
                "ms",
                COLD_START,
            ),
            Figure::bounded(
                format!("server: {name}: idle memory (VmRSS)"),
                bytes(self.idle()?),
                "MB",
                15.0,
            ),
        ])
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.envs(self.variables.iter().cloned());
        command
    }

    fn start(&self, era: Era) -> Result<Client> {
        Client::start(&mut self.command(), era)
    }

    /// Seconds from before the process is made until the answer is read.
    fn first_list(&self) -> Result<f64> {
        let begin = Instant::now();
        let mut client = self.start(Era::Modern)?;
        let tools = client.tools()?.len();
        let seconds = client.heard().duration_since(begin).as_secs_f64();
        if tools == self.tools && tools > 0 {
            Ok(seconds)
        } else {
            Err(format!("{tools} tools are listed").into())
        }
    }

    fn with_initialize(&self) -> Result<f64> {
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            let begin = Instant::now();
            let mut client = self.start(Era::Legacy)?;
            client.open()?;
            client.tools()?;
            starts.push(client.heard().duration_since(begin).as_secs_f64());
        }
        Ok(median(starts))
    }

    /// Seconds until a call is answered, which is refused for an argument that there is not; nothing is sent.
    fn first_call(&self, log: Option<&Path>) -> Result<f64> {
        let tools = self.start(Era::Modern)?.tools()?;
        let tool = tools.first().and_then(|tool| tool.get("name")?.as_str());
        let tool = tool.context("a tool without a name")?;
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            let mut command = self.command();
            if let Some(log) = log {
                command.env(format!("{}_AUDIT", self.prefix), log);
            }
            let begin = Instant::now();
            let mut client = Client::start(&mut command, Era::Modern)?;
            let answer = client.call(tool, &json!({"no_such_argument": 1}))?;
            starts.push(client.heard().duration_since(begin).as_secs_f64());
            if answer.get("isError") != Some(&Value::Bool(true)) {
                return Err(format!("{tool} answered {answer}").into());
            }
        }
        Ok(median(starts))
    }

    /// The same with an audit log, which is there since the first of these starts.
    fn first_call_logged(&self) -> Result<f64> {
        let folder = std::env::temp_dir().join(format!("mcpwright-start-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let seconds = self.first_call(Some(&folder.join("audit.jsonl")));
        fs::remove_dir_all(&folder)?;
        seconds
    }

    fn idle(&self) -> Result<u64> {
        let mut client = self.start(Era::Modern)?;
        client.tools()?;
        thread::sleep(Duration::from_secs(1));
        process::resident(client.process_id())
    }
}

fn bytes(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / MEGABYTE
}
