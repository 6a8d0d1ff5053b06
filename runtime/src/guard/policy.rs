//! Which calls are confirmed, and how.

use std::collections::BTreeMap;

use crate::operation::{Confirm, OperationDef, Risk};
use crate::text::{cap, clean, nearest};
use crate::upstream::ConfigError;

/// How a call is confirmed.
pub(crate) type Policy = Confirm;

/// The operator's word. What is said of one tool counts more than what is said of a class; what the
/// settings of the generator say of an operation stands between the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Policies {
    write: Policy,
    destructive: Policy,
    outward: Policy,
    tools: BTreeMap<String, Policy>,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            write: Policy::Off,
            destructive: Policy::Auto,
            outward: Policy::Auto,
            tools: BTreeMap::new(),
        }
    }
}

impl Policies {
    /// Reads `<PREFIX>_CONFIRM`: a policy for what is destructive or outward, or pairs such as
    /// `destructive=token,write=auto,delete_customer=deny`.
    ///
    /// # Errors
    /// One line about what cannot be read.
    pub(super) fn read(
        prefix: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let name = format!("{prefix}_CONFIRM");
        let mut policies = Self::default();
        let text = variable(&name).unwrap_or_default();
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (of, word) = match part.split_once('=') {
                Some((of, word)) => (of.trim(), word.trim()),
                None => ("", part),
            };
            let policy = Policy::named(word).ok_or_else(|| {
                let word = cap(&clean(word), 40).into_owned();
                let hint = nearest(&word, Policy::NAMES)
                    .map_or_else(String::new, |near| format!("; did you mean {near}?"));
                ConfigError(format!(
                    "{name}: `{word}` is no way to confirm{hint} (ways: {})",
                    Policy::NAMES.join(", ")
                ))
            })?;
            match of {
                "" => {
                    policies.destructive = policy;
                    policies.outward = policy;
                }
                "write" => policies.write = policy,
                "destructive" => policies.destructive = policy,
                "outward" => policies.outward = policy,
                "read" => {
                    return Err(ConfigError(format!(
                        "{name}: what only reads is not confirmed; classes are write, destructive and outward"
                    )));
                }
                tool => {
                    policies.tools.insert(tool.to_owned(), policy);
                }
            }
        }
        Ok(policies)
    }

    /// How calls of a tool are confirmed.
    pub(crate) fn of(&self, tool: &str, risk: Risk, settled: Option<Confirm>) -> Policy {
        let class = match risk {
            Risk::Read => Policy::Off,
            Risk::Write => self.write,
            Risk::Destructive => self.destructive,
            Risk::Outward => self.outward,
        };
        let named = self.tools.get(tool).copied();
        named.or(settled).unwrap_or(class)
    }

    /// The same of a tool that sends requests of several operations: nobody comes by it around what is said of
    /// one of them, unless something is said of the tool itself.
    pub(crate) fn of_several(&self, tool: &str, risk: Risk, of: &[&OperationDef]) -> Policy {
        if let Some(named) = self.tools.get(tool) {
            return *named;
        }
        let said = of.iter().filter_map(|operation| {
            let named = self.tools.get(operation.tool).copied();
            named.or(operation.settled.confirm)
        });
        said.fold(self.of(tool, risk, None), Policy::max)
    }

    /// The tools that are named, to tell those that there are not.
    pub(crate) fn tools(&self) -> impl Iterator<Item = &str> {
        self.tools.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Settled;

    fn read(text: &str) -> Result<Policies, ConfigError> {
        Policies::read("X", &|name| (name == "X_CONFIRM").then(|| text.to_owned()))
    }

    #[test]
    fn what_is_said_of_a_tool_counts_more_than_its_class() {
        let text = " token, write=auto ,send=off,";
        let policies = read(text).unwrap_or_default();
        for (tool, risk, settled, expected) in [
            ("list", Risk::Read, None, Policy::Off),
            ("create", Risk::Write, None, Policy::Auto),
            ("delete", Risk::Destructive, None, Policy::Token),
            (
                "delete",
                Risk::Destructive,
                Some(Confirm::Deny),
                Policy::Deny,
            ),
            ("send", Risk::Outward, Some(Confirm::Deny), Policy::Off),
        ] {
            assert_eq!(policies.of(tool, risk, settled), expected, "{tool}");
        }
    }

    #[test]
    fn a_tool_of_several_operations_is_as_careful_as_what_is_said_of_each_of_them() {
        let get = OperationDef {
            tool: "get_lead",
            ..OperationDef::DEFAULT
        };
        let mut update = OperationDef {
            tool: "update_lead",
            risk: Risk::Write,
            ..OperationDef::DEFAULT
        };
        for (text, expected) in [
            ("", Policy::Off),
            ("write=auto", Policy::Auto),
            ("update_lead=deny", Policy::Deny),
            ("update_lead=token,get_lead=deny", Policy::Deny),
            ("write=elicit,update_lead=arg", Policy::Elicit),
            ("update_lead=deny,add_note=off", Policy::Off),
        ] {
            let policies = read(text).unwrap_or_default();
            let policy = policies.of_several("add_note", Risk::Write, &[&get, &update]);
            assert_eq!(policy, expected, "{text}");
        }
        update.settled = Box::leak(Box::new(Settled {
            confirm: Some(Confirm::Token),
            ..*update.settled
        }));
        let policies = Policies::default();
        let policy = policies.of_several("add_note", Risk::Write, &[&get, &update]);
        assert_eq!(policy, Policy::Token);
    }

    #[test]
    fn without_a_word_of_the_operator_what_cannot_be_undone_is_confirmed() {
        let policies = read("").unwrap_or_default();
        assert_eq!(policies.of("a", Risk::Write, None), Policy::Off);
        assert_eq!(
            policies.of("a", Risk::Write, Some(Confirm::Auto)),
            Policy::Auto
        );
        assert_eq!(policies.of("a", Risk::Destructive, None), Policy::Auto);
        assert_eq!(policies.of("a", Risk::Outward, None), Policy::Auto);
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_the_ways() {
        for (text, expected) in [
            (
                "tokn",
                "X_CONFIRM: `tokn` is no way to confirm; did you mean token? (ways: off, arg, auto, token, elicit, deny)",
            ),
            (
                "read=token",
                "X_CONFIRM: what only reads is not confirmed; classes are write, destructive and outward",
            ),
        ] {
            assert_eq!(read(text), Err(ConfigError(expected.to_owned())), "{text}");
        }
    }
}
