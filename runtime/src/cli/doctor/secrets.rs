//! Secrets that stand in a client's file as they are.

use crate::connect::table::{Client, Refer};
use crate::json::Value;

/// A value that should not stand there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bare {
    /// What it is: a variable, a header field, an option, or the key that it stands at. Never the value.
    pub(super) name: String,
    /// Whether it is written as a reference, in a notation that this client does not resolve.
    pub(super) is_foreign: bool,
}

/// Where in an entry a value stands, since references are written differently.
#[derive(Clone, Copy)]
enum Place {
    /// In the environment of the program.
    Variable,
    /// In a header field.
    Header,
    /// Among the arguments, or anywhere else.
    Other,
}

/// Values of an entry that should not stand there: of variables, header fields and options with the name of a secret,
/// and addresses with a password, wherever they stand.
pub(super) fn bare(client: &Client, entry: &Value) -> Vec<Bare> {
    let mut found = Vec::new();
    let mut look = |name: &str, value: &str, place: Place, is_named: bool| {
        let is_secret = is_named && !value.is_empty() && is_secret(name);
        let resolves = |text: &str| is_reference(client, place, text);
        let is_bare = (is_secret && !resolves(value)) || has_password(value, &resolves);
        if is_bare {
            found.push(Bare {
                name: name.to_owned(),
                is_foreign: is_secret && without_scheme(value).starts_with(['$', '%']),
            });
        }
    };
    for (place, value) in entry.as_object().into_iter().flatten() {
        match value {
            Value::String(text) => look(place, text, Place::Other, false),
            Value::Array(items) => {
                let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                for (at, text) in texts.iter().enumerate() {
                    match option(text, texts.get(at + 1).copied()) {
                        Some((name, value)) => look(name, value, Place::Other, true),
                        None => look(place, text, Place::Other, false),
                    }
                }
            }
            Value::Object(below) => {
                let kind = match place.as_str() {
                    "env" | "envs" => Some(Place::Variable),
                    "headers" | "http_headers" => Some(Place::Header),
                    _ => None,
                };
                for (key, value) in below {
                    if let Some(text) = value.as_str() {
                        look(key, text, kind.unwrap_or(Place::Other), kind.is_some());
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// What an argument sets: `--key=value`, `--key` before a value, `KEY=value`, and `Name: value` of a header field.
fn option<'t>(text: &'t str, next: Option<&'t str>) -> Option<(&'t str, &'t str)> {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    };
    if let Some((name, value)) = text.split_once('=').filter(|(name, _)| is_name(name)) {
        return Some((name, value));
    }
    if let Some((name, value)) = text.split_once(':').filter(|(name, _)| is_name(name)) {
        return (!value.starts_with("//")).then(|| (name, value.trim()));
    }
    let value = next.filter(|next| !next.starts_with('-'))?;
    (text.starts_with('-') && is_name(text) && is_secret(text)).then_some((text, value))
}

/// Whether what has a name is a secret.
fn is_secret(name: &str) -> bool {
    let like = [
        "key",
        "token",
        "secret",
        "password",
        "authorization",
        "cookie",
    ];
    let name = name.to_lowercase().replace('-', "_");
    let is_place = ["_file", "_url", "_hours", "_keys"]
        .iter()
        .any(|end| name.ends_with(end));
    !is_place && like.iter().any(|word| name.contains(word))
}

/// Whether a text has an address with a user and a password in it, such as that of a proxy or a store.
fn has_password(text: &str, is_reference: &dyn Fn(&str) -> bool) -> bool {
    text.match_indices("://").any(|(at, _)| {
        let rest = text.get(at + 3..).unwrap_or_default();
        let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        user.and_then(|user| user.split_once(':'))
            .is_some_and(|(_, password)| !password.is_empty() && !is_reference(password))
    })
}

/// What follows `Bearer` or `Basic`.
fn without_scheme(text: &str) -> &str {
    let text = text.trim();
    let after = ["Bearer ", "Basic "]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    after.unwrap_or(text).trim_start()
}

/// Whether a text says where a secret is, in the notation of a client for this place.
fn is_reference(client: &Client, place: Place, text: &str) -> bool {
    let refers = |refer: &Refer| match refer {
        Refer::Form(form) => fits(form, without_scheme(text)),
        Refer::ByName | Refer::No => false,
    };
    // Where a client asks people for values, its files resolve variables, too.
    let asks = client.inputs.is_some() && fits("${env:NAME}", without_scheme(text));
    asks || match place {
        Place::Variable => refers(&client.env),
        Place::Header => refers(&client.header),
        // `mcp-remote` and shells resolve `${NAME}` by themselves, whoever starts them.
        Place::Other => {
            refers(&client.env) || refers(&client.header) || fits("${NAME}", without_scheme(text))
        }
    }
}

/// Whether a text is a form of the table with a name in the place of `NAME` or `ID`: of `$NAME` also with braces.
fn fits(form: &str, text: &str) -> bool {
    let is_name = |name: &str, more: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    let within = |(before, after): (&str, &str), more: &str| {
        let name = text
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after));
        // An empty default says nothing; any other one may be the secret itself.
        let name = name.map(|name| name.strip_suffix(":-").unwrap_or(name));
        name.is_some_and(|name| is_name(name, more))
    };
    match (form.split_once("NAME"), form.split_once("ID")) {
        (Some(around), _) => within(around, "_") || form == "$NAME" && within(("${", "}"), "_"),
        (None, Some(around)) => within(around, "_-"),
        (None, None) => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::json::json;

    fn names(client: &str, entry: &Value) -> Vec<String> {
        let found = bare(Client::find(client).unwrap(), entry);
        found.into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn secrets_are_found_wherever_they_stand() {
        let entry = json!({
            "command": "x",
            "args": ["stdio", "--proxy", "http://u:args-pw@proxy"],
            "url": "https://u:url-pw@crm.example.com/mcp",
            "env": {
                "X_STATE_URL": "redis://:state-pw@store/0",
                "X_PROXY": "http://u:proxy-pw@proxy:8080",
                "X_TOKEN": "t",
                "X_TOKEN_URL": "https://id.example.com/token?a=b:c@d",
                "X_TOKEN_FILE": "/home/ann/t",
                "X_IDEMPOTENCY_KEYS": "all",
                "X_BASE_URL": "https://crm.example.com/a:b@c",
            },
        });
        let found = names("cursor", &entry);
        assert_eq!(found, ["args", "url", "X_STATE_URL", "X_PROXY", "X_TOKEN"]);
    }

    #[test]
    fn secrets_among_arguments_are_found_and_places_of_secrets_are_not() {
        for (args, found) in [
            (
                json!(["--header", "Authorization: Bearer abc"]),
                Some("Authorization"),
            ),
            (
                json!(["--header", "Authorization:Bearer abc"]),
                Some("Authorization"),
            ),
            (json!(["--header=Authorization: Bearer ${AUTH}"]), None),
            (json!(["--header", "Authorization:${AUTH}"]), None),
            (json!(["--api-key", "abc"]), Some("--api-key")),
            (json!(["--token=abc"]), Some("--token")),
            (json!(["-e", "X_TOKEN=abc"]), Some("X_TOKEN")),
            (json!(["-e", "X_TOKEN"]), None),
            (json!(["--token-file", "/run/token"]), None),
            (json!(["--api-key", "--verbose"]), None),
            (json!(["https://crm.example.com/mcp", "--allow-http"]), None),
            (json!(["C:\\keys\\server.exe", "stdio"]), None),
        ] {
            let entry = json!({ "command": "npx", "args": args });
            let expected: Vec<&str> = found.into_iter().collect();
            assert_eq!(names("claude-desktop", &entry), expected, "{entry}");
        }
    }

    #[test]
    fn only_the_notation_of_a_client_is_a_reference_in_its_file() {
        for (client, text, is) in [
            ("cursor", "${env:KEY}", true),
            ("cursor", "Bearer ${env:KEY}", true),
            ("cursor", "${KEY}", false),
            ("cursor", "$KEY", false),
            ("claude-code", "${KEY}", true),
            ("claude-code", "${KEY:-}", true),
            ("claude-code", "${KEY:-sk-1}", false),
            ("claude-code", "${env:KEY}", false),
            ("gemini-cli", "$KEY", true),
            ("gemini-cli", "${KEY}", true),
            ("vscode", "${input:the-key}", true),
            ("vscode", "${env:KEY}", true),
            ("vscode", "$KEY", false),
            ("claude-desktop", "${KEY}", false),
            ("claude-code", "pa$$word", false),
            ("gemini-cli", "$1abc", false),
            ("gemini-cli", "$ecret!value", false),
            ("cursor", "Bearer abc", false),
        ] {
            let entry = json!({"command": "x", "env": {"X_KEY": text}});
            let found = bare(Client::find(client).unwrap(), &entry);
            assert_eq!(found.is_empty(), is, "{client} {text}");
            let is_foreign = !is && without_scheme(text).starts_with('$');
            assert_eq!(found.iter().any(|one| one.is_foreign), is_foreign, "{text}");
        }
    }
}
