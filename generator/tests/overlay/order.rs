//! When overlays are applied, what the hash covers, and what they may cost.

use super::*;

#[test]
fn overlays_are_applied_in_order_and_before_anything_else() {
    let version = overlay(
        "1.1.0",
        &json!([{"target": "$.openapi", "update": "3.1.1"}]),
    );
    let first = overlay(
        "1.0.0",
        &json!([{"target": "$.info", "update": {"title": "First"}}]),
    );
    let second = overlay(
        "1.0.0",
        &json!([{"target": "$.info[?@ == 'First']", "update": "Second"}]),
    );
    let run = |overlays: &[&str]| {
        let document = DOCUMENT.replace("3.1.0", "9.9.9");
        overlays
            .iter()
            .enumerate()
            .fold(
                Config::new().spec_str("crm.yaml", &document),
                |config, (n, text)| config.overlay_str(&format!("folder/{n}.json"), text),
            )
            .generate()
    };
    assert!(run(&[]).is_err());
    let generated = run(&[&version, &first, &second]).unwrap();
    assert_eq!(generated.api.title, "Second");
    assert_eq!(
        run(&[&version, &second, &first]).unwrap().api.title,
        "First"
    );
    assert_eq!(
        generated.files,
        run(&[&version, &first, &second]).unwrap().files
    );
    assert_eq!(
        generated.api.document_name,
        "crm.yaml + 0.json + 1.json + 2.json"
    );
}

#[test]
fn the_hash_in_generated_files_covers_the_overlays() {
    let run = |text: Option<&str>| {
        let mut config = Config::new().spec_str("crm.yaml", DOCUMENT);
        if let Some(text) = text {
            config = config.overlay_str("o.json", text);
        }
        config.generate().unwrap()
    };
    let one = overlay(
        "1.0.0",
        &json!([{"target": "$.info", "update": {"title": "Lead Box"}}]),
    );
    let (without, with) = (run(None), run(Some(&one)));
    let spaced = run(Some(&format!("{one} ")));
    let hashes = [&without, &with, &spaced].map(|run| run.api.document_sha256.clone());
    assert!(
        hashes[0] != hashes[1] && hashes[1] != hashes[2],
        "{hashes:?}"
    );
    for (path, text) in with
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("src/types"))
    {
        assert!(text.contains(&hashes[1][..16]), "{path}");
    }
    assert!(with.files["src/lib.rs"].contains(&hashes[1]));
    assert!(with.files["mcpwright.manifest.json"].contains(&hashes[1]));
}

#[test]
fn hostile_overlays_stay_within_the_budgets() {
    let small = Budgets {
        nodes: 2_000,
        ..Budgets::default()
    };
    let doubling: Vec<Value> = (0..60)
        .map(|_| json!({"target": "$.x", "copy": "$.x"}))
        .collect();
    let doubling = [
        vec![json!({"target": "$", "update": {"x": [1, 2]}})],
        doubling,
    ]
    .concat();
    let nesting: Vec<Value> = (0..60)
        .map(|_| json!({"target": "$.x", "copy": "$"}))
        .collect();
    let nesting = [vec![json!({"target": "$", "update": {"x": []}})], nesting].concat();
    let wide = json!([{"target": "$..*[?@.description]", "update": {"x": vec![0; 1_900]}}]);
    let too_deep = (0..80).fold(json!(1), |inner, _| json!([inner]));
    for (case, actions, expected) in [
        ("doubling", json!(doubling), vec!["E0110"]),
        ("an array in itself", json!(nesting), vec!["E0110", "E0111"]),
        ("many targets", wide, vec!["E0110"]),
        (
            "deep",
            json!([{"target": "$", "update": {"x": too_deep}}]),
            vec!["E0111"],
        ),
        (
            "a costly query",
            json!([{"target": "$..*[?count($..*[?count($..*) > 1]) > 1]", "remove": true}]),
            vec!["E0909"],
        ),
    ] {
        let error = Config::new()
            .spec_str("crm.yaml", DOCUMENT)
            .overlay_str("o.json", &overlay("1.1.0", &actions))
            .budgets(small)
            .generate()
            .unwrap_err();
        let found = codes(&error);
        assert!(
            found.iter().all(|code| expected.contains(code)) && found.len() == 1,
            "{case}: {found:?}"
        );
    }
    let error = Config::new()
        .spec_str("crm.yaml", DOCUMENT)
        .overlay_str("bomb.yaml", "a: &a [1]\nb: &b [*a, *a]\nc: &b [1]\n")
        .generate()
        .unwrap_err();
    assert_eq!(refused(&error)[0].document.as_deref(), Some("bomb.yaml"));
}
