//! What no tool comes from is said once for each kind, and webhooks are in the report.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::fs;

use mcpwright::Config;
use serde_json::{Value, json};
use support::{mcpwright, spec};

#[test]
fn webhooks_callbacks_and_links_are_said_once_each() {
    for (name, message, line) in [
        (
            "E0910-webhook.yaml",
            "1 webhook: no tool comes from it",
            "webhooks",
        ),
        (
            "E0911-callback.yaml",
            "1 operation with callbacks: no tool comes from them",
            "callbacks",
        ),
        (
            "E0912-link.yaml",
            "1 response with links: tools do not have them",
            "links",
        ),
    ] {
        let text = fs::read_to_string(spec("negative").join(name)).unwrap();
        let generated = Config::new().spec_str(name, &text).generate().unwrap();
        let found = &generated.report.diagnostics;
        assert_eq!(found.len(), 1, "{name}: {found:?}");
        assert_eq!(found[0].code.id(), &name[..5]);
        assert_eq!(found[0].message, message);
        assert!(
            found[0]
                .pointer
                .as_ref()
                .unwrap()
                .to_string()
                .ends_with(line)
        );
    }
}

#[test]
fn what_stands_in_other_files_is_said_as_well() {
    let document = "openapi: 3.1.0\ninfo: {title: Leads, version: '1'}\n\
        servers: [{url: https://crm.example.com}]\npaths: {/leads: {get: {operationId: listLeads, callbacks: {$ref: callbacks.yaml}, \
        responses: {'200': {description: ok, links: {$ref: 'links.yaml'}}}}}}\n\
        webhooks: {leadCreated: {$ref: hooks/created.yaml}, leadLost: {$ref: 'hooks/all.yaml#/lost'}}\n";
    let hook = "post: {requestBody: {content: {application/json: {schema: {$ref: lead.yaml}}}}}";
    let config = |callbacks: &str, links: &str| {
        Config::new()
            .spec_str("crm.yaml", document)
            .file("hooks/created.yaml", hook)
            .file("hooks/all.yaml", "lost: {$ref: created.yaml}")
            .file("hooks/lead.yaml", "type: object")
            .file("callbacks.yaml", callbacks)
            .file("links.yaml", links)
            .generate()
            .unwrap()
    };
    let codes = |generated: &mcpwright::Generated| {
        let all = generated.report.diagnostics.iter();
        all.map(|d| d.code.id()).collect::<Vec<_>>()
    };
    // A path item of a callback can hold itself.
    let callbacks = "done: {$ref: '#/~1again'}\n/again: {'{$url}': {$ref: '#/~1item'}}\n/item: \
        {post: {callbacks: {more: {'{$url}': {$ref: '#/~1item'}}}, responses: {}}}";
    let generated = config(callbacks, "owner: {$ref: link.yaml}");
    assert_eq!(codes(&generated), ["E0910", "E0911", "E0912"]);
    assert_eq!(
        generated.api.webhooks,
        ["POST leadCreated", "POST leadLost"]
    );
    let generated = config("{}", "{}");
    assert_eq!(codes(&generated), ["E0910"]);
}

#[test]
fn inspect_lists_webhooks() {
    let folder = spec("negative");
    let said = mcpwright(&folder, &["inspect", "E0910-webhook.yaml"]);
    assert!(
        said.err.contains("no tool: POST leadCreated (a webhook)"),
        "{}",
        said.err
    );
    let said = mcpwright(&folder, &["inspect", "E0910-webhook.yaml", "--json"]);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(report["webhooks"], json!(["POST leadCreated"]));
}
