//! A disk that neither takes anything nor fails, as one over a network does.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::disk::{Disk, FileDisk};
use super::log::Log;
use super::{Audit, Subject};
use crate::clock::Clock;
use crate::guard::Caller;
use crate::json::Object;
use crate::operation::Risk;
use crate::turn::{Places, Turn};

const PATIENCE: Duration = Duration::from_millis(200);

/// Whether it hangs, and how often it was waited for.
#[derive(Debug, Clone, Default)]
struct Switch(Arc<(Mutex<bool>, Condvar, AtomicUsize)>);

impl Switch {
    fn set(&self, hangs: bool) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = hangs;
        self.0.1.notify_all();
    }

    fn syncs(&self) -> usize {
        self.0.2.load(Ordering::Relaxed)
    }

    fn wait(&self) {
        self.0.2.fetch_add(1, Ordering::Relaxed);
        let hangs = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ended = self.0.1.wait_while(hangs, |hangs| *hangs);
    }
}

struct Hanging {
    disk: FileDisk,
    switch: Switch,
}

impl Disk for Hanging {
    fn open(&mut self) -> io::Result<u64> {
        self.disk.open()
    }
    fn tail(&mut self, most: u64) -> io::Result<Vec<u8>> {
        self.disk.tail(most)
    }
    fn tail_aside(&mut self, most: u64) -> io::Result<Option<Vec<u8>>> {
        self.disk.tail_aside(most)
    }
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.disk.append(bytes)
    }
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.disk.cut(length)
    }
    fn sync(&mut self) -> io::Result<()> {
        self.switch.wait();
        Ok(())
    }
    fn put_aside(&mut self) -> io::Result<String> {
        self.disk.put_aside()
    }
}

/// Whether a write, or a read, may go on, and how long that took.
async fn ask(audit: &Audit, risk: Risk) -> (Result<(), String>, Duration) {
    let begin = Instant::now();
    let (schema, arguments) = (Object::new(), Object::new());
    let intent = audit.intent(Subject {
        tool: "poke",
        risk,
        schema: &schema,
        arguments: &arguments,
        request: None,
        key: None,
    });
    let outcome = match intent.await {
        Ok(intent) => {
            intent.done();
            Ok(())
        }
        Err(result) => Err(result.to_text()),
    };
    (outcome, begin.elapsed())
}

/// A log on a disk that hangs when it is told to, in a folder of its own.
fn opened(name: &str) -> io::Result<(PathBuf, Switch, Audit)> {
    let folder: PathBuf =
        std::env::temp_dir().join(format!("mcpwright-hanging-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("audit.jsonl");
    let tools = super::tools::beside(&path);
    let switch = Switch::default();
    let disk = Hanging {
        disk: FileDisk::new(path.clone()),
        switch: switch.clone(),
    };
    let log = Log::open(disk, Clock::SYSTEM, 1 << 20)?;
    let lock = File::create(folder.join("lock"))?;
    let audit = Audit::over(log, Clock::SYSTEM, (false, PATIENCE), (path, lock, tools))?;
    Ok((folder, switch, audit))
}

#[tokio::test]
async fn while_a_disk_hangs_writes_are_refused_soon_and_reads_go_on() -> io::Result<()> {
    let (folder, switch, audit) = opened("alone")?;
    let path = folder.join("audit.jsonl");
    assert_eq!(ask(&audit, Risk::Write).await.0, Ok(()));
    switch.set(true);
    let (first, took) = ask(&audit, Risk::Write).await;
    let first = first.err().unwrap_or_default();
    assert!(
        first.starts_with("Nothing was sent") && first.contains("has not answered"),
        "{first}"
    );
    assert!(took >= PATIENCE && took < PATIENCE * 10, "{took:?}");
    // The others need not wait to know.
    let (second, took) = ask(&audit, Risk::Write).await;
    assert!(second.is_err() && took < PATIENCE / 2, "{took:?}");
    assert_eq!(ask(&audit, Risk::Read).await.0, Ok(()));
    switch.set(false);
    let begin = Instant::now();
    while ask(&audit, Risk::Write).await.0.is_err() {
        assert!(
            begin.elapsed() < Duration::from_secs(10),
            "it takes writes again"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    audit.close();
    // What was refused meanwhile and is there all the same was not sent, and the log says so.
    let text = std::fs::read_to_string(&path)?;
    assert_eq!(text.matches("\"intent\"").count(), 3, "{text}");
    assert_eq!(text.matches("\"not_sent\"").count(), 1, "{text}");
    std::fs::remove_dir_all(&folder)
}

#[tokio::test]
async fn a_disk_that_is_back_before_a_call_has_its_place_again_takes_writes() -> io::Result<()> {
    let (folder, switch, audit) = opened("busy")?;
    let places = Places::new(1);
    let (own, other): (Arc<str>, Arc<str>) = (Arc::from("own"), Arc::from("other"));
    let Ok(place) = places.at_once(&own) else {
        unreachable!("the one place is free");
    };
    switch.set(true);
    let turn = Turn::new(own, &places, place);
    let write = turn.take(ask(&audit, Risk::Write));
    let disk = async {
        // The write waits, and somebody else has its place by now.
        let taken = loop {
            match places.at_once(&other) {
                Ok(taken) => break taken,
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        };
        tokio::time::sleep(PATIENCE * 2).await;
        switch.set(false);
        tokio::time::sleep(PATIENCE).await;
        drop(taken);
    };
    let (first, ()) = tokio::join!(write, disk);
    assert!(first.0.is_err());
    assert_eq!(ask(&audit, Risk::Write).await.0, Ok(()));
    audit.close();
    std::fs::remove_dir_all(&folder)
}

#[test]
fn records_reach_the_disk_within_a_second_also_while_others_keep_coming() -> io::Result<()> {
    let (folder, switch, audit) = opened("steady")?;
    let before = switch.syncs();
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_millis(2_500) {
        audit.turned_away("poke", &Caller::silent(), "no such tool");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(switch.syncs() > before);
    audit.close();
    std::fs::remove_dir_all(folder)
}
