//! A key as somebody orders it, on the command line or at the operator's page: both by the same rules.

use super::scope::Scope;
use super::store::{Key, Wanted};
use crate::json::{Value, json};
use crate::rate::of_a_caller;
use crate::text::{cap, clean};

/// Characters of a name.
const NAME: usize = 100;
/// Seconds of a day.
const DAY: u64 = 86_400;
/// The longest time that a key may hold, in days.
pub(crate) const MOST_DAYS: u64 = 36_500;

/// What was said of a key that is to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Order {
    /// Whose it is, and for what.
    pub(crate) name: String,
    /// `TOOLSET:CLASS` each.
    pub(crate) scopes: Vec<String>,
    /// After how many days it ends; none for never.
    pub(crate) days: Option<u64>,
    /// How many requests are taken of it, as `60/min`.
    pub(crate) rate: Option<String>,
}

impl Order {
    /// Looks at all of it; `toolsets` are those that there are.
    ///
    /// # Errors
    /// One sentence that begins with what is wrong.
    pub(crate) fn checked(self, toolsets: &[&str], now: u64) -> Result<Wanted, String> {
        let scopes = self.scopes.iter();
        let scopes: Vec<Scope> = scopes
            .map(|scope| Scope::parse(scope, toolsets))
            .collect::<Result<_, _>>()?;
        if scopes.is_empty() {
            return Err("a scope is needed, such as leads:read or *:read".to_owned());
        }
        let name = cap(clean(&self.name).trim(), NAME).replace(['\n', '\t'], " ");
        if name.is_empty() {
            return Err("the name is empty: say whose the key is, and for what".to_owned());
        }
        if self
            .days
            .is_some_and(|days| !(1..=MOST_DAYS).contains(&days))
        {
            return Err(format!("days are a number from 1 to {MOST_DAYS}"));
        }
        if let Some(rate) = &self.rate
            && of_a_caller(rate).is_none()
        {
            return Err(
                "the rate is a number of requests above 0, per second or as in 60/min or 1000/h"
                    .to_owned(),
            );
        }
        let expires = self.days;
        Ok(Wanted {
            name,
            scopes,
            expires: expires.map(|days| now.saturating_add(days.saturating_mul(DAY))),
            rate: self.rate,
        })
    }
}

/// What is told of a key, with when it was last used: nothing that lets anybody in.
pub(crate) fn told(key: &Key, used: Option<u64>) -> Value {
    let scopes: Vec<String> = key.scopes.iter().map(ToString::to_string).collect();
    json!({
        "id": key.id,
        "name": key.name,
        "scopes": scopes,
        "created": key.created,
        "expires": key.expires,
        "revoked": key.revoked,
        "rate": key.rate,
        "last_used": used,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_an_order_is_said() {
        let order = |name: &str, scope: &str, days: Option<u64>, rate: Option<&str>| {
            let scopes = (!scope.is_empty()).then(|| scope.to_owned());
            let order = Order {
                name: name.to_owned(),
                scopes: scopes.into_iter().collect(),
                days,
                rate: rate.map(str::to_owned),
            };
            order.checked(&["leads"], 1_000)
        };
        for (name, scope, days, rate, expected) in [
            (" \u{200b}", "*:read", None, None, "the name is empty"),
            ("Ann", "", None, None, "a scope is needed"),
            ("Ann", "leeds:read", None, None, "names no toolset"),
            ("Ann", "*:read", Some(0), None, "days are"),
            ("Ann", "*:read", Some(u64::MAX), None, "days are"),
            ("Ann", "*:read", None, Some("fast"), "the rate is"),
        ] {
            let said = order(name, scope, days, rate).err().unwrap_or_default();
            assert!(said.contains(expected), "{said}");
        }
        let made = order("An\nn\u{202e}", "leads:*", Some(2), Some("60/min"));
        let made = made.map(|wanted| (wanted.name, wanted.expires, wanted.rate));
        let expected = ("An n".to_owned(), Some(173_800), Some("60/min".to_owned()));
        assert_eq!(made, Ok(expected));
    }
}
