//! Whether a request is the one of its operation, whatever the values are.

use std::collections::BTreeSet;

use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::OperationDef;
use serde_json::Value;

use super::socket::Raw;
use super::{BASE, CREDENTIAL};
use crate::wire::{decoded, pairs, parts};

/// Fields that every request has, once each.
const ALWAYS: [&str; 5] = [
    "host",
    "accept",
    "accept-encoding",
    "user-agent",
    "x-api-key",
];

/// What is forged in it, if something is.
///
/// # Errors
/// What it is.
pub fn judge(
    operation: &OperationDef,
    arguments: &Object,
    address: &str,
    raw: &Raw,
) -> Result<(), String> {
    if let Some(fault) = &raw.fault {
        return Err(format!("no request: {fault}"));
    }
    let (path, query) = target(operation, &raw.line)?;
    route(operation, arguments, path)?;
    fields(operation, arguments, address, raw)?;
    in_query(operation, arguments, query)?;
    body(operation, arguments, raw)
}

/// What was given for a parameter, by its name on the wire.
fn given<'a>(operation: &OperationDef, arguments: &'a Object, name: &str) -> Option<&'a Value> {
    let mut parameters = operation.parameters.iter();
    let parameter = parameters.find(|parameter| parameter.name == name)?;
    arguments.get(parameter.argument)
}

/// Path and query of the request line.
fn target<'l>(operation: &OperationDef, line: &'l str) -> Result<(&'l str, &'l str), String> {
    let words: Vec<&str> = line.split(' ').collect();
    let [method, target, "HTTP/1.1"] = words[..] else {
        return Err(format!("request line {line:?}"));
    };
    if method != operation.method {
        return Err(format!("method {method}"));
    }
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'#';
    if !target.bytes().all(plain) {
        return Err(format!("target {target:?}"));
    }
    Ok(target.split_once('?').unwrap_or((target, "")))
}

/// As many segments as the template has, its words where they stand there, and a value where it has one.
fn route(operation: &OperationDef, arguments: &Object, path: &str) -> Result<(), String> {
    let wrong = || Err(format!("path {path:?} of {}", operation.path));
    let Some(path) = path.strip_prefix(BASE) else {
        return wrong();
    };
    let template: Vec<&str> = operation.path.split('/').collect();
    let segments: Vec<&str> = path.split('/').collect();
    if template.len() != segments.len() {
        return wrong();
    }
    for (expected, found) in template.iter().zip(&segments) {
        let name = expected
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'));
        let Some(name) = name else {
            if expected != found {
                return wrong();
            }
            continue;
        };
        // Whoever decodes it once more, or reads a parameter of a segment off it, still is at the same place.
        let once = decoded(found);
        let text = String::from_utf8_lossy(&once);
        let bare = text.split(';').next().unwrap_or_default();
        if found.is_empty() || matches!(bare, "." | "..") || matches!(*found, "." | "..") {
            return wrong();
        }
        if let Some(Value::String(value)) = given(operation, arguments, name)
            && once != value.as_bytes()
        {
            return Err(format!("{found:?} is not {value:?}"));
        }
    }
    Ok(())
}

/// The fields of every request once, those of the operation, and no others.
fn fields(
    operation: &OperationDef,
    arguments: &Object,
    address: &str,
    raw: &Raw,
) -> Result<(), String> {
    let mut expected: BTreeSet<&str> = ALWAYS.into();
    match operation.operation_id {
        "header_text" => expected.insert("x-note"),
        "header_list" => expected.insert("x-notes"),
        "cookie_text" | "cookie_list" => expected.insert("cookie"),
        _ => true,
    };
    if operation.method == "POST" {
        expected.extend(["content-type", "content-length"]);
    }
    let found: Vec<&str> = raw.fields.iter().map(|(name, _)| name.as_str()).collect();
    let set: BTreeSet<&str> = found.iter().copied().collect();
    if set.len() != found.len() || set != expected {
        return Err(format!("fields {found:?}"));
    }
    if raw.values("host") != [address] || raw.values("x-api-key") != [CREDENTIAL] {
        return Err(format!("host or credential {:?}", raw.fields));
    }
    if let Some((name, value)) = raw.fields.iter().find(|(_, value)| {
        value
            .bytes()
            .any(|byte| !(byte == b'\t' || (b' '..=b'~').contains(&byte)))
    }) {
        return Err(format!("{name}: {value:?}"));
    }
    if let (Some(Value::String(value)), [sent]) = (
        given(operation, arguments, "X-Note"),
        &raw.values("x-note")[..],
    ) && value.trim_matches([' ', '\t']) != *sent
    {
        return Err(format!("X-Note: {sent:?} is not {value:?}"));
    }
    let name = if operation.operation_id == "cookie_text" {
        "note"
    } else {
        "notes"
    };
    for cookie in raw.values("cookie") {
        let rest = cookie
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('='));
        let clean = |value: &str| !value.contains([';', ' ', '"', '\\']);
        if !rest.is_some_and(clean) {
            return Err(format!("Cookie: {cookie:?}"));
        }
    }
    Ok(())
}

/// The names of the operation, and the values that were given.
fn in_query(operation: &OperationDef, arguments: &Object, query: &str) -> Result<(), String> {
    let found = pairs(query);
    let has = |name: &str| match operation.operation_id {
        "query_text" => matches!(name, "q" | "tag"),
        "query_deep" => name.starts_with("filter[") && name.ends_with(']'),
        _ => false,
    };
    if let Some((name, _)) = found.iter().find(|(name, _)| !has(name)) {
        return Err(format!("query name {name:?} in {query:?}"));
    }
    let most = match (
        operation.tool,
        given(operation, arguments, "filter"),
        given(operation, arguments, "tag"),
    ) {
        ("query_text", _, tags) => 1 + tags.and_then(Value::as_array).map_or(0, Vec::len),
        (_, Some(Value::Object(filter)), _) => filter.len(),
        _ => 0,
    };
    if found.len() > most {
        return Err(format!("{} pairs, {most} given: {query:?}", found.len()));
    }
    if let Some(Value::String(value)) = given(operation, arguments, "q") {
        let sent = found.iter().find(|(name, _)| name == "q");
        if sent.is_none_or(|(_, sent)| decoded(sent) != value.as_bytes()) {
            return Err(format!("q={value:?} in {query:?}"));
        }
    }
    Ok(())
}

/// What was given, and nothing beside it.
fn body(operation: &OperationDef, arguments: &Object, raw: &Raw) -> Result<(), String> {
    let wrong = |why: &str| Err(format!("{why}: {:?}", String::from_utf8_lossy(&raw.body)));
    let kind = raw
        .values("content-type")
        .first()
        .copied()
        .unwrap_or_default();
    match operation.operation_id {
        "body_json" => match serde_json::from_slice::<Value>(&raw.body) {
            Ok(Value::Object(sent)) if sent == *arguments => Ok(()),
            _ => wrong("JSON"),
        },
        "body_form" => {
            let Ok(text) = std::str::from_utf8(&raw.body) else {
                return wrong("form");
            };
            let found = pairs(text);
            let is_given = |(name, value): &(String, String)| {
                let given = arguments.get(name).and_then(Value::as_str);
                given.is_none_or(|given| decoded(value) == given.as_bytes())
                    && arguments.contains_key(name)
            };
            if found.len() == arguments.len() && found.iter().all(is_given) {
                Ok(())
            } else {
                wrong("form")
            }
        }
        "body_multipart" => match parts(kind, &raw.body) {
            Some(found) if found.len() == arguments.len() => {
                let text = found.iter().find(|part| part.name == "text");
                match (text, arguments.get("text")) {
                    (Some(part), Some(Value::String(given))) if part.text == *given => Ok(()),
                    (Some(_), Some(Value::String(_))) => wrong("part"),
                    (Some(_), Some(_)) => Ok(()),
                    _ => wrong("part"),
                }
            }
            _ => wrong("parts"),
        },
        _ if raw.body.is_empty() => Ok(()),
        _ => wrong("a body"),
    }
}

#[cfg(test)]
mod tests {
    use mcpwright_runtime::operation::Parameter;
    use serde_json::json;

    use super::*;

    static OPERATION: OperationDef = OperationDef {
        operation_id: "path_segment",
        method: "GET",
        path: "/path/{id}/end",
        parameters: &[Parameter {
            name: "id",
            argument: "id",
            ..Parameter::PATH
        }],
        ..OperationDef::DEFAULT
    };

    fn raw(line: &str, more: &[(&str, &str)]) -> Raw {
        let usual = [
            ("host", "here"),
            ("accept", "*/*"),
            ("accept-encoding", "gzip"),
            ("user-agent", "x"),
            ("x-api-key", CREDENTIAL),
        ];
        let fields = usual.iter().chain(more);
        Raw {
            line: line.to_owned(),
            fields: fields
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Raw::default()
        }
    }

    #[test]
    fn what_is_forged_is_seen() {
        let given = json!({"id": "a/b"});
        let given = given.as_object().expect("an object");
        let of =
            |line: &str, more: &[(&str, &str)]| judge(&OPERATION, given, "here", &raw(line, more));
        assert_eq!(of("GET /base/path/a%2Fb/end HTTP/1.1", &[]), Ok(()));
        for line in [
            "DELETE /base/path/a%2Fb/end HTTP/1.1",
            "GET /base/path/a/b/end HTTP/1.1",
            "GET /base/path/../end HTTP/1.1",
            "GET /base/path/%2e%2e/end HTTP/1.1",
            "GET /base/path/..%3Bx/end HTTP/1.1",
            "GET /base/path//end HTTP/1.1",
            "GET /base/path/other/end HTTP/1.1",
            "GET /path/a%2Fb/end HTTP/1.1",
            "GET http://evil.example/base/path/a%2Fb/end HTTP/1.1",
            "GET /base/path/a%2Fb/end?x=1 HTTP/1.1",
            "GET /base/path/a%2Fb/end#x HTTP/1.1",
            "GET /base/path/a%2Fb/end HTTP/1.1 HTTP/1.1",
        ] {
            assert!(of(line, &[]).is_err(), "{line}");
        }
        for more in [
            ("x-evil", "1"),
            ("host", "evil"),
            ("cookie", "a=1"),
            ("x-api-key", "evil"),
        ] {
            let fine = "GET /base/path/a%2Fb/end HTTP/1.1";
            assert!(of(fine, &[more]).is_err(), "{more:?}");
        }
    }
}
