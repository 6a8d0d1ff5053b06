//! Facts about an operation.

use super::paging::{LIMIT, PAGING};
use super::{DATES, FORMATS, POINTERS, SELECT, TEXTS};
use crate::settings::shape::{Key, Shape, key, needed};

const CLASSES: Shape = Shape::Words(&["read", "write", "destructive", "outward"]);
/// Policies of confirmation, in rising order of care where they can be compared.
const CONFIRM: Shape = Shape::Words(&["off", "arg", "auto", "token", "elicit", "deny"]);

/// An entry of `[[operation]]`.
pub(crate) const SELECTED: &[Key] = &operation(needed("select", TEXTS, SELECT));

/// `x-mcp` of an operation: it stands at what it is about.
pub(crate) const OPERATION: &[Key] = &operation(key("select", TEXTS, ""));

const fn operation(select: Key) -> [Key; 32] {
    [
        select,
        key("name", Shape::Text, "Name of the tool."),
        key("title", Shape::Text, "Display name of the tool."),
        key(
            "description",
            Shape::TextOr(DESCRIPTION),
            "Replaces the description, or adds to it.",
        ),
        key(
            "enabled",
            Shape::Flag,
            "`false` makes it no tool; then `reason` says why.",
        ),
        key(
            "reason",
            Shape::Text,
            "Why it is off, or why its class, hints or confirmation are lowered.",
        ),
        key("group", Shape::Text, "The topic under which it is listed."),
        key(
            "class",
            CLASSES,
            "Risk class; a lower one than inferred needs `reason`.",
        ),
        key(
            "outward",
            Shape::Flag,
            "Whether something leaves the service (mail, money, publication).",
        ),
        key(
            "annotations",
            Shape::Table(ANNOTATIONS),
            "Hints of MCP, one by one.",
        ),
        key(
            "confirm",
            CONFIRM,
            "How a call is confirmed; less care than its class asks for needs `reason`.",
        ),
        key(
            "consequence",
            Shape::Text,
            "What a call does besides, as a sentence of the description.",
        ),
        key("prereq", TEXTS, "Tools to call first."),
        key("see_also", TEXTS, "Tools that are near to it."),
        key(
            "whoami",
            Shape::Flag,
            "Says whose credential it is; the server's instructions name it.",
        ),
        key(
            "fields",
            Shape::Map(&Shape::Table(FIELD)),
            "Facts about arguments by name; `records[].name` is a property of the items of an array.",
        ),
        key(
            "add_param",
            Shape::List(&Shape::Table(ADD_PARAM)),
            "Parameters that the document leaves out.",
        ),
        key("redact", POINTERS, "Parts of answers that are never shown."),
        key(
            "limit",
            Shape::Table(LIMIT),
            "How many records a call gives.",
        ),
        key(
            "hint",
            Shape::List(&Shape::Table(HINT)),
            "Text that is added to errors.",
        ),
        key("paging", Shape::Table(PAGING), "How pages are asked for."),
        key(
            "unwrap",
            Shape::Pointer,
            "Where in the answer the record or the list is.",
        ),
        key(
            "project",
            POINTERS,
            "Properties of a record that are shown unless more is asked for, as `/name`.",
        ),
        key(
            "columns",
            Shape::List(&Shape::Text),
            "Columns of tables, behind the id; those of `project` if absent.",
        ),
        key(
            "value_map",
            Shape::Map(&Shape::Map(&Shape::Text)),
            "Words for values in the text of results, by property.",
        ),
        key(
            "echo",
            POINTERS,
            "Properties that the answer to a write shows, as `/id`.",
        ),
        key("format", FORMATS, "Form of the text of the answer."),
        key(
            "dates",
            DATES,
            "How the text of the answer writes dates: as the service does, or `14 Oct 2026, 09:30 UTC`.",
        ),
        key(
            "split",
            Shape::Text,
            "Property of the body whose values make a tool each; the value is sent and is no argument.",
        ),
        key(
            "security",
            Shape::List(&Shape::Text),
            "Security schemes of the document that it needs besides.",
        ),
        key(
            "headers",
            Shape::Map(&Shape::Text),
            "Headers of its requests.",
        ),
        key(
            "base_url",
            Shape::Text,
            "Its own address, a suggestion for a variable of its own that says where its requests go.",
        ),
    ]
}

const DESCRIPTION: &[Key] = &[
    key("append", Shape::Text, "Added behind the description."),
    key("replace", Shape::Text, "Put in place of the description."),
];

const ANNOTATIONS: &[Key] = &[
    key("readOnlyHint", Shape::Flag, "It changes nothing."),
    key(
        "destructiveHint",
        Shape::Flag,
        "It may overwrite or delete.",
    ),
    key(
        "idempotentHint",
        Shape::Flag,
        "The same call again changes nothing more.",
    ),
    key(
        "openWorldHint",
        Shape::Flag,
        "It reaches beyond the service.",
    ),
];

const FIELD: &[Key] = &[
    key("example", Shape::Any, "An example in the schema."),
    key(
        "hide",
        Shape::Flag,
        "It is no argument; `false` makes an argument of an idempotency key, which is made anew for each \
         call otherwise.",
    ),
    key(
        "fixed",
        Shape::Any,
        "It is no argument; this value is always sent.",
    ),
    key(
        "enum_alias",
        Shape::Map(&Shape::Any),
        "Words for values: the schema lists the words, the value is sent.",
    ),
    key(
        "null",
        Shape::Words(&["reject", "clear", "omit"]),
        "What null means: an error, a null that is sent, or the same as leaving it out.",
    ),
    key("redact", Shape::Flag, "No result repeats its value."),
    key(
        "merge_by",
        Shape::Text,
        "Property that says which item of a list it is: the record is read before an update, and items that \
         are not given stay.",
    ),
];

const ADD_PARAM: &[Key] = &[
    needed("name", Shape::Text, "Name on the wire."),
    key(
        "type",
        Shape::Words(&["string", "integer", "number", "boolean"]),
        "Its type; `string` if absent.",
    ),
    key("enum", Shape::List(&Shape::Text), "Its values."),
    key("description", Shape::Text, "What it does."),
    key("required", Shape::Flag, "Whether a call needs it."),
];

const HINT: &[Key] = &[
    needed(
        "when",
        Shape::Table(WHEN),
        "The errors that it is for; all that is given must fit.",
    ),
    needed("text", Shape::Text, "What is added to them."),
];

const WHEN: &[Key] = &[
    key("status", Shape::Whole, "HTTP status of the answer."),
    key(
        "body",
        Shape::Pointer,
        "Something stands there in the answer.",
    ),
    key(
        "text",
        Shape::Text,
        "The message contains this, in letters of either case.",
    ),
    key(
        "argument",
        Shape::Words(&["null"]),
        "An argument was refused because it is null.",
    ),
    key(
        "field",
        Shape::Text,
        "Its name; `*` stands for any letters.",
    ),
];
