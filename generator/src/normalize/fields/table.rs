//! Every object of OpenAPI 3.2 §4 that tools come from, and its fixed fields. Fields whose value may be
//! anything, and those of which other stages say what is wrong with them, are left out.

use super::Kind::{Filled, Flag, List, Map, Named, Needed, One, Parameters, Text, Texts};
use super::{Kind, Shape, parameter, server, tags};

pub(super) static ROOT: Shape = Shape {
    name: "the document",
    fields: &[
        ("$self", Text),
        ("jsonSchemaDialect", Text),
        ("info", One(&INFO)),
        ("servers", List(&SERVER)),
        ("paths", Filled(&PATH_ITEM)),
        ("components", One(&COMPONENTS)),
        ("tags", List(&TAG)),
        ("externalDocs", One(&EXTERNAL_DOCS)),
    ],
    together: Some(tags::check),
};

static INFO: Shape = Shape {
    name: "`info`",
    fields: &[
        ("title", Text),
        ("summary", Text),
        ("description", Text),
        ("termsOfService", Text),
        ("version", Text),
    ],
    together: None,
};

static EXTERNAL_DOCS: Shape = Shape {
    name: "`externalDocs`",
    fields: &[("url", Text), ("description", Text)],
    together: None,
};

static SERVER: Shape = Shape {
    name: "a server",
    fields: &[
        ("url", Text),
        ("name", Text),
        ("description", Text),
        ("variables", Map(&VARIABLE)),
    ],
    together: Some(server::check),
};

static VARIABLE: Shape = Shape {
    name: "a server variable",
    fields: &[("default", Text), ("description", Text), ("enum", Texts)],
    together: Some(server::check_variable),
};

static TAG: Shape = Shape {
    name: "a tag",
    fields: &[
        ("name", Text),
        ("summary", Text),
        ("description", Text),
        ("parent", Text),
        ("kind", Text),
    ],
    together: None,
};

static COMPONENTS: Shape = Shape {
    name: "`components`",
    fields: &[
        ("schemas", Named(&EMPTY)),
        ("parameters", Named(&PARAMETER)),
        ("headers", Map(&HEADER)),
        ("requestBodies", Named(&REQUEST_BODY)),
        ("responses", Map(&RESPONSE)),
        ("mediaTypes", Filled(&MEDIA_TYPE)),
        ("pathItems", Filled(&PATH_ITEM)),
        ("securitySchemes", Named(&EMPTY)),
    ],
    together: None,
};

/// Other stages say what is wrong with schemas and security schemes.
static EMPTY: Shape = Shape {
    name: "an object",
    fields: &[],
    together: None,
};

pub(super) static PATH_ITEM: Shape = Shape {
    name: "a path",
    fields: &[
        ("summary", Text),
        ("description", Text),
        ("servers", List(&SERVER)),
        ("parameters", Parameters(&PARAMETER)),
        ("get", Needed(&OPERATION)),
        ("put", Needed(&OPERATION)),
        ("post", Needed(&OPERATION)),
        ("delete", Needed(&OPERATION)),
        ("options", Needed(&OPERATION)),
        ("head", Needed(&OPERATION)),
        ("patch", Needed(&OPERATION)),
        ("trace", Needed(&OPERATION)),
        ("query", Needed(&OPERATION)),
        ("additionalOperations", Named(&OPERATION)),
    ],
    together: None,
};

pub(super) static OPERATION: Shape = Shape {
    name: "an operation",
    fields: &[
        ("operationId", Text),
        ("summary", Text),
        ("description", Text),
        ("tags", Texts),
        ("deprecated", Flag),
        ("externalDocs", One(&EXTERNAL_DOCS)),
        ("parameters", Parameters(&PARAMETER)),
        ("requestBody", Needed(&REQUEST_BODY)),
        ("responses", Map(&RESPONSE)),
        ("servers", List(&SERVER)),
    ],
    together: None,
};

static PARAMETER: Shape = Shape {
    name: "a parameter",
    fields: &PARAMETER_FIELDS,
    together: Some(parameter::check),
};

static HEADER: Shape = Shape {
    name: "a header",
    fields: &PARAMETER_FIELDS,
    together: Some(parameter::check_header),
};

static PARAMETER_FIELDS: [(&str, Kind); 11] = [
    ("name", Text),
    ("in", Text),
    ("description", Text),
    ("required", Flag),
    ("deprecated", Flag),
    ("allowEmptyValue", Flag),
    ("style", Text),
    ("explode", Flag),
    ("allowReserved", Flag),
    ("content", Filled(&MEDIA_TYPE)),
    ("examples", Map(&EXAMPLE)),
];

static EXAMPLE: Shape = Shape {
    name: "an example",
    fields: &[("summary", Text), ("description", Text)],
    together: None,
};

static REQUEST_BODY: Shape = Shape {
    name: "a request body",
    fields: &[
        ("description", Text),
        ("required", Flag),
        ("content", Filled(&MEDIA_TYPE)),
    ],
    together: None,
};

static RESPONSE: Shape = Shape {
    name: "a response",
    fields: &[
        ("summary", Text),
        ("description", Text),
        ("headers", Map(&HEADER)),
        ("content", Filled(&MEDIA_TYPE)),
    ],
    together: None,
};

static MEDIA_TYPE: Shape = Shape {
    name: "a media type",
    fields: &[("encoding", Map(&ENCODING)), ("examples", Map(&EXAMPLE))],
    together: None,
};

static ENCODING: Shape = Shape {
    name: "an encoding",
    fields: &[
        ("contentType", Text),
        ("style", Text),
        ("explode", Flag),
        ("allowReserved", Flag),
        ("headers", Map(&HEADER)),
    ],
    together: None,
};
