//! From the wire back to values, by style (OpenAPI 3.2 §4.12.3) and schema. Where a text could be
//! several values, it is the first that its schema accepts.

use serde_json::{Map, Value};

use super::reader::Parameter;
use super::schemas::Schemas;
use crate::wire::text;

/// Structure without types.
#[derive(Debug, Clone)]
pub enum Wire {
    /// One text.
    Text(String),
    /// Several values.
    List(Vec<Wire>),
    /// Names and values.
    Map(Vec<(String, Wire)>),
}

/// The value that one of the readings gives, or why none is accepted.
pub fn value(
    schemas: &Schemas<'_>,
    place: Option<&str>,
    readings: &[Wire],
) -> Result<Value, String> {
    let Some(place) = place else {
        return Ok(readings
            .first()
            .map_or(Value::Null, |first| convert(schemas, first, &[])));
    };
    let mut fault = None;
    for reading in readings {
        let plausible = match reading {
            Wire::Text(_) => ["string", "number", "integer", "boolean", "null"]
                .iter()
                .any(|kind| schemas.may_be(place, kind)),
            Wire::List(_) => schemas.may_be(place, "array"),
            Wire::Map(_) => schemas.may_be(place, "object"),
        };
        if !plausible {
            continue;
        }
        let value = convert(schemas, reading, &[place.to_owned()]);
        match schemas.fault(place, &value) {
            None => return Ok(value),
            Some(new) => fault = fault.or(Some(format!("{value}: {new}"))),
        }
    }
    Err(fault.unwrap_or_else(|| format!("{readings:?} is nothing that the schema describes")))
}

fn convert(schemas: &Schemas<'_>, wire: &Wire, places: &[String]) -> Value {
    let mut first = None;
    for place in places {
        let value = convert_one(schemas, wire, place);
        if schemas.accepts(place, &value) {
            return value;
        }
        first = first.or(Some(value));
    }
    first.unwrap_or_else(|| match wire {
        Wire::Text(text) => Value::String(text.clone()),
        Wire::List(items) => items
            .iter()
            .map(|item| convert(schemas, item, &[]))
            .collect(),
        Wire::Map(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), convert(schemas, member, &[])))
            .collect::<Map<_, _>>()
            .into(),
    })
}

fn convert_one(schemas: &Schemas<'_>, wire: &Wire, place: &str) -> Value {
    match wire {
        Wire::Text(text) => {
            let string = Value::String(text.clone());
            if schemas.accepts(place, &string) {
                return string;
            }
            let parsed = serde_json::from_str::<Value>(text).ok();
            let empty = text.is_empty().then_some(Value::Null);
            let kind = |value: &Value| match value {
                Value::Object(_) => schemas.may_be(place, "object"),
                Value::Array(_) => schemas.may_be(place, "array"),
                Value::String(_) => false,
                _ => !schemas.may_be(place, "string") || schemas.accepts(place, value),
            };
            parsed.or(empty).filter(kind).unwrap_or(string)
        }
        Wire::List(items) => {
            let places = schemas.items(place);
            items
                .iter()
                .map(|item| convert(schemas, item, &places))
                .collect()
        }
        Wire::Map(members) => members
            .iter()
            .map(|(name, member)| {
                let places = schemas.property(place, name);
                (name.clone(), convert(schemas, member, &places))
            })
            .collect::<Map<_, _>>()
            .into(),
    }
}

fn one(encoded: &str) -> Wire {
    Wire::Text(text(encoded))
}

/// Split at a delimiter, encoded or not as the caller has it.
fn list(encoded: &str, delimiter: &str) -> Wire {
    Wire::List(encoded.split(delimiter).map(one).collect())
}

/// `a=1,b=2` or `a,1,b,2`.
fn map(encoded: &str, delimiter: &str, explode: bool) -> Option<Wire> {
    let pieces: Vec<&str> = encoded.split(delimiter).collect();
    let members = if explode {
        pieces
            .iter()
            .map(|piece| {
                piece
                    .split_once('=')
                    .map(|(name, value)| (text(name), one(value)))
            })
            .collect::<Option<Vec<_>>>()?
    } else {
        let (pairs, rest) = pieces.as_chunks::<2>();
        if !rest.is_empty() {
            return None;
        }
        pairs
            .iter()
            .map(|[name, value]| (text(name), one(value)))
            .collect()
    };
    Some(Wire::Map(members))
}

/// Readings of a value without a name of its own: paths and headers.
pub fn unnamed(parameter: &Parameter, encoded: &str) -> Vec<Wire> {
    let explode = parameter.explode;
    let (body, delimiter) = match parameter.style.as_str() {
        "label" => (
            encoded.strip_prefix('.').unwrap_or(encoded),
            if explode { "." } else { "," },
        ),
        "matrix" => {
            let start = format!(";{}=", parameter.name);
            let own = encoded.strip_prefix(start.as_str());
            if explode {
                let pieces: Vec<&str> = encoded.split(';').skip(1).collect();
                let values: Option<Vec<Wire>> = pieces
                    .iter()
                    .map(|piece| piece.strip_prefix(&format!("{}=", parameter.name)).map(one))
                    .collect();
                let whole = own.filter(|_| pieces.len() == 1).map(one);
                let members = map(encoded.strip_prefix(';').unwrap_or(encoded), ";", true);
                return whole
                    .into_iter()
                    .chain(values.map(Wire::List))
                    .chain(members)
                    .collect();
            }
            (own.unwrap_or(encoded), ",")
        }
        _ => (encoded, ","),
    };
    let mut readings = vec![one(body), list(body, delimiter)];
    readings.extend(map(body, delimiter, explode));
    readings
}

/// Readings of a parameter or form field with a name, and the indices of the pairs that they use.
pub fn named(
    schemas: &Schemas<'_>,
    parameter: &Parameter,
    pairs: &[(String, String)],
    others: &[&str],
) -> (Vec<Wire>, Vec<usize>) {
    let name = parameter.name.as_str();
    let at = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let all = pairs.iter().enumerate();
        all.filter(|(_, (own, _))| fits(own))
            .map(|(index, _)| index)
            .collect()
    };
    let own = at(&|own| own == name);
    let values: Vec<&str> = own
        .iter()
        .filter_map(|index| pairs.get(*index))
        .map(|(_, value)| value.as_str())
        .collect();
    if parameter.style == "deepObject" {
        let used = at(&|own| own == name || own.starts_with(&format!("{name}[")));
        let mut tree = Wire::Map(Vec::new());
        for index in &used {
            if let Some((key, value)) = pairs.get(*index) {
                let rest = key.strip_prefix(name).unwrap_or_default();
                let steps: Vec<&str> = rest
                    .split('[')
                    .skip(1)
                    .map(|step| step.trim_end_matches(']'))
                    .collect();
                insert(&mut tree, &steps, one(value));
            }
        }
        let mut readings = values.iter().map(|value| one(value)).collect::<Vec<_>>();
        readings.truncate(usize::from(values.len() == 1));
        if !used.is_empty() {
            readings.push(listed(tree.clone()));
            readings.push(tree);
        }
        return (readings, used);
    }
    let mut readings = Vec::new();
    if let [only] = values.as_slice() {
        readings.push(one(only));
        let delimiters: &[&str] = match (parameter.style.as_str(), parameter.explode) {
            ("spaceDelimited", false) => &["%20"],
            ("pipeDelimited", false) => &["%7C", "|"],
            (_, false) => &[","],
            _ => &[],
        };
        let delimiter = delimiters
            .iter()
            .find(|delimiter| only.contains(**delimiter));
        let delimiter = delimiter.or(delimiters.first());
        readings.extend(delimiter.map(|delimiter| list(only, delimiter)));
        readings.extend(delimiter.and_then(|delimiter| map(only, delimiter, false)));
    }
    if parameter.explode && !values.is_empty() {
        readings.push(Wire::List(values.iter().map(|value| one(value)).collect()));
    }
    if let Some(place) = parameter
        .schema
        .as_deref()
        .filter(|place| parameter.explode && values.is_empty() && schemas.may_be(place, "object"))
    {
        let used = at(&|own| schemas.names(place, own) || !others.contains(&own));
        let members: Vec<(String, Wire)> = used
            .iter()
            .filter_map(|index| pairs.get(*index))
            .map(|(name, value)| (name.clone(), one(value)))
            .collect();
        if !members.is_empty() {
            return (vec![Wire::Map(members)], used);
        }
    }
    (readings, own)
}

fn insert(tree: &mut Wire, steps: &[&str], value: Wire) {
    let Wire::Map(members) = tree else { return };
    let Some((first, rest)) = steps.split_first() else {
        return;
    };
    // `[]` is a new item every time.
    let name = if first.is_empty() {
        members.len().to_string()
    } else {
        (*first).to_owned()
    };
    if rest.is_empty() {
        members.push((name, value));
        return;
    }
    if !members.iter().any(|(own, _)| *own == name) {
        members.push((name.clone(), Wire::Map(Vec::new())));
    }
    if let Some((_, inner)) = members.iter_mut().find(|(own, _)| *own == name) {
        insert(inner, rest, value);
    }
}

/// Members that are named 0, 1, 2 … are items.
fn listed(wire: Wire) -> Wire {
    let Wire::Map(members) = wire else {
        return wire;
    };
    let numbered = !members.is_empty()
        && members
            .iter()
            .enumerate()
            .all(|(index, (name, _))| *name == index.to_string());
    let members = members
        .into_iter()
        .map(|(name, member)| (name, listed(member)));
    if numbered {
        Wire::List(members.map(|(_, member)| member).collect())
    } else {
        Wire::Map(members.collect())
    }
}
