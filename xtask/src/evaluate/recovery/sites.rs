//! Where in a tool's arguments a fault can be put, and what the schema says there.

use serde_json::{Map, Value};

/// Levels that are looked into.
const DEEPEST: usize = 8;

/// An argument, a property or an item.
#[derive(Debug, Clone)]
pub struct Site {
    /// JSON Pointer.
    pub place: String,
    /// What the schema says, references followed and parts merged.
    pub schema: Map<String, Value>,
    /// What is there.
    pub value: Value,
    /// Whether the object around it requires it.
    pub required: bool,
    /// Whether it is a property, and no item.
    pub named: bool,
}

impl Site {
    /// Its name.
    pub fn name(&self) -> &str {
        self.place.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it stands within another argument.
    pub fn is_nested(&self) -> bool {
        self.place.matches('/').count() > 1
    }

    /// Whether the schema names this type and no other.
    pub fn is(&self, kind: &str) -> bool {
        self.schema.get("type").and_then(Value::as_str) == Some(kind)
    }

    /// Whether the schema has a keyword.
    pub fn has(&self, keyword: &str) -> bool {
        self.schema.contains_key(keyword)
    }

    /// Whether a text has this format.
    pub fn has_format(&self, format: &str) -> bool {
        self.schema.get("format").and_then(Value::as_str) == Some(format)
    }

    /// The texts that it lists.
    pub fn texts(&self) -> Vec<&str> {
        let values = self.schema.get("enum").and_then(Value::as_array);
        let values = values.into_iter().flatten();
        values.filter_map(Value::as_str).collect()
    }
}

/// Every site in some arguments.
pub fn sites(schema: &Value, arguments: &Value) -> Vec<Site> {
    let mut found = Vec::new();
    walk(schema, schema, arguments, "", &mut found, 0);
    found
}

fn walk(
    root: &Value,
    schema: &Value,
    value: &Value,
    place: &str,
    out: &mut Vec<Site>,
    depth: usize,
) {
    if depth > DEEPEST {
        return;
    }
    let flat = flat(root, schema, value);
    let mut add = |place: String, schema: &Value, value: &Value, required, named| {
        out.push(Site {
            place: place.clone(),
            schema: self::flat(root, schema, value),
            value: value.clone(),
            required,
            named,
        });
        walk(root, schema, value, &place, out, depth + 1);
    };
    match value {
        Value::Object(object) => {
            let required = flat.get("required").and_then(Value::as_array);
            for (name, value) in object {
                let Some(property) = flat.get("properties").and_then(|all| all.get(name)) else {
                    continue;
                };
                let required = required.is_some_and(|names| names.iter().any(|one| one == name));
                let step = name.replace('~', "~0").replace('/', "~1");
                add(format!("{place}/{step}"), property, value, required, true);
            }
        }
        Value::Array(items) => {
            if let Some(schema) = flat.get("items") {
                for (index, item) in items.iter().enumerate() {
                    add(format!("{place}/{index}"), schema, item, true, false);
                }
            }
        }
        _ => {}
    }
}

/// A schema as one object: what it refers to, its parts, and of a union the form that the value has.
fn flat(root: &Value, schema: &Value, value: &Value) -> Map<String, Value> {
    let mut made = Map::new();
    merge(root, schema, value, &mut made, 0);
    made
}

fn merge(root: &Value, schema: &Value, value: &Value, made: &mut Map<String, Value>, depth: usize) {
    let Some(object) = schema.as_object().filter(|_| depth <= DEEPEST) else {
        return;
    };
    for (keyword, said) in object {
        match (keyword.as_str(), said) {
            ("$ref", Value::String(reference)) => {
                let target = reference.strip_prefix('#').and_then(|at| root.pointer(at));
                if let Some(target) = target {
                    merge(root, target, value, made, depth + 1);
                }
            }
            ("allOf", Value::Array(parts)) => {
                for part in parts {
                    merge(root, part, value, made, depth + 1);
                }
            }
            ("anyOf" | "oneOf", Value::Array(forms)) => {
                if let Some(form) = forms.iter().find(|form| fits(root, form, value)) {
                    merge(root, form, value, made, depth + 1);
                }
            }
            ("properties", Value::Object(properties)) => {
                let known = made
                    .entry("properties")
                    .or_insert_with(|| Map::new().into())
                    .as_object_mut();
                if let Some(known) = known {
                    known.extend(properties.clone());
                }
            }
            ("required", Value::Array(names)) => {
                let known = made
                    .entry("required")
                    .or_insert_with(|| Value::Array(Vec::new()))
                    .as_array_mut();
                if let Some(known) = known {
                    known.extend(names.iter().cloned());
                }
            }
            _ => {
                made.entry(keyword.clone()).or_insert_with(|| said.clone());
            }
        }
    }
}

/// Whether a value can be of a form: its properties are known there, with the constants that it has.
fn fits(root: &Value, form: &Value, value: &Value) -> bool {
    let form = flat(root, form, value);
    let Some(object) = value.as_object() else {
        return true;
    };
    let properties = form.get("properties").and_then(Value::as_object);
    let fits = |(name, value): (&String, &Value)| {
        let property = properties.and_then(|all| all.get(name));
        property.is_some_and(|schema| {
            let constant = schema.get("const").is_none_or(|constant| constant == value);
            let listed = schema.get("enum").and_then(Value::as_array);
            constant && listed.is_none_or(|values| values.contains(value))
        })
    };
    object.iter().all(fits)
}
