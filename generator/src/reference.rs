//! What the fragment of a `$ref` names within a value (RFC 6901, JSON Schema 2020-12 §8.2).

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::Value;

use crate::text::percent_decode;
use crate::text::pointer::escaped;

/// The reference that stands in the way of a pointer, with the rest of the pointer behind it, or the name
/// that a keyword in the way has got.
///
/// `#/components/schemas/Lead/properties/owner` names nothing by the letter of RFC 6901 when `Lead`
/// is `{$ref: …}`. Documents that were cut into files have such references, and every bundler goes
/// on behind the `$ref`.
pub(crate) fn in_the_way(root: &Value, pointer: &str) -> Option<String> {
    let mut value = root;
    let mut rest = pointer;
    while let Some(tail) = rest.strip_prefix('/') {
        let token = tail.split('/').next().unwrap_or_default();
        if let Some(keyword) = of_tuple(value, token, tail) {
            let before = pointer.strip_suffix(rest)?;
            let behind = tail.get(token.len()..)?;
            let onward = format!("{before}/{keyword}{behind}");
            return Some(format!("#{}", onward.replace('%', "%25")));
        }
        match value.pointer(rest.get(..=token.len())?) {
            Some(inner) => value = inner,
            None => {
                let reference = value.get("$ref")?.as_str()?;
                let hash = if reference.contains('#') { "" } else { "#" };
                // It was decoded, and becomes a fragment again.
                return Some(format!("{reference}{hash}{}", rest.replace('%', "%25")));
            }
        }
        rest = tail.get(token.len()..)?;
    }
    None
}

/// Whether a name in a security requirement reads as the URI of a Security Scheme Object (OpenAPI 3.2
/// §4.30), as long as no component has that name.
pub(crate) fn is_uri_of_scheme(name: &str) -> bool {
    name.contains('#')
        || name.contains("://")
        || ["./", "../"].iter().any(|start| name.starts_with(start))
        || [".json", ".yaml", ".yml"]
            .iter()
            .any(|ending| name.ends_with(ending))
}

/// What older drafts call `items`, a list, and `additionalItems` is `prefixItems` and `items` in JSON Schema
/// 2020-12 (§10.3.1), which documents are brought to: the keyword of a tuple that a token means.
fn of_tuple(value: &Value, token: &str, tail: &str) -> Option<&'static str> {
    value.get("prefixItems")?.as_array()?;
    let next = tail.split('/').nth(1);
    let is_number = |token: &str| !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit());
    match token {
        "items" if next.is_some_and(is_number) => Some("prefixItems"),
        "additionalItems" if value.get(token).is_none() => Some("items"),
        _ => None,
    }
}

/// The schemas of a value that have a name (`$anchor`, JSON Schema 2020-12 §8.2.2), looked for when
/// the first is asked for.
#[derive(Debug, Default)]
pub struct Anchors(OnceLock<HashMap<String, Anchor>>);

/// A schema that has a name.
#[derive(Debug)]
pub(crate) struct Anchor {
    /// The first one of the name.
    pub pointer: String,
    /// Those of which it is a `$dynamicAnchor`.
    pub dynamic: Vec<Dynamic>,
}

/// A schema that has a name which the way to a reference chooses by (JSON Schema 2020-12 §8.2.3.2).
#[derive(Debug)]
pub(crate) struct Dynamic {
    pub pointer: String,
    /// Whether it only stands for others: no value fits it.
    pub is_never: bool,
}

impl Anchors {
    /// The pointer for a fragment that starts with such a name; `None` for other fragments and for
    /// names that no schema has.
    pub(crate) fn find(&self, root: &Value, fragment: &str) -> Option<String> {
        if fragment.is_empty() || fragment.starts_with('/') {
            return None;
        }
        let (name, rest) = match fragment.find('/') {
            Some(at) => fragment.split_at(at),
            None => (fragment, ""),
        };
        let all = self.0.get_or_init(|| anchors(root));
        Some(all.get(name)?.pointer.clone() + rest)
    }

    /// The pointer that a fragment, as it stands in a `$ref`, names in a value, through at most
    /// `hops` references in between. `Err` holds a reference that leads out of the value.
    pub(crate) fn resolve(
        &self,
        root: &Value,
        fragment: &str,
        hops: usize,
    ) -> Option<Result<String, String>> {
        let mut fragment = fragment.to_owned();
        for _ in 0..=hops {
            let decoded = percent_decode(&fragment)?;
            let pointer = self.find(root, &decoded).unwrap_or(decoded);
            if root.pointer(&pointer).is_some() {
                return Some(Ok(pointer));
            }
            let onward = in_the_way(root, &pointer)?;
            match onward.strip_prefix('#') {
                Some(next) => fragment = next.to_owned(),
                None => return Some(Err(onward)),
            }
        }
        None
    }
}

/// The schemas of a value that have names. A `$dynamicAnchor` is an anchor too, for a plain `$ref`.
pub(crate) fn anchors(root: &Value) -> HashMap<String, Anchor> {
    let mut all = HashMap::new();
    collect(root, &mut String::new(), &mut all);
    all
}

fn collect(value: &Value, at: &mut String, all: &mut HashMap<String, Anchor>) {
    for (keyword, is_dynamic) in [("$anchor", false), ("$dynamicAnchor", true)] {
        if let Some(name) = value.get(keyword).and_then(Value::as_str) {
            let anchor = all.entry(name.to_owned()).or_insert_with(|| Anchor {
                pointer: at.clone(),
                dynamic: Vec::new(),
            });
            if is_dynamic {
                anchor.dynamic.push(Dynamic {
                    pointer: at.clone(),
                    is_never: value.get("not").is_some_and(is_anything),
                });
            }
        }
    }
    let length = at.len();
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                at.push('/');
                at.push_str(&escaped(key));
                collect(member, at, all);
                at.truncate(length);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                at.push_str(&format!("/{index}"));
                collect(element, at, all);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

/// Whether every value fits a schema, as plainly as can be.
fn is_anything(schema: &Value) -> bool {
    match schema {
        Value::Bool(fits) => *fits,
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_fragment_names_a_place_an_anchor_or_a_place_behind_references() {
        let root = json!({
            "a": {"$ref": "#/b"},
            "b": {"x%": {"y/z": [{"$anchor": "here", "w": 1}]}},
            "out": {"$ref": "other.yaml"},
            "round": {"$ref": "#/round/x"},
            "tuple": {"prefixItems": [{}, {"items": {"1": 5}}], "items": {"type": "string"}},
            "$ref": "#/b",
        });
        for (fragment, expected) in [
            ("", Some(Ok(""))),
            ("/b/x%25", Some(Ok("/b/x%"))),
            ("/a/x%25/y~1z/0", Some(Ok("/b/x%/y~1z/0"))),
            ("here", Some(Ok("/b/x%/y~1z/0"))),
            ("here/w", Some(Ok("/b/x%/y~1z/0/w"))),
            // The root refers on too.
            ("/x%25", Some(Ok("/b/x%"))),
            ("/out/z", Some(Err("other.yaml#/z"))),
            ("/round/y", None),
            // As older drafts have it.
            (
                "/tuple/items/1/items",
                Some(Ok("/tuple/prefixItems/1/items")),
            ),
            ("/tuple/additionalItems/type", Some(Ok("/tuple/items/type"))),
            ("/tuple/items/2", None),
            ("/tuple/items/type", Some(Ok("/tuple/items/type"))),
            (
                "/tuple/prefixItems/1/items/1",
                Some(Ok("/tuple/prefixItems/1/items/1")),
            ),
            ("/b/none", None),
            ("nowhere", None),
            ("/b/%zz", None),
        ] {
            let expected = expected.map(|found| found.map(str::to_owned).map_err(str::to_owned));
            let found = Anchors::default().resolve(&root, fragment, 9);
            assert_eq!(found, expected, "{fragment}");
        }
    }
}
