//! Metrics: what `/metrics` says after a read, a preview, and a write that came twice.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};

use super::{PACKAGE, cell, head};
use crate::crm::{self, Crm, KEY};
use crate::failure::{Context as _, Result};
use crate::ports;
use crate::process::{self, Running};

/// One metric.
#[derive(Default)]
struct Metric {
    kind: String,
    what: String,
    labels: BTreeSet<String>,
}

pub fn page() -> Result<String> {
    let mut text = head("Metrics", "`/metrics` of the generated example");
    text.push_str(
        "\n`http --admin-listen 127.0.0.1:9464` answers `/metrics` for Prometheus. Names are those of the OpenTelemetry \
         conventions; no user, key or argument is a label.\n\n\
         | metric | type | labels | what |\n|---|---|---|---|\n",
    );
    for (name, metric) in read(&played()?) {
        let labels: Vec<String> = metric
            .labels
            .iter()
            .map(|label| format!("`{label}`"))
            .collect();
        // What is asked for has this behind it.
        let total = if metric.kind == "counter" {
            "_total"
        } else {
            ""
        };
        let (kind, labels, what) = (metric.kind, labels.join(", "), cell(&metric.what));
        text.push_str(&format!(
            "| `{name}{total}` | {kind} | {labels} | {what} |\n"
        ));
    }
    Ok(text)
}

/// Metrics by name, in the order of their names.
fn read(text: &str) -> BTreeMap<String, Metric> {
    let mut found: BTreeMap<String, Metric> = BTreeMap::new();
    let mut name = String::new();
    for line in text.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some("HELP"), Some(of), Some(what)) => {
                name = of.to_owned();
                what.clone_into(&mut found.entry(name.clone()).or_default().what);
            }
            (Some("#"), Some("TYPE"), Some(of), Some(kind)) => {
                kind.clone_into(&mut found.entry(of.to_owned()).or_default().kind);
            }
            (Some("#"), ..) => {}
            _ => {
                let labels = line
                    .split_once('{')
                    .and_then(|(_, rest)| rest.split_once('}'));
                let labels = labels
                    .into_iter()
                    .flat_map(|(labels, _)| labels.split("\","));
                let labels = labels.filter_map(|label| Some(label.split_once('=')?.0.to_owned()));
                // The bounds of a histogram are no label of ours.
                found
                    .entry(name.clone())
                    .or_default()
                    .labels
                    .extend(labels.filter(|label| label != "le"));
            }
        }
    }
    found
}

/// The text of `/metrics` after a few calls.
fn played() -> Result<String> {
    let crm = Crm::start(None)?;
    let address = format!("127.0.0.1:{}", ports::free()?);
    let admin = format!("127.0.0.1:{}", ports::free()?);
    let mut command = Command::new(crm::program(PACKAGE));
    command
        .args(["http", "--listen", &address, "--admin-listen", &admin])
        .envs(crm::variables(&crm.url, KEY, "all"))
        .env(format!("{}_CALLER_RATE", crm::PREFIX), "6/min")
        .env(format!("{}_CALLER_RATE_BURST", crm::PREFIX), "12")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _server = Running(command.spawn().context(PACKAGE)?);
    ports::until_one_listens(&address)?;
    ports::until_one_listens(&admin)?;
    let url = format!("http://{address}/mcp");
    let call = |arguments: &[&str]| {
        let mut command = Command::new(crm::program(PACKAGE));
        command.args(["call", "--url", &url]).args(arguments);
        // Some are refused, which is counted too; what was said is in the failure then.
        match process::capture(&mut command) {
            Ok((output, _)) => String::from_utf8_lossy(&output.stdout).into_owned(),
            Err(failure) => failure.to_string(),
        }
    };
    call(&["list_customers"]);
    let preview = call(&["delete_lead", "lead_id=1"]);
    let token = preview.split("\"confirm_token\": \"").nth(1);
    let token = token.and_then(|rest| rest.split('"').next());
    let token = token.context("the preview has no token")?;
    call(&[
        "delete_lead",
        "lead_id=1",
        &format!("confirm_token={token}"),
    ]);
    // The last ones are above the rate of a caller.
    for _ in 0..4 {
        call(&["create_lead", "name=Book", "email=book@book.example"]);
    }
    let mut answer = ureq::get(&format!("http://{admin}/metrics"))
        .call()
        .context("/metrics")?;
    answer.body_mut().read_to_string().context("/metrics")
}
