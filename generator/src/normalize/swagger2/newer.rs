//! What a document of Swagger 2.0 says as OpenAPI 3 has it, the mirror of `mixed.rs`: it is read as in
//! OpenAPI 3, and said at each place. Where the form of 2.0 stands beside it, that one counts, and the other
//! is taken out here, so that nothing is decided between the two later.

use serde_json::{Map, Value};

use super::super::fields::{misspelt_place, place_meant};
use super::Upgrade;
use crate::diagnostics::{Code, Diagnostic, Pointer, Severity};
use crate::path_item::METHODS;
use crate::text;

type Object = Map<String, Value>;

/// A field that 2.0 does not have.
struct Field {
    name: &'static str,
    /// The fields of 2.0 that say the same, and count.
    older: &'static [&'static str],
    /// How 2.0 says it; nothing for what is only told to people.
    instead: Option<&'static str>,
}

const fn field(name: &'static str, older: &'static [&'static str], instead: &'static str) -> Field {
    let instead = Some(instead);
    Field {
        name,
        older,
        instead,
    }
}

/// One that says nothing about requests. Webhooks, callbacks and links have codes of their own.
const fn told(name: &'static str) -> Field {
    Field {
        name,
        older: &[],
        instead: None,
    }
}

const NONE: &str = "declare `openapi: 3.0.4`, and write the document as OpenAPI 3 has it";
const COMPONENTS: &str = "`definitions`, `parameters`, `responses` and `securityDefinitions`";
const TYPE: &str = "`type`, `format`, `items` and their like beside `name`";
const FORMAT: &str = "`collectionFormat`";
const SERVERS: &str = "`host`, `basePath` and `schemes`";

static ROOT: [Field; 1] = [field("servers", &["host"], SERVERS)];
static PATH_ITEM: [Field; 6] = [
    told("summary"),
    told("description"),
    field("servers", &[], NONE),
    field("trace", &[], NONE),
    field("query", &[], NONE),
    field("additionalOperations", &[], NONE),
];
static OPERATION: [Field; 1] = [field("servers", &[], NONE)];
static PARAMETER: [Field; 8] = [
    field("content", &["schema", "type"], TYPE),
    field("schema", &["type"], TYPE),
    field("style", &["collectionFormat"], FORMAT),
    field("explode", &["collectionFormat"], FORMAT),
    field("allowReserved", &[], NONE),
    told("deprecated"),
    told("example"),
    told("examples"),
];
/// Of a parameter that is the body.
static BODY: [Field; 2] = [
    field("content", &["schema"], "`schema`, and `consumes`"),
    told("example"),
];
static RESPONSE: [Field; 1] = [field("content", &["schema"], "`schema`, and `produces`")];
static HEADER: [Field; 7] = [
    field("content", &["schema", "type"], TYPE),
    field("schema", &["type"], TYPE),
    field("style", &["collectionFormat"], FORMAT),
    field("explode", &["collectionFormat"], FORMAT),
    told("required"),
    told("deprecated"),
    told("example"),
];
static SCHEME: [Field; 5] = [
    field("flows", &["flow"], "`flow`, with `tokenUrl` and `scopes`"),
    field("scheme", &[], "`type: basic`"),
    field("openIdConnectUrl", &[], NONE),
    told("bearerFormat"),
    told("oauth2MetadataUrl"),
];

/// Places of parameters (2.0, Parameter Object), and the one of OpenAPI 3 that is read too.
const PLACES: [&str; 6] = ["path", "query", "header", "formData", "body", "cookie"];

/// Says what a document has of OpenAPI 3, and decides where it stands beside the form of 2.0. `is_own`:
/// whether a node stands in the document, and was not taken in from another file.
pub(super) fn settle(document: &mut Value, is_own: &dyn Fn(&Pointer) -> bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let root = Pointer::root();
    let Value::Object(members) = document else {
        return found;
    };
    look(members, (&ROOT, "a document"), &root, &mut found);
    // A path alone says less than an address.
    if members.contains_key("servers") && members.shift_remove("basePath").is_some() {
        found.push(
            finding("`basePath` is ignored beside `servers`, which has addresses".to_owned())
                .at_key(&root.child("basePath"))
                .help("remove it, or write `host` in place of `servers`"),
        );
    }
    components(members, is_own, &mut found);
    let mut holders = vec![(Pointer::root(), members)];
    while let Some((at, members)) = holders.pop() {
        for (key, value) in members.iter_mut() {
            let at = at.child(key);
            match (key.as_str(), value) {
                ("components", Value::Object(below)) => holders.push((at, below)),
                ("paths" | "pathItems", value) => each(value, &at, &mut |name, value, at| {
                    if !name.starts_with("x-") {
                        path_item(value, at, &mut found);
                    }
                }),
                ("parameters", value) => each(value, &at, &mut |_, value, at| {
                    parameter(value, at, &mut found);
                }),
                ("responses", value) => each(value, &at, &mut |_, value, at| {
                    response(value, at, &mut found);
                }),
                ("headers", value) => each(value, &at, &mut |_, value, at| {
                    header(value, at, &mut found);
                }),
                ("securityDefinitions" | "securitySchemes", value) => {
                    each(value, &at, &mut |_, value, at| {
                        scheme(value, at, &mut found)
                    });
                }
                _ => {}
            }
        }
    }
    found
}

/// `components`: what a section of 2.0 has under the same name counts.
fn components(
    members: &mut Object,
    is_own: &dyn Fn(&Pointer) -> bool,
    found: &mut Vec<Diagnostic>,
) {
    let Some(Value::Object(mut sections)) = members.shift_remove("components") else {
        return;
    };
    let at = Pointer::root().child("components");
    let mut said = false;
    for (section, value) in &mut sections {
        let older = match section.as_str() {
            "schemas" => "definitions",
            "securitySchemes" => "securityDefinitions",
            other => other,
        };
        let taken = members.get(older).and_then(Value::as_object);
        let at = at.child(section);
        let Value::Object(named) = value else {
            continue;
        };
        named.retain(|name, _| {
            let at = at.child(name);
            if !is_own(&at) {
                return true;
            }
            if !std::mem::replace(&mut said, true) {
                let message = "`components` is no field of Swagger 2.0; read as in OpenAPI 3";
                let at = Pointer::root().child("components");
                let help = format!("move what is in it to {COMPONENTS}");
                found.push(finding(message.to_owned()).at_key(&at).help(help));
            }
            let is_double = taken.is_some_and(|taken| taken.contains_key(name));
            if is_double {
                let name = text::line(name, 60);
                let message =
                    format!("`{name}` of `components` is ignored beside that of `{older}`");
                let help = "remove one of them, or give it another name";
                found.push(finding(message).at_key(&at).help(help));
            }
            !is_double
        });
    }
    members.insert("components".to_owned(), Value::Object(sections));
}

fn path_item(value: &mut Value, at: &Pointer, found: &mut Vec<Diagnostic>) {
    let Value::Object(item) = value else { return };
    look(item, (&PATH_ITEM, "a path"), at, found);
    for (key, value) in item.iter_mut() {
        let at = at.child(key);
        match key.as_str() {
            "parameters" => each(value, &at, &mut |_, value, at| parameter(value, at, found)),
            "additionalOperations" => {
                each(value, &at, &mut |_, value, at| operation(value, at, found));
            }
            method if METHODS.contains(&method) => operation(value, &at, found),
            _ => {}
        }
    }
}

fn operation(value: &mut Value, at: &Pointer, found: &mut Vec<Diagnostic>) {
    let Value::Object(operation) = value else {
        return;
    };
    look(operation, (&OPERATION, "an operation"), at, found);
    if let Some(value) = operation.get_mut("parameters") {
        let at = at.child("parameters");
        each(value, &at, &mut |_, value, at| parameter(value, at, found));
    }
    if let Some(value) = operation.get_mut("responses") {
        let at = at.child("responses");
        each(value, &at, &mut |name, value, at| {
            if !name.starts_with("x-") {
                response(value, at, found);
            }
        });
    }
}

fn parameter(value: &mut Value, at: &Pointer, found: &mut Vec<Diagnostic>) {
    let Value::Object(parameter) = value else {
        return;
    };
    found.extend(misspelt_place(parameter, at, &PLACES));
    let location = parameter.get("in").and_then(Value::as_str);
    if location == Some("cookie") {
        let message = "`in: cookie` is no place of Swagger 2.0; read as in OpenAPI 3";
        let finding = finding(message.to_owned()).at(&at.child("in"));
        found.push(finding.help(NONE));
    }
    let fields: &[Field] = match location {
        Some("body") => &BODY,
        _ => &PARAMETER,
    };
    look(parameter, (fields, "a parameter"), at, found);
}

fn response(value: &mut Value, at: &Pointer, found: &mut Vec<Diagnostic>) {
    let Value::Object(response) = value else {
        return;
    };
    look(response, (&RESPONSE, "a response"), at, found);
    if let Some(value) = response.get_mut("headers") {
        let at = at.child("headers");
        each(value, &at, &mut |_, value, at| header(value, at, found));
    }
}

fn header(value: &mut Value, at: &Pointer, found: &mut Vec<Diagnostic>) {
    if let Value::Object(header) = value {
        look(header, (&HEADER, "a header"), at, found);
    }
}

fn scheme(value: &mut Value, at: &Pointer, found: &mut Vec<Diagnostic>) {
    if let Value::Object(scheme) = value {
        look(scheme, (&SCHEME, "a security scheme"), at, found);
    }
}

/// Looks at the fields of one object.
fn look(
    members: &mut Object,
    (fields, owner): (&[Field], &str),
    at: &Pointer,
    found: &mut Vec<Diagnostic>,
) {
    if members.contains_key("$ref") {
        return;
    }
    let said = |members: &Object, name: &str| members.get(name).is_some_and(|it| !it.is_null());
    for Field {
        name,
        older,
        instead,
    } in fields
    {
        if !said(members, name) {
            continue;
        }
        let at = at.child(name);
        let what = format!("`{name}` is no field of {owner} in Swagger 2.0");
        let older = older.iter().find(|older| said(members, older));
        let finding = match (older, instead) {
            (Some(older), _) => {
                members.shift_remove(*name);
                finding(format!("{what}; ignored beside `{older}`"))
                    .help(format!("remove it, or `{older}` if that is not meant"))
            }
            (None, Some(instead)) => {
                let help = match instead.starts_with('`') {
                    true => format!("write {instead}"),
                    false => (*instead).to_owned(),
                };
                finding(format!("{what}; read as in OpenAPI 3")).help(help)
            }
            (None, None) => {
                finding(format!("{what}; read as in OpenAPI 3")).severity(Severity::Info)
            }
        };
        found.push(finding.at_key(&at));
    }
}

/// Calls `visit` for every member or element.
fn each(value: &mut Value, at: &Pointer, visit: &mut dyn FnMut(&str, &mut Value, &Pointer)) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                visit(name, value, &at.child(name));
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter_mut().enumerate() {
                visit("", value, &at.index(index));
            }
        }
        _ => {}
    }
}

/// Gives parameters of a document of OpenAPI 3 the places `body` and `formData` that `in` nearly names.
/// Those of OpenAPI 3 are given with the other fields.
pub(super) fn misspelt_parts(document: &mut Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut correct = |list: Option<&mut Value>, at: &Pointer| {
        let at = at.child("parameters");
        each(
            list.unwrap_or(&mut Value::Null),
            &at,
            &mut |_, value, at| {
                let is_part = value
                    .get("in")
                    .and_then(Value::as_str)
                    .and_then(|written| place_meant(written, &PLACES))
                    .is_some_and(|meant| matches!(meant, "body" | "formData"));
                if let Some(parameter) = value.as_object_mut().filter(|_| is_part) {
                    found.extend(misspelt_place(parameter, at, &PLACES));
                }
            },
        );
    };
    for place in ["", "/components"] {
        let at = Pointer::parse(place).unwrap_or_default();
        let holder = document.pointer_mut(place);
        correct(holder.and_then(|holder| holder.get_mut("parameters")), &at);
    }
    for place in ["/paths", "/components/pathItems"] {
        let Some(items) = document.pointer_mut(place) else {
            continue;
        };
        let at = Pointer::parse(place).unwrap_or_default();
        each(items, &at, &mut |_, item, at| {
            correct(item.get_mut("parameters"), at);
            for method in METHODS {
                let operation = item.get_mut(method);
                let list = operation.and_then(|operation| operation.get_mut("parameters"));
                correct(list, &at.child(method));
            }
        });
    }
    found
}

fn finding(message: String) -> Diagnostic {
    Diagnostic::new(Code::E0226, message)
}

impl Upgrade<'_> {
    /// A `requestBody` beside the parameters that are the body, or alone.
    pub(super) fn newer_body(&mut self, has_older: bool, at: &Pointer) {
        let what = "`requestBody` is no field of an operation in Swagger 2.0";
        let finding = if has_older {
            finding(format!(
                "{what}; ignored beside `in: body` and `in: formData`"
            ))
            .help("remove it, or those parameters")
        } else {
            finding(format!("{what}; read as in OpenAPI 3"))
                .help("write a parameter with `in: body`, and `consumes`")
        };
        self.found.push(finding.at_key(at));
    }
}
