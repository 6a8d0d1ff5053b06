//! Finds the schemas of a document by the structure of OpenAPI 3.2 §4.
//!
//! Webhooks, callbacks and links are left as they are: no tool comes from them.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::behind;
use super::schema::Schemas;
use crate::diagnostics::{Pointer, Sink, Site};
use crate::path_item::METHODS;
use crate::source::Budgets;

type Object = Map<String, Value>;

/// Visits the schemas of a whole document.
pub(super) fn document(
    document: &mut Value,
    strays: &[(behind::Kind, Pointer)],
    budgets: &Budgets,
    sink: &mut Sink,
) {
    let mut schemas = Schemas::new(document, budgets, sink);
    let site = Site::ROOT;
    with_member(document, "components", &site, |value, site| {
        components(value, &site, &mut schemas)
    });
    with_member(document, "paths", &site, |value, site| {
        each_member(value, &site, |value, site| {
            path_item(value, &site, &mut schemas)
        });
    });
    for (kind, pointer) in strays {
        let tokens = behind::tokens(pointer);
        behind::descend(document, &tokens, &site, &mut |value, site| match kind {
            behind::Kind::PathItem => path_item(value, site, &mut schemas),
            behind::Kind::Operation => operation(value, site, &mut schemas),
            behind::Kind::Parameter | behind::Kind::Header => {
                parameter(value, site, &mut schemas);
            }
            behind::Kind::RequestBody => with_content(value, site, &mut schemas),
            behind::Kind::Response => response(value, site, &mut schemas),
        });
    }
    // What they refer to, and what that refers to.
    let mut known = HashSet::new();
    while let Some(pointer) = schemas.strays.pop() {
        if known.insert(pointer.clone()) {
            let tokens = behind::tokens(&pointer);
            behind::descend(document, &tokens, &site, &mut |value, site| {
                schemas.visit(value, site);
            });
        }
    }
}

/// Components Object (§4.7).
fn components(value: &mut Value, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let Value::Object(sections) = value else {
        return;
    };
    for (section, value) in sections.iter_mut() {
        let site = site.member(section);
        let visit: fn(&mut Value, &Site<'_>, &mut Schemas<'_>) = match section.as_str() {
            "schemas" => |value, site, schemas| schemas.visit(value, site),
            "parameters" | "headers" => parameter,
            "requestBodies" => with_content,
            "responses" => response,
            "mediaTypes" => media_type,
            "pathItems" => path_item,
            _ => continue,
        };
        each_member(value, &site, |value, site| visit(value, &site, schemas));
    }
}

/// Path Item Object (§4.9).
fn path_item(value: &mut Value, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let Value::Object(members) = value else {
        return;
    };
    for (name, value) in members.iter_mut() {
        let site = site.member(name);
        match name.as_str() {
            "parameters" => parameters(value, &site, schemas),
            method if METHODS.contains(&method) => operation(value, &site, schemas),
            "additionalOperations" => {
                each_member(value, &site, |value, site| operation(value, &site, schemas));
            }
            _ => {}
        }
    }
}

/// Operation Object (§4.10).
fn operation(value: &mut Value, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let Value::Object(members) = value else {
        return;
    };
    for (name, value) in members.iter_mut() {
        let site = site.member(name);
        match name.as_str() {
            "parameters" => parameters(value, &site, schemas),
            "requestBody" => with_content(value, &site, schemas),
            "responses" => {
                each_member(value, &site, |value, site| response(value, &site, schemas));
            }
            _ => {}
        }
    }
}

fn parameters(value: &mut Value, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let Value::Array(list) = value else { return };
    for (index, value) in list.iter_mut().enumerate() {
        parameter(value, &site.element(index), schemas);
    }
}

/// Parameter Object (§4.12) and Header Object (§4.21).
fn parameter(value: &mut Value, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    with_member(value, "schema", site, |value, site| {
        schemas.visit(value, &site)
    });
    with_content(value, site, schemas);
}

/// Response Object (§4.17).
fn response(value: &mut Value, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    headers(value, site, schemas);
    with_content(value, site, schemas);
}

fn headers(value: &mut Value, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    with_member(value, "headers", site, |value, site| {
        each_member(value, &site, |value, site| parameter(value, &site, schemas));
    });
}

/// The `content` of request bodies, responses, parameters and headers.
fn with_content(value: &mut Value, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    with_member(value, "content", site, |value, site| {
        each_member(value, &site, |value, site| {
            media_type(value, &site, schemas)
        });
    });
}

/// Media Type Object (§4.14).
fn media_type(value: &mut Value, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    with_member(value, "schema", site, |value, site| {
        schemas.visit(value, &site)
    });
    with_member(value, "itemSchema", site, |value, site| {
        schemas.visit(value, &site)
    });
    with_member(value, "encoding", site, |value, site| {
        each_member(value, &site, |value, site| headers(value, &site, schemas));
    });
}

/// Calls `visit` for one member of an object, if it is there.
fn with_member(
    value: &mut Value,
    key: &str,
    site: &Site<'_>,
    visit: impl FnOnce(&mut Value, Site<'_>),
) {
    if let Some(member) = value.get_mut(key) {
        visit(member, site.member(key));
    }
}

/// Calls `visit` for every member of an object.
fn each_member(value: &mut Value, site: &Site<'_>, mut visit: impl FnMut(&mut Value, Site<'_>)) {
    let Some(members): Option<&mut Object> = value.as_object_mut() else {
        return;
    };
    for (key, member) in members.iter_mut() {
        visit(member, site.member(key));
    }
}
