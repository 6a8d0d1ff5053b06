//! From an address to a server: `init`, `run`, and commands that are handed over to what was built.

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

use support::server::{Server, ok};
use support::{Said, listing, mcpwright, mcpwright_with};

/// A document with this server and a key in a header.
fn document(server: &str) -> String {
    format!(
        r#"{{"openapi": "3.1.0", "info": {{"title": "Acme CRM", "version": "1"}},
        "servers": [{{"url": "{server}"}}],
        "security": [{{"key": []}}],
        "components": {{"securitySchemes": {{"key": {{"type": "apiKey", "in": "header", "name": "X-API-KEY"}}}}}},
        "paths": {{
            "/leads": {{"get": {{"operationId": "listLeads", "responses": {{"200": {{"description": "ok"}}}}}}}},
            "/leads/{{id}}": {{"delete": {{"operationId": "deleteLead", "parameters": [{{"name": "id", "in": "path", "required": true, "schema": {{"type": "integer"}}}}], "responses": {{"204": {{"description": "ok"}}}}}}}},
            "/me": {{"get": {{"operationId": "getMe", "responses": {{"200": {{"description": "ok"}}}}}}}}
        }}}}"#
    )
}

fn text(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// Paths that a server was asked for.
fn asked(server: &Server) -> Vec<String> {
    let heads = server.requests();
    heads
        .iter()
        .map(|head| head.split(' ').nth(1).unwrap().to_owned())
        .collect()
}

fn init(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Said {
    let home = folder.join("home");
    let mut all = vec![("HOME", home.to_str().unwrap()), ("XDG_CONFIG_HOME", "")];
    all.extend(variables);
    let arguments = [&["init"], arguments].concat();
    mcpwright_with(folder, &arguments, &all, "")
}

#[test]
fn the_document_is_found_at_a_usual_place_and_the_key_is_tried_where_it_was_found() {
    let server = Server::start(&[
        ("/api/v1/openapi.json", &ok(&document("/api/v1"))),
        ("/api/v1/me", &ok("{}")),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://{}", server.host);
    let key = [("ACME_CRM_API_KEY", "key-canary")];
    let said = init(folder.path(), &[&url], &key);
    assert_eq!(said.code, 0, "{}", said.err);
    for part in [
        "found http://",
        "/api/v1/openapi.json",
        "auth: a key in the header X-API-KEY (ACME_CRM_API_KEY)",
        "GET /me → 200: the credential works",
        "1 tool ask before they act (delete_lead)",
        "view: all",
        "wrote mcpwright.toml",
        "next: mcpwright run",
    ] {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
    assert!(!said.err.contains("key-canary"));
    let settings = text(folder.path(), "mcpwright.toml");
    assert!(settings.contains("spec = \"openapi.json\""), "{settings}");
    assert!(settings.contains("name = \"acme-crm\""), "{settings}");
    let base = format!("base_url = \"http://{}/api/v1\"", server.host);
    assert!(settings.contains(&base), "{settings}");
    assert_eq!(text(folder.path(), "openapi.json"), document("/api/v1"));
    // A key of the environment stays there, and travels once.
    assert!(!folder.path().join("home").exists());
    let heads = server.requests();
    let with_key = heads.iter().filter(|head| head.contains("key-canary"));
    assert_eq!(with_key.count(), 1, "{heads:?}");
    assert!(
        heads.last().unwrap().starts_with("GET /api/v1/me "),
        "{heads:?}"
    );
    // What was written is what the other commands take.
    let inspected = mcpwright(folder.path(), &["inspect"]);
    assert_eq!(inspected.code, 0, "{}", inspected.err);
    let before = listing(folder.path());
    let again = init(folder.path(), &[&url], &key);
    assert_eq!(again.code, 1, "{}", again.err);
    assert!(again.err.contains("is not overwritten"), "{}", again.err);
    assert_eq!(listing(folder.path()), before);
}

/// Other systems have one loopback address.
#[cfg(target_os = "linux")]
#[test]
fn the_view_that_is_announced_is_the_one_that_the_server_shows() {
    let document = |operations: usize, arguments: usize| {
        let about = "What is looked for, as it was written when the record was made.";
        let arguments: Vec<serde_json::Value> = (0..arguments)
            .map(|n| serde_json::json!({"name": format!("field_{n}"), "in": "query", "description": about, "schema": {"type": "string"}}))
            .collect();
        let paths: serde_json::Map<String, serde_json::Value> = (0..operations)
            .map(|n| (format!("/things{n}"), serde_json::json!({"get": {"operationId": format!("listThings{n}"), "parameters": arguments, "responses": {"200": {"description": "ok"}}}})))
            .collect();
        serde_json::json!({"openapi": "3.1.0", "info": {"title": "Acme CRM", "version": "1"}, "servers": [{"url": "https://crm.example.com"}], "paths": paths}).to_string()
    };
    for (operations, arguments, view) in [(3, 2, "all"), (41, 0, "core"), (20, 30, "core")] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("a.json"),
            document(operations, arguments),
        )
        .unwrap();
        let said = init(folder.path(), &["a.json"], &[]);
        assert_eq!(said.code, 0, "{}", said.err);
        let line = format!("view: {view},");
        assert!(
            said.err.contains(&line),
            "{operations} {arguments}: {}",
            said.err
        );
    }
}

#[test]
fn a_key_is_not_sent_to_an_address_that_only_the_document_names() {
    let other = Server::start_at("127.0.0.2", &[("/me", &ok("{}"))]);
    let evil = format!("http://{}", other.host);
    let server = Server::start(&[("/openapi.json", &ok(&document(&evil)))]);
    let url = format!("http://{}/openapi.json", server.host);
    let key = [("ACME_CRM_API_KEY", "key-canary")];
    let folder = tempfile::tempdir().unwrap();
    let said = init(folder.path(), &[&url, "--yes"], &key);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err.contains("the credential was not tried"),
        "{}",
        said.err
    );
    assert!(other.requests().is_empty(), "{:?}", other.requests());
    // Whoever runs it can say that it is right.
    let folder = tempfile::tempdir().unwrap();
    let said = init(
        folder.path(),
        &[&url],
        &[key[0], ("ACME_CRM_BASE_URL", evil.as_str())],
    );
    assert!(said.err.contains("the credential works"), "{}", said.err);
    assert_eq!(asked(&other), ["/me"]);
}

#[test]
fn a_refused_key_is_said_and_nothing_is_lost() {
    let refused = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let server = Server::start(&[("/openapi.json", &ok(&document("/"))), ("/me", refused)]);
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://{}", server.host);
    let said = init(folder.path(), &[&url], &[("ACME_CRM_API_KEY", "old")]);
    assert_eq!(said.code, 0, "{}", said.err);
    let part = "GET /me → 401: the service does not take the credential";
    assert!(said.err.contains(part), "{}", said.err);
    assert!(folder.path().join("mcpwright.toml").is_file());
}

#[test]
fn a_page_leads_to_its_document() {
    let page = ok("<html><script>SwaggerUIBundle({url: \"/hidden/openapi.v2.json\"})</script>");
    let server = Server::start(&[
        ("/docs", &page),
        ("/hidden/openapi.v2.json", &ok(&document("/"))),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let said = init(
        folder.path(),
        &[&format!("http://{}/docs", server.host)],
        &[],
    );
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(asked(&server), ["/docs", "/hidden/openapi.v2.json"]);
}

#[test]
fn where_there_is_no_document_nothing_is_written() {
    let nothing = Server::start(&[]);
    let url = format!("http://{}/shop", nothing.host);
    let with_user = format!("http://user@{}", nothing.host);
    for (source, code, part) in [
        (
            Some(url.as_str()),
            1,
            "no OpenAPI document at 25 usual places",
        ),
        (Some("http://127.0.0.1:9"), 1, "cannot be fetched"),
        (Some("http://crm.example.com"), 1, "plain http"),
        (Some(with_user.as_str()), 2, "without a user name"),
        (Some("missing.yaml"), 2, "there is no file missing.yaml"),
        (Some("broken.yaml"), 1, "E0"),
        (None, 2, "no document was named"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("broken.yaml"),
            "openapi: 3.1.0\ninfo: [\n",
        )
        .unwrap();
        let before = listing(folder.path());
        let said = init(folder.path(), source.as_slice(), &[]);
        assert_eq!(said.code, code, "{source:?}: {}", said.err);
        assert!(said.err.contains(part), "{source:?}: {}", said.err);
        assert_eq!(listing(folder.path()), before, "{source:?}");
    }
    assert_eq!(asked(&nothing)[..2], ["/shop", "/shop/openapi.json"]);
}

#[test]
fn a_place_that_gives_no_answer_does_not_hide_the_others() {
    // Breaks off in the middle of a head.
    let server = Server::start(&[
        ("/openapi.json", "HTT"),
        (
            "/openapi.yaml",
            "HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\nopenapi: 3",
        ),
        ("/api/v1/openapi.json", &ok(&document("/api/v1"))),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://{}", server.host);
    let said = init(folder.path(), &[&url], &[]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("found http://"), "{}", said.err);
    // Where nothing is found, the failures are told.
    let server = Server::start(&[("/openapi.yaml", "HTT")]);
    let folder = tempfile::tempdir().unwrap();
    let said = init(folder.path(), &[&format!("http://{}", server.host)], &[]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(
        said.err.contains("1 more place gave no answer"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("/openapi.yaml` cannot be fetched"),
        "{}",
        said.err
    );
}

#[test]
fn the_address_that_a_document_names_is_shown_before_it_counts() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("openapi.json"),
        document("https://evil.example/api"),
    )
    .unwrap();
    let said = init(folder.path(), &["--yes"], &[]);
    assert_eq!(said.code, 0, "{}", said.err);
    let line = "service: https://evil.example/api (only the document says so";
    assert!(said.err.contains(line), "{}", said.err);
}

#[test]
fn a_file_of_this_folder_is_taken_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("openapi.json"), document("https://crm.example.com/api")).unwrap();
    let said = init(folder.path(), &[], &[]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err
            .contains("next: export ACME_CRM_API_KEY=…; mcpwright run"),
        "{}",
        said.err
    );
    let settings = text(folder.path(), "mcpwright.toml");
    assert!(
        settings.contains("base_url = \"https://crm.example.com/api\""),
        "{settings}"
    );
    fs::remove_file(at("mcpwright.toml")).unwrap();
    // Another document of that name stays what it is.
    let server = Server::start(&[("/openapi.json", &ok(&document("/")))]);
    let said = init(folder.path(), &[&format!("http://{}", server.host)], &[]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(
        said.err.contains("openapi.json is not written"),
        "{}",
        said.err
    );
    assert!(!at("mcpwright.toml").exists());
}

#[test]
fn text_of_a_document_stays_text_in_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = document("https://crm.example.com/\\\"\\n[output]\\nfolder='/'")
        .replace("Acme CRM", "A\\\"]\\nevil = 1\\u0007");
    fs::write(folder.path().join("openapi.json"), hostile).unwrap();
    let said = init(folder.path(), &[], &[]);
    assert_eq!(said.code, 0, "{}", said.err);
    let settings: toml_edit::DocumentMut = text(folder.path(), "mcpwright.toml").parse().unwrap();
    assert_eq!(
        settings.iter().map(|(key, _)| key).collect::<Vec<_>>(),
        ["server", "output"]
    );
    assert!(!said.err.contains('\u{7}'));
}

/// `script` (util-linux) gives a program a terminal of its own.
#[cfg(unix)]
#[test]
fn at_a_terminal_four_questions_are_asked_and_the_key_is_kept_unseen() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::{Command, Stdio};

    let server = Server::start(&[("/openapi.json", &ok(&document("/"))), ("/me", &ok("{}"))]);
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let line = format!(
        "{} init http://{}",
        env!("CARGO_BIN_EXE_mcpwright"),
        server.host
    );
    let run = Command::new("script")
        .args(["--quiet", "--return", "--command", &line, "/dev/null"])
        .current_dir(folder.path())
        .env("HOME", &home)
        .env_remove("XDG_CONFIG_HOME")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut run) = run else {
        return;
    };
    let mut input = run.stdin.take().unwrap();
    let mut output = run.stdout.take().unwrap();
    let answers = ["my-crm\n", "\n", "typed-canary\n", "\n"];
    let mut said = String::new();
    let mut buffer = [0; 4096];
    let mut next = 0;
    // Each answer follows its question, as people type.
    while let Ok(length @ 1..) = std::io::Read::read(&mut output, &mut buffer) {
        said.push_str(&String::from_utf8_lossy(&buffer[..length]));
        let questions = said.matches("\n? ").count() + usize::from(said.starts_with("? "));
        if questions > next && said.trim_end().ends_with(':') && next < answers.len() {
            // The terminal shows nothing more once the question stands there, and a person takes a moment.
            std::thread::sleep(std::time::Duration::from_millis(700));
            std::io::Write::write_all(&mut input, answers[next].as_bytes()).unwrap();
            next += 1;
        }
    }
    assert!(run.wait().unwrap().success(), "{said}");
    assert_eq!(next, 4, "{said}");
    assert!(said.contains("the credential works"), "{said}");
    assert!(!said.contains("typed-canary"), "{said}");
    assert!(
        said.contains(&format!("service: http://{}", server.host)),
        "{said}"
    );
    let bound = fs::read_to_string(home.join(".config/my-crm/origins")).unwrap();
    assert_eq!(bound, format!("MY_CRM_API_KEY http://{}\n", server.host));
    let kept = home.join(".config/my-crm/MY_CRM_API_KEY");
    assert_eq!(fs::read_to_string(&kept).unwrap(), "typed-canary");
    assert_eq!(
        fs::metadata(&kept).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let settings = text(folder.path(), "mcpwright.toml");
    assert!(
        settings.contains("name = \"my-crm\"") && settings.contains("folder = \"my-crm-mcp\""),
        "{settings}"
    );
    assert!(!settings.contains("typed-canary"));
}

/// A crate as the generator marks it, whose program tells how it was started.
fn small_crate(folder: &Path) {
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(
        folder.join("Cargo.toml"),
        "[package]\nname = \"acme-crm-mcp\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n",
    )
    .unwrap();
    fs::write(folder.join("mcpwright.manifest.json"), "{}").unwrap();
    fs::write(
        folder.join("src/main.rs"),
        r#"fn main() -> std::process::ExitCode {
            let get = |name: &str| std::env::var(name).unwrap_or_default();
            println!("{:?} {} {}", std::env::args().skip(1).collect::<Vec<_>>(), get("ACME_CRM_BASE_URL"), get("ACME_CRM_API_KEY_FILE"));
            std::process::ExitCode::from(5)
        }"#,
    )
    .unwrap();
}

#[test]
fn commands_are_handed_over_to_the_program_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let kept = home.join(".config/acme-crm/ACME_CRM_API_KEY");
    fs::create_dir_all(kept.parent().unwrap()).unwrap();
    fs::write(&kept, "k").unwrap();
    let bind = |origin: &str| {
        let line = format!("ACME_CRM_API_KEY {origin}\n");
        fs::write(kept.with_file_name("origins"), line).unwrap();
    };
    bind("https://crm.example.com");
    let target = folder.path().join("target");
    let run = |arguments: &[&str], more: &[(&str, &str)]| {
        let mut all = vec![
            ("HOME", home.to_str().unwrap()),
            ("XDG_CONFIG_HOME", ""),
            ("CARGO_TARGET_DIR", target.to_str().unwrap()),
        ];
        all.extend(more);
        mcpwright_with(folder.path(), arguments, &all, "")
    };
    let none = run(&["connect", "cursor"], &[]);
    assert_eq!(none.code, 1);
    assert!(none.err.contains("`mcpwright init` begins"), "{}", none.err);
    let help = run(&["connect", "--help"], &[]);
    assert_eq!(help.code, 0, "{}", help.err);
    assert!(
        help.out.contains("mcpwright run --build-only"),
        "{}",
        help.out
    );
    small_crate(&folder.path().join("acme-crm-mcp"));
    let unbuilt = run(&["tools"], &[]);
    assert_eq!(unbuilt.code, 1);
    assert!(
        unbuilt.err.contains("is not built yet: `mcpwright run`"),
        "{}",
        unbuilt.err
    );
    let served = run(&["run", "stdio", "--view", "lean"], &[]);
    assert_eq!(served.code, 5, "{}", served.err);
    assert_eq!(served.out, "[\"stdio\", \"--view\", \"lean\"]  \n");
    assert!(
        served.err.contains("acme-crm-mcp built (1 crates compiled"),
        "{}",
        served.err
    );
    let served = run(&["run"], &[]);
    assert_eq!(served.out, "[\"http\"]  \n");
    assert!(
        served.err.contains("built (nothing to do)"),
        "{}",
        served.err
    );
    // With settings it gets what they and `init` know, unless the environment knows better.
    fs::write(
        folder.path().join("mcpwright.toml"),
        "[server]\nspec = \"x.json\"\nname = \"acme-crm\"\nbase_url = \"https://crm.example.com\"\n[output]\nfolder = \"acme-crm-mcp\"\n",
    )
    .unwrap();
    let handed = run(&["connect", "cursor", "--dry-run", "-q", "--help"], &[]);
    assert_eq!(handed.code, 5, "{}", handed.err);
    let expected = format!(
        "[\"connect\", \"cursor\", \"--dry-run\", \"-q\", \"--help\"] https://crm.example.com {}\n",
        kept.display()
    );
    assert_eq!(handed.out, expected);
    // Which service is behind another server's address, nobody knows here.
    for (arguments, says) in [
        (&["tools"][..], true),
        (&["tools", "--url", "http://127.0.0.1:1/mcp"], false),
        (&["call", "--url=http://127.0.0.1:1/mcp", "a"], false),
    ] {
        let handed = run(arguments, &[]);
        assert_eq!(
            handed.err.contains("the service is"),
            says,
            "{}",
            handed.err
        );
    }
    // A folder may be a stranger's: what was given for one address goes to no other.
    let unbound = kept.with_file_name("origins");
    for (origin, said) in [
        (
            Some("https://other.example.com"),
            "it was given for https://other.example.com",
        ),
        (
            Some("http://crm.example.com"),
            "it was given for http://crm.example.com",
        ),
        (None, "an address that is not known"),
    ] {
        match origin {
            Some(origin) => bind(origin),
            None => fs::remove_file(&unbound).unwrap(),
        }
        let handed = run(&["call", "a"], &[]);
        assert_eq!(
            handed.out, "[\"call\", \"a\"] https://crm.example.com \n",
            "{origin:?}"
        );
        assert!(handed.err.contains(said), "{}", handed.err);
        assert!(
            handed
                .err
                .contains("the service here is https://crm.example.com"),
            "{}",
            handed.err
        );
        assert!(
            handed.err.contains("export ACME_CRM_API_KEY_FILE="),
            "{}",
            handed.err
        );
    }
    bind("https://crm.example.com");
    let elsewhere = [("ACME_CRM_BASE_URL", "https://evil.example")];
    assert_eq!(
        run(&["call", "a"], &elsewhere).out,
        "[\"call\", \"a\"] https://evil.example \n"
    );
    let served = run(&["run", "stdio"], &[]);
    assert_eq!(served.code, 1, "x.json is not there: {}", served.err);
    let own = [
        ("ACME_CRM_BASE_URL", "http://localhost"),
        ("ACME_CRM_API_KEY", "x"),
    ];
    assert_eq!(
        run(&["call", "a", "b=1"], &own).out,
        "[\"call\", \"a\", \"b=1\"] http://localhost \n"
    );
}

#[test]
fn the_doctor_of_a_project_says_what_comes_next() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| mcpwright(folder.path(), arguments);
    let said = run(&["doctor"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("→ mcpwright init"), "{}", said.out);
    assert!(said.out.contains("toolchain  cargo 1."), "{}", said.out);
    assert!(said.out.ends_with("2 faults, 0 warnings\n"), "{}", said.out);
    fs::write(
        folder.path().join("openapi.json"),
        document("https://crm.example.com"),
    )
    .unwrap();
    fs::write(
        folder.path().join("mcpwright.toml"),
        "[server]\nspec = \"openapi.json\"\n[output]\nfolder = \"out\"\n",
    )
    .unwrap();
    fs::create_dir(folder.path().join("out")).unwrap();
    fs::write(folder.path().join("out/mcpwright.lock"), "<<<<<<< HEAD\n").unwrap();
    let said = run(&["doctor", "--json"]);
    assert_eq!(said.code, 1, "{}", said.err);
    let read: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let grade = |check: &str| {
        let findings = read["project"].as_array().unwrap();
        let found = findings.iter().find(|one| one["check"] == check);
        found.unwrap_or_else(|| panic!("no {check}: {}", said.out))["grade"].clone()
    };
    assert_eq!(grade("toolchain"), "ok");
    assert_eq!(grade("document"), "ok");
    assert_eq!(grade("lock"), "fault");
    assert_eq!(grade("crate"), "fault");
    fs::write(folder.path().join("openapi.json"), "{\"openapi\": 3").unwrap();
    let said = run(&["doctor"]);
    assert!(said.out.contains("✗ document   E0"), "{}", said.out);
}
