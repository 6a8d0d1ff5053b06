//! The operator's view: options of the command line, each in place of the variable of its name.

use clap::ArgMatches;

use super::{EXIT_USAGE, Stop};
use crate::catalog::{Catalog, Lists, PREFIX, Statement, is_on};
use crate::engine::Engine;
use crate::operation::Api;

/// An engine's tools with the view that the operator chose; `fallback` where there is no choice.
pub(super) fn catalog(
    api: &Api,
    engine: Engine,
    options: Option<&ArgMatches>,
    fallback: &str,
) -> Result<Catalog, Stop> {
    let wrong = |line: String| Stop::new(EXIT_USAGE, line);
    let value = |option: &str| -> String {
        let given = options.and_then(|options| options.get_one::<String>(option).cloned());
        given.unwrap_or_else(|| variable(api, option))
    };
    let lists = Lists {
        toolsets: value("toolsets"),
        tools: value("tools"),
        exclude: value("exclude-tools"),
        read_only: options.is_some_and(|options| options.get_flag("read-only"))
            || is_on(&variable(api, "read-only")),
    };
    let view = value("view");
    let mut statement = Statement::parse(&view).map_err(|line| wrong(format!("--view: {line}")))?;
    statement.lists(&lists).map_err(wrong)?;
    if !statement.names_tools() {
        let fallback = Statement::parse(fallback).map_err(wrong)?;
        statement = statement.or(fallback);
    }
    let prefix = value("records-prefix");
    let prefix = [prefix.as_str(), api.records_prefix, PREFIX]
        .into_iter()
        .find(|prefix| !prefix.is_empty())
        .unwrap_or(PREFIX);
    let catalog = Catalog::new(engine, statement, prefix).map_err(wrong)?;
    let apps = variable(api, "apps");
    if apps.is_empty() || is_on(&apps) {
        return Ok(catalog);
    }
    if ["0", "off", "false", "no"].contains(&apps.to_lowercase().as_str()) {
        return Ok(catalog.without_apps());
    }
    Err(wrong(format!(
        "{}_APPS is 1 or 0: whether tools name views for hosts of MCP Apps",
        api.env_prefix
    )))
}

/// The variable for an option.
fn variable(api: &Api, option: &str) -> String {
    let name = option.replace('-', "_").to_uppercase();
    std::env::var(format!("{}_{name}", api.env_prefix)).unwrap_or_default()
}
