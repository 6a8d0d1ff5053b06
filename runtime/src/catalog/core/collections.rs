//! The collections that the paths of an API show, in the order in which they come into a core.

use super::needs;
use crate::catalog::words::{is_plural, split, stem};
use crate::engine::Entry;
use crate::operation::{OperationDef, Risk};

/// Last segments of reads that find records of the collection before them.
const FINDS: [&str; 4] = ["search", "query", "find", "list"];

/// The tools of a collection that can be in a core.
#[derive(Debug, Default)]
pub(super) struct Collection {
    path: &'static str,
    /// How much the API does with it: the tools at and below it, and those elsewhere that name its records.
    size: usize,
    /// How early it comes into a core.
    weight: usize,
    pub(super) list: Option<usize>,
    pub(super) get: Option<usize>,
    pub(super) create: Option<usize>,
    /// What is done with a record inside of the service.
    pub(super) action: Option<usize>,
    /// What brings a record to somebody outside.
    pub(super) outward: Option<usize>,
    pub(super) update: Option<usize>,
    /// The lists of other collections whose records a new one names.
    pub(super) named: Vec<usize>,
}

impl Collection {
    /// Those that make it of use.
    pub(super) fn tools(&self) -> impl Iterator<Item = usize> {
        let tools = [self.list, self.get, self.create];
        tools.into_iter().flatten()
    }

    /// Whether a tool can be used: ids come from the list.
    pub(super) fn is_reached(&self, index: usize, chosen: &[usize]) -> bool {
        self.list
            .is_none_or(|list| index == list || chosen.contains(&list))
    }

    /// What its records are called, in stems: `item-categories` are `item`, `categor`.
    fn entity(&self) -> Vec<String> {
        let last = self.path.rsplit('/').next().unwrap_or_default();
        split(last).iter().map(|word| stem(word)).collect()
    }
}

/// Tools that search everything, and the collections: the larger ones first, and among like ones those that the
/// document begins with.
pub(super) fn collections(
    entries: &[Entry],
    operations: &[(usize, &'static OperationDef)],
) -> (Vec<usize>, Vec<Collection>) {
    let mut search = Vec::new();
    let mut collections: Vec<Collection> = Vec::new();
    for (index, operation) in operations {
        let path = collection(operation);
        let rest = operation.path.get(path.len()..).unwrap_or_default();
        let rest = rest.trim_matches('/');
        if operation.risk == Risk::Read && rest.is_empty() && is_search(path) {
            search.push(*index);
            continue;
        }
        let place = collections.iter().position(|known| known.path == path);
        let place = place.unwrap_or_else(|| {
            collections.push(Collection {
                path,
                ..Collection::default()
            });
            collections.len() - 1
        });
        let Some(of) = collections.get_mut(place) else {
            continue;
        };
        of.size += 1;
        let item = rest.starts_with('{') && !rest.contains('/');
        let slot = match (operation.method, operation.risk) {
            // A list comes before a search of the same records.
            ("GET", Risk::Read) if rest.is_empty() => {
                of.list = Some(*index);
                continue;
            }
            (_, Risk::Read) if FINDS.contains(&rest) => &mut of.list,
            ("GET", Risk::Read) if item => &mut of.get,
            ("POST", Risk::Write) if rest.is_empty() => &mut of.create,
            // A change of some fields is asked for more often than one of them all.
            ("PATCH", Risk::Write) if item => {
                of.update = Some(*index);
                continue;
            }
            ("PUT", Risk::Write) if item => &mut of.update,
            ("POST" | "PUT", Risk::Write) if is_action(rest) => &mut of.action,
            ("POST" | "PUT", Risk::Outward) if is_action(rest) => &mut of.outward,
            _ => continue,
        };
        slot.get_or_insert(*index);
    }
    // A collection that cannot be listed is rarely what an API is about. One that can only be listed has the
    // values that others take (currencies, taxes), and costs next to nothing.
    collections.retain(|collection| {
        let name = collection.path.rsplit('/').next().unwrap_or_default();
        collection.list.is_some() && (collection.size > 1 || is_plural(name))
    });
    refer(entries, operations, &mut collections);
    let number = collections.len();
    for (place, collection) in collections.iter_mut().enumerate() {
        collection.weight = collection.size * (2 * number - place);
    }
    collections.sort_by_key(|collection| std::cmp::Reverse(collection.weight));
    (search, collections)
}

/// Finds which collections name records of which others.
fn refer(
    entries: &[Entry],
    operations: &[(usize, &'static OperationDef)],
    collections: &mut [Collection],
) {
    let names: Vec<Vec<String>> = collections.iter().map(Collection::entity).collect();
    for (index, operation) in operations {
        if operation.risk == Risk::Read {
            continue;
        }
        let Some(entry) = entries.get(*index) else {
            continue;
        };
        let own = collection(operation);
        for entity in needs::named(&entry.whole().0) {
            // Of two collections with one name it is not known which is meant.
            let mut places = names
                .iter()
                .enumerate()
                .filter(|(_, name)| **name == entity);
            let place = places.next().map(|(place, _)| place);
            let Some(place) = place.filter(|_| places.next().is_none()) else {
                continue;
            };
            let list = collections.get_mut(place).and_then(|named| {
                let is_other = named.path != own;
                named.size += usize::from(is_other);
                named.list.filter(|_| is_other)
            });
            let of = collections.iter_mut().find(|of| of.create == Some(*index));
            if let (Some(of), Some(list)) = (of, list)
                && !of.named.contains(&list)
            {
                of.named.push(list);
            }
        }
    }
}

/// Whether a path is `/search` with nothing before it but what stands before all paths of many APIs.
fn is_search(path: &str) -> bool {
    let words = path.split('/').filter(|word| !word.is_empty());
    let mut words = words.filter(|word| *word != "api" && !word.starts_with('v'));
    words.next() == Some("search") && words.next().is_none()
}

/// Whether a path below a collection is `{id}/word`, and not a collection of its own.
fn is_action(rest: &str) -> bool {
    let mut segments = rest.split('/');
    segments.next().is_some_and(|id| id.starts_with('{'))
        && segments
            .next()
            .is_some_and(|word| !word.contains('{') && !is_plural(word))
        && segments.next().is_none()
}

/// The path up to its first parameter; all of it where there is none, but for the word that says that a POST
/// finds records (`/contacts/search`).
fn collection(operation: &OperationDef) -> &'static str {
    let path = operation.path;
    let end = path.find('{').unwrap_or(path.len());
    let path = path.get(..end).unwrap_or(path).trim_end_matches('/');
    let reads = operation.risk == Risk::Read && operation.method != "GET";
    match path.rsplit_once('/') {
        Some((before, last))
            if reads
                && FINDS.contains(&last)
                && before.rsplit('/').next().is_some_and(is_plural) =>
        {
            before
        }
        _ => path,
    }
}
