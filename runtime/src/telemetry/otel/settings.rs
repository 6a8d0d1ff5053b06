//! What the operator configures: the variables of OpenTelemetry's "SDK environment variables" and "OTLP exporter".

use std::time::Duration;

use crate::upstream::{ConfigError, Tls, is_loopback};

/// Time of one export unless the operator says otherwise.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The most that the operator may say.
const LONGEST: Duration = Duration::from_secs(60);
/// The only protocol.
const PROTOCOL: &str = "http/protobuf";

/// Where spans and metrics go, and how.
#[derive(Debug)]
pub(super) struct Settings {
    /// Time of one export of spans; nothing if none are sent.
    pub(super) traces: Option<Duration>,
    /// The same of metrics.
    pub(super) metrics: Option<Duration>,
    pub(super) tls: Tls,
    pub(super) is_https: bool,
    /// `<PREFIX>_SEND_TRACEPARENT`: whether the service is told of the trace.
    pub(super) tells_service: bool,
}

impl Settings {
    /// Reads the environment; nothing if nothing is to be sent. The standard's own address is no reason to
    /// send: a server that runs on somebody's desk has no collector.
    ///
    /// # Errors
    /// One line that names the variable.
    pub(super) fn read(
        prefix: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, ConfigError> {
        // An empty value is as good as none.
        let get = |name: &str| {
            let value = variable(name)?.trim().to_owned();
            (!value.is_empty()).then_some(value)
        };
        if get("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Ok(None);
        }
        let allow_http = get(&format!("{prefix}_ALLOW_HTTP")).is_some_and(|value| value == "1");
        let mut is_https = false;
        let mut signal = |name: &str| {
            let sends = sends(name, &get)?;
            if !sends {
                return Ok(None);
            }
            // Set for all signals, or for one.
            let of = |what: &str| {
                let names = [
                    format!("OTEL_EXPORTER_OTLP_{name}_{what}"),
                    format!("OTEL_EXPORTER_OTLP_{what}"),
                ];
                names
                    .into_iter()
                    .find_map(|name| get(&name).map(|value| (name, value)))
            };
            if let Some((name, protocol)) = of("PROTOCOL")
                && protocol != PROTOCOL
            {
                return Err(ConfigError(format!(
                    "{name} is `{}`, and this server sends {PROTOCOL} only, which collectors take at port 4318; set it to that, or unset it",
                    shown(&protocol)
                )));
            }
            if let Some((name, endpoint)) = of("ENDPOINT") {
                let secret = of("HEADERS").map(|(name, _)| name).filter(|_| !allow_http);
                is_https |= checked(&name, &endpoint, secret.as_deref(), prefix)?;
            }
            timeout(of("TIMEOUT")).map(Some)
        };
        let (traces, metrics) = (signal("TRACES")?, signal("METRICS")?);
        if traces.is_none() && metrics.is_none() {
            return Ok(None);
        }
        let names = ["CLIENT_CERTIFICATE", "CLIENT_KEY", "CERTIFICATE"]
            .map(|name| format!("OTEL_EXPORTER_OTLP_{name}"));
        let sends = get(&format!("{prefix}_SEND_TRACEPARENT"));
        Ok(Some(Self {
            traces,
            metrics,
            tls: Tls::named(&names, variable)?,
            is_https,
            tells_service: matches!(sends.as_deref(), Some("1" | "true")),
        }))
    }
}

/// Whether a signal is sent: an address or an exporter is named, and the exporter is not `none`.
fn sends(signal: &str, get: &dyn Fn(&str) -> Option<String>) -> Result<bool, ConfigError> {
    let name = format!("OTEL_{signal}_EXPORTER");
    let Some(exporters) = get(&name) else {
        return Ok(get("OTEL_EXPORTER_OTLP_ENDPOINT")
            .or_else(|| get(&format!("OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")))
            .is_some());
    };
    let mut named = exporters.split(',').map(str::trim);
    if named.clone().any(|one| one == "otlp") {
        return Ok(true);
    }
    if named.all(|one| one == "none") {
        return Ok(false);
    }
    Err(ConfigError(format!(
        "{name} is `{}`, and this server has otlp and none",
        shown(&exporters)
    )))
}

/// Whether an address is one of https; `secret` is the variable of header fields that go there.
fn checked(
    name: &str,
    endpoint: &str,
    secret: Option<&str>,
    prefix: &str,
) -> Result<bool, ConfigError> {
    let wrong = || {
        ConfigError(format!(
            "{name} is not a URL such as http://127.0.0.1:4318, without a user name, a query and a fragment"
        ))
    };
    let url = reqwest::Url::parse(endpoint).map_err(|_| wrong())?;
    let plain = url.username().is_empty() && url.password().is_none();
    if !plain || url.query().is_some() || url.fragment().is_some() || url.host_str().is_none() {
        return Err(wrong());
    }
    match url.scheme() {
        "https" => Ok(true),
        "http" => match secret {
            Some(secret) if !is_loopback(&url) => Err(ConfigError(format!(
                "{name} is plain http to another machine, and {secret} would be read on the way; use https, or set {prefix}_ALLOW_HTTP=1"
            ))),
            _ => Ok(false),
        },
        _ => Err(wrong()),
    }
}

/// Milliseconds, as the standard has them.
fn timeout(said: Option<(String, String)>) -> Result<Duration, ConfigError> {
    let Some((name, value)) = said else {
        return Ok(TIMEOUT);
    };
    match value.parse().map(Duration::from_millis) {
        Ok(time) if time > Duration::ZERO && time <= LONGEST => Ok(time),
        _ => Err(ConfigError(format!(
            "{name} is a time in milliseconds, at most {}",
            LONGEST.as_millis()
        ))),
    }
}

fn shown(value: &str) -> String {
    crate::text::cap(&crate::text::clean(value), 40).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Option<Settings>, ConfigError> {
        Settings::read("X", &|name| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn nothing_is_sent_before_somebody_says_where_to() {
        const HERE: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
        // What is set, and which of traces and metrics are sent.
        for (set, expected) in [
            (vec![], (false, false)),
            (vec![HERE], (true, true)),
            (vec![("OTEL_EXPORTER_OTLP_ENDPOINT", " ")], (false, false)),
            (vec![HERE, ("OTEL_SDK_DISABLED", "TRUE")], (false, false)),
            (vec![HERE, ("OTEL_METRICS_EXPORTER", "none")], (true, false)),
            (vec![("OTEL_METRICS_EXPORTER", "otlp")], (false, true)),
            (
                vec![("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://a.example/t")],
                (true, false),
            ),
        ] {
            let settings = read(&set).ok().flatten();
            let sent = settings.map_or((false, false), |settings| {
                (settings.traces.is_some(), settings.metrics.is_some())
            });
            assert_eq!(sent, expected, "{set:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_variable() {
        let remote = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
        let headers = ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "api-key=canary");
        for (set, expected) in [
            (
                vec![remote, ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")],
                "OTEL_EXPORTER_OTLP_PROTOCOL is `grpc`",
            ),
            (
                vec![("OTEL_TRACES_EXPORTER", "console")],
                "OTEL_TRACES_EXPORTER is `console`",
            ),
            (
                vec![("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")],
                "OTEL_EXPORTER_OTLP_ENDPOINT is not a URL",
            ),
            (
                vec![("OTEL_EXPORTER_OTLP_ENDPOINT", "http://u:canary@a:4318")],
                "OTEL_EXPORTER_OTLP_ENDPOINT is not a URL",
            ),
            (
                vec![remote, ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s")],
                "OTEL_EXPORTER_OTLP_TIMEOUT is a time in milliseconds",
            ),
            (
                vec![remote, headers],
                "OTEL_EXPORTER_OTLP_TRACES_HEADERS would be read on the way",
            ),
            (
                vec![remote, ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/none.pem")],
                "OTEL_EXPORTER_OTLP_CERTIFICATE names a file that cannot be read",
            ),
        ] {
            let error = read(&set).err().map(|error| error.0).unwrap_or_default();
            assert!(error.contains(expected), "{set:?}: {error}");
            assert!(!error.contains("canary"), "{error}");
        }
        assert!(read(&[remote, headers, ("X_ALLOW_HTTP", "1")]).is_ok());
        let here = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://[::1]:4318");
        assert!(read(&[here, headers]).is_ok());
    }
}
