//! Which keys belong to which kind.

use super::maker::Maker;
use crate::diagnostics::Code;
use crate::similar::most_alike;

/// Keys of every kind.
const COMMON: [&str; 5] = ["name", "kind", "description", "title", "group"];

/// The keys of a kind: those that it needs, and further ones.
fn of(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        "fanout" => (&["over", "argument"], &["limit_each"]),
        "count" => (&["list"], &["total", "minimal"]),
        "multi_get" => (&["get"], &["max"]),
        "lookup" => (&["list", "argument", "match", "id"], &["get"]),
        "relation" => (
            &["action", "get", "update", "relations"],
            &["record", "from", "columns"],
        ),
        _ => (&["get", "update", "field"], &["record", "separator"]),
    }
}

/// Whether an entry has what its kind needs, and nothing else.
pub(super) fn fit(maker: &mut Maker<'_>) -> bool {
    let kind = maker.kind();
    let (needed, further) = of(kind);
    let tree = maker.tree;
    let known = || needed.iter().chain(further).chain(&COMMON).copied();
    for (name, member) in tree.members().into_iter().flatten() {
        if known().any(|key| key == name) {
            continue;
        }
        let message = format!("`{name}` is no key of the kind `{kind}`");
        let own: Vec<&str> = needed.iter().chain(further).copied().collect();
        let help = match most_alike(name, own.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its keys are `{}`", own.join("`, `")),
        };
        maker.wrong(&member.key, Code::E0940, message, help);
    }
    for key in needed {
        let is_empty = tree.get(key).is_none_or(|value| {
            value.items().is_empty() || value.members().is_some_and(indexmap::IndexMap::is_empty)
        });
        if is_empty {
            let message = format!("a composite of the kind `{kind}` has no `{key}`");
            let help = format!("it needs `{}`", needed.join("`, `"));
            maker.wrong(&tree.place, Code::E0940, message, help);
        }
    }
    !maker.failed
}
