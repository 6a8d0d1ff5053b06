//! What operations do with records.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::collection::{Collection, as_text, plain};
use super::sent::Sent;
use super::words::now;
use crate::lower::schema::{Shape, Shapes};
use crate::names::words;

/// Properties that say how far a record is.
const STATES: [&str; 6] = [
    "status",
    "state",
    "stage",
    "phase",
    "paymentstatus",
    "lifecycle",
];
/// What a record is at first.
const FIRST: [&str; 10] = [
    "draft",
    "new",
    "open",
    "todo",
    "pending",
    "not_started",
    "active",
    "unpaid",
    "created",
    "planned",
];

/// What a verb makes of a record, where its form is not the usual one.
const MADE: [(&str, &[&str]); 16] = [
    ("send", &["sent"]),
    ("pay", &["paid"]),
    ("win", &["won"]),
    ("lose", &["lost"]),
    ("cancel", &["cancelled", "canceled"]),
    ("complete", &["completed", "complete", "done", "finished"]),
    ("finish", &["finished", "done", "completed"]),
    ("activate", &["active", "activated"]),
    ("deactivate", &["inactive", "deactivated"]),
    ("reopen", &["open", "reopened"]),
    ("start", &["started", "in_progress", "running", "active"]),
    ("begin", &["in_progress", "started"]),
    ("read", &["read", "seen"]),
    ("reject", &["rejected", "declined"]),
    ("void", &["void", "voided", "cancelled"]),
    ("submit", &["submitted", "pending"]),
];

/// What a verb makes of a record: `sent`, `approved`, `closed`, `stopped`.
fn made_by(verb: &str) -> Vec<String> {
    let known = MADE.iter().find(|(known, _)| *known == verb);
    let mut all: Vec<String> = known
        .iter()
        .flat_map(|(_, all)| all.iter().map(|one| (*one).to_owned()))
        .collect();
    if all.is_empty() {
        let last = verb.chars().last().unwrap_or_default();
        all.push(match verb {
            _ if verb.ends_with('e') => format!("{verb}d"),
            _ if verb.ends_with('y') => format!("{}ied", verb.trim_end_matches('y')),
            _ => format!("{verb}ed"),
        });
        all.push(format!("{verb}{last}ed"));
        all.push(verb.to_owned());
    }
    all
}

/// Changes what a verb changes of a record: a word of an enumeration, and the time at which it was done.
pub(super) fn act<'a>(
    record: &mut Map<String, Value>,
    acts: &[String],
    shape: &Shape<'a>,
    shapes: &Shapes<'a>,
) {
    let made: Vec<String> = acts.iter().flat_map(|verb| made_by(verb)).collect();
    let same = |value: &Value| {
        let value = plain(value.as_str()?);
        made.iter().any(|made| plain(made) == value).then_some(())
    };
    for (name, node) in &shape.properties {
        let of = plain(name);
        let property = shapes.of(node);
        if let Some(values) = &property.values
            && STATES.iter().any(|state| of.ends_with(state))
        {
            // In the order of what the verb may mean.
            let word = made.iter().find_map(|made| {
                values.iter().find(|value| {
                    value
                        .as_str()
                        .is_some_and(|value| plain(value) == plain(made))
                })
            });
            if let Some(word) = word {
                record.insert((*name).to_owned(), (*word).clone());
                continue;
            }
        }
        let said = Value::from(words(name).first().cloned().unwrap_or_default());
        if words(name)
            .last()
            .is_some_and(|last| matches!(last.as_str(), "at" | "on" | "date"))
            && words(name).len() == 2
            && same(&said).is_some()
        {
            record.insert((*name).to_owned(), moment(&property));
        }
    }
    touched(record, shape, shapes);
}

/// Now, as a property writes it.
fn moment(shape: &Shape<'_>) -> Value {
    let format = shape
        .keywords
        .get("format")
        .and_then(|node| node.value.as_str());
    let now = now();
    Value::from(if format == Some("date") {
        now.get(..10).unwrap_or_default().to_owned()
    } else {
        now
    })
}

/// Notes when a record was changed.
fn touched<'a>(record: &mut Map<String, Value>, shape: &Shape<'a>, shapes: &Shapes<'a>) {
    for (name, node) in &shape.properties {
        if matches!(
            plain(name).as_str(),
            "updatedat" | "modifiedat" | "lastmodified" | "updated" | "dateupdated" | "changedat"
        ) && record.get(*name).is_some_and(Value::is_string)
        {
            record.insert((*name).to_owned(), moment(&shapes.of(node)));
        }
    }
}

/// Takes what was sent into a record. With `removes`, null takes a member away (RFC 7396).
pub(super) fn merge(
    record: &mut Map<String, Value>,
    sent: &Map<String, Value>,
    id: Option<&str>,
    removes: bool,
) {
    for (name, value) in sent {
        if id == Some(name.as_str()) {
            continue;
        }
        match (record.get_mut(name), value) {
            (_, Value::Null) if removes => {
                record.remove(name);
            }
            (Some(Value::Object(own)), Value::Object(inner)) if removes => {
                merge(own, inner, None, true)
            }
            _ => {
                record.insert(name.clone(), value.clone());
            }
        }
    }
}

/// A record that was just made: what was sent, and of what nobody said, what a service fills in.
pub(super) fn created<'a>(
    mut full: Map<String, Value>,
    sent: &Map<String, Value>,
    collection: &Collection,
    required: &HashSet<String>,
    shape: &Shape<'a>,
    shapes: &Shapes<'a>,
) -> Map<String, Value> {
    let names: Vec<String> = full.keys().cloned().collect();
    for name in names {
        if sent.contains_key(&name) || collection.id.as_deref() == Some(name.as_str()) {
            continue;
        }
        let property = shape
            .properties
            .get(name.as_str())
            .map(|node| shapes.of(node))
            .unwrap_or_default();
        let of = plain(&name);
        let initial = property
            .values
            .as_ref()
            .filter(|_| STATES.iter().any(|state| of.ends_with(state)))
            .and_then(|values| {
                let known = FIRST.iter().find_map(|word| {
                    values.iter().find(|value| {
                        value
                            .as_str()
                            .is_some_and(|value| plain(value) == plain(word))
                    })
                });
                known.or_else(|| values.first()).copied()
            });
        let default = property.default.as_ref().map(|node| node.value);
        if let Some(value) = default.or(initial) {
            full.insert(name, value.clone());
        } else if matches!(
            of.as_str(),
            "createdat"
                | "updatedat"
                | "created"
                | "updated"
                | "datecreated"
                | "createdon"
                | "modifiedat"
                | "dateadded"
                | "addedat"
        ) {
            full.insert(name, moment(&property));
        } else if property.nullable && property.values.is_none() && !property.has_forms() {
            full.insert(name, Value::Null);
        } else if collection.writable.contains(&name)
            && !required.contains(&name)
            // What answers have to have would be made up anew for each of them.
            && !shape.required.contains(&name.as_str())
        {
            full.remove(&name);
        }
    }
    merge(&mut full, sent, None, false);
    full
}

/// What is known of a record whose content was replaced.
pub(super) fn replaced<'a>(
    record: &Map<String, Value>,
    sent: &Map<String, Value>,
    collection: &Collection,
    required: &HashSet<String>,
    is_whole: bool,
    shape: &Shape<'a>,
    shapes: &Shapes<'a>,
) -> Map<String, Value> {
    let mut next = record.clone();
    if is_whole {
        for name in &collection.writable {
            if sent.contains_key(name) || collection.id.as_deref() == Some(name.as_str()) {
                continue;
            }
            let property = shape
                .properties
                .get(name.as_str())
                .map(|node| shapes.of(node))
                .unwrap_or_default();
            match property.default.as_ref() {
                Some(default) => {
                    next.insert(name.clone(), default.value.clone());
                }
                None if property.nullable
                    && property.values.is_none()
                    && next.contains_key(name) =>
                {
                    next.insert(name.clone(), Value::Null);
                }
                None if !required.contains(name) => {
                    next.remove(name);
                }
                None => {}
            }
        }
    }
    merge(&mut next, sent, collection.id.as_deref(), false);
    touched(&mut next, shape, shapes);
    next
}

/// What a request about several records names: the first list in its body, and whether its items are identifiers.
pub(super) fn several(sent: &Sent) -> Vec<Value> {
    match &sent.body {
        Some(Value::Array(items)) => items.clone(),
        Some(Value::Object(object)) => {
            let lists = object.values().filter_map(Value::as_array);
            lists
                .max_by_key(|list| list.len())
                .cloned()
                .unwrap_or_default()
        }
        _ => {
            let mut in_query = sent
                .parameters
                .iter()
                .filter(|(within, ..)| *within == "query");
            in_query
                .find_map(|(_, _, value)| value.as_array())
                .cloned()
                .unwrap_or_default()
        }
    }
}

/// The identifier of an item of such a list.
pub(super) fn id_of(item: &Value, id: Option<&str>) -> Option<String> {
    match item {
        Value::String(_) | Value::Number(_) => Some(as_text(item)),
        Value::Object(object) => id.and_then(|id| object.get(id)).map(as_text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::made_by;

    #[test]
    fn verbs_have_participles() {
        for (verb, made) in [
            ("send", "sent"),
            ("approve", "approved"),
            ("close", "closed"),
            ("archive", "archived"),
            ("reject", "rejected"),
            ("apply", "applied"),
            ("stop", "stopped"),
            ("complete", "completed"),
            ("activate", "active"),
            ("pay", "paid"),
        ] {
            assert!(
                made_by(verb).iter().any(|one| one == made),
                "{verb}: {:?}",
                made_by(verb)
            );
        }
    }
}
