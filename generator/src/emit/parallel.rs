//! The same work for many items, on all cores.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Nobody has so large a document that more are of use.
const MOST_THREADS: usize = 8;

/// What the first thread of a program has on Linux; others would have a quarter of it.
const STACK: usize = 8 * 1024 * 1024;

/// What `work` makes of each item, in the order of the items.
///
/// Even one thread more is of use: it takes its memory from an area of its own. Reading a large document leaves
/// millions of small gaps in that of the thread that read it, and each of them is far from the last in memory, so
/// to make tokens there takes two to three times the time (glibc hands out the gaps in the order in which they
/// came to be).
pub fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let made: Mutex<Vec<(usize, R)>> = Mutex::default();
    let take = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            let result = work(item);
            let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
            made.push((index, result));
        }
    };
    if items.len() > 1 {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        thread::scope(|scope| {
            for _ in 0..cores.min(MOST_THREADS).min(items.len()) {
                let thread = thread::Builder::new().stack_size(STACK);
                // Where no thread can be had, the work is done below.
                let _ = thread.spawn_scoped(scope, take);
            }
        });
    }
    take();
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.sort_unstable_by_key(|(index, _)| *index);
    made.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for count in [0, 1, 2, 1_000] {
            let items: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = items.iter().map(|item| item * 2).collect();
            // The first items take longest.
            let made = each(&items, |item| {
                std::thread::sleep(std::time::Duration::from_micros(50 / (*item as u64 + 1)));
                item * 2
            });
            assert_eq!(made, doubled);
        }
    }
}
