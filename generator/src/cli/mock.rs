//! `mcpwright mock`, and the mock that `run` and `dev` put in the place of the service.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::Arc;

use super::REFUSED;
use super::arguments::{MockArguments, MockCommand, SpecArguments};
use super::terminal::Terminal;
use crate::ir::{Api, SchemeKind};
use crate::mock::{Mock, Options, Served, serve};
use crate::{Config, Error};

/// The credential that a server has for a mock, which asks for none.
const CREDENTIAL: &str = "mock";

/// Runs it until it is interrupted.
pub fn run(command: &MockCommand, terminal: &Terminal) -> u8 {
    if !command.listen.ip().is_loopback() && !command.allow_remote {
        terminal.complain(format!(
            "{} is reached by other machines, and a mock asks nobody who they are: --allow-remote if that is wanted",
            command.listen.ip()
        ));
        return 2;
    }
    let config = match command.spec.config() {
        Ok(config) => config,
        Err(message) => {
            terminal.complain(message);
            return 2;
        }
    };
    let options = Options {
        seed: command.seed,
        auth: command.auth,
    };
    let (mock, served) = match started(&config, command.listen, options, terminal) {
        Ok(started) => started,
        Err(code) => return code,
    };
    let prefix = &mock.env_prefix;
    terminal.say(format!(
        "  for its server: export {prefix}_BASE_URL=http://{}; any credential will do; Ctrl-C ends it",
        served.address
    ));
    served.wait();
    0
}

/// Starts a mock; what the document comes down to, and what serves it.
fn started(
    config: &Config,
    address: SocketAddr,
    options: Options,
    terminal: &Terminal,
) -> Result<(Api, Served), u8> {
    let described = config.described().map_err(|error: Error| {
        terminal.failure(&error);
        REFUSED
    })?;
    let mock = Mock::new(described, options);
    let api = mock.api().clone();
    let kinds = mock.kinds();
    let said = terminal.shared();
    let watch = terminal
        .verbose
        .then(|| -> Arc<dyn Fn(&str) + Send + Sync> {
            Arc::new(move |line| said.say(format!("  mock: {line}")))
        });
    let served = serve(mock, address, watch).map_err(|error| {
        terminal.complain(format!(
            "{address} cannot be listened on: {error}; name another one with --listen"
        ));
        REFUSED
    })?;
    terminal.say(format!(
        "{} mock of {} at http://{}: {} of records, seed {}",
        terminal.tick(),
        terminal.bold(&crate::text::line(&api.title, 100)),
        served.address,
        crate::text::counted(kinds, "kind"),
        options.seed
    ));
    Ok((api, served))
}

/// A mock in the place of the service of a project, and what its server has to know for it.
#[derive(Debug)]
pub struct InPlace {
    api: Api,
    served: Served,
}

impl InPlace {
    /// Starts the mock that is asked for, of the document that the settings name.
    ///
    /// # Errors
    /// The exit code, after the reason was said.
    pub fn of(
        wanted: &MockArguments,
        spec: &SpecArguments,
        terminal: &Terminal,
    ) -> Result<Option<Self>, u8> {
        if !wanted.mock {
            return Ok(None);
        }
        let config = spec.config().map_err(|message| {
            terminal.complain(message);
            2_u8
        })?;
        let options = Options {
            seed: wanted.seed,
            auth: false,
        };
        let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let (api, served) = started(&config, address, options, terminal)?;
        Ok(Some(Self { api, served }))
    }

    /// Leads a server to the mock, and nothing of the real service to either: no address, no credential.
    pub fn lead(&self, server: &mut Command) {
        let prefix = &self.api.env_prefix;
        let own = |name: &str| format!("{prefix}_{name}");
        for name in [
            "TOKEN_URL",
            "ISSUER",
            "CLIENT_ID",
            "CLIENT_SECRET",
            "REFRESH_TOKEN",
            "CLIENT_CERT",
            "CLIENT_KEY",
            "GRANT",
            "PROXY",
        ] {
            server
                .env_remove(own(name))
                .env_remove(own(&format!("{name}_FILE")));
        }
        let address = format!("http://{}", self.served.address);
        server.env(own("BASE_URL"), &address);
        for other in &self.api.own_servers {
            server.env(&other.variable, &address);
        }
        for scheme in &self.api.schemes {
            for variable in &scheme.variables {
                server
                    .env_remove(variable)
                    .env_remove(format!("{variable}_FILE"));
                if !matches!(scheme.kind, SchemeKind::MutualTls | SchemeKind::Unsupported) {
                    server.env(variable, CREDENTIAL);
                }
            }
        }
    }
}
