//! Settings against the vocabulary: unknown keys, and values of the wrong kind.

use super::shape::{Key, Shape, names};
use super::tree::{Kind, Place, Tree};
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::similar::most_alike;
use crate::text;

/// Checks settings and takes out what cannot be used.
pub(crate) struct Check<'s> {
    /// Where findings go.
    sink: &'s mut Sink,
}

impl<'s> Check<'s> {
    /// A check that has seen nothing yet.
    pub fn new(sink: &'s mut Sink) -> Self {
        Self { sink }
    }

    /// Checks a table. `false`: it is of no use.
    pub fn table(&mut self, tree: &mut Tree, keys: &'static [Key], path: &str) -> bool {
        let (place, what) = (tree.place.clone(), tree.what());
        let Kind::Table(members) = &mut tree.kind else {
            self.wrong(&place, path, "a table", what);
            return false;
        };
        members.retain(|name, member| {
            let Some(key) = keys.iter().find(|key| key.name == name) else {
                self.unknown(&member.key, name, keys, path);
                return false;
            };
            let inner = join(path, name);
            self.value(&mut member.tree, key.shape, &inner)
        });
        let missing = keys
            .iter()
            .find(|key| key.required && !members.contains_key(key.name));
        if let Some(key) = missing {
            let message = format!("`{}` has no `{}`", shown(path), key.name);
            self.push(
                place
                    .finding(Code::E0922, message)
                    .help(format!("add it: {}", lower_first(key.about))),
            );
            return false;
        }
        true
    }

    fn value(&mut self, tree: &mut Tree, shape: Shape, path: &str) -> bool {
        let fits = match (shape, &mut tree.kind) {
            (Shape::Any, _) | (Shape::Text, Kind::Text(_)) | (Shape::Flag, Kind::Flag(_)) => true,
            (Shape::Pointer, Kind::Text(text)) => text.is_empty() || text.starts_with('/'),
            (Shape::Whole, Kind::Number(number)) => number.is_u64(),
            (Shape::Words(words), Kind::Text(text)) => words.contains(&text.as_str()),
            (Shape::List(inner), Kind::List(items)) => {
                items.retain_mut(|item| self.value(item, *inner, path));
                true
            }
            (Shape::Map(inner), Kind::Table(members)) => {
                members.retain(|name, member| {
                    self.value(&mut member.tree, *inner, &join(path, &quoted(name)))
                });
                true
            }
            (Shape::Table(keys), _) => return self.table(tree, keys, path),
            (Shape::TextOr(_), Kind::Text(_)) => true,
            (Shape::TextOr(keys), Kind::Table(_)) => return self.table(tree, keys, path),
            (Shape::OneOrMore(inner), Kind::List(_)) => {
                return self.value(tree, Shape::List(inner), path);
            }
            (Shape::OneOrMap(inner), Kind::Table(_)) => {
                return self.value(tree, Shape::Map(inner), path);
            }
            (Shape::OneOrMore(inner) | Shape::OneOrMap(inner), _) => {
                return self.value(tree, *inner, path);
            }
            _ => false,
        };
        if !fits {
            let given = match &tree.kind {
                Kind::Text(text) => format!("`{}`", text::line(text, 60)),
                Kind::Number(number) => format!("`{number}`"),
                _ => tree.what().to_owned(),
            };
            let place = tree.place.clone();
            let mut finding = wrong(&place, path, &shape.expected(), &given);
            if let (Shape::Words(words), Kind::Text(text)) = (shape, &tree.kind)
                && let Some(near) = most_alike(text, words.iter().copied())
            {
                finding = finding.help(format!("did you mean `{near}`?"));
            }
            self.push(finding);
        }
        fits
    }

    fn unknown(&mut self, place: &Place, name: &str, keys: &[Key], path: &str) {
        let shown = text::line(name, 60);
        let message = match path {
            "" => format!("the key `{shown}` is not known"),
            path => format!("the key `{shown}` of `{path}` is not known"),
        };
        let finding = place.finding(Code::E0921, message);
        let near = most_alike(name, keys.iter().map(|key| key.name));
        self.push(match near {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!("the keys here are {}", names(keys))),
        });
    }

    fn wrong(&mut self, place: &Place, path: &str, expected: &str, given: &str) {
        self.push(wrong(place, path, expected, given));
    }

    fn push(&mut self, finding: Diagnostic) {
        self.sink.push(finding);
    }
}

fn wrong(place: &Place, path: &str, expected: &str, given: &str) -> Diagnostic {
    let message = format!("`{}` must be {expected}, and not {given}", shown(path));
    place.finding(Code::E0922, message)
}

fn shown(path: &str) -> &str {
    if path.is_empty() { "x-mcp" } else { path }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// A name of the operator's choice, as TOML writes it in a dotted key.
fn quoted(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if !name.is_empty() && name.bytes().all(plain) {
        name.to_owned()
    } else {
        format!("{:?}", text::line(name, 60))
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.as_str()) {
        // An abbreviation or a quoted word stays as it is.
        (Some(first), rest) if rest.starts_with(|c: char| c.is_lowercase()) => {
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => text.to_owned(),
    }
}
