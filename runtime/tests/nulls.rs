//! Null as a value: sent wherever the tool's schema does not exclude it, dropped where it can only
//! mean "not given".
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use mcpwright_runtime::arguments::check;
use mcpwright_runtime::json::{Object, Value};
use mcpwright_runtime::operation::{
    Body, BodyEncoding, BodyField, BodyShape, Hints, OperationDef, Parameter, Risk, Style,
};
use mcpwright_runtime::request::build;
use serde_json::json;

const FIELDS: &[BodyField] = &[
    field("name"),
    field("any"),
    field("meta"),
    field("counts"),
    field("lines"),
    field("party"),
    field("pair"),
    field("either"),
];

const fn field(name: &'static str) -> BodyField {
    BodyField {
        name,
        argument: name,
        ..BodyField::DEFAULT
    }
}

const fn operation(encoding: BodyEncoding, shape: BodyShape) -> OperationDef {
    OperationDef {
        tool: "update_lead",
        body: Some(Body {
            media_type: "application/json",
            encoding,
            shape,
            required: true,
        }),
        nullable: &["/meta/declared"],
        ..OperationDef::DEFAULT
    }
}

static JSON: OperationDef = operation(
    BodyEncoding::Json,
    BodyShape::Properties {
        fields: FIELDS,
        additional: "more",
    },
);
static FORM: OperationDef = operation(
    BodyEncoding::Form,
    BodyShape::Properties {
        fields: FIELDS,
        additional: "more",
    },
);
static WHOLE: OperationDef = operation(BodyEncoding::Json, BodyShape::Whole { argument: "body" });

fn object(value: Value) -> Object {
    value.as_object().cloned().unwrap()
}

fn schema() -> Object {
    object(json!({
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "any": {"description": "Anything."},
            "meta": {"type": "object", "properties": {
                "declared": {"type": "string"}, "plain": {"type": "string"},
            }},
            "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
            "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
            "party": {"anyOf": [
                {"type": "object", "properties": {"vat": {"type": "string"}}, "additionalProperties": false},
                {"type": "object", "properties": {"free": {}}, "additionalProperties": false},
            ]},
            "pair": {"type": "array", "prefixItems": [
                {"type": "object", "properties": {"a": {"type": ["string", "null"]}, "b": {"type": "string"}}},
            ], "items": {"type": "object", "properties": {"a": {"type": "string"}}}},
            "either": {"anyOf": [
                {"type": "object", "properties": {"of": {"const": "a"}, "v": {"type": "string"}}, "required": ["of"], "additionalProperties": false},
                {"type": "object", "properties": {"of": {"const": "b"}, "v": {"type": ["string", "null"]}, "w": {"type": "array", "items": {"type": "object"}}}, "required": ["of"], "additionalProperties": false},
            ]},
            "more": {"type": "object"},
            "filter": {"type": "object"},
            "body": {"type": "object"},
        },
        "additionalProperties": false,
        "$defs": {"line": {"type": "object", "properties": {"text": {"type": "string"}, "data": true}}},
    }))
}

#[test]
fn nulls_are_kept_where_the_schema_of_a_json_body_does_not_exclude_them() {
    for (operation, given, sent) in [
        (&JSON, json!({"name": null}), json!({})),
        (&JSON, json!({"any": null}), json!({"any": null})),
        (
            &JSON,
            json!({"any": {"a": null}}),
            json!({"any": {"a": null}}),
        ),
        (
            &JSON,
            json!({"meta": {"a": null, "b": {"c": null}, "plain": null, "declared": null}}),
            json!({"meta": {"a": null, "b": {"c": null}, "declared": null}}),
        ),
        (
            &JSON,
            json!({"counts": {"a": null, "b": 1}}),
            json!({"counts": {"b": 1}}),
        ),
        (
            &JSON,
            json!({"lines": [{"text": null, "data": null, "x": null}]}),
            json!({"lines": [{"data": null, "x": null}]}),
        ),
        (&JSON, json!({"party": {"vat": null}}), json!({"party": {}})),
        (
            &JSON,
            json!({"party": {"free": null}}),
            json!({"party": {"free": null}}),
        ),
        (
            &JSON,
            json!({"more": {"a": null}}),
            json!({"more": {"a": null}}),
        ),
        // Each place of a tuple says what it takes, and of the forms of a union one is enough.
        (
            &JSON,
            json!({"pair": [{"a": null, "b": null, "c": null}, {"a": null, "b": null}]}),
            json!({"pair": [{"a": null, "c": null}, {"b": null}]}),
        ),
        (
            &JSON,
            json!({"either": {"of": "b", "v": null, "w": [{"x": null}]}}),
            json!({"either": {"of": "b", "v": null, "w": [{"x": null}]}}),
        ),
        // A parameter beside the body, and an argument that there is not, beside one that there is.
        (&JSON, json!({"filter": {"a": null}}), json!({"filter": {}})),
        (&JSON, json!({"unknown": null, "any": 1}), json!({"any": 1})),
        // Forms have no null.
        (
            &FORM,
            json!({"any": null, "meta": {"a": null}}),
            json!({"meta": {}}),
        ),
        (
            &WHOLE,
            json!({"body": {"a": null}}),
            json!({"body": {"a": null}}),
        ),
        (&WHOLE, json!({"body": null}), json!({})),
    ] {
        let checked = check(operation, &schema(), object(given.clone()))
            .unwrap_or_else(|problems| panic!("{given}: {problems:?}"));
        assert_eq!(Value::Object(checked), sent, "{given}");
    }
}

#[test]
fn null_is_a_body_that_must_be_given_and_may_be_anything() {
    let schema = object(json!({
        "type": "object",
        "properties": {"body": {"description": "Anything."}},
        "required": ["body"],
    }));
    let null = object(json!({"body": null}));
    assert_eq!(check(&WHOLE, &schema, null.clone()).unwrap(), null);
    let request = build(&WHOLE, &null).unwrap();
    assert_eq!(request.body.unwrap().bytes, b"null");
    // Where it need not be given, or cannot be null, it is not given.
    let optional = OperationDef {
        body: WHOLE.body.map(|body| Body {
            required: false,
            ..body
        }),
        ..WHOLE
    };
    let open = object(json!({"type": "object", "properties": {"body": {}}}));
    assert_eq!(
        check(&optional, &open, null.clone()).unwrap(),
        Object::new()
    );
    let mut closed = schema;
    closed["properties"]["body"]["type"] = json!("object");
    assert!(check(&WHOLE, &closed, null).is_err());
}

#[test]
fn null_is_a_value_in_a_parameter_of_json_and_in_no_style() {
    const fn with(parameters: &'static [Parameter]) -> OperationDef {
        OperationDef {
            parameters,
            nullable: &["/filter", "/filter/owner"],
            ..OperationDef::DEFAULT
        }
    }
    const FILTER: Parameter = Parameter {
        name: "filter",
        argument: "filter",
        style: Style::Json,
        ..Parameter::QUERY
    };
    static NULLABLE: OperationDef = with(&[FILTER]);
    static OPTIONAL: OperationDef = OperationDef {
        nullable: &[],
        ..with(&[FILTER])
    };
    static REQUIRED: OperationDef = OperationDef {
        nullable: &[],
        ..with(&[Parameter {
            required: true,
            ..FILTER
        }])
    };
    static STYLED: OperationDef = OperationDef {
        nullable: &[],
        ..with(&[Parameter {
            style: Style::DeepObject,
            ..FILTER
        }])
    };
    let typed = json!({"type": "object", "properties": {
        "owner": {"type": "string"}, "city": {"type": "string"}, "any": {},
    }});
    let any = json!({});
    for (operation, schema, given, query) in [
        (&NULLABLE, &typed, json!(null), "filter=null"),
        (
            &NULLABLE,
            &typed,
            json!({"owner": null, "city": null, "any": null, "more": null}),
            r#"filter={"owner":null,"any":null,"more":null}"#,
        ),
        (&OPTIONAL, &any, json!(null), ""),
        (&REQUIRED, &any, json!(null), "filter=null"),
        (&OPTIONAL, &any, json!([null]), "filter=[null]"),
        (
            &STYLED,
            &typed,
            json!({"any": null, "city": "a"}),
            "filter[city]=a",
        ),
    ] {
        let schema = object(json!({"type": "object", "properties": {"filter": schema}}));
        let given = object(json!({ "filter": given }));
        let checked = check(operation, &schema, given.clone())
            .unwrap_or_else(|problems| panic!("{given:?}: {problems:?}"));
        let request = build(operation, &checked).unwrap();
        let sent = percent_encoding::percent_decode_str(&request.query);
        assert_eq!(sent.decode_utf8().unwrap(), query, "{given:?}");
    }
}

#[test]
fn nulls_within_json_that_came_as_text_are_treated_alike() {
    for (operation, given, sent) in [
        (
            &JSON,
            json!({"meta": "{\"a\":null,\"plain\":null,\"declared\":null}"}),
            json!({"meta": {"a": null, "declared": null}}),
        ),
        (
            &JSON,
            json!({"counts": " {\"a\":null,\"b\":1}"}),
            json!({"counts": {"b": 1}}),
        ),
        (
            &JSON,
            json!({"lines": ["{\"text\":null,\"data\":null}", {"text": null}]}),
            json!({"lines": [{"data": null}, {}]}),
        ),
        (
            &JSON,
            json!({"lines": "[\"{\\\"text\\\":null}\"]"}),
            json!({"lines": [{}]}),
        ),
        (
            &JSON,
            json!({"party": "{\"vat\":null}"}),
            json!({"party": {}}),
        ),
        (
            &JSON,
            json!({"filter": "{\"a\":null}"}),
            json!({"filter": {}}),
        ),
        (&FORM, json!({"meta": "{\"a\":null}"}), json!({"meta": {}})),
        (
            &WHOLE,
            json!({"body": "{\"a\":null}"}),
            json!({"body": {"a": null}}),
        ),
        // Where a text can be meant, it is.
        (
            &JSON,
            json!({"any": "{\"a\":null}", "name": "[null]"}),
            json!({"any": "{\"a\":null}", "name": "[null]"}),
        ),
    ] {
        let checked = check(operation, &schema(), object(given.clone()))
            .unwrap_or_else(|problems| panic!("{given}: {problems:?}"));
        assert_eq!(Value::Object(checked), sent, "{given}");
    }
}

/// Rows B8, B9 and E1.
#[test]
fn b8_an_update_of_which_nothing_is_left_is_refused_with_what_was_left_out_and_why() {
    const UPDATE: OperationDef = OperationDef {
        method: "PATCH",
        path: "/leads/{lead_id}",
        risk: Risk::Write,
        hints: Hints {
            read_only: false,
            ..Hints::READ
        },
        parameters: &[
            Parameter {
                name: "lead_id",
                argument: "lead_id",
                ..Parameter::PATH
            },
            Parameter {
                name: "notify",
                argument: "notify",
                ..Parameter::QUERY
            },
        ],
        ..operation(
            BodyEncoding::Json,
            BodyShape::Properties {
                fields: &[
                    field("name"),
                    field("tags"),
                    field("stage"),
                    field("note"),
                    field("party"),
                ],
                additional: "",
            },
        )
    };
    static PATCH: OperationDef = UPDATE;
    static PUT: OperationDef = OperationDef {
        method: "PUT",
        path: "/settings",
        ..UPDATE
    };
    // What it does it does without a word: clients send null for what they leave out.
    static ACTION: OperationDef = OperationDef {
        tool: "convert_lead",
        path: "/leads/{lead_id}/convert",
        ..UPDATE
    };
    static NAMED: OperationDef = OperationDef {
        tool: "update_lead_tags",
        path: "/leads/{lead_id}/tags",
        ..UPDATE
    };
    static POST: OperationDef = OperationDef {
        method: "POST",
        path: "/leads",
        ..UPDATE
    };
    let schema = object(json!({
        "type": "object",
        "properties": {
            "lead_id": {"type": "integer"}, "notify": {"type": "boolean"},
            "name": {"type": "string"}, "stage": {"type": "string", "enum": ["new", "won"]},
            "tags": {"type": "array", "items": {"type": "string"}},
            "note": {"type": ["string", "null"]},
            "party": {"type": "object", "properties": {"phone": {"type": "string"}}},
        },
        "additionalProperties": false,
    }));
    // A body that may be left out: adding a member to a group by their id, marking all as read.
    static MEMBER: OperationDef = OperationDef {
        method: "PUT",
        tool: "update_group_member",
        path: "/groups/1/members/{lead_id}",
        body: OPTIONAL_BODY,
        ..UPDATE
    };
    static OPTIONAL: OperationDef = OperationDef {
        method: "PUT",
        path: "/notifications/read",
        body: OPTIONAL_BODY,
        ..UPDATE
    };
    const OPTIONAL_BODY: Option<Body> = Some(Body {
        media_type: "application/json",
        encoding: BodyEncoding::Json,
        shape: BodyShape::Properties {
            fields: &[field("name")],
            additional: "",
        },
        required: false,
    });
    let no_field =
        "nothing would change, since no field was given. Give at least one of: name, stage, tags, note, party."
            .to_owned();
    let nothing =
        "nothing would change, since nothing is left of what was given. Null empties only: note.";
    let left_out = |what: &str| {
        format!(
            "null means \"not given\" here, so it was left out. Give a value{what}; or leave it out to keep what is there."
        )
    };
    let unknown = |near: &str| {
        format!(
            "there is no such argument.{near} Valid: lead_id, notify, name, stage, tags, note, party."
        )
    };
    for (operation, given, expected) in [
        (
            &PATCH,
            json!({"lead_id": 1, "tags": null}),
            vec![
                ("", nothing.to_owned()),
                ("/tags", left_out(", or [] to empty it")),
            ],
        ),
        (
            &PUT,
            json!({"name": null, "stage": null, "party": {"phone": null}}),
            vec![
                ("", nothing.to_owned()),
                ("/name", left_out(", or \"\" to empty it")),
                ("/stage", left_out("")),
                ("/party/phone", left_out(", or \"\" to empty it")),
            ],
        ),
        (
            &NAMED,
            json!({"lead_id": 1, "tag": null}),
            vec![
                ("", nothing.to_owned()),
                ("/tag", unknown(" Did you mean \"tags\"?")),
            ],
        ),
        // Without a name that it does not have nothing is left, and both is said at once.
        (
            &PATCH,
            json!({"lead_id": 1, "thoughts": "later"}),
            vec![("/thoughts", unknown("")), ("", no_field.clone())],
        ),
        // A write says what it does not know, whatever else it says.
        (
            &PATCH,
            json!({"lead_id": 1, "name": "A", "nme": null}),
            vec![("/nme", unknown(" Did you mean \"name\"?"))],
        ),
        (
            &POST,
            json!({"colour": null}),
            vec![("/colour", unknown(""))],
        ),
        // Something is left: a null that is one, what was given empty, a parameter beside the body.
        (&PATCH, json!({"lead_id": 1, "note": null}), vec![]),
        (
            &PATCH,
            json!({"lead_id": 1, "party": {}, "tags": null}),
            vec![],
        ),
        (
            &PATCH,
            json!({"lead_id": 1, "notify": true, "tags": null}),
            vec![],
        ),
        (
            &PATCH,
            json!({"lead_id": 1, "name": "A", "tags": null}),
            vec![],
        ),
        // Nothing was given but which record is meant.
        (&PATCH, json!({"lead_id": 1}), vec![("", no_field.clone())]),
        (
            &PATCH,
            json!({"lead_id": 1, "notify": null}),
            vec![("", no_field.clone())],
        ),
        (&PUT, json!({}), vec![("", no_field.clone())]),
        (&NAMED, json!({"lead_id": 1}), vec![("", no_field)]),
        // Here it says something: a member is put into a group, and what is done needs no word.
        (&MEMBER, json!({"lead_id": 1}), vec![]),
        (&OPTIONAL, json!({}), vec![]),
        (&ACTION, json!({"lead_id": 1}), vec![]),
        (
            &ACTION,
            json!({"lead_id": 1, "tags": null, "name": null}),
            vec![],
        ),
        (&POST, json!({"name": null}), vec![]),
    ] {
        let problems = check(operation, &schema, object(given.clone()))
            .err()
            .unwrap_or_default();
        let said: Vec<(&str, String)> = problems
            .iter()
            .map(|problem| (problem.pointer.as_str(), problem.message.clone()))
            .collect();
        assert_eq!(said, expected, "{} {given}", operation.method);
    }
}

/// Row B8: the document counts the fields of a change, and the tool's schema the id besides.
#[test]
fn b8_a_change_with_too_few_fields_is_told_which_there_are() {
    const CHANGE: OperationDef = OperationDef {
        method: "PUT",
        path: "/invoices/{id}",
        tool: "update_invoice",
        risk: Risk::Write,
        hints: Hints {
            read_only: false,
            ..Hints::READ
        },
        parameters: &[Parameter {
            name: "id",
            argument: "id",
            ..Parameter::PATH
        }],
        body: Some(Body {
            media_type: "application/json",
            encoding: BodyEncoding::Json,
            shape: BodyShape::Properties {
                fields: &[field("name"), field("any"), field("pair")],
                additional: "",
            },
            required: false,
        }),
        ..OperationDef::DEFAULT
    };
    static PUT: OperationDef = CHANGE;
    // The name says nothing of a change, and the document says that one is wanted.
    static SEND: OperationDef = OperationDef {
        tool: "send_invoice",
        ..CHANGE
    };
    let schema = |least: u32| {
        object(json!({
            "type": "object",
            "properties": {
                "id": {"type": "integer"},
                "name": {"type": "string"},
                "any": {"type": ["string", "null"]},
                "pair": {"type": "object", "minProperties": 2, "properties": {
                    "a": {"type": "integer"}, "b": {"type": "integer"}, "c": {"type": "integer"},
                }},
            },
            "required": ["id"],
            "minProperties": least,
            "additionalProperties": false,
        }))
    };
    for (operation, least, given, expected) in [
        (
            &PUT,
            2,
            json!({"id": 1}),
            vec![
                " nothing would change, since no field was given. Give at least one of: name, any, pair.",
            ],
        ),
        (
            &SEND,
            2,
            json!({"id": 1}),
            vec![
                " nothing would change, since no field was given. Give at least one of: name, any, pair.",
            ],
        ),
        (
            &PUT,
            3,
            json!({"id": 1}),
            vec![
                " nothing would change, since no field was given. Give at least 2 of: name, any, pair.",
            ],
        ),
        (
            &PUT,
            3,
            json!({"id": 1, "name": "x"}),
            vec![" too few fields were given. Give at least one more of: any, pair."],
        ),
        (
            &PUT,
            2,
            json!({"id": 1, "name": null}),
            vec![
                " nothing would change, since nothing is left of what was given. Null empties only: any.",
                "/name null means \"not given\" here, so it was left out. Give a value, or \"\" to empty it; or leave it out to keep what is there.",
            ],
        ),
        (
            &PUT,
            2,
            json!({"id": "x"}),
            vec![
                "/id expected an integer, got \"x\" (a string). Example: 1.",
                " nothing would change, since no field was given. Give at least one of: name, any, pair.",
            ],
        ),
        (
            &PUT,
            2,
            json!({"id": 1, "pair": {"b": 2}}),
            vec!["/pair expected at least 2 properties, got 1. Give at least one more of: a, c."],
        ),
        (&PUT, 2, json!({"id": 1, "name": "x"}), vec![]),
    ] {
        let problems = check(operation, &schema(least), object(given.clone()));
        let problems = problems.err().unwrap_or_default();
        let said: Vec<String> = problems
            .iter()
            .map(|problem| format!("{} {}", problem.pointer, problem.message))
            .collect();
        assert_eq!(said, expected, "{} {least} {given}", operation.tool);
    }
}

#[test]
fn a_null_under_a_name_that_there_is_not_is_no_filter_and_not_all_that_a_call_says() {
    let check = |given: Value| check(&JSON, &schema(), object(given));
    for given in [
        json!({"unknown": null}),
        json!({"unknown": null, "lines": 5}),
    ] {
        let problems = check(given.clone()).unwrap_err();
        let unknown = problems.iter().any(|one| one.pointer == "/unknown");
        assert!(unknown, "{given}: {problems:?}");
    }
}

/// Row B8: a body that is one argument and empty says nothing where its fields are known, and empties a map.
#[test]
fn b8_an_empty_body_is_no_update_of_a_record() {
    static PUT: OperationDef = OperationDef {
        method: "PUT",
        path: "/leads/{id}",
        ..WHOLE
    };
    let said = |body: Value| {
        let schema = object(json!({"type": "object", "properties": {"body": body}}));
        let problems = check(&PUT, &schema, object(json!({"body": {}}))).err();
        problems.map(|found| {
            found
                .iter()
                .map(|one| one.message.clone())
                .collect::<String>()
        })
    };
    assert_eq!(said(json!({"type": "object"})), None);
    assert_eq!(
        said(json!({"type": "object", "properties": {"name": {"type": "string"}}})).as_deref(),
        Some("nothing would change, since no field was given. Give at least one of: body.")
    );
}
