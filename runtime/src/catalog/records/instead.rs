//! What there is in place of what an entity has not.

use crate::catalog::entities::Entity;
use crate::catalog::own::Deed;
use crate::catalog::words::{split, stem};
use crate::text::nearest;

/// Actions that are named as what may be meant.
const MOST: usize = 3;

/// That something cannot be done to records of an entity, and what can be done.
pub(super) fn unable(entity: &Entity, deed: Deed, prefix: &str) -> String {
    let (what, verbs): (_, &[&str]) = match deed {
        Deed::Search => ("searched", &["list", "search", "find"]),
        Deed::Get => ("shown one by one", &["get", "show"]),
        Deed::Create => ("created", &["create", "add", "new"]),
        Deed::Update => ("changed", &["update", "change", "edit", "set", "replace"]),
        _ => ("deleted", &["delete", "remove"]),
    };
    let name = &entity.name;
    let actions: Vec<&str> = entity
        .actions
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let does = |action: &&&str| {
        let words = split(action);
        words.iter().any(|word| verbs.contains(&word.as_str()))
    };
    let doing: Vec<&str> = actions.iter().filter(does).copied().collect();
    if !doing.is_empty() {
        return format!(
            "{name} are {what} by actions: call {prefix}_action with {}.",
            doing.join(" or ")
        );
    }
    let all = entity.slots().map(|(name, _)| name);
    let can: Vec<&str> = all.filter(|name| !actions.contains(name)).collect();
    let can = match can.as_slice() {
        [] => String::new(),
        can => format!("; what there is: {}", can.join(", ")),
    };
    let actions = match actions.as_slice() {
        [] => String::new(),
        actions => format!("; {prefix}_action does: {}", actions.join(", ")),
    };
    format!("{name} cannot be {what} through this API{can}{actions}.")
}

/// The actions of an entity that a name is like, or whose words it has: `comment` for `add_case_comment`.
pub(super) fn nearest_action(entity: &Entity, name: &str) -> Option<String> {
    let names = entity.actions.iter().map(|(name, _)| name.as_str());
    if let Some(near) = nearest(name, names.clone()) {
        return Some(near.to_owned());
    }
    let stems = |text: &str| -> Vec<String> { split(text).iter().map(|word| stem(word)).collect() };
    let own = stems(&entity.name);
    let mut asked = stems(name);
    asked.retain(|word| !own.contains(word));
    // What is done stands first and is the same of many things: the last word tells most.
    let counts = |action: &str| -> usize {
        let words = stems(action);
        let found = asked.iter().enumerate();
        found
            .filter(|(_, word)| words.contains(word))
            .map(|(place, _)| place.saturating_add(1))
            .sum()
    };
    let best = names.clone().map(counts).max().filter(|best| *best > 0)?;
    let found: Vec<&str> = names.filter(|name| counts(name) == best).collect();
    (found.len() <= MOST).then(|| found.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::entities::Slot;

    fn entity(name: &str, actions: &[&str], has_search: bool) -> Entity {
        let slot = Slot {
            tool: 0,
            id: None,
            within: Vec::new(),
        };
        let actions = actions.iter();
        Entity {
            name: name.to_owned(),
            search: has_search.then(|| slot.clone()),
            actions: actions
                .map(|name| ((*name).to_owned(), slot.clone()))
                .collect(),
            ..Entity::default()
        }
    }

    #[test]
    fn what_there_is_instead_is_told_with_the_tool_that_does_it() {
        let notes = ["create_note_for_lead", "create_note_for_deal", "pin"];
        for (entity, deed, expected) in [
            (
                entity("notes", &notes, true),
                Deed::Create,
                "notes are created by actions: call crm_action with create_note_for_lead or create_note_for_deal.",
            ),
            (
                entity("notes", &notes, true),
                Deed::Delete,
                "notes cannot be deleted through this API; what there is: search; crm_action does: create_note_for_lead, create_note_for_deal, pin.",
            ),
            (
                entity("notes", &["pin"], false),
                Deed::Get,
                "notes cannot be shown one by one through this API; crm_action does: pin.",
            ),
            (
                entity("notes", &[], true),
                Deed::Update,
                "notes cannot be changed through this API; what there is: search.",
            ),
        ] {
            assert_eq!(unable(&entity, deed, "crm"), expected);
        }
    }

    #[test]
    fn an_action_is_found_by_its_words() {
        let actions = [
            "add_case_comment",
            "update_case_status",
            "update_case_owner",
            "email_customer",
            "merge",
        ];
        let cases = entity("cases", &actions, true);
        for (name, expected) in [
            ("comment", Some("add_case_comment")),
            ("change_status", Some("update_case_status")),
            ("update_case_status2", Some("update_case_status")),
            ("send_emails", Some("email_customer")),
            ("update", Some("update_case_status or update_case_owner")),
            ("merg", Some("merge")),
            ("case", None),
            ("escalate", None),
        ] {
            assert_eq!(nearest_action(&cases, name).as_deref(), expected, "{name}");
        }
    }
}
