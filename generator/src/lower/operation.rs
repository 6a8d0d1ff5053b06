//! One operation: its arguments, its schema, its request and its type.

use serde_json::{Map, Value, json};

use super::body::RawBody;
use super::parameters::RawParameter;
use super::schema::input::InputSchemas;
use super::schema::{Additional, Shapes};
use super::security::SecuritySchemes;
use super::types::{Direction, TypeBuilder, presence};
use super::{body, describe, parameters, path, response, risk};
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::ir;
use crate::model::{Node, RawOperation, Resolver};
use crate::names::{ArgumentNames, Place, Unique, pascal, screaming, snake};
use crate::text;

/// Largest argument schema, in bytes of JSON; a larger one is built again with fewer levels.
const LARGEST: usize = 24_000;
/// Levels that are tried, most first.
const LEVELS: [usize; 6] = [10, 6, 4, 3, 2, 1];
/// Schemas in one attempt; recursion through many components would otherwise grow without bound.
const MOST_NODES: usize = 3_000;

/// What lowering an operation needs.
pub struct Lowering<'s, 'a> {
    /// Follows references.
    pub resolver: Resolver<'a>,
    /// Computes schema shapes.
    pub shapes: &'s Shapes<'a>,
    /// Builds types.
    pub types: TypeBuilder<'s, 'a>,
    /// The security schemes.
    pub security: &'s SecuritySchemes<'a>,
    /// Names of operation types given out so far.
    pub type_names: Unique,
}

/// An argument before it has a schema.
struct Argument<'a> {
    name: String,
    schema: Option<Node<'a>>,
    description: Option<&'a str>,
    example: Option<&'a Value>,
    required: bool,
    body: bool,
    /// A schema that is not in the document (files, further properties).
    fixed: Option<Value>,
    ty: ir::TypeRef,
    nullable: bool,
}

impl<'a> Lowering<'_, 'a> {
    /// Lowers one operation.
    ///
    /// # Errors
    /// When it has to be left out: the reason. A diagnostic has been pushed.
    pub fn operation(
        &mut self,
        raw: &RawOperation<'a>,
        tool: &str,
        sink: &mut Sink,
    ) -> Result<ir::Operation, String> {
        let segments = path::segments(raw.path).map_err(|reason| {
            sink.push(
                Diagnostic::new(
                    Code::E0405,
                    format!("{} is left out: {reason}", raw.label()),
                )
                .at_key(&raw.path_item.pointer)
                .help("write the path as `/literal/{parameter}`"),
            );
            reason
        })?;
        let parameters = parameters::read(raw, &segments, self.resolver, sink)?;
        let body = body::read(raw, self.resolver, self.shapes, sink)?;
        let type_name = self.type_names.take(&pascal(tool, 0), "_");
        let mut names = ArgumentNames::default();
        let mut arguments: Vec<Argument<'a>> = Vec::new();
        let mut wire = Vec::new();
        // Path parameters have the first claim on their names, whatever the order of declaration.
        let (in_path, others): (Vec<_>, Vec<_>) =
            parameters.into_iter().partition(|p| p.location == "path");
        for parameter in in_path.into_iter().chain(others) {
            let argument = names.take(&parameter.name, parameter.place());
            arguments.push(self.parameter_argument(&parameter, &argument, &type_name));
            wire.push(ir::Parameter {
                name: parameter.name,
                argument,
                location: parameter.location,
                style: parameter.style,
                explode: parameter.explode,
                allow_reserved: parameter.allow_reserved,
                required: parameter.required,
            });
        }
        let body = body.map(|b| self.body_arguments(&b, &type_name, &mut names, &mut arguments));
        let (input_schema, nullable) = self.input_schema(raw, &arguments);
        let success = response::read(raw, tool, self.resolver, self.shapes, &mut self.types, sink);
        let operation_id = raw.node.str("operationId").unwrap_or_default();
        let (risk, hints, risk_reason) = risk::classify(&raw.method, raw.path, operation_id);
        let deprecated = raw.node.bool("deprecated") == Some(true);
        let mut idents = Unique::default();
        let fields = arguments
            .iter()
            .enumerate()
            .map(|(i, argument)| ir::Field {
                ident: idents.take(&snake(&argument.name, i), "_"),
                name: argument.name.clone(),
                ty: argument.ty.clone(),
                presence: if argument.body {
                    presence(
                        argument.required,
                        argument.nullable,
                        Direction::In,
                        &argument.ty,
                    )
                } else if argument.required {
                    ir::Presence::Required
                } else {
                    ir::Presence::Optional
                },
                doc: text::line(argument.description.unwrap_or_default(), 300),
            })
            .collect();
        Ok(ir::Operation {
            tool: tool.to_owned(),
            title: describe::title(raw, tool),
            description: describe::description(raw, tool, deprecated),
            operation_id: text::line(operation_id, 200),
            method: raw.method.clone(),
            path: text::line(raw.path, 1_000),
            segments,
            parameters: wire,
            body,
            accept: success.accept,
            security: self.security.of(&raw.node, sink),
            risk,
            risk_reason,
            hints,
            input_schema,
            nullable,
            output_schema: success.schema,
            output: success.kind,
            static_name: screaming(tool, 0),
            type_name,
            fields,
            output_type: success.ty,
            summary: describe::summary(raw, tool),
            pointer: raw.node.pointer.clone(),
        })
    }

    fn parameter_argument(
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
                .get("value")
        });
        Argument {
            name: name.to_owned(),
            schema: parameter.schema.clone(),
            description: parameter.description,
            example,
            required: parameter.required,
            body: false,
            fixed: parameter
                .schema
                .is_none()
                .then(|| json!({"type": "string"})),
            ty,
            nullable: false,
        }
    }

    fn body_arguments(
        &mut self,
        body: &RawBody<'a>,
        parent: &str,
        names: &mut ArgumentNames,
        arguments: &mut Vec<Argument<'a>>,
    ) -> ir::Body {
        let shape = if body.lifted {
            self.lifted_body(body, parent, names, arguments)
        } else {
            self.whole_body(body, parent, names, arguments)
        };
        ir::Body {
            media_type: body.media_type.clone(),
            encoding: body.encoding,
            shape,
            required: body.required,
        }
    }

    fn lifted_body(
        &mut self,
        body: &RawBody<'a>,
        parent: &str,
        names: &mut ArgumentNames,
        arguments: &mut Vec<Argument<'a>>,
    ) -> ir::BodyShape {
        let mut fields = Vec::new();
        for (name, property) in &body.shape.properties {
            let shape = self.shapes.of(property);
            if shape.read_only {
                continue;
            }
            let argument = names.take(name, Place::Body);
            let part = body.part(name, &shape);
            let ty = if part == ir::PartEncoding::File {
                ir::TypeRef::Json
            } else {
                self.types.of_shape(
                    &shape,
                    &format!("{parent}{}", pascal(name, 0)),
                    Direction::In,
                )
            };
            arguments.push(Argument {
                name: argument.clone(),
                schema: Some(property.clone()),
                description: shape.description,
                example: None,
                // An optional body may be left out as a whole, and then nothing in it is required.
                required: body.required && body.shape.required.contains(name),
                body: true,
                fixed: None,
                ty,
                nullable: shape.nullable,
            });
            fields.push(ir::BodyField {
                name: (*name).to_owned(),
                argument,
                part,
            });
        }
        let mut additional = String::new();
        if body.open {
            additional = names.take("additional_fields", Place::Body);
            let (schema, ty) = match &body.shape.additional {
                Additional::Schema(node) => {
                    let mut builder = InputSchemas::new(self.shapes, 4, MOST_NODES);
                    let inner = builder.build(node, "", false);
                    let hint = format!("{parent}AdditionalFields");
                    (
                        json!({"type": "object", "additionalProperties": inner}),
                        self.types.of(node, &hint, Direction::In).0,
                    )
                }
                _ => (json!({"type": "object"}), ir::TypeRef::Json),
            };
            arguments.push(Argument {
                name: additional.clone(),
                schema: None,
                description: Some("Further fields of the record, by name."),
                example: None,
                required: false,
                body: true,
                fixed: Some(schema),
                ty: ir::TypeRef::Map(Box::new(ty)),
                nullable: false,
            });
        }
        ir::BodyShape::Properties(fields, additional)
    }

    fn whole_body(
        &mut self,
        body: &RawBody<'a>,
        parent: &str,
        names: &mut ArgumentNames,
        arguments: &mut Vec<Argument<'a>>,
    ) -> ir::BodyShape {
        let argument = names.take("body", Place::Body);
        let (fixed, ty) = match (body.encoding, &body.schema) {
            ("bytes", _) => (
                Some(InputSchemas::file(body.description)),
                ir::TypeRef::Json,
            ),
            ("text", _) => (Some(json!({"type": "string"})), ir::TypeRef::String),
            (_, Some(schema)) => (
                None,
                self.types
                    .of(schema, &format!("{parent}Body"), Direction::In)
                    .0,
            ),
            (_, None) => (Some(json!({})), ir::TypeRef::Json),
        };
        arguments.push(Argument {
            name: argument.clone(),
            schema: body.schema.clone(),
            description: body.description.or(body.shape.description),
            example: None,
            required: body.required,
            body: true,
            fixed,
            ty,
            nullable: body.shape.nullable,
        });
        ir::BodyShape::Whole(argument)
    }

    /// The schema of all arguments, small enough, and the places in it where null is a value.
    fn input_schema(
        &self,
        raw: &RawOperation<'a>,
        arguments: &[Argument<'a>],
    ) -> (Value, Vec<String>) {
        let mut last = None;
        for levels in LEVELS {
            let mut builder = InputSchemas::new(self.shapes, levels, MOST_NODES);
            let schema = root_schema(&mut builder, arguments);
            let fits = builder.nodes() <= MOST_NODES && schema.to_string().len() <= LARGEST;
            let cut = builder.cut;
            last = Some((schema, builder.nullable));
            if fits {
                if cut && levels < LEVELS.first().copied().unwrap_or_default() {
                    self.shapes.report(
                        Diagnostic::new(
                            Code::E0505,
                            format!("the arguments of {} are too large; objects below level {levels} are left open", raw.label()),
                        )
                        .at_key(&raw.node.pointer)
                        .note("what is left open is not checked here; the service checks it"),
                    );
                }
                break;
            }
        }
        last.unwrap_or_else(|| (json!({"type": "object"}), Vec::new()))
    }
}

fn root_schema<'a>(builder: &mut InputSchemas<'_, 'a>, arguments: &[Argument<'a>]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for argument in arguments {
        let path = format!("/{}", argument.name);
        let mut schema = match (&argument.fixed, &argument.schema) {
            (Some(fixed), _) => fixed.clone(),
            (None, Some(node)) => builder.build(node, &path, argument.body),
            (None, None) => json!({}),
        };
        if let Some(object) = schema.as_object_mut() {
            if let Some(description) = argument.description.map(|d| text::line(d, 300))
                && !description.is_empty()
                && !(object.get("type") == Some(&json!("object"))
                    && object.contains_key("description")
                    && object.get("additionalProperties") == Some(&json!(false))
                    && object
                        .get("properties")
                        .is_some_and(|p| p.get("data_base64").is_some()))
            {
                // The description stands first, as in the document.
                let mut described = Map::new();
                described.insert("description".to_owned(), Value::String(description));
                described.extend(
                    object
                        .iter()
                        .filter(|(k, _)| *k != "description")
                        .map(|(k, v)| (k.clone(), v.clone())),
                );
                *object = described;
            }
            if let Some(example) = argument.example
                && !object.contains_key("examples")
                && !object.contains_key("enum")
                && !object.contains_key("default")
                && (example.is_number()
                    || example
                        .as_str()
                        .is_some_and(|s| !s.is_empty() && s.len() <= 60))
            {
                object.insert("examples".to_owned(), json!([example]));
            }
        }
        if argument.required {
            required.push(json!(argument.name));
        }
        properties.insert(argument.name.clone(), schema);
    }
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Value::Object(properties));
    }
    if !required.is_empty() {
        schema.insert("required".to_owned(), Value::Array(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    Value::Object(schema)
}
