//! Operations that cannot be used.

use super::*;

/// Operations that cannot be tools beside one that can: path entries, the code and its line, and the
/// reason for which the operation is left out.
const BAD_OPERATIONS: [(&str, &str, &str); 5] = [
    (
        "  /a/{id}: {get: {responses: {}}}\n",
        "E0401",
        "GET /a/{id}",
    ),
    (
        "  /a: {get: {parameters: [{$ref: \"#/nowhere\"}], responses: {}}}\n",
        "E0301",
        "GET /a",
    ),
    ("  /a: {get: []}\n", "E0405", "GET /a"),
    ("  /a/{: {get: {responses: {}}}\n", "E0405", "GET /a/{"),
    ("  a: {get: {responses: {}}}\n", "E0407", "GET a"),
];

#[test]
fn a_bad_operation_is_skipped_with_a_reason_and_the_rest_is_generated() {
    for (paths, code, label) in BAD_OPERATIONS {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("api.yaml"), document(paths)).unwrap();
        let run = |more: &[&str]| {
            let mut arguments = vec![
                "generate",
                "api.yaml",
                "--out",
                "out",
                "--runtime",
                "registry",
            ];
            arguments.extend(more);
            mcpwright(folder.path(), &arguments)
        };
        // Strictly, it is an error, and nothing is written.
        let said = run(&["--strict"]);
        assert_eq!(said.code, 1, "{paths}: {}", said.err);
        assert!(
            said.err.contains(&format!("error[{code}]")),
            "{paths}: {}",
            said.err
        );
        assert!(!folder.path().join("out").exists(), "{paths}");
        // Otherwise the other operation works, and everybody is told.
        let said = run(&[]);
        assert_eq!(said.code, 0, "{paths}: {}", said.err);
        assert!(
            said.err.contains(&format!("warning[{code}]")),
            "{paths}: {}",
            said.err
        );
        assert!(said.err.contains("api.yaml:6:"), "{paths}: {}", said.err);
        assert!(
            said.err.contains("2 operations, 1 tool in 1 topic"),
            "{paths}: {}",
            said.err
        );
        assert!(
            said.err.contains(&format!("left out: {label} (")),
            "{paths}: {}",
            said.err
        );
        let leads = fs::read_to_string(folder.path().join("out/src/operations/leads.rs")).unwrap();
        assert!(leads.contains("pub struct ListLeads"), "{paths}");
        let root = fs::read_to_string(folder.path().join("out/src/lib.rs")).unwrap();
        assert!(
            root.contains("operation::Exclusion {"),
            "{paths}: the crate must say what it lacks"
        );
    }
}

#[test]
fn methods_that_are_no_requests_become_no_tools_and_the_reason_is_said() {
    let response = "{responses: {'204': {description: ok}}}";
    let folder = tempfile::tempdir().unwrap();
    let text = document(&format!(
        "  /b:\n    trace: {response}\n    get: {response}\n    additionalOperations:\n      \
         CONNECT: {response}\n      connect: {response}\n      PRI: {response}\n      \
         'BAD METHOD': {response}\n      Get: {response}\n      post: {response}\n      COPY: {response}\n"
    ));
    let said = mcpwright_with(folder.path(), &["inspect", "-", "--json"], &[], &text);
    assert_eq!(said.code, 0, "{}", said.err);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let methods: Vec<&str> = report["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["method"].as_str().unwrap())
        .collect();
    assert_eq!(methods, ["GET", "GET", "POST", "COPY"], "{report:#}");
    let said = mcpwright_with(
        folder.path(),
        &["inspect", "-", "--format", "json"],
        &[],
        &text,
    );
    for (code, count, reason) in [
        ("E0405", 5, "opens a tunnel"),
        ("E0405", 5, "sends the request back"),
        ("E0405", 5, "reserved"),
        ("E0405", 5, "not an HTTP token"),
        ("E0219", 2, "GET /b stands in `additionalOperations`"),
    ] {
        let findings = findings(&said);
        let of_code: Vec<_> = findings.iter().filter(|f| f["code"] == code).collect();
        assert_eq!(of_code.len(), count, "{code}: {}", said.err);
        assert!(said.err.contains(reason), "{reason}: {}", said.err);
    }
}

#[test]
fn an_operation_in_a_field_that_no_method_has_is_said_and_counted() {
    let response = "{responses: {'204': {description: ok}}}";
    let extensions = format!("x-get: {response}, X-Put: {response}");
    for (field, code) in [
        ("pst", "E0405"),
        ("purge", "E0405"),
        ("LINK", "E0405"),
        ("'get '", "E0220"),
        ("GET", "E0220"),
        ("delte", "E0220"),
        // Beside the method itself it is not taken for it.
        ("gett", "E0405"),
    ] {
        let beside = if field == "gett" { "get" } else { "put" };
        let text = document(&format!(
            "  /b: {{{field}: {response}, {beside}: {response}, {extensions}}}\n"
        ));
        let folder = tempfile::tempdir().unwrap();
        let arguments = ["inspect", "-", "--format", "json"];
        let said = mcpwright_with(folder.path(), &arguments, &[], &text);
        let codes: Vec<_> = findings(&said).iter().map(|f| f["code"].clone()).collect();
        assert_eq!(codes, [code], "{field}: {}", said.err);
        let said = mcpwright_with(folder.path(), &["inspect", "-"], &[], &text);
        let name = field.trim_matches('\'').trim();
        assert!(said.err.contains("3 operations, 2 tools"), "{}", said.err);
        assert!(
            said.err.contains(&format!("left out: {name}")),
            "{}",
            said.err
        );
    }
}

#[test]
fn parameters_and_bodies_of_the_wrong_kind_cost_the_operation_and_not_only_themselves() {
    for (more, reason) in [
        ("parameters: none", "its `parameters` are not a list"),
        ("parameters: [5]", "no `name`"),
        ("requestBody: none", "its request body is not an object"),
        ("requestBody: {$ref: '#/info'}", "is not a request body"),
        (
            "parameters: [{$ref: '#/components/schemas/A'}]",
            "is not a parameter",
        ),
    ] {
        let text = document(&format!(
            "  /b: {{post: {{operationId: b, {more}, responses: {{}}}}}}\ncomponents: {{schemas: {{A: {{type: string}}}}}}\n"
        ));
        let folder = tempfile::tempdir().unwrap();
        let said = mcpwright_with(folder.path(), &["inspect", "-"], &[], &text);
        assert_eq!(said.code, 0, "{more}: {}", said.err);
        assert!(said.err.contains(reason), "{more}: {}", said.err);
        assert!(said.err.contains("1 tool"), "{more}: {}", said.err);
        let strict = mcpwright_with(folder.path(), &["inspect", "-", "--strict"], &[], &text);
        assert_eq!(strict.code, 1, "{more}");
    }
}
