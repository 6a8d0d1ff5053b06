//! A value that a schema accepts, to show in a message. What is shown is checked: an example that is
//! refused in its turn would be worse than none.

use crate::json::{Number, Object, Value};

use super::format::format;
use super::matching::texts;
use super::schema::{Root, Types, schemas};
use super::validate::is_valid;

/// Levels of a value that are made.
const DEEPEST: usize = 3;
/// Parts of a value, and forms of unions, that are tried.
const MOST_TRIED: usize = 200;
/// Steps of the check of one of them.
const STEPS: usize = 2_000;
/// Longest text, and most items, that a message is burdened with.
const LONGEST: usize = 100;
const MOST_ITEMS: u64 = 5;

/// An accepted value, if one is easy to find.
pub(super) fn example(root: Root<'_>, schema: &Object) -> Option<Value> {
    let mut maker = Maker {
        root,
        left: MOST_TRIED,
    };
    maker.value(schema, 0)
}

struct Maker<'a> {
    root: Root<'a>,
    left: usize,
}

impl<'a> Maker<'a> {
    fn value(&mut self, schema: &'a Object, depth: usize) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        if depth > DEEPEST {
            return None;
        }
        let parts = self.root.parts(schema)?;
        let said = given(&parts).find(|value| self.fits(schema, value));
        // `default: []` says what comes of nothing, and not what there can be.
        if said.as_ref().is_some_and(|said| !is_empty(said)) {
            return said;
        }
        self.made(schema, &parts, depth).or(said)
    }

    /// One that the schema does not name itself.
    fn made(&mut self, schema: &'a Object, parts: &[&'a Object], depth: usize) -> Option<Value> {
        let forms: Vec<&Object> = ["anyOf", "oneOf"]
            .into_iter()
            .flat_map(|keyword| parts.iter().flat_map(move |part| schemas(part, keyword)))
            .filter_map(Value::as_object)
            .collect();
        if forms.is_empty() {
            let made = self.of(parts, depth)?;
            return self.fits(schema, &made).then_some(made);
        }
        forms.into_iter().find_map(|form| {
            self.left = self.left.checked_sub(1)?;
            let mut parts = parts.to_vec();
            parts.extend(self.root.parts(form)?);
            let mut made = given(&parts).chain(self.of(&parts, depth));
            // Forms within forms.
            made.find(|made| self.fits(schema, made))
                .or_else(|| self.value(form, depth + 1))
                .filter(|made| self.fits(schema, made))
        })
    }

    fn fits(&self, schema: &Object, value: &Value) -> bool {
        let root = self.root;
        root.budget().aside(STEPS, || is_valid(root, schema, value))
    }

    /// A value of the type that the parts name.
    fn of(&mut self, parts: &[&'a Object], depth: usize) -> Option<Value> {
        let named = parts.iter().filter_map(|part| part.get("type"));
        let types = named.fold(Types::ALL, |types, named| types.and(Types::named(named)));
        if types == Types::ALL {
            let has_names = parts.iter().any(|part| part.contains_key("properties"));
            return has_names.then(|| self.object(parts, depth)).flatten();
        }
        if types.has(Types::STRING) {
            text(parts).map(Value::String)
        } else if types.has(Types::INTEGER) {
            number(parts).map(Value::Number)
        } else if types.has(Types::BOOLEAN) {
            Some(true.into())
        } else if types.has(Types::ARRAY) {
            self.array(parts, depth)
        } else if types.has(Types::OBJECT) {
            self.object(parts, depth)
        } else {
            None
        }
    }

    fn array(&mut self, parts: &[&'a Object], depth: usize) -> Option<Value> {
        let items = parts.iter().find_map(|part| part.get("items"))?;
        let item = self.value(items.as_object()?, depth + 1)?;
        let least = count(parts, "minItems").unwrap_or(1).max(1);
        (least <= MOST_ITEMS).then(|| (0..least).map(|_| item.clone()).collect())
    }

    /// What is required, and as many of the first other properties as there have to be: one at least.
    fn object(&mut self, parts: &[&'a Object], depth: usize) -> Option<Value> {
        let property = |name: &str| {
            let found = parts
                .iter()
                .find_map(|part| part.get("properties")?.get(name));
            found.and_then(Value::as_object)
        };
        let mut object = Object::new();
        for name in parts
            .iter()
            .flat_map(|part| schemas(part, "required"))
            .filter_map(Value::as_str)
        {
            if !object.contains_key(name) {
                object.insert(name.to_owned(), self.value(property(name)?, depth + 1)?);
            }
        }
        // A file needs its content, which may come in either of two ways.
        if property("data_base64").is_some() && property("text").is_some() {
            object.insert("text".to_owned(), "text".into());
        }
        let least = count(parts, "minProperties").unwrap_or(1).max(1);
        let properties = parts
            .iter()
            .filter_map(|part| part.get("properties")?.as_object());
        for (name, schema) in properties.flatten() {
            if object.len() as u64 >= least {
                break;
            }
            if !object.contains_key(name)
                && let Some(schema) = schema.as_object()
                && let Some(value) = self.value(schema, depth + 1)
            {
                object.insert(name.clone(), value);
            }
        }
        if object.is_empty() {
            object.extend(self.free(parts, depth));
        }
        Some(Value::Object(object))
    }

    /// A property whose name is free to choose.
    fn free(&mut self, parts: &[&'a Object], depth: usize) -> Option<(String, Value)> {
        let value = match parts
            .iter()
            .find_map(|part| part.get("additionalProperties"))?
        {
            Value::Object(schema) if !schema.is_empty() => self.value(schema, depth + 1)?,
            Value::Bool(false) => return None,
            _ => "text".into(),
        };
        Some(("key".to_owned(), value))
    }
}

/// Whether a value has nothing in it.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Values that the schema itself names.
fn given<'a>(parts: &[&'a Object]) -> impl Iterator<Item = Value> + use<'a> {
    let first = |keyword: &str| parts.iter().find_map(|part| schemas(part, keyword).first());
    let one = |keyword: &str| parts.iter().find_map(|part| part.get(keyword));
    let all = [
        one("x-example"),
        first("examples"),
        one("const"),
        one("default"),
        first("enum"),
    ];
    all.into_iter().flatten().cloned()
}

fn count(parts: &[&Object], keyword: &str) -> Option<u64> {
    parts.iter().find_map(|part| part.get(keyword)?.as_u64())
}

fn text(parts: &[&Object]) -> Option<String> {
    let word = |keyword: &str| parts.iter().find_map(|part| part.get(keyword)?.as_str());
    if let Some(named) = word("format").and_then(format) {
        return Some(named.example.to_owned());
    }
    let length = |keyword| count(parts, keyword).map(usize::try_from).transpose();
    let (least, most) = (length("minLength").ok()?, length("maxLength").ok()?);
    let (least, most) = (least.unwrap_or(0), most.unwrap_or(LONGEST).min(LONGEST));
    let fits = |text: &String| (least..=most).contains(&text.chars().count());
    if let Some(pattern) = word("pattern") {
        let rule = super::pattern_for(pattern)?;
        return texts(pattern, 0, least).find(|text| fits(text) && rule.is_match(text));
    }
    let mut made: String = "text".chars().take(most).collect();
    while made.chars().count() < least.min(LONGEST) {
        made.push('x');
    }
    Some(made).filter(fits)
}

/// The least that is accepted, or a number within the other limits.
fn number(parts: &[&Object]) -> Option<Number> {
    let bound = |keyword: &str| parts.iter().find_map(|part| part.get(keyword)?.as_number());
    let beyond = |keyword: &str, step: i64| {
        let next = bound(keyword)?.as_i64()?.checked_add(step)?;
        Some(Number::from(next))
    };
    bound("minimum")
        .cloned()
        .or_else(|| beyond("exclusiveMinimum", 1))
        .or_else(|| bound("multipleOf").cloned())
        .or_else(|| bound("maximum").cloned())
        .or_else(|| beyond("exclusiveMaximum", -1))
        .or_else(|| Some(1.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::schema::Work;
    use crate::json::json;

    #[test]
    fn an_object_has_as_many_properties_as_it_has_to_have() {
        let text = json!({"type": "string"});
        for (rules, expected) in [
            (json!({}), json!({"a": "text"})),
            (json!({"required": ["id"]}), json!({"id": 1})),
            (
                json!({"required": ["id"], "minProperties": 2}),
                json!({"id": 1, "a": "text"}),
            ),
            (
                json!({"minProperties": 3}),
                json!({"a": "text", "id": 1, "b": "text"}),
            ),
            (json!({"minProperties": 4}), Value::Null),
        ] {
            let properties = json!({"a": text, "id": {"type": "integer"}, "b": text});
            let mut schema = rules.as_object().cloned().unwrap_or_default();
            schema.insert("type".to_owned(), "object".into());
            schema.insert("properties".to_owned(), properties);
            let work = Work::default();
            let root = Root::new(&schema, &work);
            root.budget().grant(&Value::Null);
            let made = example(root, &schema).unwrap_or_default();
            assert_eq!(made, expected, "{rules}");
        }
    }
}
