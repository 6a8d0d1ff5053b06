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
        (&["--budget", "bytes"], 2, "expected `NAME=VALUE`"),
        (&["--budget", "size=1"], 2, "the budgets are `bytes`"),
        (&["--budget", "bytes=many"], 2, "takes a whole number"),
        (&["--budget", "depth=121"], 2, "at most 120"),
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
            "E0360",
            "--budget ref_hops=128",
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

/// A document that needs more than a small budget, for each budget: the budget, the value that it is
/// lowered to, and the code of the refusal.
fn costly() -> [(&'static str, &'static str, usize, &'static str, String); 10] {
    let aliases = "x: [&a 1, *a, *a, *a, *a]\n".to_owned() + &document("");
    let second = document("  /b: {get: {operationId: b, responses: {}}}\n");
    let files = document("  /b: {$ref: b.yaml}\n");
    let hops = document(
        "  /b: {get: {operationId: b, parameters: [{$ref: '#/components/parameters/A'}], responses: {}}}\n",
    ) + "components:\n  parameters:\n    A: {$ref: '#/components/parameters/B'}\n    B: {$ref: '#/components/parameters/C'}\n    C: {name: c, in: query, schema: {type: string}}\n";
    let values = document(
        "  /b: {get: {operationId: b, parameters: [{name: q, in: query, schema: {enum: [a, b, c]}}], responses: {}}}\n",
    );
    [
        ("bytes", "api.yaml", 99, "E0109", second.clone()),
        ("bytes", "b.yaml", files.len() + 5, "E0109", files.clone()),
        ("nodes", "api.yaml", 9, "E0110", second.clone()),
        ("depth", "api.yaml", 3, "E0111", second.clone()),
        ("aliases", "api.yaml", 2, "E0112", aliases),
        ("operations", "api.yaml", 1, "E0412", second),
        ("files", "api.yaml", 1, "E0120", files),
        ("ref_hops", "api.yaml", 1, "E0360", hops),
        ("enum_values", "api.yaml", 2, "E0513", values.clone()),
        ("schemas", "api.yaml", 3, "E0528", values),
    ]
}

/// The option that a help text offers.
fn offered(help: &str) -> String {
    let start = help.find("--budget ").unwrap_or_else(|| panic!("{help}"));
    help[start..].split('`').next().unwrap().to_owned()
}

#[test]
fn a_refusal_names_the_budget_its_value_its_place_and_the_option_that_raises_it() {
    for (budget, file, low, code, text) in costly() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("api.yaml"), text).unwrap();
        let part = "get: {operationId: b, responses: {}}\n";
        fs::write(folder.path().join("b.yaml"), part).unwrap();
        let run = |options: &[String]| {
            let mut arguments = vec!["inspect", "api.yaml", "--strict", "--format", "json"];
            let split = options.iter().flat_map(|option| option.split(' '));
            arguments.extend(split);
            mcpwright(folder.path(), &arguments)
        };
        let mut options = vec![format!("--budget {budget}={low}")];
        let said = run(&options);
        assert_eq!(said.code, 1, "{budget}: {}", said.err);
        let findings = findings(&said);
        let finding = findings.iter().find(|finding| finding["code"] == code);
        let finding = finding.unwrap_or_else(|| panic!("{budget}: {}", said.err));
        assert!(finding["line"].is_u64(), "{budget}: {finding}");
        let help = finding["help"].as_str().unwrap();
        if file == "api.yaml" {
            assert!(help.contains(&format!("`{budget}` is {low}")), "{help}");
        }
        // What is offered may be used up again, and is doubled then.
        let mut code = said.code;
        let mut help = help.to_owned();
        for _ in 0..9 {
            options.push(offered(&help));
            let said = run(&options);
            code = said.code;
            if code == 0 {
                break;
            }
            help = super::findings(&said)[0]["help"]
                .as_str()
                .unwrap()
                .to_owned();
        }
        assert_eq!(code, 0, "{budget}: {options:?}");
    }
}

#[test]
fn settings_raise_budgets_and_options_count_more() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("api.yaml"), document("")).unwrap();
    let settings = |text: &str| {
        let text = format!("[server.budgets]\n{text}\n");
        fs::write(folder.path().join("mcpwright.toml"), text).unwrap();
    };
    for (text, options, code, said) in [
        ("operations = 0", &[][..], 1, "error[E0412]"),
        ("operations = 0", &["--budget", "operations=1"], 0, ""),
        ("nodes = 3", &[], 1, "error[E0110]"),
        ("depth = 121", &[], 1, "at most 120"),
        ("depht = 12", &[], 1, "did you mean `depth`?"),
        ("bytes = -1", &[], 1, "a whole number"),
    ] {
        settings(text);
        let mut arguments = vec!["inspect", "api.yaml"];
        arguments.extend(options);
        let heard = mcpwright(folder.path(), &arguments);
        assert_eq!(heard.code, code, "{text}: {}", heard.err);
        assert!(heard.err.contains(said), "{text}: {}", heard.err);
    }
}
