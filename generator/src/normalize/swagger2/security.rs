//! Servers (2.0, Swagger Object) and security schemes (2.0, Security Scheme Object).

use serde_json::{Value, json};

/// `host`, `basePath` and `schemes` as servers, and the key of the one that is there.
pub(super) fn servers(old: &Value) -> Option<(Value, &'static str)> {
    let text = |key: &str| {
        old.get(key)
            .and_then(Value::as_str)
            .map(str::trim)
            .unwrap_or_default()
    };
    let (host, path) = (text("host"), text("basePath").trim_end_matches('/'));
    let slash = if path.is_empty() || path.starts_with('/') {
        ""
    } else {
        "/"
    };
    if host.is_empty() {
        let relative = !path.is_empty();
        return relative.then(|| (json!([{"url": format!("{slash}{path}")}]), "basePath"));
    }
    // Some write the whole address as host.
    if host.contains("://") {
        let host = host.trim_end_matches('/');
        return Some((json!([{"url": format!("{host}{slash}{path}")}]), "host"));
    }
    let mut schemes: Vec<&str> = old
        .get("schemes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|scheme| matches!(*scheme, "https" | "http"))
        .collect();
    schemes.sort_unstable_by(|a, b| b.cmp(a));
    schemes.dedup();
    if schemes.is_empty() {
        schemes.push("https");
    }
    let host = host.trim_end_matches('/');
    let servers: Vec<Value> = schemes
        .iter()
        .map(|scheme| json!({"url": format!("{scheme}://{host}{slash}{path}")}))
        .collect();
    Some((servers.into(), "host"))
}

/// A security scheme; what is not known stays, and a later stage says so.
pub(super) fn scheme(old: &Value) -> Value {
    let mut new = old.clone();
    let Value::Object(members) = &mut new else {
        return new;
    };
    match members.get("type").and_then(Value::as_str) {
        Some("basic") => {
            members.insert("type".into(), "http".into());
            members.insert("scheme".into(), "basic".into());
        }
        Some("oauth2") if members.get("flow").is_some() || members.get("flows").is_none() => {
            let name = match members.get("flow").and_then(Value::as_str) {
                Some("application") => "clientCredentials",
                Some("accessCode") => "authorizationCode",
                Some("password") => "password",
                _ => "implicit",
            };
            let mut flow = super::Object::new();
            for key in ["authorizationUrl", "tokenUrl", "scopes"] {
                flow.extend(members.remove(key).map(|value| (key.to_owned(), value)));
            }
            flow.entry("scopes").or_insert_with(|| json!({}));
            members.remove("flow");
            members.insert("flows".into(), json!({ name: flow }));
        }
        _ => {}
    }
    new
}
