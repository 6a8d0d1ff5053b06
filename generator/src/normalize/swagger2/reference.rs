//! What references name in the new document: parameters, bodies and answers have other places in it, and
//! bundlers write references to the first place at which a schema stands.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::diagnostics::Pointer;
use crate::text::percent_decode;

/// Sections that have another name: the start of references to what is in them, before and now.
type Sections<'a> = &'a [(&'a str, &'a str)];

/// Those of 2.0.
pub(super) const SECTIONS: [(&str, &str); 3] = [
    ("#/definitions/", "#/components/schemas/"),
    ("#/parameters/", "#/components/parameters/"),
    ("#/responses/", "#/components/responses/"),
];

/// Places that are known of one node: any of them is as good as another that has what is looked for.
const MOST_PLACES: usize = 16;

/// Where the nodes of the old document that were moved stand in the new one; a body stands in it once for
/// each operation and media type, and a parameter is itself and its schema.
#[derive(Default)]
pub(super) struct Targets(BTreeMap<String, Vec<Pointer>>);

impl Targets {
    pub(super) fn note(&mut self, before: &Pointer, now: &Pointer) {
        let places = self.0.entry(before.as_str().to_owned()).or_default();
        if places.len() < MOST_PLACES {
            places.push(now.clone());
        }
    }

    /// The references of the new document that name other places than they did, with what they are now.
    ///
    /// `sections`: those that have another name in it.
    pub(super) fn renamed(
        &self,
        document: &Value,
        sections: Sections<'_>,
    ) -> HashMap<String, String> {
        let mut all = HashMap::new();
        self.collect(document, (document, sections), &mut all);
        all
    }

    fn collect(
        &self,
        value: &Value,
        document: (&Value, Sections<'_>),
        all: &mut HashMap<String, String>,
    ) {
        match value {
            Value::Array(elements) => {
                for element in elements {
                    self.collect(element, document, all);
                }
            }
            Value::Object(members) => {
                if let Some(Value::String(target)) = members.get("$ref")
                    && !all.contains_key(target)
                    && let Some(now) = self.target(target, document)
                {
                    all.insert(target.clone(), now);
                }
                for member in members.values() {
                    self.collect(member, document, all);
                }
            }
            _ => {}
        }
    }

    /// The reference in the new document that names what this one named in the old.
    fn target(&self, target: &str, (document, sections): (&Value, Sections<'_>)) -> Option<String> {
        let section = sections.iter().find_map(|(old, new)| {
            let rest = target.strip_prefix(old)?;
            Some(format!("{new}{rest}"))
        });
        let moved = target
            .strip_prefix('#')
            .and_then(percent_decode)
            .and_then(|pointer| self.place(&pointer, document));
        let same = |pointer: &String| {
            let section = section.as_deref().unwrap_or(target);
            let section = section.strip_prefix('#').and_then(percent_decode);
            section.as_ref() == Some(pointer)
        };
        match moved {
            // It was decoded, and becomes a fragment again.
            Some(pointer) if !same(&pointer) => Some(format!("#{}", pointer.replace('%', "%25"))),
            _ => section,
        }
    }

    /// The place in the new document of what stood at a place in the old one: that of the nearest node
    /// above which was moved, with the rest of the pointer.
    fn place(&self, pointer: &str, document: &Value) -> Option<String> {
        let mut above = pointer;
        loop {
            let rest = pointer.get(above.len()..)?;
            let next = rest.split('/').nth(1).map(|token| format!("/{token}"));
            let there = |now: &&Pointer| document.pointer(now.as_str()).is_some();
            let leads_on = |now: &&Pointer| {
                let now = document.pointer(now.as_str());
                now.and_then(|now| now.pointer(next.as_deref().unwrap_or_default()))
                    .is_some()
            };
            let places = self.0.get(above).into_iter().flatten();
            let now = places.clone().find(leads_on);
            // Behind a reference, which others follow.
            if let Some(now) = now.or_else(|| places.clone().find(there)) {
                return Some(format!("{}{rest}", now.as_str()));
            }
            above = above.get(..above.rfind('/')?)?;
        }
    }
}
