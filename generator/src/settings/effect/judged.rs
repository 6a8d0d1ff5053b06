//! Whether a place or a name in answers is one that the document knows.

use serde_json::{Map, Value};

use super::Effect;
use crate::ir::{Declared, OutputKind};
use crate::text::pointer::unescaped;

/// How a name fits what a document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::settings) enum Fit {
    /// It is none of those that there are.
    No,
    /// Nothing is said, so that nobody can tell.
    Unknown,
    /// It is there.
    Yes,
}

/// What is said of a place.
#[derive(Clone, Debug)]
pub(super) enum There<'d> {
    /// This.
    Yes(&'d Value),
    /// Nothing.
    Unknown,
    /// It is none of these.
    No(Vec<&'d str>),
}

impl There<'_> {
    pub(super) fn fit(&self) -> Fit {
        match self {
            Self::Yes(_) => Fit::Yes,
            Self::Unknown => Fit::Unknown,
            Self::No(_) => Fit::No,
        }
    }

    /// The names that there are instead.
    pub(super) fn names(&self) -> Vec<String> {
        match self {
            Self::No(names) => names.iter().map(|name| (*name).to_owned()).collect(),
            _ => Vec::new(),
        }
    }
}

/// Whether arrays on the way are passed through, as they are for what is never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrays {
    /// `/data/0/name`
    Indexed,
    /// `/data/name`, and `*` is any index or name.
    Through,
}

impl Effect<'_> {
    /// What the document says of a place in the answer.
    pub(super) fn in_answer(&self, pointer: &str, arrays: Arrays) -> There<'_> {
        match self.operation.output {
            OutputKind::Text | OutputKind::Binary => return There::No(Vec::new()),
            OutputKind::Empty | OutputKind::Json | OutputKind::Wrapped => {}
        }
        match &self.operation.declared.answer {
            Some(schema) => at(schema, pointer, arrays),
            None => There::Unknown,
        }
    }

    /// What the document says of a record of an answer whose records stand there.
    pub(super) fn record(&self, records: &str) -> There<'_> {
        match self.in_answer(records, Arrays::Indexed) {
            There::Yes(schema) => There::Yes(schema.get("items").unwrap_or(schema)),
            // That it is not there is said of what named it.
            other => match other.fit() {
                Fit::No if records.is_empty() => other,
                _ => There::Unknown,
            },
        }
    }
}

/// Follows a pointer.
pub(super) fn at<'d>(schema: &'d Value, pointer: &str, arrays: Arrays) -> There<'d> {
    let steps: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
    follow(schema, &steps, arrays)
}

fn follow<'d>(schema: &'d Value, steps: &[String], arrays: Arrays) -> There<'d> {
    let [step, rest @ ..] = steps else {
        return There::Yes(schema);
    };
    if schema.as_object().is_none_or(Map::is_empty) {
        return There::Unknown;
    }
    if let (Arrays::Through, "*", Some(items)) = (arrays, step.as_str(), schema.get("items")) {
        let of_items = follow(items, rest, arrays);
        // It may be any name in the items as well, and of a free one nobody would know.
        return match follow(items, steps, arrays) {
            There::Yes(schema) if of_items.fit() != Fit::Yes => There::Yes(schema),
            _ => of_items,
        };
    }
    let mut names = Vec::new();
    let mut unknown = false;
    for (inner, left) in below(schema, step, steps, rest, arrays, &mut names) {
        match follow(inner, left, arrays) {
            There::Yes(schema) => return There::Yes(schema),
            There::Unknown => unknown = true,
            There::No(more) => names = more,
        }
    }
    if unknown {
        There::Unknown
    } else {
        There::No(names)
    }
}

/// Where a step may lead, with the steps that are left there. `names`: what there is at this level.
fn below<'d, 's>(
    schema: &'d Value,
    step: &str,
    steps: &'s [String],
    rest: &'s [String],
    arrays: Arrays,
    names: &mut Vec<&'d str>,
) -> Vec<(&'d Value, &'s [String])> {
    let mut found = Vec::new();
    let any = step == "*" && arrays == Arrays::Through;
    if let Some(items) = schema.get("items") {
        if arrays == Arrays::Through {
            found.push((items, steps));
        }
        if arrays == Arrays::Indexed && step.bytes().all(|byte| byte.is_ascii_digit()) {
            found.push((items, rest));
        }
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, inner) in properties.into_iter().flatten() {
        names.push(name);
        if any || name == step {
            found.push((inner, rest));
        }
    }
    let further = schema.get("additionalProperties");
    if let Some(further) = further.filter(|_| any || !names.contains(&step)) {
        found.push((further, rest));
    }
    found
}

/// Whether a value can be one of those of a schema; its text is that of the value.
pub(super) fn has_value(schema: &Value, text: &str) -> (Fit, Vec<String>) {
    let schema = schema.get("items").unwrap_or(schema);
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let plain = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let values: Vec<String> = values.iter().map(plain).collect();
        let fit = if values.iter().any(|value| value == text) {
            Fit::Yes
        } else if text == "null" {
            Fit::Unknown
        } else {
            Fit::No
        };
        return (fit, values);
    }
    let kinds = schema.get("type").and_then(Value::as_array);
    let Some(kinds) = kinds.filter(|kinds| !kinds.is_empty()) else {
        return (Fit::Unknown, Vec::new());
    };
    // Whether a value may be null, documents often leave out.
    let can_be = |kind: &Value| match kind.as_str() {
        _ if text == "null" => true,
        Some("boolean") => matches!(text, "true" | "false"),
        Some("integer" | "number") => text.parse::<f64>().is_ok(),
        Some("object" | "array") => false,
        _ => true,
    };
    if kinds.iter().any(can_be) {
        return (Fit::Unknown, Vec::new());
    }
    let flags = kinds.iter().any(|kind| kind == "boolean");
    let known = ["true", "false"].iter().filter(|_| flags);
    (Fit::No, known.map(|flag| (*flag).to_owned()).collect())
}

/// Whether refusals can have something at a place, as far as the document describes those with this status.
pub(super) fn in_errors(
    declared: &Declared,
    status: Option<u64>,
    pointer: &str,
) -> (Fit, Vec<String>) {
    use crate::http::Status;
    let find = |wanted: Status| {
        let mut all = declared.errors.iter();
        let found = all.find(|(key, _)| Status::of(key) == Some(wanted));
        found.map(|(_, schema)| schema)
    };
    let mut schemas: Vec<&Value> = Vec::new();
    match status.and_then(|status| u16::try_from(status).ok()) {
        Some(status) => {
            let of_range = u8::try_from(status / 100).ok().map(Status::Range);
            let schema = find(Status::Code(status))
                .or_else(|| find(of_range?))
                .or_else(|| find(Status::Default));
            schemas.extend(schema.filter(|_| status >= 400));
        }
        // Services refuse in more ways than their documents list, unless these list all.
        None => {
            let all = find(Status::Default).is_some()
                || find(Status::Range(4)).is_some() && find(Status::Range(5)).is_some();
            schemas.extend(
                declared
                    .errors
                    .iter()
                    .map(|(_, schema)| schema)
                    .filter(|_| all),
            );
        }
    }
    let mut names = Vec::new();
    let mut best = if schemas.is_empty() {
        Fit::Unknown
    } else {
        Fit::No
    };
    for schema in schemas {
        let there = at(schema, pointer, Arrays::Indexed);
        best = best.max(there.fit());
        names.extend(there.names());
    }
    (best, names)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_there_or_not_or_nobody_knows() {
        let schema = json!({"type": ["object"], "properties": {
            "data": {"type": ["array"], "items": {"type": ["object"], "properties": {
                "hash": {"type": ["string"]}, "more": {}
            }}},
            "meta": {"type": ["object"], "properties": {}, "additionalProperties": {"type": ["integer"]}},
            "count": {"type": ["integer"]}
        }});
        for (pointer, indexed, through) in [
            ("", Fit::Yes, Fit::Yes),
            ("/count", Fit::Yes, Fit::Yes),
            ("/coutn", Fit::No, Fit::No),
            ("/count/x", Fit::No, Fit::No),
            ("/data/0/hash", Fit::Yes, Fit::No),
            ("/data/hash", Fit::No, Fit::Yes),
            ("/data/*/hash", Fit::No, Fit::Yes),
            ("/data/*/hsah", Fit::No, Fit::No),
            ("/data/0/more/x", Fit::Unknown, Fit::No),
            ("/data/more/x", Fit::No, Fit::Unknown),
            ("/*/hash", Fit::No, Fit::Yes),
            ("/meta/any", Fit::Yes, Fit::Yes),
        ] {
            let fit = |arrays| at(&schema, pointer, arrays).fit();
            let found = (fit(Arrays::Indexed), fit(Arrays::Through));
            assert_eq!(found, (indexed, through), "{pointer}");
        }
        assert_eq!(at(&json!({}), "/a", Arrays::Indexed).fit(), Fit::Unknown);
    }

    #[test]
    fn a_word_is_for_a_value_that_can_come() {
        for (schema, text, expected) in [
            (
                json!({"type": ["string"], "enum": ["a", "b"]}),
                "a",
                Fit::Yes,
            ),
            (
                json!({"type": ["string"], "enum": ["a", "b"]}),
                "c",
                Fit::No,
            ),
            (json!({"type": ["integer"], "enum": [1, 2]}), "2", Fit::Yes),
            (json!({"type": ["integer"]}), "7", Fit::Unknown),
            (json!({"type": ["integer"]}), "open", Fit::No),
            (json!({"type": ["boolean"]}), "true", Fit::Unknown),
            (json!({"type": ["boolean"]}), "1", Fit::No),
            (json!({"type": ["string"]}), "open", Fit::Unknown),
            (json!({"type": ["object"]}), "open", Fit::No),
            (
                json!({"type": ["array"], "items": {"enum": ["a"]}}),
                "a",
                Fit::Yes,
            ),
            (json!({"type": ["boolean"]}), "null", Fit::Unknown),
            (json!({}), "open", Fit::Unknown),
        ] {
            assert_eq!(has_value(&schema, text).0, expected, "{schema} {text}");
        }
    }

    #[test]
    fn refusals_are_judged_where_the_document_describes_them() {
        let body = json!({"type": ["object"], "properties": {"message": {"type": ["string"]}}});
        let of = |keys: &[&str]| Declared {
            answer: None,
            errors: keys
                .iter()
                .map(|key| ((*key).to_owned(), body.clone()))
                .collect(),
        };
        for (keys, status, pointer, expected) in [
            (&["422"][..], Some(422), "/message", Fit::Yes),
            (&["422"], Some(422), "/messages", Fit::No),
            (&["422"], Some(404), "/messages", Fit::Unknown),
            (&["422"], None, "/messages", Fit::Unknown),
            (&["4XX"], Some(404), "/messages", Fit::No),
            (&["4XX"], None, "/messages", Fit::Unknown),
            (&["4XX", "5XX"], None, "/messages", Fit::No),
            (&["default"], None, "/messages", Fit::No),
            (&["default"], Some(200), "/messages", Fit::Unknown),
        ] {
            let found = in_errors(&of(keys), status, pointer).0;
            assert_eq!(found, expected, "{keys:?} {status:?} {pointer}");
        }
    }
}
