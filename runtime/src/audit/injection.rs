//! Every step of the log fails once, at every place; and the process is killed at every place. What was
//! acknowledged is there afterwards, and the chain holds.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::oneshot;

use super::disk::{Disk, FileDisk};
use super::log::{Log, event};
use super::reader::{Report, read};
use super::writer::{Line, Message, Receipt, Waiting, Writer};
use crate::clock::Clock;
use crate::json::{Object, json};

/// A folder that goes with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("mcpwright-audit-{}-{name}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap_or_default();
        Self(path)
    }

    fn log(&self) -> PathBuf {
        self.0.join("audit.jsonl")
    }

    fn report(&self) -> Report {
        let reports = read(&self.log(), "", 0);
        let mut reports = reports.unwrap_or_default();
        assert!(reports.len() <= 1, "one log");
        reports.pop().unwrap_or_default()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What goes wrong at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It fails once, after half of what it does.
    Once,
    /// It and every later one fails, until the disk is mended.
    FromThen,
    /// As the first one, and nothing can be cut either.
    OnceAndNoCut,
}

/// A real file whose steps are counted, and one of which fails.
struct Faulty {
    disk: FileDisk,
    steps: Arc<AtomicU64>,
    at: Arc<AtomicU64>,
    fault: Fault,
}

impl Faulty {
    fn step(&self) -> io::Result<()> {
        let step = self.steps.fetch_add(1, Ordering::Relaxed);
        let at = self.at.load(Ordering::Relaxed);
        if step == at || (self.fault == Fault::FromThen && step > at) {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        Ok(())
    }
}

impl Disk for Faulty {
    fn open(&mut self) -> io::Result<u64> {
        self.step()?;
        self.disk.open()
    }

    fn tail(&mut self, most: u64) -> io::Result<Vec<u8>> {
        self.step()?;
        self.disk.tail(most)
    }

    fn tail_aside(&mut self, most: u64) -> io::Result<Option<Vec<u8>>> {
        self.step()?;
        self.disk.tail_aside(most)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.step() {
            self.disk
                .append(bytes.get(..bytes.len() / 2).unwrap_or_default())?;
            return Err(error);
        }
        self.disk.append(bytes)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        if self.fault == Fault::OnceAndNoCut {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied));
        }
        // A full disk gives back what it has.
        if self.fault == Fault::Once {
            self.step()?;
        }
        self.disk.cut(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        // Nothing here loses its power, and waiting takes half a minute.
        self.step()
    }

    fn put_aside(&mut self) -> io::Result<String> {
        self.step()?;
        // Half of it: the file has its new name, and nobody knows.
        let name = self.disk.put_aside()?;
        self.step()?;
        Ok(name)
    }
}

fn intent(number: usize) -> Object {
    event(
        Clock::SYSTEM,
        "intent",
        json!({"n": number, "tool": "create_lead"}),
    )
}

/// Small enough that a few records fill a file.
const MOST: u64 = 900;
const WRITES: usize = 12;

/// Writes records through a disk with a fault; gives the numbers of those that were acknowledged.
fn play(folder: &Folder, at: u64, fault: Fault) -> (Vec<u64>, u64) {
    let steps = Arc::new(AtomicU64::new(0));
    let mut acknowledged = Vec::new();
    let mut log: Option<Log<Faulty>> = None;
    for number in 0..WRITES {
        if log.is_none() {
            let disk = Faulty {
                disk: FileDisk::new(folder.log()),
                steps: Arc::clone(&steps),
                at: Arc::new(AtomicU64::new(at)),
                fault,
            };
            log = Log::open(disk, Clock::SYSTEM, MOST).ok();
        }
        if let Some(log) = &mut log
            && let Ok(seq) = log.write(&[intent(number), intent(number)], true)
        {
            acknowledged.extend([seq, seq + 1]);
        }
    }
    (acknowledged, steps.load(Ordering::Relaxed))
}

/// That a log is whole and has these intents.
fn is_whole(folder: &Folder, acknowledged: &[u64], context: &str) {
    let report = folder.report();
    assert_eq!(report.faults, Vec::<String>::new(), "{context}");
    let known: Vec<u64> = report.unknown.iter().map(|open| open.seq).collect();
    for seq in acknowledged {
        assert!(known.contains(seq), "{context}: {seq} in {known:?}");
    }
}

#[test]
fn whatever_step_fails_what_was_acknowledged_is_there_and_the_chain_holds() {
    let folder = Folder::new("count");
    let (all, steps) = play(&folder, u64::MAX, Fault::Once);
    assert_eq!(all.len(), 2 * WRITES);
    assert!(folder.report().files > 3, "files are put aside");
    assert!(steps > 50, "{steps}");
    for fault in [Fault::Once, Fault::FromThen, Fault::OnceAndNoCut] {
        for at in 0..steps {
            let context = format!("{fault:?} at {at}");
            let folder = Folder::new("fault");
            let (acknowledged, _) = play(&folder, at, fault);
            if fault != Fault::FromThen {
                // One fault refuses the writes of one moment.
                assert!(acknowledged.len() >= 2 * WRITES - 4, "{context}");
            }
            is_whole(&folder, &acknowledged, &context);
            // The next process goes on, whatever this one left.
            let log = Log::open(FileDisk::new(folder.log()), Clock::SYSTEM, MOST);
            let mut log = log.unwrap_or_else(|error| panic!("{context}: {error}"));
            let seq = log.write(&[intent(0)], true).unwrap_or_default();
            let with_last: Vec<u64> = acknowledged.iter().copied().chain([seq]).collect();
            is_whole(&folder, &with_last, &context);
            assert_eq!(
                folder
                    .report()
                    .notes
                    .iter()
                    .filter(|note| note.contains("not whole"))
                    .count(),
                0
            );
        }
    }
}

#[test]
fn a_file_that_was_cut_anywhere_is_gone_on_with_and_says_so() {
    let folder = Folder::new("whole");
    let mut log = open(&folder.log());
    for number in 0..3 {
        assert!(log.write(&[intent(number)], true).is_ok());
    }
    let whole = fs::read(folder.log()).unwrap_or_default();
    for length in 0..whole.len() {
        if length % 7 > 1 && length + 120 < whole.len() {
            // Everywhere at the end, and here and there before it.
            continue;
        }
        let torn = Folder::new("torn");
        let bytes = whole.get(..length).unwrap_or_default();
        assert!(fs::write(torn.log(), bytes).is_ok());
        // As it is, and after the next start.
        is_whole(&torn, &[], &length.to_string());
        let mut log = open(&torn.log());
        let seq = log.write(&[intent(9)], true).unwrap_or_default();
        is_whole(&torn, &[seq], &length.to_string());
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        let is_end = bytes.last().is_none_or(|last| *last == b'\n');
        let is_only_unended = whole.get(length) == Some(&b'\n');
        let said = u64::from(!is_end && !is_only_unended);
        let whole_records = lines + u64::from(is_only_unended);
        assert_eq!(seq, whole_records + said + 1, "{length}");
        assert_eq!(torn.report().notes.len() as u64, said, "{length}");
    }
}

fn open(path: &Path) -> Log<FileDisk> {
    Log::open(FileDisk::new(path.to_owned()), Clock::SYSTEM, 1 << 20)
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_file_that_is_no_log_is_left_alone() {
    for text in ["hello\n", "{\"a\":1}\n{\"b\":2}\n", "secret"] {
        let folder = Folder::new("foreign");
        assert!(fs::write(folder.log(), text).is_ok());
        let refused = Log::open(FileDisk::new(folder.log()), Clock::SYSTEM, 1 << 20).err();
        let refused = refused.map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.contains("move it away"), "{text:?}: {refused}");
        assert_eq!(fs::read_to_string(folder.log()).unwrap_or_default(), text);
    }
}

#[test]
fn whatever_is_changed_put_in_left_out_or_moved_is_found() {
    let folder = Folder::new("tamper");
    let mut log = open(&folder.log());
    for number in 0..6 {
        assert!(log.write(&[intent(number)], true).is_ok());
    }
    let text = fs::read_to_string(folder.log()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let report = |lines: &[&str]| {
        let _ = fs::write(folder.log(), format!("{}\n", lines.join("\n")));
        folder.report().faults
    };
    assert_eq!(report(&lines), Vec::<String>::new());
    for place in 0..lines.len() {
        let line = lines.get(place).copied().unwrap_or_default();
        let changed = line.replace("create_lead", "create_cake");
        let mut with = lines.clone();
        with.splice(place..=place, [changed.as_str()]);
        assert_ne!(report(&with), Vec::<String>::new(), "{place} changed");
        let mut with = lines.clone();
        with.insert(place, "{\"seq\":9}");
        assert_ne!(report(&with), Vec::<String>::new(), "{place} put in");
        if place > 0 {
            let mut with = lines.clone();
            with.swap(place - 1, place);
            assert_ne!(report(&with), Vec::<String>::new(), "{place} moved");
        }
        // Nobody can see what is missing at the end, but who noted the last hash.
        if place > 0 && place + 1 < lines.len() {
            let mut with = lines.clone();
            with.remove(place);
            assert_ne!(report(&with), Vec::<String>::new(), "{place} left out");
        }
    }
    let hash = folder
        .report()
        .head
        .map(|(_, hash)| hash)
        .unwrap_or_default();
    let _ = fs::write(folder.log(), format!("{}\n", lines.join("\n")));
    let whole = folder
        .report()
        .head
        .map(|(_, hash)| hash)
        .unwrap_or_default();
    assert_ne!(hash, whole);
    let has = |asked: &str| {
        let reports = read(&folder.log(), asked, 0).unwrap_or_default();
        reports.iter().any(|report| report.has_asked)
    };
    assert!(has(&whole));
    let _ = fs::write(
        folder.log(),
        lines.get(..4).unwrap_or_default().join("\n") + "\n",
    );
    assert!(!has(&whole), "the end is missing");
}

#[test]
fn while_the_disk_takes_nothing_writes_are_refused_and_the_rest_is_written_later() {
    let folder = Folder::new("writer");
    let at = Arc::new(AtomicU64::new(u64::MAX));
    let disk = Faulty {
        disk: FileDisk::new(folder.log()),
        steps: Arc::default(),
        at: Arc::clone(&at),
        fault: Fault::FromThen,
    };
    let log = Log::open(disk, Clock::SYSTEM, 1 << 30).unwrap_or_else(|error| panic!("{error}"));
    let (sender, receiver) = std::sync::mpsc::channel();
    let line = Line::new(sender);
    let mut writer = Writer::new(log, Clock::SYSTEM, line.told());
    let durable = |number| {
        let (answer, answered) = oneshot::channel();
        let receipt = Receipt::new(line.clone(), Clock::SYSTEM);
        (
            Message::Durable(intent(number), Waiting { answer, receipt }),
            answered,
        )
    };
    let note = || Message::Note(event(Clock::SYSTEM, "call", json!({"tool": "get_lead"})));
    at.store(0, Ordering::Relaxed);
    for number in 0..3 {
        let (message, mut answered) = durable(number);
        writer.turn(vec![note(), message, note()], false);
        let refused = answered.try_recv().ok().and_then(Result::err);
        assert!(refused.is_some_and(|why| !why.is_empty()), "{number}");
    }
    assert_eq!(folder.report().records, 0);
    // 10,000 of them wait; of the others the number is known.
    writer.turn((0..10_100).map(|_| note()).collect(), false);
    at.store(u64::MAX, Ordering::Relaxed);
    let (message, mut answered) = durable(7);
    writer.turn(vec![message], false);
    let receipt = answered.try_recv().ok().and_then(Result::ok);
    // What happened, how many are missing, those that waited, and the write.
    assert_eq!(receipt.map(Receipt::take), Some(1 + 1 + 10_000 + 1));
    let report = folder.report();
    assert_eq!((report.records, report.faults), (10_003, Vec::new()));
    let first = read(&folder.log(), "", 10_003).unwrap_or_default().pop();
    let first: Vec<Object> = first.into_iter().flat_map(|report| report.last).collect();
    let member = |place: usize, name: &str| {
        first
            .get(place)
            .and_then(|record: &Object| record.get(name).cloned())
    };
    assert_eq!(member(0, "event"), Some(json!("recovered")));
    assert_eq!(member(1, "records"), Some(json!(106)));
    // Whoever gives up while it is written has sent nothing, and the log says so.
    let (message, answered) = durable(8);
    drop(answered);
    writer.turn(vec![message], false);
    let said: Vec<Object> = receiver
        .try_iter()
        .filter_map(|message| match message {
            Message::Note(record) | Message::Later(record) => Some(record),
            _ => None,
        })
        .collect();
    let of: Vec<_> = said.iter().map(|record| record.get("of")).collect();
    assert_eq!(of, [Some(&json!(10_004))]);
}
