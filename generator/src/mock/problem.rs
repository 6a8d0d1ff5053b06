//! Errors in the form that the document declares for them, else as RFC 9457 has it.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::answer::{self, is_json};
use super::judge::Fault;
use super::make::{At, Maker, Seen};
use super::message::Response;
use super::seed::Seed;
use super::xml;
use crate::lower::schema::{Shape, Shapes, Types};
use crate::model::{Node, RawOperation};
use crate::names::words;
use crate::text::pointer::unescaped;

/// Levels of an error.
const DEEPEST: usize = 4;

/// An error of the mock.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    /// The status code.
    pub(super) status: u16,
    /// What is wrong, in one line.
    pub(super) message: String,
    /// Each thing that is wrong.
    pub(super) faults: Vec<Fault>,
}

impl Problem {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            faults: Vec::new(),
        }
    }

    /// That the request is not what the document says.
    pub(super) fn of(faults: Vec<Fault>, status: u16) -> Self {
        let lines: Vec<String> = faults.iter().map(Fault::line).collect();
        Self {
            status,
            message: lines.join("; "),
            faults,
        }
    }

    /// As an answer to an operation.
    pub(super) fn answer<'a>(
        &self,
        raw: Option<&RawOperation<'a>>,
        shapes: &Shapes<'a>,
    ) -> Response {
        let declared = raw.and_then(|raw| answer::error(raw, self.status, shapes));
        let schema = declared.as_ref().and_then(answer::Declared::schema);
        if let (Some(declared), Some(schema)) = (&declared, schema) {
            let value = self.value(&schema, shapes);
            let media_type = declared
                .content
                .as_ref()
                .map_or("application/json", |(name, _)| name.as_str());
            if answer::is_xml(media_type) && !media_type.contains('*') {
                let root = xml::root_for(shapes, Some(&schema), "error", &value);
                let document = xml::document(&root, &value).unwrap_or_default();
                return Response::of(self.status, media_type, document);
            }
            let media_type = if media_type.contains('*') || !is_json(media_type) {
                "application/json"
            } else {
                media_type
            };
            return Response::of(self.status, media_type, value.to_string());
        }
        Response::of(
            self.status,
            "application/problem+json",
            self.plain().to_string(),
        )
    }

    /// Problem Details (RFC 9457).
    pub(super) fn plain(&self) -> Value {
        let mut problem = json!({
            "type": "about:blank",
            "title": title(self.status),
            "status": self.status,
            "detail": self.message,
        });
        if !self.faults.is_empty() {
            let one = |fault: &Fault| json!({"in": fault.within, "pointer": fault.place, "detail": fault.message});
            let errors: Value = self.faults.iter().map(one).collect();
            if let Some(problem) = problem.as_object_mut() {
                problem.insert("errors".to_owned(), errors);
            }
        }
        problem
    }

    fn value<'a>(&self, schema: &Node<'a>, shapes: &Shapes<'a>) -> Value {
        let related = HashMap::new();
        let mut given = Map::new();
        let root = shapes.of(schema);
        if let Some(Value::Object(said)) = self.said(&root, shapes, 0) {
            given = said;
        }
        let seen = Seen::default();
        let maker = Maker::new(shapes, &seen, &related);
        let at = At::root("error", Seed::new(0), false);
        match maker.value(schema, Some(&Value::Object(given)), &at) {
            Value::Object(object) if object.is_empty() => self.plain(),
            value => value,
        }
    }

    /// What there is to say in an object with these properties.
    fn said<'a>(&self, shape: &Shape<'a>, shapes: &Shapes<'a>, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let form = shape.forms().first().map(|form| shapes.of(form));
        let properties = shape
            .properties
            .iter()
            .chain(form.iter().flat_map(|form| form.properties.iter()));
        let mut object = Map::new();
        for (name, node) in properties {
            let inner = shapes.of(node);
            if let Some(value) = self.property(name, &inner, shapes, depth) {
                object.insert((*name).to_owned(), value);
            }
        }
        (!object.is_empty()).then_some(Value::Object(object))
    }

    fn property<'a>(
        &self,
        name: &str,
        shape: &Shape<'a>,
        shapes: &Shapes<'a>,
        depth: usize,
    ) -> Option<Value> {
        let name = words(name).join(" ");
        let has = |kind: Types| {
            shape.types.has(kind) || shape.types.is_any() && !shape.is_object() && !shape.is_array()
        };
        match name.as_str() {
            "status" | "status code" | "code" | "http status"
                if has(Types::INTEGER) && !has(Types::STRING) =>
            {
                Some(Value::from(self.status))
            }
            "success" | "ok" if has(Types::BOOLEAN) && !has(Types::STRING) => {
                Some(Value::Bool(false))
            }
            "error" if shape.types == Types::BOOLEAN => Some(Value::Bool(true)),
            "type" if shape.values.is_none() && has(Types::STRING) => {
                Some(Value::from("about:blank"))
            }
            "title" if shape.values.is_none() && has(Types::STRING) => {
                Some(Value::from(title(self.status)))
            }
            "status" if shape.values.is_none() && has(Types::STRING) => Some(Value::from("error")),
            "code" | "error code" if shape.values.is_none() && has(Types::STRING) => Some(
                Value::from(title(self.status).to_lowercase().replace(' ', "_")),
            ),
            _ if shape.is_array() => {
                let items = shapes.of(shape.items.as_ref()?);
                let all = if self.faults.is_empty() {
                    Vec::new()
                } else {
                    self.faults.clone()
                };
                let one = |fault: &Fault| fault_in(fault, &items, shapes);
                Some(all.iter().filter_map(one).collect())
            }
            "message" | "msg" | "detail" | "details" | "error" | "description"
            | "error description" | "error message" | "reason"
                if has(Types::STRING) && shape.values.is_none() && !shape.is_object() =>
            {
                Some(Value::from(self.message.as_str()))
            }
            "errors" | "fields" | "details" if shape.is_object() && shape.properties.is_empty() => {
                let mut fields = Map::new();
                for fault in &self.faults {
                    let list = match &shape.additional {
                        crate::lower::schema::Additional::Schema(node) => {
                            shapes.of(node).is_array()
                        }
                        _ => false,
                    };
                    let message = Value::from(fault.message.as_str());
                    fields.insert(
                        field(fault),
                        if list {
                            Value::Array(vec![message])
                        } else {
                            message
                        },
                    );
                }
                Some(Value::Object(fields))
            }
            _ if shape.is_object() => self.said(shape, shapes, depth.saturating_add(1)),
            _ => None,
        }
    }
}

/// The name of what is wrong, with dots.
fn field(fault: &Fault) -> String {
    let path = unescaped(fault.place.trim_start_matches('/'));
    if path.is_empty() {
        fault.within.to_owned()
    } else {
        path.replace('/', ".")
    }
}

/// One thing that is wrong, as the items of a list say it.
fn fault_in<'a>(fault: &Fault, items: &Shape<'a>, shapes: &Shapes<'a>) -> Option<Value> {
    if !items.is_object() {
        return items
            .types
            .has(Types::STRING)
            .then(|| Value::from(fault.line()));
    }
    let mut object = Map::new();
    for (name, node) in &items.properties {
        let shape = shapes.of(node);
        let value = match words(name).join(" ").as_str() {
            "loc" | "path" if shape.is_array() => {
                let mut steps = vec![fault.within.to_owned()];
                steps.extend(fault.place.split('/').skip(1).map(str::to_owned));
                Value::from(steps)
            }
            "loc" | "path" | "field" | "name" | "property" | "param" | "parameter" | "source"
            | "attribute"
                if !shape.is_object() =>
            {
                Value::from(field(fault))
            }
            "pointer" => Value::from(fault.place.as_str()),
            "in" | "location"
                if shape
                    .values
                    .as_ref()
                    .is_none_or(|all| all.iter().any(|one| *one == fault.within)) =>
            {
                Value::from(fault.within)
            }
            "msg" | "message" | "detail" | "error" | "description" | "reason" => {
                Value::from(fault.message.as_str())
            }
            "type" | "code" if shape.values.is_none() => Value::from("invalid"),
            _ => continue,
        };
        object.insert((*name).to_owned(), value);
    }
    Some(Value::Object(object))
}

/// What a status code is called (RFC 9110 §15).
fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        507 => "Insufficient Storage",
        _ => "Error",
    }
}
