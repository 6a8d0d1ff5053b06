//! Others' readers as judges: what `openapiv3` finds in a 3.0 document is what becomes of it here, and
//! what is emitted as a schema is one by `jsonschema`.
//!
//! Differences on purpose are listed by rule, never by document.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]
#![allow(
    clippy::print_stdout,
    reason = "what was compared and what was skipped is said"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use mcpwright::{Config, Generated, RuntimeSource, ir};
use openapiv3::{OpenAPI, Operation, Parameter, ParameterData, PathItem, ReferenceOr, RequestBody};
use serde_json::Value;
use support::{repository, spec};

/// `METHOD /path`.
type Label = String;

/// What both readers must agree on.
#[derive(Debug, Default, PartialEq, Eq)]
struct Facts {
    /// Place and name of each parameter, and whether it is required.
    parameters: BTreeMap<(String, String), bool>,
    /// Whether the body is required, if there is one.
    body: Option<bool>,
}

/// All documents of a folder and the folders below, in order.
fn documents(folder: PathBuf) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let kind = path
                .extension()
                .map(|kind| kind.to_string_lossy().into_owned());
            match kind.as_deref() {
                _ if path.is_dir() => folders.push(path),
                Some("json" | "yaml") => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// The real documents beside the repository, if they are there, and ours.
fn all_documents() -> Vec<PathBuf> {
    let shared = documents(repository().join("../shared/specs"));
    if shared.is_empty() {
        println!("skipped: ../shared/specs is not there");
    }
    let mut all = documents(spec("features"));
    assert!(all.len() >= 13, "the feature documents are missing");
    all.push(spec("crm.yaml"));
    all.extend(shared);
    all
}

fn generate(name: &str, text: &str) -> Generated {
    Config::new()
        .spec_str(name, text)
        .runtime(RuntimeSource::Registry)
        .generate()
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The value of a document, whichever language it is in.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| serde_yaml::from_str(text).unwrap())
}

// ── what openapiv3 finds ────────────────────────────────────────────────────────────────────────────

fn theirs(document: &OpenAPI) -> BTreeMap<Label, Facts> {
    let mut all = BTreeMap::new();
    for (path, item) in &document.paths.paths {
        let ReferenceOr::Item(item) = item else {
            panic!("{path}: openapiv3 does not follow references of path items");
        };
        for (method, operation) in item.iter() {
            let label = format!("{} {path}", method.to_uppercase());
            all.insert(label, facts(document, item, operation));
        }
    }
    all
}

fn facts(document: &OpenAPI, item: &PathItem, operation: &Operation) -> Facts {
    let mut facts = Facts::default();
    // The operation's come last and replace the path item's.
    for parameter in item.parameters.iter().chain(&operation.parameters) {
        let parameter = parameter_of(document, parameter);
        let ParameterData { name, required, .. } = parameter.parameter_data_ref();
        let place = match parameter {
            Parameter::Query { .. } => "query",
            Parameter::Header { .. } => "header",
            Parameter::Path { .. } => "path",
            Parameter::Cookie { .. } => "cookie",
        };
        facts
            .parameters
            .insert((place.to_owned(), name.clone()), *required);
    }
    facts.body = operation
        .request_body
        .as_ref()
        .map(|body| body_of(document, body).required);
    facts
}

fn parameter_of<'a>(document: &'a OpenAPI, parameter: &'a ReferenceOr<Parameter>) -> &'a Parameter {
    match parameter {
        ReferenceOr::Item(parameter) => parameter,
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/parameters/").unwrap();
            let components = document.components.as_ref().unwrap();
            parameter_of(document, components.parameters.get(name).unwrap())
        }
    }
}

fn body_of<'a>(document: &'a OpenAPI, body: &'a ReferenceOr<RequestBody>) -> &'a RequestBody {
    match body {
        ReferenceOr::Item(body) => body,
        ReferenceOr::Reference { reference } => {
            let name = reference
                .strip_prefix("#/components/requestBodies/")
                .unwrap();
            let components = document.components.as_ref().unwrap();
            body_of(document, components.request_bodies.get(name).unwrap())
        }
    }
}

// ── what we find ────────────────────────────────────────────────────────────────────────────────────

fn ours(api: &ir::Api) -> BTreeMap<Label, Facts> {
    api.operations()
        .map(|operation| {
            let parameters = operation
                .parameters
                .iter()
                .map(|p| ((p.location.to_owned(), p.name.clone()), p.required))
                .collect();
            let body = operation.body.as_ref().map(|body| body.required);
            (
                format!("{} {}", operation.method, operation.path),
                Facts { parameters, body },
            )
        })
        .collect()
}

// ── differences on purpose ──────────────────────────────────────────────────────────────────────────

/// Rules by which a parameter that `openapiv3` finds is none here. Each is the standard's or is
/// announced with a diagnostic.
fn left_out(generated: &Generated, label: &str, place: &str, name: &str) -> bool {
    let folded = name.to_ascii_lowercase();
    let announced = generated.report.diagnostics.iter().any(|diagnostic| {
        // Header parameters that the transport sets; path parameters that are not in the path;
        // parameters that cannot be sent.
        matches!(diagnostic.code.id(), "E0402" | "E0409" | "E0413")
            && diagnostic.message.contains(&format!("`{name}`"))
    });
    // What a security scheme carries is the operator's to set, not the model's.
    let credential = generated
        .api
        .schemes
        .iter()
        .any(|scheme| match &scheme.kind {
            ir::SchemeKind::HeaderKey(key) => {
                place == "header" && key.to_ascii_lowercase() == folded
            }
            ir::SchemeKind::QueryKey(key) => place == "query" && key == name,
            ir::SchemeKind::CookieKey(key) => place == "cookie" && key == name,
            _ => false,
        });
    let stray = place == "path" && !label.contains(&format!("{{{name}}}"));
    announced || credential || stray
}

/// Path parameters are always required (OpenAPI 3.0.4, Parameter Object), whatever is declared.
fn is_required(place: &str, declared: bool) -> bool {
    place == "path" || declared
}

fn compare(name: &str, generated: &Generated, document: &OpenAPI) -> Vec<String> {
    let (mut theirs, ours) = (theirs(document), ours(&generated.api));
    let mut differences = Vec::new();
    for exclusion in &generated.api.exclusions {
        let label = format!("{} {}", exclusion.method, exclusion.path);
        assert!(!exclusion.reason.is_empty(), "{name}: {label}");
        if theirs.remove(&label).is_none() {
            differences.push(format!("{name}: {label} is left out but was never there"));
        }
    }
    let labels: BTreeSet<&Label> = theirs.keys().chain(ours.keys()).collect();
    for label in labels {
        // A query in a path is none to openapiv3; we send it as query parameters (E0491).
        if label.contains('?') {
            continue;
        }
        let (Some(theirs), Some(ours)) = (theirs.get(label), ours.get(label)) else {
            differences.push(format!("{name}: {label} is found by one of the two only"));
            continue;
        };
        let expected: BTreeMap<_, _> = theirs
            .parameters
            .iter()
            .filter(|((place, wire), _)| {
                ours.parameters.contains_key(&(place.clone(), wire.clone()))
                    || !left_out(generated, label, place, wire)
            })
            .map(|((place, wire), required)| {
                ((place.clone(), wire.clone()), is_required(place, *required))
            })
            .collect();
        if expected != ours.parameters {
            differences.push(format!(
                "{name}: {label}: parameters\n  theirs {expected:?}\n  ours   {:?}",
                ours.parameters
            ));
        }
        if theirs.body != ours.body {
            differences.push(format!(
                "{name}: {label}: body required: theirs {:?}, ours {:?}",
                theirs.body, ours.body
            ));
        }
    }
    differences
}

#[test]
fn operations_parameters_and_requiredness_are_those_that_openapiv3_finds() {
    let (mut read, mut unreadable, mut operations) = (0, Vec::new(), 0);
    let mut differences = Vec::new();
    for path in all_documents() {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let document = value(&text);
        if !document["openapi"]
            .as_str()
            .is_some_and(|v| v.starts_with("3.0"))
        {
            continue;
        }
        let generated = generate(&name, &text);
        match serde_json::from_value::<OpenAPI>(document) {
            Ok(document) => {
                read += 1;
                operations += document.operations().count();
                differences.extend(compare(&name, &generated, &document));
            }
            Err(error) => unreadable.push(format!("{name}: {error}")),
        }
    }
    println!("{read} documents with {operations} operations compared");
    println!(
        "{} that openapiv3 cannot read: {unreadable:#?}",
        unreadable.len()
    );
    assert!(read > 0, "nothing was compared");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_emitted_schema_is_valid_2020_12() {
    let mut count = 0;
    for path in all_documents() {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for operation in generate(&name, &text).api.operations() {
            let output = operation.output_schema.as_ref();
            for schema in std::iter::once(&operation.input_schema).chain(output) {
                jsonschema::meta::validate(schema)
                    .unwrap_or_else(|error| panic!("{name}: {}: {error}", operation.tool));
                // References resolve and patterns compile, which the meta-schema cannot say.
                jsonschema::draft202012::new(schema)
                    .unwrap_or_else(|error| panic!("{name}: {}: {error}", operation.tool));
                count += 1;
            }
        }
    }
    assert!(count > 200, "{count}");
}
