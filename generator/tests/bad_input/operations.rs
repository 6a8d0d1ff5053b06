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
