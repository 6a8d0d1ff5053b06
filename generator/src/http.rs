//! Words of HTTP (RFC 9110).

/// Methods and names of headers are tokens (RFC 9110 §5.6.2).
pub fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// Headers of which OpenAPI says that parameters with their names shall be ignored, those that only the transport may set, and those
/// that put another method or path in place of the operation's.
const RESERVED: [&str; 25] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "cookie2",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
];

/// Whether a header is never set by an argument or by settings.
pub fn is_reserved_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    RESERVED.contains(&name.as_str())
        || name.starts_with("x-forwarded-")
        || name.starts_with("proxy-")
}

/// Whether a header can carry the credential of a security scheme: those that frame the message, say where
/// it goes or carry cookies cannot. Some services take a caller's name as `User-Agent`.
pub fn is_credential_header(name: &str) -> bool {
    ["authorization", "user-agent"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
        || !is_reserved_header(name)
}

#[cfg(test)]
mod tests {
    use super::is_credential_header;

    #[test]
    fn credentials_have_headers_of_their_own() {
        for (name, expected) in [
            ("X-Api-Key", true),
            ("Authorization", true),
            ("User-Agent", true),
            ("HOST", false),
            ("Content-Length", false),
            ("Cookie", false),
            ("Transfer-Encoding", false),
            ("Proxy-Authorization", false),
            ("X-Forwarded-Host", false),
            ("X-HTTP-Method-Override", false),
        ] {
            assert_eq!(is_credential_header(name), expected, "{name}");
        }
    }
}
