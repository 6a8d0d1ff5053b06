//! `doctor`: what is wrong with this server, its service and its clients, and the command that mends it.

mod clients;
mod names;
mod secrets;
mod service;
mod variables;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::connect::program_name;
use super::{EXIT_AUTH, EXIT_UNREACHABLE, EXIT_USAGE, Stop, environment, serve};
use crate::extend::Extensions;
use crate::json::{Value, json};
use crate::mcp::{Era, Remote};
use crate::operation::Api;
use crate::upstream::Settings;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// All is well.
    Well,
    /// It works, and could be better.
    Warning,
    /// It does not work.
    Fault,
}

/// What a check found.
#[derive(Debug)]
struct Finding {
    /// What was looked at, one word.
    check: &'static str,
    grade: Grade,
    /// One line.
    says: String,
    /// The command, or the thing to do, that mends it.
    mend: String,
    /// Exit code of a fault.
    code: u8,
}

impl Finding {
    fn well(check: &'static str, says: impl Into<String>) -> Self {
        Self {
            check,
            grade: Grade::Well,
            says: says.into(),
            mend: String::new(),
            code: 0,
        }
    }

    fn warning(check: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            grade: Grade::Warning,
            mend: mend.into(),
            ..Self::well(check, says)
        }
    }

    fn fault(
        check: &'static str,
        code: u8,
        says: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            grade: Grade::Fault,
            code,
            ..Self::warning(check, says, mend)
        }
    }

    fn line(&self) -> String {
        let mark = match self.grade {
            Grade::Well => "✓",
            Grade::Warning => "!",
            Grade::Fault => "✗",
        };
        let says = crate::text::clean(&self.says).replace('\n', "\n             ");
        let mut line = format!("{mark} {:10} {says}", self.check);
        if !self.mend.is_empty() {
            line.push_str(&format!(
                "\n  {:10} → {}",
                "",
                crate::text::clean(&self.mend)
            ));
        }
        line
    }

    fn json(&self) -> Value {
        json!({
            "check": self.check,
            "grade": match self.grade {
                Grade::Well => "ok",
                Grade::Warning => "warning",
                Grade::Fault => "fault",
            },
            "says": self.says,
            "mend": self.mend,
        })
    }
}

pub(super) fn command() -> Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    Command::new("doctor")
        .about("Look for what is wrong with the configuration, the service and the clients, and say what mends it (exit code 0 fine or warnings, 2 configuration, 3 credential, 4 unreachable)")
        .arg(flag("json", "As JSON"))
        .arg(flag("offline", "Ask the service nothing"))
}

pub(super) fn run(
    api: &'static Api,
    extensions: Extensions,
    options: &ArgMatches,
) -> Result<ExitCode, Stop> {
    let mut findings = Vec::new();
    variables::check(api, &mut findings);
    let settings = configured(api, &mut findings);
    let runtime = serve::runtime(false)?;
    if let Some(settings) = settings
        && !options.get_flag("offline")
    {
        runtime.block_on(service::check(api, settings, &mut findings));
    }
    names::check(api, extensions, &mut findings);
    let is_startable = findings.iter().all(|finding| finding.code != EXIT_USAGE);
    if is_startable {
        runtime.block_on(eras(api, &mut findings));
    }
    clients::check(api, &mut findings);
    let text = if options.get_flag("json") {
        let findings: Vec<Value> = findings.iter().map(Finding::json).collect();
        let all = json!({
            "server": api.name,
            "version": api.version,
            "generator": api.generator,
            "document_sha256": api.document_sha256,
            "findings": findings,
        });
        serde_json::to_string_pretty(&all).unwrap_or_default()
    } else {
        shown(api, &findings)
    };
    let _ = writeln!(std::io::stdout(), "{text}");
    let faults = findings
        .iter()
        .filter(|finding| finding.grade == Grade::Fault);
    // The first one is what to mend first.
    let code = faults.map(|finding| finding.code).next();
    Ok(code.map_or(ExitCode::SUCCESS, ExitCode::from))
}

/// What the environment configures; none where it cannot be used.
fn configured(api: &'static Api, findings: &mut Vec<Finding>) -> Option<Settings> {
    let settings = match Settings::from_env(api) {
        Ok(settings) => settings,
        Err(error) => {
            let example = api.servers.first().copied();
            let example = example.unwrap_or("https://your-server.example");
            let mend = if error.0.contains("_BASE_URL is not set") {
                format!("export {}_BASE_URL={example}", api.env_prefix)
            } else {
                "set the variable that is named".to_owned()
            };
            findings.push(Finding::fault("settings", EXIT_USAGE, error.0, mend));
            return None;
        }
    };
    let url = settings.base_url.as_str().to_owned();
    if let Err(error) = settings.check_credentials(api) {
        let mut schemes = api.security_schemes.iter();
        let variable = schemes.find_map(|scheme| scheme.variables.first());
        let mend = variable.map(|name| format!("export {name}_FILE=/path/to/a/file"));
        let mend = mend.unwrap_or_default();
        findings.push(Finding::fault("settings", EXIT_USAGE, error.0, mend));
        return None;
    }
    findings.push(Finding::well("settings", format!("the service is {url}")));
    Some(settings)
}

/// Whether both eras of the protocol can be spoken with this program, as clients start it.
async fn eras(api: &'static Api, findings: &mut Vec<Finding>) {
    let Ok(program) = super::connect::program() else {
        return;
    };
    let variables: Vec<(String, String)> = crate::connect::variables::set(api, &environment)
        .into_iter()
        .map(|variable| (variable.name, variable.value))
        .collect();
    for era in [Era::Initialize, Era::Discover] {
        let args = ["stdio".to_owned()];
        let started = Remote::start(&program, &args, api.env_prefix, &variables, era).await;
        let said = match started {
            Ok(remote) => {
                let hello = remote.hello();
                let tools = remote.tools().await;
                remote.close().await;
                tools.map(|tools| (hello.protocol, tools.len()))
            }
            Err(trouble) => Err(trouble),
        };
        findings.push(match said {
            Ok((protocol, tools)) => Finding::well(
                "protocol",
                format!("MCP {protocol} over stdio: {tools} tools listed"),
            ),
            Err(trouble) => Finding::fault(
                "protocol",
                EXIT_UNREACHABLE,
                format!("no {} over stdio: {trouble}", era.as_str()),
                format!("{} stdio", program_name(api)),
            ),
        });
    }
}

fn shown(api: &Api, findings: &[Finding]) -> String {
    let count = |grade: Grade| findings.iter().filter(|found| found.grade == grade).count();
    let mut lines = vec![format!(
        "{} {} (mcpwright {}, document {})",
        api.name,
        crate::text::clean(api.version),
        api.generator,
        api.document_sha256.get(..16).unwrap_or(api.document_sha256)
    )];
    lines.extend(findings.iter().map(Finding::line));
    lines.push(match (count(Grade::Fault), count(Grade::Warning)) {
        (0, 0) => "all is well".to_owned(),
        (faults, warnings) => {
            let counted = |count: usize, noun: &str| {
                format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
            };
            format!(
                "{}, {}",
                counted(faults, "fault"),
                counted(warnings, "warning")
            )
        }
    });
    lines.join("\n")
}

/// The exit code of a refused credential.
const AUTH: u8 = EXIT_AUTH;
/// The exit code of a service that cannot be reached.
const UNREACHABLE: u8 = EXIT_UNREACHABLE;
/// The exit code of what is configured wrongly.
const USAGE: u8 = EXIT_USAGE;
