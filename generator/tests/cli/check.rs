//! `check`: which files differ, and how to mend it.

use super::*;

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
