//! The command line's grammar.

use clap::{Arg, ArgAction, Command};

use crate::operation::{Api, SchemeKind, SecurityScheme};

/// The command of a generated binary.
pub(super) fn command(api: &Api) -> Command {
    let tool = Arg::new("tool")
        .value_name("TOOL")
        .required(true)
        .help("Name of the tool");
    let pairs = Arg::new("arguments")
        .value_name("NAME=VALUE")
        .num_args(0..)
        .help("Arguments; a value that is no text may be JSON");
    let json = Arg::new("json")
        .long("json")
        .value_name("OBJECT")
        .conflicts_with("arguments")
        .help("All arguments as one JSON object");
    let command = Command::new(api.name)
        .version(format!("{} (mcpwright {})", api.version, env!("CARGO_PKG_VERSION")))
        .about(format!("MCP server for {}", api.title))
        .after_help(environment(api))
        // Terminals wrap long lines. Otherwise they are wrapped where another crate of the same build asks clap for it.
        .term_width(0)
        .disable_help_subcommand(true)
        .subcommand(
            Command::new("stdio")
                .about("Serve on standard input and output (the default)")
                .args(view()),
        )
        .subcommand(
            Command::new("tools")
                .about("List the tools: all of them, or those of a view; with names, the signatures of these")
                .arg(
                    Arg::new("names")
                        .value_name("TOOL")
                        .num_args(0..)
                        .help("Show what these take"),
                )
                .args(address())
                .arg(
                    Arg::new("json").long("json").action(ArgAction::SetTrue).help("As JSON, with schemas"),
                )
                .args(view()),
        )
        .subcommand(
            Command::new("call")
                .about("Call a tool and print its answer (exit code 3 credential, 4 unreachable, 5 tool error)")
                .arg(tool)
                .args(address())
                .arg(pairs)
                .arg(json)
                .arg(
                    Arg::new("yes")
                        .long("yes")
                        .short('y')
                        .action(ArgAction::SetTrue)
                        .help("Agree beforehand to what would be asked"),
                )
                .args(view()),
        )
        .subcommand(super::audit::command());
    #[cfg(feature = "connect")]
    let command = command
        .subcommand(super::connect::command())
        .subcommand(super::connect::undo_command())
        .subcommand(super::doctor::command());
    #[cfg(feature = "http")]
    let command = command
        .subcommand(http())
        .subcommand(super::health::command())
        .subcommand(super::keys::command());
    #[cfg(feature = "connect")]
    let command = command
        .subcommand(super::shell::completions_command())
        .subcommand(super::shell::man_command());
    command
}

/// A server that runs already, in place of this one.
fn address() -> Vec<Arg> {
    if !cfg!(feature = "connect") {
        return Vec::new();
    }
    vec![
        Arg::new("url")
            .long("url")
            .value_name("URL")
            .help("Ask the server at this address (its /mcp) instead"),
        Arg::new("auth")
            .long("auth")
            .value_name("MODE")
            .value_parser(["none", "keys", "passthrough"])
            .default_value("none")
            .requires("url")
            .help("What lets in there: the key in <PREFIX>_MCP_KEY (keys), or the credential of the service (passthrough)"),
    ]
}

/// Which tools are listed, and how.
pub(super) fn view() -> [Arg; 6] {
    let text = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    [
        text(
            "view",
            "VIEW",
            "all, core, lean, records, readonly, x/TOOLSET,…, or several with / between (all while they are few, otherwise core)",
        ),
        text("toolsets", "LIST", "List the tools of these groups"),
        text(
            "tools",
            "LIST",
            "List these tools, besides those of --toolsets",
        ),
        text("exclude-tools", "LIST", "Switch these tools off"),
        Arg::new("read-only")
            .long("read-only")
            .action(ArgAction::SetTrue)
            .help("Refuse every tool that does more than read"),
        text(
            "records-prefix",
            "PREFIX",
            "What the tools of the view records begin with (crm)",
        ),
    ]
}

#[cfg(feature = "http")]
fn http() -> Command {
    let list = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .action(ArgAction::Append)
            .help(help)
    };
    Command::new("http")
        .about("Serve Streamable HTTP at /mcp; views are at /mcp/all, /mcp/lean, /mcp/x/{toolsets} and so on")
        .args(view())
        .arg(
            Arg::new("listen")
                .long("listen")
                .value_name("ADDRESS")
                .default_value("127.0.0.1:8970")
                .help("IP address and port; port 0 takes a free one"),
        )
        .arg(
            Arg::new("admin-listen")
                .long("admin-listen")
                .value_name("ADDRESS")
                .help("Answer /healthz, /readyz and /metrics (Prometheus) here, e.g. 127.0.0.1:9464, and with <PREFIX>_ADMIN_KEY the operator's page (nowhere)"),
        )
        .arg(
            Arg::new("serve-document")
                .long("serve-document")
                .action(ArgAction::SetTrue)
                .help("Answer GET /openapi.json with the document of the tools that the caller may use (needs `serve_document` when it was generated)"),
        )
        .arg(list(
            "allow-host",
            "HOST",
            "Accept this Host header too, e.g. mcp.example.com",
        ))
        .arg(list(
            "allow-origin",
            "ORIGIN",
            "Accept this Origin header too, e.g. https://app.example.com",
        ))
        .arg(
            Arg::new("auth")
                .long("auth")
                .value_name("MODE")
                .value_parser(["none", "keys", "passthrough", "oauth"])
                .default_value("none")
                .help("Who may call: whoever reaches this machine's own address (none), whoever has a key of `keys create` (keys), whoever brings a credential of the service along (passthrough), or whoever has an access token of an authorization server (oauth)"),
        )
        .arg(
            Arg::new("public-url")
                .long("public-url")
                .value_name("URL")
                .help("URL of /mcp as clients reach it: what the page shows, and for which access tokens are issued (--auth oauth)"),
        )
        .arg(
            Arg::new("allow-remote-admin")
                .long("allow-remote-admin")
                .action(ArgAction::SetTrue)
                .help("Let --admin-listen be an address that other machines reach"),
        )
        .arg(
            Arg::new("allow-remote-without-auth")
                .long("allow-remote-without-auth")
                .action(ArgAction::SetTrue)
                .help("Listen beyond this machine although callers are not identified"),
        )
}

/// Variables of access tokens that this server obtains.
const OAUTH: &[(&str, &str)] = &[
    (
        "TOKEN_URL",
        "token endpoint, where this server gets access tokens",
    ),
    ("ISSUER", "or the OpenID Connect issuer that names it"),
    (
        "ALLOWED_TOKEN_HOSTS",
        "hosts of token endpoints besides the issuer's own",
    ),
    ("CLIENT_ID", "client identifier; or …_FILE"),
    ("CLIENT_SECRET", "client secret; or …_FILE"),
    ("CLIENT_AUTH", "how they are sent: basic (default) or post"),
    (
        "REFRESH_TOKEN",
        "refresh token, for the grant of that name; or …_FILE",
    ),
    ("USERNAME, …_PASSWORD", "for the grant password; or …_FILE"),
    (
        "GRANT",
        "client_credentials, refresh_token or password (by what is set)",
    ),
    ("SCOPES", "scopes to ask for (the issuer's default)"),
];

/// What `--help` says of the environment.
pub(crate) fn environment(api: &Api) -> String {
    let prefix = api.env_prefix;
    let mut lines = vec![format!(
        "Environment:\n  {prefix}_BASE_URL  address of the service (required)"
    )];
    for scheme in api.security_schemes {
        for variable in scheme.variables {
            let file = if scheme.kind == SchemeKind::MutualTls {
                String::new()
            } else {
                format!("; or {variable}_FILE")
            };
            let line = format!(
                "  {variable}  credential ({}){file}",
                crate::text::clean(scheme.name)
            );
            lines.push(line);
        }
    }
    let has_oauth = |scheme: &&&SecurityScheme| {
        matches!(
            scheme.kind,
            SchemeKind::OAuth2 { .. } | SchemeKind::OpenIdConnect { .. }
        )
    };
    if api.security_schemes.iter().find(has_oauth).is_some() {
        for (name, help) in OAUTH {
            lines.push(format!("  {prefix}_{name}  {help}"));
        }
    }
    if takes_files(api) {
        let help = "folder whose files may be sent by path (none)";
        lines.push(format!("  {prefix}_FILES_DIR  {help}"));
    }
    for (name, help) in [
        ("TIMEOUT_SECONDS", "total time of a call (30)"),
        (
            "TRY_SECONDS, …_CONNECT_SECONDS",
            "time of one attempt (10, or TIMEOUT_SECONDS where that is set) and of a connection (3)",
        ),
        (
            "MAX_ATTEMPTS",
            "how often a request is sent that may be sent again, 1 to 3 (3)",
        ),
        (
            "IDEMPOTENCY_KEYS, …_IDEMPOTENCY_KEY_HOURS",
            "all or tools whose service honours the key of a call, and for how long (none; 23)",
        ),
        (
            "UNPROCESSED_503, …_NO_RESEND",
            "1: the service answers 503 before it acts; tools that are not repeated after a 429 (none)",
        ),
        (
            "RATE, …_RATE_BURST",
            "requests that the service gets, as 10/s, 600/min or 5000/h, and at once (as many as it takes)",
        ),
        (
            "MAX_RESPONSE_BYTES",
            "largest answer of the service (10485760)",
        ),
        (
            "MAX_RESULT_TOKENS",
            "tokens that a result may have, about; what is more is cut by its structure, and that is said (20000)",
        ),
        (
            "FORMAT",
            "text of results: markdown, json, toon or csv (markdown)",
        ),
        (
            "CONFIRM",
            "how calls are confirmed: auto, token, elicit, arg, deny, off; or destructive=…,outward=…,write=…,TOOL=… (auto; writes off)",
        ),
        (
            "SECRET",
            "makes a confirmation hold in other processes with the same one; or …_FILE (made at start)",
        ),
        (
            "STATE_URL",
            "redis://… that replicas share, with SECRET; or …_FILE (this process alone)",
        ),
        (
            "AUDIT",
            "file for the log of calls, which the command audit reads (none)",
        ),
        (
            "AUDIT_VALUES",
            "1 writes the values of arguments to it, but for secrets",
        ),
        (
            "AUDIT_MAX_BYTES",
            "size from which a new file is begun (67108864)",
        ),
        #[cfg(feature = "http")]
        (
            "KEYS",
            "file of the keys of callers, for http --auth keys and the command keys",
        ),
        #[cfg(feature = "http")]
        (
            "PEPPER",
            "what the keys are hashed with: the newest first, then those still in use; or …_FILE",
        ),
        #[cfg(feature = "http")]
        (
            "ADMIN_KEY",
            "switches the operator's page on at http --admin-listen, for who shows it: at least 32 characters; or …_FILE",
        ),
        #[cfg(feature = "http")]
        (
            "CALLER_RATE, …_CALLER_RATE_BURST",
            "requests over HTTP that are taken of each caller, as 60/min or 5/s, and at once (no limit; 10 s of it)",
        ),
        #[cfg(feature = "http")]
        (
            "PUBLIC_URL",
            "URL of /mcp as clients reach it, for the page and http --auth oauth",
        ),
        #[cfg(feature = "http")]
        (
            "OAUTH_ISSUER, …_OAUTH_AUDIENCE",
            "issuer of access tokens, and what they may call this server besides PUBLIC_URL",
        ),
        #[cfg(feature = "http")]
        (
            "OAUTH_JWKS_URL",
            "where its keys are (as its metadata says)",
        ),
        #[cfg(feature = "http")]
        (
            "OAUTH_INTROSPECTION_URL, …_OAUTH_INTROSPECTION_SECONDS",
            "ask it about each token instead, and for how long an answer counts (10)",
        ),
        #[cfg(feature = "http")]
        (
            "OAUTH_EXCHANGE_URL, …_OAUTH_EXCHANGE_AUDIENCE, …_OAUTH_EXCHANGE_SCOPES",
            "get a token of the service for each caller's (none: the credential above)",
        ),
        #[cfg(feature = "http")]
        (
            "OAUTH_CLIENT_ID, …_OAUTH_CLIENT_SECRET, …_OAUTH_CLIENT_AUTH",
            "what this server is to the issuer, for these two; or …_FILE; basic or post",
        ),
        #[cfg(feature = "http")]
        (
            "OAUTH_SCOPES",
            "scopes that count: TOOLSET:CLASS, NAME=TOOLSET:CLASS,…, or document (TOOLSET:CLASS)",
        ),
        ("ALLOW_HTTP", "1 permits plain http to other machines"),
        (
            "ALLOW_PRIVATE",
            "1 permits host names that lead into private networks",
        ),
        ("PROXY", "URL of an HTTP proxy (none)"),
        (
            "CLIENT_CERT_FILE",
            "PEM file of a client certificate (none)",
        ),
        ("CLIENT_KEY_FILE", "PEM file of its private key"),
        ("CA_FILE", "PEM file of further authorities to trust (none)"),
        (
            "VIEW, …_TOOLSETS, …_TOOLS, …_EXCLUDE_TOOLS",
            "as the options of these names",
        ),
        ("READ_ONLY, …_RECORDS_PREFIX", "likewise; READ_ONLY is 1"),
        ("APPS", "0: tools name no views for hosts of MCP Apps (1)"),
        ("LOG", "log filter, e.g. debug (also RUST_LOG)"),
        #[cfg(feature = "otel")]
        (
            "SEND_TRACEPARENT",
            "1 tells the service which trace a request belongs to; OTEL_EXPORTER_OTLP_ENDPOINT and the like say where traces go",
        ),
    ] {
        lines.push(format!("  {prefix}_{name}  {help}"));
    }
    lines.join("\n")
}

/// Whether a tool takes files: their schemas say so.
fn takes_files(api: &Api) -> bool {
    let mut schemas = api.operations.iter().map(|op| op.input_schema);
    schemas.any(|schema| schema.contains("\"data_base64\""))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_grammar_is_sound() {
        static API: crate::operation::Api = crate::operation::Api {
            name: "x",
            title: "X",
            version: "1",
            instructions: "",
            env_prefix: "X",
            servers: &[],
            security_schemes: &[],
            operations: &[],
            exclusions: &[],
            document_operations: 0,
            document_sha256: "",
            generator: "",
            ..crate::operation::Api::DEFAULT
        };
        super::command(&API).debug_assert();
    }
}
