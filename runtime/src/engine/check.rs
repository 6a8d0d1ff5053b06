//! Which tool shows what became of a write: a read of the same path, or of the nearest one above it.

use super::{Engine, Entry};
use crate::operation::OperationDef;

impl Engine {
    /// `list_leads` for a create of leads, `get_invoice` for a change of an invoice or for sending it.
    pub(crate) fn check_of(&self, operation: &OperationDef) -> Option<&str> {
        let steps = steps(operation.path);
        (1..=steps.len()).rev().find_map(|length| {
            let wanted = steps.get(..length)?;
            let reads = |entry: &&Entry| {
                entry.operation().is_some_and(|read| {
                    read.method == "GET" && !read.writes() && self::steps(read.path) == wanted
                })
            };
            self.entries().iter().find(reads).map(Entry::name)
        })
    }
}

/// The steps of a path template, parameters without their names.
fn steps(path: &str) -> Vec<&str> {
    let steps = path.split('/').filter(|step| !step.is_empty());
    steps
        .map(|step| if step.starts_with('{') { "{}" } else { step })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::extend::Extensions;
    use crate::operation::{Api, Hints, Risk};

    const fn read(tool: &'static str, path: &'static str) -> OperationDef {
        OperationDef {
            tool,
            path,
            ..OperationDef::DEFAULT
        }
    }

    const fn write(path: &'static str) -> OperationDef {
        OperationDef {
            method: "POST",
            path,
            risk: Risk::Write,
            hints: Hints {
                read_only: false,
                ..Hints::READ
            },
            ..OperationDef::DEFAULT
        }
    }

    static API: Api = Api {
        operations: &[
            &read("list_leads", "/leads"),
            &read("get_lead", "/leads/{id}"),
            &read("list_notes", "/leads/{lead_id}/notes"),
            &write("/leads"),
        ],
        ..Api::DEFAULT
    };

    #[test]
    fn a_write_is_checked_with_the_nearest_read() {
        let engine = Engine::new(&API, Extensions::default(), None, Clock::default());
        for (path, expected) in [
            ("/leads", Some("list_leads")),
            ("/leads/{leadId}", Some("get_lead")),
            ("/leads/{id}/notes", Some("list_notes")),
            ("/leads/{id}/convert", Some("get_lead")),
            ("/leads/bulk/import", Some("list_leads")),
            ("/customers", None),
            ("/", None),
        ] {
            assert_eq!(engine.check_of(&write(path)), expected, "{path}");
        }
    }
}
