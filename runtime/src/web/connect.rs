//! How clients connect to this address: for each what stands in its file, or what to do, or that it cannot.

use maud::{Markup, html};

use super::page::Visit;
use crate::cli::program_name;
use crate::connect::edit::rewrite;
use crate::connect::link::link;
use crate::connect::shape::{Facts, Way, shape};
use crate::connect::system::System;
use crate::connect::table::{CLIENTS, Client};
use crate::connect::way::{remote, said_auth, steps};
use crate::connect::{Owner, connected};
use crate::operation::Api;

/// Systems, in the order of [`Client::user`].
const SYSTEMS: [(System, &str); 3] = [
    (System::Linux, "Linux"),
    (System::MacOs, "macOS"),
    (System::Windows, "Windows"),
];

/// The section.
pub(super) fn section(visit: &Visit<'_>) -> Markup {
    let api = visit.catalog.engine().api();
    html! {
        section #connect aria-labelledby="connect-title" {
            h2 #connect-title { "Connect" }
            p {
                "Where the server's program is on the same machine, its command " code { "connect CLIENT" }
                " does all of this. By hand, for this address:"
            }
            @for client in CLIENTS.iter() { (one(visit, api, client)) }
        }
    }
}

fn one(visit: &Visit<'_>, api: &'static Api, client: &Client) -> Markup {
    let way = remote(api, client, visit.url, visit.auth, &program_name(api));
    html! {
        details name="client" {
            summary { (client.title) }
            @match way {
                Err(why) => p { (why) },
                Ok(way) => (how(visit, api, client, way)),
            }
        }
    }
}

/// What makes a client know the address.
fn how(visit: &Visit<'_>, api: &'static Api, client: &Client, way: Way) -> Markup {
    let header = match &way {
        Way::Http { header, .. } => header.clone(),
        Way::Stdio { .. } => None,
    };
    let facts = Facts {
        name: api.name.to_owned(),
        way,
    };
    let text = written(visit, api, client, &facts);
    let link =
        shape(client, &facts, false).and_then(|shape| link(client, &facts, &shape, api.title));
    html! {
        @if let Some(link) = link {
            p { a href=(link) { "Add to " (client.title) } ", or by hand:" }
        }
        @if let Some(text) = text {
            @for (patterns, (system, name)) in client.user.iter().zip(SYSTEMS) {
                @for (index, path) in patterns.iter().filter_map(|one| system.shown(one)).enumerate() {
                    p.source { (name) @if index > 0 { " (or)" } ": " code { (path) } }
                }
            }
            pre tabindex="0" { (text) }
            @if let Some(header) = &header {
                p.hint { "The secret is not in it: " code { (header.variable) } " holds it, in the environment of the client or where it asks for it." }
            }
        } @else if client.steps.is_empty() {
            p { "Its file takes no address; start the program with it." }
        } @else {
            ol { @for step in steps(client, visit.url, &said_auth(visit.auth, header.as_ref())) { li { (step) } } }
        }
        @if !client.after.is_empty() { p { (client.after.replace("{name}", api.name)) } }
        p.hint { "Compared with its vendor's pages in " (client.verified) "." }
    }
}

/// What would stand in an empty file.
fn written(visit: &Visit<'_>, api: &'static Api, client: &Client, facts: &Facts) -> Option<String> {
    let shape = shape(client, facts, false)?;
    let owner = Owner {
        name: api.name.to_owned(),
        program: String::new(),
        prefix: api.env_prefix.to_owned(),
        urls: vec![visit.url.to_owned()],
    };
    let text = rewrite(client.syntax?, "", |root| {
        connected(root, client, &facts.name, &shape, &owner, true)
    });
    text.ok()
}
