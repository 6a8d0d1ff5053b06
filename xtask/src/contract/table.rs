//! From the IR to the static tables that the emitter would write, without compiling them. The tables
//! are never freed: a task ends with its process. A test compares them with `generated-example`.

mod listed;

use mcpwright::ir;
use mcpwright_runtime::operation as op;

use crate::failure::Result;

pub use listed::listed;

/// The table of a whole API.
///
/// # Errors
/// When the IR says something that this file does not know.
pub fn api(api: &ir::Api) -> Result<&'static op::Api> {
    let schemes: Vec<&'static op::SecurityScheme> = api
        .schemes
        .iter()
        .map(|scheme| keep(self::scheme(scheme)))
        .collect();
    let servers: Vec<&'static op::Server> = api
        .own_servers
        .iter()
        .map(|server| {
            keep(op::Server {
                variable: text(&server.variable),
                servers: texts(&server.urls),
            })
        })
        .collect();
    let mut operations = Vec::new();
    for group in &api.groups {
        for operation in &group.operations {
            let server = operation.server.and_then(|i| servers.get(i)).copied();
            let table = self::operation(&group.title, operation, &schemes)?;
            operations.push(keep(op::OperationDef { server, ..table }));
        }
    }
    let exclusions = api.exclusions.iter().map(|one| op::Exclusion {
        method: text(&one.method),
        path: text(&one.path),
        reason: text(&one.reason),
    });
    let topics = api.groups.iter();
    let topics = topics.map(|group| (text(&group.title), text(&group.description)));
    Ok(keep(op::Api {
        topics: list(topics),
        name: text(&api.name),
        title: text(&api.title),
        version: text(&api.version),
        instructions: text(&api.instructions),
        env_prefix: text(&api.env_prefix),
        servers: texts(&api.servers),
        security_schemes: list(schemes),
        operations: list(operations),
        exclusions: list(exclusions),
        prompts: list(api.prompts.iter().map(prompt)),
        topic_prompts: api.topic_prompts,
        document_operations: api.document_operations,
        document_sha256: text(&api.document_sha256),
        generator: "",
        ..op::Api::DEFAULT
    }))
}

fn keep<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn list<T>(values: impl IntoIterator<Item = T>) -> &'static [T] {
    values.into_iter().collect::<Vec<T>>().leak()
}

fn text(text: &str) -> &'static str {
    text.to_owned().leak()
}

fn texts(all: &[String]) -> &'static [&'static str] {
    list(all.iter().map(|one| text(one)))
}

fn prompt(prompt: &ir::Prompt) -> op::Prompt {
    let arguments = prompt.arguments.iter().map(|one| op::PromptArgument {
        name: text(&one.name),
        description: text(&one.description),
        default: one.default.as_deref().map(text),
    });
    let steps = prompt.steps.iter().map(|step| op::PromptStep {
        text: text(&step.text),
        tools: texts(&step.tools),
    });
    op::Prompt {
        name: text(&prompt.name),
        title: text(&prompt.title),
        description: text(&prompt.description),
        arguments: list(arguments),
        opening: text(&prompt.opening),
        steps: list(steps),
        needs: texts(&prompt.needs),
    }
}

fn scheme(scheme: &ir::Scheme) -> op::SecurityScheme {
    let key = |location, name: &str| op::SchemeKind::ApiKey {
        location,
        name: text(name),
    };
    op::SecurityScheme {
        name: text(&scheme.name),
        kind: match &scheme.kind {
            ir::SchemeKind::HeaderKey(name) => key(op::ApiKeyLocation::Header, name),
            ir::SchemeKind::QueryKey(name) => key(op::ApiKeyLocation::Query, name),
            ir::SchemeKind::CookieKey(name) => key(op::ApiKeyLocation::Cookie, name),
            ir::SchemeKind::BodyKey(name, _) => key(op::ApiKeyLocation::Body, name),
            ir::SchemeKind::Basic => op::SchemeKind::Basic,
            ir::SchemeKind::Bearer => op::SchemeKind::Bearer,
            ir::SchemeKind::OAuth2(url) => op::SchemeKind::OAuth2 {
                token_url: text(url),
            },
            ir::SchemeKind::OpenIdConnect(url) => op::SchemeKind::OpenIdConnect { url: text(url) },
            ir::SchemeKind::MutualTls => op::SchemeKind::MutualTls,
            ir::SchemeKind::Unsupported => op::SchemeKind::Unsupported,
        },
        variables: texts(&scheme.variables),
    }
}

/// What settings change in requests; what they change in answers is not looked at here.
fn settled(settled: &ir::Settled) -> &'static op::Settled {
    let pair = |(name, value): &(String, serde_json::Value)| -> (&'static str, &'static str) {
        (text(name), value.to_string().leak())
    };
    Box::leak(Box::new(op::Settled {
        fixed: list(settled.fixed.iter().map(pair)),
        aliases: list(settled.aliases.iter().map(|alias| op::Alias {
            place: text(&alias.place),
            words: list(alias.words.iter().map(pair)),
        })),
        null_refused: texts(&settled.null_refused),
        ..op::Settled::NONE
    }))
}

fn operation(
    group: &str,
    operation: &ir::Operation,
    schemes: &[&'static op::SecurityScheme],
) -> Result<op::OperationDef> {
    let segments = operation.segments.iter().map(|parts| {
        op::Segment(list(parts.iter().map(|part| match part {
            ir::Part::Literal(literal) => op::Part::Literal(text(literal)),
            ir::Part::Parameter(name) => op::Part::Parameter(text(name)),
        })))
    });
    let parameters: Result<Vec<op::Parameter>> =
        operation.parameters.iter().map(parameter).collect();
    let mut security = Vec::new();
    for alternative in &operation.security {
        let mut uses = Vec::new();
        for one in alternative {
            uses.push(op::SecurityUse {
                scheme: schemes
                    .get(one.scheme)
                    .ok_or("a scheme that is not in the list")?,
                scopes: texts(&one.scopes),
            });
        }
        security.push(list(uses));
    }
    Ok(op::OperationDef {
        tool: text(&operation.tool),
        title: text(&operation.title),
        description: text(&operation.description),
        group: text(group),
        operation_id: text(&operation.operation_id),
        method: text(&operation.method),
        path: text(&operation.path),
        segments: list(segments),
        parameters: list(parameters?),
        body: operation.body.as_ref().map(body).transpose()?,
        further: match &operation.body {
            Some(body) => part(&body.further)?,
            None => op::PartEncoding::Plain,
        },
        part_headers: {
            let headers = operation.part_headers.iter();
            let headers = headers.map(|(part, header)| Ok((text(part), parameter(header)?)));
            list(headers.collect::<Result<Vec<_>>>()?)
        },
        server: None,
        accept: texts(&operation.accept),
        security: list(security),
        risk: risk(operation.risk),
        hints: hints(&operation.hints),
        input_schema: operation.input_schema.to_string().leak(),
        nullable: texts(&operation.nullable),
        renamed: list(
            operation
                .renamed
                .iter()
                .map(|(at, name)| (text(at), text(name))),
        ),
        read_only: texts(&operation.read_only),
        secrets: texts(&operation.secrets),
        repeats: list(
            operation
                .repeats
                .iter()
                .map(|(at, like)| (text(at), text(like))),
        ),
        example: operation
            .example
            .as_ref()
            .map_or("", |example| example.to_string().leak()),
        output_schema: operation
            .output_schema
            .as_ref()
            .map_or("", |schema| schema.to_string().leak()),
        output: match operation.output {
            ir::OutputKind::Json => op::OutputKind::Json,
            ir::OutputKind::Wrapped => op::OutputKind::Wrapped,
            ir::OutputKind::Text => op::OutputKind::Text,
            ir::OutputKind::Binary => op::OutputKind::Binary,
            ir::OutputKind::Empty => op::OutputKind::Empty,
        },
        answer: None,
        part: operation
            .variant
            .as_ref()
            .map_or("", |variant| text(&variant.label())),
        settled: settled(&operation.settled),
    })
}

fn risk(risk: ir::Risk) -> op::Risk {
    match risk {
        ir::Risk::Read => op::Risk::Read,
        ir::Risk::Write => op::Risk::Write,
        ir::Risk::Destructive => op::Risk::Destructive,
        ir::Risk::Outward => op::Risk::Outward,
    }
}

fn hints(hints: &ir::Hints) -> op::Hints {
    op::Hints {
        read_only: hints.read_only,
        destructive: hints.destructive,
        idempotent: hints.idempotent,
        open_world: hints.open_world,
    }
}

fn parameter(parameter: &ir::Parameter) -> Result<op::Parameter> {
    Ok(op::Parameter {
        name: text(&parameter.name),
        argument: text(&parameter.argument),
        location: match parameter.location {
            "path" => op::Location::Path,
            "query" => op::Location::Query,
            "querystring" => op::Location::QueryString,
            "header" => op::Location::Header,
            "cookie" => op::Location::Cookie,
            other => return Err(format!("unknown location {other}").into()),
        },
        style: style(parameter.style)?,
        explode: parameter.explode,
        allow_reserved: parameter.allow_reserved,
        required: parameter.required,
        constant: parameter.constant.as_deref().map(text),
        generated: parameter.generated,
        fields: list(
            parameter
                .fields
                .iter()
                .map(field)
                .collect::<Result<Vec<_>>>()?,
        ),
    })
}

fn style(style: &str) -> Result<op::Style> {
    Ok(match style {
        "simple" => op::Style::Simple,
        "label" => op::Style::Label,
        "matrix" => op::Style::Matrix,
        "form" => op::Style::Form,
        "spaceDelimited" => op::Style::SpaceDelimited,
        "pipeDelimited" => op::Style::PipeDelimited,
        "deepObject" => op::Style::DeepObject,
        "cookie" => op::Style::Cookie,
        "json" => op::Style::Json,
        other => return Err(format!("unknown style {other}").into()),
    })
}

fn body(body: &ir::Body) -> Result<op::Body> {
    Ok(op::Body {
        media_type: text(&body.media_type),
        encoding: match body.encoding {
            "json" => op::BodyEncoding::Json,
            "lines" => op::BodyEncoding::JsonLines,
            "sequence" => op::BodyEncoding::JsonSequence,
            "form" => op::BodyEncoding::Form,
            "multipart" => op::BodyEncoding::Multipart,
            "xml" => {
                op::BodyEncoding::Xml(keep(xml(body.xml.as_ref().ok_or("XML without a root")?)))
            }
            "text" => op::BodyEncoding::Text,
            "bytes" => op::BodyEncoding::Bytes,
            "base64" => op::BodyEncoding::Base64,
            other => return Err(format!("unknown encoding {other}").into()),
        },
        shape: match &body.shape {
            ir::BodyShape::Whole(argument) => op::BodyShape::Whole {
                argument: text(argument),
            },
            ir::BodyShape::Properties(fields, additional) => {
                let fields: Result<Vec<op::BodyField>> = fields.iter().map(field).collect();
                op::BodyShape::Properties {
                    fields: list(fields?),
                    additional: text(additional),
                }
            }
            ir::BodyShape::Members(argument, fields, rest) => {
                let fields: Result<Vec<op::BodyField>> = fields.iter().map(field).collect();
                op::BodyShape::Members {
                    argument: text(argument),
                    fields: list(fields?),
                    rest: part(rest)?,
                }
            }
            ir::BodyShape::Items(argument, prefix, rest) => {
                let prefix: Result<Vec<op::BodyField>> = prefix.iter().map(field).collect();
                op::BodyShape::Items {
                    argument: text(argument),
                    prefix: list(prefix?),
                    rest: field(rest)?,
                }
            }
        },
        required: body.required,
    })
}

fn xml(node: &ir::Xml) -> op::Xml {
    op::Xml {
        name: text(&node.name),
        prefix: text(&node.prefix),
        namespace: text(&node.namespace),
        node: match node.node {
            "attribute" => op::XmlNode::Attribute,
            "text" => op::XmlNode::Text,
            "cdata" => op::XmlNode::Cdata,
            "none" => op::XmlNode::None,
            _ => op::XmlNode::Element,
        },
        content: match &node.content {
            ir::XmlContent::Value => op::XmlContent::Value,
            ir::XmlContent::Object(members) => op::XmlContent::Object(list(
                members.iter().map(|(name, node)| (text(name), xml(node))),
            )),
            ir::XmlContent::Items(item) => op::XmlContent::Items(keep(xml(item))),
        },
    }
}

fn field(field: &ir::BodyField) -> Result<op::BodyField> {
    Ok(op::BodyField {
        name: text(&field.name),
        argument: text(&field.argument),
        part: part(&field.part)?,
        headers: list(
            field
                .headers
                .iter()
                .map(|(name, value)| (text(name), text(value))),
        ),
    })
}

fn part(part: &ir::PartEncoding) -> Result<op::PartEncoding> {
    Ok(match part {
        ir::PartEncoding::Plain => op::PartEncoding::Plain,
        ir::PartEncoding::Any => op::PartEncoding::Any,
        ir::PartEncoding::Json(content_type) => op::PartEncoding::Json(text(content_type)),
        ir::PartEncoding::Typed(content_type) => op::PartEncoding::Typed(text(content_type)),
        ir::PartEncoding::File => op::PartEncoding::File,
        ir::PartEncoding::FileOf(content_type) => op::PartEncoding::FileOf(text(content_type)),
        ir::PartEncoding::Each(nested) => op::PartEncoding::Each(keep(body(nested)?)),
        ir::PartEncoding::Whole(nested) => op::PartEncoding::Whole(keep(body(nested)?)),
        ir::PartEncoding::Base64(content_type) => op::PartEncoding::Base64(text(content_type)),
        ir::PartEncoding::Reserved(name, explode) => {
            op::PartEncoding::Reserved(style(name)?, *explode)
        }
        ir::PartEncoding::Styled(name, explode) => op::PartEncoding::Styled(style(name)?, *explode),
    })
}

#[cfg(test)]
mod tests {
    use mcpwright_runtime::json::Object;
    use mcpwright_runtime::operation::OperationDef;
    use serde_json::Value;

    /// The printed table, with its schemas as values: their layout differs.
    fn shown(operation: &OperationDef) -> (String, Value, Value) {
        let parse = |schema: &str| serde_json::from_str(schema).unwrap_or(Value::Null);
        let schemas = [operation.input_schema, operation.output_schema];
        // What becomes of answers is not looked at here.
        let answer = format!("answer: {:?}", operation.answer);
        let text = format!("{operation:?}").replace(&answer, "");
        let text = schemas.iter().fold(text, |text, schema| {
            text.replace(&format!("{schema:?}"), "")
        });
        (
            text,
            parse(operation.input_schema),
            parse(operation.output_schema),
        )
    }

    /// What a model is shown is what the server accepts: the document's calls, and those that descriptions have.
    #[test]
    fn calls_that_are_shown_are_accepted() {
        let specs = crate::paths::root().join("specs");
        let features = std::fs::read_dir(specs.join("features")).unwrap();
        let features = features.map(|entry| entry.unwrap().path());
        let crms = [
            "crm.yaml",
            "perfex/openapi.yaml",
            "customermates/openapi.yaml",
        ];
        let documents = features.chain(crms.map(|name| specs.join(name)));
        let mut shown = 0;
        for document in documents {
            let Ok(generated) = mcpwright::Config::new().spec(&document).generate() else {
                continue;
            };
            for operation in super::api(&generated.api).unwrap().operations {
                let schema: Object = serde_json::from_str(operation.input_schema).unwrap();
                let lines = operation.description.lines();
                let told = lines.filter_map(|line| line.strip_prefix("Example: "));
                for call in told
                    .chain([operation.example])
                    .filter(|call| !call.is_empty())
                {
                    let call: Object = serde_json::from_str(call).unwrap();
                    let checked = mcpwright_runtime::arguments::check(operation, &schema, call);
                    assert!(checked.is_ok(), "{}: {checked:?}", operation.tool);
                    shown += 1;
                }
            }
        }
        assert!(shown > 60, "{shown}");
    }

    #[test]
    fn the_tables_are_those_that_the_emitter_writes() {
        let document = crate::paths::root().join("specs/crm.yaml");
        let generated = mcpwright::Config::new().spec(document).generate().unwrap();
        let api = super::api(&generated.api).unwrap();
        let compiled = northlight_crm_mcp::API.operations;
        assert_eq!(api.operations.len(), compiled.len());
        // The core is chosen with them.
        assert_eq!(api.prompts, northlight_crm_mcp::API.prompts);
        assert_eq!(api.topic_prompts, northlight_crm_mcp::API.topic_prompts);
        for (own, compiled) in api.operations.iter().zip(compiled) {
            assert_eq!(shown(own), shown(compiled));
        }
    }
}
