//! Clients that send, or read, a byte now and then, or nothing at all, beside others that behave.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::harm;
use super::pace::{Callers, End, call, count, percentile};
use super::service::Service;
use crate::bench::{Figure, median};
use crate::failure::{Context as _, Result};
use crate::server::Server;

/// Those that behave.
const OTHERS: Callers = Callers {
    number: 8,
    rate: Some(40.0),
};
/// For how long they call, before and during.
const TIME: Duration = Duration::from_secs(8);
/// How often they call alone and then beside the slow ones. What else the machine does is the same to both of a round,
/// and of the rounds the middle one counts.
const ROUNDS: usize = 3;

/// Something that slow clients do until it is over; it gives how many of them were turned away.
type Harm = fn(&Server, &AtomicBool) -> Result<usize>;

/// What each kind of them does.
const KINDS: [(&str, Harm); 3] = [
    ("500 slow clients", harm::drip),
    ("five slow bodies of 4 MiB", harm::bodies),
    ("1,030 silent connections", harm::silence),
];

/// What the slow ones do to the others.
///
/// # Errors
/// When a program does not start, or the slow ones cannot connect.
pub fn measure() -> Result<Vec<Figure>> {
    let service = Service::start(Duration::from_millis(5), 0)?;
    let mut figures = Vec::new();
    for (name, harm) in KINDS {
        // What one kind leaves behind is nothing to the next.
        let server = Server::start(&service.url, &[])?;
        call(&server, OTHERS, Duration::from_secs(2))?;
        let (mut bases, mut p99s, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let (mut lost, mut turned_away) = (0, 0);
        for _ in 0..ROUNDS {
            let before = call(&server, OTHERS, TIME)?;
            let is_over = AtomicBool::new(false);
            let during = thread::scope(|scope| {
                let slow = scope.spawn(|| harm(&server, &is_over));
                let during = call(&server, OTHERS, TIME);
                is_over.store(true, Ordering::Relaxed);
                turned_away += slow.join().ok().context("the slow clients panicked")??;
                during
            })?;
            let of = |calls| percentile(calls, End::Done, 100);
            let (p99, base) = (of(&during), of(&before));
            lost += during.len() - count(&during, End::Done);
            ratios.push(p99 / base.max(0.1));
            p99s.push(p99);
            bases.push(base);
        }
        let (base, p99, ratio) = (median(bases), median(p99s), median(ratios));
        figures.extend([
            Figure::shown(format!("{name}: p99 of the others before"), base, "ms"),
            Figure::shown(format!("{name}: p99 beside them"), p99, "ms"),
            Figure::bounded(format!("{name}: p99 beside them / before"), ratio, "x", 2.0),
            Figure::bounded(
                format!("{name}: calls of others that failed"),
                lost as f64,
                "",
                0.0,
            ),
            Figure::shown(
                format!("{name}: connections that the server ended"),
                turned_away as f64,
                "",
            ),
        ]);
    }
    Ok(figures)
}
