//! The body of an answer by its media type.

use super::charset;
use super::disposition::filename;
use crate::json::Value;
use crate::json::scan::scan;
use crate::typed::{File, Payload};

/// The body by its media type; an unnamed one by its content.
pub(super) fn payload(
    content_type: Option<&str>,
    disposition: Option<&str>,
    body: Vec<u8>,
) -> Payload {
    if body.is_empty() {
        return Payload::Empty;
    }
    let full = content_type.unwrap_or_default();
    let essence = full
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if essence.is_empty() {
        return unnamed(disposition, body);
    }
    if essence == "application/json" || essence == "text/json" || essence.ends_with("+json") {
        // Services that send letters in another charset than they name exist; a few wrong letters are
        // better than no answer.
        let text = charset::decode(full, body)
            .unwrap_or_else(|body| String::from_utf8_lossy(&body).into_owned());
        return parse_json(&text).map_or(Payload::Text(text), Payload::Json);
    }
    let is_text = essence.starts_with("text/")
        || essence.ends_with("+xml")
        || matches!(
            essence.as_str(),
            "application/xml"
                | "application/yaml"
                | "application/x-yaml"
                | "application/x-ndjson"
                | "application/jsonl"
                | "application/x-www-form-urlencoded"
                | "application/javascript"
        );
    if is_text
        && disposition.is_none_or(|d| {
            !d.trim_start()
                .to_ascii_lowercase()
                .starts_with("attachment")
                || essence.starts_with("text/")
        })
    {
        return match charset::decode(full, body) {
            Ok(text) => Payload::Text(text),
            Err(body) => file(full, disposition, body),
        };
    }
    file(full, disposition, body)
}

/// A body without a media type: JSON, text or bytes, whichever it is.
fn unnamed(disposition: Option<&str>, body: Vec<u8>) -> Payload {
    match String::from_utf8(body) {
        Ok(text) if !text.contains('\0') => {
            parse_json(&text).map_or(Payload::Text(text), Payload::Json)
        }
        Ok(text) => file("", disposition, text.into_bytes()),
        Err(error) => file("", disposition, error.into_bytes()),
    }
}

/// The numbers that a JSON body's tree cannot hold. Scanned only where a run of digits is long enough.
pub(super) fn inexact(body: &[u8]) -> Vec<(String, String)> {
    let long = |run: &[u8]| run.iter().filter(|byte| byte.is_ascii_digit()).count() > 15;
    let mut runs = body.split(|byte| !byte.is_ascii_digit() && *byte != b'.');
    if !runs.any(long) {
        return Vec::new();
    }
    let Ok(text) = std::str::from_utf8(body) else {
        return Vec::new();
    };
    scan(text).map_or_else(|_| Vec::new(), |defects| defects.inexact)
}

fn file(content_type: &str, disposition: Option<&str>, data: Vec<u8>) -> Payload {
    let media_type = if content_type.is_empty() {
        "application/octet-stream"
    } else {
        content_type
    };
    Payload::File(File {
        media_type: media_type.to_owned(),
        filename: disposition.and_then(filename),
        data,
    })
}

/// JSON, also the kind with `NaN` and infinities that some services write.
fn parse_json(text: &str) -> Option<Value> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text)
        .ok()
        .or_else(|| serde_json::from_str(&without_nan(text)?).ok())
}

/// The text with bare `NaN`, `Infinity` and `-Infinity` as `null`; `None` if it has none.
fn without_nan(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            let mut escaped = false;
            let end = rest.char_indices().skip(1).find(|(_, c)| {
                let ends = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                ends
            });
            let (string, after) =
                rest.split_at_checked(end.map_or(rest.len(), |(at, _)| at + 1))?;
            out.push_str(string);
            rest = after;
            continue;
        }
        let word = ["NaN", "-Infinity", "Infinity"]
            .iter()
            .find(|word| rest.starts_with(**word));
        if let Some(word) = word {
            out.push_str("null");
            changed = true;
            rest = rest.get(word.len()..)?;
        } else {
            out.push(c);
            rest = rest.get(c.len_utf8()..)?;
        }
    }
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_becomes_null_outside_strings() {
        let parsed = parse_json(r#"{"a":NaN,"b":[-Infinity,1],"c":"NaN \" Infinity"}"#);
        assert_eq!(
            parsed.map(|v| v.to_string()).as_deref(),
            Some(r#"{"a":null,"b":[null,1],"c":"NaN \" Infinity"}"#)
        );
        assert_eq!(parse_json("{nope"), None);
    }

    #[test]
    fn decimals_that_would_be_shown_with_other_digits_are_found() {
        let body = br#"{"total":95099998003122.63,"share":11.666218171334341,"rate":0.5}"#;
        assert_eq!(
            inexact(body),
            [("/total".to_owned(), "95099998003122.63".to_owned())]
        );
        let shown = String::from_utf8_lossy(body).replace("2.63", "2.62");
        let Payload::Json(value) = payload(Some("application/json"), None, body.to_vec()) else {
            panic!("JSON");
        };
        assert_eq!(value.to_string(), shown);
    }

    #[test]
    fn payloads_by_media_type() {
        let kind = |content_type, body: &[u8]| payload(content_type, None, body.to_vec());
        assert_eq!(
            kind(Some("application/problem+json"), b"{}"),
            Payload::Json(serde_json::json!({}))
        );
        assert_eq!(kind(None, b"[1]"), Payload::Json(serde_json::json!([1])));
        assert_eq!(
            kind(Some("text/csv"), b"a,b"),
            Payload::Text("a,b".to_owned())
        );
        assert_eq!(
            kind(Some("application/json"), b"oops"),
            Payload::Text("oops".to_owned())
        );
        assert_eq!(kind(Some("application/json"), b""), Payload::Empty);
        assert!(matches!(
            kind(Some("application/pdf"), b"%PDF"),
            Payload::File(_)
        ));
        for (content_type, body) in [
            (Some("text/plain"), &b"\xff"[..]),
            (Some("text/plain; charset=shift_jis"), b"\x93\xfa"),
            (None, b"%PDF-1.7\n\xff"),
            (None, b"a\0b"),
        ] {
            assert!(matches!(kind(content_type, body), Payload::File(file) if file.data == body));
        }
        assert_eq!(kind(None, b"a <b>"), Payload::Text("a <b>".to_owned()));
    }

    #[test]
    fn charsets_of_json_and_text() {
        let kind = |content_type, body: &[u8]| payload(Some(content_type), None, body.to_vec());
        for content_type in [
            "text/plain; charset=\"ISO-8859-1\"",
            "text/plain;charset=latin1",
            "text/csv; header=present; Charset=windows-1252",
        ] {
            assert_eq!(
                kind(content_type, b"caf\xe9 \x80"),
                Payload::Text("café €".to_owned()),
                "{content_type}"
            );
        }
        let expected = Payload::Json(serde_json::json!({"name": "café"}));
        assert_eq!(
            kind(
                "application/json; charset=iso-8859-1",
                b"{\"name\":\"caf\xe9\"}"
            ),
            expected
        );
        assert_eq!(
            kind(
                "application/json; charset=iso-8859-1",
                "{\"name\":\"café\"}".as_bytes()
            ),
            expected
        );
        assert_eq!(
            kind("application/json", b"\xef\xbb\xbf{\"name\":\"caf\xe9\"}"),
            Payload::Json(serde_json::json!({"name": "caf\u{fffd}"}))
        );
    }
}
