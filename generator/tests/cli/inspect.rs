//! `inspect` and `explain`.

use super::*;

#[test]
fn inspect_shows_operations_and_tools() {
    let folder = folder();
    assert_data_eq!(
        all(&run(folder.path(), "inspect crm.yaml")),
        str![[r#"
exit 0
--- out
operation                   tool         class  parameters (required)  tokens
GET /leads                  list_leads   read                   0 (0)      26
POST /leads                 create_lead  write                  2 (1)      32
GET /leads/{lead_id}/notes  list_notes   read                   1 (1)      48
--- err
warning[E0401]: DELETE /leads/{id}: `{id}` in the path has no parameter; the operation is left out
  --> crm.yaml:13:5
   |
13 |     delete: {operationId: deleteLead, tags: [Leads], responses: {"204": {description: go…
   |     ^^^^^^
   |
   = help: declare it: `parameters: [{name: id, in: path, required: true, schema: {type: string}}]`
   = help: or paste below `actions:` of an overlay:
           - target: $.paths['/leads/{id}'].delete
             update: {parameters: [{name: id, in: path, required: true, schema: {type: string}}]}

✓ Lead Box 1.2: 4 operations, 3 tools in 2 topics (2 read, 1 write, 0 destructive, 0 outward)
  left out: DELETE /leads/{id} (`{id}` in the path has no parameter)
  hosts named: crm.example.com (server)
  106 tokens (o200k) of names, descriptions and argument schemas; 32 per tool in the median, 48 at most (list_notes)
  5 smells in 3 tools (0 without any): `inspect --smells` lists them

"#]]
    );
}

#[test]
fn inspect_json_is_one_document_for_machines() {
    let folder = folder();
    let said = run(
        folder.path(),
        "inspect crm.yaml --json --exclude listNotes=internal",
    );
    assert_eq!(said.code, 0, "{}", said.err);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(report["title"], "Lead Box");
    assert_eq!(report["server"], "lead-box");
    assert_eq!(report["package"], "lead-box-mcp");
    assert_eq!(report["operations"], 4);
    assert_eq!(report["documentSha256"].as_str().unwrap().len(), 64);
    let codes: Vec<&Value> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| &d["code"])
        .collect();
    assert!(codes.contains(&&Value::from("E0401")), "{codes:?}");
    assert!(said.err.contains("warning[E0401]"), "{}", said.err);
    // What the tools may cost holds here too.
    let few = run(folder.path(), "inspect crm.yaml --json --budget-tokens 1");
    assert_eq!(few.code, 1, "{}", few.err);
    let excluded: Vec<&Value> = report["exclusions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["reason"])
        .collect();
    assert_eq!(excluded.len(), 2, "{excluded:?}");
    assert!(excluded.contains(&&Value::from("internal")), "{excluded:?}");
    let tools = report["tools"].as_array().unwrap();
    assert_eq!(tools.len(), 2);
    let create = &tools[1];
    for (field, expected) in [
        ("tool", Value::from("create_lead")),
        ("method", "POST".into()),
        ("path", "/leads".into()),
        ("operationId", "createLead".into()),
        ("group", "Leads".into()),
        ("class", "write".into()),
        ("parameters", 2.into()),
        ("required", 1.into()),
        ("pointer", "#/paths/~1leads/post".into()),
    ] {
        assert_eq!(create[field], expected, "{field}");
    }
    assert!(create["tokens"].as_u64().unwrap() > 20);
}

#[test]
fn explain_shows_codes_and_operations_stage_by_stage() {
    let folder = folder();
    let said = run(folder.path(), "explain e0401");
    assert_eq!(said.code, 0);
    assert!(
        said.out
            .starts_with("# E0401: A path placeholder has no parameter\n"),
        "{}",
        said.out
    );
    // A code that was meant is named, and no list.
    for (typed, meant) in [("E401", "E0401"), ("401", "E0401"), ("e00401", "E0401")] {
        let said = run(folder.path(), &format!("explain {typed}"));
        let expected = format!("there is no code `{typed}`; did you mean `{meant}`?");
        assert!(
            said.code == 1 && said.err.contains(&expected),
            "{}",
            said.err
        );
    }
    // Of the commands that look alike, the one that is nearest.
    let said = run(folder.path(), "comnect cursor");
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("'connect'") && !said.err.contains("'inspect'"),
        "{}",
        said.err
    );
    let said = run(folder.path(), "explain E9999");
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(
        said.err.contains("there is no code `E9999`"),
        "{}",
        said.err
    );

    // The three ways to name an operation.
    let texts = ["create_lead", "createLead", "POST /leads"].map(|operation| {
        let said = mcpwright(folder.path(), &["explain", "crm.yaml", operation]);
        assert_eq!(said.code, 0, "{operation}: {}", said.err);
        said.out
    });
    assert!(texts.windows(2).all(|pair| pair[0] == pair[1]));
    let document = fs::read_to_string(folder.path().join("crm.yaml")).unwrap();
    let arguments = ["explain", "-", "createLead"];
    let said = mcpwright_with(folder.path(), &arguments, &[], &document);
    assert_eq!(said.out, texts[0], "{}", said.err);
    for stage in ["source", "normalized", "ir", "code"] {
        assert!(
            texts[0].contains(&format!("── {stage} (#/paths/~1leads/post)")),
            "{}",
            texts[0]
        );
        let said = run(
            folder.path(),
            &format!("explain crm.yaml createLead --stage {stage}"),
        );
        assert_eq!(said.code, 0);
        assert!(!said.out.contains("──"), "{}", said.out);
        match stage {
            "code" => assert!(syn::parse_file(&said.out).is_ok(), "{}", said.out),
            _ => drop(serde_json::from_str::<Value>(&said.out).unwrap()),
        }
    }
    let said = run(folder.path(), "explain crm.yaml create_laed");
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("Did you mean `create_lead`?"),
        "{}",
        said.err
    );
}

#[test]
fn a_budget_of_tokens_that_is_exceeded_fails_and_nothing_is_written() {
    let folder = folder();
    for (budget, code) in [(1, 1), (10_000, 0)] {
        let line = format!("inspect crm.yaml --budget-tokens {budget}");
        let said = run(folder.path(), &line);
        assert_eq!(said.code, code, "{}", said.err);
        let line = format!(
            "generate crm.yaml --out out{budget} --runtime registry --budget-tokens {budget}"
        );
        let said = run(folder.path(), &line);
        assert_eq!(said.code, code, "{}", said.err);
        let out = folder.path().join(format!("out{budget}"));
        assert_eq!(out.exists(), code == 0);
        let told = said
            .err
            .contains("and the budget is 1; dearest: list_notes (");
        assert_eq!(told, code == 1, "{}", said.err);
    }
}

/// Issue 4: the 171 operations of Perfex at most 17,000 tokens in all, the tools beside them included; of
/// BottleCRM at most 120 for each tool in the median and 900 for the dearest.
#[test]
fn the_crms_keep_within_their_tokens() {
    let folder = folder();
    let document = |name: &str| {
        support::spec(name)
            .join("openapi.yaml")
            .display()
            .to_string()
    };
    let line = format!(
        "inspect {} --json --budget-tokens 17000",
        document("perfex")
    );
    let said = run(folder.path(), &line);
    assert_eq!(said.code, 0, "{}", said.err);
    let told: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(told["tools"].as_array().unwrap().len(), 171);
    let line = format!("inspect {} --json", document("bottlecrm"));
    let told: Value = serde_json::from_str(&run(folder.path(), &line).out).unwrap();
    let tools = told["tools"].as_array().unwrap();
    let mut costs: Vec<u64> = tools
        .iter()
        .map(|t| t["tokens"].as_u64().unwrap())
        .collect();
    costs.sort_unstable();
    assert!(costs[costs.len() / 2] <= 120, "{}", costs[costs.len() / 2]);
    assert!(costs.last() <= Some(&900), "{:?}", costs.last());
}

#[test]
fn inspect_lists_classes_with_reasons_and_smells_for_a_review() {
    let folder = folder();
    let said = run(
        folder.path(),
        "inspect crm.yaml --risk -q --exclude listNotes=internal",
    );
    assert_data_eq!(
        said.out,
        str![[r#"
class  tool         operation    hints                why
write  create_lead  POST /leads                       POST creates or adds
read   list_leads   GET /leads   readOnly idempotent  GET reads

"#]]
    );
    let said = run(folder.path(), "inspect crm.yaml --smells -q");
    assert_data_eq!(
        said.out,
        str![[r#"
list_leads (2)
  - no purpose: the description has the words of the name only
  - the answer is not described
list_notes (2)
  - no purpose: the description has the words of the name only
  - the answer is not described
create_lead (1)
  - no purpose: the description has the words of the name only

"#]]
    );
    let said = run(folder.path(), "inspect crm.yaml --smells --risk");
    assert_eq!(said.code, 2, "{}", said.err);
}
