//! A client for the tests: real HTTP against a server in this process, on a free port.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use demo_crm::{Options, Running, serve};
use serde_json::Value;
use ureq::http::{Request, Response};
use ureq::{Agent, Body};

pub const ADMIN: &str = "demo-admin-key";
pub const STAFF: &str = "demo-staff-key";
pub const READONLY: &str = "demo-readonly-key";

pub struct Crm {
    pub server: Running,
    agent: Agent,
}

/// A server on 2026-11-21 with the demo data.
pub fn start() -> Crm {
    start_with(Options {
        rate_limit: 0,
        ..Options::default()
    })
}

pub fn start_with(options: Options) -> Crm {
    let options = Options {
        port: 0,
        today: Some("2026-11-21".to_owned()),
        ..options
    };
    let agent = Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .new_agent();
    Crm {
        server: serve(options).unwrap(),
        agent,
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub bytes: Vec<u8>,
    pub json: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Names of the fields in a validation error.
    pub fn fields(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|error| error["field"].as_str().unwrap())
            .collect()
    }

    /// A column of `data`.
    pub fn column(&self, name: &str) -> Vec<&Value> {
        self.json["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| &row[name])
            .collect()
    }
}

impl Crm {
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let url = format!("{}{path}", self.server.base_url);
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response: Response<Body> = self
            .agent
            .run(request.body(body.to_vec()).unwrap())
            .unwrap();
        let (parts, mut body) = response.into_parts();
        let bytes = body.read_to_vec().unwrap();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            bytes,
            json,
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[("X-API-KEY", ADMIN)], b"")
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[("X-API-KEY", ADMIN)], b"")
    }

    pub fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.call_as(ADMIN, method, path, body)
    }

    pub fn call_as(&self, key: &str, method: &str, path: &str, body: &Value) -> Answer {
        let headers = [("X-API-KEY", key), ("Content-Type", "application/json")];
        self.send(method, path, &headers, body.to_string().as_bytes())
    }
}
