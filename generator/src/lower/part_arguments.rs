//! What stands for a part in the arguments of a tool: files, texts that are written by the caller, and header
//! fields.

use serde_json::{Value, json};

use super::arguments::Argument;
use super::media;
use super::operation::Lowering;
use super::parameters::RawParameter;
use super::schema::Shape;
use super::schema::input::{base64_schema, file_schema};
use crate::ir;
use crate::model::Node;
use crate::names::{ArgumentNames, Place};
use crate::text;

impl<'a> Lowering<'_, 'a> {
    /// The argument for a header field of a part (OpenAPI 3.2 §4.15.1, `headers`). It may be left out with
    /// its part, so it is never required here.
    pub(super) fn header_argument(
        &mut self,
        part: &str,
        header: &str,
        node: Node<'a>,
        parent: &str,
        (names, arguments): (&mut ArgumentNames, &mut Vec<Argument<'a>>),
    ) -> ir::Parameter {
        let content = node.get("content");
        let content = content.iter().flat_map(Node::entries).next();
        let is_json = content
            .as_ref()
            .is_some_and(|(name, _)| media::is_json(name));
        let schema = match &content {
            Some((_, media)) => media.get("schema").filter(|_| is_json),
            None => node.get("schema"),
        };
        let is_required = node.bool("required") == Some(true);
        let raw = RawParameter {
            name: header.to_owned(),
            location: "header",
            style: if is_json { "json" } else { "simple" },
            explode: node.bool("explode") == Some(true),
            allow_reserved: false,
            required: false,
            description: node.str("description"),
            node: node.clone(),
            entry: node,
            schema,
            fixed: None,
            text_of: None,
            fields: Vec::new(),
            nested: Vec::new(),
        };
        let name = names.take(&format!("{part}_{header}"), Place::Body);
        let mut argument = self.parameter_argument(&raw, &name, parent);
        let need = if is_required { ", which needs it" } else { "" };
        let told = format!(
            "Header field `{header}` of the part `{}`{need}.",
            text::line(part, 60)
        );
        let kind = argument.kind.take();
        argument.kind = Some(kind.map_or(told.clone(), |kind| format!("{told} {kind}")));
        arguments.push(argument);
        ir::Parameter {
            name: raw.name,
            argument: name,
            location: raw.location,
            style: raw.style,
            explode: raw.explode,
            allow_reserved: false,
            required: is_required,
            constant: None,
            generated: false,
            fields: Vec::new(),
        }
    }
}

/// Type and schema of a text, or of several.
pub(super) fn texts(shape: &Shape<'_>) -> (ir::TypeRef, Option<Value>) {
    let text = json!({"type": "string"});
    if shape.is_array() && shape.items.is_some() {
        let ty = ir::TypeRef::List(Box::new(ir::TypeRef::String));
        return (ty, Some(json!({"type": "array", "items": text})));
    }
    (ir::TypeRef::String, Some(text))
}

/// Type and schema of base64 text, or of several.
pub(super) fn encoded_texts(shape: &Shape<'_>) -> (ir::TypeRef, Option<Value>) {
    if shape.is_array() {
        let schema = json!({"type": "array", "items": base64_schema(None)});
        let ty = ir::TypeRef::List(Box::new(ir::TypeRef::Json));
        return (ty, Some(schema));
    }
    (ir::TypeRef::Json, Some(base64_schema(shape.description)))
}

/// Type and schema of a file, or of several.
pub(super) fn files(shape: &Shape<'_>) -> (ir::TypeRef, Option<Value>) {
    if shape.is_array() {
        let schema = json!({"type": "array", "items": file_schema(None)});
        let ty = ir::TypeRef::List(Box::new(ir::TypeRef::Json));
        return (ty, Some(schema));
    }
    (ir::TypeRef::Json, Some(file_schema(shape.description)))
}
