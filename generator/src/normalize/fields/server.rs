//! Variables of servers (OpenAPI 3.2 §4.5, §4.6).

use serde_json::Value;

use super::Object;
use crate::diagnostics::{Code, Diagnostic, Sink, Site};
use crate::text;

/// The variables of a URL are declared.
pub(super) fn check(server: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    let Some(url) = server.get("url").and_then(Value::as_str) else {
        let finding = Diagnostic::new(Code::E0210, "a server has no `url`; ignored");
        sink.push(finding.at(&site.pointer()));
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
        let known = declared.is_some_and(|variables| variables.contains_key(name));
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

/// A variable has a default, which is one of its values.
pub(super) fn check_variable(variable: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    let values = variable.get("enum").and_then(Value::as_array);
    let finding = match (variable.get("default"), values) {
        (None, _) => Diagnostic::new(
            Code::E0621,
            "the server variable has no `default`; its first value is taken, or none",
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
