//! What a change in a file changes, and documents of Swagger 2.0.

use super::*;

#[test]
fn a_change_in_any_file_changes_the_hash_and_the_place_on_disk_does_not() {
    let hash = |folder: &Path, lead: &str| {
        fs::write(folder.join("crm.yaml"), answering("{$ref: lead.yaml}")).unwrap();
        fs::write(folder.join("lead.yaml"), lead).unwrap();
        let generated = Config::new()
            .spec(folder.join("crm.yaml"))
            .generate_embedded();
        generated.unwrap().api.document_sha256
    };
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = hash(one.path(), LEAD);
    assert_eq!(first.len(), 64);
    assert_eq!(first, hash(two.path(), LEAD));
    assert_ne!(first, hash(two.path(), "type: object\n"));
}

#[test]
fn a_swagger_document_of_several_files_keeps_its_places() {
    let document = "swagger: '2.0'\ninfo: {title: Leads, version: '1'}\nhost: crm.example.com\npaths:\n  /leads:\n    \
        post:\n      operationId: createLead\n      parameters: [{$ref: 'parameters.yaml#/lead'}, {$ref: 'parameters.yaml#/dry'}]\n      \
        responses: {'200': {description: ok, schema: {$ref: '#/definitions/Lead'}}}\n\
        definitions: {Lead: {$ref: lead.yaml}}\n";
    let parameters = "lead: {name: body, in: body, required: true, schema: {$ref: lead.yaml}}\n\
        dry: {name: dry, in: query, type: boolen}\n";
    let lead = "type: object\nproperties:\n  name:\n    type: strng\n";
    let files = [("parameters.yaml", parameters), ("lead.yaml", lead)];
    let generated = generate(document, &files);
    assert_eq!(types(&generated), ["Lead"]);
    let create = generated.api.operations().next().unwrap();
    let fields: Vec<_> = create.fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(fields, ["dry", "name"]);
    let report = &generated.report;
    let said = mcpwright::diagnostics::render_json(&report.diagnostics, Some(&report.document));
    let places: Vec<_> = said
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|finding| finding["code"] == "E0510")
        .map(|finding| {
            (
                finding["file"].clone(),
                finding["line"].clone(),
                finding["pointer"].clone(),
            )
        })
        .collect();
    assert!(
        places.contains(&(
            "lead.yaml".into(),
            4.into(),
            "#/properties/name/type".into()
        )),
        "{places:?}"
    );
    assert!(
        places.contains(&("parameters.yaml".into(), 2.into(), "#/dry/type".into())),
        "{places:?}"
    );
}
