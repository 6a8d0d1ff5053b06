//! A document of several files with overlays: every finding is shown in the file that has the fault.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::fs;

use mcpwright::diagnostics::{render_json, render_sarif};
use mcpwright::{Config, Generated};
use serde_json::Value;
use support::mcpwright;

const OPENAPI: &str = "openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /leads:
    post:
      parameters: [{name: flag, in: query, schema: {type: documnt}}]
      requestBody:
        content: {application/json: {schema: {$ref: lead.yaml}}}
      responses: {'200': {description: ok}}
";
const SWAGGER: &str = "swagger: '2.0'
info: {title: T, version: '1'}
host: crm.example.com
paths:
  /leads:
    post:
      parameters:
        - {name: flag, in: query, type: documnt}
        - {name: body, in: body, schema: {$ref: lead.yaml}}
      responses: {'200': {description: ok}}
";
const LEAD: &str = "type: object
properties:
  name: {type: string}
  age: {type: prt}
  tags: [{type: string}]
  town: {type: string}
";
/// The second file is known to overlays as the component that it has become.
const OVERLAY: &str = "overlay: 1.1.0
info: {title: T, version: '1'}
actions:
  - target: $.components.schemas.lead.properties.name
    update: {type: overly}
  - target: $.components.schemas.lead.properties
    update: {more: {type: object, properties: {x: {type: deper}}}}
";

fn generate(document: &str, overlay: &str, files: &[(&str, &str)]) -> Generated {
    let config = Config::new().spec_str("crm.yaml", document);
    files
        .iter()
        .fold(config, |config, (name, text)| config.file(name, text))
        .overlay_str("o.yaml", overlay)
        .generate()
        .unwrap()
}

/// The file, line and column of each finding with a code.
fn places(generated: &Generated, code: &str) -> Vec<(String, u64, u64)> {
    let report = &generated.report;
    let mut places: Vec<_> = render_json(&report.diagnostics, Some(&report.document))
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|found| found["code"] == code)
        .map(|found| {
            let number = |name: &str| found[name].as_u64().unwrap();
            (
                found["file"].as_str().unwrap().to_owned(),
                number("line"),
                number("column"),
            )
        })
        .collect();
    places.sort();
    places.dedup();
    places
}

/// Where a word is in a file.
fn place(file: &str, text: &str, word: &str) -> (String, u64, u64) {
    let before = &text[..text.find(word).unwrap()];
    let line = before.lines().count();
    let column = before.lines().last().unwrap().len() + 1;
    (file.to_owned(), line as u64, column as u64)
}

#[test]
fn a_fault_is_shown_in_the_document_the_second_file_or_the_overlay_that_has_it() {
    for document in [OPENAPI, SWAGGER] {
        let generated = generate(document, OVERLAY, &[("lead.yaml", LEAD)]);
        let expected = [
            place("crm.yaml", document, "documnt"),
            place("lead.yaml", LEAD, "prt"),
            place("o.yaml", OVERLAY, "overly"),
            place("o.yaml", OVERLAY, "deper"),
        ];
        assert_eq!(places(&generated, "E0510"), expected, "{document}");
    }
}

#[test]
fn a_reference_in_the_second_file_that_an_overlay_breaks_is_shown_in_the_second_file() {
    let lead =
        "type: object\nproperties:\n  age: {$ref: '#/$defs/age'}\n$defs: {age: {type: integer}}\n";
    let overlay = "overlay: 1.1.0\ninfo: {title: T, version: '1'}\nactions:\n  \
        - {target: $.components.schemas.age, remove: true}\n";
    let generated = generate(OPENAPI, overlay, &[("lead.yaml", lead)]);
    assert_eq!(
        places(&generated, "E0301"),
        [place("lead.yaml", lead, "'#/$defs/age'")]
    );
    // A SARIF log names the node in terms of that file too.
    let report = &generated.report;
    let log = render_sarif(&[(&report.diagnostics, Some(&report.document))]);
    let log: Value = serde_json::from_str(&log).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|r| r["ruleId"] == "E0301").unwrap();
    let location = &result["locations"][0];
    assert_eq!(
        location["physicalLocation"]["artifactLocation"]["uri"],
        "lead.yaml"
    );
    assert_eq!(
        location["logicalLocations"][0]["fullyQualifiedName"],
        "#/properties/age/$ref"
    );
}

#[test]
fn what_an_overlay_says_about_a_second_file_with_elements_moved_is_placed_there() {
    let lead = "type: object\nproperties:\n  kind:\n    anyOf:\n      - {type: string}\n      - {type: prt}\n";
    let overlay = "overlay: 1.1.0\ninfo: {title: T, version: '1'}\nactions:\n  \
        - {target: '$.components.schemas.lead.properties.kind.anyOf[0]', remove: true}\n";
    let generated = generate(OPENAPI, overlay, &[("lead.yaml", lead)]);
    assert_eq!(
        places(&generated, "E0510"),
        [
            place("crm.yaml", OPENAPI, "documnt"),
            place("lead.yaml", lead, "prt")
        ]
    );
}

#[test]
fn a_file_that_only_an_overlay_refers_to_is_taken_in() {
    let overlay = "overlay: 1.1.0\ninfo: {title: T, version: '1'}\nactions:\n  \
        - target: $.components.schemas.lead.properties\n    \
        update: {place: {$ref: place.yaml}, twin: {$ref: lead.yaml}, lost: {$ref: lost.yaml}}\n";
    let town = "type: object\nproperties: {street: {type: strt}}\n";
    let files = [("lead.yaml", LEAD), ("place.yaml", town)];
    let generated = generate(OPENAPI, overlay, &files);
    assert!(places(&generated, "E0510").contains(&place("place.yaml", town, "strt")));
    // The file that was known has its component already.
    let names: Vec<_> = generated
        .api
        .types
        .iter()
        .map(|t| t.name.as_str())
        .collect();
    assert!(!names.contains(&"LeadLead"), "{names:?}");
    // What is not there is said where the overlay refers to it.
    assert_eq!(
        places(&generated, "E0340"),
        [place("o.yaml", overlay, "lost.yaml")]
    );
}

#[test]
fn a_file_that_is_not_followed_is_said_once_and_under_its_own_place() {
    let document = OPENAPI.replace("lead.yaml", "parts/lead.yaml");
    let lead = "type: object\nproperties: {a: {$ref: lost.yaml}}\n";
    let overlay = "overlay: 1.1.0\ninfo: {title: T, version: '1'}\nactions:\n  \
        - {target: $.info, update: {title: U}}\n";
    let generated = generate(&document, overlay, &[("parts/lead.yaml", lead)]);
    assert_eq!(
        places(&generated, "E0340"),
        [place("parts/lead.yaml", lead, "lost.yaml")]
    );
    let found = generated.report.diagnostics.iter();
    let messages: Vec<_> = found.filter(|d| d.code.id() == "E0340").collect();
    assert!(
        messages[0]
            .help
            .as_deref()
            .unwrap_or_default()
            .contains("parts/lost.yaml")
            || messages[0].message.contains("parts/lost.yaml"),
        "{messages:?}"
    );
}

#[test]
fn mending_actions_are_not_offered_for_another_shape_than_the_document_has() {
    let lost = |document: &str| document.replace("/leads:", "'/leads/{id}':");
    for (document, offered) in [(OPENAPI, true), (SWAGGER, false)] {
        let config = Config::new()
            .spec_str("crm.yaml", &lost(document))
            .file("lead.yaml", LEAD);
        let document = match config.generate() {
            Ok(generated) => generated.report.diagnostics.as_slice().to_vec(),
            Err(mcpwright::Error::Refused(failed)) => failed.diagnostics,
            Err(other) => panic!("{other}"),
        };
        assert_eq!(document.iter().any(|d| d.overlay.is_some()), offered);
    }
}

#[test]
fn the_hash_covers_the_document_its_files_and_its_overlays() {
    let hash = |document: &str, lead: &str, overlay: &str| {
        generate(document, overlay, &[("lead.yaml", lead)])
            .api
            .document_sha256
    };
    let all = [
        hash(OPENAPI, LEAD, OVERLAY),
        hash(&format!("{OPENAPI}\n"), LEAD, OVERLAY),
        hash(OPENAPI, &format!("{LEAD}\n"), OVERLAY),
        hash(OPENAPI, LEAD, &format!("{OVERLAY}\n")),
    ];
    for (index, one) in all.iter().enumerate() {
        assert_eq!(one.len(), 64);
        assert!(!all[..index].contains(one));
    }
}

#[test]
fn every_command_takes_overlays_and_files_alike() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let document = OPENAPI
        .replace("lead.yaml", "../shared/lead.yaml")
        .replace("documnt", "string");
    write("api/crm.yaml", &document);
    write(
        "shared/lead.yaml",
        "properties: {town: {$ref: 'https://crm.example.com/town.yaml'}}\n",
    );
    write("town.yaml", "type: string\n");
    write(
        "o.yaml",
        "overlay: 1.1.0\ninfo: {title: T, version: '1'}\nactions:\n  \
        - {target: \"$.paths['/leads'].post\", update: {operationId: makeLead}}\n",
    );
    let files =
        "--overlay o.yaml --ref-root . --ref-map https://crm.example.com/town.yaml=town.yaml";
    for command in [
        "generate api/crm.yaml --out out --runtime registry",
        "check api/crm.yaml --out out --runtime registry",
        "inspect api/crm.yaml",
        "explain api/crm.yaml makeLead",
    ] {
        let line: Vec<&str> = command.split(' ').chain(files.split(' ')).collect();
        let said = mcpwright(folder.path(), &line);
        assert_eq!(said.code, 0, "{command}: {}", said.err);
        assert!(!said.err.contains("E03"), "{command}: {}", said.err);
    }
    let said = mcpwright(folder.path(), &["explain", "E0301", "--overlay", "o.yaml"]);
    assert_ne!(said.code, 0);
    assert!(said.err.contains("explain SPEC OPERATION"), "{}", said.err);
}
