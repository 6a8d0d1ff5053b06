//! The generated server, killed at random moments of its writes: its audit log always verifies, and every
//! record that the CRM has was announced in the log before.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::crm::{self, Crm};
use crate::failure::{Context as _, Result};
use crate::process::Running;
use crate::random::Random;

/// Writes that are on their way when the process is killed.
const WRITES: usize = 8;
/// Latest kill after the start, in microseconds: the start and all writes take about half of it.
const LATEST: u64 = 60_000;
/// Latest kill after an answer, in microseconds: about as long as answers are apart.
const LATER: u64 = 4_000;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// A small file, so that processes are killed while files are put aside too.
const FILE_BYTES: &str = "65536";

/// Options.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How many processes are killed.
    #[arg(long, default_value_t = 500)]
    times: usize,
    /// Where the moments come from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Take the programs as they are.
    #[arg(long)]
    no_build: bool,
}

/// Runs it; whether everything held.
///
/// # Errors
/// When a program does not start, or what was found cannot be read.
pub fn run(options: &Options) -> Result<bool> {
    if !options.no_build {
        crm::build()?;
    }
    let folder = std::env::temp_dir().join(format!("mcpwright-kills-{}", std::process::id()));
    fs::create_dir_all(&folder).context("a folder for the log")?;
    let outcome = killed(options, &folder.join("audit.jsonl"));
    match &outcome {
        Ok(true) => fs::remove_dir_all(&folder).context("the folder of the log")?,
        _ => eprintln!("the log is kept in {}", folder.display()),
    }
    outcome
}

fn killed(options: &Options, log: &Path) -> Result<bool> {
    let crm = Crm::start(None)?;
    let mut random = Random::new(options.seed, "kills");
    for round in 0..options.times {
        round_of(&crm, log, round, &Moment::any(&mut random))?;
        let verified = Command::new(crm::program(crm::PACKAGE))
            .args(["audit", "verify", "--file"])
            .arg(log)
            .output()
            .context("audit verify")?;
        // Killed before the file was there.
        let is_there = log.exists();
        if is_there && !verified.status.success() {
            let said = String::from_utf8_lossy(&verified.stdout);
            println!("after kill {}: {said}", round + 1);
            return Ok(false);
        }
    }
    // What was on its way to the CRM arrives.
    thread::sleep(Duration::from_secs(1));
    let log = Log::read(log)?;
    let made = crm.leads("kill-")?;
    let mut faults = log.faults.clone();
    for (name, count) in &made {
        if *count != 1 {
            faults.push(format!("{name} was made {count} times"));
        }
        if !log.intents.contains_key(name) {
            faults.push(format!("{name} was made without an intent"));
        }
    }
    for (name, outcome) in &log.intents {
        let is_made = made.contains_key(name);
        match outcome.as_str() {
            "done" if !is_made => faults.push(format!("{name} is called done and was not made")),
            "not_sent" | "refused" if is_made => {
                faults.push(format!("{name} is called {outcome} and was made"));
            }
            _ => {}
        }
    }
    let count = |outcome: &str| log.intents.values().filter(|one| *one == outcome).count();
    println!(
        "{} kills: {} records in {} files, {} recovered; {} writes reached the CRM, {} intents: {} done, {} unknown",
        options.times,
        log.records,
        log.files,
        log.recovered,
        made.len(),
        log.intents.len(),
        count("done"),
        count(""),
    );
    for fault in &faults {
        println!("fault: {fault}");
    }
    // A run in which nothing was cut, or nothing was done, shows nothing.
    let telling = count("done") > options.times / 4 && count("") > options.times / 20;
    if !telling {
        println!("fault: too few writes were cut, or done, for this to show anything");
    }
    Ok(faults.is_empty() && telling)
}

/// When a process is killed.
struct Moment {
    /// Answers that are read before.
    answers: usize,
    /// Time after the last of these, or after the start.
    after: Duration,
}

impl Moment {
    /// Half of the moments are counted from the start, and the others from an answer: on a busy machine a process may
    /// not get to its first write in time.
    fn any(random: &mut Random) -> Self {
        let answers = match random.below(2) {
            0 => 0,
            _ => 1 + random.below(WRITES as u64),
        };
        let after = random.below(if answers == 0 { LATEST } else { LATER });
        Self {
            answers: usize::try_from(answers).unwrap_or(WRITES),
            after: Duration::from_micros(after),
        }
    }
}

/// One process, from its start to its end.
fn round_of(crm: &Crm, log: &Path, round: usize, moment: &Moment) -> Result<()> {
    let mut child = Command::new(crm::program(crm::PACKAGE))
        .envs(crm::variables(&crm.url, crm::KEY, "all"))
        .env(format!("{}_AUDIT", crm::PREFIX), log)
        .env(format!("{}_AUDIT_VALUES", crm::PREFIX), "1")
        .env(format!("{}_AUDIT_MAX_BYTES", crm::PREFIX), FILE_BYTES)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context(crm::PACKAGE)?;
    let output = child.stdout.take().context("no standard output")?;
    let mut input = child.stdin.take().context("no standard input")?;
    let mut process = Running(child);
    let lines: String = (0..WRITES)
        .map(|number| {
            let arguments = json!({"name": format!("kill-{round}-{number}")});
            let meta = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            });
            let params = json!({"name": "create_lead", "arguments": arguments, "_meta": meta});
            let message =
                json!({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params});
            format!("{message}\n")
        })
        .collect();
    input.write_all(lines.as_bytes())?;
    let (sender, lines) = channel();
    let reader = thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(|line| line.ok()) {
            let _ = sender.send(line);
        }
    });
    for _ in 0..moment.answers {
        let line = lines.recv_timeout(PATIENCE);
        line.context("an answer of the server")?;
    }
    thread::sleep(moment.after);
    // SIGKILL.
    process.0.kill()?;
    process.0.wait()?;
    reader.join().map_err(|_| "the reader ended early")?;
    Ok(())
}

/// Whether a file is the one beside the log with this ending, or its draft.
fn is_beside(file: &Path, end: &str) -> bool {
    let name = file.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| {
        name.ends_with(&format!(".{end}")) || name.contains(&format!(".{end}.new"))
    })
}

/// What the log says, read without the code that wrote it.
#[derive(Default)]
struct Log {
    files: usize,
    records: usize,
    recovered: usize,
    /// Names of leads, with what became of them; empty for nothing.
    intents: BTreeMap<String, String>,
    faults: Vec<String>,
}

impl Log {
    fn read(path: &Path) -> Result<Self> {
        let folder = path.parent().context("the log has a folder")?;
        let mut files: Vec<PathBuf> = fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<_>>()?;
        // Beside the log stand its lock and the digests of the tools.
        let is_log = |file: &PathBuf| !["lock", "tools"].iter().any(|end| is_beside(file, end));
        files.retain(|file| file != path && is_log(file));
        files.sort();
        files.push(path.to_owned());
        let mut log = Self {
            files: files.len(),
            ..Self::default()
        };
        let mut names: BTreeMap<u64, String> = BTreeMap::new();
        let mut prev = "0".repeat(64);
        for file in files {
            let text = fs::read(&file).context(file.display())?;
            for line in text.split_inclusive(|byte| *byte == b'\n') {
                let line = String::from_utf8_lossy(line);
                // What is left of a record is for `audit verify` to judge.
                let Some((body, hash)) = line.split_once(",\"hash\":\"") else {
                    continue;
                };
                let sum: String = Sha256::digest(body.as_bytes())
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                let Ok(record) = serde_json::from_str::<Value>(&line) else {
                    continue;
                };
                if hash.trim_end() != format!("{sum}\"}}") || text_of(&record, "prev") != prev {
                    log.faults.push(format!("the chain breaks at {record}"));
                }
                prev = sum;
                log.records += 1;
                log.follow(&record, &mut names);
            }
        }
        Ok(log)
    }

    fn follow(&mut self, record: &Value, names: &mut BTreeMap<u64, String>) {
        let number = |name: &str| record.get(name).and_then(Value::as_u64).unwrap_or_default();
        match text_of(record, "event") {
            "recovered" => self.recovered += 1,
            "intent" => {
                let arguments = record.get("arguments").unwrap_or(&Value::Null);
                let name = text_of(arguments, "name").to_owned();
                names.insert(number("seq"), name.clone());
                self.intents.insert(name, String::new());
            }
            "outcome" => {
                if let Some(name) = names.get(&number("of")) {
                    let outcome = text_of(record, "outcome").to_owned();
                    self.intents.insert(name.clone(), outcome);
                }
            }
            _ => {}
        }
    }
}

fn text_of<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
