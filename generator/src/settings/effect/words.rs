//! Words that stand for the values of an argument stand for those of the property of its name, too: in the answer
//! of the operation, and in those of the others that are about the same records.

use indexmap::IndexMap;
use serde_json::Value;

use super::alias::plain;
use super::shown::{Listed, is_a, there};
use crate::ir::{Alias, Answer, Group, Operation, OutputKind};

/// Words by the values that they stand for.
type Words = IndexMap<String, String>;

/// The words of an operation's own arguments.
pub(super) fn of_arguments(operation: &Operation, answer: &mut Answer) {
    for (name, words) in operation.settled.aliases.iter().filter_map(told) {
        if property(operation, answer, name).is_some() {
            answer.words.entry(name.to_owned()).or_insert(words);
        }
    }
}

/// The words of arguments in the answers of all operations on the same collection and its records: what
/// `GET /invoices` takes as `paid` is no 2 in `GET /invoices/{id}`. Where two operations have other words for
/// a property, nothing is said.
pub(crate) fn share(groups: &mut [Group]) {
    let mut known: IndexMap<(String, String), Option<Words>> = IndexMap::new();
    for operation in groups.iter().flat_map(|group| &group.operations) {
        for (name, words) in operation.settled.aliases.iter().filter_map(told) {
            let key = (collection(&operation.path), name.to_owned());
            let told = known.entry(key).or_insert_with(|| Some(words.clone()));
            if told.as_ref() != Some(&words) {
                *told = None;
            }
        }
    }
    for operation in groups.iter_mut().flat_map(|group| &mut group.operations) {
        if matches!(operation.output, OutputKind::Text | OutputKind::Binary) {
            continue;
        }
        let own = collection(&operation.path);
        let mut answer = operation.answer.clone().unwrap_or_default();
        for ((collection, name), words) in &known {
            let Some(words) = words.as_ref().filter(|_| *collection == own) else {
                continue;
            };
            let is_there = property(operation, &answer, name).is_some();
            if is_there && !answer.words.contains_key(name) {
                answer.words.insert(name.clone(), words.clone());
                operation.answer = Some(answer.clone());
            }
        }
    }
}

/// The argument that an alias is about, with its words; none inside of an argument.
fn told(alias: &Alias) -> Option<(&str, Words)> {
    let name = alias.place.strip_prefix('/')?;
    let name = name.strip_suffix("/*").unwrap_or(name);
    let mut words = Words::new();
    // A value without a word of its own stands for itself.
    let named = alias.words.iter().map(|(word, value)| (plain(value), word));
    for (value, word) in named.filter(|(value, word)| value != *word) {
        words.entry(value).or_insert_with(|| word.clone());
    }
    (!name.contains('/') && !words.is_empty()).then_some((name, words))
}

/// The path of the collection: that of a record without its last parameter.
fn collection(path: &str) -> String {
    let path = path.trim_end_matches('/');
    let (before, last) = path.rsplit_once('/').unwrap_or_default();
    let is_record = last.starts_with('{') && last.ends_with('}');
    (if is_record { before } else { path }).to_owned()
}

/// What the document says of a property of the records.
fn property<'o>(operation: &'o Operation, answer: &Answer, name: &str) -> Option<&'o Value> {
    let Listed::Schema(schema) = there(operation, &answer.records) else {
        return None;
    };
    let record = match is_a(schema, "array") {
        true => schema.get("items")?,
        false => schema,
    };
    record.get("properties")?.get(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_belongs_to_the_collection_before_it() {
        for (path, expected) in [
            ("/api/invoices/", "/api/invoices"),
            ("/api/invoices/{id}", "/api/invoices"),
            (
                "/api/customers/{id}/invoices",
                "/api/customers/{id}/invoices",
            ),
            ("/{id}", ""),
            ("/", ""),
        ] {
            assert_eq!(collection(path), expected, "{path}");
        }
    }
}
