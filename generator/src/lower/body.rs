//! Request bodies (OpenAPI 3.2 §4.13 to §4.15): which media type is used, and which arguments make
//! it up. The properties of an object body become arguments of their own; any other body is one
//! argument.

use super::evident;
use super::media::{self, Family};
use super::parameters::wrong_kind;
use super::schema::input::Nulls;
use super::schema::{Additional, Shape, Shapes, Types};
use super::transfer::Transfer;
use super::xml;
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::ir::Xml;
use crate::model::{Node, RawOperation, Resolver};
use crate::text;

/// End of the media types whose content is a JSON Merge Patch (RFC 7396 §4), with a vendor's own before it.
const MERGE_PATCH: &str = "merge-patch+json";

/// What a model reads about such a body.
pub const TOLD_PATCH: &str = "`null` removes a field; one that is left out stays as it is.";

/// A body, read but not yet arguments.
#[derive(Debug)]
pub struct RawBody<'a> {
    /// `Content-Type`.
    pub media_type: String,
    /// `json`, `lines`, `sequence`, `form`, `multipart`, `xml`, `text`, `bytes` or `base64`.
    pub encoding: &'static str,
    /// The root element, if it is XML whose schema says how it is written.
    pub xml: Option<Xml>,
    /// Whether one must be sent.
    pub required: bool,
    /// Description of the body.
    pub description: Option<&'a str>,
    /// Its schema, if it has one.
    pub schema: Option<Node<'a>>,
    /// The shape of the schema.
    pub shape: Shape<'a>,
    /// Whether its properties become arguments.
    pub lifted: bool,
    /// Whether further properties are allowed by an explicit word.
    pub open: bool,
    /// The media type object.
    pub media: Node<'a>,
    /// Properties that were taken out, since they are credentials.
    pub credentials: Vec<&'a str>,
}

impl<'a> RawBody<'a> {
    /// What the operation says of its body, for one that is no argument that could carry it. A
    /// component's own description says what a type is, not what this operation does with it.
    pub fn said(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let component = self.shape.definition.as_ref();
        let of_component = component.and_then(|c| c.str("description"));
        let of_schema = self.shape.description.filter(|d| Some(*d) != of_component);
        self.description.into_iter().chain(of_schema)
    }

    /// Its properties that are true or false, and whether they are true where they are left out.
    pub fn switches(&self, shapes: &Shapes<'a>) -> Vec<(&'a str, bool)> {
        let all = self.shape.properties.iter();
        let shapes = all.map(|(name, node)| (*name, shapes.of(node)));
        let switches = shapes.filter(|(_, shape)| shape.types == Types::BOOLEAN);
        let is_on = |shape: &Shape<'_>| shape.default.as_ref().is_some_and(|on| *on.value == true);
        switches
            .map(|(name, shape)| (name, is_on(&shape)))
            .collect()
    }

    /// A body of which nothing is known but that there is one.
    fn any(entry: Node<'a>) -> Self {
        Self {
            media_type: "application/json".to_owned(),
            encoding: "json",
            xml: None,
            required: false,
            description: None,
            schema: None,
            shape: Shape::default(),
            lifted: false,
            open: false,
            media: entry,
            credentials: Vec::new(),
        }
    }

    /// What null means in it: in a merge patch, any member can be removed by it (RFC 7396).
    pub fn nulls(&self) -> Nulls {
        let essence = self.media_type.split(';').next().unwrap_or_default();
        let patch = essence.trim().to_ascii_lowercase();
        if self.encoding == "json" && patch.ends_with(MERGE_PATCH) {
            Nulls::Remove
        } else {
            Nulls::Declared
        }
    }
}

/// Reads the body of an operation, whose tool has this name; `None` if it has none.
///
/// # Errors
/// When it has one that cannot be read: the reason, after a diagnostic.
pub fn read<'a>(
    raw: &RawOperation<'a>,
    tool: &str,
    resolver: Resolver<'a>,
    shapes: &Shapes<'a>,
    sink: &mut Sink,
) -> Result<Option<RawBody<'a>>, String> {
    let Some(node) = raw.node.get("requestBody") else {
        return Ok(None);
    };
    let entry = node.clone();
    let node = match resolver.follow(node) {
        Ok(node) => node,
        Err(error) => {
            let finding = error.diagnostic(resolver);
            sink.push(finding.note("the tool takes any value as the body, sent as JSON"));
            return Ok(Some(RawBody::any(entry)));
        }
    };
    if let Some(target) = entry.reference()
        && node.get("content").is_none()
    {
        let finding = wrong_kind(&entry, target, "a request body");
        let reason = format!("its request body cannot be read: {}", finding.message);
        sink.push(finding);
        return Err(reason);
    }
    if node.object().is_none() && !node.value.is_null() {
        let reason = "its request body is not an object";
        let message = format!("{} is left out: {reason}", raw.label());
        sink.push(
            Diagnostic::new(Code::E0405, message)
                .at(&node.pointer)
                .help("write `requestBody: { content: { … } }`, or remove it"),
        );
        return Err(reason.to_owned());
    }
    // Many programs write null for what is not there; where a body is what a method is for, it may be
    // one that was lost (RFC 9110 §9.3).
    let expects_body = !matches!(raw.method.as_str(), "GET" | "HEAD" | "DELETE" | "OPTIONS");
    if node.value.is_null() && expects_body {
        let message = format!("the request body of {} is null", raw.label());
        sink.push(
            Diagnostic::new(Code::E0221, message)
                .at_key(&node.pointer)
                .note("requests are sent without a body")
                .help("write what belongs below `requestBody`, further indented, or remove it"),
        );
    }
    let media = media::entries(&node, resolver, sink);
    if media.is_empty() && node.object().is_some() {
        let message = format!("the request body of {} has no content", raw.label());
        sink.push(
            Diagnostic::new(Code::E0216, message)
                .at(&node.pointer)
                .note("requests are sent without a body")
                .help("add `content: { application/json: { schema: { … } } }`, or remove it"),
        );
    }
    let (mut media, unusable): (Vec<_>, Vec<_>) = media
        .into_iter()
        .partition(|(name, entry)| is_media_type(name) && entry.object().is_some());
    // What is no object was said already.
    for (name, entry) in unusable.iter().filter(|(name, _)| !is_media_type(name)) {
        let message = format!("`{}` is not a media type", text::line(name, 60));
        let finding = Diagnostic::new(Code::E0406, message)
            .at_key(&entry.pointer)
            .help("write a media type such as `application/json`");
        sink.push(if media.is_empty() {
            finding.note("requests are sent without a body")
        } else {
            finding
        });
    }
    media.sort_by_key(|(name, _)| Family::of(name));
    let mut media = media.into_iter();
    let Some((name, entry)) = media.next() else {
        return Ok(None);
    };
    let unused: Vec<String> = media.map(|(name, _)| text::line(name, 60)).collect();
    if !unused.is_empty() {
        sink.push(
            Diagnostic::new(
                Code::E0415,
                format!(
                    "the body is sent as `{}`, not as {}",
                    text::line(name, 60),
                    unused.join(", ")
                ),
            )
            .at_key(&entry.pointer),
        );
    }
    let mut encoding = encoding_of(Family::of(name));
    let schema = entry.get("schema");
    let shape = schema.as_ref().map(|s| shapes.of(s)).unwrap_or_default();
    if let Some(sequence) = media::sequence_of(name)
        && (schema.is_none() && entry.get("itemSchema").is_some() || shape.is_array())
    {
        encoding = sequence;
    }
    // Under a range, only the schema says that the content is bytes; the caller says of which type.
    let is_range_of_bytes = Family::of(name) == Family::Any && shape.is_binary();
    if is_range_of_bytes {
        encoding = "bytes";
    }
    // A text that is encoded stays so: a body is no other than a part, but for the header field.
    if encoding == "bytes" {
        encoding = match Transfer::of(&shape, None, shapes) {
            Some(Transfer::Base64) => "base64",
            Some(Transfer::Other(_)) => "text",
            None => "bytes",
        };
    }
    let mut xml = None;
    if encoding == "xml" {
        xml = schema.as_ref().and_then(|s| xml::root(shapes, resolver, s));
        if xml.is_none() {
            encoding = "text";
            if !shape.is_anything() && shape.types.names() != ["string"] {
                sink.push(
                    Diagnostic::new(
                        Code::E0440,
                        "the schema does not say how this is written as XML; the body is text",
                    )
                    .at_key(&entry.pointer)
                    .help("give the schema an `xml` object with a `name`"),
                );
            }
        }
    }
    // A GET body without content is a framework's habit, not something to send.
    let is_sequence = matches!(encoding, "lines" | "sequence");
    if matches!(raw.method.as_str(), "GET" | "HEAD") && shape.is_anything() && !is_sequence {
        return Ok(None);
    }
    let structured = matches!(encoding, "json" | "form" | "multipart" | "xml");
    let lifted = structured
        && shape.is_object()
        && !shape.properties.is_empty()
        && !shape.has_forms()
        && !shape.nullable;
    let open = matches!(shape.additional, Additional::Any | Additional::Schema(_));
    let media_type = match name.trim() {
        "*/*" | "application/*" if !is_range_of_bytes => "application/json".to_owned(),
        "text/*" => "text/plain".to_owned(),
        "multipart/*" => "multipart/form-data".to_owned(),
        other => text::line(other, 120),
    };
    let body = RawBody {
        media_type,
        encoding,
        xml,
        required: evident::is_required(&node, raw, tool, &shape, sink),
        description: node.str("description"),
        schema,
        shape,
        lifted,
        open,
        media: entry,
        credentials: Vec::new(),
    };
    body.check_encodings(shapes, sink);
    Ok(Some(body))
}

/// How a body of a media type is written.
fn encoding_of(family: Family) -> &'static str {
    match family {
        Family::Json | Family::LikeJson | Family::Any => "json",
        Family::Form => "form",
        Family::Multipart | Family::OtherMultipart => "multipart",
        Family::Xml => "xml",
        Family::Text => "text",
        Family::Bytes => "bytes",
    }
}

fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim();
    text.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
        && essence
            .split_once('/')
            .is_some_and(|(a, b)| !a.is_empty() && !b.is_empty() && !b.contains('/'))
}
