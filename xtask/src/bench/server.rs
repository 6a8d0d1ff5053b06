//! Generated servers as they are shipped: size, start, memory. One is that of a real document of middle size, the other
//! the example of this repository.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::Documents;
use super::figure::{Figure, least, median};
use crate::failure::Result;
use crate::mcp::{Client, Era};
use crate::workshop::{Made, Workshop};
use crate::{crm, paths, process};

/// Starts that are timed.
const STARTS: usize = 20;
const MEGABYTE: f64 = 1_000_000.0;

/// A server that is measured.
struct Subject {
    /// In figures.
    name: String,
    program: PathBuf,
    variables: Vec<(String, String)>,
    tools: usize,
}

pub fn measure(documents: &Documents) -> Result<Vec<Figure>> {
    let mut figures = example()?.figures()?;
    if let Some(document) = documents.medium() {
        let mut workshop = Workshop::new("bench-server", "release")?;
        let made = workshop.generate(&document)?;
        println!("server: building {} for release", made.package);
        workshop.prepare(&[])?;
        workshop.cargo(&["build", "-p", &made.package])?;
        figures.extend(generated(&workshop, &made).figures()?);
    }
    Ok(figures)
}

/// The example of this repository.
fn example() -> Result<Subject> {
    println!("server: building {} for release", crm::PACKAGE);
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--locked", "--release", "--package"]);
    process::run(cargo.arg(crm::PACKAGE).current_dir(paths::root()))?;
    let mut subject = Subject {
        name: "the example".to_owned(),
        program: paths::target().join("release").join(crm::PACKAGE),
        // Nothing listens there, and nothing is called.
        variables: crm::variables("http://127.0.0.1:9", crm::KEY, "all").to_vec(),
        tools: 0,
    };
    subject.tools = subject.start(Era::Modern)?.tools()?.len();
    Ok(subject)
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
                format!("server: {name}: idle memory (VmRSS)"),
                bytes(self.idle()?),
                "MB",
                15.0,
            ),
        ])
    }

    fn start(&self, era: Era) -> Result<Client> {
        let mut command = Command::new(&self.program);
        command.envs(self.variables.iter().cloned());
        Client::start(&mut command, era)
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
