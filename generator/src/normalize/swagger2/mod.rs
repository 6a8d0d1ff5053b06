//! Swagger 2.0 (<https://spec.openapis.org/oas/v2.0>) in the shape of OpenAPI 3.
//!
//! The new document is built beside the old one. Every node that changes its place is noted, so that
//! findings of later stages point to where it stands in the document.
//!
//! | file | subject |
//! |---|---|
//! | `mixed.rs` | what of 2.0 stands in documents of OpenAPI 3 |
//! | `newer.rs` | what of OpenAPI 3 stands in documents of 2.0 |
//! | `operation.rs` | path items, operations, request bodies, responses |
//! | `parameter.rs` | parameters and headers: types become schemas, collection formats styles |
//! | `reference.rs` | what references name in the new document |
//! | `schema.rs` | what differs inside of schemas |
//! | `security.rs` | security schemes and servers |

mod mixed;
mod newer;
mod operation;
mod parameter;
mod reference;
mod schema;
mod security;

use serde_json::{Map, Value, json};

pub(super) use parameter::{plain_style, split};

use crate::diagnostics::{Diagnostic, Pointer, Sink};
use crate::source::{self, File, Origins};

type Object = Map<String, Value>;

/// Where a node stands in the new document, and where in the old one.
#[derive(Clone)]
struct Place {
    now: Pointer,
    before: Pointer,
}

impl Place {
    fn child(&self, key: &str) -> Self {
        Self {
            now: self.now.child(key),
            before: self.before.child(key),
        }
    }
}

/// The conversion of one document.
struct Upgrade<'a> {
    old: &'a Value,
    moved: Origins,
    targets: reference::Targets,
    found: Vec<Diagnostic>,
}

impl Upgrade<'_> {
    fn note(&mut self, place: &Place) {
        let before = source::Place::new(File::Document, place.before.clone());
        self.moved.note(&place.now, before);
        self.targets.note(&place.before, &place.now);
    }
}

/// Gives a Swagger 2.0 document, and what is left of 2.0 in one of OpenAPI 3, the shape of OpenAPI 3, and
/// says which nodes were moved; `None` for any other document, which is unchanged. Findings are about
/// places in the old document.
pub fn upgrade(document: &mut Value, sink: &mut Sink) -> Option<Origins> {
    upgrade_own(document, &|_| true, sink)
}

/// The same, where some nodes were taken in from other files. `is_own`: whether one was not.
pub(crate) fn upgrade_own(
    document: &mut Value,
    is_own: &dyn Fn(&Pointer) -> bool,
    sink: &mut Sink,
) -> Option<Origins> {
    if document.get("openapi").is_some() {
        return mixed::adopt(document, sink);
    }
    let version = document.get("swagger")?;
    let version = version
        .as_str()
        .map_or_else(|| version.to_string(), str::to_owned);
    if !matches!(version.trim(), "2" | "2.0" | "2.0.0") {
        return None;
    }
    let mut old = std::mem::take(document);
    sink.extend(newer::settle(&mut old, is_own));
    let mut upgrade = Upgrade {
        old: &old,
        moved: Origins::default(),
        targets: reference::Targets::default(),
        found: Vec::new(),
    };
    *document = upgrade.document();
    let Upgrade {
        moved,
        targets,
        found,
        ..
    } = upgrade;
    let renamed = targets.renamed(document, &reference::SECTIONS);
    schema::mend(document, &renamed);
    sink.extend(found);
    Some(moved)
}

/// Lets references to places where nothing stands any more, since what stood there was moved, name where it
/// is now. `moved`: places now and before.
pub(super) fn follow(document: &mut Value, moved: &[(Pointer, Pointer)]) {
    let mut targets = reference::Targets::default();
    let mut any = false;
    for (now, before) in moved {
        if document.pointer(before.as_str()).is_none() {
            targets.note(before, now);
            any = true;
        }
    }
    if any {
        let renamed = targets.renamed(document, &[]);
        schema::rename(document, &renamed);
    }
}

impl Upgrade<'_> {
    fn document(&mut self) -> Value {
        let mut new = Object::new();
        new.insert("openapi".into(), "3.0.4".into());
        let root = Pointer::root();
        let servers = security::servers(self.old);
        if let Some((servers, from)) = servers {
            new.insert("servers".into(), servers);
            self.note(&Place {
                now: root.child("servers"),
                before: root.child(from),
            });
        }
        let mut components = Object::new();
        for (key, value) in self.old.as_object().into_iter().flatten() {
            let place = Place {
                now: root.child(key),
                before: root.child(key),
            };
            match key.as_str() {
                "swagger" | "host" | "basePath" | "schemes" | "consumes" | "produces" => {}
                "definitions" | "parameters" | "responses" | "securityDefinitions" => {
                    let section = match key.as_str() {
                        "definitions" => "schemas",
                        "securityDefinitions" => "securitySchemes",
                        other => other,
                    };
                    let place = Place {
                        now: root.child("components").child(section),
                        before: place.before,
                    };
                    self.note(&place);
                    self.section(&mut components, section, value, &place);
                }
                // What was taken in from other files, and what is written as in OpenAPI 3.
                "components" => {
                    for (section, value) in value.as_object().into_iter().flatten() {
                        self.section(&mut components, section, value, &place.child(section));
                    }
                }
                "paths" => {
                    let paths = self.paths(value, &place);
                    new.insert(key.clone(), paths);
                }
                _ => {
                    new.insert(key.clone(), value.clone());
                }
            }
        }
        if !components.is_empty() {
            new.insert("components".into(), components.into());
        }
        Value::Object(new)
    }

    /// Adds a section of components.
    fn section(&mut self, components: &mut Object, section: &str, value: &Value, place: &Place) {
        let new = components.entry(section).or_insert_with(|| json!({}));
        let Some(new) = new.as_object_mut() else {
            return;
        };
        for (name, value) in value.as_object().into_iter().flatten() {
            let place = place.child(name);
            // A section may come from two places; each member knows its own.
            self.note(&place);
            let value = match section {
                // Bodies become part of the operations that refer to them.
                "parameters" if parameter::is_body(value) => continue,
                "parameters" => self.parameter(value, &place),
                "responses" => {
                    let produces = self.media_types(None, "produces");
                    self.response(value, &produces, &place)
                }
                "headers" => self.header(value, &place),
                "securitySchemes" => security::scheme(value),
                _ => value.clone(),
            };
            new.insert(name.clone(), value);
        }
    }
}

#[cfg(test)]
mod tests;
