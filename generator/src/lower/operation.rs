//! One operation: its arguments, its schema, its request and its type.

use std::collections::HashSet;

use super::arguments::Argument;
use super::schema::Shapes;
use super::schema::input::Nulls;
use super::secret;
use super::security::SecuritySchemes;
use super::servers::Servers;
use super::together::{self, Together};
use super::types::{Direction, TypeBuilder, presence};
use super::{
    body, call_key, counts, credentials, declared, describe, example, parameters, path, read_only,
    relations, repeatable, response, results, risk,
};
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::ir;
use crate::model::{RawOperation, Resolver};
use crate::names::{ArgumentNames, Unique, pascal, screaming, snake};
use crate::settings::Place;
use crate::text;

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
    /// The servers.
    pub servers: Servers,
    /// Names of operation types given out so far.
    pub type_names: Unique,
    /// Whether the document says `readOnly` anywhere.
    pub has_read_only: bool,
    /// Whether it says of any text that it is not shown.
    pub has_secrets: bool,
    /// What paths call the records of the document.
    pub records: HashSet<String>,
}

/// What settings say that has to be known before an operation is lowered.
#[derive(Debug, Default)]
pub struct Given<'g> {
    /// Names of the arguments that something is said about.
    pub fields: Vec<&'g str>,
    /// The operation's own address.
    pub base_url: Option<&'g str>,
    /// Schemes that it needs besides.
    pub security: Vec<&'g str>,
    /// Where that is said.
    pub security_place: Option<&'g Place>,
    /// Whether something is said about places in its answers.
    pub names_answers: bool,
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
        given: &Given<'_>,
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
        if path::has_fragment(raw.path) {
            sink.push(
                Diagnostic::new(
                    Code::E0423,
                    format!("the part of {} behind the `#` is not sent", raw.label()),
                )
                .at_key(&raw.path_item.pointer),
            );
        }
        let security = self.security.of_saying(&raw.node, sink);
        let security = self.security.with(security, given, sink);
        let mut parameters = parameters::read(raw, &segments, self.shapes, sink)?;
        let security = self
            .security
            .take_credentials(&mut parameters, security, raw, sink);
        let server = self.servers.of(raw, given.base_url, sink);
        let mut body = body::read(raw, tool, self.resolver, self.shapes, sink)?;
        let security = match &mut body {
            Some(body) => self
                .security
                .take_from_body(body, self.shapes, security, sink),
            None => security,
        };
        let type_name = self.type_names.take(&pascal(tool, 0), "_");
        let mut names = ArgumentNames::default();
        let mut arguments: Vec<Argument<'a>> = Vec::new();
        let mut wire = Vec::new();
        // Path parameters have the first claim on their names, whatever the order of declaration.
        let (mut in_path, others): (Vec<_>, Vec<_>) =
            parameters.into_iter().partition(|p| p.location == "path");
        // The record around comes first, as in the path (behaviour A14); some programs declare them by name.
        in_path.sort_by_key(|parameter| raw.path.find(&format!("{{{}}}", parameter.name)));
        for parameter in in_path.into_iter().chain(others) {
            let constant = parameter
                .fixed
                .clone()
                .or_else(|| credentials::constant(&parameter, self.shapes, sink));
            let generated = constant.is_none()
                && call_key::is_generated(&parameter, self.shapes, &given.fields, sink);
            let mut argument = String::new();
            if constant.is_none() && !generated {
                argument = names.take(&parameter.name, parameter.place());
                let of_parameter = self.parameter_argument(&parameter, &argument, &type_name);
                arguments.push(of_parameter.sent_as(&parameter.name, parameter.location));
            }
            wire.push(ir::Parameter {
                name: parameter.name,
                argument,
                location: parameter.location,
                style: parameter.style,
                explode: parameter.explode,
                allow_reserved: parameter.allow_reserved,
                required: parameter.required,
                constant,
                generated,
                fields: parameter.fields,
            });
        }
        let are_required = arguments.iter().all(|argument| argument.required);
        let further = body.as_mut().map_or(0, |body| {
            counts::further_properties(body, are_required, self.shapes)
        });
        let of_body: Vec<&str> = body
            .iter()
            .filter(|b| b.lifted)
            .flat_map(body::RawBody::said)
            .collect();
        let raw_body = body;
        let written = raw_body
            .as_ref()
            .map(|b| self.body_arguments(b, &type_name, &mut names, &mut arguments));
        let (body, part_headers) =
            written.map_or((None, Vec::new()), |(body, headers)| (Some(body), headers));
        let shown = raw_body.as_ref().zip(body.as_ref());
        let example =
            shown.and_then(|(raw, sent)| example::shown(raw, sent, &arguments, self.resolver));
        let together = match (&raw_body, &body) {
            (Some(raw), Some(sent)) => together::together(self.shapes, raw, sent),
            _ => Together::default(),
        };
        let is_patch = raw_body.as_ref().map(body::RawBody::nulls) == Some(Nulls::Remove);
        let patch = is_patch.then_some(body::TOLD_PATCH);
        let of_body: Vec<&str> = of_body
            .into_iter()
            .chain(together.told.iter().map(String::as_str))
            .chain(patch)
            .collect();
        let mut input = self.input_schema(raw, &arguments, further, &together);
        let null_refused = match is_patch {
            true => Vec::new(),
            false => relations::of_update(&raw.method, &input.relations, &self.records),
        };
        input.nullable.retain(|place| !null_refused.contains(place));
        sink.extend(relations::told(raw, &null_refused));
        let hides = raw_body.as_ref().is_some_and(|b| !b.credentials.is_empty());
        let read_only = if self.has_read_only || hides {
            let sent = raw_body.as_ref().zip(body.as_ref());
            let sent = sent.map(|(raw, sent)| (raw, &sent.shape));
            read_only::places(self.shapes, sent, &arguments, input.cut)
        } else {
            read_only::ReadOnly::default()
        };
        let secrets = match self.has_secrets {
            true => secret::of_arguments(self.shapes, &arguments, &input.renamed),
            false => Vec::new(),
        };
        let mut repeats = input.repeats;
        repeats.extend(read_only.repeats);
        let success = response::read(raw, tool, self.resolver, self.shapes, &mut self.types, sink);
        let operation_id = raw.node.str("operationId").unwrap_or_default();
        let (risk, mut hints, risk_reason) = risk::with_switches(
            risk::classify(&raw.method, raw.path, operation_id, tool),
            (&raw.method, raw.path),
            raw_body.iter().flat_map(|body| body.switches(self.shapes)),
        );
        if raw.method == "PATCH" && risk == ir::Risk::Write {
            hints.idempotent = repeatable::sets_fields(raw.path, tool, raw_body.as_ref());
        }
        let reads = risk == ir::Risk::Read;
        let subject = results::Subject {
            tool,
            path: raw.path,
            reads,
        };
        let answer = match &success.body {
            Some(body) => results::plan(self.shapes, body, self.has_secrets, &arguments, subject),
            None if reads && success.kind == ir::OutputKind::Wrapped => {
                results::unknown(self.shapes, &arguments, subject)
            }
            // Some programs write no answer down, and one comes all the same.
            None if success.kind == ir::OutputKind::Empty && subject.lists() => {
                results::unknown(self.shapes, &arguments, subject)
            }
            None => None,
        };
        let deprecated = raw.node.bool("deprecated") == Some(true);
        let mut idents = Unique::default();
        let fields = arguments
            .iter()
            .enumerate()
            .map(|(i, argument)| ir::Field {
                ident: idents.take(&snake(&argument.name, i), "_"),
                name: argument.name.clone(),
                ty: argument.ty.clone(),
                presence: if argument.nulls != Nulls::Undefined {
                    presence(
                        argument.required,
                        argument.nullable && !null_refused.contains(&format!("/{}", argument.name)),
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
            description: describe::description(raw, tool, deprecated, &of_body),
            operation_id: text::line(operation_id, 200),
            method: raw.method.clone(),
            path: text::line(raw.path, 1_000),
            segments,
            parameters: wire,
            body,
            part_headers,
            server,
            accept: success.accept,
            security,
            risk,
            risk_reason,
            hints,
            input_schema: input.schema,
            nullable: input.nullable,
            renamed: input.renamed,
            read_only: read_only.places,
            secrets,
            repeats: repeats.into_iter().collect(),
            output_schema: success.schema,
            declared: if given.names_answers {
                declared::of(raw, success.body.as_ref(), self.resolver, self.shapes)
            } else {
                ir::Declared::default()
            },
            example,
            call: None,
            silent: describe::is_silent(raw),
            output: success.kind,
            answer,
            static_name: screaming(tool, 0),
            type_name,
            fields,
            output_type: success.ty,
            summary: describe::summary(raw, tool),
            settled: ir::Settled {
                null_refused,
                ..ir::Settled::default()
            },
            variant: None,
            pointer: raw.node.pointer.clone(),
        })
    }
}
