//! What descriptions say of a tool beyond the document.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::Config;
use serde_json::{Value, json};

fn description(method: &str, summary: &str, tags: Value) -> String {
    let body = json!({"type": "object", "properties": {"name": {"type": "string"}, "tags": tags}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": {"/leads": {method: {
            "summary": summary,
            "requestBody": {"content": {"application/json": {"schema": body}}},
            "responses": {"204": {"description": "ok"}},
        }}},
    });
    let config = Config::new().spec_str("leads.json", &document.to_string());
    let generated = config.generate().unwrap_or_else(|error| panic!("{error}"));
    generated.api.groups[0].operations[0].description.clone()
}

#[test]
fn f2_what_is_destructive_says_so_first_and_once() {
    let tags = json!({"type": "string"});
    for (method, summary, expected) in [
        ("delete", "Delete a lead", "IRREVERSIBLE: Delete a lead."),
        ("post", "Create a lead", "Create a lead."),
        ("patch", "Change a lead", "Change a lead."),
        // In the document's own words it is said too, elsewhere and about other things.
        (
            "delete",
            "Leave the /permanent/ store",
            "IRREVERSIBLE: Leave the /permanent/ store.",
        ),
        (
            "delete",
            "IRREVERSIBLE: Delete it",
            "IRREVERSIBLE: Delete it.",
        ),
    ] {
        assert_eq!(description(method, summary, tags.clone()), expected);
    }
    let long = description("delete", &"word ".repeat(600), tags);
    assert!(long.starts_with("IRREVERSIBLE: word"), "{long}");
    assert!(long.chars().count() <= 1_024);
}

#[test]
fn b15_a_list_that_an_update_replaces_is_warned_of() {
    let list = |description: &str| json!({"type": "array", "items": {"type": "string"}, "description": description});
    for (method, tags, warned) in [
        ("patch", list(""), true),
        ("put", list("Words"), true),
        ("put", list("Replaces all tags."), false),
        ("post", list(""), false),
        ("patch", json!({"type": "string"}), false),
    ] {
        let text = description(method, "Change a lead", tags.clone());
        let warning = "\nWARNING: REPLACES the whole list: tags.";
        assert_eq!(text.ends_with(warning), warned, "{method} {tags}: {text}");
    }
}

/// Several records are changed at once: their lists are replaced as those of one are.
#[test]
fn b15_the_lists_of_several_changes_are_warned_of_too() {
    let text = json!({"type": "string"});
    let list =
        |description: &str| json!({"type": "array", "items": text, "description": description});
    for (required, own, warned) in [
        (json!(["id"]), list(""), "tags[].labels, tags[].owners"),
        (json!(["id"]), list("Replaces all."), "tags[].owners"),
        // No changes to records, but the records of one.
        (json!(["name"]), list(""), "tags"),
    ] {
        let change = json!({"type": "object", "required": required, "properties": {
            "id": text, "name": text, "labels": own, "owners": list(""),
        }});
        let body =
            json!({"type": "object", "properties": {"tags": {"type": "array", "items": change}}});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Tags", "version": "1"},
            "paths": {"/tags": {"patch": {
                "summary": "Change tags",
                "requestBody": {"content": {"application/json": {"schema": body}}},
                "responses": {"204": {"description": "ok"}},
            }}},
        });
        let config = Config::new().spec_str("tags.json", &document.to_string());
        let generated = config.generate().unwrap_or_else(|error| panic!("{error}"));
        let said = &generated.api.groups[0].operations[0].description;
        let warning = format!("\nWARNING: REPLACES the whole list: {warned}.");
        assert!(said.contains(&warning), "{warned}: {said}");
    }
}

/// The line about ids of each tool of a document with these operations: `METHOD path`, and what is merged
/// into the operation.
fn ids(operations: &[(&str, Value)]) -> Vec<(String, String)> {
    let mut paths = json!({});
    for (operation, extra) in operations {
        let (method, path) = operation.split_once(' ').unwrap();
        let parameters: Vec<Value> = path
            .split(['{', '}'])
            .skip(1)
            .step_by(2)
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect();
        let mut node =
            json!({"parameters": parameters, "responses": {"204": {"description": "ok"}}});
        for (key, value) in extra.as_object().unwrap() {
            node[key] = value.clone();
        }
        paths[path][method.to_lowercase()] = node;
    }
    let document =
        json!({"openapi": "3.1.0", "info": {"title": "Ids", "version": "1"}, "paths": paths});
    let config = Config::new().spec_str("ids.json", &document.to_string());
    let generated = config.generate().unwrap_or_else(|error| panic!("{error}"));
    let operations = generated.api.operations();
    let said = |text: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix("Ids: "));
        line.unwrap_or_default().to_owned()
    };
    operations
        .map(|operation| (operation.tool.clone(), said(&operation.description)))
        .filter(|(_, line)| !line.is_empty())
        .collect()
}

#[test]
fn descriptions_say_which_tool_gives_the_ids_that_are_needed() {
    let body = |name: &str, schema: Value| {
        let schema = json!({"type": "object", "required": [name], "properties": {name: schema}});
        json!({"requestBody": {"required": true, "content": {"application/json": {"schema": schema}}}})
    };
    let text = json!({"type": "string"});
    let list = ("GET /leads", json!({}));
    let one = ("GET /leads/{id}", json!({}));
    let said = |tool: &str, line: &str| vec![(tool.to_owned(), line.to_owned())];
    let of_lead = said("get_lead", "id from list_leads.");
    let of = |more: &[(&str, Value)]| ids(&[&[list.clone(), one.clone()], more].concat());
    assert_eq!(of(&[]), of_lead);
    // Slashes at the end, and what stands before the collection, change nothing.
    let slashes = [
        ("GET /api/leads/", json!({})),
        ("GET /api/leads/{pk}/", json!({})),
    ];
    assert_eq!(ids(&slashes), said("get_lead", "pk from list_leads."));
    // A collection that cannot be listed may be searched, with POST too.
    for search in ["GET /leads/search", "POST /leads/search"] {
        let found = ids(&[(search, json!({})), one.clone()]);
        assert_eq!(found, said("get_lead", "id from search_leads."), "{search}");
    }
    assert_eq!(ids(std::slice::from_ref(&one)), vec![]);
    // Records of records.
    let nested = of(&[
        ("GET /leads/{lead_id}/notes", json!({})),
        ("DELETE /leads/{lead_id}/notes/{note_id}", json!({})),
    ]);
    let expected = [
        ("list_lead_notes", "lead_id from list_leads."),
        (
            "delete_lead_note",
            "lead_id from list_leads, note_id from list_lead_notes.",
        ),
    ];
    for (tool, line) in expected {
        assert!(
            nested.contains(&(tool.to_owned(), line.to_owned())),
            "{nested:?}"
        );
    }
    // Arguments of a body, by name, if they are required.
    for name in ["lead_id", "leadId", "lead_ids"] {
        let found = of(&[("POST /notes", body(name, text.clone()))]);
        let line = format!("{name} from list_leads.");
        assert!(
            found.contains(&("create_note".to_owned(), line)),
            "{name}: {found:?}"
        );
    }
    // A collection that has its name in the other number.
    let users = [
        ("GET /users", json!({})),
        ("POST /users", json!({})),
        ("DELETE /users/{id}", json!({})),
        ("GET /user/{id}", json!({})),
    ];
    let found = ids(&users);
    let expected = ("get_user".to_owned(), "id from list_users.".to_owned());
    assert!(found.contains(&expected), "{found:?}");
    // Of the same name, and others: they stand elsewhere, or nothing lists them.
    let tasks = [
        ("GET /tasks", json!({})),
        ("GET /tasks/{id}", json!({})),
        ("PUT /boards/tasks/{id}", json!({})),
        ("DELETE /boards/task/{id}", json!({})),
    ];
    assert_eq!(ids(&tasks), said("get_task", "id from list_tasks."));
    let versions = [
        ("GET /v6/tasks", json!({})),
        ("DELETE /v6/tasks/{id}", json!({})),
        ("GET /v13/tasks/{id}", json!({})),
    ];
    let found = ids(&versions);
    let expected = (
        "get_v13_task".to_owned(),
        "id from list_v6_tasks.".to_owned(),
    );
    assert!(found.contains(&expected), "{found:?}");
    // A second record of the same kind.
    let merge = body("target_id", text.clone());
    let two = of(&[
        ("POST /leads/{id}/merge/{into_id}", json!({})),
        ("POST /leads/{lead_id}/join", merge.clone()),
        ("POST /leads/{match_id}/merge", merge.clone()),
        ("POST /deals/{id}/merge", merge),
    ]);
    let mut lines: Vec<&str> = two.iter().map(|(_, line)| line.as_str()).collect();
    lines.sort_unstable();
    let expected = [
        "id from list_leads, into_id from list_leads.",
        "id from list_leads.",
        "lead_id from list_leads, target_id from list_leads.",
        "match_id from list_leads.",
    ];
    assert_eq!(lines, expected, "{two:?}");
    for (why, operations) in [
        (
            "other name",
            vec![("POST /notes", body("lead", text.clone()))],
        ),
        (
            "a choice",
            vec![(
                "POST /notes",
                body("lead_id", json!({"type": "string", "enum": ["a", "b"]})),
            )],
        ),
        (
            "nothing lists them",
            vec![("POST /notes", body("deal_id", text.clone()))],
        ),
        (
            "its own text names the tool",
            vec![(
                "POST /notes",
                body(
                    "lead_id",
                    json!({"type": "string", "description": "From list_leads."}),
                ),
            )],
        ),
        (
            "two tools list leads",
            vec![
                ("GET /v2/leads", json!({})),
                ("GET /v2/leads/{id}", json!({})),
                ("POST /notes", body("lead_id", text.clone())),
            ],
        ),
        (
            "what lists changes something",
            vec![
                ("POST /deals", json!({})),
                ("POST /deals/{id}/close", json!({})),
            ],
        ),
    ] {
        let found = of(&operations);
        assert!(
            found
                .iter()
                .all(|(tool, _)| tool.starts_with("get_") && tool.ends_with("_lead")),
            "{why}: {found:?}"
        );
    }
}

/// Rows B5 and B26: ids in the objects of lists, where each has to have one.
#[test]
fn b26_ids_in_objects_of_lists_have_a_source_too() {
    let object = |required: Value| {
        json!({"type": "object", "required": required, "properties": {
            "leadId": {"type": "string"}, "id": {"type": "string"}, "text": {"type": "string"},
            "price": {"type": "string"},
        }})
    };
    let list = |items: Value| json!({"type": "array", "items": items});
    let forms = {
        let mut line = object(json!(["text"]));
        line["anyOf"] = json!([{"required": ["leadId"]}, {"required": ["price"]}]);
        line
    };
    let nested =
        json!({"type": "object", "properties": {"parts": list(object(json!(["leadId"])))}});
    for (name, schema, expected) in [
        (
            "services",
            list(object(json!(["leadId"]))),
            "services[].leadId from list_leads.",
        ),
        ("lines", list(forms), "lines[].leadId from list_leads."),
        (
            "orders",
            list(nested),
            "orders[].parts[].leadId from list_leads.",
        ),
        (
            "leads",
            list(object(json!(["id"]))),
            "leads[].id from list_leads.",
        ),
        // Not needed, of nothing that can be listed, or told by the argument itself.
        ("services", list(object(json!([]))), ""),
        ("steps", list(object(json!(["id"]))), ""),
        (
            "lines",
            list(
                json!({"type": "object", "required": ["leadId"], "properties": {
                    "leadId": {"type": "string", "description": "See list_leads."},
                }}),
            ),
            "",
        ),
    ] {
        let body = json!({"type": "object", "properties": {name: schema}});
        let body = json!({"content": {"application/json": {"schema": body}}});
        let found = ids(&[
            ("GET /leads", json!({})),
            ("GET /leads/{id}", json!({})),
            ("POST /notes", json!({"requestBody": body})),
        ]);
        let line = found.iter().find(|(tool, _)| tool == "create_note");
        let line = line.map_or("", |(_, line)| line.as_str());
        assert_eq!(line, expected, "{name}");
    }
}

/// The description of an operation with this summary and a body of these fields.
fn of_fields(method: &str, summary: Option<&str>, fields: &[&str], required: &[&str]) -> String {
    let line = json!({"type": "object", "required": ["item_id"], "properties": {"item_id": {"type": "integer"}}});
    let properties: serde_json::Map<String, Value> = fields
        .iter()
        .map(|name| match *name {
            "lines" => (
                "lines".to_owned(),
                json!({"type": "array", "items": line, "examples": [[{"item_id": 1}]]}),
            ),
            name => (name.to_owned(), json!({"type": "string"})),
        })
        .collect();
    let body = json!({"type": "object", "properties": properties, "required": required});
    let mut operation = json!({
        "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        "responses": {"204": {"description": "ok"}},
    });
    if let Some(summary) = summary {
        operation["summary"] = json!(summary);
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "paths": {"/leads": {method: operation}},
    });
    let config = Config::new().spec_str("leads.json", &document.to_string());
    let generated = config.generate().unwrap_or_else(|error| panic!("{error}"));
    generated.api.groups[0].operations[0].description.clone()
}

#[test]
fn b3_required_and_optional_are_said_of_what_the_document_says_nothing_about() {
    let three = ["name", "note", "source"];
    let many: Vec<String> = (0..9).map(|n| format!("field{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (summary, fields, required, expected) in [
        (
            None,
            &three[..],
            &["name"][..],
            "\nRequired: name. Optional: note, source.",
        ),
        (None, &three, &[], "\nOptional: name, note, source."),
        (None, &three, &three, "\nRequired: name, note, source."),
        // At a glance.
        (None, &three[..2], &["name"], ""),
        // What a person wrote says what it is for; the schema says the rest.
        (Some("Take a lead in"), &three, &["name"], ""),
        (
            None,
            &["name", "lines", "note"],
            &["lines"],
            "\nRequired: lines (item_id). Optional: name, note.",
        ),
        (
            None,
            &many,
            &["field0"],
            "\nRequired: field0. Optional: field1, field2, field3, field4, field5, field6 and 2 more.",
        ),
    ] {
        let text = of_fields("post", summary, fields, required);
        let text: Vec<&str> = text.split("\nExample: ").collect();
        let said = text[0].find('\n').map_or("", |at| &text[0][at..]);
        assert_eq!(said, expected, "{summary:?} {fields:?}");
    }
}
