//! Who did what: an append-only log in JSON lines, each of which holds the one before by its hash. Before
//! a write goes out, its intent is on the disk; what became of it follows. ADR 0041.
//!
//! | file | subject |
//! |---|---|
//! | `chain.rs` | records and their hashes |
//! | `disk.rs` | the file, behind a trait |
//! | `log.rs` | records behind each other, whole or not at all |
//! | `writer.rs` | the thread that writes, for several calls at once |
//! | `lock.rs` | one process for a file |
//! | `trail.rs` | what a call leaves |
//! | `away.rs` | requests that were not let in, counted |
//! | `shown.rs` | what is said of arguments |
//! | `tools.rs` | whether a server has other tools than at its last start |
//! | `reader.rs` | logs that are read: verified, and searched for writes whose outcome nobody knows |
//! | `recent.rs` | the newest records, read from the end |
//! | `csv.rs` | records for spreadsheets |

#[cfg(feature = "http")]
mod away;
mod chain;
#[cfg(feature = "http")]
mod csv;
mod disk;
#[cfg(test)]
mod hanging;
#[cfg(test)]
mod injection;
mod lock;
mod log;
mod reader;
#[cfg(feature = "http")]
mod recent;
mod shown;
mod tools;
mod trail;
mod writer;

use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom as _, SystemRandom};
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::json::{Value, json};
use crate::operation::Api;
use crate::turn;
use crate::upstream::ConfigError;

pub(crate) use chain::{hexadecimal, sha256};
#[cfg(feature = "http")]
pub(crate) use csv::csv;
pub(crate) use disk::sync_folder;
#[cfg(feature = "http")]
pub(crate) use lock::beside as lock_beside;
#[cfg(feature = "connect")]
pub(crate) use lock::of_folder as lock_folder;
pub(crate) use reader::{Open as OpenWrite, Report, read as read_log};
#[cfg(feature = "http")]
pub(crate) use recent::{Filter, Place, Recent, recent, size};
pub(crate) use shown::shown;
pub(crate) use tools::Tools;
pub(crate) use trail::{Subject, decided};

#[cfg(feature = "http")]
use away::Away;
use disk::{Disk, FileDisk};
use log::{Log, event};
use tools::Comparing;
use writer::{Line, Message, Receipt, Waiting, Writer};

/// Size from which a new file is begun.
const MOST: u64 = 64 << 20;
/// The least that an operator may set.
const LEAST: u64 = 64 << 10;
/// Records that nobody waits for and that wait to be written; of further ones only the number is kept.
const QUEUE: usize = 10_000;
/// How long a write waits for the disk.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it keeps its place among the calls that are worked on.
const MOMENT: Duration = Duration::from_millis(100);
/// How long the last records may take at the end of the process.
const LAST: Duration = Duration::from_secs(2);

/// What the operator configures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// `<PREFIX>_AUDIT`: the file.
    pub(crate) path: PathBuf,
    /// `<PREFIX>_AUDIT_VALUES`: whether values of arguments are written, but for secrets.
    values: bool,
    /// `<PREFIX>_AUDIT_MAX_BYTES`: size from which a new file is begun.
    most: u64,
}

impl Settings {
    /// Reads the environment; none if no log is wanted.
    ///
    /// # Errors
    /// One line that names the variable.
    pub(crate) fn read(
        prefix: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, ConfigError> {
        let get = |suffix: &str| {
            let value = variable(&format!("{prefix}_AUDIT{suffix}"));
            value.filter(|value| !value.trim().is_empty())
        };
        let Some(path) = get("").map(PathBuf::from) else {
            return Ok(None);
        };
        if path.file_name().is_none() || path.is_dir() {
            return Err(ConfigError(format!(
                "{prefix}_AUDIT names a folder; name a file in it such as audit.jsonl"
            )));
        }
        let most = match get("_MAX_BYTES").map(|text| text.trim().parse::<u64>()) {
            None => MOST,
            Some(Ok(most)) if most >= LEAST => most,
            Some(_) => {
                return Err(ConfigError(format!(
                    "{prefix}_AUDIT_MAX_BYTES must be a whole number of bytes, at least {LEAST}"
                )));
            }
        };
        Ok(Some(Self {
            path,
            values: matches!(get("_VALUES").as_deref(), Some("1" | "true")),
            most,
        }))
    }
}

/// The log of a server, or none. Clones are the same log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Audit(Option<Arc<Shared>>);

/// What all calls share.
struct Shared {
    /// The file.
    #[cfg(feature = "http")]
    path: PathBuf,
    line: Line,
    missed: AtomicU64,
    clock: Clock,
    values: bool,
    /// How long a write waits for the disk.
    patience: Duration,
    /// The next number that ids are made of.
    ids: AtomicU64,
    #[cfg(feature = "http")]
    away: Away,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Where it stands which tools the last start had.
    tools: PathBuf,
    /// Whether this start has others.
    has_other_tools: AtomicBool,
    /// Whether that is still to be found out.
    comparing: Mutex<Option<Comparing>>,
    /// Held until the end.
    _lock: File,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

impl Audit {
    /// Opens the log that the operator wants, or none.
    ///
    /// # Errors
    /// One line when it cannot be written.
    pub(crate) fn open(
        api: &Api,
        settings: Option<Settings>,
        clock: Clock,
    ) -> Result<Self, ConfigError> {
        let Some(settings) = settings else {
            return Ok(Self::default());
        };
        let name = format!("{}_AUDIT", api.env_prefix);
        let wrong = |path: &PathBuf, error: std::io::Error| {
            ConfigError(format!(
                "{name}: the audit log {} cannot be written: {error}",
                path.display()
            ))
        };
        let (path, lock) =
            lock::take(&settings.path).map_err(|error| wrong(&settings.path, error))?;
        let mut log = Log::open(FileDisk::new(path.clone()), clock, settings.most)
            .map_err(|error| wrong(&path, error))?;
        log.write(&[event(clock, "begin", facts(api))], true)
            .map_err(|error| wrong(&path, error))?;
        let tools = tools::beside(&settings.path);
        let places = (path.clone(), lock, tools);
        Self::over(log, clock, (settings.values, PATIENCE), places)
            .map_err(|error| wrong(&path, error))
    }

    /// A log that is written by a thread of its own.
    fn over<D: Disk + 'static>(
        log: Log<D>,
        clock: Clock,
        (values, patience): (bool, Duration),
        (path, lock, tools): (PathBuf, File, PathBuf),
    ) -> std::io::Result<Self> {
        let mut beginning = [0; 8];
        let _ = SystemRandom::new().fill(&mut beginning);
        let (sender, receiver) = channel();
        let line = Line::new(sender);
        let of_thread = line.clone();
        let thread = std::thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || {
                of_thread.is_read_here();
                let told = of_thread.told();
                // Or else the thread would wait for what it could send itself.
                drop(of_thread);
                Writer::new(log, clock, told).run(&receiver);
            })?;
        #[cfg(not(feature = "http"))]
        drop(path);
        Ok(Self(Some(Arc::new(Shared {
            #[cfg(feature = "http")]
            path,
            line,
            missed: AtomicU64::new(0),
            clock,
            values,
            patience,
            ids: AtomicU64::new(u64::from_be_bytes(beginning)),
            #[cfg(feature = "http")]
            away: Away::default(),
            thread: Mutex::new(Some(thread)),
            tools,
            has_other_tools: AtomicBool::new(false),
            comparing: Mutex::new(None),
            _lock: lock,
        }))))
    }

    /// The file that this process writes.
    #[cfg(feature = "http")]
    pub(crate) fn path(&self) -> Option<&std::path::Path> {
        self.0.as_ref().map(|shared| shared.path.as_path())
    }

    /// Whether there is a log, and it cannot be written now: writes are refused then.
    #[cfg(feature = "http")]
    pub(crate) fn is_broken(&self) -> bool {
        self.0
            .as_ref()
            .is_some_and(|shared| shared.line.is_broken())
    }

    /// Whether there is a log.
    #[cfg(feature = "http")]
    pub(crate) const fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    /// Whether values of arguments are shown, but for secrets.
    pub(crate) fn shows_values(&self) -> bool {
        self.0.as_ref().is_some_and(|shared| shared.values)
    }

    /// Records that an operator changed who may call.
    #[cfg(feature = "http")]
    pub(crate) fn keys_changed(&self, facts: Value) {
        if let Some(shared) = &self.0 {
            shared.note("key", facts);
        }
    }

    /// Writes what waits, and that the server ended; nothing is recorded afterwards.
    pub(crate) fn close(&self) {
        let Some(shared) = &self.0 else { return };
        shared.end_comparing();
        shared.end();
        let mut thread = shared.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(thread) = thread.take() else { return };
        ended_within(LAST, thread);
    }
}

/// Waits for a thread, but not for ever: a disk that hangs must not keep the process.
fn ended_within(limit: Duration, thread: JoinHandle<()>) {
    let begin = Instant::now();
    while !thread.is_finished() && begin.elapsed() < limit {
        std::thread::sleep(Duration::from_millis(2));
    }
    if thread.is_finished() {
        let _ = thread.join();
    }
}

impl Shared {
    /// Something that tells a call from all others: of this process, since no number of the row comes twice, and of
    /// other ones, since the row begins anywhere. It is no secret, and need not cost a system call.
    fn id(&self) -> String {
        let next = self.ids.fetch_add(STEP, Ordering::Relaxed);
        hexadecimal(&mixed(next).to_be_bytes())
    }

    /// A record that nobody waits for.
    fn note(&self, name: &str, facts: Value) {
        if self.line.queued() >= QUEUE {
            self.missed.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let missed = self.missed.swap(0, Ordering::Relaxed);
        if missed > 0 {
            let facts = json!({"records": missed});
            let record = event(self.clock, "missed", facts);
            self.line.send(Message::Note(record));
        }
        let record = event(self.clock, name, facts);
        // What tells of a write is wanted even if the process is killed in a moment.
        self.line.send(match name {
            "call" => Message::Later(record),
            _ => Message::Note(record),
        });
    }

    /// A record of requests that were not let in.
    #[cfg(feature = "http")]
    fn note_away(&self, ((principal, why), times): ((String, String), u64)) {
        let mut facts = json!({
            "call": self.id(),
            "principal": principal,
            "tool": "",
            "decision": "denied",
            "result": why,
        });
        if let Value::Object(facts) = &mut facts
            && times > 1
        {
            facts.insert("times".to_owned(), Value::from(times));
        }
        self.note("call", facts);
    }

    fn end(&self) {
        #[cfg(feature = "http")]
        for counted in self.away.rest() {
            self.note_away(counted);
        }
        let end = event(self.clock, "end", json!({}));
        self.line.send(Message::Close(end));
    }

    /// A record that is on the disk when this returns; its number.
    async fn durable(&self, name: &str, facts: Value) -> Result<u64, String> {
        // Who waits for a disk that hangs keeps others out meanwhile.
        let hangs = || {
            format!(
                "its disk has not answered for {} s",
                self.patience.as_secs()
            )
        };
        if self.line.hangs() {
            return Err(hangs());
        }
        let (answer, answered) = oneshot::channel();
        let record = event(self.clock, name, facts);
        let closed = || "it is closed".to_owned();
        let receipt = Receipt::new(self.line.clone(), self.clock);
        let waiting = Waiting { answer, receipt };
        if !self.line.send(Message::Durable(record, waiting)) {
            return Err(closed());
        }
        let waited = async {
            let mut answered = answered;
            let waited = tokio::time::timeout(self.patience, &mut answered).await;
            // While the receipt can still come: it is dropped after this, and says that the disk is back. Whoever
            // waits for a place from here on may wait for longer than the disk hangs.
            if waited.is_err() {
                self.line.hang();
            }
            waited
        };
        let Ok(answered) = turn::idle_after(MOMENT, waited).await else {
            return Err(hangs());
        };
        let receipt = answered.unwrap_or_else(|_| Err(closed()))?;
        Ok(receipt.take())
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.end();
    }
}

/// Between the numbers that ids are made of; odd, so that all come before one comes again.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Another number for each number, and no likeness between those of neighbours (`SplitMix64`, Steele et al. 2014).
const fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Digest of what the tools of a server say of themselves: a change of them is seen here.
pub(crate) fn tools_sha256(api: &Api) -> String {
    let mut tools = Vec::new();
    for operation in api.operations {
        for text in [
            operation.tool,
            operation.description,
            operation.input_schema,
            operation.output_schema,
        ] {
            tools.extend_from_slice(text.as_bytes());
            tools.push(0);
        }
    }
    sha256(&tools)
}

/// What the log says of the server.
fn facts(api: &Api) -> Value {
    json!({
        "server": api.name,
        "version": api.version,
        "runtime": env!("CARGO_PKG_VERSION"),
        "document_sha256": api.document_sha256,
        "tools": api.operations.len(),
        "tools_sha256": tools_sha256(api),
        "process": std::process::id(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn numbers_of_calls_are_all_others_and_have_no_likeness() {
        let numbers = (0..100_000_u64).map(|n| mixed(n.wrapping_mul(STEP).wrapping_add(7)));
        let numbers: Vec<u64> = numbers.collect();
        let different: HashSet<u64> = numbers.iter().copied().collect();
        assert_eq!(different.len(), numbers.len());
        let pairs = numbers.iter().zip(numbers.iter().skip(1));
        let bits: u32 = pairs.map(|(one, next)| (one ^ next).count_ones()).sum();
        // Of 64 bits half are others.
        let mean = f64::from(bits) / 99_999.0;
        assert!((31.0..33.0).contains(&mean), "{mean}");
    }
}
