//! The file name of a `Content-Disposition` field (RFC 6266).

use super::charset;
use crate::text::clean;

/// Characters of a file name that are passed on.
const LONGEST: usize = 120;
/// Characters of an ending that is kept when a name is cut.
const LONGEST_ENDING: usize = 10;

/// The file name that a field suggests, without any folder and of bounded length.
pub(super) fn filename(field: &str) -> Option<String> {
    let parameters = parameters(field);
    let get = |name: &str| {
        let mut named = parameters.iter();
        named.find(|(own, _)| own.eq_ignore_ascii_case(name))
    };
    // The extended form counts if it can be read (RFC 6266 §4.3).
    let name = get("filename*")
        .and_then(|(_, value)| extended(value))
        .or_else(|| get("filename").map(|(_, value)| value.clone()))?;
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = clean(name).replace(['\n', '\t'], " ");
    let name = name.trim();
    (!matches!(name, "" | "." | "..")).then(|| shortened(name))
}

/// The parameters of a field after its first word: names as they are, values without quotes.
fn parameters(field: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = field.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once('=') {
        // A parameter without a value, which is none.
        let name = name.rsplit(';').next().unwrap_or_default().trim();
        let after = after.trim_start();
        let (value, tail) = match after.strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => {
                let (value, _) = after.split_once(';').unwrap_or((after, ""));
                (value.trim().to_owned(), after.get(value.len()..))
            }
        };
        found.push((name.to_owned(), value));
        let tail = tail.unwrap_or_default();
        rest = tail.split_once(';').map_or("", |(_, rest)| rest);
    }
    found
}

/// A quoted string (RFC 9110 §5.6.4) after its first quote, and what follows it.
fn unquoted(quoted: &str) -> (String, Option<&str>) {
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return (value, quoted.get(at + 1..)),
            '\\' => value.extend(characters.next().map(|(_, c)| c)),
            c => value.push(c),
        }
    }
    (value, None)
}

/// `charset'language'percent-encoded` (RFC 8187 §3.2).
fn extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    let bytes = percent_encoding::percent_decode_str(encoded).collect();
    charset::decode(&format!("text/plain;charset={charset}"), bytes).ok()
}

/// At most [`LONGEST`] characters, with the ending, which says what the file is.
fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONGEST {
        return name.to_owned();
    }
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| format!(".{ending}"))
        .filter(|ending| ending.chars().count() <= LONGEST_ENDING)
        .unwrap_or_default();
    let kept = LONGEST - 1 - ending.chars().count();
    let start: String = name.chars().take(kept).collect();
    format!("{start}…{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_field() {
        for (field, expected) in [
            (r#"attachment; filename="a;b.pdf""#, Some("a;b.pdf")),
            (r#"attachment; filename="a=b.pdf"; size=5"#, Some("a=b.pdf")),
            (r#"attachment; filename="a \"b\".pdf""#, Some("a \"b\".pdf")),
            (
                r#"attachment;size=5 ; FileName = a.pdf ;x=y"#,
                Some("a.pdf"),
            ),
            (r#"attachment; filename=a b.pdf"#, Some("a b.pdf")),
            (r#"attachment; filename="cut.pdf"#, Some("cut.pdf")),
            (r#"attachment; flag; filename=a.pdf"#, Some("a.pdf")),
            (
                r#"attachment; x="; filename=b.pdf"; filename=a.pdf"#,
                Some("a.pdf"),
            ),
            (r#"attachment; filename="../a.pdf""#, Some("a.pdf")),
            (r#"attachment; filename="C:\\dir\\a.pdf""#, Some("a.pdf")),
            ("attachment; filename*=UTF-8''r%C3%A9.pdf", Some("ré.pdf")),
            ("attachment; filename*=utf-8'de'r%C3%A9.pdf", Some("ré.pdf")),
            (
                "attachment; filename*=ISO-8859-1''%A3%20rates",
                Some("£ rates"),
            ),
            (
                "attachment; filename=a.pdf; filename*=UTF-8''%2Fetc%2Fb%3B.pdf",
                Some("b;.pdf"),
            ),
            // What cannot be read gives way to the plain form.
            (
                "attachment; filename*=UTF-8''%FF; filename=a.pdf",
                Some("a.pdf"),
            ),
            (
                "attachment; filename*=KOI8-R''%C1; filename=a.pdf",
                Some("a.pdf"),
            ),
            (
                "attachment; filename*=nonsense; filename=a.pdf",
                Some("a.pdf"),
            ),
            (
                "attachment; filename*=UTF-8''a%0D%0A%E2%80%AEb.pdf",
                Some("a b.pdf"),
            ),
            (r#"attachment; filename="""#, None),
            ("attachment; filename=..", None),
            ("attachment; filename=a/", None),
            ("inline", None),
            ("", None),
        ] {
            assert_eq!(filename(field).as_deref(), expected, "{field}");
        }
    }

    #[test]
    fn long_names_are_cut_before_their_ending() {
        for (name, ending) in [
            (format!("{}.pdf", "é".repeat(500)), "é….pdf"),
            (format!("a.{}", "é".repeat(500)), "éé…"),
        ] {
            let found = filename(&format!("attachment; filename={name}")).unwrap_or_default();
            assert_eq!(found.chars().count(), LONGEST);
            assert!(found.ends_with(ending), "{found}");
        }
    }
}
