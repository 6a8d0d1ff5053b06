//! Texts that are written without quotes: `enum: [1.10]` beside `type: string`, and `title: 1.10`, mean the
//! text `1.10`, which a number does not keep.

use serde_json::{Map, Value};

use super::super::Document;
use crate::diagnostics::{Code, Diagnostic, Pointer};

/// Puts the texts in the place of the numbers and says so.
pub(super) fn restore(document: &mut Document) -> Vec<Diagnostic> {
    let mut places = Vec::new();
    find(&document.value, &Pointer::root(), Stands::Free, &mut places);
    let mut remarks = Vec::new();
    for pointer in places {
        let written = document
            .locate(&pointer, false)
            .and_then(|position| document.text.get(position.start..position.end))
            .map(str::to_owned);
        let value = document.value.pointer_mut(pointer.as_str());
        let (Some(written), Some(value)) = (written, value) else {
            continue;
        };
        // Elsewhere the number is as it is written, and the rules for values go by its type.
        let read = value.to_string();
        if !is_spelling(&written) || written == read {
            continue;
        }
        remarks.push(
            Diagnostic::new(
                Code::E0117,
                format!("a text is written as a number; read as the text `{written}`"),
            )
            .at(&pointer)
            .help(format!("put quotes around it: `\"{written}\"`")),
        );
        *value = Value::String(written);
    }
    remarks
}

/// Fields that are texts in every object of OpenAPI 3.2 (§4) that has them, and in schemas. `info.version`
/// has a rule of its own.
const TEXTS: [&str; 18] = [
    "$anchor",
    "$self",
    "bearerFormat",
    "contentType",
    "defaultMapping",
    "description",
    "email",
    "identifier",
    "kind",
    "name",
    "namespace",
    "operationId",
    "parent",
    "prefix",
    "propertyName",
    "summary",
    "termsOfService",
    "title",
];
/// Members that are lists of texts.
const LISTS: [&str; 4] = ["tags", "required", "consumes", "produces"];
/// Members whose own members are names that an author gave, and what stands under them texts.
const TEXTS_BY_NAME: [&str; 2] = ["mapping", "scopes"];
/// Members whose own members are names that an author gave.
const NAMES: [&str; 22] = [
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "mediaTypes",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securityDefinitions",
    "securitySchemes",
    "variables",
    "webhooks",
    "additionalOperations",
];

/// How the members of an object are to be read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Their names are those of fields.
    Free,
    /// Their names are those that an author gave.
    Named,
    /// It is a server variable, whose values are texts (OpenAPI 3.2 §4.6).
    Variable,
    /// It is data, of which OpenAPI says nothing.
    Data,
}

impl Stands {
    /// How a member or its own members are to be read.
    fn below(self, key: &str, value: &Value) -> Self {
        let is_data = matches!(
            key,
            "example" | "examples" | "default" | "enum" | "const" | "value"
        ) || key.starts_with("x-");
        match self {
            Self::Data => Self::Data,
            Self::Named => Self::Free,
            _ if is_data => Self::Data,
            _ if NAMES.contains(&key) && value.is_object() => Self::Named,
            _ => Self::Free,
        }
    }
}

/// Where numbers and booleans stand as values of a text, or where the standard has a text.
fn find(value: &Value, at: &Pointer, stands: Stands, places: &mut Vec<Pointer>) {
    match value {
        Value::Object(members) => {
            if is_text(members) || stands == Stands::Variable {
                for keyword in ["const", "default"] {
                    if members.get(keyword).is_some_and(is_unquoted) {
                        places.push(at.child(keyword));
                    }
                }
                each_unquoted(members.get("enum"), &at.child("enum"), places);
            }
            let is_free = matches!(stands, Stands::Free | Stands::Variable);
            for (key, member) in members {
                if !holds_more(member) {
                    if is_free && is_unquoted(member) && TEXTS.contains(&key.as_str()) {
                        places.push(at.child(key));
                    }
                    continue;
                }
                let below = at.child(key);
                if is_free && LISTS.contains(&key.as_str()) {
                    each_unquoted(Some(member), &below, places);
                }
                if is_free && TEXTS_BY_NAME.contains(&key.as_str()) {
                    each_unquoted(Some(member), &below, places);
                    continue;
                }
                if is_free && key == "variables" {
                    for (name, variable) in member.as_object().into_iter().flatten() {
                        find(variable, &below.child(name), Stands::Variable, places);
                    }
                    continue;
                }
                find(member, &below, stands.below(key, member), places);
            }
        }
        Value::Array(items) => {
            for (index, item) in items
                .iter()
                .enumerate()
                .filter(|(_, item)| holds_more(item))
            {
                find(item, &at.index(index), stands, places);
            }
        }
        _ => {}
    }
}

/// Those elements or members of a value that can be written in several ways.
fn each_unquoted(value: Option<&Value>, at: &Pointer, places: &mut Vec<Pointer>) {
    match value {
        Some(Value::Array(values)) => {
            let unquoted = values.iter().enumerate().filter(|(_, it)| is_unquoted(it));
            places.extend(unquoted.map(|(index, _)| at.index(index)));
        }
        Some(Value::Object(values)) => {
            let unquoted = values.iter().filter(|(_, it)| is_unquoted(it));
            places.extend(unquoted.map(|(name, _)| at.child(name)));
        }
        _ => {}
    }
}

fn holds_more(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// Whether a schema is of texts alone (or null).
fn is_text(schema: &Map<String, Value>) -> bool {
    match schema.get("type") {
        Some(Value::String(name)) => name == "string",
        Some(Value::Array(names)) => {
            names.iter().any(|name| name == "string")
                && names.iter().all(|name| name == "string" || name == "null")
        }
        _ => false,
    }
}

/// Whether a value can be written in several ways.
fn is_unquoted(value: &Value) -> bool {
    value.is_number() || value.is_boolean()
}

/// Whether the text at a place is the scalar itself, and no alias of it.
fn is_spelling(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 100
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::{Budgets, read};
    use crate::diagnostics::{Code, Diagnostic};

    #[test]
    fn values_of_texts_keep_their_spelling() {
        let text = "one: {type: string, enum: [1.10, 2.0, \"1.1\", True, 0x1F, 7, 100000000000000000000000000.10], default: 1.10}\n\
                    two: {type: [string, \"null\"], const: 1e3}\n\
                    three: {type: number, enum: [1.10], default: 1.10}\n\
                    four: {type: [string, number], const: 1.10}\n\
                    five: {type: string, enum: [&v 1.50, *v]}\n";
        let document = read("a.yaml", text.as_bytes(), &Budgets::default()).unwrap();
        let value = &document.value;
        assert_eq!(
            value["one"]["enum"],
            json!([
                "1.10",
                2.0,
                "1.1",
                "True",
                "0x1F",
                7,
                "100000000000000000000000000.10"
            ])
        );
        let only_spelling = |remark: &Diagnostic| remark.code == Code::E0117;
        assert!(document.remarks.iter().all(only_spelling));
        assert_eq!(value["one"]["default"], "1.10");
        assert_eq!(value["two"]["const"], "1e3");
        assert_eq!(
            value["three"],
            json!({"type": "number", "enum": [1.1], "default": 1.1})
        );
        assert_eq!(value["four"]["const"], 1.1);
        let json = br#"{"type": "string", "enum": [1.10, 2]}"#;
        let document = read("a.json", json, &Budgets::default()).unwrap();
        assert_eq!(document.value["enum"], json!(["1.10", 2]));
    }
    #[test]
    fn fields_that_are_texts_keep_their_spelling_and_data_is_left_alone() {
        let text = "info: {title: 1.10, description: 2.00, version: 3}\n\
                    tags: [{name: 1.20, parent: 0x1F}]\n\
                    servers: [{url: a, variables: {v: {default: 1.30, enum: [1.30, 2], description: 1e3}}}]\n\
                    paths: {/a: {get: {operationId: 1.40, summary: True, tags: [1.20, 7], deprecated: true,\n\
                    \x20 parameters: [{name: 1.50, required: true, example: {name: 1.60}}]}}}\n\
                    components: {schemas: {title: {title: 1.70, minimum: 1.10, maximum: 2.0, default: {title: 1.80},\n\
                    \x20 required: [1.90], properties: {name: {example: 1.10}, default: {title: 2.10}},\n\
                    \x20 x-title: {title: 2.20}, discriminator: {propertyName: 2.30, mapping: {a: 2.40, title: 2.50}}}}}\n";
        let document = read("a.yaml", text.as_bytes(), &Budgets::default()).unwrap();
        let schema = "/components/schemas/title";
        for (place, expected) in [
            ("/info/title".to_owned(), json!("1.10")),
            ("/info/description".to_owned(), json!("2.00")),
            ("/tags/0/name".to_owned(), json!("1.20")),
            ("/tags/0/parent".to_owned(), json!("0x1F")),
            ("/servers/0/variables/v/default".to_owned(), json!("1.30")),
            ("/servers/0/variables/v/enum".to_owned(), json!(["1.30", 2])),
            (
                "/servers/0/variables/v/description".to_owned(),
                json!("1e3"),
            ),
            ("/paths/~1a/get/operationId".to_owned(), json!("1.40")),
            ("/paths/~1a/get/summary".to_owned(), json!("True")),
            ("/paths/~1a/get/tags".to_owned(), json!(["1.20", 7])),
            ("/paths/~1a/get/deprecated".to_owned(), json!(true)),
            ("/paths/~1a/get/parameters/0/name".to_owned(), json!("1.50")),
            (
                "/paths/~1a/get/parameters/0/required".to_owned(),
                json!(true),
            ),
            (
                "/paths/~1a/get/parameters/0/example/name".to_owned(),
                json!(1.6),
            ),
            (format!("{schema}/title"), json!("1.70")),
            (format!("{schema}/minimum"), json!(1.1)),
            (format!("{schema}/default/title"), json!(1.8)),
            (format!("{schema}/required"), json!(["1.90"])),
            (format!("{schema}/properties/name/example"), json!(1.1)),
            (format!("{schema}/properties/default/title"), json!("2.10")),
            (format!("{schema}/x-title/title"), json!(2.2)),
            (
                format!("{schema}/discriminator/propertyName"),
                json!("2.30"),
            ),
            (
                format!("{schema}/discriminator/mapping"),
                json!({"a": "2.40", "title": "2.50"}),
            ),
        ] {
            assert_eq!(document.value.pointer(&place), Some(&expected), "{place}");
        }
    }
}
