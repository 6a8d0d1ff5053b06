//! What an operation sends without being asked, where it sends it, and what its results do not show.

use std::collections::BTreeMap;

use super::{Level, Subject, named};
use crate::ir::{Api, Operation, Parameter, Server};

/// What became of it.
pub(super) fn changed(
    (old_api, old): (&Api, &Operation),
    (new_api, new): (&Api, &Operation),
) -> Vec<(Level, Subject, String)> {
    let mut found = Vec::new();
    let (before, after) = (server(old_api, old), server(new_api, new));
    let variable = |api: &Api, server: Option<&Server>| {
        server.map(|server| bare(api, &server.variable).to_owned())
    };
    if variable(old_api, before) != variable(new_api, after) {
        let says = format!(
            "is sent to {} now, before to {}",
            place(after),
            place(before)
        );
        found.push((Level::Breaking, Subject::Server, says));
    } else if let (Some(before), Some(after)) = (before, after)
        && before.urls.first() != after.urls.first()
    {
        let url = |server: &Server| {
            server
                .urls
                .first()
                .map_or_else(|| "none".to_owned(), |url| named(url))
        };
        let says = format!("has the address {} now, before {}", url(after), url(before));
        found.push((Level::Risk, Subject::Server, says));
    }
    let (before, after) = (constants(old), constants(new));
    for (key @ (location, name), value) in &after {
        let what = format!("the {location} {}", named(name));
        match before.get(key) {
            None => {
                let says = format!("always sends {what} as {}", named(value));
                found.push((Level::Risk, Subject::Arguments, says));
            }
            Some(had) if had != value => {
                let says = format!(
                    "sends {what} as {} now, before {}",
                    named(value),
                    named(had)
                );
                found.push((Level::Risk, Subject::Arguments, says));
            }
            Some(_) => {}
        }
    }
    for (location, name) in before.keys().filter(|key| !after.contains_key(*key)) {
        let says = format!("no longer always sends the {location} {}", named(name));
        found.push((Level::Risk, Subject::Arguments, says));
    }
    for (had, has, what) in [
        (
            &old.settled.redact,
            &new.settled.redact,
            ("results show", "results no longer show"),
        ),
        (
            &old.settled.concealed,
            &new.settled.concealed,
            ("results may repeat", "results no longer repeat"),
        ),
    ] {
        for place in had.iter().filter(|place| !has.contains(*place)) {
            let says = format!("{} {} now", what.0, named(place));
            found.push((Level::Risk, Subject::Results, says));
        }
        for place in has.iter().filter(|place| !had.contains(*place)) {
            let says = format!("{} {}", what.1, named(place));
            found.push((Level::Compatible, Subject::Results, says));
        }
    }
    found
}

fn server<'a>(api: &'a Api, operation: &Operation) -> Option<&'a Server> {
    operation
        .server
        .and_then(|index| api.own_servers.get(index))
}

/// A variable without what it shares with all of the server.
fn bare<'v>(api: &Api, variable: &'v str) -> &'v str {
    variable.strip_prefix(&api.env_prefix).unwrap_or(variable)
}

fn place(server: Option<&Server>) -> String {
    match server {
        Some(server) => format!("the server of {}", named(&server.variable)),
        None => "the server of all".to_owned(),
    }
}

/// Values that are always sent, by location and name.
fn constants(operation: &Operation) -> BTreeMap<(&'static str, &str), String> {
    let constant = |parameter: &'_ Parameter| parameter.constant.clone();
    let mut all = BTreeMap::new();
    for parameter in &operation.parameters {
        if let Some(value) = constant(parameter) {
            all.insert((parameter.location, parameter.name.as_str()), value);
        }
    }
    for (name, value) in &operation.settled.fixed {
        all.insert(("argument", name.as_str()), value.to_string());
    }
    all
}
