//! Operations and path items that stand outside of `paths` and `components`, and that references in
//! `paths` lead to: they are normalised where they stand.

use std::collections::HashSet;

use serde_json::Value;

use crate::diagnostics::{Pointer, Site};
use crate::text::percent_decode;

/// Methods that a path item has fields for (OpenAPI 3.2 §4.9.1).
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];
/// References from one to the next that are followed.
const MOST_HOPS: usize = 64;

/// What stands behind a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    PathItem,
    Operation,
}

/// Where path items and operations stand that no walk over the document comes to.
pub(super) fn strays(document: &Value) -> Vec<(Kind, Pointer)> {
    let mut known = HashSet::new();
    let mut found = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (_, item) in paths.into_iter().flatten() {
        follow(document, item, Kind::PathItem, &mut known, &mut found);
        operations(document, item, &mut known, &mut found);
    }
    let mut next = 0usize;
    while let Some((kind, pointer)) = found.get(next).cloned() {
        next = next.saturating_add(1);
        if let Some(item) = document.pointer(pointer.as_str())
            && kind == Kind::PathItem
        {
            operations(document, item, &mut known, &mut found);
        }
    }
    found
}

/// Those that the operations of a path item are references to.
fn operations(
    document: &Value,
    item: &Value,
    known: &mut HashSet<(Kind, Pointer)>,
    found: &mut Vec<(Kind, Pointer)>,
) {
    let additional = item.get("additionalOperations").and_then(Value::as_object);
    let fixed = METHODS.iter().filter_map(|method| item.get(*method));
    for operation in fixed.chain(additional.into_iter().flatten().map(|(_, value)| value)) {
        follow(document, operation, Kind::Operation, known, found);
    }
}

/// What a chain of references leads over, unless it is visited anyway.
fn follow(
    document: &Value,
    start: &Value,
    kind: Kind,
    known: &mut HashSet<(Kind, Pointer)>,
    found: &mut Vec<(Kind, Pointer)>,
) {
    let mut value = start;
    for _ in 0..MOST_HOPS {
        let target = value.get("$ref").and_then(Value::as_str);
        let Some(pointer) = target
            .and_then(|target| percent_decode(target.strip_prefix('#')?))
            .and_then(|fragment| Pointer::parse(&fragment))
        else {
            return;
        };
        let Some(next) = document.pointer(pointer.as_str()) else {
            return;
        };
        let is_visited = ["/paths/", "/components/"]
            .iter()
            .any(|place| pointer.as_str().starts_with(place));
        if !next.is_object() || pointer.is_root() || !known.insert((kind, pointer.clone())) {
            return;
        }
        if !is_visited {
            found.push((kind, pointer));
        }
        value = next;
    }
}

/// Calls `visit` with a place in the document.
pub(super) fn descend(
    value: &mut Value,
    tokens: &[String],
    site: &Site<'_>,
    visit: &mut dyn FnMut(&mut Value, &Site<'_>),
) {
    let Some((token, rest)) = tokens.split_first() else {
        return visit(value, site);
    };
    match value {
        Value::Object(members) => {
            if let Some(member) = members.get_mut(token) {
                descend(member, rest, &site.member(token), visit);
            }
        }
        Value::Array(elements) => {
            let index = token.parse::<usize>().ok();
            if let Some((index, element)) = index.and_then(|i| Some((i, elements.get_mut(i)?))) {
                descend(element, rest, &site.element(index), visit);
            }
        }
        _ => {}
    }
}

/// The tokens of a pointer, owned, since the document changes while they are followed.
pub(super) fn tokens(pointer: &Pointer) -> Vec<String> {
    pointer.tokens().map(std::borrow::Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_no_walk_comes_to_is_found_once_through_all_references() {
        let document = json!({
            "paths": {
                "/a": {"get": {"$ref": "#/x-one"}, "post": {"$ref": "#/paths/~1b/post"}},
                "/b": {"$ref": "#/x-items/b"},
                "/c": {"$ref": "#/components/pathItems/C", "get": {"$ref": "#/x-one"}},
                "/d": {"additionalOperations": {"COPY": {"$ref": "#/x-copy"}}, "get": {"$ref": "#"}},
            },
            "x-one": {"$ref": "#/x-two"},
            "x-two": {"$ref": "#/x-one"},
            "x-copy": {"responses": {}},
            "x-items": {"b": {"post": {"$ref": "#/x-copy"}, "get": {"$ref": "#/nowhere"}}},
            "components": {"pathItems": {"C": {}}},
        });
        let found: Vec<(Kind, String)> = strays(&document)
            .into_iter()
            .map(|(kind, pointer)| (kind, pointer.as_str().to_owned()))
            .collect();
        let expected = [
            (Kind::Operation, "/x-one"),
            (Kind::Operation, "/x-two"),
            (Kind::PathItem, "/x-items/b"),
            (Kind::Operation, "/x-copy"),
        ];
        assert_eq!(
            found,
            expected.map(|(kind, place)| (kind, place.to_owned()))
        );
    }
}
