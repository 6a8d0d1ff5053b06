//! `mcpwright generate` without flags, and what `inspect` and `schema` show.

use std::fs;

use serde_json::Value;

use crate::DOCUMENT;
use crate::support::mcpwright;

const SETTINGS: &str = r#"
[server]
spec = "api/leads.yaml"
name = "leads"
overlays = ["names.overlay.yaml"]

[output]
folder = "server"
runtime = "registry"
workspace_member = true

[[operation]]
select = "findLead"
class = "write"
reason = "It counts the look."
"#;

const OVERLAY: &str = "overlay: 1.0.0\ninfo: {title: Names, version: '1'}\nactions:\n  - target: $.paths['/leads/{id}'].get\n    update: {operationId: findLead}\n";

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("api")).unwrap();
    fs::write(folder.path().join("api/leads.yaml"), DOCUMENT).unwrap();
    fs::write(folder.path().join("names.overlay.yaml"), OVERLAY).unwrap();
    fs::write(folder.path().join("mcpwright.toml"), SETTINGS).unwrap();
    folder
}

#[test]
fn generate_and_check_need_no_flags() {
    let folder = project();
    let said = mcpwright(folder.path(), &["generate"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let manifest = fs::read_to_string(folder.path().join("server/Cargo.toml")).unwrap();
    assert!(
        manifest.contains("name = \"leads-mcp\"") && !manifest.contains("[workspace]"),
        "{manifest}"
    );
    assert!(!folder.path().join("server/mcpwright-runtime").exists());
    let code = fs::read_to_string(folder.path().join("server/src/operations/leads.rs")).unwrap();
    assert!(code.contains("findLead"), "{code}");
    assert_eq!(mcpwright(folder.path(), &["check"]).code, 0);
    let drift = SETTINGS.replace("[[operation]]", "[[operation]]\ntitle = \"Look\"");
    fs::write(folder.path().join("mcpwright.toml"), drift).unwrap();
    let said = mcpwright(folder.path(), &["check"]);
    assert_eq!(
        said.code, 3,
        "a changed configuration is drift: {}",
        said.err
    );
    assert!(said.err.contains("mcpwright generate"), "{}", said.err);
}

#[test]
fn a_budget_of_tokens_in_settings_fails_the_build_and_the_flag_counts_more() {
    let folder = project();
    let few = SETTINGS.replace("[output]", "budget_tokens = 1\n\n[output]");
    fs::write(folder.path().join("mcpwright.toml"), few).unwrap();
    for command in ["generate", "inspect"] {
        let said = mcpwright(folder.path(), &[command]);
        assert_eq!(said.code, 1, "{command}: {}", said.err);
        assert!(said.err.contains("the budget is 1"), "{}", said.err);
        let said = mcpwright(folder.path(), &[command, "--budget-tokens", "9999"]);
        assert_eq!(said.code, 0, "{command}: {}", said.err);
    }
    let wrong = SETTINGS.replace("[output]", "budget_tokens = \"few\"\n\n[output]");
    fs::write(folder.path().join("mcpwright.toml"), wrong).unwrap();
    let said = mcpwright(folder.path(), &["generate"]);
    assert!(said.code == 1 && said.err.contains("E0922"), "{}", said.err);
}

#[test]
fn flags_count_more_than_settings() {
    let folder = project();
    let said = mcpwright(
        folder.path(),
        &[
            "generate",
            "--out",
            "other",
            "--name",
            "crm",
            "--runtime",
            "path=../rt",
        ],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let manifest = fs::read_to_string(folder.path().join("other/Cargo.toml")).unwrap();
    assert!(
        manifest.contains("name = \"crm-mcp\"") && manifest.contains("../rt"),
        "{manifest}"
    );
}

#[test]
fn settings_are_found_beside_the_document_and_by_name() {
    let folder = project();
    fs::write(
        folder.path().join("api/mcpwright.toml"),
        "[[operation]]\nselect = \"getLead\"\nname = \"look_at_lead\"\n",
    )
    .unwrap();
    let said = mcpwright(folder.path(), &["inspect", "api/leads.yaml"]);
    assert!(
        said.out.contains("look_at_lead"),
        "{}{}",
        said.out,
        said.err
    );
    let said = mcpwright(folder.path(), &["inspect", "--config", "mcpwright.toml"]);
    assert!(
        said.out.contains("get_lead") || said.out.contains("find_lead"),
        "{}",
        said.out
    );
}

#[test]
fn without_document_and_settings_the_usage_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let said = mcpwright(folder.path(), &["generate"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("mcpwright.toml"), "{}", said.err);
    fs::write(folder.path().join("leads.yaml"), DOCUMENT).unwrap();
    let said = mcpwright(folder.path(), &["generate", "leads.yaml"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--out"), "{}", said.err);
}

#[test]
fn inspect_says_what_came_from_settings_and_why() {
    let folder = project();
    let said = mcpwright(folder.path(), &["inspect"]);
    assert!(
        said.out
            .contains("class = \"write\" (mcpwright.toml:14): It counts the look."),
        "{}",
        said.out
    );
    let said = mcpwright(folder.path(), &["inspect", "--json"]);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let tools = report["tools"].as_array().unwrap();
    let tool = tools
        .iter()
        .find(|tool| tool["operationId"] == "findLead")
        .unwrap();
    assert_eq!(tool["settings"][0]["reason"], "It counts the look.");
    assert_eq!(tool["settings"][0]["from"], "mcpwright.toml:14");
}

#[test]
fn schema_prints_the_schema_of_settings() {
    let folder = tempfile::tempdir().unwrap();
    let said = mcpwright(folder.path(), &["schema"]);
    let schema: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        schema["properties"]["server"]["properties"]["spec"]["type"],
        "string"
    );
}
