//! `call`: one tool call through the same path as MCP's.

use std::io::Write as _;
use std::process::ExitCode;

use clap::ArgMatches;

use super::{EXIT_AUTH, EXIT_TOOL, EXIT_UNREACHABLE, EXIT_USAGE, Stop, ask, engine, serve, view};
use crate::extend::Extensions;
use crate::json::scan::{Defects, scan};
use crate::json::{Object, Value};
use crate::operation::Api;
use crate::result::ErrorKind;
use crate::text::clean;

pub(super) fn run(
    api: &'static Api,
    extensions: Extensions,
    options: &ArgMatches,
) -> Result<ExitCode, Stop> {
    let (arguments, defects) = read(options)?;
    #[cfg(feature = "connect")]
    if let Some(url) = options.get_one::<String>("url") {
        return super::remote::call(api, url, arguments, options);
    }
    let engine = engine(api, extensions)?;
    let catalog = view::catalog(api, engine, Some(options), "")?;
    let wrong = |line: String| Stop::new(EXIT_USAGE, line);
    let selection = catalog.select(catalog.base()).map_err(wrong)?;
    let name = options
        .get_one::<String>("tool")
        .map(String::as_str)
        .unwrap_or_default();
    let target = catalog
        .target(&selection, name)
        .ok_or_else(|| wrong(catalog.no_target(&selection, name)))?;
    serve::log(api, "warn");
    let runtime = serve::runtime(false)?;
    let caller = ask::caller(options.get_flag("yes"));
    let result = runtime.block_on(catalog.call(&selection, &target, arguments, &defects, &caller));
    catalog.engine().audit().close();
    let _ = writeln!(std::io::stdout(), "{}", result.to_text());
    Ok(match result.error {
        None => ExitCode::SUCCESS,
        Some(ErrorKind::Auth | ErrorKind::Permission) => ExitCode::from(EXIT_AUTH),
        Some(ErrorKind::Unreachable) => ExitCode::from(EXIT_UNREACHABLE),
        Some(_) => ExitCode::from(EXIT_TOOL),
    })
}

/// Values are texts; the check of arguments reads numbers, arrays and the like out of them where the
/// schema asks for those.
fn read(options: &ArgMatches) -> Result<(Object, Defects), Stop> {
    if let Some(text) = options.get_one::<String>("json") {
        let wrong = |what: &str| {
            let message =
                format!("--json takes a JSON object, as in --json '{{\"id\": 1}}'; this is {what}");
            Stop::new(EXIT_USAGE, message)
        };
        let value = serde_json::from_str(text).map_err(|error| {
            // Shells take the quotes away, and the message has to say where that shows.
            wrong(&format!(
                "no JSON from line {}, column {}",
                error.line(),
                error.column()
            ))
        })?;
        let defects = scan(text).map_err(|_| wrong("no JSON"))?;
        let Value::Object(object) = value else {
            return Err(wrong(match value {
                Value::Array(_) => "an array",
                _ => "a single value",
            }));
        };
        return Ok((object, defects));
    }
    let mut object = Object::new();
    let mut defects = Defects::default();
    for pair in options
        .get_many::<String>("arguments")
        .into_iter()
        .flatten()
    {
        // No name begins so, also where a `=` stands in a value of it.
        if pair.trim_start().starts_with('{') {
            let tool = options
                .get_one::<String>("tool")
                .map_or("TOOL", |tool| tool);
            let message = format!(
                "arguments as one JSON object stand behind --json: `call {} --json '{{…}}'`",
                clean(tool)
            );
            return Err(Stop::new(EXIT_USAGE, message));
        }
        let Some((name, value)) = pair.split_once('=') else {
            let message = format!(
                "{} is not of the form NAME=VALUE; all arguments as one JSON object stand behind --json",
                clean(pair)
            );
            return Err(Stop::new(EXIT_USAGE, message));
        };
        if object.insert(name.to_owned(), Value::from(value)).is_some() {
            defects.duplicates.push(format!("/{name}"));
            defects.total += 1;
        }
    }
    Ok((object, defects))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::operation::Api;

    /// What is said of a call that is written so.
    fn said(words: &[&str]) -> String {
        let api: &'static Api = Box::leak(Box::new(Api::DEFAULT));
        let command = super::super::arguments::command(api);
        let all = ["t", "call", "get_lead"].iter().chain(words);
        let matches = command.try_get_matches_from(all).unwrap_or_default();
        let options = matches.subcommand_matches("call");
        match options.map(read) {
            Some(Ok((object, _))) => crate::json::Value::Object(object).to_string(),
            Some(Err(stop)) => stop.line,
            None => "no call".to_owned(),
        }
    }

    #[test]
    fn arguments_are_pairs_or_one_object_and_what_is_neither_says_how() {
        const HOW: &str = "stand behind --json: `call get_lead --json '{…}'`";
        for (words, expected) in [
            (&["id=1", "q=a=b"][..], r#"{"id":"1","q":"a=b"}"#),
            (&["--json", r#"{"id":1}"#], r#"{"id":1}"#),
            (&[r#"{"id":1}"#], HOW),
            (&[r#" {"q":"a=b"}"#], HOW),
            (
                &["7"],
                "7 is not of the form NAME=VALUE; all arguments as one",
            ),
            (&["--json", "[1]"], "this is an array"),
            (
                &["--json", "{id: 1}"],
                "this is no JSON from line 1, column 2",
            ),
        ] {
            let said = said(words);
            assert!(said.contains(expected), "{words:?}: {said}");
        }
    }
}
