//! What changes for who calls a tool: its arguments, and what it answers with.

use super::*;

/// A row of a table: two schemas of the argument `a`, and what is said of it.
type Row = (Value, Value, &'static [(Level, &'static str)]);

#[test]
fn what_an_argument_no_longer_takes_breaks_and_what_it_takes_more_does_not() {
    use Level::{Breaking, Compatible};
    let text = || json!({"type": "string"});
    let rows: Vec<Row> = vec![
        (text(), text(), &[]),
        (
            json!({"type": "integer"}),
            json!({"type": "string"}),
            &[(Breaking, "`a` takes string now, before integer")],
        ),
        (
            json!({"type": "integer"}),
            json!({"type": "number"}),
            &[(Compatible, "`a` takes number now, before integer")],
        ),
        (
            json!({"type": "number"}),
            json!({"type": "integer"}),
            &[(Breaking, "`a` takes integer now, before number")],
        ),
        (
            json!({"type": "string", "enum": ["a", "b", "c"]}),
            json!({"type": "string", "enum": ["b", "c", "d"]}),
            &[
                (Breaking, "`a` no longer takes `a`"),
                (Compatible, "`a` also takes `d`"),
            ],
        ),
        (
            text(),
            json!({"type": "string", "enum": ["x", "y"]}),
            &[(Breaking, "`a` takes nothing but `x`, `y` now")],
        ),
        (
            json!({"type": "string", "enum": ["x", "y"]}),
            text(),
            &[(Compatible, "`a` takes other values, too")],
        ),
        (
            json!({"type": "string", "maxLength": 50}),
            json!({"type": "string", "maxLength": 20}),
            &[(Breaking, "`a` has maxLength `20` now, before `50`")],
        ),
        (
            json!({"type": "string", "maxLength": 20}),
            json!({"type": "string", "maxLength": 50}),
            &[(Compatible, "`a` has maxLength `50` now, before `20`")],
        ),
        (
            json!({"type": "integer", "minimum": 0}),
            json!({"type": "integer", "minimum": 1}),
            &[(Breaking, "`a` has minimum `1` now, before `0`")],
        ),
        (
            json!({"type": "integer"}),
            json!({"type": "integer", "maximum": 9}),
            &[(Breaking, "`a` has maximum `9` now, before none")],
        ),
        (
            json!({"type": "integer", "multipleOf": 10}),
            json!({"type": "integer", "multipleOf": 5}),
            &[(Compatible, "takes other multiples")],
        ),
        (
            text(),
            json!({"type": "string", "pattern": "^[a-z]+$"}),
            &[(Breaking, "`a` has a rule now (pattern)")],
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            json!({"type": "array", "items": {"type": "string", "enum": ["x"]}, "maxItems": 3}),
            &[
                (Breaking, "`a[]` takes nothing but `x` now"),
                (Breaking, "`a` has maxItems `3` now, before none"),
            ],
        ),
        (
            object(json!({"b": text(), "c": text()}), &["b"]),
            object(json!({"b": text(), "d": text()}), &["b", "d"]),
            &[
                (Breaking, "`a.c` is gone"),
                (Breaking, "`a.d` is new and required"),
            ],
        ),
        (
            object(json!({"b": text(), "c": text()}), &["b"]),
            object(json!({"b": text(), "c": text(), "d": text()}), &["c"]),
            &[
                (Breaking, "`a.c` is required now"),
                (Compatible, "`a.b` is no longer required"),
                (Compatible, "`a.d` is new"),
            ],
        ),
        (
            json!({"type": "object", "properties": {"b": text()}}),
            object(json!({"b": text()}), &[]),
            &[(Breaking, "`a` takes no further names any more")],
        ),
        (
            json!({"type": ["string", "null"]}),
            text(),
            &[(Breaking, "`a` no longer takes null")],
        ),
        (
            json!({"type": "array", "items": {"type": "integer"}}),
            json!({"type": "array", "items": {"type": ["integer", "null"]}}),
            &[(Compatible, "`a[]` takes null now")],
        ),
        (
            text(),
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
            &[(Compatible, "`a` takes")],
        ),
        (
            json!({"anyOf": [object(json!({"x": text()}), &["x"]), object(json!({"y": text()}), &["y"])]}),
            object(json!({"x": text()}), &["x"]),
            &[(Breaking, "")],
        ),
        (
            json!({"type": "string", "default": "x"}),
            json!({"type": "string", "default": "y"}),
            &[(Compatible, "`a` is `y` now where nothing is given")],
        ),
        (
            json!({"type": "string", "description": "One."}),
            json!({"type": "string", "description": "Two."}),
            &[(Level::Text, "arguments are described in other words")],
        ),
    ];
    for (old, new, expected) in rows {
        let body = |a: &Value| document(&object(json!({"a": a}), &[]), &json!({"type": "object"}));
        let found = changes(&body(&old), &body(&new));
        let of = |change: &&Change| change.subject == Subject::Arguments;
        let found: Vec<&Change> = found.iter().filter(of).collect();
        for (level, says) in expected {
            assert!(
                found
                    .iter()
                    .any(|one| one.level == *level && one.says.contains(says)),
                "{level:?} {says}: {old} → {new}: {found:#?}"
            );
        }
        let breaking = |level: Level| level == Breaking;
        assert_eq!(
            found.iter().any(|one| breaking(one.level)),
            expected.iter().any(|(level, _)| breaking(*level)),
            "{old} → {new}: {found:#?}"
        );
        assert_eq!(found.is_empty(), expected.is_empty(), "{found:#?}");
    }
}

#[test]
fn arguments_that_come_go_and_become_required_are_told() {
    let answer = json!({"type": "object"});
    let old = document(
        &object(
            json!({"name": {"type": "string"}, "note": {"type": "string"}}),
            &["name"],
        ),
        &answer,
    );
    let new = document(
        &object(
            json!({"name": {"type": "string"}, "due": {"type": "string"}, "tag": {"type": "string"}}),
            &["name", "due"],
        ),
        &answer,
    );
    let said: Vec<(Level, String)> = changes(&old, &new)
        .into_iter()
        .map(|one| (one.level, one.says))
        .collect();
    assert_eq!(
        said,
        [
            (Level::Breaking, "`due` is new and required".to_owned()),
            (Level::Breaking, "`note` is gone".to_owned()),
            (Level::Compatible, "`tag` is new".to_owned()),
        ]
    );
}

#[test]
fn a_schema_that_contains_itself_is_compared_once() {
    let tree = |kind: &str| {
        let mut document = document(
            &json!({"$ref": "#/components/schemas/Node"}),
            &json!({"type": "object"}),
        );
        document["components"] = json!({"schemas": {"Node": {"type": "object", "properties": {
            "label": {"type": kind},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}
        }}}});
        document
    };
    let found = changes(&tree("string"), &tree("integer"));
    assert!(
        found
            .iter()
            .any(|one| one.says.contains("label` takes integer now")),
        "{found:#?}"
    );
    assert!(changes(&tree("string"), &tree("string")).is_empty());
}

#[test]
fn results_that_lost_fields_break_who_reads_them() {
    let body = object(json!({"name": {"type": "string"}}), &[]);
    let record = |fields: Value| json!({"type": "object", "properties": fields});
    let text = json!({"type": "string"});
    let old = record(
        json!({"id": text, "total": text, "lines": {"type": "array", "items": record(json!({"sku": text}))}}),
    );
    let new = record(
        json!({"id": text, "total": {"type": "number"}, "lines": {"type": "array", "items": record(json!({"code": text}))}}),
    );
    let found = changes(&document(&body, &old), &document(&body, &new));
    for (level, says) in [
        (Level::Breaking, "results no longer have `lines[].sku`"),
        (
            Level::Breaking,
            "in results, `total` is number now, before string",
        ),
        (Level::Compatible, "results also have `lines[].code`"),
    ] {
        assert!(
            found
                .iter()
                .any(|one| one.level == level && one.says == says),
            "{says}: {found:#?}"
        );
    }
    let mut none = document(&body, &old);
    none["paths"]["/orders"]["post"]["responses"] = json!({"204": {"description": "done"}});
    let found = changes(&document(&body, &old), &none);
    assert!(
        found
            .iter()
            .any(|one| one.says == "a result is empty now, before JSON"),
        "{found:#?}"
    );
}
