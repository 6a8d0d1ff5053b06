//! Queries that documents write into path templates (`/current?lat={lat}&units=metric`), which OpenAPI
//! does not know (3.2 §4.8.1): what is named there is sent in the query.

use indexmap::IndexMap;

use super::parameters::RawParameter;
use super::placeholders::left_out;
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::model::RawOperation;
use crate::text;

/// The value of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written<'t> {
    /// `{name}`
    Parameter(&'t str),
    /// The text itself.
    Text(&'t str),
}

/// The query of a template: what stands behind the first `?` that is in no placeholder's name.
fn query(template: &str) -> Option<&str> {
    let mut in_name = false;
    for (index, c) in template.char_indices() {
        match c {
            '{' => in_name = true,
            '}' => in_name = false,
            '#' if !in_name => return None,
            '?' if !in_name => {
                let query = template.get(index.saturating_add(1)..)?;
                return Some(query.split('#').next().unwrap_or_default());
            }
            _ => {}
        }
    }
    None
}

/// The names and values of a query. `None` if a pair is anything but a name and one placeholder or a
/// plain text.
fn pairs(query: &str) -> Option<Vec<(&str, Written<'_>)>> {
    let plain = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~[]$:,/@".contains(&b))
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let inner = value
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'))
                .filter(|inner| !inner.is_empty() && !inner.contains(['{', '}']));
            let value = match inner {
                Some(inner) => Written::Parameter(inner),
                None if plain(value) => Written::Text(value),
                None => return None,
            };
            (plain(name) && !name.is_empty()).then_some((name, value))
        })
        .collect()
}

/// Whether the query of a template, if it has one, can be sent.
pub fn is_sendable(template: &str) -> bool {
    query(template).is_none_or(|query| pairs(query).is_some())
}

/// The parameters of an operation, by name and location.
pub type Merged<'a> = IndexMap<(String, &'static str), RawParameter<'a>>;

/// Moves the parameters that the template's query names from the path to the query, and adds a constant
/// for each plain text.
///
/// # Errors
/// When a placeholder has no parameter: the reason, after a diagnostic.
pub fn take<'a>(
    raw: &RawOperation<'a>,
    merged: &mut Merged<'a>,
    sink: &mut Sink,
) -> Result<(), String> {
    let Some(pairs) = query(raw.path).and_then(pairs) else {
        return Ok(());
    };
    sink.push(
        Diagnostic::new(
            Code::E0491,
            format!("the path of {} has a query", raw.label()),
        )
        .at_key(&raw.path_item.pointer)
        .note("what stands behind the `?` is sent as query parameters")
        .help("write the path without it, and the parameters with `in: query`"),
    );
    for (name, value) in pairs {
        let key = (name.to_owned(), "query");
        match value {
            Written::Parameter(inner) => {
                let declared = merged.shift_remove(&(inner.to_owned(), "path"));
                if let Some(parameter) = declared {
                    let moved = RawParameter {
                        name: name.to_owned(),
                        location: "query",
                        style: "form",
                        explode: false,
                        ..parameter
                    };
                    merged.entry(key).or_insert(moved);
                } else if !merged.contains_key(&key) {
                    let message = format!(
                        "`{{{}}}` in the query of the path has no parameter",
                        text::line(inner, 60)
                    );
                    sink.push(
                        left_out(raw, &message)
                            .at_key(&raw.node.pointer)
                            .help("declare it as a parameter with `in: query`"),
                    );
                    return Err(message);
                }
            }
            Written::Text(value) => {
                let fixed = RawParameter {
                    name: name.to_owned(),
                    location: "query",
                    style: "form",
                    explode: false,
                    allow_reserved: false,
                    required: true,
                    description: None,
                    node: raw.path_item.clone(),
                    entry: raw.path_item.clone(),
                    schema: None,
                    fixed: Some(value.to_owned()),
                    text_of: None,
                    fields: Vec::new(),
                    nested: Vec::new(),
                };
                merged.insert(key, fixed);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Written::{Parameter, Text};
    use super::{is_sendable, pairs, query};

    #[test]
    fn a_query_begins_outside_of_placeholders_and_before_a_fragment() {
        for (template, expected) in [
            ("/a", None),
            ("/a?b={c}", Some("b={c}")),
            ("/a{?b}", None),
            ("/a?b#c?d", Some("b")),
            ("/a#b?c", None),
        ] {
            assert_eq!(query(template), expected, "{template}");
        }
    }

    #[test]
    fn pairs_are_a_placeholder_or_a_plain_text() {
        for (query, expected) in [
            ("", Some(vec![])),
            (
                "a={x}&b=1&c",
                Some(vec![
                    ("a", Parameter("x")),
                    ("b", Text("1")),
                    ("c", Text("")),
                ]),
            ),
            ("a={x}{y}", None),
            ("a=x{y}", None),
            ("{a}=1", None),
            ("a=%20", None),
            ("=1", None),
            ("a={}", None),
        ] {
            assert_eq!(pairs(query), expected, "{query}");
        }
        assert!(!is_sendable("/a?b={c},{d}"));
        assert!(is_sendable("/a?b={c}"));
    }
}
