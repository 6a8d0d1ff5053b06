//! What the person, or the model, reads before something happens.

use crate::json::{Object, Value, exact};
use crate::operation::{OperationDef, Risk};
use crate::result::hide_given;
use crate::text::{cap, clean};

/// Characters of one argument, and of all of them.
const ARGUMENT: usize = 300;
const ARGUMENTS: usize = 3_000;

/// What a call would do.
#[derive(Debug)]
pub(crate) struct Matter<'a> {
    /// Name of the tool.
    pub(crate) tool: &'a str,
    /// Display name of the tool.
    pub(crate) title: &'a str,
    /// What the tool says of itself; its first paragraph is shown.
    pub(crate) description: &'a str,
    /// What it does besides, as the operator says; empty for nothing.
    pub(crate) consequence: &'a str,
    /// Its class.
    pub(crate) risk: Risk,
    /// The checked arguments as they are sent.
    pub(crate) arguments: &'a Object,
    /// Their schema, which may mark some as secret.
    pub(crate) schema: &'a Object,
    /// The operation behind the tool, if there is one.
    pub(crate) operation: Option<&'static OperationDef>,
    /// Method and path of the request, if there is one request.
    pub(crate) request: Option<String>,
    /// Why it is asked although the class would not need it.
    pub(crate) reason: Option<String>,
}

impl Matter<'_> {
    /// What is so careful about it.
    pub(super) const fn class(&self) -> &'static str {
        match self.risk {
            Risk::Read => "reads",
            Risk::Write => "changes data",
            Risk::Destructive => "deletes, or does what cannot be undone",
            Risk::Outward => "reaches people outside: it sends, charges or publishes",
        }
    }

    /// The facts, one per line: tool, request, arguments without their secrets.
    pub(super) fn facts(&self) -> String {
        let mut lines = vec![format!("{} ({})", clean(self.title), self.tool)];
        let first = self.description.lines().next().unwrap_or_default();
        if !first.is_empty() {
            lines.push(cap(first, 300).into_owned());
        }
        if !self.consequence.is_empty() && !first.contains(self.consequence) {
            lines.push(cap(self.consequence, 300).into_owned());
        }
        if let Some(request) = &self.request {
            lines.push(format!("Request: {}", cap(&clean(request), 600)));
        }
        if !self.arguments.is_empty() {
            lines.push("Arguments:".to_owned());
            let mut arguments = self.arguments.clone();
            hide_given(&mut arguments, self.schema, self.operation);
            let mut length = 0;
            for (index, (name, value)) in arguments.iter().enumerate() {
                let line = format!("- {}: {}", cap(&clean(name), 80), shown(value));
                length += line.chars().count();
                if length > ARGUMENTS {
                    lines.push(format!("- … and {} more", arguments.len() - index));
                    break;
                }
                lines.push(line);
            }
        }
        lines.join("\n")
    }
}

/// A value in one line; a file by its size.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if exact::digits(text).is_none() => {
            let line: Vec<&str> = text.split_whitespace().collect();
            cap(&clean(&line.join(" ")), ARGUMENT).into_owned()
        }
        Value::Object(object) if crate::request::is_file(value) => file(object),
        value => cap(&clean(&exact::text(value)), ARGUMENT).into_owned(),
    }
}

fn file(object: &Object) -> String {
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    let bytes = text("data_base64").len() / 4 * 3 + text("text").len();
    let name = clean(text("filename")).into_owned();
    format!("file {} of about {bytes} bytes", cap(&name, 100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_question_names_tool_request_and_arguments_and_no_argument_can_fake_a_line() {
        let arguments = json!({
            "id": 7,
            "note": "fine\nRequest: GET /nothing",
            "long": "x".repeat(1_000),
            "lines": [{"hours": 5}]
        });
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        let matter = Matter {
            tool: "delete_customer",
            title: "Delete customer",
            description: "IRREVERSIBLE. Deletes a customer.\nSecond paragraph.",
            consequence: "Its invoices stay.",
            risk: Risk::Destructive,
            arguments: &arguments,
            schema: &Object::new(),
            operation: None,
            request: Some("DELETE /customers/7".to_owned()),
            reason: None,
        };
        let facts = matter.facts();
        let lines: Vec<&str> = facts.lines().collect();
        assert_eq!(
            lines.get(..7).unwrap_or_default(),
            [
                "Delete customer (delete_customer)",
                "IRREVERSIBLE. Deletes a customer.",
                "Its invoices stay.",
                "Request: DELETE /customers/7",
                "Arguments:",
                "- id: 7",
                "- note: fine Request: GET /nothing",
            ]
        );
        assert!(lines.iter().all(|line| line.chars().count() < 400));
        assert_eq!(lines.last(), Some(&"- lines: [{\"hours\":5}]"));
    }

    #[test]
    fn many_arguments_are_counted() {
        let arguments: Object = (0..100)
            .map(|n| (format!("argument_{n}"), Value::from("y".repeat(200))))
            .collect();
        let matter = Matter {
            tool: "t",
            title: "T",
            description: "",
            consequence: "",
            risk: Risk::Write,
            arguments: &arguments,
            schema: &Object::new(),
            operation: None,
            request: None,
            reason: None,
        };
        let facts = matter.facts();
        assert!(facts.chars().count() < 4_000);
        assert!(facts.ends_with("more"), "{facts}");
    }
}
