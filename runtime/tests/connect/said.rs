//! What is said and not done: dry runs, refusals, entries that are printed.

use std::fs;
use std::path::Path;

use super::{FILES, Home, common};

#[test]
fn a_dry_run_writes_nothing_and_tells_no_secret_of_others() {
    let home = Home::new();
    for text in [
        "{\n  \"mcpServers\": {\n    \"git\": { \"env\": { \"PAT\": \"ghp_theirs\" }, \"headers\": {\"X\": \"theirs-too\"} }\n  }\n}\n",
        "{\"apiKey\":\"ghp_theirs\",\"mcpServers\":{\"git\":{\"env\":{\"PAT\":\"ghp_theirs\"},\"headers\":{\"X\":\"theirs-too\"}}}}",
    ] {
        home.put(".cursor/mcp.json", text);
        let said = home.well(&["connect", "cursor", "--dry-run"]);
        assert!(
            said.contains("+") && said.contains("fixture") && said.contains("nothing was written"),
            "{said}"
        );
        assert!(!said.contains("theirs"), "{said}");
        assert_eq!(home.text(".cursor/mcp.json"), text);
        assert!(!home.0.join(".config/fixture").exists());
    }
}

#[test]
fn what_cannot_work_is_refused_with_what_does() {
    for (args, said) in [
        (
            &["connect", "chatgpt"][..],
            "http --auth oauth --public-url URL",
        ),
        (
            &[
                "connect",
                "chatgpt",
                "--url",
                "http://localhost:8970/mcp",
                "--auth",
                "oauth",
            ],
            "cannot be reached from there",
        ),
        (
            &["connect", "chatgpt", "--url", "https://192.168.1.5/mcp"],
            "cannot be reached from there",
        ),
        (
            &["connect", "chatgpt", "--url", "http://crm.example.com/mcp"],
            "is not https",
        ),
        (
            &[
                "connect",
                "chatgpt",
                "--url",
                "https://crm.example.com/mcp",
                "--auth",
                "keys",
            ],
            "it knows none and oauth",
        ),
        (
            &[
                "connect",
                "claude-desktop",
                "--url",
                "http://127.0.0.1:8970/mcp",
            ],
            "connect claude-desktop`",
        ),
        (&["connect", "n8n"], "--url http://127.0.0.1:8970/mcp"),
        (
            &[
                "connect",
                "zed",
                "--url",
                "https://crm.example.com/mcp",
                "--auth",
                "keys",
            ],
            "cannot refer to variables",
        ),
        (
            &[
                "connect",
                "cursor",
                "--url",
                "http://crm.example.com/mcp",
                "--auth",
                "keys",
            ],
            "use https",
        ),
        (
            &[
                "connect",
                "cursor",
                "--url",
                "https://u:p@crm.example.com/mcp",
            ],
            "holds a credential",
        ),
        (
            &["connect", "cursor", "--url", "crm"],
            "takes the address of /mcp",
        ),
        (&["connect", "curser"], "did you mean cursor?"),
        (
            &["connect", "windsurf", "--scope", "project"],
            "no file for a project",
        ),
        (&["connect", "cursor", "--name", "a b"], "--name takes"),
    ] {
        let home = Home::new();
        let run = home.run(args);
        assert_eq!(run.code, 2, "{args:?}: {}", run.out);
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
        assert_eq!(fs::read_dir(&home.0).unwrap().count(), 0, "{args:?}");
    }
    let home = Home::new();
    let steps = home.well(&[
        "connect",
        "chatgpt",
        "--url",
        "https://crm.example.com/mcp",
        "--auth",
        "oauth",
        "--no-verify",
    ]);
    assert!(
        steps.contains("2. Create app. MCP server URL: https://crm.example.com/mcp"),
        "{steps}"
    );
    assert!(steps.contains("Authentication: OAuth."), "{steps}");
}

/// Every client on every system, in one file: what `--print` says. `SNAPSHOTS=overwrite` writes it.
#[test]
fn the_shapes_of_all_clients_are_those_of_the_golden_file() {
    let home = Home::new();
    let binary = common::process::binary();
    let ann = [
        ("HOME", "/home/ann"),
        ("USERPROFILE", "C:\\Users\\ann"),
        ("APPDATA", "C:\\Users\\ann\\AppData\\Roaming"),
        ("LOCALAPPDATA", "C:\\Users\\ann\\AppData\\Local"),
        ("FIX_KEY", ""),
    ];
    let mut golden = String::new();
    for (client, ..) in FILES {
        golden.push_str(&format!("==== {client}\n"));
        for system in ["linux", "macos", "windows"] {
            let run = home.run_with(&["connect", client, "--print", "--system", system], &ann);
            assert_eq!(run.code, 0, "{client}: {}", run.err);
            golden.push_str(&format!("-- {system}: stdio, {}", run.err));
            let entry = run.out.replace(binary.to_str().unwrap(), "/opt/fixture");
            // The others differ in the path of a file alone.
            if system == "linux" {
                golden.push_str(&entry);
            } else {
                for line in entry.lines().filter(|line| line.contains("_FILE")) {
                    golden.push_str(&format!("{}\n", line.trim()));
                }
            }
        }
        for auth in ["oauth", "keys", "passthrough"] {
            let url = "https://crm.example.com/mcp";
            let run = home.run_with(
                &["connect", client, "--print", "--url", url, "--auth", auth],
                &ann,
            );
            golden.push_str(&format!("-- http, {auth}\n{}{}", run.out, run.err));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/clients.txt");
    if std::env::var_os("SNAPSHOTS").is_some_and(|mode| mode == "overwrite") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &golden).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        golden, known,
        "read the difference; SNAPSHOTS=overwrite accepts it"
    );
}

#[test]
fn an_entry_for_another_system_names_its_folders_where_this_one_has_none() {
    let home = Home::new();
    let run = home.run(&[
        "connect",
        "claude-desktop",
        "--print",
        "--system",
        "windows",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    let path = r"for %APPDATA%\Claude\claude_desktop_config.json";
    assert!(run.err.contains(path), "{}", run.err);
    let entry: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let kept = &entry["mcpServers"]["fixture"]["env"]["FIX_TOKEN_FILE"];
    assert_eq!(kept, r"%APPDATA%\fixture\FIX_TOKEN");
}

#[test]
fn what_a_client_is_to_ask_for_is_shown_as_it_is_written() {
    let home = Home::new();
    let text = home.well(&["connect", "vscode", "--dry-run"]);
    for line in [
        r#""type": "promptString""#,
        r#""id": "fix-token""#,
        r#""description": "FIX_TOKEN""#,
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

#[test]
fn a_dry_run_shows_keys_of_others_and_none_of_their_values() {
    for (client, path, text) in [
        (
            "cursor",
            ".cursor/mcp.json",
            r#"{
  "mcpServers": {
    "a": {
      "command": "x", // old key: theirs-1
      "args": ["--api-key", "theirs-2", "--url=https://u:theirs-3@h/"],
      "env": {
        "DATABASE_URL": "postgres://u:theirs-4@h/db",
        "QUOTED": "thei\u0072s-5\"theirs-6",
        "PIN": 987654
      } /* theirs-7
      theirs-8 */
    }
  }
}
"#,
        ),
        (
            "codex",
            ".codex/config.toml",
            "[mcp_servers.a]\ncommand = 'x' # theirs-1\nargs = [\"theirs-2\", 'theirs-3']\n\n[mcp_servers.a.env]\nPIN = 987654\nPEM = '''\ntheirs-4 = 1\n'''\n",
        ),
        (
            "goose",
            ".config/goose/config.yaml",
            "extensions:\n  a:\n    cmd: x # theirs-1\n    args: [theirs-2, \"theirs-3\"]\n    envs:\n      PIN: 987654\n      URL: https://u:theirs-4@h\n      PEM: |\n        theirs-5: x\n",
        ),
        (
            "openclaw",
            ".openclaw/openclaw.json",
            "{\n  mcp: { servers: {\n    a: { command: 'x', env: { K: 'theirs-1', PIN: 987654 } }, // theirs-2\n  } },\n}\n",
        ),
    ] {
        let home = Home::new();
        home.put(path, text);
        let said = home.well(&["connect", client, "--dry-run"]);
        assert!(said.contains("nothing was written"), "{said}");
        assert!(
            !said.contains("theirs") && !said.contains("987654") && !said.contains("thei\\u"),
            "{client}: {said}"
        );
        assert!(
            said.contains("fixture") && said.contains("stdio"),
            "{client}: {said}"
        );
    }
}

#[test]
fn variables_that_an_entry_no_longer_has_are_told() {
    let home = Home::new();
    let more = [("FIX_VIEW", "lean"), ("FIX_FORMAT", "json")];
    let run = home.run_with(
        &["connect", "cursor", "--no-verify", "--toolsets", "x"],
        &more,
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(!run.out.contains("no longer there"), "{}", run.out);
    let said = home.well(&["connect", "cursor", "--no-verify"]);
    assert!(
        said.contains(
            "no longer there, since they are not set here: --toolsets, FIX_FORMAT, FIX_VIEW"
        ),
        "{said}"
    );
    let said = home.well(&["connect", "cursor", "--no-verify"]);
    assert!(!said.contains("no longer there"), "{said}");
}

#[test]
fn an_unknown_client_is_told_in_sentences() {
    let home = Home::new();
    let far = home.run(&["connect", "qqqqqqqq"]);
    assert_eq!(far.code, 2);
    assert!(
        far.err.contains("no client that is known here. Known are"),
        "{}",
        far.err
    );
    let near = home.run(&["connect", "cursr"]);
    assert!(
        near.err.contains("did you mean cursor? Known are"),
        "{}",
        near.err
    );
}
