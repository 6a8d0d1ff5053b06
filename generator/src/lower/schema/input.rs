//! Schemas of tool arguments (rules S1 to S11, G9): rebuilt from the shape, references inlined,
//! recursion cut, no root unions, no type arrays, no bare booleans.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::discriminator::{name_branch, property};
use super::{Additional, Shape, Shapes, Types, default_fits, is_usable_pattern};
use crate::diagnostics::{Code, Diagnostic, Pointer, json_path, remedy};
use crate::model::Node;
use crate::names::{is_accepted, safe};
use crate::text;

/// Longest description of an argument, in characters.
const DESCRIPTION: usize = 300;
/// Formats that the runtime checks or that tell a model what to write.
const FORMATS: [&str; 14] = [
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "uri",
    "url",
    "uri-reference",
    "uuid",
    "hostname",
    "ipv4",
    "ipv6",
    "byte",
    "password",
];

/// Builds argument schemas for one tool.
#[derive(Debug)]
pub struct InputSchemas<'s, 'a> {
    shapes: &'s Shapes<'a>,
    deepest: usize,
    nodes: usize,
    most_nodes: usize,
    open: Vec<Pointer>,
    /// Places where null is a value, as patterns of JSON Pointers.
    pub nullable: Vec<String>,
    /// Properties that clients would refuse the wire names of: where they stand, and the wire names.
    pub renamed: Vec<(String, String)>,
    /// Wire names by place.
    keys: HashMap<String, String>,
    /// Whether something was cut because it lies too deep or is too much.
    pub cut: bool,
}

impl<'s, 'a> InputSchemas<'s, 'a> {
    /// Goes at most `deepest` levels down and builds at most `most_nodes` schemas.
    pub fn new(shapes: &'s Shapes<'a>, deepest: usize, most_nodes: usize) -> Self {
        Self {
            shapes,
            deepest,
            nodes: 0,
            most_nodes,
            open: Vec::new(),
            nullable: Vec::new(),
            renamed: Vec::new(),
            keys: HashMap::new(),
            cut: false,
        }
    }

    /// The shape of a schema.
    pub fn shape(&self, node: &Node<'a>) -> Shape<'a> {
        self.shapes.of(node)
    }

    /// How many schemas were built.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// The schema of an argument, or of what stands at `path` below one.
    pub fn build(&mut self, node: &Node<'a>, path: &str, body: bool) -> Value {
        let shape = self.shapes.of(node);
        if body && shape.nullable {
            self.nullable.push(path.to_owned());
        }
        self.of_shape(node, &shape, path, body)
    }

    /// The same for a shape that is known already.
    pub fn of_shape(
        &mut self,
        node: &Node<'a>,
        shape: &Shape<'a>,
        path: &str,
        body: bool,
    ) -> Value {
        self.nodes = self.nodes.saturating_add(1);
        let mut schema = Map::new();
        self.describe(&mut schema, shape);
        let recursive = self.open.contains(&shape.origin);
        if recursive && !self.shapes.has_reported(Code::E0504, &node.pointer) {
            self.shapes.report(
                Diagnostic::new(
                    Code::E0504,
                    format!(
                        "{} contains itself; the tool schema is cut here",
                        place(shape)
                    ),
                )
                .at(&node.pointer),
            );
        }
        let too_much = self.open.len() >= self.deepest || self.nodes > self.most_nodes;
        if recursive || too_much {
            self.cut |= too_much && !recursive && (shape.is_object() || shape.is_array());
            self.outline(&mut schema, shape, recursive);
            return Value::Object(schema);
        }
        self.open.push(shape.origin.clone());
        self.constrain(&mut schema, shape, path, body);
        self.open.pop();
        Value::Object(schema)
    }

    fn describe(&self, schema: &mut Map<String, Value>, shape: &Shape<'a>) {
        if let Some(description) = shape.description.or(shape.title) {
            let clean = text::line(description, DESCRIPTION);
            if !clean.is_empty() {
                schema.insert("description".to_owned(), Value::String(clean));
            }
        }
    }

    /// What remains of a schema that is not gone into.
    fn outline(&self, schema: &mut Map<String, Value>, shape: &Shape<'a>, recursive: bool) {
        if let [name] = shape.types.names().as_slice() {
            schema.insert("type".to_owned(), json!(name));
        } else if shape.is_object() {
            schema.insert("type".to_owned(), json!("object"));
        } else if shape.is_array() {
            schema.insert("type".to_owned(), json!("array"));
        }
        if schema.get("type") == Some(&json!("array")) {
            // Hosts refuse arrays without `items`.
            schema.insert("items".to_owned(), json!({}));
        }
        if recursive && !schema.contains_key("description") {
            let name = shape
                .name
                .map_or_else(|| "the object around it".to_owned(), |n| text::line(n, 60));
            schema.insert(
                "description".to_owned(),
                json!(format!("Nested; the same shape as {name}.")),
            );
        }
    }

    fn constrain(
        &mut self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        path: &str,
        body: bool,
    ) {
        let names = shape.types.names();
        let kind = match names.as_slice() {
            [one] => Some(*one),
            [] if shape.is_object() => Some("object"),
            // Beside a union, `items` speaks of those branches that are arrays.
            [] if shape.is_array() && shape.unions.is_empty() => Some("array"),
            _ => None,
        };
        if let Some(kind) = kind {
            schema.insert("type".to_owned(), json!(kind));
        } else if names.len() > 1 && shape.unions.is_empty() && shape.values.is_none() {
            let branches: Vec<Value> = names
                .iter()
                .map(|name| self.branch(name, shape, path, body))
                .collect();
            schema.insert("anyOf".to_owned(), Value::Array(branches));
            self.example_and_default(schema, shape);
            return;
        }
        if let Some(values) = &shape.values {
            schema.insert(
                "enum".to_owned(),
                values.iter().map(|v| (*v).clone()).collect(),
            );
        }
        self.scalar_keywords(schema, shape, shape.types);
        if kind == Some("array") || kind.is_none() && shape.is_array() {
            self.array(schema, shape, path, body);
        }
        if kind == Some("object") {
            self.object(schema, shape, path, body);
        } else if kind.is_none() && !shape.required.is_empty() {
            // A branch that only says what must be there.
            let required: Vec<String> = shape
                .required
                .iter()
                .map(|name| self.key(path, name).0)
                .collect();
            schema.insert("required".to_owned(), json!(required));
        }
        if let Some(union) = shape.unions.first() {
            let branches: Vec<Value> = union
                .iter()
                .map(|branch| {
                    let mut schema = self.build(branch, path, body);
                    let tells = shape.discriminator.as_ref();
                    if let Some((tells, name)) = tells.and_then(|d| Some((d, property(d)?))) {
                        let (key, _) = self.key(path, name);
                        name_branch(&mut schema, &key, tells, branch);
                    }
                    schema
                })
                .collect();
            schema.insert("anyOf".to_owned(), Value::Array(branches));
        }
        self.example_and_default(schema, shape);
    }

    fn branch(&mut self, name: &str, shape: &Shape<'a>, path: &str, body: bool) -> Value {
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!(name));
        let own = Types::named(name).unwrap_or_default();
        self.scalar_keywords(&mut schema, shape, own);
        match name {
            "array" => self.array(&mut schema, shape, path, body),
            "object" => self.object(&mut schema, shape, path, body),
            _ => {}
        }
        Value::Object(schema)
    }

    fn array(
        &mut self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        path: &str,
        body: bool,
    ) {
        let below = format!("{path}/*");
        if !shape.prefix_items.is_empty() {
            let items: Vec<Value> = shape
                .prefix_items
                .iter()
                .map(|item| self.build(item, &below, body))
                .collect();
            schema.insert("prefixItems".to_owned(), Value::Array(items));
        }
        // Hosts refuse arrays without `items`.
        let items = shape
            .items
            .as_ref()
            .map_or_else(|| json!({}), |items| self.build(items, &below, body));
        schema.insert("items".to_owned(), items);
    }

    fn object(
        &mut self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        path: &str,
        body: bool,
    ) {
        let mut properties = Map::new();
        let mut required = Vec::new();
        // Names that need no other have the first claim on them.
        for name in shape.properties.keys().filter(|name| is_accepted(name)) {
            self.key(path, name);
        }
        for (name, property) in &shape.properties {
            // A property that no value fits is one that may not be given.
            if property.value == &Value::Bool(false) {
                continue;
            }
            let inner = self.shapes.of_property(shape, name, property);
            if inner.read_only {
                continue;
            }
            let (key, below) = self.key(path, name);
            if body && inner.nullable {
                self.nullable.push(below.clone());
            }
            if shape.required.contains(name) {
                required.push(json!(key));
            }
            properties.insert(key, self.of_shape(property, &inner, &below, body));
        }
        let undeclared = self.shapes.undeclared(shape);
        for name in shape.undeclared() {
            let (key, below) = self.key(path, name);
            let schema = match &undeclared {
                Some(node) => {
                    let mut schema = self.build(node, &below, body);
                    if let Some(object) = schema.as_object_mut() {
                        object.insert("description".to_owned(), json!(UNDECLARED));
                    }
                    schema
                }
                None => undeclared_schema(),
            };
            properties.insert(key, schema);
        }
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), Value::Array(required));
        }
        match &shape.additional {
            Additional::No => {
                schema.insert("additionalProperties".to_owned(), json!(false));
            }
            Additional::Schema(node) => {
                let node = node.clone();
                let inner = self.build(&node, &format!("{path}/*"), body);
                schema.insert("additionalProperties".to_owned(), inner);
            }
            Additional::Any | Additional::Unsaid => {}
        }
    }

    /// The name of a property of the object at `path` as clients accept it, and its place. Branches of a
    /// union share their place, so a name means one property there, whichever branch applies.
    fn key(&mut self, path: &str, wire: &str) -> (String, String) {
        let stem = if is_accepted(wire) {
            wire.to_owned()
        } else {
            safe(wire)
        };
        let mut key = stem.clone();
        let mut number = 2usize;
        loop {
            let place = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
            match self.keys.get(&place) {
                Some(known) if known == wire => return (key, place),
                Some(_) => {
                    let suffix = format!("_{number}");
                    let room = 64usize.saturating_sub(suffix.len());
                    key = stem.chars().take(room).collect::<String>() + &suffix;
                    number = number.saturating_add(1);
                }
                None => {
                    self.keys.insert(place.clone(), wire.to_owned());
                    if key != wire {
                        self.renamed.push((place.clone(), wire.to_owned()));
                    }
                    return (key, place);
                }
            }
        }
    }

    /// Assertions that apply to values of `types`.
    fn scalar_keywords(&self, schema: &mut Map<String, Value>, shape: &Shape<'a>, types: Types) {
        for (keyword, node) in &shape.keywords {
            let keep = match *keyword {
                "pattern" => node.value.as_str().is_some_and(|p| {
                    let usable = is_usable_pattern(p);
                    if !usable {
                        self.shapes.report(
                            Diagnostic::new(Code::E0502, "this pattern cannot be checked here and is dropped")
                                .at(&node.pointer)
                                .note("look-around and back-references are not supported; the service still checks it")
                                .help("write a pattern without them, or leave it out")
                                .overlay(remedy::remove(&json_path(&node.pointer))),
                        );
                    }
                    usable
                }),
                "format" => node.value.as_str().is_some_and(|f| FORMATS.contains(&f)),
                "contentMediaType" | "contentEncoding" => false,
                "uniqueItems" => node.value.as_bool() == Some(true),
                "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
                    node.value.is_u64()
                }
                // Validators refuse the whole schema for a `multipleOf` that is not above 0.
                "multipleOf" => node.value.as_f64().is_some_and(|n| n > 0.0),
                _ => node.value.is_number(),
            };
            if keep && applies(keyword, shape, types) {
                schema.insert((*keyword).to_owned(), node.value.clone());
            }
        }
        // The name that OpenAPI 3.0 has for it; models know it.
        let base64 = shape
            .keywords
            .get("contentEncoding")
            .and_then(|node| node.value.as_str())
            .is_some_and(|e| e.eq_ignore_ascii_case("base64"));
        if base64 && !schema.contains_key("format") && applies("format", shape, types) {
            schema.insert("format".to_owned(), json!("byte"));
        }
    }

    fn example_and_default(&self, schema: &mut Map<String, Value>, shape: &Shape<'a>) {
        if let Some(default) = &shape.default
            && !default.value.is_null()
        {
            if default_fits(shape, default.value) {
                schema.insert("default".to_owned(), default.value.clone());
            } else {
                self.shapes.report(
                    Diagnostic::new(
                        Code::E0503,
                        "the default does not fit its own schema and is dropped",
                    )
                    .at(&default.pointer)
                    .help("correct the default or the type"),
                );
            }
        }
        if let Some(example) = shape.example
            && shape.values.is_none()
            && !schema.contains_key("default")
            && (example.is_number()
                || example
                    .as_str()
                    .is_some_and(|s| !s.is_empty() && s.len() <= 60))
            && default_fits(shape, example)
        {
            schema.insert("examples".to_owned(), json!([example]));
        }
    }
}

/// Whether an assertion can apply to the types at all; a `pattern` on an integer is noise.
fn applies(keyword: &str, shape: &Shape<'_>, types: Types) -> bool {
    let on = match keyword {
        "pattern" | "minLength" | "maxLength" | "format" => Types::STRING,
        "minItems" | "maxItems" | "uniqueItems" => {
            return types == Types::ARRAY || (types.is_any() && shape.is_array());
        }
        "minProperties" | "maxProperties" => {
            return types == Types::OBJECT || (types.is_any() && shape.is_object());
        }
        _ => return types.has(Types::NUMBER) || types.has(Types::INTEGER),
    };
    types.is_any() || types.has(on)
}

fn place(shape: &Shape<'_>) -> String {
    shape.name.map_or_else(
        || "this schema".to_owned(),
        |name| format!("`{}`", text::line(name, 60)),
    )
}

/// What is said about a name that is required and not declared: it can be given, and the service says
/// whether it must be. Documents that are wrong about such names are more common than right ones.
pub const UNDECLARED: &str =
    "The document of the API says that this is required, but not what it is.";

/// The schema of such a name when nothing else is known.
pub fn undeclared_schema() -> Value {
    json!({"description": UNDECLARED})
}

/// The argument that stands for a file.
pub fn file_schema(description: Option<&str>) -> Value {
    let own = description
        .map(|d| text::line(d, DESCRIPTION))
        .filter(|d| !d.is_empty());
    let how = "A file: give `filename` and either `text` or `data_base64`.";
    json!({
        "description": own.map_or_else(|| how.to_owned(), |own| format!("{} {how}", with_stop(&own))),
        "type": "object",
        "properties": {
            "filename": {"type": "string"},
            "content_type": {"type": "string", "examples": ["application/pdf"]},
            "data_base64": {"type": "string"},
            "text": {"type": "string"},
        },
        "required": ["filename"],
        "additionalProperties": false,
    })
}

fn with_stop(text: &str) -> String {
    if text.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}
