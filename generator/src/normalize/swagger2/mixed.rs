//! What a document of OpenAPI 3 says as Swagger 2.0 has it, which converters and hands leave behind: it is
//! read as in 2.0, and said at each place.

use std::collections::HashSet;

use serde_json::Value;

use super::operation::Resolved;
use super::parameter::is_body;
use super::{Object, Place, Upgrade, newer, reference, schema, security};
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::path_item::METHODS;
use crate::source::Origins;
use crate::text;

/// Reads what is left of Swagger 2.0 in a document of OpenAPI 3, in place, and says which nodes were
/// moved; `None` where none was.
pub(super) fn adopt(document: &mut Value, sink: &mut Sink) -> Option<Origins> {
    sink.extend(newer::misspelt_parts(document));
    let mut upgrade = Upgrade {
        old: document,
        moved: Origins::default(),
        targets: reference::Targets::default(),
        found: Vec::new(),
    };
    let mut edits = Edits::default();
    upgrade.servers(&mut edits);
    upgrade.schemes(&mut edits);
    upgrade.path_items(&mut edits);
    upgrade.shared_responses(&mut edits);
    let Upgrade {
        moved,
        targets,
        found,
        ..
    } = upgrade;
    sink.extend(found);
    if edits.0.is_empty() {
        return None;
    }
    for (place, value) in edits.0 {
        set(document, &place, value);
    }
    let renamed = targets.renamed(document, &[]);
    schema::rename(document, &renamed);
    Some(moved)
}

/// What stands where in the new document; `None`: nothing.
#[derive(Default)]
struct Edits(Vec<(Pointer, Option<Value>)>);

impl Edits {
    fn set(&mut self, place: &Pointer, value: Value) {
        self.0.push((place.clone(), Some(value)));
    }
}

/// Sets or removes a member. Objects that are missing on the way are made.
fn set(document: &mut Value, place: &Pointer, value: Option<Value>) {
    let tokens: Vec<_> = place.tokens().collect();
    let Some((last, above)) = tokens.split_last() else {
        return;
    };
    let mut holder = document;
    for token in above {
        let Value::Object(members) = holder else {
            return;
        };
        holder = members
            .entry(token.as_ref())
            .or_insert_with(|| Object::new().into());
    }
    if let Value::Object(members) = holder {
        match value {
            Some(value) => members.insert(last.to_string(), value),
            None => members.shift_remove(last.as_ref()),
        };
    }
}

fn finding(message: impl Into<String>, at: &Pointer) -> Diagnostic {
    Diagnostic::new(Code::E0223, message)
        .at_key(at)
        .note("Swagger 2.0 has it so")
}

/// A field that says something: one that is null is not there.
fn said<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|value| !value.is_null())
}

impl<'a> Upgrade<'a> {
    /// `host`, `basePath` and `schemes`, where there are no `servers`.
    fn servers(&mut self, edits: &mut Edits) {
        if said(self.old, "servers").is_some() {
            return;
        }
        let root = Pointer::root();
        if let Some((servers, from)) = security::servers(self.old) {
            let place = Place {
                now: root.child("servers"),
                before: root.child(from),
            };
            let message = format!("`{from}` is no field of OpenAPI 3; read as `servers`");
            self.found
                .push(finding(message, &place.before).help("write `servers: [{ url: … }]`"));
            self.note(&place);
            edits.set(&place.now, servers);
        }
    }

    /// Security schemes under the old name, and those of the old forms.
    fn schemes(&mut self, edits: &mut Edits) {
        let components = Pointer::root().child("components").child("securitySchemes");
        let old = Pointer::root().child("securityDefinitions");
        let declared = self.old.pointer(components.as_str());
        let declared = declared.and_then(Value::as_object);
        for (name, scheme) in declared.into_iter().flatten() {
            let place = components.child(name);
            let flow = scheme.get("flow").filter(|_| scheme.get("flows").is_none());
            let (key, form) = match scheme.get("type").and_then(Value::as_str) {
                Some("basic") => ("type", "`type: basic` is `type: http` with `scheme: basic`"),
                Some("oauth2") if flow.is_some_and(Value::is_string) => {
                    ("flow", "`flow` is one of `flows`")
                }
                _ => continue,
            };
            let message = format!("{form} in OpenAPI 3; read so");
            self.found.push(
                finding(message, &place.child(key)).help("write the scheme as OpenAPI 3 has it"),
            );
            edits.set(&place, security::scheme(scheme));
        }
        let Some(Value::Object(schemes)) = self.old.get("securityDefinitions") else {
            return;
        };
        self.found.push(
            finding(
                "`securityDefinitions` is no field of OpenAPI 3; read as `components.securitySchemes`",
                &old,
            )
            .help("move the schemes below `components: { securitySchemes: … }`"),
        );
        for (name, scheme) in schemes {
            // What OpenAPI 3 reads counts.
            if !declared.is_some_and(|declared| declared.contains_key(name)) {
                let place = Place {
                    now: components.child(name),
                    before: old.child(name),
                };
                self.note(&place);
                edits.set(&place.now, security::scheme(scheme));
            }
        }
        edits.0.push((old, None));
    }

    fn path_items(&mut self, edits: &mut Edits) {
        let mut known = HashSet::new();
        for place in ["/paths", "/components/pathItems"] {
            let items = self.old.pointer(place).and_then(Value::as_object);
            let place = Pointer::parse(place).unwrap_or_default();
            for (name, item) in items.into_iter().flatten() {
                let is_extension = place.as_str() == "/paths" && name.starts_with("x-");
                if !is_extension {
                    self.mixed_item(item, &place.child(name), &mut known, edits);
                }
            }
        }
    }

    fn mixed_item(
        &mut self,
        item: &'a Value,
        place: &Pointer,
        known: &mut HashSet<Pointer>,
        edits: &mut Edits,
    ) {
        let shared = self.bodies(item, place, edits);
        for method in METHODS {
            let Some(operation) = item.get(method).filter(|value| value.is_object()) else {
                continue;
            };
            let place = place.child(method);
            let own = self.bodies(operation, &place, edits);
            let parts = super::operation::parts(&shared, own);
            if !parts.is_empty() {
                let has_body = said(operation, "requestBody").is_some();
                self.say_parts(&parts, has_body, known);
                if !has_body {
                    let consumes = self.media_types(Some(operation), "consumes");
                    let now = place.child("requestBody");
                    let body = self.body(&parts, &consumes, &now);
                    edits.set(&now, body);
                }
            }
            let responses = operation.get("responses").and_then(Value::as_object);
            let produces = self.media_types(Some(operation), "produces");
            for (status, response) in responses.into_iter().flatten() {
                let place = place.child("responses").child(status);
                self.mixed_response(response, &produces, place, edits);
            }
        }
    }

    /// Takes parameters that are parts of the body out of a list.
    fn bodies(
        &mut self,
        holder: &'a Value,
        place: &Pointer,
        edits: &mut Edits,
    ) -> Vec<Resolved<'a>> {
        let Some(Value::Array(list)) = holder.get("parameters") else {
            return Vec::new();
        };
        let at = place.child("parameters");
        let all = list.iter().enumerate();
        let all = all.map(|(index, value)| (index, value, self.resolve(value, at.index(index))));
        let (bodies, kept): (Vec<_>, Vec<_>) = all.partition(|(_, _, (target, _))| is_body(target));
        if bodies.is_empty() {
            return Vec::new();
        }
        for (now, (before, ..)) in kept.iter().enumerate() {
            self.note(&Place {
                now: at.index(now),
                before: at.index(*before),
            });
        }
        let kept = kept.into_iter().map(|(_, value, _)| value.clone());
        edits.set(&at, Value::Array(kept.collect()));
        bodies.into_iter().map(|(_, _, found)| found).collect()
    }

    /// Says of each part of a body once what becomes of it.
    fn say_parts(&mut self, parts: &[Resolved<'a>], has_body: bool, known: &mut HashSet<Pointer>) {
        for (part, at) in parts {
            if !known.insert(at.clone()) {
                continue;
            }
            let name = part.get("name").and_then(Value::as_str).unwrap_or_default();
            let name = text::line(name, 60);
            let location = part.get("in").and_then(Value::as_str).unwrap_or_default();
            let becomes = match (has_body, location) {
                (true, _) => "is ignored beside `requestBody`",
                (false, "body") => "is read as the request body",
                (false, _) => "is read as a field of the request body",
            };
            let message = format!("the parameter `{name}` with `in: {location}` {becomes}");
            let help = if has_body {
                "remove it, or write what it says into `requestBody`"
            } else {
                "write `requestBody: { content: { MEDIA_TYPE: { schema: … } } }`"
            };
            self.found
                .push(finding(message, &at.child("in")).help(help));
        }
    }

    fn shared_responses(&mut self, edits: &mut Edits) {
        let produces = self.media_types(None, "produces");
        for place in ["/components/responses", "/responses"] {
            let responses = self.old.pointer(place).and_then(Value::as_object);
            let place = Pointer::parse(place).unwrap_or_default();
            for (name, response) in responses.into_iter().flatten() {
                self.mixed_response(response, &produces, place.child(name), edits);
            }
        }
    }

    /// An answer whose schema stands outside of `content`.
    fn mixed_response(
        &mut self,
        response: &'a Value,
        produces: &[String],
        place: Pointer,
        edits: &mut Edits,
    ) {
        let is_reference = response.get("$ref").is_some();
        if is_reference || !said(response, "schema").is_some_and(Value::is_object) {
            return;
        }
        let at = place.child("schema");
        if said(response, "content").is_some() {
            self.found.push(
                finding(
                    "`schema` of a response is ignored beside `content`, which holds schemas in OpenAPI 3",
                    &at,
                )
                .help("remove it, or move it into `content`"),
            );
            return;
        }
        let shown: Vec<_> = produces
            .iter()
            .map(|media_type| format!("`{}`", text::line(media_type, 60)))
            .collect();
        let message = format!(
            "`schema` of a response stands outside of `content`; read as that of {}",
            shown.join(", ")
        );
        self.found
            .push(finding(message, &at).help("write `content: { MEDIA_TYPE: { schema: … } }`"));
        let place = Place {
            now: place.clone(),
            before: place,
        };
        let mut response = self.response(response, produces, &place);
        if let Value::Object(members) = &mut response {
            members.shift_remove("schema");
        }
        edits.set(&place.now, response);
    }
}
