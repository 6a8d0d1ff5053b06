//! The arguments of a tool: parameters, then the properties of the body or the body as a whole.

use serde_json::{Value, json};

use super::body::RawBody;
use super::nested::Asked;
use super::operation::Lowering;
use super::parameters::RawParameter;
use super::part_arguments::{encoded_texts, files, texts};
use super::parts;
use super::schema::input::{
    DEPRECATED, Nulls, UNDECLARED, base64_body_schema, bytes_schema, kind_of_text, names_schema,
    undeclared_schema,
};
use super::schema::{Additional, Shape};
use super::types::Direction;
use crate::ir;
use crate::model::Node;
use crate::names::{ArgumentNames, Place, pascal};

/// What is said about the argument for properties that are not declared.
pub(super) const FURTHER: &str = "Further fields of the record, by name.";

/// What is said about a field of which the document says nothing.
const MAY_BE_FILE: &str = "A file is an object with `filename` and either `text` or `data_base64`.";

/// What is said about a form that is one text.
const ENCODED: &str = "A form that is encoded already, as `a=1&b=x%20y`; sent as it is.";

/// An argument before it has a schema.
pub(super) struct Argument<'a> {
    pub(super) name: String,
    pub(super) schema: Option<Node<'a>>,
    pub(super) description: Option<&'a str>,
    pub(super) example: Option<&'a Value>,
    pub(super) required: bool,
    pub(super) body: bool,
    /// What null means in it.
    pub(super) nulls: Nulls,
    /// A schema that is not in the document (files, undeclared properties).
    pub(super) fixed: Option<Value>,
    /// Whether it stands for a file, whose schema has taken the description in.
    pub(super) file: bool,
    /// What is said after the description.
    pub(super) kind: Option<String>,
    /// Whether it may be empty text, whatever its schema says.
    pub(super) may_be_empty: bool,
    /// Whether an empty list or object would put nothing on the wire, where something is required.
    pub(super) never_empty: bool,
    /// What `schema` describes.
    pub(super) of: Of,
    /// Levels below the body, or the argument, on which texts of bytes are files; 0 for none.
    pub(super) files: usize,
    /// Schemas on that level whose parts are sent as something else than they describe.
    pub(super) encoded: Asked,
    /// The same, on whatever level.
    pub(super) nested: Asked,
    /// What the names in it must be.
    pub(super) names: Option<Value>,
    pub(super) ty: ir::TypeRef,
    pub(super) nullable: bool,
}

/// What the schema of an argument describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// The argument.
    Whole,
    /// Each of its properties.
    Members,
    /// Each of its items.
    Items,
    /// Each item of the lists that its properties are.
    Lists,
}

impl<'a> Lowering<'_, 'a> {
    pub(super) fn parameter_argument(
        &mut self,
        parameter: &RawParameter<'a>,
        name: &str,
        parent: &str,
    ) -> Argument<'a> {
        let hint = format!("{parent}{}", pascal(name, 0));
        let ty = match &parameter.schema {
            Some(schema) => self.types.of(schema, &hint, Direction::In).0,
            None => ir::TypeRef::String,
        };
        let example = parameter.node.value.get("example").or_else(|| {
            parameter
                .node
                .value
                .get("examples")?
                .as_object()?
                .values()
                .next()?
                .as_object()
                // An Example Object says it in one of two ways (OpenAPI 3.2 §4.19).
                .and_then(|example| example.get("dataValue").or_else(|| example.get("value")))
        });
        let shape = parameter.schema.as_ref().map(|s| self.shapes.of(s));
        let is_text = shape.as_ref().is_none_or(|s| s.types.names() == ["string"]);
        let is_whole_query =
            parameter.location == "querystring" && parameter.style == "form" && is_text;
        let deprecated = parameter.node.bool("deprecated") == Some(true)
            || shape.as_ref().is_some_and(|shape| shape.deprecated);
        // OpenAPI 3.2 §4.12.2.2: for query parameters only.
        let may_be_empty = parameter.location == "query"
            && parameter.node.bool("allowEmptyValue") == Some(true)
            && shape
                .as_ref()
                .is_some_and(|shape| !shape.takes_empty_text());
        let nullable = shape.is_some_and(|shape| shape.nullable);
        Argument {
            name: name.to_owned(),
            schema: parameter.schema.clone(),
            description: parameter.description,
            example,
            required: parameter.required,
            body: false,
            nulls: if parameter.style == "json" {
                Nulls::Declared
            } else {
                Nulls::Undefined
            },
            fixed: parameter
                .schema
                .is_none()
                .then(|| json!({"type": "string"})),
            file: false,
            kind: match (&parameter.text_of, deprecated) {
                (None, false) if is_whole_query => Some(ENCODED.to_owned()),
                (Some(media), true) => Some(format!("{} {DEPRECATED}", kind_of_text(media))),
                (Some(media), false) => Some(kind_of_text(media)),
                (None, deprecated) => deprecated.then(|| DEPRECATED.to_owned()),
            },
            may_be_empty,
            // RFC 6570 §3.2.1: a value without members is undefined, and left out.
            never_empty: parameter.required && parameter.style != "json",
            of: Of::Whole,
            files: 0,
            encoded: Vec::new(),
            nested: parameter.nested.clone(),
            names: None,
            ty: if may_be_empty { ir::TypeRef::Json } else { ty },
            nullable: parameter.style == "json" && nullable,
        }
    }

    pub(super) fn body_arguments(
        &mut self,
        body: &RawBody<'a>,
        parent: &str,
        names: &mut ArgumentNames,
        arguments: &mut Vec<Argument<'a>>,
    ) -> (ir::Body, Vec<(String, ir::Parameter)>) {
        let mut free = Vec::new();
        let (shape, further) = if body.lifted {
            self.lifted_body(body, parent, (names, arguments), &mut free)
        } else {
            let shape = self.whole_body(body, parent, (names, arguments), &mut free);
            (shape, ir::PartEncoding::Plain)
        };
        let headers = free.into_iter().map(|(part, header, node)| {
            let parameter = self.header_argument(&part, &header, node, parent, (names, arguments));
            (part, parameter)
        });
        let headers = headers.collect();
        let body = ir::Body {
            media_type: body.media_type.clone(),
            encoding: body.encoding,
            xml: body.xml.clone(),
            shape,
            further,
            required: body.required,
        };
        (body, headers)
    }

    fn lifted_body(
        &mut self,
        body: &RawBody<'a>,
        parent: &str,
        (names, arguments): (&mut ArgumentNames, &mut Vec<Argument<'a>>),
        free: &mut Vec<(String, String, Node<'a>)>,
    ) -> (ir::BodyShape, ir::PartEncoding) {
        let mut fields = Vec::new();
        let nulls = body.nulls();
        for (name, property) in &body.shape.properties {
            let shape = self.shapes.of_property(&body.shape, name, property);
            if shape.read_only || property.value == &Value::Bool(false) {
                continue;
            }
            let argument = names.take(name, Place::Body);
            let mut nested = Vec::new();
            let part = body.part(name, property, &shape, self.shapes, &mut nested);
            let is_either = part == ir::PartEncoding::Any;
            let part_schema = parts::each(property, self.shapes);
            let text = match parts::encoded(&part_schema, &part, self.shapes) {
                Some((_, ir::PartEncoding::Typed(content_type))) => {
                    Some(kind_of_text(&content_type))
                }
                _ => None,
            };
            let (ty, fixed) = if part.is_file() {
                files(&shape)
            } else if text.is_some() {
                texts(&shape)
            } else if matches!(part, ir::PartEncoding::Base64(_)) {
                encoded_texts(&shape)
            } else if is_either || part.nested_form().is_some() {
                (ir::TypeRef::Json, None)
            } else {
                let hint = format!("{parent}{}", pascal(name, 0));
                (self.types.of_shape(&shape, &hint, Direction::In), None)
            };
            let of_field = Argument {
                name: argument.clone(),
                schema: Some(property.clone()),
                description: shape.description,
                example: None,
                // An optional body may be left out as a whole, and then nothing in it is required.
                required: body.required && body.shape.required.contains(name),
                body: true,
                nulls,
                file: (part.is_file() || matches!(part, ir::PartEncoding::Base64(_)))
                    && ty == ir::TypeRef::Json,
                fixed,
                kind: kind_of_field(&shape, is_either, text.as_deref()),
                may_be_empty: false,
                never_empty: body.required
                    && body.shape.required.contains(name)
                    && matches!(body.encoding, "form" | "multipart")
                    && shape.is_array(),
                of: Of::Whole,
                files: usize::from(is_either),
                encoded: Vec::new(),
                nested,
                names: None,
                ty,
                nullable: nulls.are_values(&shape, body.shape.required.contains(name))
                    && !part.is_file()
                    && text.is_none(),
            };
            arguments.push(of_field.sent_as(name, ""));
            let headers = body.part_headers(name, &shape, self.resolver, self.shapes);
            let of_part = headers.free.into_iter();
            free.extend(of_part.map(|(header, node)| ((*name).to_owned(), header, node)));
            fields.push(ir::BodyField {
                name: (*name).to_owned(),
                argument,
                part,
                headers: headers.fixed,
            });
        }
        let undeclared = self.shapes.undeclared(&body.shape);
        let further = body.further_fields(self.shapes);
        for name in body.shape.undeclared() {
            let argument = names.take(name, Place::Body);
            let (ty, nullable) = match &undeclared {
                _ if further.may_be_file => (ir::TypeRef::Json, false),
                Some(node) => {
                    let hint = format!("{parent}{}", pascal(name, 0));
                    self.types.of(node, &hint, Direction::In)
                }
                None => (ir::TypeRef::Json, false),
            };
            let of_field = Argument {
                name: argument.clone(),
                description: undeclared.is_some().then_some(UNDECLARED),
                fixed: undeclared.is_none().then(undeclared_schema),
                schema: undeclared.clone(),
                example: None,
                required: body.required,
                body: true,
                nulls,
                file: false,
                kind: None,
                may_be_empty: false,
                never_empty: false,
                of: Of::Whole,
                files: usize::from(further.may_be_file),
                encoded: further.encoded.clone(),
                nested: further.nested.clone(),
                names: None,
                ty,
                nullable,
            };
            arguments.push(of_field.sent_as(name, ""));
            fields.push(ir::BodyField {
                name: name.to_owned(),
                argument,
                part: further.part.clone(),
                headers: Vec::new(),
            });
        }
        let mut additional = String::new();
        if body.open {
            additional = names.take("additional_fields", Place::Body);
            let (schema, ty) = match &body.shape.additional {
                Additional::Schema(node) if further.may_be_file => {
                    (Some(node.clone()), ir::TypeRef::Json)
                }
                Additional::Schema(node) => {
                    let hint = format!("{parent}AdditionalFields");
                    let ty = self.types.value_type(node, &hint, Direction::In);
                    (Some(node.clone()), ty)
                }
                _ => (None, ir::TypeRef::Json),
            };
            arguments.push(Argument {
                name: additional.clone(),
                fixed: schema.is_none().then(|| json!({"type": "object"})),
                schema,
                description: Some(FURTHER),
                example: None,
                required: false,
                body: true,
                nulls,
                file: false,
                kind: (further.part == ir::PartEncoding::Any).then(|| MAY_BE_FILE.to_owned()),
                may_be_empty: false,
                never_empty: false,
                of: Of::Members,
                files: if further.may_be_file { 2 } else { 0 },
                encoded: further.encoded,
                nested: further.nested,
                names: names_schema(self.shapes, &body.shape, &[]),
                ty: ir::TypeRef::Map(Box::new(ty)),
                nullable: false,
            });
        }
        let further = Some(further.part).filter(|_| body.open);
        let further = further.unwrap_or(ir::PartEncoding::Plain);
        (ir::BodyShape::Properties(fields, additional), further)
    }

    fn whole_body(
        &mut self,
        body: &RawBody<'a>,
        parent: &str,
        (names, arguments): (&mut ArgumentNames, &mut Vec<Argument<'a>>),
        free: &mut Vec<(String, String, Node<'a>)>,
    ) -> ir::BodyShape {
        let argument = names.take("body", Place::Body);
        let nulls = body.nulls();
        let form = body.whole_form(&argument, self.resolver, self.shapes);
        let sequence = matches!(body.encoding, "lines" | "sequence");
        let items = body.media.get("itemSchema");
        let items = items.filter(|_| sequence && body.schema.is_none());
        let (fixed, ty) = match (body.encoding, &body.schema) {
            ("lines" | "sequence", None) => {
                let hint = format!("{parent}BodyItem");
                let item = items.as_ref().map_or(ir::TypeRef::Json, |items| {
                    self.types.value_type(items, &hint, Direction::In)
                });
                (None, ir::TypeRef::List(Box::new(item)))
            }
            ("base64", _) => (
                Some(base64_body_schema(body.description, &body.media_type)),
                ir::TypeRef::Json,
            ),
            ("bytes", _) => (
                Some(bytes_schema(body.description, &body.media_type)),
                ir::TypeRef::Json,
            ),
            ("text", schema) if schema.is_none() || !is_one_text(&body.shape) => {
                (Some(json!({"type": "string"})), ir::TypeRef::String)
            }
            ("form" | "multipart", _)
                if form.as_ref().is_some_and(|form| form.schema.is_some()) =>
            {
                (None, ir::TypeRef::Json)
            }
            // Without a part, a multipart body has no form (RFC 2046 §5.1.1).
            ("form" | "multipart", _) if body.shape.is_anything() => (
                Some(json!({"type": "object", "minProperties": 1})),
                ir::TypeRef::Json,
            ),
            (_, Some(schema)) => (
                None,
                self.types
                    .of(schema, &format!("{parent}Body"), Direction::In)
                    .0,
            ),
            (_, None) => (Some(json!({})), ir::TypeRef::Json),
        };
        let kind = match &form {
            Some(form) => form.kind.map(str::to_owned),
            None if sequence => Some("Sent as one JSON text per line.".to_owned()),
            None if body.encoding == "form" && body.shape.types.names() == ["string"] => {
                Some(ENCODED.to_owned())
            }
            None => (body.encoding == "text").then(|| kind_of_text(&body.media_type)),
        };
        let (schema, of, files) = match &form {
            Some(form) => (form.schema.clone(), form.of, form.files),
            None if items.is_some() => (items, Of::Items, 0),
            None => (body.schema.clone(), Of::Whole, 0),
        };
        let encoded = form.as_ref().map(|form| form.encoded.clone());
        let nested = form.as_ref().map(|form| form.nested.clone());
        arguments.push(Argument {
            name: argument.clone(),
            schema,
            description: body.description.or(body.shape.description),
            example: None,
            required: body.required,
            body: true,
            nulls,
            file: matches!(body.encoding, "bytes" | "base64"),
            fixed,
            kind,
            may_be_empty: false,
            // A multipart body has a part at least.
            never_empty: form.is_some() && body.encoding == "multipart",
            of,
            files,
            encoded: encoded.unwrap_or_default(),
            nested: nested.unwrap_or_default(),
            names: None,
            ty,
            nullable: body.shape.nullable,
        });
        form.map_or(ir::BodyShape::Whole(argument), |form| {
            free.extend(form.free);
            form.shape
        })
    }
}

/// Whether every value has one text: what is no string is written as its digits, or as `true` and `false`.
fn is_one_text(shape: &Shape<'_>) -> bool {
    let names = shape.types.names();
    let has_text = |name: &&str| matches!(*name, "string" | "number" | "integer" | "boolean");
    !names.is_empty() && names.iter().all(has_text) && shape.unions.is_empty()
}

/// What a model reads about a field of a body; one of which nothing is said may be a file.
fn kind_of_field(shape: &Shape<'_>, is_either: bool, text: Option<&str>) -> Option<String> {
    let file = (is_either && shape.is_anything()).then_some(MAY_BE_FILE);
    let deprecated = shape.deprecated.then_some(DEPRECATED);
    let said: Vec<&str> = text.into_iter().chain(file).chain(deprecated).collect();
    (!said.is_empty()).then(|| said.join(" "))
}
