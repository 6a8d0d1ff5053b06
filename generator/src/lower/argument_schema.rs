//! The schema of all arguments of a tool: small enough, described, with examples that fit.

use indexmap::IndexSet;
use serde_json::{Map, Value, json};

use super::arguments::{Argument, FURTHER, Of};
use super::operation::Lowering;
use super::read_only::telling;
use super::relations::Sign;
use super::schema::default_fits;
use super::schema::input::{
    InputSchemas, Nulls, is_telling, said, tell, tell_labels, tell_pattern, tell_values,
    with_dependent, with_name_sets,
};
use super::together::Together;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::RawOperation;
use crate::text;

/// Largest argument schema, in bytes of JSON; a larger one is built again with fewer levels.
const LARGEST: usize = 24_000;
/// Levels that are tried, most first, each with further ones in which only what is required is listed: a
/// model that fills in what it sees makes a valid value.
const LEVELS: [(usize, usize); 9] = [
    (10, 6),
    (6, 8),
    (4, 8),
    (3, 8),
    (2, 8),
    (1, 8),
    (1, 4),
    (1, 2),
    (1, 0),
];
/// Schemas in one attempt; more could not be written in the largest size anyway. Recursion through many
/// components would otherwise grow without bound.
const MOST_NODES: usize = 1_200;

/// The schema of all arguments.
pub(super) struct InputSchema {
    /// The schema.
    pub(super) schema: Value,
    /// Places where null is a value.
    pub(super) nullable: Vec<String>,
    /// Those of them that may be lists of related records.
    pub(super) relations: Vec<(String, Sign)>,
    /// Places with the wire names of what stands there.
    pub(super) renamed: Vec<(String, String)>,
    /// Places that have the shape of others, where a schema contains itself.
    pub(super) repeats: IndexSet<(String, String)>,
    /// Whether something was cut.
    pub(super) cut: bool,
}

impl<'a> Lowering<'_, 'a> {
    /// The schema of all arguments, small enough, the places in it where null is a value, and those whose
    /// names are others on the wire. Beside those that are required, `further` ones have to be given;
    /// `together` says which ones need which others.
    pub(super) fn input_schema(
        &self,
        raw: &RawOperation<'a>,
        arguments: &[Argument<'a>],
        further: usize,
        together: &Together,
    ) -> InputSchema {
        let mut last = None;
        for levels in LEVELS {
            let mut builder = InputSchemas::new(self.shapes, levels, MOST_NODES);
            let mut schema = root_schema(&mut builder, arguments);
            with_further(&mut schema, further);
            let size = schema.to_string().len();
            let fits = builder.nodes() <= MOST_NODES && size <= LARGEST;
            let cut = builder.cut;
            last = Some((
                schema,
                (builder.nullable, builder.relations),
                builder.renamed,
                builder.repeats,
                levels.0,
                cut,
                size,
            ));
            if fits {
                break;
            }
        }
        let Some((mut schema, (nullable, relations), renamed, repeats, levels, cut, size)) = last
        else {
            return InputSchema {
                schema: json!({"type": "object"}),
                nullable: Vec::new(),
                relations: Vec::new(),
                renamed: Vec::new(),
                repeats: IndexSet::new(),
                cut: false,
            };
        };
        if let Some(object) = schema.as_object_mut() {
            with_dependent(object, &together.rules);
            with_name_sets(object, &together.sets);
        }
        if cut || size > LARGEST {
            let title = if cut {
                format!("of objects below level {levels} only what is required is listed")
            } else {
                format!("its schema has {size} bytes")
            };
            self.shapes.report(
                Diagnostic::new(
                    Code::E0505,
                    format!("the arguments of {} are too large; {title}", raw.label()),
                )
                .at_key(&raw.node.pointer)
                .note("what is not listed can be given and is not checked here; the service checks it"),
            );
        }
        InputSchema {
            schema,
            nullable: distinct(nullable),
            relations,
            repeats: telling(renamed.iter().map(|(place, _)| place), repeats)
                .into_iter()
                .collect(),
            renamed,
            cut,
        }
    }
}

/// Places in their order, each once: the branches of a union share theirs.
fn distinct(places: Vec<String>) -> Vec<String> {
    let all: IndexSet<String> = places.into_iter().collect();
    all.into_iter().collect()
}

/// The argument's own description before what its schema says, and an example if there is none yet.
fn describe_argument<'a>(
    builder: &InputSchemas<'_, 'a>,
    object: &mut Map<String, Value>,
    argument: &Argument<'a>,
) {
    let own = argument
        .description
        .and_then(|d| said(&argument.name, d, object.get("enum")));
    let told = own.filter(|_| !argument.file).or_else(|| {
        argument
            .kind
            .as_ref()
            .and_then(|_| object.get("description")?.as_str().map(str::to_owned))
    });
    let description = match (told, &argument.kind) {
        (Some(said), Some(kind)) if said.ends_with(kind.as_str()) => Some(said),
        (Some(said), Some(kind)) => Some(format!("{} {kind}", text::with_stop(&said))),
        (said, kind) => said.or_else(|| kind.clone()),
    };
    if let Some(description) = description {
        let mut described = Map::new();
        described.insert("description".to_owned(), Value::String(description));
        described.extend(
            object
                .iter()
                .filter(|(k, _)| *k != "description")
                .map(|(k, v)| (k.clone(), v.clone())),
        );
        *object = described;
    }
    if let Some(example) = argument.example
        && !object.contains_key("examples")
        && is_telling(example, object)
        && example.as_str().is_some_and(|s| s.len() <= 60)
        && argument
            .schema
            .as_ref()
            .is_none_or(|schema| default_fits(&builder.shape(schema), example))
    {
        object.insert("examples".to_owned(), json!([example]));
    }
}

/// A number of arguments that have to be given beside those that are required.
fn with_further(schema: &mut Value, further: usize) {
    let Some(object) = schema.as_object_mut().filter(|_| further > 0) else {
        return;
    };
    let required = object.get("required").and_then(Value::as_array);
    let least = required.map_or(0, Vec::len).saturating_add(further);
    object.insert("minProperties".to_owned(), json!(least));
    // Further fields count when there are some.
    for property in object
        .get_mut("properties")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::values_mut)
    {
        let said = property.get("description").and_then(Value::as_str);
        if said.is_some_and(|said| said.starts_with(FURTHER)) {
            with_a_member(property);
        }
    }
}

/// At least one item or property.
fn with_a_member(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    let keyword = match object.get("type").and_then(Value::as_str) {
        Some("array") => "minItems",
        Some("object") => "minProperties",
        _ => return,
    };
    if object.get(keyword).and_then(Value::as_u64).unwrap_or(0) == 0 {
        object.insert(keyword.to_owned(), json!(1));
    }
}

/// The schema, and empty text (`allowEmptyValue`).
fn with_empty_text(mut schema: Value) -> Value {
    let Some(object) = schema.as_object_mut() else {
        return schema;
    };
    let is_text = object.get("type") == Some(&json!("string"));
    if is_text && let Some(values) = object.get_mut("enum").and_then(Value::as_array_mut) {
        values.push(json!(""));
        return schema;
    }
    let description = object.remove("description");
    let empty = json!({"type": "string", "enum": [""]});
    let mut either = Map::new();
    either.extend(description.map(|text| ("description".to_owned(), text)));
    either.insert("anyOf".to_owned(), json!([schema, empty]));
    Value::Object(either)
}

fn root_schema<'a>(builder: &mut InputSchemas<'_, 'a>, arguments: &[Argument<'a>]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for argument in arguments {
        let path = format!("/{}", argument.name);
        if argument.nullable && argument.nulls == Nulls::Remove {
            builder.nullable.push(path.clone());
        }
        let mut schema = match (&argument.fixed, &argument.schema) {
            (Some(fixed), _) => fixed.clone(),
            (None, Some(node)) => {
                builder.files = argument.files;
                builder.encoded.clone_from(&argument.encoded);
                builder.nested.clone_from(&argument.nested);
                let below = |steps: &str| format!("{path}{steps}");
                match argument.of {
                    Of::Whole => builder.build(node, &path, argument.nulls),
                    Of::Members => {
                        if argument.nulls == Nulls::Remove {
                            builder.nullable.push(below("/*"));
                        }
                        let inner = builder.build(node, &below("/*"), argument.nulls);
                        json!({"type": "object", "additionalProperties": inner})
                    }
                    Of::Items => {
                        let inner = builder.build(node, &below("/*"), argument.nulls);
                        json!({"type": "array", "items": inner})
                    }
                    Of::Lists => {
                        let inner = builder.build(node, &below("/*/*"), argument.nulls);
                        json!({
                            "type": "object",
                            "additionalProperties": {"type": "array", "items": inner},
                        })
                    }
                }
            }
            (None, None) => json!({}),
        };
        if let Some(object) = schema.as_object_mut() {
            describe_argument(builder, object, argument);
            tell_values(object);
            tell_pattern(object);
            if let (Some(node), true) = (&argument.schema, object.contains_key("enum")) {
                tell_labels(object, &builder.shape(node));
            }
            // The argument's own description has taken the place of what was told.
            let names = object.remove("propertyNames");
            if let Some(names) = names.or_else(|| argument.names.clone()) {
                tell(object, &names);
                object.insert("propertyNames".to_owned(), names);
            }
        }
        if argument.never_empty {
            with_a_member(&mut schema);
        }
        if argument.may_be_empty {
            schema = with_empty_text(schema);
        }
        if argument.required {
            required.push(json!(argument.name));
        }
        properties.insert(argument.name.clone(), schema);
    }
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    if !properties.is_empty() {
        schema.insert("properties".to_owned(), Value::Object(properties));
    }
    if !required.is_empty() {
        schema.insert("required".to_owned(), Value::Array(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    Value::Object(schema)
}
