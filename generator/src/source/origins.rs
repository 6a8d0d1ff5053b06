//! Where each node of a document that was put together comes from: the document itself, another file
//! that was taken in, or an overlay; and where nodes stood before they were moved.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::Pointer;

/// One of the files that a document is put together from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum File {
    /// The document itself.
    #[default]
    Document,
    /// A further file that references led to, by its number.
    Part(usize),
    /// An overlay, by its number.
    Overlay(usize),
}

/// A place in one of the files of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file.
    pub file: File,
    /// The node in that file.
    pub pointer: Pointer,
    /// The node was removed, so that only what held it can be shown.
    pub gone: bool,
}

impl Place {
    /// The place of a node that is there.
    pub(crate) const fn new(file: File, pointer: Pointer) -> Self {
        Self {
            file,
            pointer,
            gone: false,
        }
    }

    /// The place of a member or element.
    fn child(&self, token: &str) -> Self {
        if self.gone {
            return self.clone();
        }
        Self::new(self.file, self.pointer.child(token))
    }
}

/// A node whose place, or the place of something in it, does not follow from the node above.
#[derive(Clone, Debug, Default)]
pub(crate) struct Branch {
    place: Option<Place>,
    children: BTreeMap<String, Self>,
}

impl Branch {
    /// A node that stands at a place with everything in it.
    pub(crate) fn at(place: Place) -> Self {
        Self {
            place: Some(place),
            children: BTreeMap::new(),
        }
    }

    /// The same with a member or element that comes from elsewhere.
    pub(crate) fn with(mut self, token: &str, child: Self) -> Self {
        self.children.insert(token.to_owned(), child);
        self
    }

    /// The branch of a member or element of a node whose own place is known.
    pub(crate) fn child(&self, token: &str) -> Self {
        let mut child = self.children.get(token).cloned().unwrap_or_default();
        if child.place.is_none() {
            child.place = self.place.as_ref().map(|place| place.child(token));
        }
        child
    }
}

/// The places of all nodes. What is not listed is where it is in the document.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    root: Branch,
}

impl Origins {
    /// Where a node of the result comes from.
    pub(crate) fn find(&self, pointer: &Pointer) -> Place {
        let mut place = self.root.place.clone().unwrap_or_default();
        let mut branch = Some(&self.root);
        for token in pointer.tokens() {
            branch = branch.and_then(|branch| branch.children.get(&*token));
            place = match branch.and_then(|branch| branch.place.as_ref()) {
                Some(known) => known.clone(),
                None => place.child(&token),
            };
        }
        place
    }

    /// Whether a node, or something in it, is not where its pointer says.
    pub(crate) fn touches(&self, pointer: &Pointer) -> bool {
        let mut branch = Some(&self.root);
        for token in pointer.tokens() {
            branch = branch.and_then(|branch| branch.children.get(&*token));
        }
        self.find(pointer).pointer != *pointer
            || branch.is_some_and(|branch| !branch.children.is_empty())
    }

    /// A node with everything in it, to be set elsewhere.
    pub(crate) fn branch(&self, pointer: &Pointer) -> Branch {
        let mut found = Some(&self.root);
        for token in pointer.tokens() {
            found = found.and_then(|branch| branch.children.get(&*token));
        }
        let mut branch = found.cloned().unwrap_or_default();
        branch.place = Some(self.find(pointer));
        branch
    }

    /// Says where a node and everything in it comes from.
    pub(crate) fn set(&mut self, pointer: &Pointer, branch: Branch) {
        *self.entry(pointer) = branch;
    }

    /// Says where a node comes from, and what is in it unless that was said to come from elsewhere.
    pub(crate) fn note(&mut self, pointer: &Pointer, place: Place) {
        self.entry(pointer).place = Some(place);
    }

    /// Members of an object were removed: what is said about them later is shown at the object.
    pub(crate) fn remove_members(&mut self, object: &Pointer, names: &BTreeSet<String>) {
        let place = Place {
            gone: true,
            ..self.find(object)
        };
        let entry = self.entry(object);
        for name in names {
            let branch = Branch::at(place.clone());
            entry.children.insert(name.clone(), branch);
        }
    }

    /// Elements of an array were removed: those behind them have moved up.
    pub(crate) fn remove_elements(
        &mut self,
        array: &Pointer,
        removed: &BTreeSet<usize>,
        length: usize,
    ) {
        let before = self.branch(array);
        let kept = (0..length).filter(|index| !removed.contains(index));
        let children = kept
            .enumerate()
            .map(|(new, old)| (new.to_string(), before.child(&old.to_string())))
            .collect();
        self.entry(array).children = children;
    }

    fn entry(&mut self, pointer: &Pointer) -> &mut Branch {
        let mut branch = &mut self.root;
        for token in pointer.tokens() {
            branch = branch.children.entry(token.into_owned()).or_default();
        }
        branch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer(text: &str) -> Pointer {
        Pointer::parse(text).unwrap()
    }

    fn overlay(text: &str) -> Branch {
        Branch::at(Place::new(File::Overlay(0), pointer(text)))
    }

    fn found(origins: &Origins, text: &str) -> String {
        let place = origins.find(&pointer(text));
        let file = match place.file {
            File::Document => "document".to_owned(),
            File::Part(number) => format!("part {number}"),
            File::Overlay(number) => format!("overlay {number}"),
        };
        let gone = if place.gone { " (gone)" } else { "" };
        format!("{file} {}{gone}", place.pointer)
    }

    #[test]
    fn a_node_is_where_it_was_unless_it_was_set_moved_or_removed() {
        let mut origins = Origins::default();
        assert_eq!(found(&origins, "/a/b"), "document #/a/b");
        origins.set(&pointer("/a/b"), overlay("/actions/0/update/b"));
        assert_eq!(
            found(&origins, "/a/b/c"),
            "overlay 0 #/actions/0/update/b/c"
        );
        assert_eq!(found(&origins, "/a/x"), "document #/a/x");

        origins.remove_elements(&pointer("/list"), &BTreeSet::from([0, 2]), 4);
        assert_eq!(found(&origins, "/list/0/x"), "document #/list/1/x");
        assert_eq!(found(&origins, "/list/1"), "document #/list/3");
        origins.remove_elements(&pointer("/list"), &BTreeSet::from([0]), 2);
        assert_eq!(found(&origins, "/list/0/x"), "document #/list/3/x");
        for (place, touched) in [
            ("/list", true),
            ("/list/0/x", true),
            ("", true),
            ("/x", false),
        ] {
            assert_eq!(origins.touches(&pointer(place)), touched, "{place}");
        }

        let copied = origins.branch(&pointer("/a"));
        origins.set(&pointer("/z"), copied);
        assert_eq!(
            found(&origins, "/z/b/c"),
            "overlay 0 #/actions/0/update/b/c"
        );
        assert_eq!(found(&origins, "/z/x"), "document #/a/x");

        origins.remove_members(&pointer("/z"), &BTreeSet::from(["b".to_owned()]));
        assert_eq!(found(&origins, "/z/b/c"), "document #/a (gone)");
    }

    #[test]
    fn the_nearest_ancestor_that_was_noted_decides_whichever_was_noted_first() {
        let part = |number, text| Place::new(File::Part(number), pointer(text));
        let notes = [("/a", part(1, "/x")), ("/a/b/c", part(2, ""))];
        let (mut down, mut up) = (Origins::default(), Origins::default());
        for (now, place) in &notes {
            down.note(&pointer(now), place.clone());
        }
        for (now, place) in notes.iter().rev() {
            up.note(&pointer(now), place.clone());
        }
        for (now, expected) in [
            ("/a", "part 1 #/x"),
            ("/a/b", "part 1 #/x/b"),
            ("/a/b/c/d~1e", "part 2 #/d~1e"),
            ("/ab", "document #/ab"),
            ("", "document #"),
        ] {
            assert_eq!(found(&down, now), expected);
            assert_eq!(found(&up, now), expected);
        }
    }

    #[test]
    fn a_file_that_stands_for_a_node_or_the_root_keeps_what_stood_beside_the_reference() {
        let mut origins = Origins::default();
        let beside = origins.branch(&pointer("/a/kept"));
        let branch = Branch::at(Place::new(File::Part(0), pointer("/leads")));
        origins.set(&pointer("/a"), branch.with("kept", beside));
        assert_eq!(found(&origins, "/a/get/x"), "part 0 #/leads/get/x");
        assert_eq!(found(&origins, "/a/kept/x"), "document #/a/kept/x");

        let mut origins = Origins::default();
        origins.set(
            &pointer(""),
            Branch::at(Place::new(File::Part(3), pointer(""))),
        );
        assert_eq!(found(&origins, "/paths"), "part 3 #/paths");
        origins.set(&pointer("/paths/x"), overlay("/actions/0/update"));
        assert_eq!(found(&origins, "/paths/x"), "overlay 0 #/actions/0/update");
        assert_eq!(found(&origins, "/paths/y"), "part 3 #/paths/y");
    }
}
