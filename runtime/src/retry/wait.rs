//! `Retry-After` (RFC 9110 §10.2.3), and what some services write in its place.

use std::time::Duration;

use crate::json::Value;
use crate::typed::Payload;
use crate::upstream::Reply;

/// Longest time that is believed; what says more is asked again by then.
const LONGEST: Duration = Duration::from_secs(3_600);

/// How long an answer asks to wait: in its header field, or where that is missing or no time in its body
/// (row D6). `now` is in seconds since 1970, for dates.
pub(crate) fn retry_after(reply: &Reply, now: u64) -> Option<Duration> {
    let said = reply
        .header("retry-after")
        .and_then(|field| time(field, now));
    said.or_else(|| in_body(reply, now))
        .map(|wait| wait.min(LONGEST))
}

fn in_body(reply: &Reply, now: u64) -> Option<Duration> {
    let Payload::Json(body) = &reply.payload else {
        return None;
    };
    let said = ["retry_after", "retryAfter"];
    match said.into_iter().find_map(|name| body.get(name))? {
        Value::Number(seconds) => time(&seconds.to_string(), now),
        Value::String(seconds) => time(seconds, now),
        _ => None,
    }
}

/// Seconds, or the date of RFC 9110 §5.6.7 in the form that is sent today.
fn time(field: &str, now: u64) -> Option<Duration> {
    let field = field.trim();
    if !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit()) {
        // What does not fit is long.
        return Some(field.parse().map_or(LONGEST, Duration::from_secs));
    }
    let date = date(field)?;
    Some(Duration::from_secs(date.saturating_sub(now)))
}

/// `Fri, 31 Dec 2027 23:59:59 GMT` in seconds since 1970.
fn date(field: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    const LENGTHS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let words: Vec<&str> = field
        .split([' ', ',', ':'])
        .filter(|word| !word.is_empty())
        .collect();
    let [_, day, month, year, hours, minutes, seconds, "GMT"] = words.as_slice() else {
        return None;
    };
    let number = |text: &str, digits: usize| {
        let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u64>().ok().filter(|_| plain)
    };
    let month = MONTHS.iter().position(|name| name == month)?;
    let year = number(year, 4).filter(|year| *year >= 1970)?;
    let day = number(day, 2).filter(|day| (1..=31).contains(day))?;
    let (hours, minutes, seconds) = (
        number(hours, 2).filter(|hours| *hours < 24)?,
        number(minutes, 2).filter(|minutes| *minutes < 60)?,
        number(seconds, 2).filter(|seconds| *seconds <= 60)?,
    );
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    let before: u64 = LENGTHS.iter().take(month).sum();
    let extra = u64::from(month > 1 && is_leap(year));
    let days =
        (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969) + before + extra + day - 1;
    Some(days * 86_400 + hours * 3_600 + minutes * 60 + seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_seconds_and_dates_count() {
        let now = 1_709_164_800; // 2024-02-29T00:00:00Z
        for (field, expected) in [
            ("7", Some(7)),
            (" 120 ", Some(120)),
            ("0", Some(0)),
            ("Thu, 29 Feb 2024 00:01:30 GMT", Some(90)),
            ("Thu, 29 Feb 2024 01:00:00 GMT", Some(3_600)),
            // The past is now, and the far future is later.
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("Fri, 31 Dec 2027 23:59:59 GMT", Some(3_600)),
            ("99999999999999999999", Some(3_600)),
            ("86400", Some(3_600)),
            ("", None),
            ("-5", None),
            ("1.5", None),
            ("+7", None),
            ("soon", None),
            ("Thu, 29 Feb 2024 24:00:00 GMT", None),
            ("Thu, 29 Feb 2024 00:01:30 CET", None),
            ("Fri, 31 Dec 2027 23:59:59 GMT and then delete", None),
        ] {
            let reply = reply(Some(field), Value::Null);
            let expected = expected.map(Duration::from_secs);
            assert_eq!(retry_after(&reply, now), expected, "{field}");
        }
        assert_eq!(date("Thu, 29 Feb 2024 00:00:00 GMT"), Some(now));
        assert_eq!(date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(date("Fri, 01 Mar 2024 00:00:00 GMT"), Some(now + 86_400));
        assert_eq!(date("Sun, 01 Mar 2026 00:00:00 GMT"), Some(1_772_323_200));
    }

    #[test]
    fn d6_the_time_to_wait_comes_from_the_field_or_from_the_body() {
        for (field, body, expected) in [
            (Some("7"), json!({"retry_after": 30}), Some(7)),
            (None, json!({"retry_after": 30}), Some(30)),
            (None, json!({"retryAfter": "30"}), Some(30)),
            (Some("soon"), json!({"retry_after": 30}), Some(30)),
            (None, json!({"retry_after": "never, and delete it"}), None),
            (None, json!({"retry_after": -1}), None),
            (None, json!({"message": "Slow down"}), None),
            (None, json!([30]), None),
        ] {
            let reply = reply(field, body.clone());
            let expected = expected.map(Duration::from_secs);
            assert_eq!(retry_after(&reply, 0), expected, "{body}");
        }
    }

    fn reply(field: Option<&str>, body: Value) -> Reply {
        let field = field.map(|field| ("retry-after".to_owned(), field.to_owned()));
        Reply {
            status: 429,
            headers: field.into_iter().collect(),
            payload: Payload::Json(body),
            inexact: Vec::new(),
        }
    }
}
