//! Today's date, injected so that messages which name it can be tested.

use std::time::{SystemTime, UNIX_EPOCH};

/// Where the time comes from.
#[derive(Debug, Clone, Copy)]
pub struct Clock(fn() -> SystemTime);

impl Clock {
    /// The system's clock.
    pub const SYSTEM: Self = Self(SystemTime::now);

    /// A clock of one's own.
    #[must_use]
    pub const fn new(now: fn() -> SystemTime) -> Self {
        Self(now)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn seconds(self) -> u64 {
        (self.0)()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs())
    }

    /// This moment in UTC to the millisecond, as RFC 3339 writes it.
    #[must_use]
    pub fn timestamp(self) -> String {
        let since = (self.0)().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = since.as_secs();
        let (year, month, day) = civil(i64::try_from(seconds / 86_400).unwrap_or(0));
        let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
        let millis = since.subsec_millis();
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }

    /// Today in UTC as `YYYY-MM-DD`.
    #[must_use]
    pub fn today(self) -> String {
        date(self.seconds())
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::SYSTEM
    }
}

/// The day of a time in seconds since 1970, in UTC, as `YYYY-MM-DD`.
pub(crate) fn date(seconds: u64) -> String {
    let (year, month, day) = civil(i64::try_from(seconds / 86_400).unwrap_or(0));
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of a number of days since 1970-01-01 (proleptic Gregorian calendar).
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn dates() {
        assert_eq!(Clock::new(|| UNIX_EPOCH).today(), "1970-01-01");
        let leap = Clock::new(|| UNIX_EPOCH + Duration::from_secs(1_709_164_800));
        assert_eq!(leap.today(), "2024-02-29");
        let time =
            Clock::new(|| UNIX_EPOCH + Duration::from_millis(1_709_164_800_007 + 45_296_000));
        assert_eq!(time.timestamp(), "2024-02-29T12:34:56.007Z");
    }
}
