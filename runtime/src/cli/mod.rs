//! What every generated binary offers on the command line.

mod arguments;
mod ask;
mod audit;
mod call;
#[cfg(feature = "connect")]
mod connect;
#[cfg(feature = "connect")]
mod doctor;
#[cfg(feature = "http")]
mod health;
#[cfg(feature = "http")]
mod keys;
#[cfg(feature = "connect")]
mod remote;
mod serve;
#[cfg(feature = "connect")]
mod shell;
mod signature;
mod tools;
mod view;

#[cfg(all(feature = "connect", feature = "http"))]
pub(crate) use connect::program_name;

use std::io::Write as _;
use std::process::ExitCode;

use clap::error::ErrorKind as ClapError;

use crate::audit::{Audit, Settings as AuditSettings, tools_sha256};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::extend::Extensions;
use crate::guard::Guard;
use crate::operation::Api;
use crate::upstream::{ConfigError, Settings, Upstream};

/// The command line or the configuration is wrong.
const EXIT_USAGE: u8 = 2;
/// No valid credential, or one that may not do this.
const EXIT_AUTH: u8 = 3;
/// No connection to the service, or to the address to listen on.
const EXIT_UNREACHABLE: u8 = 4;
/// The tool answered with an error.
const EXIT_TOOL: u8 = 5;

/// Runs a generated server: reads the command line and the environment, serves or calls, and gives the
/// exit code (0 fine, 2 wrong usage or configuration, 3 credential, 4 unreachable, 5 tool error).
pub fn run(api: &'static Api, extend: fn(Extensions) -> Extensions) -> ExitCode {
    let matches = match arguments::command(api).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            return match error.kind() {
                ClapError::DisplayHelp | ClapError::DisplayVersion => ExitCode::SUCCESS,
                _ => ExitCode::from(EXIT_USAGE),
            };
        }
    };
    let outcome = match matches.subcommand() {
        Some(("tools", options)) => tools::run(api, extend(Extensions::new()), options),
        Some(("audit", options)) => audit::run(api, extend(Extensions::new()), options),
        Some(("call", options)) => call::run(api, extend(Extensions::new()), options),
        #[cfg(feature = "connect")]
        Some(("connect", options)) => connect::run(api, options),
        #[cfg(feature = "connect")]
        Some(("doctor", options)) => doctor::run(api, extend(Extensions::new()), options),
        #[cfg(feature = "connect")]
        Some(("disconnect", options)) => connect::undo(api, options),
        #[cfg(feature = "connect")]
        Some(("completions", options)) => {
            shell::completions(api, extend(Extensions::new()), options)
        }
        #[cfg(feature = "connect")]
        Some(("man", options)) => shell::man(api, options),
        #[cfg(feature = "http")]
        Some(("keys", options)) => keys::run(api, extend(Extensions::new()), options),
        #[cfg(feature = "http")]
        Some(("health", options)) => health::run(options),
        #[cfg(feature = "http")]
        Some(("http", options)) => serve::http(api, extend(Extensions::new()), options),
        Some((_, options)) => serve::stdio(api, extend(Extensions::new()), Some(options)),
        None => serve::stdio(api, extend(Extensions::new()), None),
    };
    outcome.unwrap_or_else(|failure| {
        complain(&failure.line);
        ExitCode::from(failure.code)
    })
}

#[cfg(all(test, feature = "connect"))]
pub(crate) use arguments::environment as environment_help;

/// Why a command ends: one line for the person, and the exit code.
struct Stop {
    line: String,
    code: u8,
}

impl Stop {
    fn new(code: u8, line: impl Into<String>) -> Self {
        Self {
            line: line.into(),
            code,
        }
    }
}

impl From<ConfigError> for Stop {
    fn from(error: ConfigError) -> Self {
        Self::new(EXIT_USAGE, error.0)
    }
}

fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "error: {line}");
}

/// A variable of the environment.
fn environment(name: &str) -> Option<String> {
    Some(std::env::var_os(name)?.to_string_lossy().into_owned())
}

/// The guard that the environment configures.
fn guard(api: &Api) -> Result<Guard, ConfigError> {
    Guard::read(api.env_prefix, &environment, Clock::SYSTEM)
}

fn warn(line: &str) {
    let _ = writeln!(std::io::stderr(), "warning: {}", crate::text::clean(line));
}

/// An engine with the way to the service, as the environment configures it.
fn engine(api: &'static Api, extensions: Extensions) -> Result<Engine, Stop> {
    let settings = Settings::from_env(api)?;
    settings.check_credentials(api)?;
    engine_with(api, extensions, settings)
}

/// The same for callers who bring their own credentials along: there must be none here, so that nobody acts
/// as another.
#[cfg(feature = "http")]
fn engine_without_credentials(
    api: &'static Api,
    extensions: Extensions,
    why: &str,
) -> Result<Engine, Stop> {
    let settings = Settings::from_env(api)?;
    if !settings.credentials.is_empty() {
        let line = format!(
            "a credential of {} is configured, and {why}; unset the variables of its credential",
            api.title
        );
        return Err(Stop::new(EXIT_USAGE, line));
    }
    engine_with(api, extensions, settings)
}

fn engine_with(
    api: &'static Api,
    extensions: Extensions,
    settings: Settings,
) -> Result<Engine, Stop> {
    for name in settings.credentials.unlike_tokens(api) {
        // The value may be right and the pattern old: the service has the last word.
        warn(&format!(
            "{name} does not look like a key of {}, which matches {}; compare it if the service refuses it",
            api.title, api.token_pattern
        ));
    }
    let guard = guard(api)?;
    let upstream = Upstream::new(settings, api.name, api.version).sharing(guard.state());
    let audit = AuditSettings::read(api.env_prefix, &environment)?;
    let audit = Audit::open(api, audit, Clock::SYSTEM)?;
    tracing::info!(
        tools = api.operations.len(),
        sha256 = tools_sha256(api),
        document = api.document_sha256,
        "{} {}",
        api.name,
        api.version
    );
    let engine = Engine::guarded(api, extensions, Some(upstream), guard, Clock::SYSTEM);
    Ok(engine.audited(audit))
}
