//! Files outside of the folder.

use super::*;

#[test]
fn files_outside_the_folder_are_not_read_unless_it_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("shared/lead.yaml", LEAD);
    write("api/crm.yaml", &answering("{$ref: ../shared/lead.yaml}"));
    write("api/folder/x", "");
    let run = |more: &[&str]| {
        let base = ["generate", "api/crm.yaml", "--out", "out", "--dry-run"];
        mcpwright(folder.path(), &[&base[..], more].concat())
    };
    assert!(run(&[]).err.contains("E0341"));
    let said = run(&["--ref-root", "."]);
    assert_eq!(
        (said.code, said.err.contains("warning")),
        (0, false),
        "{}",
        said.err
    );
    let said = run(&["--ref-root", "shared"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("E0801") && said.err.contains("--ref-root"),
        "{}",
        said.err
    );
    write("api/crm.yaml", &answering("{$ref: folder}"));
    assert!(run(&[]).err.contains("is a folder, not a file"));
    // Standard input is nowhere, unless a folder is named.
    let text = answering("{$ref: shared/lead.yaml}");
    let stdin = ["generate", "-", "--out", "out", "--dry-run"];
    let said = mcpwright_with(folder.path(), &stdin, &[], &text);
    assert!(
        said.err.contains("E0303") && said.err.contains("--ref-root DIR"),
        "{}",
        said.err
    );
    let said = mcpwright_with(
        folder.path(),
        &[&stdin[..], &["--ref-root", "."]].concat(),
        &[],
        &text,
    );
    assert!(!said.err.contains("warning"), "{}", said.err);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_and_pipes_are_refused() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let api = folder.path().join("api");
    fs::create_dir(&api).unwrap();
    fs::write(folder.path().join("secret.yaml"), LEAD).unwrap();
    fs::write(api.join("real.yaml"), LEAD).unwrap();
    symlink("../secret.yaml", api.join("link.yaml")).unwrap();
    symlink("real.yaml", api.join("inner.yaml")).unwrap();
    symlink("/dev/zero", api.join("zero.yaml")).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(api.join("pipe.yaml"))
        .status();
    assert!(pipe.is_ok_and(|status| status.success()));
    for (file, expected) in [
        ("link.yaml", vec!["E0341"]),
        ("zero.yaml", vec!["E0341"]),
        ("pipe.yaml", vec!["E0340"]),
        ("inner.yaml", vec![]),
    ] {
        let path = api.join("crm.yaml");
        fs::write(&path, answering(&format!("{{$ref: {file}}}"))).unwrap();
        let generated = Config::new().spec(&path).generate_embedded().unwrap();
        assert_eq!(codes(&generated), expected, "{file}");
    }
}
