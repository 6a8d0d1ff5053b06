//! Connections that ask as fast as they are answered, and cost little themselves.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;

use crate::failure::{Context as _, Failure, Result};

/// Sends a request so many times on each of so many connections.
///
/// # Errors
/// When one is not answered with 200 and the words that its answer has to hold.
pub fn ask(
    address: &str,
    request: &[u8],
    expected: &str,
    connections: usize,
    requests: usize,
) -> Result<()> {
    thread::scope(|scope| {
        let asking: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(move || -> Result<()> {
                    let mut connection = Connection::open(address)?;
                    for _ in 0..requests {
                        let answer = connection.ask(request)?;
                        if !answer.contains(expected) {
                            return Err(format!("answered {answer}").into());
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        for one in asking {
            one.join().ok().context("a connection panicked")??;
        }
        Ok::<_, Failure>(())
    })
}

/// A connection that is kept.
#[derive(Debug)]
pub struct Connection {
    reader: BufReader<TcpStream>,
    line: String,
    body: Vec<u8>,
}

impl Connection {
    /// Opens one.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).context(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            reader: BufReader::new(stream),
            line: String::new(),
            body: Vec::new(),
        })
    }

    /// Sends a request and gives the body of its answer.
    ///
    /// # Errors
    /// When it is not answered with 200 and a length.
    pub fn ask(&mut self, request: &[u8]) -> Result<&str> {
        self.reader.get_mut().write_all(request)?;
        let (mut length, mut status) = (None, String::new());
        loop {
            self.line.clear();
            if self.reader.read_line(&mut self.line)? == 0 {
                return Err("the connection ended".into());
            }
            let line = self.line.trim_end();
            if line.is_empty() {
                break;
            }
            if status.is_empty() {
                line.clone_into(&mut status);
            }
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse::<usize>().ok();
            }
        }
        self.body
            .resize(length.context("an answer without a length")?, 0);
        self.reader.read_exact(&mut self.body)?;
        let body = std::str::from_utf8(&self.body)?;
        if status.contains(" 200 ") {
            Ok(body)
        } else {
            Err(format!("{status}: {body}").into())
        }
    }
}
