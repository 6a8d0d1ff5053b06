//! `connect` and `disconnect`: this server in the files of MCP clients.

mod grammar;
mod link;
mod list;
mod plan;
mod secrets;
mod verify;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ArgMatches;

pub(super) use grammar::{command, undo_command};
pub(super) use plan::program;
pub(crate) use plan::program_name;
use plan::{Plan, plan};
pub(super) use verify::credential;

use super::{EXIT_USAGE, Stop, environment};
use crate::clock::Clock;
use crate::connect::edit::{self, EditError};
use crate::connect::file::Changed;
use crate::connect::system::{self, Machine, System};
use crate::connect::table::{CLIENTS, Client, Syntax};
use crate::connect::way::steps;
use crate::connect::{self, Owner};
use crate::json::Object;
use crate::operation::Api;

/// Puts this server into the file of a client.
pub(super) fn run(api: &'static Api, options: &ArgMatches) -> Result<ExitCode, Stop> {
    let Some(client) = options.get_one::<String>("client") else {
        say(&list::list(api));
        return Ok(ExitCode::SUCCESS);
    };
    let client = client_named(client)?;
    let plan = plan(api, client, options)?;
    if options.get_flag("link") {
        link::print(api, client, &plan)?;
        return Ok(ExitCode::SUCCESS);
    }
    if options.get_flag("print") {
        if plan.shape.is_some() {
            let path = path(client, options)?;
            let _ = writeln!(std::io::stderr(), "for {}", path.display());
        }
        say(printed(client, &plan)?.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let (Some(shape), Some(syntax)) = (&plan.shape, client.syntax) else {
        if !options.get_flag("no-verify") {
            say(&verify::verify(api, client, &plan)?);
        }
        say(&by_hand(client, &plan));
        return Ok(ExitCode::SUCCESS);
    };
    let path = path(client, options)?;
    let name = &plan.facts.name;
    let force = options.get_flag("force");
    let changed = |old: Option<&str>| {
        edit::rewrite(syntax, old.unwrap_or_default(), |root| {
            connect::connected(root, client, name, shape, &plan.owner, force)
        })
        .map_err(|error| left(client, &path, syntax, &error))
    };
    // What cannot be changed is said before anything is tried.
    let old = connect::file::read(&path).map_err(wrong)?;
    let before = value(client, &path, syntax, old.as_deref())?;
    let new = changed(old.as_deref()).map_err(wrong)?;
    if options.get_flag("dry-run") {
        let old = old.as_deref().unwrap_or_default();
        let changes = connect::diff(syntax, old, &new, &shape.written());
        say(&format!("{}\n{changes}nothing was written", path.display()));
        for (file, _) in &plan.kept {
            say(&format!(
                "the credential would be kept in {}",
                file.display()
            ));
        }
        return Ok(ExitCode::SUCCESS);
    }
    if !options.get_flag("no-verify") {
        say(&verify::verify(api, client, &plan)?);
    }
    // What failed leaves the credential that other clients use as it was.
    for (file, secret) in &plan.kept {
        connect::file::keep_secret(file, secret).map_err(wrong)?;
        connect::file::bind_secret(file, &plan.origin).map_err(wrong)?;
    }
    let mut lines = String::new();
    // Of what is there now: somebody else may have changed it during the handshake.
    match connect::file::change(&path, &stamp(), changed).map_err(wrong)? {
        Changed::Nothing => {
            let _ = writeln!(lines, "✓ {}: unchanged", path.display());
        }
        Changed::Written(kept) => {
            let had = connect::entry(&before, client, name);
            let done = if had.is_some() { "changed" } else { "added" };
            let _ = write!(lines, "✓ {}: {name} {done}", path.display());
            if let Some(kept) = kept {
                let _ = write!(lines, "; as it was: {}", kept.display());
            }
            lines.push('\n');
            let after = value(client, &path, syntax, Some(&new))?;
            let gone = connect::gone(had, connect::entry(&after, client, name), &plan.owner);
            if !gone.is_empty() {
                let _ = writeln!(
                    lines,
                    "  no longer there, since they are not set here: {}; to keep them, set them and connect again",
                    gone.join(", ")
                );
            }
        }
    }
    for line in plan.credentials(client) {
        let _ = writeln!(lines, "  {line}");
    }
    let after = client.after.replace("{name}", &plan.facts.name);
    let _ = write!(lines, "  next: {after}");
    say(&lines);
    Ok(ExitCode::SUCCESS)
}

/// Takes this server out of the file of a client.
pub(super) fn undo(api: &'static Api, options: &ArgMatches) -> Result<ExitCode, Stop> {
    let name = options.get_one::<String>("client");
    let client = client_named(name.map(String::as_str).unwrap_or_default())?;
    let Some(syntax) = client.syntax else {
        say(&format!(
            "{} has no file that names its servers: remove {} where you added it",
            client.title, api.name
        ));
        return Ok(ExitCode::SUCCESS);
    };
    let path = path(client, options)?;
    let name = server_name(api, options)?;
    let Some(old) = connect::file::read(&path).map_err(wrong)? else {
        say(&format!("{} is not there; nothing to do", path.display()));
        return Ok(ExitCode::SUCCESS);
    };
    let owner = owner(api, None)?;
    let force = options.get_flag("force");
    let changed = |old: Option<&str>| {
        edit::rewrite(syntax, old.unwrap_or_default(), |root| {
            connect::disconnected(root, client, &name, &owner, force).map(|_| ())
        })
        .map_err(|error| left(client, &path, syntax, &error))
    };
    let new = changed(Some(&old)).map_err(wrong)?;
    if new == old {
        say(&format!("{}: it has no server {name}", path.display()));
        return Ok(ExitCode::SUCCESS);
    }
    if options.get_flag("dry-run") {
        let changes = connect::diff(syntax, &old, &new, &[]);
        say(&format!("{}\n{changes}nothing was written", path.display()));
        return Ok(ExitCode::SUCCESS);
    }
    let kept = match connect::file::change(&path, &stamp(), changed).map_err(wrong)? {
        Changed::Nothing => None,
        Changed::Written(kept) => kept.map(|kept| format!("; as it was: {}", kept.display())),
    };
    say(&format!(
        "✓ {}: {name} removed{}",
        path.display(),
        kept.unwrap_or_default()
    ));
    for file in secrets::kept(api) {
        say(&format!(
            "  {} still holds a credential; delete it if no other client needs it",
            file.display()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

fn wrong(line: String) -> Stop {
    Stop::new(EXIT_USAGE, line)
}

/// The moment, as the name of a file can hold it.
fn stamp() -> String {
    let now = Clock::SYSTEM.timestamp();
    now.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn say(text: &str) {
    // A reader that closes the pipe early has seen enough.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// This machine, as if it had this system.
pub(super) fn machine(system: System) -> Machine<'static> {
    Machine {
        system,
        variable: if system == System::HERE {
            &environment
        } else {
            &elsewhere
        },
        names: &system::names,
        is_file: &system::is_file,
    }
}

/// A variable of a machine with another system: its people's folders are named by the variables themselves where this
/// machine has none of that name.
fn elsewhere(name: &str) -> Option<String> {
    environment(name).or_else(|| match name {
        "APPDATA" | "LOCALAPPDATA" | "USERPROFILE" => Some(format!("%{name}%")),
        "HOME" => Some("~".to_owned()),
        _ => None,
    })
}

fn client_named(name: &str) -> Result<&'static Client, Stop> {
    Client::find(name).ok_or_else(|| {
        let ids: Vec<&str> = CLIENTS.iter().map(|client| client.id.as_str()).collect();
        let near = crate::text::nearest(name, ids.iter().copied());
        let near = near.map_or_else(|| ".".to_owned(), |near| format!("; did you mean {near}?"));
        wrong(format!(
            "{} is no client that is known here{near} Known are {}. For any other: `connect claude-desktop --print`",
            crate::text::clean(name),
            ids.join(", ")
        ))
    })
}

/// The name of this server among those of a client.
fn server_name(api: &Api, options: &ArgMatches) -> Result<String, Stop> {
    let name = options.get_one::<String>("name").map(String::as_str);
    let name = name.unwrap_or(api.name);
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
        return Err(wrong(
            "--name takes 1 to 64 letters, digits, hyphens and underscores".to_owned(),
        ));
    }
    Ok(name.to_owned())
}

/// How entries of this server are known.
pub(super) fn owner(api: &Api, url: Option<&str>) -> Result<Owner, Stop> {
    let program = program()?;
    let stem = Path::new(&program).file_stem();
    Ok(Owner {
        name: api.name.to_owned(),
        program: stem.unwrap_or_default().to_string_lossy().into_owned(),
        prefix: api.env_prefix.to_owned(),
        urls: url.into_iter().map(str::to_owned).collect(),
    })
}

/// The file of a client.
fn path(client: &Client, options: &ArgMatches) -> Result<PathBuf, Stop> {
    if let Some(path) = options.get_one::<String>("file") {
        return Ok(PathBuf::from(path));
    }
    let is_project = options
        .get_one::<String>("scope")
        .is_some_and(|scope| scope == "project");
    if is_project {
        return client.project.as_ref().map(PathBuf::from).ok_or_else(|| {
            wrong(format!(
                "{} has no file for a project; leave --scope out",
                client.title
            ))
        });
    }
    let system = options.try_get_one::<String>("system").ok().flatten();
    let machine = machine(System::named(system.map_or("", String::as_str)));
    let patterns = client.user.get(machine.system.index());
    patterns
        .and_then(|patterns| machine.place(patterns))
        .ok_or_else(|| {
            wrong(format!(
                "the file of {} cannot be found without a home folder (HOME); name it with --file",
                client.title
            ))
        })
}

/// The value of a client's file.
fn value(client: &Client, path: &Path, syntax: Syntax, text: Option<&str>) -> Result<Object, Stop> {
    edit::value(syntax, text.unwrap_or_default())
        .map_err(|error| wrong(left(client, path, syntax, &error)))
}

/// Why a file is left as it was.
fn left(client: &Client, path: &Path, syntax: Syntax, error: &EditError) -> String {
    let what = crate::text::clean(&error.to_string()).into_owned();
    match error {
        EditError::Malformed(line, column, _) => format!(
            "{}:{line}:{column}: this file of {} is not {}: {}. It was left as it was; mend that place and try again",
            path.display(),
            client.title,
            syntax.title(),
            what.split_once(": ")
                .map_or(what.as_str(), |(_, what)| what)
        ),
        _ => format!("{}: {what}. It was left as it was", path.display()),
    }
}

/// What would stand in an empty file, or what to do by hand.
fn printed(client: &Client, plan: &Plan) -> Result<String, Stop> {
    let (Some(shape), Some(syntax)) = (&plan.shape, client.syntax) else {
        return Ok(by_hand(client, plan));
    };
    edit::rewrite(syntax, "", |root| {
        connect::connected(root, client, &plan.facts.name, shape, &plan.owner, true)
    })
    .map_err(|error| wrong(error.to_string()))
}

/// The steps in a client without a file.
fn by_hand(client: &Client, plan: &Plan) -> String {
    let mut text = format!("In {}:", client.title);
    let steps = steps(client, plan.url(), &plan.said_auth());
    for (index, step) in steps.iter().enumerate() {
        let _ = write!(text, "\n  {}. {step}", index + 1);
    }
    text
}
