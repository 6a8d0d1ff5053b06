//! `connect CLIENT --link`: the link, and what has to be there for it to work.

use std::io::Write as _;

use super::plan::Plan;
use super::{say, wrong};
use crate::cli::Stop;
use crate::connect::link::link;
use crate::connect::table::{CLIENTS, Client};
use crate::operation::Api;

/// Prints the link; nothing is written.
pub(super) fn print(api: &Api, client: &Client, plan: &Plan) -> Result<(), Stop> {
    let found = plan
        .shape
        .as_ref()
        .and_then(|shape| link(client, &plan.facts, shape, api.title));
    let Some(found) = found else {
        return Err(wrong(refused(client, plan)));
    };
    say(&found);
    for line in needed(client, plan) {
        let _ = writeln!(std::io::stderr(), "{line}");
    }
    Ok(())
}

/// What stands beside a link: it carries no secret, so that somebody else has to have it.
fn needed(client: &Client, plan: &Plan) -> Vec<String> {
    let missing = plan.kept.iter().filter(|(file, _)| !file.is_file());
    let mut lines: Vec<String> = missing
        .map(|(file, _)| {
            format!(
                "the credential is not in {} yet, where the link says that it is: `connect {}` puts it there",
                file.display(),
                client.id
            )
        })
        .collect();
    lines.extend(plan.referred(client));
    lines
}

fn refused(client: &Client, plan: &Plan) -> String {
    let id = &client.id;
    if client.link.stdio.is_none() && client.link.http.is_none() {
        let opened = CLIENTS
            .iter()
            .filter(|client| client.link.http.is_some())
            .map(|client| client.id.as_str());
        let opened: Vec<&str> = opened.collect();
        return format!(
            "no link adds a server to {}; links are opened by {}. What works: `connect {id}`",
            client.title,
            opened.join(", ")
        );
    }
    if plan.url().is_empty() {
        return format!(
            "{}. What works: `connect {id}`, or a link to the address of a server: `connect {id} --link --url URL`",
            client.link.no_stdio
        );
    }
    format!(
        "a link to {} holds no header field, which --auth {} needs. What works: `connect {id} --url {} --auth {}`",
        client.title,
        plan.auth,
        plan.url(),
        plan.auth
    )
}
