//! Servers (OpenAPI 3.2 §4.5). Requests go to addresses that the operator gives (ADR 0004): one for the
//! API, and one for each other server that paths or operations name.

use indexmap::IndexMap;
use serde_json::Value;

use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::ir::Server;
use crate::model::{Node, RawOperation};
use crate::names::{Unique, screaming, words};
use crate::source::bundle::Location;
use crate::text;

/// Words of URLs that tell no server from another.
const TELLS_NOTHING: [&str; 11] = [
    "api", "com", "dev", "example", "http", "https", "io", "local", "net", "org", "www",
];
/// Words that name a server.
const MOST_WORDS: usize = 2;

/// The servers of a document.
#[derive(Debug)]
pub struct Servers {
    /// URLs of the API, absolute or not.
    all: Vec<String>,
    base: Option<String>,
    prefix: String,
    names: Unique,
    own: IndexMap<String, Server>,
}

impl Servers {
    /// Those that stand at the root.
    pub fn read(root: &Node<'_>, prefix: &str, base: Option<&str>) -> Self {
        let mut all = urls(root, base);
        // Without servers it is the root of where the document is (OpenAPI 3.2 §4.1).
        if all.is_empty() {
            all.extend(base.and_then(|base| against("/", base)));
        }
        Self {
            all,
            base: base.map(str::to_owned),
            prefix: prefix.to_owned(),
            names: Unique::default(),
            own: IndexMap::new(),
        }
    }

    /// The same with the address that settings say.
    pub fn and(mut self, base_url: Option<&str>) -> Self {
        self.all.extend(base_url.map(trimmed));
        self
    }

    /// The absolute URLs of the API, as suggestions.
    pub fn suggested(&self, root: &Node<'_>, sink: &mut Sink) -> Vec<String> {
        let servers: Vec<String> = self
            .all
            .iter()
            .filter(|url| is_absolute(url))
            .cloned()
            .collect();
        if servers.is_empty() {
            let mut diagnostic = Diagnostic::new(Code::E0603, "the document names no absolute server URL")
                .note("the base URL is always given when the server starts; there is only no suggestion to show")
                .help("add `servers: [{ url: https://… }]` with the address of the service");
            if let Some(relative) = self
                .all
                .iter()
                .find(|url| !url.trim_matches('/').is_empty())
            {
                diagnostic = diagnostic.note(format!(
                    "the base URL is that of the service with `{relative}` behind it"
                ));
            }
            if let Some(node) = root.get("servers") {
                diagnostic = diagnostic.at(&node.pointer);
            }
            sink.push(diagnostic);
        }
        servers
    }

    /// The server that an operation has for itself, as an index; none if it is one of the API's. `given` is
    /// what settings say.
    pub fn of(
        &mut self,
        raw: &RawOperation<'_>,
        given: Option<&str>,
        sink: &mut Sink,
    ) -> Option<usize> {
        if let Some(url) = given.map(trimmed) {
            if self.all.iter().any(|known| trimmed(known) == url) {
                return None;
            }
            let index = self.take(None, &url, vec![url.clone()])?;
            self.say(raw, &raw.node.pointer, index, &url, sink);
            return Some(index);
        }
        let base = self.base.clone();
        let urls = |owner: &Node<'_>| urls(owner, base.as_deref());
        let mut owners = std::iter::once(&raw.node).chain(raw.path_items.iter().rev());
        let owner = owners.find(|owner| !urls(owner).is_empty())?;
        let own = urls(owner);
        let api_root = self.all.is_empty() && own.iter().any(|url| url == "/");
        if api_root || own.iter().any(|url| self.all.contains(url)) {
            return None;
        }
        let node = owner.list("servers").find(|s| s.str("url").is_some())?;
        let first = own
            .iter()
            .find(|url| is_usable(url))
            .or(own.first())?
            .clone();
        let index = self.take(node.str("name"), &first, own)?;
        self.say(raw, &node.pointer, index, &first, sink);
        Some(index)
    }

    /// The index of a server, which may be new.
    fn take(&mut self, name: Option<&str>, first: &str, urls: Vec<String>) -> Option<usize> {
        if !self.own.contains_key(first) {
            let name = self.names.take(&self.name(name, first), "_");
            let server = Server {
                variable: format!("{}_{name}_BASE_URL", self.prefix),
                static_name: name,
                urls: urls.into_iter().filter(|url| is_usable(url)).collect(),
            };
            self.own.insert(first.to_owned(), server);
        }
        self.own.get_index_of(first)
    }

    /// Says that an operation has a server of its own.
    fn say(
        &self,
        raw: &RawOperation<'_>,
        at: &Pointer,
        index: usize,
        first: &str,
        sink: &mut Sink,
    ) {
        let variable = self.own.get_index(index).map(|(_, s)| s.variable.as_str());
        let (code, what) = if is_usable(first) {
            (Code::E0610, "has a server of its own")
        } else {
            (
                Code::E0604,
                "has only a server that is not reached by http(s)",
            )
        };
        sink.push(
            Diagnostic::new(code, format!("{} {what}, `{first}`", raw.label()))
                .at(at)
                .note(format!(
                    "its requests go to the URL in `{}`, and nowhere while that is not set",
                    variable.unwrap_or_default()
                ))
                .help("set that variable to an address of the service, or correct the server"),
        );
    }

    /// What tells a server from those of the API: its name (OpenAPI 3.2), or words of its URL.
    fn name(&self, name: Option<&str>, url: &str) -> String {
        if let Some(name) = name.filter(|name| !words(name).is_empty()) {
            return screaming(&text::line(name, 30), 0);
        }
        let known: Vec<String> = self.all.iter().flat_map(|url| words(url)).collect();
        let telling = words(url).into_iter().filter(|word| {
            let version = word.strip_prefix('v').unwrap_or(word);
            let number = version.chars().all(|c| c.is_ascii_digit());
            !known.contains(word) && !number && !TELLS_NOTHING.contains(&word.as_str())
        });
        let telling: Vec<String> = telling.take(MOST_WORDS).collect();
        if telling.is_empty() {
            "OTHER".to_owned()
        } else {
            screaming(&text::line(&telling.join("_"), 30), 0)
        }
    }

    /// The servers that operations have for themselves.
    pub fn into_own(self) -> Vec<Server> {
        self.own.into_values().collect()
    }
}

/// The URLs of `servers`, with the defaults of their variables filled in, and relative ones against the
/// address of the document.
fn urls(owner: &Node<'_>, base: Option<&str>) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    for server in owner.list("servers") {
        let Some(url) = server.str("url") else {
            continue;
        };
        let mut url = text::line(url, 300);
        for (name, variable) in server.get("variables").iter().flat_map(Node::entries) {
            let first = || {
                Some(
                    variable
                        .value
                        .get("enum")?
                        .as_array()?
                        .first()?
                        .as_str()?
                        .to_owned(),
                )
            };
            let default = variable.value.get("default").and_then(Value::as_str);
            // What has no value is shown by its name.
            let Some(default) = default.map(str::to_owned).or_else(first) else {
                continue;
            };
            let default = text::line(&default, 200);
            url = url.replace(&format!("{{{name}}}"), &default);
        }
        if let Some(resolved) = base.and_then(|base| against(&url, base)) {
            url = resolved;
        }
        if !url.is_empty() && !urls.contains(&url) {
            urls.push(url);
        }
    }
    urls
}

/// A relative URL against an address; `None` for one that is not relative, or may not be once its
/// variables are filled in.
fn against(url: &str, base: &str) -> Option<String> {
    if url.is_empty() || url.starts_with('{') || url.contains("://") {
        return None;
    }
    let resolved = Location::Url(base.to_owned()).join(url).ok()?;
    Some(resolved.as_str().to_owned())
}

/// An address as it is compared and suggested.
fn trimmed(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

fn is_absolute(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Absolute, or relative to where the document came from.
fn is_usable(url: &str) -> bool {
    is_absolute(url) || !url.contains("://")
}
