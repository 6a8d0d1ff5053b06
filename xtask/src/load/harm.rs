//! What slow clients do.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::failure::{Context as _, Result};
use crate::server::Server;

/// How many drip.
const CLIENTS: usize = 500;
/// How many send a large body.
const BODIES: usize = 5;
/// The largest body that is taken.
const LARGEST: usize = 4 << 20;
/// How many connect and say nothing: more than the server has connections.
const SILENT: usize = 1_030;
/// Time between bytes.
const PAUSE: Duration = Duration::from_millis(250);

fn address(server: &Server) -> &str {
    let rest = server.url.trim_start_matches("http://");
    rest.trim_end_matches("/mcp")
}

/// Bodies of 4 MiB, all of which but the last bytes come at once, and the last ones one at a time: the server
/// keeps what it has.
pub fn bodies(server: &Server, is_over: &AtomicBool) -> Result<usize> {
    let filler = "x".repeat(LARGEST - 4_096);
    let request = server
        .caller()
        .request("get_lead", &json!({"lead_id": filler}));
    let request = request.into_bytes();
    let quick = request.len() - 1_024;
    let begin = || -> Result<TcpStream> {
        let mut stream = TcpStream::connect(address(server))?;
        stream.set_write_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(request.get(..quick).unwrap_or_default())?;
        stream.set_nonblocking(true)?;
        Ok(stream)
    };
    let mut clients: Vec<(TcpStream, usize)> = Vec::new();
    let mut turned_away = 0;
    while !is_over.load(Ordering::Relaxed) {
        while clients.len() < BODIES && !is_over.load(Ordering::Relaxed) {
            match begin() {
                Ok(stream) => clients.push((stream, quick)),
                // One that is refused before its end is an answer, too.
                Err(_) => {
                    turned_away += 1;
                    break;
                }
            }
        }
        turned_away += drip_once(&mut clients, &request);
        thread::sleep(PAUSE);
    }
    Ok(turned_away)
}

/// Connections on which nothing is said, as many as there are descriptors for, opened again when they end.
pub fn silence(server: &Server, is_over: &AtomicBool) -> Result<usize> {
    let mut open: Vec<TcpStream> = Vec::new();
    let mut turned_away = 0;
    while !is_over.load(Ordering::Relaxed) {
        while open.len() < SILENT && !is_over.load(Ordering::Relaxed) {
            // What the server does not accept waits in the system's queue, which has an end, too.
            let address = address(server).parse()?;
            match TcpStream::connect_timeout(&address, PAUSE) {
                Ok(stream) => {
                    stream.set_nonblocking(true)?;
                    open.push(stream);
                }
                Err(error) if error.kind() == std::io::ErrorKind::TimedOut => break,
                Err(error) => return Err(error).context("a silent connection (ulimit -n 4096?)"),
            }
        }
        let before = open.len();
        open.retain_mut(|stream| !matches!(stream.read(&mut [0; 64]), Ok(0)));
        turned_away += before - open.len();
        thread::sleep(PAUSE);
    }
    Ok(turned_away)
}

/// Keeps so many connections busy until it is over; how often one was ended by the server.
pub fn drip(server: &Server, is_over: &AtomicBool) -> Result<usize> {
    let request = server.caller().request("get_lead", &json!({"lead_id": 1}));
    let request = request.into_bytes();
    let head = request
        .windows(4)
        .position(|end| end == b"\r\n\r\n")
        .context("no head")?;
    let mut clients: Vec<(TcpStream, usize)> = Vec::new();
    let connect = |kind: usize| -> Result<(TcpStream, usize)> {
        let mut stream = TcpStream::connect(address(server))?;
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
        turned_away += drip_once(&mut clients, &request);
        thread::sleep(PAUSE);
    }
    Ok(turned_away)
}

/// The next byte of each; those that the server ended are gone, and counted.
fn drip_once(clients: &mut Vec<(TcpStream, usize)>, request: &[u8]) -> usize {
    let before = clients.len();
    clients.retain_mut(|(stream, sent)| {
        let Some(byte) = request.get(*sent..=*sent) else {
            return true;
        };
        *sent += 1;
        stream.write_all(byte).is_ok() && !matches!(stream.read(&mut [0; 64]), Ok(0))
    });
    before - clients.len()
}
