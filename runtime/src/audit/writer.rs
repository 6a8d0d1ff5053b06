//! The thread that writes: what several calls have to say meanwhile goes to the disk at once, so that one
//! wait for the disk serves all who wait.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::disk::Disk;
use super::log::{Log, event};
use crate::clock::Clock;
use crate::json::{Object, json};

/// Records that are written at once.
const AT_ONCE: usize = 256;
/// Records that wait for a disk that takes none; of further ones only the number is kept.
const BACKLOG: usize = 10_000;
/// How long what nobody waits for may take to the disk.
const LATEST: Duration = Duration::from_secs(1);
/// How long a record that tells of no write waits for others to be written with it: to wake the thread for each takes
/// longer than to write one.
const GATHER: Duration = Duration::from_millis(5);

/// What the thread is told.
pub(super) enum Message {
    /// A record that nobody waits for.
    Note(Object),
    /// One that can wait for others.
    Later(Object),
    /// A record that has to be on the disk before its caller goes on.
    Durable(Object, Waiting),
    /// The end: everything is written, then the thread ends.
    Close(Object),
}

/// The way to the thread.
#[derive(Debug, Clone)]
pub(super) struct Line {
    sender: Sender<Message>,
    queued: Arc<AtomicUsize>,
    /// Whether the disk has kept somebody waiting for too long, and has not answered since.
    hangs: Arc<AtomicBool>,
    /// Whether the last attempt to write failed.
    fails: Arc<AtomicBool>,
    thread: Arc<OnceLock<Thread>>,
}

impl Line {
    pub(super) fn new(sender: Sender<Message>) -> Self {
        Self {
            sender,
            queued: Arc::default(),
            hangs: Arc::default(),
            fails: Arc::default(),
            thread: Arc::default(),
        }
    }

    /// Says that this thread is the one that writes.
    pub(super) fn is_read_here(&self) {
        let _ = self.thread.set(thread::current());
    }

    /// Whether the thread will see it.
    pub(super) fn send(&self, message: Message) -> bool {
        self.queued.fetch_add(1, Ordering::Relaxed);
        let can_wait = matches!(message, Message::Later(_));
        let is_sent = self.sender.send(message).is_ok();
        if !can_wait && let Some(thread) = self.thread.get() {
            thread.unpark();
        }
        is_sent
    }

    /// Says that the disk has not answered in time.
    pub(super) fn hang(&self) {
        self.hangs.store(true, Ordering::Release);
    }

    /// Whether it was said, and the disk has not answered since.
    pub(super) fn hangs(&self) -> bool {
        self.hangs.load(Ordering::Acquire)
    }

    /// Whether the log cannot be written now.
    pub(super) fn is_broken(&self) -> bool {
        self.hangs() || self.fails.load(Ordering::Acquire)
    }

    /// How many messages wait.
    pub(super) fn queued(&self) -> usize {
        self.queued.load(Ordering::Relaxed)
    }

    /// What the thread counts down and says: how many messages wait, and whether it cannot write.
    pub(super) fn told(&self) -> Told {
        Told {
            queued: Arc::clone(&self.queued),
            fails: Arc::clone(&self.fails),
        }
    }
}

/// What the thread says of itself. It has no way to itself, or else it would wait for what it could send.
pub(super) struct Told {
    queued: Arc<AtomicUsize>,
    fails: Arc<AtomicBool>,
}

/// Who waits for a record.
pub(super) struct Waiting {
    pub(super) answer: oneshot::Sender<Result<Receipt, String>>,
    pub(super) receipt: Receipt,
}

/// That a record is on the disk. Whoever gives up while it is written never takes it: then the log says
/// that nothing went out.
pub(super) struct Receipt {
    of: u64,
    back: Option<(Line, Clock)>,
}

impl Receipt {
    pub(super) const fn new(line: Line, clock: Clock) -> Self {
        Self {
            of: 0,
            back: Some((line, clock)),
        }
    }

    /// The record's number.
    pub(super) fn take(mut self) -> u64 {
        self.back = None;
        self.of
    }
}

impl Drop for Receipt {
    fn drop(&mut self) {
        let Some((line, clock)) = self.back.take() else {
            return;
        };
        // Whoever waited has left, and here is the answer.
        line.hangs.store(false, Ordering::Release);
        if self.of > 0 {
            let facts = json!({"of": self.of, "outcome": "not_sent"});
            line.send(Message::Note(event(clock, "outcome", facts)));
        }
    }
}

/// Takes messages until the end.
pub(super) struct Writer<D> {
    log: Log<D>,
    clock: Clock,
    told: Told,
    /// Records that are not written yet and that nobody waits for.
    backlog: VecDeque<Object>,
    /// How many were given up.
    missed: u64,
    /// Since when something written is not on the disk yet.
    dirty: Option<Instant>,
}

impl<D: Disk> Writer<D> {
    pub(super) fn new(log: Log<D>, clock: Clock, told: Told) -> Self {
        Self {
            log,
            clock,
            told,
            backlog: VecDeque::new(),
            missed: 0,
            dirty: None,
        }
    }

    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        loop {
            let first = if self.dirty.is_some() || !self.backlog.is_empty() {
                match messages.recv_timeout(LATEST.saturating_sub(self.waited())) {
                    Ok(message) => Some(message),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            } else {
                match messages.recv() {
                    Ok(message) => Some(message),
                    Err(_) => break,
                }
            };
            let Some(first) = first else {
                self.turn(Vec::new(), true);
                continue;
            };
            if matches!(first, Message::Later(_)) {
                // Until then, or until one comes that cannot wait.
                thread::park_timeout(GATHER);
            }
            let mut batch = vec![first];
            while batch.len() < AT_ONCE
                && let Ok(message) = messages.try_recv()
            {
                batch.push(message);
            }
            let queued = &self.told.queued;
            queued.fetch_sub(batch.len(), Ordering::Relaxed);
            let last = batch
                .iter()
                .any(|message| matches!(message, Message::Close(_)));
            self.turn(batch, last || self.waited() >= LATEST);
            if last {
                return;
            }
        }
        self.turn(Vec::new(), true);
    }

    /// How long something has waited for the disk.
    fn waited(&self) -> Duration {
        self.dirty.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Writes what waits and what came; with `sync` to the disk even if nobody waits for it.
    pub(super) fn turn(&mut self, batch: Vec<Message>, sync: bool) {
        let mut records: Vec<Object> = Vec::new();
        if self.missed > 0 {
            let missed = json!({"records": self.missed});
            records.push(event(self.clock, "missed", missed));
        }
        let counted = records.len();
        records.extend(self.backlog.drain(..));
        let mut waiting = Vec::new();
        for message in batch {
            match message {
                Message::Note(record) | Message::Later(record) | Message::Close(record) => {
                    records.push(record);
                }
                Message::Durable(record, one) => {
                    waiting.push((records.len(), one));
                    records.push(record);
                }
            }
        }
        let sync = sync || !waiting.is_empty();
        let outcome = if records.is_empty() {
            if self.dirty.is_some() {
                self.log.sync()
            } else {
                Ok(())
            }
            .map(|()| 0)
        } else {
            self.log.write(&records, sync)
        };
        match outcome {
            Ok(first) => {
                self.missed = 0;
                self.dirty = match sync {
                    true => None,
                    false => self.dirty.or_else(|| Some(Instant::now())),
                };
                if self.told.fails.swap(false, Ordering::AcqRel) {
                    tracing::warn!("the audit log can be written again");
                }
                for (
                    place,
                    Waiting {
                        answer,
                        mut receipt,
                    },
                ) in waiting
                {
                    receipt.of = first.saturating_add(place as u64);
                    let _ = answer.send(Ok(receipt));
                }
            }
            Err(error) => {
                self.failed(&error);
                let mut refused = waiting.iter().map(|(place, _)| *place).peekable();
                for (place, record) in records.into_iter().enumerate().skip(counted) {
                    if refused.next_if_eq(&place).is_some() {
                        continue;
                    }
                    if self.backlog.len() < BACKLOG {
                        self.backlog.push_back(record);
                    } else {
                        self.missed = self.missed.saturating_add(1);
                    }
                }
                for (_, Waiting { answer, .. }) in waiting {
                    let _ = answer.send(Err(error.to_string()));
                }
            }
        }
    }

    fn failed(&mut self, error: &io::Error) {
        // What nobody waits for is tried again by and by.
        self.dirty = None;
        // It is said once.
        if !self.told.fails.swap(true, Ordering::AcqRel) {
            tracing::error!(%error, "the audit log cannot be written: writes are refused, reads go on");
        }
    }
}
