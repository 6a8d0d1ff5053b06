//! What stands on the wire, as values: parameters by their style (OpenAPI 3.2 §4.12.6), forms and parts.

use serde_json::{Map, Number, Value};

use crate::lower::parameters::RawParameter;
use crate::lower::schema::{Additional, Shape, Shapes, Types};
use crate::text::percent_decode;

/// A pair of a query or form, as it was sent.
pub(super) type Pair = (String, String);

/// The pairs of a query or of a form, still percent-encoded.
pub(super) fn pairs(text: &str) -> Vec<Pair> {
    let one = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), value.to_owned())
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(one)
        .collect()
}

/// A text of a query: `+` is a space there.
pub(super) fn decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    percent_decode(&text).unwrap_or(text)
}

/// A text as a value of a type; itself where it is none.
pub(super) fn scalar(text: &str, shape: &Shape<'_>) -> Value {
    let types = shape.types;
    let number = || text.parse::<f64>().ok().filter(|n| n.is_finite());
    // Digits are digits: a text of digits may have an enumeration of numbers, too.
    if types.has(Types::INTEGER)
        && let Ok(whole) = text.parse::<i64>()
    {
        return Value::from(whole);
    }
    if types.has(Types::INTEGER)
        && let Ok(whole) = text.parse::<u64>()
    {
        return Value::from(whole);
    }
    if types.has(Types::NUMBER)
        && let Some(number) = number()
    {
        if let Ok(whole) = text.parse::<i64>() {
            return Value::from(whole);
        }
        return Number::from_f64(number).map_or_else(|| Value::from(text), Value::Number);
    }
    if types.has(Types::BOOLEAN)
        && let Ok(flag) = text.parse::<bool>()
    {
        return Value::Bool(flag);
    }
    if shape.nullable && !types.has(Types::STRING) && matches!(text, "" | "null") {
        return Value::Null;
    }
    Value::from(text)
}

/// A text as a value of a schema: of the first form that it may have.
fn valued<'a>(text: &str, shape: &Shape<'a>, shapes: &Shapes<'a>) -> Value {
    if !shape.has_forms() {
        return scalar(text, shape);
    }
    let forms = shape
        .forms()
        .iter()
        .map(|form| scalar(text, &shapes.of(form)));
    let mut forms: Vec<Value> = forms.collect();
    let other = forms.iter().position(|value| !value.is_string());
    match other {
        Some(index) => forms.swap_remove(index),
        None => Value::from(text),
    }
}

fn item<'a>(text: &str, shape: &Shape<'a>, index: usize, shapes: &Shapes<'a>) -> Value {
    match shape.prefix_items.get(index).or(shape.items.as_ref()) {
        Some(node) => valued(text, &shapes.of(node), shapes),
        None => Value::from(text),
    }
}

fn property<'a>(name: &str, text: &str, shape: &Shape<'a>, shapes: &Shapes<'a>) -> Value {
    let of_further = match &shape.additional {
        Additional::Schema(node) => Some(node),
        _ => None,
    };
    match shape.properties.get(name).or(of_further) {
        Some(node) => {
            let inner = shapes.of(node);
            if inner.is_array() {
                let items = text.split(',').filter(|text| !text.is_empty()).enumerate();
                return items
                    .map(|(index, text)| item(text, &inner, index, shapes))
                    .collect();
            }
            if inner.is_object()
                && let Ok(value) = serde_json::from_str(text)
            {
                return value;
            }
            valued(text, &inner, shapes)
        }
        None => Value::from(text),
    }
}

/// The value of a parameter, if it was sent. Some ways of writing lose what they hold: what cannot be told is
/// `Err`.
pub(super) fn parameter<'a>(
    parameter: &RawParameter<'a>,
    sent: &[Pair],
    shapes: &Shapes<'a>,
) -> Option<Result<Value, ()>> {
    let shape = parameter
        .schema
        .as_ref()
        .map(|node| shapes.of(node))
        .unwrap_or_default();
    let name = parameter.name.as_str();
    let of_name: Vec<&str> = sent
        .iter()
        .filter(|(sent, _)| sent == name)
        .map(|(_, value)| value.as_str())
        .collect();
    let in_query = matches!(parameter.location, "query" | "cookie");
    let text = |raw: &str| {
        if in_query {
            decoded(raw)
        } else {
            percent_decode(raw).unwrap_or_else(|| raw.to_owned())
        }
    };
    if parameter.style == "json" {
        let raw = of_name.first()?;
        return Some(serde_json::from_str(&text(raw)).map_err(drop));
    }
    if shape.has_forms()
        && shape
            .forms()
            .iter()
            .any(|form| !shapes.of(form).is_scalar())
    {
        // Which form was meant, nobody can tell from the text alone.
        return (!of_name.is_empty()).then_some(Err(()));
    }
    if shape.is_object() {
        return object(parameter, &shape, sent, &of_name, shapes);
    }
    let raw = *of_name.first()?;
    // The beginnings of `label` and `matrix` (RFC 6570 §3.2.5, §3.2.7).
    let matrix = format!(";{name}=");
    let raw = match parameter.style {
        "label" => raw.strip_prefix('.').unwrap_or(raw),
        "matrix" => raw.strip_prefix(matrix.as_str()).unwrap_or(raw),
        _ => raw,
    };
    if !shape.is_array() {
        return Some(Ok(valued(&text(raw), &shape, shapes)));
    }
    let split: Vec<String> = match (parameter.style, parameter.explode) {
        ("form", true) | ("cookie", _) => of_name.iter().map(|raw| (*raw).to_owned()).collect(),
        ("deepObject", _) => return Some(Err(())),
        ("matrix", true) => raw.split(matrix.as_str()).map(str::to_owned).collect(),
        ("label", true) => raw.split('.').map(str::to_owned).collect(),
        (style, _) => {
            let all: Vec<&str> = if of_name.len() > 1 {
                of_name.clone()
            } else {
                vec![raw]
            };
            let separated = |raw: &str| match style {
                "spaceDelimited" => raw
                    .replace("%20", " ")
                    .replace('+', " ")
                    .split(' ')
                    .map(str::to_owned)
                    .collect(),
                "pipeDelimited" => raw
                    .replace("%7C", "|")
                    .replace("%7c", "|")
                    .split('|')
                    .map(str::to_owned)
                    .collect(),
                _ => raw.split(',').map(str::to_owned).collect::<Vec<_>>(),
            };
            all.into_iter().flat_map(separated).collect()
        }
    };
    let split = split.iter().map(|raw| text(raw)).collect::<Vec<String>>();
    // Nothing between the separators is an empty list.
    let is_empty = matches!(split.as_slice(), [only] if only.is_empty());
    let items = split.iter().filter(|_| !is_empty).enumerate();
    Some(Ok(items
        .map(|(index, text)| item(text.trim_start(), &shape, index, shapes))
        .collect()))
}

fn object<'a>(
    parameter: &RawParameter<'a>,
    shape: &Shape<'a>,
    sent: &[Pair],
    of_name: &[&str],
    shapes: &Shapes<'a>,
) -> Option<Result<Value, ()>> {
    let mut object = Map::new();
    match (parameter.style, parameter.explode) {
        ("deepObject", _) => {
            for (name, value) in sent {
                let inner = name
                    .strip_prefix(parameter.name.as_str())
                    .and_then(|rest| rest.strip_prefix('[')?.strip_suffix(']'));
                let Some(inner) = inner else { continue };
                // `filter[tags][]`, `filter[range][from]`: nothing says how these are meant.
                if inner.contains('[') {
                    return Some(Err(()));
                }
                let node = shape.properties.get(inner);
                if node.is_some_and(|node| !shapes.of(node).is_scalar())
                    || object.contains_key(inner)
                {
                    return Some(Err(()));
                }
                object.insert(
                    inner.to_owned(),
                    property(inner, &decoded(value), shape, shapes),
                );
            }
        }
        ("form" | "cookie", true) => {
            for (name, value) in sent
                .iter()
                .filter(|(name, _)| shape.properties.contains_key(name.as_str()))
            {
                let node = shape.properties.get(name.as_str());
                if node.is_some_and(|node| !shapes.of(node).is_scalar()) {
                    return Some(Err(()));
                }
                object.insert(name.clone(), property(name, &decoded(value), shape, shapes));
            }
            if !matches!(shape.additional, Additional::No | Additional::Unsaid) && object.is_empty()
            {
                return (!sent.is_empty()).then_some(Err(()));
            }
        }
        _ => return (!of_name.is_empty()).then_some(Err(())),
    }
    (!object.is_empty()).then_some(Ok(Value::Object(object)))
}

/// A form as an object (URL-encoded); `None` where its members are written in ways that lose what they hold.
pub(super) fn form<'a>(text: &str, shape: &Shape<'a>, shapes: &Shapes<'a>) -> Option<Value> {
    let mut object: Map<String, Value> = Map::new();
    for (name, value) in pairs(text) {
        if name.contains('[') {
            return None;
        }
        let value = decoded(&value);
        let inner = shape
            .properties
            .get(name.as_str())
            .map(|node| shapes.of(node));
        let is_list = inner.as_ref().is_some_and(Shape::is_array);
        if inner
            .as_ref()
            .is_some_and(|inner| !is_list && !inner.is_scalar())
        {
            return None;
        }
        match (object.get_mut(&name), inner) {
            (Some(Value::Array(items)), Some(inner)) => items.push(item(&value, &inner, 0, shapes)),
            (Some(_), _) => return None,
            (None, Some(inner)) if is_list => {
                object.insert(name, Value::Array(vec![item(&value, &inner, 0, shapes)]));
            }
            (None, _) => {
                let value = property(&name, &value, shape, shapes);
                object.insert(name, value);
            }
        }
    }
    Some(Value::Object(object))
}

/// A part of a multipart body.
#[derive(Debug)]
pub(super) struct Part<'b> {
    /// Its name.
    pub(super) name: String,
    /// Whether it is a file.
    pub(super) is_file: bool,
    /// Its content.
    pub(super) content: &'b [u8],
}

/// The parts of a multipart body (RFC 7578, RFC 2046 §5.1.1); `None` where they are not framed by the boundary that
/// the content type names.
pub(super) fn parts<'b>(content_type: &str, body: &'b [u8]) -> Option<Vec<Part<'b>>> {
    let boundary = content_type
        .split(';')
        .find_map(|part| part.trim().strip_prefix("boundary="))?
        .trim_matches('"');
    if boundary.is_empty() || boundary.len() > 70 {
        return None;
    }
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut rest = behind(body, delimiter.as_bytes())?;
    let inner = format!("\r\n{delimiter}");
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = position(rest, inner.as_bytes())?;
        let (part, after) = rest.split_at_checked(end)?;
        let heads_end = position(part, b"\r\n\r\n")?;
        let (heads, content) = part.split_at_checked(heads_end)?;
        let heads = String::from_utf8_lossy(heads).into_owned();
        let disposition = heads
            .lines()
            .find(|line| {
                line.to_ascii_lowercase()
                    .starts_with("content-disposition:")
            })
            .unwrap_or_default()
            .to_owned();
        let value = |key: &str| {
            let behind = disposition
                .split(';')
                .find_map(|part| part.trim().strip_prefix(key)?.strip_prefix('='))?;
            Some(behind.trim_matches('"').to_owned())
        };
        parts.push(Part {
            name: value("name").unwrap_or_default(),
            is_file: disposition.contains("filename"),
            content: content.get(4..).unwrap_or_default(),
        });
        rest = after.strip_prefix(inner.as_bytes())?;
    }
}

fn position(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len().max(1))
        .position(|window| window == wanted)
}

fn behind<'b>(text: &'b [u8], wanted: &[u8]) -> Option<&'b [u8]> {
    let at = position(text, wanted)?;
    text.get(at.checked_add(wanted.len())?..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_apart_at_their_boundary() {
        let body = b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.csv\"\r\nContent-Type: text/csv\r\n\r\nx\r\n\r\ny\r\n--b--\r\n";
        let parts = parts("multipart/form-data; boundary=b", body).unwrap_or_default();
        let seen: Vec<_> = parts
            .iter()
            .map(|part| (part.name.as_str(), part.is_file, part.content))
            .collect();
        assert_eq!(
            seen,
            [
                ("a", false, b"1".as_slice()),
                ("f", true, b"x\r\n\r\ny".as_slice())
            ]
        );
        for (content_type, body) in [
            ("multipart/form-data", b"--b--".as_slice()),
            ("multipart/form-data; boundary=b", b"--c--"),
            (
                "multipart/form-data; boundary=b",
                b"--b\r\nno heads\r\n--b--",
            ),
            ("multipart/form-data; boundary=b", b"--b"),
            ("multipart/form-data; boundary=", b"--"),
        ] {
            assert!(super::parts(content_type, body).is_none(), "{content_type}");
        }
    }
}
