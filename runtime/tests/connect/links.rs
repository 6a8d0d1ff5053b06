//! Links that add the server to a client: what they hold, and what is said beside them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{Home, SECRETS};

const URL: &str = "https://crm.example.com/mcp";

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

/// The fields behind the first `?`.
fn fields(link: &str) -> Vec<(String, String)> {
    let (_, query) = link.split_once('?').unwrap();
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect()
}

fn printed(home: &Home, client: &str, more: &[&str]) -> Value {
    let text = home.well(&[&["connect", client, "--print"], more].concat());
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"))
}

fn linked(home: &Home, client: &str, more: &[&str]) -> String {
    let link = home.well(&[&["connect", client, "--link"], more].concat());
    let link = link.trim_end().to_owned();
    // One word that mails and chats leave whole.
    assert!(
        link.bytes()
            .all(|b| b.is_ascii_graphic() && !b"\"'<>{}`\\".contains(&b)),
        "{link}"
    );
    for secret in SECRETS {
        assert!(!link.contains(&STANDARD.encode(secret)), "{link}");
    }
    link
}

#[test]
fn a_link_holds_what_the_file_would_hold() {
    let home = Home::new();
    let of_address = |auth: &'static str| vec!["--url", URL, "--auth", auth];
    for (client, begin, ways) in [
        (
            "cursor",
            "cursor://anysphere.cursor-deeplink/mcp/install?name=fixture&config=",
            vec![
                vec![],
                vec!["--secrets", "reference"],
                vec!["--view", "core", "--read-only"],
                of_address("none"),
                of_address("keys"),
                of_address("passthrough"),
            ],
        ),
        (
            "lmstudio",
            "lmstudio://add_mcp?name=fixture&config=",
            vec![vec![], of_address("oauth")],
        ),
    ] {
        for more in ways {
            let link = linked(&home, client, &more);
            assert!(link.starts_with(begin), "{link}");
            let fields = fields(&link);
            let entry = STANDARD.decode(&fields[1].1).unwrap();
            let entry: Value = serde_json::from_slice(&entry).unwrap();
            let file = printed(&home, client, &more);
            assert_eq!(entry, file["mcpServers"]["fixture"], "{client} {more:?}");
        }
    }
    for more in [vec![], of_address("none"), of_address("keys")] {
        let link = linked(&home, "vscode", &more);
        let entry = link.strip_prefix("vscode:mcp/install?").unwrap();
        let mut entry: Value = serde_json::from_str(&decoded(entry)).unwrap();
        let all = entry.as_object_mut().unwrap();
        assert_eq!(all.shift_remove("name"), Some(json!("fixture")));
        let inputs = all.shift_remove("inputs");
        let file = printed(&home, "vscode", &more);
        assert_eq!(entry, file["servers"]["fixture"], "{more:?}");
        // VS Code asks for the credential: the link says for which.
        assert_eq!(inputs.as_ref(), file.get("inputs"), "{more:?}");
        assert_eq!(inputs.is_none(), more.contains(&"none"), "{more:?}");
    }
    let link = linked(&home, "goose", &of_address("oauth"));
    let wanted = [
        ("url", URL),
        ("type", "streamable_http"),
        ("id", "fixture"),
        ("name", "fixture"),
        ("description", "Fixture CRM"),
        ("timeout", "300"),
    ];
    let wanted = wanted.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(fields(&link), wanted);
    let named = linked(&home, "cursor", &["--name", "my_crm", "--url", URL]);
    assert_eq!(
        named,
        "cursor://anysphere.cursor-deeplink/mcp/install?name=my_crm&config=eyJ1cmwiOiJodHRwczovL2NybS5leGFtcGxlLmNvbS9tY3AifQ%3D%3D"
    );
    assert!(!home.0.join(".cursor").exists() && !home.0.join(".config").exists());
}

#[test]
fn beside_a_link_stands_what_it_needs() {
    let home = Home::new();
    let run = home.run(&["connect", "lmstudio", "--link"]);
    assert!(
        run.err.contains("FIX_TOKEN yet") && run.err.contains("`connect lmstudio` puts it there"),
        "{}",
        run.err
    );
    home.well(&["connect", "lmstudio", "--no-verify"]);
    let run = home.run(&["connect", "lmstudio", "--link"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let run = home.run(&[
        "connect", "vscode", "--link", "--url", URL, "--auth", "keys",
    ]);
    assert!(
        run.err.contains("VS Code asks for FIX_MCP_KEY"),
        "{}",
        run.err
    );
}

#[test]
fn where_no_link_leads_is_said_with_what_works() {
    let home = Home::new();
    for (args, said) in [
        (
            &["claude-code", "--link"][..],
            "cursor, vscode, goose, lmstudio",
        ),
        (&["claude-code", "--link"], "`connect claude-code`"),
        (&["goose", "--link"], "npx, uvx, jbang and docker"),
        (
            &["goose", "--link", "--url", URL, "--auth", "keys"],
            "holds no header field, which --auth keys needs",
        ),
        (
            &["lmstudio", "--link", "--url", URL, "--auth", "keys"],
            "cannot refer to variables",
        ),
        (
            &["chatgpt", "--link", "--url", URL],
            "no link adds a server to ChatGPT",
        ),
        (&["cursor", "--link", "--print"], "cannot be used with"),
        (&["--link"], "<CLIENT>"),
    ] {
        let run = home.run(&[&["connect"], args].concat());
        assert_eq!(run.code, 2, "{args:?}: {}", run.out);
        assert!(run.err.contains(said), "{args:?}: {}", run.err);
    }
}
