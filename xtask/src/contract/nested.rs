//! What requests carry of values within values, from the document to the bytes: nulls, and schemas that
//! contain themselves.

use mcpwright_runtime::operation::OperationDef;
use serde_json::{Value, json};

use super::bodies::{api, only, posted, send};

fn patched(schema: &Value, arguments: Value) -> Result<Value, String> {
    let media = json!({"application/merge-patch+json": {"schema": schema}});
    let operation = json!({"requestBody": {"required": true, "content": media}});
    let operation: &OperationDef = only(api("patch", &operation, &json!({})));
    let request = send(operation, arguments)?;
    let body = request.body.map(|body| body.bytes).unwrap_or_default();
    serde_json::from_slice(&body).map_err(|error| error.to_string())
}

#[test]
fn a_merge_patch_removes_what_is_null_and_leaves_what_is_not_given() {
    let schema = json!({"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"},
        "phone": {"type": "string"},
        "address": {"type": "object", "additionalProperties": false, "properties": {"zip": {"type": "string"}}},
        "custom": {"type": "object", "additionalProperties": {"type": "integer"}},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
    }});
    let given = json!({"name": "a", "phone": null, "address": {"zip": null}, "custom": {"x": null, "y": 1}});
    assert_eq!(patched(&schema, given.clone()), Ok(given));
    let whole = json!({"name": "a", "address": null});
    assert_eq!(patched(&schema, whole.clone()), Ok(whole));
    // What an array holds is replaced, not patched.
    let lines = json!({"name": "a", "lines": [{"n": null}, {"n": 1}]});
    let sent = json!({"name": "a", "lines": [{}, {"n": 1}]});
    assert_eq!(patched(&schema, lines), Ok(sent));
    // A patch without what its schema requires is none.
    let refused = patched(&schema, json!({"name": null})).unwrap_err();
    assert!(refused.contains("name"), "{refused}");
}

#[test]
fn names_in_what_contains_itself_are_right_at_any_depth() {
    let components = json!({"schemas": {"Folder": {"type": "object", "properties": {
        "id": {"type": "integer", "readOnly": true},
        "$set": {"type": "integer"},
        "folders": {"type": "array", "items": {"$ref": "#/components/schemas/Folder"}},
        "by": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Folder"}},
    }}}});
    let schema = json!({"$ref": "#/components/schemas/Folder"});
    let mut given = json!({"_set": 0});
    let mut sent = json!({"$set": 0});
    for id in 1..9 {
        given =
            json!({"id": id, "_set": id, "folders": [given], "by": {"k": {"id": 5, "_set": 5}}});
        sent = json!({"$set": id, "folders": [sent], "by": {"k": {"$set": 5}}});
    }
    // The arguments themselves are what the tool lists.
    given.as_object_mut().unwrap().remove("id");
    let (_, text) = posted(
        "application/json",
        &json!({ "schema": schema }),
        &components,
        given,
    );
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found, sent);
}

#[test]
fn null_is_sent_in_the_form_that_has_it_and_refused_in_another() {
    let form = |kind: &str, note: Value| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"enum": [kind]}, "note": note}});
    let pet = json!({"oneOf": [
        form("dog", json!({"type": "string"})), form("cat", json!({"type": ["string", "null"]})),
    ]});
    let operation = json!({"requestBody": {"required": true, "content": {"application/json": {"schema": pet}}}});
    let operation = only(api("post", &operation, &json!({})));
    let cat = json!({"body": {"kind": "cat", "note": null}});
    let sent = send(operation, cat).unwrap().body.unwrap().bytes;
    assert_eq!(sent, br#"{"kind":"cat","note":null}"#);
    let dog = json!({"body": {"kind": "dog", "note": null}});
    let refused = send(operation, dog).unwrap_err();
    assert!(
        refused.contains("/body/note") && refused.contains("leave it out"),
        "{refused}"
    );
}

#[test]
fn a_value_that_names_a_form_is_checked_as_that_form() {
    let form = |own: &str| json!({"type": "object", "required": ["kind", own], "properties": {"kind": {"type": "string"}, own: {"type": "string"}}});
    let components = json!({"schemas": {"Dog": form("bark"), "Cat": form("purr")}});
    let of = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let pet = json!({"oneOf": [of("Dog"), of("Cat")], "discriminator": {"propertyName": "kind", "mapping": {"dog": "Dog"}}});
    let operation = json!({"requestBody": {"required": true, "content": {"application/json": {"schema": pet}}}});
    let operation = only(api("post", &operation, &components));
    let refused = send(operation, json!({"body": {"kind": "dog", "purr": "a"}})).unwrap_err();
    assert!(refused.contains("/body/bark"), "{refused}");
    assert!(send(operation, json!({"body": {"kind": "Cat", "purr": "a"}})).is_ok());
}

#[test]
fn sets_of_names_are_asked_for_in_words_and_not_listed() {
    let text = json!({"type": "string"});
    for (keyword, given, said) in [
        ("anyOf", json!({}), "needs `a`, or `b` and `c`."),
        (
            "oneOf",
            json!({"a": "1", "b": "2", "c": "3"}),
            "needs exactly one of: `a`, or `b` and `c`.",
        ),
    ] {
        let schema = json!({"type": "object", keyword: [{"required": ["a"]}, {"required": ["b", "c"]}],
            "properties": {"a": text, "b": text, "c": text}});
        let media = json!({"application/json": {"schema": schema}});
        let operation = json!({"requestBody": {"required": true, "content": media}});
        let operation = only(api("post", &operation, &json!({})));
        let refused = send(operation, given).unwrap_err();
        assert!(refused.contains(said), "{refused}");
        assert!(send(operation, json!({"b": "1", "c": "2"})).is_ok());
    }
}
