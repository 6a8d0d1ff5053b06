//! The core: the tools that most sessions need. Chosen by what the paths say, so that the same document
//! has the same core on every machine: the collections that the API does most with, each as a whole (to
//! list, show and create its records, with the lists of those that a new one names, and to send what is sent),
//! as many as fit, then the first thing that can be done with a record. Before them comes what the prompts need, which
//! are what the operator or the document says that an ordinary day is about. Nothing that deletes is in it.

mod collections;
mod needs;

use std::collections::HashMap;

use self::collections::{Collection, collections};
use super::cost::tokens;
use crate::engine::{Entry, Kind};
use crate::operation::{Composite, Deed, OperationDef, Risk};

/// Tools of a core.
const MOST: usize = 20;
const LEAST: usize = 12;
/// Tokens that its tools may take together, by bytes, which are about 5 % more than there are; more where the
/// smallest [`LEAST`] take more. With the tools that find the others (about 370) it stays below 3,000.
const BUDGET: usize = 2_720;

/// Tokens of [`BUDGET`] that what the prompts need may take, so that collections still come whole.
const PROMPTED: usize = 1_400;

/// The core of some tools, in the order of the list. Tools of one's own are always in it. `prompts` are what each of the
/// prompts cannot do without, by the names of tools.
pub(super) fn core(
    entries: &[Entry],
    among: &[usize],
    prompts: &[&'static [&'static str]],
) -> Vec<usize> {
    let mut own = Vec::new();
    let mut composites: Vec<(usize, &'static Composite)> = Vec::new();
    let mut operations: Vec<(usize, &'static OperationDef)> = Vec::new();
    for index in among {
        match entries.get(*index).map(|entry| &entry.kind) {
            Some(Kind::Operation(operation)) => operations.push((*index, operation)),
            Some(Kind::Composite(tool)) => composites.push((*index, tool)),
            Some(Kind::Custom(_)) => own.push(*index),
            None => {}
        }
    }
    let costs: HashMap<usize, usize> = among
        .iter()
        .filter_map(|index| Some((*index, tokens(entries.get(*index)?))))
        .collect();
    let cost = |index: usize| costs.get(&index).copied().unwrap_or_default();
    let (search, collections) = collections(entries, &operations);
    let mut chosen: Vec<usize> = Vec::new();
    let mut spent = 0;
    let small = smallest(&collections, &cost);
    let is_tight = small
        .iter()
        .take(LEAST)
        .map(|index| cost(*index))
        .sum::<usize>()
        > BUDGET;
    let mut choose = |index: usize, chosen: &mut Vec<usize>| {
        // There has to be room for as many small ones as a core has at least, if there is any.
        let missing = LEAST.saturating_sub(chosen.len() + 1);
        let others = small
            .iter()
            .filter(|other| !chosen.contains(other) && **other != index);
        let reserved: usize = others.take(missing).map(|other| cost(*other)).sum();
        let room = BUDGET.saturating_sub(if is_tight { 0 } else { reserved });
        if !chosen.contains(&index) && chosen.len() < MOST && spent + cost(index) <= room {
            chosen.push(index);
            spent += cost(index);
        }
    };
    for index in search {
        choose(index, &mut chosen);
    }
    for (index, tool) in &composites {
        if matches!(tool.deed, Deed::Fanout(_)) {
            choose(*index, &mut chosen);
        }
    }
    for index in prompted(entries, among, prompts, &cost) {
        choose(index, &mut chosen);
    }
    let is_made = |collection: &&Collection, chosen: &[usize]| {
        collection.create.is_some_and(|tool| chosen.contains(&tool))
    };
    let begun: Vec<usize> = collections
        .iter()
        .filter(|collection| is_made(collection, &chosen))
        .flat_map(|collection| collection.named.iter().copied())
        .collect();
    for index in begun {
        choose(index, &mut chosen);
    }
    for collection in &collections {
        for index in collection.tools() {
            if collection.is_reached(index, &chosen) {
                choose(index, &mut chosen);
            }
        }
        // A new record is of use where the ids that it names can be found, and where it gets to whom it is for.
        if is_made(&collection, &chosen) {
            let named = collection.named.iter();
            for index in named.copied().chain(collection.outward) {
                choose(index, &mut chosen);
            }
        }
    }
    for collection in &collections {
        let done = collection.outward.or(collection.action);
        for index in [done, collection.update].into_iter().flatten() {
            if collection.is_reached(index, &chosen) {
                choose(index, &mut chosen);
            }
        }
    }
    // Those over what is chosen anyway, as far as there is room: nothing that deletes.
    for (index, tool) in &composites {
        let is_chosen = |called: &&OperationDef| {
            let place = operations
                .iter()
                .find(|(_, known)| known.tool == called.tool);
            place.is_some_and(|(place, _)| chosen.contains(place))
        };
        let fits = !chosen.contains(index) && tool.risk <= Risk::Write;
        if fits && tool.operations().iter().any(is_chosen) {
            choose(*index, &mut chosen);
        }
    }
    // Large tools everywhere: what is said to go with those chosen makes it up, and then the smallest, with what leads
    // to them.
    let missing = LEAST.saturating_sub(chosen.len());
    let beside = beside(entries, &operations, &composites, &chosen, &cost);
    chosen.extend(beside.into_iter().take(missing));
    let missing = LEAST.saturating_sub(chosen.len());
    let rest: Vec<usize> = small
        .into_iter()
        .filter(|index| !chosen.contains(index))
        .take(missing)
        .collect();
    chosen.extend(rest);
    // An API without collections.
    let rest = among.iter().filter(|index| !own.contains(index));
    if collections.is_empty() {
        let rest: Vec<usize> = rest
            .filter(|index| !chosen.contains(index))
            .copied()
            .collect();
        let room = MOST.saturating_sub(chosen.len());
        chosen.extend(rest.into_iter().take(room));
    }
    chosen.extend(own);
    chosen.sort_unstable();
    chosen
}

/// What the prompts need, as far as a view has it, in their order: of a prompt all or nothing, and of those that name a
/// dear tool only what leaves room for the others. Nothing that deletes.
fn prompted(
    entries: &[Entry],
    among: &[usize],
    prompts: &[&'static [&'static str]],
    cost: &dyn Fn(usize) -> usize,
) -> Vec<usize> {
    let place = |tool: &&str| {
        let mut places = among.iter().copied();
        places.find(|index| {
            let entry = entries.get(*index);
            entry.is_some_and(|entry| entry.name() == *tool && entry.risk() != Risk::Destructive)
        })
    };
    let mut found: Vec<usize> = Vec::new();
    let mut spent = 0;
    for needs in prompts {
        let Some(mut needed) = needs.iter().map(place).collect::<Option<Vec<_>>>() else {
            continue;
        };
        needed.retain(|index| !found.contains(index));
        let more: usize = needed.iter().map(|index| cost(*index)).sum();
        if spent + more <= PROMPTED {
            spent += more;
            found.extend(needed);
        }
    }
    found
}

/// What goes with chosen tools, smallest first: reads that their descriptions name (`Call first: …`), and composites
/// that call one of them. Nothing that deletes.
fn beside(
    entries: &[Entry],
    operations: &[(usize, &'static OperationDef)],
    composites: &[(usize, &'static Composite)],
    chosen: &[usize],
    cost: &dyn Fn(usize) -> usize,
) -> Vec<usize> {
    let is_chosen = |index: &usize| chosen.contains(index);
    let called: Vec<&str> = operations
        .iter()
        .filter(|(index, _)| is_chosen(index))
        .map(|(_, operation)| operation.tool)
        .collect();
    let said: Vec<&str> = chosen
        .iter()
        .filter_map(|index| entries.get(*index))
        .flat_map(|entry| entry.description().split('`').skip(1).step_by(2))
        .collect();
    let reads = operations
        .iter()
        .filter(|(_, operation)| operation.risk == Risk::Read && said.contains(&operation.tool));
    let over = composites.iter().filter(|(_, tool)| {
        let mut calls = tool.operations().into_iter();
        tool.risk <= Risk::Write && calls.any(|operation| called.contains(&operation.tool))
    });
    let found = reads.map(|(index, _)| *index);
    let found = found.chain(over.map(|(index, _)| *index));
    let mut found: Vec<usize> = found.filter(|index| !is_chosen(index)).collect();
    found.sort_by_key(|index| (cost(*index), *index));
    found
}

/// The smallest tools that can be used together, smallest first behind what leads to them: at most as many as
/// a core has.
fn smallest(collections: &[Collection], cost: &dyn Fn(usize) -> usize) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    while found.len() < 2 * LEAST {
        let next = collections
            .iter()
            .flat_map(|collection| collection.tools().map(move |index| (collection, index)))
            .filter(|(collection, index)| {
                !found.contains(index) && collection.is_reached(*index, &found)
            })
            .min_by_key(|(_, index)| (cost(*index), *index));
        match next {
            Some((_, index)) => found.push(index),
            None => break,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tools of an API of some paths, each with a schema of some bytes.
    fn entries(list: &[(&'static str, &'static str, Risk, usize)]) -> Vec<Entry> {
        let made = list.iter().map(|(method, path, risk, size)| {
            let operation: &'static OperationDef = Box::leak(Box::new(OperationDef {
                tool: path,
                method,
                path,
                risk: *risk,
                input_schema: format!(r#"{{"title":"{}"}}"#, "x".repeat(*size)).leak(),
                ..OperationDef::DEFAULT
            }));
            Entry::new(Kind::Operation(operation))
        });
        made.collect()
    }

    fn chosen(list: &[(&'static str, &'static str, Risk, usize)]) -> Vec<usize> {
        with_prompts(list, &[])
    }

    fn with_prompts(
        list: &[(&'static str, &'static str, Risk, usize)],
        prompts: &[&'static [&'static str]],
    ) -> Vec<usize> {
        let all: Vec<usize> = (0..list.len()).collect();
        core(&entries(list), &all, prompts)
    }

    #[test]
    fn what_prompts_need_comes_before_what_the_api_does_most_with() {
        use Risk::{Destructive, Outward, Read, Write};
        let mut list = Vec::new();
        for n in 0..12_u32 {
            let collection: &'static str = format!("/c{n}").leak();
            let item: &'static str = format!("/c{n}/{{id}}").leak();
            list.push(("GET", collection, Read, 400));
            list.push(("POST", collection, Write, 100));
            list.push(("GET", item, Read, 100));
        }
        let first = list.len();
        list.push(("GET", "/leads", Read, 400));
        list.push(("POST", "/leads/{id}/send", Outward, 100));
        list.push(("DELETE", "/leads/{id}", Destructive, 10));
        list.push(("GET", "/everything", Read, 20_000));
        assert!(chosen(&list).iter().all(|index| *index < first));
        for (prompts, expected) in [
            (
                &[&["/leads", "/leads/{id}/send"][..]][..],
                &[first, first + 1][..],
            ),
            // Of a prompt all or nothing.
            (&[&["/leads", "/gone"]], &[]),
            (&[&["/leads", "/leads/{id}"]], &[]),
            // What would leave no room for the rest does not come.
            (&[&["/everything"], &["/leads"]], &[first]),
        ] {
            let found = with_prompts(&list, prompts);
            let prompted: Vec<usize> = found
                .iter()
                .copied()
                .filter(|index| *index >= first)
                .collect();
            assert_eq!(prompted, expected, "{prompts:?}");
            assert!(found.len() >= LEAST, "{found:?}");
        }
    }

    #[test]
    fn what_the_api_does_most_with_comes_whole_and_nothing_that_deletes() {
        use Risk::{Destructive, Outward, Read, Write};
        let list = [
            ("GET", "/health", Read, 10),
            ("GET", "/search", Read, 10),
            ("GET", "/small", Read, 10),
            ("POST", "/small", Write, 10),
            ("GET", "/big/", Read, 10),
            ("POST", "/big/", Write, 10),
            ("GET", "/big/{id}/", Read, 10),
            ("PUT", "/big/{id}/", Write, 10),
            ("PATCH", "/big/{id}/", Write, 10),
            ("DELETE", "/big/{id}/", Destructive, 10),
            ("POST", "/big/{id}/lines/", Write, 10),
            ("POST", "/big/{id}/send/", Outward, 10),
            ("POST", "/big/{id}/close/", Write, 10),
        ];
        assert_eq!(chosen(&list), [1, 2, 3, 4, 5, 6, 8, 11]);
    }

    #[test]
    fn a_core_is_within_its_bounds() {
        let mut list = Vec::new();
        for n in 0..30_u32 {
            let collection: &'static str = format!("/c{n}").leak();
            let item: &'static str = format!("/c{n}/{{id}}").leak();
            list.push(("GET", collection, Risk::Read, 400));
            list.push(("GET", item, Risk::Read, 100));
        }
        assert_eq!(chosen(&list).len(), MOST);
        // Large ones everywhere: fewer, and the smallest.
        for tool in &mut list {
            tool.3 *= 20;
        }
        assert_eq!(chosen(&list).len(), LEAST);
        let costs = entries(&list);
        assert!(costs.iter().take(LEAST).map(tokens).sum::<usize>() > BUDGET);
        assert!(chosen(&[]).is_empty());
        assert_eq!(chosen(&[("GET", "/a/{b}", Risk::Read, 1)]), [0]);
    }

    #[test]
    fn a10_what_large_tools_name_makes_up_a_core_before_other_large_ones() {
        use Risk::{Destructive, Read, Write};
        let mut list = Vec::new();
        for n in 0..6_u32 {
            let collection: &'static str = format!("/c{n}").leak();
            let item: &'static str = format!("/c{n}/{{id}}").leak();
            list.push(("GET", collection, Read, 4_000));
            list.push(("GET", item, Read, 100));
            list.push(("POST", collection, Write, 2_000));
        }
        for (path, risk) in [("/fields", Read), ("/purge", Destructive)] {
            list.push(("POST", path, risk, 50));
        }
        let mut all = entries(&list);
        let places: Vec<usize> = (0..list.len()).collect();
        let fields = list.len() - 2;
        assert!(!core(&all, &places, &[]).contains(&fields));
        let first: &'static OperationDef = Box::leak(Box::new(OperationDef {
            tool: "c0",
            method: "GET",
            path: "/c0",
            description: "Call first: `/fields`. See also: `/purge`.",
            input_schema: format!(r#"{{"title":"{}"}}"#, "x".repeat(4_000)).leak(),
            ..OperationDef::DEFAULT
        }));
        if let Some(slot) = all.first_mut() {
            *slot = Entry::new(Kind::Operation(first));
        }
        let found = core(&all, &places, &[]);
        assert!(
            found.contains(&fields) && !found.contains(&(fields + 1)),
            "{found:?}"
        );
        assert_eq!(found.len(), LEAST);
    }

    #[test]
    fn lists_of_values_make_up_a_core_before_large_tools_are_left_out() {
        use Risk::{Read, Write};
        let mut list = vec![
            ("GET", "/invoices", Read, 3_000),
            ("POST", "/invoices", Write, 3_000),
        ];
        for path in [
            "/currencies",
            "/taxes",
            "/units",
            "/countries",
            "/languages",
        ] {
            list.push(("GET", path, Read, 10));
        }
        for path in ["/teams", "/rooms", "/plans", "/zones", "/desks", "/health"] {
            list.push(("GET", path, Read, 10));
        }
        let found = chosen(&list);
        // All but the one that is no list.
        assert_eq!(found, (0..12).collect::<Vec<_>>());
    }

    #[test]
    fn a_dear_tool_comes_where_a_whole_core_fits_beside_it() {
        use Risk::{Read, Write};
        for (size, comes) in [(4_000, true), (9_000, false)] {
            let mut list = vec![("POST", "/c0", Write, size)];
            for n in 0..12_u32 {
                let collection: &'static str = format!("/c{n}").leak();
                let item: &'static str = format!("/c{n}/{{id}}").leak();
                list.push(("GET", collection, Read, 400));
                list.push(("GET", item, Read, 100));
            }
            let found = chosen(&list);
            assert_eq!(found.contains(&0), comes, "{size}");
            assert!(found.len() >= LEAST, "{found:?}");
            let costs = entries(&list);
            let spent = found.iter().filter_map(|index| costs.get(*index));
            assert!(spent.map(tokens).sum::<usize>() <= BUDGET);
        }
    }
}
