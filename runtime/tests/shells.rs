//! `completions` and `man` of a generated server: what shells and `man` make of them.
#![cfg(all(unix, feature = "connect"))]
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
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::process::binary;

/// A run with nothing configured: neither command needs the service.
fn run(arguments: &[&str]) -> Output {
    Command::new(binary())
        .env_clear()
        .args(arguments)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("shells-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn bash_completes_commands_options_tools_and_clients() {
    let folder = folder("bash");
    // As servers are called: hyphens are no part of the names of functions in all that shells read.
    let program = folder.join("acme-crm-mcp");
    fs::hard_link(binary(), &program).unwrap();
    let script = Command::new(&program)
        .env_clear()
        .args(["completions", "bash"])
        .output()
        .unwrap();
    fs::write(folder.join("acme.bash"), said(&script)).unwrap();
    for (words, offered) in [
        ("acme-crm-mcp ca", "call"),
        ("acme-crm-mcp call list_cu", "list_customers"),
        ("acme-crm-mcp call list_customers --y", "--yes"),
        ("acme-crm-mcp tools get_cu", "get_customer"),
        ("acme-crm-mcp connect curs", "cursor"),
        ("acme-crm-mcp disconnect clau", "claude-desktop"),
        ("acme-crm-mcp http --auth pass", "passthrough"),
        ("acme-crm-mcp keys cr", "create"),
        ("acme-crm-mcp completions f", "fish"),
    ] {
        // The function that the script gives the shell for this name, asked as the shell asks it.
        let line = format!(
            "source ./acme.bash; asked=$(complete -p acme-crm-mcp | sed 's/.* -F \\([^ ]*\\).*/\\1/'); \
             COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             \"$asked\" acme-crm-mcp \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD - 1]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        let run = Command::new("bash")
            .args(["--norc", "-c", &line])
            .current_dir(&folder)
            .output()
            .unwrap();
        let all = String::from_utf8(run.stdout).unwrap();
        assert!(
            all.split_whitespace().any(|word| word == offered),
            "{words}: {all} {}",
            String::from_utf8_lossy(&run.stderr)
        );
    }
}

#[test]
fn every_shell_reads_its_completions() {
    let folder = folder("every");
    for (shell, check) in [
        ("bash", Some("-n")),
        ("zsh", Some("-n")),
        ("fish", Some("--no-execute")),
        ("powershell", None),
        ("elvish", None),
    ] {
        let script = said(&run(&["completions", shell]));
        // fish is told no values of arguments without a name, PowerShell and elvish none at all.
        let words = match shell {
            "bash" | "zsh" => &["fixture", "passthrough", "list_customers", "openclaw"][..],
            "fish" => &["fixture", "passthrough", "doctor"],
            _ => &["fixture", "--auth", "doctor"],
        };
        for word in words {
            assert!(script.contains(word), "{shell} has no {word}");
        }
        let path = folder.join(shell);
        fs::write(&path, &script).unwrap();
        let Some(check) = check else { continue };
        match Command::new(shell).arg(check).arg(&path).output() {
            Ok(read) => assert!(
                read.status.success(),
                "{shell}: {}",
                String::from_utf8_lossy(&read.stderr)
            ),
            Err(_) => eprintln!("skipped: {shell} is not installed"),
        }
    }
    assert_eq!(run(&["completions", "cmd"]).status.code(), Some(2));
    // What lists names for completions does not decide what may be called: the server says more about a wrong one.
    let wrong = run(&["tools", "list_custmers"]);
    let wrong = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(
        wrong.contains("list_customers") && !wrong.contains("possible values"),
        "{wrong}"
    );
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let page = said(&run(&["man"]));
    assert!(page.contains(".TH fixture 1"), "{page}");
    assert!(page.contains("FIX_BASE_URL"), "{page}");
    let folder = folder("man");
    let pages = folder.join("pages");
    said(&run(&["man", "--out", pages.to_str().unwrap()]));
    let help = said(&run(&["--help"]));
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.contains(&"man") && names.len() > 9, "{help}");
    for name in names {
        let path = pages.join(format!("fixture-{name}.1"));
        let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()));
        assert!(text.contains(".SH SYNOPSIS"), "{name}");
    }
    // What cannot be written is said with its place.
    let file = folder.join("file");
    fs::write(&file, "").unwrap();
    let refused = run(&["man", "--out", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("cannot be written"));
    match Command::new("man")
        .arg("--local-file")
        .arg(pages.join("fixture.1"))
        .env("COLUMNS", "100")
        .output()
    {
        Ok(shown) => {
            let text = String::from_utf8_lossy(&shown.stdout).into_owned();
            assert!(
                shown.status.success() && text.contains("SYNOPSIS"),
                "{text}"
            );
        }
        Err(_) => eprintln!("skipped: man is not installed"),
    }
}
