//! How a client reaches a server at an address, or why it cannot and what works.

use url::{Host, Url};

use super::shape::{Header, Way};
use super::table::{Client, Refer};
use crate::operation::{Api, ApiKeyLocation, SchemeKind};
use crate::upstream::is_loopback;

/// What works for a client in place of what does not; `program` is the name of this one.
pub(crate) fn instead(client: &Client, program: &str) -> String {
    client.instead.replace("{program}", program)
}

/// How people say in a form of a client what lets it in.
pub(crate) fn said_auth(auth: &str, header: Option<&Header>) -> String {
    match (auth, header) {
        ("oauth", _) => "OAuth".to_owned(),
        (_, Some(header)) => format!(
            "the header {} with {}the value of {}",
            header.name,
            if header.before.is_empty() {
                String::new()
            } else {
                format!("`{}` and ", header.before)
            },
            header.variable
        ),
        _ => "none".to_owned(),
    }
}

/// What to do by hand in a client, step by step.
pub(crate) fn steps(client: &Client, url: &str, said_auth: &str) -> Vec<String> {
    let steps = client.steps.iter();
    steps
        .map(|step| step.replace("{url}", url).replace("{auth}", said_auth))
        .collect()
}

/// The address of a server, without a credential in it.
///
/// # Errors
/// One line.
pub(crate) fn address(url: &str) -> Result<Url, String> {
    let parsed = Url::parse(url).ok();
    let parsed = parsed.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let Some(parsed) = parsed else {
        return Err(
            "--url takes the address of /mcp, such as http://127.0.0.1:8970/mcp".to_owned(),
        );
    };
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(
            "--url holds a credential, which others see in lists of processes; take it out"
                .to_owned(),
        );
    }
    Ok(parsed)
}

/// Whether everyone on the way to an address can read what is sent there.
pub(crate) fn is_open_to_all(url: &Url) -> bool {
    url.scheme() == "http" && !is_loopback(url)
}

/// A server at an address; refused where this client cannot reach it or be let in.
pub(crate) fn remote(
    api: &'static Api,
    client: &Client,
    url: &str,
    auth: &str,
    program: &str,
) -> Result<Way, String> {
    let parsed = address(url)?;
    let is_near = is_near(&parsed);
    if client.from_cloud && (is_near || parsed.scheme() == "http") {
        let why = if is_near {
            "cannot be reached from there"
        } else {
            "is not https"
        };
        return Err(format!(
            "{} connects from its vendor's machines, and {url} {why}. What works: {}",
            client.title,
            instead(client, program)
        ));
    }
    if !client.auth.is_empty() && !client.auth.iter().any(|known| known == auth) {
        return Err(format!(
            "{} sends no header of your own, so that --auth {auth} lets it in nowhere; it knows {}. What works: {}",
            client.title,
            client.auth.join(" and "),
            instead(client, program)
        ));
    }
    let header = header(api, auth)?;
    if let Some(header) = &header {
        if client.http.is_some() && client.header == Refer::No {
            return Err(format!(
                "the file of {} cannot refer to variables, and no secret is written into it, so that it cannot send {}. What works: start the program (`connect {}` without --url), or --auth oauth",
                client.title, header.name, client.id
            ));
        }
        if is_open_to_all(&parsed) {
            return Err(format!(
                "{} would travel to {url} for everyone on the way to read; use https",
                header.variable
            ));
        }
    }
    Ok(Way::Http {
        url: url.to_owned(),
        header,
    })
}

/// The field that lets a caller in.
pub(crate) fn header(api: &'static Api, auth: &str) -> Result<Option<Header>, String> {
    match auth {
        "keys" => Ok(Some(Header {
            name: "Authorization".to_owned(),
            before: "Bearer ",
            variable: format!("{}_MCP_KEY", api.env_prefix),
        })),
        "passthrough" => {
            let mut schemes = api.security_schemes.iter();
            let header = schemes.find_map(|scheme| {
                let variable = (*scheme.variables.first()?).to_owned();
                let (name, before) = match scheme.kind {
                    SchemeKind::ApiKey {
                        location: ApiKeyLocation::Header,
                        name,
                    } => (name, ""),
                    SchemeKind::Bearer
                    | SchemeKind::OAuth2 { .. }
                    | SchemeKind::OpenIdConnect { .. } => ("Authorization", "Bearer "),
                    _ => return None,
                };
                Some(Header {
                    name: name.to_owned(),
                    before,
                    variable,
                })
            });
            header.map(Some).ok_or_else(|| {
                format!(
                    "{} takes no credential in a header field that a client's file could name; use --auth keys or oauth",
                    api.title
                )
            })
        }
        _ => Ok(None),
    }
}

/// Whether only this machine or this network reaches a host.
fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => {
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
        }
        Some(Host::Ipv6(address)) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
        Some(Host::Domain(name)) => {
            let name = name.to_lowercase();
            let ends = ["localhost", ".localhost", ".local", ".internal", ".lan"];
            !name.contains('.') || ends.iter().any(|end| name.ends_with(end))
        }
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::table::CLIENTS;

    /// What is wrong with how a text is written; code stands between backticks, with room around it.
    fn slip(text: &str) -> Option<&'static str> {
        let parts: Vec<&str> = text.split('`').collect();
        if parts.len().is_multiple_of(2) {
            return Some("a backtick that nothing closes");
        }
        for (index, part) in parts.iter().enumerate().filter(|(index, _)| index % 2 == 0) {
            let is_last = index + 1 == parts.len();
            if index > 0 && !part.is_empty() && !part.starts_with([' ', '.', ',', ';', ':', ')'])
                || index > 0 && part.is_empty() && !is_last
            {
                return Some("no room behind code");
            }
            if !is_last && !part.is_empty() && !part.ends_with([' ', '(']) {
                return Some("no room before code");
            }
            if part.contains("  ")
                || [" .", " ,", " ;", " :", "( ", " )"]
                    .iter()
                    .any(|odd| part.contains(odd))
            {
                return Some("a blank too many");
            }
        }
        if text.trim() != text {
            return Some("blanks around it");
        }
        text.contains(['{', '}'])
            .then_some("a place that is not filled")
    }

    #[test]
    fn texts_for_people_have_no_slips() {
        for (text, is_well) in [
            ("run `a b`, or (`c`): `d`.", true),
            ("with `Bearer ` and the value", true),
            ("with `Bearer `and the value", false),
            ("with`Bearer ` and", false),
            ("an `open one", false),
            ("two  blanks", false),
            ("to {where}", false),
            ("at the end ", false),
        ] {
            assert_eq!(slip(text).is_none(), is_well, "{text}");
        }
        let header = |before| Header {
            name: "Authorization".to_owned(),
            before,
            variable: "X_MCP_KEY".to_owned(),
        };
        for client in CLIENTS.iter() {
            let mut texts = vec![
                client.no_stdio.clone(),
                client.link.no_stdio.clone(),
                client.after.replace("{name}", "crm"),
                instead(client, "crm-mcp"),
            ];
            for (auth, header) in [
                ("none", None),
                ("oauth", None),
                ("keys", Some(header("Bearer "))),
                ("passthrough", Some(header(""))),
            ] {
                let said = said_auth(auth, header.as_ref());
                texts.extend(steps(client, "https://crm.example.com/mcp", &said));
            }
            for text in texts {
                assert_eq!(slip(&text), None, "{}: {text}", client.id);
            }
        }
    }
}
