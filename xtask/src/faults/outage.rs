//! How much is sent to a service that is down.

use serde_json::json;

use super::proxy::{Mode, Proxy};
use crate::crm::Crm;
use crate::failure::Result;
use crate::server::Server;

/// Calls that are made.
const CALLS: u64 = 400;

/// What was measured.
#[derive(Debug, Clone, Copy)]
pub struct Outage {
    /// Calls of tools.
    pub calls: u64,
    /// Requests on the wire, those that ask whether the service is back included.
    pub requests: u64,
}

impl Outage {
    /// Requests of each call.
    pub fn amplification(&self) -> f64 {
        self.requests as f64 / self.calls as f64
    }
}

/// Reads, which may be sent again, and writes, through one server.
///
/// # Errors
/// When the server does not answer as MCP says.
pub fn measure(crm: &Crm) -> Result<Outage> {
    let proxy = Proxy::start(&crm.url, Mode::Outage)?;
    let server = Server::start(&proxy.url, &[])?;
    let caller = server.caller();
    for number in 0..CALLS {
        let (tool, arguments) = match number % 2 {
            0 => ("get_lead", json!({"lead_id": number + 1})),
            _ => ("create_lead", json!({"name": format!("outage {number}")})),
        };
        caller.call(tool, &arguments)?;
    }
    let ledger = proxy.ledger();
    Ok(Outage {
        calls: CALLS,
        requests: ledger.requests() + ledger.probes,
    })
}
