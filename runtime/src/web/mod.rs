//! The page that a browser gets at the MCP URL: what the server is, how to connect a client, which tools
//! there are, and a form to try them (behaviours H; RFC 9110 §12.5.1 decides who gets it).
//!
//! It is one document without anything from elsewhere. What it says about the server is HTML and needs no
//! script; the script copies, filters and calls tools through the same endpoint as every client. Texts of
//! the document are hostile: [`maud`] escapes all of them, the script writes text nodes only, and the
//! Content Security Policy lets nothing run but the parts that are hashed into it.
//!
//! The operator's page, on the admin address, is made the same way (ADR 0065).

mod assets;
#[cfg(feature = "connect")]
mod connect;
mod operator;
mod page;
mod tools;

pub(crate) use assets::{operator_policy, policy};
pub(crate) use operator::page as operator_page;
pub(crate) use page::{Visit, page};

use http::HeaderMap;
use http::header::ACCEPT;

/// Whether whoever asks wants a page: it accepts HTML by name. Clients of MCP, and programs that accept
/// anything, do not.
pub(crate) fn wants_page(fields: &HeaderMap) -> bool {
    let ranges = fields.get_all(ACCEPT).iter();
    let ranges = ranges.filter_map(|value| value.to_str().ok());
    ranges.flat_map(|line| line.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_html = parts
            .next()
            .is_some_and(|essence| essence.eq_ignore_ascii_case("text/html"));
        is_html && !parts.any(refuses)
    })
}

/// Whether a parameter of a media range is the weight 0, which means "not acceptable".
fn refuses(parameter: &str) -> bool {
    let Some((name, weight)) = parameter.split_once('=') else {
        return false;
    };
    name.trim().eq_ignore_ascii_case("q") && weight.trim().parse::<f32>().is_ok_and(|q| q <= 0.0)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header::ACCEPT};

    #[test]
    fn a_page_is_for_those_who_accept_html_by_name() {
        for (accept, wanted) in [
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                true,
            ),
            ("application/json, TEXT/HTML ;q=0.1", true),
            ("text/html;q=0", false),
            ("text/html; q=0.000, */*", false),
            ("*/*", false),
            ("text/*", false),
            ("text/event-stream", false),
            ("application/json, text/event-stream", false),
            ("", false),
        ] {
            let mut fields = HeaderMap::new();
            fields.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(super::wants_page(&fields), wanted, "{accept}");
        }
        assert!(!super::wants_page(&HeaderMap::new()));
    }
}
