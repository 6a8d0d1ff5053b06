//! Entities: what the paths of an API say about its records.
//!
//! A path that ends in a word is a collection, `…/x`; one that ends in a parameter is an item of it,
//! `…/x/{id}`; what else is done below a collection is an action, `…/x/{id}/word` or `…/x/word`. Every
//! operation belongs to an entity, so that nothing is out of reach.

use std::collections::{BTreeSet, HashMap};

use super::words::{is_plural, split, stem};
use crate::engine::Engine;
use crate::operation::{Location, OperationDef, Risk};
use crate::text::{cap, clean, nearest};

#[cfg(test)]
mod tests;

/// Last words of paths that find records of the collection before them.
const FINDS: [&str; 5] = ["search", "query", "find", "filter", "list"];

/// What can be done with the records of a collection.
#[derive(Debug, Default)]
pub(super) struct Entity {
    pub(super) name: String,
    pub(super) search: Option<Slot>,
    pub(super) get: Option<Slot>,
    pub(super) create: Option<Slot>,
    pub(super) update: Option<Slot>,
    pub(super) delete: Option<Slot>,
    pub(super) actions: Vec<(String, Slot)>,
}

/// The tool that does it.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// Place of the tool in the list of all.
    pub(super) tool: usize,
    /// The argument that is the record's id.
    pub(super) id: Option<String>,
    /// Arguments that say which records it belongs to.
    pub(super) within: Vec<String>,
}

impl Entity {
    /// Every tool of it, with what it does there.
    pub(super) fn slots(&self) -> impl Iterator<Item = (&str, &Slot)> {
        let crud = [
            ("search", &self.search),
            ("get", &self.get),
            ("create", &self.create),
            ("update", &self.update),
            ("delete", &self.delete),
        ];
        crud.into_iter()
            .filter_map(|(name, slot)| slot.as_ref().map(|slot| (name, slot)))
            .chain(
                self.actions
                    .iter()
                    .map(|(name, slot)| (name.as_str(), slot)),
            )
    }
}

/// The entities of an API, in the order of their first operations.
#[derive(Debug)]
pub(super) struct Entities(Vec<Entity>);

/// A path in pieces: words, and parameters by their arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Word(String),
    Parameter(String),
}

/// A path without the names of its parameters, which tells collections from one another.
type Key = Vec<Option<String>>;

impl Entities {
    pub(super) fn new(engine: &Engine) -> Self {
        let operations: Vec<(usize, &'static OperationDef, Vec<Piece>)> = engine
            .entries()
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| {
                let operation = entry.operation()?;
                Some((index, operation, pieces(operation)))
            })
            .collect();
        let mut real: BTreeSet<Key> = operations
            .iter()
            .filter_map(|(_, operation, pieces)| collection(operation, pieces))
            .collect();
        let searches = searches(&operations, &mut real);
        let mut builder = Builder {
            named: engine.api().records_entities,
            ..Builder::default()
        };
        for (tool, operation, pieces) in &operations {
            let head = searched(operation, pieces).filter(|_| searches.contains(&key(pieces)));
            match head {
                Some(head) => builder.search(*tool, operation, pieces, head),
                None => builder.place(*tool, operation, pieces, &real),
            }
        }
        Self(builder.finish())
    }

    /// Every entity.
    pub(super) fn all(&self) -> impl Iterator<Item = &Entity> {
        self.0.iter()
    }

    /// Entities that a view is about.
    pub(super) fn of<'a>(&'a self, tools: &'a [usize]) -> impl Iterator<Item = &'a Entity> {
        let seen = |entity: &&Entity| entity.slots().any(|(_, slot)| tools.contains(&slot.tool));
        self.0.iter().filter(seen)
    }

    /// The entity of a name, which may be its singular.
    pub(super) fn find(&self, name: &str, tools: &[usize]) -> Result<&Entity, String> {
        let folded = fold(name);
        let by_name = self.0.iter().find(|entity| entity.name == folded);
        let stems = stems(name);
        let by_stem = || {
            let mut like = self
                .0
                .iter()
                .filter(|entity| self::stems(&entity.name) == stems);
            like.next().filter(|_| like.next().is_none())
        };
        by_name.or_else(by_stem).ok_or_else(|| {
            let known: Vec<&str> = self.of(tools).map(|entity| entity.name.as_str()).collect();
            let hint = nearest(&folded, known.iter().copied())
                .map_or_else(String::new, |name| format!("; did you mean {name}?"));
            format!(
                "there is no entity `{}`{hint} (entities: {})",
                cap(&clean(name), 60),
                cap(&known.join(", "), 3_000)
            )
        })
    }
}

/// The collection that an operation shows to be one.
fn collection(operation: &OperationDef, pieces: &[Piece]) -> Option<Key> {
    let (last, head) = pieces.split_last()?;
    match (last, operation.risk, operation.method) {
        (Piece::Word(_), Risk::Read, _) => Some(key(pieces)),
        (Piece::Parameter(_), Risk::Read, _)
        | (Piece::Parameter(_), _, "PUT" | "PATCH" | "DELETE") => Some(key(head)),
        _ => None,
    }
}

/// The collection that an operation searches by a word behind it: `/x` of `/x/search`.
fn searched<'p>(operation: &OperationDef, pieces: &'p [Piece]) -> Option<&'p [Piece]> {
    let (last, head) = pieces.split_last()?;
    let is_search = last.word().is_some_and(|word| FINDS.contains(&word));
    let is_collection = matches!(head.last(), Some(Piece::Word(_)));
    (is_search && is_collection && operation.risk == Risk::Read && operation.part.is_empty())
        .then_some(head)
}

/// The paths that search a collection which nothing lists at its own path: `/x/search` finds the records of `/x` and
/// is no collection by itself.
fn searches(
    operations: &[(usize, &'static OperationDef, Vec<Piece>)],
    real: &mut BTreeSet<Key>,
) -> BTreeSet<Key> {
    let mut listed: BTreeSet<Key> = BTreeSet::new();
    let mut with_items: BTreeSet<Key> = BTreeSet::new();
    for (_, operation, pieces) in operations {
        if operation.risk == Risk::Read {
            listed.insert(key(pieces));
        }
        for (at, piece) in pieces.iter().enumerate() {
            if matches!(piece, Piece::Parameter(_)) {
                with_items.insert(key(pieces.get(..at).unwrap_or_default()));
            }
        }
    }
    let mut found = BTreeSet::new();
    for (_, operation, pieces) in operations {
        let Some(head) = searched(operation, pieces) else {
            continue;
        };
        let several = head.last().and_then(Piece::word);
        let is_several = several.is_some_and(is_plural);
        let collection = key(head);
        if (is_several || with_items.contains(&collection)) && !listed.contains(&collection) {
            real.remove(&key(pieces));
            real.insert(collection);
            found.insert(key(pieces));
        }
    }
    found
}

/// Entities by collection, each with its place in the order.
#[derive(Default)]
struct Builder {
    entities: HashMap<Key, (usize, Entity)>,
    /// Names that the operator chose, each with the first word of the paths.
    named: &'static [(&'static str, &'static str)],
}

impl Builder {
    fn place(
        &mut self,
        tool: usize,
        operation: &OperationDef,
        pieces: &[Piece],
        real: &BTreeSet<Key>,
    ) {
        let reads = operation.risk == Risk::Read;
        let Some((last, head)) = pieces.split_last() else {
            self.action(tool, operation, pieces, 0);
            return;
        };
        let (owner, at_item) = match last {
            Piece::Word(_) => (pieces, false),
            Piece::Parameter(_) => (head, true),
        };
        let slot = slot(tool, pieces, at_item.then_some(owner.len()));
        // Which part of an operation is meant cannot be told from a record.
        if !operation.part.is_empty() {
            let owner = if real.contains(&key(owner)) {
                owner
            } else {
                pieces
            };
            name_action(self.entity(owner), operation.tool, operation.tool, slot);
            return;
        }
        let below_item = !at_item && matches!(head.last(), Some(Piece::Parameter(_)));
        if real.contains(&key(owner)) {
            let entity = self.entity(owner);
            let place = match (operation.method, at_item) {
                (_, true) if reads => Some(&mut entity.get),
                (_, false) if reads => Some(&mut entity.search),
                ("POST", false) => Some(&mut entity.create),
                ("PUT" | "PATCH", _) => Some(&mut entity.update),
                ("DELETE", _) => Some(&mut entity.delete),
                _ => None,
            };
            match place {
                Some(empty @ None) => {
                    *empty = Some(slot);
                    if below_item && matches!(operation.method, "POST" | "PUT") && !reads {
                        self.nearest_action(tool, operation, pieces, real);
                    }
                    return;
                }
                // A change of some fields is asked for more often than one of them all.
                Some(Some(taken)) if operation.method == "PATCH" => {
                    let before = std::mem::replace(taken, slot);
                    name_action(entity, "replace", "replace", before);
                    return;
                }
                Some(_) if operation.method == "PUT" => {
                    name_action(entity, "replace", operation.tool, slot);
                    return;
                }
                _ => {}
            }
        }
        self.nearest_action(tool, operation, pieces, real);
    }

    /// A search of the records of a collection: the first one is its search, further ones are actions.
    fn search(
        &mut self,
        tool: usize,
        operation: &OperationDef,
        pieces: &[Piece],
        collection: &[Piece],
    ) {
        let made = slot(tool, pieces, None);
        let entity = self.entity(collection);
        if entity.search.is_none() {
            entity.search = Some(made);
        } else {
            name_action(entity, operation.tool, operation.tool, made);
        }
    }

    /// An action of the nearest collection above; where there is none, the path is an entity by itself.
    fn nearest_action(
        &mut self,
        tool: usize,
        operation: &OperationDef,
        pieces: &[Piece],
        real: &BTreeSet<Key>,
    ) {
        let above = (1..pieces.len()).rev().find(|length| {
            let head = pieces.get(..*length).unwrap_or_default();
            matches!(head.last(), Some(Piece::Word(_))) && real.contains(&key(head))
        });
        match above {
            Some(length) => self.action(tool, operation, pieces, length),
            None if operation.method == "POST" && matches!(pieces.last(), Some(Piece::Word(_))) => {
                let made = slot(tool, pieces, None);
                let entity = self.entity(pieces);
                if entity.create.is_none() {
                    entity.create = Some(made);
                } else {
                    name_action(entity, operation.tool, operation.tool, made);
                }
            }
            None => self.action(tool, operation, pieces, pieces.len()),
        }
    }

    /// An action of the collection at the beginning of a path, `length` pieces long.
    fn action(&mut self, tool: usize, operation: &OperationDef, pieces: &[Piece], length: usize) {
        let (owner, rest) = pieces.split_at(length.min(pieces.len()));
        let words: Vec<&str> = rest.iter().filter_map(Piece::word).collect();
        let name = fold(&words.join("_"));
        let name = if name.is_empty() {
            operation.tool
        } else {
            &name
        };
        let slot = slot(tool, pieces, Some(length));
        name_action(self.entity(owner), name, operation.tool, slot);
    }

    fn entity(&mut self, pieces: &[Piece]) -> &mut Entity {
        let order = self.entities.len();
        let mut words: Vec<&str> = pieces.iter().filter_map(Piece::word).collect();
        if let Some(first) = words.first_mut()
            && let Some((name, _)) = self
                .named
                .iter()
                .find(|(_, word)| fold(word) == fold(first))
        {
            *first = name;
        }
        let made = self.entities.entry(key(pieces)).or_insert_with(|| {
            let name = fold(&words.join("_"));
            let entity = Entity {
                name: if name.is_empty() {
                    "root".to_owned()
                } else {
                    name
                },
                ..Entity::default()
            };
            (order, entity)
        });
        &mut made.1
    }

    /// The entities in order, each with a name of its own.
    fn finish(self) -> Vec<Entity> {
        let mut ordered: Vec<(usize, Entity)> = self.entities.into_values().collect();
        ordered.sort_by_key(|(order, _)| *order);
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut entities = Vec::new();
        for (_, mut entity) in ordered {
            let mut name = entity.name.clone();
            let mut number = 2_u32;
            while !taken.insert(name.clone()) {
                name = format!("{}_{number}", entity.name);
                number += 1;
            }
            entity.name = name;
            entities.push(entity);
        }
        entities
    }
}

fn name_action(entity: &mut Entity, name: &str, other: &str, slot: Slot) {
    let taken = entity.actions.iter().any(|(known, _)| known == name);
    let name = if taken { other } else { name };
    entity.actions.push((name.to_owned(), slot));
}

impl Piece {
    fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Parameter(_) => None,
        }
    }
}

fn slot(tool: usize, pieces: &[Piece], id_at: Option<usize>) -> Slot {
    let mut id = None;
    let mut within = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Parameter(argument) if Some(at) == id_at => id = Some(argument.clone()),
            Piece::Parameter(argument) => within.push(argument.clone()),
            Piece::Word(_) => {}
        }
    }
    Slot { tool, id, within }
}

fn key(pieces: &[Piece]) -> Key {
    pieces
        .iter()
        .map(|piece| piece.word().map(str::to_owned))
        .collect()
}

/// A path in pieces, without what stands before every path of many APIs: `/api`, `/rest`, `/v2`.
fn pieces(operation: &OperationDef) -> Vec<Piece> {
    let is_version = |segment: &str| {
        segment.strip_prefix('v').is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '.')
        })
    };
    operation
        .path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .skip_while(|segment| matches!(*segment, "api" | "rest") || is_version(segment))
        .map(|segment| {
            match segment
                .split_once('{')
                .and_then(|(_, rest)| rest.split_once('}'))
            {
                Some((name, _)) => Piece::Parameter(argument(operation, name).to_owned()),
                None => Piece::Word(segment.to_owned()),
            }
        })
        .collect()
}

/// The argument for a path parameter.
fn argument<'a>(operation: &'a OperationDef, name: &'a str) -> &'a str {
    operation
        .parameters
        .iter()
        .find(|parameter| parameter.location == Location::Path && parameter.name == name)
        .map_or(name, |parameter| parameter.argument)
}

/// A name in lower case, with `_` between words.
pub(super) fn fold(name: &str) -> String {
    split(name).join("_")
}

fn stems(name: &str) -> Vec<String> {
    split(name).iter().map(|word| stem(word)).collect()
}
