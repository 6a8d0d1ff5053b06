//! Servers of a document that has an address (OpenAPI 3.2 §4.5, RFC 3986 §5).

use super::*;

const ADDRESS: &str = "https://docs.example.com/api/v3/openapi.yaml";

/// The addresses that a document at an address suggests.
fn suggested(address: Option<&str>, head: &str) -> Vec<String> {
    let text = format!(
        "{head}\ninfo: {{title: T, version: '1'}}\npaths: {{/a: {{get: {{operationId: a, responses: {{}}}}}}}}\n"
    );
    let config = match address {
        Some(address) => Config::new().spec_url(address).file(address, &text),
        None => Config::new().spec_str("api.yaml", &text),
    };
    config.generate().unwrap().api.servers
}

#[test]
fn relative_servers_start_from_the_address_of_the_document() {
    for (servers, expected) in [
        ("servers: [{url: /v1}]", "https://docs.example.com/v1"),
        ("servers: [{url: ../v2}]", "https://docs.example.com/api/v2"),
        ("servers: [{url: v2}]", "https://docs.example.com/api/v3/v2"),
        (
            "servers: [{url: //api.example.com/v1}]",
            "https://api.example.com/v1",
        ),
        (
            "servers: [{url: 'https://api.example.com'}]",
            "https://api.example.com",
        ),
        ("servers: []", "https://docs.example.com/"),
        ("x-none: 1", "https://docs.example.com/"),
        (
            "servers: [{url: '/{v}', variables: {v: {default: v9}}}]",
            "https://docs.example.com/v9",
        ),
        (
            "$self: https://e.example/spec/a.yaml\nservers: [{url: ../v1}]",
            "https://e.example/v1",
        ),
        (
            "$self: other/a.yaml\nservers: [{url: v1}]",
            "https://docs.example.com/api/v3/other/v1",
        ),
    ] {
        let found = suggested(Some(ADDRESS), &format!("openapi: 3.2.0\n{servers}"));
        assert_eq!(found, [expected], "{servers}");
    }
    let swagger = suggested(Some(ADDRESS), "swagger: '2.0'\nbasePath: /v1");
    assert_eq!(swagger, ["https://docs.example.com/v1"]);
}

#[test]
fn a_document_without_an_address_suggests_what_it_names_and_nothing_else() {
    for (servers, expected) in [
        ("servers: [{url: /v1}]", None),
        ("x-none: 1", None),
        (
            "$self: https://e.example/spec/a.yaml\nservers: [{url: ../v1}]",
            Some("https://e.example/v1"),
        ),
    ] {
        let found = suggested(None, &format!("openapi: 3.2.0\n{servers}"));
        assert_eq!(found, Vec::from_iter(expected), "{servers}");
    }
}
