//! Five times as many calls as can be worked on.

use std::time::Duration;

use super::pace::{Call, Callers, End, call, count, percentile};
use super::service::Service;
use crate::bench::Figure;
use crate::failure::Result;
use crate::server::Server;

/// What each request takes at the service: with 64 calls at a time, 160 are done in a second, so that the places
/// are what is short and not this machine.
const LATENCY: Duration = Duration::from_millis(400);
/// Calls that are worked on at a time.
const PLACES: usize = 64;

/// Offers five times of what is done, for a time.
///
/// # Errors
/// When a program does not start.
pub fn measure(seconds: u64) -> Result<Vec<Figure>> {
    let service = Service::start(LATENCY, 0)?;
    let variables = [("RATE", "100000/s"), ("RATE_BURST", "100000")];
    let server = Server::start(&service.url, &variables)?;
    let full = Callers {
        number: PLACES,
        rate: None,
    };
    call(&server, full, Duration::from_secs(2))?;
    let time = Duration::from_secs(10);
    let capacity = per_second(&call(&server, full, time)?, time);
    let time = Duration::from_secs(seconds);
    let offered = Callers {
        number: 5 * PLACES,
        rate: Some(5.0 * capacity),
    };
    let calls = call(&server, offered, time)?;
    let goodput = per_second(&calls, time);
    let asked = calls.len() as f64 / time.as_secs_f64();
    let failed = count(&calls, End::Failed);
    if count(&calls, End::Refused) == 0 {
        return Err("no call was refused: there was no overload".into());
    }
    Ok(vec![
        Figure::shown("overload: calls done when none is refused", capacity, "/s"),
        Figure::shown("overload: calls made", asked, "/s"),
        // Or else this machine was too slow to ask for as much.
        Figure::bounded(
            "overload: five times capacity / calls made",
            5.0 * capacity / asked.max(0.001),
            "x",
            1.0 / 0.9,
        ),
        Figure::shown("overload: calls done", goodput, "/s"),
        Figure::bounded(
            "overload: capacity / calls done",
            capacity / goodput.max(0.001),
            "x",
            1.0 / 0.9,
        ),
        Figure::bounded(
            "overload: 99 of 100 refusals take",
            percentile(&calls, End::Refused, 100),
            "ms",
            50.0,
        ),
        Figure::bounded(
            "overload: calls neither done nor refused",
            failed as f64,
            "",
            0.0,
        ),
    ])
}

fn per_second(calls: &[Call], time: Duration) -> f64 {
    count(calls, End::Done) as f64 / time.as_secs_f64()
}
