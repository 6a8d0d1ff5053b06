//! Size, encoding and format of a document.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{Budget, Budgets, Document, Format, Position, json, numbers, yaml};
use crate::diagnostics::{Code, Diagnostic};

/// Reads a document. `name` is what diagnostics show, usually a relative path; its ending decides
/// the format only where the content does not.
///
/// A document that starts with `{` or `[` is JSON and never goes through the YAML reader, unless
/// it is no JSON at all and the name ends in `.yaml` or `.yml` (YAML flow style). All else is
/// YAML, unless the name ends in `.json`.
///
/// # Errors
///
/// One diagnostic of the area E01 with its place: too large (E0109), not UTF-8 (E0103), empty
/// (E0104), malformed (E0101, E0102), duplicate keys (E0105), beyond a budget (E0110 to E0112), or
/// a YAML construct that has no JSON form (E0106 to E0108, E0115).
pub fn read(name: &str, bytes: &[u8], budgets: &Budgets) -> Result<Document, Diagnostic> {
    read_text(name, bytes, budgets).map_err(|mut diagnostic| {
        // There is no `Document` to look into, so the finding carries the text with it.
        if diagnostic.position.is_some() {
            let text = String::from_utf8_lossy(bytes);
            diagnostic.text = Some(Arc::from(without_mark(&text)));
        }
        diagnostic.document(&Arc::from(name))
    })
}

/// Text without a byte order mark.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn read_text(name: &str, bytes: &[u8], budgets: &Budgets) -> Result<Document, Diagnostic> {
    if bytes.len() > budgets.bytes {
        let message = format!(
            "the document has {} bytes; at most {} are read",
            bytes.len(),
            budgets.bytes
        );
        // The first byte that is one too many.
        let kept = bytes.get(..budgets.bytes).unwrap_or_default();
        let kept = String::from_utf8_lossy(kept);
        let start = without_mark(&kept).trim_end_matches('\u{fffd}').len();
        let shown = String::from_utf8_lossy(bytes);
        return Err(Diagnostic::new(Code::E0109, message)
            .position(Position::of(without_mark(&shown), start, start + 1))
            .label("not read from here")
            .help(budgets.remedy(Budget::Bytes, Some(bytes.len()))));
    }
    let text = decode(bytes)?;
    let text: Arc<str> = Arc::from(without_mark(text));
    let Some(first) = text.bytes().find(|byte| !byte.is_ascii_whitespace()) else {
        return Err(Diagnostic::new(Code::E0104, "the document is empty")
            .help("an OpenAPI document starts with `openapi: 3.1.0`"));
    };
    let ends_with = |ending: &str| {
        name.len()
            .checked_sub(ending.len())
            .and_then(|at| name.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    let (format, value) = if matches!(first, b'{' | b'[') {
        match json::read(&text, budgets) {
            // YAML flow style, which JSON readers do not accept: `{openapi: 3.1.0}`.
            Err(error)
                if error.code == Code::E0101 && (ends_with(".yaml") || ends_with(".yml")) =>
            {
                (Format::Yaml, yaml::read(&text, budgets)?)
            }
            result => (Format::Json, result?),
        }
    } else if ends_with(".json") {
        (Format::Json, json::read(&text, budgets)?)
    } else if first == b'<' {
        return Err(markup(&text));
    } else {
        (Format::Yaml, yaml::read(&text, budgets)?)
    };
    let mut document = Document::new(name, text, format, value, sha256(bytes));
    numbers::remark(&mut document);
    Ok(document)
}

/// A web page or an XML file instead of a document.
fn markup(text: &str) -> Diagnostic {
    let start = text.find('<').unwrap_or_default();
    Diagnostic::new(Code::E0102, "the document is neither YAML nor JSON")
        .position(Position::of(text, start, start + 1))
        .label("looks like HTML or XML")
        .help(
            "if it was downloaded, the address shows a page about the API (or a login form); \
               look there for a link to `openapi.json` or `openapi.yaml`",
        )
}

fn decode(bytes: &[u8]) -> Result<&str, Diagnostic> {
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        // The faulty bytes are shown as U+FFFD; the text before them is as it was.
        let text = String::from_utf8_lossy(bytes);
        let text = without_mark(&text);
        let start = offset - usize::from(bytes.starts_with(b"\xef\xbb\xbf")) * 3;
        let mut diagnostic =
            Diagnostic::new(Code::E0103, format!("byte {offset} is not valid UTF-8"))
                .position(Position::of(text, start, start + 3));
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            diagnostic = diagnostic.note("it starts like UTF-16, as some Windows editors save");
        }
        diagnostic.help("save the document as UTF-8")
    })
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
