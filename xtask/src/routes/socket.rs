//! A service that reads what stands on the socket, byte by byte, and believes none of it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::failure::{Context as _, Result};

/// Largest body.
const LARGEST: usize = 1 << 20;

/// What stood on a socket: a request, or what is none.
#[derive(Debug, Clone, Default)]
pub struct Raw {
    /// The first line.
    pub line: String,
    /// Header fields as they came, names in lower case.
    pub fields: Vec<(String, String)>,
    /// As many bytes as the fields say.
    pub body: Vec<u8>,
    /// Why it is no request, if it is none.
    pub fault: Option<String>,
}

/// The service. Its threads end with the process.
#[derive(Debug)]
pub struct Socket {
    /// `127.0.0.1:PORT`
    pub address: String,
    seen: Arc<Mutex<Vec<Raw>>>,
}

impl Socket {
    /// Listens on a free port of the loopback interface.
    ///
    /// # Errors
    /// When no port is to be had.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let seen: Arc<Mutex<Vec<Raw>>> = Arc::default();
        let noted = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(std::io::Result::ok) {
                let noted = Arc::clone(&noted);
                thread::spawn(move || serve(stream, &noted));
            }
        });
        Ok(Self { address, seen })
    }

    /// What came in since the last time this was asked.
    pub fn take(&self) -> Vec<Raw> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn serve(stream: TcpStream, seen: &Mutex<Vec<Raw>>) {
    let _ = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream);
    loop {
        let read = read(&mut reader);
        let goes_on = matches!(&read, Ok(Some(raw)) if raw.fault.is_none());
        match read {
            Ok(None) => return,
            Ok(Some(raw)) => seen
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(raw),
            Err(error) => {
                let fault = Some(error.to_string());
                let raw = Raw {
                    fault,
                    ..Raw::default()
                };
                seen.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(raw);
            }
        }
        // Noted before it is answered, so that whoever has the answer finds it.
        let answer =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        if !goes_on || reader.get_mut().write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// The next request of a connection; nothing at its end.
fn read(reader: &mut BufReader<TcpStream>) -> Result<Option<Raw>> {
    let Some(line) = line(reader)? else {
        return Ok(None);
    };
    let mut raw = Raw {
        line,
        ..Raw::default()
    };
    loop {
        let field = line_of(reader)?;
        if field.is_empty() {
            break;
        }
        let (name, value) = field
            .split_once(':')
            .context(format!("no field: {field:?}"))?;
        raw.fields.push((
            name.to_ascii_lowercase(),
            value.trim_matches(' ').to_owned(),
        ));
    }
    let lengths: Vec<&str> = raw.values("content-length");
    let length = match lengths[..] {
        [] => 0,
        [length] => length.parse::<usize>().context("Content-Length")?,
        _ => return Err("two lengths".into()),
    };
    if length > LARGEST || !raw.values("transfer-encoding").is_empty() {
        return Err(format!("a body of {length} bytes, or without a length").into());
    }
    raw.body.resize(length, 0);
    reader.read_exact(&mut raw.body)?;
    Ok(Some(raw))
}

fn line_of(reader: &mut BufReader<TcpStream>) -> Result<String> {
    line(reader)?.context("the connection ended in a header section")
}

/// A line that ends with CRLF and holds neither of the two elsewhere; nothing at the end.
fn line(reader: &mut BufReader<TcpStream>) -> Result<Option<String>> {
    let mut bytes = Vec::new();
    if reader.read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    let line = bytes
        .strip_suffix(b"\r\n")
        .context(format!("a bare line feed: {bytes:?}"))?;
    if line.contains(&b'\r') || line.contains(&0) {
        return Err(format!("a control character: {line:?}").into());
    }
    Ok(Some(line.iter().map(|byte| char::from(*byte)).collect()))
}

impl Raw {
    /// The values of a field.
    pub fn values(&self, name: &str) -> Vec<&str> {
        let own = self.fields.iter().filter(|(own, _)| own == name);
        own.map(|(_, value)| value.as_str()).collect()
    }
}
