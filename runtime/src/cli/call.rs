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
        let wrong = || Stop::new(EXIT_USAGE, "--json takes a JSON object");
        let defects = scan(text).map_err(|_| wrong())?;
        let Ok(Value::Object(object)) = serde_json::from_str(text) else {
            return Err(wrong());
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
        let Some((name, value)) = pair.split_once('=') else {
            return Err(Stop::new(
                EXIT_USAGE,
                format!("{pair} is not of the form NAME=VALUE"),
            ));
        };
        if object.insert(name.to_owned(), Value::from(value)).is_some() {
            defects.duplicates.push(format!("/{name}"));
            defects.total += 1;
        }
    }
    Ok((object, defects))
}
