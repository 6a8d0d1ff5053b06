//! Where a finding is shown.

use super::*;

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
