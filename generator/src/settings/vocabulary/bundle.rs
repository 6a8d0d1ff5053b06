//! What stands on the package: who publishes the server, and where it can be had.

use crate::settings::shape::{Key, Shape, key};

pub(super) const BUNDLE: &[Key] = &[
    key(
        "name",
        Shape::Text,
        "Name in the MCP Registry, a domain of yours backwards and a name: `com.example/acme-crm`.",
    ),
    key(
        "version",
        Shape::Text,
        "Version of what is published, as `1.2.0`; 0.1.0 if not given.",
    ),
    key(
        "description",
        Shape::Text,
        "What the server is for, in at most 100 characters.",
    ),
    key("author", Shape::Text, "Who publishes it."),
    key("email", Shape::Text, "Where they are reached."),
    key("homepage", Shape::Text, "Their page about it, https."),
    key("repository", Shape::Text, "Where its source is, https."),
    key(
        "documentation",
        Shape::Text,
        "Where it is explained, https.",
    ),
    key("support", Shape::Text, "Where users ask for help, https."),
    key(
        "privacy_policy",
        Shape::Text,
        "What becomes of users' data, https. Stores ask for it.",
    ),
    key(
        "license",
        Shape::Text,
        "SPDX expression of the server's licence, as `MIT`.",
    ),
    key(
        "icon",
        Shape::Text,
        "A square PNG, relative to this file; 512 pixels are asked for.",
    ),
    key(
        "url",
        Shape::Text,
        "URL of /mcp where you run it for others, https.",
    ),
    key(
        "auth",
        Shape::Words(&["passthrough", "oauth", "keys"]),
        "Who may call there: those with a credential of the service (if not given), those with an access token, \
         or those with a key of the server.",
    ),
    key(
        "image",
        Shape::Text,
        "Its container image without a tag, as `ghcr.io/acme/acme-crm-mcp`.",
    ),
    key(
        "mcpb_url",
        Shape::Text,
        "Where the .mcpb file is downloaded, https.",
    ),
    key(
        "category",
        Shape::Words(&[
            "BUSINESS",
            "COLLABORATION",
            "DESIGN",
            "DEVELOPER_TOOLS",
            "EDUCATION",
            "ENTERTAINMENT",
            "FINANCE",
            "FOOD",
            "LIFESTYLE",
            "NEWS",
            "PRODUCTIVITY",
            "SHOPPING",
            "TRAVEL",
        ]),
        "Its shelf in the ChatGPT store; BUSINESS if not given.",
    ),
];
