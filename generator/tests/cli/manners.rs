//! Help, colour, forms of diagnostics, and pipes that close.

use super::*;

#[test]
fn help_and_version_go_to_standard_output() {
    let folder = folder();
    let said = run(folder.path(), "--version");
    assert_eq!(
        all(&said),
        format!(
            "exit 0\n--- out\nmcpwright {}\n--- err\n",
            env!("CARGO_PKG_VERSION")
        )
    );
    assert_data_eq!(
        all(&run(folder.path(), "--help")),
        str![[r#"
exit 0
--- out
Reads an OpenAPI document and writes a typed Rust crate: an MCP server with exactly one tool per
operation.

Usage: mcpwright [OPTIONS] <COMMAND>

Commands:
  init         Find the document of a service, and write `mcpwright.toml` for it
  run          Generate, build and serve what `mcpwright.toml` describes; what is there already is
               reused
  dev          As `run`, and again whenever the document, its overlays or `mcpwright.toml` change;
               clients stay connected
  mock         Serve a mock of a document: it keeps records, answers as the document says, and tells
               which requests are not what it says
  generate     Write the crate for a document [alias: gen]
  check        Compare a generated crate with its document; exits with 3 and names the files if they
               differ
  diff         What changes for agents from one document (or lock) to another, and which version
               follows from it
  inspect      Show which tool each operation becomes, with class, parameters and size
  explain      Explain a diagnostic code (`explain E0301`), or show an operation after each stage
               (`explain SPEC OPERATION`)
  schema       Print the JSON Schema of `mcpwright.toml`, for editors
  connect      Add the server of this folder to an MCP client (its own `connect`; `connect --help`)
  disconnect   Remove the server of this folder from an MCP client (its own `disconnect`)
  tools        List the tools of this folder's server (its own `tools`)
  call         Call a tool of this folder's server (its own `call`)
  bundle       Make what the server of this folder is published as: a bundle for desktop clients, an
               entry of the MCP Registry, a container image, a Helm chart, a skill, and what stores
               ask for
  doctor       Look for what is wrong with this project, its server and its clients, and say what
               mends it
  completions  Print the completions of a shell: bash, zsh, fish, powershell or elvish
  man          Print the manual page, or write one for each command
  demo         Start a small CRM, generate and build a server for it, and play a story with it
  help         Print this message or the help of the given subcommand(s)

Options:
      --color <COLOR>
          When to use colour; `auto` follows the terminal, NO_COLOR and CLICOLOR_FORCE

          Possible values:
          - auto:   On a terminal
          - always: Yes
          - never:  No
          
          [env: MCPWRIGHT_COLOR=]
          [default: auto]

  -q, --quiet
          Say only what went wrong

  -v, --verbose
          Show every diagnostic instead of grouping those that repeat, and list files

      --format <FORMAT>
          Form of diagnostics

          Possible values:
          - human:  Like a compiler's
          - json:   One JSON object per line
          - github: Annotations for GitHub Actions
          - sarif:  A SARIF 2.1.0 log, alone on standard output; results go to standard error
          
          [default: human]

  -h, --help
          Print help (see a summary with '-h')

  -V, --version
          Print version

Exit codes: 0 done, 1 refused (see the messages), 2 wrong usage, 3 drift (check), or what --fail-on
names (diff).
--- err

"#]]
    );
    for command in ["generate", "check", "inspect", "explain", "demo"] {
        let said = run(folder.path(), &format!("{command} --help"));
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{command}");
        assert!(
            said.out.contains("Usage: mcpwright"),
            "{command}: {}",
            said.out
        );
    }
}

#[test]
fn wrong_usage_exits_with_two_and_says_what_would_be_right() {
    let folder = folder();
    for (line, hint) in [
        ("bogus", "unrecognized subcommand 'bogus'"),
        ("generat crm.yaml", "generate"),
        ("generate", "no document was named"),
        ("generate crm.yaml", "--out"),
        ("generate crm.yaml --out out --runtim registry", "--runtime"),
        ("explain crm.yaml x --stage nowhere", "normalized"),
    ] {
        let said = run(folder.path(), line);
        assert_eq!(said.code, 2, "{line}: {}", said.err);
        assert!(
            said.out.is_empty() && said.err.contains(hint),
            "{line}: {}",
            said.err
        );
    }
    let said = mcpwright(folder.path(), &[]);
    assert_eq!(said.code, 2, "{}", said.err);
}

#[test]
fn colour_is_used_only_where_it_is_wanted() {
    let folder = folder();
    let line = |more: &str| format!("inspect crm.yaml{more}");
    // (options, variables, coloured); standard error is no terminal here.
    type Case = (&'static str, &'static [(&'static str, &'static str)], bool);
    let cases: [Case; 7] = [
        ("", &[], false),
        ("", &[("CLICOLOR_FORCE", "1")], true),
        (" --color always", &[], true),
        (" --color always", &[("NO_COLOR", "1")], true),
        ("", &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "0")], false),
        ("", &[("MCPWRIGHT_COLOR", "always")], true),
        (" --color never", &[("CLICOLOR_FORCE", "1")], false),
    ];
    for (options, variables, coloured) in cases {
        let line = line(options);
        let arguments: Vec<&str> = line.split(' ').collect();
        let said = mcpwright_with(folder.path(), &arguments, variables, "");
        assert_eq!(said.code, 0);
        assert_eq!(
            said.err.contains('\x1b'),
            coloured,
            "{options} {variables:?}: {}",
            said.err
        );
        // The result is for other programs, too.
        assert!(
            !said.out.contains('\x1b'),
            "{options} {variables:?}: {}",
            said.out
        );
    }
}

#[test]
fn quiet_says_only_what_went_wrong() {
    let folder = folder();
    let said = run(folder.path(), "inspect crm.yaml -q");
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let said = run(folder.path(), "generate crm.yaml --out out -q --strict");
    assert_eq!(said.code, 1);
    assert!(said.err.starts_with("error[E0401]"), "{}", said.err);
}

#[test]
fn diagnostics_come_in_the_form_that_was_asked_for() {
    let folder = folder();
    let said = run(folder.path(), "inspect crm.yaml --format json");
    let first: Value = serde_json::from_str(said.err.lines().next().unwrap()).unwrap();
    for (field, expected) in [
        ("code", Value::from("E0401")),
        ("severity", "warning".into()),
        ("file", "crm.yaml".into()),
        ("line", 13.into()),
        ("pointer", "#/paths/~1leads~1{id}/delete".into()),
    ] {
        assert_eq!(first[field], expected, "{field}");
    }
    let said = run(folder.path(), "inspect crm.yaml --format github");
    let first = said.err.lines().next().unwrap();
    assert!(
        first.starts_with("::warning file=crm.yaml,line=13,col="),
        "{first}"
    );
    assert!(first.contains("title=E0401::"), "{first}");
}

/// Their own help is the server's, which is not there yet.
#[test]
fn commands_of_the_server_say_without_one_what_they_do_and_where_they_run() {
    let folder = folder();
    for (command, does, usage) in [
        ("connect", "to an MCP client", "mcpwright connect [CLIENT]"),
        (
            "disconnect",
            "out of the file of an MCP client",
            "mcpwright disconnect CLIENT",
        ),
        ("tools", "Lists the tools", "mcpwright tools [TOOL]"),
        ("call", "Calls a tool", "mcpwright call TOOL [NAME=VALUE]"),
    ] {
        for help in ["--help", "-h"] {
            let said = run(folder.path(), &format!("{command} {help}"));
            assert_eq!((said.code, said.err.as_str()), (0, ""), "{command}");
            let first = said.out.split("\n\n").next().unwrap();
            assert!(first.contains(does) && !first.contains("hand"), "{first}");
            for line in [
                format!("Usage: {usage}"),
                format!("  mcpwright {command} "),
                "Run it in the folder of `mcpwright.toml`".to_owned(),
                "Here: there is no generated crate here".to_owned(),
                "  mcpwright run --build-only".to_owned(),
            ] {
                assert!(said.out.contains(&line), "{line}: {}", said.out);
            }
        }
    }
}

/// A reader such as `head` that closes the pipe early is not an error worth a backtrace.
#[test]
fn a_closed_pipe_ends_the_command_quietly() {
    let folder = folder();
    for arguments in [
        &["inspect", "crm.yaml"][..],
        &["inspect", "crm.yaml", "--json"],
        &["explain", "crm.yaml", "createLead"],
        &["explain", "E0401"],
        &["--help"],
    ] {
        let mut child = command(folder.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code().is_some(),
            "{arguments:?}: {:?}",
            output.status
        );
        assert!(
            !err.contains("panicked") && !err.contains("Broken pipe"),
            "{arguments:?}: {err}"
        );
    }
    // The same with standard error.
    let mut child = command(folder.path(), &["generate", "nowhere.yaml", "--out", "out"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
