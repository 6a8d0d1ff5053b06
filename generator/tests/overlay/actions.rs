//! What actions do, and which are refused.

use super::*;

#[test]
fn actions_change_the_document_as_the_specification_says() {
    // Overlay 1.1.0 §4.4.3, one case per line.
    for (case, version, document, actions, expected) in [
        (
            "objects merge, and what only the target has stays",
            "1.0.0",
            json!({"o": {"a": 1, "b": {"c": 2}}}),
            json!([{"target": "$.d.o", "update": {"b": {"d": 3}, "e": 4}}]),
            json!({"o": {"a": 1, "b": {"c": 2, "d": 3}, "e": 4}}),
        ),
        (
            "primitives replace each other, null too",
            "1.0.0",
            json!({"a": 1, "b": null, "c": "x"}),
            json!([{"target": "$.d", "update": {"a": "one", "b": true, "c": null}}]),
            json!({"a": "one", "b": true, "c": null}),
        ),
        (
            "arrays inside of objects are concatenated",
            "1.0.0",
            json!({"list": [1, 2]}),
            json!([{"target": "$.d", "update": {"list": [3, [4]]}}]),
            json!({"list": [1, 2, 3, [4]]}),
        ),
        (
            "an entry is appended to an array",
            "1.0.0",
            json!({"list": [1]}),
            json!([{"target": "$.d.list", "update": {"a": 2}}, {"target": "$.d.list", "update": [3]}]),
            json!({"list": [1, {"a": 2}, [3]]}),
        ),
        (
            "since 1.1 the elements of an array are appended",
            "1.1.0",
            json!({"list": [1]}),
            json!([{"target": "$.d.list", "update": [2, 3]}, {"target": "$.d.list", "update": "four"}]),
            json!({"list": [1, 2, 3, "four"]}),
        ),
        (
            "since 1.1 a primitive is a target",
            "1.1.0",
            json!({"a": "x", "tags": ["dummy", "kept"]}),
            json!([{"target": "$.d.a", "update": "y"}, {"target": "$.d.tags[?@ == 'dummy']", "remove": true}]),
            json!({"a": "y", "tags": ["kept"]}),
        ),
        (
            "every node that is selected is changed",
            "1.0.0",
            json!({"a": {"n": 1}, "b": {"n": 1}, "c": {"n": 2}}),
            json!([{"target": "$.d[?@.n == 1]", "update": {"x": true}}]),
            json!({"a": {"n": 1, "x": true}, "b": {"n": 1, "x": true}, "c": {"n": 2}}),
        ),
        (
            "elements are removed whatever their order, and what is in them too",
            "1.0.0",
            json!({"list": [{"r": [1, 2]}, 1, {"r": [3, 4]}, 2, 3]}),
            json!([{"target": "$.d.list[4,1,0]", "remove": true}, {"target": "$..r[0]", "remove": true}]),
            json!({"list": [{"r": [4]}, 2]}),
        ),
        (
            "a node and what is in it may be removed at once",
            "1.0.0",
            json!({"r": {"r": {"r": 1}}, "k": [[1, 2], 3]}),
            json!([{"target": "$.d..r", "remove": true}, {"target": "$.d.k..*", "remove": true}]),
            json!({"k": []}),
        ),
        (
            "`update` has no effect beside `remove: true`",
            "1.0.0",
            json!({"a": {}, "b": {}}),
            json!([{"target": "$.d.a", "update": {"x": 1}, "remove": true}, {"target": "$.d.b", "update": {"x": 1}, "remove": false}]),
            json!({"b": {"x": 1}}),
        ),
        (
            "a node is moved with `update`, `copy` and `remove`",
            "1.1.0",
            json!({"items": {"get": {"a": 1}}, "other": {"delete": {}}}),
            json!([
                {"target": "$.d", "update": {"new": {}}},
                {"target": "$.d['new','other']", "copy": "$.d.items"},
                {"target": "$.d.items", "remove": true},
            ]),
            json!({"other": {"delete": {}, "get": {"a": 1}}, "new": {"get": {"a": 1}}}),
        ),
    ] {
        let found = applied(&document, version, &actions);
        assert_eq!(found, Ok(expected), "{case}");
    }
}

#[test]
fn actions_that_do_not_fit_are_refused() {
    for (case, version, document, actions, code) in [
        (
            "an object for a text",
            "1.1.0",
            json!({"a": "x"}),
            json!([{"target": "$.d", "update": {"a": {}}}]),
            "E0906",
        ),
        (
            "a text for an object",
            "1.1.0",
            json!({"a": {}}),
            json!([{"target": "$.d.a", "update": "x"}]),
            "E0906",
        ),
        (
            "an object for an array",
            "1.1.0",
            json!({"a": []}),
            json!([{"target": "$.d", "update": {"a": {}}}]),
            "E0906",
        ),
        (
            "the root",
            "1.1.0",
            json!({}),
            json!([{"target": "$", "remove": true}]),
            "E0906",
        ),
        (
            "several sources",
            "1.1.0",
            json!({"a": 1, "b": 2}),
            json!([{"target": "$.d", "copy": "$.d.*"}]),
            "E0906",
        ),
        (
            "update and copy",
            "1.1.0",
            json!({"a": {}}),
            json!([{"target": "$.d", "copy": "$.d.a", "update": {}}]),
            "E0902",
        ),
        (
            "copy in 1.0",
            "1.0.1",
            json!({"a": {}}),
            json!([{"target": "$.d", "copy": "$.d.a"}]),
            "E0902",
        ),
        (
            "no target",
            "1.1.0",
            json!({}),
            json!([{"update": {}}]),
            "E0902",
        ),
        (
            "an action that is a text",
            "1.1.0",
            json!({}),
            json!(["$.d"]),
            "E0902",
        ),
        (
            "`remove` as a text",
            "1.1.0",
            json!({}),
            json!([{"target": "$", "remove": "yes"}]),
            "E0902",
        ),
        ("no actions", "1.1.0", json!({}), json!([]), "E0902"),
    ] {
        let found = applied(&document, version, &actions);
        assert_eq!(found, Err(vec![code]), "{case}");
    }
}

#[test]
fn a_faulty_overlay_gives_its_code_at_a_place_in_its_own_file() {
    let folder = spec("negative/overlays");
    let document = fs::read_to_string(folder.join("document.yaml")).unwrap();
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with('E'))
        .collect();
    names.sort();
    let mut text = String::new();
    for name in &names {
        let (code, _) = name.split_once('-').unwrap();
        let result = Config::new()
            .spec_str("document.yaml", &document)
            .overlay_str(name, &fs::read_to_string(folder.join(name)).unwrap())
            .generate();
        let (diagnostics, document) = match &result {
            Ok(generated) => (
                generated.report.diagnostics.as_slice(),
                Some(&generated.report.document),
            ),
            Err(Error::Refused(failed)) => {
                (failed.diagnostics.as_slice(), failed.document.as_ref())
            }
            Err(error) => panic!("{name}: {error}"),
        };
        assert!(!diagnostics.is_empty(), "{name}");
        for diagnostic in diagnostics {
            assert_eq!(diagnostic.code.id(), code, "{name}: {diagnostic}");
            assert_eq!(
                result.is_err(),
                diagnostic.severity == Severity::Error,
                "{name}"
            );
        }
        let lines = render_json(diagnostics, document);
        let line: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
        assert_eq!(line["file"], json!(name));
        assert!(line["line"].is_u64(), "{name}: {line}");
        text.push_str(&render_human(
            diagnostics,
            document,
            &RenderOptions::default(),
        ));
    }
    for number in 901..=909 {
        assert!(
            names
                .iter()
                .any(|name| name.starts_with(&format!("E0{number}"))),
            "E0{number} has no overlay in specs/negative/overlays"
        );
    }
    insta::assert_snapshot!("faulty_overlays", text);
}
