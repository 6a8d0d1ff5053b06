//! Each hostile text in each place of a document.

use std::collections::BTreeSet;

use mcpwright::{Config, RuntimeSource};
use serde_json::{Value, json};

use crate::laws;
use crate::payloads::payloads;

/// A document that uses everything; its texts are what is replaced.
pub fn document() -> Value {
    serde_json::from_str(include_str!("document.json")).unwrap()
}

/// A place where a document has text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A value.
    Value(String),
    /// A key.
    Key(String),
}

/// Keys that OpenAPI and JSON Schema fix; the others are an author's own.
fn is_free(parent: &str, key: &str) -> bool {
    let holder = parent.rsplit('/').next().unwrap_or_default();
    matches!(
        holder,
        "paths"
            | "properties"
            | "schemas"
            | "securitySchemes"
            | "content"
            | "responses"
            | "encoding"
            | "security"
    ) || parent.ends_with("/security/0")
        || key.starts_with("x-")
}

/// Every place of a document.
pub fn places(value: &Value, at: &str, all: &mut BTreeSet<Place>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let below = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                if is_free(at, key) {
                    all.insert(Place::Key(below.clone()));
                }
                places(value, &below, all);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                places(item, &format!("{at}/{i}"), all);
            }
        }
        Value::String(_) => {
            all.insert(Place::Value(at.to_owned()));
        }
        _ => {}
    }
}

/// The document with a text put in a place.
pub fn put(document: &Value, place: &Place, text: &str) -> Value {
    let mut document = document.clone();
    match place {
        Place::Value(pointer) => *document.pointer_mut(pointer).unwrap() = json!(text),
        Place::Key(pointer) => {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            let key = key.replace("~1", "/").replace("~0", "~");
            let members = document
                .pointer_mut(parent)
                .unwrap()
                .as_object_mut()
                .unwrap();
            // In its place, so that nothing else moves.
            *members = std::mem::take(members)
                .into_iter()
                .map(|(k, v)| {
                    if k == key {
                        (text.to_owned(), v)
                    } else {
                        (k, v)
                    }
                })
                .collect();
        }
    }
    document
}

/// Whether a place shapes the document, so that any text there makes another document of it.
fn is_structure(place: &Place) -> bool {
    match place {
        Place::Value(pointer) => {
            let key = pointer.rsplit('/').next().unwrap();
            matches!(
                key,
                "openapi" | "$ref" | "type" | "in" | "style" | "propertyName" | "format"
            ) || pointer.contains("/required/")
                || pointer.starts_with("/servers")
        }
        Place::Key(pointer) => {
            let parent = pointer.rsplit('/').nth(1).unwrap();
            let key = pointer.rsplit('/').next().unwrap();
            parent != "properties" && !key.starts_with("x-")
        }
    }
}

fn all_places(document: &Value) -> (Vec<Place>, Vec<Place>) {
    let mut all = BTreeSet::new();
    places(document, "", &mut all);
    assert!(all.len() > 90, "{}", all.len());
    all.into_iter().partition(is_structure)
}

/// Generates and checks; only texts in the structure may make a document unusable.
fn try_one(what: &str, document: &Value, may_be_refused: bool) {
    let generated = Config::new()
        .spec_str("api.json", &document.to_string())
        .runtime(RuntimeSource::Registry)
        .generate();
    match generated {
        Ok(generated) => laws::check(what, &generated),
        Err(error) => {
            let error = error.to_string();
            assert!(
                may_be_refused && error.contains("error[E"),
                "{what}: {error}"
            );
        }
    }
}

/// In each of as many documents as there are texts, every place has another text; over all of them,
/// every place has had every text.
#[test]
fn hostile_text_in_every_place_never_leaves_its_place() {
    let document = document();
    let (_, mut texts) = all_places(&document);
    // Keys last and deepest first, so that the pointers to the others still hold.
    texts.sort_by_key(|place| match place {
        Place::Value(_) => 0,
        Place::Key(pointer) => usize::MAX - pointer.len(),
    });
    texts.sort_by_key(|place| matches!(place, Place::Key(_)));
    let payloads = payloads();
    for round in 0..payloads.len() {
        let mut hostile = document.clone();
        for (i, place) in texts.iter().enumerate() {
            let (_, payload) = &payloads[(round + i) % payloads.len()];
            hostile = put(&hostile, place, payload);
        }
        try_one(&format!("round {round}"), &hostile, false);
    }
}

#[test]
fn hostile_text_in_the_structure_is_refused_or_stays_in_its_place() {
    let document = document();
    let (structure, _) = all_places(&document);
    for (i, place) in structure.iter().enumerate() {
        // Other texts in other places; the slow test below has all in all.
        for (name, payload) in payloads().iter().skip(i % 6).step_by(6) {
            try_one(
                &format!("{name} in {place:?}"),
                &put(&document, place, payload),
                true,
            );
        }
    }
}

#[test]
#[ignore = "takes minutes: each text in each place, one at a time"]
fn hostile_text_in_each_place_alone_never_leaves_its_place() {
    let document = document();
    let (structure, texts) = all_places(&document);
    for (name, payload) in payloads() {
        for place in &structure {
            try_one(
                &format!("{name} in {place:?}"),
                &put(&document, place, &payload),
                true,
            );
        }
        for place in &texts {
            try_one(
                &format!("{name} in {place:?}"),
                &put(&document, place, &payload),
                false,
            );
        }
    }
}

/// All payloads in all places of one document, in operations of their own.
pub fn combined() -> Value {
    let mut paths = serde_json::Map::new();
    let mut schemas = serde_json::Map::new();
    let mut schemes = serde_json::Map::new();
    let mut tags = Vec::new();
    let template = document();
    let texts: Vec<String> = payloads().into_iter().map(|(_, text)| text).collect();
    for (i, text) in texts.iter().enumerate() {
        let mut operation = template["paths"]["/things/{id}"]["post"].clone();
        // One operation has them all side by side; more would only be slow.
        let some: Vec<&String> = if i == 0 {
            texts.iter().collect()
        } else {
            texts
                .iter()
                .cycle()
                .skip(i)
                .step_by(7)
                .take(6)
                .chain([text])
                .collect()
        };
        let enums = json!({"type": "string", "enum": some, "default": text, "description": text});
        operation["operationId"] = json!(text);
        operation["tags"] = json!([text]);
        for field in ["summary", "description"] {
            operation[field] = json!(text);
        }
        operation["parameters"] = json!([
            {"name": "id", "in": "path", "required": true, "description": text, "schema": {"type": "string"}},
            {"name": text, "in": "query", "description": text, "schema": enums},
            {"name": text, "in": "header", "description": text, "schema": {"type": "string", "pattern": text}},
            {"name": text, "in": "cookie", "schema": {"type": "string", "examples": [text]}},
        ]);
        let properties: serde_json::Map<String, Value> = some
            .iter()
            .map(|t| {
                (
                    (*t).clone(),
                    json!({"type": "string", "description": text, "const": t}),
                )
            })
            .collect();
        let schema = json!({"type": "object", "title": text, "description": text, "properties": properties,
            "required": [text], "additionalProperties": {"description": text}});
        operation["requestBody"] =
            json!({"description": text, "content": {"application/json": {"schema": schema}}});
        let escaped = text.replace('~', "~0").replace('/', "~1");
        operation["responses"] = json!({"200": {"description": text, "content": {
            "application/json": {"schema": {"$ref": format!("#/components/schemas/{escaped}")}}}}});
        operation["security"] = json!([{text.as_str(): [text]}]);
        let clean: String = text
            .chars()
            .filter(|c| !"{}?#".contains(*c))
            .take(200)
            .collect();
        paths.insert(
            format!("/things{i}/{clean}/{{id}}"),
            json!({"post": operation}),
        );
        schemas.insert(text.clone(), schema);
        schemes.insert(text.clone(), json!({"type": "apiKey", "in": "header", "name": format!("X-Key-{i}"), "description": text}));
        tags.push(json!({"name": text, "description": text}));
    }
    let everything = texts.join(" ");
    json!({
        "openapi": "3.1.0",
        "info": {"title": everything, "version": everything, "description": everything, "summary": everything},
        "servers": [{"url": "https://api.example.com", "description": everything}],
        "tags": tags,
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": schemes},
    })
}

#[test]
fn all_hostile_texts_at_once_stay_in_their_places() {
    let text = combined().to_string();
    let generated = Config::new()
        .spec_str("api.json", &text)
        .runtime(RuntimeSource::Registry)
        .generate()
        .unwrap();
    laws::check("everything", &generated);
    let left_out: Vec<_> = generated.api.exclusions.iter().map(|e| &e.reason).collect();
    assert!(generated.api.operations().count() > 50, "{left_out:#?}");
}
