//! Properties that have other names on the wire.

use mcpwright_runtime::arguments::check as check_operation;
use mcpwright_runtime::json::Value;
use mcpwright_runtime::operation::OperationDef;
use serde_json::json;

use super::object;

#[test]
fn properties_get_the_names_that_they_have_on_the_wire() {
    let operation = OperationDef {
        renamed: &[
            ("/update/_set", "$set"),
            ("/update/_set/*/a_b", "a/b"),
            ("/list/*/_type", "@type"),
        ],
        ..OperationDef::DEFAULT
    };
    let schema = json!({"type": "object", "properties": {"update": {}, "list": {}, "_set": {}}});
    let given = json!({
        "_set": 1,
        "update": {"_set": [{"a_b": 2, "_set": 3}], "other": {"_set": 4}},
        "list": [{"_type": "x"}, "_type"],
    });
    let (Value::Object(schema), Value::Object(given)) = (schema, given) else {
        panic!("objects")
    };
    assert_eq!(
        Value::Object(check_operation(&operation, &schema, given).unwrap()),
        json!({
            "_set": 1,
            "update": {"$set": [{"a/b": 2, "_set": 3}], "other": {"_set": 4}},
            "list": [{"@type": "x"}, "_type"],
        })
    );
}

#[test]
fn two_properties_with_one_name_on_the_wire_are_refused() {
    let operation = OperationDef {
        renamed: &[("/update/*/_set", "$set"), ("/_q", "$q")],
        ..OperationDef::DEFAULT
    };
    let schema =
        object(json!({"type": "object", "properties": {"update": {}, "_q": {}, "$q": {}}}));
    for (given, place) in [
        (
            json!({"update": [{"_set": 1, "$set": 2}]}),
            "/update/0/$set",
        ),
        (
            json!({"update": [{"$set": 2, "_set": 1}]}),
            "/update/0/_set",
        ),
        (json!({"_q": 1, "$q": 1}), "/$q"),
    ] {
        let problems = check_operation(&operation, &schema, object(given.clone())).unwrap_err();
        assert_eq!(problems.total(), 1, "{given}");
        assert_eq!(problems[0].pointer, place, "{given}");
        assert!(problems[0].message.contains("\"$"), "{given}");
    }
    for given in [json!({"$set": 2}), json!({"_set": 2})] {
        let given = object(json!({"update": [given]}));
        let checked = check_operation(&operation, &schema, given).unwrap();
        assert_eq!(Value::Object(checked), json!({"update": [{"$set": 2}]}));
    }
}

#[test]
fn what_contains_itself_gets_its_names_on_the_wire_at_any_depth() {
    let operation = OperationDef {
        renamed: &[("/folder/_set", "$set"), ("/folder/_set/a_b", "a/b")],
        repeats: &[("/folder/_set/folders/*", "/folder")],
        ..OperationDef::DEFAULT
    };
    let schema = object(json!({"type": "object", "properties": {"folder": {}}}));
    let mut given = json!({"_set": {"a_b": 0}});
    let mut sent = json!({"$set": {"a/b": 0}});
    for _ in 0..9 {
        given = json!({"_set": {"a_b": 1, "_set": 2, "folders": [given]}});
        sent = json!({"$set": {"a/b": 1, "_set": 2, "folders": [sent]}});
    }
    let checked = check_operation(&operation, &schema, object(json!({"folder": given})));
    assert_eq!(Value::Object(checked.unwrap()), json!({"folder": sent}));
}
