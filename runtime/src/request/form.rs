//! The fields of form and multipart bodies (OpenAPI 3.2 §4.15), and form bodies themselves.

use crate::json::{Object, Value};
use crate::operation::{BodyField, BodyShape, OperationDef, PartEncoding};

use super::RequestError;
use super::field::{Field, Target, field};
use super::names::{Names, stem};
use crate::text::cap;

/// The fields that the arguments give, in document order. In a form, names and texts are encoded piece by piece,
/// since the delimiters between the pieces must stay as they are.
pub(super) fn fields(
    operation: &OperationDef,
    shape: &BodyShape,
    arguments: &Object,
    target: Target,
) -> Result<Vec<Field>, RequestError> {
    let mut names = Names::of_body(operation);
    let mut found = Vec::new();
    let mut add = |name: &str, argument: &str, value: &Value, field: &BodyField| {
        if name.is_empty() {
            return Err(RequestError::new(argument, "has a field without a name"));
        }
        if let PartEncoding::Styled(style, true) | PartEncoding::Reserved(style, true) = field.part
        {
            names.take(argument, name, style, value)?;
        }
        found.extend(self::field(name, argument, value, field, target)?);
        Ok(())
    };
    let plain = &BodyField::DEFAULT;
    let mut members =
        |argument: &str, fields: &[BodyField], rest: &BodyField| match arguments.get(argument) {
            Some(Value::Object(object)) => object.iter().try_for_each(|(name, value)| {
                let field = fields.iter().find(|field| field.name == name);
                add(name, argument, value, field.unwrap_or(rest))
            }),
            Some(Value::Null) | None => Ok(()),
            Some(_) => Err(RequestError::new(
                argument,
                "must be an object of form fields",
            )),
        };
    match shape {
        BodyShape::Whole { argument } => members(argument, &[], plain)?,
        BodyShape::Members {
            argument,
            fields,
            rest,
        } => {
            let rest = BodyField {
                part: *rest,
                ..BodyField::DEFAULT
            };
            members(argument, fields, &rest)?;
        }
        BodyShape::Items {
            argument,
            prefix,
            rest,
        } => found = items(argument, prefix, rest, arguments, target)?,
        BodyShape::Properties { fields, additional } => {
            for field in *fields {
                if let Some(value) = arguments.get(field.argument) {
                    add(field.name, field.argument, value, field)?;
                }
            }
            let rest = BodyField {
                part: operation.further,
                ..BodyField::DEFAULT
            };
            let further = arguments.get(*additional).and_then(Value::as_object);
            for (name, value) in further.into_iter().flatten() {
                is_further(fields, additional, name)?;
                // `items[0]` is part of the field `items`.
                let stem = stem(name);
                let part_of = fields
                    .iter()
                    .find(|field| stem != name && field.name == stem);
                if let Some(field) = part_of {
                    return Err(RequestError::new(
                        additional,
                        format!(
                            "`{name}` is part of the field that the argument {} gives; give it there",
                            field.argument
                        ),
                    ));
                }
                add(name, additional, value, &rest)?;
            }
        }
    }
    Ok(found)
}

/// Refuses a further property that has an argument of its own: it must not override that one, and leaving it
/// out would report success for what was not done.
pub(super) fn is_further(
    fields: &[BodyField],
    additional: &str,
    name: &str,
) -> Result<(), RequestError> {
    match fields.iter().find(|field| field.name == name) {
        None => Ok(()),
        Some(field) => Err(RequestError::new(
            additional,
            format!(
                "`{}` has an argument of its own; give it as {}, and not here",
                cap(name, 60),
                field.argument
            ),
        )),
    }
}

/// The parts that the items of a list are: one for each, whatever it holds.
fn items(
    argument: &str,
    prefix: &[BodyField],
    rest: &BodyField,
    arguments: &Object,
    target: Target,
) -> Result<Vec<Field>, RequestError> {
    let items = match arguments.get(argument) {
        Some(Value::Array(items)) => items,
        Some(Value::Null) | None => return Ok(Vec::new()),
        Some(_) => return Err(RequestError::new(argument, "must be a list of parts")),
    };
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let field = prefix.get(index).unwrap_or(rest);
        // A list inside of the list is one part, and so is JSON.
        let field = BodyField {
            part: match field.part {
                PartEncoding::Plain | PartEncoding::Any if item.is_array() => {
                    PartEncoding::Json("application/json")
                }
                part => part,
            },
            ..*field
        };
        found.extend(self::field(field.name, argument, item, &field, target)?);
    }
    Ok(found)
}

/// `application/x-www-form-urlencoded`; blanks go as `%20`, which every decoder reads.
pub(super) fn encode(
    operation: &OperationDef,
    shape: &BodyShape,
    arguments: &Object,
) -> Result<Vec<u8>, RequestError> {
    let pairs: Vec<Vec<u8>> = fields(operation, shape, arguments, Target::Form)?
        .into_iter()
        .map(|field| [field.name.as_bytes(), b"=", &field.data].concat())
        .collect();
    Ok(pairs.join(&b'&'))
}
