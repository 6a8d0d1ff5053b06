//! What references do not reach, and what is said.

use super::*;

const BROKEN: &str = "A: [1\nB: 2\n";
const HERE: &str = "Lead: {}\nRound: {$ref: '#/Round/x'}\n";

#[test]
fn a_file_that_is_not_there_and_has_the_name_of_a_component_is_meant_to_be_it() {
    for (reference, meant) in [
        ("Lead", Some("#/components/schemas/Lead")),
        ("components/schemas/Lead", Some("#/components/schemas/Lead")),
        (
            "./components/schemas/Lead",
            Some("#/components/schemas/Lead"),
        ),
        (
            "/components/schemas/Lead",
            Some("#/components/schemas/Lead"),
        ),
        ("Both", None),
        (
            "components/responses/Both",
            Some("#/components/responses/Both"),
        ),
        ("components/schemas/None", None),
        ("https://e.com/Lead", None),
    ] {
        let schemas = "components: {schemas: {Lead: {type: object}, Both: {}}, responses: {Both: {description: ok}}}\n";
        let document = answering(&format!("{{$ref: \"{reference}\"}}")) + schemas;
        let generated = generate(&document, &[]);
        let said = &generated.report.diagnostics[0];
        let help = said.help.as_deref().unwrap_or_default();
        let expected = meant.map(|meant| format!("did you mean `{meant}`?"));
        let offered = help.starts_with("did you mean").then(|| help.to_owned());
        assert_eq!(offered, expected, "{reference}: {said}");
        assert_eq!(said.overlay.is_some(), meant.is_some(), "{reference}");
    }
}

#[test]
fn what_is_not_followed_accepts_any_value_and_says_why() {
    for (reference, code, reason, remedy) in [
        ("../x.yaml", "E0341", "leaves the folder", "--ref-root"),
        ("..%2Fx.yaml", "E0341", "leaves the folder", "--ref-root"),
        // No folder helps with these: they are never followed.
        ("/etc/passwd", "E0341", "leaves the folder", "as seen from"),
        (
            "file:///etc/passwd",
            "E0341",
            "leaves the folder",
            "as seen from",
        ),
        ("C:\\\\x.yaml", "E0341", "leaves the folder", "as seen from"),
        (
            "absent.yaml",
            "E0340",
            "`absent.yaml` cannot be read",
            "Config::file",
        ),
        (
            "here.yaml#/Nothing",
            "E0301",
            "`#/Nothing` does not exist in `here.yaml`",
            "correct",
        ),
        (
            "broken.yaml#/A",
            "E0361",
            "the file `broken.yaml` cannot be used: the YAML is malformed",
            "brackets",
        ),
        (
            "here.yaml#/Round/x",
            "E0302",
            "leads back to itself",
            "definition",
        ),
        (
            "https://e.com/a.json#/A",
            "E0303",
            "`https://e.com/a.json`",
            "--ref-map https://e.com/a.json=FILE`; or let it be fetched: `--allow-fetch e.com`",
        ),
        ("HTTP://169.254.169.254/", "E0303", "network", "--ref-map"),
    ] {
        let document = answering(&format!("{{$ref: \"{reference}\"}}"));
        let generated = generate(&document, &[("here.yaml", HERE), ("broken.yaml", BROKEN)]);
        assert_eq!(codes(&generated), [code], "{reference}");
        let said = &generated.report.diagnostics[0];
        assert!(said.message.contains(reason), "{reference}: {said}");
        assert!(said.help.as_ref().unwrap().contains(remedy), "{said:?}");
        assert_eq!(generated.api.operations().count(), 1);
        let strict =
            config(&document, &[("here.yaml", HERE), ("broken.yaml", BROKEN)]).strict(true);
        assert_eq!(refused(&strict)[0].code.id(), code);
    }
}

#[test]
fn addresses_are_mapped_to_files_and_never_fetched() {
    let document = answering("{$ref: 'https://e.com/schemas/lead.json#/Lead'}");
    let lead = r#"{"Lead": {"type": "object", "properties": {"owner": {"$ref": "user.json"}}}}"#;
    let user = r#"{"$id": "https://e.com/ids/user", "type": "object", "properties": {"boss": {"$ref": "https://e.com/ids/user"}}}"#;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("lead.json"), lead).unwrap();
    fs::write(path("user.json"), user).unwrap();
    let generated = config(&document, &[])
        .ref_map("https://e.com/schemas/", folder.path())
        .generate()
        .unwrap();
    assert_eq!(codes(&generated), [""; 0]);
    assert_eq!(types(&generated), ["Lead", "User"]);
    // One file for one address; what it refers to has an address of its own.
    let generated = config(&document, &[])
        .ref_map("https://e.com/schemas/lead.json", path("lead.json"))
        .generate()
        .unwrap();
    assert_eq!(codes(&generated), ["E0303"]);
    assert!(
        generated.report.diagnostics[0]
            .message
            .contains("https://e.com/schemas/user.json")
    );
    // A mapped folder is a jail too.
    let document = answering("{$ref: 'https://e.com/schemas/x/../../secret.json'}");
    fs::create_dir(path("sub")).unwrap();
    fs::write(path("secret.json"), "{}").unwrap();
    let generated = config(&document, &[])
        .ref_map("https://e.com/schemas/", path("sub"))
        .generate()
        .unwrap();
    assert_eq!(codes(&generated), ["E0341"]);
}

#[test]
fn a_document_with_an_address_of_its_own_is_found_under_it() {
    let document = answering("{$ref: 'https://e.com/api/schemas/lead.yaml'}")
        + "$self: https://e.com/api/crm.yaml\ncomponents: {schemas: {Error: {type: object, properties: {m: {type: string}}}}}\n";
    let lead = "properties: {e: {$ref: 'https://e.com/api/crm.yaml#/components/schemas/Error'}}";
    let generated = generate(&document, &[("schemas/lead.yaml", lead)]);
    assert_eq!(codes(&generated), [""; 0]);
    assert_eq!(types(&generated), ["Error", "Lead"]);
}

#[test]
fn references_start_from_the_address_that_a_file_gives_itself() {
    const OWN: &str = "https://e.com/api/crm.yaml";
    let lead = "{type: object, properties: {n: {type: string}}}";
    let parts = format!("components: {{schemas: {{Lead: {lead}}}}}\n");
    let at = |own: &str, target: &str| {
        let document = answering(&format!("{{$ref: '{target}'}}"));
        format!("{document}$self: {own}\n{parts}")
    };
    let local = "#/components/schemas/Lead";
    let file = format!("Lead: {lead}\n");
    for (own, target, files) in [
        // The document itself, by every form of a reference (RFC 3986 §4.2).
        (OWN, format!("crm.yaml{local}"), vec![]),
        (OWN, format!("./crm.yaml{local}"), vec![]),
        (OWN, format!("../api/crm.yaml{local}"), vec![]),
        (OWN, format!("/api/crm.yaml{local}"), vec![]),
        (OWN, format!("//e.com/api/crm.yaml{local}"), vec![]),
        (OWN, format!("{OWN}{local}"), vec![]),
        ("other/a.yaml", format!("a.yaml{local}"), vec![]),
        // Files beside the address are those beside the document.
        (OWN, "x/lead.yaml#/Lead".to_owned(), vec!["x/lead.yaml"]),
        (
            OWN,
            "/api/x/lead.yaml#/Lead".to_owned(),
            vec!["x/lead.yaml"],
        ),
        (
            OWN,
            "//e.com/api/lead.yaml#/Lead".to_owned(),
            vec!["lead.yaml"],
        ),
        // Those that somebody gave for the address come first.
        (
            OWN,
            "lead.yaml#/Lead".to_owned(),
            vec!["https://e.com/api/lead.yaml"],
        ),
        (
            OWN,
            "/lead.yaml#/Lead".to_owned(),
            vec!["https://e.com/lead.yaml"],
        ),
        (
            "other/a.yaml",
            "lead.yaml#/Lead".to_owned(),
            vec!["other/lead.yaml"],
        ),
        // Nothing is there: where the file itself is, there may be.
        (
            "other/a.yaml",
            "lead.yaml#/Lead".to_owned(),
            vec!["lead.yaml"],
        ),
    ] {
        let files: Vec<_> = files.iter().map(|name| (*name, file.as_str())).collect();
        let generated = generate(&at(own, &target), &files);
        assert_eq!(codes(&generated), [""; 0], "{own} {target}");
        assert_eq!(types(&generated).len(), 1, "{own} {target}");
    }
    // Of a further file too.
    let document = answering("{$ref: 'schemas/lead.json'}");
    let lead = r#"{"$id": "https://e.com/s/lead.json", "type": "object", "properties": {"o": {"$ref": "/s/owner.json"}}}"#;
    let owner = r#"{"type": "object", "properties": {"n": {"type": "string"}}}"#;
    let files = [("schemas/lead.json", lead), ("schemas/owner.json", owner)];
    let generated = generate(&document, &files);
    assert_eq!(codes(&generated), [""; 0]);
    assert_eq!(types(&generated), ["Lead", "Owner"]);
    // What nobody has is asked for by its address, and never fetched.
    for target in ["/else/lead.yaml", "//f.com/lead.yaml"] {
        let generated = generate(&at(OWN, target), &[]);
        assert_eq!(codes(&generated), ["E0303"], "{target}");
    }
}

#[test]
fn schemas_with_an_address_in_other_files_are_found_whichever_file_is_read_first() {
    // Webhooks are looked at last.
    let document = |schema: &str| {
        answering(&format!("{{type: object, properties: {{{schema}}}}}"))
            + "components: {schemas: {Own: {$id: 'https://e.com/own', type: object, properties: {o: {type: string}}}}}\n\
               webhooks: {w: {post: {requestBody: {content: {application/json: {schema: {$ref: 'defs.json'}}}}, responses: {}}}}\n"
    };
    let defs = r##"{"type": "object", "properties": {"own": {"$ref": "https://e.com/own"}}, "$defs": {
        "a": {"$id": "https://e.com/ids/a", "type": "object", "properties": {"n": {"$ref": "#/$defs/n"}},
              "$defs": {"n": {"$anchor": "n", "type": "object", "properties": {"x": {"type": "string"}}}}},
        "b": {"$id": "urn:e:b", "type": "object", "properties": {"y": {"type": "string"}}}}}"##;
    let plain =
        r#"{"type": "object", "properties": {"a": {"$ref": "https://e.com/ids/a#/$defs/n"}}}"#;
    for (schema, count) in [
        ("first: {$ref: 'https://e.com/ids/a'}", 3),
        ("first: {$ref: 'https://e.com/ids/a#/$defs/n'}", 2),
        ("first: {$ref: 'https://e.com/ids/a#n'}", 2),
        ("first: {$ref: 'urn:e:b'}", 2),
        ("first: {$ref: 'plain.json'}", 3),
        // The other file is read by then.
        (
            "first: {$ref: 'defs.json'}, second: {$ref: 'https://e.com/ids/a#/$defs/n'}",
            4,
        ),
    ] {
        let files = [("defs.json", defs), ("plain.json", plain)];
        let generated = generate(&document(schema), &files);
        assert_eq!(codes(&generated), [""; 0], "{schema}");
        assert_eq!(
            types(&generated).len(),
            count,
            "{schema}: {:?}",
            types(&generated)
        );
    }
    let generated = generate(
        &document("first: {$ref: 'https://e.com/ids/none'}"),
        &[("defs.json", defs)],
    );
    assert_eq!(codes(&generated), ["E0303"]);
}
