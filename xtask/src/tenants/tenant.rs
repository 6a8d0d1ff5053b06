//! A tenant: its credential, and its records, which have the identifiers of the other one's.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::crm::{Crm, KEY};
use crate::failure::{Context as _, Result};

/// Names, which stand nowhere else in an answer.
pub const NAMES: [&str; 2] = ["borealis", "australis"];
/// Records of each.
const RECORDS: usize = 40;

/// A tenant.
#[derive(Debug)]
pub struct Tenant {
    /// Its name, which stands in each text of its records and calls.
    pub name: &'static str,
    /// What its callers say who they are with.
    pub credential: String,
    /// Its service.
    pub crm: Crm,
    /// Identifiers of its leads, each with a name.
    pub leads: Vec<(u64, String)>,
}

impl Tenant {
    /// A tenant with a service and records of its own.
    ///
    /// # Errors
    /// When the service does not come up.
    pub fn new(name: &'static str, seed: u64) -> Result<Self> {
        let crm = Crm::start(None)?;
        let digest = Sha256::digest(format!("{seed} {name}"));
        let secret: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut leads = Vec::new();
        for number in 0..RECORDS {
            let called = format!("{name} lead {number}.");
            let body = json!({"name": called}).to_string();
            let request = ureq::post(format!("{}/leads", crm.url)).header("X-API-KEY", KEY);
            let request = request.header("Content-Type", "application/json");
            let mut answer = request.send(body).context("a lead")?;
            let answer: Value = serde_json::from_str(&answer.body_mut().read_to_string()?)?;
            let id = answer.get("id").and_then(Value::as_u64);
            leads.push((id.context("the lead has no id")?, called));
        }
        Ok(Self {
            name,
            credential: format!("{name}-{secret}"),
            crm,
            leads,
        })
    }
}
