//! `anyOf`, `oneOf` and `not` (JSON Schema 2020-12 core §10.2.1): which form a value is meant to be, and what is
//! wrong with it as that.
//!
//! A property that says in every form which form it is (OpenAPI 3.2 §4.25, discriminator) decides: only
//! the form that it names is checked.

use crate::arguments::listed::names_alone;
use crate::arguments::problem::{Problem, Problems, show};
use crate::arguments::schema::{Root, Types, address, schemas};
use crate::json::{Object, Value};

use super::{Bound, Check, allowed, broken_json, not_allowed};

/// Properties of a value that are looked at for one that names the form.
const MAX_TAGS: usize = 50;

/// Forms that are asked for one property in one look.
const FORMS_PER_LOOK: usize = 4;

/// What the texts of a value say of the forms.
enum Meant<'a> {
    /// It can be any of these.
    Forms(Vec<&'a Value>),
    /// The property with this name names a form that there is not; the names that there are.
    Unknown(String, Vec<&'a Value>),
}

/// The one form that a value names by a text, if it does.
pub(in crate::arguments) fn named<'a>(
    root: Root<'a>,
    branches: &'a [Value],
    value: &Value,
) -> Option<&'a Object> {
    match meant(root, branches, value) {
        Meant::Forms(forms) if branches.len() > 1 => match forms.as_slice() {
            [form] => form.as_object(),
            _ => None,
        },
        _ => None,
    }
}

/// The forms that a value's texts do not exclude; all of them if they exclude all.
fn meant<'a>(root: Root<'a>, branches: &'a [Value], value: &Value) -> Meant<'a> {
    let all = || Meant::Forms(branches.iter().collect());
    let Value::Object(object) = value else {
        return all();
    };
    let parts: Vec<Option<Vec<&Object>>> = branches
        .iter()
        .map(|branch| root.parts(branch.as_object()?))
        .collect();
    let mut left: Vec<bool> = vec![true; branches.len()];
    let texts = object.iter().filter(|(_, value)| value.is_string());
    for (name, text) in texts.take(MAX_TAGS) {
        root.budget().look(branches.len() / FORMS_PER_LOOK);
        for (left, parts) in left.iter_mut().zip(&parts) {
            let parts = parts.iter().flatten();
            *left &= !parts.clone().any(|part| excludes(part, name, text));
        }
        let tags: Vec<Option<Vec<&Value>>> = parts
            .iter()
            .map(|parts| tags(parts.as_ref()?, name))
            .collect();
        let listed: usize = tags.iter().flatten().map(Vec::len).sum();
        root.budget().look(listed / FORMS_PER_LOOK);
        let fits = |tags: &Option<Vec<&Value>>| tags.as_ref().is_none_or(|t| t.contains(&text));
        if !tags.iter().any(fits) {
            let mut names: Vec<&Value> = tags.into_iter().flatten().flatten().collect();
            let count = names.len();
            names.sort_by_key(|name| name.as_str());
            names.dedup();
            // Names of forms differ; what all forms list alike tells none from another.
            if branches.len() > 1 && names.len() == count {
                return Meant::Unknown(name.clone(), names);
            }
            return all();
        }
        for (left, tags) in left.iter_mut().zip(&tags) {
            *left &= fits(tags);
        }
    }
    let forms: Vec<&Value> = branches
        .iter()
        .zip(left)
        .filter_map(|(branch, left)| left.then_some(branch))
        .collect();
    if forms.is_empty() {
        all()
    } else {
        Meant::Forms(forms)
    }
}

/// The texts that a form lists for a property, if it lists texts alone.
fn tags<'a>(parts: &[&'a Object], name: &str) -> Option<Vec<&'a Value>> {
    parts.iter().find_map(|part| {
        let property = part.get("properties")?.get(name)?.as_object()?;
        let tags: Vec<&Value> = match (property.get("const"), property.get("enum")) {
            (Some(constant), _) => vec![constant],
            (None, Some(Value::Array(values))) => values.iter().collect(),
            _ => return None,
        };
        tags.iter().all(|tag| tag.is_string()).then_some(tags)
    })
}

/// Whether a form says that the property has another text: one that names another form.
fn excludes(part: &Object, name: &str, text: &Value) -> bool {
    let property = part.get("properties").and_then(|all| all.get(name));
    let excluded = property.and_then(|p| p.get("not")?.get("enum")?.as_array());
    excluded.is_some_and(|names| names.contains(text))
}

/// The property that each form requires and lists other texts for than every other form, and these texts.
fn telling<'a>(root: Root<'a>, forms: &[&'a Object]) -> Option<(&'a str, Vec<&'a Value>)> {
    let parts: Option<Vec<Vec<&Object>>> = forms.iter().map(|form| root.parts(form)).collect();
    let parts = parts.filter(|all| all.len() > 1)?;
    let required = |parts: &[&'a Object]| -> Vec<&'a str> {
        let names = parts.iter().flat_map(|part| schemas(part, "required"));
        names.filter_map(Value::as_str).collect()
    };
    let first = required(parts.first()?);
    first.into_iter().take(MAX_TAGS).find_map(|name| {
        root.budget().look(forms.len() / FORMS_PER_LOOK);
        let mut texts: Vec<&Value> = Vec::new();
        for parts in &parts {
            let own = tags(parts, name).filter(|_| required(parts).contains(&name))?;
            if own.is_empty() || own.iter().any(|text| texts.contains(text)) {
                return None;
            }
            texts.extend(own);
        }
        Some((name, texts))
    })
}

/// The sets of names of a union that says nothing else, in words.
fn sets_of_names(union: &Value) -> Option<String> {
    let sets = names_alone(union)?;
    let words = sets.iter().map(|set| {
        let names: Vec<String> = set.iter().map(|name| format!("`{name}`")).collect();
        names.join(" and ")
    });
    Some(words.collect::<Vec<_>>().join(", or "))
}

impl<'a> Check<'a> {
    pub(super) fn not(&mut self, part: &'a Object, value: &Value) {
        if let Some(form) = part.get("not")
            && self.trial(form, value).total() == 0
        {
            self.fail(|| format!("{} is not accepted here.", show(value)));
        }
    }

    pub(super) fn any_of(&mut self, part: &'a Object, value: &Value) {
        self.union(part, "anyOf", value);
    }

    pub(super) fn one_of(&mut self, part: &'a Object, value: &Value) {
        self.union(part, "oneOf", value);
    }

    fn union(&mut self, part: &'a Object, keyword: &str, value: &Value) {
        let exactly_one = keyword == "oneOf";
        let branches = schemas(part, keyword);
        if branches.is_empty() {
            return;
        }
        let forms = match meant(self.root, branches, value) {
            Meant::Forms(forms) => forms,
            Meant::Unknown(name, names) => {
                let given = value.get(&name).cloned().unwrap_or_default();
                self.path.push(name);
                self.fail(|| not_allowed(&names, &given));
                self.path.pop();
                return;
            }
        };
        // What is wrong with each form is of no use, and much to find, where one fits.
        let mut fitting = 0usize;
        for form in &forms {
            fitting += usize::from(self.fits(form, value));
            if fitting == 1 && !exactly_one {
                return;
            }
        }
        // One whose names are all there fails for another reason.
        let is_named = |set: &Vec<&str>| set.iter().all(|name| value.get(*name).is_some());
        let named = |union: &Value| {
            let sets = names_alone(union);
            sets.is_some_and(|sets| sets.iter().any(is_named))
        };
        let sets = || sets_of_names(part.get(keyword)?);
        let root = self.root;
        let untold = || {
            let given = value.as_object()?;
            let objects: Vec<&Object> = forms.iter().filter_map(|form| form.as_object()).collect();
            let all = objects.len() == forms.len();
            let (name, names) = telling(root, &objects).filter(|_| all)?;
            (!given.contains_key(name)).then(|| (name.to_owned(), names))
        };
        match fitting {
            // Asking the forms of forms once more would take twice the time on each level.
            0 if self.bound == Bound::First => self.fail(String::new),
            0 => match sets() {
                Some(sets) if value.is_object() && !part.get(keyword).is_some_and(named) => {
                    self.fail(|| format!("needs {sets}."));
                }
                _ => match untold() {
                    // Which form is meant nobody knows, and the nearest one may be another.
                    Some((name, names)) => {
                        self.path.push(name);
                        self.fail(|| {
                            let allowed = allowed(names.iter().copied());
                            format!(
                                "is required and missing: it says which form this is. {allowed}"
                            )
                        });
                        self.path.pop();
                    }
                    None => {
                        let trials = forms
                            .into_iter()
                            .map(|form| (form, self.trial(form, value)));
                        let trials = trials.collect();
                        self.closest(trials, value);
                    }
                },
            },
            1 => {}
            _ if sets().is_some() => {
                let sets = sets().unwrap_or_default();
                self.fail(|| format!("needs exactly one of: {sets}."));
            }
            n => self.fail(|| format!("fits {n} of the allowed forms; exactly one must fit.")),
        }
    }

    /// Whether a value has no problem with one form.
    fn fits(&mut self, form: &'a Value, value: &Value) -> bool {
        let (bound, room) = (self.bound, self.room);
        (self.bound, self.room) = (Bound::First, 0);
        let trial = self.trial(form, value);
        (self.bound, self.room) = (bound, room);
        trial.total() == 0
    }

    /// The problems that a value has with one form.
    pub(super) fn trial(&mut self, form: &'a Value, value: &Value) -> Problems {
        let outer = std::mem::take(&mut self.problems);
        let room = self.room;
        self.room = room.saturating_sub(outer.len());
        self.unions += 1;
        match form {
            Value::Object(schema) if !self.tried.contains(&address(schema)) => {
                self.tried.push(address(schema));
                self.value(schema, value);
                self.tried.pop();
            }
            // A form within itself accepts nothing that it does not accept anyway.
            Value::Object(_) | Value::Bool(false) => {
                self.fail(|| "nothing is accepted here.".to_owned());
            }
            _ => {}
        }
        self.unions -= 1;
        self.room = room;
        std::mem::replace(&mut self.problems, outer)
    }

    /// Reports on the form that the value comes closest to; if none has its type, on the types.
    fn closest(&mut self, trials: Vec<(&'a Value, Problems)>, value: &Value) {
        let root = self.root;
        let types = |form: &'a Value| form.as_object().map(|form| root.types(form));
        let forms: Vec<&Object> = trials
            .iter()
            .filter_map(|(form, _)| form.as_object())
            .collect();
        let typed = trials
            .into_iter()
            .filter(|(form, _)| types(form).is_some_and(|types| types.has(Types::of(value))));
        // A problem deeper down says more than one at this place.
        let place = Problem::new(&self.path, String::new()).pointer;
        let best = typed.min_by_key(|(_, trial)| {
            let here = trial.iter().filter(|p| p.pointer == place).count();
            (here, trial.total())
        });
        let most = self.most();
        match best {
            Some((_, trial)) => self.problems.append(most, trial),
            None => self.fail(|| none_of(root, &forms, value)),
        }
    }
}

/// What to say of a value that has the type of no form.
fn none_of(root: Root<'_>, forms: &[&Object], value: &Value) -> String {
    let types = forms.iter().map(|form| root.types(form));
    let mut words: Vec<String> = Vec::new();
    for word in types.clone().map(Types::words) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let all = types.reduce(Types::or).unwrap_or(Types::ALL);
    let example = forms
        .iter()
        .map(|form| Check::example(root, form))
        .find(|example| !example.is_empty());
    let named = telling(root, forms).map_or_else(String::new, |(name, names)| {
        format!(
            " `{name}` says which form it is. {}",
            allowed(names.iter().copied())
        )
    });
    format!(
        "expected {}, got {}.{}{named}{}",
        words.join(" or "),
        show(value),
        broken_json(all, value),
        example.unwrap_or_default()
    )
}
