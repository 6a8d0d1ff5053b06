//! What stands between the server and the CRM: it notes each request, and then breaks what was drawn for it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::kind::{Draw, Kind, draw};
use super::ledger::{KEYED, Ledger, mark};
use crate::failure::{Context as _, Result};

/// Longer than the server waits for an answer.
const TOO_LONG: Duration = Duration::from_millis(1_400);
/// Requests that meet a storm besides the one that begins it.
const STORM: u64 = 3;
/// Largest request.
const LARGEST: usize = 64 << 10;

/// What it does.
#[derive(Debug, Clone, Copy)]
pub enum Mode {
    /// Faults for so many of a hundred requests.
    Faults {
        /// Where draws come from.
        seed: u64,
        /// Of a hundred.
        percent: u64,
    },
    /// Nothing is passed on: connections are closed, and 500, 502, 503 and 504 are answered.
    Outage,
}

/// The proxy. Its threads end with the process.
#[derive(Debug)]
pub struct Proxy {
    /// Base URL of the CRM as it is reached through it.
    pub url: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    mode: Mode,
    /// `127.0.0.1:PORT` of the CRM.
    upstream: String,
    ledger: Mutex<Ledger>,
    /// Requests that a storm will still meet.
    storm: AtomicU64,
}

impl Proxy {
    /// Listens on a free port before the CRM at a base URL.
    ///
    /// # Errors
    /// When no port is to be had.
    pub fn start(crm: &str, mode: Mode) -> Result<Self> {
        let rest = crm.strip_prefix("http://").context("the CRM's URL")?;
        let (upstream, path) = rest.split_once('/').unwrap_or((rest, ""));
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/{path}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            mode,
            upstream: upstream.to_owned(),
            ledger: Mutex::default(),
            storm: AtomicU64::new(0),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(std::io::Result::ok) {
                let shared = Arc::clone(&serving);
                thread::spawn(move || {
                    // A connection that breaks is what this is about.
                    let _ = shared.serve(stream);
                });
            }
        });
        Ok(Self { url, shared })
    }

    /// What reached it so far.
    pub fn ledger(&self) -> Ledger {
        self.shared.ledger().clone()
    }
}

/// A request, and its length on the connection.
struct Request {
    length: usize,
    head: String,
    body: Vec<u8>,
}

impl Shared {
    fn ledger(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, mut stream: TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        while let Some(request) = peek(&stream)? {
            let mut words = request.head.split(' ');
            let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
            let mark = mark(method, path, &String::from_utf8_lossy(&request.body));
            let attempt = self.ledger().open(&mark);
            let mut drawn = self.draw(&mark, attempt);
            if drawn.kind == Some(Kind::Reset) {
                // What was not read when a socket is closed resets the connection.
                self.ledger().close(&mark, attempt, drawn.kind, None);
                return Ok(());
            }
            stream.read_exact(&mut vec![0; request.length])?;
            let is_passed_on = match drawn.kind {
                Some(Kind::TooMany) => false,
                Some(Kind::Unavailable | Kind::Storm | Kind::Stall) => {
                    drawn.choice.is_multiple_of(2)
                }
                _ => true,
            };
            let answer = if is_passed_on && !matches!(self.mode, Mode::Outage) {
                Some(self.forward(&request, mark.starts_with(KEYED))?)
            } else {
                None
            };
            drawn.choice /= 2;
            let status = answer.as_ref().map(|answer| answer.status);
            self.ledger().close(&mark, attempt, drawn.kind, status);
            if !answer_with(&mut stream, drawn, answer.as_ref())? {
                return Ok(());
            }
        }
        Ok(())
    }

    fn draw(&self, mark: &str, attempt: usize) -> Draw {
        match self.mode {
            Mode::Outage => {
                let drawn = draw(0, 100, mark, attempt);
                let kinds = [
                    Kind::Reset,
                    Kind::CutAfterRequest,
                    Kind::Unavailable,
                    Kind::Storm,
                ];
                let kind = kinds.iter().cycle().nth((drawn.choice % 4) as usize);
                Draw {
                    kind: kind.copied(),
                    ..drawn
                }
            }
            Mode::Faults { seed, percent } => {
                let drawn = draw(seed, percent, mark, attempt);
                if drawn.kind == Some(Kind::Storm) {
                    self.storm.store(STORM, Ordering::Relaxed);
                    return drawn;
                }
                let left = self
                    .storm
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                        left.checked_sub(1)
                    });
                Draw {
                    kind: if left.is_ok() {
                        Some(Kind::Storm)
                    } else {
                        drawn.kind
                    },
                    ..drawn
                }
            }
        }
    }

    /// The CRM's answer.
    fn forward(&self, request: &Request, keyed: bool) -> Result<Answer> {
        let mut stream = TcpStream::connect(&self.upstream)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let lines = request.head.lines();
        let kept = lines.filter(|line| {
            let line = line.to_ascii_lowercase();
            !line.starts_with("connection:") && (keyed || !line.starts_with("idempotency-key:"))
        });
        let mut bytes: Vec<u8> = kept
            .flat_map(|line| [line, "\r\n"].concat().into_bytes())
            .collect();
        bytes.extend_from_slice(b"connection: close\r\n\r\n");
        bytes.extend_from_slice(&request.body);
        stream.write_all(&bytes)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let end = end_of_head(&answer).context("the CRM's answer has no end")?;
        let (head, body) = answer.split_at(end);
        let head = String::from_utf8_lossy(head).into_owned();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let lines = head.lines().filter(|line| {
            let line = line.to_ascii_lowercase();
            !line.is_empty() && !line.starts_with("connection:")
        });
        Ok(Answer {
            status: status.context("the CRM's answer has no status")?,
            head: lines.map(|line| [line, "\r\n"].concat()).collect(),
            body: body.to_vec(),
        })
    }
}

/// An answer of the CRM; its head without the empty line behind it.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

/// A request that has arrived as a whole and is not read yet; nothing when the connection ends.
fn peek(stream: &TcpStream) -> Result<Option<Request>> {
    let mut buffer = vec![0; LARGEST];
    let mut known = 0;
    loop {
        let count = stream.peek(&mut buffer)?;
        if count == 0 {
            return Ok(None);
        }
        if count == known {
            // Peeking does not wait for more than is there.
            thread::sleep(Duration::from_millis(1));
        }
        known = count;
        let there = buffer.get(..count).unwrap_or_default();
        let Some(end) = end_of_head(there) else {
            continue;
        };
        let (head, body) = there.split_at(end);
        let head = String::from_utf8_lossy(head).trim_end().to_owned();
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_length = name.eq_ignore_ascii_case("content-length");
            is_length.then(|| value.trim().parse::<usize>().ok())?
        });
        let length = length.unwrap_or(0);
        if let Some(body) = body.get(..length) {
            return Ok(Some(Request {
                length: end + length,
                head,
                body: body.to_vec(),
            }));
        }
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let place = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some(place + 4)
}

/// Answers as was drawn; whether the connection goes on.
fn answer_with(stream: &mut TcpStream, drawn: Draw, answer: Option<&Answer>) -> Result<bool> {
    let (head, body) = answer.map_or(("", [].as_slice()), |answer| {
        (answer.head.as_str(), answer.body.as_slice())
    });
    let whole = [head.as_bytes(), b"\r\n", body].concat();
    let retry_after = if drawn.choice.is_multiple_of(2) {
        "retry-after: 1\r\n"
    } else {
        ""
    };
    let refuse = |status: u16, fields: &str| {
        format!(
            "HTTP/1.1 {status} X\r\n{fields}content-length: 2\r\ncontent-type: application/json\r\n\r\n{{}}"
        )
    };
    let mut goes_on = true;
    match drawn.kind {
        None => stream.write_all(&whole)?,
        Some(Kind::Latency) => {
            thread::sleep(Duration::from_millis(20 + drawn.choice % 200));
            stream.write_all(&whole)?;
        }
        Some(Kind::CutAfterHead) => {
            stream.write_all([head, "\r\n"].concat().as_bytes())?;
            // An answer without a body is whole then, and its connection may be used again.
            goes_on = body.is_empty();
        }
        Some(Kind::CutInBody) => {
            let half = whole
                .get(..whole.len() - body.len().div_ceil(2))
                .unwrap_or_default();
            stream.write_all(half)?;
            goes_on = body.is_empty();
        }
        Some(Kind::WrongLength) => {
            let length = format!("content-length: {}\r\n", body.len());
            let wrong = format!("content-length: {}\r\n", body.len() + 64);
            let head = head.to_ascii_lowercase().replacen("http", "HTTP", 1);
            stream.write_all(
                [head.replace(&length, &wrong).as_bytes(), b"\r\n", body]
                    .concat()
                    .as_slice(),
            )?;
            goes_on = body.is_empty();
        }
        Some(Kind::Garbage) => {
            stream.write_all(b"\x16\x03\x01 what? \xff\xfe\r\n\r\n")?;
            goes_on = false;
        }
        Some(Kind::TooMany) => stream.write_all(refuse(429, retry_after).as_bytes())?,
        Some(Kind::Unavailable) => stream.write_all(refuse(503, retry_after).as_bytes())?,
        Some(Kind::Storm) => {
            let status = [500, 502, 504]
                .into_iter()
                .cycle()
                .nth((drawn.choice % 3) as usize);
            stream.write_all(refuse(status.unwrap_or(500), "").as_bytes())?;
        }
        Some(Kind::Drip) => {
            let pieces = 20;
            let (time, size) = (
                if drawn.choice.is_multiple_of(4) {
                    TOO_LONG
                } else {
                    Duration::from_millis(200)
                },
                whole.len().div_ceil(pieces).max(1),
            );
            for piece in whole.chunks(size) {
                stream.write_all(piece)?;
                thread::sleep(time / 20);
            }
        }
        Some(Kind::Stall) => {
            thread::sleep(TOO_LONG);
            goes_on = false;
        }
        Some(Kind::Reset | Kind::CutAfterRequest) => goes_on = false,
    }
    Ok(goes_on)
}
