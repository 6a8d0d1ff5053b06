//! The nodes that an action is about.

use std::collections::HashSet;

use indexmap::IndexSet;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::path::{Refusal, descends, parse, segment_ends};
use crate::diagnostics::{Pointer, json_path};
use crate::similar::most_alike;

/// The nodes that a query selects, each once.
pub(super) fn select(document: &Value, query: &JsonPath, text: &str) -> Vec<Pointer> {
    if !descends(text) {
        let located = query.query_located(document);
        let pointers: IndexSet<String> = located
            .locations()
            .map(|location| location.to_json_pointer())
            .collect();
        return pointers
            .iter()
            .filter_map(|pointer| Pointer::parse(pointer))
            .collect();
    }
    // A descendant segment visits every node. Writing down the place of each, as a located query
    // does, would take many times the memory of the document; so the nodes that were found are
    // looked up by their address afterwards.
    let addresses: HashSet<*const Value> = query
        .query(document)
        .iter()
        .map(|node| std::ptr::from_ref(*node))
        .collect();
    let mut found = Vec::with_capacity(addresses.len());
    collect(document, &Pointer::root(), &addresses, &mut found);
    found
}

fn collect(
    node: &Value,
    pointer: &Pointer,
    addresses: &HashSet<*const Value>,
    found: &mut Vec<Pointer>,
) {
    if found.len() == addresses.len() {
        return;
    }
    if addresses.contains(&std::ptr::from_ref(node)) {
        found.push(pointer.clone());
    }
    match node {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &pointer.index(index), addresses, found);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                collect(member, &pointer.child(key), addresses, found);
            }
        }
        _ => {}
    }
}

/// For a query that selects nothing: the longest part of it that selects something, and the query
/// with the next name corrected, if a name like it is there.
pub(super) fn nearest(
    document: &Value,
    text: &str,
    nodes: usize,
    depth: usize,
) -> Option<(String, Option<String>)> {
    let ends = segment_ends(text);
    for (number, end) in ends.iter().enumerate().rev().skip(1) {
        let (prefix, rest) = (text.get(..*end)?, text.get(*end..)?);
        let query = match parse(prefix, nodes, depth) {
            Ok(query) => query,
            Err(Refusal::Syntax(..) | Refusal::Cost(_)) => continue,
        };
        let places = select(document, &query, prefix);
        let Some(first) = places.first() else {
            continue;
        };
        let next = ends.get(number.saturating_add(1))?;
        let segment = rest.get(..next.saturating_sub(*end)).unwrap_or(rest);
        let shown = if places.len() == 1 {
            json_path(first)
        } else {
            prefix.to_owned()
        };
        let better = segment_name(segment).and_then(|wanted| {
            places.iter().find_map(|place| {
                let members = document.pointer(place.as_str())?.as_object()?;
                let near = most_alike(&wanted, members.keys().map(String::as_str))?;
                Some(json_path(&place.child(near)))
            })
        });
        return Some((shown, better));
    }
    None
}

/// The name that a segment selects: `.name`, `['name']`, `["name"]`.
fn segment_name(segment: &str) -> Option<String> {
    let inner = segment.strip_prefix('[').and_then(|s| s.strip_suffix(']'));
    let Some(inner) = inner.map(str::trim) else {
        return segment.strip_prefix('.').map(str::to_owned);
    };
    ['\'', '"'].iter().find_map(|quote| {
        let name = inner.strip_prefix(*quote)?.strip_suffix(*quote)?;
        Some(name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nodes_are_selected_once_and_in_the_order_of_the_document() {
        let document = json!({"b": [{"x": 1}, {"x": 2}], "a/~": {"x": 3}});
        for (text, expected) in [
            ("$", vec![""]),
            ("$.b[1]", vec!["/b/1"]),
            ("$.b[0,0]", vec!["/b/0"]),
            ("$['a/~'].x", vec!["/a~1~0/x"]),
            ("$..x", vec!["/b/0/x", "/b/1/x", "/a~1~0/x"]),
            ("$..*..x", vec!["/b/0/x", "/b/1/x", "/a~1~0/x"]),
            ("$.b[?@.x == 2]", vec!["/b/1"]),
            ("$.nothing", vec![]),
        ] {
            let query = JsonPath::parse(text).unwrap();
            let pointers = select(&document, &query, text);
            let found: Vec<_> = pointers.iter().map(Pointer::as_str).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_query_that_selects_nothing_has_a_nearest_path() {
        let document = json!({"paths": {"/leads": {"get": {"tags": ["a"]}}}, "info": {}});
        for (text, shown, better) in [
            ("$.paths['/lead'].get", "$.paths", Some("$.paths['/leads']")),
            ("$.path['/leads']", "$", Some("$.paths")),
            ("$.paths['/leads'].post", "$.paths['/leads']", None),
            (
                "$.paths.*.get.tags[?@ == 'b']",
                "$.paths['/leads'].get.tags",
                None,
            ),
        ] {
            let found = nearest(&document, text, 10, 10).unwrap();
            assert_eq!(
                (found.0.as_str(), found.1.as_deref()),
                (shown, better),
                "{text}"
            );
        }
    }
}
