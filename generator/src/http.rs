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

/// Which answers a key of a Responses Object is about (OpenAPI 3.2 §4.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Those with one status code (RFC 9110 §15).
    Code(u16),
    /// Those whose codes start with a digit: `2XX`.
    Range(u8),
    /// Those that no other key is about.
    Default,
}

impl Status {
    /// What a key means, written as the standard has it or nearly so; `None` for what names no answers.
    pub fn of(key: &str) -> Option<Self> {
        let key = key.trim();
        if key.eq_ignore_ascii_case("default") {
            return Some(Self::Default);
        }
        let [first @ b'1'..=b'5', rest @ ..] = key.as_bytes() else {
            return None;
        };
        let [second, third] = rest else { return None };
        let is_any = |c: &u8| c.eq_ignore_ascii_case(&b'x');
        let is_known = |c: &&u8| is_any(c) || c.is_ascii_digit();
        if !rest.iter().all(|c| is_known(&c)) {
            return None;
        }
        let digit = |c: &u8| u16::from(c.saturating_sub(b'0'));
        Some(if rest.iter().any(is_any) {
            Self::Range(first.saturating_sub(b'0'))
        } else {
            Self::Code(digit(first) * 100 + digit(second) * 10 + digit(third))
        })
    }

    /// Whether the answers mean that it was done, if nothing else says so.
    pub const fn is_success(self) -> bool {
        matches!(self, Self::Code(200..=299) | Self::Range(2))
    }
}

/// As the standard writes it.
impl std::fmt::Display for Status {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(formatter, "{code}"),
            Self::Range(first) => write!(formatter, "{first}XX"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Status, is_credential_header};

    #[test]
    fn keys_of_responses_are_codes_ranges_and_default() {
        for (key, expected) in [
            ("200", Some("200")),
            ("599", Some("599")),
            ("2XX", Some("2XX")),
            ("default", Some("default")),
            // Nearly so.
            ("2xx", Some("2XX")),
            ("2Xx", Some("2XX")),
            ("20X", Some("2XX")),
            ("4x4", Some("4XX")),
            (" 204 ", Some("204")),
            ("Default", Some("default")),
            // None of them.
            ("099", None),
            ("600", None),
            ("999", None),
            ("6XX", None),
            ("20", None),
            ("2000", None),
            ("2é", None),
            ("20Y", None),
            ("ok", None),
            ("", None),
        ] {
            let found = Status::of(key).map(|status| status.to_string());
            assert_eq!(found.as_deref(), expected, "{key}");
        }
    }

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
