//! `mcpwright diff`: what a change of a document means for agents.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use mcpwright::diff::{Change, Level, Subject, between};
use mcpwright::{Config, Generated};
use serde_json::{Value, json};
use support::mcpwright;

/// A document with one operation that takes a body and answers with a record.
fn document(body: &Value, answer: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1.4.0"},
        "paths": {"/orders": {"post": {
            "operationId": "createOrder",
            "summary": "Create an order.",
            "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
            "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": answer}}}}
        }}}
    })
}

fn generated(document: &Value) -> Generated {
    let config = Config::new().spec_str("shop.json", &document.to_string());
    config
        .generate_embedded()
        .expect("the document can be used")
}

fn changes(old: &Value, new: &Value) -> Vec<Change> {
    between(&generated(old).api, &generated(new).api)
}

fn object(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// A row of a table: two schemas of the argument `a`, and what is said of it.
type Row = (Value, Value, &'static [(Level, &'static str)]);

#[test]
fn what_an_argument_no_longer_takes_breaks_and_what_it_takes_more_does_not() {
    use Level::{Breaking, Compatible};
    let text = || json!({"type": "string"});
    let rows: Vec<Row> = vec![
        (text(), text(), &[]),
        (
            json!({"type": "integer"}),
            json!({"type": "string"}),
            &[(Breaking, "`a` takes string now, before integer")],
        ),
        (
            json!({"type": "integer"}),
            json!({"type": "number"}),
            &[(Compatible, "`a` takes number now, before integer")],
        ),
        (
            json!({"type": "number"}),
            json!({"type": "integer"}),
            &[(Breaking, "`a` takes integer now, before number")],
        ),
        (
            json!({"type": "string", "enum": ["a", "b", "c"]}),
            json!({"type": "string", "enum": ["b", "c", "d"]}),
            &[
                (Breaking, "`a` no longer takes `a`"),
                (Compatible, "`a` also takes `d`"),
            ],
        ),
        (
            text(),
            json!({"type": "string", "enum": ["x", "y"]}),
            &[(Breaking, "`a` takes nothing but `x`, `y` now")],
        ),
        (
            json!({"type": "string", "enum": ["x", "y"]}),
            text(),
            &[(Compatible, "`a` takes other values, too")],
        ),
        (
            json!({"type": "string", "maxLength": 50}),
            json!({"type": "string", "maxLength": 20}),
            &[(Breaking, "`a` has maxLength `20` now, before `50`")],
        ),
        (
            json!({"type": "string", "maxLength": 20}),
            json!({"type": "string", "maxLength": 50}),
            &[(Compatible, "`a` has maxLength `50` now, before `20`")],
        ),
        (
            json!({"type": "integer", "minimum": 0}),
            json!({"type": "integer", "minimum": 1}),
            &[(Breaking, "`a` has minimum `1` now, before `0`")],
        ),
        (
            json!({"type": "integer"}),
            json!({"type": "integer", "maximum": 9}),
            &[(Breaking, "`a` has maximum `9` now, before none")],
        ),
        (
            json!({"type": "integer", "multipleOf": 10}),
            json!({"type": "integer", "multipleOf": 5}),
            &[(Compatible, "takes other multiples")],
        ),
        (
            text(),
            json!({"type": "string", "pattern": "^[a-z]+$"}),
            &[(Breaking, "`a` has a rule now (pattern)")],
        ),
        (
            json!({"type": "array", "items": {"type": "string"}}),
            json!({"type": "array", "items": {"type": "string", "enum": ["x"]}, "maxItems": 3}),
            &[
                (Breaking, "`a[]` takes nothing but `x` now"),
                (Breaking, "`a` has maxItems `3` now, before none"),
            ],
        ),
        (
            object(json!({"b": text(), "c": text()}), &["b"]),
            object(json!({"b": text(), "d": text()}), &["b", "d"]),
            &[
                (Breaking, "`a.c` is gone"),
                (Breaking, "`a.d` is new and required"),
            ],
        ),
        (
            object(json!({"b": text(), "c": text()}), &["b"]),
            object(json!({"b": text(), "c": text(), "d": text()}), &["c"]),
            &[
                (Breaking, "`a.c` is required now"),
                (Compatible, "`a.b` is no longer required"),
                (Compatible, "`a.d` is new"),
            ],
        ),
        (
            json!({"type": "object", "properties": {"b": text()}}),
            object(json!({"b": text()}), &[]),
            &[(Breaking, "`a` takes no further names any more")],
        ),
        (
            json!({"type": ["string", "null"]}),
            text(),
            &[(Breaking, "`a` no longer takes null")],
        ),
        (
            json!({"type": "array", "items": {"type": "integer"}}),
            json!({"type": "array", "items": {"type": ["integer", "null"]}}),
            &[(Compatible, "`a[]` takes null now")],
        ),
        (
            text(),
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
            &[(Compatible, "`a` takes")],
        ),
        (
            json!({"anyOf": [object(json!({"x": text()}), &["x"]), object(json!({"y": text()}), &["y"])]}),
            object(json!({"x": text()}), &["x"]),
            &[(Breaking, "")],
        ),
        (
            json!({"type": "string", "default": "x"}),
            json!({"type": "string", "default": "y"}),
            &[(Compatible, "`a` is `y` now where nothing is given")],
        ),
        (
            json!({"type": "string", "description": "One."}),
            json!({"type": "string", "description": "Two."}),
            &[(Level::Text, "arguments are described in other words")],
        ),
    ];
    for (old, new, expected) in rows {
        let body = |a: &Value| document(&object(json!({"a": a}), &[]), &json!({"type": "object"}));
        let found = changes(&body(&old), &body(&new));
        let of = |change: &&Change| change.subject == Subject::Arguments;
        let found: Vec<&Change> = found.iter().filter(of).collect();
        for (level, says) in expected {
            assert!(
                found
                    .iter()
                    .any(|one| one.level == *level && one.says.contains(says)),
                "{level:?} {says}: {old} → {new}: {found:#?}"
            );
        }
        let breaking = |level: Level| level == Breaking;
        assert_eq!(
            found.iter().any(|one| breaking(one.level)),
            expected.iter().any(|(level, _)| breaking(*level)),
            "{old} → {new}: {found:#?}"
        );
        assert_eq!(found.is_empty(), expected.is_empty(), "{found:#?}");
    }
}

#[test]
fn arguments_that_come_go_and_become_required_are_told() {
    let answer = json!({"type": "object"});
    let old = document(
        &object(
            json!({"name": {"type": "string"}, "note": {"type": "string"}}),
            &["name"],
        ),
        &answer,
    );
    let new = document(
        &object(
            json!({"name": {"type": "string"}, "due": {"type": "string"}, "tag": {"type": "string"}}),
            &["name", "due"],
        ),
        &answer,
    );
    let said: Vec<(Level, String)> = changes(&old, &new)
        .into_iter()
        .map(|one| (one.level, one.says))
        .collect();
    assert_eq!(
        said,
        [
            (Level::Breaking, "`due` is new and required".to_owned()),
            (Level::Breaking, "`note` is gone".to_owned()),
            (Level::Compatible, "`tag` is new".to_owned()),
        ]
    );
}

#[test]
fn a_schema_that_contains_itself_is_compared_once() {
    let tree = |kind: &str| {
        let mut document = document(
            &json!({"$ref": "#/components/schemas/Node"}),
            &json!({"type": "object"}),
        );
        document["components"] = json!({"schemas": {"Node": {"type": "object", "properties": {
            "label": {"type": kind},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}
        }}}});
        document
    };
    let found = changes(&tree("string"), &tree("integer"));
    assert!(
        found
            .iter()
            .any(|one| one.says.contains("label` takes integer now")),
        "{found:#?}"
    );
    assert!(changes(&tree("string"), &tree("string")).is_empty());
}

#[test]
fn results_that_lost_fields_break_who_reads_them() {
    let body = object(json!({"name": {"type": "string"}}), &[]);
    let record = |fields: Value| json!({"type": "object", "properties": fields});
    let text = json!({"type": "string"});
    let old = record(
        json!({"id": text, "total": text, "lines": {"type": "array", "items": record(json!({"sku": text}))}}),
    );
    let new = record(
        json!({"id": text, "total": {"type": "number"}, "lines": {"type": "array", "items": record(json!({"code": text}))}}),
    );
    let found = changes(&document(&body, &old), &document(&body, &new));
    for (level, says) in [
        (Level::Breaking, "results no longer have `lines[].sku`"),
        (
            Level::Breaking,
            "in results, `total` is number now, before string",
        ),
        (Level::Compatible, "results also have `lines[].code`"),
    ] {
        assert!(
            found
                .iter()
                .any(|one| one.level == level && one.says == says),
            "{says}: {found:#?}"
        );
    }
    let mut none = document(&body, &old);
    none["paths"]["/orders"]["post"]["responses"] = json!({"204": {"description": "done"}});
    let found = changes(&document(&body, &old), &none);
    assert!(
        found
            .iter()
            .any(|one| one.says == "a result is empty now, before JSON"),
        "{found:#?}"
    );
}

fn operation(id: &str) -> Value {
    json!({"operationId": id, "summary": id, "responses": {"200": {"description": "ok"}}})
}

fn paths(paths: Value) -> Value {
    json!({"openapi": "3.1.0", "info": {"title": "Shop", "version": "1.4.0"}, "paths": paths})
}

#[test]
fn tools_are_followed_through_new_names_and_paths() {
    let old = paths(json!({
        "/orders": {"get": operation("listOrders")},
        "/orders/all": {"delete": operation("deleteOrders")},
        "/carts": {"get": operation("listCarts")},
    }));
    let new = paths(json!({
        "/orders": {"get": operation("searchOrders")},
        "/v2/carts": {"get": operation("listCarts")},
        "/items": {"get": operation("listItems")},
    }));
    let found = changes(&old, &new);
    let said = |subject: Subject| -> Vec<String> {
        let of = found.iter().filter(|one| one.subject == subject);
        of.map(|one| format!("{} {}", one.tool, one.says)).collect()
    };
    assert_eq!(
        said(Subject::Renamed),
        ["search_orders was called `list_orders`"]
    );
    assert_eq!(
        said(Subject::Removed),
        ["delete_orders gone: the document has no such operation"]
    );
    assert_eq!(said(Subject::Added), ["list_items new: listItems"]);
    let moved = said(Subject::Text);
    assert!(
        moved[0].contains("sends `GET /v2/carts` now, before `GET /carts`"),
        "{moved:?}"
    );
}

#[test]
fn risk_and_credentials_are_told_in_both_directions() {
    let with = |class: &str, scheme: Option<&str>| {
        let mut api = paths(json!({"/orders/{id}/archive": {"post": operation("archiveOrder")}}));
        api["paths"]["/orders/{id}/archive"]["parameters"] =
            json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]);
        api["components"] = json!({"securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "token": {"type": "http", "scheme": "bearer"}
        }});
        if let Some(scheme) = scheme {
            let mut way = serde_json::Map::new();
            way.insert(scheme.to_owned(), json!([]));
            api["security"] = json!([way]);
        }
        let settings = format!(
            "[[operation]]\nselect = \"archiveOrder\"\nclass = \"{class}\"\nreason = \"a test\"\n"
        );
        let config = Config::new()
            .spec_str("shop.json", &api.to_string())
            .settings(&settings);
        config
            .generate_embedded()
            .expect("the settings can be used")
            .api
    };
    let said = |old: &mcpwright::ir::Api, new: &mcpwright::ir::Api| -> Vec<(Level, String)> {
        let found = between(old, new).into_iter();
        let found = found.filter(|one| matches!(one.subject, Subject::Risk | Subject::Auth));
        found.map(|one| (one.level, one.says)).collect()
    };
    let raised = said(
        &with("write", Some("key")),
        &with("destructive", Some("key")),
    );
    assert_eq!(
        raised,
        [(
            Level::Risk,
            "risk raised from write to destructive".to_owned()
        )]
    );
    let lowered = said(
        &with("destructive", Some("key")),
        &with("write", Some("key")),
    );
    assert_eq!(
        lowered,
        [(
            Level::Risk,
            "risk lowered from destructive to write".to_owned()
        )]
    );
    let other = said(&with("write", Some("key")), &with("write", Some("token")));
    let line = "needs a bearer token now, before the header `X-Key`".to_owned();
    assert_eq!(other, [(Level::Breaking, line)]);
    let open = said(&with("write", Some("key")), &with("write", None));
    assert_eq!(
        open,
        [(
            Level::Risk,
            "needs nothing now, before the header `X-Key`".to_owned()
        )]
    );
    let closed = said(&with("write", None), &with("write", Some("key")));
    assert_eq!(closed[0].0, Level::Breaking);
}

#[test]
fn what_settings_and_servers_decide_is_compared() {
    use Level::{Breaking, Compatible, Risk};
    let api = |change: &dyn Fn(&mut Value), settings: &str| {
        let mut api = paths(json!({"/orders": {"get": operation("listOrders")}}));
        api["servers"] = json!([{"url": "https://a.example.com"}]);
        api["security"] = json!([{"key": []}]);
        api["components"] = json!({"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}});
        api["paths"]["/orders"]["get"]["responses"]["200"]["content"] = json!({"application/json": {"schema": {"type": "object", "properties": {"secret": {"type": "string"}}}}});
        change(&mut api);
        let config = Config::new()
            .spec_str("shop.json", &api.to_string())
            .settings(settings);
        config.generate_embedded().expect("it can be used").api
    };
    let same = |_: &mut Value| {};
    let elsewhere = |api: &mut Value| {
        api["paths"]["/orders"]["get"]["servers"] = json!([{"url": "https://b.example.com"}]);
    };
    let header = |value: &'static str| {
        move |api: &mut Value| {
            api["paths"]["/orders"]["get"]["parameters"] = json!([{"name": "X-Version", "in": "header", "required": true, "schema": {"type": "string", "enum": [value]}}]);
        }
    };
    let redact = "[[operation]]\nselect = \"listOrders\"\nredact = [\"/secret\"]\n";
    let prompt = "[[prompt]]\nname = \"report\"\ntitle = \"Report\"\ndescription = \"Reports orders.\"\ntext = \"List them with `list_orders`.\"\n";
    let mut other = api(&same, "");
    for scheme in &mut other.schemes {
        scheme.variables = vec!["SHOP_OTHER".to_owned()];
    }
    let plain = || api(&same, "");
    for (old, new, level, says) in [
        (
            plain(),
            api(&elsewhere, ""),
            Breaking,
            "is sent to the server of `",
        ),
        (
            api(&elsewhere, ""),
            plain(),
            Breaking,
            "is sent to the server of all now",
        ),
        (
            plain(),
            api(&header("1"), ""),
            Risk,
            "always sends the header `X-Version` as `1`",
        ),
        (
            api(&header("1"), ""),
            api(&header("2"), ""),
            Risk,
            "sends the header `X-Version` as `2` now, before `1`",
        ),
        (
            api(&header("1"), ""),
            plain(),
            Risk,
            "no longer always sends the header `X-Version`",
        ),
        (
            api(&same, redact),
            plain(),
            Risk,
            "results show `/secret` now",
        ),
        (
            plain(),
            api(&same, redact),
            Compatible,
            "results no longer show `/secret`",
        ),
        (
            plain(),
            other,
            Breaking,
            "the credential `key` stands in `SHOP_OTHER` now, before in `",
        ),
        (
            api(&same, prompt),
            plain(),
            Breaking,
            "the prompt `report` is gone",
        ),
        (
            plain(),
            api(&same, prompt),
            Compatible,
            "the prompt `report` is new",
        ),
    ] {
        let found = between(&old, &new);
        assert!(
            found
                .iter()
                .any(|one| one.level == level && one.says.starts_with(says)),
            "{says}: {found:#?}"
        );
        assert!(between(&old, &old).is_empty());
    }
}

fn shop(folder: &Path, name: &str, api: &Value) {
    fs::write(
        folder.join(name),
        serde_json::to_string_pretty(api).unwrap(),
    )
    .unwrap();
}

fn before() -> Value {
    paths(json!({"/orders": {"get": operation("listOrders"), "post": operation("createOrder")}}))
}

fn after() -> Value {
    paths(
        json!({"/orders": {"get": operation("listOrders")}, "/items": {"get": operation("listItems")}}),
    )
}

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

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[test]
fn a_revision_is_read_with_its_own_settings_and_leaves_the_repository_alone() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("api")).unwrap();
    shop(root, "api/shop.json", &before());
    let named = "[server]\nspec = \"shop.json\"\n\n[[operation]]\nselect = \"createOrder\"\nname = \"order\"\n";
    fs::write(root.join("api/mcpwright.toml"), named).unwrap();
    git(root, &["init", "--quiet"]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "a"]);
    shop(root, "api/shop.json", &after());
    fs::write(
        root.join("api/mcpwright.toml"),
        "[server]\nspec = \"shop.json\"\n",
    )
    .unwrap();
    shop(root, "staged.json", &before());
    git(root, &["add", "staged.json"]);
    let index = fs::read(root.join(".git/index")).unwrap();
    for (place, old, new) in [
        (root.to_owned(), "HEAD:api/shop.json", "api/shop.json"),
        (root.join("api"), "HEAD:./shop.json", "shop.json"),
        (root.join("api"), "HEAD:api", "."),
    ] {
        let said = mcpwright(&place, &["diff", old, new]);
        assert_eq!(said.code, 0, "{old}: {}", said.err);
        assert!(
            said.out.contains("breaking    order "),
            "{old}: {}",
            said.out
        );
    }
    assert_eq!(fs::read(root.join(".git/index")).unwrap(), index);
    for (old, why) in [
        (
            "HEAD:absent.json",
            "there is no `absent.json` in the revision `HEAD`",
        ),
        ("absent:api/shop.json", "no revision `absent`"),
        ("--output=x:api/shop.json", ""),
    ] {
        let said = mcpwright(root, &["diff", old, "api/shop.json"]);
        assert_eq!(said.code, 2, "{old}: {}", said.err);
        assert!(said.err.contains(why), "{old}: {}", said.err);
    }
}

#[test]
fn files_that_options_name_are_those_of_the_revision() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("conf")).unwrap();
    fs::create_dir(root.join("api")).unwrap();
    shop(root, "api/shop.json", &before());
    let named = "[server]\nspec = \"../api/shop.json\"\n";
    fs::write(root.join("conf/mcpwright.toml"), named).unwrap();
    git(root, &["init", "--quiet"]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "a"]);
    shop(root, "api/shop.json", &after());
    let elsewhere = tempfile::tempdir().unwrap();
    let outside = elsewhere.path().join("mcpwright.toml");
    fs::write(&outside, "").unwrap();
    for old in ["HEAD:.", "HEAD:api", "HEAD:./api"] {
        let new = if old == "HEAD:." { "." } else { "api" };
        let arguments = ["diff", old, new, "--config", "conf/mcpwright.toml"];
        let said = mcpwright(root, &arguments);
        assert_eq!(said.code, 0, "{old}: {}", said.err);
        assert!(
            said.out.contains("breaking    create_order"),
            "{}",
            said.out
        );
    }
    let absolute = format!("[server]\nspec = {:?}\n", root.join("api/shop.json"));
    fs::write(root.join("conf/absolute.toml"), absolute).unwrap();
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "b"]);
    fs::write(root.join("conf/new.toml"), named).unwrap();
    for (config, why) in [
        (
            outside.to_str().unwrap(),
            "is no file of this Git repository",
        ),
        ("conf/absolute.toml", "by its absolute path"),
        (
            "conf/new.toml",
            "there is no `conf/new.toml` (`--config`) in the revision `HEAD`",
        ),
    ] {
        let said = mcpwright(root, &["diff", "HEAD:.", ".", "--config", config]);
        assert_eq!(said.code, 2, "{config}: {}", said.err);
        assert!(said.err.contains(why), "{config}: {}", said.err);
        assert!(said.err.contains("what was (`HEAD:.`): "), "{}", said.err);
    }
}

#[test]
fn names_that_a_lock_keeps_are_no_renames() {
    let folder = tempfile::tempdir().unwrap();
    let mut renamed = before();
    renamed["paths"]["/orders"]["get"]["operationId"] = json!("searchOrders");
    shop(folder.path(), "old.json", &before());
    shop(folder.path(), "new.json", &renamed);
    let run = |line: &str| {
        let arguments: Vec<&str> = std::iter::once("diff").chain(line.split(' ')).collect();
        mcpwright(folder.path(), &arguments)
    };
    // As `generate` would name it beside the old lock.
    let kept = run("old.json new.json --fail-on breaking");
    assert_eq!(kept.code, 0, "{}", kept.out);
    let anew = run("old.json new.json --fail-on breaking --relock");
    assert!(
        anew.code == 3 && anew.out.contains("search_orders"),
        "{}",
        anew.out
    );
    for (document, out) in [("old.json", "a"), ("new.json", "b")] {
        let said = mcpwright(
            folder.path(),
            &["generate", document, "--out", out, "--runtime", "registry"],
        );
        assert_eq!(said.code, 0, "{}", said.err);
    }
    // Crates and locks know names alone.
    let crates = run("a b");
    assert!(
        crates
            .out
            .contains("breaking    search_orders  GET /orders"),
        "{}",
        crates.out
    );
    assert!(
        crates.out.contains("was called `list_orders`"),
        "{}",
        crates.out
    );
    let same = run("a a/mcpwright.lock --fail-on any");
    assert_eq!(same.code, 0, "{}", same.out);
}
