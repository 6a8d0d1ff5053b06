//! The guard-rails of each tool that a request to the service itself has not (behaviour F11): those of
//! behaviours B9 to B16 and F1 to F8, in a few words for the catalogue.

use crate::ir::{Composite, Confirm, Deed, Operation, Risk};

/// Arguments that one guard-rail names.
const NAMED: usize = 4;

/// Those of an operation's tool.
pub fn of_operation(operation: &Operation) -> Vec<String> {
    let settled = &operation.settled;
    let mut found: Vec<String> = confirmed(settled.confirm, operation.risk)
        .into_iter()
        .collect();
    // What the runtime's `guard/duplicates.rs` remembers once it was carried out.
    let is_create =
        operation.method == "POST" && operation.risk != Risk::Read && !operation.hints.idempotent;
    if is_create {
        found.push("not twice".to_owned());
    }
    // A search by POST may carry one as well; nothing comes of it.
    if operation.risk != Risk::Read && operation.parameters.iter().any(|one| one.generated) {
        found.push("idempotency key".to_owned());
    }
    if !settled.null_refused.is_empty() {
        let places = settled.null_refused.iter();
        found.push(format!(
            "null refused: {}",
            listed(places.map(|place| last(place)))
        ));
    }
    if operation.description.contains("WARNING: REPLACES") {
        found.push("warns of replaced lists".to_owned());
    }
    if !settled.merges.is_empty() {
        let arguments = settled.merges.iter().map(|merge| merge.argument.as_str());
        found.push(format!("merged, not replaced: {}", listed(arguments)));
    }
    if !settled.fixed.is_empty() {
        found.push("values that are fixed".to_owned());
    }
    if !settled.redact.is_empty() {
        found.push("secrets masked".to_owned());
    }
    if !settled.advice.is_empty() {
        found.push("advice on errors".to_owned());
    }
    found
}

/// Those of a tool beside the operations.
pub fn of_composite(tool: &Composite) -> Vec<String> {
    let mut found: Vec<String> = confirmed(None, tool.risk).into_iter().collect();
    let own = match &tool.deed {
        Deed::Relation(_) => Some("other ids stay, pairs checked"),
        Deed::Append(_) => Some("the text before stays"),
        Deed::Lookup(_) => Some("never the first of several"),
        Deed::Fanout(_) | Deed::Count(_) | Deed::MultiGet(_) => None,
    };
    found.extend(own.map(str::to_owned));
    found
}

/// How a call is confirmed, unless the environment says otherwise.
fn confirmed(said: Option<Confirm>, risk: Risk) -> Option<String> {
    match said {
        None if risk <= Risk::Write => None,
        None | Some(Confirm::Auto) => Some("confirmed by a person or a token".to_owned()),
        Some(Confirm::Token) => Some("confirmed by a token".to_owned()),
        Some(Confirm::Elicit) => Some("confirmed by a person".to_owned()),
        Some(Confirm::Arg) => Some("confirmed by an argument".to_owned()),
        Some(Confirm::Deny) => Some("always refused".to_owned()),
        Some(Confirm::Off) => None,
    }
}

/// The last step of a place that is a name.
fn last(place: &str) -> &str {
    let mut steps = place.rsplit('/').filter(|step| *step != "*");
    steps.next().unwrap_or_default()
}

fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>();
    match names.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_an_operation_counts_more_than_its_class() {
        for (said, risk, expected) in [
            (None, Risk::Read, None),
            (None, Risk::Write, None),
            (
                None,
                Risk::Destructive,
                Some("confirmed by a person or a token"),
            ),
            (
                None,
                Risk::Outward,
                Some("confirmed by a person or a token"),
            ),
            (Some(Confirm::Off), Risk::Outward, None),
            (
                Some(Confirm::Elicit),
                Risk::Write,
                Some("confirmed by a person"),
            ),
            (Some(Confirm::Deny), Risk::Write, Some("always refused")),
        ] {
            assert_eq!(
                confirmed(said, risk).as_deref(),
                expected,
                "{said:?} {risk:?}"
            );
        }
        assert_eq!(last("/deals/*/tagIds/*"), "tagIds");
        assert_eq!(
            listed(["a", "b", "c", "d", "e"].into_iter()),
            "a, b, c, d and 1 more"
        );
    }
}
