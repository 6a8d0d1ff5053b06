//! Clients that send, or read, a byte now and then, beside others that behave.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::pace::{Callers, End, call, count, percentile};
use super::service::Service;
use crate::bench::Figure;
use crate::failure::{Context as _, Result};
use crate::server::Server;

/// How many there are.
const CLIENTS: usize = 500;
/// Time between their bytes.
const PAUSE: Duration = Duration::from_millis(250);
/// Those that behave.
const OTHERS: Callers = Callers {
    number: 8,
    rate: Some(40.0),
};
/// For how long they call, before and during.
const TIME: Duration = Duration::from_secs(15);

/// What the slow ones do to the others.
///
/// # Errors
/// When a program does not start, or the slow ones cannot connect.
pub fn measure() -> Result<Vec<Figure>> {
    let service = Service::start(Duration::from_millis(5), 0)?;
    let server = Server::start(&service.url, &[])?;
    call(&server, OTHERS, Duration::from_secs(2))?;
    let before = call(&server, OTHERS, TIME)?;
    let is_over = AtomicBool::new(false);
    let (during, turned_away) = thread::scope(|scope| {
        let slow = scope.spawn(|| drip(&server, &is_over));
        let during = call(&server, OTHERS, TIME);
        is_over.store(true, Ordering::Relaxed);
        let turned_away = slow.join().ok().context("the slow clients panicked")??;
        Ok::<_, crate::failure::Failure>((during?, turned_away))
    })?;
    let of = |calls| percentile(calls, End::Done, 100);
    let (p99, base) = (of(&during), of(&before));
    let lost = during.len() - count(&during, End::Done);
    Ok(vec![
        Figure::shown("slow clients: p99 of the others before", base, "ms"),
        Figure::shown(format!("slow clients: p99 beside {CLIENTS}"), p99, "ms"),
        Figure::bounded(
            "slow clients: p99 beside them / before",
            p99 / base.max(0.1),
            "x",
            2.0,
        ),
        Figure::bounded(
            "slow clients: calls of others that failed",
            lost as f64,
            "",
            0.0,
        ),
        Figure::shown(
            "slow clients: connections that the server ended",
            turned_away as f64,
            "",
        ),
    ])
}

/// Keeps so many connections busy until it is over; how often one was ended by the server.
fn drip(server: &Server, is_over: &AtomicBool) -> Result<usize> {
    let address = server
        .url
        .trim_start_matches("http://")
        .trim_end_matches("/mcp");
    let request = server.caller().request("get_lead", &json!({"lead_id": 1}));
    let request = request.into_bytes();
    let head = request
        .windows(4)
        .position(|end| end == b"\r\n\r\n")
        .context("no head")?;
    let mut clients: Vec<(TcpStream, usize)> = Vec::new();
    let connect = |kind: usize| -> Result<(TcpStream, usize)> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nonblocking(true)?;
        // A third is slow from the first byte, a third in the body, a third never reads what it asked for.
        let sent = [1, head + 8, request.len()]
            .into_iter()
            .nth(kind % 3)
            .unwrap_or(1);
        stream.write_all(request.get(..sent).unwrap_or_default())?;
        Ok((stream, sent))
    };
    let mut turned_away = 0;
    while !is_over.load(Ordering::Relaxed) {
        while clients.len() < CLIENTS && !is_over.load(Ordering::Relaxed) {
            match connect(clients.len()) {
                Ok(client) => clients.push(client),
                Err(_) => {
                    turned_away += 1;
                    break;
                }
            }
        }
        clients.retain_mut(|(stream, sent)| {
            let Some(byte) = request.get(*sent..=*sent) else {
                return true;
            };
            *sent += 1;
            let is_open =
                stream.write_all(byte).is_ok() && !matches!(stream.read(&mut [0; 64]), Ok(0));
            turned_away += usize::from(!is_open);
            is_open
        });
        thread::sleep(PAUSE);
    }
    Ok(turned_away)
}
