//! What a request says, and what is wrong with it by the document.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::judge::{Fault, Judge};
use super::message::Request;
use super::wire::{self, Pair, decoded, pairs};
use crate::diagnostics::Sink;
use crate::ir;
use crate::lower::media::{Family, entries};
use crate::lower::parameters::{self, RawParameter};
use crate::lower::path::segments;
use crate::lower::schema::{Additional, Shapes};
use crate::model::{Node, RawOperation};
use crate::names::words;
use crate::text::pointer::escaped;

/// What a request says.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// Values of parameters, by the place they stand in and their names.
    pub(super) parameters: Vec<(&'static str, String, Value)>,
    /// The body, as far as it is one that can be read.
    pub(super) body: Option<Value>,
    /// The media type of the body, without its parameters.
    pub(super) media_type: String,
}

impl Sent {
    /// The value of a parameter in the query, wherever it has this name.
    pub(super) fn query(&self, name: &str) -> Option<&Value> {
        let mut all = self.parameters.iter();
        all.find(|(within, known, _)| *within == "query" && known == name)
            .map(|(_, _, value)| value)
    }

    /// The members of a body that is an object.
    pub(super) fn members(&self) -> Option<&Map<String, Value>> {
        self.body.as_ref().and_then(Value::as_object)
    }
}

/// Why a request is not looked at further.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It is not what the document says.
    Faults(Vec<Fault>),
    /// The body has another media type than these.
    MediaType(Vec<String>),
}

/// Reads a request as an operation has it.
pub(super) fn read<'a>(
    request: &Request,
    in_path: &[Pair],
    raw: &RawOperation<'a>,
    api: &ir::Api,
    shapes: &Shapes<'a>,
    judge: &mut Judge,
) -> Result<Sent, Refusal> {
    let mut sent = Sent::default();
    let mut faults = Vec::new();
    let template = segments(raw.path).unwrap_or_default();
    let declared =
        parameters::read(raw, &template, shapes, &mut Sink::default()).unwrap_or_default();
    let in_query = pairs(&request.query);
    let in_cookie: Vec<Pair> = request
        .header("cookie")
        .into_iter()
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    for parameter in &declared {
        let of_header;
        let pairs: &[Pair] = match parameter.location {
            "path" => in_path,
            "header" => {
                let value = request.header(&parameter.name);
                of_header = value
                    .map(|value| (parameter.name.clone(), value.to_owned()))
                    .into_iter()
                    .collect::<Vec<_>>();
                &of_header
            }
            "cookie" => &in_cookie,
            "query" => &in_query,
            // The whole query is one value.
            _ => continue,
        };
        match wire::parameter(parameter, pairs, shapes) {
            Some(Ok(value)) => {
                if let Some(schema) = &parameter.schema {
                    let within = parameter.location;
                    let found = judge.faults(schema.pointer.as_str(), within, &value);
                    faults.extend(found.into_iter().map(|fault| Fault {
                        place: format!("/{}{}", escaped(&parameter.name), fault.place),
                        ..fault
                    }));
                }
                sent.parameters
                    .push((parameter.location, parameter.name.clone(), value));
            }
            Some(Err(())) => {}
            None if parameter.required && !is_credential(parameter, api) => faults.push(Fault {
                within: parameter.location,
                place: format!("/{}", escaped(&parameter.name)),
                message: "is required".to_owned(),
            }),
            None => {}
        }
    }
    faults.extend(undeclared(&in_query, &declared, api, shapes));
    body(request, raw, shapes, judge, &mut sent, &mut faults)?;
    if faults.is_empty() {
        Ok(sent)
    } else {
        Err(Refusal::Faults(faults))
    }
}

/// Whether a parameter is one in which a credential stands: `--auth` asks for those.
fn is_credential(parameter: &RawParameter<'_>, api: &ir::Api) -> bool {
    let name = parameter.name.as_str();
    parameter.location == "header" && name.eq_ignore_ascii_case("authorization")
        || api
            .schemes
            .iter()
            .any(|scheme| match (&scheme.kind, parameter.location) {
                (ir::SchemeKind::HeaderKey(own), "header") => own.eq_ignore_ascii_case(name),
                (ir::SchemeKind::QueryKey(own), "query")
                | (ir::SchemeKind::CookieKey(own), "cookie") => own == name,
                _ => false,
            })
}

/// Names in the query that the operation has not: a service that ignores them lets a misspelt filter give all.
fn undeclared<'a>(
    query: &[Pair],
    declared: &[RawParameter<'a>],
    api: &ir::Api,
    shapes: &Shapes<'a>,
) -> Vec<Fault> {
    let mut names: HashSet<&str> = HashSet::new();
    for parameter in declared
        .iter()
        .filter(|one| matches!(one.location, "query" | "querystring"))
    {
        names.insert(&parameter.name);
        let shape = parameter
            .schema
            .as_ref()
            .map(|node| shapes.of(node))
            .unwrap_or_default();
        let spreads = parameter.style == "form"
            && parameter.explode
            && !shape.is_array()
            && !shape.is_scalar();
        if parameter.location == "querystring"
            || spreads && !matches!(shape.additional, Additional::No)
        {
            return Vec::new();
        }
        if spreads {
            names.extend(shape.properties.keys().copied());
        }
    }
    let keys = api.schemes.iter().filter_map(|scheme| match &scheme.kind {
        ir::SchemeKind::QueryKey(name) => Some(name.as_str()),
        _ => None,
    });
    names.extend(keys);
    let is_known = |name: &str| {
        let base = name.split('[').next().unwrap_or_default();
        names.contains(name) || names.contains(base)
    };
    let unknown = query.iter().filter(|(name, _)| !is_known(name));
    unknown
        .map(|(name, _)| Fault {
            within: "query",
            place: format!("/{}", escaped(name)),
            message: match crate::similar::misspelt(name, names.iter().copied(), 3) {
                Some(meant) => format!("there is no such parameter; did you mean `{meant}`?"),
                None => "there is no such parameter".to_owned(),
            },
        })
        .collect()
}

fn body<'a>(
    request: &Request,
    raw: &RawOperation<'a>,
    shapes: &Shapes<'a>,
    judge: &mut Judge,
    sent: &mut Sent,
    faults: &mut Vec<Fault>,
) -> Result<(), Refusal> {
    let fault = |message: String| Fault {
        within: "body",
        place: String::new(),
        message,
    };
    let declared = raw
        .node
        .get("requestBody")
        .and_then(|node| shapes.resolver().follow(node).ok());
    let Some(declared) = declared else {
        return Ok(());
    };
    let content = entries(&declared, shapes.resolver(), &mut Sink::default());
    // A form of nothing is empty, and sent all the same.
    if request.body.is_empty() && request.header("content-type").is_none() {
        if declared.bool("required") == Some(true) {
            faults.push(fault("a body is required".to_owned()));
        }
        return Ok(());
    }
    let content_type = request
        .header("content-type")
        .unwrap_or("application/octet-stream");
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    sent.media_type.clone_from(&essence);
    let Some((_, media)) = content.iter().find(|(name, _)| takes(name, &essence)) else {
        if content.is_empty() {
            return Ok(());
        }
        return Err(Refusal::MediaType(
            content.iter().map(|(name, _)| (*name).to_owned()).collect(),
        ));
    };
    let schema = media.get("schema");
    let value = match Family::of(&essence) {
        Family::Json | Family::LikeJson => match serde_json::from_slice::<Value>(&request.body) {
            Ok(value) => value,
            Err(error) => {
                faults.push(fault(format!("is no JSON: {error}")));
                return Ok(());
            }
        },
        Family::Form => {
            let text = String::from_utf8_lossy(&request.body);
            let shape = schema
                .as_ref()
                .map(|node| shapes.of(node))
                .unwrap_or_default();
            match wire::form(&text, &shape, shapes) {
                // How parts are written is said beside the schema; what that means is not read here.
                Some(value) if media.get("encoding").is_none() => value,
                _ => return Ok(()),
            }
        }
        Family::Multipart => {
            parts(request, content_type, schema.as_ref(), shapes, sent, faults);
            return Ok(());
        }
        _ => return Ok(()),
    };
    if let Some(schema) = &schema {
        faults.extend(judge.faults(schema.pointer.as_str(), "body", &value));
    }
    sent.body = Some(value);
    Ok(())
}

/// Whether a declared media type, which may be a range, is one that was sent (RFC 9110 §12.5.1).
fn takes(declared: &str, essence: &str) -> bool {
    let declared = declared
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match declared.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => essence.split('/').next() == Some(kind),
        None => declared == essence,
    }
}

/// The parts of a multipart body: whether those are there that are required, and the texts among them.
fn parts<'a>(
    request: &Request,
    content_type: &str,
    schema: Option<&Node<'a>>,
    shapes: &Shapes<'a>,
    sent: &mut Sent,
    faults: &mut Vec<Fault>,
) {
    let Some(parts) = wire::parts(content_type, &request.body) else {
        let message = "its parts are not framed by the boundary of its content type".to_owned();
        faults.push(Fault {
            within: "body",
            place: String::new(),
            message,
        });
        return;
    };
    let shape = schema.map(|node| shapes.of(node)).unwrap_or_default();
    for name in &shape.required {
        let hidden = shape
            .properties
            .get(name)
            .is_some_and(|node| shapes.of(node).read_only);
        if !hidden
            && !parts
                .iter()
                .any(|part| part.name == *name || part.name.starts_with(&format!("{name}[")))
        {
            faults.push(Fault {
                within: "body",
                place: format!("/{}", escaped(name)),
                message: "a part with this name is required".to_owned(),
            });
        }
    }
    let mut members = Map::new();
    for part in parts.iter().filter(|part| !part.is_file) {
        let text = String::from_utf8_lossy(part.content).into_owned();
        let inner = shape
            .properties
            .get(part.name.as_str())
            .map(|node| shapes.of(node))
            .unwrap_or_default();
        members.insert(part.name.clone(), wire::scalar(&text, &inner));
    }
    sent.body = Some(Value::Object(members));
}

/// Whether a request has the credentials that an operation needs: that they are there, not what they are.
pub(super) fn is_authorized(request: &Request, operation: &ir::Operation, api: &ir::Api) -> bool {
    let has = |kind: &ir::SchemeKind| match kind {
        ir::SchemeKind::HeaderKey(name) => {
            request.header(name).is_some_and(|value| !value.is_empty())
        }
        ir::SchemeKind::QueryKey(name) => pairs(&request.query)
            .iter()
            .any(|(known, value)| known == name && !decoded(value).is_empty()),
        ir::SchemeKind::CookieKey(name) => {
            let cookies = request.header("cookie").unwrap_or_default();
            cookies.split(';').any(|pair| {
                pair.trim()
                    .split_once('=')
                    .is_some_and(|(known, value)| known == name && !value.is_empty())
            })
        }
        ir::SchemeKind::BodyKey(name, _) => {
            String::from_utf8_lossy(&request.body).contains(name.as_str())
        }
        ir::SchemeKind::Basic => begins(request, "basic"),
        ir::SchemeKind::Bearer | ir::SchemeKind::OAuth2(_) | ir::SchemeKind::OpenIdConnect(_) => {
            begins(request, "bearer")
        }
        // The connection has it.
        ir::SchemeKind::MutualTls | ir::SchemeKind::Unsupported => true,
    };
    let holds = |used: &ir::Security| {
        api.schemes
            .get(used.scheme)
            .is_none_or(|scheme| has(&scheme.kind))
    };
    operation.security.is_empty()
        || operation
            .security
            .iter()
            .any(|alternative| alternative.iter().all(holds))
}

fn begins(request: &Request, scheme: &str) -> bool {
    let value = request.header("authorization").unwrap_or_default();
    value
        .split_once(' ')
        .is_some_and(|(known, rest)| known.eq_ignore_ascii_case(scheme) && !rest.trim().is_empty())
}

/// Whether a name is one that a search has.
pub(super) fn is_search(name: &str) -> bool {
    let name = words(name).join(" ");
    matches!(
        name.as_str(),
        "q" | "s"
            | "search"
            | "query"
            | "keyword"
            | "keywords"
            | "term"
            | "text"
            | "keysearch"
            | "key search"
            | "search term"
            | "search query"
            | "search text"
    )
}
