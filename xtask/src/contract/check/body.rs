//! Bodies: the media type, and the values in parts, fields and texts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::super::decode::{Wire, named, value};
use super::super::reader::{self, Body, Parameter, Place};
use super::super::schemas::Schemas;
use super::{Fault, Found};
use crate::upstream::Seen;
use crate::wire;

pub(super) fn body(
    found: &mut Found<'_, '_>,
    declared: Option<&Body<'_>>,
    seen: &Seen,
) -> Result<(), Fault> {
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
