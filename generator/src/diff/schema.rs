//! What a change of a schema means for who writes the values: arguments that were taken and are refused now.

use crate::text::pointer::unescaped;
use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::{Level, named};

/// Schemas that are looked at, in one comparison of two.
const MOST: usize = 20_000;
/// Levels that are gone down.
const DEEPEST: usize = 24;
/// Values that are named.
const NAMED: usize = 5;

/// Limits of which a greater one takes less.
const LOWER: [&str; 5] = [
    "minimum",
    "exclusiveMinimum",
    "minLength",
    "minItems",
    "minProperties",
];
/// Limits of which a smaller one takes less.
const UPPER: [&str; 5] = [
    "maximum",
    "exclusiveMaximum",
    "maxLength",
    "maxItems",
    "maxProperties",
];
/// Rules of which another one may take less.
const RULES: [&str; 13] = [
    "pattern",
    "x-pattern",
    "format",
    "uniqueItems",
    "contentEncoding",
    "contentMediaType",
    "dependentRequired",
    "dependentSchemas",
    "propertyNames",
    "patternProperties",
    "contains",
    "not",
    "if",
];
/// What people and models read, and no check looks at.
const TEXTS: [&str; 4] = ["title", "description", "examples", "deprecated"];

/// The changes from one schema of arguments to another.
pub(super) fn arguments(old: &Value, new: &Value) -> Vec<(Level, String)> {
    let mut walk = Walk {
        old,
        new,
        open: HashSet::new(),
        left: MOST,
        depth: 0,
        found: Vec::new(),
    };
    walk.schema(old, new, "");
    if walk.left == 0 {
        let line = "its arguments are too large to be compared whole".to_owned();
        walk.found.push((Level::Compatible, line));
    }
    let mut seen = HashSet::new();
    walk.found.retain(|found| seen.insert(found.clone()));
    walk.found
}

/// What became of the places where null is a value: it empties what stands there.
pub(super) fn nulls(
    (old, had): (&Value, &[String]),
    (new, has): (&Value, &[String]),
) -> Vec<(Level, String)> {
    let shown = |place: &String| {
        let mut path = String::new();
        for part in place.split('/').skip(1) {
            if part == "*" {
                path.push_str("[]");
                continue;
            }
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&unescaped(part));
        }
        named(&path)
    };
    let only = |own: &[String], other: &[String], schema: &Value| -> Vec<String> {
        let own = own.iter().filter(|place| !other.contains(place));
        // What is gone, or new, is told already.
        own.filter(|place| is_there(schema, place))
            .map(shown)
            .collect()
    };
    let lost = only(had, has, new).into_iter();
    let lost = lost.map(|place| (Level::Breaking, format!("{place} no longer takes null")));
    let gained = only(has, had, old).into_iter();
    let gained = gained.map(|place| (Level::Compatible, format!("{place} takes null now")));
    lost.chain(gained).collect()
}

/// Whether a schema knows a place in its values.
fn is_there(root: &Value, place: &str) -> bool {
    let mut schema = followed(root, root);
    for part in place.split('/').skip(1) {
        let part = unescaped(part);
        let below = match part.as_str() {
            "*" => schema
                .get("items")
                .or_else(|| schema.get("additionalProperties")),
            name => schema
                .get("properties")
                .and_then(|properties| properties.get(name)),
        };
        match below {
            Some(below) => schema = followed(root, below),
            None => return false,
        }
    }
    true
}

struct Walk<'a> {
    old: &'a Value,
    new: &'a Value,
    /// Pairs of references that are being compared.
    open: HashSet<(String, String)>,
    left: usize,
    depth: usize,
    found: Vec<(Level, String)>,
}

impl<'a> Walk<'a> {
    fn say(&mut self, level: Level, at: &str, what: impl AsRef<str>) {
        let what = what.as_ref();
        self.found.push((
            level,
            if at.is_empty() {
                what.to_owned()
            } else {
                format!("{} {what}", named(at))
            },
        ));
    }

    fn schema(&mut self, old: &'a Value, new: &'a Value, at: &str) {
        let pair = (reference(old), reference(new));
        let is_new = pair == (None, None)
            || self.open.insert((
                pair.0.unwrap_or_default().to_owned(),
                pair.1.unwrap_or_default().to_owned(),
            ));
        if !is_new || self.depth >= DEEPEST || self.left == 0 {
            return;
        }
        self.left -= 1;
        self.depth += 1;
        let (old, new) = (followed(self.old, old), followed(self.new, new));
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => self.object(old, new, at),
            (Value::Bool(true), Value::Bool(false)) => {
                self.say(Level::Breaking, at, "takes nothing any more");
            }
            _ => {}
        }
        self.depth -= 1;
    }

    fn object(&mut self, old: &'a Map<String, Value>, new: &'a Map<String, Value>, at: &str) {
        let forms = (union(old), union(new));
        if forms != (None, None) {
            self.forms(
                forms
                    .0
                    .map_or_else(Vec::new, |forms| forms.iter().collect()),
                forms
                    .1
                    .map_or_else(Vec::new, |forms| forms.iter().collect()),
                (old, new),
                at,
            );
            if forms.0.is_none() || forms.1.is_none() {
                return;
            }
        }
        self.kinds(old, new, at);
        self.values(old, new, at);
        self.limits(old, new, at);
        self.rules(old, new, at);
        self.properties(old, new, at);
        if let (Some(old), Some(new)) = (old.get("items"), new.get("items")) {
            self.schema(old, new, &format!("{at}[]"));
        }
        let texts = |schema: &Map<String, Value>| TEXTS.map(|key| schema.get(key).cloned());
        if texts(old) != texts(new) {
            self.say(Level::Text, "", "arguments are described in other words");
        }
        if old.get("default") != new.get("default") {
            let what = match new.get("default") {
                Some(value) => format!("is {} now where nothing is given", short(value)),
                None => "has no default any more".to_owned(),
            };
            self.say(Level::Compatible, at, what);
        }
    }

    /// Alternatives: each old one needs a new one that takes all that it took.
    fn forms(
        &mut self,
        old: Vec<&'a Value>,
        new: Vec<&'a Value>,
        whole: (&'a Map<String, Value>, &'a Map<String, Value>),
        at: &str,
    ) {
        let is_pair = old.len() == new.len();
        if is_pair {
            for (old, new) in old.iter().zip(&new) {
                self.schema(old, new, at);
            }
            return;
        }
        let takes = |walk: &Self, old: &'a Value, new: &'a Value| {
            let mut inner = Walk {
                old: walk.old,
                new: walk.new,
                open: walk.open.clone(),
                left: walk.left.min(200),
                depth: walk.depth,
                found: Vec::new(),
            };
            inner.schema(old, new, "");
            inner.left > 0
                && inner
                    .found
                    .iter()
                    .all(|(level, _)| *level < Level::Breaking)
        };
        if old.is_empty() {
            // One form became several: they have to take what it took.
            let mut kept = Walk {
                old: self.old,
                new: self.new,
                open: self.open.clone(),
                left: self.left.min(200),
                depth: self.depth,
                found: Vec::new(),
            };
            let is_kept = new.iter().any(|form| {
                kept.found.clear();
                if let Value::Object(form) = followed(self.new, form) {
                    kept.object(whole.0, form, "");
                }
                kept.found.iter().all(|(level, _)| *level < Level::Breaking)
            });
            let (level, what) = if is_kept {
                (Level::Compatible, "takes further forms")
            } else {
                (Level::Breaking, "takes other forms now")
            };
            self.say(level, at, what);
            return;
        }
        if new.is_empty() {
            // Several became one: it has to take what each of them took.
            for form in &old {
                if let Value::Object(form) = followed(self.old, form) {
                    self.object(form, whole.1, at);
                }
            }
            return;
        }
        let gone = old
            .iter()
            .filter(|old| !new.iter().any(|new| takes(self, old, new)))
            .count();
        if gone > 0 {
            let what = format!("takes {} less", crate::text::counted(gone, "form"));
            self.say(Level::Breaking, at, what);
        } else {
            self.say(Level::Compatible, at, "takes further forms");
        }
    }

    fn kinds(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, at: &str) {
        let (old, new) = (kinds(old), kinds(new));
        if old == new {
            return;
        }
        let list = |kinds: &BTreeSet<String>| {
            let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
            kinds.join(" or ")
        };
        match (&old, &new) {
            (Some(old), Some(new)) => {
                let is_taken = |kind: &String| {
                    new.contains(kind) || kind == "integer" && new.contains("number")
                };
                let level = if old.iter().all(is_taken) {
                    Level::Compatible
                } else {
                    Level::Breaking
                };
                let what = format!("takes {} now, before {}", list(new), list(old));
                self.say(level, at, what);
            }
            (None, Some(new)) => {
                let what = format!("takes nothing but {} now", list(new));
                self.say(Level::Breaking, at, what);
            }
            (Some(_), None) => self.say(Level::Compatible, at, "takes values of any type now"),
            (None, None) => {}
        }
    }

    fn values(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, at: &str) {
        match (values(old), values(new)) {
            (Some(old), Some(new)) => {
                let gone: Vec<&Value> = old.iter().filter(|value| !new.contains(value)).collect();
                if !gone.is_empty() {
                    let what = format!("no longer takes {}", listed(&gone));
                    self.say(Level::Breaking, at, what);
                }
                let more: Vec<&Value> = new.iter().filter(|value| !old.contains(value)).collect();
                if !more.is_empty() {
                    self.say(
                        Level::Compatible,
                        at,
                        format!("also takes {}", listed(&more)),
                    );
                }
            }
            (None, Some(new)) => {
                let new: Vec<&Value> = new.iter().collect();
                let what = format!("takes nothing but {} now", listed(&new));
                self.say(Level::Breaking, at, what);
            }
            (Some(_), None) => self.say(Level::Compatible, at, "takes other values, too"),
            (None, None) => {}
        }
    }

    fn limits(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, at: &str) {
        for (keys, sign) in [(LOWER, 1.0), (UPPER, -1.0)] {
            for key in keys {
                let limit = |schema: &Map<String, Value>| schema.get(key).and_then(Value::as_f64);
                let (before, after) = (limit(old), limit(new));
                if before == after {
                    continue;
                }
                let is_narrower = match (before, after) {
                    (_, None) => false,
                    (None, Some(_)) => true,
                    (Some(before), Some(after)) => after * sign > before * sign,
                };
                let level = if is_narrower {
                    Level::Breaking
                } else {
                    Level::Compatible
                };
                let shown = |schema: &Map<String, Value>| {
                    schema.get(key).map_or_else(|| "none".to_owned(), short)
                };
                let what = format!("has {key} {} now, before {}", shown(new), shown(old));
                self.say(level, at, what);
            }
        }
        let step = |schema: &Map<String, Value>| schema.get("multipleOf").and_then(Value::as_f64);
        let (before, after) = (step(old), step(new));
        if before != after {
            let is_kept = match (before, after) {
                (_, None) => true,
                (Some(before), Some(after)) => (before / after).fract() == 0.0,
                (None, Some(_)) => false,
            };
            let level = if is_kept {
                Level::Compatible
            } else {
                Level::Breaking
            };
            self.say(level, at, "takes other multiples (multipleOf)");
        }
    }

    fn rules(&mut self, old: &Map<String, Value>, new: &Map<String, Value>, at: &str) {
        for key in RULES {
            match (old.get(key), new.get(key)) {
                (None, Some(rule)) if *rule != Value::Bool(false) => {
                    self.say(Level::Breaking, at, format!("has a rule now ({key})"));
                }
                (Some(_), None) => {
                    self.say(Level::Compatible, at, format!("lost a rule ({key})"));
                }
                (Some(old), Some(new)) if old != new => {
                    self.say(Level::Breaking, at, format!("has another rule ({key})"));
                }
                _ => {}
            }
        }
    }

    fn properties(&mut self, old: &'a Map<String, Value>, new: &'a Map<String, Value>, at: &str) {
        static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        let of = |schema: &'a Map<String, Value>| {
            let properties = schema.get("properties").and_then(Value::as_object);
            properties.unwrap_or(&NONE)
        };
        let (had, has) = (of(old), of(new));
        let (needed, needs) = (required(old), required(new));
        let place = |name: &str| {
            if at.is_empty() {
                name.to_owned()
            } else {
                format!("{at}.{name}")
            }
        };
        for (name, before) in had {
            let here = place(name);
            let Some(after) = has.get(name) else {
                self.say(Level::Breaking, &here, "is gone");
                continue;
            };
            if needs.contains(name.as_str()) && !needed.contains(name.as_str()) {
                self.say(Level::Breaking, &here, "is required now");
            } else if needed.contains(name.as_str()) && !needs.contains(name.as_str()) {
                self.say(Level::Compatible, &here, "is no longer required");
            }
            self.schema(before, after, &here);
        }
        for name in has.keys().filter(|name| !had.contains_key(*name)) {
            let here = place(name);
            if needs.contains(name.as_str()) {
                self.say(Level::Breaking, &here, "is new and required");
            } else {
                self.say(Level::Compatible, &here, "is new");
            }
        }
        let open = |schema: &Map<String, Value>| {
            schema.get("additionalProperties") != Some(&Value::Bool(false))
        };
        match (open(old), open(new)) {
            (true, false) if !had.is_empty() || old.contains_key("additionalProperties") => {
                self.say(Level::Breaking, at, "takes no further names any more");
            }
            (false, true) => self.say(Level::Compatible, at, "takes further names now"),
            _ => {}
        }
        let further = |schema: &'a Map<String, Value>| {
            schema
                .get("additionalProperties")
                .filter(|value| value.is_object())
        };
        if let (Some(old), Some(new)) = (further(old), further(new)) {
            self.schema(old, new, &place("*"));
        }
    }
}

/// The reference of a schema that is one.
fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str)
}

/// What a schema refers to, within its own document.
fn followed<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..DEEPEST {
        let target = reference(schema).and_then(|target| target.strip_prefix('#'));
        match target.and_then(|target| root.pointer(target)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// The alternatives of a schema.
fn union(schema: &Map<String, Value>) -> Option<&Vec<Value>> {
    let forms = ["anyOf", "oneOf"].iter().find_map(|key| schema.get(*key));
    forms.and_then(Value::as_array)
}

/// The types that a schema names; none where it takes any.
fn kinds(schema: &Map<String, Value>) -> Option<BTreeSet<String>> {
    match schema.get("type")? {
        Value::String(kind) => Some([kind.clone()].into()),
        Value::Array(kinds) => {
            let kinds = kinds.iter().filter_map(Value::as_str);
            Some(kinds.map(str::to_owned).collect())
        }
        _ => None,
    }
}

/// The values that a schema takes; none where it does not list them.
fn values(schema: &Map<String, Value>) -> Option<Vec<Value>> {
    match (schema.get("const"), schema.get("enum")) {
        (Some(value), _) => Some(vec![value.clone()]),
        (None, Some(Value::Array(values))) => Some(values.clone()),
        _ => None,
    }
}

fn required(schema: &Map<String, Value>) -> HashSet<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten();
    names.filter_map(Value::as_str).collect()
}

/// A value in a few characters.
fn short(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    named(&text)
}

fn listed(values: &[&Value]) -> String {
    let shown = values.iter().take(NAMED).map(|value| short(value));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match values.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
