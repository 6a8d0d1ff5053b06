//! A real HTTP service that answers as a test says, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use mcpwright_tests::Server;
use serde_json::Value;

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    /// Path and query.
    pub uri: String,
    pub body: Value,
    fields: axum::http::HeaderMap,
}

impl Seen {
    /// A header field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.to_str().ok()
    }

    /// Method and path, with the query where it has one.
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.uri)
    }
}

/// What the service answers. Of a status and a value it is JSON.
pub struct Answer {
    status: u16,
    fields: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
}

impl Answer {
    /// A file.
    pub fn file(media_type: &'static str, bytes: &[u8]) -> Self {
        Self {
            status: 200,
            fields: vec![("content-type", media_type)],
            body: bytes.to_vec(),
        }
    }

    /// With a further header field.
    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.fields.push((name, value));
        self
    }
}

impl From<(u16, Value)> for Answer {
    fn from((status, value): (u16, Value)) -> Self {
        Self {
            status,
            fields: vec![("content-type", "application/json")],
            body: value.to_string().into_bytes(),
        }
    }
}

/// The service; it ends when this is dropped.
pub struct Stub {
    seen: Arc<Mutex<Vec<Seen>>>,
    base: String,
    _runtime: tokio::runtime::Runtime,
}

impl Stub {
    /// Starts a service that answers as it is told to.
    pub fn start<A: Into<Answer>>(answer: impl Fn(&Seen) -> A + Send + Sync + 'static) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (ledger, answer) = (Arc::clone(&seen), Arc::new(answer));
        let router = Router::new().fallback(move |request: Request| {
            let (ledger, answer) = (Arc::clone(&ledger), Arc::clone(&answer));
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, 1 << 20).await.unwrap();
                let seen = Seen {
                    method: parts.method.to_string(),
                    uri: parts.uri.to_string(),
                    fields: parts.headers,
                    body: serde_json::from_slice(&body).unwrap_or_default(),
                };
                let answer: Answer = answer(&seen).into();
                ledger.lock().unwrap().push(seen);
                let mut response = Response::builder().status(answer.status);
                for (name, value) in answer.fields {
                    response = response.header(name, value);
                }
                response.body(Body::from(answer.body)).unwrap()
            }
        });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await
        });
        Self {
            seen,
            base,
            _runtime: runtime,
        }
    }

    /// Its address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// What it was asked since the last time.
    pub fn asked(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }

    /// The server of a system over it, with every tool.
    pub fn server(&self, system: &str, more: &[(&str, &str)]) -> Server {
        let prefix = system.to_uppercase();
        let own = [
            ("SYSTEM".to_owned(), crate::vendors::system(system)),
            (format!("{prefix}_BASE_URL"), self.base.clone()),
            (format!("{prefix}_VIEW"), "all".to_owned()),
        ];
        let more = more
            .iter()
            .map(|(name, value)| (format!("{prefix}_{name}"), (*value).to_owned()));
        let variables: Vec<(String, String)> = own.into_iter().chain(more).collect();
        Server::start(crate::binary(), &variables)
    }
}

impl Answer {
    /// A page of whatever stands before the service.
    pub fn page(status: u16, markup: &str) -> Self {
        Self {
            status,
            fields: vec![("content-type", "text/html")],
            body: markup.as_bytes().to_vec(),
        }
    }
}
