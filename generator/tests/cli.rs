//! The command line: what each command prints, where, in which form, and with which exit code.

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
use std::process::Stdio;

use serde_json::Value;
use snapbox::{assert_data_eq, str};
use support::{Said, command, listing, mcpwright, mcpwright_with};

const DOCUMENT: &str = r#"openapi: 3.1.0
info: {title: Lead Box, version: "1.2"}
servers: [{url: https://crm.example.com}]
paths:
  /leads:
    get: {operationId: listLeads, tags: [Leads], summary: List leads, responses: {"204": {description: ok}}}
    post:
      operationId: createLead
      tags: [Leads]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}, email: {type: string}}}}}}
      responses: {"201": {description: made}}
  /leads/{id}:
    delete: {operationId: deleteLead, tags: [Leads], responses: {"204": {description: gone}}}
  /leads/{lead_id}/notes:
    get:
      operationId: listNotes
      tags: [Notes]
      parameters: [{name: lead_id, in: path, required: true, schema: {type: integer}}]
      responses: {"204": {description: ok}}
"#;

/// A folder with the document above.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("crm.yaml"), DOCUMENT).unwrap();
    folder
}

/// Runs a command line, given as one text.
fn run(folder: &Path, line: &str) -> Said {
    mcpwright(folder, &line.split(' ').collect::<Vec<_>>())
}

/// One text for a snapshot: exit code and both streams.
fn all(said: &Said) -> String {
    format!(
        "exit {}\n--- out\n{}--- err\n{}",
        said.code, said.out, said.err
    )
}

#[test]
fn generate_writes_a_crate_and_says_what_became_of_the_document() {
    let folder = folder();
    let said = run(
        folder.path(),
        "generate crm.yaml --out out --runtime registry",
    );
    assert_data_eq!(
        all(&said),
        str![[r#"
exit 0
--- out
--- err
warning[E0401]: DELETE /leads/{id}: `{id}` in the path has no parameter
  --> crm.yaml:13:5
   |
13 |     delete: {operationId: deleteLead, tags: [Leads], responses: {"204": {description: go…
   |     ^^^^^^
   |
   = help: declare it: `parameters: [{name: id, in: path, required: true, schema: {type: string}}]`
   = help: or paste below `actions:` of an overlay:
           - target: $.paths['/leads/{id}'].delete
             update: {parameters: [{name: id, in: path, required: true, schema: {type: string}}]}

✓ Lead Box 1.2: 4 operations, 3 tools in 2 topics (2 read, 1 write, 0 destructive, 0 outward)
  left out: DELETE /leads/{id} (`{id}` in the path has no parameter)
  out: 14 files written, 0 removed, 0 unchanged
  next: cd out && cargo run --release -- tools

"#]]
    );
    let again = run(
        folder.path(),
        "gen crm.yaml --out out --runtime registry -q",
    );
    assert_data_eq!(
        all(&again),
        str![[r#"
exit 0
--- out
--- err

"#]]
    );
    let before = listing(folder.path());
    let again = run(
        folder.path(),
        "generate crm.yaml --out out --runtime registry",
    );
    assert!(
        again.err.contains("out: unchanged (14 files)"),
        "{}",
        again.err
    );
    assert!(before == listing(folder.path()));
}

#[test]
fn a_dry_run_lists_what_would_change_and_changes_nothing() {
    let folder = folder();
    let before = listing(folder.path());
    let said = run(
        folder.path(),
        "generate crm.yaml --out out --runtime registry --dry-run -q",
    );
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let said = run(
        folder.path(),
        "generate crm.yaml --out out --runtime registry --dry-run",
    );
    assert_eq!(said.code, 0);
    for line in [
        "  write src/custom.rs",
        "  write Cargo.toml",
        "14 files would change; nothing was written",
    ] {
        assert!(said.err.contains(line), "{line}: {}", said.err);
    }
    assert!(before == listing(folder.path()));
}

#[test]
fn the_runtime_comes_from_where_it_is_wanted() {
    for (options, dependency, vendored, workspace) in [
        (
            "",
            r#"mcpwright-runtime = { path = "mcpwright-runtime", default-features = false }"#,
            true,
            true,
        ),
        (
            " --runtime vendored",
            r#"mcpwright-runtime = { path = "mcpwright-runtime", default-features = false }"#,
            true,
            true,
        ),
        (
            " --runtime registry",
            r#"mcpwright-runtime = { version = "=0.1.0", default-features = false }"#,
            false,
            true,
        ),
        (
            " --runtime path=../runtime --member",
            r#"mcpwright-runtime = { path = "../runtime", default-features = false }"#,
            false,
            false,
        ),
    ] {
        let folder = folder();
        let said = run(
            folder.path(),
            &format!("generate crm.yaml --out out{options}"),
        );
        assert_eq!(said.code, 0, "{options}: {}", said.err);
        let manifest = fs::read_to_string(folder.path().join("out/Cargo.toml")).unwrap();
        assert!(manifest.contains(dependency), "{options}: {manifest}");
        assert_eq!(manifest.contains("[workspace]"), workspace, "{options}");
        let runtime = folder.path().join("out/mcpwright-runtime/src/lib.rs");
        assert_eq!(runtime.is_file(), vendored, "{options}");
        // `check` with the same options agrees.
        let said = run(folder.path(), &format!("check crm.yaml --out out{options}"));
        assert_eq!(said.code, 0, "{options}: {}", said.err);
    }
}

#[test]
fn a_document_can_come_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let line = ["generate", "-", "--out", "out", "--runtime", "registry"];
    let said = mcpwright_with(folder.path(), &line, &[], DOCUMENT);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("--> stdin:13:"), "{}", said.err);
    let root = fs::read_to_string(folder.path().join("out/src/lib.rs")).unwrap();
    assert!(root.contains("from stdin ("), "{root}");
}

#[test]
fn options_can_come_from_the_environment_and_flags_win() {
    let folder = folder();
    let variables = [
        ("MCPWRIGHT_OUT", "out"),
        ("MCPWRIGHT_NAME", "env"),
        ("MCPWRIGHT_RUNTIME", "registry"),
    ];
    let said = mcpwright_with(
        folder.path(),
        &["generate", "crm.yaml", "--name", "flag"],
        &variables,
        "",
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let manifest = fs::read_to_string(folder.path().join("out/Cargo.toml")).unwrap();
    assert!(
        manifest.contains("name = \"flag-mcp\"") && manifest.contains("version = \"=0.1.0\""),
        "{manifest}"
    );
}

#[test]
fn check_names_the_files_that_differ_the_reason_and_the_line() {
    let folder = folder();
    let out = folder.path().join("out");
    let generate = || {
        run(
            folder.path(),
            "generate crm.yaml --out out --runtime registry --force",
        )
        .code
    };
    let check = || {
        run(
            folder.path(),
            "check crm.yaml --out out --runtime registry -q",
        )
    };
    assert_eq!(generate(), 0);
    assert_eq!(all(&check()), "exit 0\n--- out\n--- err\n");

    // The document changed.
    fs::write(
        folder.path().join("crm.yaml"),
        DOCUMENT.replace("List leads", "All leads"),
    )
    .unwrap();
    let said = check();
    assert_eq!(said.code, 3);
    assert!(
        said.out
            .contains("src/operations/leads.rs: stale: the document or the generator has changed"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("custom.rs"), "{}", said.out);
    fs::write(folder.path().join("crm.yaml"), DOCUMENT).unwrap();

    // A hand changed the output.
    let main = fs::read_to_string(out.join("src/main.rs")).unwrap();
    fs::write(
        out.join("src/main.rs"),
        main.replace("fn main()", "fn main2()"),
    )
    .unwrap();
    assert_data_eq!(
        all(&check()),
        str![[r#"
exit 3
--- out
src/main.rs: edited by hand
  line 4
  - fn main2() -> ::std::process::ExitCode {
  + fn main() -> ::std::process::ExitCode {
--- err
error: out: 1 file differs; to mend it: mcpwright generate crm.yaml --out out --runtime registry --force

"#]]
    );

    // Git changed the line ends.
    fs::write(out.join("src/main.rs"), main.replace('\n', "\r\n")).unwrap();
    assert_data_eq!(
        all(&check()),
        str![[r#"
exit 3
--- out
src/main.rs: only line ends differ (CRLF); set `* text=auto eol=lf` in .gitattributes
--- err
error: out: 1 file differs; to mend it: mcpwright generate crm.yaml --out out --runtime registry

"#]]
    );

    // A file is gone, and one is left over.
    fs::remove_file(out.join("src/main.rs")).unwrap();
    fs::write(
        folder.path().join("crm.yaml"),
        DOCUMENT.replace("tags: [Notes]", "tags: [Leads]"),
    )
    .unwrap();
    let said = check();
    assert_eq!(said.code, 3);
    assert!(said.out.contains("src/main.rs: missing\n"), "{}", said.out);
    assert!(
        said.out
            .contains("src/operations/notes.rs: no longer generated\n"),
        "{}",
        said.out
    );

    // The command that it proposes mends it.
    let proposed = said
        .err
        .trim_end()
        .rsplit("mcpwright ")
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(run(folder.path(), &proposed).code, 0, "{proposed}");
    assert_eq!(check().code, 0, "{proposed}");
}

#[test]
fn check_proposes_a_command_with_the_options_that_it_was_given() {
    let folder = folder();
    let options = "crm.yaml --out out --name box --package box-server --exclude tag:Notes=internal --runtime path=../runtime --member";
    assert_eq!(run(folder.path(), &format!("generate {options}")).code, 0);
    fs::remove_file(folder.path().join("out/src/main.rs")).unwrap();
    let said = run(folder.path(), &format!("check {options} -q"));
    assert_eq!(said.code, 3);
    let proposed = said
        .err
        .trim_end()
        .rsplit("to mend it: mcpwright ")
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(run(folder.path(), &proposed).code, 0, "{proposed}");
    assert_eq!(
        run(folder.path(), &format!("check {options}")).code,
        0,
        "{proposed}"
    );
}

#[test]
fn check_of_a_folder_that_is_not_there_is_drift() {
    let folder = folder();
    let said = run(
        folder.path(),
        "check crm.yaml --out nowhere --runtime registry",
    );
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.out.contains("Cargo.toml: missing"), "{}", said.out);
    assert!(!folder.path().join("nowhere").exists());
}

#[test]
fn inspect_shows_operations_and_tools() {
    let folder = folder();
    assert_data_eq!(
        all(&run(folder.path(), "inspect crm.yaml")),
        str![[r#"
exit 0
--- out
operation                   tool         class  parameters (required)  bytes
GET /leads                  list_leads   read                   0 (0)     67
POST /leads                 create_lead  write                  2 (1)    158
GET /leads/{lead_id}/notes  list_notes   read                   1 (1)    136
--- err
warning[E0401]: DELETE /leads/{id}: `{id}` in the path has no parameter
  --> crm.yaml:13:5
   |
13 |     delete: {operationId: deleteLead, tags: [Leads], responses: {"204": {description: go…
   |     ^^^^^^
   |
   = help: declare it: `parameters: [{name: id, in: path, required: true, schema: {type: string}}]`
   = help: or paste below `actions:` of an overlay:
           - target: $.paths['/leads/{id}'].delete
             update: {parameters: [{name: id, in: path, required: true, schema: {type: string}}]}

✓ Lead Box 1.2: 4 operations, 3 tools in 2 topics (2 read, 1 write, 0 destructive, 0 outward)
  left out: DELETE /leads/{id} (`{id}` in the path has no parameter)
  361 bytes of names, descriptions and argument schemas

"#]]
    );
}

#[test]
fn inspect_json_is_one_document_for_machines() {
    let folder = folder();
    let said = run(
        folder.path(),
        "inspect crm.yaml --json --exclude listNotes=internal",
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(report["title"], "Lead Box");
    assert_eq!(report["server"], "lead-box");
    assert_eq!(report["package"], "lead-box-mcp");
    assert_eq!(report["operations"], 4);
    assert_eq!(report["documentSha256"].as_str().unwrap().len(), 64);
    let excluded: Vec<&Value> = report["exclusions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["reason"])
        .collect();
    assert_eq!(excluded.len(), 2, "{excluded:?}");
    assert!(excluded.contains(&&Value::from("internal")), "{excluded:?}");
    let tools = report["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 2);
    let create = &tools[1];
    for (field, expected) in [
        ("tool", Value::from("create_lead")),
        ("method", "POST".into()),
        ("path", "/leads".into()),
        ("operationId", "createLead".into()),
        ("group", "Leads".into()),
        ("class", "write".into()),
        ("parameters", 2.into()),
        ("required", 1.into()),
        ("pointer", "#/paths/~1leads/post".into()),
    ] {
        assert_eq!(create[field], expected, "{field}");
    }
    assert!(create["bytes"].as_u64().unwrap() > 100);
}

#[test]
fn explain_shows_codes_and_operations_stage_by_stage() {
    let folder = folder();
    let said = run(folder.path(), "explain e0401");
    assert_eq!(said.code, 0);
    assert!(
        said.out
            .starts_with("# E0401: A path placeholder has no parameter\n"),
        "{}",
        said.out
    );
    let said = run(folder.path(), "explain E9999");
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(
        said.err.contains("there is no code `E9999`"),
        "{}",
        said.err
    );

    // The three ways to name an operation.
    let texts = ["create_lead", "createLead", "POST /leads"].map(|operation| {
        let said = mcpwright(folder.path(), &["explain", "crm.yaml", operation]);
        assert_eq!(said.code, 0, "{operation}: {}", said.err);
        said.out
    });
    assert!(texts.windows(2).all(|pair| pair[0] == pair[1]));
    let document = fs::read_to_string(folder.path().join("crm.yaml")).unwrap();
    let arguments = ["explain", "-", "createLead"];
    let said = mcpwright_with(folder.path(), &arguments, &[], &document);
    assert_eq!(said.out, texts[0], "{}", said.err);
    for stage in ["source", "normalized", "ir", "code"] {
        assert!(
            texts[0].contains(&format!("── {stage} (#/paths/~1leads/post)")),
            "{}",
            texts[0]
        );
        let said = run(
            folder.path(),
            &format!("explain crm.yaml createLead --stage {stage}"),
        );
        assert_eq!(said.code, 0);
        assert!(!said.out.contains("──"), "{}", said.out);
        match stage {
            "code" => assert!(syn::parse_file(&said.out).is_ok(), "{}", said.out),
            _ => drop(serde_json::from_str::<Value>(&said.out).unwrap()),
        }
    }
    let said = run(folder.path(), "explain crm.yaml create_laed");
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("Did you mean `create_lead`?"),
        "{}",
        said.err
    );
}

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
  generate  Write the crate for a document [alias: gen]
  check     Compare a generated crate with its document; exits with 3 and names the files if they
            differ
  inspect   Show which tool each operation becomes, with class, parameters and size
  explain   Explain a diagnostic code (`explain E0301`), or show an operation after each stage
            (`explain SPEC OPERATION`)
  demo      Start a small CRM, generate and build a server for it, and play a story with it
  help      Print this message or the help of the given subcommand(s)

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

Exit codes: 0 done, 1 refused (see the messages), 2 wrong usage, 3 drift (check).
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
        ("generate", "<SPEC>"),
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
