//! An answer of the service, read with a limit.

use super::budget::Budget;
use super::error::Failure;
use crate::json::Value;
use crate::json::scan::scan;
use crate::typed::{File, Payload};

/// An answer of the service with any status but a redirect.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Header fields, names in lower case; values that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub payload: Payload,
    /// JSON Pointer and text of the first numbers in a JSON body that [`Payload`] holds inexactly.
    pub(crate) inexact: Vec<(String, String)>,
}

impl Reply {
    /// The first value of a header field; `name` in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether the status is 2xx.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(super) async fn read(
        mut response: reqwest::Response,
        limit: usize,
        budget: &Budget,
    ) -> Result<Self, Failure> {
        let status = response.status().as_u16();
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
            })
            .collect();
        let find = |name: &str| {
            headers
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        if (300..400).contains(&status) && status != 304 {
            let host = find("location")
                .and_then(|to| response.url().join(&to).ok())
                .and_then(|to| to.host_str().map(str::to_owned));
            return Err(Failure::Redirect { status, host });
        }
        if find("content-encoding").is_some_and(|coding| coding != "identity") {
            return Err(Failure::Encoded { status });
        }
        let mut body = Vec::new();
        // Until the answer is parsed; what is made of it is of bounded size.
        let mut share = budget.share();
        loop {
            match response.chunk().await {
                Ok(None) => break,
                Ok(Some(chunk)) if body.len() + chunk.len() > limit => {
                    return Err(Failure::TooLarge { status, limit });
                }
                Ok(Some(chunk)) if !share.grow(body.len() + chunk.len()) => {
                    return Err(Failure::Crowded { status });
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Err(_) => return Err(Failure::Truncated { status }),
            }
        }
        let inexact = inexact(&body);
        let payload = payload(
            find("content-type").as_deref(),
            find("content-disposition").as_deref(),
            body,
        );
        Ok(Self {
            status,
            headers,
            payload,
            inexact,
        })
    }
}

/// The body by its media type; an unnamed one by its content.
fn payload(content_type: Option<&str>, disposition: Option<&str>, body: Vec<u8>) -> Payload {
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
    let is_json = essence == "application/json"
        || essence == "text/json"
        || essence.ends_with("+json")
        || essence.is_empty();
    if is_json {
        // Services that call their Latin-1 JSON exist; a few wrong letters are better than no answer.
        let decoded = match Charset::of(full) {
            Charset::Windows1252 => decode(full, body),
            Charset::Utf8 => Ok(String::from_utf8_lossy(&body).into_owned()),
        };
        return match decoded {
            Ok(text) => parse_json(&text).map_or(Payload::Text(text), Payload::Json),
            Err(body) => file(full, disposition, body),
        };
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
        return text(full, disposition, body);
    }
    file(full, disposition, body)
}

fn text(content_type: &str, disposition: Option<&str>, body: Vec<u8>) -> Payload {
    match decode(content_type, body) {
        Ok(text) => Payload::Text(text),
        Err(body) => file(content_type, disposition, body),
    }
}

/// The charsets that are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Charset {
    Utf8,
    /// Also what calls itself Latin-1 or ASCII (WHATWG Encoding §4.2).
    Windows1252,
}

impl Charset {
    fn of(content_type: &str) -> Self {
        let named = content_type.split(';').skip(1).find_map(|parameter| {
            let (key, value) = parameter.split_once('=')?;
            key.trim()
                .eq_ignore_ascii_case("charset")
                .then(|| value.trim().trim_matches('"').to_ascii_lowercase())
        });
        match named.as_deref() {
            Some("iso-8859-1" | "latin1" | "windows-1252" | "cp1252" | "us-ascii") => {
                Self::Windows1252
            }
            _ => Self::Utf8,
        }
    }
}

/// The text of a body; the body itself if it is none. One that is UTF-8 is read as that, whatever it
/// calls itself.
fn decode(content_type: &str, body: Vec<u8>) -> Result<String, Vec<u8>> {
    /// What Windows-1252 has where Latin-1 has controls, from 0x80.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    String::from_utf8(body).or_else(|error| {
        let body = error.into_bytes();
        match Charset::of(content_type) {
            Charset::Utf8 => Err(body),
            Charset::Windows1252 => Ok(body
                .into_iter()
                .map(|byte| {
                    let high = usize::from(byte).checked_sub(0x80);
                    high.and_then(|at| HIGH.get(at))
                        .copied()
                        .unwrap_or(char::from(byte))
                })
                .collect()),
        }
    })
}

/// The numbers that a JSON body's tree cannot hold. Scanned only where a run of digits is long enough.
fn inexact(body: &[u8]) -> Vec<(String, String)> {
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

/// The file name of a `Content-Disposition` field (RFC 6266), without any folder.
fn filename(disposition: &str) -> Option<String> {
    let parameter = |name: &str| {
        disposition.split(';').skip(1).find_map(|part| {
            let (key, value) = part.split_once('=')?;
            key.trim()
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let extended = parameter("filename*").and_then(|value| {
        let encoded = value.splitn(3, '\'').nth(2)?.to_owned();
        Some(
            percent_encoding::percent_decode_str(&encoded)
                .decode_utf8()
                .ok()?
                .into_owned(),
        )
    });
    let name = extended.or_else(|| parameter("filename"))?;
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = crate::text::clean(name).into_owned();
    (!name.is_empty()).then_some(name)
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
        assert!(matches!(
            kind(Some("text/plain"), b"\xff"),
            Payload::File(_)
        ));
    }

    #[test]
    fn charsets() {
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

    #[test]
    fn file_names_have_no_folder() {
        assert_eq!(
            filename("attachment; filename=\"../a.pdf\"").as_deref(),
            Some("a.pdf")
        );
        assert_eq!(
            filename("attachment; filename*=UTF-8''r%C3%A9.pdf").as_deref(),
            Some("ré.pdf")
        );
        assert_eq!(filename("inline"), None);
    }
}
