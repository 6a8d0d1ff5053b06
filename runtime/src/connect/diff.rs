//! What would change in a file, for people: lines as `diff -u` writes them, without secrets.

use similar::{ChangeTag, TextDiff};

use crate::json::{Object, Value};

/// Lines around a change.
const AROUND: usize = 2;

/// The changes of a text. Values of the old one that may be secrets are not shown: those of variables and
/// header fields, and whatever has the name of a secret; but for what the new entry itself says.
pub(crate) fn diff(old: &str, new: &str, value: &Object, entry: &Object) -> String {
    let mut secrets = Vec::new();
    collect(&Value::Object(value.clone()), false, &mut secrets);
    let mut said = Vec::new();
    collect(&Value::Object(entry.clone()), true, &mut said);
    secrets.retain(|secret| !said.contains(secret));
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mut out = String::new();
    let changes = TextDiff::from_lines(old, new);
    for group in changes.grouped_ops(AROUND) {
        if !out.is_empty() {
            out.push_str("  …\n");
        }
        for op in group {
            for change in changes.iter_changes(&op) {
                let sign = match change.tag() {
                    ChangeTag::Equal => ' ',
                    ChangeTag::Insert => '+',
                    ChangeTag::Delete => '-',
                };
                let mut line = change.value().trim_end_matches(['\r', '\n']).to_owned();
                for secret in &secrets {
                    if line.contains(secret.as_str()) {
                        line = line.replace(secret.as_str(), "[redacted]");
                    }
                }
                out.push_str(&format!("{sign} {}\n", crate::text::clean(&line)));
            }
        }
    }
    out
}

/// Whether what stands under a key is not shown.
fn is_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    let named = ["env", "envs", "headers", "http_headers"];
    let like = [
        "key",
        "token",
        "secret",
        "password",
        "passwd",
        "authorization",
        "credential",
        "cookie",
    ];
    named.contains(&key.as_str()) || like.iter().any(|word| key.contains(word))
}

fn collect(value: &Value, secret: bool, found: &mut Vec<String>) {
    match value {
        Value::String(text) if secret && text.chars().count() >= 4 && !is_reference(text) => {
            found.push(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, secret, found)),
        Value::Object(object) => {
            for (key, value) in object {
                let is_path = key.ends_with("_FILE") || key.ends_with("_URL");
                collect(value, (secret || is_secret(key)) && !is_path, found);
            }
        }
        _ => {}
    }
}

/// Whether a text says where a secret is, not what it is.
pub(crate) fn is_reference(text: &str) -> bool {
    let text = text.strip_prefix("Bearer ").unwrap_or(text);
    text.strip_prefix('$').is_some_and(|name| {
        let name = name.strip_prefix('{').unwrap_or(name);
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_no_secrets_and_secrets_with_a_dollar_are() {
        for (text, is) in [
            ("${KEY}", true),
            ("$KEY", true),
            ("${env:KEY}", true),
            ("${input:key}", true),
            ("Bearer ${KEY}", true),
            ("pa$$word", false),
            ("$1abc", false),
            ("Bearer abc", false),
        ] {
            assert_eq!(is_reference(text), is, "{text}");
        }
    }
}
