//! What is known of each client: `clients.json`, the one place for it.

use std::sync::LazyLock;

use crate::json::{Object, Value};

/// The table as it is carried.
const TEXT: &str = include_str!("clients.json");

/// Every client, in the order of the table.
pub(crate) static CLIENTS: LazyLock<Vec<Client>> = LazyLock::new(|| {
    let table: Value = serde_json::from_str(TEXT).unwrap_or_default();
    let clients = table.get("clients").and_then(Value::as_array);
    clients.into_iter().flatten().map(Client::read).collect()
});

/// A program that can use an MCP server.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    /// What it is called on the command line.
    pub(crate) id: String,
    /// What people call it.
    pub(crate) title: String,
    /// Further names on the command line.
    pub(crate) also: Vec<String>,
    /// Month in which its formats were compared with what its vendor says.
    pub(crate) verified: String,
    /// Whether it is started from a shell, whose variables it then sees.
    pub(crate) sees_shell: bool,
    /// How its file is written; none for clients without one.
    pub(crate) syntax: Option<Syntax>,
    /// Its own file on Linux, macOS and Windows: patterns, best first.
    pub(crate) user: [Vec<String>; 3],
    /// Its file in a project.
    pub(crate) project: Option<String>,
    /// The keys that lead to the object of servers.
    pub(crate) at: Vec<String>,
    /// An entry that starts a program; none where it cannot.
    pub(crate) stdio: Option<Object>,
    /// An entry with an address; none where the file takes none.
    pub(crate) http: Option<Object>,
    /// Keys of entries that the file of a project does not have.
    pub(crate) user_only: Vec<String>,
    /// How the environment of a program refers to a variable.
    pub(crate) env: Refer,
    /// How a header field refers to a variable.
    pub(crate) header: Refer,
    /// What it asks people for, if it does.
    pub(crate) inputs: Option<Inputs>,
    /// Links that make it add a server.
    pub(crate) link: Links,
    /// Whether its vendor's machines connect, not this one.
    pub(crate) from_cloud: bool,
    /// How it can be let in over HTTP where that is less than all ways.
    pub(crate) auth: Vec<String>,
    /// What to do by hand with an address.
    pub(crate) steps: Vec<String>,
    /// Why it starts no program.
    pub(crate) no_stdio: String,
    /// What works in place of what does not.
    pub(crate) instead: String,
    /// What to do once the file is written.
    pub(crate) after: String,
}

/// Syntax of a file of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// JSON; RFC 8259.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// JSON5.
    Json5,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
}

/// How a file refers to a variable of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refer {
    /// It cannot.
    No,
    /// A list names the variables.
    ByName,
    /// In a text: `${NAME}`, where `NAME` is the variable's, or `${input:ID}` for what people are asked for.
    Form(String),
}

/// Links that a client opens, as forms: `{name}`, `{title}` and `{url}` of the server, `{entry base64}` for the entry
/// of its file, `{entry}` for the entry with its name and what people are asked for. All are percent-encoded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    /// For a server that is started.
    pub(crate) stdio: Option<String>,
    /// For one at an address.
    pub(crate) http: Option<String>,
    /// Why none starts a program, where one leads to an address.
    pub(crate) no_stdio: String,
}

/// Values that the client asks people for and keeps.
#[derive(Debug, Clone)]
pub(crate) struct Inputs {
    /// The key of the array of them.
    pub(crate) at: String,
    /// One of them.
    pub(crate) item: Object,
}

impl Client {
    /// The client with a name, in whatever spelling.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        let fold = |text: &str| text.to_lowercase().replace(['-', '_', ' ', '.'], "");
        let wanted = fold(name);
        CLIENTS.iter().find(|client| {
            let names = [&client.id, &client.title];
            let mut names = names.into_iter().chain(&client.also);
            names.any(|name| fold(name) == wanted)
        })
    }

    fn read(value: &Value) -> Self {
        let text = |key: &str| texts(value.get(key)).pop().unwrap_or_default();
        let object = |key: &str| value.get(key).and_then(Value::as_object).cloned();
        let at = |place: &str| value.pointer(place);
        let paths = |system: &str| texts(at(&format!("/user/{system}")));
        let refer = |place: &str| match at(place).and_then(Value::as_str) {
            None => Refer::No,
            Some("by name") => Refer::ByName,
            Some(form) => Refer::Form(form.to_owned()),
        };
        let item = at("/inputs/item").and_then(Value::as_object);
        let of_link = |key: &str| texts(at(&format!("/link/{key}"))).pop();
        Self {
            id: text("id"),
            title: text("title"),
            also: texts(value.get("also")),
            verified: text("verified"),
            sees_shell: text("runs") == "terminal",
            syntax: Syntax::named(&text("syntax")),
            user: [paths("linux"), paths("macos"), paths("windows")],
            project: value
                .get("project")
                .and_then(Value::as_str)
                .map(str::to_owned),
            at: texts(value.get("at")),
            stdio: object("stdio"),
            http: object("http"),
            user_only: texts(value.get("user_only")),
            env: refer("/reference/env"),
            header: refer("/reference/header"),
            inputs: item.map(|item| Inputs {
                at: texts(at("/inputs/at")).pop().unwrap_or_default(),
                item: item.clone(),
            }),
            link: Links {
                stdio: of_link("stdio"),
                http: of_link("http"),
                no_stdio: of_link("no_stdio").unwrap_or_default(),
            },
            from_cloud: at("/remote/from").and_then(Value::as_str) == Some("cloud"),
            auth: texts(at("/remote/auth")),
            steps: texts(value.get("steps")),
            no_stdio: text("no_stdio"),
            instead: text("instead"),
            after: text("after"),
        }
    }
}

impl Syntax {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "json" => Self::Json,
            "jsonc" => Self::Jsonc,
            "json5" => Self::Json5,
            "toml" => Self::Toml,
            "yaml" => Self::Yaml,
            _ => return None,
        })
    }

    /// What people call it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Jsonc => "JSON with comments",
            Self::Json5 => "JSON5",
            Self::Toml => "TOML",
            Self::Yaml => "YAML",
        }
    }
}

/// A text or a list of texts.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => {
            let texts = items.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_says_all_that_is_needed_of_it() {
        let known = [
            "id",
            "title",
            "also",
            "verified",
            "source",
            "runs",
            "syntax",
            "user",
            "project",
            "at",
            "stdio",
            "http",
            "user_only",
            "reference",
            "inputs",
            "link",
            "remote",
            "steps",
            "no_stdio",
            "instead",
            "after",
        ];
        let table: Value = serde_json::from_str(TEXT).unwrap();
        for entry in table["clients"].as_array().unwrap() {
            let id = entry["id"].as_str().unwrap();
            for key in entry.as_object().unwrap().keys() {
                assert!(known.contains(&key.as_str()), "{id}: unknown key {key}");
            }
            assert!(
                entry["source"].as_str().unwrap().starts_with("https://"),
                "{id}"
            );
            let month = entry["verified"].as_str().unwrap();
            assert!(month.len() == 7 && month.starts_with("20"), "{id}: {month}");
            let client = Client::find(id).unwrap();
            assert_eq!(client.syntax.is_some(), client.stdio.is_some(), "{id}");
            assert_eq!(client.stdio.is_none(), !client.no_stdio.is_empty(), "{id}");
            assert!(client.http.is_some() || !client.steps.is_empty(), "{id}");
            assert_eq!(client.http.is_none(), !client.instead.is_empty(), "{id}");
            assert_eq!(client.syntax.is_some(), !client.at.is_empty(), "{id}");
            let links = &client.link;
            assert!(links.stdio.is_none() || links.http.is_some(), "{id}");
            assert_eq!(
                links.http.is_some() && links.stdio.is_none(),
                !links.no_stdio.is_empty(),
                "{id}"
            );
            if client.syntax.is_some() {
                assert!(client.user.iter().all(|paths| !paths.is_empty()), "{id}");
                assert!(!client.after.is_empty(), "{id}");
            }
        }
    }

    #[test]
    fn no_two_clients_share_a_name() {
        let mut names: Vec<&str> = CLIENTS
            .iter()
            .flat_map(|client| std::iter::once(&client.id).chain(&client.also))
            .map(String::as_str)
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        for (given, id) in [
            ("VS Code", "vscode"),
            ("vs-code", "vscode"),
            ("ClaudeDesktop", "claude-desktop"),
            ("lm_studio", "lmstudio"),
            ("Gemini CLI", "gemini-cli"),
        ] {
            assert_eq!(Client::find(given).unwrap().id, id);
        }
        assert!(Client::find("emacs").is_none());
    }
}
