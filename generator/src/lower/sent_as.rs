//! Names on the wire of which the names of arguments keep too little to choose by.

use super::arguments::Argument;
use crate::names::says_more;
use crate::text;

/// Longest name that is shown.
const SHOWN: usize = 120;

impl Argument<'_> {
    /// Says after the description what the argument is called on the wire, if its own name leaves out more
    /// than separators: `StartTime<` and `StartTime>` are told apart by nothing else. `location` is that of a
    /// parameter; the name of one in the path is its placeholder, and a query string has none.
    pub(super) fn sent_as(mut self, wire: &str, location: &str) -> Self {
        if location == "querystring" || !says_more(&text::visible(wire)) {
            return self;
        }
        // It stands between backticks.
        let shown = text::line(wire, SHOWN).replace('`', "'");
        let told = match location {
            "path" => format!("Sent in place of `{{{shown}}}`."),
            _ => format!("Sent as `{shown}`."),
        };
        self.kind = Some(match self.kind.take() {
            Some(kind) => format!("{kind} {told}"),
            None => told,
        });
        self
    }
}
