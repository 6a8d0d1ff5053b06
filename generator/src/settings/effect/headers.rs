//! Headers that every request has (RFC 9110 §5), whatever a caller says.

use super::{Effect, Place};
use crate::diagnostics::Code;
use crate::http::{is_reserved_header, is_token};
use crate::ir::Parameter;
use crate::text;

impl Effect<'_> {
    pub(super) fn fixed_headers(&mut self) {
        let all = self.headers;
        for (name, (value, place)) in all {
            self.header(name, value, Some(place));
        }
        let said = self.said;
        for (name, value) in &said.facts.headers {
            let place = said.place(&format!("headers.{name}"));
            self.header(name, value, place.or_else(|| said.place("headers")));
        }
    }

    fn header(&mut self, name: &str, value: &str, place: Option<&Place>) {
        let shown = text::line(name, 60);
        let wrong = if !is_token(name) {
            Some(format!("`{shown}` is no name of a header"))
        } else if is_reserved_header(name) {
            Some(format!(
                "`{shown}` is set by the server itself; credentials come from its environment"
            ))
        } else if value.is_empty() || !value.chars().all(|c| matches!(c, ' '..='~')) {
            Some(format!(
                "the value of `{shown}` must be printable ASCII characters in one line"
            ))
        } else {
            None
        };
        if let Some(message) = wrong {
            self.find(place, Code::E0931, message);
            return;
        }
        let parameters = &mut self.operation.parameters;
        let same = |parameter: &&mut Parameter| {
            parameter.location == "header" && parameter.name.eq_ignore_ascii_case(name)
        };
        match parameters.iter_mut().find(same) {
            None => parameters.push(Parameter {
                name: name.to_owned(),
                argument: String::new(),
                location: "header",
                style: "simple",
                explode: false,
                allow_reserved: false,
                required: false,
                constant: Some(value.to_owned()),
                generated: false,
                fields: Vec::new(),
            }),
            // An operation's own entry counts more than that of the server.
            Some(parameter) if parameter.argument.is_empty() => {
                parameter.constant = Some(value.to_owned());
            }
            Some(parameter) => {
                let message = format!(
                    "`{shown}` is the argument `{}`: set `fixed` for that field",
                    parameter.argument
                );
                self.find(place, Code::E0931, message);
            }
        }
    }
}
