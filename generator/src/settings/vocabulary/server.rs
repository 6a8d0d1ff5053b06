//! The document, the server that is made from it, and where the crate goes.

use super::{SELECT, TEXTS};
use crate::settings::shape::{Key, Shape, key, needed};

pub(super) const SERVER: &[Key] = &[
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
        "budget_tokens",
        Shape::Whole,
        "Fail when the tools cost a model more tokens than this (o200k: names, descriptions, argument schemas).",
    ),
    key(
        "budgets",
        Shape::Table(BUDGETS),
        "What the document may cost before it is refused.",
    ),
    key(
        "serve_document",
        Shape::Flag,
        "Let the server carry the document with its overlays, so that `http --serve-document` answers GET /openapi.json.",
    ),
    key(
        "headers",
        Shape::Map(&Shape::Text),
        "Headers of every request.",
    ),
    key(
        "token_pattern",
        Shape::Text,
        "Regular expression that keys and tokens of the service match; the server warns of others.",
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
    key(
        "schemas",
        Shape::Whole,
        "Schemas and properties that are looked at for all tools; 20000000 if not given.",
    ),
];

const EXCLUDE: &[Key] = &[
    needed("select", TEXTS, SELECT),
    needed("reason", Shape::Text, "Why; reports show it."),
];

pub(super) const OUTPUT: &[Key] = &[
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
