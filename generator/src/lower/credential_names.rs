//! Names of headers, query parameters and cookies that are credentials.

use crate::names::words;

/// Ends of names that are credentials wherever they stand, their words written together.
const ALWAYS: [&str; 8] = [
    "apikey",
    "apitoken",
    "apisecret",
    "apiusername",
    "authtoken",
    "subscriptionkey",
    "clientsecret",
    "secretkey",
];
/// The same for headers.
const IN_HEADERS: [&str; 11] = [
    "accesskey",
    "accesstoken",
    "appid",
    "appkey",
    "authemail",
    "authkey",
    "authorization",
    "consumerid",
    "consumerkey",
    "privatetoken",
    "usertoken",
];
/// Whole names of headers.
const HEADERS: [&str; 6] = [
    "auth",
    "authentication",
    "token",
    "xauth",
    "xtoken",
    "xauthentication",
];
/// Whole names of cookies.
const COOKIES: [&str; 9] = [
    "accesstoken",
    "connectsid",
    "jsessionid",
    "jwt",
    "phpsessid",
    "session",
    "sessionid",
    "sid",
    "token",
];
/// Names of query parameters that are credentials if most operations have them, and else are values.
const IF_COMMON: [&str; 6] = ["accesstoken", "appid", "appkey", "auth", "key", "token"];
/// What such names say when they are something else.
const OTHERWISE: [&str; 5] = ["csrf", "xsrf", "idempotency", "signature", "webhook"];
/// Words that may follow such a name. Any other makes it a fact about a credential: its `id`, `name` or
/// `type`, or how many there are.
const FOLLOWING: [&str; 8] = [
    "auth", "header", "key", "secret", "token", "v1", "v2", "value",
];

/// Whether a name is that of a credential. `common`: most operations have the parameter.
pub(super) fn is_credential(location: &str, name: &str, common: bool) -> bool {
    let words = words(name);
    let joined = words.concat();
    let shorter = match words.split_last() {
        Some((last, rest)) if FOLLOWING.contains(&last.as_str()) => rest.concat(),
        _ => joined.clone(),
    };
    let has = |list: &[&str]| {
        let mut ends = list.iter();
        ends.any(|end| joined.ends_with(end) || shorter.ends_with(end))
    };
    let is = |list: &[&str]| list.contains(&joined.as_str());
    if OTHERWISE.iter().any(|word| joined.contains(word)) {
        return false;
    }
    match location {
        "header" => has(&ALWAYS) || has(&IN_HEADERS) || is(&HEADERS),
        "query" => has(&ALWAYS) || (common && is(&IF_COMMON)),
        "cookie" => has(&ALWAYS) || is(&COOKIES),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_credential;

    #[test]
    fn credentials_are_known_by_name_and_place() {
        for (location, name, common, expected) in [
            ("header", "Api-Key", false, true),
            ("header", "Api-Username", false, true),
            ("header", "X-API-KEY", false, true),
            ("header", "authtoken", false, true),
            ("header", "Authorization", false, true),
            ("header", "X-Auth-Token", false, true),
            ("header", "PRIVATE-TOKEN", false, true),
            ("header", "Ocp-Apim-Subscription-Key", false, true),
            ("header", "x-apideck-consumer-id", false, true),
            ("header", "X-CSRF-Token", true, false),
            ("header", "Idempotency-Key", true, false),
            ("header", "x-webhook-signature", true, false),
            ("header", "X-Request-Id", true, false),
            ("header", "If-Match", true, false),
            ("query", "api_key", false, true),
            ("query", "token", false, false),
            ("query", "token", true, true),
            ("query", "key", false, false),
            ("query", "key", true, true),
            ("query", "session", true, false),
            ("cookie", "PHPSESSID", false, true),
            ("cookie", "theme", true, false),
            ("path", "api_key", true, false),
            ("header", "X-RapidAPI-Key", false, true),
            ("header", "X-Api-Key-Secret", false, true),
            ("header", "Authorization-Token", false, true),
            ("header", "X-Api-Key-Id", false, false),
            ("query", "access_token", true, true),
            ("query", "hapikey", false, true),
            ("query", "api_key_id", true, false),
            ("query", "apiKeyIds", true, false),
            ("query", "apikeys", true, false),
            ("query", "secret_key_name", true, false),
            ("query", "api_token_type", true, false),
            ("query", "api_key_count", true, false),
        ] {
            assert_eq!(
                is_credential(location, name, common),
                expected,
                "{location} {name}"
            );
        }
    }
}
