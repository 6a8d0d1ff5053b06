//! The tools, by toolset, with what they do to records and what they cost a model to carry.

use maud::{Markup, html};

use super::page::Visit;
use crate::catalog::{Catalog, Form, Selection};
use crate::engine::Entry;
use crate::operation::Risk;
use crate::text::{cap, clean};

/// Bytes of HTML that all tools may take, about.
const ROOM: usize = 90_000;
/// Bytes that a tool takes without its description, about.
const FRAME: usize = 190;
/// Most characters of a description.
const MOST: usize = 220;

/// The section.
pub(super) fn section(visit: &Visit<'_>) -> Markup {
    let Some(selection) = visit.selection else {
        return html! {
            section #tools aria-labelledby="tools-title" {
                h2 #tools-title { "Tools" }
                p { "This server shows its tools to callers that it knows. Give a credential under " a href="#try" { "Try it" } ", or connect your client." }
                div #listed {}
            }
        };
    };
    let catalog = visit.catalog;
    let entries = catalog.engine().entries();
    let (shown, tokens) = carried(catalog, selection);
    let found = &selection.found;
    let words = (ROOM / found.len().max(1)).saturating_sub(FRAME).min(MOST);
    let toolsets = catalog.toolsets().iter().filter_map(|toolset| {
        let tools = toolset.tools.iter().filter(|place| found.contains(place));
        let tools: Vec<usize> = tools.copied().collect();
        (!tools.is_empty()).then_some((toolset, tools))
    });
    html! {
        section #tools aria-labelledby="tools-title" {
            h2 #tools-title { "Tools" }
            p {
                "A client at this URL gets a list of " strong { (shown) " tools" } ", about "
                strong { (thousands(tokens)) } " tokens. "
                @if found.len() > shown { "All " (found.len()) " can be found and called from it." }
            }
            (views(visit))
            div #filter hidden {}
            @for (toolset, tools) in toolsets {
                details.toolset data-slug=(toolset.slug) {
                    summary {
                        span.name { (cap(&toolset.title, 80)) } " "
                        span.count { (tools.len()) " · " (thousands(cost(catalog, &tools))) " tokens" }
                    }
                    ul {
                        @for (place, entry) in tools.iter().filter_map(|place| Some((*place, entries.get(*place)?))) {
                            (tool(catalog, place, entry, words))
                        }
                    }
                }
            }
        }
    }
}

/// How many tools a client at the URL is given, and about how many tokens they are.
fn carried(catalog: &Catalog, selection: &Selection) -> (usize, usize) {
    let own = catalog.own_tools(selection);
    let tokens = own.iter().map(|tool| {
        let schema = serde_json::to_string(&tool.input_schema).map_or(0, |text| text.len());
        (tool.name.len() + tool.description.len() + schema).div_ceil(4)
    });
    let (own, tokens) = (own.len(), tokens.sum::<usize>());
    match selection.form {
        Form::Tools => (
            own + selection.tools.len(),
            tokens + cost(catalog, &selection.tools),
        ),
        Form::Lean | Form::Records => (own, tokens),
    }
}

/// One tool.
fn tool(catalog: &Catalog, place: usize, entry: &Entry, words: usize) -> Markup {
    let description = clean(entry.description());
    let line: Vec<&str> = description.split_whitespace().collect();
    let line = line.join(" ");
    let class = entry.risk().as_str();
    html! {
        li.tool data-risk=(class) {
            code { (entry.name()) } " "
            span class={ "badge " (class) } { (said(entry.risk())) } " "
            span.count { (catalog.tokens(place)) " tokens" }
            @if words > 20 { p { (cap(&line, words)) } }
        }
    }
}

/// What a tool does, as people say it.
const fn said(risk: Risk) -> &'static str {
    match risk {
        Risk::Read => "reads",
        Risk::Write => "writes",
        Risk::Destructive => "destroys",
        Risk::Outward => "reaches people",
    }
}

/// The URLs of views.
fn views(visit: &Visit<'_>) -> Markup {
    let rows = [
        (
            "",
            "the default: everything while it is small, otherwise the core",
        ),
        ("/all", "every tool"),
        ("/readonly", "what reads; nothing can be written through it"),
        ("/lean", "five tools that find and run all others"),
        ("/records", "eight tools over records"),
    ];
    html! {
        details {
            summary { "Views: other URLs of this server that list less" }
            table {
                thead { tr { th scope="col" { "URL" } th scope="col" { "Lists" } } }
                tbody {
                    @for (path, what) in rows { tr { td { code { (visit.endpoint) (path) } } td { (what) } } }
                    tr { td { code { (visit.endpoint) "/x/" em { "toolset,toolset" } } } td { "the tools of some topics" } }
                }
            }
        }
    }
}

fn cost(catalog: &Catalog, places: &[usize]) -> usize {
    places.iter().map(|place| catalog.tokens(*place)).sum()
}

/// A number with its thousands apart.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(super::thousands(number), text);
        }
    }
}
