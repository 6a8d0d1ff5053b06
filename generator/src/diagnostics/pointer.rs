//! JSON Pointers (RFC 6901): the place of a node in a document.

use std::borrow::Cow;
use std::fmt;

use crate::text::pointer::unescaped;

/// A JSON Pointer (RFC 6901) into a document, for example `/paths/~1leads/get`.
///
/// The default is the root. `Display` writes the URI fragment form (RFC 6901 §6) without percent
/// encoding, as documents use it in `$ref`: `#/paths/~1leads/get`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document: the empty pointer.
    #[must_use]
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Reads a pointer in its string form: empty, or `/token/token…` with `~0` and `~1` escapes.
    ///
    /// Returns `None` for a text that does not start with `/` and is not empty.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// The member `token` of this node. The token is the plain key; escapes are added here.
    #[must_use]
    pub fn child(&self, token: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + token.len() + 2);
        text.push_str(&self.0);
        push_token(&mut text, token);
        Self(text)
    }

    /// The array element `index` (from 0) of this node.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The node that holds this one; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/')?;
        Some(Self(parent.to_owned()))
    }

    /// The string form without `#`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The plain (unescaped) tokens from the root down.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(|token| {
            if token.contains('~') {
                Cow::Owned(unescaped(token))
            } else {
                Cow::Borrowed(token)
            }
        })
    }
}

/// Appends `/` and the escaped token.
fn push_token(text: &mut String, token: &str) {
    text.push('/');
    for character in token.chars() {
        match character {
            '~' => text.push_str("~0"),
            '/' => text.push_str("~1"),
            other => text.push(other),
        }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_escaped_and_come_back() {
        for token in ["", "get", "/leads/{id}", "~", "~1", "a~0b", "a/b~c"] {
            let pointer = Pointer::root().child("paths").child(token).index(3);
            let tokens: Vec<_> = pointer.tokens().map(Cow::into_owned).collect();
            assert_eq!(tokens, ["paths", token, "3"]);
            assert_eq!(
                pointer.parent().unwrap().parent().unwrap().as_str(),
                "/paths"
            );
        }
    }

    #[test]
    fn the_root_is_empty() {
        assert_eq!(Pointer::root().to_string(), "#");
        assert_eq!(Pointer::default().tokens().count(), 0);
        assert_eq!(Pointer::root().parent(), None);
        assert_eq!(
            Pointer::root().child("paths").child("/x").to_string(),
            "#/paths/~1x"
        );
        assert_eq!(Pointer::parse("paths"), None);
    }
}
