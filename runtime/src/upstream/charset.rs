//! Charsets of texts: UTF-8, what calls itself Latin-1, and UTF-16. Tables for all others would weigh
//! more than the rest of this server; such a text is passed on as bytes, which loses nothing.

/// The charsets that are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Charset {
    Utf8,
    /// Also what calls itself Latin-1 or ASCII (WHATWG Encoding §4.2).
    Windows1252,
    Utf16(Order),
    Unknown,
}

/// Byte order of UTF-16.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
    Unsaid,
}

impl Charset {
    /// What the answer says of itself: the parameter of its media type, or the XML declaration.
    fn of(content_type: &str, body: &[u8]) -> Self {
        let named = content_type.split(';').skip(1).find_map(|parameter| {
            let (key, value) = parameter.split_once('=')?;
            key.trim()
                .eq_ignore_ascii_case("charset")
                .then(|| value.trim().trim_matches('"').to_ascii_lowercase())
        });
        match named.or_else(|| xml_encoding(body)).as_deref() {
            None | Some("utf-8" | "utf8" | "") => Self::Utf8,
            Some("iso-8859-1" | "latin1" | "windows-1252" | "cp1252" | "us-ascii" | "ascii") => {
                Self::Windows1252
            }
            Some("utf-16le") => Self::Utf16(Order::Little),
            Some("utf-16be") => Self::Utf16(Order::Big),
            Some("utf-16" | "ucs-2" | "unicode") => Self::Utf16(Order::Unsaid),
            Some(_) => Self::Unknown,
        }
    }
}

/// `encoding` of an XML declaration (XML 1.0 §2.8), in lower case.
fn xml_encoding(body: &[u8]) -> Option<String> {
    let start = body.strip_prefix(b"<?xml")?;
    let start: String = start
        .iter()
        .take(200)
        .map(|byte| char::from(*byte))
        .collect();
    let (declaration, _) = start.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, _) = value.get(1..)?.split_once(quote)?;
    Some(name.to_ascii_lowercase())
}

/// The text of a body; the body itself if it is none. A byte order mark counts most (WHATWG Encoding
/// §6); a body that is UTF-8 is read as that, whatever it calls itself.
pub(super) fn decode(content_type: &str, body: Vec<u8>) -> Result<String, Vec<u8>> {
    let big = match body.get(..2) {
        Some([0xfe, 0xff]) => Some(true),
        Some([0xff, 0xfe]) => Some(false),
        _ => None,
    };
    if let Some(big) = big {
        return utf16(body.get(2..).unwrap_or_default(), big).ok_or(body);
    }
    let charset = Charset::of(content_type, &body);
    // Zeros tell UTF-16 from what only calls itself so; where they stand tells an unsaid byte order.
    if let Charset::Utf16(order) = charset
        && (body.contains(&0) || std::str::from_utf8(&body).is_err())
    {
        let big = match order {
            Order::Little => false,
            Order::Big => true,
            Order::Unsaid => body.first() == Some(&0),
        };
        return utf16(&body, big).ok_or(body);
    }
    String::from_utf8(body).or_else(|error| {
        let body = error.into_bytes();
        match charset {
            Charset::Windows1252 => Ok(windows_1252(&body)),
            _ => Err(body),
        }
    })
}

fn windows_1252(body: &[u8]) -> String {
    /// What Windows-1252 has where Latin-1 has controls, from 0x80.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    body.iter()
        .map(|byte| {
            let high = usize::from(*byte).checked_sub(0x80);
            high.and_then(|at| HIGH.get(at))
                .copied()
                .unwrap_or(char::from(*byte))
        })
        .collect()
}

/// `None` for half a unit and for unpaired surrogates (RFC 2781 §2.2).
fn utf16(body: &[u8], big: bool) -> Option<String> {
    let units = body.chunks(2).map(|unit| match unit {
        [a, b] if big => Some(u16::from_be_bytes([*a, *b])),
        [a, b] => Some(u16::from_le_bytes([*a, *b])),
        _ => None,
    });
    String::from_utf16(&units.collect::<Option<Vec<u16>>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_by_charset() {
        let wide = |text: &str, big| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| {
                    if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                })
                .collect()
        };
        let marked = |text: &str, big| wide(&format!("\u{feff}{text}"), big);
        let xml = |name: &str| format!("<?xml version='1.0' encoding = '{name}' ?><a>\u{e9}</a>");
        let latin = |text: &str| -> Vec<u8> { text.chars().map(|c| c as u8).collect() };
        for (content_type, body, expected) in [
            (
                "text/plain",
                b"caf\xc3\xa9".to_vec(),
                Some("café".to_owned()),
            ),
            ("text/plain", b"caf\xe9".to_vec(), None),
            (
                "text/plain; charset=latin1",
                b"caf\xe9 \x80".to_vec(),
                Some("café €".to_owned()),
            ),
            (
                "text/plain; charset=\"US-ASCII\"",
                b"\x93x\x94".to_vec(),
                Some("“x”".to_owned()),
            ),
            ("text/plain; charset=koi8-r", b"\xf0\xd2".to_vec(), None),
            (
                "text/plain; charset=koi8-r",
                b"plain".to_vec(),
                Some("plain".to_owned()),
            ),
            (
                "text/csv; charset=utf-16",
                marked("a,é\u{1f600}", false),
                Some("a,é\u{1f600}".to_owned()),
            ),
            ("text/csv", marked("a,é", true), Some("a,é".to_owned())),
            (
                "text/csv; charset=UTF-16LE",
                wide("a,é", false),
                Some("a,é".to_owned()),
            ),
            (
                "text/csv; charset=utf-16",
                wide("a,é", true),
                Some("a,é".to_owned()),
            ),
            (
                "text/csv; charset=utf-16be",
                wide("日本\u{ff}", true),
                Some("日本\u{ff}".to_owned()),
            ),
            (
                "text/csv; charset=utf-16",
                b"really UTF-8".to_vec(),
                Some("really UTF-8".to_owned()),
            ),
            ("text/csv; charset=utf-16", b"\xff\xfea".to_vec(), None),
            (
                "text/csv; charset=utf-16",
                b"\xff\xfe\x00\xd8".to_vec(),
                None,
            ),
            (
                "application/xml",
                latin(&xml("ISO-8859-1")),
                Some(xml("ISO-8859-1")),
            ),
            (
                "application/xml",
                xml("utf-16").into_bytes(),
                Some(xml("utf-16")),
            ),
            ("application/xml", latin(&xml("koi8-r")), None),
        ] {
            assert_eq!(
                decode(content_type, body.clone()).ok(),
                expected,
                "{content_type} {body:?}"
            );
        }
    }
}
