//! Where to listen, and whom to believe about the host and the origin.

use std::net::SocketAddr;

/// Address, and the `Host` and `Origin` values that are accepted.
#[derive(Debug, Clone)]
pub(crate) struct Listen {
    pub(super) address: SocketAddr,
    hosts: Vec<String>,
    origins: Vec<String>,
    document: bool,
    public: Option<String>,
}

impl Listen {
    /// Reads an address. One that other machines can reach needs `remote`: callers are identified, here or
    /// in front of it.
    ///
    /// # Errors
    /// One line for the operator.
    pub(crate) fn new(
        address: &str,
        hosts: Vec<String>,
        origins: Vec<String>,
        remote: bool,
    ) -> Result<Self, String> {
        let numeric = match address.strip_prefix("localhost:") {
            Some(port) => format!("127.0.0.1:{port}"),
            None => address.to_owned(),
        };
        let parsed: SocketAddr = numeric.parse().map_err(|_| {
            format!("--listen {address} is not an IP address and port such as 127.0.0.1:8970")
        })?;
        if !parsed.ip().is_loopback() && !remote {
            return Err(format!(
                "--listen {address} can be reached from other machines, and --auth none lets everybody in; use --auth keys, or add --allow-remote-without-auth if something in front of it identifies callers"
            ));
        }
        Ok(Self {
            address: parsed,
            hosts,
            origins,
            document: false,
            public: None,
        })
    }

    /// The same, with the document beside it.
    #[must_use]
    pub(crate) const fn with_document(mut self, document: bool) -> Self {
        self.document = document;
        self
    }

    /// The same, reached by clients at this URL of `/mcp`.
    #[must_use]
    pub(crate) fn with_public(mut self, public: Option<String>) -> Self {
        self.public = public;
        self
    }

    /// The URL of `/mcp` as clients reach it, where the operator says it.
    pub(super) fn public(&self) -> Option<&str> {
        self.public.as_deref()
    }

    /// Whether the document is served, too.
    pub(super) const fn serves_document(&self) -> bool {
        self.document
    }

    /// Whether the operator has something in front of this server: on an address that other machines
    /// reach, or where another host name is used.
    pub(super) fn is_fronted(&self) -> bool {
        !self.address.ip().is_loopback() || !self.hosts.is_empty()
    }

    /// Host names and addresses that may stand in `Host`, with any port unless they name one.
    pub(super) fn hosts(&self) -> Vec<String> {
        let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "::1"]
            .map(str::to_owned)
            .to_vec();
        if !self.address.ip().is_unspecified() {
            hosts.push(self.address.ip().to_string());
        }
        hosts.extend(self.hosts.iter().cloned());
        hosts
    }

    /// Origins of pages that may call: our own, and those that the operator names.
    pub(super) fn origins(&self, port: u16) -> Vec<String> {
        let own = ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("http://{host}:{port}"));
        own.into_iter()
            .chain(self.origins.iter().map(|origin| with_port(origin)))
            .collect()
    }
}

/// The origin with its scheme's default port if it names none; the SDK would take any port for it.
fn with_port(origin: &str) -> String {
    let origin = origin.trim_end_matches('/');
    let named = origin
        .rsplit(':')
        .next()
        .is_some_and(|port| port.parse::<u16>().is_ok());
    match origin.split("://").next() {
        Some("https") if !named => format!("{origin}:443"),
        Some("http") if !named => format!("{origin}:80"),
        _ => origin.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Listen;

    #[test]
    fn remote_addresses_need_a_flag() {
        let listen = |address, remote| Listen::new(address, Vec::new(), Vec::new(), remote);
        assert!(listen("127.0.0.1:0", false).is_ok());
        assert!(listen("[::1]:8787", false).is_ok());
        assert!(listen("localhost:8787", false).is_ok());
        assert!(
            listen("0.0.0.0:8787", false)
                .is_err_and(|line| line.contains("--allow-remote-without-auth"))
        );
        assert!(listen("0.0.0.0:8787", true).is_ok());
        assert!(listen("example.com:1", true).is_err());
    }
}
