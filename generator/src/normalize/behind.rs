//! Objects that stand outside of `paths` and of the sections of `components`, and that references lead to:
//! they are normalised where they stand. Schemas are followed by the walk over schemas.

use std::collections::HashSet;

use serde_json::Value;

use super::fields;
use crate::diagnostics::{Pointer, Site};
use crate::path_item::METHODS;
use crate::text::percent_decode;

/// What stands behind a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
}

impl Kind {
    /// Whether an object has what makes it one. Another is left alone: its members mean something else.
    fn is_of(self, value: &Value) -> bool {
        let has = |fields: &[&str]| fields.iter().any(|field| value.get(field).is_some());
        match self {
            Self::PathItem | Self::Operation => value.is_object(),
            Self::Parameter => has(&["in", "$ref"]),
            Self::RequestBody => has(&["content", "$ref"]),
            Self::Response => has(&["description", "content", "headers", "$ref"]),
            Self::Header => has(&["schema", "content", "type", "$ref"]),
        }
    }
}

/// Where objects stand that no walk over the document comes to, behind at most `hops` references in a row.
pub(super) fn strays(document: &Value, hops: usize) -> Vec<(Kind, Pointer)> {
    let mut strays = Strays {
        document,
        hops,
        known: HashSet::new(),
        found: Vec::new(),
    };
    for (place, kind) in [
        ("/paths", Kind::PathItem),
        ("/components/pathItems", Kind::PathItem),
        ("/components/parameters", Kind::Parameter),
        ("/components/requestBodies", Kind::RequestBody),
        ("/components/responses", Kind::Response),
        ("/components/headers", Kind::Header),
    ] {
        strays.each(document.pointer(place), kind);
    }
    let mut next = 0usize;
    while let Some((kind, pointer)) = strays.found.get(next).cloned() {
        next = next.saturating_add(1);
        if let Some(value) = document.pointer(pointer.as_str()) {
            strays.inside(value, kind);
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
    /// The members of an object, or the elements of a list.
    fn each(&mut self, all: Option<&Value>, kind: Kind) {
        let members = all.and_then(Value::as_object).into_iter().flatten();
        let elements = all.and_then(Value::as_array).into_iter().flatten();
        for value in members.map(|(_, value)| value).chain(elements) {
            self.look(value, kind);
        }
    }

    fn look(&mut self, value: &Value, kind: Kind) {
        self.follow(value, kind);
        self.inside(value, kind);
    }

    /// What an object holds.
    fn inside(&mut self, value: &Value, kind: Kind) {
        match kind {
            Kind::PathItem => {
                self.each(value.get("parameters"), Kind::Parameter);
                for operation in METHODS.iter().filter_map(|method| value.get(*method)) {
                    self.look(operation, Kind::Operation);
                }
                self.each(value.get("additionalOperations"), Kind::Operation);
            }
            Kind::Operation => {
                self.each(value.get("parameters"), Kind::Parameter);
                if let Some(body) = value.get("requestBody") {
                    self.look(body, Kind::RequestBody);
                }
                self.each(value.get("responses"), Kind::Response);
            }
            Kind::Response => self.each(value.get("headers"), Kind::Header),
            Kind::Parameter | Kind::RequestBody | Kind::Header => {}
        }
    }

    /// What a chain of references leads over, unless it is visited anyway.
    fn follow(&mut self, start: &Value, kind: Kind) {
        let mut value = start;
        for _ in 0..self.hops {
            let Some(target) = value.get("$ref").and_then(Value::as_str) else {
                return;
            };
            let Some(pointer) = place(target) else {
                return;
            };
            let Some(next) = self.document.pointer(pointer.as_str()) else {
                return;
            };
            if !kind.is_of(next) || !self.known.insert((kind, pointer.clone())) {
                return;
            }
            if fields::is_unknown(target) {
                self.found.push((kind, pointer));
            }
            value = next;
        }
    }
}

/// The place in the document that a reference names; the document itself is none.
pub(super) fn place(reference: &str) -> Option<Pointer> {
    let fragment = percent_decode(reference.strip_prefix('#')?)?;
    Pointer::parse(&fragment).filter(|pointer| !pointer.is_root())
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
                "/e": {
                    "parameters": [{"$ref": "#/parameters/P"}, {"$ref": "#/definitions/S"}],
                    "put": {"requestBody": {"$ref": "#/x/B"}, "responses": {
                        "200": {"$ref": "#/responses/R"}, "400": {"$ref": "#/components/responses/C"}}},
                },
            },
            "parameters": {"P": {"in": "query"}},
            "definitions": {"S": {"type": "string"}},
            "x": {"B": {"content": {}}, "H": {"type": "string"}},
            "responses": {"R": {"description": "", "headers": {"H": {"$ref": "#/x/H"}}}},
            "x-one": {"$ref": "#/x-two"},
            "x-two": {"$ref": "#/x-one"},
            "x-copy": {"responses": {}},
            "x-items": {"b": {"post": {"$ref": "#/x-copy"}, "get": {"$ref": "#/nowhere"}}},
            "components": {
                "pathItems": {"C": {}},
                "responses": {"C": {"$ref": "#/x-response"}},
            },
            "x-response": {"content": {}},
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
            (Kind::Parameter, "/parameters/P"),
            (Kind::RequestBody, "/x/B"),
            (Kind::Response, "/responses/R"),
            (Kind::Response, "/x-response"),
            (Kind::Header, "/x/H"),
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
