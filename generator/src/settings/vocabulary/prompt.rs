//! Prompts: texts that a person picks to start with.

use crate::settings::shape::{Key, Shape, key, needed};

pub(super) const PROMPT: &[Key] = &[
    needed(
        "name",
        Shape::Text,
        "Its name: 1 to 40 lower-case letters, digits and `_`. One that is made up is replaced by yours of its name.",
    ),
    needed(
        "description",
        Shape::Text,
        "What it does, for the person who picks it.",
    ),
    needed(
        "text",
        Shape::Text,
        "What the model reads; `{name}` stands for an argument. Names of tools between backticks must exist.",
    ),
    key("title", Shape::Text, "Display name."),
    key(
        "tools",
        Shape::List(&Shape::Text),
        "Tools without which it is not offered.",
    ),
    key(
        "arguments",
        Shape::Map(&Shape::Text),
        "What the person fills in: names, and what each is.",
    ),
    key(
        "defaults",
        Shape::Map(&Shape::Text),
        "What stands for arguments that are not given; those without have to be.",
    ),
];

pub(super) const PROMPTS: &[Key] = &[
    key(
        "exclude",
        Shape::List(&Shape::Text),
        "Prompts made up from the operations that are not offered.",
    ),
    key(
        "topics",
        Shape::Flag,
        "Whether the larger topics have a prompt each; true if not given.",
    ),
];
