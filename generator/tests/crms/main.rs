//! Documents of four CRMs with their configurations: the rows of `specs/*/behaviours.md` that can be
//! seen in what is generated. A test is named after its row; what needs a running server stands in
//! `tests`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it skips"
)]

#[path = "../support/mod.rs"]
mod support;

mod bottlecrm;
mod customermates;
mod perfex;
mod pingcrm;
mod rows;

use std::collections::BTreeSet;

use mcpwright::Config;
use mcpwright::ir::{Api, Operation, Risk};

/// What is generated for the document of a CRM with its configuration.
fn made(name: &str) -> Api {
    let folder = support::spec(name);
    let config = Config::new()
        .spec(folder.join("openapi.yaml"))
        .settings_file(folder.join("mcpwright.toml"));
    let generated = config.generate();
    generated
        .unwrap_or_else(|error| panic!("{name}: {error}"))
        .api
}

/// What is generated for the document of a vendor with the same configuration, and further overlays. These
/// documents are not part of the repository.
fn made_of_the_real_document(name: &str, document: &str, overlays: &[&str]) -> Option<Api> {
    let document = support::repository().join("../shared/specs").join(document);
    if !document.is_file() {
        eprintln!("skipped: there is no {}", document.display());
        return None;
    }
    let folder = support::spec(name);
    let mut config = Config::new()
        .spec(document)
        .settings_file(folder.join("mcpwright.toml"));
    for overlay in overlays {
        config = config.overlay(folder.join(overlay));
    }
    let generated = config.generate();
    let generated = generated.unwrap_or_else(|error| panic!("{name}: {error}"));
    Some(generated.api)
}

/// B5: whatever stands in backticks behind "Call first" and "See also" is a tool. Gives how many there are.
fn named_tools_exist(api: &Api) -> usize {
    let beside = api.composites.iter().map(|one| one.tool.as_str());
    let known: BTreeSet<&str> = api
        .operations()
        .map(|one| one.tool.as_str())
        .chain(beside)
        .collect();
    let mut named = 0;
    for operation in api.operations() {
        for line in operation.description.lines() {
            if !line.starts_with("Call first: ") && !line.starts_with("See also: ") {
                continue;
            }
            for name in line.split('`').skip(1).step_by(2) {
                assert!(known.contains(name), "{}: {name}", operation.tool);
                named += 1;
            }
        }
    }
    named
}

/// H13: the names of the prompts. Every tool that one names is there.
fn prompts(api: &Api) -> Vec<&str> {
    let beside = api.composites.iter().map(|one| one.tool.as_str());
    let operations = api.operations().map(|one| one.tool.as_str());
    let known: BTreeSet<&str> = operations.chain(beside).collect();
    for prompt in &api.prompts {
        let named = prompt.steps.iter().flat_map(|step| &step.tools);
        for tool in named.chain(&prompt.needs) {
            assert!(known.contains(tool.as_str()), "{}: {tool}", prompt.name);
        }
        for word in prompt.opening.split('`').skip(1).step_by(2) {
            assert!(known.contains(word), "{}: {word}", prompt.name);
        }
        // One of the settings is a text, which names what it needs.
        let own = !prompt.needs.is_empty() && prompt.opening.contains('`');
        assert!(own || !prompt.steps.is_empty(), "{}", prompt.name);
    }
    api.prompts
        .iter()
        .map(|prompt| prompt.name.as_str())
        .collect()
}

/// B5: a tool names what has to be called before it.
fn calls_first(api: &Api, name: &str, before: &[&str]) {
    let before: Vec<String> = before.iter().map(|one| format!("`{one}`")).collect();
    let said = &tool(api, name).description;
    let expected = format!("Call first: {}.", before.join(", "));
    assert!(said.contains(&expected), "{expected} in {said}");
}

fn tool<'a>(api: &'a Api, name: &str) -> &'a Operation {
    let found = api.operations().find(|operation| operation.tool == name);
    found.unwrap_or_else(|| panic!("there is no {name}"))
}

fn of<'a>(api: &'a Api, method: &str) -> Vec<&'a Operation> {
    let all = api.operations();
    all.filter(|operation| operation.method == method).collect()
}

/// A1: as many tools as operations, but for those that are off with a reason; no two of one name.
fn operations_are_tools(api: &Api, operations: usize, off: usize) {
    let tools: BTreeSet<&str> = api.operations().map(|one| one.tool.as_str()).collect();
    assert_eq!(tools.len(), operations - off);
    assert_eq!(api.operations().count(), operations - off);
    assert_eq!(api.exclusions.len(), off);
    for exclusion in &api.exclusions {
        assert!(!exclusion.reason.is_empty(), "{exclusion:?}");
    }
}

/// A2: arguments are the properties of one object, which is no union and refers to nothing.
fn arguments_are_flat(api: &Api) {
    for operation in api.operations() {
        let schema = &operation.input_schema;
        assert_eq!(schema["type"], "object", "{}", operation.tool);
        for keyword in ["anyOf", "oneOf", "allOf", "$ref"] {
            assert!(schema.get(keyword).is_none(), "{}", operation.tool);
        }
    }
}

/// A4: names of letters, digits and `_`, at most 40 characters.
fn names_are_short(api: &Api) {
    for operation in api.operations() {
        let name = &operation.tool;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(name.len() <= 40 && name.chars().all(plain), "{name}");
        assert!(name.starts_with(|c: char| c.is_ascii_lowercase()), "{name}");
    }
}

/// A14: the ids of the records around come first, as in the path.
fn parents_come_first(api: &Api) {
    for operation in api.operations() {
        let Some(properties) = operation.input_schema["properties"].as_object() else {
            continue;
        };
        let wanted: Vec<&str> = operation
            .path
            .split(['{', '}'])
            .skip(1)
            .step_by(2)
            .collect();
        let given: Vec<&str> = properties.keys().map(String::as_str).collect();
        // A name that body and path share has an ending.
        for (wanted, given) in wanted.iter().zip(&given) {
            assert!(given.starts_with(wanted), "{}: {given:?}", operation.tool);
        }
        assert!(given.len() >= wanted.len(), "{}", operation.tool);
    }
}

/// F1 and F2: what is destructive says so in its hints and in its text, by its first word. An update that overwrites
/// has the hint too, since what was there is gone (MCP 2025-11-25, `destructiveHint`: "only additive
/// updates" if false); a read never has.
fn destructive_tools_say_so(api: &Api) {
    for operation in api.operations() {
        let is = operation.risk == Risk::Destructive;
        assert!(!is || operation.hints.destructive, "{}", operation.tool);
        let reads = operation.risk == Risk::Read;
        assert!(!reads || !operation.hints.destructive, "{}", operation.tool);
        let text = &operation.description;
        let first = text.starts_with("IRREVERSIBLE: ");
        assert_eq!(first, is, "{}: {text}", operation.tool);
    }
}

/// F3: reads have `readOnlyHint`, and nothing else has.
fn reads_are_read_only(api: &Api) {
    for operation in api.operations() {
        let reads = operation.risk == Risk::Read;
        assert_eq!(operation.hints.read_only, reads, "{}", operation.tool);
    }
}

/// F4: `idempotentHint` by the method (of PATCH by what its body does, ADR 0051), `openWorldHint` where somebody
/// outside is reached.
fn hints_are_set(api: &Api) {
    for operation in api.operations() {
        let repeatable = ["GET", "HEAD", "PUT", "DELETE"].contains(&operation.method.as_str());
        if repeatable && operation.risk != Risk::Outward {
            assert!(operation.hints.idempotent, "{}", operation.tool);
        }
        let outward = operation.risk == Risk::Outward;
        assert_eq!(operation.hints.open_world, outward, "{}", operation.tool);
    }
}
