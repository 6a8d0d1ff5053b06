//! Fields of a schema, in short: type, whether it is required, valid values.

use serde_json::json;

use crate::arguments::LISTED_VALUES;
use crate::json::{Object, Value};

/// References that are followed from one field.
const MOST_HOPS: usize = 8;

/// Levels of objects that are described, and fields below the first level.
const DEEPEST: usize = 3;
const MOST_FIELDS: usize = 200;
/// Forms of a value that are described.
const MOST_FORMS: usize = 6;

/// Values of a long list that are shown.
const FIRST_VALUES: usize = 3;

/// `{field: {type, required, enum, format}}` of a tool's arguments, without the record's id. An object has `fields` in
/// its turn, a list of objects `items`, a list of plain values `of`, a value of several forms `forms`; where these are too
/// many, `left_out` says how many there are beside those shown. Of a long list of values `values` says how many there
/// are, `examples` has the first ones, and `resource` is where `uri` says that all are.
pub(super) fn fields(
    schema: &Object,
    id: Option<&str>,
    uri: &dyn Fn(&[Value]) -> Option<String>,
) -> Object {
    let mut describer = Describer {
        root: schema,
        uri,
        left: MOST_FIELDS,
    };
    describer.within(schema, id, 0)
}

struct Describer<'a> {
    root: &'a Object,
    uri: &'a dyn Fn(&[Value]) -> Option<String>,
    /// Fields below the first level that may still be described.
    left: usize,
}

impl Describer<'_> {
    fn within(&mut self, schema: &Object, id: Option<&str>, depth: usize) -> Object {
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| {
            required.is_some_and(|names| names.iter().any(|known| known.as_str() == Some(name)))
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flatten()
            .filter(|(name, _)| Some(name.as_str()) != id)
            .map_while(|(name, property)| {
                // Nothing of what the record has itself is left out for what an object in it has.
                if depth > 0 {
                    self.left = self.left.checked_sub(1)?;
                }
                let mut shown = self.shape(property, depth);
                if is_required(name) {
                    shown.insert("required".to_owned(), true.into());
                }
                Some((name.clone(), Value::Object(shown)))
            })
            .collect()
    }

    fn shape(&mut self, property: &Value, depth: usize) -> Object {
        let root = self.root;
        let property = resolved(root, property);
        let mut shown = Object::new();
        let Some(property) = property.as_object() else {
            return shown;
        };
        if let Some(kind) = kind(root, property) {
            shown.insert("type".to_owned(), kind);
        }
        self.values(property, &mut shown);
        for keyword in ["format", "default"] {
            let value = property.get(keyword);
            if let Some(value) = value.filter(|value| !is_nothing(value)) {
                shown.insert(keyword.to_owned(), value.clone());
            }
        }
        if depth >= DEEPEST {
            return shown;
        }
        if let Some(all) = property.get("properties").and_then(Value::as_object) {
            let inner = self.within(property, None, depth + 1);
            if let Some(more) = all.len().checked_sub(inner.len()).filter(|more| *more > 0) {
                shown.insert("left_out".to_owned(), more.into());
            }
            shown.insert("fields".to_owned(), inner.into());
        }
        let forms = forms(root, property);
        if forms.len() > 1 {
            let forms = forms.into_iter().take(MOST_FORMS);
            let forms: Vec<Value> = forms
                .map(|form| self.within(form, None, depth + 1).into())
                .collect();
            shown.insert("forms".to_owned(), forms.into());
        }
        if let Some(items) = property.get("items") {
            let mut items = self.shape(items, depth + 1);
            let kind = items.shift_remove("type");
            if let Some(inner) = items.shift_remove("fields") {
                shown.insert("items".to_owned(), inner);
            } else if let Some(kind) = kind.filter(|_| {
                let said = ["enum", "forms"];
                !said.iter().any(|name| items.contains_key(*name))
            }) {
                shown.insert("of".to_owned(), kind);
            }
            for (name, said) in items {
                if PROMOTED.contains(&name.as_str()) {
                    shown.insert(name, said);
                }
            }
        }
        shown
    }

    /// The valid values, or of a long list how many there are, and where.
    fn values(&self, property: &Object, shown: &mut Object) {
        let Some(values) = property.get("enum") else {
            return;
        };
        let Some(all) = values.as_array().filter(|all| all.len() > LISTED_VALUES) else {
            shown.insert("enum".to_owned(), values.clone());
            return;
        };
        let first = all.iter().take(FIRST_VALUES).cloned();
        shown.insert("values".to_owned(), all.len().into());
        shown.insert("examples".to_owned(), first.collect());
        if let Some(uri) = (self.uri)(all) {
            shown.insert("resource".to_owned(), uri.into());
        }
    }
}

/// What is said of a list as its items have it.
const PROMOTED: [&str; 7] = [
    "enum", "values", "examples", "resource", "format", "forms", "left_out",
];

/// Whether a default says no more than that nothing is there.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// The forms of a value that have fields.
fn forms<'a>(root: &'a Object, property: &'a Object) -> Vec<&'a Object> {
    let branches = ["anyOf", "oneOf"].into_iter();
    let branches = branches.filter_map(|keyword| property.get(keyword)?.as_array());
    let forms = branches.flatten().map(|branch| resolved(root, branch));
    let forms = forms.filter_map(Value::as_object);
    let own = property.get("properties").and_then(Value::as_object);
    let is_own = |name: &String| own.is_some_and(|own| own.contains_key(name));
    // A form that has no names of its own says which of them have to be there.
    let has_more = |form: &&Object| {
        let named = form.get("properties").and_then(Value::as_object);
        named.is_some_and(|named| !named.keys().all(is_own))
    };
    forms.filter(has_more).collect()
}

/// The type; of a union, those of its branches.
fn kind(root: &Object, schema: &Object) -> Option<Value> {
    if let Some(kind) = schema.get("type") {
        return Some(kind.clone());
    }
    let branches = ["anyOf", "oneOf"]
        .into_iter()
        .filter_map(|keyword| schema.get(keyword));
    let mut kinds: Vec<Value> = Vec::new();
    for branch in branches.filter_map(Value::as_array).flatten() {
        if let Some(kind) = resolved(root, branch).get("type")
            && !kinds.contains(kind)
        {
            kinds.push(kind.clone());
        }
    }
    match kinds.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(json!(kinds)),
    }
}

fn resolved<'a>(root: &'a Object, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..MOST_HOPS {
        let name = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.strip_prefix("#/$defs/"));
        match name.and_then(|name| root.get("$defs")?.get(name)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_large_object_takes_no_place_of_fields_beside_it() {
        let many: serde_json::Map<String, serde_json::Value> = (0..250)
            .map(|n| (format!("f{n}"), json!({"type": "string"})))
            .collect();
        let mut properties = many.clone();
        properties.insert(
            "a".to_owned(),
            json!({"type": "object", "properties": many}),
        );
        properties.insert("name".to_owned(), json!({"type": "string"}));
        let schema = json!({"properties": properties, "required": ["name"]});
        let empty = serde_json::Map::new();
        let fields = super::fields(schema.as_object().unwrap_or(&empty), None, &|_| None);
        assert_eq!(fields.len(), 252);
        let inner = fields.get("a").and_then(|a| a.get("fields")?.as_object());
        assert_eq!(inner.map(serde_json::Map::len), Some(200));
        assert_eq!(
            fields.get("a").and_then(|a| a.get("left_out")),
            Some(&json!(50))
        );
        assert_eq!(
            fields.get("name"),
            Some(&json!({"type": "string", "required": true}))
        );
    }

    #[test]
    fn fields_say_type_requirement_and_valid_values() {
        let many: Vec<String> = (0..26).map(|n| format!("A{n}")).collect();
        let schema = json!({
            "type": "object",
            "properties": {
                "id": {"type": "integer"},
                "status": {"type": "string", "enum": ["a", "b"], "description": "long"},
                "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}},
                "when": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                "how": {"oneOf": [{"type": "object"}, {"type": "object"}]},
                "loop": {"$ref": "#/$defs/loop"},
                "address": {"type": "object", "required": ["city"], "properties": {
                    "city": {"type": "string"}, "zip": {"type": "string"},
                }},
                "lines": {"type": "array", "items": {"type": "object", "properties": {
                    "unit": {"type": "string", "enum": ["hour", "day"]},
                }}},
                "country": {"type": "string", "enum": many},
                "regions": {"type": "array", "default": [], "items": {"type": "string", "enum": many}},
                "owners": {"type": "array", "items": {"type": "string", "format": "uuid"}},
                "rows": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
                "method": {"anyOf": [
                    {"type": "object", "properties": {"type": {"enum": ["card"]}}},
                    {"type": "object", "properties": {"type": {"enum": ["cash"]}}},
                ]},
            },
            "required": ["id", "status"],
            "$defs": {"tag": {"type": "string", "enum": ["x"]}, "loop": {"$ref": "#/$defs/loop"}},
        });
        let empty = serde_json::Map::new();
        let schema = schema.as_object().unwrap_or(&empty);
        let fields = super::fields(schema, Some("id"), &|values| {
            Some(format!("crm://enums/of_{}", values.len()))
        });
        assert_eq!(
            serde_json::Value::Object(fields),
            json!({
                "status": {"type": "string", "enum": ["a", "b"], "required": true},
                "tags": {"type": "array", "enum": ["x"]},
                "when": {"type": ["string", "integer"]},
                "how": {"type": "object"},
                "loop": {},
                "address": {"type": "object", "fields": {
                    "city": {"type": "string", "required": true}, "zip": {"type": "string"},
                }},
                "lines": {"type": "array", "items": {
                    "unit": {"type": "string", "enum": ["hour", "day"]},
                }},
                "country": {
                    "type": "string", "values": 26, "examples": ["A0", "A1", "A2"],
                    "resource": "crm://enums/of_26",
                },
                "regions": {
                    "type": "array", "of": "string", "values": 26, "examples": ["A0", "A1", "A2"],
                    "resource": "crm://enums/of_26",
                },
                "owners": {"type": "array", "of": "string", "format": "uuid"},
                "rows": {"type": "array", "of": "array"},
                "method": {"type": "object", "forms": [
                    {"type": {"enum": ["card"]}}, {"type": {"enum": ["cash"]}},
                ]},
            })
        );
    }
}
