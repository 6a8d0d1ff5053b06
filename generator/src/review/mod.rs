//! What a reviewer should look at before a document becomes tools: texts that speak to the model,
//! examples that look like secrets, and the hosts that are named. Nothing is changed here.

mod hosts;
mod phrases;
mod secrets;

use serde_json::{Value, json};

use crate::diagnostics::{Code, Diagnostic, Pointer, Sink, Site, json_path, remedy};

pub use hosts::Host;

/// What was seen in a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Review {
    /// Hosts of all addresses, in the order in which they first occur.
    pub hosts: Vec<Host>,
}

/// Looks at every text of a document but those of extensions, which reach no tool.
pub fn review(document: &Value, sink: &mut Sink) -> Review {
    let mut review = Review::default();
    hosts::add_swagger(&mut review.hosts, document);
    hosts::add_servers(&mut review.hosts, document);
    visit(document, ("", ""), &Site::ROOT, &mut review, sink);
    review
}

/// Objects whose members are named by the author: an `x-` there makes no extension.
const HOLD_NAMES: [&str; 8] = [
    "properties",
    "patternProperties",
    "schemas",
    "headers",
    "example",
    "default",
    "value",
    "securitySchemes",
];

/// `names` are the two nearest names above, outer first, which say what an address is for.
fn visit(
    value: &Value,
    names: (&str, &str),
    site: &Site<'_>,
    review: &mut Review,
    sink: &mut Sink,
) {
    let (_, key) = names;
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name.starts_with("x-") && !HOLD_NAMES.contains(&key) {
                    continue;
                }
                let site = site.member(name);
                // Names of properties and schemas reach the model too.
                look(name, true, &site, sink);
                visit(member, (key, name), &site, review, sink);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, names, &site.element(index), review, sink);
            }
        }
        // The target of a reference is told where it is followed, and no text of a tool.
        Value::String(text) if key == "$ref" && text.bytes().all(|b| b.is_ascii_graphic()) => {}
        Value::String(text) => {
            look(text, false, site, sink);
            hosts::add(&mut review.hosts, text, names);
        }
        _ => {}
    }
}

/// Shorter texts hold neither instructions nor keys.
const SHORTEST: usize = 12;

fn look(text: &str, is_name: bool, site: &Site<'_>, sink: &mut Sink) {
    if text.len() < SHORTEST {
        return;
    }
    if let Some(found) = phrases::find(text) {
        let message = format!("this {} speaks to the model: {found}", kind(is_name));
        let diagnostic = Diagnostic::new(Code::E0980, message)
            .help("read it; if your users' models are not to read it, change it or take it out");
        sink.push(place(diagnostic, is_name, site));
    }
    if let Some(found) = secrets::find(text) {
        let message = format!("this {} looks like a secret: {found}", kind(is_name));
        let diagnostic = Diagnostic::new(Code::E0981, message)
            .note("what stands in a document goes into the crate, and from there to every model")
            .help("take it out of the document, and make it invalid if it was a real one");
        sink.push(place(diagnostic, is_name, site));
    }
}

fn kind(is_name: bool) -> &'static str {
    if is_name { "name" } else { "text" }
}

fn place(diagnostic: Diagnostic, is_name: bool, site: &Site<'_>) -> Diagnostic {
    let pointer = site.pointer();
    let diagnostic = match remedy(&pointer, is_name) {
        Some(action) => diagnostic.overlay(action),
        None => diagnostic,
    };
    if is_name {
        diagnostic.at_key(&pointer)
    } else {
        diagnostic.at(&pointer)
    }
}

/// What takes a text out, if the document is still one without it. A name goes with all that it names;
/// fields that the standard asks for (OpenAPI 3.2 §4) get another text, where any will do.
fn remedy(pointer: &Pointer, is_name: bool) -> Option<String> {
    let tokens: Vec<_> = pointer.tokens().collect();
    let tokens: Vec<&str> = tokens.iter().map(|token| &**token).collect();
    let parent = pointer.parent()?;
    let other = |value| Some(remedy::update(&json_path(&parent), &value));
    // In data, nothing has to be there.
    let is_data = |token: &&str| matches!(*token, "example" | "examples" | "default" | "value");
    if tokens.iter().any(is_data) {
        return Some(remedy::remove(&json_path(pointer)));
    }
    match tokens.as_slice() {
        [.., holder, _] if is_name => {
            matches!(*holder, "paths" | "examples" | "mapping" | "scopes")
                .then(|| remedy::remove(&json_path(pointer)))
        }
        ["info", "title"] => other(json!({"title": "API"})),
        ["info", "version"] => other(json!({"version": "1"})),
        [.., "responses", _, "description"] => other(json!({"description": ""})),
        // Without these, what is around them is nothing.
        [
            ..,
            "name" | "in" | "url" | "type" | "propertyName" | "$ref" | "operationRef",
        ] => None,
        [.., "required" | "enum", _] => None,
        _ => Some(remedy::remove(&json_path(pointer))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_leaves_a_document_that_is_still_one() {
        for (place, is_name, expected) in [
            (
                "/info/description",
                false,
                Some("- target: $.info.description\n  remove: true"),
            ),
            (
                "/info/title",
                false,
                Some("- target: $.info\n  update: {title: API}"),
            ),
            (
                "/paths/~1a/get/responses/200/description",
                false,
                Some("- target: $.paths['/a'].get.responses['200']\n  update: {description: \"\"}"),
            ),
            ("/paths/~1a/get/parameters/0/name", false, None),
            ("/components/schemas/A/required/0", false, None),
            (
                "/components/examples/A/value/name",
                false,
                Some("- target: $.components.examples.A.value.name\n  remove: true"),
            ),
            ("/components/schemas/A/properties/b", true, None),
            ("/components/schemas/A", true, None),
            (
                "/paths/~1a",
                true,
                Some("- target: $.paths['/a']\n  remove: true"),
            ),
        ] {
            let pointer = Pointer::parse(place).unwrap();
            assert_eq!(remedy(&pointer, is_name).as_deref(), expected, "{place}");
        }
    }
}
