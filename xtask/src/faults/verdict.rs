//! Whether what the server said of the writes is true: the CRM is asked, past everything that breaks.

use std::collections::HashMap;

use serde_json::Value;

use super::ledger::{Entry, Ledger};
use super::writes::{Told, Write};
use crate::crm::{self, Crm};
use crate::failure::{Context as _, Result};

/// What is wrong with a write. It is printed.
#[derive(Debug)]
#[allow(dead_code, reason = "the fields are printed")]
pub enum Fault {
    /// It was carried out more than once.
    Twice {
        /// Which.
        mark: String,
        /// How often.
        times: usize,
    },
    /// It is not what was said of it.
    Mislabelled {
        /// Which.
        mark: String,
        /// What was said.
        told: String,
        /// What is.
        why: &'static str,
    },
}

/// What the CRM knows.
struct Truth {
    /// Names of leads, and how many have each.
    names: HashMap<String, usize>,
}

/// Compares.
///
/// # Errors
/// When the CRM does not answer.
pub fn judge(crm: &Crm, told: &[Told], ledger: &Ledger) -> Result<Vec<Fault>> {
    let truth = Truth { names: names(crm)? };
    let mut faults = Vec::new();
    for one in told {
        let entries = ledger.of_write(&one.mark);
        let times = match one.write {
            Write::Create | Write::CreateWithKey => {
                truth.names.get(&one.text).copied().unwrap_or_default()
            }
            Write::Update | Write::Replace => {
                let record = ask(crm, &one.path)?;
                let name = record.as_ref().and_then(|record| record.get("name"));
                usize::from(name.and_then(Value::as_str) == Some(&one.text))
            }
            Write::Delete => usize::from(ask(crm, &one.path)?.is_none()),
        };
        // What changes a record to the same twice cannot be seen in it.
        let carried_out = match one.write {
            Write::Update => entries.iter().filter(|entry| is_done(entry)).count(),
            _ => times,
        };
        if carried_out > 1 {
            faults.push(Fault::Twice {
                mark: one.mark.clone(),
                times: carried_out,
            });
        }
        if let Some(why) = wrong(one, times > 0, entries) {
            faults.push(Fault::Mislabelled {
                mark: one.mark.clone(),
                told: format!("{}: {}", one.outcome, one.said),
                why,
            });
        }
    }
    Ok(faults)
}

fn is_done(entry: &Entry) -> bool {
    entry
        .passed_on
        .is_some_and(|status| (200..300).contains(&status))
}

/// What is wrong with what was said of a write.
fn wrong(told: &Told, is_done: bool, entries: &[Entry]) -> Option<&'static str> {
    let says_failed = told.said.to_lowercase().contains("fail");
    let doubt = entries
        .iter()
        .any(|entry| entry.kind.is_some_and(super::Kind::is_ambiguous));
    match (told.outcome.as_str(), is_done) {
        _ if told.attempts != entries.len() as u64 => Some("its attempts were miscounted"),
        _ if (told.outcome == "done") == told.is_error => Some("the error flag says otherwise"),
        _ if says_failed => Some("it is said to have failed"),
        ("done", false) => Some("it was not done"),
        ("not_sent", _) if !entries.is_empty() => Some("it was sent"),
        ("not_sent" | "refused", true) => Some("it was done"),
        ("unknown", _) if !doubt => Some("nothing left any doubt"),
        ("unknown", _) if !told.said.contains("Check with ") => Some("no tool to check with"),
        ("done" | "not_sent" | "refused" | "unknown", _) => None,
        _ => Some("no such outcome"),
    }
}

/// The names of all leads.
fn names(crm: &Crm) -> Result<HashMap<String, usize>> {
    let mut names = HashMap::new();
    for page in 1.. {
        let path = format!("/leads?limit=100&page={page}&sort=created_at");
        let answer = ask(crm, &path)?.context("no leads")?;
        let leads = answer
            .get("data")
            .and_then(Value::as_array)
            .context("no list of leads")?;
        if leads.is_empty() {
            break;
        }
        for lead in leads {
            let name = lead.get("name").and_then(Value::as_str).unwrap_or_default();
            *names.entry(name.to_owned()).or_default() += 1;
        }
    }
    Ok(names)
}

/// A record, if it is there.
fn ask(crm: &Crm, path: &str) -> Result<Option<Value>> {
    let mut answer = ureq::get(format!("{}{path}", crm.url))
        .header("X-API-KEY", crm::KEY)
        .config()
        .http_status_as_error(false)
        .build()
        .call()
        .context(path)?;
    let text = answer.body_mut().read_to_string().context(path)?;
    match answer.status().as_u16() {
        200 => Ok(Some(serde_json::from_str(&text).context(path)?)),
        404 => Ok(None),
        status => Err(format!("{path}: {status} {text}").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::kind::Kind;
    use super::*;

    #[test]
    fn what_is_said_of_a_write_has_to_be_true() {
        let told = |outcome: &str| Told {
            write: Write::Create,
            mark: "m".to_owned(),
            path: String::new(),
            text: "m".to_owned(),
            outcome: outcome.to_owned(),
            attempts: 1,
            is_error: outcome != "done",
            said: "Check with list_leads".to_owned(),
        };
        let entry = |kind| Entry {
            kind,
            passed_on: None,
        };
        let (fine, stalled) = ([entry(None)], [entry(Some(Kind::Stall))]);
        for (outcome, is_done, entries, expected) in [
            ("done", true, &fine, None),
            ("done", false, &fine, Some("it was not done")),
            ("refused", false, &fine, None),
            ("refused", true, &fine, Some("it was done")),
            ("not_sent", false, &fine, Some("it was sent")),
            ("unknown", true, &stalled, None),
            ("unknown", false, &stalled, None),
            ("unknown", true, &fine, Some("nothing left any doubt")),
            ("lost", true, &fine, Some("no such outcome")),
        ] {
            assert_eq!(
                wrong(&told(outcome), is_done, entries),
                expected,
                "{outcome}"
            );
        }
        let miscounted = wrong(&told("done"), true, &[]);
        assert_eq!(miscounted, Some("its attempts were miscounted"));
        let mut failed = told("unknown");
        failed.said = "The write failed. Check with list_leads".to_owned();
        assert_eq!(
            wrong(&failed, true, &stalled),
            Some("it is said to have failed")
        );
    }
}
