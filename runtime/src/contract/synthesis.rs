//! Arguments made up from a tool's schema. Every scalar that can be is different from every other, so
//! that one that is lost or sent twice is noticed.

use crate::json::place::unescaped;
use std::fmt;

use super::text;
use crate::json::{Object, Value, json};

/// Levels of nesting that are filled.
const DEEPEST: usize = 16;
/// Values after which optional ones below the arguments are left out.
const MOST: u64 = 2_000;
/// Most items of an array, whatever its schema asks for.
const MOST_ITEMS: u64 = 100;

/// Which arguments are made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Optional ones too.
    pub all: bool,
    /// Which branch of a union and which value of an enumeration; counted from 0, over and over.
    pub branch: usize,
}

impl Plan {
    /// What is required.
    pub const REQUIRED: Self = Self {
        all: false,
        branch: 0,
    };
    /// Everything.
    pub const ALL: Self = Self {
        all: true,
        branch: 0,
    };
    /// Everything, with the second branch of every union.
    pub const OTHER: Self = Self {
        all: true,
        branch: 1,
    };
    /// Those that are tried with every operation.
    pub const USUAL: [Self; 3] = [Self::REQUIRED, Self::ALL, Self::OTHER];
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.all, self.branch) {
            (false, _) => f.write_str("required only"),
            (true, 0) => f.write_str("all fields"),
            (true, branch) => write!(f, "all fields, branch {branch}"),
        }
    }
}

/// Makes up arguments that the schema accepts.
///
/// # Errors
/// When no value can be made up for something that is required; names the place.
pub fn arguments(schema: &Object, plan: Plan) -> Result<Object, String> {
    let mut maker = Maker {
        root: schema,
        plan,
        made: 0,
    };
    match maker.value(schema, 0) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(format!("the arguments are no object but {other}")),
        Err(place) => Err(format!("no value can be made up for {place}")),
    }
}

/// Whether an object with these properties stands for a file, or for a body of bytes.
fn is_file(properties: &Object) -> bool {
    properties.contains_key("data_base64") && properties.contains_key("text")
}

struct Maker<'a> {
    root: &'a Object,
    plan: Plan,
    made: u64,
}

impl Maker<'_> {
    fn value(&mut self, schema: &Object, depth: usize) -> Result<Value, String> {
        if depth > DEEPEST {
            return Err(String::new());
        }
        let schema = &self.flat(schema, depth);
        self.made = self.made.saturating_add(1);
        if let Some(only) = schema.get("const") {
            return Ok(only.clone());
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            let values: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
            let chosen = self.plan.branch.checked_rem(values.len()).unwrap_or(0);
            return Ok(values
                .get(chosen)
                .map_or(Value::Null, |value| (*value).clone()));
        }
        match kind(schema) {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, depth),
            "boolean" => Ok(Value::Bool(self.plan.branch == 0)),
            "null" => Ok(Value::Null),
            "integer" => Ok(number(schema, self.made, true)),
            "number" => Ok(number(schema, self.made, false)),
            _ => text::text(schema, self.made).map(Value::String),
        }
    }

    /// The schema with what its references, `allOf` and the chosen branch of its unions add.
    fn flat(&self, schema: &Object, depth: usize) -> Object {
        let mut flat = schema.clone();
        if depth > DEEPEST {
            return flat;
        }
        let target = flat
            .shift_remove("$ref")
            .and_then(|reference| self.target(reference.as_str()?).cloned());
        let all = flat.shift_remove("allOf");
        let mut parts: Vec<Value> = target.into_iter().collect();
        parts.extend(
            all.and_then(|all| all.as_array().cloned())
                .unwrap_or_default(),
        );
        for keyword in ["anyOf", "oneOf"] {
            let branches = flat.shift_remove(keyword);
            let branches = branches.as_ref().and_then(Value::as_array);
            let branches: Vec<&Value> = branches
                .into_iter()
                .flatten()
                .filter(|branch| branch.get("type") != Some(&json!("null")))
                .collect();
            let chosen = self.plan.branch.checked_rem(branches.len()).unwrap_or(0);
            if keyword == "oneOf" {
                only_one(&mut flat, &branches, chosen);
            }
            parts.extend(branches.get(chosen).map(|branch| (*branch).clone()));
        }
        for part in parts.iter().filter_map(Value::as_object) {
            absorb(&mut flat, self.flat(part, depth.saturating_add(1)));
        }
        flat
    }

    fn target(&self, reference: &str) -> Option<&Value> {
        let steps = reference.strip_prefix("#/")?;
        let (first, rest) = steps.split_once('/').unwrap_or((steps, ""));
        let first = self.root.get(&unescaped(first))?;
        first.pointer(&if rest.is_empty() {
            String::new()
        } else {
            format!("/{rest}")
        })
    }

    fn object(&mut self, schema: &Object, depth: usize) -> Result<Value, String> {
        let empty = Object::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        let properties = properties.unwrap_or(&empty);
        if is_file(properties) {
            return Ok(self.file(properties));
        }
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut object = Object::new();
        for (name, property) in properties {
            let needed = required.contains(&name.as_str());
            let wanted = self.plan.all && (depth == 0 || self.made < MOST);
            if !needed && (!wanted || is_cut(property)) {
                continue;
            }
            let made = match property {
                Value::Object(property) => self.value(property, depth.saturating_add(1)),
                _ => Ok(json!(format!("v{}", self.made))),
            };
            match made {
                Ok(value) => {
                    object.insert(name.clone(), value);
                }
                Err(place) if needed || depth == 0 => return Err(format!("/{name}{place}")),
                Err(_) => {}
            }
        }
        self.least(schema, properties, depth, &mut object);
        self.dependent(schema, properties, depth, &mut object)?;
        self.further(schema, &required, depth, &mut object)?;
        Ok(Value::Object(object))
    }

    /// Optional properties, as many as there have to be.
    fn least(&mut self, schema: &Object, properties: &Object, depth: usize, object: &mut Object) {
        let least = schema.get("minProperties").and_then(Value::as_u64);
        for (name, property) in properties {
            if object.len() as u64 >= least.unwrap_or(0) {
                return;
            }
            if object.contains_key(name) {
                continue;
            }
            let made = match property {
                Value::Object(property) => self.value(property, depth.saturating_add(1)),
                _ => Ok(json!(format!("v{}", self.made))),
            };
            if let Ok(value) = made {
                object.insert(name.clone(), value);
            }
        }
    }

    /// What is required where something else is given.
    fn dependent(
        &mut self,
        schema: &Object,
        properties: &Object,
        depth: usize,
        object: &mut Object,
    ) -> Result<(), String> {
        let rules = schema.get("dependentRequired").and_then(Value::as_object);
        let Some(rules) = rules else { return Ok(()) };
        let missing = |object: &Object| {
            let names = rules
                .iter()
                .filter(|(given, _)| object.contains_key(*given));
            let names = names.filter_map(|(_, names)| names.as_array()).flatten();
            let mut names = names.filter_map(Value::as_str);
            names
                .find(|name| !object.contains_key(*name))
                .map(str::to_owned)
        };
        while let Some(name) = missing(object) {
            let made = match properties.get(&name) {
                Some(Value::Object(property)) => self
                    .value(property, depth.saturating_add(1))
                    .map_err(|place| format!("/{name}{place}"))?,
                _ => json!(format!("v{}", self.made)),
            };
            object.insert(name, made);
        }
        Ok(())
    }

    /// Names that are required without a schema, and one that is free to choose.
    fn further(
        &mut self,
        schema: &Object,
        required: &[&str],
        depth: usize,
        object: &mut Object,
    ) -> Result<(), String> {
        let additional = schema.get("additionalProperties");
        let mut names: Vec<String> = required
            .iter()
            .filter(|name| !object.contains_key(**name))
            .map(|name| (*name).to_owned())
            .collect();
        let least = schema.get("minProperties").and_then(Value::as_u64);
        let least = least.unwrap_or(0).min(MOST_ITEMS);
        let open = match additional {
            Some(Value::Object(_)) => self.plan.all,
            Some(Value::Bool(open)) => *open && self.plan.all && object.is_empty(),
            _ => false,
        };
        let most = schema.get("maxProperties").and_then(Value::as_u64);
        let room = most.is_none_or(|most| (object.len() as u64) < most);
        let mut wanted = least.saturating_sub(object.len() as u64 + names.len() as u64);
        if open && names.is_empty() && room {
            wanted = wanted.max(1);
        }
        for number in 0..wanted {
            names.push(self.name(schema, number, depth)?);
        }
        for name in names {
            let made = match additional {
                Some(Value::Object(values)) => self
                    .value(values, depth.saturating_add(1))
                    .map_err(|place| format!("/{name}{place}"))?,
                _ => json!(format!("v{}", self.made)),
            };
            object.insert(name, made);
        }
        Ok(())
    }

    /// A name that is free to choose within the rule for names, if there is one.
    fn name(&mut self, schema: &Object, number: u64, depth: usize) -> Result<String, String> {
        let free = match number {
            0 => format!("k{}", self.made),
            _ => format!("k{}x{number}", self.made),
        };
        let Some(rule) = schema.get("propertyNames").and_then(Value::as_object) else {
            return Ok(free);
        };
        let plan = self.plan;
        // Values of a list differ by their branch alone; unions name the properties last.
        self.plan.branch = usize::try_from(number).unwrap_or(0);
        let rule = match rule
            .get("anyOf")
            .and_then(Value::as_array)
            .and_then(|all| all.first())
        {
            Some(Value::Object(first)) => first,
            _ => rule,
        };
        let made = self.value(rule, depth.saturating_add(1));
        self.plan = plan;
        match made? {
            Value::String(name) => Ok(name),
            _ => Ok(free),
        }
    }

    fn file(&self, properties: &Object) -> Value {
        let content = format!("v{}", self.made);
        let encoded = self.plan.all && self.plan.branch == 0;
        let mut file = Object::new();
        if properties.contains_key("filename") {
            let name = if encoded { "a.bin" } else { "a.txt" };
            file.insert("filename".to_owned(), json!(name));
        } else if let Some(kind) = properties.get("content_type") {
            // Bodies of bytes have one where the document leaves it open.
            let example = kind.pointer("/examples/0").cloned();
            let fallback = json!("application/octet-stream");
            file.insert("content_type".to_owned(), example.unwrap_or(fallback));
        }
        if encoded {
            use base64::Engine as _;
            let data = base64::engine::general_purpose::STANDARD.encode(content);
            let own = json!("application/octet-stream");
            file.entry("content_type").or_insert(own);
            file.insert("data_base64".to_owned(), json!(data));
        } else {
            file.insert("text".to_owned(), json!(content));
        }
        if !properties.contains_key("content_type") {
            file.shift_remove("content_type");
        }
        Value::Object(file)
    }

    fn array(&mut self, schema: &Object, depth: usize) -> Result<Value, String> {
        let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
        let least = limit("minItems").unwrap_or(0);
        let most = limit("maxItems").unwrap_or(u64::MAX).min(MOST_ITEMS);
        let first = schema.get("prefixItems").and_then(Value::as_array);
        let first: &[Value] = first.map_or(&[], Vec::as_slice);
        let items = schema.get("items").and_then(Value::as_object);
        let untold = items.is_none_or(Object::is_empty) && first.is_empty();
        let usual = if untold && depth > 1 {
            0
        } else if self.plan.all {
            2
        } else {
            1
        };
        let usual = usual.max(first.len() as u64);
        let count = usual.max(least).min(most.max(least)).min(MOST_ITEMS);
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let mut made: Vec<Value> = Vec::new();
        let branch = self.plan.branch;
        for index in 0..usize::try_from(count).unwrap_or(0) {
            if unique {
                // Enumerations and unions differ by their branch alone.
                self.plan.branch = branch.saturating_add(index);
            }
            let value = match first.get(index).and_then(Value::as_object).or(items) {
                Some(item) if !item.is_empty() => self.value(item, depth.saturating_add(1)),
                _ => Ok(json!(format!("v{}i{index}", self.made))),
            };
            match value {
                Ok(value) if !(unique && made.contains(&value)) => made.push(value),
                Ok(_) => {}
                Err(place) if least > 0 || depth <= 1 => {
                    self.plan.branch = branch;
                    return Err(format!("/{index}{place}"));
                }
                Err(_) => {}
            }
        }
        self.plan.branch = branch;
        Ok(Value::Array(made))
    }
}

/// A schema that only says that it is the same as one around it.
fn is_cut(schema: &Value) -> bool {
    schema
        .get("description")
        .and_then(Value::as_str)
        .is_some_and(|text| text.starts_with("Nested; the same shape as "))
}

/// Where each branch says which names have to be there, leaves out those of the branches that are not meant.
fn only_one(flat: &mut Object, branches: &[&Value], chosen: usize) {
    let is_rule = |branch: &&Value| {
        let members = branch.as_object();
        members.is_some_and(|members| members.keys().all(|keyword| keyword == "required"))
    };
    if !branches.iter().all(is_rule) {
        return;
    }
    let names = |branch: &Value| -> Vec<String> {
        let names = branch.get("required").and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        names.map(str::to_owned).collect()
    };
    let kept = branches
        .get(chosen)
        .map(|one| names(one))
        .unwrap_or_default();
    let Some(Value::Object(properties)) = flat.get_mut("properties") else {
        return;
    };
    for name in branches.iter().flat_map(|branch| names(branch)) {
        if !kept.contains(&name) {
            properties.shift_remove(&name);
        }
    }
}

/// What a part says is added; where both say something, names and lists are put together.
fn absorb(flat: &mut Object, part: Object) {
    for (keyword, value) in part {
        match (flat.get_mut(&keyword), value) {
            (Some(Value::Object(own)), Value::Object(more)) => own.extend(more),
            (Some(Value::Array(own)), Value::Array(more)) if keyword == "required" => {
                own.extend(more);
            }
            (_, value) => {
                flat.insert(keyword, value);
            }
        }
    }
}

fn kind(schema: &Object) -> &str {
    let named = match schema.get("type") {
        Some(Value::Array(names)) => names.iter().find(|name| *name != "null"),
        named => named,
    };
    match named.and_then(Value::as_str) {
        Some(name) => name,
        None if schema.contains_key("properties") => "object",
        None if schema.contains_key("items") => "array",
        None if schema.contains_key("minimum") || schema.contains_key("maximum") => "number",
        None => "string",
    }
}

fn number(schema: &Object, marker: u64, whole: bool) -> Value {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let step = bound("multipleOf").filter(|step| *step > 0.0);
    let unit = step.unwrap_or(if whole { 1.0 } else { 0.5 });
    let above = |limit: f64| {
        if whole {
            limit.floor() + 1.0
        } else {
            limit + unit.min(1e-3 * limit.abs().max(1.0))
        }
    };
    let below = |limit: f64| {
        if whole {
            limit.ceil() - 1.0
        } else {
            limit - unit.min(1e-3 * limit.abs().max(1.0))
        }
    };
    let least = match (bound("minimum"), bound("exclusiveMinimum").map(above)) {
        (Some(a), Some(b)) => a.max(b),
        (a, b) => a.or(b).unwrap_or(f64::NEG_INFINITY),
    };
    let most = match (bound("maximum"), bound("exclusiveMaximum").map(below)) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b).unwrap_or(f64::INFINITY),
    };
    #[allow(clippy::cast_precision_loss, reason = "markers are small")]
    let wanted = (marker as f64) * if whole || step.is_some() { unit } else { 1.0 }
        + if whole || step.is_some() { 0.0 } else { 0.5 };
    let mut made = wanted;
    if made < least {
        made = least
            + if (least + wanted) <= most {
                wanted
            } else {
                0.0
            };
    }
    if made > most {
        made = most;
    }
    if let Some(step) = step {
        let down = (made / step).floor() * step;
        made = if down < least {
            (made / step).ceil() * step
        } else {
            down
        };
    }
    if whole || made.fract() == 0.0 {
        let made = if whole && made.fract() != 0.0 {
            made.ceil()
        } else {
            made
        };
        #[allow(clippy::cast_possible_truncation, reason = "saturates")]
        return json!(made as i64);
    }
    json!(made)
}

#[cfg(test)]
mod tests;
