//! Tokens of JSON Pointers (RFC 6901), for whoever writes or reads a place as text. [`crate::diagnostics::Pointer`] is a
//! whole one.

/// A key as a token of a pointer (RFC 6901 §3).
pub fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The key that a token of a pointer stands for. `~1` first: `~01` means the text `~1` (RFC 6901 §4).
pub fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::{escaped, unescaped};

    #[test]
    fn keys_come_back() {
        for (key, token) in [
            ("name", "name"),
            ("/leads", "~1leads"),
            ("~1", "~01"),
            ("a/b~c", "a~1b~0c"),
            ("", ""),
        ] {
            assert_eq!(escaped(key), token);
            assert_eq!(unescaped(token), key);
        }
    }
}
