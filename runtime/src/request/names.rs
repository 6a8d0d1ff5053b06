//! Names that a value brings with it: an exploded object sends each of its members under the member's own
//! name. None of them may be that of another parameter, field or credential, or the value would set that.

use std::collections::HashSet;

use crate::json::Value;
use crate::operation::{
    ApiKeyLocation, BodyShape, Location, OperationDef, Parameter, PartEncoding, SchemeKind, Style,
};

use super::RequestError;

/// The names of one place of a request: its query, its cookies or its form.
#[derive(Debug)]
pub(super) struct Names<'a> {
    operation: &'a OperationDef,
    place: Place,
    /// Names that values brought.
    taken: HashSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Query,
    Cookie,
    Body,
}

impl<'a> Names<'a> {
    pub(super) fn of_query(operation: &'a OperationDef) -> Self {
        Self::of(operation, Place::Query)
    }

    pub(super) fn of_cookies(operation: &'a OperationDef) -> Self {
        Self::of(operation, Place::Cookie)
    }

    pub(super) fn of_body(operation: &'a OperationDef) -> Self {
        Self::of(operation, Place::Body)
    }

    fn of(operation: &'a OperationDef, place: Place) -> Self {
        Self {
            operation,
            place,
            taken: HashSet::new(),
        }
    }

    /// The names that a parameter's value brings.
    ///
    /// # Errors
    /// When one of them belongs to something else.
    pub(super) fn take_parameter(
        &mut self,
        parameter: &Parameter,
        value: &Value,
    ) -> Result<(), RequestError> {
        if parameter.location == Location::QueryString {
            return match value {
                Value::String(text) if parameter.style == Style::Form => {
                    self.take_text(parameter.argument, text)
                }
                Value::Object(members) if parameter.style == Style::Form => members
                    .iter()
                    .try_for_each(|(name, value)| self.take_member(parameter, name, value)),
                _ => Ok(()),
            };
        }
        if parameter.explode {
            return self.take(parameter.argument, parameter.name, parameter.style, value);
        }
        Ok(())
    }

    /// The names that an exploded value brings; `own` is the name that it has itself.
    ///
    /// # Errors
    /// When one of them belongs to something else.
    pub(super) fn take(
        &mut self,
        argument: &str,
        own: &str,
        style: Style,
        value: &Value,
    ) -> Result<(), RequestError> {
        // The others put their own name before the members' names, or write no names at all.
        if matches!(style, Style::DeepObject | Style::Json) {
            return Ok(());
        }
        let mut names = value.as_object().into_iter().flatten();
        names.try_for_each(|(name, _)| self.take_one(argument, own, name))
    }

    fn take_one(&mut self, argument: &str, own: &str, name: &str) -> Result<(), RequestError> {
        if name.is_empty() {
            return Err(RequestError::new(argument, "has a member without a name"));
        }
        self.check(argument, own, name)?;
        if self.taken.insert(name.to_owned()) {
            return Ok(());
        }
        Err(RequestError::new(
            argument,
            format!("`{name}` is given in another argument already; give it once"),
        ))
    }

    /// The names that a member of a whole query string brings: its own, or those of its members.
    fn take_member(
        &mut self,
        parameter: &Parameter,
        name: &str,
        value: &Value,
    ) -> Result<(), RequestError> {
        let field = parameter.fields.iter().find(|field| field.name == name);
        match field.map(|field| field.part) {
            Some(PartEncoding::Styled(style, true) | PartEncoding::Reserved(style, true))
                if value.is_object() && style != Style::DeepObject =>
            {
                self.take(parameter.argument, parameter.name, style, value)
            }
            _ => self.take_one(parameter.argument, parameter.name, name),
        }
    }

    /// A query string as it is.
    fn take_text(&self, argument: &str, text: &str) -> Result<(), RequestError> {
        let text = text.strip_prefix('?').unwrap_or(text);
        text.split('&').try_for_each(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            let name = name.replace('+', " ");
            let name = percent_encoding::percent_decode_str(&name).decode_utf8_lossy();
            self.check(argument, "", &name)
        })
    }

    fn check(&self, argument: &str, own: &str, name: &str) -> Result<(), RequestError> {
        let stem = stem(name);
        let wrong = |message: String| Err(RequestError::new(argument, message));
        if self.credentials().any(|credential| credential == stem) {
            return wrong(format!(
                "`{name}` is the name of a credential, which this server adds itself; leave it out"
            ));
        }
        match self.declared(own, stem) {
            Some("") => wrong(format!(
                "`{name}` is sent by this server itself; leave it out"
            )),
            Some(other) => wrong(format!(
                "`{name}` would be sent as the argument `{other}`; give it there, or leave it out"
            )),
            None => Ok(()),
        }
    }

    /// The argument that is sent under a name; empty for a constant.
    fn declared(&self, own: &str, name: &str) -> Option<&'a str> {
        let location = match self.place {
            Place::Query => Location::Query,
            Place::Cookie => Location::Cookie,
            Place::Body => {
                let (Some(BodyShape::Properties { fields, .. })
                | Some(BodyShape::Members { fields, .. })) = self.operation.body.map(|b| b.shape)
                else {
                    return None;
                };
                let mut fields = fields.iter().filter(|field| field.name != own);
                let field = fields.find(|field| stem(field.name) == name)?;
                return Some(if field.argument.is_empty() {
                    field.name
                } else {
                    field.argument
                });
            }
        };
        let here = |parameter: &&Parameter| parameter.location == location;
        let mut others = self.operation.parameters.iter().filter(here);
        let other = others.find(|one| one.name != own && stem(one.name) == name)?;
        Some(other.argument)
    }

    /// The names under which credentials are sent.
    fn credentials(&self) -> impl Iterator<Item = &'a str> {
        let place = match self.place {
            Place::Query => ApiKeyLocation::Query,
            Place::Cookie => ApiKeyLocation::Cookie,
            Place::Body => ApiKeyLocation::Body,
        };
        let uses = self.operation.security.iter().copied().flatten();
        uses.filter_map(move |one| match one.scheme.kind {
            SchemeKind::ApiKey { location, name } if location == place => Some(name),
            _ => None,
        })
    }
}

/// A name without what stands in brackets behind it: frameworks that know brackets read `a[b]` as part of `a`.
pub(super) fn stem(name: &str) -> &str {
    match name.find('[') {
        Some(at) if at > 0 => name.get(..at).unwrap_or(name),
        _ => name,
    }
}
