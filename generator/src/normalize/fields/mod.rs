//! The fixed fields of the objects around schemas (OpenAPI 3.2 §4): a value of another kind than the
//! standard's is mended where what is meant is plain, and taken out where not. Either is said, so that
//! nothing of a document is lost without a word.
//!
//! | file | subject |
//! |---|---|
//! | `table.rs` | every object and its fields |
//! | `content.rs` | schemas that stand directly in media types and request bodies |
//! | `reference.rs` | what references lead to |
//! | `parameter.rs` | what fields of a parameter say together |
//! | `responses.rs` | status codes as keys of responses |
//! | `server.rs` | variables of servers |
//! | `tags.rs` | tags within tags |

mod content;
mod parameter;
mod reference;
mod responses;
mod server;
mod table;
mod tags;

use serde_json::{Map, Value};

use super::misspelt::{Looks, Meant, Owner};
use super::{behind, misspelt};
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink, Site};
use crate::path_item::is_lost_operation;
use crate::text;

pub(super) use parameter::{misspelt_place, place_meant};
pub(super) use reference::{is_no_schema, is_unknown};

type Object = Map<String, Value>;

/// An object of the standard.
pub(super) struct Shape {
    /// What messages call it.
    name: &'static str,
    fields: &'static [(&'static str, Kind)],
    /// What a reference in its place has to lead to, if nothing else says so.
    referred: Option<reference::Referred>,
    /// Whether members of other names are data, or looked at elsewhere.
    open: bool,
    /// What its fields say together, once each is what it should be.
    together: Option<fn(&mut Object, &Site<'_>, &mut Sink)>,
}

/// What the value of a field is.
#[derive(Clone, Copy)]
enum Kind {
    /// Anything, or what other stages look at.
    Any,
    /// Text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A list of texts.
    Texts,
    /// An object.
    One(&'static Shape),
    /// A list of objects.
    List(&'static Shape),
    /// A list of objects; where it is none, what needs it says so.
    Parameters(&'static Shape),
    /// Objects by name.
    Map(&'static Shape),
    /// Objects by name, of which null is an empty one: it says that there is something.
    Filled(&'static Shape),
    /// Objects by name; where one is none, what needs it says so.
    Named(&'static Shape),
    /// The same, but it is an object or is said to be none by what needs it.
    Needed(&'static Shape),
}

/// What is found on the way.
pub(super) struct Found<'f> {
    pub(super) sink: &'f mut Sink,
    /// Nodes that became elements of a list: where they are now, and where they stood.
    pub(super) moved: &'f mut Vec<(Pointer, Pointer)>,
}

/// Looks at the whole document, and at what stands where no field leads to.
pub(super) fn document(
    document: &mut Value,
    strays: &[(behind::Kind, Pointer)],
    to: &mut Found<'_>,
) {
    visit(document, &table::ROOT, &Site::ROOT, to);
    for (kind, pointer) in strays {
        let shape = match kind {
            behind::Kind::PathItem => &table::PATH_ITEM,
            behind::Kind::Operation => &table::OPERATION,
            behind::Kind::Parameter => &table::PARAMETER,
            behind::Kind::RequestBody => &table::REQUEST_BODY,
            behind::Kind::Response => &table::RESPONSE,
            behind::Kind::Header => &table::HEADER,
        };
        let tokens = behind::tokens(pointer);
        behind::descend(document, &tokens, &Site::ROOT, &mut |value, site| {
            visit(value, shape, site, to);
        });
    }
}

/// Looks at the objects in a schema that are no schemas. Where they hold what they cannot, it is mended as
/// elsewhere.
pub(super) fn in_schema(schema: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    for (keyword, shape) in [
        ("xml", &table::XML),
        ("discriminator", &table::DISCRIMINATOR),
    ] {
        if let Some(value) = schema.get_mut(keyword) {
            let moved = &mut Vec::new();
            visit(
                value,
                shape,
                &site.member(keyword),
                &mut Found { sink, moved },
            );
        }
    }
}

fn visit(value: &mut Value, shape: &'static Shape, site: &Site<'_>, to: &mut Found<'_>) {
    let Value::Object(members) = value else {
        return;
    };
    content::gather(members, shape, site, to);
    let mut gone = Vec::new();
    let mut unknown = Vec::new();
    for (name, value) in members.iter_mut() {
        let site = site.member(name);
        if name == "$ref" && !value.is_string() {
            wrong(shape, "$ref", "a text", value, &site, to.sink);
            gone.push(name.clone());
            continue;
        }
        let kind = shape.fields.iter().find(|(known, _)| known == name);
        if kind.is_none() && !shape.open && name != "$ref" {
            let meant = meant(name, value, shape);
            let lost = std::ptr::eq(shape, &table::PATH_ITEM) && is_lost_operation(name, value);
            if meant.is_some() || lost {
                unknown.push((name.clone(), meant, lost));
            }
        }
        if let Some((name, kind)) = kind
            && !field(value, *kind, (shape, name), &site, to)
        {
            gone.push((*name).to_owned());
        }
    }
    for name in gone {
        members.shift_remove(&name);
    }
    // What stands beside a reference is not read anyway, but for paths.
    let owner = Owner {
        name: shape.name,
        is_open: false,
    };
    for (name, meant, lost) in unknown {
        let finding =
            meant.and_then(|meant| misspelt::finding(members, (&name, meant), owner, site));
        to.sink
            .extend(finding.or_else(|| lost.then(|| unknown_method(&name, site))));
    }
    reference::check(members, shape, site, to.sink);
    if let Some(together) = shape.together
        && !members.contains_key("$ref")
    {
        together(members, site, to.sink);
    }
}

/// An operation in a field of a path that no method has.
fn unknown_method(name: &str, site: &Site<'_>) -> Diagnostic {
    let name_shown = text::line(name, 60);
    let message = format!("`{name_shown}` is no field of a path; the operation in it is left out");
    Diagnostic::new(Code::E0405, message)
        .at_key(&site.member(name).pointer())
        .help(
            "write the method that is meant; one without a field of its own belongs into \
             `additionalOperations`",
        )
}

/// The field that an unknown one is meant to be. A reference is no field that tables name.
fn meant(name: &str, value: &Value, shape: &'static Shape) -> Option<Meant> {
    let fields = shape
        .fields
        .iter()
        .map(|(name, kind)| (*name, kind.looks()));
    misspelt::meant(name, value, fields.chain([("$ref", Looks::Text)]))
}

impl Kind {
    /// What a value looks like that this could be.
    const fn looks(self) -> Looks {
        match self {
            Self::Any => Looks::Anything,
            Self::Text => Looks::Text,
            Self::Flag => Looks::Flag,
            Self::Texts => Looks::Texts,
            Self::List(_) | Self::Parameters(_) => Looks::Several,
            Self::One(_) | Self::Map(_) | Self::Filled(_) | Self::Named(_) | Self::Needed(_) => {
                Looks::Object
            }
        }
    }
}

/// Mends a field. `false`: it says nothing, and is to be taken out.
fn field(
    value: &mut Value,
    kind: Kind,
    (owner, name): (&'static Shape, &'static str),
    site: &Site<'_>,
    to: &mut Found<'_>,
) -> bool {
    if matches!(kind, Kind::Any) {
        return true;
    }
    // What is null is not there: many programs write fields so that they leave out.
    if value.is_null() {
        return matches!(kind, Kind::Parameters(_) | Kind::Needed(_) | Kind::Named(_));
    }
    let wrong = |expected: &str, value: &Value, sink: &mut Sink| {
        wrong(owner, name, expected, value, site, sink);
        false
    };
    match (kind, &mut *value) {
        (Kind::Any, _) => true,
        (Kind::Text, Value::String(_)) | (Kind::Flag, Value::Bool(_)) => true,
        (Kind::Text, Value::Number(_) | Value::Bool(_)) => {
            let text = value.to_string();
            *value = Value::String(text);
            true
        }
        (Kind::Text, _) => wrong("a text", value, to.sink),
        (Kind::Flag, _) => {
            flag(value, name, site, to.sink) || wrong("true or false", value, to.sink)
        }
        (Kind::Texts, Value::Array(_)) => texts(value, (owner, name), site, to.sink),
        (Kind::Texts, Value::String(_)) => {
            let message = format!(
                "`{name}` of {} is a text; read as a list of one",
                owner.name
            );
            to.sink
                .push(Diagnostic::new(Code::E0212, message).at(&site.pointer()));
            *value = Value::Array(vec![value.take()]);
            true
        }
        (Kind::Texts, _) => wrong("a list of texts", value, to.sink),
        (Kind::One(shape) | Kind::Needed(shape), Value::Object(_)) => {
            visit(value, shape, site, to);
            true
        }
        (Kind::Needed(_), _) => true,
        (Kind::One(_), _) => wrong("an object", value, to.sink),
        (Kind::List(shape) | Kind::Parameters(shape), Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                let site = site.element(index);
                if !item.is_object() && matches!(kind, Kind::List(_)) {
                    let what = format!("an element of `{name}`");
                    not_an_object(&what, item, &site, to.sink);
                }
                visit(item, shape, &site, to);
            }
            true
        }
        (Kind::List(shape) | Kind::Parameters(shape), Value::Object(members)) => {
            let message = format!(
                "`{name}` of {} is an object; read as the list of what is in it",
                owner.name
            );
            let finding = Diagnostic::new(Code::E0212, message).at_key(&site.pointer());
            to.sink
                .push(finding.help(format!("write a list: `{name}:` with `- ` before each")));
            let (list, before) = listed(std::mem::take(members), shape, site);
            *value = list;
            for (index, before) in before.into_iter().enumerate() {
                to.moved.push((site.element(index).pointer(), before));
            }
            for (index, item) in value.as_array_mut().into_iter().flatten().enumerate() {
                visit(item, shape, &site.element(index), to);
            }
            true
        }
        (Kind::Parameters(_), _) => true,
        (Kind::List(_), _) => wrong("a list", value, to.sink),
        (Kind::Map(shape) | Kind::Named(shape) | Kind::Filled(shape), Value::Object(members)) => {
            let extensible = has_extensions(owner, name);
            let named = |key: &str| !extensible || !key.starts_with("x-");
            for (key, member) in members.iter_mut().filter(|(key, _)| named(key)) {
                let site = site.member(key);
                if member.is_null() && matches!(kind, Kind::Filled(_)) {
                    let what = format!("`{}` of `{name}`", text::line(key, 60));
                    let message = format!("{what} is null; read as an empty object");
                    let finding = Diagnostic::new(Code::E0221, message).at_key(&site.pointer());
                    to.sink.push(
                        finding.help("write what belongs below it, further indented, or remove it"),
                    );
                    *member = Value::Object(Object::new());
                }
                if !member.is_object() && !member.is_null() && !matches!(kind, Kind::Named(_)) {
                    let what = format!("`{}` of `{name}`", text::line(key, 60));
                    not_an_object(&what, member, &site, to.sink);
                }
                visit(member, shape, &site, to);
            }
            true
        }
        (Kind::Map(_) | Kind::Named(_) | Kind::Filled(_), _) => wrong("an object", value, to.sink),
    }
}

/// Whether members of a field may be extensions, which Paths and Responses Objects have. In every other
/// field members are names that an author gave, `x-` or not (OpenAPI 3.2 §4.7).
fn has_extensions(owner: &'static Shape, field: &str) -> bool {
    [(&table::ROOT, "paths"), (&table::OPERATION, "responses")]
        .iter()
        .any(|(holder, name)| std::ptr::eq(owner, *holder) && field == *name)
}

/// Reads `"true"` as `true`.
pub(super) fn flag(value: &mut Value, name: &str, site: &Site<'_>, sink: &mut Sink) -> bool {
    let Value::String(written) = &*value else {
        return false;
    };
    let meant = match written.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => true,
        "false" | "no" | "off" => false,
        _ => return false,
    };
    let message = format!(
        "`{name}` is the text `{}`; read as `{meant}`",
        text::line(written, 20)
    );
    let finding = Diagnostic::new(Code::E0211, message).at(&site.pointer());
    sink.push(finding.help(format!("write `{name}: {meant}`, without quotes")));
    *value = Value::Bool(meant);
    true
}

/// Makes texts of what stands in a list of texts.
fn texts(
    value: &mut Value,
    (owner, name): (&'static Shape, &'static str),
    site: &Site<'_>,
    sink: &mut Sink,
) -> bool {
    for (index, item) in value.as_array_mut().into_iter().flatten().enumerate() {
        match item {
            Value::String(_) | Value::Null => {}
            Value::Number(_) | Value::Bool(_) => *item = Value::String(item.to_string()),
            _ => wrong(
                owner,
                name,
                "a list of texts",
                item,
                &site.element(index),
                sink,
            ),
        }
    }
    true
}

/// What an object in place of a list is meant to be: one element, or elements by name; and where each of
/// them stands.
fn listed(members: Object, shape: &'static Shape, site: &Site<'_>) -> (Value, Vec<Pointer>) {
    let is_one = members
        .iter()
        .any(|(key, value)| !value.is_object() && shape.fields.iter().any(|(name, _)| name == key));
    if is_one {
        let one = Value::Array(vec![Value::Object(members)]);
        return (one, vec![site.pointer()]);
    }
    let before = members.keys().map(|key| site.member(key).pointer());
    let before = before.collect();
    let elements = members.into_iter().map(|(key, mut value)| {
        if let Value::Object(element) = &mut value
            && !element.contains_key("$ref")
            && shape.fields.iter().any(|(name, _)| *name == "name")
        {
            element.entry("name").or_insert(Value::String(key));
        }
        value
    });
    (Value::Array(elements.collect()), before)
}

fn wrong(
    owner: &Shape,
    name: &str,
    expected: &str,
    value: &Value,
    site: &Site<'_>,
    sink: &mut Sink,
) {
    let message = format!(
        "`{name}` of {} is {}, not {expected}; ignored",
        owner.name,
        kind_of(value)
    );
    let finding = Diagnostic::new(Code::E0210, message).at(&site.pointer());
    sink.push(finding.help(format!("write {expected}, or remove it")));
}

fn not_an_object(what: &str, value: &Value, site: &Site<'_>, sink: &mut Sink) {
    let message = format!("{what} is {}, not an object; ignored", kind_of(value));
    let finding = Diagnostic::new(Code::E0210, message).at(&site.pointer());
    sink.push(finding.help("write an object, or remove it"));
}

/// What a value is, in words.
pub(super) const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests;
