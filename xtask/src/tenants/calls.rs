//! The calls of one caller, and what is wrong with an answer.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::tenant::{NAMES, Tenant};
use crate::endpoint::Endpoint;
use crate::failure::{Context as _, Result};
use crate::random::Random;
use crate::server::Server;

/// Latest moment at which a caller leaves, in microseconds: most calls take less.
const LATEST: u64 = 20_000;
/// Times that a call which is told to come back later is tried.
const TRIES: u32 = 200;

/// What became of calls.
#[derive(Debug, Default)]
pub struct Counts {
    /// Calls with an answer.
    pub answered: usize,
    /// Calls whose caller left.
    pub left: usize,
    /// Answers that said to come back later.
    pub limited: usize,
    /// Answers that were not of this tenant or not of this call.
    pub faults: Vec<String>,
}

impl Counts {
    /// Takes in those of another caller.
    pub fn add(&mut self, other: Self) {
        self.answered += other.answered;
        self.left += other.left;
        self.limited += other.limited;
        self.faults.extend(other.faults);
    }
}

/// A caller.
pub struct Caller<'t> {
    tenant: &'t Tenant,
    endpoint: Endpoint,
    address: String,
    number: usize,
    random: Random,
    /// What became of its calls.
    pub counts: Counts,
}

/// A call, and a text that only its answer has.
struct Call {
    tool: &'static str,
    arguments: Value,
    expected: String,
}

impl<'t> Caller<'t> {
    /// A caller of a tenant.
    pub fn new(server: &Server, tenant: &'t Tenant, number: usize, seed: u64) -> Self {
        let endpoint = server.caller().with("X-API-KEY", &tenant.credential);
        let address = server
            .url
            .trim_start_matches("http://")
            .trim_end_matches("/mcp");
        Self {
            tenant,
            endpoint,
            address: address.to_owned(),
            number,
            random: Random::new(seed, &format!("{} {number}", tenant.name)),
            counts: Counts::default(),
        }
    }

    /// One of three: a record is read, a record is changed, a record is made.
    fn draw(&mut self, mark: &str) -> Result<Call> {
        let own = self.tenant.name;
        let (id, name) = self.random.one(&self.tenant.leads).context("a lead")?;
        let mark = format!("{own} call {mark} of {}.", self.number);
        Ok(match self.random.below(4) {
            0 | 1 => Call {
                tool: "get_lead",
                arguments: json!({"lead_id": id}),
                expected: name.clone(),
            },
            2 => Call {
                tool: "update_lead",
                arguments: json!({"lead_id": id, "company": mark}),
                expected: mark,
            },
            _ => Call {
                tool: "create_lead",
                arguments: json!({"name": mark}),
                expected: mark,
            },
        })
    }

    /// Makes a call and looks at its answer.
    pub fn call(&mut self, number: usize) -> Result<()> {
        let call = self.draw(&number.to_string())?;
        for _ in 0..TRIES {
            let (status, text) = self.endpoint.answer(call.tool, &call.arguments)?;
            if status == 429 || status == 503 || text.contains("Rate limited:") {
                self.counts.limited += 1;
                thread::sleep(Duration::from_millis(5 + self.random.below(20)));
                continue;
            }
            self.counts.answered += 1;
            if let Some(fault) = self.wrong(&call, &text) {
                self.counts.faults.push(fault);
            }
            return Ok(());
        }
        Err(format!("{}: told to come back later {TRIES} times", call.tool).into())
    }

    fn wrong(&self, call: &Call, text: &str) -> Option<String> {
        let other = NAMES
            .iter()
            .find(|name| **name != self.tenant.name && text.contains(**name));
        let what = match other {
            Some(other) => format!("an answer of {other}"),
            None if !text.contains(&call.expected) => format!("no `{}`", call.expected),
            None => return None,
        };
        let (own, shown) = (self.tenant.name, text.get(..400).unwrap_or(text));
        Some(format!(
            "{own} {} {}: {what}: {shown}",
            call.tool, call.arguments
        ))
    }

    /// Makes a call and leaves before, or while, it is answered.
    pub fn leave(&mut self) -> Result<()> {
        let call = self.draw("left")?;
        let request = self.endpoint.request(call.tool, &call.arguments);
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(request.as_bytes())?;
        thread::sleep(Duration::from_micros(self.random.below(LATEST)));
        self.counts.left += 1;
        Ok(())
    }
}
