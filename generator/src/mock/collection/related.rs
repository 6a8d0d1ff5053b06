//! What collections have to do with each other: parts that are shown below a record, and identifiers of others.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::Value;

use super::{Collection, SEEDED, plain};
use crate::lower::schema::Shapes;
use crate::mock::answer::names;
use crate::mock::route::noun;
use crate::mock::seed::Seed;

/// The collection of which one below a record shows a part, and the property that names the record.
pub(super) fn view<'a>(
    template: &str,
    own: &Collection,
    all: &IndexMap<String, Collection>,
    root: &'a Value,
    shapes: &Shapes<'a>,
) -> Option<(String, String)> {
    let (above, _) = template.rsplit_once("/{}/")?;
    if template.ends_with("/{}") {
        return None;
    }
    let parent = noun(above);
    let mut same = all
        .iter()
        .filter(|(other, collection)| !other.contains("/{}") && collection.noun == own.noun);
    let (whole, collection) = same.next()?;
    let node = collection.sources.first()?.node(root, shapes)?;
    let shape = shapes.of(&node);
    let of_parent = [
        format!("{parent}id"),
        format!("{parent}uuid"),
        format!("{parent}pk"),
    ];
    let property = names(shapes, &shape)
        .into_iter()
        .find(|name| of_parent.contains(&plain(name)))?;
    Some((whole.clone(), property.to_owned()))
}

/// Identifiers of the first records, by their kind: what properties such as `customer_id` name.
pub(in crate::mock) fn related(
    all: &IndexMap<String, Collection>,
    seed: Seed,
) -> HashMap<String, Vec<Value>> {
    let mut found: HashMap<String, Vec<Value>> = HashMap::new();
    let roots = all.iter().filter(|(template, _)| !template.contains("/{}"));
    let mut roots: Vec<_> = roots.collect();
    roots.sort_by_key(|(template, collection)| (!collection.has_items, template.len()));
    for (template, collection) in roots {
        found.entry(collection.noun.clone()).or_insert_with(|| {
            (0..SEEDED)
                .map(|index| collection.id_of(index, seed.of(template)))
                .collect()
        });
    }
    found
}
