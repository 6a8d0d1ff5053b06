//! Lists of related records in updates, where null is refused (behaviour B10, ADR 0050). A model writes null for
//! "nothing to say", and a service that takes it for "none" drops every link of the record. Leaving the list out
//! and `[]` say either without a doubt.

use std::collections::HashSet;

use super::schema::{Shape, Shapes, Types};
use crate::diagnostics::{Code, Diagnostic};
use crate::model::RawOperation;
use crate::names::{singular, words};
use crate::text;

/// Places in one message.
const NAMED: usize = 6;
/// Last words of names of lists of people and places in a tree, which paths call otherwise.
const ROLES: [&str; 12] = [
    "owner",
    "assignee",
    "assigned",
    "member",
    "participant",
    "attendee",
    "follower",
    "watcher",
    "recipient",
    "reviewer",
    "parent",
    "child",
];

/// What says that the items of a list are records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// Its name, or the format of the items.
    Certain,
    /// Integers, which may be anything: the name has to be that of records.
    Numbers,
    /// Objects with an id of this, in the singular: `service` of `[{serviceId, quantity}]`.
    Objects(String),
}

/// Whether a nullable list may be one of related records.
pub fn sign<'a>(shapes: &Shapes<'a>, name: &str, list: &Shape<'a>) -> Option<Sign> {
    if !list.nullable || !list.is_array() {
        return None;
    }
    if words(name).last().is_some_and(|last| is_ids(last)) {
        return Some(Sign::Certain);
    }
    let item = shapes.of(list.items.as_ref()?);
    let format = item
        .keywords
        .get("format")
        .and_then(|node| node.value.as_str());
    match format {
        Some("uuid" | "guid") => Some(Sign::Certain),
        _ if item.is_object() => named_by_objects(name, &item).map(Sign::Objects),
        _ => (item.types == Types::INTEGER && item.values.is_none()).then_some(Sign::Numbers),
    }
}

/// What the objects of a list name by an id that each of them has to have, or that is named as the list is.
fn named_by_objects(list: &str, item: &Shape<'_>) -> Option<String> {
    let of_list = words(list).last().map(|last| singular(last));
    item.properties.keys().find_map(|property| {
        let mut named = words(property);
        let id = named.pop()?;
        if !matches!(id.as_str(), "id" | "uuid" | "guid") {
            return None;
        }
        let of_id = named.last().map(|last| singular(last));
        let is_needed = item.required.contains(property);
        let is_of_list = of_id.is_some() && of_id == of_list;
        let named = of_id.or_else(|| of_list.clone())?;
        (is_needed || is_of_list).then_some(named)
    })
}

fn is_ids(word: &str) -> bool {
    matches!(word, "ids" | "uuids" | "guids")
}

/// What the paths of a document call its records, in the singular.
pub fn records(operations: &[RawOperation<'_>]) -> HashSet<String> {
    let paths = operations.iter().map(|raw| raw.path);
    let segments = paths.flat_map(|path| path.split('/').filter(|step| !step.contains('{')));
    segments
        .filter_map(|segment| Some(singular(words(segment).last()?)))
        .collect()
}

/// Those of an update, of all that may be lists of related records. What null does in a merge patch is no question.
pub fn of_update(method: &str, found: &[(String, Sign)], records: &HashSet<String>) -> Vec<String> {
    if !matches!(method, "PUT" | "PATCH") {
        return Vec::new();
    }
    let are_records = |word: &str| records.contains(word) || ROLES.contains(&word);
    let is_related = |(place, sign): &&(String, Sign)| match sign {
        Sign::Certain => true,
        Sign::Objects(named) => are_records(named),
        Sign::Numbers => {
            let all = words(place.rsplit('/').next().unwrap_or_default());
            let mut names = all.iter().rev().filter(|word| *word != "to");
            let last = names.next().map(|word| singular(word));
            last.is_some_and(|last| are_records(&last))
        }
    };
    let mut places: Vec<String> = Vec::new();
    for (place, _) in found.iter().filter(is_related) {
        if !places.contains(place) {
            places.push(place.clone());
        }
    }
    places
}

/// That null is refused there, and how to have it otherwise.
pub fn told(raw: &RawOperation<'_>, places: &[String]) -> Option<Diagnostic> {
    let name = |place: &String| {
        let steps: Vec<&str> = place.split('/').skip(1).collect();
        steps.join(".").replace(".*", "[]")
    };
    let first = name(places.first()?);
    let shown: Vec<String> = places
        .iter()
        .take(NAMED)
        .map(|place| format!("`{}`", text::line(&name(place), 60)))
        .collect();
    let more = match places.len().saturating_sub(shown.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "null is refused for {}{more} in {}",
        shown.join(", "),
        raw.label()
    );
    let help = format!(
        "`fields.\"{}\".null = \"clear\"` in mcpwright.toml or `x-mcp` sends null, `\"omit\"` leaves it out",
        text::line(&first, 60)
    );
    Some(
        Diagnostic::new(Code::E0530, message)
            .at_key(&raw.node.pointer)
            .note("lists of related records: left out they stay as they are, `[]` empties them")
            .help(help),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ids_where_their_name_is_that_of_records_or_people() {
        let records: HashSet<String> = ["contact", "team"].map(str::to_owned).into();
        for (place, sign, expected) in [
            ("/dealIds", Sign::Certain, true),
            ("/records/*/owner_ids", Sign::Certain, true),
            ("/contacts", Sign::Numbers, true),
            ("/data/sales_teams", Sign::Numbers, true),
            ("/assigned_to", Sign::Numbers, true),
            ("/reminder_days", Sign::Numbers, false),
            ("/scores", Sign::Numbers, false),
            ("/lines", Sign::Objects("contact".to_owned()), true),
            ("/lines", Sign::Objects("line".to_owned()), false),
        ] {
            let found = [(place.to_owned(), sign)];
            let kept = of_update("PUT", &found, &records);
            assert_eq!(!kept.is_empty(), expected, "{place}");
            assert!(of_update("POST", &found, &records).is_empty());
        }
    }
}
