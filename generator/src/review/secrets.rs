//! Credentials that somebody left in an example, known by the form that their issuers give them.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// A form: what it starts with, how many characters follow at least, and which.
type Form = (&'static str, usize, fn(char) -> bool, &'static str);

const FORMS: [Form; 19] = [
    ("sk_live_", 16, word, "a key of Stripe"),
    ("rk_live_", 16, word, "a key of Stripe"),
    ("whsec_", 24, word, "a signing secret of a webhook"),
    ("AKIA", 16, upper, "an access key of AWS"),
    ("ASIA", 16, upper, "an access key of AWS"),
    ("ghp_", 36, word, "a token of GitHub"),
    ("gho_", 36, word, "a token of GitHub"),
    ("ghs_", 36, word, "a token of GitHub"),
    ("github_pat_", 40, word, "a token of GitHub"),
    ("glpat-", 20, url_safe, "a token of GitLab"),
    ("xoxb-", 20, url_safe, "a token of Slack"),
    ("xoxp-", 20, url_safe, "a token of Slack"),
    ("AIza", 35, url_safe, "a key of Google"),
    ("ya29.", 30, url_safe, "a token of Google"),
    ("sk-ant-", 30, url_safe, "a key of Anthropic"),
    ("sk-proj-", 30, url_safe, "a key of OpenAI"),
    ("npm_", 36, word, "a token of npm"),
    ("pypi-AgE", 40, url_safe, "a token of PyPI"),
    ("shpat_", 32, word, "a token of Shopify"),
];

fn word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn upper(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit()
}

fn url_safe(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// What all texts with a secret hold: most have none of it.
static SIGNS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let forms = FORMS.iter().map(|(prefix, ..)| *prefix);
    AhoCorasick::new(forms.chain(["-----BEGIN ", "eyJ", "://"])).ok()
});

/// Which kind of secret a text holds, if it does. The secret itself is not repeated.
pub fn find(text: &str) -> Option<&'static str> {
    if !SIGNS.as_ref().is_some_and(|signs| signs.is_match(text)) {
        return None;
    }
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let known = FORMS
        .iter()
        .find(|(prefix, least, of, _)| holds(text, prefix, *least, *of));
    if let Some((_, _, _, what)) = known {
        return Some(what);
    }
    if holds_json_web_token(text) {
        return Some("a signed JSON Web Token");
    }
    holds_user_info(text).then_some("a password in a URL")
}

/// Whether a prefix, at the start of a word, is followed by enough characters that are not all one:
/// `sk_live_xxxxxxxxxxxxxxxx` is a placeholder.
fn holds(text: &str, prefix: &str, least: usize, of: fn(char) -> bool) -> bool {
    text.match_indices(prefix).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        if before.is_some_and(word) {
            return false;
        }
        let rest = text.get(at.saturating_add(prefix.len())..).unwrap_or("");
        let body: Vec<char> = rest.chars().take_while(|c| of(*c)).collect();
        body.len() >= least && is_varied(&body)
    })
}

/// At least six different characters.
fn is_varied(body: &[char]) -> bool {
    let mut seen: Vec<char> = Vec::new();
    for c in body {
        if !seen.contains(c) {
            seen.push(*c);
        }
    }
    seen.len() >= 6
}

/// Header, payload and signature of RFC 7519 §3, with something in each.
fn holds_json_web_token(text: &str) -> bool {
    text.match_indices("eyJ").any(|(at, _)| {
        let rest = text.get(at..).unwrap_or("");
        let end = rest.find(|c| !url_safe(c) && c != '.');
        let token = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
        let mut parts = token.split('.');
        let long = |part: Option<&str>, least| part.is_some_and(|p: &str| p.len() >= least);
        long(parts.next(), 16)
            && parts.next().is_some_and(|p| p.starts_with("eyJ"))
            && long(parts.next(), 32)
    })
}

/// `https://user:password@host` (RFC 3986 §3.2.1).
fn holds_user_info(text: &str) -> bool {
    text.match_indices("://").any(|(at, _)| {
        let rest = text.get(at.saturating_add(3)..).unwrap_or("");
        let end = rest.find(['/', '?', '#', ' ', '"', '\'', '\n', ')', '>']);
        let authority = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
        let Some((user, _)) = authority.rsplit_once('@') else {
            return false;
        };
        user.split_once(':').is_some_and(|(_, password)| {
            let word = password.to_ascii_lowercase();
            let shown = ["password", "pass", "pwd", "secret", "token", "xxx", "***"];
            password.len() >= 6
                && !password.starts_with(['{', '<', '$', '['])
                && !shown.iter().any(|s| word.contains(s))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    /// Written in two pieces, so that no scanner takes this file for a leak.
    fn text(pieces: [&str; 2]) -> String {
        pieces.concat()
    }

    #[test]
    fn secrets_are_known_by_their_form() {
        for (pieces, what) in [
            (
                ["Bearer sk_live", "_4eC39HqLyjWDarjtT1zdp7dc"],
                "a key of Stripe",
            ),
            (["AKI", "AIOSFODNN7EXAMPLE"], "an access key of AWS"),
            (
                ["-----BEGIN RSA PRIV", "ATE KEY-----\nMII"],
                "a private key",
            ),
            (
                [
                    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0",
                    ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
                ],
                "a signed JSON Web Token",
            ),
            (
                ["https://admin:hunt", "er22@crm.example.com/"],
                "a password in a URL",
            ),
        ] {
            assert_eq!(find(&text(pieces)), Some(what), "{pieces:?}");
        }
    }

    #[test]
    fn placeholders_are_none() {
        for pieces in [
            ["sk_live", "_xxxxxxxxxxxxxxxxxxxxxxxx"],
            ["https://user:pass", "word@example.com"],
            ["https://{user}:{pass", "word}@example.com"],
            ["ghp_", "short"],
            ["task_live_", "4eC39HqLyjWDarjtT1zdp7dc"],
            ["eyJhbGciOi", "J9.e30.x"],
            ["mail to https://example.com or ", "a:bcdefgh@example.com"],
        ] {
            assert_eq!(find(&text(pieces)), None, "{pieces:?}");
        }
    }
}
