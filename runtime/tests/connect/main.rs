//! `connect` and `disconnect`: the command itself, in homes of their own.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

const SECRETS: [&str; 2] = ["token-canary", "key-canary"];

/// A home of its own, which goes when it is dropped.
struct Home(PathBuf);

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

struct Outcome {
    code: i32,
    out: String,
    err: String,
}

impl Home {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("mcpwright-connect-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn run(&self, args: &[&str]) -> Outcome {
        self.run_with(args, &[])
    }

    fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Outcome {
        let run = Command::new(common::process::binary())
            .args(args)
            .env_clear()
            .env("HOME", &self.0)
            .env("FIX_BASE_URL", "http://127.0.0.1:9")
            .env("FIX_TOKEN", SECRETS[0])
            .env("FIX_KEY", SECRETS[1])
            .envs(variables.iter().copied())
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let outcome = Outcome {
            code: run.status.code().unwrap(),
            out: String::from_utf8(run.stdout).unwrap(),
            err: String::from_utf8(run.stderr).unwrap(),
        };
        for secret in SECRETS {
            let said = format!("{}{}", outcome.out, outcome.err);
            assert!(!said.contains(secret), "{said}");
        }
        outcome
    }

    fn well(&self, args: &[&str]) -> String {
        let outcome = self.run(args);
        assert_eq!(outcome.code, 0, "{args:?}: {}", outcome.err);
        outcome.out
    }

    fn put(&self, path: &str, text: &str) -> PathBuf {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }

    /// Files beside a file that begin with its name.
    fn backups(&self, path: &str) -> Vec<PathBuf> {
        let path = self.0.join(path);
        let begin = format!("{}.backup-", path.file_name().unwrap().to_str().unwrap());
        let entries = fs::read_dir(path.parent().unwrap()).unwrap();
        entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| {
                path.file_name()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .starts_with(&begin)
            })
            .collect()
    }
}

/// Clients with a file: its path below a home on Linux, and a file as people have it.
const FILES: &[(&str, &str, &str)] = &[
    (
        "claude-desktop",
        ".config/Claude/claude_desktop_config.json",
        "{\n    \"globalShortcut\": \"\",\n    \"mcpServers\": {\n        \"files\": {\"command\": \"npx\", \"args\": [\"files\"]}\n    }\n}\n",
    ),
    (
        "claude-code",
        ".claude.json",
        "{\"numStartups\":7,\"mcpServers\":{},\"cost\":1.50}",
    ),
    (
        "codex",
        ".codex/config.toml",
        "# mine\nmodel = \"o4\" # best\n\n[mcp_servers.docs]\ncommand = \"docs\" # theirs\n\n[tui]\ntheme = \"x\"\n",
    ),
    (
        "cursor",
        ".cursor/mcp.json",
        "{\n  // mine\n  \"mcpServers\": {\n    \"other\": { \"url\": \"https://other.example\" }, // theirs\n  },\n}\n",
    ),
    (
        "vscode",
        ".config/Code/User/mcp.json",
        "{\n\t// mine\n\t\"inputs\": [\n\t\t{ \"id\": \"other\", \"type\": \"promptString\" } // theirs\n\t],\n\t\"servers\": {}\n}\n",
    ),
    (
        "windsurf",
        ".codeium/windsurf/mcp_config.json",
        "{\"mcpServers\": {}}\n",
    ),
    ("antigravity", ".gemini/config/mcp_config.json", "{\n}\n"),
    (
        "gemini-cli",
        ".gemini/settings.json",
        "{\r\n  // mine\r\n  \"theme\": \"dark\"\r\n}\r\n",
    ),
    (
        "zed",
        ".config/zed/settings.json",
        "// Zed settings\n//\n{\n  \"ui_font_size\": 16, /* big */\n  \"context_servers\": {\n    \"other\": {\n      \"command\": \"x\",\n    },\n  },\n}\n",
    ),
    (
        "goose",
        ".config/goose/config.yaml",
        "# mine\nGOOSE_MODEL: x # best\nextensions:\n  # theirs\n  developer:\n    enabled: true # yes\n    type: builtin\nGOOSE_MODE: auto\n",
    ),
    (
        "lmstudio",
        ".lmstudio/mcp.json",
        "{\n  \"mcpServers\": {}\n}",
    ),
    (
        "mcporter",
        ".mcporter/mcporter.json",
        "{ \"mcpServers\": { \"a\": { \"baseUrl\": \"https://a.example\" } }, \"imports\": [] }\n",
    ),
    (
        "openclaw",
        ".openclaw/openclaw.json",
        "{\n  // mine\n  agents: { defaults: { model: 'x' } },\n}\n",
    ),
    (
        "copilot-cli",
        ".copilot/mcp-config.json",
        "{\n  \"mcpServers\": {}\n}\n",
    ),
];

#[test]
fn every_client_gets_its_entry_and_loses_nothing_else() {
    for (client, path, before) in FILES {
        let home = Home::new();
        home.put(path, before);
        let said = home.well(&["connect", client]);
        assert!(
            said.contains("✓ handshake: fixture speaks MCP 20"),
            "{client}: {said}"
        );
        assert!(
            said.contains("fixture added; as it was: "),
            "{client}: {said}"
        );
        let after = home.text(path);
        assert!(after.contains("fixture"), "{client}: {after}");
        for secret in SECRETS {
            assert!(!after.contains(secret), "{client}: {after}");
        }
        // Each old line is there still, in the same order; at most with a comma or a brace moved.
        let mut rest = after.as_str();
        for word in before.split([' ', '\t', '\n', '\r', ',', '{', '}', '[', ']']) {
            let at = rest
                .find(word)
                .unwrap_or_else(|| panic!("{client}: {word} is lost: {after}"));
            rest = &rest[at + word.len()..];
        }
        assert_eq!(before.contains("\r\n"), after.contains("\r\n"), "{client}");
        assert!(!after.replace("\r\n", "").contains('\r'), "{client}");
        let backups = home.backups(path);
        assert_eq!(backups.len(), 1, "{client}");
        assert_eq!(
            fs::read_to_string(&backups[0]).unwrap(),
            *before,
            "{client}"
        );
        let again = home.well(&["connect", client]);
        assert!(again.contains("unchanged"), "{client}: {again}");
        assert_eq!(home.text(path), after, "{client}");
        assert_eq!(home.backups(path).len(), 1, "{client}");
        let listed = home.well(&["connect"]);
        let line = listed
            .lines()
            .find(|line| line.starts_with(client))
            .unwrap();
        assert!(line.contains("connected"), "{line}");
        home.well(&["disconnect", client]);
        let left = home.text(path);
        assert!(
            !left.contains("fixture") && !left.contains("FIX_"),
            "{client}: {left}"
        );
        assert!(!left.contains("fix-"), "{client}: {left}");
    }
}

#[test]
fn a_client_without_a_file_gets_one_that_it_can_read() {
    for (client, path, _) in FILES {
        let home = Home::new();
        home.well(&["connect", client]);
        assert!(home.text(path).ends_with('\n'), "{client}");
        let mode = fs::metadata(home.0.join(path))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{client}");
        assert!(
            home.well(&["connect", client]).contains("unchanged"),
            "{client}"
        );
    }
}

#[test]
fn credentials_are_referred_to_or_kept_where_only_their_owner_reads_them() {
    let home = Home::new();
    home.well(&["connect", "claude-code"]);
    assert!(
        home.text(".claude.json")
            .contains("\"FIX_TOKEN\": \"${FIX_TOKEN}\"")
    );
    assert!(!home.0.join(".config/fixture").exists());
    home.well(&["connect", "claude-desktop"]);
    let kept = home.0.join(".config/fixture/FIX_TOKEN");
    assert_eq!(fs::read_to_string(&kept).unwrap(), SECRETS[0]);
    assert_eq!(
        fs::metadata(&kept).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let folder = kept.parent().unwrap();
    assert_eq!(
        fs::metadata(folder).unwrap().permissions().mode() & 0o777,
        0o700
    );
    // The program can be started as the client starts it: with that file alone.
    let text = home.text(".config/Claude/claude_desktop_config.json");
    assert!(text.contains(&format!("\"FIX_TOKEN_FILE\": \"{}\"", kept.display())));
    let left = home.well(&["disconnect", "claude-desktop"]);
    assert!(left.contains(&format!("{} still holds a credential", kept.display())));
    let refused = home.run(&["connect", "zed", "--secrets", "reference"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused
            .err
            .contains("the file of Zed cannot refer to variables"),
        "{}",
        refused.err
    );
    // A file that is named already is named there, too.
    let file = home.put("elsewhere/token", SECRETS[0]);
    let run = home.run_with(
        &["connect", "claude-code", "--name", "second"],
        &[("FIX_TOKEN", ""), ("FIX_TOKEN_FILE", "elsewhere/token")],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let named = format!("\"FIX_TOKEN_FILE\": \"{}\"", file.display());
    assert!(
        home.text(".claude.json").contains(&named),
        "{}",
        home.text(".claude.json")
    );
}

#[test]
fn a_malformed_file_is_told_with_its_place_and_left_as_it_was() {
    for (client, path, text, place) in [
        (
            "claude-desktop",
            ".config/Claude/claude_desktop_config.json",
            "{\n  \"mcpServers\": {},\n}\n",
            ":2:",
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "{\n  \"mcpServers\": {\n    \"a\": 1\n    \"b\": 2\n  }\n}\n",
            ":3:",
        ),
        (
            "codex",
            ".codex/config.toml",
            "model = \"x\"\n[mcp_servers\n",
            ":2:13:",
        ),
        (
            "goose",
            ".config/goose/config.yaml",
            "a: 1\nextensions: [x\nb: 2\n",
            ":4:1:",
        ),
        (
            "vscode",
            ".config/Code/User/mcp.json",
            "{ \"servers\": [] }",
            "`servers` is no object",
        ),
        (
            "zed",
            ".config/zed/settings.json",
            "[]",
            "no object at its top",
        ),
    ] {
        let home = Home::new();
        home.put(path, text);
        for args in [
            &["connect", client][..],
            &["connect", client, "--dry-run"],
            &["disconnect", client],
        ] {
            let run = home.run(args);
            if run.code == 0 && args[0] == "disconnect" {
                // Nothing to take out of what holds no servers.
                continue;
            }
            assert_eq!(run.code, 2, "{client}: {}", run.out);
            assert!(run.err.contains(place), "{client}: {}", run.err);
            assert!(run.err.contains("left as it was"), "{client}: {}", run.err);
        }
        assert_eq!(home.text(path), text, "{client}");
        assert!(home.backups(path).is_empty(), "{client}");
    }
}

#[test]
fn another_server_of_the_same_name_stays_unless_it_is_forced() {
    let home = Home::new();
    let text = "{\"mcpServers\": {\"fixture\": {\"command\": \"/opt/theirs\"}}}";
    home.put(".cursor/mcp.json", text);
    for command in ["connect", "disconnect"] {
        let run = home.run(&[command, "cursor"]);
        assert_eq!(run.code, 2, "{}", run.out);
        assert!(run.err.contains("--force"), "{}", run.err);
        assert_eq!(home.text(".cursor/mcp.json"), text);
    }
    home.well(&["connect", "cursor", "--name", "mine"]);
    assert!(home.text(".cursor/mcp.json").contains("/opt/theirs"));
    home.well(&["connect", "cursor", "--force"]);
    assert!(!home.text(".cursor/mcp.json").contains("/opt/theirs"));
}

#[test]
fn what_people_added_to_the_entry_stays() {
    let home = Home::new();
    home.well(&["connect", "cursor", "--view", "lean"]);
    let path = ".cursor/mcp.json";
    let text = home.text(path);
    assert!(text.contains("\"--view\", \"lean\""), "{text}");
    let edited = text
        .replace("\"args\"", "\"disabled\": true, // not now\n      \"args\"")
        .replace(
            "\"FIX_BASE_URL\"",
            "\"HTTP_PROXY\": \"p\",\n        \"FIX_BASE_URL\"",
        );
    home.put(path, &edited);
    let said = home.well(&["connect", "cursor"]);
    assert!(said.contains("fixture changed"), "{said}");
    let after = home.text(path);
    assert!(after.contains("\"disabled\": true, // not now"), "{after}");
    assert!(after.contains("\"HTTP_PROXY\": \"p\""), "{after}");
    assert!(!after.contains("lean"), "{after}");
}

#[test]
fn a_link_stays_a_link() {
    let home = Home::new();
    let real = home.put("dotfiles/mcp.json", "{}");
    fs::create_dir_all(home.0.join(".cursor")).unwrap();
    symlink(&real, home.0.join(".cursor/mcp.json")).unwrap();
    home.well(&["connect", "cursor"]);
    assert!(
        fs::symlink_metadata(home.0.join(".cursor/mcp.json"))
            .unwrap()
            .is_symlink()
    );
    assert!(fs::read_to_string(real).unwrap().contains("fixture"));
}

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

#[test]
fn a_server_that_does_not_answer_is_connected_to_nothing() {
    let home = Home::new();
    let run = home.run(&["connect", "cursor", "--url", "http://127.0.0.1:9/mcp"]);
    assert_eq!(run.code, 4, "{}", run.err);
    assert!(run.err.contains("Nothing was written"), "{}", run.err);
    assert!(!home.0.join(".cursor").exists());
    let run = home.run_with(&["connect", "cursor"], &[("FIX_BASE_URL", "")]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("FIX_BASE_URL is not set"), "{}", run.err);
    assert!(!home.0.join(".cursor").exists());
    // What the program says of itself is what is told.
    let run = home.run(&["connect", "cursor", "--view", "nonsense"]);
    assert_eq!(run.code, 4, "{}", run.out);
    assert!(run.err.contains("nonsense"), "{}", run.err);
    assert!(!home.0.join(".cursor").exists());
}

#[test]
fn a_connection_that_fails_leaves_the_credential_that_others_use() {
    let home = Home::new();
    home.well(&["connect", "claude-desktop"]);
    let kept = ".config/fixture/FIX_TOKEN";
    let run = home.run_with(
        &["connect", "claude-desktop", "--view", "nonsense"],
        &[("FIX_TOKEN", "another")],
    );
    assert_eq!(run.code, 4, "{}", run.out);
    assert_eq!(home.text(kept), SECRETS[0]);
    let fresh = Home::new();
    let run = fresh.run(&["connect", "claude-desktop", "--view", "nonsense"]);
    assert_eq!(run.code, 4, "{}", run.out);
    assert!(!fresh.0.join(kept).exists());
}

#[test]
fn what_was_connected_alone_is_disconnected() {
    let home = Home::new();
    home.well(&["connect", "codex"]);
    home.well(&["disconnect", "codex"]);
    assert!(!home.text(".codex/config.toml").contains("fixture"));
    home.well(&["connect", "codex"]);
    assert!(
        home.text(".codex/config.toml")
            .contains("[mcp_servers.fixture]")
    );
    // By an address of which this program knows nothing.
    let entry = "{\"mcpServers\": {\"fixture\": {\"url\": \"https://crm.example.com/mcp\"}}}";
    home.put(".cursor/mcp.json", entry);
    home.well(&["disconnect", "cursor"]);
    assert!(!home.text(".cursor/mcp.json").contains("fixture"));
}

#[test]
fn what_holds_a_server_back_stays_when_it_is_connected_again() {
    let home = Home::new();
    home.well(&["connect", "copilot-cli"]);
    let path = ".copilot/mcp-config.json";
    let entry = home
        .text(path)
        .replacen("\"stdio\"", "\"stdio\", \"--read-only\"", 1)
        .replacen("\"env\": {", "\"env\": {\"FIX_CONFIRM\": \"deny\", ", 1)
        .replacen("\"*\"", "\"probe\"", 1);
    home.put(path, &entry);
    home.well(&["connect", "copilot-cli"]);
    let text = home.text(path);
    for held in ["--read-only", "FIX_CONFIRM", "\"probe\""] {
        assert!(text.contains(held), "{held}: {text}");
    }
}

#[test]
fn a_pipe_in_the_place_of_a_file_keeps_nobody_waiting() {
    let home = Home::new();
    home.put(".cursor/other", "");
    let pipe = home.0.join(".cursor/mcp.json");
    let made = Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|made| made.success()) {
        eprintln!("skipped: there is no mkfifo");
        return;
    }
    let run = home.run(&["connect", "cursor"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("is no file"), "{}", run.err);
}

#[test]
fn a_credential_does_not_travel_in_the_clear() {
    let home = Home::new();
    for url in ["http://192.0.2.1/mcp", "http://user:pw@127.0.0.1:9/mcp"] {
        let run = home.run_with(
            &["tools", "--url", url, "--auth", "keys"],
            &[("FIX_MCP_KEY", "k")],
        );
        assert_eq!(run.code, 2, "{}", run.out);
        assert!(!run.err.contains("pw@"), "{}", run.err);
    }
}

#[test]
fn the_file_of_a_project_is_that_of_this_folder() {
    let home = Home::new();
    home.well(&["connect", "copilot-cli", "--scope", "project"]);
    let text = home.text(".github/mcp.json");
    assert!(!text.contains("\"tools\""), "{text}");
    home.well(&["connect", "copilot-cli"]);
    assert!(
        home.text(".copilot/mcp-config.json")
            .contains("\"tools\": [\"*\"]")
    );
    home.well(&["connect", "cursor", "--file", "here/mcp.json"]);
    assert!(home.text("here/mcp.json").contains("fixture"));
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

#[cfg(feature = "http")]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_at_an_address_is_asked_as_the_client_will_ask_it() {
    let (base, _ledger) = common::upstream::start().await;
    let keys = Home::new();
    let file = keys.0.join("keys.json").to_str().unwrap().to_owned();
    let variables = [
        ("FIX_BASE_URL", base.as_str()),
        ("FIX_TOKEN", SECRETS[0]),
        ("FIX_KEYS", file.as_str()),
        ("FIX_PEPPER", "0123456789abcdef0123456789abcdef"),
    ];
    let made = common::process::command(&variables)
        .args(["keys", "create", "--name", "cursor", "--scope", "*:read"])
        .output()
        .await
        .unwrap();
    let key = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    let locked = common::http::start_with(&variables, &["--auth", "keys"]).await;
    let open = common::http::start(&base, &[]).await;
    let home = Home::new();
    let connect = |address: &str, auth: &str, key: &str| {
        let url = format!("http://{address}/mcp");
        let args = [
            "connect", "cursor", "--url", &url, "--auth", auth, "--force",
        ];
        let outcome = home.run_with(&args, &[("FIX_MCP_KEY", key)]);
        assert!(key.is_empty() || !outcome.out.contains(key) && !outcome.err.contains(key));
        outcome
    };
    let said = connect(&open.address, "none", "");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("✓ handshake: fixture speaks MCP"),
        "{}",
        said.out
    );
    // Its own variables are not needed for a server that runs already.
    for (auth, key, code, wanted) in [
        ("none", "", 3, "add --auth keys"),
        ("keys", "", 2, "FIX_MCP_KEY is not set"),
        ("keys", "wrong", 3, "refuses the credential"),
        ("oauth", "", 3, "not for OAuth"),
    ] {
        let before = home.text(".cursor/mcp.json");
        let said = connect(&locked.address, auth, key);
        assert_eq!(said.code, code, "{auth}: {} {}", said.out, said.err);
        assert!(said.err.contains(wanted), "{auth}: {}", said.err);
        assert_eq!(home.text(".cursor/mcp.json"), before);
    }
    let said = connect(&open.address, "oauth", "");
    assert!(said.err.contains("lets everybody in"), "{}", said.err);
    let said = connect(&locked.address, "keys", &key);
    assert_eq!(said.code, 0, "{}", said.err);
    let text = home.text(".cursor/mcp.json");
    assert!(
        text.contains("\"Authorization\": \"Bearer ${env:FIX_MCP_KEY}\""),
        "{text}"
    );
    assert!(
        !text.contains(&key) && !text.contains(&open.address),
        "{text}"
    );
}

#[cfg(feature = "http")]
#[tokio::test(flavor = "multi_thread")]
async fn tools_of_a_running_server_are_listed_and_called_as_those_of_this_one() {
    let (base, ledger) = common::upstream::start().await;
    let server = common::http::start(&base, &["--view", "all"]).await;
    let url = format!("http://{}/mcp", server.address);
    let home = Home::new();
    let listed = home.well(&["tools", "--url", &url]);
    assert!(
        listed
            .lines()
            .any(|line| line.starts_with("list_customers ") && line.contains(" read ")),
        "{listed}"
    );
    let signed = home.well(&["tools", "get_customer", "--url", &url]);
    let here = home.well(&["tools", "get_customer"]);
    assert_eq!(signed, here);
    assert!(here.starts_with("get_customer("), "{here}");
    assert!(here.contains("\n  call get_customer "), "{here}");
    let called = home.run(&["call", "list_customers", "limit=2", "--url", &url]);
    assert_eq!(called.code, 0, "{}", called.err);
    assert_eq!(ledger.count(), 1);
    for (args, code, said) in [
        (
            &["call", "list_customer", "--url", &url][..],
            2,
            "did you mean list_customers?",
        ),
        (
            &["tools", "get_custmer", "--url", &url],
            2,
            "did you mean get_customer?",
        ),
        (&["tools", "get_custmer"], 2, "get_customer"),
        (
            &["tools", "--url", "http://127.0.0.1:9/mcp"],
            4,
            "http://127.0.0.1:9/mcp: ",
        ),
        (&["call", "get_customer", "--url", &url], 5, ""),
    ] {
        let run = home.run(args);
        assert_eq!(run.code, code, "{args:?}: {} {}", run.out, run.err);
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
    }
}

#[test]
fn clients_that_are_connected_at_the_same_time_lose_nothing() {
    let home = Home::new();
    home.put(".cursor/mcp.json", "{}");
    let names: Vec<String> = (0..8).map(|number| format!("server-{number}")).collect();
    std::thread::scope(|scope| {
        for name in &names {
            let home = &home;
            scope.spawn(move || {
                home.well(&["connect", "cursor", "--no-verify", "--name", name]);
            });
        }
    });
    let text = home.text(".cursor/mcp.json");
    for name in &names {
        assert!(text.contains(&format!("\"{name}\"")), "{name}: {text}");
    }
    // Each of them kept what was there before it; the last one has all but its own.
    assert_eq!(home.backups(".cursor/mcp.json").len(), names.len());
    let left: Vec<_> = fs::read_dir(home.0.join(".cursor")).unwrap().collect();
    assert_eq!(left.len(), names.len() + 1, "{left:?}");
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
fn what_is_no_json_or_yaml_for_others_is_not_edited() {
    let json = "{\n  \"a\": [1, -2.5e3, \"x\\n\\u00e9\"],\n  \"mcpServers\": {\"b\": {\"command\": \"y\", \"on\": true}}\n}\n";
    let yaml =
        "a: [1, x]\nextensions:\n  b:\n    cmd: \"y\"\n    enabled: true\n    args:\n      - 'z'\n";
    for (client, path, whole, reads) in [
        (
            "claude-desktop",
            ".config/Claude/claude_desktop_config.json",
            json,
            (|text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok())
                as fn(&str) -> bool,
        ),
        ("goose", ".config/goose/config.yaml", yaml, |text: &str| {
            serde_yaml::from_str::<serde_yaml::Value>(text).is_ok()
        }),
    ] {
        let home = Home::new();
        let mut refused = 0;
        let mut tried = 0;
        // Each place, with a character taken out or another one put in.
        for (at, _) in whole.char_indices().step_by(3) {
            for more in ["", ",", "\"", "]", "\t", ":", "\\"] {
                let mut text = whole.to_owned();
                if more.is_empty() {
                    text.remove(at);
                } else {
                    text.insert_str(at, more);
                }
                if reads(&text) {
                    continue;
                }
                tried += 1;
                home.put(path, &text);
                let run = home.run(&["connect", client, "--no-verify"]);
                assert_eq!(run.code, 2, "{client}: {text}\n{}", run.out);
                assert!(run.err.contains("left as it was"), "{client}: {}", run.err);
                assert_eq!(home.text(path), text);
                refused += 1;
            }
        }
        assert!(tried > 50 && tried == refused, "{tried} {refused}");
    }
    let home = Home::new();
    for text in [
        "{\"mcpServers\": {\"a\": 1}, \"mcpServers\": {}}",
        "{\"mcpServers\": {\"a\": {}, \"a\": {}}}",
    ] {
        home.put(".cursor/mcp.json", text);
        let run = home.run(&["connect", "cursor"]);
        assert!(run.code == 2 && run.err.contains("twice"), "{}", run.err);
        assert_eq!(home.text(".cursor/mcp.json"), text);
    }
}

#[test]
fn lines_keep_their_ends_in_every_syntax() {
    for (client, path, before) in FILES {
        let home = Home::new();
        let before = before.replace("\r\n", "\n").replace('\n', "\r\n");
        home.put(path, &before);
        home.well(&["connect", client, "--no-verify"]);
        let after = home.text(path);
        assert!(after.contains("fixture"), "{client}");
        if before.contains('\n') {
            assert_eq!(
                after.matches('\n').count(),
                after.matches("\r\n").count(),
                "{client}: {after:?}"
            );
        }
    }
}

#[test]
fn a_link_to_nowhere_and_a_protected_file_are_left_alone() {
    let home = Home::new();
    fs::create_dir_all(home.0.join(".cursor")).unwrap();
    let link = home.0.join(".cursor/mcp.json");
    symlink(home.0.join("dotfiles/mcp.json"), &link).unwrap();
    for args in [&["connect", "cursor"][..], &["disconnect", "cursor"]] {
        let run = home.run(args);
        assert_eq!(run.code, 2, "{}", run.out);
        assert!(run.err.contains("is a link to"), "{}", run.err);
    }
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    fs::remove_file(&link).unwrap();
    home.put(".cursor/mcp.json", "{}");
    fs::set_permissions(&link, fs::Permissions::from_mode(0o444)).unwrap();
    let run = home.run(&["connect", "cursor"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert!(run.err.contains("is write-protected"), "{}", run.err);
    assert_eq!(home.text(".cursor/mcp.json"), "{}");
    assert!(home.backups(".cursor/mcp.json").is_empty());
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

/// A server that answers each request with the same bytes.
#[cfg(feature = "http")]
async fn answering(answer: &'static str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 8192];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    format!("http://{address}/mcp")
}

#[cfg(feature = "http")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_mcp_server_is_told_in_words_of_ours() {
    let home = Home::new();
    let end = "content-length: 0\r\nconnection: close\r\n\r\n";
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    for (answer, code, said) in [
        (
            leak(format!("HTTP/1.1 401 Unauthorized\r\n{end}")),
            3,
            "asks for a credential",
        ),
        (
            leak(format!("HTTP/1.1 403 Forbidden\r\n{end}")),
            3,
            "asks for a credential",
        ),
        (
            leak(format!("HTTP/1.1 404 Not Found\r\n{end}")),
            4,
            "404: what answers there is no MCP server; give the address of /mcp",
        ),
        (
            leak(format!("HTTP/1.1 503 Busy\r\n{end}")),
            4,
            "it answers 503",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 3\r\nconnection: close\r\n\r\n401",
            4,
            "is no MCP server",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 3\r\nconnection: close\r\n\r\n401",
            4,
            "is no MCP server",
        ),
    ] {
        let url = answering(answer).await;
        let run = home.run(&["tools", "--url", &url]);
        assert_eq!(run.code, code, "{answer}: {}", run.err);
        assert!(run.err.contains(said), "{answer}: {}", run.err);
    }
    let run = home.run(&["tools", "--url", "http://127.0.0.1:9/mcp"]);
    assert!(run.err.contains("nothing answers there: "), "{}", run.err);
    for word in ["Client error", "Send message", "transport", "error sending"] {
        assert!(!run.err.contains(word), "{}", run.err);
    }
}

/// A server whose list of tools has a further page behind each page.
#[cfg(feature = "http")]
async fn endless() -> String {
    use axum::response::{IntoResponse as _, Response};
    let answer = |body: String| async move {
        let request: serde_json::Value = serde_json::from_str(&body).unwrap();
        let id = &request["id"];
        let result = match request["method"].as_str().unwrap() {
            "initialize" => serde_json::json!({
                "protocolVersion": "2025-11-25",
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "endless", "version": "1"},
            }),
            "tools/list" => {
                let page = request["params"]["cursor"].as_str().unwrap_or("0");
                let next = page.parse::<u64>().unwrap() + 1;
                serde_json::json!({"tools": [], "nextCursor": next.to_string()})
            }
            _ => return http::StatusCode::ACCEPTED.into_response(),
        };
        let answer = serde_json::json!({"jsonrpc": "2.0", "id": id, "result": result});
        let fields = [("content-type", "application/json")];
        let answer: Response = (fields, answer.to_string()).into_response();
        answer
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = axum::Router::new().route("/mcp", axum::routing::post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/mcp")
}

#[cfg(feature = "http")]
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_tools_without_an_end_is_left() {
    let home = Home::new();
    let url = endless().await;
    let run = home.run(&["tools", "--url", &url]);
    assert_eq!(run.code, 5, "{} {}", run.out, run.err);
    assert!(
        run.err.contains("its list of tools has no end"),
        "{}",
        run.err
    );
}

#[test]
fn a_credential_that_is_kept_is_noted_with_the_address_that_it_is_for() {
    let home = Home::new();
    home.well(&["connect", "claude-desktop", "--no-verify"]);
    let noted = home.text(".config/fixture/origins");
    assert!(noted.contains("FIX_TOKEN http://127.0.0.1:9\n"), "{noted}");
    let other = [("FIX_BASE_URL", "https://crm.example.com/api")];
    let run = home.run_with(&["connect", "claude-desktop", "--no-verify"], &other);
    assert_eq!(run.code, 0, "{}", run.err);
    let noted = home.text(".config/fixture/origins");
    assert!(
        noted.contains("FIX_TOKEN https://crm.example.com\n"),
        "{noted}"
    );
    assert!(!noted.contains("127.0.0.1"), "{noted}");
}
