//! Operations that settings split: one tool for each value of a property of the body (behaviour A6).
//!
//! A part of an operation is lowered like any other, from a body schema of its own: the branch of the
//! union that the value means, or the schema itself where the property is an enum. [`crate::settings`]
//! then gives the property its value and takes it out of the arguments.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::body;
use super::configured::{ByOperation, named};
use super::schema::{Called, Shape, Shapes, called, property};
use crate::diagnostics::{Code, Pointer, Sink};
use crate::ir::Variant;
use crate::lock::Lock;
use crate::model::{Node, RawOperation};
use crate::names::{LONGEST, Named, Unique, is_tool_name, words};
use crate::settings::EXTENSION;
use crate::similar::most_alike;
use crate::text;

/// Into how many tools one operation is split at most.
const MOST: usize = 32;
/// Keywords of a union that its branches do not take over.
const OF_UNIONS: [&str; 7] = [
    "oneOf",
    "anyOf",
    "discriminator",
    "title",
    "description",
    "example",
    "examples",
];

/// A tool that is to be made: an operation, or part of one.
#[derive(Debug)]
pub(super) struct Planned<'a> {
    /// The operation.
    pub raw: RawOperation<'a>,
    /// Name of the tool.
    pub tool: String,
    /// The name that says what is done.
    pub natural: String,
    /// Which part of the operation it is.
    pub variant: Option<Variant>,
    /// Whether what there is to say of it was said of another part.
    pub repeats: bool,
}

/// The parts of an operation.
#[derive(Debug)]
pub(super) struct Parts(Vec<Part>);

#[derive(Debug)]
struct Part {
    variant: Variant,
    /// The operation object with the body of this part.
    operation: Value,
    /// Where it would stand. Its nodes are not those of the document.
    pointer: Pointer,
}

/// The parts of each operation; none for those that stay whole. `room`: how many tools more there may be.
pub(super) fn parts<'a>(
    operations: &[RawOperation<'a>],
    configured: &ByOperation,
    shapes: &Shapes<'a>,
    mut room: usize,
    sink: &mut Sink,
) -> Vec<Option<Parts>> {
    let mut all = Vec::with_capacity(operations.len());
    for raw in operations {
        let Some((property, place)) = configured.split(raw) else {
            all.push(None);
            continue;
        };
        let shown = text::line(property, 60);
        let found = of(raw, property, shapes).and_then(|parts| {
            room = room
                .checked_sub(parts.len())
                .ok_or_else(|| "there would be too many tools".to_owned())?;
            Ok(parts)
        });
        match found {
            Ok(parts) => all.push(Some(Parts(parts))),
            Err(reason) => {
                let message = format!("{} cannot be split by `{shown}`: {reason}", raw.label());
                sink.push(place.finding(Code::E0945, message).help(
                    "name a property of a JSON or form body that is an enum, or that tells the branches of \
                     a union apart",
                ));
                all.push(None);
            }
        }
    }
    all
}

/// Why a property tells no parts apart.
fn unknown(body: &Shape<'_>, property: &str) -> String {
    let names = || body.properties.keys().copied();
    if names().any(|name| name == property) || names().next().is_none() {
        return "that property is no enum, and tells no branches apart".to_owned();
    }
    match most_alike(property, names()) {
        Some(near) => format!("it has no such property, but `{}`", text::line(near, 60)),
        None => "it has no such property".to_owned(),
    }
}

fn of<'a>(
    raw: &RawOperation<'a>,
    property: &str,
    shapes: &Shapes<'a>,
) -> Result<Vec<Part>, String> {
    // What there is to say is said when the parts are lowered.
    let body = body::read(raw, "", shapes.resolver(), shapes, &mut Sink::default());
    let Some((body, schema)) = body.ok().flatten().and_then(|body| {
        let schema = body.schema.clone()?;
        Some((body, schema))
    }) else {
        return Err("it has no body with a schema".to_owned());
    };
    // `target.kind`, `/target/kind`, `records[].kind`: a name of the body itself may be written so, too.
    if property.contains(['.', '/', '[']) && !has_property(&body.shape, property, shapes) {
        return Err(
            "it stands inside of another property, and only one of the body itself says which record it is"
                .to_owned(),
        );
    }
    let found = values(&schema, &body.shape, property, shapes)?;
    match found.len() {
        0 => return Err(unknown(&body.shape, property)),
        1 => return Err("that property has but one value".to_owned()),
        2..=MOST => {}
        _ => return Err("that property has more than 32 values".to_owned()),
    }
    let above = raw.node.pointer.child(EXTENSION).child("split");
    let parts = found.into_iter().map(|(value, schema)| {
        let mut media = body.media.value.clone();
        if let Some(media) = media.as_object_mut() {
            media.insert("schema".to_owned(), schema);
        }
        let content: Map<String, Value> = [(body.media_type.clone(), media)].into_iter().collect();
        let told = body.description;
        let request = json!({"required": true, "content": content, "description": told});
        let mut operation = raw.node.value.clone();
        if let Some(operation) = operation.as_object_mut() {
            operation.insert("requestBody".to_owned(), request);
        }
        let variant = Variant {
            property: property.to_owned(),
            value,
        };
        Part {
            pointer: above.child(&variant.word()),
            variant,
            operation,
        }
    });
    Ok(parts.collect())
}

/// Whether the body, or a branch of it, has a property of this name.
fn has_property<'a>(shape: &Shape<'a>, name: &str, shapes: &Shapes<'a>) -> bool {
    let mut branches = shape.forms().iter();
    shape.properties.contains_key(name)
        || branches.any(|branch| shapes.of(branch).properties.contains_key(name))
}

/// The values of a property with the schema of the body that has each, in document order.
fn values<'a>(
    schema: &Node<'a>,
    shape: &Shape<'a>,
    name: &str,
    shapes: &Shapes<'a>,
) -> Result<Vec<(Value, Value)>, &'static str> {
    let of_property = |shape: &Shape<'a>| {
        let node = shape.properties.get(name)?;
        shapes.of_property(shape, name, node).values
    };
    if !shape.has_forms() {
        let values = of_property(shape).unwrap_or_default();
        let all = values
            .into_iter()
            .map(|value| (value.clone(), schema.value.clone()));
        return Ok(all.collect());
    }
    let listed = of_property(shape);
    let told = shape
        .discriminator
        .as_ref()
        .filter(|told| property(told) == Some(name))
        .map(|told| called(told, shape.forms(), listed.as_deref()));
    let around = shapes
        .resolver()
        .follow(schema.clone())
        .ok()
        .filter(|_| !shape.unions.is_empty())
        .map(|node| without_union(node.value))
        .filter(|around| around.as_object().is_some_and(|o| !o.is_empty()));
    let mut found: Vec<(Value, Value)> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    for (index, branch) in shape.forms().iter().enumerate() {
        let of_branch = shapes.of(branch);
        let names = match told.as_ref().and_then(|told| told.get(index)) {
            Some(Called::Named(names) | Called::Default(names)) => names
                .iter()
                .map(|name| Value::from(name.as_str()))
                .collect(),
            Some(Called::Implied(name)) => match of_property(&of_branch) {
                Some(values) => values.into_iter().cloned().collect(),
                None => vec![Value::from(name.as_str())],
            },
            Some(Called::Unknown) | None => of_property(&of_branch)
                .map(|values| values.into_iter().cloned().collect::<Vec<_>>())
                .unwrap_or_default(),
        };
        if names.is_empty() {
            return Err("a branch does not say which value it has");
        }
        for value in names {
            if !known.insert(value.to_string()) {
                return Err("two branches have the same value");
            }
            let mut all: Vec<Value> = around.iter().cloned().collect();
            all.push(reference(branch));
            if !of_branch.properties.contains_key(name) && !shape.properties.contains_key(name) {
                all.push(json!({"properties": {name: {"type": "string"}}}));
            }
            let schema = match all.len() {
                1 => all.swap_remove(0),
                _ => json!({"type": "object", "allOf": all}),
            };
            found.push((value, schema));
        }
    }
    Ok(found)
}

/// A branch, by name where it is a component, so that its type is the component's.
fn reference(branch: &Node<'_>) -> Value {
    let mut steps = branch.pointer.tokens();
    let is_component = steps.next().as_deref() == Some("components")
        && steps.next().as_deref() == Some("schemas")
        && steps.next().is_some()
        && steps.next().is_none();
    if is_component && branch.reference().is_none() {
        json!({"$ref": format!("#{}", branch.pointer.to_string().replace('%', "%25"))})
    } else {
        branch.value.clone()
    }
}

/// What stands beside the branches.
fn without_union(schema: &Value) -> Value {
    let members = schema.as_object().into_iter().flatten();
    let kept = members.filter(|(key, _)| !OF_UNIONS.contains(&key.as_str()));
    Value::Object(
        kept.map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    )
}

/// All tools, those of parts in place of their operations. Parts are named after the tool that their
/// operation would be: `create_note_for_lead`.
pub(super) fn planned<'a>(
    operations: Vec<RawOperation<'a>>,
    (tools, natural): (Vec<String>, Vec<String>),
    parts: &'a [Option<Parts>],
    lock: Option<&Lock>,
) -> Vec<Planned<'a>> {
    let mut unique = Unique::default();
    for (tool, parts) in tools.iter().zip(parts) {
        if parts.is_none() {
            unique.reserve(tool);
        }
    }
    let mut all = Vec::with_capacity(operations.len());
    let of_tools = tools.into_iter().zip(natural);
    for ((raw, (tool, natural)), parts) in operations.into_iter().zip(of_tools).zip(parts) {
        let Some(Parts(parts)) = parts else {
            all.push(Planned {
                raw,
                tool,
                natural,
                variant: None,
                repeats: false,
            });
            continue;
        };
        let labels: Vec<String> = parts.iter().map(|part| part.variant.label()).collect();
        let known: Vec<Named<'_>> = labels
            .iter()
            .map(|part| Named {
                part,
                ..named(&raw)
            })
            .collect();
        let locked = lock.map(|lock| lock.names(&known)).unwrap_or_default();
        let mut names: Vec<Option<String>> = vec![None; parts.len()];
        for (name, locked) in names.iter_mut().zip(locked) {
            *name = locked
                .filter(|name| is_tool_name(name, true) && unique.reserve(name))
                .map(str::to_owned);
        }
        for (index, (part, name)) in parts.iter().zip(names).enumerate() {
            all.push(Planned {
                raw: RawOperation {
                    node: Node {
                        value: &part.operation,
                        pointer: part.pointer.clone(),
                    },
                    ..raw.clone()
                },
                tool: name.unwrap_or_else(|| name_of(&tool, &part.variant, &mut unique)),
                natural: natural.clone(),
                variant: Some(part.variant.clone()),
                repeats: index > 0,
            });
        }
    }
    all
}

/// Last words of properties whose values are what is done.
const DEEDS: [&str; 6] = ["action", "command", "operation", "op", "transition", "verb"];

/// What a part does, where its property says that: its value is the verb of the tool then.
pub(super) fn deed(variant: &Variant) -> Option<String> {
    let property = words(&variant.property);
    let last = property.last()?;
    let deed = words(&variant.word()).join("_");
    (DEEDS.contains(&last.as_str()) && !deed.is_empty()).then_some(deed)
}

/// Room for a number that tells two names apart.
const NUMBER: usize = 3;

fn name_of(tool: &str, variant: &Variant, unique: &mut Unique) -> String {
    let word = words(&variant.word()).join("_");
    let end = if word.is_empty() {
        "_for_other".to_owned()
    } else {
        format!("_for_{word}")
    };
    // Both are ASCII. The value says more than the end of the operation's name, which all parts share.
    let end = end.get(..end.len().min(LONGEST / 2)).unwrap_or(&end);
    let room = LONGEST.saturating_sub(end.len());
    let start = tool.get(..tool.len().min(room)).unwrap_or(tool);
    let name = format!(
        "{}{}",
        start.trim_end_matches('_'),
        end.trim_end_matches('_')
    );
    let short = name
        .get(..name.len().min(LONGEST - NUMBER))
        .unwrap_or(&name);
    if unique.reserve(&name) {
        return name;
    }
    unique.take(short.trim_end_matches('_'), "_")
}
