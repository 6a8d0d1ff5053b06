//! What a client is told, decided before anything is touched.

use std::path::PathBuf;

use clap::ArgMatches;
use clap::parser::ValueSource;
use url::{Host, Url};

use super::{owner, secrets, server_name, wrong};
use crate::cli::{Stop, environment};
use crate::connect::shape::{Facts, Header, Held, Shape, Way, shape};
use crate::connect::system::System;
use crate::connect::table::{Client, Refer};
use crate::connect::{Owner, variables};
use crate::operation::{Api, ApiKeyLocation, SchemeKind};
use crate::upstream::Settings;

/// What is to be done.
pub(super) struct Plan {
    /// What the client is told.
    pub(super) facts: Facts,
    /// Its entry; none where it has no file.
    pub(super) shape: Option<Shape>,
    /// How the entry is known again.
    pub(super) owner: Owner,
    /// Files for credentials, with what they hold.
    pub(super) kept: Vec<(PathBuf, String)>,
    /// How the server at an address lets callers in.
    pub(super) auth: String,
}

impl Plan {
    /// The address; empty where the client starts the program.
    pub(super) fn url(&self) -> &str {
        match &self.facts.way {
            Way::Http { url, .. } => url,
            Way::Stdio { .. } => "",
        }
    }

    /// How people say in a form of a client what lets it in.
    pub(super) fn said_auth(&self) -> String {
        let header = match &self.facts.way {
            Way::Http { header, .. } => header.as_ref(),
            Way::Stdio { .. } => None,
        };
        match (self.auth.as_str(), header) {
            ("oauth", _) => "OAuth".to_owned(),
            (_, Some(header)) => format!(
                "the header {} with {}the value of {}",
                header.name,
                if header.before.is_empty() {
                    String::new()
                } else {
                    format!("`{}`and ", header.before)
                },
                header.variable
            ),
            _ => "none".to_owned(),
        }
    }

    /// Where the credentials are, in words.
    pub(super) fn credentials(&self, client: &Client) -> Vec<String> {
        let mut lines: Vec<String> = self
            .kept
            .iter()
            .map(|(file, _)| {
                format!(
                    "the credential is in {}, which only you can read; the file of {} names it",
                    file.display(),
                    client.title
                )
            })
            .collect();
        let shape = self.shape.iter();
        for variable in shape.flat_map(|shape| &shape.variables) {
            lines.push(if client.inputs.is_some() {
                format!("{} asks for {variable} and keeps it", client.title)
            } else {
                format!(
                    "{} takes {variable} from its own environment: keep it exported there",
                    client.title
                )
            });
        }
        lines
    }
}

/// The program that this is, as clients start it.
pub(in crate::cli) fn program() -> Result<String, Stop> {
    let path = std::env::current_exe()
        .map_err(|error| wrong(format!("this program's own path cannot be had: {error}")))?;
    path.into_os_string().into_string().map_err(|_| {
        wrong("this program's path is no Unicode text, which no client's file can hold".to_owned())
    })
}

/// What connecting a client takes.
pub(super) fn plan(api: &'static Api, client: &Client, options: &ArgMatches) -> Result<Plan, Stop> {
    let name = server_name(api, options)?;
    let text = |option: &str| options.get_one::<String>(option).cloned();
    let auth = text("auth").unwrap_or_default();
    let mut kept = Vec::new();
    let url = text("url");
    let way = match &url {
        Some(url) => remote(api, client, url, &auth)?,
        None => {
            if client.stdio.is_none() {
                return Err(wrong(format!(
                    "{}. What works: {}",
                    client.no_stdio,
                    instead(client, api)?
                )));
            }
            let settings = Settings::from_env(api)?;
            settings.check_credentials(api)?;
            let mode = text("secrets").unwrap_or_default();
            let system = System::named(&text("system").unwrap_or_default());
            let mut env = Vec::new();
            for variable in variables::set(api, &environment) {
                let (placed, file) = secrets::place(api, client, variable, &mode, system)?;
                env.push(placed);
                kept.extend(file);
            }
            Way::Stdio {
                command: program()?,
                args: arguments(options),
                env,
            }
        }
    };
    let facts = Facts { name, way };
    let is_project = text("scope").as_deref() == Some("project");
    Ok(Plan {
        shape: shape(client, &facts, is_project),
        owner: owner(api, url.as_deref())?,
        facts,
        kept,
        auth,
    })
}

/// The arguments with which a client starts this program: the view, if one is given.
fn arguments(options: &ArgMatches) -> Vec<String> {
    let mut args = vec!["stdio".to_owned()];
    for name in [
        "view",
        "toolsets",
        "tools",
        "exclude-tools",
        "records-prefix",
    ] {
        let is_given = options.value_source(name) == Some(ValueSource::CommandLine);
        if let Some(value) = options.get_one::<String>(name).filter(|_| is_given) {
            args.push(format!("--{name}"));
            args.push(value.clone());
        }
    }
    if options.get_flag("read-only") {
        args.push("--read-only".to_owned());
    }
    args
}

fn instead(client: &Client, api: &Api) -> Result<String, Stop> {
    let program = PathBuf::from(program()?);
    let program = program.file_name().unwrap_or_default().to_string_lossy();
    let program = if program.is_empty() {
        api.name.into()
    } else {
        program
    };
    Ok(client.instead.replace("{program}", &program))
}

/// A server at an address; refused where this client cannot reach it or be let in.
fn remote(api: &'static Api, client: &Client, url: &str, auth: &str) -> Result<Way, Stop> {
    let parsed = Url::parse(url).ok();
    let parsed = parsed.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let Some(parsed) = parsed else {
        return Err(wrong(format!(
            "--url takes the address of /mcp, such as http://127.0.0.1:8970/mcp, not {}",
            crate::text::clean(url)
        )));
    };
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(wrong(
            "--url holds a credential, which no client's file should; take it out".to_owned(),
        ));
    }
    let is_near = is_near(&parsed);
    if client.from_cloud && (is_near || parsed.scheme() == "http") {
        let why = if is_near {
            "cannot be reached from there"
        } else {
            "is not https"
        };
        return Err(wrong(format!(
            "{} connects from its vendor's machines, and {url} {why}. What works: {}",
            client.title,
            instead(client, api)?
        )));
    }
    if !client.auth.is_empty() && !client.auth.iter().any(|known| known == auth) {
        return Err(wrong(format!(
            "{} sends no header of your own, so that --auth {auth} lets it in nowhere; it knows {}. What works: {}",
            client.title,
            client.auth.join(" and "),
            instead(client, api)?
        )));
    }
    let header = header(api, auth)?;
    if let Some(header) = &header {
        if client.http.is_some() && client.header == Refer::No {
            return Err(wrong(format!(
                "the file of {} cannot refer to variables, and no secret is written into it, so that it cannot send {}. What works: start the program (`connect {}` without --url), or --auth oauth",
                client.title, header.name, client.id
            )));
        }
        if parsed.scheme() == "http" && !is_loopback(&parsed) {
            return Err(wrong(format!(
                "{} would travel to {url} for everyone on the way to read; use https",
                header.variable
            )));
        }
    }
    Ok(Way::Http {
        url: url.to_owned(),
        header,
    })
}

/// The field that lets a caller in.
pub(super) fn header(api: &'static Api, auth: &str) -> Result<Option<Header>, Stop> {
    match auth {
        "keys" => Ok(Some(Header {
            name: "Authorization".to_owned(),
            before: "Bearer ",
            variable: format!("{}_MCP_KEY", api.env_prefix),
        })),
        "passthrough" => {
            let mut schemes = api.security_schemes.iter();
            let header = schemes.find_map(|scheme| {
                let variable = (*scheme.variables.first()?).to_owned();
                let (name, before) = match scheme.kind {
                    SchemeKind::ApiKey {
                        location: ApiKeyLocation::Header,
                        name,
                    } => (name, ""),
                    SchemeKind::Bearer
                    | SchemeKind::OAuth2 { .. }
                    | SchemeKind::OpenIdConnect { .. } => ("Authorization", "Bearer "),
                    _ => return None,
                };
                Some(Header {
                    name: name.to_owned(),
                    before,
                    variable,
                })
            });
            header.map(Some).ok_or_else(|| {
                wrong(format!(
                    "{} takes no credential in a header field that a client's file could name; use --auth keys or oauth",
                    api.title
                ))
            })
        }
        _ => Ok(None),
    }
}

/// Whether only this machine or this network reaches a host.
fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => {
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
        }
        Some(Host::Ipv6(address)) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
        Some(Host::Domain(name)) => {
            let name = name.to_lowercase();
            let ends = ["localhost", ".localhost", ".local", ".internal", ".lan"];
            !name.contains('.') || ends.iter().any(|end| name.ends_with(end))
        }
        None => true,
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// The variables of a program as the client would set them, references resolved as this shell has them.
pub(super) fn resolved(env: &[(String, Held)]) -> Vec<(String, String)> {
    let values = env.iter().filter_map(|(name, held)| match held {
        Held::Text(text) => Some((name.clone(), text.clone())),
        Held::Reference => Some((name.clone(), environment(name)?)),
    });
    values.collect()
}
