//! Where the walk is.

use super::Pointer;

/// A place on the way down. It lives on the stack of the walk and costs nothing until a
/// diagnostic asks for its pointer.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    parent: Option<&'a Site<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Member(&'a str),
    Element(usize),
}

impl<'a> Site<'a> {
    /// The whole document.
    pub(crate) const ROOT: Site<'static> = Site {
        parent: None,
        step: Step::Root,
    };

    /// The member of an object.
    pub(crate) const fn member<'b>(&'b self, key: &'b str) -> Site<'b> {
        Site {
            parent: Some(self),
            step: Step::Member(key),
        }
    }

    /// The element of an array.
    pub(crate) const fn element(&self, index: usize) -> Site<'_> {
        Site {
            parent: Some(self),
            step: Step::Element(index),
        }
    }

    /// The pointer of this place.
    pub(crate) fn pointer(&self) -> Pointer {
        let above = self.parent.map_or_else(Pointer::root, Site::pointer);
        match self.step {
            Step::Root => above,
            Step::Member(key) => above.child(key),
            Step::Element(index) => above.index(index),
        }
    }
}
