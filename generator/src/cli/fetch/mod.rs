//! Files from hosts that the user names (`--allow-fetch HOST`), and from no others.
//!
//! The document decides which addresses are asked for, so everything that an address can do to its
//! reader is refused here: other hosts, redirects, addresses of private networks behind a public
//! name, endless answers. Nothing is sent that identifies anyone.
//!
//! | file | subject |
//! |---|---|
//! | `host.rs` | which hosts are allowed, and which addresses of theirs |
//! | `resolve.rs` | names to addresses that may be asked |

mod host;
mod resolve;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Read as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Addresses, as what asks them has them.
pub(super) use ureq::http::Uri;
use ureq::http::{Response, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};

use crate::diagnostics::{Code, Refusal};
use crate::library::{Fetch, without_query};
use crate::source::sha256;
pub use host::Host;
use resolve::PublicResolver;

/// Time that fetching may take.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// One file.
    one: Duration,
    /// All files together.
    all: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            one: Duration::from_secs(30),
            all: Duration::from_secs(120),
        }
    }
}

/// Fetches files, each once.
#[derive(Debug)]
pub struct Fetcher {
    hosts: Vec<Host>,
    agent: Agent,
    limits: Limits,
    start: Instant,
    known: Mutex<BTreeMap<String, Result<Vec<u8>, Refusal>>>,
}

impl Fetcher {
    /// From these hosts.
    pub fn new(hosts: Vec<Host>) -> Self {
        Self::with_limits(hosts, Limits::default())
    }

    fn with_limits(hosts: Vec<Host>, limits: Limits) -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // A proxy would look the name up itself, and ask addresses that are refused here.
            .proxy(None)
            .user_agent(concat!("mcpwright/", env!("CARGO_PKG_VERSION")))
            .accept("application/json, application/yaml, text/yaml, */*;q=0.5")
            .timeout_global(Some(limits.one))
            .max_idle_connections(0)
            .tls_config(
                TlsConfig::builder()
                    .root_certs(RootCerts::PlatformVerifier)
                    .build(),
            )
            .build();
        Self {
            hosts,
            limits,
            agent: Agent::with_parts(config, DefaultConnector::new(), PublicResolver::default()),
            start: Instant::now(),
            known: Mutex::default(),
        }
    }

    /// The answer of a host that was named, whatever it is; with header fields.
    fn answer(&self, url: &str, fields: &[(String, String)]) -> Result<Response<Body>, Refusal> {
        let refuse =
            |why: &str| Refusal::new(Code::E0460, format!("`{}` {why}", without_query(url)));
        let uri: Uri = url.parse().map_err(|_| refuse("is no address"))?;
        Host::allows(&self.hosts, &uri).map_err(|why| {
            let refusal = refuse(&why.message);
            match why.help {
                Some(help) => refusal.help(help),
                None => refusal,
            }
        })?;
        if self.start.elapsed() > self.limits.all {
            return Err(refuse("is not fetched: the files took too long already")
                .note(format!(
                    "all together may take {} s",
                    self.limits.all.as_secs()
                ))
                .help("download them and name their folder with `--ref-map`"));
        }
        let mut request = self.agent.get(uri);
        for (name, value) in fields {
            request = request.header(name, value);
        }
        request.call().map_err(|error| cannot(url, &error))
    }

    /// What an address of a host that was named answers to somebody who looks around: none where it is not
    /// 200, and then its status.
    ///
    /// # Errors
    /// When the host cannot be reached, or was not named.
    pub fn probe(&self, url: &str, most: usize) -> Result<Result<Vec<u8>, u16>, Refusal> {
        let response = self.answer(url, &[])?;
        match response.status().as_u16() {
            200 => Ok(Ok(read(url, response, most)?)),
            status => Ok(Err(status)),
        }
    }

    /// The status with which an address of a host that was named answers a read with a credential.
    ///
    /// # Errors
    /// When the host cannot be reached, or was not named.
    pub fn status(&self, url: &str, fields: &[(String, String)]) -> Result<u16, Refusal> {
        let response = self.answer(url, fields)?;
        Ok(response.status().as_u16())
    }

    /// Asks the network.
    fn ask(&self, url: &str, most: usize) -> Result<Vec<u8>, Refusal> {
        let refuse =
            |why: &str| Refusal::new(Code::E0460, format!("`{}` {why}", without_query(url)));
        let response = self.answer(url, &[])?;
        let status = response.status();
        if status.is_redirection() {
            let target = response.headers().get(header::LOCATION);
            let target = target.and_then(|value| value.to_str().ok());
            let refusal = refuse("leads elsewhere, and redirects are not followed");
            return Err(match target {
                Some(target) => refusal.note(format!(
                    "it leads to `{}`",
                    crate::text::line(without_query(target), 200)
                )),
                None => refusal,
            }
            .help("use the address that it leads to"));
        }
        if status.as_u16() != 200 {
            return Err(cannot(
                url,
                &format!("the host answers {}", status.as_u16()),
            ));
        }
        read(url, response, most)
    }
}

fn cannot(url: &str, error: &dyn Display) -> Refusal {
    let message = format!("`{}` cannot be fetched", without_query(url));
    Refusal::new(Code::E0460, message)
        .note(crate::text::line(&error.to_string(), 200))
        .help("try it with `curl`; a file that was downloaded is named with `--ref-map URL=FILE`")
}

/// One byte more than the most, at most, so that what is too much is noticed.
fn read(url: &str, response: Response<Body>, most: usize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    response
        .into_body()
        .into_reader()
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| cannot(url, &error))?;
    Ok(bytes)
}

impl Fetch for Fetcher {
    fn fetch(&self, url: &str, most: usize) -> Result<Vec<u8>, Refusal> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(url) {
            return known.clone();
        }
        let answer = self.ask(url, most);
        known.insert(url.to_owned(), answer.clone());
        answer
    }

    fn fetched(&self) -> Vec<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let files = known.iter().filter_map(|(url, answer)| {
            let bytes = answer.as_ref().ok()?;
            let url = crate::text::line(without_query(url), 300);
            let (length, hash) = (bytes.len(), sha256(bytes));
            Some(format!("  fetched {url} ({length} bytes, sha256 {hash})"))
        });
        files.collect()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    #[test]
    fn a_host_that_dawdles_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                thread::spawn(move || {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                    while stream.write_all(b" ").is_ok() {
                        thread::sleep(Duration::from_millis(20));
                    }
                });
            }
        });
        let limits = Limits {
            one: Duration::from_millis(300),
            all: Duration::from_millis(500),
        };
        let fetcher = Fetcher::with_limits(vec![host.parse().unwrap()], limits);
        let start = Instant::now();
        for (path, expected) in [
            ("a", "timeout"),
            ("b", "timeout"),
            ("c", "too long already"),
        ] {
            let refusal = fetcher.fetch(&format!("http://{host}/{path}"), 1 << 20);
            let said = refusal.unwrap_err().diagnostic();
            let said = format!("{} {:?}", said.message, said.notes);
            assert!(said.contains(expected), "{said}");
        }
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}
