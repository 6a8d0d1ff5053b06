//! `mcpwright init`: from an address or a file to `mcpwright.toml`, in at most four questions.

mod ask;
mod credential;
mod find;

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, value};

use super::REFUSED;
use super::arguments::{InitCommand, quoted};
use super::project::{self, SETTINGS};
use super::terminal::Terminal;
use super::tokens::{Counter, are_all_listed};
use crate::Config;
use crate::diagnostics::Severity;
use crate::ir::{Api, Risk};
use crate::source::Budgets;
use crate::text;
use ask::Questions;
use find::Found;

/// Runs it; the exit code.
pub fn run(command: &InitCommand, terminal: &Terminal) -> u8 {
    match init(command, terminal) {
        Ok(()) => 0,
        Err(Stop::Said) => REFUSED,
        Err(Stop::Usage(message)) => {
            terminal.complain(message);
            2
        }
        Err(Stop::Refused(message)) => {
            terminal.complain(message);
            REFUSED
        }
    }
}

/// Why nothing was written.
#[derive(Debug)]
enum Stop {
    /// It has been said already.
    Said,
    /// The command line is not enough.
    Usage(String),
    /// It cannot be done.
    Refused(String),
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Refused(message)
    }
}

fn init(command: &InitCommand, terminal: &Terminal) -> Result<(), Stop> {
    let folder = Path::new("");
    let settings = folder.join(SETTINGS);
    if settings.exists() {
        return Err(Stop::Refused(format!(
            "{SETTINGS} is here already, and is not overwritten: `mcpwright run` serves what it describes; move it away to begin anew"
        )));
    }
    let mut questions = Questions::new(command.yes);
    let progress = terminal.progress("Looking for the document");
    let found = find::find(command.source.as_deref());
    drop(progress);
    let found = found?;
    terminal.say(format!("{} found {}", terminal.tick(), found.said));
    let (api, server) = read(command.name.as_deref(), &found, terminal)?;
    terminal.say(format!("  {}", super::generate::summary(&api, terminal)));

    let name = questions.name(&api.name);
    let api = if name == api.name {
        api
    } else {
        read(Some(&name), &found, terminal)?.0
    };
    let prefix = &api.env_prefix;
    let proposed = base_url(found.origin.as_deref(), &server);
    let variable = format!("{prefix}_BASE_URL");
    let set = std::env::var(&variable)
        .ok()
        .filter(|url| !url.trim().is_empty());
    let is_set = set.is_some();
    let address = questions.address(set.or(proposed));
    // A document may name any host as its server; a credential goes to one that a person named.
    let is_trusted = address
        .as_deref()
        .is_some_and(|address| is_set || questions.asked_address || found.host_is_that_of(address));
    match &address {
        Some(address) => terminal.say(format!(
            "  service: {}{}",
            text::line(address, 200),
            if is_trusted {
                ""
            } else {
                " (only the document says so: compare it before a credential goes there)"
            }
        )),
        None => terminal.say(format!(
            "  service: the document names no address; `{variable}` does"
        )),
    }
    let kept = credential::settle(
        &api,
        address.as_deref(),
        is_trusted,
        &mut questions,
        terminal,
    );
    let out = command.out.clone().unwrap_or_else(|| api.package.clone());
    let out = questions.folder(&out);

    if let Some((path, bytes)) = &found.save {
        put_new(path, bytes)?;
        terminal.say(format!("  wrote {}", path.display()));
    }
    put_new(
        &settings,
        text_of(&found, &api, address.as_deref(), &out).as_bytes(),
    )?;
    if let Some((variable, secret)) = &kept {
        let address = address.as_deref().unwrap_or_default();
        match project::keep(&api.name, variable, secret, address) {
            Ok(path) => terminal.say(format!(
                "  the credential is in {}, which only you can read, for this address alone; `mcpwright run` and `connect` name it to the server",
                path.display()
            )),
            Err(why) => terminal.say(format!("  the credential is not kept: {why}")),
        }
    }
    report(&api, terminal)?;
    terminal.say(format!("  wrote {}", settings.display()));
    terminal.say(format!(
        "  next: {}",
        terminal.bold(&next(&api, address.is_none(), kept.is_none()))
    ));
    Ok(())
}

/// The API that a document describes, and its first server, which may be a path.
fn read(name: Option<&str>, found: &Found, terminal: &Terminal) -> Result<(Api, String), Stop> {
    let mut config = match &found.save {
        Some((path, bytes)) => Config::new().spec_bytes(&path.display().to_string(), bytes),
        None => Config::new().spec(&found.path),
    };
    if let Some(name) = name {
        config = config.server_name(name);
    }
    let generated = config.generate_embedded().map_err(|error| {
        terminal.failure(&error);
        Stop::Said
    })?;
    let found = &generated.report.diagnostics;
    let warnings = found
        .iter()
        .filter(|one| one.severity == Severity::Warning)
        .count();
    if warnings > 0 {
        terminal.say(format!(
            "  {}: `mcpwright generate` shows them",
            text::counted(warnings, "warning")
        ));
    }
    // What is no absolute address is no suggestion of the API, and tells its path here.
    let document = &generated.report.document;
    let value = crate::source::read(
        &document.name,
        document.text.as_bytes(),
        &Budgets::default(),
    );
    let value = value.map(|document| document.value).unwrap_or_default();
    let paths = ["/servers/0/url", "/basePath"];
    let path = paths
        .iter()
        .find_map(|place| value.pointer(place)?.as_str())
        .filter(|url| url.starts_with('/') && !url.contains('{'));
    let server = generated.api.servers.first().cloned();
    let server = server.or_else(|| path.map(str::to_owned));
    Ok((generated.api, server.unwrap_or_default()))
}

/// The address of the service that is proposed: the document's, seen from where the document was found. One
/// that means the machine of whoever wrote it means the host of the document here.
fn base_url(origin: Option<&str>, first: &str) -> Option<String> {
    let (authority, path) = match first.split_once("://") {
        Some((_, rest)) => rest.split_once('/').unwrap_or((rest, "")),
        None => ("", first),
    };
    let host = authority.split(':').next().unwrap_or_default();
    let is_elsewhere = !matches!(host, "" | "localhost" | "127.0.0.1" | "0.0.0.0");
    match origin {
        _ if is_elsewhere => Some(first.trim_end_matches('/').to_owned()),
        Some(origin) if path.trim_matches('/').is_empty() => Some(origin.to_owned()),
        Some(origin) => Some(format!("{origin}/{}", path.trim_matches('/'))),
        None if host.is_empty() => None,
        None => Some(first.trim_end_matches('/').to_owned()),
    }
}

/// The settings, through a TOML serializer: no document text is ever formatted into TOML.
fn text_of(found: &Found, api: &Api, address: Option<&str>, out: &str) -> String {
    let mut toml = DocumentMut::new();
    let mut server = Table::new();
    let spec = found.path.to_string_lossy().replace('\\', "/");
    server.insert("spec", value(spec));
    server.insert("name", value(&api.name));
    if let Some(address) = address {
        server.insert("base_url", value(address));
    }
    let mut output = Table::new();
    output.insert("folder", value(out));
    toml.insert("server", Item::Table(server));
    toml.insert("output", Item::Table(output));
    format!(
        "# Settings of mcpwright. `mcpwright schema` prints what may stand here; `mcpwright inspect` shows what it makes.\n{toml}"
    )
}

/// Writes a file that is not there yet.
fn put_new(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(bytes))
        .map_err(|error| Stop::Refused(format!("{} is not written: {error}", path.display())))
}

/// What the tools cost, and what they may do.
fn report(api: &Api, terminal: &Terminal) -> Result<(), Stop> {
    let costs = Counter::new().map(|counter| counter.all(api))?;
    let is_whole = are_all_listed(api);
    let view = if is_whole { "all" } else { "core" };
    terminal.say(format!("  {}", costs.line()));
    terminal.say(format!(
        "  view: {view}, unless a client asks for another ({})",
        if is_whole {
            "every tool"
        } else {
            "12 to 20 tools for what the API is mostly about, and five that find all others"
        }
    ));
    let careful: Vec<&str> = api
        .operations()
        .filter(|operation| matches!(operation.risk, Risk::Destructive | Risk::Outward))
        .map(|operation| operation.tool.as_str())
        .collect();
    if !careful.is_empty() {
        let shown = careful
            .iter()
            .take(4)
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        let more = if careful.len() > 4 { ", …" } else { "" };
        terminal.say(format!(
            "  safety: {} ask before they act ({shown}{more})",
            text::counted(careful.len(), "tool")
        ));
    }
    Ok(())
}

/// The command that comes next.
fn next(api: &Api, needs_address: bool, needs_credential: bool) -> String {
    let mut lines = Vec::new();
    if needs_address {
        lines.push(format!("export {}_BASE_URL=https://…", api.env_prefix));
    }
    let variable = api
        .schemes
        .iter()
        .find_map(|scheme| scheme.variables.first());
    if let Some(variable) =
        variable.filter(|name| needs_credential && std::env::var_os(name).is_none())
    {
        lines.push(format!("export {variable}=…"));
    }
    lines.push("mcpwright run".to_owned());
    lines.join("; ")
}

/// A path as it is shown.
fn shown(path: &Path) -> String {
    quoted(&path.display().to_string())
}

/// A path below this folder.
fn here(name: &str) -> PathBuf {
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_service_is_seen_from_where_the_document_was() {
        let origin = Some("https://crm.example.com");
        for (server, origin, address) in [
            (
                "https://api.example.com/v1/",
                origin,
                Some("https://api.example.com/v1"),
            ),
            (
                "http://localhost:8787/api/v1",
                origin,
                Some("https://crm.example.com/api/v1"),
            ),
            ("http://127.0.0.1", origin, Some("https://crm.example.com")),
            ("/api/v1", origin, Some("https://crm.example.com/api/v1")),
            ("", origin, Some("https://crm.example.com")),
            ("/api/v1", None, None),
            ("", None, None),
            (
                "http://localhost:8787/api",
                None,
                Some("http://localhost:8787/api"),
            ),
        ] {
            let proposed = base_url(origin, server);
            assert_eq!(proposed.as_deref(), address, "{server} from {origin:?}");
        }
    }
}
