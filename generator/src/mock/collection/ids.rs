//! What says which record it is: the property, and how identifiers are written.

use serde_json::Value;

use super::{Collection, plain};
use crate::lower::schema::{Shape, Types};
use crate::mock::pattern::Pattern;
use crate::mock::seed::{Seed, uuid};

/// How the identifiers of records are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ids {
    Integers(u64),
    Uuids,
    Texts(Option<String>),
}

impl Collection {
    /// The identifier of the record with a number, from 0.
    pub(in crate::mock) fn id_of(&self, index: usize, seed: Seed) -> Value {
        let number = index.saturating_add(1);
        match &self.ids {
            Ids::Integers(first) => Value::from((*first).saturating_add(index as u64)),
            Ids::Uuids => Value::from(uuid(seed.of("id").at(index))),
            Ids::Texts(Some(pattern)) => {
                let read = Pattern::read(pattern);
                let made = read.and_then(|one| one.made(1, 200, seed.of("id").at(index)));
                Value::from(made.unwrap_or_else(|| number.to_string()))
            }
            Ids::Texts(None) => Value::from(format!("{}-{number}", self.noun)),
        }
    }
}

/// How a schema has them written.
pub(super) fn ids(shape: &Shape<'_>) -> Ids {
    let keyword = |name: &str| shape.keywords.get(name).map(|node| node.value);
    let text = |name: &str| keyword(name).and_then(Value::as_str);
    if shape.types.has(Types::STRING) || shape.types.is_any() && text("format").is_some() {
        return match (text("format"), text("pattern")) {
            (Some("uuid" | "guid"), _) => Ids::Uuids,
            (_, Some(pattern)) => Ids::Texts(Some(pattern.to_owned())),
            _ => Ids::Texts(None),
        };
    }
    Ids::Integers(
        keyword("minimum")
            .and_then(Value::as_u64)
            .unwrap_or(1)
            .max(1),
    )
}

/// The property of a record that says which one it is.
pub(super) fn id_property(
    properties: &[&str],
    parameter: Option<&str>,
    noun: &str,
) -> Option<String> {
    let of_path = parameter.map(plain);
    let wanted = [
        Some("id".to_owned()),
        of_path,
        Some(format!("{noun}id")),
        Some("uuid".to_owned()),
        Some("pk".to_owned()),
        Some("key".to_owned()),
        Some("slug".to_owned()),
    ];
    let named = wanted
        .into_iter()
        .flatten()
        .find_map(|wanted| properties.iter().find(|name| plain(name) == wanted));
    named.map(|name| (*name).to_owned())
}

/// The property that records begin with, where it is called an identifier.
pub(super) fn first_id(properties: &[&str]) -> Option<String> {
    let first = properties.first()?;
    plain(first).ends_with("id").then(|| (*first).to_owned())
}
