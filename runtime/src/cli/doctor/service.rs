//! The service: whether it answers, takes the credential, and has the same time.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{AUTH, Finding, UNREACHABLE};
use crate::cli::connect::program_name;
use crate::json::Object;
use crate::operation::{Api, OperationDef, Risk};
use crate::request;
use crate::upstream::{Failure, Settings, Upstream};

/// Seconds between two clocks that nobody minds; signed requests and tokens allow 30 to 300.
const SKEW: u64 = 30;
/// Names of what tells who one is, or whether the service is up.
const HARMLESS: [&str; 8] = [
    "whoami", "get_me", "me", "current", "profile", "account", "status", "health",
];

/// A read that needs no arguments, best one that needs a credential and tells who one is.
fn harmless(api: &'static Api, settings: &Settings) -> Option<&'static OperationDef> {
    let needs = |op: &OperationDef| {
        !op.security.is_empty() && !op.security.iter().any(|uses| uses.is_empty())
    };
    let is_harmless = |op: &&&OperationDef| {
        let schema = serde_json::from_str::<Object>(op.input_schema).unwrap_or_default();
        op.method == "GET"
            && op.risk == Risk::Read
            && op.server.is_none()
            && schema.get("required").is_none()
            && settings.credentials.satisfy(op)
    };
    let rank = |op: &&&OperationDef| {
        let named = HARMLESS
            .iter()
            .position(|word| op.tool == *word || op.tool.ends_with(&format!("_{word}")));
        (!needs(op), named.unwrap_or(HARMLESS.len()), op.path.len())
    };
    api.operations
        .iter()
        .filter(is_harmless)
        .min_by_key(rank)
        .copied()
}

/// Asks the service for something harmless.
pub(super) async fn check(api: &'static Api, settings: Settings, findings: &mut Vec<Finding>) {
    let is_https = settings.base_url.is_https();
    let url = settings.base_url.as_str().to_owned();
    let Some(operation) = harmless(api, &settings) else {
        findings.push(Finding::warning(
            "service",
            "no operation reads without arguments, so that nothing was asked of the service",
            format!("{} call TOOL NAME=VALUE", program_name(api)),
        ));
        return;
    };
    let request = match request::build(operation, &Object::new()) {
        Ok(request) => request,
        Err(error) => {
            let line = format!("{} cannot be asked: {error}", operation.tool);
            findings.push(Finding::warning("service", line, ""));
            return;
        }
    };
    let said = format!("{} {}", operation.method, operation.path);
    let upstream = Upstream::new(settings, api.name, api.version);
    let reply = match upstream.send(operation, request).await {
        Ok(reply) => reply,
        Err(failure) => {
            let text = failure.to_string();
            let untrusted = is_https.then(|| untrusted(api, &text)).flatten();
            if let (Failure::Unreachable(_) | Failure::Broken(_), Some(mend)) =
                (&failure, untrusted)
            {
                findings.push(Finding::fault(
                    "tls",
                    UNREACHABLE,
                    format!("{said}: {text}"),
                    mend,
                ));
                return;
            }
            let (code, mend) = match &failure {
                Failure::NoCredential(_) | Failure::NoToken(_) => (
                    AUTH,
                    format!(
                        "{} --help names the variables of its credential",
                        program_name(api)
                    ),
                ),
                _ => (
                    UNREACHABLE,
                    format!("curl -sSI {url}, and see {}_BASE_URL", api.env_prefix),
                ),
            };
            findings.push(Finding::fault(
                "service",
                code,
                format!("{said}: {text}"),
                mend,
            ));
            return;
        }
    };
    findings.push(if is_https {
        Finding::well("tls", "https, and the certificate is trusted")
    } else {
        Finding::well("tls", "plain http, as the address of the service has it")
    });
    if let Some(finding) = reply.header("date").and_then(clock) {
        findings.push(finding);
    }
    let status = reply.status;
    findings.push(match status {
        200..300 => Finding::well("credential", format!("{said} → {status}")),
        401 => Finding::fault(
            "credential",
            AUTH,
            format!("{said} → 401: the service does not take the credential"),
            format!(
                "make a new one in {} and set it: {} --help names the variables",
                api.title,
                program_name(api)
            ),
        ),
        403 => Finding::warning(
            "credential",
            format!("{said} → 403: the credential is known and may not do this"),
            format!(
                "give it the right in {}, or call tools that it may use",
                api.title
            ),
        ),
        404 | 405 => Finding::fault(
            "service",
            UNREACHABLE,
            format!("{said} → {status} at {url}: the address may lack a part of its path"),
            format!(
                "export {}_BASE_URL={}",
                api.env_prefix,
                api.servers.first().copied().unwrap_or("https://…/api")
            ),
        ),
        429 => Finding::warning(
            "service",
            format!("{said} → 429: too many requests for now"),
            "",
        ),
        _ => Finding::warning(
            "service",
            format!("{said} → {status}"),
            format!("{} call {}", program_name(api), operation.tool),
        ),
    });
}

/// What mends a connection that ended with the certificates, by the words of the TLS library; none where it ended
/// otherwise.
fn untrusted(api: &Api, failure: &str) -> Option<String> {
    let prefix = api.env_prefix;
    let has = |word: &str| failure.contains(word);
    if has("CertificateRequired") {
        return Some(format!(
            "export {prefix}_CLIENT_CERT_FILE=/path/to/certificate.pem {prefix}_CLIENT_KEY_FILE=/path/to/key.pem"
        ));
    }
    if has("InvalidContentType") {
        return Some(format!(
            "the address speaks no TLS: export {prefix}_BASE_URL=http://… if it is meant so"
        ));
    }
    if !has("certificate") {
        return None;
    }
    Some(if has("not valid for") || has("NotValidForName") {
        format!("export {prefix}_BASE_URL=https://… with a host that the certificate is for")
    } else if has("expired") || has("Expired") || has("NotValidYet") || has("not valid yet") {
        "renew the certificate of the service, or set this machine's clock".to_owned()
    } else {
        format!(
            "export {prefix}_CA_FILE=/path/to/authority.pem, the certificate of the authority that signed the service's"
        )
    })
}

/// The difference between both clocks, from the header `Date`.
fn clock(date: &str) -> Option<Finding> {
    let seconds = |time: SystemTime| Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs());
    let theirs = seconds(httpdate::parse_http_date(date).ok()?)?;
    let ours = seconds(SystemTime::now())?;
    let apart = theirs.abs_diff(ours);
    Some(if apart <= SKEW {
        Finding::well("clock", format!("within {SKEW} s of the service's"))
    } else {
        let side = if ours < theirs { "behind" } else { "ahead of" };
        Finding::warning(
            "clock",
            format!(
                "this machine is {apart} s {side} the service: tokens may count as old, and dates as wrong"
            ),
            "set the clock by NTP: timedatectl set-ntp true (Linux), w32tm /resync (Windows)",
        )
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::Grade;
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_certificate_that_is_not_trusted_is_mended_where_trust_is() {
        let api = Api {
            env_prefix: "X",
            ..Api::DEFAULT
        };
        for (failure, mend) in [
            (
                "invalid peer certificate: UnknownIssuer",
                Some("export X_CA_FILE="),
            ),
            (
                "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
                Some("export X_CA_FILE="),
            ),
            (
                "invalid peer certificate: certificate not valid for name \"a.example\"",
                Some("export X_BASE_URL="),
            ),
            (
                "invalid peer certificate: certificate expired: verification time 1",
                Some("renew"),
            ),
            (
                "received fatal alert: CertificateRequired",
                Some("export X_CLIENT_CERT_FILE="),
            ),
            (
                "received corrupt message of type InvalidContentType",
                Some("the address speaks no TLS"),
            ),
            ("connection refused", None),
        ] {
            let found = untrusted(&api, failure);
            assert_eq!(found.is_some(), mend.is_some(), "{failure}");
            let found = found.unwrap_or_default();
            assert!(
                found.starts_with(mend.unwrap_or_default()),
                "{failure}: {found}"
            );
        }
    }

    #[test]
    fn clocks_that_differ_are_told_with_the_side() {
        let at = |time: SystemTime| clock(&httpdate::fmt_http_date(time)).unwrap();
        assert_eq!(at(SystemTime::now()).grade, Grade::Well);
        let late = at(SystemTime::now() + Duration::from_secs(600));
        assert!(
            late.grade == Grade::Warning && late.says.contains("behind"),
            "{}",
            late.says
        );
        let early = at(SystemTime::now() - Duration::from_secs(600));
        assert!(early.says.contains("ahead of"), "{}", early.says);
        assert!(clock("yesterday").is_none());
    }
}
