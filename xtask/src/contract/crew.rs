//! Works through documents in parallel. A document that panics or does not come to an end is a
//! failure of its own and holds up nobody.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// Stack of the thread of a document: what the main thread of a program has.
const STACK: usize = 8 << 20;

/// What became of a document.
pub enum Outcome<T> {
    /// It was worked through.
    Done(T),
    /// The code panicked, with this message.
    Panicked(String),
    /// The time limit passed. Its thread is left to itself.
    Hung,
}

/// Does `work` with every document; the outcomes stand in the order of the documents.
pub fn each<T: Send + 'static>(
    documents: &[PathBuf],
    limit: Duration,
    work: impl Fn(&Path) -> T + Send + Sync + 'static,
) -> Vec<Outcome<T>> {
    let work = Arc::new(work);
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(document) = documents.get(index) else {
                        return;
                    };
                    let outcome = one(document.clone(), limit, Arc::clone(&work));
                    outcomes
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((index, outcome));
                }
            });
        }
    });
    let mut outcomes = outcomes
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    outcomes.sort_by_key(|(index, _)| *index);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

fn one<T: Send + 'static>(
    document: PathBuf,
    limit: Duration,
    work: Arc<impl Fn(&Path) -> T + Send + Sync + 'static>,
) -> Outcome<T> {
    let (sender, receiver) = mpsc::channel();
    let spawned = thread::Builder::new().stack_size(STACK).spawn(move || {
        let outcome = match catch_unwind(AssertUnwindSafe(|| work(&document))) {
            Ok(done) => Outcome::Done(done),
            Err(panic) => Outcome::Panicked(message(panic.as_ref())),
        };
        // Nobody listens any more after the time limit.
        let _ = sender.send(outcome);
    });
    match spawned {
        Ok(_) => receiver.recv_timeout(limit).unwrap_or(Outcome::Hung),
        Err(error) => Outcome::Panicked(error.to_string()),
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
