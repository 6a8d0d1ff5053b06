//! One operation: its arguments, its schema, its request and its type.

use indexmap::IndexSet;
use serde_json::{Map, Value, json};

use super::body::RawBody;
use super::parameters::RawParameter;
use super::schema::input::{InputSchemas, file_schema, undeclared_schema};
use super::schema::{Additional, Shape, Shapes, default_fits};
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
/// Schemas in one attempt; more could not be written in the largest size anyway. Recursion through many
/// components would otherwise grow without bound.
const MOST_NODES: usize = 1_200;

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
    /// A schema that is not in the document (files, undeclared properties).
    fixed: Option<Value>,
    /// Whether `schema` is that of each further property.
    map: bool,
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
        let security = self.security.of(&raw.node, sink);
        let parameters = parameters::read(raw, &segments, self.resolver, sink)?;
        let parameters = self.without_credentials(parameters, &security, sink);
        note_servers(raw, sink);
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
        let (risk, hints, risk_reason) = risk::classify(&raw.method, raw.path, operation_id, tool);
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
            security,
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

    /// Parameters that a security scheme of the operation sends are not for a model to fill in (rule
    /// R2).
    fn without_credentials(
        &self,
        mut parameters: Vec<RawParameter<'a>>,
        security: &[Vec<ir::Security>],
        sink: &mut Sink,
    ) -> Vec<RawParameter<'a>> {
        parameters.retain(|parameter| {
            let scheme = security.iter().flatten().find(|s| {
                self.security
                    .sends(s.scheme, parameter.location, &parameter.name)
            });
            if scheme.is_some() {
                sink.push(
                    Diagnostic::new(
                        Code::E0414,
                        format!(
                            "the {} parameter `{}` is the credential of a security scheme",
                            parameter.location,
                            text::line(&parameter.name, 60)
                        ),
                    )
                    .at(&parameter.node.pointer)
                    .note("it is no argument: the server sends it from its environment"),
                );
            }
            scheme.is_none()
        });
        parameters
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
            map: false,
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
            let part = body.part(name, &shape, self.shapes);
            let (ty, fixed) = if part == ir::PartEncoding::File {
                files(&shape)
            } else {
                let hint = format!("{parent}{}", pascal(name, 0));
                (self.types.of_shape(&shape, &hint, Direction::In), None)
            };
            arguments.push(Argument {
                name: argument.clone(),
                schema: Some(property.clone()),
                description: shape.description,
                example: None,
                // An optional body may be left out as a whole, and then nothing in it is required.
                required: body.required && body.shape.required.contains(name),
                body: true,
                fixed,
                map: false,
                ty,
                nullable: shape.nullable && part != ir::PartEncoding::File,
            });
            fields.push(ir::BodyField {
                name: (*name).to_owned(),
                argument,
                part,
            });
        }
        for name in body.shape.undeclared() {
            let argument = names.take(name, Place::Body);
            arguments.push(Argument {
                name: argument.clone(),
                schema: None,
                description: None,
                example: None,
                required: false,
                body: true,
                fixed: Some(undeclared_schema()),
                map: false,
                ty: ir::TypeRef::Json,
                nullable: false,
            });
            fields.push(ir::BodyField {
                name: name.to_owned(),
                argument,
                part: ir::PartEncoding::Plain,
            });
        }
        let mut additional = String::new();
        if body.open {
            additional = names.take("additional_fields", Place::Body);
            let (schema, ty) = match &body.shape.additional {
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
                description: Some("Further fields of the record, by name."),
                example: None,
                required: false,
                body: true,
                map: true,
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
            ("bytes", _) => (Some(file_schema(body.description)), ir::TypeRef::Json),
            ("text", _) if body.media_type == "text/plain" => {
                (Some(json!({"type": "string"})), ir::TypeRef::String)
            }
            ("text", _) => {
                let format = format!("Text of the type `{}`.", body.media_type);
                (
                    Some(json!({"type": "string", "description": format})),
                    ir::TypeRef::String,
                )
            }
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
            map: false,
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
            let size = schema.to_string().len();
            let fits = builder.nodes() <= MOST_NODES && size <= LARGEST;
            let cut = builder.cut;
            last = Some((schema, builder.nullable, levels, cut, size));
            if fits {
                break;
            }
        }
        let Some((schema, nullable, levels, cut, size)) = last else {
            return (json!({"type": "object"}), Vec::new());
        };
        if cut || size > LARGEST {
            let title = if cut {
                format!("objects below level {levels} are left open")
            } else {
                format!("its schema has {size} bytes")
            };
            self.shapes.report(
                Diagnostic::new(
                    Code::E0505,
                    format!("the arguments of {} are too large; {title}", raw.label()),
                )
                .at_key(&raw.node.pointer)
                .note("what is left open is not checked here; the service checks it"),
            );
        }
        (schema, distinct(nullable))
    }
}

/// A path or an operation may name servers of its own (OpenAPI 3.2 §4.9, §4.10). Requests go to the
/// operator's base URL, so that credentials go nowhere else.
fn note_servers(raw: &RawOperation<'_>, sink: &mut Sink) {
    for owner in [&raw.node, &raw.path_item] {
        let Some(server) = owner.list("servers").find(|s| s.str("url").is_some()) else {
            continue;
        };
        let url = server.str("url").unwrap_or_default();
        sink.push(
            Diagnostic::new(
                Code::E0604,
                format!(
                    "{} names its own server `{}`, which is not used",
                    raw.label(),
                    text::line(url, 100)
                ),
            )
            .at(&server.pointer)
            .note("all requests go to the base URL that the server is started with")
            .help("generate a crate of its own for the operations of another server"),
        );
        return;
    }
}

/// Places in their order, each once: the branches of a union share theirs.
fn distinct(places: Vec<String>) -> Vec<String> {
    let all: IndexSet<String> = places.into_iter().collect();
    all.into_iter().collect()
}

/// Type and schema of a file, or of several.
fn files(shape: &Shape<'_>) -> (ir::TypeRef, Option<Value>) {
    if shape.is_array() {
        let schema = json!({"type": "array", "items": file_schema(None)});
        let ty = ir::TypeRef::List(Box::new(ir::TypeRef::Json));
        return (ty, Some(schema));
    }
    (ir::TypeRef::Json, Some(file_schema(shape.description)))
}

/// The argument's own description before what its schema says, and an example if there is none yet.
fn describe_argument<'a>(
    builder: &InputSchemas<'_, 'a>,
    object: &mut Map<String, Value>,
    argument: &Argument<'a>,
) {
    let own = argument
        .description
        .map(|d| text::line(d, 300))
        .filter(|d| !d.is_empty());
    // The schema of a file has taken the description in already.
    let file = argument.ty == ir::TypeRef::Json && argument.fixed.is_some();
    if let Some(description) = own.filter(|_| !file) {
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
        && ["examples", "enum", "default"]
            .iter()
            .all(|k| !object.contains_key(*k))
        && (example.is_number()
            || example
                .as_str()
                .is_some_and(|s| !s.is_empty() && s.len() <= 60))
        && argument
            .schema
            .as_ref()
            .is_none_or(|schema| default_fits(&builder.shape(schema), example))
    {
        object.insert("examples".to_owned(), json!([example]));
    }
}

fn root_schema<'a>(builder: &mut InputSchemas<'_, 'a>, arguments: &[Argument<'a>]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for argument in arguments {
        let path = format!("/{}", argument.name);
        let mut schema = match (&argument.fixed, &argument.schema) {
            (Some(fixed), _) => fixed.clone(),
            (None, Some(node)) if argument.map => {
                let inner = builder.build(node, &format!("{path}/*"), argument.body);
                json!({"type": "object", "additionalProperties": inner})
            }
            (None, Some(node)) => builder.build(node, &path, argument.body),
            (None, None) => json!({}),
        };
        if let Some(object) = schema.as_object_mut() {
            describe_argument(builder, object, argument);
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
