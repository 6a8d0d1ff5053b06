//! Output folders in which something is in the way.

use super::*;

/// A folder with a document, and a crate generated from it in `out`.
fn generated() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = document(
        "  /deals: {get: {operationId: listDeals, tags: [Deals], responses: {\"204\": {description: ok}}}}\n",
    );
    fs::write(folder.path().join("api.yaml"), text).unwrap();
    let said = generate(folder.path(), &[]);
    assert_eq!(said.code, 0, "{}", said.err);
    folder
}

fn generate(folder: &Path, more: &[&str]) -> Said {
    let mut arguments = vec![
        "generate",
        "api.yaml",
        "--out",
        "out",
        "--runtime",
        "registry",
    ];
    arguments.extend(more);
    mcpwright(folder, &arguments)
}

/// Something done to the folder before, and what is said about it.
type Obstacle = (&'static str, fn(&Path), &'static str, &'static str);

const OBSTACLES: [Obstacle; 8] = [
    (
        "a folder with files of somebody else",
        |root| {
            fs::remove_dir_all(root.join("out")).unwrap();
            fs::create_dir(root.join("out")).unwrap();
            fs::write(root.join("out/thesis.tex"), "years of work").unwrap();
        },
        "E0701",
        "thesis.tex",
    ),
    (
        "a file where the folder should be",
        |root| {
            fs::remove_dir_all(root.join("out")).unwrap();
            fs::write(root.join("out"), "x").unwrap();
        },
        "E0701",
        "is not a folder",
    ),
    (
        "a generated file that was edited",
        |root| {
            let path = root.join("out/src/main.rs");
            let text = fs::read_to_string(&path)
                .unwrap()
                .replace("fn main", "fn main_");
            fs::write(path, text).unwrap();
        },
        "E0704",
        "main.rs` was edited by hand (line 4)",
    ),
    (
        "a file of somebody else where a new one should be",
        |root| {
            fs::write(root.join("out/src/operations/tasks.rs"), "mine").unwrap();
            let text = fs::read_to_string(root.join("api.yaml")).unwrap();
            fs::write(
                root.join("api.yaml"),
                text + "  /tasks: {get: {tags: [Tasks], responses: {}}}\n",
            )
            .unwrap();
        },
        "E0701",
        "tasks.rs` is in the way",
    ),
    (
        "a folder where a file should be",
        |root| {
            fs::remove_file(root.join("out/src/main.rs")).unwrap();
            fs::create_dir(root.join("out/src/main.rs")).unwrap();
        },
        "E0701",
        "main.rs` is in the way",
    ),
    (
        "a list of owned files that was damaged",
        |root| fs::write(root.join("out/mcpwright.manifest.json"), "{").unwrap(),
        "E0701",
        "not a list of generated files",
    ),
    (
        "a list of owned files that names one outside",
        |root| {
            let path = root.join("out/mcpwright.manifest.json");
            let text = fs::read_to_string(&path).unwrap();
            fs::write(path, text.replace("\"README.md\"", "\"../api.yaml\"")).unwrap();
        },
        "E0701",
        "outside the folder",
    ),
    (
        "a file where new files are staged",
        |root| {
            fs::write(root.join("out/.mcpwright-new"), "x").unwrap();
            fs::remove_file(root.join("out/src/main.rs")).unwrap();
        },
        "E0701",
        ".mcpwright-new",
    ),
];

#[test]
fn an_obstacle_in_the_output_folder_is_refused_and_nothing_is_touched() {
    for (what, obstruct, code, reason) in OBSTACLES {
        let folder = generated();
        obstruct(folder.path());
        let before = listing(folder.path());
        let said = generate(folder.path(), &[]);
        assert_eq!(said.code, 1, "{what}: {}", said.err);
        assert!(
            said.err.contains(&format!("error[{code}]")),
            "{what}: {}",
            said.err
        );
        assert!(said.err.contains(reason), "{what}: {}", said.err);
        assert!(said.err.contains("help"), "{what}: {}", said.err);
        let after = listing(folder.path());
        let names =
            |l: &std::collections::BTreeMap<String, Vec<u8>>| l.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&before), names(&after), "{what}");
        assert!(before == after, "{what}: a file was changed");
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_removed_through_symbolic_links() {
    use std::os::unix::fs::symlink;
    type Link = (&'static str, fn(&Path));
    let links: [Link; 5] = [
        ("the folder itself", |root| {
            fs::rename(root.join("out"), root.join("elsewhere")).unwrap();
            symlink("elsewhere", root.join("out")).unwrap();
        }),
        ("a folder in it", |root| {
            fs::rename(root.join("out/src"), root.join("elsewhere")).unwrap();
            symlink("../elsewhere", root.join("out/src")).unwrap();
        }),
        ("a file", |root| {
            fs::write(root.join("elsewhere"), "precious").unwrap();
            fs::remove_file(root.join("out/src/main.rs")).unwrap();
            symlink("../../elsewhere", root.join("out/src/main.rs")).unwrap();
        }),
        ("a file that is no longer generated", |root| {
            fs::write(root.join("api.yaml"), document("")).unwrap();
            fs::write(root.join("elsewhere"), "precious").unwrap();
            fs::remove_file(root.join("out/src/operations/deals.rs")).unwrap();
            symlink(
                "../../../elsewhere",
                root.join("out/src/operations/deals.rs"),
            )
            .unwrap();
        }),
        ("the folder for new files", |root| {
            fs::create_dir(root.join("elsewhere")).unwrap();
            fs::write(root.join("elsewhere/precious"), "x").unwrap();
            symlink("../elsewhere", root.join("out/.mcpwright-new")).unwrap();
            fs::remove_file(root.join("out/src/main.rs")).unwrap();
        }),
    ];
    for (what, link) in links {
        let folder = generated();
        link(folder.path());
        let before = listing(folder.path());
        for more in [&[][..], &["--force"]] {
            let said = generate(folder.path(), more);
            assert_eq!(said.code, 1, "{what}: {}", said.err);
            assert!(said.err.contains("error[E0703]"), "{what}: {}", said.err);
            assert!(
                before == listing(folder.path()),
                "{what}: something was written"
            );
        }
    }
}

#[test]
fn what_an_interrupted_run_left_is_cleared_away() {
    // The first run of all was killed while it wrote: only the stage is there.
    let folder = generated();
    let wanted = listing(&folder.path().join("out"));
    fs::remove_dir_all(folder.path().join("out")).unwrap();
    fs::create_dir_all(folder.path().join("out/.mcpwright-new/src")).unwrap();
    fs::write(
        folder.path().join("out/.mcpwright-new/src/half.rs"),
        "fn ma",
    )
    .unwrap();
    let said = generate(folder.path(), &[]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(wanted == listing(&folder.path().join("out")));
    // A later one was.
    fs::create_dir_all(folder.path().join("out/.mcpwright-new/src")).unwrap();
    fs::write(
        folder.path().join("out/.mcpwright-new/src/main.rs"),
        "fn ma",
    )
    .unwrap();
    fs::remove_file(folder.path().join("out/src/main.rs")).unwrap();
    let said = generate(folder.path(), &[]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(wanted == listing(&folder.path().join("out")));
}

#[test]
fn what_is_not_ours_survives_and_what_is_no_longer_generated_goes() {
    let folder = generated();
    let out = folder.path().join("out");
    fs::write(out.join("src/custom.rs"), "// mine").unwrap();
    fs::write(out.join("src/pricing.rs"), "// mine too").unwrap();
    fs::write(out.join("src/operations/notes.txt"), "and this").unwrap();
    fs::create_dir(out.join("target")).unwrap();
    fs::write(out.join("target/x"), "built").unwrap();
    fs::write(folder.path().join("api.yaml"), document("")).unwrap();
    let said = generate(folder.path(), &["-v"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err.contains("remove src/operations/deals.rs"),
        "{}",
        said.err
    );
    for (path, text) in [
        ("src/custom.rs", "// mine"),
        ("src/pricing.rs", "// mine too"),
        ("src/operations/notes.txt", "and this"),
        ("target/x", "built"),
    ] {
        assert_eq!(fs::read_to_string(out.join(path)).unwrap(), text, "{path}");
    }
    assert!(!out.join("src/operations/deals.rs").exists());
    assert!(
        !fs::read_to_string(out.join("src/operations/mod.rs"))
            .unwrap()
            .contains("deals")
    );
    assert!(!out.join(".mcpwright-new").exists());
    // A custom.rs that was removed comes back; one that is there does not change by force either.
    let said = generate(folder.path(), &["--force"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(
        fs::read_to_string(out.join("src/custom.rs")).unwrap(),
        "// mine"
    );
    fs::remove_file(out.join("src/custom.rs")).unwrap();
    assert_eq!(generate(folder.path(), &[]).code, 0);
    assert!(
        fs::read_to_string(out.join("src/custom.rs"))
            .unwrap()
            .contains("pub fn extend")
    );
}

#[test]
fn a_file_that_is_no_longer_generated_but_was_edited_is_removed_by_force_only() {
    let folder = generated();
    let deals = folder.path().join("out/src/operations/deals.rs");
    fs::write(&deals, "// work of a day").unwrap();
    fs::write(folder.path().join("api.yaml"), document("")).unwrap();
    let before = listing(folder.path());
    let said = generate(folder.path(), &[]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.contains("error[E0704]"), "{}", said.err);
    assert!(
        said.err
            .contains("deals.rs` was edited by hand and is no longer generated"),
        "{}",
        said.err
    );
    assert!(before == listing(folder.path()));
    assert_eq!(generate(folder.path(), &["--force"]).code, 0);
    assert!(!deals.exists());
}

#[test]
fn an_edit_is_overwritten_by_force_only() {
    let folder = generated();
    let wanted = listing(&folder.path().join("out"));
    fs::write(folder.path().join("out/src/main.rs"), "fn main() {}\n").unwrap();
    assert_eq!(generate(folder.path(), &[]).code, 1);
    assert_eq!(generate(folder.path(), &["--force"]).code, 0);
    assert!(wanted == listing(&folder.path().join("out")));
}
