//! Operations and path items that stand outside of `paths` and `components`, and that references in
//! `paths` lead to: they are normalised where they stand.

use std::collections::HashSet;

use serde_json::Value;

use crate::diagnostics::{Pointer, Site};
use crate::path_item::METHODS;
use crate::text::percent_decode;

/// What stands behind a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    PathItem,
    Operation,
}

/// Where path items and operations stand that no walk over the document comes to, behind at most `hops`
/// references in a row.
pub(super) fn strays(document: &Value, hops: usize) -> Vec<(Kind, Pointer)> {
    let mut strays = Strays {
        document,
        hops,
        known: HashSet::new(),
        found: Vec::new(),
    };
    let paths = document.get("paths").and_then(Value::as_object);
    for (_, item) in paths.into_iter().flatten() {
        strays.follow(item, Kind::PathItem);
        strays.operations(item);
    }
    let mut next = 0usize;
    while let Some((kind, pointer)) = strays.found.get(next).cloned() {
        next = next.saturating_add(1);
        if let Some(item) = document.pointer(pointer.as_str())
            && kind == Kind::PathItem
        {
            strays.operations(item);
        }
    }
    strays.found
}

/// What was found so far.
struct Strays<'a> {
    document: &'a Value,
    hops: usize,
    known: HashSet<(Kind, Pointer)>,
    found: Vec<(Kind, Pointer)>,
}

impl Strays<'_> {
    /// Those that the operations of a path item are references to.
    fn operations(&mut self, item: &Value) {
        let additional = item.get("additionalOperations").and_then(Value::as_object);
        let fixed = METHODS.iter().filter_map(|method| item.get(*method));
        for operation in fixed.chain(additional.into_iter().flatten().map(|(_, value)| value)) {
            self.follow(operation, Kind::Operation);
        }
    }

    /// What a chain of references leads over, unless it is visited anyway.
    fn follow(&mut self, start: &Value, kind: Kind) {
        let mut value = start;
        for _ in 0..self.hops {
            let target = value.get("$ref").and_then(Value::as_str);
            let Some(pointer) = target
                .and_then(|target| percent_decode(target.strip_prefix('#')?))
                .and_then(|fragment| Pointer::parse(&fragment))
            else {
                return;
            };
            let Some(next) = self.document.pointer(pointer.as_str()) else {
                return;
            };
            let is_visited = ["/paths/", "/components/"]
                .iter()
                .any(|place| pointer.as_str().starts_with(place));
            if !next.is_object() || pointer.is_root() || !self.known.insert((kind, pointer.clone()))
            {
                return;
            }
            if !is_visited {
                self.found.push((kind, pointer));
            }
            value = next;
        }
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
        let found: Vec<(Kind, String)> = strays(&document, 64)
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

    #[test]
    fn as_many_references_in_a_row_are_followed_as_the_budget_says() {
        let chain = (0..99).map(|at| (at.to_string(), json!({"$ref": format!("#/x/{}", at + 1)})));
        let mut chain: serde_json::Map<String, Value> = chain.collect();
        chain.insert("99".to_owned(), json!({}));
        let document = json!({"paths": {"/a": {"get": {"$ref": "#/x/0"}}}, "x": chain});
        for (hops, expected) in [(1, 1), (64, 64), (99, 99), (128, 100)] {
            assert_eq!(strays(&document, hops).len(), expected, "{hops}");
        }
    }
}
