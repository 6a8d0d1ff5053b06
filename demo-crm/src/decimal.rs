//! Decimal numbers with two places, kept as whole hundredths: cents, hundredths of an hour,
//! hundredths of a percent. No floating point takes part in any sum.

/// Reads `12`, `12.5` or `12.50` as 1250; `None` for anything else, or above `max` hundredths.
pub fn parse(text: &str, max: i64) -> Option<i64> {
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text, None), |(w, f)| (w, Some(f)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || whole.len() > 12 {
        return None;
    }
    let cents = match fraction {
        None => 0,
        Some(part) if digits(part) && part.len() == 1 => part.parse::<i64>().ok()? * 10,
        Some(part) if digits(part) && part.len() == 2 => part.parse().ok()?,
        Some(_) => return None,
    };
    let value = whole
        .parse::<i64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(cents)?;
    (value <= max).then_some(value)
}

/// Writes 1250 as `12.50`.
pub fn format(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let value = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", value / 100, value % 100)
}

/// `a × b / divisor`, rounded half up; saturates instead of overflowing.
pub fn multiply(a: i64, b: i64, divisor: i64) -> i64 {
    let divisor = i128::from(divisor.max(1));
    let product = i128::from(a) * i128::from(b);
    i64::try_from((product + divisor / 2).div_euclid(divisor)).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_reads_two_places_and_nothing_else() {
        let table = [
            ("95", Some(9500)),
            ("95.5", Some(9550)),
            ("95.05", Some(9505)),
            ("0", Some(0)),
            ("", None),
            (".5", None),
            ("5.", None),
            ("5.123", None),
            ("-5", None),
            ("1e3", None),
            ("٣", None),
            ("99999999999999", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text, i64::MAX), expected, "{text}");
        }
    }

    #[test]
    fn multiply_rounds_half_up() {
        assert_eq!(multiply(500, 9500, 100), 47_500);
        assert_eq!(multiply(1, 50, 100), 1);
        assert_eq!(multiply(1, 49, 100), 0);
    }
}
