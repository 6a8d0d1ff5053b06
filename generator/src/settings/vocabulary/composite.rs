//! Tools beside the operations.

use crate::settings::shape::{Key, Shape, key, needed};

pub(super) const COMPOSITE: &[Key] = &[
    needed("name", Shape::Text, "Name of the tool."),
    needed(
        "kind",
        Shape::Words(&[
            "fanout",
            "count",
            "multi_get",
            "lookup",
            "relation",
            "append",
        ]),
        "What it does.",
    ),
    needed("description", Shape::Text, "What a model reads."),
    key("title", Shape::Text, "Display name of the tool."),
    key(
        "group",
        Shape::Text,
        "The topic under which it is listed; that of what it calls if it is one.",
    ),
    key(
        "over",
        Shape::List(&Shape::Text),
        "fanout: operations that are searched.",
    ),
    key(
        "argument",
        Shape::Text,
        "fanout, lookup: the argument that takes the words.",
    ),
    key("limit_each", Shape::Whole, "fanout: records of each."),
    key(
        "list",
        Shape::OneOrMap(&Shape::Text),
        "count, lookup: the operation that lists.",
    ),
    key(
        "get",
        Shape::OneOrMap(&Shape::Text),
        "The operation that gets a record.",
    ),
    key(
        "update",
        Shape::Text,
        "append, relation: the operation that changes a record.",
    ),
    key("match", Shape::Pointer, "lookup: what is compared."),
    key("id", Shape::Pointer, "lookup: the id of a record."),
    key(
        "total",
        Shape::OneOrMap(&Shape::Pointer),
        "count: where the number is.",
    ),
    key(
        "minimal",
        Shape::Map(&Shape::Any),
        "count: arguments of the smallest page.",
    ),
    key("max", Shape::Whole, "multi_get: most records."),
    key(
        "action",
        Shape::Words(&["add", "remove"]),
        "relation: what is done.",
    ),
    key(
        "record",
        Shape::Pointer,
        "relation, append: where in the answer the record is.",
    ),
    key(
        "relations",
        Shape::Map(&Shape::Text),
        "relation: name to the argument that holds the ids.",
    ),
    key(
        "from",
        Shape::Map(&Shape::Pointer),
        "relation: name to where the record has them, if no property of the record is named so.",
    ),
    key(
        "columns",
        Shape::Map(&Shape::List(&Shape::Text)),
        "relation: further properties by name.",
    ),
    key("field", Shape::Pointer, "append: the text that grows."),
    key(
        "separator",
        Shape::Text,
        "append: what stands between the old text and the new; an empty line if absent.",
    ),
];
