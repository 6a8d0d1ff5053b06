//! The fields of form and multipart bodies (OpenAPI 3.2 §4.15), and form bodies themselves.

use crate::json::{Object, Value, exact};
use crate::operation::{BodyField, BodyShape, PartEncoding};

use super::encode::{Encode, scalar};
use super::file::{Upload, encoded, is_base64, is_file, upload};
use super::names::{Names, stem};
use super::{RequestError, media, style};
use crate::text::cap;

/// A field that is ready to be written; names and texts are encoded.
pub(super) enum Field {
    /// Text, with a media type if it has one of its own.
    Text {
        name: String,
        text: String,
        content_type: Option<&'static str>,
        headers: Headers,
    },
    /// A file.
    File {
        name: String,
        upload: Upload,
        headers: Headers,
    },
    /// Base64 text, with the name of the file whose content it is.
    Base64 {
        name: String,
        filename: Option<String>,
        content_type: String,
        text: String,
        headers: Headers,
    },
}

/// Header fields of a part.
type Headers = &'static [(&'static str, &'static str)];

/// Which kind of body the fields are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Names and texts are percent-encoded.
    Form,
    /// Names and texts stay, and parts have media types.
    Multipart,
}

impl Target {
    fn encode(self, reserved: bool) -> Encode {
        match self {
            Self::Form if reserved => Encode::ReservedInQuery,
            Self::Form => Encode::Strict,
            Self::Multipart => Encode::Plain,
        }
    }
}

/// The fields that the arguments give, in document order. In a form, names and texts are encoded piece by piece,
/// since the delimiters between the pieces must stay as they are.
pub(super) fn fields(
    shape: &BodyShape,
    arguments: &Object,
    target: Target,
    mut names: Names<'_>,
) -> Result<Vec<Field>, RequestError> {
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
                add(name, additional, value, plain)?;
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

fn field(
    name: &str,
    argument: &str,
    value: &Value,
    BodyField { part, headers, .. }: &BodyField,
    target: Target,
) -> Result<Vec<Field>, RequestError> {
    let enc = target.encode(matches!(part, PartEncoding::Reserved(..)));
    let text = |value: &str, content_type| Field::Text {
        name: enc.text(name),
        text: enc.text(value),
        content_type,
        headers,
    };
    // Objects without a media type of their own are JSON, and say so (OpenAPI 3.2 §4.15.1).
    let one = |value: &Value, content_type: Option<&'static str>| {
        let structured = value.is_object() || value.is_array();
        text(
            &scalar(value),
            content_type.or(structured.then_some("application/json")),
        )
    };
    let file = |value: &Value, content_type: Option<&str>| {
        let mut upload = upload(argument, value)?;
        if upload.content_type.is_none() {
            upload.content_type = Some(media::choose(content_type, &upload.filename));
        }
        Ok(Field::File {
            name: enc.text(name),
            upload,
            headers,
        })
    };
    let files = |content_type| match value {
        Value::Array(items) => items.iter().map(|item| file(item, content_type)).collect(),
        value => Ok(vec![file(value, content_type)?]),
    };
    let base64 = |value: &Value, list: &str| {
        let (filename, content_type, text) = if value.is_object() {
            let Upload {
                filename,
                content_type,
                data,
            } = upload(argument, value)?;
            let list = (!list.is_empty()).then_some(list);
            let content_type = content_type.unwrap_or_else(|| media::choose(list, &filename));
            (Some(filename), content_type, encoded(&data))
        } else {
            let text = scalar(value);
            if !is_base64(&text) {
                return Err(RequestError::new(
                    argument,
                    "is not valid base64 (RFC 4648 §4); encode it, or give {\"filename\": \"a.txt\", \"text\": \"…\"}",
                ));
            }
            (None, media::first(list).to_owned(), text)
        };
        Ok(Field::Base64 {
            name: enc.text(name),
            filename,
            content_type,
            text,
            headers,
        })
    };
    let repeated = |content_type| match value {
        Value::Array(items) => items.iter().map(|item| one(item, content_type)).collect(),
        value => vec![one(value, content_type)],
    };
    let any = |value: &Value| {
        if is_file(value) {
            file(value, None)
        } else {
            Ok(one(value, None))
        }
    };
    match *part {
        PartEncoding::Any => match value {
            Value::Array(items) => items.iter().map(any).collect(),
            value => Ok(vec![any(value)?]),
        },
        PartEncoding::Json(content_type) => Ok(vec![text(&exact::text(value), Some(content_type))]),
        PartEncoding::Base64(list) => match value {
            Value::Array(items) => items.iter().map(|item| base64(item, list)).collect(),
            value => Ok(vec![base64(value, list)?]),
        },
        PartEncoding::File => files(None),
        PartEncoding::FileOf(content_type) => files(Some(content_type)),
        PartEncoding::Styled(style, explode) | PartEncoding::Reserved(style, explode) => {
            let pairs = style::pairs(style, explode, name, value, enc)
                .map_err(|clash| RequestError::new(argument, clash.told()))?;
            Ok(pairs
                .into_iter()
                .map(|(name, text)| Field::Text {
                    name,
                    text,
                    content_type: None,
                    headers,
                })
                .collect())
        }
        PartEncoding::Plain => Ok(repeated(None)),
        PartEncoding::Typed(content_type) => Ok(repeated(Some(content_type))),
    }
}

/// `application/x-www-form-urlencoded`; blanks go as `%20`, which every decoder reads.
pub(super) fn encode(
    shape: &BodyShape,
    arguments: &Object,
    names: Names<'_>,
) -> Result<Vec<u8>, RequestError> {
    let pairs: Vec<String> = fields(shape, arguments, Target::Form, names)?
        .into_iter()
        .map(|field| match field {
            Field::Text { name, text, .. } => format!("{name}={text}"),
            Field::Base64 { name, text, .. } => format!("{name}={}", Encode::Strict.text(&text)),
            Field::File { name, upload, .. } => format!("{name}={}", bytes(&upload.data)),
        })
        .collect();
    Ok(pairs.join("&").into_bytes())
}

fn bytes(data: &[u8]) -> String {
    percent_encoding::percent_encode(data, percent_encoding::NON_ALPHANUMERIC).to_string()
}
