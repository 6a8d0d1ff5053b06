//! The forms of a value: branches of a union, or the schemas that extend a base schema.

use std::ops::Range;

use serde_json::{Map, Value, json};

use super::super::discriminator::{
    Called, declare, implied, left_over, name_branch, names, property, taken,
};
use super::super::{Additional, Shape, Types};
use super::keywords::with_part;
use super::{InputSchemas, Nulls, say, say_once, told_name_sets};
use crate::diagnostics::{Code, Diagnostic};
use crate::ir::names_alone;
use crate::model::Node;
use crate::text::pointer::unescaped;

/// Schemas extending one base that are listed; of more, a model would get less than they cost.
const MOST_SUBTYPES: usize = 40;

impl<'a> InputSchemas<'_, 'a> {
    /// Lists the forms, if there are several.
    pub(super) fn forms(
        &mut self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        path: &str,
        nulls: Nulls,
    ) {
        if let Some(union) = shape.unions.first() {
            let mut branches = self.branches(union, shape, path, nulls);
            say_once(&mut branches);
            let branches = Value::Array(branches);
            tell_needs(schema, &branches);
            schema.insert("anyOf".to_owned(), branches);
            for further in shape.unions.iter().skip(1) {
                let branches = further.iter().map(|form| self.build(form, path, nulls));
                let branches = Value::Array(branches.collect());
                tell_needs(schema, &branches);
                with_part(schema, json!({"anyOf": branches}));
            }
        } else if !shape.subtypes.is_empty() {
            self.subtypes(schema, shape, path, nulls);
        }
    }

    /// Whether the forms say all that there is to say about the object that they extend.
    pub(super) fn forms_say_all(&self, shape: &Shape<'a>) -> bool {
        let is_whole = |form: &Node<'a>| {
            let form = self.shapes.of(form);
            let declares = |name: &&str| form.properties.contains_key(name);
            shape.properties.keys().all(declares)
                && shape
                    .required
                    .iter()
                    .all(|name| form.required.contains(name))
        };
        is_listed(shape) && shape.subtypes.iter().all(is_whole)
    }

    fn subtypes(
        &mut self,
        schema: &mut Map<String, Value>,
        shape: &Shape<'a>,
        path: &str,
        nulls: Nulls,
    ) {
        if !is_listed(shape) {
            let count = shape.subtypes.len();
            if let Some(discriminator) = &shape.discriminator {
                self.shapes.report(
                    Diagnostic::new(
                        Code::E0505,
                        format!("{count} schemas extend this one; what they add is not listed"),
                    )
                    .at_key(&discriminator.pointer)
                    .note(format!(
                        "at most {MOST_SUBTYPES} are listed; what is not listed can be given and is not checked here"
                    )),
                );
            }
            return;
        }
        let (own, extending): (Vec<_>, Vec<_>) = shape
            .subtypes
            .iter()
            .cloned()
            .partition(|form| form.pointer == shape.origin);
        let all: Vec<Node<'a>> = extending.into_iter().chain(own.iter().cloned()).collect();
        let mut branches = self.branches(&all, shape, path, nulls);
        let rest = self.rest(&mut branches, shape, path);
        if own.is_empty()
            && let Some((key, names)) = rest.or_else(|| self.of_base(shape, path))
        {
            let mut base = self.base(shape, path, nulls);
            name_branch(&mut base, &key, &Called::Named(names), &[]);
            branches.push(base);
        }
        say_once(&mut branches);
        schema.insert("anyOf".to_owned(), Value::Array(branches));
    }

    /// The names that no form has: values of the base itself.
    fn rest(
        &mut self,
        branches: &mut [Value],
        shape: &Shape<'a>,
        path: &str,
    ) -> Option<(String, Vec<String>)> {
        let name = property(shape.discriminator.as_ref()?)?;
        let values = self.shapes.of(shape.properties.get(name)?).values?;
        let (key, _) = self.key(path, name);
        let names = left_over(branches, &key, &values)?;
        (!names.is_empty()).then_some((key, names))
    }

    /// The name that the base has itself, where no `mapping` lists those that there are: a discriminator
    /// does not change what is valid (OpenAPI 3.2 §4.25), and a value of the base is.
    fn of_base(&mut self, shape: &Shape<'a>, path: &str) -> Option<(String, Vec<String>)> {
        let discriminator = shape.discriminator.as_ref()?;
        let says_which = ["mapping", "defaultMapping"]
            .into_iter()
            .any(|key| discriminator.get(key).is_some());
        let own = implied(&shape.origin).filter(|_| !says_which)?;
        let name = property(discriminator)?;
        let values = self.shapes.of(shape.properties.get(name)?).values;
        let is_value =
            |values: Vec<&Value>| values.iter().any(|value| value.as_str() == Some(&own));
        let (key, _) = self.key(path, name);
        values.is_none_or(is_value).then(|| (key, vec![own]))
    }

    /// The base schema by itself.
    fn base(&mut self, shape: &Shape<'a>, path: &str, nulls: Nulls) -> Value {
        let own = Shape {
            subtypes: Vec::new(),
            ..shape.clone()
        };
        let mut schema = Map::new();
        self.constrain(&mut schema, &own, path, nulls);
        Value::Object(schema)
    }

    fn branches(
        &mut self,
        forms: &[Node<'a>],
        shape: &Shape<'a>,
        path: &str,
        nulls: Nulls,
    ) -> Vec<Value> {
        let tells = shape
            .discriminator
            .as_ref()
            .and_then(|discriminator| Some((discriminator, property(discriminator)?)));
        let around = tells.and_then(|(_, name)| shape.properties.get(name));
        let around = around.map(|property| self.shapes.of(property));
        let values = around.as_ref().and_then(|around| around.values.as_deref());
        let called = tells.map(|(discriminator, _)| names(discriminator, forms, values));
        // What no name could be a value of, or what may not be given, is declared in no branch.
        let can_be_named = match &around {
            Some(around) => around.types.is_any() || around.types.has(Types::STRING),
            None => !matches!(shape.additional, Additional::No | Additional::Schema(_)),
        };
        let taken = called.as_deref().map(taken).unwrap_or_default();
        let mut called = called.into_iter().flatten();
        let mut branches = Vec::with_capacity(forms.len());
        let mut own_nulls = Vec::with_capacity(forms.len());
        for form in forms {
            let known = self.nullable.len();
            let mut schema = if form.pointer == shape.origin {
                self.base(shape, path, nulls)
            } else {
                self.build(form, path, nulls)
            };
            if let Some((_, name)) = tells {
                let (key, _) = self.key(path, name);
                let called = called.next().unwrap_or(Called::Unknown);
                if can_be_named {
                    declare(&mut schema, &key, &called, values);
                }
                name_branch(&mut schema, &key, &called, &taken);
            }
            own_nulls.push(known..self.nullable.len());
            branches.push(schema);
        }
        self.only_own_nulls(&mut branches, &own_nulls, path);
        branches
    }

    /// Branches share their places: says in each where only others have null.
    fn only_own_nulls(&self, branches: &mut [Value], own: &[Range<usize>], path: &str) {
        let (Some(first), Some(last)) = (own.first(), own.last()) else {
            return;
        };
        let all = self.nullable.get(first.start..last.end).unwrap_or_default();
        for (branch, own) in branches.iter_mut().zip(own) {
            let own = self.nullable.get(own.clone()).unwrap_or_default();
            for place in all.iter().filter(|place| !own.contains(place)) {
                let below = place.strip_prefix(path).unwrap_or_default();
                if let Some(schema) = listed_at(branch, below) {
                    schema.insert("not".to_owned(), json!({"type": "null"}));
                }
            }
        }
    }
}

/// The schema of a property or item, by the way to it.
fn listed_at<'v>(schema: &'v mut Value, place: &str) -> Option<&'v mut Map<String, Value>> {
    let mut at = schema;
    let mut steps = place.split('/').skip(1).peekable();
    steps.peek()?;
    for step in steps {
        let object = at.as_object_mut()?;
        at = match step {
            "*" if object.contains_key("items") => object.get_mut("items")?,
            "*" => object.get_mut("additionalProperties")?,
            name => {
                let name = unescaped(name);
                object.get_mut("properties")?.get_mut(&name)?
            }
        };
    }
    let listed = at.as_object_mut()?;
    // One that has several values or forms says itself what it takes.
    (listed.contains_key("type") && !listed.contains_key("not")).then_some(listed)
}

/// Says what a union needs, if that is all that it says: lists leave such a union out.
fn tell_needs(schema: &mut Map<String, Value>, branches: &Value) {
    let Some(sets) = names_alone(branches) else {
        return;
    };
    let owned = |set: &Vec<&str>| set.iter().map(|&name| name.to_owned()).collect();
    let told = told_name_sets(&[(false, sets.iter().map(owned).collect())]);
    let told = told.unwrap_or_else(|| {
        let count = sets.len();
        format!("Needs one of {count} sets of names; a call with none of them is told which.")
    });
    say(schema, &told);
}

fn is_listed(shape: &Shape<'_>) -> bool {
    !shape.subtypes.is_empty() && shape.subtypes.len() <= MOST_SUBTYPES
}
