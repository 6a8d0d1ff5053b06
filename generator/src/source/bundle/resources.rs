//! Schemas that have an address of their own (`$id`, JSON Schema 2020-12 §8.2.1; OpenAPI 3.1 §4.8.24,
//! 3.2 §4.1.2.2): references to them, and those in them that go by their address (§9.3.1), become
//! references by place, so that nothing is asked for that stands in the file.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::Location;
use crate::reference::in_the_way;
use crate::text::percent_decode;
use crate::text::pointer::escaped;

/// Writes the references of a file at `location` that schemas with an address answer as places in it. Returns
/// where the schemas with an address stand.
pub(super) fn by_place(root: &mut Value, location: &Location) -> HashMap<Location, String> {
    // Few documents have any, and this is by far the shortest way to know.
    if !has_address(root) {
        return HashMap::new();
    }
    let own = root.get("$self").and_then(Value::as_str);
    let start = Base {
        location: Some(
            own.and_then(|own| join(location, own))
                .unwrap_or_else(|| location.clone()),
        ),
        at: String::new(),
    };
    let (mut places, mut anchors) = (HashMap::new(), HashMap::new());
    walk(root, &start, &mut String::new(), &mut |schema, base, at| {
        if base.at == at
            && schema.get("$id").is_some_and(Value::is_string)
            && let Some(location) = &base.location
        {
            places.entry(location.clone()).or_insert(at.to_owned());
        }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = schema.get(keyword).and_then(Value::as_str) {
                let key = (base.at.clone(), name.to_owned());
                let is_dynamic = keyword == "$dynamicAnchor";
                anchors.entry(key).or_insert((at.to_owned(), is_dynamic));
            }
        }
    });
    if places.is_empty() {
        return places;
    }
    let resources = Resources {
        root,
        places,
        anchors,
    };
    let (mut edits, mut dynamic) = (Vec::new(), Vec::new());
    walk(root, &start, &mut String::new(), &mut |schema, base, at| {
        let mut answer = |target: &Value, place: String| {
            if let Some(now) = target.as_str().and_then(|it| resources.target(it, base)) {
                edits.push((place, now));
            }
        };
        if let Some(target) = schema.get("$ref") {
            answer(target, format!("{at}/$ref"));
        }
        if let Some(Value::String(target)) = schema.get("$dynamicRef") {
            dynamic.extend(
                resources
                    .dynamic(target, base)
                    .map(|now| (at.to_owned(), now)),
            );
        }
        let mapping = schema
            .get("discriminator")
            .and_then(|discriminator| discriminator.get("mapping"))
            .and_then(Value::as_object);
        for (name, target) in mapping.into_iter().flatten() {
            // Others may be names of components (OpenAPI 3.2 §4.25.2).
            if target.as_str().is_some_and(|it| it.contains(['/', '#'])) {
                let name = escaped(name);
                answer(target, format!("{at}/discriminator/mapping/{name}"));
            }
        }
    });
    let places = resources.places;
    for (place, now) in dynamic {
        put(root, &place, now);
    }
    for (place, now) in edits {
        if let Some(target) = root.pointer_mut(&place) {
            *target = Value::String(now);
        }
    }
    places
}

/// Writes what a `$dynamicRef` is.
fn put(root: &mut Value, place: &str, now: Dynamic) {
    let Some(Value::Object(schema)) = root.pointer_mut(place) else {
        return;
    };
    match now {
        Dynamic::Name(name) => {
            schema.insert("$dynamicRef".to_owned(), format!("#{name}").into());
        }
        Dynamic::Plain(target) if !schema.contains_key("$ref") => {
            schema.shift_remove("$dynamicRef");
            schema.insert("$ref".to_owned(), target.into());
        }
        Dynamic::Plain(_) => {}
    }
}

/// Whether something in a value has an `$id`.
fn has_address(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.get("$id").is_some_and(Value::is_string) || members.values().any(has_address)
        }
        Value::Array(elements) => elements.iter().any(has_address),
        _ => false,
    }
}

/// What references start from.
struct Base {
    /// The address; `None` for one that is no address.
    location: Option<Location>,
    /// Where the schema stands that has it.
    at: String,
}

/// The schemas of a file that have addresses.
struct Resources<'r> {
    root: &'r Value,
    places: HashMap<Location, String>,
    /// By the place of the schema with the address, and name.
    anchors: HashMap<(String, String), (String, bool)>,
}

/// What a `$dynamicRef` is, seen from where it stands (JSON Schema 2020-12 §8.2.3.2).
enum Dynamic {
    /// The way that leads there decides, among the schemas of this name.
    Name(String),
    /// The same as a `$ref`, since what it names there has no `$dynamicAnchor`.
    Plain(String),
}

impl Resources<'_> {
    /// What a `$dynamicRef` means that a schema with an address answers.
    fn dynamic(&self, target: &str, base: &Base) -> Option<Dynamic> {
        let (path, fragment) = target.split_once('#')?;
        let at = if path.is_empty() {
            &base.at
        } else {
            self.places.get(&join(base.location.as_ref()?, path)?)?
        };
        let found = self.anchors.get(&(at.clone(), fragment.to_owned()));
        if found.is_some_and(|(_, is_dynamic)| *is_dynamic) {
            return Some(Dynamic::Name(fragment.to_owned()));
        }
        let plain = self.target(target, base);
        plain.map(Dynamic::Plain)
    }

    /// The reference by place that one means, if it is another.
    fn target(&self, target: &str, base: &Base) -> Option<String> {
        let (path, fragment) = target.split_once('#').unwrap_or((target, ""));
        let at = if path.is_empty() {
            &base.at
        } else {
            self.places.get(&join(base.location.as_ref()?, path)?)?
        };
        let fragment = percent_decode(fragment)?;
        let place = if fragment.is_empty() || fragment.starts_with('/') {
            format!("{at}{fragment}")
        } else {
            let (name, rest) = match fragment.find('/') {
                Some(end) => fragment.split_at(end),
                None => (fragment.as_str(), ""),
            };
            let (anchor, _) = self.anchors.get(&(at.clone(), name.to_owned()))?;
            format!("{anchor}{rest}")
        };
        // Many write an `$id` and mean places of the whole document all the same.
        let is_there =
            || self.root.pointer(&place).is_some() || in_the_way(self.root, &place).is_some();
        if path.is_empty() && !is_there() {
            return None;
        }
        // It was decoded, and becomes a fragment again.
        let now = format!("#{}", place.replace('%', "%25"));
        (now != target).then_some(now)
    }
}

/// The address that a reference without fragment is, seen from another; that of other schemes (`urn:`) is
/// itself.
pub(super) fn join(base: &Location, reference: &str) -> Option<Location> {
    let path = reference.split('#').next().unwrap_or_default();
    if path.is_empty() {
        return Some(base.clone());
    }
    match base.join(path) {
        Ok(location) => Some(location),
        Err(_) => path.contains(':').then(|| Location::Url(path.to_owned())),
    }
}

type Visit<'v> = dyn FnMut(&Map<String, Value>, &Base, &str) + 'v;

/// Visits the objects of a file that are no data, each with the base that references in it start from.
fn walk(value: &Value, base: &Base, at: &mut String, visit: &mut Visit<'_>) {
    let length = at.len();
    match value {
        Value::Object(members) => {
            let own = members.get("$id").and_then(Value::as_str);
            // Older drafts have anchors there.
            let own = own.filter(|id| !id.is_empty() && !id.starts_with('#'));
            let own = own.map(|id| Base {
                location: base.location.as_ref().and_then(|base| join(base, id)),
                at: at.clone(),
            });
            let base = own.as_ref().unwrap_or(base);
            visit(members, base, at);
            for (key, member) in members {
                push(at, key);
                if !holds_names(key) {
                    if !is_data(key) {
                        walk(member, base, at, visit);
                    }
                } else if let Value::Object(named) = member {
                    let length = at.len();
                    for (name, member) in named {
                        push(at, name);
                        walk(member, base, at, visit);
                        at.truncate(length);
                    }
                } else {
                    walk(member, base, at, visit);
                }
                at.truncate(length);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                at.push_str(&format!("/{index}"));
                walk(element, base, at, visit);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

fn push(at: &mut String, token: &str) {
    at.push('/');
    at.push_str(&escaped(token));
}

/// Whether the members of an object under this key are names that an author gave.
fn holds_names(key: &str) -> bool {
    [
        "properties",
        "patternProperties",
        "dependentSchemas",
        "$defs",
        "definitions",
        "schemas",
    ]
    .contains(&key)
}

/// Whether what stands under this key is a value and no part of the description.
fn is_data(key: &str) -> bool {
    ["example", "examples", "default", "enum", "const"].contains(&key) || key.starts_with("x-")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_that_a_schema_with_an_address_answers_become_places() {
        let base = "https://a.b/schemas/";
        for (holder, target, expected) in [
            // To an address, from anywhere.
            (
                "/plain",
                "https://a.b/schemas/addr",
                Some("#/components/schemas/Addr"),
            ),
            (
                "/plain",
                "https://a.b/schemas/addr#",
                Some("#/components/schemas/Addr"),
            ),
            (
                "/plain",
                "https://a.b/schemas/addr#/properties/zip",
                Some("#/components/schemas/Addr/properties/zip"),
            ),
            (
                "/plain",
                "https://a.b/schemas/addr#zz",
                Some("#/components/schemas/Addr/$defs/50%25"),
            ),
            (
                "/plain",
                "https://a.b/schemas/addr#/none",
                Some("#/components/schemas/Addr/none"),
            ),
            ("/plain", "urn:x:y", Some("#/components/schemas/Urn")),
            (
                "/plain",
                "inner.json",
                Some("#/components/schemas/Relative"),
            ),
            ("/plain", "https://a.b/schemas/other", None),
            ("/plain", "addr", None),
            ("/plain", "#/components/schemas/Addr", None),
            // The nearest of the name, seen from the reference.
            ("/plain", "#zz", None),
            // In a schema with an address.
            (
                "/components/schemas/Addr/properties/zip",
                "#/$defs/50%25",
                Some("#/components/schemas/Addr/$defs/50%25"),
            ),
            (
                "/components/schemas/Addr/properties/zip",
                "#",
                Some("#/components/schemas/Addr"),
            ),
            (
                "/components/schemas/Addr/properties/zip",
                "#zz",
                Some("#/components/schemas/Addr/$defs/50%25"),
            ),
            (
                "/components/schemas/Addr/properties/zip",
                "deep/city",
                Some("#/components/schemas/Addr/$defs/city"),
            ),
            (
                "/components/schemas/Addr/properties/zip",
                "addr",
                Some("#/components/schemas/Addr"),
            ),
            // Of the whole document all the same.
            (
                "/components/schemas/Addr/properties/zip",
                "#/components/schemas/Urn",
                None,
            ),
            (
                "/components/schemas/Addr/$defs/city/items",
                "#zz",
                Some("#/components/schemas/Addr/$defs/city"),
            ),
            (
                "/components/schemas/Addr/$defs/city/items",
                "../addr#zz",
                Some("#/components/schemas/Addr/$defs/50%25"),
            ),
        ] {
            let mut root = json!({
                "plain": {},
                "example": {"$id": "https://a.b/schemas/other"},
                "components": {"schemas": {
                    "Addr": {
                        "$id": format!("{base}addr"),
                        "properties": {"zip": {}, "$id": {"type": "string"}},
                        "$defs": {
                            "50%": {"$anchor": "zz"},
                            "city": {"$id": "deep/city", "$anchor": "zz", "items": {}},
                        },
                    },
                    "Urn": {"$id": "urn:x:y"},
                    "Relative": {"$id": "inner.json"},
                }},
            });
            *root.pointer_mut(holder).unwrap() = json!({"$ref": target});
            by_place(&mut root, &Location::File("openapi.yaml".to_owned()));
            let found = root.pointer(holder).unwrap()["$ref"].as_str().unwrap();
            assert_eq!(found, expected.unwrap_or(target), "{holder}: {target}");
        }
    }

    #[test]
    fn mappings_name_schemas_by_address_too() {
        let mut root = json!({"components": {"schemas": {
            "A": {"$id": "https://a.b/a", "discriminator": {"mapping": {"b": "./b", "c": "B", "d": "#"}}},
            "B": {"$id": "https://a.b/b"},
        }}});
        by_place(&mut root, &Location::File("openapi.yaml".to_owned()));
        let mapping = &root["components"]["schemas"]["A"]["discriminator"]["mapping"];
        let expected =
            json!({"b": "#/components/schemas/B", "c": "B", "d": "#/components/schemas/A"});
        assert_eq!(*mapping, expected);
    }
    #[test]
    fn dynamic_references_in_a_schema_with_an_address_are_plain_ones_unless_the_way_decides() {
        for (target, expected) in [
            ("#node", json!({"$dynamicRef": "#node"})),
            ("other#node", json!({"$dynamicRef": "#node"})),
            (
                "#leaf",
                json!({"$ref": "#/components/schemas/A/$defs/leaf"}),
            ),
            (
                "#/$defs/leaf",
                json!({"$ref": "#/components/schemas/A/$defs/leaf"}),
            ),
            (
                "other#leaf",
                json!({"$ref": "#/components/schemas/B/$defs/leaf"}),
            ),
            ("#none", json!({"$dynamicRef": "#none"})),
        ] {
            let mut root = json!({"components": {"schemas": {
                "A": {
                    "$id": "https://a.b/a",
                    "$dynamicAnchor": "node",
                    "items": {"$dynamicRef": target},
                    "$defs": {"leaf": {"$anchor": "leaf"}},
                },
                "B": {
                    "$id": "https://a.b/other",
                    "$dynamicAnchor": "node",
                    "$defs": {"leaf": {"$anchor": "leaf"}},
                },
            }}});
            by_place(&mut root, &Location::File("openapi.yaml".to_owned()));
            assert_eq!(
                root["components"]["schemas"]["A"]["items"], expected,
                "{target}"
            );
        }
    }
}
