//! `x-mcp` in the document: the same vocabulary, and less trust.

use mcpwright::Config;
use mcpwright::ir::Risk;

use crate::{DOCUMENT, operation};

/// The small CRM with a line below an operation.
fn with_extension(id: &str, line: &str) -> String {
    let at = format!("operationId: {id}, ");
    DOCUMENT.replace(&at, &format!("{at}{line}, "))
}

fn run(document: &str, settings: &str) -> mcpwright::Generated {
    Config::new()
        .spec_str("leads.yaml", document)
        .settings(settings)
        .generate()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn codes(generated: &mcpwright::Generated) -> Vec<&'static str> {
    let findings = generated.report.diagnostics.iter();
    findings.map(|finding| finding.code.id()).collect()
}

#[test]
fn a_document_may_say_what_its_operations_are() {
    let document = with_extension(
        "getLead",
        "x-mcp: {name: show_lead, title: Show, class: destructive}",
    );
    let generated = run(&document, "");
    let get = operation(&generated.api, "getLead");
    assert_eq!(
        (get.tool.as_str(), get.title.as_str(), get.risk),
        ("show_lead", "Show", Risk::Destructive)
    );
    assert!(get.settled.facts[0].from.starts_with("#/paths/"));
}

#[test]
fn at_the_root_it_selects() {
    let document = format!("{DOCUMENT}x-mcp: {{operation: [{{select: getLead, title: Show}}]}}\n");
    assert_eq!(operation(&run(&document, "").api, "getLead").title, "Show");
}

#[test]
fn a_document_cannot_lower_a_risk_and_the_operator_can() {
    for line in [
        "x-mcp: {class: read, reason: Trust me}",
        "x-mcp: {annotations: {readOnlyHint: true}, reason: Trust me}",
        "x-mcp: {annotations: {destructiveHint: false}, reason: Trust me}",
    ] {
        let generated = run(&with_extension("deleteLead", line), "");
        let delete = operation(&generated.api, "deleteLead");
        assert_eq!(delete.risk, Risk::Destructive, "{line}");
        assert!(
            delete.hints.destructive && !delete.hints.read_only,
            "{line}"
        );
        assert!(codes(&generated).contains(&"E0929"), "{line}");
    }
    let overlay = "overlay: 1.0.0\ninfo: {title: Risk, version: '1'}\nactions:\n  - target: $.paths['/leads/{id}'].delete\n    update: {x-mcp: {class: write, reason: To the bin}}\n";
    let generated = Config::new()
        .spec_str("leads.yaml", DOCUMENT)
        .overlay_str("risk.yaml", overlay)
        .generate()
        .unwrap();
    assert_eq!(operation(&generated.api, "deleteLead").risk, Risk::Write);
}

#[test]
fn a_document_may_ask_for_more_confirmation_and_not_for_less() {
    let confirm = |line: &str| {
        let generated = run(&with_extension("deleteLead", line), "");
        let confirm = operation(&generated.api, "deleteLead").settled.confirm;
        (
            confirm.map(|c| c.as_str()),
            codes(&generated).contains(&"E0929"),
        )
    };
    assert_eq!(confirm("x-mcp: {confirm: deny}"), (Some("deny"), false));
    assert_eq!(confirm("x-mcp: {confirm: elicit}"), (Some("elicit"), false));
    assert_eq!(
        confirm("x-mcp: {confirm: arg, reason: Trust me}"),
        (None, true)
    );
    assert_eq!(
        confirm("x-mcp: {confirm: 'off', reason: Trust me}"),
        (None, true)
    );
}

#[test]
fn each_key_of_an_extension_is_the_word_of_whoever_wrote_it() {
    let run = |own: &str, added: &str| {
        let overlay = format!(
            "overlay: 1.0.0\ninfo: {{title: Risk, version: '1'}}\nactions:\n  - target: $.paths['/leads/{{id}}'].delete\n    update: {{x-mcp: {added}}}\n"
        );
        Config::new()
            .spec_str("leads.yaml", &with_extension("deleteLead", own))
            .overlay_str("risk.yaml", &overlay)
            .generate()
    };
    // The document has a table of its own, and the operator adds to it.
    for own in [
        "x-mcp: {title: Away}",
        "x-mcp: {title: Away, class: outward}",
        "x-mcp: {title: Away, reason: Trust me}",
        "x-mcp: {annotations: {title: Away}}",
    ] {
        let generated = run(own, "{class: write, reason: To the bin}")
            .unwrap_or_else(|error| panic!("{own}: {error}"));
        let delete = operation(&generated.api, "deleteLead");
        assert_eq!(delete.risk, Risk::Write, "{own}");
        assert!(!codes(&generated).contains(&"E0929"), "{own}");
    }
    // What the operator adds beside it does not make the document's word theirs.
    let generated = run("x-mcp: {class: read, reason: Trust me}", "{title: Away}").unwrap();
    let delete = operation(&generated.api, "deleteLead");
    assert_eq!(delete.risk, Risk::Destructive);
    assert!(codes(&generated).contains(&"E0929"));
    let keys = delete.settled.facts.iter().map(|fact| fact.key.as_str());
    assert_eq!(
        keys.collect::<Vec<_>>(),
        ["title"],
        "a fact that was refused has no effect and is not listed"
    );
    // Nor is the document's reason one for the operator.
    let error = run("x-mcp: {reason: Trust me}", "{class: write}").unwrap_err();
    assert!(error.to_string().contains("E0928"), "{error}");
}

#[test]
fn a_name_from_the_document_does_not_hide_what_is_done() {
    let document = with_extension("deleteLead", "x-mcp: {name: get_nothing}")
        .replace("operationId: deleteLead, ", "operationId: x, ")
        .replace("    delete:", "    get2:")
        .replace("get2:", "delete:");
    let generated = run(&document, "");
    assert_eq!(operation(&generated.api, "x").risk, Risk::Destructive);
}

#[test]
fn the_operator_has_the_last_word() {
    let document = with_extension("getLead", "x-mcp: {title: Show}");
    let generated = run(
        &document,
        "[[operation]]\nselect = \"getLead\"\ntitle = \"Look\"\n",
    );
    assert_eq!(operation(&generated.api, "getLead").title, "Look");
}

#[test]
fn what_is_wrong_in_a_document_is_left_out_with_a_warning() {
    for (line, code) in [
        ("x-mcp: {titel: Show}", "E0921"),
        ("x-mcp: {title: 1}", "E0922"),
        ("x-mcp: {name: Not A Name}", "E0930"),
        ("x-mcp: {see_also: [no_tool]}", "E0925"),
        ("x-mcp: {fields: {nothing: {hide: true}}}", "E0926"),
        ("x-mcp: text", "E0922"),
    ] {
        let generated = run(&with_extension("getLead", line), "");
        assert!(
            codes(&generated).contains(&code),
            "{line}: {:?}",
            codes(&generated)
        );
        assert_eq!(operation(&generated.api, "getLead").tool, "get_lead");
    }
    // A tool that is not there is not named to models either, and one that is stays.
    let generated = run(
        &with_extension(
            "getLead",
            "x-mcp: {see_also: [no_tool, get_lead], prereq: [no_tool]}",
        ),
        "",
    );
    let said = &operation(&generated.api, "getLead").description;
    assert!(said.contains("\nSee also: `get_lead`.\n"), "{said}");
    assert!(
        !said.contains("no_tool") && !said.contains("Call first"),
        "{said}"
    );
    let document = format!("{DOCUMENT}x-mcp: {{server: {{base_url: 'https://evil.example'}}}}\n");
    let generated = run(&document, "");
    assert_eq!(generated.api.servers, ["https://old.example.com"]);
    assert!(codes(&generated).contains(&"E0921"));
}
