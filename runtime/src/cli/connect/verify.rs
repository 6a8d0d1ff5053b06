//! Whether a client will find the server: the client's part of a handshake, played here.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::plan::{Plan, resolved};
use super::wrong;
use crate::cli::{EXIT_AUTH, EXIT_UNREACHABLE, Stop, environment, serve};
use crate::connect::shape::{Header, Way};
use crate::connect::table::Client;
use crate::connect::way::header;
use crate::mcp::{Era, Remote, Trouble};
use crate::operation::Api;
use crate::upstream::read_secret;

/// Says hello to the server in the way that the client will, and lists its tools; a line that tells of it.
///
/// # Errors
/// When it does not answer as it should; nothing has been written to the client's file then.
pub(super) fn verify(api: &'static Api, client: &Client, plan: &Plan) -> Result<String, Stop> {
    let runtime = serve::runtime(false)?;
    runtime.block_on(async {
        let remote = match &plan.facts.way {
            Way::Stdio { command, args, env } => {
                let env = as_kept(resolved(env), &plan.kept);
                Remote::start(command, args, api.env_prefix, &env, Era::Initialize).await
            }
            Way::Http { url, header } => {
                let fields = fields(header.as_ref())?;
                Remote::reach(url, &fields).await
            }
        };
        let remote = match remote {
            Ok(remote) => remote,
            Err(Trouble::Unauthorized(challenge)) if plan.auth == "oauth" => {
                return if challenge.contains("resource_metadata") {
                    Ok(format!(
                        "✓ {} asks for OAuth; {} opens a browser for it",
                        plan.url(),
                        client.title
                    ))
                } else {
                    Err(Stop::new(
                        EXIT_AUTH,
                        format!(
                            "{} asks for a credential, but not for OAuth: start it with `http --auth oauth`",
                            plan.url()
                        ),
                    ))
                };
            }
            Err(trouble) => return Err(failed(plan, &trouble)),
        };
        let hello = remote.hello();
        let tools = remote.tools().await;
        remote.close().await;
        let tools = tools.map_err(|trouble| failed(plan, &trouble))?;
        if plan.auth == "oauth" {
            return Err(Stop::new(
                EXIT_AUTH,
                format!("{} lets everybody in: --auth oauth does not hold there", plan.url()),
            ));
        }
        let all = api.operations.len();
        let more = match plan.facts.way {
            Way::Stdio { .. } if all > tools.len() => format!(" of {all}"),
            _ => String::new(),
        };
        Ok(format!(
            "✓ handshake: {} speaks MCP {}, {}{more} tools listed",
            hello.name,
            hello.protocol,
            tools.len()
        ))
    })
}

/// The variables with credentials themselves in place of files that are written once all is well.
fn as_kept(env: Vec<(String, String)>, kept: &[(PathBuf, String)]) -> Vec<(String, String)> {
    let with = |(name, value): (String, String)| {
        let secret = kept.iter().find(|(file, _)| *file == Path::new(&value));
        match (secret, name.strip_suffix("_FILE")) {
            (Some((_, secret)), Some(name)) => (name.to_owned(), secret.clone()),
            _ => (name, value),
        }
    };
    env.into_iter().map(with).collect()
}

/// The field that lets a caller in, with its secret.
///
/// # Errors
/// When the secret is not set.
fn fields(header: Option<&Header>) -> Result<Vec<(String, SecretString)>, Stop> {
    let Some(header) = header else {
        return Ok(Vec::new());
    };
    let secret = read_secret(&header.variable, &environment)?;
    let secret = secret.ok_or_else(|| {
        wrong(format!(
            "{0} is not set: it holds what lets a caller in; set it, or {0}_FILE",
            header.variable
        ))
    })?;
    let value = SecretString::from(format!("{}{secret}", header.before));
    Ok(vec![(header.name.clone(), value)])
}

/// What lets this program in at a server that was started with `http --auth MODE`.
///
/// # Errors
/// When the secret is not set.
pub(in crate::cli) fn credential(
    api: &'static Api,
    auth: &str,
) -> Result<Vec<(String, SecretString)>, Stop> {
    fields(header(api, auth).map_err(wrong)?.as_ref())
}

fn failed(plan: &Plan, trouble: &Trouble) -> Stop {
    let at = match &plan.facts.way {
        Way::Stdio { command, .. } => command,
        Way::Http { url, .. } => url,
    };
    let (code, line) = match trouble {
        Trouble::Unauthorized(challenge) if plan.auth == "none" => {
            let mode = if challenge.contains("resource_metadata") {
                "--auth oauth"
            } else {
                "--auth keys or --auth passthrough, as the server was started"
            };
            (EXIT_AUTH, format!("{at} asks for a credential: add {mode}"))
        }
        Trouble::Unauthorized(_) => (EXIT_AUTH, format!("{at} refuses the credential")),
        trouble => (EXIT_UNREACHABLE, format!("{at}: {trouble}")),
    };
    Stop::new(
        code,
        format!("{line}. Nothing was written; --no-verify writes without trying"),
    )
}
