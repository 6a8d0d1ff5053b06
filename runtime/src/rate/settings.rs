//! What the operator says about the rate of requests.

use crate::state::Rate;
use crate::upstream::ConfigError;

/// Seconds of a rate that may go out at once, and how many at least.
type Burst = (f64, f64);

/// Of what the service gets: it may not take more at a time.
const OUT: Burst = (1.0, 1.0);
/// Of what a caller sends: models call several tools at a time.
#[cfg(feature = "http")]
const IN: Burst = (10.0, 10.0);

/// Reads `<PREFIX>_RATE` (`10`, `10/s`, `600/min`, `5000/h`) and `<PREFIX>_RATE_BURST`, how many may go out at
/// once; a second's worth. None: as many as the service takes.
///
/// # Errors
/// One line that names the variable.
pub(crate) fn read(
    prefix: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Rate>, ConfigError> {
    named(prefix, "RATE", OUT, variable)
}

/// Reads `<PREFIX>_CALLER_RATE` and `<PREFIX>_CALLER_RATE_BURST`: how many requests are taken of each caller, and
/// at once; ten seconds' worth, at least 10. None: as many as there are places for.
///
/// # Errors
/// One line that names the variable.
#[cfg(feature = "http")]
pub(crate) fn of_callers(
    prefix: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Rate>, ConfigError> {
    named(prefix, "CALLER_RATE", IN, variable)
}

/// The rate of one caller, as `600/min`.
#[cfg(feature = "http")]
pub(crate) fn of_a_caller(text: &str) -> Option<Rate> {
    let per_second = per_second(text)?;
    Some(with_burst(per_second, IN))
}

fn with_burst(per_second: f64, (seconds, least): Burst) -> Rate {
    Rate {
        per_second,
        burst: (per_second * seconds).ceil().max(least),
    }
}

fn named(
    prefix: &str,
    suffix: &str,
    usual: Burst,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Rate>, ConfigError> {
    let get = |name: &str| {
        let value = variable(name).map(|value| value.trim().to_owned());
        value.filter(|value| !value.is_empty())
    };
    let (name, burst_name) = (
        format!("{prefix}_{suffix}"),
        format!("{prefix}_{suffix}_BURST"),
    );
    let (rate, burst) = (get(&name), get(&burst_name));
    let Some(rate) = rate else {
        return match burst {
            None => Ok(None),
            Some(_) => Err(ConfigError(format!(
                "{burst_name} is set and {name} is not; set it too"
            ))),
        };
    };
    let per_second = per_second(&rate).ok_or_else(|| {
        ConfigError(format!(
            "{name} must be a number of requests above 0, per second or as in 600/min or 5000/h"
        ))
    })?;
    let rate = with_burst(per_second, usual);
    let burst = match burst {
        None => rate.burst,
        Some(text) => match text.parse::<u32>() {
            Ok(burst) if burst > 0 => f64::from(burst),
            _ => {
                return Err(ConfigError(format!(
                    "{burst_name} must be a whole number of requests above 0"
                )));
            }
        },
    };
    Ok(Some(Rate { burst, ..rate }))
}

fn per_second(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once('/').unwrap_or((text, "s"));
    let seconds = match unit.trim() {
        "s" | "sec" | "second" => 1.0,
        "m" | "min" | "minute" => 60.0,
        "h" | "hour" => 3_600.0,
        _ => return None,
    };
    let number: f64 = number.trim().parse().ok()?;
    let is_sound = number.is_finite() && (1e-3..=1e6).contains(&number);
    is_sound.then_some(number / seconds)
}

#[cfg(test)]
mod tests {
    #[test]
    fn rates_are_read_in_the_units_that_services_write() {
        let read = |rate: &str, burst: &str| {
            let variable = |name: &str| match name {
                "X_RATE" => Some(rate.to_owned()),
                "X_RATE_BURST" => Some(burst.to_owned()),
                _ => None,
            };
            let read = super::read("X", &variable).map_err(|error| error.to_string());
            read.map(|read| read.map(|rate| (rate.per_second, rate.burst)))
        };
        for (rate, burst, expected) in [
            ("", "", None),
            ("10", "", Some((10.0, 10.0))),
            ("2.5/s", "", Some((2.5, 3.0))),
            ("600/min", "", Some((10.0, 10.0))),
            ("1800/h", "", Some((0.5, 1.0))),
            ("10", "40", Some((10.0, 40.0))),
        ] {
            assert_eq!(read(rate, burst), Ok(expected), "{rate} {burst}");
        }
        for rate in ["0", "-1", "fast", "10/week", "NaN", "inf", "1e9"] {
            let error = "X_RATE must be a number of requests above 0, per second or as in 600/min or 5000/h";
            assert_eq!(read(rate, ""), Err(error.to_owned()), "{rate}");
        }
        let error = "X_RATE_BURST must be a whole number of requests above 0";
        assert_eq!(read("10", "0"), Err(error.to_owned()));
        let error = "X_RATE_BURST is set and X_RATE is not; set it too";
        assert_eq!(read("", "5"), Err(error.to_owned()));
    }

    #[cfg(feature = "http")]
    #[test]
    fn callers_may_send_several_requests_at_once() {
        let of = |text| super::of_a_caller(text).map(|rate| (rate.per_second, rate.burst));
        assert_eq!(of("60/min"), Some((1.0, 10.0)));
        assert_eq!(of("5"), Some((5.0, 50.0)));
        assert_eq!(of("0"), None);
        let variable = |name: &str| match name {
            "X_CALLER_RATE" => Some("60/min".to_owned()),
            "X_CALLER_RATE_BURST" => Some("3".to_owned()),
            _ => None,
        };
        let read = super::of_callers("X", &variable).ok().flatten();
        assert_eq!(read.map(|rate| rate.burst), Some(3.0));
        let alone = super::of_callers("X", &|name| {
            variable(name).filter(|_| name.ends_with("BURST"))
        });
        let error = "X_CALLER_RATE_BURST is set and X_CALLER_RATE is not; set it too";
        assert_eq!(
            alone.err().map(|error| error.to_string()).as_deref(),
            Some(error)
        );
    }
}
