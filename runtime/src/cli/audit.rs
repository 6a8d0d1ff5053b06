//! `audit`: what the log says, and whether it is whole.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::{EXIT_USAGE, Stop, environment};
use crate::audit::{OpenWrite, Report, Settings, read_log};
use crate::clock::Clock;
use crate::engine::{Engine, Entry};
use crate::extend::Extensions;
use crate::json::{Object, Value};
use crate::operation::Api;
use crate::text::{cap, clean};

/// The log does not hold.
const EXIT_BROKEN: u8 = 1;

pub(super) fn command() -> Command {
    let file = || {
        Arg::new("file")
            .long("file")
            .value_name("PATH")
            .help("The log (what <PREFIX>_AUDIT names)")
    };
    Command::new("audit")
        .about("Read the log of calls that <PREFIX>_AUDIT names")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(
            Command::new("verify")
                .about(
                    "Check that no record was changed, left out or put in (exit code 1 otherwise)",
                )
                .arg(file())
                .arg(
                    Arg::new("head")
                        .long("head")
                        .value_name("HASH")
                        .help("A hash that was printed earlier: its record has to be there still"),
                ),
        )
        .subcommand(
            Command::new("tail")
                .about("Show the last records")
                .arg(file())
                .arg(
                    Arg::new("lines")
                        .long("lines")
                        .short('n')
                        .value_name("N")
                        .value_parser(clap::value_parser!(u16).range(1..))
                        .default_value("20")
                        .help("How many"),
                )
                .arg(
                    Arg::new("json")
                        .long("json")
                        .action(ArgAction::SetTrue)
                        .help("As JSON lines"),
                ),
        )
        .subcommand(
            Command::new("unknown")
                .about("List the writes whose outcome nobody knows, and the tools that show it")
                .arg(file()),
        )
}

pub(super) fn run(
    api: &'static Api,
    extensions: Extensions,
    options: &ArgMatches,
) -> Result<ExitCode, Stop> {
    let Some((task, options)) = options.subcommand() else {
        return Err(Stop::new(EXIT_USAGE, "verify, tail or unknown?"));
    };
    let path = match options.get_one::<String>("file") {
        Some(path) => PathBuf::from(path),
        None => match Settings::read(api.env_prefix, &environment)? {
            Some(settings) => settings.path,
            None => {
                let prefix = api.env_prefix;
                let line = format!("no log is configured; set {prefix}_AUDIT, or give --file");
                return Err(Stop::new(EXIT_USAGE, line));
            }
        },
    };
    let option = |name: &str| match options.try_get_one::<String>(name) {
        Ok(Some(text)) => text.as_str(),
        _ => "",
    };
    let last = match options.try_get_one::<u16>("lines") {
        Ok(Some(lines)) => usize::from(*lines),
        _ => 0,
    };
    let unreadable = |why: String| Stop::new(EXIT_USAGE, format!("{}: {why}", path.display()));
    let head = option("head").trim().to_lowercase();
    let reports = read_log(&path, &head, last).map_err(|error| unreadable(error.to_string()))?;
    if reports.is_empty() {
        return Err(unreadable("there is no log here".to_owned()));
    }
    let (text, code) = match task {
        "verify" => verified(&reports, &head),
        "tail" => (tail(&reports, last, options.get_flag("json")), 0),
        _ => (
            unknown(&Engine::new(api, extensions, None, Clock::SYSTEM), &reports),
            0,
        ),
    };
    // A reader that closes the pipe early has seen enough.
    let _ = write!(std::io::stdout(), "{text}");
    Ok(ExitCode::from(code))
}

fn verified(reports: &[Report], head: &str) -> (String, u8) {
    let mut text = String::new();
    let mut code = 0;
    for report in reports {
        let name = report.path.display();
        for note in &report.notes {
            let _ = writeln!(text, "note: {note}");
        }
        for fault in &report.faults {
            let _ = writeln!(text, "fault: {fault}");
        }
        if report.more_faults > 0 {
            let _ = writeln!(text, "fault: and {} more", report.more_faults);
        }
        let (last, hash) = report.head.clone().unwrap_or_default();
        let word = if report.faults.is_empty() {
            "whole"
        } else {
            code = EXIT_BROKEN;
            "NOT WHOLE"
        };
        let _ = writeln!(
            text,
            "{name}: {word}: {} records in {} files; the last is {last} {hash}",
            report.records, report.files
        );
    }
    if !(head.is_empty() || reports.iter().any(|report| report.has_asked)) {
        let _ = writeln!(text, "fault: no record has the hash {}", clean(head));
        code = EXIT_BROKEN;
    }
    (text, code)
}

fn tail(reports: &[Report], last: usize, json: bool) -> String {
    let mut records: Vec<&Object> = reports.iter().flat_map(|report| &report.last).collect();
    // Each log is in order; those of several processes come together by time.
    records.sort_by_key(|record| text(record, "at"));
    let from = records.len().saturating_sub(last);
    let mut out = String::new();
    for record in records.into_iter().skip(from) {
        let line = if json {
            serde_json::to_string(record).unwrap_or_default()
        } else {
            line(record)
        };
        let _ = writeln!(out, "{}", clean(&line));
    }
    out
}

/// A record in a line for people.
fn line(record: &Object) -> String {
    let mut line = format!("{} {:8}", text(record, "at"), text(record, "event"));
    for name in [
        "tool",
        "request",
        "decision",
        "outcome",
        "result",
        "principal",
        "made",
    ] {
        let value = text(record, name);
        if !value.is_empty() {
            let _ = write!(line, " {}", cap(value, 120));
        }
    }
    // What a client calls itself is in quotation marks: it may call itself anything.
    for name in ["client", "of", "status", "ms"] {
        if let Some(value) = record.get(name) {
            let _ = write!(line, " {name}={}", cap(&value.to_string(), 80));
        }
    }
    if let Some(arguments) = record.get("arguments") {
        let _ = write!(line, " {}", cap(&arguments.to_string(), 200));
    }
    // A text must not look like further lines.
    line.replace(['\n', '\t'], " ")
}

fn unknown(engine: &Engine, reports: &[Report]) -> String {
    let open: Vec<&OpenWrite> = reports.iter().flat_map(|report| &report.unknown).collect();
    if open.is_empty() {
        return "every write has a known outcome\n".to_owned();
    }
    let mut out = String::new();
    for OpenWrite { seq, members, said } in &open {
        let why = if *said {
            "no usable answer came"
        } else {
            "no outcome was noted: it is on its way, or the server was killed"
        };
        let tool = text(members, "tool");
        let operation = engine.find(tool).and_then(Entry::operation);
        let check = operation.and_then(|operation| engine.check_of(operation));
        let check = check.map_or_else(String::new, |check| format!("; check with {check}"));
        let facts = line(members).replacen(" intent  ", "", 1);
        let _ = writeln!(out, "{seq} {}\n    {why}{check}", clean(&facts));
    }
    let _ = writeln!(out, "{} writes without a known outcome", open.len());
    out
}

fn text<'a>(record: &'a Object, name: &str) -> &'a str {
    record.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::line;

    #[test]
    fn a_record_is_one_line_that_a_client_cannot_forge() {
        let record = json!({
            "at": "2026-11-22T10:00:00Z",
            "event": "call",
            "tool": "get_customer",
            "principal": "key:ann",
            "client": "Nice\n2026-11-22T10:00:01Z call\" 1.0",
            "ms": 3,
        });
        let Value::Object(record) = record else {
            return;
        };
        let expected = "2026-11-22T10:00:00Z call     get_customer key:ann client=\"Nice\\n2026-11-22T10:00:01Z call\\\" 1.0\" ms=3";
        assert_eq!(line(&record), expected);
    }
}
