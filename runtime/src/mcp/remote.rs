//! This program as a client of an MCP server: one that it starts, or one at an address.

use std::collections::HashMap;
use std::process::Stdio;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use rmcp::ServiceExt as _;
use rmcp::model::{CallToolRequestParams, PaginatedRequestParams, ProtocolVersion, Tool};
use rmcp::service::{
    ClientInitializeError, ClientLifecycleMode, ClientServiceExt as _, RoleClient, RunningService,
    ServiceError,
};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::{
    AuthRequiredError, InsufficientScopeError, StreamableHttpClientTransportConfig,
    StreamableHttpError,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};

use crate::json::{Object, Value};

/// Time for a server to begin and say hello.
const HELLO: Duration = Duration::from_secs(20);
/// Time for its list of tools.
const LIST: Duration = Duration::from_secs(20);
/// Pages that such a list may have.
const PAGES: usize = 200;
/// Tools that it may have: ten times those of the largest document that is known.
const TOOLS: usize = 20_000;
/// Time for a call: services make reports.
const CALL: Duration = Duration::from_secs(300);
/// Bytes that are kept of what a program says on standard error.
const SAID: u64 = 4096;

/// A connection to a server.
pub(crate) struct Remote {
    service: RunningService<RoleClient, ()>,
    /// The program, where it is one that was started.
    child: Option<Child>,
}

/// How a client of a protocol era begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    /// With `initialize`, as until 2025-11-25.
    Initialize,
    /// With `server/discover`, as since 2026-07-28.
    Discover,
}

impl Era {
    /// The method that it begins with.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Initialize => "initialize",
            Self::Discover => "server/discover",
        }
    }

    fn lifecycle(self) -> ClientLifecycleMode {
        match self {
            Self::Initialize => ClientLifecycleMode::Initialize,
            Self::Discover => ClientLifecycleMode::Discover {
                preferred_versions: vec![ProtocolVersion::V_2026_07_28],
            },
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is nothing, or nothing that speaks MCP; and why.
    Unreachable(String),
    /// It wants a credential, or another one; its challenge.
    Unauthorized(String),
    /// It refused, with this message.
    Refused(String),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable(why) => f.write_str(why),
            Self::Unauthorized(_) => f.write_str("it asks for a credential"),
            Self::Refused(message) => f.write_str(message),
        }
    }
}

/// What a server says of itself.
#[derive(Debug, Clone)]
pub(crate) struct Hello {
    /// Its name.
    pub(crate) name: String,
    /// The protocol's version that both agreed on.
    pub(crate) protocol: String,
}

impl Remote {
    /// Starts a program with these variables, and without others of the same prefix.
    ///
    /// # Errors
    /// When it cannot be started or does not answer; with what it says.
    pub(crate) async fn start(
        program: &str,
        args: &[String],
        prefix: &str,
        variables: &[(String, String)],
        era: Era,
    ) -> Result<Self, Trouble> {
        let prefix = format!("{prefix}_");
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with(&prefix) {
                command.env_remove(name);
            }
        }
        let mut child = command
            .args(args)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                Trouble::Unreachable(format!("{program} cannot be started: {error}"))
            })?;
        let (Some(input), Some(output), Some(mut errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(Trouble::Unreachable(format!("{program} has no pipes")));
        };
        let said = tokio::spawn(async move {
            let mut first = Vec::new();
            let _ = (&mut errors).take(SAID).read_to_end(&mut first).await;
            let kept = String::from_utf8_lossy(&first).into_owned();
            // What follows is let through, so that the program does not wait.
            let _ = tokio::io::copy(&mut errors, &mut tokio::io::sink()).await;
            kept
        });
        let hello = ().serve_with_lifecycle((output, input), era.lifecycle());
        match tokio::time::timeout(HELLO, hello).await {
            Ok(Ok(service)) => Ok(Self {
                service,
                child: Some(child),
            }),
            outcome => {
                let why = match outcome {
                    Ok(Err(error)) => error.to_string(),
                    _ => format!("no answer within {} s", HELLO.as_secs()),
                };
                let _ = child.kill().await;
                let said = said.await.unwrap_or_default();
                let said = said.lines().map(str::trim).find(|line| !line.is_empty());
                let why = said.map_or(why, |said| crate::text::clean(said).into_owned());
                Err(Trouble::Unreachable(why))
            }
        }
    }

    /// Connects to an address over Streamable HTTP, with header fields whose values are secrets.
    ///
    /// # Errors
    /// When there is no server, or it lets nobody in.
    pub(crate) async fn reach(
        url: &str,
        headers: &[(String, SecretString)],
    ) -> Result<Self, Trouble> {
        let client = sender(url).map_err(Trouble::Unreachable)?;
        let mut fields = HashMap::new();
        for (name, value) in headers {
            let wrong = || Trouble::Unreachable(format!("{name} cannot be sent as a header field"));
            let field = HeaderName::try_from(name.as_str()).map_err(|_| wrong())?;
            let mut value = HeaderValue::try_from(value.expose_secret()).map_err(|_| wrong())?;
            value.set_sensitive(true);
            fields.insert(field, value);
        }
        let config = StreamableHttpClientTransportConfig::with_uri(url).custom_headers(fields);
        let transport = StreamableHttpClientTransport::with_client(client, config);
        match tokio::time::timeout(HELLO, ().serve(transport)).await {
            Ok(Ok(service)) => Ok(Self {
                service,
                child: None,
            }),
            Ok(Err(error)) => Err(refused(&error)),
            Err(_) => Err(Trouble::Unreachable(format!(
                "no answer within {} s",
                HELLO.as_secs()
            ))),
        }
    }

    /// What the server says of itself.
    pub(crate) fn hello(&self) -> Hello {
        let info = self.service.peer_info();
        let info = info.map(|info| serde_json::to_value(&*info).unwrap_or_default());
        let info = info.unwrap_or_default();
        let text = |place: &str| {
            let text = info.pointer(place).and_then(Value::as_str);
            crate::text::clean(text.unwrap_or_default()).into_owned()
        };
        Hello {
            name: text("/serverInfo/name"),
            protocol: text("/protocolVersion"),
        }
    }

    /// Every tool that it lists, as MCP writes them.
    ///
    /// # Errors
    /// When it refuses or does not answer.
    pub(crate) async fn tools(&self) -> Result<Vec<Value>, Trouble> {
        let tools = tokio::time::timeout(LIST, self.pages()).await;
        let tools =
            tools.map_err(|_| Trouble::Unreachable("it does not list its tools".to_owned()))??;
        let tools = tools.iter();
        Ok(tools
            .filter_map(|tool| serde_json::to_value(tool).ok())
            .collect())
    }

    /// The tools of all pages, as far as a list may reach.
    async fn pages(&self) -> Result<Vec<Tool>, Trouble> {
        let endless = || Trouble::Refused("its list of tools has no end".to_owned());
        let mut tools = Vec::new();
        let mut cursors: Vec<String> = Vec::new();
        loop {
            let page = PaginatedRequestParams::default().with_cursor(cursors.last().cloned());
            let page = self.service.list_tools(Some(page)).await.map_err(failed)?;
            tools.extend(page.tools);
            match page.next_cursor {
                None => return Ok(tools),
                Some(cursor) if cursors.contains(&cursor) => return Err(endless()),
                Some(cursor) => cursors.push(cursor),
            }
            if cursors.len() > PAGES || tools.len() > TOOLS {
                return Err(endless());
            }
        }
    }

    /// Calls a tool; the result as MCP writes it.
    ///
    /// # Errors
    /// When it refuses or does not answer.
    pub(crate) async fn call(&self, tool: &str, arguments: Object) -> Result<Value, Trouble> {
        let request = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        let result = tokio::time::timeout(CALL, self.service.call_tool(request)).await;
        let result = result
            .map_err(|_| {
                Trouble::Unreachable(format!(
                    "no answer within {} s; what the call did is unknown",
                    CALL.as_secs()
                ))
            })?
            .map_err(failed)?;
        serde_json::to_value(&result)
            .map_err(|error| Trouble::Unreachable(format!("its answer cannot be read: {error}")))
    }

    /// Ends the connection, and the program.
    pub(crate) async fn close(self) {
        let _ = self.service.cancel().await;
        if let Some(mut child) = self.child {
            // Its input has ended; one that does not mind is ended.
            let ended = tokio::time::timeout(Duration::from_secs(3), child.wait()).await;
            if ended.is_err() {
                let _ = child.kill().await;
            }
        }
    }
}

/// What sends requests: directly, and only where it was told to.
fn sender(url: &str) -> Result<reqwest::Client, String> {
    // Another provider may be installed already; any that verifies certificates will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("mcpwright/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_proxy();
    if url.starts_with("http:") {
        // No certificate is ever needed, and none need be installed.
        builder = builder.tls_certs_only([]);
    }
    builder
        .build()
        .map_err(|error| format!("TLS cannot be set up: {}", chain(&error)))
}

fn refused(error: &ClientInitializeError) -> Trouble {
    if let Some(challenge) = error.auth_challenge() {
        return Trouble::Unauthorized(challenge.to_owned());
    }
    if error.is_authorization_required() {
        return Trouble::Unauthorized(String::new());
    }
    match error {
        ClientInitializeError::JsonRpcError(error) => {
            Trouble::Refused(crate::text::clean(&error.message).into_owned())
        }
        ClientInitializeError::TransportError { error, .. } => broken(error.error.as_ref()),
        ClientInitializeError::ConnectionClosed(_) => Trouble::Unreachable(SILENT.to_owned()),
        ClientInitializeError::NoCompatibleProtocolVersion { .. } => {
            Trouble::Unreachable("it speaks no version of MCP that is known here".to_owned())
        }
        _ => Trouble::Unreachable(NO_MCP.to_owned()),
    }
}

fn failed(error: ServiceError) -> Trouble {
    match error {
        ServiceError::McpError(error) => {
            Trouble::Refused(crate::text::clean(&error.message).into_owned())
        }
        ServiceError::TransportSend(error) => broken(error.error.as_ref()),
        ServiceError::TransportClosed => Trouble::Unreachable(SILENT.to_owned()),
        _ => Trouble::Unreachable(NO_MCP.to_owned()),
    }
}

/// What a connection that ends before the answer is called.
const SILENT: &str = "it ended the connection without an answer";
/// What an answer that is none of MCP is called.
const NO_MCP: &str = "what answers there is no MCP server; give the address of /mcp";

/// Why a request over HTTP has no answer of MCP: by the types of the errors, not by their words.
fn broken(error: &(dyn std::error::Error + 'static)) -> Trouble {
    let mut source = Some(error);
    while let Some(current) = source {
        if let Some(required) = current.downcast_ref::<AuthRequiredError>() {
            return Trouble::Unauthorized(required.www_authenticate_header.clone());
        }
        if let Some(scope) = current.downcast_ref::<InsufficientScopeError>() {
            return Trouble::Unauthorized(scope.www_authenticate_header.clone());
        }
        if let Some(failed) = current.downcast_ref::<reqwest::Error>() {
            return unsent(failed);
        }
        if let Some(answer) = current.downcast_ref::<StreamableHttpError<reqwest::Error>>() {
            match answer {
                StreamableHttpError::Client(failed) => return unsent(failed),
                StreamableHttpError::HttpStatus(answer) => return status(answer.status),
                StreamableHttpError::UnexpectedServerResponse(said) => return answered(said),
                StreamableHttpError::UnexpectedContentType(_)
                | StreamableHttpError::ServerDoesNotSupportSse
                | StreamableHttpError::Deserialize(_) => {
                    return Trouble::Unreachable(NO_MCP.to_owned());
                }
                StreamableHttpError::ResponseBodyTooLarge { .. } => {
                    return Trouble::Unreachable("its answer is too large".to_owned());
                }
                _ => {}
            }
        }
        source = current.source();
    }
    Trouble::Unreachable(chain(error))
}

/// Why a request has no answer.
fn unsent(failed: &reqwest::Error) -> Trouble {
    if let Some(code) = failed.status() {
        return status(code.as_u16());
    }
    Trouble::Unreachable(if failed.is_timeout() {
        "no answer in time".to_owned()
    } else if failed.is_connect() {
        format!("nothing answers there: {}", chain(failed))
    } else {
        chain(failed)
    })
}

/// What the SDK says of an answer for which it has no type: `HTTP 403 Forbidden: …`, or that it was not read.
fn answered(said: &str) -> Trouble {
    let code = said.strip_prefix("HTTP ").and_then(|said| said.get(..3));
    match code.and_then(|code| code.parse().ok()) {
        Some(code) => status(code),
        None => Trouble::Unreachable(NO_MCP.to_owned()),
    }
}

/// What a status says that is no answer of MCP.
fn status(status: u16) -> Trouble {
    match status {
        401 | 403 => Trouble::Unauthorized(String::new()),
        404 | 405 => Trouble::Unreachable(format!("{status}: {NO_MCP}")),
        _ => Trouble::Unreachable(format!("it answers {status}")),
    }
}

/// The last reason of an error, which is the one to act on.
fn chain(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    let text = last.to_string();
    crate::text::clean(&text).into_owned()
}
