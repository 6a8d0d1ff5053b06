//! The `format`s that are checked: dates, UUIDs, e-mail addresses, URIs. Others are for the service.

use url::Url;

/// A format that is checked, with what to say about it.
pub(super) struct Format {
    pub(super) words: &'static str,
    pub(super) example: &'static str,
    /// Whether today's date helps to correct a mistake.
    pub(super) dated: bool,
    pub(super) fits: fn(&str) -> bool,
}

pub(super) fn format(name: &str) -> Option<&'static Format> {
    match name {
        "date" => Some(&Format {
            words: "a date as YYYY-MM-DD",
            example: "2026-12-05",
            dated: true,
            fits: is_date,
        }),
        "date-time" => Some(&Format {
            words: "a date and time with time zone as YYYY-MM-DDThh:mm:ssZ (RFC 3339)",
            example: "2026-12-05T14:30:00Z",
            dated: true,
            fits: is_date_time,
        }),
        "uuid" => Some(&Format {
            words: "a UUID",
            example: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
            dated: false,
            fits: is_uuid,
        }),
        "email" => Some(&Format {
            words: "an e-mail address",
            example: "ann@example.com",
            dated: false,
            fits: is_email,
        }),
        "uri" => Some(&Format {
            words: "an absolute URI",
            example: "https://example.com/",
            dated: false,
            fits: |text| {
                !text.contains(|c: char| c.is_whitespace() || c.is_control())
                    && Url::parse(text).is_ok()
            },
        }),
        _ => None,
    }
}

/// `digits` digits at the front of a text, and what follows.
fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let (front, rest) = text.split_at_checked(count)?;
    front.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
    Some((front.parse().ok()?, rest))
}

/// RFC 3339 §5.6 `full-date`, at the front of a text.
fn date(text: &str) -> Option<&str> {
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=last).contains(&day).then_some(rest)
}

fn is_date(text: &str) -> bool {
    date(text) == Some("")
}

fn is_date_time(text: &str) -> bool {
    fn parse(text: &str) -> Option<()> {
        let rest = date(text)?;
        let (hour, rest) = digits(rest.strip_prefix(['T', 't'])?, 2)?;
        let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
        let (second, rest) = digits(rest.strip_prefix(':')?, 2)?;
        let rest = match rest.strip_prefix('.') {
            None => rest,
            Some(fraction) => {
                let rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
                (rest.len() < fraction.len()).then_some(rest)?
            }
        };
        let offset = match rest {
            "Z" | "z" => 0,
            _ => {
                let sign = if rest.starts_with('-') { -1 } else { 1 };
                let (hours, rest) = digits(rest.strip_prefix(['+', '-'])?, 2)?;
                let (minutes, rest) = digits(rest.strip_prefix(':')?, 2)?;
                (rest.is_empty() && hours < 24 && minutes < 60).then_some(())?;
                sign * i64::from(hours * 60 + minutes)
            }
        };
        // A leap second is the last one of a UTC day.
        let utc = (i64::from(hour * 60 + minute) - offset).rem_euclid(1_440);
        let second_fits = second < 60 || (second == 60 && utc == 1_439);
        (hour < 24 && minute < 60 && second_fits).then_some(())
    }
    parse(text).is_some()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// One `@` with something on both sides and no blanks: the service knows the rest.
fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && (local.starts_with('"') || !local.contains('@'))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && !domain.is_empty()
            && !domain.starts_with(['.', '-'])
            && !domain.ends_with('.')
            && !text.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn formats() {
        for (name, text, fits) in [
            ("date", "2024-02-29", true),
            ("date", "2023-02-29", false),
            ("date", "tomorrow", false),
            ("date", "2026-11-21T00:00:00Z", false),
            ("date", "२०२६-11-21", false),
            ("date-time", "2026-11-21T10:00:00Z", true),
            ("date-time", "2026-11-21T10:00:00.123+01:00", true),
            ("date-time", "2016-12-31T23:59:60Z", true),
            ("date-time", "2026-11-21T10:00:00", false),
            ("date-time", "2026-11-21T24:00:00Z", false),
            ("date-time", "2026-11-21", false),
            ("uuid", "3fa85f64-5717-4562-b3fc-2c963f66afa6", true),
            ("uuid", "3fa85f6457174562b3fc2c963f66afa6", false),
            ("email", "ann@example.com", true),
            ("email", "ann", false),
            ("email", "a@b@c", false),
            ("uri", "https://example.com/a?b=c", true),
            ("uri", "mailto:a@b", true),
            ("uri", "/relative", false),
        ] {
            assert_eq!(
                format(name).map(|f| (f.fits)(text)),
                Some(fits),
                "{name} {text}"
            );
        }
        assert!(format("int64").is_none());
    }
}
