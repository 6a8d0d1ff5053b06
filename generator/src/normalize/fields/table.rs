//! Every object of OpenAPI 3.2 §4 that tools come from, and its fixed fields, of all versions.
//! `Any` are those whose value may be anything, and those of which other stages say what is wrong.

use super::Kind::{Any, Filled, Flag, List, Map, Named, Needed, One, Parameters, Text, Texts};
use super::reference::Referred;
use super::{Kind, Shape, parameter, responses, server, tags};

pub(super) static ROOT: Shape = Shape {
    name: "the document",
    fields: &[
        ("openapi", Any),
        ("webhooks", Any),
        ("security", Any),
        ("$self", Text),
        ("jsonSchemaDialect", Text),
        ("info", One(&INFO)),
        ("servers", List(&SERVER)),
        ("paths", Filled(&PATH_ITEM)),
        ("components", One(&COMPONENTS)),
        ("tags", List(&TAG)),
        ("externalDocs", One(&EXTERNAL_DOCS)),
    ],
    referred: None,
    open: false,
    together: Some(tags::check),
};

static INFO: Shape = Shape {
    name: "`info`",
    fields: &[
        ("contact", Any),
        ("license", Any),
        ("title", Text),
        ("summary", Text),
        ("description", Text),
        ("termsOfService", Text),
        ("version", Text),
    ],
    referred: None,
    open: false,
    together: None,
};

static EXTERNAL_DOCS: Shape = Shape {
    name: "`externalDocs`",
    fields: &[("url", Text), ("description", Text)],
    referred: None,
    open: false,
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
    referred: None,
    open: false,
    together: Some(server::check),
};

static VARIABLE: Shape = Shape {
    name: "a server variable",
    fields: &[("default", Text), ("description", Text), ("enum", Texts)],
    referred: None,
    open: false,
    together: Some(server::check_variable),
};

static TAG: Shape = Shape {
    name: "a tag",
    fields: &[
        ("externalDocs", Any),
        ("name", Text),
        ("summary", Text),
        ("description", Text),
        ("parent", Text),
        ("kind", Text),
    ],
    referred: None,
    open: false,
    together: None,
};

static COMPONENTS: Shape = Shape {
    name: "`components`",
    fields: &[
        ("examples", Any),
        ("links", Any),
        ("callbacks", Any),
        ("schemas", Named(&EMPTY)),
        ("parameters", Named(&PARAMETER)),
        ("headers", Map(&HEADER)),
        ("requestBodies", Named(&REQUEST_BODY)),
        ("responses", Map(&RESPONSE)),
        ("mediaTypes", Filled(&MEDIA_TYPE)),
        ("pathItems", Filled(&PATH_ITEM)),
        ("securitySchemes", Named(&SECURITY_SCHEME)),
    ],
    referred: None,
    open: false,
    together: None,
};

/// Schemas are looked at by themselves.
static EMPTY: Shape = Shape {
    name: "an object",
    fields: &[],
    referred: None,
    open: true,
    together: None,
};

/// Other stages say what is wrong with the values of security schemes.
static SECURITY_SCHEME: Shape = Shape {
    name: "a security scheme",
    fields: &[
        ("type", Any),
        ("description", Any),
        ("name", Any),
        ("in", Any),
        ("scheme", Any),
        ("bearerFormat", Any),
        ("flows", Needed(&FLOWS)),
        ("openIdConnectUrl", Any),
        ("oauth2MetadataUrl", Any),
        ("deprecated", Any),
    ],
    referred: None,
    open: false,
    together: None,
};

static FLOWS: Shape = Shape {
    name: "`flows`",
    fields: &[
        ("implicit", Needed(&FLOW)),
        ("password", Needed(&FLOW)),
        ("clientCredentials", Needed(&FLOW)),
        ("authorizationCode", Needed(&FLOW)),
        ("deviceAuthorization", Needed(&FLOW)),
    ],
    referred: None,
    open: false,
    together: None,
};

static FLOW: Shape = Shape {
    name: "a flow",
    fields: &[
        ("authorizationUrl", Any),
        ("deviceAuthorizationUrl", Any),
        ("tokenUrl", Any),
        ("refreshUrl", Any),
        ("scopes", Any),
    ],
    referred: None,
    open: false,
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
    referred: Some(Referred::PathItem),
    open: false,
    together: None,
};

pub(super) static OPERATION: Shape = Shape {
    name: "an operation",
    fields: &[
        ("callbacks", Any),
        ("security", Any),
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
    referred: None,
    open: false,
    together: Some(responses::check),
};

pub(super) static PARAMETER: Shape = Shape {
    name: "a parameter",
    fields: &PARAMETER_FIELDS,
    referred: None,
    open: false,
    together: Some(parameter::check),
};

pub(super) static HEADER: Shape = Shape {
    name: "a header",
    fields: &PARAMETER_FIELDS,
    referred: Some(Referred::Header),
    open: false,
    together: Some(parameter::check_header),
};

static PARAMETER_FIELDS: [(&str, Kind); 13] = [
    ("schema", Any),
    ("example", Any),
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
    referred: None,
    open: true,
    together: None,
};

pub(super) static REQUEST_BODY: Shape = Shape {
    name: "a request body",
    fields: &[
        ("description", Text),
        ("required", Flag),
        ("content", Filled(&MEDIA_TYPE)),
    ],
    referred: Some(Referred::RequestBody),
    open: false,
    together: None,
};

pub(super) static RESPONSE: Shape = Shape {
    name: "a response",
    fields: &[
        ("links", Any),
        ("summary", Text),
        ("description", Text),
        ("headers", Map(&HEADER)),
        ("content", Filled(&MEDIA_TYPE)),
    ],
    referred: Some(Referred::Response),
    open: false,
    together: None,
};

pub(super) static MEDIA_TYPE: Shape = Shape {
    name: "a media type",
    fields: &[
        ("schema", Any),
        ("itemSchema", Any),
        ("example", Any),
        ("prefixEncoding", Any),
        ("itemEncoding", Any),
        ("encoding", Map(&ENCODING)),
        ("examples", Map(&EXAMPLE)),
    ],
    referred: Some(Referred::MediaType),
    open: false,
    together: None,
};

static ENCODING: Shape = Shape {
    name: "an encoding",
    fields: &[
        ("encoding", Any),
        ("prefixEncoding", Any),
        ("itemEncoding", Any),
        ("contentType", Text),
        ("style", Text),
        ("explode", Flag),
        ("allowReserved", Flag),
        ("headers", Map(&HEADER)),
    ],
    referred: None,
    open: false,
    together: None,
};

/// OpenAPI 3.2 §4.26.
pub(super) static XML: Shape = Shape {
    name: "`xml`",
    fields: &[
        ("nodeType", Text),
        ("name", Text),
        ("namespace", Text),
        ("prefix", Text),
        ("attribute", Flag),
        ("wrapped", Flag),
    ],
    referred: None,
    open: false,
    together: None,
};

/// OpenAPI 3.2 §4.25. A rule for schemas says what is wrong with the values.
pub(super) static DISCRIMINATOR: Shape = Shape {
    name: "a discriminator",
    fields: &[
        ("propertyName", Any),
        ("mapping", Any),
        ("defaultMapping", Text),
    ],
    referred: None,
    open: false,
    together: None,
};
