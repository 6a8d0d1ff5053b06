//! Path items, operations, request bodies and responses (2.0, Operation Object).

use serde_json::{Value, json};

use super::parameter::{is_body, split};
use super::{Object, Place, Upgrade};
use crate::diagnostics::{Code, Diagnostic, Pointer};
use crate::path_item::METHODS;

/// Media types that one body is offered in; the first that is known is used anyway.
const MOST_TYPES: usize = 8;
/// References from parameter to parameter that are followed.
const MOST_HOPS: usize = 16;
const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// A parameter with the references to it followed, and where it stands in the old document.
pub(super) type Resolved<'a> = (&'a Value, Pointer);

/// The parts of the body of an operation: its own, and those of its path that it does not replace.
pub(super) fn parts<'a>(shared: &[Resolved<'a>], own: Vec<Resolved<'a>>) -> Vec<Resolved<'a>> {
    let key = |(parameter, _): &Resolved<'a>| {
        let location = parameter.get("in").cloned();
        // There is only one body, whatever its name.
        let is_form = location
            .as_ref()
            .is_some_and(|location| location == "formData");
        let name = parameter.get("name").filter(|_| is_form).cloned();
        (location, name)
    };
    let mut parts = shared.to_vec();
    parts.retain(|inherited| !own.iter().any(|one| key(one) == key(inherited)));
    parts.extend(own);
    parts
}

/// What a parameter without `schema` says of its type, and the first field that does.
fn typed(members: &Object) -> Option<(Value, String)> {
    members.get("type").or_else(|| members.get("properties"))?;
    let (_, mut schema) = split(members);
    // The list of names is that of the schema; `true` is about the body.
    let names = members.get("required").filter(|names| names.is_array());
    schema.extend(names.map(|names| ("required".to_owned(), names.clone())));
    let first = schema.keys().next()?.clone();
    Some((schema.into(), first))
}

impl<'a> Upgrade<'a> {
    pub(super) fn paths(&mut self, old: &'a Value, place: &Place) -> Value {
        let Value::Object(paths) = old else {
            return old.clone();
        };
        let mut new = Object::new();
        for (path, item) in paths {
            let item = if path.starts_with("x-") {
                item.clone()
            } else {
                self.path_item(item, &place.child(path))
            };
            new.insert(path.clone(), item);
        }
        Value::Object(new)
    }

    fn path_item(&mut self, old: &'a Value, place: &Place) -> Value {
        let Value::Object(members) = old else {
            return old.clone();
        };
        let (parameters, shared) = self.parameters(members.get("parameters"), place);
        let mut new = Object::new();
        for (key, value) in members {
            let value = match key.as_str() {
                method if METHODS.contains(&method) => {
                    self.operation(value, &shared, &place.child(key))
                }
                "additionalOperations" => {
                    let place = place.child(key);
                    let operations = value.as_object().into_iter().flatten();
                    let operations = operations.map(|(method, operation)| {
                        let place = place.child(method);
                        (method.clone(), self.operation(operation, &shared, &place))
                    });
                    Value::Object(operations.collect())
                }
                "parameters" => parameters.clone(),
                _ => value.clone(),
            };
            new.insert(key.clone(), value);
        }
        Value::Object(new)
    }

    fn operation(&mut self, old: &'a Value, shared: &[Resolved<'a>], place: &Place) -> Value {
        let Value::Object(members) = old else {
            return old.clone();
        };
        let (parameters, own) = self.parameters(members.get("parameters"), place);
        let body = parts(shared, own);
        let produces = self.media_types(Some(old), "produces");
        let mut new = Object::new();
        for (key, value) in members {
            let value = match key.as_str() {
                "consumes" | "produces" | "schemes" => continue,
                "parameters" => parameters.clone(),
                "requestBody" if !value.is_null() => {
                    self.newer_body(!body.is_empty(), &place.before.child(key));
                    if !body.is_empty() {
                        continue;
                    }
                    value.clone()
                }
                "responses" => {
                    let place = place.child(key);
                    let mut responses = Object::new();
                    for (status, response) in value.as_object().into_iter().flatten() {
                        let response = if status.starts_with("x-") {
                            response.clone()
                        } else {
                            self.response(response, &produces, &place.child(status))
                        };
                        responses.insert(status.clone(), response);
                    }
                    Value::Object(responses)
                }
                _ => value.clone(),
            };
            new.insert(key.clone(), value);
        }
        if !body.is_empty() {
            let consumes = self.media_types(Some(old), "consumes");
            let body = self.body(&body, &consumes, &place.now.child("requestBody"));
            new.insert("requestBody".into(), body);
        }
        Value::Object(new)
    }

    /// The parameters that stay parameters, and those that are the body.
    fn parameters(&mut self, old: Option<&'a Value>, place: &Place) -> (Value, Vec<Resolved<'a>>) {
        let (mut new, mut body) = (Vec::new(), Vec::new());
        let list = place.child("parameters");
        for (index, value) in old
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            let before = list.before.index(index);
            let (target, found) = self.resolve(value, before.clone());
            if is_body(target) {
                body.push((target, found));
                continue;
            }
            let place = Place {
                now: list.now.index(new.len()),
                before,
            };
            self.note(&place);
            // Components keep their places; what stands elsewhere may have moved, so it is copied.
            let is_component = value
                .get("$ref")
                .and_then(Value::as_str)
                .is_some_and(|target| {
                    target.starts_with("#/parameters/")
                        || target.starts_with("#/components/")
                        || !target.starts_with('#')
                });
            let parameter = if is_component || std::ptr::eq(value, target) {
                self.parameter(value, &place)
            } else {
                let place = Place {
                    now: place.now,
                    before: found,
                };
                self.note(&place);
                self.parameter(target, &place)
            };
            new.push(parameter);
        }
        (new.into(), body)
    }

    /// What a parameter refers to in the old document.
    pub(super) fn resolve(&self, value: &'a Value, at: Pointer) -> Resolved<'a> {
        let (mut value, mut at) = (value, at);
        for _ in 0..MOST_HOPS {
            let target = value
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|target| crate::text::percent_decode(target.strip_prefix('#')?))
                .and_then(|fragment| {
                    Some((self.old.pointer(&fragment)?, Pointer::parse(&fragment)?))
                });
            match target {
                Some((target, place)) => (value, at) = (target, place),
                None => break,
            }
        }
        (value, at)
    }

    pub(super) fn body(
        &mut self,
        parts: &[Resolved<'a>],
        consumes: &[String],
        now: &Pointer,
    ) -> Value {
        let (bodies, fields): (Vec<_>, Vec<_>) = parts
            .iter()
            .partition(|(part, _)| part.get("in").is_some_and(|location| location == "body"));
        if let Some((_, at)) = bodies
            .get(1)
            .or(bodies.first().filter(|_| !fields.is_empty()))
        {
            self.found.push(
                Diagnostic::new(Code::E0351, "the operation has more than one body")
                    .at(at)
                    .note("the first `in: body` counts; further ones and `formData` are left out")
                    .help("keep one `in: body`, or `in: formData` only"),
            );
        }
        match bodies.first() {
            Some((body, before)) => {
                let place = Place {
                    now: now.clone(),
                    before: before.clone(),
                };
                self.whole_body(body, consumes, &place)
            }
            None => self.form(&fields, consumes, now),
        }
    }

    fn whole_body(&mut self, old: &Value, consumes: &[String], place: &Place) -> Value {
        self.note(place);
        let content = match old.get("content").filter(|content| content.is_object()) {
            Some(content) => content.clone(),
            None => self.whole_content(old, consumes, place),
        };
        let mut new = Object::new();
        for key in ["description", "required"] {
            new.extend(old.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        new.insert("content".into(), content);
        Value::Object(new)
    }

    /// The content of a body, which has one schema whatever its media type.
    fn whole_content(&mut self, old: &Value, consumes: &[String], place: &Place) -> Value {
        let (schema, before) = match (old.get("schema"), old.as_object().and_then(typed)) {
            (Some(schema), _) => (schema.clone(), place.before.child("schema")),
            (None, Some((schema, first))) => {
                let at = place.before.child(&first);
                let message = format!(
                    "`{first}` of a body stands outside its `schema`; read as a part of it"
                );
                let finding = Diagnostic::new(Code::E0214, message).at_key(&at);
                self.found
                    .push(finding.help(format!("write `schema: {{ {first}: … }}`")));
                (schema, place.before.clone())
            }
            (None, None) => (json!({}), place.before.child("schema")),
        };
        let mut content = Object::new();
        for media_type in consumes {
            let media_type = if media_type == "*/*" {
                "application/json"
            } else {
                media_type
            };
            self.note(&Place {
                now: place.now.child("content").child(media_type).child("schema"),
                before: before.clone(),
            });
            content.insert(media_type.to_owned(), json!({ "schema": schema }));
        }
        content.into()
    }

    /// The fields of a form as the properties of an object.
    fn form(&mut self, fields: &[&Resolved<'a>], consumes: &[String], now: &Pointer) -> Value {
        let has_file = fields
            .iter()
            .any(|(field, _)| field.get("type").is_some_and(|kind| kind == "file"));
        let mut types: Vec<&str> = consumes
            .iter()
            .map(String::as_str)
            .filter(|media_type| {
                let media_type = media_type.split(';').next().unwrap_or_default().trim();
                media_type == MULTIPART || media_type == URLENCODED && !has_file
            })
            .collect();
        if types.is_empty() {
            types.push(if has_file { MULTIPART } else { URLENCODED });
        }
        let (mut properties, mut encoding) = (Object::new(), Object::new());
        // What an author wrote out; the usual format means lists of parts to services that read multipart.
        let mut of_parts = Object::new();
        let mut required = Vec::new();
        let mut places = Vec::new();
        for (field, before) in fields {
            let (Some(members), Some(name)) =
                (field.as_object(), field.get("name").and_then(Value::as_str))
            else {
                continue;
            };
            let (rest, outside) = split(members);
            let mut schema = match rest.get("schema").and_then(Value::as_object) {
                Some(schema) => schema.clone(),
                None => Object::new(),
            };
            for (key, value) in outside {
                schema.entry(key).or_insert(value);
            }
            for key in ["description", "example"] {
                schema.extend(rest.get(key).map(|value| (key.to_owned(), value.clone())));
            }
            if schema.get("type").is_some_and(|kind| kind == "array")
                && let Some((style, explode)) = self.style(members, "formData", before)
            {
                let own = json!({"style": style, "explode": explode});
                if !explode && members.contains_key("collectionFormat") {
                    of_parts.insert(name.to_owned(), own.clone());
                }
                encoding.insert(name.to_owned(), own);
            }
            self.inner_lists(members, before);
            if field.get("required") == Some(&Value::Bool(true)) {
                required.push(Value::from(name));
            }
            properties.insert(name.to_owned(), schema.into());
            places.push((name, before));
        }
        let mut content = Object::new();
        for media_type in types {
            let at = now
                .child("content")
                .child(media_type)
                .child("schema")
                .child("properties");
            for (name, before) in &places {
                let place = Place {
                    now: at.child(name),
                    before: (*before).clone(),
                };
                self.note(&place);
            }
            let mut form = json!({"schema": {"type": "object", "properties": properties}});
            if let Some(schema) = form.get_mut("schema").and_then(Value::as_object_mut)
                && !required.is_empty()
            {
                schema.insert("required".into(), required.clone().into());
            }
            let encoding = if media_type.starts_with(MULTIPART) {
                &of_parts
            } else {
                &encoding
            };
            if let Value::Object(form) = &mut form
                && !encoding.is_empty()
            {
                form.insert("encoding".into(), encoding.clone().into());
            }
            content.insert(media_type.to_owned(), form);
        }
        json!({"required": !required.is_empty(), "content": content})
    }

    pub(super) fn response(&mut self, old: &Value, produces: &[String], place: &Place) -> Value {
        let Value::Object(members) = old else {
            return old.clone();
        };
        let mut new = Object::new();
        let mut content = Object::new();
        for (key, value) in members {
            match key.as_str() {
                "schema" => {
                    let is_file = value.get("type").is_some_and(|kind| kind == "file");
                    let octets = ["application/octet-stream".to_owned()];
                    let only_json = produces
                        .iter()
                        .all(|media_type| media_type == "application/json");
                    let types = if is_file && only_json {
                        &octets[..]
                    } else {
                        produces
                    };
                    for media_type in types {
                        let at = place.now.child("content").child(media_type).child("schema");
                        self.note(&Place {
                            now: at,
                            before: place.before.child(key),
                        });
                        content.insert(media_type.clone(), json!({ "schema": value }));
                    }
                }
                "headers" => {
                    let place = place.child(key);
                    let headers = value.as_object().into_iter().flatten();
                    let headers: Object = headers
                        .map(|(name, header)| {
                            (name.clone(), self.header(header, &place.child(name)))
                        })
                        .collect();
                    new.insert(key.clone(), headers.into());
                }
                "examples" => {}
                _ => {
                    new.insert(key.clone(), value.clone());
                }
            }
        }
        for (media_type, example) in members
            .get("examples")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            if let Some(Value::Object(content)) = content.get_mut(media_type) {
                content.insert("example".into(), example.clone());
            }
        }
        if !content.is_empty() {
            new.insert("content".into(), content.into());
        }
        Value::Object(new)
    }

    /// The media types of an operation, its own or the document's; JSON if there are none.
    pub(super) fn media_types(&self, operation: Option<&Value>, key: &str) -> Vec<String> {
        let own = operation.and_then(|operation| operation.get(key));
        let types = own.or_else(|| self.old.get(key)).and_then(Value::as_array);
        let mut types: Vec<String> = types
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(|media_type| media_type.trim().to_owned())
            .filter(|media_type| !media_type.is_empty())
            .take(MOST_TYPES)
            .collect();
        if types.is_empty() {
            types.push("application/json".to_owned());
        }
        types
    }
}
