//! `SKILL.md` and `CATALOG.md`: what they say is what there is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fs;

use mcpwright::Config;
use serde_json::{Value, json};
use support::mcpwright;

/// A document whose texts try to leave their places.
fn document() -> Value {
    let done = json!({"204": {"description": "done"}});
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]);
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Lead: \"Box\"\n---\n# <b>|", "version": "1"},
        "tags": [{"name": "Leads | `x` <script>"}],
        "paths": {
            "/leads": {"get": {"tags": ["Leads | `x` <script>"], "summary": "List | leads", "responses": done}},
            "/leads/{id}": {
                "delete": {"tags": ["Leads | `x` <script>"], "parameters": id, "responses": done},
                "patch": {
                    "tags": ["Leads | `x` <script>"], "parameters": id, "responses": done,
                    "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"name": {"type": "string"}}}}}},
                },
            },
            "/leads/{id}/send": {"post": {"parameters": id, "responses": done}},
        },
    })
}

const SETTINGS: &str = r#"
[[operation]]
select = "PATCH /leads/{id}"
prereq = ["list_leads"]
"#;

#[test]
fn the_skill_tells_what_needs_care_and_names_only_tools_that_exist() {
    let config = Config::new()
        .spec_str("leads.json", &document().to_string())
        .settings(SETTINGS);
    let generated = config.generate().unwrap_or_else(|error| panic!("{error}"));
    let (path, skill) = generated
        .files
        .iter()
        .find(|(path, _)| path.ends_with("/SKILL.md"))
        .unwrap();
    // The frontmatter is YAML of two texts; the name is that of the folder.
    let front = skill.strip_prefix("---\n").unwrap();
    let (front, body) = front.split_once("\n---\n").unwrap();
    let front: Value = serde_yaml::from_str(front).unwrap();
    assert_eq!(front.as_object().unwrap().len(), 2, "{front}");
    assert_eq!(
        path,
        &format!("skills/{}/SKILL.md", front["name"].as_str().unwrap())
    );
    let said = front["description"].as_str().unwrap();
    assert!(
        said.contains("Lead: \"Box\"") && !said.contains('<'),
        "{said}"
    );
    for line in [
        "- Reaches other people: `send_lead`.",
        "- Cannot be undone: `delete_lead`.",
        "- Before `patch_lead`: `list_leads`.",
        "| Leads \\| 'x' &lt;script> | `list_leads`, `delete_lead`, `patch_lead` |",
    ] {
        assert!(body.lines().any(|other| other == line), "{line}\n{body}");
    }
    let tools: BTreeSet<&str> = generated
        .api
        .operations()
        .map(|o| o.tool.as_str())
        .collect();
    let named = body.split('`').skip(1).step_by(2);
    let named: BTreeSet<&str> = named
        .filter(|word| word.contains('_') && !word.contains(' '))
        .collect();
    assert!(named.is_subset(&tools), "{named:?}");
}

#[test]
fn the_catalogue_lists_every_tool_once_with_its_cost_and_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("leads.json"), document().to_string()).unwrap();
    let line = [
        "generate",
        "leads.json",
        "--out",
        "out",
        "--runtime",
        "registry",
    ];
    assert_eq!(mcpwright(folder.path(), &line).code, 0);
    let path = folder.path().join("out/CATALOG.md");
    let catalog = fs::read_to_string(&path).unwrap();
    assert!(
        catalog.contains("4 tools, one for each operation of its API: 1 read, 1 write, 1 destructive, 1 outward. "),
        "{catalog}"
    );
    let said = mcpwright(folder.path(), &["inspect", "leads.json", "--json", "-q"]);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let tools = report["tools"].as_array().unwrap();
    let mut total = 0;
    for tool in tools {
        let name = tool["tool"].as_str().unwrap();
        let rows: Vec<&str> = catalog
            .lines()
            .filter(|line| line.starts_with(&format!("| `{name}` |")))
            .collect();
        let [row] = rows.as_slice() else {
            panic!("{name}: {rows:?}")
        };
        let tokens = tool["tokens"].as_u64().unwrap();
        total += tokens;
        assert!(row.ends_with(&format!(" | {tokens} |")), "{row}");
    }
    assert!(
        catalog.contains(&format!(" {total} tokens (o200k)")),
        "{catalog}"
    );
    let update = "| `patch_lead` | Patch lead | **id**, name | write | DI | ";
    assert!(catalog.contains(update), "{catalog}");
    // Drift of the catalogue is drift.
    let check = [
        "check",
        "leads.json",
        "--out",
        "out",
        "--runtime",
        "registry",
    ];
    assert_eq!(mcpwright(folder.path(), &check).code, 0);
    fs::write(&path, catalog.replace("1 read", "2 read")).unwrap();
    let said = mcpwright(folder.path(), &check);
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.out.contains("CATALOG.md"), "{}", said.out);
}

/// Row F11: an idempotency key is a guard-rail of what changes something; a search by POST may carry one as well.
#[test]
fn f11_a_search_has_no_guard_rail_of_repeated_writes() {
    let key = json!([{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}]);
    let done = json!({"204": {"description": "done"}});
    let operation = |id: &str| json!({"operationId": id, "parameters": key, "responses": done});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Leads", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {
            "/leads": {"post": operation("createLead")},
            "/leads/search": {"post": operation("searchLeads")},
        },
    });
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("leads.json"), document.to_string()).unwrap();
    let line = [
        "generate",
        "leads.json",
        "--out",
        "out",
        "--runtime",
        "registry",
    ];
    assert_eq!(mcpwright(folder.path(), &line).code, 0);
    let catalog = fs::read_to_string(folder.path().join("out/CATALOG.md")).unwrap();
    let row = |tool: &str| {
        let mut lines = catalog.lines();
        lines.find(|line| line.contains(tool)).unwrap().to_owned()
    };
    assert!(
        row("`create_lead`").contains("idempotency key"),
        "{catalog}"
    );
    assert!(
        !row("`search_leads`").contains("idempotency key"),
        "{catalog}"
    );
}
