//! `completions` and `man`: what shells and `man` make of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::fs;
use std::process::Command;

use support::mcpwright;

#[cfg(unix)]
#[test]
fn bash_completes_commands_and_options() {
    let folder = tempfile::tempdir().unwrap();
    let script = mcpwright(folder.path(), &["completions", "bash"]);
    assert_eq!(script.code, 0, "{}", script.err);
    fs::write(folder.path().join("mcpwright.bash"), &script.out).unwrap();
    for (words, offered) in [
        ("mcpwright ge", "generate"),
        ("mcpwright di", "diff"),
        ("mcpwright diff --fail-on r", "risk"),
        ("mcpwright generate --dry", "--dry-run"),
    ] {
        let line = format!(
            "source ./mcpwright.bash; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _mcpwright mcpwright \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD - 1]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        let run = Command::new("bash")
            .args(["--norc", "-c", &line])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8(run.stdout).unwrap();
        assert!(
            said.split_whitespace().any(|word| word == offered),
            "{words}: {said} {}",
            String::from_utf8_lossy(&run.stderr)
        );
    }
}

#[test]
fn every_shell_has_completions_and_every_command_a_page() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = mcpwright(folder.path(), &["completions", shell]);
        assert!(
            said.code == 0 && said.out.contains("inspect"),
            "{shell}: {}",
            said.err
        );
    }
    assert_eq!(mcpwright(folder.path(), &["completions", "cmd"]).code, 2);
    let page = mcpwright(folder.path(), &["man"]);
    assert!(
        page.code == 0 && page.out.contains(".TH mcpwright 1"),
        "{}",
        page.out
    );
    let written = mcpwright(folder.path(), &["man", "--out", "pages"]);
    assert_eq!(written.code, 0, "{}", written.err);
    let help = mcpwright(folder.path(), &["--help"]).out;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.len() > 14, "{help}");
    for name in names {
        let page = folder
            .path()
            .join("pages")
            .join(format!("mcpwright-{name}.1"));
        let text = fs::read_to_string(&page).unwrap_or_else(|_| panic!("{}", page.display()));
        assert!(text.contains(".SH SYNOPSIS"), "{name}");
    }
}
