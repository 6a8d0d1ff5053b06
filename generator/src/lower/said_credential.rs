//! Query parameters whose name may mean a credential or a value (`access_token`, `token`, `key`): what the
//! operation says about them decides.

use crate::model::Node;
use crate::names::words;

/// Names of them, written together.
const NAMES: [&str; 6] = ["accesstoken", "appid", "appkey", "auth", "key", "token"];

/// What is said of a credential of the caller, in lower case.
const SAYS_CREDENTIAL: [&str; 16] = [
    "api key",
    "api-key",
    "apikey",
    "api token",
    "api access",
    "access token",
    "access_token",
    "app id",
    "auth token",
    "authentication",
    "authenticate",
    "authorization",
    "bearer",
    "oauth",
    "your key",
    "your token",
];

/// What is said of a token or key that is handed on, or that the operation is about.
const SAYS_VALUE: [&str; 20] = [
    "to be ",
    "to verify",
    "to revoke",
    "to refresh",
    "to check",
    "to introspect",
    "to validate",
    "to inspect",
    "to delete",
    "the key of",
    "confirm",
    "device",
    "e-mail",
    "email",
    "invit",
    "next",
    "page",
    "reset",
    "share",
    "webhook",
];

/// Words of paths of operations that are about a token, and not called with one.
const ABOUT_TOKENS: [&str; 22] = [
    "activate",
    "activation",
    "confirm",
    "confirmation",
    "download",
    "downloads",
    "introspect",
    "invitation",
    "invitations",
    "invite",
    "invites",
    "oauth",
    "oauth2",
    "password",
    "reset",
    "revoke",
    "share",
    "token",
    "tokens",
    "unsubscribe",
    "verify",
    "webhook",
];

/// Whether a query parameter of an operation is said to be the credential of the caller.
pub(super) fn says_credential(name: &str, parameter: &Node<'_>, path: &str) -> bool {
    let joined = words(name).concat();
    if !NAMES.contains(&joined.as_str()) {
        return false;
    }
    if words(path)
        .iter()
        .any(|word| ABOUT_TOKENS.contains(&word.as_str()))
    {
        return false;
    }
    let texts = [
        parameter.str("description"),
        parameter
            .get("schema")
            .as_ref()
            .and_then(|schema| schema.str("description")),
    ];
    let said = texts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let said = said.to_ascii_lowercase();
    if SAYS_VALUE.iter().any(|word| said.contains(word)) {
        return false;
    }
    // OAuth 2.0 Bearer Token Usage (RFC 6750 §2.3) reserves the name for just that.
    joined == "accesstoken" || SAYS_CREDENTIAL.iter().any(|word| said.contains(word))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_with_two_meanings_are_credentials_where_it_is_said() {
        for (name, description, path, expected) in [
            ("access_token", "", "/leads", true),
            ("accessToken", "OAuth token", "/leads", true),
            ("access_token", "", "/oauth/tokeninfo", false),
            ("access_token", "The token to revoke", "/sessions", false),
            ("token", "Your API token", "/leads", true),
            ("token", "Authentication token", "/leads/{id}", true),
            ("token", "", "/leads", false),
            ("token", "Token of the link", "/leads", false),
            ("token", "Authentication token", "/password/confirm", false),
            ("token", "The token sent by email", "/accounts", false),
            ("token", "Bearer token of the invitation", "/members", false),
            ("key", "Your API key", "/maps", true),
            ("key", "The key of the custom field", "/fields", false),
            ("key", "", "/settings", false),
            ("auth", "Authentication string", "/leads", true),
            ("appid", "App ID of your account", "/weather", true),
            ("next_token", "API token of the next page", "/leads", false),
            ("page_token", "", "/leads", false),
            (
                "device_token",
                "Authentication of the device",
                "/push",
                false,
            ),
            ("sort_key", "API key", "/leads", false),
            ("key_id", "API key", "/keys", false),
        ] {
            let value = json!({"name": name, "in": "query", "description": description});
            let found = says_credential(name, &Node::root(&value), path);
            assert_eq!(found, expected, "{name}: {description:?} at {path}");
        }
    }
}
