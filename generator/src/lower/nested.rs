//! Parts and fields that are bodies of their own: XML, forms and multipart bodies inside of others (OpenAPI
//! 3.2 §4.15.3, nested encoding; 3.0 and 3.1 §4.8.15 for XML).

use super::arguments::Of;
use super::body::RawBody;
use super::media::Family;
use super::part_headers::Headers;
use super::schema::{Shape, Shapes};
use super::xml;
use crate::diagnostics::Pointer;
use crate::ir;
use crate::model::Node;

/// Schemas in whose place something else is asked for, wherever they stand in an argument.
pub(super) type Asked = Vec<(Pointer, ir::PartEncoding)>;

/// Encoding objects within others that are followed. The standard asks for one level.
const DEEPEST: usize = 8;

/// One value that is to be written as a body.
pub(super) struct Value<'n, 'a> {
    /// Its media type.
    pub(super) content_type: &'n str,
    /// What says how its own parts are written.
    pub(super) encoding: Option<&'n Node<'a>>,
    /// Its schema.
    pub(super) schema: &'n Node<'a>,
    /// The name that its schema has from the property that it describes.
    pub(super) name: Option<&'n str>,
}

impl<'a> Value<'_, 'a> {
    /// The body; `None` for a media type that is not written from values, or values that have no form in it.
    pub(super) fn body(&self, shapes: &Shapes<'a>, asked: &mut Asked) -> Option<ir::Body> {
        let shape = shapes.of(self.schema);
        match Family::of(self.content_type) {
            Family::Xml => {
                let root = xml::root_of(shapes, shapes.resolver(), self.schema, self.name)?;
                Some(self.written("xml", Some(root), whole()))
            }
            Family::Form if !shape.is_scalar() && !shape.is_array() => {
                self.form("form", Some(self.schema.clone()), shape, shapes, asked)
            }
            Family::Multipart | Family::OtherMultipart if shape.is_object() || shape.is_array() => {
                self.form("multipart", Some(self.schema.clone()), shape, shapes, asked)
            }
            _ => None,
        }
    }

    fn form(
        &self,
        kind: &'static str,
        schema: Option<Node<'a>>,
        shape: Shape<'a>,
        shapes: &Shapes<'a>,
        asked: &mut Asked,
    ) -> Option<ir::Body> {
        let media = self.encoding.cloned().unwrap_or_else(nothing);
        let level = media.pointer.tokens().filter(|step| is_nesting(step));
        if level.count() > DEEPEST {
            return None;
        }
        let raw = RawBody {
            media_type: self.content_type.to_owned(),
            encoding: kind,
            xml: None,
            required: true,
            description: None,
            schema,
            shape,
            lifted: false,
            open: false,
            media,
            credentials: Vec::new(),
        };
        let Some(form) = raw.whole_form("", shapes.resolver(), shapes) else {
            return Some(self.written(kind, None, whole()));
        };
        // A list without names for its parts would have to be given as something else.
        if form.of != Of::Whole {
            return None;
        }
        let free = form.free.into_iter();
        let free = free.map(|(_, header, node)| (header, node)).collect();
        let headers = Headers {
            free,
            ..Headers::default()
        };
        headers.refuse_free(shapes);
        asked.extend(form.encoded);
        asked.extend(form.nested);
        Some(self.written(kind, None, form.shape))
    }

    fn written(
        &self,
        encoding: &'static str,
        xml: Option<ir::Xml>,
        shape: ir::BodyShape,
    ) -> ir::Body {
        ir::Body {
            media_type: self.content_type.to_owned(),
            encoding,
            xml,
            shape,
            further: ir::PartEncoding::Plain,
            required: true,
        }
    }
}

/// The members of a query string that are not sent plainly (OpenAPI 3.2 §4.12.6, `in: querystring`).
pub(super) fn members<'a>(
    media_type: &str,
    media: &Node<'a>,
    schema: &Node<'a>,
    shapes: &Shapes<'a>,
) -> (Vec<ir::BodyField>, Asked) {
    let value = Value {
        content_type: media_type,
        encoding: Some(media),
        schema,
        name: None,
    };
    let mut asked = Vec::new();
    match value.body(shapes, &mut asked).map(|body| body.shape) {
        Some(ir::BodyShape::Members(_, mut fields, _)) => {
            fields.retain(|field| field.part != ir::PartEncoding::Plain);
            (fields, asked)
        }
        _ => (Vec::new(), asked),
    }
}

/// The value itself, without a description of its members.
fn whole() -> ir::BodyShape {
    ir::BodyShape::Whole(String::new())
}

/// An encoding object that says nothing.
fn nothing<'a>() -> Node<'a> {
    Node::root(&serde_json::Value::Null)
}

fn is_nesting(step: &str) -> bool {
    matches!(step, "encoding" | "prefixEncoding" | "itemEncoding")
}
