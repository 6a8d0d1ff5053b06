//! The check itself: the keywords of JSON Schema 2020-12 (validation §6, core §10) that the generator
//! emits.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use regex::{Regex, RegexBuilder};

use crate::json::{Object, Value};
use crate::text::nearest;

use super::example::example;
use super::format::format;
use super::number::{compare, equal, is_multiple};
use super::problem::{Problem, show};
use super::schema::{Root, Types, schemas};
use super::{Nulls, number};

const MAX_DEPTH: usize = 64;
/// Problems of a call that are looked for: far more than are shown, and few enough that a large call
/// cannot keep the server busy with wording them.
pub(super) const MAX_FOUND: usize = 200;
/// Enum values that are worth listing.
const MAX_VALUES: usize = 40;

/// Every problem that a value has with a schema, as the standard defines it.
#[must_use]
pub fn validate(schema: &Object, value: &Value) -> Vec<Problem> {
    find(Root::new(schema), schema, value, Nulls::At(&[]), usize::MAX)
}

/// The first problems that a value has with a schema, at most [`MAX_FOUND`].
pub(super) fn problems(
    root: Root<'_>,
    schema: &Object,
    value: &Value,
    nulls: Nulls<'_>,
) -> Vec<Problem> {
    find(root, schema, value, nulls, MAX_FOUND)
}

pub(super) fn is_valid(root: Root<'_>, schema: &Object, value: &Value) -> bool {
    find(root, schema, value, Nulls::At(&[]), 1).is_empty()
}

fn find(
    root: Root<'_>,
    schema: &Object,
    value: &Value,
    nulls: Nulls<'_>,
    most: usize,
) -> Vec<Problem> {
    let mut check = Check {
        root,
        nulls,
        path: Vec::new(),
        problems: Vec::new(),
        most,
    };
    check.value(schema, value);
    check.problems
}

struct Check<'a> {
    root: Root<'a>,
    nulls: Nulls<'a>,
    path: Vec<String>,
    problems: Vec<Problem>,
    /// Problems after which the rest of an array or object is not looked at.
    most: usize,
}

impl<'a> Check<'a> {
    fn has_enough(&self) -> bool {
        self.problems.len() >= self.most
    }

    fn fail(&mut self, message: String) {
        self.problems.push(Problem::new(&self.path, message));
    }

    /// An accepted value as a sentence of its own, or nothing.
    fn example(&self, schema: &Object) -> String {
        example(self.root, schema, 0)
            .map_or_else(String::new, |value| format!(" Example: {value}."))
    }

    fn at(&mut self, key: String, schema: &'a Value, value: &Value) {
        self.path.push(key);
        match schema {
            Value::Bool(false) => self.fail("nothing is accepted here.".to_owned()),
            Value::Object(schema) => self.value(schema, value),
            _ => {}
        }
        self.path.pop();
    }

    fn value(&mut self, schema: &'a Object, value: &Value) {
        if self.path.len() > MAX_DEPTH {
            return self.fail(format!("nested deeper than {MAX_DEPTH} levels."));
        }
        if value.is_null()
            && !self.path.is_empty()
            && matches!(self.nulls, Nulls::At(_))
            && self.nulls.keep(&self.path)
        {
            return;
        }
        let Some(parts) = self.root.parts(schema) else {
            return self.fail("nothing is accepted here.".to_owned());
        };
        // A wrong type makes every further remark on the value noise.
        let types = self.root.types(schema, 0);
        let declared = parts.iter().all(|part| {
            part.get("type")
                .is_none_or(|named| Types::named(named).has(Types::of(value)))
        });
        if !declared {
            let example = self.example(schema);
            let expected = self.expected(&parts, types);
            return self.fail(format!(
                "expected {expected}, got {}.{example}",
                show(value)
            ));
        }
        for part in &parts {
            self.listed(part, value);
            match value {
                Value::String(text) => self.string(schema, part, text),
                Value::Number(number) => self.number(part, number),
                Value::Array(items) => self.array(part, items),
                Value::Object(object) => self.object(part, object),
                _ => {}
            }
            self.any_of(part, value);
            self.one_of(part, value);
        }
    }

    fn expected(&self, parts: &[&Object], types: Types) -> String {
        let named = parts
            .iter()
            .find_map(|part| format(part.get("format")?.as_str()?));
        match named {
            Some(named) if types == Types::STRING => named.words.to_owned(),
            _ => types.words(),
        }
    }

    fn listed(&mut self, part: &Object, value: &Value) {
        if let Some(constant) = part.get("const")
            && !equal(constant, value)
        {
            self.fail(format!("expected {constant}, got {}.", show(value)));
        }
        let Some(values) = part.get("enum").and_then(Value::as_array) else {
            return;
        };
        if values.iter().any(|allowed| equal(allowed, value)) {
            return;
        }
        let mut message = format!("{} is not an allowed value.", show(value));
        let near = value
            .as_str()
            .and_then(|text| nearest(text, values.iter().filter_map(Value::as_str)));
        if let Some(near) = near {
            message += &format!(" Did you mean \"{near}\"?");
        }
        let shown: Vec<String> = values
            .iter()
            .take(MAX_VALUES)
            .map(Value::to_string)
            .collect();
        message += &format!(" Allowed: {}", shown.join(", "));
        if values.len() > MAX_VALUES {
            message += &format!(" and {} more", values.len() - MAX_VALUES);
        }
        message.push('.');
        self.fail(message);
    }

    fn string(&mut self, schema: &Object, part: &Object, text: &str) {
        let length = || text.chars().count() as u64;
        if let Some(least) = count(part, "minLength")
            && length() < least
        {
            self.fail(format!(
                "expected at least {least} characters, got {}.",
                length()
            ));
        }
        if let Some(most) = count(part, "maxLength")
            && length() > most
        {
            self.fail(format!(
                "expected at most {most} characters, got {}.",
                length()
            ));
        }
        if let Some(pattern) = part.get("pattern").and_then(Value::as_str)
            && pattern_for(pattern).is_some_and(|regex| !regex.is_match(text))
        {
            let example = self.example(schema);
            self.fail(format!(
                "expected text that matches {pattern}, got {}.{example}",
                show(&text.into())
            ));
        }
        if let Some(named) = part.get("format").and_then(Value::as_str).and_then(format)
            && !(named.fits)(text)
        {
            let (words, example) = (named.words, named.example);
            self.fail(format!(
                "expected {words}, got {}. Example: \"{example}\".",
                show(&text.into())
            ));
            if let Some(problem) = self.problems.last_mut() {
                problem.dated = named.dated;
            }
        }
    }

    fn number(&mut self, part: &Object, number: &crate::json::Number) {
        let bound = |keyword: &str| part.get(keyword).and_then(Value::as_number);
        let against = |bound| compare(number, bound);
        for (keyword, words, holds) in [
            (
                "minimum",
                "at least",
                Ordering::is_ge as fn(Ordering) -> bool,
            ),
            ("maximum", "at most", Ordering::is_le),
            ("exclusiveMinimum", "more than", Ordering::is_gt),
            ("exclusiveMaximum", "less than", Ordering::is_lt),
        ] {
            if let Some(bound) = bound(keyword)
                && !against(bound).is_some_and(holds)
            {
                self.fail(format!("expected {words} {bound}, got {number}."));
            }
        }
        if let Some(Value::Number(step)) = part.get("multipleOf")
            && !is_multiple(number, step)
        {
            self.fail(format!("expected a multiple of {step}, got {number}."));
        }
    }

    fn array(&mut self, part: &'a Object, items: &[Value]) {
        self.size(part, items.len(), ["minItems", "maxItems"], "items");
        let prefix = schemas(part, "prefixItems");
        for (index, item) in items.iter().enumerate() {
            if self.has_enough() {
                return;
            }
            if let Some(schema) = prefix.get(index).or_else(|| part.get("items")) {
                self.at(index.to_string(), schema, item);
            }
        }
        if part.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen = HashMap::new();
            for (index, item) in items.iter().enumerate() {
                if let Some(first) = seen.insert(number::key(item), index) {
                    self.fail(format!(
                        "items {first} and {index} are the same; each may occur once."
                    ));
                    break;
                }
            }
        }
    }

    fn object(&mut self, part: &'a Object, object: &Object) {
        self.size(
            part,
            object.len(),
            ["minProperties", "maxProperties"],
            "properties",
        );
        let properties = part.get("properties").and_then(Value::as_object);
        for name in schemas(part, "required").iter().filter_map(Value::as_str) {
            if !object.contains_key(name) {
                let property = properties
                    .and_then(|p| p.get(name))
                    .and_then(Value::as_object);
                let message = property.map_or_else(
                    || "is required and missing.".to_owned(),
                    |schema| self.missing(schema),
                );
                self.path.push(name.to_owned());
                self.fail(message);
                self.path.pop();
            }
        }
        for (key, value) in object {
            if self.has_enough() {
                return;
            }
            if let Some(schema) = properties.and_then(|p| p.get(key)) {
                self.at(key.clone(), schema, value);
                continue;
            }
            match part.get("additionalProperties") {
                Some(Value::Bool(false)) => {
                    let names: Vec<&str> = properties
                        .into_iter()
                        .flat_map(Object::keys)
                        .map(String::as_str)
                        .collect();
                    let near = nearest(
                        key,
                        names
                            .iter()
                            .copied()
                            .filter(|name| !object.contains_key(*name)),
                    );
                    self.path.push(key.clone());
                    self.problems
                        .push(Problem::unknown(&self.path, near, &names));
                    self.path.pop();
                }
                Some(schema) => self.at(key.clone(), schema, value),
                None => {}
            }
        }
    }

    fn missing(&self, schema: &Object) -> String {
        let types = self.root.types(schema, 0);
        let parts = self.root.parts(schema).unwrap_or_default();
        let expected = if types == Types::ALL {
            "a value".to_owned()
        } else {
            self.expected(&parts, types)
        };
        format!(
            "is required and missing: expected {expected}.{}",
            self.example(schema)
        )
    }

    fn size(&mut self, part: &Object, size: usize, keywords: [&str; 2], what: &str) {
        let [least, most] = keywords.map(|keyword| count(part, keyword));
        if let Some(least) = least.filter(|least| (size as u64) < *least) {
            self.fail(format!("expected at least {least} {what}, got {size}."));
        }
        if let Some(most) = most.filter(|most| (size as u64) > *most) {
            self.fail(format!("expected at most {most} {what}, got {size}."));
        }
    }

    /// The problems that a value has with one form.
    fn trial(&self, branch: &'a Value, value: &Value) -> Vec<Problem> {
        let mut check = Check {
            root: self.root,
            nulls: self.nulls,
            path: self.path.clone(),
            problems: Vec::new(),
            most: self.most,
        };
        match branch {
            Value::Bool(false) => check.fail("nothing is accepted here.".to_owned()),
            Value::Object(schema) => check.value(schema, value),
            _ => {}
        }
        check.problems
    }

    fn any_of(&mut self, part: &'a Object, value: &Value) {
        let branches = schemas(part, "anyOf");
        if !branches.is_empty() {
            let trials: Vec<_> = branches
                .iter()
                .map(|branch| self.trial(branch, value))
                .collect();
            if !trials.iter().any(Vec::is_empty) {
                self.closest(branches, trials, value);
            }
        }
    }

    fn one_of(&mut self, part: &'a Object, value: &Value) {
        let branches = schemas(part, "oneOf");
        if branches.is_empty() {
            return;
        }
        let trials: Vec<_> = branches
            .iter()
            .map(|branch| self.trial(branch, value))
            .collect();
        match trials.iter().filter(|trial| trial.is_empty()).count() {
            0 => self.closest(branches, trials, value),
            1 => {}
            n => self.fail(format!(
                "fits {n} of the allowed forms; exactly one must fit."
            )),
        }
    }

    /// Reports on the form that the value comes closest to; if none has its type, on the types.
    fn closest(&mut self, branches: &'a [Value], trials: Vec<Vec<Problem>>, value: &Value) {
        let typed = branches.iter().zip(trials).filter(|(branch, _)| {
            branch
                .as_object()
                .is_some_and(|b| self.root.types(b, 0).has(Types::of(value)))
        });
        // A problem deeper down says more than one at this place.
        let place = Problem::new(&self.path, String::new()).pointer;
        let best = typed.min_by_key(|(_, trial)| {
            (
                trial.iter().filter(|p| p.pointer == place).count(),
                trial.len(),
            )
        });
        match best {
            Some((_, trial)) => self.problems.extend(trial),
            None => {
                let words: Vec<String> = branches
                    .iter()
                    .filter_map(Value::as_object)
                    .map(|b| self.root.types(b, 0).words())
                    .collect();
                self.fail(format!(
                    "expected {}, got {}.",
                    words.join(" or "),
                    show(value)
                ));
            }
        }
    }
}

/// A keyword whose value is a count.
fn count(part: &Object, keyword: &str) -> Option<u64> {
    let number = part.get(keyword)?.as_number()?;
    number.as_u64().or_else(|| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small whole number"
        )]
        number
            .as_f64()
            .filter(|f| number::is_integer(number) && (0.0..1e15).contains(f))
            .map(|f| f as u64)
    })
}

/// The compiled pattern; `None` for one that this engine cannot run (look-around, back-references),
/// which is then left to the service.
fn pattern_for(pattern: &str) -> Option<Regex> {
    static CACHE: OnceLock<Mutex<HashMap<String, Option<Regex>>>> = OnceLock::new();
    let mut cache = CACHE
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = cache.get(pattern) {
        return regex.clone();
    }
    let regex = RegexBuilder::new(pattern)
        .size_limit(1 << 20)
        .dfa_size_limit(1 << 20)
        .build()
        .ok();
    cache.insert(pattern.to_owned(), regex.clone());
    regex
}
