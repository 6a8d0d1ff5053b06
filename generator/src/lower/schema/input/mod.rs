//! Schemas of tool arguments (rules S1 to S11, G9): rebuilt from the shape, references inlined,
//! recursion cut, no root unions, no type arrays, no bare booleans.

mod alternatives;
mod dependent;
mod diet;
mod fixed;
mod forms;
mod keywords;
mod labels;
mod names;
mod nulls;
mod outline;

use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexSet;
use serde_json::{Map, Value, json};

pub use alternatives::{NameSets, name_sets, told_name_sets, with_name_sets};
pub use dependent::{told_dependent, told_together, with_dependent};
pub use diet::{is_telling, repeats_format, said, say_once, tell_values};
pub use fixed::{
    UNDECLARED, base64_body_schema, base64_schema, bytes_schema, file_schema, kind_of_text,
    text_schema, undeclared_schema,
};
pub use keywords::tell_pattern;
pub use labels::tell_labels;
pub use names::{names_schema, told};
pub use nulls::Nulls;

use super::super::relations::{Sign, sign};
use super::{Additional, Shape, Shapes, Types};
use crate::diagnostics::{Code, Diagnostic, Pointer};
use crate::ir::PartEncoding;
use crate::model::Node;
use crate::names::{is_accepted, safe};
use crate::text;
use crate::text::pointer::escaped;

/// Longest description of an argument, in characters.
const DESCRIPTION: usize = 300;
/// What is said of what should not be used any more.
pub const DEPRECATED: &str = "Deprecated.";

/// Builds argument schemas for one tool.
#[derive(Debug)]
pub struct InputSchemas<'s, 'a> {
    shapes: &'s Shapes<'a>,
    deepest: usize,
    /// Levels below the deepest one in which only what is required is listed.
    sparse: usize,
    nodes: usize,
    most_nodes: usize,
    /// The schemas around the one that is built, and where they stand.
    open: Vec<(Pointer, String)>,
    /// Places where null is a value, as patterns of JSON Pointers.
    pub nullable: Vec<String>,
    /// Those of them that may be lists of related records.
    pub relations: Vec<(String, Sign)>,
    /// Properties that clients would refuse the wire names of: where they stand, and the wire names.
    pub renamed: Vec<(String, String)>,
    /// Places that have the shape of others, since a schema contains itself: names of properties mean the
    /// same there.
    pub repeats: IndexSet<(String, String)>,
    /// The first of them by its place, and its number among all.
    by_place: HashMap<String, (usize, String)>,
    /// Wire names by place.
    keys: HashMap<String, String>,
    /// What place another one is like, and how many repeats were known then. Each property of an object asks.
    likes: HashMap<String, (usize, Rc<str>)>,
    /// Level on which texts of bytes are files, alone or in a list; 0 for none.
    pub files: usize,
    /// Schemas on that level whose parts are sent as something else than they describe.
    pub encoded: Vec<(Pointer, PartEncoding)>,
    /// The same, on whatever level.
    pub nested: Vec<(Pointer, PartEncoding)>,
    /// Whether something was cut because it lies too deep or is too much.
    pub cut: bool,
}

impl<'s, 'a> InputSchemas<'s, 'a> {
    /// Goes `deepest` levels down, and `sparse` further ones with what is required alone; builds at most
    /// `most_nodes` schemas.
    pub fn new(
        shapes: &'s Shapes<'a>,
        (deepest, sparse): (usize, usize),
        most_nodes: usize,
    ) -> Self {
        Self {
            shapes,
            deepest,
            sparse,
            nodes: 0,
            most_nodes,
            open: Vec::new(),
            nullable: Vec::new(),
            relations: Vec::new(),
            renamed: Vec::new(),
            repeats: IndexSet::new(),
            by_place: HashMap::new(),
            keys: HashMap::new(),
            likes: HashMap::new(),
            files: 0,
            encoded: Vec::new(),
            nested: Vec::new(),
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
    pub fn build(&mut self, node: &Node<'a>, path: &str, nulls: Nulls) -> Value {
        let shape = self.shapes.of(node);
        if nulls.are_values(&shape, true) && !self.is_asked_for(node, &shape, path) {
            let name = path.rsplit('/').next().unwrap_or_default();
            self.takes_null(name, &shape, path);
        }
        self.of_shape(node, &shape, path, nulls)
    }

    /// Remembers that null is a value at a place.
    fn takes_null(&mut self, name: &str, shape: &Shape<'a>, path: &str) {
        self.nullable.push(path.to_owned());
        if let Some(sign) = sign(self.shapes, name, shape) {
            self.relations.push((path.to_owned(), sign));
        }
    }

    /// Whether a file, or text, is asked for in the place of a schema: null is none of them, and means that it
    /// is not given.
    fn is_asked_for(&self, node: &Node<'a>, shape: &Shape<'a>, path: &str) -> bool {
        let is_here = |(pointer, _): &(Pointer, PartEncoding)| *pointer == node.pointer;
        self.nested.iter().any(is_here)
            || (shape.is_binary() || self.encoded.iter().any(is_here))
                && self.is_level_of_files(path)
    }

    /// The same for a shape that is known already.
    pub fn of_shape(
        &mut self,
        node: &Node<'a>,
        shape: &Shape<'a>,
        path: &str,
        nulls: Nulls,
    ) -> Value {
        self.nodes = self.nodes.saturating_add(1);
        let is_here = |(pointer, _): &&(Pointer, PartEncoding)| *pointer == node.pointer;
        let nested = self.nested.iter().find(is_here);
        let encoded = nested.or_else(|| self.encoded.iter().find(is_here));
        if self.is_asked_for(node, shape, path) {
            return match encoded {
                Some((_, PartEncoding::Typed(content_type))) => {
                    text_schema(shape.description, content_type)
                }
                Some((_, PartEncoding::Base64(_))) => base64_schema(shape.description),
                _ => file_schema(shape.description),
            };
        }
        let mut schema = Map::new();
        let is_sparse = self.open.len() > self.deepest;
        if !is_sparse {
            self.describe(&mut schema, shape, path);
        }
        let around = self.open.iter().find(|(open, _)| *open == shape.origin);
        let recursive = around.is_some();
        if let Some((_, like)) = around.filter(|(_, like)| like != path) {
            let like = like.clone();
            let (number, is_new) = self.repeats.insert_full((path.to_owned(), like.clone()));
            if is_new {
                let first = self.by_place.entry(path.to_owned());
                first.or_insert((number, like));
            }
        }
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
        let levels = self.deepest.saturating_add(self.sparse);
        let too_much = self.open.len() >= levels || self.nodes > self.most_nodes;
        if recursive || too_much {
            self.cut |= too_much && !recursive && !shape.is_scalar();
            self.outline(&mut schema, shape, (path, nulls), recursive);
            return Value::Object(schema);
        }
        self.open.push((shape.origin.clone(), path.to_owned()));
        self.constrain(&mut schema, shape, path, nulls);
        self.open.pop();
        Value::Object(schema)
    }

    fn is_level_of_files(&self, path: &str) -> bool {
        let level = path.matches('/').count();
        self.files > 0
            && (level == self.files
                || level.checked_sub(1) == Some(self.files) && path.ends_with("/*"))
    }

    fn describe(&self, schema: &mut Map<String, Value>, shape: &Shape<'a>, path: &str) {
        let name = path.rsplit('/').next().unwrap_or_default();
        let values = shape.values.as_ref().map(|values| json!(values));
        let own = [shape.description, shape.title]
            .into_iter()
            .flatten()
            .find_map(|text| said(name, text, values.as_ref()));
        let format = shape
            .keywords
            .get("format")
            .and_then(|node| node.value.as_str());
        let own = own.filter(|own| !format.is_some_and(|format| repeats_format(format, own)));
        if let Some(own) = own {
            schema.insert("description".to_owned(), Value::String(own));
        }
        tell_labels(schema, shape);
        if shape.deprecated {
            let own = schema.get("description").and_then(Value::as_str);
            let own = own.map(|own| format!("{} {DEPRECATED}", text::with_stop(own)));
            let said = own.unwrap_or_else(|| DEPRECATED.to_owned());
            schema.insert("description".to_owned(), Value::String(said));
        }
    }

    fn constrain(
        &mut self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        path: &str,
        nulls: Nulls,
    ) {
        let names = shape.types.names();
        let kind = match names.as_slice() {
            [one] => Some(*one),
            [] if shape.is_object() => Some("object"),
            // Beside a union, `items` speaks of those branches that are arrays.
            [] if shape.is_array() && shape.unions.is_empty() => Some("array"),
            _ => None,
        };
        if shape.is_null() {
            schema.insert("type".to_owned(), json!("null"));
            return;
        }
        if let Some(kind) = kind {
            schema.insert("type".to_owned(), json!(kind));
        } else if names.len() > 1 && shape.unions.is_empty() && shape.values.is_none() {
            let branches: Vec<Value> = names
                .iter()
                .map(|name| self.branch(name, shape, path, nulls))
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
            tell_values(schema);
        }
        self.scalar_keywords(schema, shape, shape.types);
        if kind == Some("array") || kind.is_none() && shape.is_array() {
            self.array(schema, shape, path, nulls);
        }
        if kind == Some("object") {
            if !self.forms_say_all(shape) {
                self.object(schema, shape, path, nulls);
            }
        } else if kind.is_none() {
            if !shape.required.is_empty() {
                // A branch that only says what must be there.
                let required: Vec<String> = shape
                    .required
                    .iter()
                    .map(|name| self.key(path, name).0)
                    .collect();
                schema.insert("required".to_owned(), json!(required));
            }
            self.alternatives(schema, shape, path);
        }
        self.forms(schema, shape, path, nulls);
        self.example_and_default(schema, shape);
    }

    fn branch(&mut self, name: &str, shape: &Shape<'a>, path: &str, nulls: Nulls) -> Value {
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!(name));
        let own = Types::named(name).unwrap_or_default();
        self.scalar_keywords(&mut schema, shape, own);
        match name {
            "array" => self.array(&mut schema, shape, path, nulls),
            "object" => self.object(&mut schema, shape, path, nulls),
            _ => {}
        }
        Value::Object(schema)
    }

    fn array(
        &mut self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        path: &str,
        nulls: Nulls,
    ) {
        let below = format!("{path}/*");
        // A patch replaces arrays as a whole.
        let nulls = nulls.in_array();
        if !shape.prefix_items.is_empty() {
            let items: Vec<Value> = shape
                .prefix_items
                .iter()
                .map(|item| self.build(item, &below, nulls))
                .collect();
            schema.insert("prefixItems".to_owned(), Value::Array(items));
        }
        // Hosts refuse arrays without `items`.
        let items = shape
            .items
            .as_ref()
            .map_or_else(|| json!({}), |items| self.build(items, &below, nulls));
        schema.insert("items".to_owned(), items);
    }

    fn object(
        &mut self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        path: &str,
        nulls: Nulls,
    ) {
        let mut properties = Map::new();
        let mut required = Vec::new();
        // Below the levels that are listed in full.
        let is_sparse = self.open.len() > self.deepest;
        let mut is_whole = true;
        // Names that need no other have the first claim on them.
        for name in shape.properties.keys().filter(|name| is_accepted(name)) {
            self.key(path, name);
        }
        for (name, property) in &shape.properties {
            // A property that no value fits is one that may not be given.
            if property.value == &Value::Bool(false) {
                continue;
            }
            let first = shape
                .alternatives
                .iter()
                .filter_map(|rule| rule.sets.first());
            let is_needed =
                shape.required.contains(name) || first.flatten().any(|needed| needed == name);
            if is_sparse && !is_needed {
                // It has the name that is listed where the schema stands further up. Accepted ones have
                // claimed theirs above.
                if !is_accepted(name) {
                    self.key(path, name);
                }
                is_whole = false;
                continue;
            }
            let inner = self.shapes.of_property(shape, name, property);
            if inner.read_only {
                continue;
            }
            let (key, below) = self.key(path, name);
            if nulls.are_values(&inner, shape.required.contains(name))
                && !self.is_asked_for(property, &inner, &below)
            {
                self.takes_null(name, &inner, &below);
            }
            if shape.required.contains(name) {
                required.push(json!(key));
            }
            properties.insert(key, self.of_shape(property, &inner, &below, nulls));
        }
        self.cut |= !is_whole;
        let undeclared = self.shapes.undeclared(shape);
        for name in shape.undeclared() {
            let known = self.keys.len();
            let (key, below) = self.key(path, name);
            let declared_around = self.keys.len() == known;
            let schema = match &undeclared {
                Some(node) => {
                    let mut schema = self.build(node, &below, nulls);
                    if let Some(object) = schema.as_object_mut() {
                        object.insert("description".to_owned(), json!(UNDECLARED));
                    }
                    schema
                }
                None => undeclared_schema(),
            };
            required.push(json!(key));
            // Where a branch of the union or the object around it says what it is, nothing has to be
            // said here.
            if !declared_around && !self.branch_declares(shape, name) {
                properties.insert(key, schema);
            }
        }
        let declared: Vec<&str> = properties.keys().map(String::as_str).collect();
        if let Some(names) = names_schema(self.shapes, shape, &declared).filter(|_| is_whole) {
            tell(schema, &names);
            schema.insert("propertyNames".to_owned(), names);
        }
        if !properties.is_empty() {
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        if !required.is_empty() {
            schema.insert("required".to_owned(), Value::Array(required));
        }
        let rules: Vec<(String, Vec<String>)> = shape
            .dependent
            .iter()
            .map(|(given, needed)| {
                let needed = needed.iter().map(|name| self.key(path, name).0).collect();
                (self.key(path, given).0, needed)
            })
            .collect();
        with_dependent(schema, &rules);
        if let Some(told) = told_dependent(&rules) {
            say(schema, &told);
        }
        self.alternatives(schema, shape, path);
        match &shape.additional {
            // What is not listed here may still be given.
            _ if !is_whole => {}
            // The schemas that extend this one have further properties.
            Additional::No if !shape.subtypes.is_empty() => {}
            Additional::No => {
                schema.insert("additionalProperties".to_owned(), json!(false));
            }
            Additional::Schema(node) => {
                let node = node.clone();
                let below = format!("{path}/*");
                if nulls == Nulls::Remove {
                    self.nullable.push(below.clone());
                }
                let inner = self.build(&node, &below, nulls);
                schema.insert("additionalProperties".to_owned(), inner);
            }
            Additional::Any | Additional::Unsaid => {}
        }
    }

    /// The sets of names of which one has to be given. Names that only answers carry need not be.
    fn alternatives(&mut self, schema: &mut Map<String, Value>, shape: &Shape<'a>, path: &str) {
        if shape.alternatives.is_empty() {
            return;
        }
        let shapes = self.shapes;
        let given = |name: &str| {
            let property = shape.properties.get(name);
            shape.required.contains(&name)
                || property.is_some_and(|p| shapes.of_property(shape, name, p).read_only)
        };
        let listed = schema.get("properties").cloned();
        let rules = name_sets(shapes, shape, given, |name| {
            let key = self.key(path, name).0;
            listed.as_ref()?.get(&key).is_some().then_some(key)
        });
        with_name_sets(schema, &rules);
        if let Some(told) = told_name_sets(&rules) {
            say(schema, &told);
        }
    }

    /// The place whose shape a place has.
    fn like(&mut self, path: &str) -> Rc<str> {
        let repeats = self.by_place.len();
        match self.likes.get(path) {
            Some((known, like)) if *known == repeats => return Rc::clone(like),
            _ => {}
        }
        let like: Rc<str> = self.find_like(path).into();
        let found = (repeats, Rc::clone(&like));
        self.likes.insert(path.to_owned(), found);
        like
    }

    fn find_like(&self, path: &str) -> String {
        let mut path = path.to_owned();
        // Each turn makes the path shorter: what contains a schema stands around it.
        loop {
            // Of several, the one that was found first.
            let around = wholes(&path).filter_map(|whole| {
                let (number, like) = self.by_place.get(whole)?;
                Some((number, whole.len(), like))
            });
            let Some((_, length, like)) = around.min_by_key(|(number, ..)| **number) else {
                break;
            };
            path = format!("{like}{}", path.get(length..).unwrap_or_default());
        }
        path
    }

    fn branch_declares(&self, shape: &Shape<'a>, name: &str) -> bool {
        let mut forms = shape.forms().iter();
        forms.any(|branch| self.shapes.of(branch).properties.contains_key(name))
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
        let known_at = self.like(path);
        loop {
            let step = escaped(&key);
            let place = format!("{known_at}/{step}");
            match self.keys.get(&place) {
                Some(known) if known == wire => return (key, format!("{path}/{step}")),
                Some(_) => {
                    let suffix = format!("_{number}");
                    let room = 64usize.saturating_sub(suffix.len());
                    key = stem.chars().take(room).collect::<String>() + &suffix;
                    number = number.saturating_add(1);
                }
                None => {
                    self.keys.insert(place.clone(), wire.to_owned());
                    if key != wire {
                        self.renamed.push((place, wire.to_owned()));
                    }
                    return (key, format!("{path}/{step}"));
                }
            }
        }
    }
}

/// Says the rule for names in the description, which is all that a model sees of it.
pub fn tell(schema: &mut Map<String, Value>, names: &Value) {
    if let Some(told) = told(names) {
        say(schema, &told);
    }
}

/// Adds a sentence to the description, if it is not there yet.
fn say(schema: &mut Map<String, Value>, told: &str) {
    let own = schema.get("description").and_then(Value::as_str);
    if own.is_some_and(|own| own.ends_with(told)) {
        return;
    }
    let own = own.map(|own| format!("{} {told}", text::with_stop(own)));
    schema.insert(
        "description".to_owned(),
        json!(own.unwrap_or_else(|| told.to_owned())),
    );
}

/// A place, and those that it lies in.
pub(in crate::lower) fn wholes(place: &str) -> impl Iterator<Item = &str> {
    let steps = place.match_indices('/').map(|(at, _)| at);
    steps
        .chain([place.len()])
        .filter_map(|length| place.get(..length))
}

fn place(shape: &Shape<'_>) -> String {
    shape.name.map_or_else(
        || "this schema".to_owned(),
        |name| format!("`{}`", text::line(name, 60)),
    )
}
