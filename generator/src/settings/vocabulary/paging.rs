//! How many records a call gives, and how further ones are asked for.

use crate::settings::shape::{Key, Shape, key, needed};

pub(super) const LIMIT: &[Key] = &[
    needed(
        "param",
        Shape::Text,
        "The argument that says how many; `a.b` is a property of one.",
    ),
    key(
        "default",
        Shape::Whole,
        "What is sent if the argument is absent.",
    ),
    key(
        "max",
        Shape::Whole,
        "The most; a larger number is lowered to it, and the answer says so.",
    ),
];

pub(super) const PAGING: &[Key] = &[
    key(
        "style",
        Shape::Words(&["page", "offset", "cursor", "link", "token"]),
        "Kind of paging.",
    ),
    key(
        "in",
        Shape::Table(PAGING_IN),
        "The arguments that ask for a page.",
    ),
    key(
        "out",
        Shape::Table(PAGING_OUT),
        "Where in the answer numbers of pages are.",
    ),
];

const PAGING_IN: &[Key] = &[
    key("page", Shape::Text, "Number of the page."),
    key("offset", Shape::Text, "Number of records before it."),
    key("cursor", Shape::Text, "Where it begins."),
    key("size", Shape::Text, "Number of records on it."),
];

const PAGING_OUT: &[Key] = &[
    key("total", Shape::Pointer, "Number of records in all."),
    key("pages", Shape::Pointer, "Number of pages."),
    key("next", Shape::Pointer, "What asks for the next page."),
    key(
        "more",
        Shape::Pointer,
        "Whether there are more pages, as true or false.",
    ),
    key(
        "last",
        Shape::Pointer,
        "In a record: what the next page begins behind, if the cursor is that of the last record (`/id`).",
    ),
];
