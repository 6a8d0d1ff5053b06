//! Values as somebody sends them who wants to be at another place than the tool's.

use serde_json::{Map, Value, json};

use crate::random::Random;

/// What they are made of.
const PIECES: &[&str] = &[
    "..",
    ".",
    "../",
    "..\\",
    "..;",
    ".;",
    "/",
    "//",
    "\\",
    "%2e",
    "%2E%2e",
    "%252e%252e",
    "%2f",
    "%5C",
    "%c0%ae",
    "%u002e",
    "\u{ff0e}\u{ff0e}",
    "\u{2024}\u{2024}",
    "\u{2215}",
    "\u{ff0f}",
    "％２ｅ",
    "?",
    "&",
    "=",
    "#",
    ";",
    ",",
    "+",
    "%",
    "%zz",
    "%26",
    "%3D",
    "%23",
    "%3f",
    "@evil.example",
    "//evil.example/",
    "http://evil.example/",
    "evil.example:80",
    ":",
    "[",
    "]",
    "{",
    "}",
    "{id}",
    "$",
    "|",
    "^",
    "`",
    "\"",
    "'",
    "<",
    ">",
    "(",
    ")",
    "*",
    "~",
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\t",
    "\u{b}",
    "\u{c}",
    "\u{1b}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{2029}",
    "\u{200b}",
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\u{e0041}",
    "%00",
    "%0d%0a",
    "%0a",
    "%E5%98%8A%E5%98%8D",
    "\u{560a}\u{560d}",
    "\u{10a}\u{10d}",
    " HTTP/1.1\r\n",
    "GET /admin HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "Host: evil.example",
    "X-Evil: 1",
    "X-API-KEY: evil",
    "Cookie: evil=1",
    "Authorization: Bearer evil",
    "Content-Length: 0\r\n\r\n",
    "Transfer-Encoding: chunked",
    "0\r\n\r\n",
    "--",
    "\r\n--x\r\n",
    "filename=\"x\"",
    "; evil=1",
    ", evil=1",
    "&evil=1",
    "?evil=1",
    "#evil",
    "/admin",
    "admin",
    "a",
    "B",
    "7",
    "-",
    "_",
    " ",
    "é",
    "日本",
    "😀",
    "ß",
    "İ",
    "\u{301}",
    "null",
    "true",
    "-0",
    "1e400",
    "=?base64?Li4=?=",
];
/// Pieces of one, at most.
const MOST: u64 = 7;
/// Characters of a long one, at most.
const LONG: u64 = 2_000;

/// A text.
pub fn text(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(MOST) {
        match random.below(12) {
            // Any character at all.
            0 => text.extend(
                u32::try_from(random.below(0x11_0000))
                    .ok()
                    .and_then(char::from_u32),
            ),
            1 => text.extend(
                u32::try_from(random.below(0x100))
                    .ok()
                    .and_then(char::from_u32),
            ),
            _ => text.push_str(random.one(PIECES).copied().unwrap_or_default()),
        }
    }
    if random.below(100) == 0 && !text.is_empty() {
        let times = usize::try_from(random.below(LONG)).unwrap_or(0) / text.len();
        text = text.repeat(times.max(1));
    }
    text
}

/// A value for a text, and now and then one of another kind.
pub fn scalar(random: &mut Random) -> Value {
    match random.below(40) {
        0 => json!(random.below(1 << 40)),
        1 => json!(1e300),
        2 => json!(true),
        3 => Value::Null,
        4 => json!([text(random)]),
        5 => json!({text(random): text(random)}),
        _ => Value::String(text(random)),
    }
}

/// A few texts.
pub fn list(random: &mut Random) -> Value {
    (0..=random.below(3)).map(|_| scalar(random)).collect()
}

/// Texts under names that are nobody's.
pub fn map(random: &mut Random) -> Map<String, Value> {
    let count = random.below(3);
    (0..count).map(|_| (text(random), scalar(random))).collect()
}
