//! `keys`: who may call over HTTP.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};
use secrecy::{ExposeSecret as _, SecretString};

use super::{EXIT_UNREACHABLE, EXIT_USAGE, Stop, environment, view};
use crate::access::{self, Key, MOST_DAYS, Order, Peppers};
use crate::clock::{Clock, date};
use crate::engine::Engine;
use crate::extend::Extensions;
use crate::json::Value;
use crate::operation::Api;
use crate::state;
use crate::text::clean;

pub(super) fn command() -> Command {
    let id = || {
        Arg::new("id")
            .value_name("ID")
            .required(true)
            .help("Its id, as `keys list` shows it")
    };
    Command::new("keys")
        .about("Keys of callers over HTTP (http --auth keys), in the file that <PREFIX>_KEYS names")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(
            Command::new("create")
                .about("Make a key; it is shown this once")
                .arg(
                    Arg::new("name")
                        .long("name")
                        .value_name("NAME")
                        .required(true)
                        .help("Whose it is, and for what"),
                )
                .arg(
                    Arg::new("scope")
                        .long("scope")
                        .value_name("TOOLSET:CLASS")
                        .required(true)
                        .action(ArgAction::Append)
                        .help("What it may do: leads:read, '*:write'; classes are read, write, destructive, outward and *; repeatable"),
                )
                .arg(
                    Arg::new("days")
                        .long("days")
                        .value_name("N")
                        .value_parser(clap::value_parser!(u64).range(1..=MOST_DAYS))
                        .help("Ends after so many days (never)"),
                )
                .arg(
                    Arg::new("rate")
                        .long("rate")
                        .value_name("RATE")
                        .help("Requests that are taken of it, as 60/min, 5/s or 1000/h (<PREFIX>_CALLER_RATE)"),
                ),
        )
        .subcommand(
            Command::new("list").about("List the keys").arg(
                Arg::new("json")
                    .long("json")
                    .action(ArgAction::SetTrue)
                    .help("As JSON"),
            ),
        )
        .subcommand(
            Command::new("revoke")
                .about("End a key: its next request is refused")
                .arg(id()),
        )
        .subcommand(
            Command::new("rotate")
                .about("Make a key with the same name and scopes, and end the old one")
                .arg(id()),
        )
}

pub(super) fn run(
    api: &'static Api,
    extensions: Extensions,
    options: &ArgMatches,
) -> Result<ExitCode, Stop> {
    let wrong = |line: String| Stop::new(EXIT_USAGE, line);
    let path = path(api)?;
    let now = Clock::SYSTEM.seconds();
    let peppers = || Peppers::read(api.env_prefix, &environment);
    let option = |options: &ArgMatches, name: &str| {
        let value = options.get_one::<String>(name).cloned();
        value.unwrap_or_default()
    };
    let text = match options.subcommand() {
        Some(("create", options)) => {
            let engine = Engine::new(api, extensions, None, Clock::SYSTEM);
            let catalog = view::catalog(api, engine, None, "all")?;
            let scopes = options.get_many::<String>("scope").into_iter().flatten();
            let order = Order {
                name: option(options, "name"),
                scopes: scopes.cloned().collect(),
                days: options.get_one::<u64>("days").copied(),
                rate: options.get_one::<String>("rate").cloned(),
            };
            let wanted = order.checked(&catalog.slugs(), now).map_err(wrong)?;
            let made = access::create(&path, api.name, &peppers()?, wanted, now);
            shown(made.map_err(wrong)?)
        }
        Some(("rotate", options)) => {
            let id = option(options, "id");
            let made = access::rotate(&path, api.name, &peppers()?, &id, now);
            let made = shown(made.map_err(wrong)?);
            // The new key is shown whatever comes of it.
            let _ = writeln!(std::io::stdout(), "{made}");
            tell(api, &id)?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(("revoke", options)) => {
            let key = access::revoke(&path, &option(options, "id"), now).map_err(wrong)?;
            tell(api, &key.id)?;
            format!("{} ({}) is revoked", key.id, key.name)
        }
        Some((_, options)) => {
            let keys = access::list(&path).map_err(wrong)?;
            if options.get_flag("json") {
                let keys = keys.iter().map(|(key, used)| access::told(key, *used));
                let keys: Vec<Value> = keys.collect();
                serde_json::to_string_pretty(&keys).unwrap_or_default()
            } else {
                as_table(&keys, now)
            }
        }
        None => return Err(wrong("create, list, revoke or rotate?".to_owned())),
    };
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(ExitCode::SUCCESS)
}

/// Tells replicas that share a store that a key has ended: each may have a copy of the file.
fn tell(api: &Api, id: &str) -> Result<(), Stop> {
    let name = format!("{}_STATE_URL", api.env_prefix);
    let is_set = |name: &str| environment(name).is_some_and(|text| !text.trim().is_empty());
    if !is_set(&name) && !is_set(&format!("{name}_FILE")) {
        return Ok(());
    }
    let told = match state::configured(api.env_prefix, &environment) {
        Ok(state) => {
            let runtime = super::serve::runtime(false)?;
            let told = runtime.block_on(access::tell_revoked(&*state, id));
            told.map_err(|error| error.to_string())
        }
        Err(error) => Err(error.0),
    };
    told.map_err(|why| {
        Stop::new(
            EXIT_UNREACHABLE,
            format!("{id} is revoked in the file, and replicas with another file were not told: {why}; `keys revoke {id}` tells them"),
        )
    })
}

/// The file of keys.
pub(super) fn path(api: &Api) -> Result<PathBuf, Stop> {
    let name = format!("{}_KEYS", api.env_prefix);
    let path = environment(&name).filter(|path| !path.trim().is_empty());
    let path = path.map(PathBuf::from);
    path.filter(|path| path.file_name().is_some())
        .ok_or_else(|| {
            Stop::new(
                EXIT_USAGE,
                format!("{name} is not set: it names the file of keys"),
            )
        })
}

/// The key alone on standard output, so that a script can take it; what to know on standard error.
fn shown((key, secret): (Key, SecretString)) -> String {
    let scopes: Vec<String> = key.scopes.iter().map(ToString::to_string).collect();
    let until = key.expires.map_or_else(
        || "it does not expire".to_owned(),
        |expires| format!("it expires on {}", date(expires)),
    );
    let _ = writeln!(
        std::io::stderr(),
        "key {} ({}; {}); {until}. It is shown this once:",
        key.id,
        key.name,
        scopes.join(", ")
    );
    secret.expose_secret().to_owned()
}

fn as_table(keys: &[(Key, Option<u64>)], now: u64) -> String {
    let day = |time: Option<u64>| time.map_or_else(|| "-".to_owned(), date);
    let lines = keys.iter().map(|(key, used)| {
        let scopes: Vec<String> = key.scopes.iter().map(ToString::to_string).collect();
        let state = key.ended(now).unwrap_or("holds");
        format!(
            "{}  {state:7}  made {}  expires {:10}  last used {:10}  rate {:8}  {}  {}",
            key.id,
            date(key.created),
            day(key.expires),
            day(*used),
            key.rate.as_deref().unwrap_or("-"),
            scopes.join(","),
            clean(&key.name)
        )
    });
    let mut lines: Vec<String> = lines.collect();
    lines.push(format!("{} keys", keys.len()));
    lines.join("\n")
}
