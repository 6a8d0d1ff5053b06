//! What references reach.

use super::*;

#[test]
fn references_reach_other_files_and_come_back() {
    for (what, reference, files, expected) in [
        (
            "a whole file",
            "schemas/lead.yaml",
            vec![("schemas/lead.yaml", LEAD)],
            "Lead",
        ),
        (
            "with a dot",
            "./schemas/lead.yaml",
            vec![("schemas/lead.yaml", LEAD)],
            "Lead",
        ),
        (
            "percent-encoded",
            "my%20lead.yaml",
            vec![("my lead.yaml", LEAD)],
            "MyLead",
        ),
        (
            "a place in a file",
            "all.yaml#/Lead",
            vec![(
                "all.yaml",
                "Lead: {type: object, properties: {name: {type: string}}}",
            )],
            "Lead",
        ),
        (
            "an escaped place",
            "all.yaml#/a~1b/Lead%20x",
            vec![(
                "all.yaml",
                "a/b: {Lead x: {type: object, properties: {name: {type: string}}}}",
            )],
            "LeadX",
        ),
        (
            "an anchor",
            "all.yaml#lead",
            vec![(
                "all.yaml",
                "$defs: {Lead: {$anchor: lead, type: object, properties: {name: {type: string}}}}",
            )],
            "Lead",
        ),
        (
            "a file that refers to another, from its own folder",
            "a/b/one.yaml",
            vec![
                ("a/b/one.yaml", "$ref: ../lead.json"),
                (
                    "a/lead.json",
                    r#"{"type": "object", "properties": {"name": {}}}"#,
                ),
            ],
            "Lead",
        ),
        (
            "through another reference",
            "all.yaml#/Lead/properties/owner",
            vec![
                ("all.yaml", "Lead: {$ref: a/lead.yaml}"),
                (
                    "a/lead.yaml",
                    "properties: {owner: {type: object, properties: {name: {type: string}}}}",
                ),
            ],
            "Owner",
        ),
        (
            "through two references, one of them to an anchor",
            "all.yaml#/Lead/properties/owner",
            vec![
                (
                    "all.yaml",
                    "Lead: {$ref: '#/Old'}\nOld: {$ref: 'a/lead.yaml#lead'}",
                ),
                (
                    "a/lead.yaml",
                    "$defs: {x: {$anchor: lead, properties: {owner: {properties: {name: {type: string}}}}}}",
                ),
            ],
            "Owner",
        ),
        (
            "into the path item of a third file",
            "all.yaml#/paths/~1users/get/responses/200/content/application~1json/schema",
            vec![
                ("all.yaml", "paths: {/users: {$ref: paths/users.yaml}}"),
                (
                    "paths/users.yaml",
                    "get: {responses: {'200': {content: {application/json: {schema: {$ref: ../lead.yaml}}}}}}",
                ),
                ("lead.yaml", LEAD),
            ],
            "Lead",
        ),
        (
            "through a reference of the document",
            "#/components/schemas/Alias/properties/message",
            vec![],
            "AliasPropertiesMessage",
        ),
        ("an anchor of the document", "#error", vec![], "Error"),
        (
            "back to the document",
            "a/one.yaml",
            vec![(
                "a/one.yaml",
                "properties: {error: {$ref: '../crm.yaml#/components/schemas/Error'}}",
            )],
            "Error",
        ),
        (
            "to itself",
            "tree.yaml",
            vec![(
                "tree.yaml",
                "type: object\nproperties: {children: {type: array, items: {$ref: '#'}}}",
            )],
            "Tree",
        ),
        (
            "in a circle",
            "lead.yaml",
            vec![
                (
                    "lead.yaml",
                    "type: object\nproperties: {owner: {$ref: user.yaml}}",
                ),
                (
                    "user.yaml",
                    "type: object\nproperties: {leads: {type: array, items: {$ref: lead.yaml}}}",
                ),
            ],
            "User",
        ),
    ] {
        let document = answering(&format!("{{$ref: \"{reference}\"}}"))
            + "components: {schemas: {Alias: {$ref: '#/components/schemas/Error'}, Error: {$anchor: error, type: object, properties: {message: {type: object, properties: {x: {type: string}}}}}}}\n";
        let generated = generate(&document, &files);
        assert_eq!(codes(&generated), [""; 0], "{what}");
        let types = types(&generated);
        assert!(types.contains(&expected.to_owned()), "{what}: {types:?}");
    }
}

#[test]
fn every_kind_of_object_can_stand_in_another_file() {
    let document = "openapi: 3.1.0\ninfo: {title: Leads, version: '1'}\n\
        servers: [{url: https://crm.example.com}]\nsecurity: [{key: []}]\n\
        paths: {$ref: paths/index.yaml}\n\
        components: {securitySchemes: {$ref: security.yaml}, schemas: {$ref: schemas.yaml}}\n";
    let files = [
        (
            "paths/index.yaml",
            "/leads: {$ref: leads.yaml, summary: x}\n/users: {get: {$ref: users.yaml#/list}}",
        ),
        (
            "paths/leads.yaml",
            "post:\n  operationId: createLead\n  parameters: [{$ref: ../p.yaml#/dry}]\n  \
             requestBody: {$ref: ../p.yaml#/body}\n  responses: {'201': {$ref: ../p.yaml#/created}}",
        ),
        (
            "paths/users.yaml",
            "list: {operationId: listUsers, responses: {'200': {description: ok, content: {application/json: {$ref: '#/media'}}}}}\n\
             media: {schema: {type: array, items: {$ref: '../schemas.yaml#/User'}}}",
        ),
        (
            "p.yaml",
            "dry: {name: dry, in: query, schema: {type: boolean}}\n\
             body: {required: true, content: {application/json: {schema: {$ref: 'schemas.yaml#/Lead'}}}}\n\
             created: {description: ok, content: {application/json: {schema: {$ref: 'schemas.yaml#/Lead'}}}}",
        ),
        (
            "schemas.yaml",
            "Lead: {type: object, required: [name], properties: {name: {type: string}, owner: {$ref: '#/User'}}}\n\
             User: {type: object, properties: {mail: {type: string}}}",
        ),
        (
            "security.yaml",
            "key: {type: apiKey, in: header, name: X-Key}",
        ),
    ];
    let generated = generate(document, &files);
    assert_eq!(codes(&generated), [""; 0]);
    assert_eq!(
        types(&generated),
        ["Lead", "User"],
        "one type each, under its own name"
    );
    assert_eq!(generated.api.schemes.len(), 1);
    let create = generated
        .api
        .operations()
        .find(|o| o.tool == "create_lead")
        .unwrap();
    let fields: Vec<_> = create.fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(fields, ["dry", "name", "owner"]);
}

#[test]
fn names_that_collide_are_told_apart_and_data_is_left_alone() {
    let document = answering(
        "{type: object, example: {$ref: nothing.yaml}, properties: {a: {$ref: a/money.yaml}, b: {$ref: b/money.yaml}, \
         c: {$ref: '#/components/schemas/money'}}}",
    ) + "components: {schemas: {money: {type: object, properties: {main: {type: string}}}}}\n";
    let files = [
        (
            "a/money.yaml",
            "{type: object, properties: {a: {type: string}}}",
        ),
        (
            "b/money.yaml",
            "{type: object, properties: {b: {type: string}}}",
        ),
    ];
    let first = generate(&document, &files);
    assert_eq!(codes(&first), [""; 0]);
    assert_eq!(
        types(&first),
        ["AMoney", "BMoney", "GetLeadOutput", "Money"]
    );
    assert_eq!(first.files, generate(&document, &files).files);
}

#[test]
fn schemas_that_have_an_address_are_found_by_it_and_nothing_is_asked_for() {
    let document = r##"{"openapi": "3.1.0", "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {"/leads": {"post": {"operationId": "createLead",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
                "$id": "https://crm.example.com/schemas/lead",
                "type": "object",
                "properties": {
                    "zip": {"$ref": "address#/properties/zip"},
                    "tag": {"$ref": "#/$defs/tag"},
                    "kind": {"$ref": "#kind"},
                    "own": {"$ref": "https://crm.example.com/schemas/own#/$defs/far"},
                    "file": {"$ref": "defs.yaml#/$defs/near"}
                },
                "$defs": {"tag": {"type": "boolean"}, "kind": {"$anchor": "kind", "enum": ["a", "b"]}}
            }}}},
            "responses": {"204": {"description": "ok"}}}}},
        "components": {"schemas": {
            "Address": {"$id": "https://crm.example.com/schemas/address",
                "properties": {"zip": {"type": "string", "maxLength": 5}}},
            "Own": {"$ref": "defs.yaml"}
        }}}"##;
    let defs = "$id: https://crm.example.com/schemas/own\n\
                $defs:\n  \
                  near: {$ref: 'own#/$defs/far'}\n  \
                  far: {type: integer, minimum: 3}\n\
                type: object\n";
    let generated = generate(document, &[("defs.yaml", defs)]);
    assert_eq!(codes(&generated), [""; 0]);
    let operation = generated.api.operations().next().unwrap();
    let properties = &operation.input_schema["properties"];
    assert_eq!(properties["zip"]["maxLength"], 5);
    assert_eq!(properties["tag"]["type"], "boolean");
    assert_eq!(properties["kind"]["enum"], serde_json::json!(["a", "b"]));
    assert_eq!(properties["own"]["minimum"], 3);
    assert_eq!(properties["file"]["minimum"], 3);
}
