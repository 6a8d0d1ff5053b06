//! Which pages may ask: the operator's own and no other, whatever it shows of itself.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::answer::failed;

/// Fields of every answer: nothing is kept, nothing is taken for something else, and nobody else's page has it.
const FIELDS: [(HeaderName, &str); 5] = [
    (CACHE_CONTROL, "no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// Answers this server's own page, and programs that are none; `Host` was looked at before.
pub(super) async fn own_pages(request: Request, next: Next) -> Response {
    let is_fine = may_ask(request.method(), request.uri().path(), request.headers());
    let mut response = if is_fine {
        next.run(request).await
    } else {
        failed(
            StatusCode::FORBIDDEN,
            "no page but this server's own may ask",
        )
    };
    let fields = response.headers_mut();
    for (name, value) in FIELDS {
        fields.insert(name, HeaderValue::from_static(value));
    }
    if !fields.contains_key(CONTENT_SECURITY_POLICY) {
        // What is no page runs nothing where a browser shows it as one.
        let none = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
        fields.insert(CONTENT_SECURITY_POLICY, none);
    }
    response
}

/// Whether a request comes from the page or from no page. Whatever changes something has to say that it is the page.
fn may_ask(method: &Method, path: &str, fields: &HeaderMap) -> bool {
    let one = |name: &HeaderName| {
        let mut values = fields.get_all(name).iter();
        let value = values.next();
        match (value, values.next()) {
            (value, None) => Ok(value.and_then(|value| value.to_str().ok())),
            (_, Some(_)) => Err(()),
        }
    };
    let site = HeaderName::from_static("sec-fetch-site");
    let (Ok(origin), Ok(host), Ok(site)) = (one(&ORIGIN), one(&HOST), one(&site)) else {
        return false;
    };
    // A link elsewhere may lead to the page, which shows nothing by itself.
    let is_link = path == "/" && matches!(*method, Method::GET | Method::HEAD);
    if !is_link && !matches!(site, None | Some("same-origin" | "none")) {
        return false;
    }
    if fields.contains_key(ORIGIN) {
        return origin.zip(host).is_some_and(|(origin, host)| {
            let own = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"));
            own.is_some_and(|own| own.eq_ignore_ascii_case(host))
        });
    }
    matches!(*method, Method::GET | Method::HEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_pages_may_not_ask_and_changes_come_from_the_page_alone() {
        let own = ("origin", "http://127.0.0.1:9464");
        let elsewhere = ("origin", "https://evil.example");
        let same = ("sec-fetch-site", "same-origin");
        let cross = ("sec-fetch-site", "cross-site");
        let get = Method::GET;
        for (method, path, given, expected) in [
            (&get, "/api/audit", &[][..], true),
            (&get, "/api/audit", &[own], true),
            (&get, "/api/audit", &[same], true),
            (&get, "/api/audit", &[cross], false),
            (
                &get,
                "/api/audit",
                &[("sec-fetch-site", "same-site")],
                false,
            ),
            (&get, "/", &[cross], true),
            (&get, "/", &[elsewhere], false),
            (&get, "/api/audit", &[elsewhere], false),
            (&get, "/api/audit", &[("origin", "null")], false),
            (&get, "/api/audit", &[own, own], false),
            (
                &get,
                "/api/audit",
                &[("origin", "http://127.0.0.1:9465")],
                false,
            ),
            (&get, "/api/audit", &[("origin", "http://127.0.0.1")], false),
            (
                &get,
                "/api/audit",
                &[("origin", "ftp://127.0.0.1:9464")],
                false,
            ),
            (&Method::POST, "/api/keys", &[], false),
            (&Method::POST, "/api/keys", &[own], true),
            (&Method::POST, "/api/keys", &[own, same], true),
            (&Method::POST, "/api/keys", &[own, cross], false),
            (&Method::OPTIONS, "/api/keys", &[], false),
        ] {
            let mut fields = HeaderMap::new();
            fields.append(HOST, HeaderValue::from_static("127.0.0.1:9464"));
            for (name, value) in given {
                let name = HeaderName::from_static(name);
                fields.append(name, HeaderValue::from_static(value));
            }
            assert_eq!(
                may_ask(method, path, &fields),
                expected,
                "{method} {path} {given:?}"
            );
        }
    }
}
