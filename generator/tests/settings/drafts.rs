//! The configurations of four CRMs fit our documents and those of the vendors.

use std::path::PathBuf;

use mcpwright::{Config, Generated};

use crate::support::{repository, spec};

struct Draft {
    name: &'static str,
    overlays: &'static [&'static str],
    vendor: &'static str,
    vendor_overlays: &'static [&'static str],
    operations: usize,
}

const DRAFTS: [Draft; 4] = [
    Draft {
        name: "perfex",
        overlays: &["overlay.yaml"],
        vendor: "perfexapi-reconstructed.json",
        vendor_overlays: &["overlay.yaml", "vendor.overlay.yaml"],
        operations: 171,
    },
    Draft {
        name: "pingcrm",
        overlays: &[],
        vendor: "pingcrm.json",
        vendor_overlays: &[],
        operations: 127,
    },
    Draft {
        name: "customermates",
        overlays: &[],
        vendor: "customermates.json",
        vendor_overlays: &[],
        operations: 47,
    },
    Draft {
        name: "bottlecrm",
        overlays: &[],
        vendor: "bottlecrm-31.yaml",
        vendor_overlays: &["overlay.yaml", "vendor.overlay.yaml"],
        operations: 355,
    },
];

fn run(draft: &Draft, document: PathBuf, overlays: &[&str]) -> Generated {
    let folder = spec(draft.name);
    let mut config = Config::new()
        .spec(document)
        .settings_file(folder.join("mcpwright.toml"));
    for overlay in overlays {
        config = config.overlay(folder.join(overlay));
    }
    config
        .generate()
        .unwrap_or_else(|error| panic!("{}: {error}", draft.name))
}

fn check(draft: &Draft, generated: &Generated) {
    let api = &generated.api;
    assert_eq!(api.name, draft.name);
    assert_eq!(api.document_operations, draft.operations);
    assert_eq!(
        api.operations().count() + api.exclusions.len(),
        draft.operations
    );
    let of_settings = generated
        .report
        .diagnostics
        .iter()
        .filter(|f| ("E0920".."E0950").contains(&f.code.id()))
        // What is hidden of an answer without a schema is told, and no fault.
        .filter(|f| f.code.id() != "E0948");
    let of_settings: Vec<String> = of_settings.map(ToString::to_string).collect();
    assert!(of_settings.is_empty(), "{}: {of_settings:?}", draft.name);
}

#[test]
fn they_fit_our_documents() {
    for draft in &DRAFTS {
        let document = spec(draft.name).join("openapi.yaml");
        check(draft, &run(draft, document, draft.overlays));
    }
}

#[test]
fn they_fit_the_documents_of_the_vendors() {
    let folder = repository().join("../shared/specs");
    for draft in &DRAFTS {
        let document = folder.join(draft.vendor);
        // These documents are not part of the repository.
        if document.is_file() {
            let generated = run(draft, document, draft.vendor_overlays);
            check(draft, &generated);
        }
    }
}

/// [A4, A5, B5, B10, B18, C11, D1, F3] of `behaviours.md`, as far as settings make them.
#[test]
fn they_show_the_behaviours_that_they_are_for() {
    let made = |index: usize| {
        let draft = &DRAFTS[index];
        run(draft, spec(draft.name).join("openapi.yaml"), draft.overlays).api
    };
    let tool = |api: &mcpwright::ir::Api, name: &str| {
        let found = api.operations().find(|o| o.tool == name);
        found.unwrap_or_else(|| panic!("no {name}")).clone()
    };
    let perfex = made(0);
    let invoices = tool(&perfex, "list_invoices");
    assert_eq!(
        invoices.input_schema["properties"]["status"]["enum"],
        serde_json::json!([
            "unpaid",
            "paid",
            "partially paid",
            "overdue",
            "cancelled",
            "draft"
        ]) // B18
    );
    assert_eq!(
        invoices
            .answer
            .and_then(|answer| answer.paging?.size)
            .map(|size| size.max),
        Some(100)
    ); // D1
    assert!(
        tool(&perfex, "get_invoice")
            .settled
            .redact
            .contains(&"/data/hash".to_owned())
    ); // C11
    let pingcrm = made(1);
    let score = &tool(&pingcrm, "list_contacts").input_schema["properties"]["score"]["enum"];
    assert!(score.to_string().contains("warm"), "{score}"); // B18
    let login = tool(&pingcrm, "log_in");
    assert!(login.fields.iter().all(|field| field.name != "grant_type"));
    let customermates = made(2);
    let search = tool(&customermates, "search_contacts"); // A4, F3
    assert!(search.hints.read_only);
    assert!(
        search
            .description
            .contains("Call first: `get_contact_configuration`.")
    ); // B5
    let many = tool(&customermates, "update_contacts"); // A5, B10
    assert!(
        many.settled
            .null_refused
            .contains(&"/contacts/*/dealIds".to_owned())
    );
    let bottlecrm = made(3);
    assert_eq!(
        tool(&bottlecrm, "unwatch_case").risk,
        mcpwright::ir::Risk::Write
    );
    assert!(
        bottlecrm
            .exclusions
            .iter()
            .any(|e| e.reason.starts_with("Tokens never manage"))
    );
}
