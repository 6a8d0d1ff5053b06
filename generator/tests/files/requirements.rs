//! Security requirements that name a scheme by URI (OpenAPI 3.2 §4.30).

use super::*;

const KEY: &str = "{type: apiKey, in: header, name: X-Key}";

/// A document whose one operation requires `name`.
fn requiring(name: &str, more: &str) -> String {
    format!(
        "openapi: 3.2.0\ninfo: {{title: Leads, version: '1'}}\nservers: [{{url: https://crm.example.com}}]\n\
         paths: {{/leads: {{get: {{operationId: listLeads, security: [{{'{name}': []}}], responses: {{}}}}}}}}\n{more}"
    )
}

/// Names and variables of the schemes that the first operation needs.
fn needed(generated: &Generated) -> Vec<(String, Vec<String>)> {
    let operation = generated.api.operations().next().unwrap();
    let all = operation.security.iter().flatten();
    all.map(|one| &generated.api.schemes[one.scheme])
        .map(|scheme| (scheme.name.clone(), scheme.variables.clone()))
        .collect()
}

#[test]
fn a_requirement_names_a_scheme_by_its_name_or_its_uri() {
    let schemes = format!("components: {{securitySchemes: {{k: {KEY}}}}}\n");
    let own = format!("$self: https://e.com/api/crm.yaml\n{schemes}");
    let elsewhere = format!("x-schemes: {{k: {KEY}}}\n");
    let behind = "components: {securitySchemes: {k: {$ref: '#/x-schemes/k'}}}\nx-schemes: {k: {type: apiKey, in: header, name: X-Key}}\n";
    let same = format!("components: {{securitySchemes: {{'./k.yaml': {KEY}}}}}\n");
    for (name, more, expected) in [
        ("k", schemes.as_str(), "k"),
        ("#/components/securitySchemes/k", &schemes, "k"),
        ("crm.yaml#/components/securitySchemes/k", &schemes, "k"),
        ("./crm.yaml#/components/securitySchemes/k", &schemes, "k"),
        (
            "https://e.com/api/crm.yaml#/components/securitySchemes/k",
            &own,
            "k",
        ),
        ("#/x-schemes/k", &elsewhere, "k"),
        ("#/x-schemes/k", behind, "k"),
        ("#/components/securitySchemes/k", behind, "k"),
        // A component has the first claim on its name.
        ("./k.yaml", &same, "./k.yaml"),
        // Other files.
        ("./schemes.yaml#/k", "", "k"),
        ("schemes.yaml#/k", "", "k"),
        ("./one.yaml", "", "one"),
    ] {
        let file = format!("k: {KEY}\n");
        let files = [("schemes.yaml", file.as_str()), ("one.yaml", KEY)];
        let generated = generate(&requiring(name, more), &files);
        assert_eq!(codes(&generated), [""; 0], "{name}");
        let found = needed(&generated);
        assert_eq!(
            found,
            [(expected.to_owned(), vec!["LEADS_API_KEY".to_owned()])],
            "{name}"
        );
        assert_eq!(generated.api.schemes.len(), 1, "{name}");
    }
}

#[test]
fn an_operation_of_another_file_names_schemes_from_there() {
    let document = "openapi: 3.2.0\ninfo: {title: Leads, version: '1'}\nservers: [{url: https://crm.example.com}]\n\
         paths: {/leads: {$ref: 'paths/leads.yaml'}}\n";
    let leads =
        "get: {operationId: listLeads, security: [{'../schemes.yaml#/k': []}], responses: {}}\n";
    let schemes = format!("k: {KEY}\n");
    let files = [
        ("paths/leads.yaml", leads),
        ("schemes.yaml", schemes.as_str()),
    ];
    let generated = generate(document, &files);
    assert_eq!(codes(&generated), [""; 0]);
    assert_eq!(needed(&generated)[0].0, "k");
}

#[test]
fn a_uri_that_leads_to_no_scheme_says_why_and_offers_no_bearer_token() {
    let schemes = format!("components: {{securitySchemes: {{login: {KEY}}}}}\n");
    for (name, said) in [
        ("#/components/securitySchemes/nowhere", "nothing stands"),
        ("#/components/securitySchemes/lgin", "nothing stands"),
        ("#/info", "no Security Scheme Object"),
        ("./none.yaml#/k", "none.yaml"),
        ("https://e.com/schemes.yaml#/k", "network"),
        ("/etc/passwd#/k", "leaves the folder"),
    ] {
        let generated = generate(&requiring(name, &schemes), &[]);
        assert_eq!(codes(&generated), ["E0601"], "{name}");
        let mut all = generated.report.diagnostics.iter();
        let finding = all.find(|one| one.code.id() == "E0601").unwrap();
        let notes = finding.notes.join("\n");
        assert!(notes.contains(said), "{name}: {notes}");
        assert!(finding.overlay.is_none(), "{name}");
        let help = finding.help.as_deref().unwrap_or_default();
        let near = "did you mean `#/components/securitySchemes/login`?";
        assert_eq!(help == near, name.ends_with("lgin"), "{name}: {help}");
    }
}
