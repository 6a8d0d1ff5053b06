//! A request against the document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::decode::{Wire, named, unnamed, value};
use super::reader::{self, Body, Operation, Parameter, Place, Scheme};
use super::schemas::Schemas;
use crate::upstream::Seen;
use crate::wire;

/// The path of the base URL.
pub const BASE: &str = "/base";
/// What every credential is.
pub const CREDENTIAL: &str = "made-up-credential";

/// Header fields that every client sends.
const USUAL: [&str; 8] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "user-agent",
];

/// What is wrong: a word for its kind, and the rest.
pub type Fault = (&'static str, String);

/// Checks what arrived; gives the values in it.
pub fn request(
    schemas: &Schemas<'_>,
    operation: &Operation<'_>,
    (method, template): (&str, &str),
    seen: &Seen,
) -> Result<Vec<Value>, Fault> {
    if seen.method != method {
        return Err(("method", seen.method.clone()));
    }
    let mut found = Found {
        schemas,
        values: Vec::new(),
    };
    path(&mut found, operation, template, &seen.path)?;
    let security = credentials(operation, seen)?;
    query(&mut found, operation, &seen.query, &security)?;
    headers(&mut found, operation, seen, &security)?;
    cookies(&mut found, operation, seen, &security)?;
    body(&mut found, operation.body.as_ref(), seen)?;
    Ok(found.values)
}

struct Found<'s, 'd> {
    schemas: &'s Schemas<'d>,
    values: Vec<Value>,
}

impl Found<'_, '_> {
    fn add(&mut self, parameter: &Parameter, readings: &[Wire]) -> Result<(), Fault> {
        let place = parameter.schema.as_deref();
        let wrong = |fault| {
            (
                "value",
                format!("{} `{}`: {fault}", parameter.location, parameter.name),
            )
        };
        if let (true, Some(Wire::Text(text))) = (parameter.may_be_empty, readings.first())
            && text.is_empty()
        {
            self.values.push(Value::String(String::new()));
            return Ok(());
        }
        if let (true, Some(Wire::Text(text))) = (parameter.content, readings.first()) {
            let parsed: Value =
                serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?;
            if let Some(fault) = place.and_then(|place| self.schemas.fault(place, &parsed)) {
                return Err(wrong(fault));
            }
            self.values.push(parsed);
            return Ok(());
        }
        self.values
            .push(value(self.schemas, place, readings).map_err(wrong)?);
        Ok(())
    }

    /// The value of a parameter that stands among pairs, which are taken out. `others`: names that are
    /// no part of it.
    fn take(
        &mut self,
        parameter: &Parameter,
        pairs: &mut Vec<(String, String)>,
        others: &[&str],
    ) -> Result<(), Fault> {
        let (readings, used) = named(self.schemas, parameter, pairs, others);
        if readings.is_empty() {
            return if parameter.required {
                Err(missing(parameter))
            } else {
                Ok(())
            };
        }
        self.add(parameter, &readings)?;
        let mut index = 0usize;
        pairs.retain(|_| {
            index += 1;
            !used.contains(&(index - 1))
        });
        Ok(())
    }
}

fn of<'o>(operation: &'o Operation<'_>, location: &str) -> Vec<&'o Parameter> {
    let all = operation.parameters.iter();
    all.filter(|one| one.location == location).collect()
}

fn missing(parameter: &Parameter) -> Fault {
    (
        "missing",
        format!("{} `{}` is required", parameter.location, parameter.name),
    )
}

fn path(
    found: &mut Found<'_, '_>,
    operation: &Operation<'_>,
    template: &str,
    path: &str,
) -> Result<(), Fault> {
    let wrong = || ("path", format!("{path} is not {template}"));
    let own = path.strip_prefix(BASE).ok_or_else(wrong)?;
    // A fragment is never sent; some documents tell operations apart by it.
    let template = template.split('#').next().unwrap_or_default();
    let template = match template.split_once('?') {
        Some((before, _)) if !before.ends_with('{') => before,
        _ => template,
    };
    let declared = of(operation, "path");
    let (own, wanted): (Vec<&str>, Vec<&str>) =
        (own.split('/').collect(), template.split('/').collect());
    if own.len() != wanted.len() {
        return Err(wrong());
    }
    for (sent, wanted) in own.into_iter().zip(wanted) {
        let values = segment(found.schemas, &declared, sent, wanted)
            .map_err(|fault| fault.unwrap_or_else(wrong))?;
        found.values.extend(values);
    }
    Ok(())
}

/// The values in a segment. Where one could end at several places (`{name}{extension}`,
/// `{file}.{type}`), it is the first that gives values which their schemas accept.
fn segment(
    schemas: &Schemas<'_>,
    declared: &[&Parameter],
    sent: &str,
    wanted: &str,
) -> Result<Vec<Value>, Option<Fault>> {
    let Some((literal, rest)) = wanted.split_once('{') else {
        let same = wire::decoded(sent) == wire::decoded(wanted);
        return if same { Ok(Vec::new()) } else { Err(None) };
    };
    let (name, after) = rest.split_once('}').ok_or(None)?;
    let decoded = wire::text(sent);
    let begin = sent
        .strip_prefix(literal)
        .or_else(|| decoded.strip_prefix(wire::text(literal).as_str()))
        .ok_or(None)?;
    let parameter = declared.iter().find(|one| one.name == name);
    let mut fault = None;
    let ends = if after.is_empty() {
        begin.len()..=begin.len()
    } else {
        1..=begin.len().saturating_sub(1)
    };
    for end in ends {
        let Some((text, left)) = begin.split_at_checked(end) else {
            continue;
        };
        let mut own = Found {
            schemas,
            values: Vec::new(),
        };
        let read = match parameter {
            Some(parameter) => own.add(parameter, &unnamed(parameter, text)),
            None => {
                own.values.push(Value::String(wire::text(text)));
                Ok(())
            }
        };
        let all = read.map_err(Some).and_then(|()| {
            let mut values = own.values;
            values.extend(segment(schemas, declared, left, after)?);
            Ok(values)
        });
        match all {
            Ok(values) => return Ok(values),
            Err(new) => fault = fault.or(new),
        }
    }
    Err(fault)
}

fn query(
    found: &mut Found<'_, '_>,
    operation: &Operation<'_>,
    query: &str,
    security: &[Scheme],
) -> Result<(), Fault> {
    if let Some(whole) = of(operation, "querystring").first() {
        found.values.push(Value::String(wire::text(query)));
        return if whole.required && query.is_empty() {
            Err(missing(whole))
        } else {
            Ok(())
        };
    }
    let declared = of(operation, "query");
    let names: Vec<&str> = declared.iter().map(|one| one.name.as_str()).collect();
    let mut pairs = wire::pairs(query);
    for pair in &operation.fixed {
        let at = pairs.iter().position(|sent| sent == pair);
        let at = at.ok_or_else(|| ("missing", format!("query `{}={}`", pair.0, pair.1)))?;
        pairs.remove(at);
    }
    // Those that swallow what nobody else names come last.
    let is_open = |one: &&&Parameter| {
        one.explode
            && one.style != "deepObject"
            && one.schema.as_deref().is_some_and(|place| {
                found.schemas.may_be(place, "object") && !found.schemas.may_be(place, "string")
            })
    };
    let open: Vec<&&Parameter> = declared.iter().filter(is_open).collect();
    let closed: Vec<&&Parameter> = declared.iter().filter(|one| !is_open(one)).collect();
    let keys: Vec<&str> = security
        .iter()
        .filter_map(|scheme| match scheme {
            Scheme::Key(location, name) if location == "query" => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let others = [names.as_slice(), keys.as_slice()].concat();
    for parameter in closed.into_iter().chain(open) {
        found.take(parameter, &mut pairs, &others)?;
    }
    pairs.retain(|(name, value)| !(keys.contains(&name.as_str()) && value == CREDENTIAL));
    match pairs.first() {
        Some((name, value)) => Err(("undeclared", format!("query `{name}={value}`"))),
        None => Ok(()),
    }
}

fn headers(
    found: &mut Found<'_, '_>,
    operation: &Operation<'_>,
    seen: &Seen,
    security: &[Scheme],
) -> Result<(), Fault> {
    let declared = of(operation, "header");
    for parameter in &declared {
        let sent = seen
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(&parameter.name));
        match sent {
            // No argument, but what the client wrote has to be what the document asks for.
            Some((name, _)) if USUAL.contains(&name.as_str()) && name != "content-length" => {}
            Some((_, text)) => {
                found.add(parameter, &unnamed(parameter, &text.replace('%', "%25")))?
            }
            None if parameter.required => return Err(missing(parameter)),
            None => {}
        }
    }
    let undeclared = seen.headers.iter().find(|(name, _)| {
        let key = security.iter().any(|scheme| match scheme {
            Scheme::Key(location, own) => location == "header" && own.eq_ignore_ascii_case(name),
            Scheme::Authorization(_) => name == "authorization",
            Scheme::Other => false,
        });
        let said = name == "authorization" && operation.says_authorization;
        !key && !said
            && !USUAL.contains(&name.as_str())
            && !declared
                .iter()
                .any(|one| one.name.eq_ignore_ascii_case(name))
    });
    undeclared.map_or(Ok(()), |(name, text)| {
        Err(("undeclared", format!("header `{name}: {text}`")))
    })
}

fn cookies(
    found: &mut Found<'_, '_>,
    operation: &Operation<'_>,
    seen: &Seen,
    security: &[Scheme],
) -> Result<(), Fault> {
    let header = seen.headers.iter().find(|(name, _)| name == "cookie");
    let mut pairs: Vec<(String, String)> = header
        .into_iter()
        .flat_map(|(_, text)| text.split("; "))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    for parameter in of(operation, "cookie") {
        found.take(parameter, &mut pairs, &[])?;
    }
    pairs.retain(|(name, _)| !security.iter().any(|scheme| matches!(scheme, Scheme::Key(location, own) if location == "cookie" && own == name)));
    match pairs.first() {
        Some((name, text)) => Err(("undeclared", format!("cookie `{name}={text}`"))),
        None => Ok(()),
    }
}

/// The schemes that were used: those of one alternative, or none where none is needed.
fn credentials(operation: &Operation<'_>, seen: &Seen) -> Result<Vec<Scheme>, Fault> {
    let header = |wanted: &str| {
        seen.headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, text)| text.as_str())
    };
    let is_there = |scheme: &Scheme| match scheme {
        Scheme::Key(location, name) => match location.as_str() {
            "header" => header(name) == Some(CREDENTIAL),
            "query" => wire::pairs(&seen.query)
                .iter()
                .any(|(own, value)| own == name && value == CREDENTIAL),
            _ => header("cookie").is_some_and(|text| {
                text.split("; ")
                    .any(|pair| pair == format!("{name}={CREDENTIAL}"))
            }),
        },
        Scheme::Authorization(prefix) => {
            header("authorization").is_some_and(|text| text.starts_with(prefix))
        }
        Scheme::Other => false,
    };
    let complete = |all: &&Vec<Scheme>| !all.is_empty() && all.iter().all(is_there);
    if let Some(all) = operation.security.iter().find(complete) {
        return Ok(all.clone());
    }
    if operation.security.is_empty() || operation.security.iter().any(Vec::is_empty) {
        return Ok(Vec::new());
    }
    Err(("security", format!("none of {:?}", operation.security)))
}

fn body(found: &mut Found<'_, '_>, declared: Option<&Body<'_>>, seen: &Seen) -> Result<(), Fault> {
    let content_type = seen
        .headers
        .iter()
        .find(|(name, _)| name == "content-type")
        .map(|(_, text)| text.as_str());
    let Some(sent) = content_type else {
        return match declared {
            Some(body) if body.required && !body.content.is_empty() => {
                Err(("body", "a body is required".to_owned()))
            }
            _ if !seen.body.is_empty() => Err(("body", "bytes without a media type".to_owned())),
            _ => Ok(()),
        };
    };
    let declared = declared.ok_or_else(|| ("body", "no body is declared".to_owned()))?;
    let essence = |text: &str| {
        text.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    };
    let own = essence(sent);
    let fits = |range: &str| {
        let range = essence(range);
        range == own
            || range == "*/*"
            || range
                .strip_suffix('*')
                .is_some_and(|kind| own.starts_with(kind))
    };
    let media = declared.content.iter().find(|(name, _)| fits(name));
    let (_, media) = media.ok_or_else(|| ("media type", format!("{own} is not declared")))?;
    let schema = media.get("schema").map(|schema| schema.pointer);
    let wrong = |fault: String| ("body", fault);
    let bytes = String::from_utf8_lossy(&seen.body).into_owned();
    let encoding = media.value.get("encoding");
    let lines: Option<Vec<Value>> = bytes
        .lines()
        .map(|line| serde_json::from_str(line.trim_start_matches('\u{1e}')).ok())
        .collect();
    let is_sequence = ["json-seq", "jsonl", "ndjson"]
        .iter()
        .any(|kind| own.ends_with(kind));
    let whole = if let Some(lines) = lines.filter(|_| is_sequence) {
        Value::Array(lines)
    } else if own.ends_with("json") && !is_sequence {
        serde_json::from_str(&bytes).map_err(|error| wrong(error.to_string()))?
    } else if own == "application/x-www-form-urlencoded" {
        let pairs = wire::pairs(&bytes);
        form(found.schemas, schema.as_deref(), encoding, &pairs)
    } else if own.starts_with("multipart/") {
        let parts = wire::parts(sent, &seen.body)
            .ok_or_else(|| wrong("the parts cannot be read".to_owned()))?;
        scalars_are_text(media, &parts).map_err(wrong)?;
        multipart(found.schemas, schema.as_deref(), parts)
    } else {
        let is_base64 = media.get("schema").is_some_and(|schema| {
            reader::follow(found.schemas.document, schema).is_some_and(|schema| encoded(&schema))
        });
        found.values.push(Value::String(match is_base64 {
            true => content(&bytes).ok_or_else(|| wrong("is not base64".to_owned()))?,
            false => bytes,
        }));
        return Ok(());
    };
    if let Some(fault) = schema.and_then(|schema| found.schemas.fault(&schema, &whole)) {
        return Err(wrong(fault));
    }
    found.values.push(whole);
    Ok(())
}

/// Whether a schema says that texts are base64 (OpenAPI 3.1 §4.8.14.3; `format: byte` of 3.0 §4.4).
fn encoded(schema: &Place<'_>) -> bool {
    let is = |keyword: &str, name: &str| {
        let own = schema.text(keyword);
        own.is_some_and(|own| own.eq_ignore_ascii_case(name))
    };
    is("format", "byte") || is("contentEncoding", "base64")
}

/// The text in base64, as a file of it that was given, or as it was given in base64.
fn content(text: &str) -> Option<String> {
    let bytes = STANDARD.decode(text).ok()?;
    let decoded = String::from_utf8(bytes).ok();
    Some(decoded.map_or_else(|| text.to_owned(), |decoded| format!("{text} {decoded}")))
}

/// The object of a form body (OpenAPI 3.2 §4.15.1).
fn form(
    schemas: &Schemas<'_>,
    schema: Option<&str>,
    encoding: Option<&Value>,
    pairs: &[(String, String)],
) -> Value {
    let mut object = Map::new();
    for (name, _) in pairs {
        let name = name
            .split('[')
            .next()
            .filter(|_| !schema.is_some_and(|schema| schemas.names(schema, name)))
            .unwrap_or(name);
        if object.contains_key(name) {
            continue;
        }
        let own = encoding.and_then(|all| all.get(name));
        let style = own.and_then(|own| own.get("style")).and_then(Value::as_str);
        let bracketed = pairs
            .iter()
            .any(|(own, _)| own.starts_with(&format!("{name}[")));
        let style = if bracketed {
            "deepObject"
        } else {
            style.unwrap_or("form")
        };
        let places = schema
            .map(|schema| schemas.property(schema, name))
            .unwrap_or_default();
        let parameter = |place: Option<String>| Parameter {
            name: name.to_owned(),
            location: "form".to_owned(),
            style: style.to_owned(),
            explode: own
                .and_then(|own| own.get("explode"))
                .and_then(Value::as_bool)
                .unwrap_or(style == "form"),
            required: false,
            content: false,
            may_be_empty: false,
            schema: place,
        };
        let (readings, _) = named(schemas, &parameter(places.first().cloned()), pairs, &[]);
        // Objects without a style are JSON (OpenAPI 3.2 §4.15.1).
        let written = match readings.first() {
            Some(Wire::Text(text)) => serde_json::from_str(text).ok().filter(Value::is_object),
            _ => None,
        };
        let made = if places.is_empty() {
            value(schemas, None, &readings).ok()
        } else {
            let by_style = |place: &String| value(schemas, Some(place), &readings).ok();
            let as_json =
                |place: &String| written.clone().filter(|own| schemas.accepts(place, own));
            places
                .iter()
                .find_map(by_style)
                .or_else(|| places.iter().find_map(as_json))
        };
        object.insert(
            name.to_owned(),
            made.unwrap_or_else(|| value(schemas, None, &readings).unwrap_or_default()),
        );
    }
    Value::Object(object)
}

/// The value of a part without a name (OpenAPI 3.2 §4.14.5.2).
fn by_position(part: wire::Part) -> Value {
    let json = part
        .content_type
        .as_deref()
        .is_some_and(|kind| kind.contains("json"));
    let parsed = json.then(|| serde_json::from_str(&part.text).ok());
    parsed.flatten().unwrap_or(Value::String(part.text))
}

/// Texts, numbers and booleans are `text/plain` by default (OpenAPI 3.2 §4.15.1.1): as JSON they are sent only
/// where an encoding object says so.
fn scalars_are_text(media: &Place<'_>, parts: &[wire::Part]) -> Result<(), String> {
    let asks_for_json = |index: usize, name: &str| {
        let named = media.get("encoding").and_then(|all| all.get(name));
        let first = media.value.get("prefixEncoding");
        let first = first.and_then(|all| all.get(index));
        let by_place = first.or(media.value.get("itemEncoding"));
        let encoding = named.map(|encoding| encoding.value).or(by_place);
        let own = encoding.and_then(|encoding| encoding.get("contentType")?.as_str());
        own.is_some_and(is_json)
    };
    let sent_as_json = |part: &wire::Part| {
        let value: Option<Value> = serde_json::from_str(&part.text).ok();
        part.content_type.as_deref().is_some_and(is_json)
            && value
                .is_some_and(|value| value.is_string() || value.is_number() || value.is_boolean())
    };
    let mut all = parts.iter().enumerate();
    match all.find(|(index, part)| sent_as_json(part) && !asks_for_json(*index, &part.name)) {
        Some((index, part)) => Err(format!("part {index} `{}` is a scalar as JSON", part.name)),
        None => Ok(()),
    }
}

fn is_json(content_type: &str) -> bool {
    content_type.contains("json")
}

/// The object of a multipart body (OpenAPI 3.2 §4.15.2).
fn multipart(schemas: &Schemas<'_>, schema: Option<&str>, parts: Vec<wire::Part>) -> Value {
    if parts.iter().all(|part| part.name.is_empty()) {
        return Value::Array(parts.into_iter().map(by_position).collect());
    }
    let mut fields: Vec<(String, Vec<Wire>, Option<Value>)> = Vec::new();
    for part in parts {
        let json = part
            .content_type
            .as_deref()
            .is_some_and(|kind| kind.contains("json"));
        let parsed = if json {
            serde_json::from_str(&part.text).ok()
        } else {
            None
        };
        let wire = Wire::Text(part.text.replace('%', "%25"));
        let wire = match wire {
            Wire::Text(text) => Wire::Text(wire::text(&text)),
            other => other,
        };
        match fields.iter_mut().find(|(name, _, _)| *name == part.name) {
            Some((_, all, _)) => all.push(wire),
            None => fields.push((part.name, vec![wire], parsed)),
        }
    }
    let mut object = Map::new();
    for (name, wires, parsed) in fields {
        let mut readings: Vec<Wire> = wires
            .first()
            .filter(|_| wires.len() == 1)
            .cloned()
            .into_iter()
            .collect();
        readings.push(Wire::List(wires));
        let places = schema
            .map(|schema| schemas.property(schema, &name))
            .unwrap_or_default();
        let made = parsed
            .or_else(|| {
                places
                    .iter()
                    .find_map(|place| value(schemas, Some(place), &readings).ok())
            })
            .unwrap_or_else(|| value(schemas, None, &readings).unwrap_or_default());
        object.insert(name, made);
    }
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::segment;
    use crate::contract::reader;
    use crate::contract::schemas::{Schemas, registry};

    #[test]
    fn values_of_a_segment_end_where_their_schemas_accept_them() {
        let parameter = |name: &str, schema| json!({"name": name, "in": "path", "schema": schema});
        let document = json!({"paths": {"/p": {"get": {"parameters": [
            parameter("page", json!({"type": "string"})),
            parameter("kind", json!({"enum": [".json"]})),
            parameter("heading", json!({"type": "number"})),
            parameter("end", json!({"enum": ["json", "xml"]})),
        ]}}}});
        let registry = registry(&document).unwrap();
        let schemas = Schemas::new(&document, &registry);
        let operation = reader::operation(&document, "/p", "GET").unwrap();
        let declared: Vec<_> = operation.parameters.iter().collect();
        for (template, sent, expected) in [
            ("{page}{kind}", "a.b.json", Some(json!(["a.b", ".json"]))),
            ("{heading}.{end}", "2.5.xml", Some(json!([2.5, "xml"]))),
            ("x-{page}", "x-%2F", Some(json!(["/"]))),
            ("x%20y", "x%20y", Some(json!([]))),
            ("{page}{kind}", "a.xml", None),
            ("{heading}.{end}", "2.5", None),
            ("x-{page}", "y-1", None),
        ] {
            let read = segment(&schemas, &declared, sent, template).ok();
            assert_eq!(
                read.map(|values| json!(values)),
                expected,
                "{template} {sent}"
            );
        }
    }
}
