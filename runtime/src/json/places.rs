//! Facts about places in arguments, found while one goes down into them. A place is a JSON Pointer
//! (RFC 6901) in which `*` stands for any step; where a schema contains itself, what is known of one place
//! holds for another too, at any depth.

use std::collections::BTreeMap;

use super::place::steps;

/// What is known of places.
pub(crate) struct Places<T> {
    nodes: Vec<Node<T>>,
}

struct Node<T> {
    below: BTreeMap<String, usize>,
    fact: Option<T>,
    /// Places of which all that is known holds here too.
    like: Vec<usize>,
}

/// Where one is, which may be several places at once.
pub(crate) type Cursor = Vec<usize>;

impl<T> Places<T> {
    /// From facts, and pairs of places of which the first has the shape of the second.
    pub(crate) fn new<'a>(
        facts: impl IntoIterator<Item = (&'a str, T)>,
        repeats: &[(&str, &str)],
    ) -> Self {
        let mut places = Self {
            nodes: vec![Node::empty()],
        };
        for (place, fact) in facts {
            let at = places.at(place);
            if let Some(node) = places.nodes.get_mut(at) {
                node.fact.get_or_insert(fact);
            }
        }
        for (place, like) in repeats {
            let (at, like) = (places.at(place), places.at(like));
            if let Some(node) = places.nodes.get_mut(at).filter(|_| at != like) {
                node.like.push(like);
            }
        }
        places
    }

    fn at(&mut self, place: &str) -> usize {
        let mut at = 0;
        for step in steps(place) {
            let next = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else {
                return 0;
            };
            at = *node.below.entry(step).or_insert(next);
            if at == next {
                self.nodes.push(Node::empty());
            }
        }
        at
    }

    /// The whole.
    pub(crate) fn root(&self) -> Cursor {
        vec![0]
    }

    /// The place of a property.
    pub(crate) fn property(&self, cursor: &[usize], name: &str) -> Cursor {
        self.below(cursor, &[name, "*"])
    }

    /// The place of an item.
    pub(crate) fn item(&self, cursor: &[usize]) -> Cursor {
        self.below(cursor, &["*"])
    }

    fn below(&self, cursor: &[usize], steps: &[&str]) -> Cursor {
        let mut found = Cursor::new();
        for node in cursor.iter().filter_map(|at| self.nodes.get(*at)) {
            for next in steps.iter().filter_map(|step| node.below.get(*step)) {
                if !found.contains(next) {
                    found.push(*next);
                }
            }
        }
        let mut looked_at = 0;
        while let Some(node) = found.get(looked_at).and_then(|at| self.nodes.get(*at)) {
            looked_at += 1;
            for like in &node.like {
                if !found.contains(like) {
                    found.push(*like);
                }
            }
        }
        found
    }

    /// What is known of where one is.
    pub(crate) fn fact(&self, cursor: &[usize]) -> Option<&T> {
        let mut nodes = cursor.iter().filter_map(|at| self.nodes.get(*at));
        nodes.find_map(|node| node.fact.as_ref())
    }
}

impl<T> Node<T> {
    fn empty() -> Self {
        Self {
            below: BTreeMap::new(),
            fact: None,
            like: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_hold_at_any_depth_of_what_contains_itself() {
        let places = Places::new(
            [
                ("/tree/id", "id"),
                ("/tree/by/*/a~1b", "of any"),
                ("/other", "other"),
            ],
            &[
                ("/tree/children/*", "/tree"),
                ("/tree/by/*", "/tree"),
                ("/loop", "/loop"),
                ("/round/a", "/round/b"),
                ("/round/b", "/round/a"),
            ],
        );
        for (way, fact) in [
            (vec!["tree", "id"], Some("id")),
            (vec!["tree", "children", "id"], None),
            (vec!["tree", "children", "*", "id"], Some("id")),
            (
                vec!["tree", "children", "*", "children", "*", "id"],
                Some("id"),
            ),
            (vec!["tree", "by", "k", "by", "l", "a/b"], Some("of any")),
            (vec!["tree", "by", "k", "by", "l", "id"], Some("id")),
            (vec!["tree", "children", "*", "a/b"], None),
            (vec!["other"], Some("other")),
            (vec!["loop", "id"], None),
            (vec!["round", "a", "id"], None),
            (vec!["id"], None),
        ] {
            let at = way.iter().fold(places.root(), |at, step| match *step {
                "*" => places.item(&at),
                name => places.property(&at, name),
            });
            assert_eq!(places.fact(&at).copied(), fact, "{way:?}");
        }
    }
}
