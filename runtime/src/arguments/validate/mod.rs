//! The check itself: the keywords of JSON Schema 2020-12 (validation §6, core §10) that the generator
//! emits.

mod containers;
mod pattern;
mod scalars;
mod unions;

use crate::json::exact::is_number;
use crate::json::scan::is_exact;
use crate::json::{Object, Value};
use crate::text::nearest_value;

use super::Nulls;
use super::example::example;
use super::format::format;
use super::number::equal;
use super::problem::{Problem, Problems, show};
use super::schema::{Root, Types, Work};

pub(super) use containers::at_least_of;
pub(crate) use pattern::pattern_for;
pub(super) use unions::named;

const MAX_DEPTH: usize = 64;
/// Levels and unions within unions: half of them for levels.
const MAX_NESTING: usize = 2 * MAX_DEPTH;
/// Problems of a call that are put into words: far more than are shown, and few enough that a large
/// call cannot keep the server busy with wording them. The others are counted.
pub(super) const MAX_FOUND: usize = 200;
/// Enum values that are worth listing.
const MAX_VALUES: usize = 40;
/// Longest code, in characters; what is longer is a word.
const LONGEST_CODE: usize = 6;

/// Every problem that a value has with a schema, as the standard defines it.
#[must_use]
pub fn validate(schema: &Object, value: &Value) -> Problems {
    let work = Work::default();
    let root = Root::new(schema, &work);
    root.budget().grant(value);
    find(root, schema, value, Nulls::At(&[]), Bound::None, false)
}

/// The problems that a value has with a schema, the first [`MAX_FOUND`] in words. With `count_is_told` whoever asks says
/// that there are too few properties.
pub(super) fn problems(
    root: Root<'_>,
    schema: &Object,
    value: &Value,
    nulls: Nulls<'_>,
    count_is_told: bool,
) -> Problems {
    root.budget().grant(value);
    find(root, schema, value, nulls, Bound::Words, count_is_told)
}

pub(super) fn is_valid(root: Root<'_>, schema: &Object, value: &Value) -> bool {
    let found = find(root, schema, value, Nulls::At(&[]), Bound::First, false);
    found.total() == 0
}

fn find(
    root: Root<'_>,
    schema: &Object,
    value: &Value,
    nulls: Nulls<'_>,
    bound: Bound,
    count_is_told: bool,
) -> Problems {
    let mut check = Check {
        root,
        nulls,
        path: Vec::new(),
        tried: Vec::new(),
        unions: 0,
        problems: Problems::default(),
        room: match bound {
            // Nobody reads it; and a message may look for an example, which is checked in this way.
            Bound::First => 0,
            Bound::Words => MAX_FOUND,
            Bound::None => usize::MAX,
        },
        bound,
        count_is_told,
    };
    check.value(schema, value);
    if root.budget().is_exhausted() {
        return too_much();
    }
    check.problems
}

/// What is said of a call that would take too much work.
pub(super) fn too_much() -> Problems {
    let message = "is nested in more forms than can be tried; send less at once.";
    let problem = Problem::new(&[], message.to_owned());
    Problems::first_of(1, vec![problem])
}

/// When a check has seen enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// After the first problem, which is not put into words.
    First,
    /// Never, but no more than [`MAX_FOUND`] problems are put into words.
    Words,
    /// Never.
    None,
}

struct Check<'a> {
    root: Root<'a>,
    nulls: Nulls<'a>,
    path: Vec<String>,
    /// Addresses of the forms that are being tried at this very place.
    tried: Vec<usize>,
    /// Unions around the value.
    unions: usize,
    problems: Problems,
    /// Problems that are put into words; those of a form only if there is room for them where they go.
    room: usize,
    bound: Bound,
    /// Whether somebody else says that the whole has too few properties.
    count_is_told: bool,
}

impl<'a> Check<'a> {
    fn has_enough(&self) -> bool {
        self.bound == Bound::First && self.problems.total() > 0
    }

    /// Problems that are put into words.
    fn most(&self) -> usize {
        self.room
    }

    fn fail(&mut self, message: impl FnOnce() -> String) {
        self.fail_among(0, message);
    }

    /// The same where some of so many allowed values are in the message.
    fn fail_among(&mut self, values: usize, message: impl FnOnce() -> String) {
        let most = self.most();
        if self.problems.len() < most {
            self.root.budget().step();
            #[cfg(test)]
            self.root.budget().note();
        }
        self.problems.add(most, || Problem {
            values: if values > MAX_VALUES { values } else { 0 },
            ..Problem::new(&self.path, message())
        });
    }

    /// What would be accepted, as a sentence of its own: all values where they are listed, else one.
    fn remedy(root: Root<'_>, schema: &Object, parts: &[&Object]) -> String {
        let listed = parts.iter().find_map(|part| part.get("enum")?.as_array());
        match listed {
            Some(values) => format!(" {}", allowed(values.iter())),
            None => Self::example(root, schema),
        }
    }

    /// An accepted value as a sentence of its own, or nothing.
    fn example(root: Root<'_>, schema: &Object) -> String {
        example(root, schema).map_or_else(String::new, |value| format!(" Example: {value}."))
    }

    fn at(&mut self, key: String, schema: &'a Value, value: &Value) {
        self.root.budget().read(&key);
        self.path.push(key);
        let tried = std::mem::take(&mut self.tried);
        match schema {
            Value::Bool(false) => self.fail(|| "nothing is accepted here.".to_owned()),
            Value::Object(schema) => self.value(schema, value),
            _ => {}
        }
        self.tried = tried;
        self.path.pop();
    }

    fn value(&mut self, schema: &'a Object, value: &Value) {
        if self.path.len() > MAX_DEPTH || self.path.len() + self.unions > MAX_NESTING {
            return self.fail(|| format!("nested deeper than {MAX_DEPTH} levels."));
        }
        if let Value::String(text) = value {
            self.root.budget().read(text);
        }
        if !self.root.budget().step() {
            return self.fail(String::new);
        }
        let parts = self.root.parts(schema);
        if value.is_null()
            && !self.path.is_empty()
            && matches!(self.nulls, Nulls::At(_))
            && self.nulls.keep(&self.path)
        {
            // The place is that of several forms, and this one has no null there.
            if parts.iter().flatten().any(|part| refuses_null(part)) {
                self.fail(|| "null is not a value of this form; leave it out.".to_owned());
            }
            return;
        }
        let Some(parts) = parts else {
            return self.fail(|| "nothing is accepted here.".to_owned());
        };
        // A wrong type makes every further remark on the value noise.
        let declared = parts.iter().all(|part| {
            part.get("type")
                .is_none_or(|named| Types::named(named).has(Types::of(value)))
        });
        if !declared {
            let root = self.root;
            return self.fail(|| {
                let types = root.types(schema);
                let expected = expected(&parts, types);
                let advice = if is_long_number(types, value) {
                    " Give it as a number, without quotes.".to_owned()
                } else {
                    broken_json(types, value).to_owned() + &Self::remedy(root, schema, &parts)
                };
                format!("expected {expected}, got {}.{advice}", show(value))
            });
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
            self.not(part, value);
        }
    }

    fn listed(&mut self, part: &Object, value: &Value) {
        if let Some(constant) = part.get("const")
            && !equal(constant, value)
        {
            self.fail(|| format!("expected {constant}, got {}.", show(value)));
        }
        let Some(values) = part.get("enum").and_then(Value::as_array) else {
            return;
        };
        self.root.budget().look(values.len());
        if !values.iter().any(|allowed| equal(allowed, value)) {
            self.fail_among(values.len(), || {
                not_allowed(&values.iter().collect::<Vec<_>>(), value)
            });
        }
    }
}

fn refuses_null(part: &Object) -> bool {
    let refused = part.get("not").and_then(|form| form.get("type"));
    refused.is_some_and(|named| named == "null")
}

fn expected(parts: &[&Object], types: Types) -> String {
    let named = parts
        .iter()
        .find_map(|part| format(part.get("format")?.as_str()?));
    match named {
        Some(named) if types == Types::STRING => named.words.to_owned(),
        _ => types.words(),
    }
}

/// Whether a text is a number that would lose digits if it were read here; given as a number it keeps them.
fn is_long_number(types: Types, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default().trim();
    let fits = types.has(Types::FRACTION) || types.has(Types::INTEGER) && !text.contains('.');
    fits && is_number(text) && !is_exact(text)
}

/// What to say of a text that was to be an array or object: had it been JSON, it would have been read.
fn broken_json(types: Types, value: &Value) -> &'static str {
    let text = value.as_str().unwrap_or_default().trim_start();
    let begins = text.starts_with('[') && types.has(Types::ARRAY)
        || text.starts_with('{') && types.has(Types::OBJECT);
    if begins {
        " The text is not valid JSON; give the value itself, without quotes around it."
    } else {
        ""
    }
}

/// What to say of a value that is none of those listed.
fn not_allowed(values: &[&Value], value: &Value) -> String {
    let mut message = format!("{} is not an allowed value.", show(value));
    let texts = values.iter().filter_map(|value| value.as_str());
    let near = value.as_str().and_then(|text| nearest_value(text, texts));
    if let Some(near) = near {
        message += &format!(" Did you mean \"{near}\"?");
    }
    message.push(' ');
    message + &allowed(values.iter().copied())
}

/// The values that are accepted, as a sentence.
fn allowed<'v>(values: impl ExactSizeIterator<Item = &'v Value>) -> String {
    let more = values.len().saturating_sub(MAX_VALUES);
    if more == 0 {
        let all: Vec<String> = values.map(ToString::to_string).collect();
        return format!("Allowed: {}.", all.join(", "));
    }
    let all: Vec<&Value> = values.collect();
    let shown = all.iter().take(MAX_VALUES).map(ToString::to_string);
    let shown: Vec<String> = shown.collect();
    let form = form_of_all(&all);
    format!("Allowed: {} and {more} more{form}.", shown.join(", "))
}

/// What all values of a long list look like, where that is the same: who knows countries knows their codes.
fn form_of_all(values: &[&Value]) -> String {
    let codes: Option<Vec<&str>> = values.iter().map(|value| value.as_str()).collect();
    let Some(codes) = codes else {
        return String::new();
    };
    let length = codes.first().map_or(0, |code| code.len());
    let kind = |fits: fn(u8) -> bool| codes.iter().all(|code| code.bytes().all(fits));
    let kind = if kind(|c| c.is_ascii_uppercase()) {
        "capital letters"
    } else if kind(|c| c.is_ascii_lowercase()) {
        "small letters"
    } else if kind(|c| c.is_ascii_digit()) {
        "digits"
    } else {
        return String::new();
    };
    let is_code = (2..=LONGEST_CODE).contains(&length);
    if is_code && codes.iter().all(|code| code.len() == length) {
        format!("; each is a code of {length} {kind}")
    } else {
        String::new()
    }
}
