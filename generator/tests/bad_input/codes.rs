//! Every code is said by the command: by a faulty document, or in a situation that is made up here.

use std::collections::BTreeSet;

use mcpwright::diagnostics::Code;

use super::*;
use crate::support::spec;

/// The codes that a run says.
fn codes(said: &Said) -> BTreeSet<String> {
    findings(said)
        .iter()
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect()
}

fn run(folder: &Path, line: &str) -> Said {
    let arguments: Vec<&str> = line.split(' ').chain(["--format", "json"]).collect();
    mcpwright(folder, &arguments)
}

/// A situation: the code, what is done to a folder with `api.yaml`, and the command.
type Situation = (&'static str, fn(&Path), &'static str);

const GENERATE: &str = "generate api.yaml --out out --runtime registry";
const CHECK: &str = "check api.yaml --out out --runtime registry";

fn change(path: &Path, change: impl Fn(&str) -> String) {
    let text = fs::read_to_string(path).unwrap();
    fs::write(path, change(&text)).unwrap();
}

fn generated(root: &Path) {
    assert_eq!(run(root, GENERATE).code, 0);
}

const SITUATIONS: [Situation; 22] = [
    ("E0109", |_| {}, "inspect api.yaml --budget bytes=9"),
    ("E0110", |_| {}, "inspect api.yaml --budget nodes=3"),
    ("E0116", |_| {}, "inspect absent.yaml"),
    (
        "E0120",
        |root| {
            change(&root.join("api.yaml"), |text| {
                text.to_owned() + "  /b: {$ref: b.yaml}\n"
            })
        },
        "inspect api.yaml --budget files=1",
    ),
    ("E0412", |_| {}, "inspect api.yaml --budget operations=0"),
    (
        "E0418",
        |root| {
            let settings = "[server]\nserve_document = true\n";
            fs::write(root.join("mcpwright.toml"), settings).unwrap();
            let long = format!("x-note: {}\n", "n".repeat(3 << 20));
            change(&root.join("api.yaml"), |text| long.clone() + text);
        },
        "inspect api.yaml",
    ),
    (
        "E0460",
        |root| {
            change(&root.join("api.yaml"), |text| {
                text.to_owned() + "  /b: {$ref: 'http://127.0.0.1:9/b.yaml'}\n"
            });
        },
        "inspect api.yaml --allow-fetch 127.0.0.1:9",
    ),
    (
        "E0505",
        |root| {
            let long = "d".repeat(290);
            let fields: String = (0..400)
                .map(|n| format!("field_{n}: {{description: {long}}}, "))
                .collect();
            change(&root.join("api.yaml"), |text| {
                format!(
                    "{text}  /b: {{post: {{requestBody: {{content: {{application/json: {{schema: \
                     {{type: object, properties: {{{fields}}}}}}}}}}}, responses: {{}}}}}}\n"
                )
            });
        },
        "inspect api.yaml",
    ),
    (
        "E0513",
        |root| {
            change(&root.join("api.yaml"), |text| {
                text.to_owned()
                    + "  /b: {get: {parameters: [{name: q, in: query, schema: {enum: [a, b]}}], responses: {}}}\n"
            });
        },
        "inspect api.yaml --budget enum_values=1",
    ),
    (
        "E0528",
        |root| {
            change(&root.join("api.yaml"), |text| {
                text.to_owned()
                    + "  /b: {get: {parameters: [{name: q, in: query, schema: {type: string}}], responses: {}}}\n"
            });
        },
        "inspect api.yaml --budget schemas=0",
    ),
    (
        "E0701",
        |root| {
            fs::create_dir(root.join("out")).unwrap();
            fs::write(root.join("out/thesis.tex"), "years of work").unwrap();
        },
        GENERATE,
    ),
    (
        "E0702",
        |root| fs::write(root.join("file"), "").unwrap(),
        "generate api.yaml --runtime registry --out file/out",
    ),
    (
        "E0703",
        |root| {
            generated(root);
            fs::create_dir(root.join("elsewhere")).unwrap();
            fs::remove_dir_all(root.join("out/src/operations")).unwrap();
            #[cfg(unix)]
            std::os::unix::fs::symlink("../../elsewhere", root.join("out/src/operations")).unwrap();
        },
        GENERATE,
    ),
    (
        "E0704",
        |root| {
            generated(root);
            change(&root.join("out/src/main.rs"), |text| {
                text.replace("fn main", "fn main_")
            });
        },
        GENERATE,
    ),
    (
        "E0705",
        |root| {
            generated(root);
            change(&root.join("api.yaml"), |text| {
                text.replace("listLeads", "allLeads")
            });
        },
        CHECK,
    ),
    (
        "E0801",
        |_| {},
        "inspect api.yaml --exclude tag:Nowhere=none",
    ),
    (
        "E0929",
        |root| {
            change(&root.join("api.yaml"), |text| {
                text.to_owned()
                    + "  /b: {delete: {operationId: b, x-mcp: {class: read, reason: trust me}, responses: {}}}\n"
            });
        },
        "inspect api.yaml",
    ),
    (
        "E0950",
        |root| {
            generated(root);
            change(&root.join("out/mcpwright.lock"), |text| {
                text.to_owned() + "<<<<<<< HEAD\n"
            });
        },
        GENERATE,
    ),
    (
        "E0951",
        |root| {
            generated(root);
            change(&root.join("out/mcpwright.lock"), |text| {
                text.replace("list_leads", "List Leads")
            });
        },
        GENERATE,
    ),
    (
        "E0952",
        |root| {
            change(&root.join("api.yaml"), |text| {
                text.to_owned() + "  /b: {get: {responses: {'200': {description: ok}}}}\n"
            });
            fs::copy(root.join("api.yaml"), root.join("old.yaml")).unwrap();
            change(&root.join("api.yaml"), |text| {
                text.replace("  /b:", "  /c:")
            });
        },
        "diff old.yaml api.yaml --relock",
    ),
    (
        "E0953",
        |root| {
            fs::copy(root.join("api.yaml"), root.join("old.yaml")).unwrap();
            let settings = "[[operation]]\nselect = \"GET /leads\"\nclass = \"destructive\"\n";
            fs::write(root.join("new.toml"), settings).unwrap();
            fs::write(root.join("old.toml"), "").unwrap();
        },
        "diff old.yaml api.yaml --config new.toml --old-config old.toml",
    ),
    (
        "E0954",
        |root| {
            fs::copy(root.join("api.yaml"), root.join("old.yaml")).unwrap();
            change(&root.join("api.yaml"), |text| {
                text.to_owned() + "  /b: {get: {responses: {'200': {description: ok}}}}\n"
            });
        },
        "diff old.yaml api.yaml",
    ),
];

#[test]
fn every_code_has_a_faulty_document_or_a_situation() {
    let mut covered: BTreeSet<String> = SITUATIONS.iter().map(|s| s.0.to_owned()).collect();
    // The last two are run by the tests of overlays and settings.
    for folder in ["negative", "negative/overlays", "negative/settings"] {
        for entry in fs::read_dir(spec(folder)).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            covered.extend(name.split_once('-').map(|(code, _)| code.to_owned()));
        }
    }
    let missing: Vec<&str> = Code::all()
        .map(Code::id)
        .filter(|code| !covered.contains(*code))
        .collect();
    assert!(
        missing.is_empty(),
        "no document and no situation: {missing:?}"
    );
    let unknown: Vec<_> = covered.iter().filter(|c| Code::find(c).is_none()).collect();
    assert!(unknown.is_empty(), "no such code: {unknown:?}");
}

/// What is found in a document: codes, and whether each has a place.
fn found(path: &Path, strict: bool) -> (bool, Vec<(Code, bool)>) {
    let result = mcpwright::Config::new()
        .spec(path)
        .strict(strict)
        .generate();
    let refused = result.is_err();
    let findings = match result {
        Ok(generated) => generated.report.diagnostics,
        Err(mcpwright::Error::Refused(failed)) => failed.diagnostics,
        Err(error) => panic!("{}: {error}", path.display()),
    };
    let places = findings.iter().map(|finding| {
        let placed = finding.position.is_some() || finding.pointer.is_some();
        (finding.code, placed)
    });
    (refused, places.collect())
}

#[test]
fn every_faulty_document_is_refused_where_nothing_may_be_skipped_and_the_fault_has_a_place() {
    let mut names: Vec<_> = fs::read_dir(spec("negative"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some())
        .collect();
    names.sort();
    assert!(names.len() > 90, "{}", names.len());
    for path in names {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(code) = name.split_once('-').and_then(|(code, _)| Code::find(code)) else {
            continue;
        };
        let (_, findings) = found(&path, false);
        let finding = findings.iter().find(|(found, _)| *found == code);
        let (_, placed) = finding.unwrap_or_else(|| panic!("{name}: {findings:?}"));
        // A document without a value has no place in it, and one without servers none that says so.
        let nowhere = matches!(code.id(), "E0104" | "E0411" | "E0603");
        assert!(*placed || nowhere, "{name} has no place");
        assert!(
            !code.is_lossy() || found(&path, true).0,
            "{name}: strict accepts it"
        );
    }
}

#[test]
fn every_situation_makes_the_command_say_its_code() {
    for (code, prepare, line) in SITUATIONS {
        if code == "E0703" && !cfg!(unix) {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("api.yaml"), document("")).unwrap();
        fs::write(folder.path().join("b.yaml"), "get: {responses: {}}\n").unwrap();
        prepare(folder.path());
        let said = run(folder.path(), line);
        assert!(
            codes(&said).contains(code),
            "{code}: {}\n{}",
            said.err,
            said.out
        );
    }
}
