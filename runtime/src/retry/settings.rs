//! What the operator says about time and resends, in environment variables with the API's prefix.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::operation::{Api, OperationDef};
use crate::upstream::{ConfigError, MOST_SECONDS};

/// Attempts at most, whatever the operator says.
const ATTEMPTS: u64 = 3;
/// Time of an attempt unless the operator says otherwise.
const TRY: Duration = Duration::from_secs(10);

/// Time limits, and which requests may be sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retries {
    /// `<PREFIX>_MAX_ATTEMPTS`: how often one request is sent at most; 3.
    pub attempts: u32,
    /// `<PREFIX>_TRY_SECONDS`: time of each attempt; 10 s, or that of the call where the operator set it.
    pub try_time: Duration,
    /// `<PREFIX>_CONNECT_SECONDS`: time to open a connection; 3 s.
    pub connect_time: Duration,
    /// `<PREFIX>_IDEMPOTENCY_KEYS`: tools whose service honours the key that is made for each call, so that
    /// a request with it can be repeated; `all`, or their names; none.
    pub keyed: BTreeSet<&'static str>,
    /// `<PREFIX>_IDEMPOTENCY_KEY_HOURS`: how long the service remembers a key; 23.
    pub key_time: Duration,
    /// `<PREFIX>_UNPROCESSED_503=1`: the service answers 503 before it looks at a request.
    pub unprocessed_503: bool,
    /// `<PREFIX>_NO_RESEND`: tools that are not called again after a 429; none.
    pub never: BTreeSet<&'static str>,
}

impl Retries {
    /// What holds for an API without any of the variables.
    pub const DEFAULT: Self = Self {
        attempts: 3,
        try_time: TRY,
        connect_time: Duration::from_secs(3),
        keyed: BTreeSet::new(),
        key_time: Duration::from_secs(23 * 3_600),
        unprocessed_503: false,
        never: BTreeSet::new(),
    };

    /// Reads the variables. `whole` is the time of a call where the operator set it.
    ///
    /// # Errors
    /// One line that names the variable.
    pub(crate) fn read(
        api: &Api,
        whole: Option<Duration>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let get = |suffix: &str| {
            let name = format!("{}_{suffix}", api.env_prefix);
            let value = variable(&name).map(|value| value.trim().to_owned());
            (value.filter(|value| !value.is_empty()), name)
        };
        let number = |suffix: &str, what: &str, most: u64| match get(suffix) {
            (None, _) => Ok(None),
            (Some(text), name) => match text.parse::<u64>() {
                Ok(number) if (1..=most).contains(&number) => Ok(Some(number)),
                _ => Err(ConfigError(format!(
                    "{name} must be a whole number of {what} from 1 to {most}"
                ))),
            },
        };
        let seconds = |suffix: &str| {
            number(suffix, "seconds", MOST_SECONDS).map(|found| found.map(Duration::from_secs))
        };
        let usual = Self::DEFAULT;
        let attempts = number("MAX_ATTEMPTS", "attempts", ATTEMPTS)?;
        let hours = number("IDEMPOTENCY_KEY_HOURS", "hours", 24 * 365)?;
        Ok(Self {
            attempts: attempts
                .and_then(|attempts| u32::try_from(attempts).ok())
                .unwrap_or(usual.attempts),
            try_time: seconds("TRY_SECONDS")?.or(whole).unwrap_or(usual.try_time),
            connect_time: seconds("CONNECT_SECONDS")?.unwrap_or(usual.connect_time),
            keyed: tools(api, get("IDEMPOTENCY_KEYS"), &|operation| {
                if keyed(operation) {
                    Ok(())
                } else {
                    Err("has no idempotency key that is made for each call")
                }
            })?,
            key_time: hours.map_or(usual.key_time, |hours| Duration::from_secs(hours * 3_600)),
            unprocessed_503: matches!(get("UNPROCESSED_503").0.as_deref(), Some("1" | "true")),
            never: tools(api, get("NO_RESEND"), &|_| Ok(()))?,
        })
    }
}

impl Default for Retries {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Whether a key is made for each call of an operation.
pub(crate) fn keyed(operation: &OperationDef) -> bool {
    operation.parameters.iter().any(|one| one.generated)
}

/// The tools that a variable names; `all` are those that fit.
fn tools(
    api: &Api,
    (value, name): (Option<String>, String),
    fits: &dyn Fn(&OperationDef) -> Result<(), &'static str>,
) -> Result<BTreeSet<&'static str>, ConfigError> {
    let mut found = BTreeSet::new();
    let words = value.as_deref().unwrap_or_default();
    for word in words.split([',', ' ']).filter(|word| !word.is_empty()) {
        if word == "all" {
            let fitting = api.operations.iter().filter(|op| fits(op).is_ok());
            found.extend(fitting.map(|operation| operation.tool));
            continue;
        }
        let shown = crate::text::cap(word, 60);
        let operation = api.operations.iter().find(|op| op.tool == word);
        let operation = operation
            .ok_or_else(|| ConfigError(format!("{name} names {shown}, which is no tool here")))?;
        fits(operation).map_err(|why| ConfigError(format!("{name} names {shown}, which {why}")))?;
        found.insert(operation.tool);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Parameter;

    static KEYED: OperationDef = OperationDef {
        tool: "create_invoice",
        method: "POST",
        parameters: &[Parameter {
            name: "Idempotency-Key",
            generated: true,
            ..Parameter::HEADER
        }],
        ..OperationDef::DEFAULT
    };
    static PLAIN: OperationDef = OperationDef {
        tool: "create_note",
        method: "POST",
        ..OperationDef::DEFAULT
    };
    static API: Api = Api {
        env_prefix: "X",
        operations: &[&KEYED, &PLAIN],
        ..Api::DEFAULT
    };

    fn read(whole: Option<u64>, variables: &[(&str, &str)]) -> Result<Retries, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let whole = whole.map(Duration::from_secs);
        Retries::read(&API, whole, &variable).map_err(|error| error.to_string())
    }

    #[test]
    fn without_variables_the_usual_holds() {
        assert_eq!(read(None, &[]), Ok(Retries::DEFAULT));
        // Whoever gave calls a time of their own gave it to one attempt.
        let seconds = |whole, variables| read(whole, variables).map(|read| read.try_time.as_secs());
        assert_eq!(seconds(Some(120), &[]), Ok(120));
        assert_eq!(seconds(Some(120), &[("X_TRY_SECONDS", "20")]), Ok(20));
    }

    #[test]
    fn variables_say_what_may_be_sent_again() {
        let read_all = read(
            None,
            &[
                ("X_MAX_ATTEMPTS", "2"),
                ("X_CONNECT_SECONDS", "1"),
                ("X_IDEMPOTENCY_KEYS", "all"),
                ("X_IDEMPOTENCY_KEY_HOURS", "1"),
                ("X_UNPROCESSED_503", "1"),
                ("X_NO_RESEND", "create_note"),
            ],
        );
        let expected = Retries {
            attempts: 2,
            try_time: TRY,
            connect_time: Duration::from_secs(1),
            keyed: BTreeSet::from(["create_invoice"]),
            key_time: Duration::from_secs(3_600),
            unprocessed_503: true,
            never: BTreeSet::from(["create_note"]),
        };
        assert_eq!(read_all, Ok(expected));
        for (name, value, error) in [
            (
                "X_MAX_ATTEMPTS",
                "4",
                "X_MAX_ATTEMPTS must be a whole number of attempts from 1 to 3",
            ),
            (
                "X_MAX_ATTEMPTS",
                "0",
                "X_MAX_ATTEMPTS must be a whole number of attempts from 1 to 3",
            ),
            (
                "X_TRY_SECONDS",
                "1.5",
                "X_TRY_SECONDS must be a whole number of seconds from 1 to 86400",
            ),
            (
                "X_CONNECT_SECONDS",
                "18446744073709551615",
                "X_CONNECT_SECONDS must be a whole number of seconds from 1 to 86400",
            ),
            (
                "X_IDEMPOTENCY_KEY_HOURS",
                "9999",
                "X_IDEMPOTENCY_KEY_HOURS must be a whole number of hours from 1 to 8760",
            ),
            (
                "X_IDEMPOTENCY_KEYS",
                "create_note",
                "X_IDEMPOTENCY_KEYS names create_note, which has no idempotency key that is made for each call",
            ),
            (
                "X_NO_RESEND",
                "create_lead",
                "X_NO_RESEND names create_lead, which is no tool here",
            ),
        ] {
            assert_eq!(read(None, &[(name, value)]), Err(error.to_owned()));
        }
    }
}
