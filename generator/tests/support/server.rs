//! A small HTTP server on loopback that answers what a test says, and keeps what it was asked.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A server, until the test ends.
#[derive(Debug)]
pub struct Server {
    /// `127.0.0.1:PORT`
    pub host: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers each path with a whole response, `{host}` in it being its own host; others with 404.
    pub fn start(routes: &[(&str, &str)]) -> Self {
        Self::start_at("127.0.0.1", routes)
    }

    /// The same at another address of this machine.
    pub fn start_at(address: &str, routes: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind((address, 0)).unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let routes: Vec<(String, String)> = routes
            .iter()
            .map(|(path, answer)| ((*path).to_owned(), answer.replace("{host}", &host)))
            .collect();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &routes, &seen);
            }
        });
        Self { host, requests }
    }

    /// The heads of the requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// A response that holds a file.
pub fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn answer(mut stream: TcpStream, routes: &[(String, String)], seen: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while reader.read_line(&mut head).is_ok_and(|n| n > 2) {}
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    seen.lock().unwrap().push(head);
    let answer = routes.iter().find(|(route, _)| *route == path);
    let answer = answer.map_or("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", |a| {
        &a.1
    });
    // Whoever has read enough closes the connection.
    let _ = stream.write_all(answer.as_bytes());
}
