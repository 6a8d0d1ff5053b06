//! How much a check may do. Unions within recursive unions take time that grows exponentially with the
//! depth of a value, and a union of hundreds of forms costs each value of a call hundreds of looks; what is
//! out of bounds is refused. Work is counted, not timed: a call that passes on one machine passes on all.

use std::cell::Cell;

use crate::json::{Object, Value};

/// Pairs of a schema and a value that are looked at, however small the call is.
const LEAST_STEPS: usize = 100_000;
/// The same for each value of the call: some unions have dozens of forms.
const STEPS_PER_VALUE: usize = 16;
/// Looks at something small, such as one part of a schema or one name, that cost as much as a step.
const LOOKS_PER_STEP: usize = 16;
/// Bytes of a text or name that cost as much as a look.
const BYTES_PER_LOOK: usize = 64;
/// Steps that all examples in the messages of a call may take together.
const STEPS_ASIDE: usize = 100_000;

/// What may still be done.
#[derive(Debug)]
pub(super) struct Budget {
    /// Steps that are granted beside those for each value.
    least: usize,
    left: Cell<usize>,
    /// Looks that do not make up a step yet.
    looks: Cell<usize>,
    /// Steps for what stands beside the check.
    aside: Cell<usize>,
    /// Schemas that were looked at and problems that were put into words, whoever paid for them.
    #[cfg(test)]
    seen: Cell<usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            least: LEAST_STEPS,
            left: Cell::default(),
            looks: Cell::default(),
            aside: Cell::new(STEPS_ASIDE),
            #[cfg(test)]
            seen: Cell::default(),
        }
    }
}

impl Budget {
    /// Grants the steps for a check of a value.
    pub(super) fn grant(&self, value: &Value) {
        self.set(size(value));
    }

    /// The same for arguments.
    pub(super) fn grant_for(&self, arguments: &Object) {
        self.set(size_of_members(arguments));
    }

    fn set(&self, size: usize) {
        let steps = size.saturating_mul(STEPS_PER_VALUE);
        self.left.set(steps.saturating_add(self.least));
    }

    /// Takes one step; false when none is left.
    pub(super) fn step(&self) -> bool {
        let is_left = self.left.get() > 0;
        self.take(1);
        is_left
    }

    /// Takes the steps that a copy of a value costs; false when they are not left.
    pub(super) fn copy(&self, value: &Value) -> bool {
        self.take(size(value));
        !self.is_exhausted()
    }

    /// Takes what looks at small things cost.
    pub(super) fn look(&self, times: usize) {
        let looks = self.looks.get().saturating_add(times);
        self.looks.set(looks % LOOKS_PER_STEP);
        self.take(looks / LOOKS_PER_STEP);
    }

    /// Takes what it costs to read a text or name once.
    pub(super) fn read(&self, text: &str) {
        self.look(text.len() / BYTES_PER_LOOK);
    }

    fn take(&self, steps: usize) {
        self.left.set(self.left.get().saturating_sub(steps));
    }

    /// Does something beside the check, in a few steps of its own, while there are any for such things.
    pub(super) fn aside<T>(&self, steps: usize, look: impl FnOnce() -> T) -> T {
        let aside = self.aside.get();
        let granted = steps.min(aside);
        let left = self.left.replace(granted);
        let seen = look();
        let unused = self.left.replace(left);
        let used = granted.saturating_sub(unused);
        self.aside.set(aside.saturating_sub(used));
        seen
    }

    /// Notes what was done, paid for or not.
    #[cfg(test)]
    pub(super) fn note(&self) {
        self.seen.set(self.seen.get() + 1);
    }

    /// Whether a step was refused.
    pub(super) fn is_exhausted(&self) -> bool {
        self.left.get() == 0
    }
}

/// How many values a value consists of; a long text counts as several.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(object) => 1 + size_of_members(object),
        Value::String(text) => 1 + size_of_text(text),
        _ => 1,
    }
}

fn size_of_members(object: &Object) -> usize {
    let members = object.iter();
    members
        .map(|(name, value)| size_of_text(name) + size(value))
        .sum()
}

/// What a text adds to the steps of a copy.
fn size_of_text(text: &str) -> usize {
    text.len() / (BYTES_PER_LOOK * LOOKS_PER_STEP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::schema::Work;
    use crate::arguments::{Nulls, check_all};
    use crate::json::json;

    /// A union of forms of which each says what it is, and holds a list of all.
    fn schema(forms: usize) -> Object {
        let name = |form: usize| format!("f{form}");
        let mut definitions: Object = (0..forms)
            .map(|form| {
                let schema = json!({
                    "type": "object",
                    "properties": {
                        "kind": {"const": name(form)},
                        "kids": {"type": "array", "items": {"$ref": "#/$defs/any"}},
                        name(form): {"type": ["string", "null"]},
                    },
                    "required": [name(form)],
                    "additionalProperties": false,
                });
                (name(form), schema)
            })
            .collect();
        let forms = (0..forms).map(|form| json!({"$ref": format!("#/$defs/{}", name(form))}));
        let union = json!({"anyOf": forms.collect::<Vec<_>>()});
        definitions.insert("any".to_owned(), union);
        let schema = json!({
            "type": "object",
            "properties": {"body": {"$ref": "#/$defs/any"}},
            "$defs": definitions,
        });
        schema.as_object().cloned().unwrap_or_default()
    }

    fn list(item: &Value, items: usize) -> Object {
        let arguments = json!({"body": {"f7": "x", "kids": vec![item; items]}});
        arguments.as_object().cloned().unwrap_or_default()
    }

    fn check(forms: usize, arguments: Object, work: &Work) -> Result<(), String> {
        let checked = check_all(&schema(forms), Nulls::At(&[]), None, arguments, work);
        checked.map(drop).map_err(|problems| {
            let first = problems.first().map(|problem| problem.message.clone());
            first.unwrap_or_default()
        })
    }

    #[test]
    fn the_work_for_a_call_is_bounded_by_its_size_and_what_needs_more_is_refused() {
        for item in [
            json!(1),
            json!([]),
            json!({"kind": null}),
            json!({"kind": "f7", "f7": "x"}),
            json!({"kind": "f7"}),
            json!({"other": "y"}),
            json!({"kids": [{"kids": [1]}]}),
        ] {
            let arguments = list(&item, 50);
            let steps = size_of_members(&arguments) * STEPS_PER_VALUE;
            let mut work = Work::default();
            (work.budget.least, work.budget.aside) = (0, Cell::new(0));
            let said = check(1_000, arguments, &work);
            // The nulls, the form, and the check; what is under way is brought to its end.
            let most = 3 * steps * LOOKS_PER_STEP + 20_000;
            let seen = work.budget.seen.get();
            assert!(seen <= most, "{item}: {seen} of {most}");
            let why = said.err().unwrap_or_default();
            let refusal = "is nested in more forms than can be tried";
            assert!(why.starts_with(refusal), "{item}: {why}");
        }
    }

    #[test]
    fn a_long_list_of_one_of_many_forms_is_not_refused() {
        for (item, items) in [
            (json!({"f199": "x"}), 100),
            (json!({"f7": "x", "kids": []}), 100),
            (json!({"kind": "f199", "f199": "x"}), 1_000),
        ] {
            let said = check(200, list(&item, items), &Work::default());
            assert_eq!(said, Ok(()), "{item}");
        }
    }

    #[test]
    fn long_names_and_texts_count_by_their_length() {
        let long = "k".repeat(100_000);
        let mut short = Object::new();
        short.insert("k".to_owned(), json!("k"));
        for item in [
            json!({ long.as_str(): 1 }),
            json!(long),
            json!({"f7": long}),
        ] {
            let (budget, other) = (Budget::default(), Budget::default());
            budget.grant(&item);
            other.grant_for(&short);
            let copied = (0..10_000).take_while(|_| budget.copy(&item)).count();
            assert!(copied < 10_000, "{copied}");
            assert!((0..10_000).all(|_| other.copy(&json!("k"))));
        }
    }
}
