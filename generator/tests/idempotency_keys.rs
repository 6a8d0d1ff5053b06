//! Row D7: header parameters that tell one call from another are made by the server.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use mcpwright::{Config, Generated, RuntimeSource};

/// An operation with one parameter, and what settings say.
fn generate(parameter: &str, extension: &str) -> Generated {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nservers: [{{url: https://e.example}}]\npaths:\n  /leads:\n    post:\n      operationId: createLead\n      {extension}\n      parameters: [{{{parameter}}}]\n      responses: {{}}\n"
    );
    Config::new()
        .spec_str("a.yaml", &text)
        .runtime(RuntimeSource::Registry)
        .generate()
        .unwrap()
}

/// Whether it is made for each call, and whether it is an argument.
fn read(parameter: &str, extension: &str) -> (bool, bool) {
    let generated = generate(parameter, extension);
    let operation = generated.api.operations().next().unwrap();
    let properties = operation.input_schema["properties"].as_object();
    let made = operation.parameters.iter().any(|one| one.generated);
    let said = generated.report.diagnostics.iter();
    assert_eq!(
        made,
        said.filter(|one| one.code.id() == "E0944").count() == 1
    );
    (made, properties.is_some_and(|all| !all.is_empty()))
}

#[test]
fn keys_are_known_by_their_names_wherever_a_uuid_fits() {
    for (name, schema, made) in [
        ("Idempotency-Key", "{type: string}", true),
        ("idempotency-key", "{type: string, format: uuid}", true),
        (
            "X-Idempotency-Key",
            "{type: [string, 'null'], maxLength: 64}",
            true,
        ),
        ("X-Idempotency-Token", "{}", true),
        (
            "Idempotence-Key",
            "{type: string, minLength: 1, maxLength: 36}",
            true,
        ),
        (
            "X-Acme-Idempotency-Key",
            r#"{type: string, pattern: "^[A-Za-z0-9_-]{8,100}$"}"#,
            true,
        ),
        (
            "Idempotency-Key",
            r#"{type: string, pattern: "^[A-Z]+$"}"#,
            false,
        ),
        (
            "Idempotency-Key",
            r#"{type: string, pattern: "^(?=x)"}"#,
            false,
        ),
        ("Idempotency-Key", "{type: string, maxLength: 35}", false),
        ("Idempotency-Key", "{type: string, minLength: 40}", false),
        (
            "Idempotency-Key",
            "{type: string, format: date-time}",
            false,
        ),
        ("Idempotency-Key", "{type: string, enum: [a, b]}", false),
        ("Idempotency-Key", "{type: integer}", false),
        ("X-Request-Id", "{type: string}", false),
        ("Idempotency-Mode", "{type: string}", false),
    ] {
        for required in ["", ", required: true"] {
            let parameter = format!("name: {name}, in: header, schema: {schema}{required}");
            assert_eq!(read(&parameter, ""), (made, !made), "{parameter}");
        }
    }
    let elsewhere = "name: idempotency_key, in: query, schema: {type: string}";
    assert_eq!(read(elsewhere, ""), (false, true));
}

#[test]
fn what_settings_say_about_the_argument_holds() {
    let key = "name: Idempotency-Key, in: header, schema: {type: string}";
    for (field, expected) in [
        ("Idempotency-Key: {hide: false}", (false, true)),
        ("Idempotency-Key: {hide: true}", (false, false)),
        ("Idempotency-Key: {fixed: batch-7}", (false, false)),
    ] {
        let extension = format!("x-mcp: {{fields: {{{field}}}}}");
        assert_eq!(read(key, &extension), expected, "{field}");
    }
}
