//! What a client is told, decided before anything is touched.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::{owner, secrets, server_name, wrong};
use crate::cli::{Stop, environment};
use crate::connect::shape::{Facts, Held, Shape, Way, shape};
use crate::connect::system::System;
use crate::connect::table::Client;
use crate::connect::way::{instead, remote, said_auth};
use crate::connect::{Owner, own, variables};
use crate::operation::Api;
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
    /// Origin of the service, for which the credentials are.
    pub(super) origin: String,
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
        said_auth(&self.auth, header)
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
        lines.extend(self.referred(client));
        lines
    }

    /// Who has the variables that the entry refers to, in words.
    pub(super) fn referred(&self, client: &Client) -> Vec<String> {
        let shape = self.shape.iter();
        let variables = shape.flat_map(|shape| &shape.variables);
        variables
            .map(|variable| {
                if client.inputs.is_some() {
                    format!("{} asks for {variable} and keeps it", client.title)
                } else {
                    format!(
                        "{} takes {variable} from its own environment: keep it exported there",
                        client.title
                    )
                }
            })
            .collect()
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

/// The name of a program's file.
fn name_of(path: &str) -> String {
    let name = Path::new(path).file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The name of this program's file, as people call it.
pub(crate) fn program_name(api: &Api) -> String {
    let name = program().map(|path| name_of(&path)).unwrap_or_default();
    if name.is_empty() {
        api.name.to_owned()
    } else {
        name
    }
}

/// What connecting a client takes.
pub(super) fn plan(api: &'static Api, client: &Client, options: &ArgMatches) -> Result<Plan, Stop> {
    let name = server_name(api, options)?;
    let text = |option: &str| options.get_one::<String>(option).cloned();
    let auth = text("auth").unwrap_or_default();
    let mut kept = Vec::new();
    let mut origin = None;
    let url = text("url");
    let way = match &url {
        Some(url) => remote(api, client, url, &auth, &name_of(&program()?)).map_err(wrong)?,
        None => {
            if client.stdio.is_none() {
                return Err(wrong(format!(
                    "{}. What works: {}",
                    client.no_stdio,
                    instead(client, &name_of(&program()?))
                )));
            }
            let settings = Settings::from_env(api)?;
            settings.check_credentials(api)?;
            origin = own::origin(settings.base_url.as_str());
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
        origin: origin.unwrap_or_default(),
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

/// The variables of a program as the client would set them, references resolved as this shell has them.
pub(super) fn resolved(env: &[(String, Held)]) -> Vec<(String, String)> {
    let values = env.iter().filter_map(|(name, held)| match held {
        Held::Text(text) => Some((name.clone(), text.clone())),
        Held::Reference => Some((name.clone(), environment(name)?)),
    });
    values.collect()
}
