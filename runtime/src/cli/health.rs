//! `health`: whether the server that runs here is well, for containers, which hold no shell to ask with.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::{EXIT_TOOL, EXIT_UNREACHABLE, EXIT_USAGE, Stop, serve};
use crate::mcp::http::admin_address;
use crate::text;
use crate::upstream::chain;

/// Time for the answer; whoever checks a container's health waits for it.
const PATIENCE: Duration = Duration::from_secs(3);
/// Most of an answer that is repeated.
const SHOWN: usize = 300;

pub(super) fn command() -> Command {
    Command::new("health")
        .about("Ask the server that runs here whether it is well (exit code 0 yes, 4 it does not answer, 5 no)")
        .arg(
            Arg::new("admin-listen")
                .long("admin-listen")
                .value_name("ADDRESS")
                .default_value("127.0.0.1:9464")
                .help("What the server was given as --admin-listen"),
        )
        .arg(
            Arg::new("ready")
                .long("ready")
                .action(ArgAction::SetTrue)
                .help("Ask whether it takes requests, not only whether it lives"),
        )
}

pub(super) fn run(options: &ArgMatches) -> Result<ExitCode, Stop> {
    let given = options.get_one::<String>("admin-listen");
    let given = given.map_or("127.0.0.1:9464", String::as_str);
    let mut address = admin_address(given, true).map_err(|line| Stop::new(EXIT_USAGE, line))?;
    // A server on all addresses of its machine is asked at that machine's own.
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    let (path, well) = if options.get_flag("ready") {
        ("readyz", "ready")
    } else {
        ("healthz", "ok\n")
    };
    let unreachable = |why: &dyn std::fmt::Display| {
        Stop::new(
            EXIT_UNREACHABLE,
            format!(
                "nothing answers at {address} ({why}); is a server started with `http --admin-listen {given}`?"
            ),
        )
    };
    let asked = async {
        // The library asks for one although no certificate is ever needed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .tls_certs_only([])
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()?;
        let answer = client
            .get(format!("http://{address}/{path}"))
            .send()
            .await?;
        Ok::<_, reqwest::Error>((answer.status(), answer.text().await?))
    };
    let (status, said) = serve::runtime(false)?
        .block_on(asked)
        .map_err(|error| unreachable(&chain(&error)))?;
    // Something else may be at the address.
    if !status.is_success() || !said.starts_with(well) {
        let said = text::clean(said.trim());
        let said = text::cap(&said, SHOWN);
        return Err(Stop::new(EXIT_TOOL, format!("{}: {said}", status.as_u16())));
    }
    Ok(ExitCode::SUCCESS)
}
