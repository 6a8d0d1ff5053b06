//! Bodies of XML.

use serde_json::{Value, json};

use super::{api, body, only, posted, send, text};

/// The XML of a POST whose body is this component, without the declaration.
fn written(schemas: &Value, arguments: Value) -> String {
    let entry = json!({"schema": {"$ref": "#/components/schemas/Lead"}});
    let (media, text) = posted(
        "application/xml",
        &entry,
        &json!({"schemas": schemas}),
        arguments,
    );
    assert_eq!(media, "application/xml");
    let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    text.strip_prefix(declaration)
        .unwrap_or_else(|| panic!("{text}"))
        .to_owned()
}

#[test]
fn xml_is_written_as_the_xml_objects_say() {
    let text = json!({"type": "string"});
    let list = |xml: Value, items: Value| {
        let mut items = json!({"type": "string", "xml": items});
        let mut array = json!({"type": "array", "items": items.clone(), "xml": xml});
        for schema in [&mut array, &mut items] {
            let members = schema.as_object_mut().unwrap();
            members.retain(|_, value| !value.is_null());
        }
        array["items"] = items;
        array
    };
    let none = Value::Null;
    for (property, value, sent) in [
        // The examples of OpenAPI 3.1 §4.8.26.
        (
            json!({"type": "string"}),
            json!("a"),
            "<animals>a</animals>",
        ),
        (
            json!({"type": "string", "xml": {"name": "animal"}}),
            json!("a"),
            "<animal>a</animal>",
        ),
        (
            json!({"type": "string", "xml": {"namespace": "https://e.com/s", "prefix": "s"}}),
            json!("a"),
            "<s:animals xmlns:s=\"https://e.com/s\">a</s:animals>",
        ),
        (
            list(none.clone(), none.clone()),
            json!(["a", "b"]),
            "<animals>a</animals><animals>b</animals>",
        ),
        (
            list(json!({"name": "aliens"}), json!({"name": "animal"})),
            json!(["a", "b"]),
            "<animal>a</animal><animal>b</animal>",
        ),
        (
            list(json!({"wrapped": true}), none.clone()),
            json!(["a"]),
            "<animals><animals>a</animals></animals>",
        ),
        (
            list(json!({"wrapped": true}), json!({"name": "animal"})),
            json!(["a", "b"]),
            "<animals><animal>a</animal><animal>b</animal></animals>",
        ),
        (
            list(
                json!({"name": "aliens", "wrapped": true}),
                json!({"name": "animal"}),
            ),
            json!(["a"]),
            "<aliens><animal>a</animal></aliens>",
        ),
        (
            list(json!({"name": "aliens", "wrapped": true}), none.clone()),
            json!(["a"]),
            "<aliens><aliens>a</aliens></aliens>",
        ),
        // Node types of 3.2.
        (
            list(json!({"nodeType": "element"}), json!({"name": "animal"})),
            json!(["a"]),
            "<animals><animal>a</animal></animals>",
        ),
        (
            json!({"type": "string", "xml": {"nodeType": "text"}}),
            json!("a<b"),
            "a&lt;b",
        ),
        (
            json!({"type": "string", "xml": {"nodeType": "cdata"}}),
            json!("a<b]]>c"),
            "<![CDATA[a<b]]]]><![CDATA[>c]]>",
        ),
        (
            json!({"type": "object", "properties": {"n": text}, "xml": {"nodeType": "none"}}),
            json!({"n": "a"}),
            "<n>a</n>",
        ),
        // What is not said.
        (
            json!({"type": "object", "properties": {"n": {"type": "integer"}, "b": {"type": "boolean"}}}),
            json!({"n": 1, "b": true}),
            "<animals><n>1</n><b>true</b></animals>",
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "array", "items": text}}),
            json!({"k": ["a", "b"]}),
            "<animals><k>a</k><k>b</k></animals>",
        ),
        (
            json!({"type": ["string", "null"]}),
            none.clone(),
            "<animals xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>",
        ),
        (json!({"type": "string"}), json!(""), "<animals/>"),
    ] {
        let schemas = json!({"Lead": {"type": "object", "properties": {"animals": property}}});
        let found = written(&schemas, json!({"animals": value}));
        assert_eq!(found, format!("<Lead>{sent}</Lead>"), "{property} {value}");
    }
}

#[test]
fn xml_roots_have_the_name_that_the_schema_says_or_that_of_its_component() {
    let lead = json!({"type": "object", "properties": {
        "id": {"type": "integer", "xml": {"attribute": true}},
        "kind": {"type": "string", "xml": {"nodeType": "attribute", "prefix": "k", "namespace": "urn:k"}},
        "tag": {"$ref": "#/components/schemas/Tag"},
        "tags": {"type": "array", "xml": {"wrapped": true}, "items": {"$ref": "#/components/schemas/Tag"}},
        "owner": {"allOf": [{"$ref": "#/components/schemas/Tag"}], "description": "Who has it"},
    }});
    let mut named = lead.clone();
    named["xml"] = json!({"name": "lead", "namespace": "urn:l"});
    let tag = json!({"type": "object", "xml": {"name": "label"}, "properties": {"n": {"type": "string"}}});
    let given = json!({"id": 5, "kind": "a\"\n", "tag": {"n": "x"}, "tags": [{"n": "y"}, {"n": "z"}], "owner": {"n": "o"}});
    let inner = "<label><n>x</n></label><tags><label><n>y</n></label><label><n>z</n></label></tags><label><n>o</n></label>";
    for (lead, start, end) in [
        (
            lead,
            "<Lead id=\"5\" xmlns:k=\"urn:k\" k:kind=\"a&quot;&#10;\">",
            "</Lead>",
        ),
        (
            named,
            "<lead xmlns=\"urn:l\" id=\"5\" xmlns:k=\"urn:k\" k:kind=\"a&quot;&#10;\">",
            "</lead>",
        ),
    ] {
        let found = written(&json!({"Lead": lead, "Tag": tag}), given.clone());
        assert_eq!(found, format!("{start}{inner}{end}"));
    }
    let array = json!({"type": "array", "xml": {"name": "leads"}, "items": {"type": "string", "xml": {"name": "lead"}}});
    let found = written(&json!({"Lead": array}), json!({"body": ["a", "b"]}));
    assert_eq!(found, "<leads><lead>a</lead><lead>b</lead></leads>");
}

#[test]
fn the_branches_of_a_union_are_written_as_their_xml_objects_say() {
    let attribute = json!({"type": "integer", "xml": {"attribute": true}});
    let kind = |own: &str, schema: &Value| {
        let name = json!({"type": "string", "xml": {"name": own.to_uppercase()}});
        json!({"type": "object", "properties": {"id": schema, own: name}, "required": [own]})
    };
    let either = json!({"oneOf": [kind("cat", &attribute), kind("dog", &attribute)]});
    let lead = |own: &Value| json!({"Lead": {"type": "object", "properties": {"pet": own}}});
    let root = |own: &Value| {
        let mut schema = own.clone();
        schema["xml"] = json!({"name": "pet"});
        schema
    };
    let dog = json!({"id": 1, "dog": "rex"});
    const PET: &str = "<pet id=\"1\"><DOG>rex</DOG></pet>";
    let list = json!({"oneOf": [kind("dog", &attribute), {"type": "array", "items": kind("dog", &attribute)}]});
    for (own, value, sent) in [
        (&either, dog.clone(), PET.to_owned()),
        (
            &json!({"type": "array", "items": either}),
            json!([dog, dog]),
            PET.repeat(2),
        ),
        (&list, json!([dog, dog]), PET.repeat(2)),
        (&list, dog.clone(), PET.to_owned()),
        (
            &json!({"anyOf": [kind("dog", &attribute), {"type": "string"}]}),
            json!("rex"),
            "<pet>rex</pet>".to_owned(),
        ),
    ] {
        let found = written(&lead(own), json!({"pet": value}));
        assert_eq!(found, format!("<Lead>{sent}</Lead>"), "{own}");
    }
    let found = written(&json!({"Lead": root(&either)}), json!({"body": dog}));
    assert_eq!(found, PET);
    // Where branches write a member in several ways, nothing says which one is meant.
    let clash =
        json!({"oneOf": [kind("cat", &attribute), kind("dog", &json!({"type": "integer"}))]});
    let pet = json!({"type": "object", "xml": {"name": "lead"}, "properties": {"pet": clash}});
    assert_eq!(text("text/xml", pet, json!({"body": "<a/>"})), "<a/>");
}

#[test]
fn xml_whose_names_are_unknown_is_text_and_json_goes_before_it() {
    let inline = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let spaced = json!({"type": "object", "xml": {"name": "lead"}, "properties": {"a b": {"type": "string"}}});
    for schema in [
        inline.clone(),
        spaced,
        json!({}),
        json!({"type": "string"}),
        json!({"anyOf": [inline, {"type": "string"}], "xml": {"name": "a"}}),
    ] {
        assert_eq!(
            text("text/xml", schema.clone(), json!({"body": "<a/>"})),
            "<a/>",
            "{schema}"
        );
    }
    let both = json!({"requestBody": {"content": {
        "application/xml": {"schema": inline}, "application/json": {"schema": inline},
    }}});
    let request = send(only(api("post", &both, &json!({}))), json!({"a": "b"})).unwrap();
    assert_eq!(
        body(&request).map(|(media, _)| media).as_deref(),
        Some("application/json")
    );
}

#[test]
fn what_xml_cannot_carry_is_refused() {
    let lead = json!({"requestBody": {"content": {"application/xml": {"schema": {
        "type": "object", "xml": {"name": "lead"}, "properties": {"a": {"type": "string"}}, "additionalProperties": true,
    }}}}});
    let operation = only(api("post", &lead, &json!({})));
    for (given, why) in [
        (json!({"a": "\u{1}"}), "U+0001"),
        (json!({"a": "\u{ffff}"}), "U+FFFF"),
        (
            json!({"additional_fields": {"x><evil": 1}}),
            "no name in XML",
        ),
        (json!({"additional_fields": {"": 1}}), "no name in XML"),
        (json!({"additional_fields": {"a:b": 1}}), "no name in XML"),
        (json!({"additional_fields": {"-a": 1}}), "no name in XML"),
    ] {
        let found = send(operation, given.clone());
        assert!(
            found.as_ref().is_err_and(|error| error.contains(why)),
            "{given} {found:?}"
        );
    }
}
