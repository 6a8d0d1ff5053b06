//! The page as a whole.

use maud::{DOCTYPE, Markup, html};

use super::assets::PAGE;
#[cfg(feature = "connect")]
use super::connect;
use super::tools;
use crate::catalog::{Catalog, Prompt, Selection};
use crate::json::{Object, Value};
use crate::operation::Api;
use crate::text::{cap, clean};

/// Prompts that are shown to begin with.
const PROMPTS: usize = 5;

/// What the page is made for.
#[derive(Debug)]
pub(crate) struct Visit<'a> {
    /// What there is.
    pub(crate) catalog: &'a Catalog,
    /// What the URL shows of it; none for strangers where callers are identified.
    pub(crate) selection: Option<&'a Selection>,
    /// The URL of this view, as clients reach it.
    pub(crate) url: &'a str,
    /// The URL of the endpoint, to which paths of views are added.
    pub(crate) endpoint: &'a str,
    /// Whether the operator says that URL.
    pub(crate) said: bool,
    /// How callers are identified: `none`, `keys`, `passthrough` or `oauth`.
    pub(crate) auth: &'static str,
    /// Whether `/openapi.json` is there.
    pub(crate) document: bool,
}

/// The page.
pub(crate) fn page(visit: &Visit<'_>) -> String {
    let api = visit.catalog.engine().api();
    let title = clean(api.title);
    let about = clean(api.instructions);
    let (field, before) = bringing(api, visit.auth);
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · MCP server" }
                (PAGE.styles())
            }
            body data-endpoint=(visit.endpoint) data-said=(visit.said) data-url=(visit.url) data-auth=(visit.auth) data-field=(field) data-before=(before) {
                a.skip href="#main" { "Skip to content" }
                header {
                    p.kind { "MCP server" }
                    h1 { (title) }
                    @if !about.is_empty() { p.about { (cap(&about, 300)) } }
                    p.address { code #url { (visit.url) } }
                    p #status role="status" {}
                    (prompts(visit))
                    nav aria-label="On this page" {
                        a href="#connect" { "Connect" } " "
                        a href="#tools" { "Tools" } " "
                        a href="#try" { "Try it" } " "
                        a href="#about" { "About" }
                    }
                }
                main #main {
                    (connecting(visit))
                    (tools::section(visit))
                    (attempt(visit))
                }
                (footer(visit))
                (PAGE.scripts())
            }
        }
    };
    markup.into_string()
}

/// How clients connect.
#[cfg(feature = "connect")]
fn connecting(visit: &Visit<'_>) -> Markup {
    connect::section(visit)
}

/// Without the table of clients, the address is all.
#[cfg(not(feature = "connect"))]
fn connecting(visit: &Visit<'_>) -> Markup {
    html! {
        section #connect aria-labelledby="connect-title" {
            h2 #connect-title { "Connect" }
            p { "Give your client this address, as one of a Streamable HTTP server: " code { (visit.url) } }
        }
    }
}

/// What to say to begin with.
fn prompts(visit: &Visit<'_>) -> Markup {
    let Some(selection) = visit.selection else {
        return html! {};
    };
    let prompts = visit.catalog.prompts(selection);
    // The first says how to work with the tools.
    let work = prompts.iter().skip(1);
    let asked: Vec<(&str, String)> = work
        .map(|prompt| (prompt.title.as_str(), request(visit, selection, prompt)))
        .take(PROMPTS)
        .collect();
    html! {
        @if !asked.is_empty() {
            h2.small #prompts { "Ask your assistant" }
            ul.chips aria-labelledby="prompts" {
                @for (title, request) in asked { li data-copy=(request) title=(request) { (title) } }
            }
        }
    }
}

/// What a person sends for a prompt: the sentence that its text begins with, and what is to be filled in there in
/// brackets. The steps below it are for clients that offer prompts.
fn request(visit: &Visit<'_>, selection: &Selection, prompt: &Prompt) -> String {
    let needed = prompt.arguments.iter().filter(|argument| argument.required);
    let values: Object = needed
        .map(|argument| {
            let about = clean(&argument.description);
            let about = about.split(": ").next().unwrap_or_default();
            let about = about.trim_end_matches('.');
            let what = if about.is_empty() {
                &argument.name
            } else {
                about
            };
            let value = Value::from(format!("[{}]", cap(what, 80)));
            (argument.name.clone(), value)
        })
        .collect();
    let text = visit.catalog.prompt(selection, &prompt.name, &values);
    let text = text.map_or_else(|_| prompt.title.clone(), |(_, text)| text);
    text.split("\n\n")
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// The place of the form, which the script makes.
fn attempt(visit: &Visit<'_>) -> Markup {
    html! {
        section #try aria-labelledby="try-title" {
            h2 #try-title { "Try it" }
            noscript {
                p { "The form needs JavaScript. From a shell, " code { "call TOOL name=value" } " of the server's program does the same." }
            }
            div #workbench hidden {
                @if visit.auth != "none" {
                    p.field {
                        label for="credential" { (credential(visit.auth)) }
                        input #credential type="password" autocomplete="off" spellcheck="false";
                        span.hint { "Stays in this page; it is sent to this server only." }
                    }
                }
                p.field {
                    label for="tool" { "Tool" }
                    input #tool list="names" autocomplete="off" spellcheck="false";
                    datalist #names {}
                }
                form #arguments {}
                p.actions {
                    button #preview type="button" hidden { "Preview, send nothing" }
                    " "
                    button #call type="button" disabled { "Call" }
                }
                p #said role="status" {}
                div #results hidden {
                    div role="tablist" aria-label="Result" {
                        button #tab-text role="tab" type="button" aria-controls="panel-text" aria-selected="true" { "What the model sees" }
                        button #tab-data role="tab" type="button" aria-controls="panel-data" aria-selected="false" tabindex="-1" { "Structured" }
                        button #tab-raw role="tab" type="button" aria-controls="panel-raw" aria-selected="false" tabindex="-1" { "Message" }
                    }
                    div #panel-text role="tabpanel" aria-labelledby="tab-text" tabindex="0" { pre {} }
                    div #panel-data role="tabpanel" aria-labelledby="tab-data" tabindex="0" hidden { pre {} }
                    div #panel-raw role="tabpanel" aria-labelledby="tab-raw" tabindex="0" hidden { pre {} }
                }
            }
        }
    }
}

/// The header field that lets a caller in, and what stands before the credential in it.
#[cfg(feature = "connect")]
fn bringing(api: &'static Api, auth: &str) -> (String, &'static str) {
    let header = crate::connect::way::header(api, auth).ok().flatten();
    header.map_or_else(by_token, |header| (header.name, header.before))
}

#[cfg(not(feature = "connect"))]
fn bringing(_: &'static Api, _: &str) -> (String, &'static str) {
    by_token()
}

fn by_token() -> (String, &'static str) {
    ("Authorization".to_owned(), "Bearer ")
}

/// What a caller shows, in words.
fn credential(auth: &str) -> &'static str {
    match auth {
        "keys" => "Key for this server",
        "oauth" => "Access token for this server",
        _ => "Your own API key or token",
    }
}

fn footer(visit: &Visit<'_>) -> Markup {
    let api = visit.catalog.engine().api();
    let digest = api.document_sha256.get(..12).unwrap_or_default();
    let covered = api.document_operations.saturating_sub(api.exclusions.len());
    html! {
        footer #about aria-labelledby="about-title" {
            h2 #about-title { "About" }
            dl {
                dt { "Document" }
                dd { (clean(api.title)) " " (clean(api.version)) @if !digest.is_empty() { ", SHA-256 " code { (digest) "…" } } }
                @if visit.selection.is_some() {
                    dt { "Coverage" }
                    dd { (covered) " of " (api.document_operations) " operations are tools" }
                }
                dt { "Made by" }
                dd { "mcpwright " (api.generator) ", from the OpenAPI document" }
                @if visit.document {
                    dt { "OpenAPI document" }
                    dd { a href="/openapi.json" { "/openapi.json" } }
                }
            }
        }
    }
}
