//! Every key of `mcpwright.toml` and of `x-mcp`. The reader, the JSON Schema for editors and the list
//! of keys without effect all come from these tables.

mod bundle;
mod composite;
mod operation;
mod paging;
mod prompt;
mod server;

use bundle::BUNDLE;
use composite::COMPOSITE;
pub(crate) use operation::{OPERATION, SELECTED};
use prompt::{PROMPT, PROMPTS};
use server::{OUTPUT, SERVER};

use super::shape::{Key, Shape, key};

const TEXTS: Shape = Shape::OneOrMore(&Shape::Text);
const POINTERS: Shape = Shape::List(&Shape::Pointer);
const FORMATS: Shape = Shape::Words(&["json", "markdown", "toon", "csv"]);

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
    key(
        "descriptions",
        Shape::Table(DESCRIPTIONS),
        "What descriptions of tools say beside the document's words.",
    ),
    key("views", Shape::Table(VIEWS), "Views of the tools."),
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
    key(
        "prompt",
        Shape::List(&Shape::Table(PROMPT)),
        "Prompts of your own, beside those that are made up from the operations.",
    ),
    key(
        "prompts",
        Shape::Table(PROMPTS),
        "Which prompts the server offers besides.",
    ),
    key(
        "bundle",
        Shape::Table(BUNDLE),
        "What `mcpwright bundle` writes on packages: who publishes the server, and where it can be had.",
    ),
];

/// What the document itself may say in `x-mcp` at its root: nothing about files and addresses.
pub(crate) const DOCUMENT: &[Key] = &[
    key("names", Shape::Table(NAMES), "How tools are named."),
    key("results", Shape::Table(RESULTS), "How answers are shown."),
    key("views", Shape::Table(VIEWS), "Views of the tools."),
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

const SELECT: &str = "An operationId, `METHOD /path`, `tag:NAME`, a JSONPath, or a list of these.";

const NAMES: &[Key] = &[key(
    "style",
    Shape::Words(&["verb_resource", "resource_verb", "dotted"]),
    "`create_lead`, `lead_create` or `leads.create`. Clients that accept only letters, digits, `_` and \
     `-` refuse dots.",
)];

const DESCRIPTIONS: &[Key] = &[key(
    "examples",
    Shape::Words(&["needed", "all", "none"]),
    "Which tools show a call: those with arguments that the schema does not tell as plainly (if not given), all \
     that take arguments, or none. `describe_tool` and the catalogue show one of each in any case.",
)];

const RESULTS: &[Key] = &[
    key("format", FORMATS, "Form of the text of answers."),
    key("dates", DATES, "How the text of answers writes dates."),
];

/// Dates as the service writes them, or as people do.
const DATES: Shape = Shape::Words(&["iso", "human"]);

const VIEWS: &[Key] = &[key(
    "records",
    Shape::Table(RECORDS),
    "Few tools over an entity argument.",
)];

const RECORDS: &[Key] = &[
    key(
        "prefix",
        Shape::Text,
        "What the names of its tools begin with: 1 to 20 lower-case letters, digits and `_`.",
    ),
    key(
        "entities",
        Shape::Map(&Shape::Text),
        "Names for entities, each with the first word of its paths: `customer = \"clients\"`.",
    ),
];
