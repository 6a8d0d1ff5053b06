//! How a call is confirmed before anything is sent.

/// Ways to confirm a call, in rising order of care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confirm {
    /// Not at all.
    Off,
    /// By an argument `confirm: true`, which a model can give by itself.
    Arg,
    /// By asking the person where the client can, else by a token.
    Auto,
    /// By a second call with the token that the first one gave.
    Token,
    /// By asking the person; clients that cannot ask cannot call it.
    Elicit,
    /// Never: the tool is listed and refuses.
    Deny,
}

impl Confirm {
    /// All names, in that order.
    pub const NAMES: [&'static str; 6] = ["off", "arg", "auto", "token", "elicit", "deny"];

    /// The one of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "off" => Self::Off,
            "arg" => Self::Arg,
            "auto" => Self::Auto,
            "token" => Self::Token,
            "elicit" => Self::Elicit,
            "deny" => Self::Deny,
            _ => return None,
        })
    }
}
