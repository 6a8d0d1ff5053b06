//! The lines that a diagnostic offers, and the commands that take overlays.

use super::*;

/// A faulty document of `specs/negative` and a code: the overlay that its diagnostic shows mends it.
#[test]
fn the_lines_that_a_diagnostic_offers_mend_it() {
    for (code, name) in [
        ("E0220", "E0220-operation.yaml"),
        ("E0220", "E0220-path.yaml"),
        ("E0220", "E0220-schema.yaml"),
        ("E0301", "E0301-misspelt-schema.yaml"),
        ("E0401", "E0401-no-parameter.yaml"),
        ("E0403", "E0403-same-id.yaml"),
        ("E0410", "E0410-long-path.yaml"),
        ("E0414", "E0414-key.yaml"),
        ("E0416", "E0416-only-a-parameter.yaml"),
        ("E0502", "E0502-unclosed.yaml"),
        ("E0527", "E0527-uuid.yaml"),
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

/// Whatever a diagnostic offers for a faulty document can be pasted: it is an overlay, and it selects
/// something.
#[test]
fn all_lines_that_diagnostics_offer_select_something() {
    let mut offered = 0;
    let mut texts: Vec<(String, String)> = Vec::new();
    for entry in fs::read_dir(spec("negative")).unwrap() {
        let path = entry.unwrap().path();
        if let Ok(text) = fs::read_to_string(&path) {
            texts.push((path.display().to_string(), text));
        }
    }
    for paths in [
        "/a: {get: {tag: a, responses: {}}, 'post ': {responses: {}}, put: {depreciated: 'true', responses: {}}}",
        "/a: {get: {parametrs: [], parameters: [], responses: {}}}",
        "/a: {get: {parametrs: {a: {in: query, schema: {type: string}}}, responses: {}}}",
        "/a: {get: {responses: {'200': {description: ok, schema: {requried: true, properties: {a: {type: string, requried: [b]}}}}}}}",
        "/a: {post: {parameters: [{in: body, name: b, schema: {$ref: '#/components/schemas/None'}}], responses: {}}}",
        "/a/{x}: {get: {parameters: {q: {in: query, schema: {type: string}}}, responses: {}}}",
        "/a/{x}: {get: {parameters: {name: q, in: query, schema: {$ref: '#/components/schemas/None'}}, responses: {}}}",
        "/a: {get: {parameters: {q: {in: query, schema: {$ref: '#/components/schemas/None'}}, r: {$ref: '#/components/parameters/None'}}, responses: {}}}",
    ] {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nservers: [{{url: https://a.example}}]\npaths:\n  {paths}\n"
        );
        texts.push((paths.to_owned(), text));
    }
    for (name, document) in &texts {
        let run = |overlay: Option<&str>| {
            let config = Config::new().spec_str(name, document);
            let config = match overlay {
                Some(text) => config.overlay_str("pasted.yaml", text),
                None => config,
            };
            match config.generate() {
                Ok(generated) => generated.report.diagnostics,
                Err(error @ Error::Refused(_)) => refused(&error).to_vec(),
                Err(_) => Vec::new(),
            }
        };
        for lines in run(None).iter().filter_map(|d| d.overlay.as_ref()) {
            offered += 1;
            let actions: Vec<_> = lines.lines().map(|line| format!("  {line}\n")).collect();
            let text = format!(
                "overlay: 1.1.0\ninfo: {{title: Pasted, version: 1.0.0}}\nactions:\n{}",
                actions.concat()
            );
            let found = run(Some(&text));
            let bad: Vec<_> = found
                .iter()
                .filter(|d| ("E0901".."E0910").contains(&d.code.id()) || d.code.id() == "E0102")
                .collect();
            assert!(bad.is_empty(), "{name}: {bad:?}\n{text}");
        }
    }
    assert!(offered >= 14, "{offered}");
}

/// What is said of documents without a fault: a name that the document does not give, a body of which it does not
/// say that it is required.
const SAID: [&str; 2] = ["E0410", "E0425"];

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
                result.is_ok() && told.iter().all(|c| SAID.contains(c)),
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
fn the_overlay_of_the_book_works_on_the_demo_document() {
    let page =
        fs::read_to_string(support::repository().join("docs/book/src/howto/overlays.md")).unwrap();
    let from = page.find("# crm.overlay.yaml").unwrap();
    let text = &page[from..from + page[from..].find("```").unwrap()];
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
