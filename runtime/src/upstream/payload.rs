//! The body of an answer by its media type.

use super::charset;
use super::disposition::filename;
use crate::json::Value;
use crate::json::scan::scan;
use crate::typed::{File, Payload};

/// A body, and the numbers of JSON that its tree cannot hold.
type Read = (Payload, Vec<(String, String)>);

/// The body by its media type, an unnamed one by its content, and the numbers of JSON that its tree cannot hold.
pub(super) fn read(content_type: Option<&str>, disposition: Option<&str>, body: Vec<u8>) -> Read {
    let full = content_type.unwrap_or_default();
    let front = full.split(';').next().unwrap_or_default();
    // Some services write a comma before the charset.
    let essence = front.split(',').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    if is_sequence(&essence) && !body.is_empty() {
        return match charset::decode(full, body) {
            Ok(text) => match sequence(&text) {
                Some((items, inexact)) => (Payload::Json(items), inexact),
                None => (Payload::Text(text), Vec::new()),
            },
            Err(body) => (file(full, disposition, body), Vec::new()),
        };
    }
    payload(full, &essence, disposition, body)
}

/// Whether the items of a list come one by one: one JSON text on each line, or behind a record separator each (RFC
/// 7464 §2.1).
fn is_sequence(essence: &str) -> bool {
    let lines = ["jsonl", "ndjson", "jsonlines", "json-lines"];
    let name = essence.strip_prefix("application/").unwrap_or_default();
    let name = name.strip_prefix("x-").unwrap_or(name);
    lines.contains(&name) || name == "json-seq" || essence.ends_with("+json-seq")
}

fn payload(full: &str, essence: &str, disposition: Option<&str>, body: Vec<u8>) -> Read {
    if body.is_empty() {
        return plain(Payload::Empty);
    }
    if essence.is_empty() {
        return unnamed(disposition, body);
    }
    if ["/json", "/x-json", "+json"]
        .iter()
        .any(|end| essence.ends_with(end))
    {
        // Services that send letters in another charset than they name exist; a few wrong letters are
        // better than no answer.
        let text = charset::decode(full, body)
            .unwrap_or_else(|body| String::from_utf8_lossy(&body).into_owned());
        return json_or_text(text);
    }
    let is_text = essence.starts_with("text/")
        || essence.ends_with("+xml")
        || essence.ends_with("/xml")
        || ["yaml", "csv"].iter().any(|kind| essence.contains(kind))
        || matches!(
            essence,
            "application/x-www-form-urlencoded" | "application/javascript" | "application/toml"
        );
    if is_text
        && disposition.is_none_or(|d| {
            !d.trim_start()
                .to_ascii_lowercase()
                .starts_with("attachment")
                || essence.starts_with("text/")
        })
    {
        return plain(match charset::decode(full, body) {
            Ok(text) => Payload::Text(text),
            Err(body) => file(full, disposition, body),
        });
    }
    plain(file(full, disposition, body))
}

fn plain(payload: Payload) -> Read {
    (payload, Vec::new())
}

fn json_or_text(text: String) -> Read {
    match parse_json(&text) {
        Some((value, inexact)) => (Payload::Json(value), inexact),
        None => plain(Payload::Text(text)),
    }
}

/// The object or array that a text is, whatever media type it came with, and the numbers that its tree cannot hold.
pub(super) fn json_in(text: &str) -> Option<(Value, Vec<(String, String)>)> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let is_one = start.starts_with(['{', '[']);
    is_one.then(|| parse_json(text)).flatten()
}

/// The items of a sequence as a list, with the numbers that it holds inexactly; `None` where a text is no JSON.
fn sequence(text: &str) -> Option<(Value, Vec<(String, String)>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let pieces: Vec<&str> = if text.contains('\u{1e}') {
        text.split('\u{1e}').collect()
    } else {
        text.lines().collect()
    };
    let pieces = pieces.into_iter().map(str::trim);
    let pieces: Vec<&str> = pieces.filter(|piece| !piece.is_empty()).collect();
    let mut items = Vec::new();
    let mut inexact = Vec::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        let (item, lost) = parse_json(piece)?;
        items.push(item);
        let lost = lost.into_iter();
        inexact.extend(lost.map(|(place, text)| (format!("/{index}{place}"), text)));
    }
    Some((Value::Array(items), inexact))
}

/// A body without a media type: JSON, text or bytes, whichever it is.
fn unnamed(disposition: Option<&str>, body: Vec<u8>) -> Read {
    match String::from_utf8(body) {
        Ok(text) if !text.contains('\0') => json_or_text(text),
        Ok(text) => plain(file("", disposition, text.into_bytes())),
        Err(error) => plain(file("", disposition, error.into_bytes())),
    }
}

/// The numbers that a JSON body's tree cannot hold. Scanned only where a run of digits is long enough.
fn inexact(text: &str) -> Vec<(String, String)> {
    let long = |run: &[u8]| run.iter().filter(|byte| byte.is_ascii_digit()).count() > 15;
    let mut runs = text
        .as_bytes()
        .split(|byte| !byte.is_ascii_digit() && *byte != b'.');
    if !runs.any(long) {
        return Vec::new();
    }
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

/// JSON, also the kind with `NaN` and infinities that some services write, and the numbers that its tree holds
/// inexactly.
fn parse_json(text: &str) -> Option<(Value, Vec<(String, String)>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Ok(value) = serde_json::from_str(text) {
        return Some((value, inexact(text)));
    }
    let text = without_nan(text)?;
    let value = serde_json::from_str(&text).ok()?;
    Some((value, inexact(&text)))
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
            parsed.map(|(value, _)| value.to_string()).as_deref(),
            Some(r#"{"a":null,"b":[null,1],"c":"NaN \" Infinity"}"#)
        );
        assert_eq!(parse_json("{nope"), None);
    }

    #[test]
    fn decimals_that_would_be_shown_with_other_digits_are_found() {
        let body = r#"{"total":95099998003122.63,"share":11.666218171334341,"rate":0.5}"#;
        assert_eq!(
            inexact(body),
            [("/total".to_owned(), "95099998003122.63".to_owned())]
        );
        let shown = body.replace("2.63", "2.62");
        let Payload::Json(value) = read(Some("application/json"), None, body.into()).0 else {
            panic!("JSON");
        };
        assert_eq!(value.to_string(), shown);
    }

    #[test]
    fn digits_are_found_in_json_that_is_not_written_as_it_should_be() {
        for (content_type, body, place) in [
            (
                "application/json",
                "\u{feff}{\"n\":95099998003122.63}".into(),
                "/n",
            ),
            (
                "application/json",
                b"[NaN,95099998003122.63]".to_vec(),
                "/1",
            ),
            (
                "application/json; charset=iso-8859-1",
                b"{\"\xe9\":95099998003122.63}".to_vec(),
                "/é",
            ),
            (
                "application/json",
                b"{\"\xe9\":[95099998003122.63]}".to_vec(),
                "/\u{fffd}/0",
            ),
            (
                "application/x-ndjson",
                b"NaN\n[95099998003122.63]".to_vec(),
                "/1/0",
            ),
            ("", "\u{feff}{\"n\":95099998003122.63}".into(), "/n"),
        ] {
            let (payload, inexact) = read(Some(content_type), None, body);
            assert!(matches!(payload, Payload::Json(_)), "{payload:?}");
            let expected = (place.to_owned(), "95099998003122.63".to_owned());
            assert_eq!(inexact, [expected], "{content_type}");
        }
    }

    #[test]
    fn payloads_by_media_type() {
        let kind = |content_type, body: &[u8]| read(content_type, None, body.to_vec()).0;
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
        let kind = |content_type, body: &[u8]| read(Some(content_type), None, body.to_vec()).0;
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

    #[test]
    fn sequences_of_json_are_lists_and_other_texts_are_texts() {
        let kind = |content_type, body: &str| read(Some(content_type), None, body.into());
        let list = |value| Payload::Json(value);
        for (content_type, body, expected) in [
            (
                "application/x-ndjson",
                "{\"a\":1}\r\n\n{\"a\":2}\n",
                list(serde_json::json!([{"a": 1}, {"a": 2}])),
            ),
            (
                "Application/JSONL; charset=utf-8",
                "\u{feff}1",
                list(serde_json::json!([1])),
            ),
            (
                "application/x-jsonlines",
                "[1]\n[2]",
                list(serde_json::json!([[1], [2]])),
            ),
            (
                "application/json-seq",
                "\u{1e}{\n\"a\":1}\n\u{1e}{\"a\":2}\n",
                list(serde_json::json!([{"a": 1}, {"a": 2}])),
            ),
            (
                "application/geo+json-seq",
                "\u{1e}{}\n",
                list(serde_json::json!([{}])),
            ),
            ("application/ndjson", "", Payload::Empty),
            (
                "application/x-ndjson",
                "{}\noops",
                Payload::Text("{}\noops".to_owned()),
            ),
            ("application/csv", "a,b", Payload::Text("a,b".to_owned())),
            (
                "application/vnd.oai.openapi+YAML",
                "a: 1",
                Payload::Text("a: 1".to_owned()),
            ),
            ("Application/Vnd.X+JSON", "{}", list(serde_json::json!({}))),
            ("application/x-json", "{}", list(serde_json::json!({}))),
            (
                "application/json,charset=UTF-8",
                "{}",
                list(serde_json::json!({})),
            ),
        ] {
            assert_eq!(
                kind(content_type, body).0,
                expected,
                "{content_type} {body}"
            );
        }
        let (_, inexact) = kind(
            "application/x-ndjson",
            "{\"n\":1}\n{\"n\":95099998003122.63}",
        );
        assert_eq!(
            inexact,
            [("/1/n".to_owned(), "95099998003122.63".to_owned())]
        );
    }
}
