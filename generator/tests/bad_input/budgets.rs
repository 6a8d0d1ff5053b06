//! Options that make no sense, and documents that exhaust a budget.

use super::*;

#[test]
fn options_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("api.yaml"), document("")).unwrap();
    let before = listing(folder.path());
    for (options, code, reason) in [
        (&["--name", "Not A Name"][..], 1, "error[E0801]"),
        (&["--package", "../x"], 1, "error[E0801]"),
        (&["--package", "a--b"], 1, "error[E0801]"),
        (&["--package", "a-_b"], 1, "error[E0801]"),
        (&["--name", "a--b"], 1, "error[E0801]"),
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
        (
            "a long chain of references",
            chain,
            "E0302",
            "budget `ref_hops`",
        ),
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
