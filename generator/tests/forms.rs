//! Base schemas with a `discriminator` whose subtypes extend them with `allOf` (OpenAPI 3.2 §4.25.6).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::{Config, Generated};
use serde_json::{Value, json};

/// A tool whose body is the component `name`.
fn generate(name: &str, schemas: &Value) -> Generated {
    let schema = to(name);
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {"/pets": {"post": {
            "operationId": "createPet",
            "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
            "responses": {"204": {"description": "ok"}},
        }}},
        "components": {"schemas": schemas},
    });
    Config::new()
        .spec_str("pets.json", &document.to_string())
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn to(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// A schema that extends `base` with one required property.
fn extending(base: &str, property: &str) -> Value {
    let own = json!({"type": "object", "required": [property], "properties": {property: {"type": "string"}}});
    json!({"allOf": [to(base), own]})
}

/// `Pet` with a `kind`, and what else is said about it.
fn pet(kind: Value, discriminator: Value) -> Value {
    json!({"type": "object", "required": ["kind"], "discriminator": discriminator,
        "properties": {"kind": kind, "name": {"type": "string"}}})
}

fn accepts(generated: &Generated, arguments: &Value) -> bool {
    let schema = &generated.api.groups[0].operations[0].input_schema;
    jsonschema::validator_for(schema)
        .unwrap()
        .is_valid(arguments)
}

fn codes(generated: &Generated) -> Vec<&str> {
    let found = generated.report.diagnostics.iter();
    found
        .map(|d| d.code.id())
        .filter(|code| !["E0603", "E0504"].contains(code))
        .collect()
}

#[test]
fn a_body_of_a_base_schema_takes_each_schema_that_extends_it() {
    let text = json!({"type": "string"});
    let subtypes = json!({"Dog": extending("Pet", "bark"), "Cat": extending("Pet", "purr"),
        "Puppy": extending("Dog", "age")});
    let mapped = json!({"propertyName": "kind",
        "mapping": {"dog": "Dog", "cat": "#/components/schemas/Cat", "puppy": "Puppy"}});
    let listed = json!({"type": "string", "enum": ["dog", "cat", "puppy", "fish"]});
    let dog = json!({"kind": "dog", "bark": "loud", "name": "Rex"});
    let puppy = json!({"kind": "puppy", "bark": "loud", "age": "1"});
    let without = json!({"kind": "dog", "name": "Rex"});
    let other = json!({"kind": "cat", "bark": "loud"});
    let fish = json!({"kind": "fish"});
    for (what, kind, discriminator, accepted, refused) in [
        (
            "with a mapping",
            text.clone(),
            mapped.clone(),
            vec![&dog, &puppy],
            vec![&without, &other, &fish],
        ),
        (
            "with a mapping and further values",
            listed.clone(),
            mapped,
            vec![&dog, &puppy, &fish],
            vec![&without, &other],
        ),
        (
            "without a mapping",
            text,
            json!({"propertyName": "kind"}),
            vec![&dog, &puppy],
            vec![&without, &fish],
        ),
        // The values are the names of the components, written in another case.
        (
            "with values only",
            listed,
            json!({"propertyName": "kind"}),
            vec![&dog, &puppy, &fish],
            vec![&without, &other],
        ),
    ] {
        let mut schemas = subtypes.clone();
        schemas["Pet"] = pet(kind, discriminator);
        let generated = generate("Pet", &schemas);
        assert_eq!(codes(&generated), Vec::<&str>::new(), "{what}");
        for body in accepted {
            assert!(
                accepts(&generated, &json!({"body": body})),
                "{what}: {body}"
            );
        }
        for body in refused {
            assert!(
                !accepts(&generated, &json!({"body": body})),
                "{what}: {body}"
            );
        }
    }
}

#[test]
fn a_schema_that_extends_a_base_is_only_itself() {
    for discriminator in [
        json!({"propertyName": "kind"}),
        json!({"propertyName": "kind", "mapping": {"dog": "Dog", "pet": "Pet"}}),
    ] {
        let mut schemas = json!({"Dog": extending("Pet", "bark"), "Cat": extending("Pet", "purr")});
        schemas["Pet"] = pet(json!({"type": "string"}), discriminator);
        for base in ["implied", "listed"] {
            if base == "listed" {
                schemas["Pet"]["oneOf"] = json!([to("Dog"), to("Cat")]);
            }
            let generated = generate("Dog", &schemas);
            let schema = &generated.api.groups[0].operations[0].input_schema;
            let names: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
            assert_eq!(names, ["kind", "name", "bark"], "{base}");
            assert_eq!(schema["required"], json!(["kind", "bark"]), "{base}");
        }
    }
}

#[test]
fn a_base_that_its_mapping_names_can_be_sent_itself() {
    let mapping = json!({"propertyName": "kind", "mapping": {"dog": "Dog", "any": "Pet"}});
    let mut schemas = json!({"Dog": extending("Pet", "bark")});
    schemas["Pet"] = pet(json!({"type": "string"}), mapping);
    let generated = generate("Pet", &schemas);
    for (body, accepted) in [
        (json!({"kind": "any"}), true),
        (json!({"kind": "dog", "bark": "loud"}), true),
        (json!({"kind": "dog"}), false),
        (json!({"kind": "cat"}), false),
    ] {
        assert_eq!(
            accepts(&generated, &json!({"body": body})),
            accepted,
            "{body}"
        );
    }
}

#[test]
fn a_base_without_a_mapping_can_be_sent_under_its_own_name() {
    let own = json!({"kind": "Pet"});
    for (kind, discriminator, accepted) in [
        (
            json!({"type": "string"}),
            json!({"propertyName": "kind"}),
            true,
        ),
        (
            json!({"enum": ["Pet", "barker"]}),
            json!({"propertyName": "kind"}),
            true,
        ),
        (
            json!({"enum": ["barker"]}),
            json!({"propertyName": "kind"}),
            false,
        ),
        // The names that there are, and the base has none.
        (
            json!({"type": "string"}),
            json!({"propertyName": "kind", "mapping": {"dog": "Dog", "cat": "Cat"}}),
            false,
        ),
    ] {
        let schemas = json!({"Pet": pet(kind, discriminator),
            "Dog": extending("Pet", "bark"), "Cat": extending("Pet", "purr")});
        let generated = generate("Pet", &schemas);
        let found = accepts(&generated, &json!({"body": own}));
        assert_eq!(found, accepted, "{}", schemas["Pet"]);
        let of_other = json!({"body": {"kind": "Dog"}});
        assert!(!accepts(&generated, &of_other), "{}", schemas["Pet"]);
    }
}

#[test]
fn what_a_mapping_names_need_not_extend_the_base() {
    let mapping = json!({"propertyName": "kind", "mapping": {"dog": "Dog"}});
    let dog = json!({"type": "object", "required": ["kind"],
        "properties": {"kind": {"type": "string"}, "bark": {"type": "string"}}});
    let schemas = json!({"Pet": pet(json!({"type": "string"}), mapping), "Dog": dog});
    let generated = generate("Pet", &schemas);
    for (body, accepted) in [
        (json!({"kind": "dog", "name": "Rex", "bark": "loud"}), true),
        (json!({"kind": "dog", "name": 5}), false),
        (json!({"kind": "dog", "bark": 5}), false),
        (json!({"kind": "cat"}), false),
    ] {
        assert_eq!(
            accepts(&generated, &json!({"body": body})),
            accepted,
            "{body}"
        );
    }
}

#[test]
fn a_name_of_a_mapping_that_means_no_schema_is_said_where_it_stands() {
    let base = |to: Value| {
        pet(
            json!({"type": "string"}),
            json!({"propertyName": "kind", "mapping": {"dog": to}}),
        )
    };
    let listing = |to: Value| {
        let mut base = base(to);
        base["oneOf"] = json!([self::to("Dog"), self::to("Cat")]);
        base
    };
    for (pet, code) in [
        (base(json!("Dgo")), "E0301"),
        (base(json!("#/components/schemas/Dgo")), "E0301"),
        (base(json!(5)), "E0301"),
        (base(json!("https://example.com/dog.json")), "E0303"),
        (listing(json!("Dgo")), "E0301"),
    ] {
        let schemas =
            json!({"Pet": pet, "Dog": extending("Pet", "bark"), "Cat": extending("Pet", "purr")});
        let generated = generate("Pet", &schemas);
        assert_eq!(codes(&generated), [code], "{pet}");
        let found = generated
            .report
            .diagnostics
            .iter()
            .find(|d| d.code.id() == code);
        let place = found.unwrap().pointer.as_ref().unwrap();
        assert_eq!(
            place.as_str(),
            "/components/schemas/Pet/discriminator/mapping/dog"
        );
    }
}

#[test]
fn a_base_of_very_many_schemas_stays_open_and_costs_little() {
    let many = 10_000;
    let mut schemas = serde_json::Map::new();
    for n in 0..many {
        schemas.insert(format!("S{n}"), extending("Pet", &format!("p{n}")));
    }
    let mapping: serde_json::Map<String, Value> = (0..many)
        .map(|n| (format!("s{n}"), json!(format!("S{n}"))))
        .collect();
    let discriminator = json!({"propertyName": "kind", "mapping": mapping});
    schemas.insert(
        "Pet".to_owned(),
        pet(json!({"type": "string"}), discriminator),
    );
    let begun = std::time::Instant::now();
    let generated = generate("Pet", &Value::Object(schemas));
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    assert_eq!(codes(&generated), ["E0505"]);
    for (body, accepted) in [
        (json!({"kind": "s77", "p77": "x", "name": "y"}), true),
        (json!({"name": "y"}), false),
    ] {
        assert_eq!(
            accepts(&generated, &json!({"body": body})),
            accepted,
            "{body}"
        );
    }
}

#[test]
fn a_name_of_another_form_is_not_that_of_a_form_without_one() {
    // `Cat` is in no entry of the mapping, so that nothing is known of its name but what it is not.
    let union = |more: Value| {
        let mut discriminator =
            json!({"propertyName": "kind", "mapping": {"dog": "Dog", "hound": "Dog"}});
        let members = more.as_object().unwrap().clone();
        discriminator.as_object_mut().unwrap().extend(members);
        json!({"oneOf": [to("Dog"), to("Cat")], "discriminator": discriminator})
    };
    let form = |own: &str| json!({"type": "object", "required": ["kind", own], "properties": {"kind": {"type": "string"}, own: {"type": "string"}}});
    for more in [json!({}), json!({"defaultMapping": "Cat"})] {
        let schemas = json!({"Pet": union(more.clone()), "Dog": form("bark"), "Cat": form("purr")});
        let generated = generate("Pet", &schemas);
        for (pet, expected) in [
            (json!({"kind": "dog", "bark": "a"}), true),
            (json!({"kind": "Cat", "purr": "a"}), true),
            (json!({"kind": "lion", "purr": "a"}), true),
            (json!({"kind": "hound", "purr": "a"}), false),
            (json!({"kind": "dog"}), false),
        ] {
            let found = accepts(&generated, &json!({ "body": pet }));
            assert_eq!(found, expected, "{pet} with {more}");
        }
    }
}

#[test]
fn null_belongs_to_the_form_that_says_so() {
    let form = |kind: &str, note: Value| {
        json!({"type": "object", "required": ["kind"], "properties": {
            "kind": {"enum": [kind]}, "note": note,
            "more": {"type": "object", "properties": {"x": note}}, "all": {"type": "array", "items": note},
        }})
    };
    let text = json!({"type": "string"});
    let nullable = json!({"type": ["string", "null"]});
    let schemas = |second: &Value| {
        json!({
            "Pet": {"oneOf": [to("Dog"), to("Cat")]},
            "Dog": form("dog", text.clone()), "Cat": form("cat", second.clone()),
        })
    };
    let generated = generate("Pet", &schemas(&nullable));
    let operation = &generated.api.groups[0].operations[0];
    assert_eq!(
        operation.nullable,
        ["/body/note", "/body/more/x", "/body/all/*"]
    );
    let branches = &operation.input_schema["properties"]["body"]["anyOf"];
    for place in ["note", "more/properties/x", "all/items"] {
        let at = |branch: usize| branches[branch].pointer(&format!("/properties/{place}"));
        let refused = json!({"type": "string", "not": {"type": "null"}});
        assert_eq!(at(0), Some(&refused), "{place}");
        assert_eq!(at(1), Some(&text), "{place}");
    }
    // Nothing is said where none has it.
    let generated = generate("Pet", &schemas(&text));
    let operation = &generated.api.groups[0].operations[0];
    let schema = operation.input_schema.to_string();
    assert!(!schema.contains("\"not\""), "{schema}");
}

#[test]
fn names_are_seen_and_can_be_given_where_forms_do_not_declare_the_property() {
    let own = |name: &str| json!({"type": "object", "properties": {name: {"type": "boolean"}}});
    let mapping = json!({"doggy": "Dog", "kitty": "Cat"});
    let discriminator = json!({"propertyName": "kind", "mapping": mapping});
    let forms = json!([to("Cat"), to("Dog")]);
    let within = json!({"type": "object", "required": ["kind"], "oneOf": forms,
        "properties": {"kind": {"type": "string"}}, "discriminator": discriminator});
    let around = json!({"oneOf": forms, "discriminator": discriminator});
    let extended = json!({"type": "object", "discriminator": discriminator});
    let extending = |name: &str| json!({"allOf": [to("Pet"), own(name)]});
    for (what, pet, cat, dog, is_required) in [
        ("declared around", within, own("claws"), own("bark"), true),
        ("undeclared", around, own("claws"), own("bark"), false),
        (
            "extended",
            extended,
            extending("claws"),
            extending("bark"),
            false,
        ),
    ] {
        let generated = generate("Pet", &json!({"Pet": pet, "Cat": cat, "Dog": dog}));
        let shown = generated.api.groups[0].operations[0]
            .input_schema
            .to_string();
        for name in ["kitty", "doggy"] {
            let listed = format!(r#""kind":{{"type":"string","enum":["{name}"]}}"#);
            assert!(shown.contains(&listed), "{what}: {shown}");
        }
        let body = |body: Value| accepts(&generated, &json!({"body": body}));
        assert!(body(json!({"kind": "kitty", "claws": true})), "{what}");
        assert!(body(json!({"kind": "doggy", "bark": true})), "{what}");
        assert!(!body(json!({"kind": "doggy", "bark": 5})), "{what}");
        assert_eq!(!body(json!({"claws": true})), is_required, "{what}");
    }
}
