//! Parameters by place: segments of the path, the query, header fields, cookies.

use serde_json::Value;

use super::super::decode::{Wire, named, unnamed, value};
use super::super::reader::{Operation, Parameter, Scheme};
use super::super::schemas::Schemas;
use super::{BASE, CREDENTIAL, Fault, Found, USUAL};
use crate::upstream::Seen;
use crate::wire;

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

pub(super) fn path(
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

pub(super) fn query(
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

pub(super) fn headers(
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

pub(super) fn cookies(
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
