//! The credential: where it comes from, and whether the service takes it.

use super::ask::Questions;
use crate::cli::fetch::{Fetcher, Host};
use crate::cli::terminal::Terminal;
use crate::ir::{Api, Operation, Risk, Scheme, SchemeKind};

/// Finds a credential, tries it with a harmless read, and gives it back if it is to be kept.
///
/// One that the environment holds stays there. Nothing is sent to a host that nobody named.
pub(super) fn settle(
    api: &Api,
    address: Option<&str>,
    is_trusted: bool,
    questions: &mut Questions,
    terminal: &Terminal,
) -> Option<(String, String)> {
    let scheme = first(api)?;
    let variable = scheme.variables.first()?;
    terminal.say(format!("{} auth: {}", terminal.tick(), said(scheme)));
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let held = set(variable);
    let typed = if held.is_none() {
        questions.secret(variable)
    } else {
        None
    };
    let secret = held.as_deref().or(typed.as_deref())?;
    match (address, fields(scheme, secret)) {
        (Some(_), _) if !is_trusted => terminal.say(format!(
            "  the credential was not tried: only the document names that address; `{}_BASE_URL` says that it is right",
            api.env_prefix
        )),
        (Some(address), Some(fields)) => tried(api, address, &fields, terminal),
        _ => {}
    }
    Some((variable.clone(), typed?))
}

/// The scheme that most operations take first.
fn first(api: &Api) -> Option<&Scheme> {
    let uses = |scheme: &Scheme| {
        let first = api
            .operations()
            .filter_map(|op| op.security.first()?.first());
        let index = api.schemes.iter().position(|one| one.name == scheme.name);
        first.filter(|used| Some(used.scheme) == index).count()
    };
    api.schemes
        .iter()
        .filter(|scheme| !scheme.variables.is_empty())
        .rev()
        .max_by_key(|scheme| uses(scheme))
}

fn said(scheme: &Scheme) -> String {
    let name = scheme.variables.join(", ");
    match &scheme.kind {
        SchemeKind::HeaderKey(field) => {
            format!(
                "a key in the header {} ({name})",
                crate::text::line(field, 60)
            )
        }
        SchemeKind::Bearer => format!("a bearer token ({name})"),
        SchemeKind::Basic => format!("user name and password ({name})"),
        _ => name,
    }
}

/// The header field that carries it; none where it goes elsewhere.
fn fields(scheme: &Scheme, secret: &str) -> Option<Vec<(String, String)>> {
    let field = match &scheme.kind {
        SchemeKind::HeaderKey(name) => (name.clone(), secret.to_owned()),
        SchemeKind::Bearer | SchemeKind::OAuth2(_) | SchemeKind::OpenIdConnect(_) => {
            ("Authorization".to_owned(), format!("Bearer {secret}"))
        }
        _ => return None,
    };
    Some(vec![field])
}

/// A read that needs no arguments, best one that tells who one is.
fn harmless(api: &Api) -> Option<&Operation> {
    let named = ["me", "whoami", "current", "profile", "account", "status"];
    let rank = |op: &&Operation| {
        let last = op.path.rsplit('/').next().unwrap_or_default();
        let place = named.iter().position(|word| *word == last);
        (place.unwrap_or(named.len()), op.path.len())
    };
    api.operations()
        .filter(|op| op.method == "GET" && op.risk == Risk::Read && op.server.is_none())
        .filter(|op| !op.path.contains('{') && op.input_schema.get("required").is_none())
        .filter(|op| !op.security.is_empty() && !op.security.iter().any(Vec::is_empty))
        .min_by_key(rank)
}

fn tried(api: &Api, address: &str, fields: &[(String, String)], terminal: &Terminal) {
    let Some(operation) = harmless(api) else {
        terminal.say("  the credential was not tried: nothing reads without arguments");
        return;
    };
    let base = address.trim_end_matches('/');
    let host = base.split_once("://").map(|(_, rest)| rest);
    let host = host.and_then(|rest| rest.split('/').next());
    let Some(host) = host.and_then(|host| host.parse::<Host>().ok()) else {
        terminal.say(format!(
            "  {} is no address; the credential was not tried",
            crate::text::line(address, 200)
        ));
        return;
    };
    let path = crate::text::line(&operation.path, 200);
    let url = format!("{base}/{}", operation.path.trim_start_matches('/'));
    match Fetcher::new(vec![host]).status(&url, fields) {
        Ok(status @ 200..300) => terminal.say(format!(
            "{} GET {path} → {status}: the credential works",
            terminal.tick()
        )),
        Ok(status @ (401 | 403)) => terminal.complain(format!(
            "GET {path} → {status}: the service does not take the credential; make another, and set {}",
            api.schemes.iter().find_map(|scheme| scheme.variables.first()).map_or("", String::as_str)
        )),
        Ok(status) => terminal.say(format!(
            "  GET {path} → {status}: compare the address of the service ({base})"
        )),
        Err(refusal) => {
            let refusal = refusal.diagnostic();
            terminal.say(format!("  the credential was not tried: {}", refusal.message));
        }
    }
}
