//! Tags within tags (OpenAPI 3.2 §4.22).

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::Object;
use crate::diagnostics::{Code, Diagnostic, Sink, Site};
use crate::text;

/// The parent of a tag is another tag, and not one of those below it.
pub(super) fn check(document: &mut Object, site: &Site<'_>, sink: &mut Sink) {
    let tags = document.get("tags").and_then(Value::as_array);
    let parents: HashMap<&str, Option<&str>> = tags
        .into_iter()
        .flatten()
        .filter_map(|tag| Some((text_of(tag, "name")?, text_of(tag, "parent"))))
        .collect();
    let tags_site = site.member("tags");
    let mut said: HashSet<&str> = HashSet::new();
    for (index, tag) in tags.into_iter().flatten().enumerate() {
        let (Some(name), Some(parent)) = (text_of(tag, "name"), text_of(tag, "parent")) else {
            continue;
        };
        let tag_site = tags_site.element(index);
        let at = || tag_site.member("parent").pointer();
        if !parents.contains_key(parent) {
            let message = format!(
                "the tag `{}` stands in the tag `{}`, which does not exist",
                text::line(name, 60),
                text::line(parent, 60)
            );
            sink.push(
                Diagnostic::new(Code::E0215, message)
                    .at(&at())
                    .help("declare that tag too, or remove `parent`"),
            );
            continue;
        }
        if said.contains(name) {
            continue;
        }
        let mut above = vec![name];
        let mut next = Some(parent);
        while let Some(tag) = next.filter(|tag| !above.contains(tag) && above.len() < 64) {
            above.push(tag);
            next = parents.get(tag).copied().flatten();
        }
        if next == Some(name) {
            said.extend(above);
            let message = format!("the tag `{}` stands in itself", text::line(name, 60));
            sink.push(
                Diagnostic::new(Code::E0215, message)
                    .at(&at())
                    .help("remove one `parent` of the circle"),
            );
        }
    }
}

fn text_of<'t>(tag: &'t Value, key: &str) -> Option<&'t str> {
    tag.get(key)?.as_str()
}
