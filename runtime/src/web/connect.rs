//! How clients connect to this address.

use maud::{Markup, html};

use super::page::Visit;

pub(super) fn section(_: &Visit<'_>) -> Markup {
    html! {}
}
