//! What the command prints in each form, and its exit code.

use super::*;

#[test]
fn the_exit_code_follows_from_what_it_is_to_fail_on() {
    let folder = tempfile::tempdir().unwrap();
    shop(folder.path(), "old.json", &before());
    shop(folder.path(), "new.json", &after());
    let mut words = before();
    words["paths"]["/orders"]["get"]["summary"] = json!("Every order.");
    shop(folder.path(), "words.json", &words);
    fs::write(folder.path().join("bad.json"), "{").unwrap();
    for (line, code) in [
        ("old.json new.json", 0),
        ("old.json new.json --fail-on breaking", 3),
        ("old.json new.json --fail-on risk", 3),
        ("old.json words.json --fail-on risk", 0),
        ("old.json words.json --fail-on any", 3),
        ("old.json old.json --fail-on any", 0),
        ("old.json bad.json", 1),
        ("absent.json new.json", 1),
        ("HEAD:old.json new.json", 2),
        ("old.json", 2),
        (". new.json", 2),
        ("old.json new.json --fail-on nothing", 2),
    ] {
        let arguments: Vec<&str> = std::iter::once("diff").chain(line.split(' ')).collect();
        let said = mcpwright(folder.path(), &arguments);
        assert_eq!(said.code, code, "{line}: {} {}", said.out, said.err);
    }
}

#[test]
fn what_many_tools_share_is_one_row() {
    let folder = tempfile::tempdir().unwrap();
    let api = |scheme: &str| {
        let mut all = serde_json::Map::new();
        for name in ["orders", "items", "carts", "users", "shops", "taxes"] {
            all.insert(
                format!("/{name}"),
                json!({"get": operation(&format!("list_{name}"))}),
            );
        }
        let mut api = paths(Value::Object(all));
        api["components"] = json!({"securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "token": {"type": "http", "scheme": "bearer"}
        }});
        let way: serde_json::Map<String, Value> =
            [(scheme.to_owned(), json!([]))].into_iter().collect();
        api["security"] = json!([way]);
        api
    };
    shop(folder.path(), "old.json", &api("key"));
    shop(folder.path(), "new.json", &api("token"));
    let text = mcpwright(folder.path(), &["diff", "old.json", "new.json"]).out;
    let line = "breaking    6 tools    needs a bearer token now, before the header `X-Key` (`list_carts`, `list_items`, `list_orders`, …)";
    assert_eq!(text.lines().next(), Some(line), "{text}");
    assert_eq!(text.matches("bearer").count(), 1, "{text}");
    let markdown = mcpwright(
        folder.path(),
        &["diff", "old.json", "new.json", "--markdown"],
    )
    .out;
    assert!(markdown.contains("**6 breaking**"), "{markdown}");
    assert!(
        markdown.contains("| 6 tools |  | needs a bearer token now"),
        "{markdown}"
    );
}

#[test]
fn each_form_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    shop(folder.path(), "old.json", &before());
    shop(folder.path(), "new.json", &after());
    let run = |more: &[&str]| {
        let arguments = [&["diff", "old.json", "new.json"], more].concat();
        mcpwright(folder.path(), &arguments)
    };
    let text = run(&[]).out;
    assert!(
        text.contains("breaking    create_order  POST /orders  gone: "),
        "{text}"
    );
    assert!(
        text.contains("compatible  list_items    GET /items    new: "),
        "{text}"
    );
    assert!(text.contains("2 → 2 tools; "), "{text}");
    assert!(
        text.ends_with("a major version: 2.0.0, after 1.4.0\n"),
        "{text}"
    );
    let markdown = run(&["--markdown"]).out;
    assert!(
        markdown
            .starts_with("## What changes for agents\n\n**1 breaking**, 0 of risk, 1 compatible."),
        "{markdown}"
    );
    assert!(
        markdown.contains("| `create_order` | `POST /orders` | gone: "),
        "{markdown}"
    );
    let read: Value = serde_json::from_str(&run(&["--json"]).out).unwrap();
    assert_eq!(read["advice"], json!({"part": "major", "next": "2.0.0"}));
    assert_eq!(read["changes"][0]["subject"], "removed");
    assert_eq!(read["changes"][1]["tool"], "list_items");
    assert_eq!(read["old"]["tools"], 2);
    let github = run(&["--format", "github"]);
    assert!(github.err.contains("::error "), "{}", github.err);
    assert!(
        github
            .err
            .contains("title=E0952::create_order (POST /orders): gone"),
        "{}",
        github.err
    );
    assert!(!github.err.contains("::warning"), "{}", github.err);
    let written = run(&["--markdown", "--output", "report.md"]);
    assert_eq!(written.out, "");
    let report = fs::read_to_string(folder.path().join("report.md")).unwrap();
    assert_eq!(report.trim_end(), markdown.trim_end());
}
