//! Single fields of forms and parts of multipart bodies (OpenAPI 3.2 §4.15, encoding object).

use std::borrow::Cow;

use crate::json::{Object, Value, exact};
use crate::operation::{Body, BodyField, OperationDef, PartEncoding};

use super::encode::{Encode, scalar};
use super::file::{Upload, base64, encoded, is_file, upload};
use super::{RequestError, body, header, media, style};

/// A field that is ready to be written. In a form, name and data are percent-encoded.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) filename: Option<String>,
    /// Its media type, if it has one of its own.
    pub(super) content_type: Option<Cow<'static, str>>,
    /// Whether the data is base64 and says so.
    pub(super) is_base64: bool,
    pub(super) data: Vec<u8>,
    /// Header fields of its part.
    pub(super) headers: &'static [(&'static str, &'static str)],
    /// Those that arguments give.
    pub(super) given: Vec<(String, String)>,
}

/// Which kind of body the fields are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Names and texts are percent-encoded.
    Form,
    /// Names and texts stay, and parts have media types.
    Multipart,
}

/// Writes the fields of one property.
struct Writer<'a> {
    name: &'a str,
    argument: &'a str,
    enc: Encode,
    target: Target,
    headers: &'static [(&'static str, &'static str)],
}

/// The fields that a property gives.
pub(super) fn field(
    name: &str,
    argument: &str,
    value: &Value,
    BodyField { part, headers, .. }: &BodyField,
    target: Target,
) -> Result<Vec<Field>, RequestError> {
    let writer = Writer {
        name,
        argument,
        enc: match target {
            Target::Form if matches!(part, PartEncoding::Reserved(..)) => Encode::ReservedInQuery,
            Target::Form => Encode::Strict,
            Target::Multipart => Encode::Plain,
        },
        target,
        headers,
    };
    let each = |one: &dyn Fn(&Value) -> Result<Field, RequestError>| match value {
        Value::Array(items) => items.iter().map(one).collect(),
        value => Ok(vec![one(value)?]),
    };
    match *part {
        PartEncoding::Plain => each(&|value| writer.plain(value, None)),
        PartEncoding::Typed(content_type) => each(&|value| writer.plain(value, Some(content_type))),
        PartEncoding::Any => each(&|value| {
            if is_file(value) {
                writer.file(value, None)
            } else {
                writer.plain(value, None)
            }
        }),
        PartEncoding::Json(content_type) => {
            let text = exact::text(value);
            let text = match body::charset(content_type) {
                Some(_) => header::ascii(&text),
                None => text,
            };
            Ok(vec![writer.text(&text, Some(content_type))?])
        }
        PartEncoding::File => each(&|value| writer.file(value, None)),
        PartEncoding::FileOf(list) => each(&|value| writer.file(value, Some(list))),
        PartEncoding::Base64(list) => each(&|value| writer.base64(value, list)),
        PartEncoding::Each(body) => each(&|value| writer.body(value, body)),
        PartEncoding::Whole(body) => Ok(vec![writer.body(value, body)?]),
        PartEncoding::Styled(style, explode) | PartEncoding::Reserved(style, explode) => {
            let pairs = style::pairs(style, explode, name, value, writer.enc)
                .map_err(|clash| RequestError::new(argument, clash.told()))?;
            let written = pairs.into_iter().map(|(name, text)| Field {
                name,
                data: text.into_bytes(),
                ..writer.empty()
            });
            Ok(written.collect())
        }
    }
}

impl Writer<'_> {
    fn empty(&self) -> Field {
        Field {
            name: self.enc.text(self.name),
            filename: None,
            content_type: None,
            is_base64: false,
            data: Vec::new(),
            headers: self.headers,
            given: Vec::new(),
        }
    }

    /// In the charset of its media type, which a part says and a form does not.
    fn text(&self, text: &str, content_type: Option<&'static str>) -> Result<Field, RequestError> {
        let text = self.enc.text(text);
        let data = match content_type {
            Some(named) if self.target == Target::Multipart => {
                body::in_charset(named, self.argument, text)?
            }
            _ => text.into_bytes(),
        };
        Ok(Field {
            content_type: content_type.map(Cow::Borrowed),
            data,
            ..self.empty()
        })
    }

    /// Objects without a media type of their own are JSON, and say so (OpenAPI 3.2 §4.15.1).
    fn plain(
        &self,
        value: &Value,
        content_type: Option<&'static str>,
    ) -> Result<Field, RequestError> {
        let structured = value.is_object() || value.is_array();
        let content_type = content_type.or(structured.then_some("application/json"));
        self.text(&scalar(value), content_type)
    }

    fn file(&self, value: &Value, list: Option<&str>) -> Result<Field, RequestError> {
        let mut file: Upload<'_> = upload(self.argument, value)?;
        let filename = std::mem::take(&mut file.filename);
        let content_type = file.content_type.take();
        let content_type = content_type.unwrap_or_else(|| media::choose(list, &filename));
        let (content_type, data) = file.written(self.argument, content_type)?;
        Ok(Field {
            filename: Some(filename),
            content_type: Some(Cow::Owned(content_type)),
            ..self.bytes(data)
        })
    }

    /// Base64 text as it is, or the content of a file in base64.
    fn base64(&self, value: &Value, list: &'static str) -> Result<Field, RequestError> {
        if value.is_object() {
            let list = (!list.is_empty()).then_some(list);
            let file = self.file(value, list)?;
            return Ok(Field {
                is_base64: true,
                data: encoded(&file.data).into_bytes(),
                ..file
            });
        }
        let text = base64(self.argument, &scalar(value))?;
        Ok(Field {
            is_base64: true,
            ..self.text(&text, Some(media::first(list)))?
        })
    }

    /// A value that is written as a body of its own.
    fn body(&self, value: &Value, body: &'static Body) -> Result<Field, RequestError> {
        let operation = OperationDef {
            body: Some(*body),
            ..OperationDef::DEFAULT
        };
        let arguments = Object::from_iter([(String::new(), value.clone())]);
        let written = body::body(&operation, &arguments)
            .map_err(|error| RequestError::new(self.argument, error.message))?;
        let Some(written) = written else {
            return Ok(self.empty());
        };
        Ok(Field {
            content_type: Some(Cow::Owned(written.content_type)),
            ..self.bytes(written.bytes)
        })
    }

    fn bytes(&self, data: Vec<u8>) -> Field {
        let data = match self.target {
            Target::Form => {
                percent_encoding::percent_encode(&data, percent_encoding::NON_ALPHANUMERIC)
                    .to_string()
                    .into_bytes()
            }
            Target::Multipart => data,
        };
        Field {
            data,
            ..self.empty()
        }
    }
}
