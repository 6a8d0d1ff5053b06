//! Where credentials go, and where not.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::{Home, SECRETS};

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
