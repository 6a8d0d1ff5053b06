//! Security schemes (OpenAPI 3.2 §4.27).

/// A security scheme, and the environment variables that hold its credential.
#[derive(Debug)]
pub struct SecurityScheme {
    /// Name in the document's `components.securitySchemes`.
    pub name: &'static str,
    /// Kind, and where the credential goes.
    pub kind: SchemeKind,
    /// Environment variables: one, or user name and password for `basic`, or the files of certificate
    /// and key for mutual TLS. Any but those may instead be given as `<NAME>_FILE`, the path of a file
    /// that holds the value.
    pub variables: &'static [&'static str],
}

/// Kinds of security scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemeKind {
    /// A key in a header, in the query, in a cookie or in the body.
    ApiKey {
        /// Where the key is sent.
        location: ApiKeyLocation,
        /// Name of the header, query parameter, cookie or property.
        name: &'static str,
    },
    /// `Authorization: Basic …`; RFC 7617.
    Basic,
    /// `Authorization: Bearer …`; RFC 6750.
    Bearer,
    /// The same with a token that the operator brings or that this server obtains; RFC 6749.
    OAuth2 {
        /// `tokenUrl` of a flow. A suggestion in messages only; empty for none.
        token_url: &'static str,
    },
    /// The same with a token endpoint from an issuer's metadata; OpenID Connect Discovery 1.0.
    OpenIdConnect {
        /// `openIdConnectUrl`. A suggestion in messages only; empty for none.
        url: &'static str,
    },
    /// A client certificate.
    MutualTls,
    /// A scheme that this version cannot send.
    Unsupported,
}

/// `in` of an apiKey scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyLocation {
    /// A request header.
    Header,
    /// A query parameter.
    Query,
    /// A cookie.
    Cookie,
    /// A property of a JSON object or a field of a form in the body. OpenAPI has no such scheme; documents
    /// declare the key as a property.
    Body,
}

/// A scheme that an operation needs, with the scopes it names.
#[derive(Debug, Clone, Copy)]
pub struct SecurityUse {
    /// The scheme.
    pub scheme: &'static SecurityScheme,
    /// OAuth 2 scopes or roles.
    pub scopes: &'static [&'static str],
}
