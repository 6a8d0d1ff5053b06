//! Bad input (documents, references, folders): a code, a place, a reason, a remedy, a non-zero exit
//! code, and nothing written.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod support;

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Said, listing, mcpwright, mcpwright_with};

/// A document with one operation that works, and something more in `paths`.
fn document(more_paths: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Leads, version: \"1\"}}\nservers: [{{url: https://crm.example.com}}]\npaths:\n  \
         /leads: {{get: {{operationId: listLeads, tags: [Leads], responses: {{\"204\": {{description: ok}}}}}}}}\n{more_paths}"
    )
}

/// The diagnostics of a run with `--format json`.
fn findings(said: &Said) -> Vec<Value> {
    said.err
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A document that cannot be used.
struct Case {
    what: &'static str,
    text: String,
    code: &'static str,
    /// Line and column of the finding.
    place: Option<(u64, u64)>,
    /// A part of the reason.
    reason: &'static str,
    /// A part of the remedy: of the help, or of the label where the mistake stands.
    remedy: &'static str,
}

fn case(
    what: &'static str,
    text: impl Into<String>,
    code: &'static str,
    place: Option<(u64, u64)>,
    reason: &'static str,
    remedy: &'static str,
) -> Case {
    Case {
        what,
        text: text.into(),
        code,
        place,
        reason,
        remedy,
    }
}

fn unusable_documents() -> Vec<Case> {
    let head = "openapi: 3.1.0\ninfo: {title: T, version: \"1\"}\n";
    let only = |paths: &str| format!("{head}paths:\n{paths}");
    vec![
        case("empty", "", "E0104", None, "empty", "openapi: 3.1.0"),
        case(
            "neither YAML nor JSON",
            "a: b: c\n",
            "E0102",
            Some((1, 5)),
            "mapping values",
            "quote",
        ),
        case(
            "JSON cut off",
            "{\"openapi\": \"3.1.0\"",
            "E0101",
            Some((1, 19)),
            "EOF",
            "fetch it again",
        ),
        case(
            "a web page",
            "<!DOCTYPE html>\n<html></html>\n",
            "E0102",
            Some((1, 1)),
            "neither YAML nor JSON",
            "openapi.json",
        ),
        case(
            "a list",
            "- openapi\n",
            "E0201",
            Some((1, 1)),
            "not an object",
            "starts with",
        ),
        case(
            "another format",
            "name: x\n",
            "E0202",
            Some((1, 1)),
            "`openapi`",
            "openapi: 3.1.0",
        ),
        case(
            "Swagger 1.2",
            "swagger: \"1.2\"\npaths: {}\n",
            "E0203",
            Some((1, 10)),
            "1.2",
            "OpenAPI 3",
        ),
        case(
            "a version of the future",
            "openapi: 4.0.0\npaths: {}\n",
            "E0204",
            Some((1, 10)),
            "`4.0.0`",
            "3.2.x",
        ),
        case(
            "a key twice",
            format!("{head}info: {{}}\npaths: {{}}\n"),
            "E0105",
            Some((3, 1)),
            "`info`",
            "keep one",
        ),
        case(
            "no operations",
            format!("{head}paths: {{}}\n"),
            "E0411",
            None,
            "no operation",
            "paths",
        ),
        case(
            "a reference to nothing",
            only(
                "  /a: {get: {parameters: [{$ref: \"#/components/parameters/P\"}], responses: {}}}\n",
            ),
            "E0301",
            Some((4, 34)),
            "does not exist",
            "correct the reference",
        ),
        case(
            "references in a circle",
            only(
                "  /a: {get: {parameters: [{$ref: \"#/components/parameters/P\"}], responses: {}}}\ncomponents: {parameters: {P: {$ref: \"#/components/parameters/P\"}}}\n",
            ),
            "E0302",
            Some((5, 37)),
            "leads back to itself",
            "instead of a reference",
        ),
        case(
            "a placeholder without a parameter",
            only("  /a/{id}:\n    get: {responses: {}}\n"),
            "E0401",
            Some((5, 5)),
            "`{id}`",
            "name: id, in: path",
        ),
        case(
            "a reference to a file",
            only("  /a: {get: {parameters: [{$ref: \"/etc/passwd\"}], responses: {}}}\n"),
            "E0341",
            Some((4, 34)),
            "/etc/passwd",
            "--ref-root",
        ),
        case(
            "a reference to the network",
            only(
                "  /a: {get: {parameters: [{$ref: \"http://169.254.169.254/latest\"}], responses: {}}}\n",
            ),
            "E0303",
            Some((4, 34)),
            "169.254.169.254",
            "--ref-map",
        ),
    ]
}

#[test]
fn a_document_that_cannot_be_used_is_refused_with_code_place_reason_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    for case in unusable_documents() {
        let what = case.what;
        let name = if case.text.starts_with('{') {
            "api.json"
        } else {
            "api.yaml"
        };
        fs::write(folder.path().join(name), &case.text).unwrap();
        let before = listing(folder.path());
        let said = mcpwright(
            folder.path(),
            &["generate", name, "--out", "out", "--format", "json"],
        );
        assert_eq!(said.code, 1, "{what}: {}", said.err);
        assert_eq!(said.out, "", "{what}");
        assert!(
            before == listing(folder.path()),
            "{what}: something was written"
        );
        let findings = findings(&said);
        let finding = findings
            .iter()
            .find(|f| f["code"] == case.code)
            .unwrap_or_else(|| panic!("{what}: {}", said.err));
        assert_eq!(finding["file"], name, "{what}");
        if let Some((line, column)) = case.place {
            let place = (finding["line"].as_u64(), finding["column"].as_u64());
            assert_eq!(place, (Some(line), Some(column)), "{what}");
        }
        let message = format!("{} {}", finding["message"], finding["label"]);
        assert!(message.contains(case.reason), "{what}: {message}");
        let remedy = format!("{} {}", finding["help"], finding["label"]);
        assert!(remedy.contains(case.remedy), "{what}: {remedy}");
        assert!(
            findings.iter().any(|f| f["severity"] == "error"),
            "{what}: nothing says that it failed"
        );
    }
}

#[test]
fn a_file_that_cannot_be_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    fs::write(
        folder.path().join("latin.yaml"),
        b"openapi: 3.1.0\ninfo: {title: caf\xe9}\n",
    )
    .unwrap();
    let before = listing(folder.path());
    for (spec, code, reason) in [
        ("nowhere.yaml", "E0116", "cannot be read"),
        ("folder", "E0116", "irectory"),
        ("latin.yaml", "E0103", "UTF-8"),
    ] {
        for command in [
            &["generate", spec, "--out", "out"][..],
            &["inspect", spec],
            &["check", spec, "--out", "out"],
        ] {
            let said = mcpwright(folder.path(), command);
            assert_eq!(said.code, 1, "{command:?}: {}", said.err);
            assert!(
                said.err.contains(&format!("error[{code}]")),
                "{command:?}: {}",
                said.err
            );
            assert!(
                said.err.contains(reason) && said.err.contains("help"),
                "{command:?}: {}",
                said.err
            );
            assert!(said.err.contains(spec), "{command:?}: {}", said.err);
        }
    }
    assert!(before == listing(folder.path()));
}

/// Operations that cannot be tools beside one that can: path entries, the code and its line, and the
/// reason for which the operation is left out.
const BAD_OPERATIONS: [(&str, &str, &str); 5] = [
    (
        "  /a/{id}: {get: {responses: {}}}\n",
        "E0401",
        "GET /a/{id}",
    ),
    (
        "  /a: {get: {parameters: [{$ref: \"#/nowhere\"}], responses: {}}}\n",
        "E0301",
        "GET /a",
    ),
    ("  /a: {get: []}\n", "E0405", "GET /a"),
    ("  /a/{: {get: {responses: {}}}\n", "E0405", "GET /a/{"),
    ("  a: {get: {responses: {}}}\n", "E0407", "GET a"),
];

#[test]
fn a_bad_operation_is_skipped_with_a_reason_and_the_rest_is_generated() {
    for (paths, code, label) in BAD_OPERATIONS {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("api.yaml"), document(paths)).unwrap();
        let run = |more: &[&str]| {
            let mut arguments = vec![
                "generate",
                "api.yaml",
                "--out",
                "out",
                "--runtime",
                "registry",
            ];
            arguments.extend(more);
            mcpwright(folder.path(), &arguments)
        };
        // Strictly, it is an error, and nothing is written.
        let said = run(&["--strict"]);
        assert_eq!(said.code, 1, "{paths}: {}", said.err);
        assert!(
            said.err.contains(&format!("error[{code}]")),
            "{paths}: {}",
            said.err
        );
        assert!(!folder.path().join("out").exists(), "{paths}");
        // Otherwise the other operation works, and everybody is told.
        let said = run(&[]);
        assert_eq!(said.code, 0, "{paths}: {}", said.err);
        assert!(
            said.err.contains(&format!("warning[{code}]")),
            "{paths}: {}",
            said.err
        );
        assert!(said.err.contains("api.yaml:6:"), "{paths}: {}", said.err);
        assert!(
            said.err.contains("2 operations, 1 tool in 1 topic"),
            "{paths}: {}",
            said.err
        );
        assert!(
            said.err.contains(&format!("left out: {label} (")),
            "{paths}: {}",
            said.err
        );
        let leads = fs::read_to_string(folder.path().join("out/src/operations/leads.rs")).unwrap();
        assert!(leads.contains("pub struct ListLeads"), "{paths}");
        let root = fs::read_to_string(folder.path().join("out/src/lib.rs")).unwrap();
        assert!(
            root.contains("operation::Exclusion {"),
            "{paths}: the crate must say what it lacks"
        );
    }
}

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

#[test]
fn options_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("api.yaml"), document("")).unwrap();
    let before = listing(folder.path());
    for (options, code, reason) in [
        (&["--name", "Not A Name"][..], 1, "error[E0801]"),
        (&["--package", "../x"], 1, "error[E0801]"),
        (&["--exclude", "tag:Nowhere=why not"], 1, "error[E0801]"),
        (&["--exclude", "listLeads"], 2, "has no reason"),
        (&["--runtime", "somewhere"], 2, "expected `vendored`"),
        (&["--quiet", "--verbose"], 2, "cannot be used with"),
    ] {
        let mut arguments = vec!["generate", "api.yaml", "--out", "out"];
        arguments.extend(options);
        let said = mcpwright(folder.path(), &arguments);
        assert_eq!(said.code, code, "{options:?}: {}", said.err);
        assert!(said.err.contains(reason), "{options:?}: {}", said.err);
        assert!(before == listing(folder.path()), "{options:?}");
    }
}

#[test]
fn a_document_that_exhausts_a_budget_is_refused_and_the_budget_named() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for n in 1..9 {
        let before = format!("*a{}", n - 1);
        bomb.push_str(&format!(
            "a{n}: &a{n} [{}]\n",
            [before.as_str(); 9].join(", ")
        ));
    }
    let deep = format!(
        "{{\"openapi\": \"3.1.0\", \"x\": {}1{}}}",
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    let deep_yaml = format!(
        "openapi: 3.1.0\nx: {}1{}\n",
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    let chain: String = (0..100)
        .map(|n| {
            format!(
                "    P{n}: {{$ref: \"#/components/parameters/P{}\"}}\n",
                n + 1
            )
        })
        .collect();
    let chain = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: \"1\"}}\npaths:\n  /a: {{get: {{parameters: [{{$ref: \"#/components/parameters/P0\"}}], responses: {{}}}}}}\ncomponents:\n  parameters:\n{chain}    P100: {{name: q, in: query}}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    for (what, text, code, reason) in [
        ("an alias bomb", bomb, "E0112", "budget `aliases`"),
        ("deep JSON", deep, "E0111", "budget `depth`"),
        ("deep YAML", deep_yaml, "E0111", "budget `depth`"),
        ("a long chain of references", chain, "E0302", "64"),
    ] {
        let begun = std::time::Instant::now();
        let said = mcpwright_with(
            folder.path(),
            &["generate", "-", "--out", "out", "--format", "json"],
            &[],
            &text,
        );
        assert_eq!(said.code, 1, "{what}: {}", said.err);
        let findings = findings(&said);
        let finding = findings.iter().find(|f| f["code"] == code);
        let finding = finding.unwrap_or_else(|| panic!("{what}: {}", said.err));
        let all = finding.to_string();
        assert!(
            all.contains(reason),
            "{what}: the budget is not named: {all}"
        );
        assert!(
            begun.elapsed().as_secs() < 10,
            "{what}: {:?}",
            begun.elapsed()
        );
        assert!(listing(folder.path()).is_empty(), "{what}");
    }
}

#[test]
fn each_budget_can_be_set_and_is_named_when_it_is_used_up() {
    use mcpwright::Config;
    use mcpwright::source::Budgets;
    let text = document(
        "  /b: {get: {parameters: [{name: q, in: query, schema: {enum: [a, b, c]}}], responses: {}}}\n",
    );
    let all = Budgets::default();
    let cases = [
        ("bytes", Budgets { bytes: 99, ..all }, "E0109", "99"),
        ("nodes", Budgets { nodes: 9, ..all }, "E0110", "9 nodes"),
        ("depth", Budgets { depth: 3, ..all }, "E0111", "3"),
        (
            "operations",
            Budgets {
                operations: 1,
                ..all
            },
            "E0412",
            "1",
        ),
    ];
    for (what, budgets, code, reason) in cases {
        let error = Config::new()
            .spec_str("a.yaml", &text)
            .budgets(budgets)
            .generate()
            .unwrap_err();
        let text = error.to_string();
        assert!(text.contains(&format!("error[{code}]")), "{what}: {text}");
        assert!(text.contains(reason), "{what}: {text}");
    }
    // Too many values of an enum cost the enum, not the operation.
    let budgets = Budgets {
        enum_values: 2,
        ..all
    };
    let generated = Config::new()
        .spec_str("a.yaml", &text)
        .budgets(budgets)
        .generate()
        .unwrap();
    let said: Vec<_> = generated
        .report
        .diagnostics
        .iter()
        .map(|d| d.code.id())
        .collect();
    assert!(said.contains(&"E0513"), "{said:?}");
    assert_eq!(generated.api.operations().count(), 2);
}
