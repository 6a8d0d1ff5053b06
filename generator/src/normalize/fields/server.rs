//! Variables of servers (OpenAPI 3.2 §4.5, §4.6).

use serde_json::Value;

use super::Object;
use crate::diagnostics::{Code, Diagnostic, Sink, Site};
use crate::text;

/// The scheme of a URL is in lower case, no user stands in it, and its variables are declared.
pub(super) fn check(server: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    if let Some(Value::String(url)) = server.get_mut("url") {
        // Schemes have no case (RFC 3986 §3.1).
        if let Some(at) = url.find("://")
            && let Some(scheme) = url.get_mut(..at)
        {
            scheme.make_ascii_lowercase();
        }
        if let Some(without) = without_user(url) {
            *url = without;
            sink.push(
                Diagnostic::new(Code::E0606, "the address of a server names a user; that part is ignored")
                    .at(&site.member("url").pointer())
                    .note("a document is no place for credentials: they come from the operator's environment")
                    .help("remove what stands before the `@`, and declare a security scheme"),
            );
        }
    }
    let Some(url) = server.get("url").and_then(Value::as_str) else {
        let finding = Diagnostic::new(Code::E0210, "a server has no `url`; ignored");
        sink.push(finding.at(&site.pointer()).help("add `url: https://…`"));
        return;
    };
    let declared = server.get("variables").and_then(Value::as_object);
    let mut rest = url;
    let mut said: Vec<&str> = Vec::new();
    while let Some((_, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else {
            break;
        };
        rest = after;
        let variable = declared.and_then(|variables| variables.get(name));
        let known = variable.is_some_and(|variable| !variable.is_null());
        if known || said.contains(&name) {
            continue;
        }
        said.push(name);
        let shown = text::line(name, 60);
        let message = format!("the server variable `{shown}` is used and not declared");
        sink.push(
            Diagnostic::new(Code::E0620, message)
                .at(&site.member("url").pointer())
                .note("the address with it is shown as it is, as a suggestion that has to be filled in")
                .help(format!("declare it: `variables: {{ {shown}: {{ default: … }} }}`")),
        );
    }
}

/// An address without its user information (RFC 3986 §3.2.1), if it has some.
fn without_user(url: &str) -> Option<String> {
    let (before, rest) = match url.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => ("//".to_owned(), url.strip_prefix("//")?),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let (_, host) = authority.rsplit_once('@')?;
    Some(format!("{before}{host}{path}"))
}

/// A variable has a default, which is one of its values.
pub(super) fn check_variable(variable: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    let values = variable.get("enum").and_then(Value::as_array);
    let finding = match (variable.get("default"), values) {
        (None, _) => Diagnostic::new(
            Code::E0621,
            match values {
                Some(values) if !values.is_empty() => {
                    "the server variable has no `default`; its first value is taken"
                }
                _ => "the server variable has no `default`; it has to be filled in",
            },
        )
        .at_key(&site.pointer())
        .help("add `default: …`"),
        (Some(default), Some(values)) if !values.is_empty() && !values.contains(default) => {
            Diagnostic::new(
                Code::E0621,
                "the `default` of the server variable is none of its values; it is taken all the same",
            )
            .at(&site.member("default").pointer())
            .help("correct the default, or add it to `enum`")
        }
        _ => return,
    };
    sink.push(finding);
}
