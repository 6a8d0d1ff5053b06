//! Files of clients: what is written into them, and what stays.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use super::{FILES, Home, SECRETS};

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
