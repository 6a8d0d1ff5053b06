//! The writes: each has a record of its own, so that its effect can be told from that of all others.

use serde_json::{Value, json};

use super::ledger::KEYED;
use crate::crm::{self, Crm};
use crate::endpoint::Endpoint;
use crate::failure::{Context as _, Result};
use crate::server::Server;

/// Kinds of writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    /// POST.
    Create,
    /// POST with an idempotency key that the server may rely on.
    CreateWithKey,
    /// PATCH.
    Update,
    /// PUT.
    Replace,
    /// DELETE.
    Delete,
}

impl Write {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Create,
        Self::CreateWithKey,
        Self::Update,
        Self::Replace,
        Self::Delete,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "POST",
            Self::CreateWithKey => "POST with a key",
            Self::Update => "PATCH",
            Self::Replace => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What the server said of a write.
#[derive(Debug, Clone)]
pub struct Told {
    /// Its kind.
    pub write: Write,
    /// What its requests are found by.
    pub mark: String,
    /// Path of its record in the CRM; of a create that of the list.
    pub path: String,
    /// The text that it writes.
    pub text: String,
    /// `dev.mcpwright/outcome`.
    pub outcome: String,
    /// `dev.mcpwright/attempts`.
    pub attempts: u64,
    /// Whether the result is an error.
    pub is_error: bool,
    /// Its text.
    pub said: String,
}

/// Whether a server relies on idempotency keys.
fn has_keys(server: usize) -> bool {
    server % 2 == 1
}

/// Starts a server before the proxy.
///
/// # Errors
/// When it does not come up.
pub fn server(proxy: &str, number: usize) -> Result<Server> {
    let keys = if has_keys(number) { "all" } else { "" };
    let variables = [
        ("CONFIRM", "off"),
        ("TRY_SECONDS", "1"),
        ("TIMEOUT_SECONDS", "15"),
        ("IDEMPOTENCY_KEYS", keys),
    ];
    Server::start(proxy, &variables)
}

/// Makes a number of writes through a server.
///
/// # Errors
/// When the server does not answer as MCP says.
pub fn play(
    crm: &Crm,
    caller: &Endpoint,
    server: usize,
    worker: usize,
    count: usize,
) -> Result<Vec<Told>> {
    let has_keys = has_keys(server);
    let mut told = Vec::new();
    for number in 0..count {
        let write = match number % 5 {
            0 | 1 if has_keys => Write::CreateWithKey,
            0 | 1 => Write::Create,
            2 => Write::Update,
            3 => Write::Replace,
            _ => Write::Delete,
        };
        told.push(make(crm, caller, write, &format!("{worker}-{number}"))?);
    }
    Ok(told)
}

fn make(crm: &Crm, caller: &Endpoint, write: Write, name: &str) -> Result<Told> {
    let text = match write {
        Write::CreateWithKey => format!("{KEYED}{name}"),
        _ => format!("mark-{name}"),
    };
    let lead = || record(crm, "/leads", &json!({"name": format!("before {name}")}));
    let item = |text: &str| json!({"code": format!("C-{name}"), "name": text, "rate": "1.00"});
    let (tool, method, path, arguments) = match write {
        Write::Create | Write::CreateWithKey => (
            "create_lead",
            "POST",
            "/leads".to_owned(),
            json!({"name": text}),
        ),
        Write::Update => {
            let id = lead()?;
            let arguments = json!({"lead_id": id, "name": text});
            ("update_lead", "PATCH", format!("/leads/{id}"), arguments)
        }
        Write::Replace => {
            let id = record(crm, "/items", &item("before"))?;
            let mut arguments = item(&text);
            if let Some(arguments) = arguments.as_object_mut() {
                arguments.insert("item_id".to_owned(), id.into());
            }
            ("replace_item", "PUT", format!("/items/{id}"), arguments)
        }
        Write::Delete => {
            let id = lead()?;
            let arguments = json!({"lead_id": id});
            ("delete_lead", "DELETE", format!("/leads/{id}"), arguments)
        }
    };
    let result = caller.call(tool, &arguments)?;
    let meta = |key: &str| result.pointer(&format!("/_meta/dev.mcpwright~1{key}"));
    let outcome = meta("outcome").and_then(Value::as_str);
    let mark = match method {
        "POST" => text.clone(),
        _ => {
            let base = crm.url.splitn(4, '/').nth(3).unwrap_or_default();
            let base = base.trim_end_matches('/');
            let base = if base.is_empty() {
                String::new()
            } else {
                format!("/{base}")
            };
            format!("{method} {base}{path}")
        }
    };
    Ok(Told {
        write,
        mark,
        path,
        text,
        outcome: outcome
            .context(format!("no outcome in {result}"))?
            .to_owned(),
        attempts: meta("attempts")
            .and_then(Value::as_u64)
            .context("no attempts")?,
        is_error: result.get("isError") == Some(&Value::Bool(true)),
        said: result
            .pointer("/content/0/text")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
    })
}

/// Makes a record past the server that is tried; gives its id.
fn record(crm: &Crm, path: &str, body: &Value) -> Result<u64> {
    let mut answer = ureq::post(format!("{}{path}", crm.url))
        .header("X-API-KEY", crm::KEY)
        .header("Content-Type", "application/json")
        .send(body.to_string())
        .context(path)?;
    let text = answer.body_mut().read_to_string().context(path)?;
    let value: Value = serde_json::from_str(&text).context(path)?;
    value
        .get("id")
        .and_then(Value::as_u64)
        .context(format!("no id in {text}"))
}
