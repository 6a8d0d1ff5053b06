//! The day and the time the CRM believes it is.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// Source of "now": the real UTC clock, or a fixed day for deterministic runs.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The machine's clock, in UTC.
    Real,
    /// Always 09:00 UTC on this day.
    Fixed(Date),
}

/// One moment, taken once per request so that all parts of an answer agree.
#[derive(Debug, Clone)]
pub struct Now {
    /// The current day.
    pub today: Date,
    /// The current time, RFC 3339 in UTC with seconds.
    pub timestamp: String,
}

impl Clock {
    /// A clock fixed at `today`, or the real one.
    pub fn new(today: Option<&str>) -> Result<Self, String> {
        match today {
            None => Ok(Self::Real),
            Some(text) => parse_date(text)
                .map(Self::Fixed)
                .ok_or_else(|| format!("--today: {text:?} is not a date like 2026-11-21")),
        }
    }

    /// The moment it is now.
    pub fn now(self) -> Now {
        match self {
            Self::Fixed(today) => Now {
                today,
                timestamp: format!("{today}T09:00:00Z"),
            },
            Self::Real => {
                let zoned = Timestamp::now().to_zoned(TimeZone::UTC);
                Now {
                    today: zoned.date(),
                    timestamp: zoned.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                }
            }
        }
    }
}

/// Reads `YYYY-MM-DD` and nothing else (RFC 3339 full-date): libraries accept more spellings.
pub fn parse_date(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    let mut parts = text.split('-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    Date::new(year, month, day).ok()
}

/// `date` plus some days; `None` when that leaves the calendar's range.
pub fn add_days(date: Date, days: i64) -> Option<Date> {
    let moved = date.checked_add(days.days()).ok()?;
    (0..=9999).contains(&moved.year()).then_some(moved)
}

/// `date` plus some months; `None` when that leaves the calendar's range.
pub fn add_months(date: Date, months: i64) -> Option<Date> {
    let moved = date.checked_add(months.months()).ok()?;
    (0..=9999).contains(&moved.year()).then_some(moved)
}
