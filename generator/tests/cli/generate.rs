//! `generate`: what it writes and says.

use super::*;

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
warning[E0401]: DELETE /leads/{id}: `{id}` in the path has no parameter; the operation is left out
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
  106 tokens (o200k) of names, descriptions and argument schemas; 32 per tool in the median, 48 at most (list_notes)
  out: 17 files written, 0 removed, 0 unchanged
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
        again.err.contains("out: unchanged (17 files)"),
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
        "17 files would change; nothing was written",
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
            concat!(
                r#"mcpwright-runtime = { version = "="#,
                env!("CARGO_PKG_VERSION"),
                r#"", default-features = false }"#
            ),
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
        manifest.contains("name = \"flag-mcp\"")
            && manifest.contains(concat!("version = \"=", env!("CARGO_PKG_VERSION"), "\"")),
        "{manifest}"
    );
}
