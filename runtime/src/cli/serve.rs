//! `stdio` and `http`: serving until the client leaves or a signal comes.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::{EXIT_TOOL, EXIT_USAGE, Stop, engine, view};
#[cfg(feature = "http")]
use crate::access::{Gate, OAuthSettings, Peppers, ResourceServer, any_oauth, public_url};
#[cfg(feature = "http")]
use crate::clock::Clock;
use crate::engine::Engine;
use crate::extend::Extensions;
use crate::mcp::{Handler, stdio};
use crate::operation::Api;
#[cfg(feature = "http")]
use crate::rate::of_callers;
use crate::telemetry::Exporter;

/// Time after a signal before the process ends whatever is still going on.
const SHUTDOWN: Duration = Duration::from_secs(11);

/// Time at the end for what replicas have to know of writes that were given up.
const LAST: Duration = Duration::from_secs(2);

pub(super) fn stdio(
    api: &'static Api,
    extensions: Extensions,
    options: Option<&clap::ArgMatches>,
) -> Result<ExitCode, Stop> {
    log(api, "warn");
    let telemetry = Exporter::start(api, &super::environment)?;
    let engine = engine(api, extensions)?;
    let audit = engine.audit().clone();
    let errands = engine.guard().errands().clone();
    let handler = handler(api, engine, options)?;
    let runtime = runtime(false)?;
    let outcome = runtime.block_on(async {
        let stop = CancellationToken::new();
        let (input, output) = rmcp::transport::io::stdio_pipes();
        let serving = stdio::serve(handler, input, output, stop.clone());
        until_signal(serving, stop).await
    });
    runtime.block_on(errands.done(LAST));
    // Standard input may still be blocked in a read that nobody waits for.
    runtime.shutdown_background();
    telemetry.finish();
    audit.close();
    match outcome {
        None | Some(Ok(())) => Ok(ExitCode::SUCCESS),
        Some(Err(error)) => Err(Stop::new(
            EXIT_TOOL,
            format!("the connection broke: {error}"),
        )),
    }
}

#[cfg(feature = "http")]
pub(super) fn http(
    api: &'static Api,
    extensions: Extensions,
    options: &clap::ArgMatches,
) -> Result<ExitCode, Stop> {
    use crate::mcp::http::{AdminKey, Listen, admin_address, serve};

    let text = |name: &str| options.get_one::<String>(name).cloned().unwrap_or_default();
    let list = |name: &str| -> Vec<String> {
        options
            .get_many::<String>(name)
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    };
    let public = options.get_one::<String>("public-url");
    let gate = gate(api, &text("auth"), public.map(String::as_str))?;
    let rate = of_callers(api.env_prefix, &super::environment)?;
    let remote = options.get_flag("allow-remote-without-auth");
    let mut hosts = list("allow-host");
    if let Gate::OAuth(server) = &gate {
        hosts.push(server.settings().host().to_owned());
    }
    let listen = Listen::new(
        &text("listen"),
        hosts,
        list("allow-origin"),
        remote || !matches!(gate, Gate::None),
    )
    .map_err(|line| Stop::new(EXIT_USAGE, line))?;
    let serves_document = options.get_flag("serve-document");
    if serves_document && api.document.is_empty() {
        let line = "--serve-document: this server was generated without its document; set `server.serve_document = true` in mcpwright.toml";
        return Err(Stop::new(EXIT_USAGE, line.to_owned()));
    }
    let public = public_url(api, public.map(String::as_str), &super::environment)?;
    let listen = listen.with_document(serves_document).with_public(public);
    let admin = options.get_one::<String>("admin-listen");
    let admin = admin
        .map(|text| admin_address(text, options.get_flag("allow-remote-admin")))
        .transpose();
    let admin = admin.map_err(|line| Stop::new(EXIT_USAGE, line))?;
    let key = AdminKey::read(api.env_prefix, &super::environment)?;
    if key.is_some() && admin.is_none() {
        let line = format!(
            "{}_ADMIN_KEY is set, and there is no address for the operator's page; add --admin-listen 127.0.0.1:9464, or unset it",
            api.env_prefix
        );
        return Err(Stop::new(EXIT_USAGE, line));
    }
    let admin = admin.map(|admin| (admin, key));
    log(api, "warn,mcpwright_runtime=info");
    let telemetry = Exporter::start(api, &super::environment)?;
    let engine = match &gate {
        Gate::Passthrough(_) => {
            let why = "with --auth passthrough each caller brings their own";
            super::engine_without_credentials(api, extensions, why)?
        }
        Gate::OAuth(server) if server.settings().exchanges() => {
            let why = format!(
                "with {}_OAUTH_EXCHANGE_URL each caller has a token of their own",
                api.env_prefix
            );
            super::engine_without_credentials(api, extensions, &why)?
        }
        Gate::None | Gate::Keys(_) | Gate::OAuth(_) => engine(api, extensions)?,
    };
    let audit = engine.audit().clone();
    if !audit.is_kept() {
        let prefix = api.env_prefix;
        tracing::warn!(
            "no audit log: nobody can tell later who changed what; {prefix}_AUDIT=audit.jsonl keeps one"
        );
    }
    let errands = engine.guard().errands().clone();
    let handler = handler(api, engine, Some(options))?;
    let runtime = runtime(true)?;
    let outcome = runtime.block_on(async {
        let stop = CancellationToken::new();
        until_signal(
            serve(handler, listen, admin, (gate, rate), stop.clone()),
            stop,
        )
        .await
    });
    runtime.block_on(errands.done(LAST));
    runtime.shutdown_background();
    telemetry.finish();
    audit.close();
    match outcome {
        None | Some(Ok(())) => Ok(ExitCode::SUCCESS),
        Some(Err(error)) => {
            let code = match error.kind() {
                std::io::ErrorKind::InvalidInput => EXIT_USAGE,
                _ => super::EXIT_UNREACHABLE,
            };
            Err(Stop::new(code, error.to_string()))
        }
    }
}

/// Who may call, as the operator chose.
#[cfg(feature = "http")]
fn gate(api: &'static Api, mode: &str, public: Option<&str>) -> Result<Gate, Stop> {
    if mode != "oauth"
        && let Some(name) = any_oauth(api.env_prefix, &super::environment)
    {
        let line = format!(
            "{name} is set, and --auth {mode} does not ask for access tokens; add --auth oauth, or unset it"
        );
        return Err(Stop::new(EXIT_USAGE, line));
    }
    if mode == "keys" {
        let path = super::keys::path(api)?;
        let peppers = Peppers::read(api.env_prefix, &super::environment)?;
        return Gate::keys(api.name, path, peppers, Clock::SYSTEM)
            .map_err(|line| Stop::new(EXIT_USAGE, line));
    }
    let name = format!("{}_KEYS", api.env_prefix);
    if super::environment(&name).is_some_and(|path| !path.trim().is_empty()) {
        // Who made keys believes that they are asked for.
        let line = format!(
            "{name} is set, and --auth {mode} does not ask for keys; add --auth keys, or unset it"
        );
        return Err(Stop::new(EXIT_USAGE, line));
    }
    if mode == "oauth" {
        let settings = OAuthSettings::read(api, public, &super::environment)?;
        let server = ResourceServer::new(api, settings, Clock::SYSTEM);
        return Ok(Gate::OAuth(Box::new(server)));
    }
    if mode == "passthrough" {
        return Gate::passthrough(api).map_err(|line| Stop::new(EXIT_USAGE, line));
    }
    Ok(Gate::None)
}

/// What answers, with the operator's view.
fn handler(api: &Api, engine: Engine, options: Option<&clap::ArgMatches>) -> Result<Handler, Stop> {
    let catalog = view::catalog(api, engine, options, "")?;
    let handler = Handler::new(catalog).map_err(|line| Stop::new(EXIT_USAGE, line))?;
    let catalog = Arc::clone(handler.catalog());
    let audit = handler.catalog().engine().audit();
    audit.compare_tools(move || crate::mcp::digests(&catalog));
    Ok(handler)
}

/// Runs `serving`; on SIGTERM or SIGINT cancels `stop` and gives it [`SHUTDOWN`] to end, or until a
/// second signal. `None` when it did not.
async fn until_signal<T>(serving: impl Future<Output = T>, stop: CancellationToken) -> Option<T> {
    let mut serving = std::pin::pin!(serving);
    let mut signals = Signals::new();
    tokio::select! {
        outcome = &mut serving => return Some(outcome),
        () = signals.next() => {}
    }
    tracing::info!("stopping");
    stop.cancel();
    tokio::select! {
        outcome = tokio::time::timeout(SHUTDOWN, serving) => outcome.ok(),
        () = signals.next() => {
            tracing::warn!("a second signal: calls in flight were given up");
            None
        }
    }
}

/// SIGTERM and SIGINT; made once, so that none is missed between two.
struct Signals {
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    interrupt: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        Self {
            terminate: signal(SignalKind::terminate()).ok(),
            interrupt: signal(SignalKind::interrupt()).ok(),
        }
    }

    async fn next(&mut self) {
        async fn of(signal: &mut Option<tokio::signal::unix::Signal>) {
            let came = match signal {
                Some(signal) => signal.recv().await.is_some(),
                None => false,
            };
            if !came {
                std::future::pending().await
            }
        }
        tokio::select! {
            () = of(&mut self.terminate) => {}
            () = of(&mut self.interrupt) => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn new() -> Self {
        Self {}
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}

/// A runtime: one thread for one client, all cores for many.
pub(super) fn runtime(many: bool) -> Result<Runtime, Stop> {
    let mut builder = if many {
        Builder::new_multi_thread()
    } else {
        Builder::new_current_thread()
    };
    builder.enable_all().build().map_err(|error| {
        Stop::new(
            EXIT_TOOL,
            format!("the async runtime cannot start: {error}"),
        )
    })
}

/// Logs to standard error; colours only on a terminal.
pub(super) fn log(api: &Api, default: &str) {
    let text = std::env::var(format!("{}_LOG", api.env_prefix))
        .or_else(|_| std::env::var("RUST_LOG"))
        .unwrap_or_else(|_| default.to_owned());
    let fallback = || default.parse::<Targets>().unwrap_or_default();
    let filter = text.parse::<Targets>().unwrap_or_else(|_| fallback());
    // No colour on any terminal: log lines carry text of others (RUSTSEC-2025-0055), and the crate's
    // colours are not compiled in, so that asking for them would panic.
    let to_stderr = layer().with_writer(std::io::stderr).with_ansi(false);
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(to_stderr)
        .try_init();
}
