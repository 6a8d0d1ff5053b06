//! Documents of several files: what references reach, what they do not, and what is said.

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

use mcpwright::diagnostics::{Diagnostic, Severity};
use mcpwright::source::Budgets;
use mcpwright::{Config, Error, Generated, RuntimeSource};
use serde_json::Value;
use support::{mcpwright, mcpwright_with};

/// A document whose one operation answers what `schema` says.
fn answering(schema: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Leads, version: \"1\"}}\nservers: [{{url: https://crm.example.com}}]\npaths:\n  \
         /leads:\n    get:\n      operationId: getLead\n      responses:\n        \"200\":\n          description: ok\n          \
         content: {{application/json: {{schema: {schema}}}}}\n"
    )
}

const LEAD: &str = "type: object\nproperties: {name: {type: string}}\n";

fn config(document: &str, files: &[(&str, &str)]) -> Config {
    let config = Config::new()
        .spec_str("crm.yaml", document)
        .runtime(RuntimeSource::Registry);
    files
        .iter()
        .fold(config, |config, (name, text)| config.file(name, text))
}

fn generate(document: &str, files: &[(&str, &str)]) -> Generated {
    config(document, files)
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn refused(config: &Config) -> Vec<Diagnostic> {
    match config.generate() {
        Err(Error::Refused(failed)) => failed.diagnostics,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was not refused"),
    }
}

/// Names of types and their fields.
fn types(generated: &Generated) -> Vec<String> {
    let mut names: Vec<_> = generated.api.types.iter().map(|t| t.name.clone()).collect();
    names.sort();
    names
}

fn codes(generated: &Generated) -> Vec<&'static str> {
    let all = generated.report.diagnostics.iter();
    all.filter(|d| d.severity != Severity::Info)
        .map(|d| d.code.id())
        .collect()
}

#[test]
fn references_reach_other_files_and_come_back() {
    for (what, reference, files, expected) in [
        (
            "a whole file",
            "schemas/lead.yaml",
            vec![("schemas/lead.yaml", LEAD)],
            "Lead",
        ),
        (
            "with a dot",
            "./schemas/lead.yaml",
            vec![("schemas/lead.yaml", LEAD)],
            "Lead",
        ),
        (
            "percent-encoded",
            "my%20lead.yaml",
            vec![("my lead.yaml", LEAD)],
            "MyLead",
        ),
        (
            "a place in a file",
            "all.yaml#/Lead",
            vec![(
                "all.yaml",
                "Lead: {type: object, properties: {name: {type: string}}}",
            )],
            "Lead",
        ),
        (
            "an escaped place",
            "all.yaml#/a~1b/Lead%20x",
            vec![(
                "all.yaml",
                "a/b: {Lead x: {type: object, properties: {name: {type: string}}}}",
            )],
            "LeadX",
        ),
        (
            "an anchor",
            "all.yaml#lead",
            vec![(
                "all.yaml",
                "$defs: {Lead: {$anchor: lead, type: object, properties: {name: {type: string}}}}",
            )],
            "Lead",
        ),
        (
            "a file that refers to another, from its own folder",
            "a/b/one.yaml",
            vec![
                ("a/b/one.yaml", "$ref: ../lead.json"),
                (
                    "a/lead.json",
                    r#"{"type": "object", "properties": {"name": {}}}"#,
                ),
            ],
            "Lead",
        ),
        (
            "through another reference",
            "all.yaml#/Lead/properties/owner",
            vec![
                ("all.yaml", "Lead: {$ref: a/lead.yaml}"),
                (
                    "a/lead.yaml",
                    "properties: {owner: {type: object, properties: {name: {type: string}}}}",
                ),
            ],
            "Owner",
        ),
        (
            "through two references, one of them to an anchor",
            "all.yaml#/Lead/properties/owner",
            vec![
                (
                    "all.yaml",
                    "Lead: {$ref: '#/Old'}\nOld: {$ref: 'a/lead.yaml#lead'}",
                ),
                (
                    "a/lead.yaml",
                    "$defs: {x: {$anchor: lead, properties: {owner: {properties: {name: {type: string}}}}}}",
                ),
            ],
            "Owner",
        ),
        (
            "into the path item of a third file",
            "all.yaml#/paths/~1users/get/responses/200/content/application~1json/schema",
            vec![
                ("all.yaml", "paths: {/users: {$ref: paths/users.yaml}}"),
                (
                    "paths/users.yaml",
                    "get: {responses: {'200': {content: {application/json: {schema: {$ref: ../lead.yaml}}}}}}",
                ),
                ("lead.yaml", LEAD),
            ],
            "Lead",
        ),
        (
            "through a reference of the document",
            "#/components/schemas/Alias/properties/message",
            vec![],
            "AliasPropertiesMessage",
        ),
        ("an anchor of the document", "#error", vec![], "Error"),
        (
            "back to the document",
            "a/one.yaml",
            vec![(
                "a/one.yaml",
                "properties: {error: {$ref: '../crm.yaml#/components/schemas/Error'}}",
            )],
            "Error",
        ),
        (
            "to itself",
            "tree.yaml",
            vec![(
                "tree.yaml",
                "type: object\nproperties: {children: {type: array, items: {$ref: '#'}}}",
            )],
            "Tree",
        ),
        (
            "in a circle",
            "lead.yaml",
            vec![
                (
                    "lead.yaml",
                    "type: object\nproperties: {owner: {$ref: user.yaml}}",
                ),
                (
                    "user.yaml",
                    "type: object\nproperties: {leads: {type: array, items: {$ref: lead.yaml}}}",
                ),
            ],
            "User",
        ),
    ] {
        let document = answering(&format!("{{$ref: \"{reference}\"}}"))
            + "components: {schemas: {Alias: {$ref: '#/components/schemas/Error'}, Error: {$anchor: error, type: object, properties: {message: {type: object, properties: {x: {type: string}}}}}}}\n";
        let generated = generate(&document, &files);
        assert_eq!(codes(&generated), [""; 0], "{what}");
        let types = types(&generated);
        assert!(types.contains(&expected.to_owned()), "{what}: {types:?}");
    }
}

#[test]
fn every_kind_of_object_can_stand_in_another_file() {
    let document = "openapi: 3.1.0\ninfo: {title: Leads, version: '1'}\n\
        servers: [{url: https://crm.example.com}]\nsecurity: [{key: []}]\n\
        paths: {$ref: paths/index.yaml}\n\
        components: {securitySchemes: {$ref: security.yaml}, schemas: {$ref: schemas.yaml}}\n";
    let files = [
        (
            "paths/index.yaml",
            "/leads: {$ref: leads.yaml, summary: x}\n/users: {get: {$ref: users.yaml#/list}}",
        ),
        (
            "paths/leads.yaml",
            "post:\n  operationId: createLead\n  parameters: [{$ref: ../p.yaml#/dry}]\n  \
             requestBody: {$ref: ../p.yaml#/body}\n  responses: {'201': {$ref: ../p.yaml#/created}}",
        ),
        (
            "paths/users.yaml",
            "list: {operationId: listUsers, responses: {'200': {description: ok, content: {application/json: {$ref: '#/media'}}}}}\n\
             media: {schema: {type: array, items: {$ref: '../schemas.yaml#/User'}}}",
        ),
        (
            "p.yaml",
            "dry: {name: dry, in: query, schema: {type: boolean}}\n\
             body: {required: true, content: {application/json: {schema: {$ref: 'schemas.yaml#/Lead'}}}}\n\
             created: {description: ok, content: {application/json: {schema: {$ref: 'schemas.yaml#/Lead'}}}}",
        ),
        (
            "schemas.yaml",
            "Lead: {type: object, required: [name], properties: {name: {type: string}, owner: {$ref: '#/User'}}}\n\
             User: {type: object, properties: {mail: {type: string}}}",
        ),
        (
            "security.yaml",
            "key: {type: apiKey, in: header, name: X-Key}",
        ),
    ];
    let generated = generate(document, &files);
    assert_eq!(codes(&generated), [""; 0]);
    assert_eq!(
        types(&generated),
        ["Lead", "User"],
        "one type each, under its own name"
    );
    assert_eq!(generated.api.schemes.len(), 1);
    let create = generated
        .api
        .operations()
        .find(|o| o.tool == "create_lead")
        .unwrap();
    let fields: Vec<_> = create.fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(fields, ["dry", "name", "owner"]);
}

#[test]
fn names_that_collide_are_told_apart_and_data_is_left_alone() {
    let document = answering(
        "{type: object, example: {$ref: nothing.yaml}, properties: {a: {$ref: a/money.yaml}, b: {$ref: b/money.yaml}, \
         c: {$ref: '#/components/schemas/money'}}}",
    ) + "components: {schemas: {money: {type: object, properties: {main: {type: string}}}}}\n";
    let files = [
        (
            "a/money.yaml",
            "{type: object, properties: {a: {type: string}}}",
        ),
        (
            "b/money.yaml",
            "{type: object, properties: {b: {type: string}}}",
        ),
    ];
    let first = generate(&document, &files);
    assert_eq!(codes(&first), [""; 0]);
    assert_eq!(
        types(&first),
        ["AMoney", "BMoney", "GetLeadOutput", "Money"]
    );
    assert_eq!(first.files, generate(&document, &files).files);
}

const HERE: &str = "Lead: {}\nRound: {$ref: '#/Round/x'}\n";

#[test]
fn what_is_not_followed_accepts_any_value_and_says_why() {
    for (reference, code, reason, remedy) in [
        ("../x.yaml", "E0341", "leaves the folder", "--ref-root"),
        ("..%2Fx.yaml", "E0341", "leaves the folder", "--ref-root"),
        ("/etc/passwd", "E0341", "leaves the folder", "--ref-root"),
        (
            "file:///etc/passwd",
            "E0341",
            "leaves the folder",
            "--ref-root",
        ),
        ("C:\\\\x.yaml", "E0341", "leaves the folder", "--ref-root"),
        (
            "absent.yaml",
            "E0340",
            "`absent.yaml` cannot be read",
            "Config::file",
        ),
        (
            "here.yaml#/Nothing",
            "E0301",
            "`#/Nothing` does not exist in `here.yaml`",
            "correct",
        ),
        (
            "here.yaml#/Round/x",
            "E0302",
            "leads back to itself",
            "definition",
        ),
        (
            "https://e.com/a.json#/A",
            "E0303",
            "`https://e.com/a.json`",
            "--ref-map https://e.com/a.json=FILE`; or let it be fetched: `--allow-fetch e.com`",
        ),
        ("HTTP://169.254.169.254/", "E0303", "network", "--ref-map"),
    ] {
        let document = answering(&format!("{{$ref: \"{reference}\"}}"));
        let generated = generate(&document, &[("here.yaml", HERE)]);
        assert_eq!(codes(&generated), [code], "{reference}");
        let said = &generated.report.diagnostics[0];
        assert!(said.message.contains(reason), "{reference}: {said}");
        assert!(said.help.as_ref().unwrap().contains(remedy), "{said:?}");
        assert_eq!(generated.api.operations().count(), 1);
        let strict = config(&document, &[("here.yaml", HERE)]).strict(true);
        assert_eq!(refused(&strict)[0].code.id(), code);
    }
}

#[test]
fn addresses_are_mapped_to_files_and_never_fetched() {
    let document = answering("{$ref: 'https://e.com/schemas/lead.json#/Lead'}");
    let lead = r#"{"Lead": {"type": "object", "properties": {"owner": {"$ref": "user.json"}}}}"#;
    let user = r#"{"$id": "https://e.com/ids/user", "type": "object", "properties": {"boss": {"$ref": "https://e.com/ids/user"}}}"#;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("lead.json"), lead).unwrap();
    fs::write(path("user.json"), user).unwrap();
    let generated = config(&document, &[])
        .ref_map("https://e.com/schemas/", folder.path())
        .generate()
        .unwrap();
    assert_eq!(codes(&generated), [""; 0]);
    assert_eq!(types(&generated), ["Lead", "User"]);
    // One file for one address; what it refers to has an address of its own.
    let generated = config(&document, &[])
        .ref_map("https://e.com/schemas/lead.json", path("lead.json"))
        .generate()
        .unwrap();
    assert_eq!(codes(&generated), ["E0303"]);
    assert!(
        generated.report.diagnostics[0]
            .message
            .contains("https://e.com/schemas/user.json")
    );
    // A mapped folder is a jail too.
    let document = answering("{$ref: 'https://e.com/schemas/x/../../secret.json'}");
    fs::create_dir(path("sub")).unwrap();
    fs::write(path("secret.json"), "{}").unwrap();
    let generated = config(&document, &[])
        .ref_map("https://e.com/schemas/", path("sub"))
        .generate()
        .unwrap();
    assert_eq!(codes(&generated), ["E0341"]);
}

#[test]
fn a_document_with_an_address_of_its_own_is_found_under_it() {
    let document = answering("{$ref: 'https://e.com/api/schemas/lead.yaml'}")
        + "$self: https://e.com/api/crm.yaml\ncomponents: {schemas: {Error: {type: object, properties: {m: {type: string}}}}}\n";
    let lead = "properties: {e: {$ref: 'https://e.com/api/crm.yaml#/components/schemas/Error'}}";
    let generated = generate(&document, &[("schemas/lead.yaml", lead)]);
    assert_eq!(codes(&generated), [""; 0]);
    assert_eq!(types(&generated), ["Error", "Lead"]);
}

#[test]
fn the_budgets_hold_for_all_files_together() {
    let document = answering("{$ref: a.yaml}");
    let files = [
        ("a.yaml", "properties: {b: {$ref: b.yaml}}"),
        ("b.yaml", "{type: object, properties: {c: {type: string}}}"),
    ];
    let all = Budgets::default();
    for (budgets, code) in [
        (Budgets { files: 2, ..all }, "E0120"),
        (
            Budgets {
                bytes: document.len() + 40,
                ..all
            },
            "E0109",
        ),
    ] {
        let found = refused(&config(&document, &files).budgets(budgets));
        assert_eq!(found[0].code.id(), code, "{found:?}");
        assert!(found[0].help.as_ref().unwrap().contains("budget"));
    }
    // Overlapping places of one file are copied each.
    let list = format!("x: {{enum: [{}]}}", "a, ".repeat(30));
    let twice = answering("{allOf: [{$ref: a.yaml}, {$ref: 'a.yaml#/x'}]}");
    let few = Budgets { nodes: 60, ..all };
    let found = refused(&config(&twice, &[("a.yaml", &list)]).budgets(few));
    assert_eq!(found[0].code.id(), "E0110", "{found:?}");
    let hops: String = (0..9)
        .map(|n| format!("h{n}: {{$ref: '#/h{}'}}\n", n + 1))
        .collect();
    let hops = config(
        &answering("{$ref: 'h.yaml#/h0'}"),
        &[("h.yaml", &(hops + "h9: {}"))],
    )
    .budgets(Budgets { ref_hops: 3, ..all });
    assert!(hops.generate().is_ok());
}

#[test]
fn findings_name_the_file_the_line_and_the_column() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("schemas")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("crm.yaml", &answering("{$ref: schemas/lead.yaml}"));
    write(
        "schemas/lead.yaml",
        "type: object\nproperties:\n  name:\n    type: strng\n",
    );
    let said = mcpwright(
        folder.path(),
        &[
            "generate",
            "crm.yaml",
            "--out",
            "out",
            "--format",
            "json",
            "--dry-run",
        ],
    );
    let line = said
        .err
        .lines()
        .find(|line| line.contains("E0510"))
        .unwrap();
    let finding: Value = serde_json::from_str(line).unwrap();
    assert_eq!(finding["file"], "schemas/lead.yaml");
    assert_eq!(
        (finding["line"].as_u64(), finding["column"].as_u64()),
        (Some(4), Some(11))
    );
    assert_eq!(finding["pointer"], "#/properties/name/type");
    // A file that is malformed is shown where it is.
    write("schemas/lead.yaml", "type: object\n  x: y\n");
    let said = mcpwright(folder.path(), &["generate", "crm.yaml", "--out", "out"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("--> schemas/lead.yaml:2:4"),
        "{}",
        said.err
    );
}

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

#[test]
fn a_change_in_any_file_changes_the_hash_and_the_place_on_disk_does_not() {
    let hash = |folder: &Path, lead: &str| {
        fs::write(folder.join("crm.yaml"), answering("{$ref: lead.yaml}")).unwrap();
        fs::write(folder.join("lead.yaml"), lead).unwrap();
        let generated = Config::new()
            .spec(folder.join("crm.yaml"))
            .generate_embedded();
        generated.unwrap().api.document_sha256
    };
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = hash(one.path(), LEAD);
    assert_eq!(first.len(), 64);
    assert_eq!(first, hash(two.path(), LEAD));
    assert_ne!(first, hash(two.path(), "type: object\n"));
}

#[test]
fn a_swagger_document_of_several_files_keeps_its_places() {
    let document = "swagger: '2.0'\ninfo: {title: Leads, version: '1'}\nhost: crm.example.com\npaths:\n  /leads:\n    \
        post:\n      operationId: createLead\n      parameters: [{$ref: 'parameters.yaml#/lead'}, {$ref: 'parameters.yaml#/dry'}]\n      \
        responses: {'200': {description: ok, schema: {$ref: '#/definitions/Lead'}}}\n\
        definitions: {Lead: {$ref: lead.yaml}}\n";
    let parameters = "lead: {name: body, in: body, required: true, schema: {$ref: lead.yaml}}\n\
        dry: {name: dry, in: query, type: boolen}\n";
    let lead = "type: object\nproperties:\n  name:\n    type: strng\n";
    let files = [("parameters.yaml", parameters), ("lead.yaml", lead)];
    let generated = generate(document, &files);
    assert_eq!(types(&generated), ["Lead"]);
    let create = generated.api.operations().next().unwrap();
    let fields: Vec<_> = create.fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(fields, ["dry", "name"]);
    let report = &generated.report;
    let said = mcpwright::diagnostics::render_json(&report.diagnostics, Some(&report.document));
    let places: Vec<_> = said
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|finding| finding["code"] == "E0510")
        .map(|finding| {
            (
                finding["file"].clone(),
                finding["line"].clone(),
                finding["pointer"].clone(),
            )
        })
        .collect();
    assert!(
        places.contains(&(
            "lead.yaml".into(),
            4.into(),
            "#/properties/name/type".into()
        )),
        "{places:?}"
    );
    assert!(
        places.contains(&("parameters.yaml".into(), 2.into(), "#/dry/type".into())),
        "{places:?}"
    );
}
