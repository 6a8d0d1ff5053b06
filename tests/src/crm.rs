//! The demo CRM, on a free port, on a fixed day.

use demo_crm::{Options, Running, serve};
use serde_json::Value;

/// Key of an administrator.
pub const ADMIN: &str = "demo-admin-key";
/// Key of a member of staff.
pub const STAFF: &str = "demo-staff-key";
/// Key that may only read.
pub const READONLY: &str = "demo-readonly-key";

/// A CRM with the demo data on 2026-11-21; it stops when this is dropped.
#[derive(Debug)]
pub struct Crm {
    server: Running,
}

impl Crm {
    /// Starts it.
    #[must_use]
    pub fn start() -> Self {
        let options = Options {
            port: 0,
            today: Some("2026-11-21".to_owned()),
            rate_limit: 0,
            ..Options::default()
        };
        Self {
            server: serve(options).unwrap(),
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.server.base_url
    }

    /// The bytes at a path, asked for without any of our code in between.
    #[must_use]
    pub fn bytes(&self, path: &str) -> Vec<u8> {
        let url = format!("{}{path}", self.base_url());
        let mut response = ureq::get(url).header("X-API-KEY", ADMIN).call().unwrap();
        response.body_mut().read_to_vec().unwrap()
    }

    /// The JSON at a path.
    #[must_use]
    pub fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.bytes(path)).unwrap()
    }

    /// Variables with which a server generated from `specs/crm.yaml` uses this CRM.
    #[must_use]
    pub fn variables(&self, key: &str) -> Vec<(String, String)> {
        [
            ("NORTHLIGHT_CRM_BASE_URL", self.base_url()),
            ("NORTHLIGHT_CRM_API_KEY", key),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }
}
