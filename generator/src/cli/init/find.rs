//! Where the document is: a file, an address, or one of the usual places on a host.

use std::path::{Path, PathBuf};

use super::{Stop, here, shown};
use crate::cli::fetch::{Fetcher, Host};
use crate::cli::own;

/// Largest document that is fetched, in bytes.
const MOST: usize = 32 << 20;

/// Places that may give no answer before the others are left.
const FAILURES: usize = 4;

/// Places where services have their document, by how often they do.
const USUAL: &[&str] = &[
    "/openapi.json",
    "/openapi.yaml",
    "/api/openapi.json",
    "/api/v1/openapi.json",
    "/api/openapi.yaml",
    "/api/v1/openapi.yaml",
    "/swagger.json",
    "/v3/api-docs",
    "/api/schema/?format=json",
    "/api/schema",
    "/swagger/v1/swagger.json",
    "/openapi/v1.json",
    "/api/v2/openapi.json",
    "/api-docs",
    "/api/swagger.json",
    "/api/docs.json",
    "/api-json",
    "/v2/api-docs",
    "/openapi.yml",
    "/swagger.yaml",
    "/docs/openapi.json",
    "/.well-known/openapi.json",
];

/// Files that are looked for in this folder.
const NAMES: &[&str] = &[
    "openapi.json",
    "openapi.yaml",
    "openapi.yml",
    "swagger.json",
    "swagger.yaml",
    "swagger.yml",
];

/// A document.
pub(super) struct Found {
    /// Its file, as settings name it.
    pub(super) path: PathBuf,
    /// What is to be written there, if it was fetched.
    pub(super) save: Option<(PathBuf, Vec<u8>)>,
    /// `scheme://host` of where it came from.
    pub(super) origin: Option<String>,
    /// One line about it.
    pub(super) said: String,
}

impl Found {
    /// Whether an address is on the host that the document came from, which a person named.
    pub(super) fn host_is_that_of(&self, address: &str) -> bool {
        let origin = self.origin.as_deref().and_then(own::origin);
        origin.is_some() && origin == own::origin(address)
    }
}

/// The document of this source, or of this folder.
pub(super) fn find(source: Option<&str>) -> Result<Found, Stop> {
    match source {
        Some(source) if source.contains("://") => on_host(source),
        Some(source) if Path::new(source).is_file() => Ok(file(Path::new(source))),
        Some(source) => Err(Stop::Usage(format!(
            "there is no file {}; an address begins with https://",
            shown(Path::new(source))
        ))),
        None => in_folder(),
    }
}

fn file(path: &Path) -> Found {
    Found {
        path: path.to_owned(),
        save: None,
        origin: None,
        said: shown(path),
    }
}

fn in_folder() -> Result<Found, Stop> {
    let found: Vec<&str> = NAMES
        .iter()
        .copied()
        .filter(|name| Path::new(name).is_file())
        .collect();
    match found.as_slice() {
        [name] => Ok(file(Path::new(name))),
        [] => Err(Stop::Usage(
            "no document was named, and there is none here: `mcpwright init https://crm.example.com`, or `mcpwright init openapi.yaml`".to_owned(),
        )),
        several => Err(Stop::Usage(format!(
            "there are several documents here; name one: `mcpwright init {}`",
            several.first().copied().unwrap_or_default()
        ))),
    }
}

/// Looks for the document on the host of an address, and nowhere else.
fn on_host(url: &str) -> Result<Found, Stop> {
    let wrong = || {
        Stop::Usage(format!(
            "`{}` is no address such as https://crm.example.com (without a user name)",
            crate::text::line(url, 200)
        ))
    };
    let origin = own::origin(url).ok_or_else(wrong)?;
    let host = origin.split_once("://").map(|(_, host)| host);
    let host: Host = host.unwrap_or_default().parse().map_err(|_| wrong())?;
    let fetcher = Fetcher::new(vec![host]);
    let mut places = vec![url.to_owned()];
    let base = url.trim_end_matches('/');
    if base.len() > origin.len() && !base.contains(['?', '#']) {
        places.push(format!("{base}/openapi.json"));
        places.push(format!("{base}/openapi.yaml"));
    }
    places.extend(USUAL.iter().map(|path| format!("{origin}{path}")));
    let mut tried = 0;
    let mut at = 0;
    let mut failures: Vec<String> = Vec::new();
    while let Some(place) = places.get(at).cloned() {
        at += 1;
        if places.iter().take(at - 1).any(|before| *before == place) {
            continue;
        }
        let answer = match fetcher.probe(&place, MOST) {
            Ok(answer) => answer,
            Err(refusal) => {
                let refusal = refusal.diagnostic();
                let why = refusal.notes.first().map(|note| format!(": {note}"));
                failures.push(format!("{}{}", refusal.message, why.unwrap_or_default()));
                // One place may hang where others answer; a host that answers nowhere is not there.
                if failures.len() >= if tried == 0 { 2 } else { FAILURES } {
                    break;
                }
                continue;
            }
        };
        tried += 1;
        let Ok(bytes) = answer else { continue };
        if let Some(extension) = kind(&bytes) {
            let path = here(&format!("openapi.{extension}"));
            let said = format!("{place} ({} bytes)", bytes.len());
            return Ok(Found {
                path: path.clone(),
                save: Some((path, bytes)),
                origin: Some(origin),
                said,
            });
        }
        // A page that shows the document names it.
        let page = String::from_utf8_lossy(&bytes);
        for link in links(&page, &origin).into_iter().rev() {
            if places.len() < 60 {
                places.insert(at, link);
            }
        }
    }
    if let Some(first) = failures.first().filter(|_| tried == 0) {
        return Err(Stop::Refused(first.clone()));
    }
    let more = match failures.as_slice() {
        [] => String::new(),
        [first, ..] => format!(
            "; {} gave no answer: {first}",
            crate::text::counted(failures.len(), "more place")
        ),
    };
    Err(Stop::Refused(format!(
        "no OpenAPI document at {tried} usual places of {origin}{more}: give its own address, or download it and give the file"
    )))
}

/// How a document is written: `json` or `yaml`; none where it is none.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('{') {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        let named = value.get("openapi").or_else(|| value.get("swagger"));
        return named.filter(|version| version.is_string()).map(|_| "json");
    }
    let is_named = |line: &str| {
        let line = line.trim_start_matches(['"', '\'']);
        line.starts_with("openapi") || line.starts_with("swagger")
    };
    let is_yaml = !text.starts_with('<')
        && text
            .lines()
            .take(200)
            .any(|line| is_named(line) && line.contains(':'));
    is_yaml.then_some("yaml")
}

/// Addresses of the same host in a page that may be those of a document.
fn links(page: &str, origin: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in page.split(['"', '\'', '`', '\\', ' ', '(', ')', '<', '>']) {
        let lower = word.to_ascii_lowercase();
        let file = lower.split(['?', '#']).next().unwrap_or_default();
        let is_like = ["openapi", "swagger", "api-docs", "schema"]
            .iter()
            .any(|part| file.contains(part));
        let is_data = [".json", ".yaml", ".yml", "api-docs"]
            .iter()
            .any(|end| file.ends_with(end));
        if !is_like || !is_data || word.len() > 300 {
            continue;
        }
        let link = if word.starts_with('/') && !word.starts_with("//") {
            format!("{origin}{word}")
        } else if own::origin(word).as_deref() == Some(origin) {
            word.to_owned()
        } else if word.contains(':') || word.starts_with("//") {
            continue;
        } else {
            format!("{origin}/{}", word.trim_start_matches("./"))
        };
        if !found.contains(&link) {
            found.push(link);
        }
    }
    found.truncate(8);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_known_by_what_they_begin_with() {
        for (text, kind_of) in [
            ("{\"openapi\": \"3.1.0\"}", Some("json")),
            ("{\"swagger\": \"2.0\"}", Some("json")),
            ("# mine\nopenapi: 3.0.3\n", Some("yaml")),
            ("\"swagger\": '2.0'\n", Some("yaml")),
            ("{\"error\": \"openapi: none\"}", None),
            ("<html>openapi: 3</html>", None),
            ("", None),
        ] {
            assert_eq!(kind(text.as_bytes()), kind_of, "{text}");
        }
    }

    #[test]
    fn a_page_leads_to_documents_of_its_own_host_alone() {
        let page = r#"<script>SwaggerUIBundle({url: "/api/openapi.json?v=2", urls: ['docs/swagger.yaml']})</script>
            <a href="https://evil.example/openapi.json">x</a> <a href="//evil.example/openapi.json">x</a>
            <a href='https://crm.example/v3/api-docs'>y</a> <link href="/style.css">"#;
        assert_eq!(
            links(page, "https://crm.example"),
            [
                "https://crm.example/api/openapi.json?v=2",
                "https://crm.example/docs/swagger.yaml",
                "https://crm.example/v3/api-docs",
            ]
        );
    }

    #[test]
    fn only_the_same_origin_is_the_same_host() {
        let found = |origin: &str| Found {
            path: PathBuf::new(),
            save: None,
            origin: Some(origin.to_owned()),
            said: String::new(),
        };
        let from = found("https://crm.example.com");
        assert!(from.host_is_that_of("https://CRM.example.com/api"));
        for other in [
            "https://evil.example",
            "http://crm.example.com",
            "https://crm.example.com:8443",
            "https://crm.example.com@evil.example",
            "",
        ] {
            assert!(!from.host_is_that_of(other), "{other}");
        }
    }
}
