//! Overlays: what they change, what is said about them, and where.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::fs;

use mcpwright::diagnostics::{Diagnostic, RenderOptions, Severity, render_human, render_json};
use mcpwright::source::Budgets;
use mcpwright::{Config, Error, Generated};
use serde_json::{Value, json};
use support::{mcpwright, spec};

const DOCUMENT: &str = r#"openapi: 3.1.0
info: {title: Lead Box, version: "1.2"}
servers: [{url: https://crm.example.com}]
paths:
  /leads:
    get:
      operationId: listLeads
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: size, in: query, schema: {type: integer}}
        - {name: debug, in: query, schema: {type: boolean}}
      responses: {"200": {description: ok}}
  /leads/{id}:
    get: {operationId: getLead, responses: {"200": {description: ok}}}
"#;

/// An overlay with these actions.
fn overlay(version: &str, actions: &Value) -> String {
    json!({"overlay": version, "info": {"title": "T", "version": "1"}, "actions": actions})
        .to_string()
}

/// The document after an overlay, as `explain --stage overlaid` shows it for its operations.
fn applied(document: &Value, version: &str, actions: &Value) -> Result<Value, Vec<&'static str>> {
    let mut whole = json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "ok"}}}}},
    });
    whole["d"] = document.clone();
    Config::new()
        .spec_str("d.json", &whole.to_string())
        .overlay_str("o.json", &overlay(version, actions))
        .stages()
        .map(|stages| stages.overlaid.unwrap()["d"].clone())
        .map_err(|error| codes(&error))
}

fn refused(error: &Error) -> &[Diagnostic] {
    match error {
        Error::Refused(failed) => &failed.diagnostics,
        Error::Message(message) => panic!("{message}"),
    }
}

fn codes(error: &Error) -> Vec<&'static str> {
    refused(error)
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| d.code.id())
        .collect()
}

fn shown(generated: &Generated) -> String {
    let options = RenderOptions {
        all: true,
        ..RenderOptions::default()
    };
    let report = &generated.report;
    render_human(&report.diagnostics, Some(&report.document), &options)
}

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

#[test]
fn what_a_diagnostic_is_about_is_shown_where_it_was_written() {
    // The overlay moves the last parameter up and adds a faulty one and a faulty path.
    let actions = r#"overlay: 1.1.0
info: { title: Edits, version: 1.0.0 }
actions:
  - target: $.paths['/leads'].get.parameters[0]
    remove: true
  - target: $.paths['/leads'].get.parameters
    update: { name: q, in: query, schema: { type: string, pattern: "(?<=x)" } }
  - target: $.paths
    update:
      /notes/{id}:
        get: { operationId: getNote, responses: { "200": { description: ok } } }
  - target: $.paths['/leads'].get.parameters[?@.name == 'debug']
    update: { schema: { enum: none } }
"#;
    let generated = Config::new()
        .spec_str("crm.yaml", DOCUMENT)
        .overlay_str("edits.overlay.yaml", actions)
        .generate()
        .unwrap();
    insta::assert_snapshot!("origins", shown(&generated));
}

#[test]
fn a_copy_is_shown_where_its_source_was_written() {
    let actions = overlay(
        "1.1.0",
        &json!([
            {"target": "$.paths", "update": {"/others/{id}": {}}},
            {"target": "$.paths['/others/{id}']", "copy": "$.paths['/leads/{id}']"},
        ]),
    );
    let generated = Config::new()
        .spec_str("crm.yaml", DOCUMENT)
        .overlay_str("o.json", &actions)
        .generate()
        .unwrap();
    let report = &generated.report;
    let lines = render_json(&report.diagnostics, Some(&report.document));
    let places: Vec<_> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["code"] == "E0401")
        .map(|line| (line["file"].clone(), line["line"].clone()))
        .collect();
    assert_eq!(places, vec![(json!("crm.yaml"), json!(14)); 2]);
}

#[test]
fn a_target_that_selects_nothing_is_a_warning_and_an_error_where_nothing_may_be_lost() {
    let actions = overlay(
        "1.1.0",
        &json!([{"target": "$.paths['/lead'].get", "update": {}}]),
    );
    let config = Config::new()
        .spec_str("crm.yaml", DOCUMENT)
        .overlay_str("o.json", &actions);
    let generated = config.generate().unwrap();
    let found = &generated.report.diagnostics[0];
    assert_eq!(found.code.id(), "E0905");
    assert_eq!(found.notes, ["the nearest path that exists is `$.paths`"]);
    assert_eq!(
        found.help.as_deref(),
        Some("did you mean `$.paths['/leads']`?")
    );
    assert_eq!(
        codes(&config.strict(true).generate().unwrap_err()),
        ["E0905"]
    );
}

#[test]
fn overlays_are_applied_in_order_and_before_anything_else() {
    let version = overlay(
        "1.1.0",
        &json!([{"target": "$.openapi", "update": "3.1.1"}]),
    );
    let first = overlay(
        "1.0.0",
        &json!([{"target": "$.info", "update": {"title": "First"}}]),
    );
    let second = overlay(
        "1.0.0",
        &json!([{"target": "$.info[?@ == 'First']", "update": "Second"}]),
    );
    let run = |overlays: &[&str]| {
        let document = DOCUMENT.replace("3.1.0", "9.9.9");
        overlays
            .iter()
            .enumerate()
            .fold(
                Config::new().spec_str("crm.yaml", &document),
                |config, (n, text)| config.overlay_str(&format!("folder/{n}.json"), text),
            )
            .generate()
    };
    assert!(run(&[]).is_err());
    let generated = run(&[&version, &first, &second]).unwrap();
    assert_eq!(generated.api.title, "Second");
    assert_eq!(
        run(&[&version, &second, &first]).unwrap().api.title,
        "First"
    );
    assert_eq!(
        generated.files,
        run(&[&version, &first, &second]).unwrap().files
    );
    assert_eq!(
        generated.api.document_name,
        "crm.yaml + 0.json + 1.json + 2.json"
    );
}

#[test]
fn the_hash_in_generated_files_covers_the_overlays() {
    let run = |text: Option<&str>| {
        let mut config = Config::new().spec_str("crm.yaml", DOCUMENT);
        if let Some(text) = text {
            config = config.overlay_str("o.json", text);
        }
        config.generate().unwrap()
    };
    let one = overlay(
        "1.0.0",
        &json!([{"target": "$.info", "update": {"title": "Lead Box"}}]),
    );
    let (without, with) = (run(None), run(Some(&one)));
    let spaced = run(Some(&format!("{one} ")));
    let hashes = [&without, &with, &spaced].map(|run| run.api.document_sha256.clone());
    assert!(
        hashes[0] != hashes[1] && hashes[1] != hashes[2],
        "{hashes:?}"
    );
    for (path, text) in with
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("src/types"))
    {
        assert!(text.contains(&hashes[1][..16]), "{path}");
    }
    assert!(with.files["src/lib.rs"].contains(&hashes[1]));
    assert!(with.files["mcpwright.manifest.json"].contains(&hashes[1]));
}

#[test]
fn hostile_overlays_stay_within_the_budgets() {
    let small = Budgets {
        nodes: 2_000,
        ..Budgets::default()
    };
    let doubling: Vec<Value> = (0..60)
        .map(|_| json!({"target": "$.x", "copy": "$.x"}))
        .collect();
    let doubling = [
        vec![json!({"target": "$", "update": {"x": [1, 2]}})],
        doubling,
    ]
    .concat();
    let nesting: Vec<Value> = (0..60)
        .map(|_| json!({"target": "$.x", "copy": "$"}))
        .collect();
    let nesting = [vec![json!({"target": "$", "update": {"x": []}})], nesting].concat();
    let wide = json!([{"target": "$..*[?@.description]", "update": {"x": vec![0; 1_900]}}]);
    let too_deep = (0..80).fold(json!(1), |inner, _| json!([inner]));
    for (case, actions, expected) in [
        ("doubling", json!(doubling), vec!["E0110"]),
        ("an array in itself", json!(nesting), vec!["E0110", "E0111"]),
        ("many targets", wide, vec!["E0110"]),
        (
            "deep",
            json!([{"target": "$", "update": {"x": too_deep}}]),
            vec!["E0111"],
        ),
        (
            "a costly query",
            json!([{"target": "$..*[?count($..*[?count($..*) > 1]) > 1]", "remove": true}]),
            vec!["E0909"],
        ),
    ] {
        let error = Config::new()
            .spec_str("crm.yaml", DOCUMENT)
            .overlay_str("o.json", &overlay("1.1.0", &actions))
            .budgets(small)
            .generate()
            .unwrap_err();
        let found = codes(&error);
        assert!(
            found.iter().all(|code| expected.contains(code)) && found.len() == 1,
            "{case}: {found:?}"
        );
    }
    let error = Config::new()
        .spec_str("crm.yaml", DOCUMENT)
        .overlay_str("bomb.yaml", "a: &a [1]\nb: &b [*a, *a]\nc: &b [1]\n")
        .generate()
        .unwrap_err();
    assert_eq!(refused(&error)[0].document.as_deref(), Some("bomb.yaml"));
}

/// A faulty document of `specs/negative` and a code: the overlay that its diagnostic shows mends it.
#[test]
fn the_lines_that_a_diagnostic_offers_mend_it() {
    for (code, name) in [
        ("E0301", "E0301-misspelt-schema.yaml"),
        ("E0401", "E0401-no-parameter.yaml"),
        ("E0403", "E0403-same-id.yaml"),
        ("E0414", "E0414-key.yaml"),
        ("E0502", "E0502-unclosed.yaml"),
        ("E0601", "E0601-not-declared.yaml"),
    ] {
        let document = fs::read_to_string(spec("negative").join(name)).unwrap();
        mends(code, name, &document);
    }
    // The same faults in other places.
    let paths = [
        r#""/a/{x'}/{\"y: #\\}": {get: {parameters: [], responses: {}}}"#,
        "/a: {get: {operationId: x, responses: {}}, post: {operationId: x, responses: {}}}\n  /get_a: {get: {operationId: get_a, responses: {}}}\n  /b: {get: {operationId: x, responses: {}}}",
        "/a: {get: {security: [{'no ~ such/scheme': []}], responses: {}}}",
        "/a: {get: {parameters: [{$ref: '#/components/parameters/nowhere'}], responses: {}}}\n  /b: {get: {responses: {}}}",
        "/a: {get: {parameters: [{name: q, in: query, schema: {$ref: '#/components/schemas/no~1where'}}], responses: {}}}",
        "/a: {get: {parameters: [{name: q, in: query, schema: {$ref: '#/x-elsewhere/0'}}], responses: {}}}",
        "/a: {post: {requestBody: {content: {application/json: {schema: {properties: {'0': {type: string, pattern: '['}}}}}}, responses: {}}}",
        "/a: {get: {security: [{k: []}], parameters: [{$ref: '#/components/parameters/key'}], responses: {}}}",
        "/a: {parameters: [{name: X-KEY, in: header, schema: {type: string}}], get: {security: [{k: []}], responses: {}}}",
    ];
    let codes = [
        "E0401", "E0403", "E0601", "E0301", "E0301", "E0301", "E0502", "E0414", "E0414",
    ];
    for (paths, code) in paths.iter().zip(codes) {
        let document = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nservers: [{{url: https://a.example}}]\npaths:\n  {paths}\ncomponents:\n  parameters: {{key: {{name: x-key, in: header, schema: {{type: string}}}}}}\n  securitySchemes: {{k: {{type: apiKey, in: header, name: X-Key}}}}\n"
        );
        mends(code, paths, &document);
    }
}

/// Pastes what the diagnostics with this code offer until nothing is offered any more (one run may
/// show the first of several), and sees that they are gone and no other came.
fn mends(code: &str, name: &str, document: &str) {
    let mut actions = String::new();
    for round in 0..4 {
        let text = format!(
            "overlay: 1.1.0\ninfo: {{title: Pasted, version: 1.0.0}}\nactions:\n  - {{target: $, update: {{}}}}\n{actions}"
        );
        let result = Config::new()
            .spec_str(name, document)
            .overlay_str("pasted.yaml", &text)
            .generate();
        let diagnostics = match &result {
            Ok(generated) => generated.report.diagnostics.as_slice(),
            Err(error) => refused(error),
        };
        let found: Vec<_> = diagnostics.iter().filter(|d| d.code.id() == code).collect();
        if found.is_empty() {
            assert!(round > 0, "{name}: no {code}: {diagnostics:?}");
            let told: Vec<_> = diagnostics.iter().map(|d| d.code.id()).collect();
            assert!(
                result.is_ok() && told.iter().all(|c| *c == "E0410"),
                "{name}: {told:?}\n{text}"
            );
            return;
        }
        for diagnostic in found {
            let lines = diagnostic
                .overlay
                .as_ref()
                .unwrap_or_else(|| panic!("{diagnostic}"));
            for line in lines.lines() {
                actions.push_str(&format!("  {line}\n"));
            }
        }
    }
    panic!("{name}: {code} is still there with\n{actions}");
}

#[test]
fn the_overlay_of_the_readme_works_on_the_demo_document() {
    let readme = fs::read_to_string(support::repository().join("README.md")).unwrap();
    let from = readme.find("# crm.overlay.yaml").unwrap();
    let text = &readme[from..from + readme[from..].find("```").unwrap()];
    let document = fs::read_to_string(spec("crm.yaml")).unwrap();
    // The demo's document has nothing deprecated, so one operation is declared to be.
    let deprecate = overlay(
        "1.1.0",
        &json!([{"target": "$.paths['/leads'].get", "update": {"deprecated": true}}]),
    );
    let generated = Config::new()
        .spec_str("crm.yaml", &document)
        .overlay_str("deprecate.json", &deprecate)
        .overlay_str("crm.overlay.yaml", text)
        .strict(true)
        .generate()
        .unwrap();
    let of = |path: &str| {
        generated
            .api
            .operations()
            .find(|o| o.path == path && o.method == "GET")
    };
    assert!(
        of("/items")
            .unwrap()
            .description
            .contains("Search the price list")
    );
    assert!(of("/leads").is_none());
}

#[test]
fn every_command_takes_overlays() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("crm.yaml"), DOCUMENT).unwrap();
    let text = overlay(
        "1.0.0",
        &json!([{"target": "$.paths['/leads'].get", "update": {"operationId": "findLeads"}}]),
    );
    fs::write(folder.path().join("my names.json"), text).unwrap();
    let run = |line: &[&str]| {
        let said = mcpwright(
            folder.path(),
            &[line, &["--overlay", "my names.json"]].concat(),
        );
        (said.code, said.out, said.err)
    };
    let (code, _, err) = run(&[
        "generate",
        "crm.yaml",
        "--out",
        "out",
        "--runtime",
        "registry",
    ]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(
        run(&["check", "crm.yaml", "--out", "out", "--runtime", "registry"]).0,
        0
    );
    let without = mcpwright(
        folder.path(),
        &["check", "crm.yaml", "--out", "out", "--runtime", "registry"],
    );
    assert_eq!(without.code, 3);
    let (_, out, _) = run(&["inspect", "crm.yaml"]);
    assert!(out.contains("find_leads"), "{out}");
    let (code, out, _) = run(&["explain", "crm.yaml", "find_leads"]);
    assert_eq!(code, 0);
    let stages: Vec<&str> = out.lines().filter(|line| line.starts_with("──")).collect();
    assert_eq!(stages.len(), 5, "{stages:?}");
    assert!(
        out.contains("\"operationId\": \"listLeads\"")
            && out.contains("\"operationId\": \"findLeads\"")
    );

    // What `check` says to type mends the drift.
    fs::write(
        folder.path().join("crm.yaml"),
        DOCUMENT.replace("1.2", "1.3"),
    )
    .unwrap();
    let (code, _, err) = run(&["check", "crm.yaml", "--out", "out", "--runtime", "registry"]);
    assert_eq!(code, 3);
    assert!(
        err.contains("mcpwright generate crm.yaml --overlay 'my names.json' --out out"),
        "{err}"
    );
}
