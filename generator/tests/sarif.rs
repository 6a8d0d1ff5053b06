//! `--format sarif`: one SARIF 2.1.0 log on standard output, whatever happens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::fs;

use serde_json::{Value, json};
use support::mcpwright;

/// What the official schema (sarif-schema-2.1.0.json) requires of the parts that are written here,
/// with its names; members that are not listed are refused, so that a misspelt one is seen.
fn schema() -> Value {
    let text = json!({"type": "string"});
    let from_one = json!({"type": "integer", "minimum": 1});
    let level = json!({"enum": ["none", "note", "warning", "error"]});
    let object = |required: &[&str], properties: Value| json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false});
    let descriptor = object(
        &["id"],
        json!({
            "id": text,
            "shortDescription": object(&["text"], json!({"text": text, "markdown": text})),
            "help": object(&["text"], json!({"text": text, "markdown": text})),
            "defaultConfiguration": object(&[], json!({"level": level})),
        }),
    );
    let physical = object(
        &["artifactLocation"],
        json!({
            "artifactLocation": object(&[], json!({"uri": {"type": "string", "format": "uri-reference", "pattern": "^[^ #\\\\]*$"}})),
            "region": object(&[], json!({"startLine": from_one, "startColumn": from_one})),
        }),
    );
    let location = object(
        &[],
        json!({
            "physicalLocation": physical,
            "logicalLocations": {"type": "array", "uniqueItems": true, "items": object(&[], json!({"fullyQualifiedName": text}))},
        }),
    );
    let result = object(
        &["message"],
        json!({
            "ruleId": text,
            "ruleIndex": {"type": "integer", "minimum": 0},
            "level": level,
            "message": object(&["text"], json!({"text": text})),
            "locations": {"type": "array", "items": location},
        }),
    );
    let driver = object(
        &["name"],
        json!({
            "name": text, "semanticVersion": text, "informationUri": {"type": "string", "format": "uri"},
            "rules": {"type": "array", "uniqueItems": true, "items": descriptor},
        }),
    );
    let run = object(
        &["tool"],
        json!({
            "tool": object(&["driver"], json!({"driver": driver})),
            "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            "results": {"type": "array", "items": result},
        }),
    );
    object(
        &["version", "runs"],
        json!({
            "$schema": {"type": "string", "format": "uri"},
            "version": {"const": "2.1.0"},
            "runs": {"type": "array", "items": run},
        }),
    )
}

#[test]
fn a_run_writes_one_valid_log_and_nothing_else_on_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let document = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nservers: [{url: https://a.example}]\npaths:\n  /a: {get: {operationId: x, responses: {}}}\n  /ü/{id}: {get: {responses: {}}}\n";
    fs::write(folder.path().join("my crm.yaml"), document).unwrap();
    fs::write(folder.path().join("bad.yaml"), "openapi: [").unwrap();
    let clean = document.replace("  /ü/{id}: {get: {responses: {}}}\n", "");
    fs::write(folder.path().join("clean.yaml"), clean).unwrap();
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for (arguments, code, expected) in [
        (
            ["generate", "my crm.yaml", "--out", "out"].as_slice(),
            0,
            vec!["E0401"],
        ),
        (&["check", "my crm.yaml", "--out", "out"], 0, vec!["E0401"]),
        (
            &["check", "my crm.yaml", "--out", "nowhere"],
            3,
            vec!["E0401", "E0705"],
        ),
        (&["inspect", "my crm.yaml"], 0, vec!["E0401"]),
        (&["inspect", "my crm.yaml", "--strict"], 1, vec!["E0401"]),
        (&["inspect", "bad.yaml"], 1, vec!["E0102"]),
        (&["inspect", "clean.yaml"], 0, vec![]),
        // The document and the folder: both in one log.
        (
            &["generate", "my crm.yaml", "--out", "."],
            1,
            vec!["E0401", "E0701"],
        ),
    ] {
        let said = mcpwright(folder.path(), &[arguments, &["--format", "sarif"]].concat());
        assert_eq!(said.code, code, "{arguments:?}: {}", said.err);
        let log: Value = serde_json::from_str(&said.out).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(&log)
            .map(|e| format!("{e} at {}", e.instance_path()))
            .collect();
        assert_eq!(faults, Vec::<String>::new(), "{arguments:?}");
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        let mut found: Vec<_> = results
            .iter()
            .map(|r| r["ruleId"].as_str().unwrap())
            .collect();
        found.dedup();
        assert_eq!(found, expected, "{arguments:?}");
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            let rule = &run["tool"]["driver"]["rules"][index];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(
                rule["help"]["markdown"]
                    .as_str()
                    .unwrap()
                    .contains("## How to mend it")
            );
        }
        if let Some(first) = results.first().filter(|r| r["ruleId"] == "E0401") {
            let strict = arguments.contains(&"--strict");
            assert_eq!(first["level"], if strict { "error" } else { "warning" });
            let place = &first["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], "my%20crm.yaml");
            assert_eq!(place["region"], json!({"startLine": 6, "startColumn": 13}));
        }
    }
}
