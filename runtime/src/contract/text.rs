//! Texts that keep the rules of a schema.

use base64::Engine as _;

use super::looks::Ahead;
use crate::arguments::matching as pattern;
use crate::json::{Object, Value};

/// A text with the marker in it.
///
/// # Errors
/// When no text can be made up that keeps the rules.
pub(super) fn text(schema: &Object, marker: u64) -> Result<String, String> {
    let limit = |keyword: &str| {
        let limit = schema.get(keyword).and_then(Value::as_u64)?;
        usize::try_from(limit).ok()
    };
    let least = limit("minLength").unwrap_or(0).min(100_000);
    let most = limit("maxLength").unwrap_or(usize::MAX);
    let formatted = schema
        .get("format")
        .and_then(Value::as_str)
        .and_then(|format| of_format(format, marker));
    let rule = schema.get("pattern").or_else(|| schema.get("x-pattern"));
    let Some(rule) = rule.and_then(Value::as_str) else {
        if let Some(text) = formatted {
            let text = if text.len() < least {
                lengthened(text, least)
            } else {
                text
            };
            return Ok(text);
        }
        return Ok(plain(marker, least, most));
    };
    let listed = schema.get("examples").and_then(Value::as_array);
    let listed = listed.into_iter().flatten().chain(schema.get("default"));
    let listed = listed.filter_map(Value::as_str).map(str::to_owned);
    let fits = |text: &String| {
        (least..=most).contains(&text.chars().count())
            && pattern::is_match(rule, text).unwrap_or(true)
    };
    let free = formatted.into_iter().chain([plain(marker, least, most)]);
    let ruled = pattern::texts(rule, marker, least);
    // Where nobody can say what matches, what the document shows and what the rule looks like come first.
    let fitting = if pattern::is_match(rule, "").is_some() {
        free.chain(ruled).chain(listed).find(fits)
    } else {
        let ahead = Ahead::of(rule);
        let spelt_out = pattern::texts(&ahead.spelt_out, marker, least);
        let all = listed.chain(ruled).chain(free).filter(fits);
        let all: Vec<String> = all.chain(spelt_out.filter(fits)).collect();
        let best = all.iter().position(|text| ahead.may_match(text));
        all.into_iter().nth(best.unwrap_or(0))
    };
    fitting.ok_or_else(|| format!(" (pattern {rule})"))
}

/// `v` and the marker; the end of it where that is too long.
fn plain(marker: u64, least: usize, most: usize) -> String {
    let text = format!("v{marker}");
    let start = text.len().saturating_sub(most);
    let text = text.get(start..).unwrap_or_default().to_owned();
    lengthened(text, least)
}

fn lengthened(mut text: String, least: usize) -> String {
    // A URI or an address stays one when letters follow.
    text.extend(std::iter::repeat_n('x', least.saturating_sub(text.len())));
    text
}

fn of_format(format: &str, n: u64) -> Option<String> {
    let (year, month, day) = (2_000 + n % 1_000 / 28 + 1, n / 28 % 12 + 2, n % 28 + 1);
    let month = (month - 1) % 12 + 1;
    Some(match format {
        "date" => format!("{year:04}-{month:02}-{day:02}"),
        "date-time" => format!("{year:04}-{month:02}-{day:02}T03:04:{:02}Z", n % 60),
        "time" => format!("03:{:02}:{:02}Z", n / 60 % 60, n % 60),
        "duration" => format!("P{n}D"),
        "email" | "idn-email" => format!("v{n}@example.com"),
        "uri" | "url" | "iri" => format!("https://example.com/v{n}"),
        "uri-reference" | "iri-reference" => format!("/v{n}"),
        "uuid" => format!("6f1c2b9e-3a54-4d7c-8b1f-{n:012x}"),
        "hostname" | "idn-hostname" => format!("v{n}.example.com"),
        "ipv4" => format!("10.{}.{}.{}", n / 65_536 % 256, n / 256 % 256, n % 256),
        "ipv6" => format!("2001:db8::{:x}", n % 65_536),
        "byte" => base64::engine::general_purpose::STANDARD.encode(format!("v{n}")),
        _ => return None,
    })
}
