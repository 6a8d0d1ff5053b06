//! Dates as people write them, where settings ask for that: in the text of results; the structured copy,
//! from which filters and updates are written, keeps what came (row C9).

use std::borrow::Cow;

use crate::json::Value;
use crate::operation::Answer;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The answer with its dates as people write them, if its plan says so.
pub(super) fn humane<'v>(value: Cow<'v, Value>, plan: &Answer) -> Cow<'v, Value> {
    if !plan.human_dates {
        return value;
    }
    let mut value = value.into_owned();
    change(&mut value);
    Cow::Owned(value)
}

fn change(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(human) = human(text) {
                *text = human;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(change),
        Value::Object(object) => object.values_mut().for_each(change),
        _ => {}
    }
}

/// `14 Oct 2026` or `14 Oct 2026, 09:30 UTC` for a `full-date` or `date-time` (RFC 3339 §5.6) of a day that
/// there is; the offset stays as it was given.
fn human(text: &str) -> Option<String> {
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let date = written_date(date)?;
    let Some(time) = time else {
        return Some(date);
    };
    let clock = time.get(..5)?;
    let (hour, minute) = clock.split_once(':')?;
    number(hour, 2).filter(|hour| *hour < 24)?;
    number(minute, 2).filter(|minute| *minute < 60)?;
    let zone = time
        .get(5..)?
        .trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.'));
    let zone = match zone {
        "Z" | "z" | "+00:00" => "UTC",
        "" => return Some(format!("{date}, {clock}")),
        offset if is_offset(offset) => offset,
        _ => return None,
    };
    Some(format!("{date}, {clock} {zone}"))
}

fn written_date(text: &str) -> Option<String> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let (number_of_year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    let leap = number_of_year % 4 == 0 && (number_of_year % 100 != 0 || number_of_year % 400 == 0);
    let days = match month {
        2 => 28 + usize::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let name = MONTHS.get(month.checked_sub(1)?)?;
    let exists = parts.next().is_none() && (1..=days).contains(&day);
    exists.then(|| format!("{day} {name} {year}"))
}

fn number(text: &str, digits: usize) -> Option<usize> {
    let is_plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

/// `+02:00`
fn is_offset(text: &str) -> bool {
    let Some((hours, minutes)) = text.split_once(':') else {
        return false;
    };
    hours.starts_with(['+', '-'])
        && hours
            .get(1..)
            .is_some_and(|hours| number(hours, 2).is_some())
        && number(minutes, 2).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    /// Row C9.
    #[test]
    fn c9_dates_are_written_as_people_do_and_nothing_else_is_changed() {
        for (text, expected) in [
            ("2026-10-14", Some("14 Oct 2026")),
            ("2026-01-02T03:04:05.000Z", Some("2 Jan 2026, 03:04 UTC")),
            (
                "2024-02-29T09:30:00+02:00",
                Some("29 Feb 2024, 09:30 +02:00"),
            ),
            (
                "2026-10-14T09:30:00.123456-11:30",
                Some("14 Oct 2026, 09:30 -11:30"),
            ),
            ("2026-10-14T09:30:00", Some("14 Oct 2026, 09:30")),
            ("2026-02-29", None),
            ("2026-13-01", None),
            ("2026-00-01", None),
            ("2026-1-2", None),
            ("2026-10-14-1", None),
            ("2026-10-14T25:00:00Z", None),
            ("2026-10-14T09:30:00 and so on", None),
            ("2026-10-14Tuesday", None),
            ("INV-2026-10-14", None),
            ("", None),
            ("2026-10-14Tä:ö", None),
        ] {
            assert_eq!(human(text).as_deref(), expected, "{text}");
        }
        let answer = json!({"data": [{"at": "2026-10-14", "n": 1}], "on": ["2026-10-14"]});
        let plan = Answer {
            human_dates: true,
            ..Answer::DEFAULT
        };
        let shown = humane(Cow::Borrowed(&answer), &plan);
        let expected = json!({"data": [{"at": "14 Oct 2026", "n": 1}], "on": ["14 Oct 2026"]});
        assert_eq!(*shown, expected);
        let left = humane(Cow::Borrowed(&answer), &Answer::DEFAULT);
        assert!(matches!(left, Cow::Borrowed(_)));
    }
}
