//! Which hosts may be asked.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ureq::http::Uri;
use ureq::http::uri::Authority;

/// A host that the user named: `HOST` or `HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    name: String,
    port: Option<u16>,
}

/// Why an address is not asked.
#[derive(Debug)]
pub(super) struct Why {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl FromStr for Host {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no host: write its name alone, as in `api.example.com`, or `HOST:PORT`"
            )
        };
        if text.contains(['/', '@', '*', '?', '#', ' ']) {
            return Err(wrong());
        }
        let authority: Authority = text.parse().map_err(|_| wrong())?;
        if authority.host().is_empty() {
            return Err(wrong());
        }
        Ok(Self {
            name: authority.host().to_ascii_lowercase(),
            port: match text.get(authority.host().len()..) {
                None | Some("") => None,
                Some(_) => Some(authority.port_u16().ok_or_else(wrong)?),
            },
        })
    }
}

impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)?;
        match self.port {
            Some(port) => write!(formatter, ":{port}"),
            None => Ok(()),
        }
    }
}

impl Host {
    /// Whether an address may be asked: its host must be one of these, on the scheme's own port
    /// unless another was named; `https`, or plain `http` to this machine.
    pub(super) fn allows(hosts: &[Self], uri: &Uri) -> Result<(), Why> {
        let why = |message: &str| Why {
            message: message.to_owned(),
            help: None,
        };
        let authority = uri.authority().ok_or_else(|| why("names no host"))?;
        if authority.as_str().contains('@') {
            return Err(Why {
                help: Some("take the user out of the address; a file that needs credentials is downloaded first".to_owned()),
                ..why("holds credentials, which are never sent")
            });
        }
        let name = authority.host().to_ascii_lowercase();
        let own = match uri.scheme_str() {
            Some("https") => 443,
            Some("http") if is_this_machine(&name) => 80,
            Some("http") => {
                return Err(Why {
                    help: Some("use its https address".to_owned()),
                    ..why("is plain http, which anyone on the way can change")
                });
            }
            _ => return Err(why("is neither https nor http")),
        };
        let port = match authority.as_str().get(name.len()..) {
            None | Some("" | ":") => own,
            Some(_) => authority
                .port_u16()
                .ok_or_else(|| why("has no valid port"))?,
        };
        let allowed = hosts
            .iter()
            .any(|host| host.name == name && host.port.unwrap_or(own) == port);
        if allowed {
            return Ok(());
        }
        let wanted = if port == own {
            name
        } else {
            format!("{name}:{port}")
        };
        Err(Why {
            help: Some(format!(
                "if it is trusted, name it: `--allow-fetch {wanted}`; or download the file and name it: `--ref-map URL=FILE`"
            )),
            ..why("is on a host that was not named")
        })
    }
}

/// The address that a host is, when it is written as one.
pub(super) fn literal(name: &str) -> Option<IpAddr> {
    let bare = name.strip_prefix('[').and_then(|n| n.strip_suffix(']'));
    bare.unwrap_or(name).parse().ok()
}

/// Whether a host is this machine by its name.
pub(super) fn is_this_machine(name: &str) -> bool {
    name == "localhost" || literal(name).is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(names: &[&str]) -> Vec<Host> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    #[test]
    fn only_the_very_host_that_was_named_is_allowed() {
        let named = hosts(&[
            "API.example.com",
            "127.0.0.1:8080",
            "[::1]",
            "e.com:8443",
            "10.0.0.1",
        ]);
        for (url, allowed) in [
            ("https://api.example.com/a.json", true),
            ("https://API.EXAMPLE.com:443/a.json", true),
            ("https://api.example.com:/a.json", true),
            ("https://api.example.com:8443/a.json", false),
            ("https://e.com:8443/a", true),
            ("https://e.com/a", false),
            ("http://api.example.com/a.json", false),
            ("http://api.example.com:443/a.json", false),
            ("https://sub.api.example.com/", false),
            ("https://example.com/", false),
            ("https://api.example.com./", false),
            ("https://api.example.com.evil.com/", false),
            ("https://evil.com/?api.example.com", false),
            ("https://api.example.com@evil.com/", false),
            ("https://user:secret@api.example.com/", false),
            ("http://127.0.0.1:8080/a", true),
            ("http://127.0.0.1/a", false),
            ("http://127.1:8080/a", false),
            ("http://localhost:8080/a", false),
            ("http://[::1]/a", true),
            ("https://10.0.0.1/a", true),
            ("http://10.0.0.1/a", false),
            ("ftp://api.example.com/a", false),
            ("/a", false),
        ] {
            let uri: Uri = url.parse().unwrap();
            assert_eq!(Host::allows(&named, &uri).is_ok(), allowed, "{url}");
        }
    }

    #[test]
    fn what_is_no_host_is_said() {
        for text in [
            "",
            "*",
            "*.example.com",
            "https://e.com",
            "e.com/a",
            "u@e.com",
            "e.com:x",
            "e.com:99999",
            ":80",
        ] {
            assert!(text.parse::<Host>().is_err(), "{text}");
        }
    }
}
