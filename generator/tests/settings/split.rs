//! `split` (behaviour A6): one operation, a tool for each value of a property of its body.

use mcpwright::ir::{Api, Operation, Risk};
use mcpwright::{Config, Error, Generated};
use serde_json::{Value, json};

/// Notes that are on leads or deals, by a union with a discriminator, one without, and an enum.
const NOTES: &str = r##"
openapi: 3.1.0
info: {title: Notes, version: "1"}
servers: [{url: "https://crm.example.com"}]
paths:
  /notes:
    get: {operationId: listNotes, summary: "List notes; `createNote` makes them", responses: {"200": {description: ok}}}
    post:
      operationId: createNote
      summary: Create a note
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Note"}}}}
      responses: {"200": {description: ok}}
  /plain:
    post:
      operationId: createPlain
      summary: Create a plain note
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [author]
              properties: {author: {type: string}}
              oneOf:
                - {type: object, required: [kind, lead_id], properties: {kind: {const: lead}, lead_id: {type: integer}}}
                - {type: object, required: [kind, deal_id], properties: {kind: {enum: [deal, "won deal"]}, deal_id: {type: integer}}}
      responses: {"200": {description: ok}}
  /leads/bulk:
    post:
      operationId: updateLeads
      summary: Change many leads
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [action, ids]
              properties:
                action: {type: string, enum: [archive, delete]}
                ids: {type: array, items: {type: integer}}
      responses: {"200": {description: ok}}
  /tags:
    post:
      operationId: createTag
      summary: Create a tag
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [kind, name]
              properties: {kind: {type: string, enum: [lead, deal]}, name: {type: string}}
      responses: {"200": {description: ok}}
components:
  schemas:
    Note:
      oneOf: [{$ref: "#/components/schemas/LeadNote"}, {$ref: "#/components/schemas/DealNote"}]
      discriminator: {propertyName: kind, mapping: {lead: LeadNote, deal: "#/components/schemas/DealNote"}}
    LeadNote: {type: object, required: [kind, lead_id], properties: {kind: {type: string}, lead_id: {type: integer}}}
    DealNote: {type: object, required: [kind, deal_id], properties: {kind: {type: string}, deal_id: {type: integer}}}
"##;

fn run(settings: &str, lock: Option<&str>) -> Result<Generated, Error> {
    let config = Config::new()
        .spec_str("notes.yaml", NOTES)
        .settings(settings);
    match lock {
        Some(lock) => config.lock(lock).generate(),
        None => config.generate(),
    }
}

fn split(operation: &str) -> String {
    format!("[[operation]]\nselect = \"{operation}\"\nsplit = \"kind\"\n")
}

fn api(settings: &str) -> Api {
    run(settings, None)
        .unwrap_or_else(|error| panic!("{error}"))
        .api
}

/// Its tools with the names of their arguments and what they send besides.
fn parts(api: &Api, operation: &str) -> Vec<(String, Vec<String>, Value)> {
    let of_it = api.operations().filter(|o| o.operation_id == operation);
    of_it
        .map(|o: &Operation| {
            let properties = o.input_schema.get("properties").and_then(Value::as_object);
            let properties = properties.unwrap();
            let (argument, value) = o.settled.fixed.first().cloned().unwrap();
            (
                o.tool.clone(),
                properties.keys().cloned().collect(),
                json!({ argument: value }),
            )
        })
        .collect()
}

#[test]
fn a6_each_branch_is_a_tool_whose_discriminator_is_given_and_hidden() {
    let part = |tool: &str, arguments: &[&str], value: &str| {
        let arguments = arguments.iter().map(|&a| a.to_owned()).collect::<Vec<_>>();
        (tool.to_owned(), arguments, json!({ "kind": value }))
    };
    for (operation, expected) in [
        (
            "createNote",
            vec![
                part("create_note_for_lead", &["lead_id"], "lead"),
                part("create_note_for_deal", &["deal_id"], "deal"),
            ],
        ),
        (
            "createPlain",
            vec![
                part("create_plain_for_lead", &["author", "lead_id"], "lead"),
                part("create_plain_for_deal", &["author", "deal_id"], "deal"),
                part(
                    "create_plain_for_won_deal",
                    &["author", "deal_id"],
                    "won deal",
                ),
            ],
        ),
        (
            "createTag",
            vec![
                part("create_tag_for_lead", &["name"], "lead"),
                part("create_tag_for_deal", &["name"], "deal"),
            ],
        ),
    ] {
        let api = api(&split(operation));
        assert_eq!(parts(&api, operation), expected, "{operation}");
        let first = api
            .operations()
            .find(|o| o.operation_id == operation)
            .unwrap();
        assert!(
            first.description.contains("(kind: lead)."),
            "{}",
            first.description
        );
        assert!(first.title.ends_with(" (lead)"), "{}", first.title);
        // One operation is one operation, into however many tools it is split.
        assert_eq!((api.covered(), api.document_operations), (5, 5));
    }
}

#[test]
fn what_is_split_is_said_once_and_named_by_nobody() {
    let generated = run(&split("createNote"), None).unwrap();
    let about = |word: &str| {
        let all = &generated.report.diagnostics;
        all.iter().filter(|f| f.to_string().contains(word)).count()
    };
    assert_eq!(about("create_note"), 0);
    let list = generated.api.operations().find(|o| o.tool == "list_notes");
    assert!(list.unwrap().description.contains("`createNote`"));
    let readme = &generated.files["README.md"];
    assert!(readme.contains("6 tools, for all 5 operations"), "{readme}");
}

#[test]
fn facts_about_a_field_are_about_the_parts_that_have_it() {
    let with = |field: &str| {
        let entry = split("createNote");
        run(
            &format!("{entry}[operation.fields.{field}]\nexample = 7\n"),
            None,
        )
    };
    let made = with("lead_id").unwrap().api;
    let schemas: Vec<String> = made
        .operations()
        .filter(|o| o.operation_id == "createNote")
        .map(|o| o.input_schema.to_string())
        .collect();
    assert!(schemas[0].contains("\"examples\":[7]") && !schemas[1].contains("examples"));
    for wrong in ["leed_id", "kind"] {
        let said = with(wrong).unwrap_err().to_string();
        assert!(said.contains("E0926") && said.contains(wrong), "{said}");
    }
}

#[test]
fn parts_keep_their_names_by_the_lock() {
    let first = run(&split("createNote"), None).unwrap();
    let lock = first
        .lock
        .to_text()
        .replace("create_note_for_lead", "note_on_lead");
    let again = run(&split("createNote"), Some(&lock)).unwrap();
    let names: Vec<_> = parts(&again.api, "createNote")
        .into_iter()
        .map(|p| p.0)
        .collect();
    assert_eq!(names, ["note_on_lead", "create_note_for_deal"]);
    assert!(again.changes.lines().is_empty(), "{:?}", again.changes);
    // Without the setting it is one tool again, of its own name.
    let whole = run("", Some(&lock)).unwrap();
    assert!(whole.api.operations().any(|o| o.tool == "create_note"));
}

#[test]
fn what_cannot_be_split_is_refused_where_it_is_said() {
    for (select, property, reason) in [
        ("listNotes", "kind", "it has no body with a schema"),
        (
            "createTag",
            "name",
            "that property is no enum, and tells no branches apart",
        ),
        (
            "createPlain",
            "author",
            "a branch does not say which value it has",
        ),
        (
            "createNote",
            "target.kind",
            "it stands inside of another property",
        ),
        (
            "createNote",
            "/kind",
            "it stands inside of another property",
        ),
    ] {
        let entry = format!("[[operation]]\nselect = \"{select}\"\nsplit = \"{property}\"\n");
        let said = run(&entry, None).unwrap_err().to_string();
        assert!(said.contains("E0945") && said.contains(reason), "{said}");
    }
    let named = format!(
        "{}[[operation]]\nselect = \"listNotes\"\nsee_also = \"create_note\"\n",
        split("createNote")
    );
    let said = run(&named, None).unwrap_err().to_string();
    assert!(said.contains("E0925"), "{said}");
}

#[test]
fn a_part_whose_value_is_a_deed_has_the_class_of_the_deed() {
    let api = api("[[operation]]\nselect = \"updateLeads\"\nsplit = \"action\"\n");
    let class = |tool: &str| api.operations().find(|o| o.tool == tool).unwrap().risk;
    assert_eq!(class("update_leads_for_archive"), Risk::Write);
    assert_eq!(class("update_leads_for_delete"), Risk::Destructive);
}
