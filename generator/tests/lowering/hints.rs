//! What a client is told of each kind of operation: the class and all four hints.

use mcpwright::ir::Risk::{self, Destructive, Outward, Read, Write};
use serde_json::json;

use crate::support::generate_paths;

/// read-only, destructive, idempotent, open world
type Hints = [bool; 4];

const READ: Hints = [true, false, true, false];
const CREATE: Hints = [false, false, false, false];
const OVERWRITE: Hints = [false, true, true, false];
const ONCE: Hints = [false, true, false, false];
const OUTSIDE: Hints = [false, true, false, true];

/// The table of hints, row by row, with the words that it names.
const TABLE: [(&str, &str, Risk, Hints); 29] = [
    ("get", "/leads", Read, READ),
    ("head", "/leads", Read, READ),
    ("post", "/leads/search", Read, READ),
    ("post", "/leads/query", Read, READ),
    ("post", "/leads/batch/read", Read, READ),
    ("post", "/leads", Write, CREATE),
    ("post", "/leads/{id}/notes", Write, CREATE),
    ("put", "/leads/{id}", Write, OVERWRITE),
    ("patch", "/leads/{id}", Write, OVERWRITE),
    ("delete", "/leads/{id}", Destructive, OVERWRITE),
    ("delete", "/leads/many", Destructive, OVERWRITE),
    ("post", "/leads/{id}/delete", Destructive, ONCE),
    ("post", "/leads/bulk-delete", Destructive, ONCE),
    ("put", "/leads/{id}/archive", Write, OVERWRITE),
    ("post", "/invoices/{id}/cancel", Destructive, ONCE),
    ("post", "/leads/merge", Destructive, ONCE),
    ("post", "/leads/{id}/merge/{other}", Destructive, ONCE),
    ("post", "/leads/{id}/convert", Write, ONCE),
    ("post", "/leads/import", Write, ONCE),
    ("post", "/tickets/{id}/close", Write, ONCE),
    ("post", "/invoices/{id}/approve", Write, ONCE),
    ("post", "/leads/import/csv", Write, ONCE),
    ("post", "/invoices/{id}/send", Outward, OUTSIDE),
    ("post", "/invoices/{id}/email", Outward, OUTSIDE),
    ("post", "/invoices/{id}/charge", Outward, OUTSIDE),
    ("post", "/invoices/{id}/refund", Outward, OUTSIDE),
    ("post", "/articles/{id}/publish", Outward, OUTSIDE),
    ("post", "/webhooks", Outward, OUTSIDE),
    ("post", "/leads/{id}/webhook", Outward, OUTSIDE),
];

#[test]
fn each_kind_of_operation_has_its_hints() {
    for (method, path, class, hints) in TABLE {
        let names = path.split(['{', '}']).skip(1).step_by(2);
        let parameters: Vec<_> = names
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "integer"}}))
            .collect();
        let mut operation = json!({
            "parameters": parameters,
            "responses": {"200": {"description": "ok"}},
        });
        if matches!(method, "post" | "put" | "patch") {
            let schema = json!({"type": "object", "properties": {"name": {"type": "string"}}});
            operation["requestBody"] = json!({"content": {"application/json": {"schema": schema}}});
        }
        let generated = generate_paths(json!({path: {method: operation}}), json!({}));
        let mut made = generated.api.operations();
        let one = made.next().unwrap();
        let found = [
            one.hints.read_only,
            one.hints.destructive,
            one.hints.idempotent,
            one.hints.open_world,
        ];
        assert_eq!(
            (one.risk, found),
            (class, hints),
            "{method} {path} ({}): {}",
            one.tool,
            one.risk_reason
        );
        assert!(!one.title.is_empty(), "{path}");
    }
}
