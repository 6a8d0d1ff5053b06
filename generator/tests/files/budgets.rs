//! Budgets, places of findings, and the hash.

use super::*;

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
    // A file that is malformed is as good as absent; it is said where it is and what is wrong there.
    write("schemas/lead.yaml", "type: object\n  x: y\n");
    let said = mcpwright(folder.path(), &["generate", "crm.yaml", "--out", "out"]);
    assert_eq!(said.code, 0, "{}", said.err);
    for expected in [
        "warning[E0361]",
        "crm.yaml:11:",
        "E0102 at schemas/lead.yaml:2:4",
        "mapping values are not allowed",
    ] {
        assert!(said.err.contains(expected), "{expected}: {}", said.err);
    }
    for options in [&["--strict"][..], &["--budget", "depth=2"]] {
        let arguments = [&["inspect", "crm.yaml"][..], options].concat();
        assert_eq!(mcpwright(folder.path(), &arguments).code, 1, "{options:?}");
    }
}
