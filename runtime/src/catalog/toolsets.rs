//! Toolsets: the groups of tools, under names that fit into a URL.

use crate::engine::Engine;
use crate::text::{cap, clean, nearest};

/// A toolset and its tools.
#[derive(Debug)]
pub(crate) struct Toolset {
    /// As it stands in URLs.
    pub(crate) slug: String,
    /// As the document has it.
    pub(crate) title: String,
    /// Places of its tools in the list of all.
    pub(crate) tools: Vec<usize>,
}

/// The toolsets, in the order of their first tools.
pub(super) fn toolsets(engine: &Engine) -> Vec<Toolset> {
    let mut toolsets: Vec<Toolset> = Vec::new();
    for (index, entry) in engine.entries().iter().enumerate() {
        let slug = slug(entry.group());
        match toolsets.iter_mut().find(|toolset| toolset.slug == slug) {
            Some(toolset) => toolset.tools.push(index),
            None => toolsets.push(Toolset {
                slug,
                title: clean(entry.group()).into_owned(),
                tools: vec![index],
            }),
        }
    }
    toolsets
}

/// A group's name in lower case, with `_` for everything between words.
pub(super) fn slug(group: &str) -> String {
    let mut slug = String::with_capacity(group.len());
    for c in group.chars() {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('_') {
            slug.push('_');
        }
    }
    let slug = slug.trim_end_matches('_');
    if slug.is_empty() { "other" } else { slug }.to_owned()
}

/// The toolset of a name, which may be the group's own.
pub(super) fn find<'a>(toolsets: &'a [Toolset], name: &str) -> Result<&'a Toolset, String> {
    let wanted = slug(name);
    toolsets
        .iter()
        .find(|toolset| toolset.slug == wanted)
        .ok_or_else(|| {
            let slugs: Vec<&str> = toolsets.iter().map(|t| t.slug.as_str()).collect();
            let hint = nearest(&wanted, slugs.iter().copied())
                .map_or_else(String::new, |name| format!("; did you mean {name}?"));
            let name = cap(&clean(name), 60).into_owned();
            let known = cap(&slugs.join(", "), 1_500).into_owned();
            format!("there is no toolset `{name}`{hint} (toolsets: {known})")
        })
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_groups_fit_into_a_url() {
        for (group, slug) in [
            ("Invoices", "invoices"),
            ("Cases Kanban", "cases_kanban"),
            ("business-hours", "business_hours"),
            ("Solutions (Knowledge Base)", "solutions_knowledge_base"),
            ("/a/../b?", "a_b"),
            ("Größe", "größe"),
            ("", "other"),
            ("--", "other"),
        ] {
            assert_eq!(super::slug(group), slug);
        }
    }
}
