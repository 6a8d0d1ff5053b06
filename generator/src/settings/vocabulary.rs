//! Every key of `mcpwright.toml` and of `x-mcp`. The reader, the JSON Schema for editors and the list
//! of keys without effect all come from these tables.

use super::shape::{Key, Shape, key, later, needed};

const TEXTS: Shape = Shape::OneOrMore(&Shape::Text);
const POINTERS: Shape = Shape::List(&Shape::Pointer);
const CLASSES: Shape = Shape::Words(&["read", "write", "destructive", "outward"]);
const FORMATS: Shape = Shape::Words(&["json", "markdown", "toon", "csv"]);
/// Policies of confirmation, in rising order of care where they can be compared.
const CONFIRM: Shape = Shape::Words(&["off", "arg", "auto", "token", "elicit", "deny"]);

/// The whole file.
pub(crate) const ROOT: &[Key] = &[
    key(
        "server",
        Shape::Table(SERVER),
        "The document, and the server that is made from it.",
    ),
    key("output", Shape::Table(OUTPUT), "The generated crate."),
    key("names", Shape::Table(NAMES), "How tools are named."),
    key("results", Shape::Table(RESULTS), "How answers are shown."),
    later("views", Shape::Table(VIEWS), "Views of the tools."),
    key(
        "operation",
        Shape::List(&Shape::Table(SELECTED)),
        "Facts about operations. Entries add up in order: of two values for one fact the later holds; \
         `prereq`, `see_also`, `hint`, `redact` and `add_param` grow.",
    ),
    key(
        "composite",
        Shape::List(&Shape::Table(COMPOSITE)),
        "Tools beside the operations: several calls under one name.",
    ),
];

/// What the document itself may say in `x-mcp` at its root: nothing about files and addresses.
pub(crate) const DOCUMENT: &[Key] = &[
    key("names", Shape::Table(NAMES), "How tools are named."),
    key("results", Shape::Table(RESULTS), "How answers are shown."),
    later("views", Shape::Table(VIEWS), "Views of the tools."),
    key(
        "operation",
        Shape::List(&Shape::Table(SELECTED)),
        "Facts about operations.",
    ),
    key(
        "composite",
        Shape::List(&Shape::Table(COMPOSITE)),
        "Tools beside the operations: several calls under one name.",
    ),
];

const SERVER: &[Key] = &[
    key(
        "spec",
        Shape::Text,
        "The OpenAPI document, relative to this file.",
    ),
    key(
        "name",
        Shape::Text,
        "Name of the server, `^[a-z][a-z0-9-]{0,15}$`.",
    ),
    key("package", Shape::Text, "Name of the Cargo package."),
    key(
        "overlays",
        Shape::List(&Shape::Text),
        "OpenAPI Overlays, in order, relative to this file.",
    ),
    key(
        "exclude",
        Shape::List(&Shape::Table(EXCLUDE)),
        "Operations that do not become tools.",
    ),
    key(
        "strict",
        Shape::Flag,
        "Refuse what would be skipped or guessed.",
    ),
    key(
        "base_url",
        Shape::Text,
        "The service's address, in place of the document's `servers`.",
    ),
    key(
        "budgets",
        Shape::Table(BUDGETS),
        "What the document may cost before it is refused.",
    ),
    key(
        "headers",
        Shape::Map(&Shape::Text),
        "Headers of every request.",
    ),
    later(
        "token_pattern",
        Shape::Text,
        "Regular expression that credentials match.",
    ),
];

const BUDGETS: &[Key] = &[
    key(
        "bytes",
        Shape::Whole,
        "Bytes of the document, all its files together; 33554432 if not given.",
    ),
    key(
        "files",
        Shape::Whole,
        "Files that it consists of; 1000 if not given.",
    ),
    key(
        "nodes",
        Shape::Whole,
        "Objects, lists and scalars, YAML aliases expanded; 2000000 if not given.",
    ),
    key(
        "depth",
        Shape::Whole,
        "Nesting of objects and lists; 64 if not given, 120 at most.",
    ),
    key(
        "aliases",
        Shape::Whole,
        "YAML aliases that are expanded; 10000 if not given.",
    ),
    key(
        "ref_hops",
        Shape::Whole,
        "`$ref`s in a row until a node is reached; 64 if not given.",
    ),
    key(
        "operations",
        Shape::Whole,
        "Operations; 20000 if not given.",
    ),
    key(
        "enum_values",
        Shape::Whole,
        "Values of one `enum`; 10000 if not given.",
    ),
];

const EXCLUDE: &[Key] = &[
    needed("select", TEXTS, SELECT),
    needed("reason", Shape::Text, "Why; reports show it."),
];

const SELECT: &str = "An operationId, `METHOD /path`, `tag:NAME`, a JSONPath, or a list of these.";

const OUTPUT: &[Key] = &[
    key(
        "folder",
        Shape::Text,
        "Folder of the generated crate, relative to this file.",
    ),
    key(
        "runtime",
        Shape::Text,
        "`vendored`, `registry` or `path=DIR` (relative to the crate).",
    ),
    key(
        "workspace_member",
        Shape::Flag,
        "Make the crate a member of the workspace around it instead of one of its own.",
    ),
];

const NAMES: &[Key] = &[key(
    "style",
    Shape::Words(&["verb_resource", "resource_verb", "dotted"]),
    "`create_lead`, `lead_create` or `leads.create`. Clients that accept only letters, digits, `_` and \
     `-` refuse dots.",
)];

const RESULTS: &[Key] = &[key("format", FORMATS, "Form of the text of answers.")];

const VIEWS: &[Key] = &[later(
    "records",
    Shape::Table(RECORDS),
    "Few tools over an entity argument.",
)];

const RECORDS: &[Key] = &[
    later(
        "prefix",
        Shape::Text,
        "What the names of its tools begin with.",
    ),
    later(
        "entities",
        Shape::Map(&Shape::Text),
        "Name of an entity to the first word of its paths.",
    ),
];

/// An entry of `[[operation]]`.
pub(crate) const SELECTED: &[Key] = &operation(needed("select", TEXTS, SELECT));

/// `x-mcp` of an operation: it stands at what it is about.
pub(crate) const OPERATION: &[Key] = &operation(key("select", TEXTS, ""));

const fn operation(select: Key) -> [Key; 31] {
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
        later("confirm", CONFIRM, "How a call is confirmed."),
        key(
            "consequence",
            Shape::Text,
            "What a call does besides, as a sentence of the description.",
        ),
        key("prereq", TEXTS, "Tools to call first."),
        key("see_also", TEXTS, "Tools that are near to it."),
        later("whoami", Shape::Flag, "Says whose credential it is."),
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
        later(
            "split",
            Shape::Text,
            "Property whose values make a tool each.",
        ),
        later(
            "security",
            Shape::List(&Shape::Text),
            "Security schemes that it needs besides.",
        ),
        key(
            "headers",
            Shape::Map(&Shape::Text),
            "Headers of its requests.",
        ),
        later("base_url", Shape::Text, "Its own address."),
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
    key("hide", Shape::Flag, "It is no argument."),
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
    later("redact", Shape::Flag, "Its value is never shown."),
    later(
        "merge_by",
        Shape::Text,
        "Property by which items are merged.",
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

const LIMIT: &[Key] = &[
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

const PAGING: &[Key] = &[
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
];

const COMPOSITE: &[Key] = &[
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
