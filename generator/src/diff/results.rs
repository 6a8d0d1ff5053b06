//! What a change of a result means for who reads it: fields that are gone, and others in their place.

use serde_json::{Map, Value};

use super::{Level, named};
use crate::ir::{Operation, OutputKind};

/// The changes of what a success carries.
pub(super) fn results(old: &Operation, new: &Operation) -> Vec<(Level, String)> {
    let mut found = Vec::new();
    if kind(old) != kind(new) {
        let line = format!("a result is {} now, before {}", kind(new), kind(old));
        found.push((Level::Breaking, line));
        return found;
    }
    match (&old.output_schema, &new.output_schema) {
        (Some(before), Some(after)) => {
            let mut fields = Fields::default();
            fields.walk(root(before, old), root(after, new), "");
            fields.told(&mut found);
        }
        (Some(_), None) => found.push((
            Level::Breaking,
            "the document no longer says what a result holds".to_owned(),
        )),
        (None, Some(_)) => found.push((
            Level::Compatible,
            "the document says what a result holds".to_owned(),
        )),
        (None, None) => {}
    }
    found
}

/// What a result is, in words.
fn kind(operation: &Operation) -> &'static str {
    match operation.output {
        OutputKind::Json | OutputKind::Wrapped => "JSON",
        OutputKind::Text => "text",
        OutputKind::Binary => "a file",
        OutputKind::Empty => "empty",
    }
}

/// The schema of the answer, without what stands around one that is no object.
fn root<'a>(schema: &'a Value, operation: &Operation) -> &'a Value {
    let inner = schema.pointer("/properties/result");
    match operation.output {
        OutputKind::Wrapped => inner.unwrap_or(schema),
        _ => schema,
    }
}

/// Names of fields that are told of one tool.
const NAMED: usize = 8;

/// What became of the fields of a result.
#[derive(Default)]
struct Fields {
    gone: Vec<String>,
    more: Vec<String>,
    others: Vec<(Level, String)>,
}

impl Fields {
    fn told(self, found: &mut Vec<(Level, String)>) {
        found.extend(self.others);
        let list = |names: Vec<String>| {
            let shown: Vec<String> = names.iter().take(NAMED).map(|name| named(name)).collect();
            let shown = shown.join(", ");
            match names.len().saturating_sub(NAMED) {
                0 => shown,
                more => format!("{shown} and {more} more"),
            }
        };
        if !self.gone.is_empty() {
            let line = format!("results no longer have {}", list(self.gone));
            found.push((Level::Breaking, line));
        }
        if !self.more.is_empty() {
            let line = format!("results also have {}", list(self.more));
            found.push((Level::Compatible, line));
        }
    }

    fn walk(&mut self, old: &Value, new: &Value, at: &str) {
        let kind = |schema: &Value| {
            schema
                .get("type")
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        if let (Some(before), Some(after)) = (kind(old), kind(new))
            && before != after
        {
            let shown = if at.is_empty() {
                "a result".to_owned()
            } else {
                named(at)
            };
            let level = if before == "number" && after == "integer" {
                Level::Compatible
            } else {
                Level::Breaking
            };
            let line = format!("in results, {shown} is {after} now, before {before}");
            self.others.push((level, line));
            return;
        }
        let place = |name: &str| {
            if at.is_empty() {
                name.to_owned()
            } else {
                format!("{at}.{name}")
            }
        };
        let none = Map::new();
        let had = old.get("properties").and_then(Value::as_object);
        let has = new.get("properties").and_then(Value::as_object);
        let (had, has) = (had.unwrap_or(&none), has.unwrap_or(&none));
        for (name, before) in had {
            match has.get(name) {
                Some(after) => self.walk(before, after, &place(name)),
                // A schema without a type and fields says nothing of them.
                None if has.is_empty() && kind(new).is_none() => {}
                None => self.gone.push(place(name)),
            }
        }
        let more = has.keys().filter(|name| !had.contains_key(*name));
        self.more.extend(more.map(|name| place(name)));
        if let (Some(old), Some(new)) = (old.get("items"), new.get("items")) {
            self.walk(old, new, &format!("{at}[]"));
        }
    }
}
