//! A service that does one thing after another, whatever it is asked, and keeps the bytes of each request.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What it does with a request.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// Answers with a status, further header lines and a body.
    Say(u16, &'static str, &'static str),
    /// Closes the connection without an answer.
    Hang,
    /// Answers 200 and closes the connection in the middle of the body.
    Cut,
    /// Answers what is no HTTP.
    Garble,
    /// Answers nothing, and keeps the connection.
    Stall,
}

/// Requests as they came.
#[derive(Debug, Clone, Default)]
pub struct Seen(Arc<Mutex<Vec<Vec<u8>>>>);

impl Seen {
    pub fn all(&self) -> Vec<Vec<u8>> {
        self.0.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// Starts it; gives its base URL. After its last act it answers 200.
pub async fn start(acts: &[Act]) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let seen = Seen::default();
    let (acts, ledger) = (acts.to_vec(), seen.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, acts.clone(), ledger.clone()));
        }
    });
    (base, seen)
}

async fn serve(mut stream: TcpStream, acts: Vec<Act>, seen: Seen) {
    while let Some(request) = read(&mut stream).await {
        let number = {
            let mut seen = seen.0.lock().unwrap();
            seen.push(request);
            seen.len() - 1
        };
        let act = acts.get(number).copied().unwrap_or(Act::Say(200, "", "{}"));
        let answer = match act {
            Act::Say(status, fields, body) => format!(
                "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{fields}content-length: {}\r\n\r\n{body}",
                body.len()
            ),
            Act::Hang => return,
            Act::Stall => return std::future::pending().await,
            Act::Cut => {
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{\"a\""
                    .to_owned()
            }
            Act::Garble => "what?\r\n\r\n".to_owned(),
        };
        if stream.write_all(answer.as_bytes()).await.is_err() || !matches!(act, Act::Say(..)) {
            return;
        }
    }
}

/// One request with its body.
async fn read(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4_096];
        let count = stream
            .read(&mut buffer)
            .await
            .ok()
            .filter(|count| *count > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            return Some(bytes);
        }
    }
}
