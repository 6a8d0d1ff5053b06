//! What answers say about how many requests are left.

use std::time::Duration;

/// Longest time for which a header field that is no refusal stops requests: what such fields mean differs
/// between services, and one too many is answered with 429.
const LONGEST: Duration = Duration::from_secs(60);
/// Seconds from which on a number is a point in time: in 2001.
const EPOCH: f64 = 1e9;
/// Milliseconds from which on it is one.
const EPOCH_MS: f64 = 1e12;

/// How many more requests the service takes within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) requests: u64,
    pub(crate) time: Duration,
}

/// What the header fields of an answer say: `RateLimit` and `RateLimit-Policy`
/// (draft-ietf-httpapi-ratelimit-headers-11, and as drafts before 08 wrote it), or `X-RateLimit-*` and its
/// relatives. `now` is in seconds since 1970.
pub(crate) fn left(headers: &[(String, String)], now: u64) -> Option<Left> {
    let all = |name: &str| {
        let own = name.to_owned();
        let fields = headers.iter().filter(move |(known, _)| *known == own);
        fields.map(|(_, value)| value.as_str())
    };
    let policies: Vec<Item<'_>> = all("ratelimit-policy").flat_map(items).collect();
    let window = |name: &str| {
        let policy = policies.iter().find(|policy| policy.name == name)?;
        policy.get("w")
    };
    let mut found: Vec<Left> = Vec::new();
    for field in all("ratelimit") {
        if field.contains("remaining=") {
            let whole = Item::read(field, [',', ';']);
            found.extend(said(whole.get("remaining"), whole.get("reset"), now));
        } else {
            let items = items(field);
            found.extend(items.filter_map(|item| {
                let time = item.get("t").or_else(|| window(item.name));
                said(item.get("r"), time, now)
            }));
        }
    }
    for prefix in ["x-ratelimit-", "x-rate-limit-", "ratelimit-"] {
        let one = |name: &str| all(&format!("{prefix}{name}")).next().and_then(number);
        found.extend(said(
            one("remaining"),
            one("reset-after").or_else(|| one("reset")),
            now,
        ));
    }
    // The strictest of several, and of these the one that lasts.
    found.into_iter().reduce(|one, other| {
        let is_stricter = (other.requests, std::cmp::Reverse(other.time))
            < (one.requests, std::cmp::Reverse(one.time));
        if is_stricter { other } else { one }
    })
}

fn said(requests: Option<f64>, reset: Option<f64>, now: u64) -> Option<Left> {
    let (requests, reset) = (requests?, reset?);
    let now = now as f64;
    let seconds = if reset >= EPOCH_MS {
        reset / 1e3 - now
    } else if reset >= EPOCH {
        reset - now
    } else {
        reset
    };
    let time = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(LONGEST);
    Some(Left {
        requests: requests as u64,
        time: time.min(LONGEST),
    })
    .filter(|left| !left.time.is_zero())
}

/// An item of a list with parameters (RFC 9651 §3.1.2), as far as it matters here.
struct Item<'a> {
    name: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
}

impl<'a> Item<'a> {
    fn read<const N: usize>(text: &'a str, separators: [char; N]) -> Self {
        let mut parts = text.split(separators).map(str::trim);
        let name = parts.clone().next().unwrap_or_default();
        Self {
            name,
            parameters: parts
                .by_ref()
                .filter_map(|part| part.split_once('='))
                .collect(),
        }
    }

    fn get(&self, name: &str) -> Option<f64> {
        let found = self.parameters.iter().find(|(known, _)| *known == name)?;
        number(found.1)
    }
}

fn items(field: &str) -> impl Iterator<Item = Item<'_>> {
    field.split(',').map(|item| Item::read(item, [';']))
}

/// A number of at least 0 at the start of a text.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let digits = text.get(..end.unwrap_or(text.len()))?;
    digits
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_many_services_are_understood() {
        let now = 1_795_000_000;
        for (fields, expected) in [
            (
                &[("ratelimit", r#""default";r=50;t=30"#)] as &[(&str, &str)],
                Some((50, 30)),
            ),
            // The strictest of several policies.
            (
                &[("ratelimit", r#""hour";r=400;t=50, "second";r=0;t=1"#)],
                Some((0, 1)),
            ),
            (
                &[
                    ("ratelimit", r#""a";r=0;t=5"#),
                    ("ratelimit", r#""b";r=0;t=9"#),
                ],
                Some((0, 9)),
            ),
            (
                &[
                    ("ratelimit", r#""a";r=7"#),
                    ("ratelimit-policy", r#""a";q=100;w=20"#),
                ],
                Some((7, 20)),
            ),
            (
                &[("ratelimit", "limit=100, remaining=9, reset=5")],
                Some((9, 5)),
            ),
            (
                &[("ratelimit-remaining", "3"), ("ratelimit-reset", "4")],
                Some((3, 4)),
            ),
            (
                &[
                    ("x-ratelimit-limit", "60"),
                    ("x-ratelimit-remaining", "59"),
                    ("x-ratelimit-reset", "60"),
                ],
                Some((59, 60)),
            ),
            (
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1795000012"),
                ],
                Some((0, 12)),
            ),
            (
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1795000012500"),
                ],
                Some((0, 12)),
            ),
            (
                &[
                    ("x-rate-limit-remaining", "2, 2"),
                    ("x-rate-limit-reset", "1.5"),
                ],
                Some((2, 1)),
            ),
            // For long only where it is a refusal.
            (
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "3600"),
                ],
                Some((0, 60)),
            ),
            (&[("x-ratelimit-remaining", "0")], None),
            (&[("x-ratelimit-reset", "30")], None),
            (
                &[("x-ratelimit-remaining", "-1"), ("x-ratelimit-reset", "30")],
                None,
            ),
            (
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "soon"),
                ],
                None,
            ),
            // Over already.
            (
                &[
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", "1794999999"),
                ],
                None,
            ),
            (&[("ratelimit", "x; y=, ,,;;=")], None),
            (
                &[(
                    "ratelimit",
                    r#""a";r=99999999999999999999999;t=99999999999999999999999"#,
                )],
                Some((u64::MAX, 60)),
            ),
            (&[], None),
        ] {
            let headers: Vec<(String, String)> = fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            let found = left(&headers, now);
            let found = found.map(|left| (left.requests, left.time.as_secs()));
            assert_eq!(found, expected, "{fields:?}");
        }
    }
}
