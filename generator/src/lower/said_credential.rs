//! Parameters whose name may mean a credential or a value (`access_token`, `token`, `key`), and those whose
//! name means a credential (`api_key`): what the operation says about them decides.

use crate::model::Node;
use crate::names::{singular, words};

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

/// What is said of the caller's own credential, whatever else is said of it.
const SAYS_OWN: [&str; 9] = [
    "your api",
    "your access",
    "your app",
    "your auth",
    "your client",
    "your key",
    "your secret",
    "your subscription",
    "your token",
];

/// What is said of a credential by name that is handed on, or that the operation is about.
const SAYS_OTHER: [&str; 14] = [
    "device push",
    "device token",
    "device's",
    "filter by",
    "id of the",
    "invitation",
    "invite",
    "of the device",
    "of the link",
    "password reset",
    "push token",
    "reset token",
    "share link",
    "to look up",
];

/// Verbs that are done to a key or token, and those that are only if nothing follows (an API key may
/// serve "to verify requests").
const DONE_TO: [&str; 12] = [
    "delete",
    "deleted",
    "disable",
    "disabled",
    "introspect",
    "introspected",
    "remove",
    "removed",
    "revoke",
    "revoked",
    "rotate",
    "rotated",
];
const DONE_TO_AT_END: [&str; 10] = [
    "check",
    "checked",
    "inspect",
    "inspected",
    "refresh",
    "refreshed",
    "validate",
    "validated",
    "verify",
    "verified",
];

/// Words of paths of operations that take a token and do something with it.
const DO_TO_TOKENS: [&str; 6] = [
    "activate",
    "confirm",
    "introspect",
    "revoke",
    "unsubscribe",
    "verify",
];

/// Items of paths that are the caller as often as not: "the API key of the account" is a credential.
const CALLERS: [&str; 8] = [
    "account",
    "app",
    "application",
    "client",
    "organization",
    "tenant",
    "user",
    "workspace",
];

/// What the document says about a parameter, in lower case.
fn description(parameter: &Node<'_>) -> String {
    let texts = [
        parameter.str("description"),
        parameter
            .get("schema")
            .as_ref()
            .and_then(|schema| schema.str("description")),
    ];
    let said = texts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    said.to_ascii_lowercase()
}

/// Whether a parameter with the name of a credential is said to be a value: what the operation is about,
/// or what a person was sent. `Authorization` never is (OpenAPI 3.2 §4.12.1).
pub(super) fn says_value((location, name): (&str, &str), parameter: &Node<'_>, path: &str) -> bool {
    let joined = words(name).concat();
    if location == "header" && joined == "authorization" {
        return false;
    }
    let said = description(parameter);
    let has = |list: &[&str]| list.iter().any(|words| said.contains(words));
    if has(&SAYS_OWN) {
        return false;
    }
    if has(&SAYS_OTHER) || is_acted_on(&said) {
        return true;
    }
    let in_query = location == "query";
    let on_token = || {
        let words = words(path);
        let mut words = words.iter();
        joined.ends_with("token") && words.any(|word| DO_TO_TOKENS.contains(&word.as_str()))
    };
    let by_either_name = NAMES.contains(&joined.as_str()) && has(&SAYS_VALUE);
    in_query && (by_either_name || on_token() || is_of_item(&said, path))
}

/// Whether method and path say that something is done to what a parameter names: `DELETE /keys` to an
/// `api_key`, `POST /tokens/revoke` to a `token`.
pub(super) fn is_done_to(name: &str, method: &str, path: &str) -> bool {
    let last_word = |text: &str| words(text).last().map(|word| singular(word));
    let Some(thing) = last_word(name).filter(|w| matches!(w.as_str(), "key" | "secret" | "token"))
    else {
        return false;
    };
    let is_thing = |segment: &str| {
        !segment.starts_with('{') && last_word(segment).as_deref() == Some(thing.as_str())
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut segments = path.rsplit('/').filter(|segment| !segment.is_empty());
    let Some(last) = segments.next() else {
        return false;
    };
    let is_verb =
        |word: &String| DONE_TO.contains(&word.as_str()) || DONE_TO_AT_END.contains(&word.as_str());
    match words(last).as_slice() {
        [verb] if is_verb(verb) => segments.next().is_some_and(is_thing),
        _ => method.eq_ignore_ascii_case("delete") && is_thing(last),
    }
}

/// Whether it says that something is done to a key or token: "the token to revoke".
fn is_acted_on(said: &str) -> bool {
    let words = words(said);
    let mut rest = words.as_slice();
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        if !matches!(word.as_str(), "key" | "secret" | "token") {
            continue;
        }
        let Some(("to", after)) = after.split_first().map(|(to, after)| (to.as_str(), after))
        else {
            continue;
        };
        let after = match after.split_first() {
            Some((be, after)) if be == "be" => after,
            _ => after,
        };
        if let Some((verb, after)) = after.split_first()
            && (DONE_TO.contains(&verb.as_str())
                || (after.is_empty() && DONE_TO_AT_END.contains(&verb.as_str())))
        {
            return true;
        }
    }
    false
}

/// Whether it says that it is the key or secret of an item that the path names: "the client secret of the
/// PaymentIntent" at `/payment_intents/{intent}`.
fn is_of_item(said: &str, path: &str) -> bool {
    let whose = ["of the ", "of this "]
        .iter()
        .find_map(|of| said.split_once(of));
    let Some((_, whose)) = whose else {
        return false;
    };
    let whose = words(whose).concat();
    let segments: Vec<&str> = path.split('/').collect();
    segments.windows(2).any(|pair| {
        let [collection, item] = pair else {
            return false;
        };
        let mut thing = words(collection);
        if let Some(last) = thing.last_mut() {
            *last = singular(last);
        }
        let thing = thing.concat();
        let names_it = !thing.is_empty() && whose.starts_with(&thing);
        item.starts_with('{') && names_it && !CALLERS.contains(&thing.as_str())
    })
}

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
    let said = description(parameter);
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
    fn what_is_done_to_a_key_is_said_by_method_and_path() {
        for (name, method, path, expected) in [
            ("api_key", "DELETE", "/keys", true),
            ("api_key", "DELETE", "/account/{id}/api-keys/", true),
            ("access_token", "DELETE", "/oauth/tokens", true),
            ("api_key", "POST", "/keys/revoke", true),
            ("apiKey", "GET", "/apiKeys/verify", true),
            // The path says which one.
            ("api_key", "DELETE", "/keys/{id}", false),
            // These are called with one.
            ("api_key", "GET", "/keys", false),
            ("api_key", "POST", "/keys", false),
            ("api_key", "DELETE", "/leads", false),
            ("api_key", "GET", "/numbers/verify", false),
            ("api_key", "POST", "/tokens/revoke", false),
            ("key", "DELETE", "/", false),
            ("q", "DELETE", "/q", false),
        ] {
            let found = is_done_to(name, method, path);
            assert_eq!(found, expected, "{name}: {method} {path}");
        }
    }

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
