//! What a body says of where something goes: `send_invitation`, `notify_customer`.

use super::changes;
use crate::ir::{Hints, Risk};
use crate::names::{singular, words};

/// Verbs of switches that send something.
const SENDS: [&str; 3] = ["send", "resend", "notify"];
/// Whom or what is mailed: `email_customer`, and not `email_verified`.
const MAILED: [&str; 22] = [
    "assignee",
    "attendees",
    "client",
    "confirmation",
    "contact",
    "contacts",
    "copy",
    "customer",
    "customers",
    "guests",
    "invitation",
    "invoice",
    "member",
    "members",
    "owner",
    "participants",
    "receipt",
    "recipients",
    "team",
    "them",
    "to",
    "user",
];
/// Records whose switches say what happens at other times: a change of `notify_assigned` of a policy sends nothing.
const RULES: [&str; 9] = [
    "config",
    "configuration",
    "option",
    "policy",
    "preference",
    "profile",
    "rule",
    "setting",
    "template",
];
/// Words that turn a switch around.
const NOT: [&str; 7] = [
    "no", "not", "skip", "suppress", "disable", "without", "mute",
];

/// What words said, with the switches of a body: names of its boolean properties, and whether they are on unless they
/// are turned off. What a switch sends by default leaves the service; in a change, where what is left out stays, it does
/// so only when it is asked to.
pub fn with_switches<'n>(
    (risk, hints, reason): (Risk, Hints, String),
    (method, path): (&str, &str),
    switches: impl Iterator<Item = (&'n str, bool)>,
) -> (Risk, Hints, String) {
    if risk == Risk::Read || is_of_rules(path) {
        return (risk, hints, reason);
    }
    let mut sending: Vec<(&str, bool)> = switches.filter(|(name, _)| sends(name)).collect();
    sending.sort_by_key(|(_, is_on)| !is_on);
    let Some((name, is_on)) = sending.first() else {
        return (risk, hints, reason);
    };
    let open = Hints {
        open_world: true,
        ..hints
    };
    if !*is_on || method == "PATCH" {
        return (risk, open, format!("{reason}; `{name}` may send"));
    }
    let hints = Hints {
        open_world: true,
        ..changes(true, false)
    };
    match risk {
        Risk::Write => (Risk::Outward, hints, format!("`{name}` sends by default")),
        // It leaves the service anyway, or cannot be undone at all.
        _ => (risk, open, format!("{reason}; `{name}` sends by default")),
    }
}

/// Whether what a path leads to says what happens at other times.
fn is_of_rules(path: &str) -> bool {
    let mut literals = path.rsplit('/').filter(|segment| !segment.is_empty());
    let last = literals.find(|segment| !segment.starts_with('{'));
    let words = last.map(words).unwrap_or_default();
    words
        .iter()
        .any(|word| RULES.contains(&singular(word).as_str()))
}

/// Whether a switch of this name sends something to somebody.
fn sends(name: &str) -> bool {
    let words = words(name);
    let is =
        |word: Option<&String>, list: &[&str]| word.is_some_and(|w| list.contains(&w.as_str()));
    let is_turned = words.iter().any(|word| is(Some(word), &NOT));
    let mails = is(words.first(), &["email", "mail"]) && is(words.get(1), &MAILED);
    let notifies = words.len() > 1 && is(words.last(), &["notification"]);
    // `sent` and `send_at` are no switches; `send_at` is no boolean.
    !is_turned && (is(words.first(), &SENDS) || mails || notifies)
}

#[cfg(test)]
mod tests {
    use super::super::classify;
    use super::{sends, with_switches};
    use crate::ir::Risk::{self, Destructive, Outward, Read, Write};

    #[test]
    fn switches_that_send_say_so() {
        for (name, expected) in [
            ("send_invitation", true),
            ("sendEmail", true),
            ("notify_customer", true),
            ("notify", true),
            ("email_customer", true),
            ("welcome_notification", true),
            ("email_verified", false),
            ("email_opt_out", false),
            ("notification", false),
            ("skip_notification", false),
            ("do_not_send", false),
            ("sender_verified", false),
            ("active", false),
        ] {
            assert_eq!(sends(name), expected, "{name}");
        }
    }

    /// Method, path, the switches of the body, and the class, the hint and the reason that follow.
    type Case = (
        &'static str,
        &'static str,
        &'static [(&'static str, bool)],
        Risk,
        bool,
        &'static str,
    );

    #[test]
    fn what_a_body_sends_leaves_the_service() {
        let cases: [Case; 9] = [
            (
                "POST",
                "/staff",
                &[("active", true)],
                Write,
                false,
                "POST creates or adds",
            ),
            (
                "POST",
                "/staff",
                &[("notify_owner", false), ("send_invitation", true)],
                Outward,
                true,
                "`send_invitation` sends by default",
            ),
            (
                "POST",
                "/staff",
                &[("send_invitation", false)],
                Write,
                true,
                "POST creates or adds; `send_invitation` may send",
            ),
            (
                "PUT",
                "/staff/{id}",
                &[("send_invitation", true)],
                Outward,
                true,
                "`send_invitation` sends by default",
            ),
            (
                "PUT",
                "/reopen-policies/{id}/",
                &[("notify_owner", true)],
                Write,
                false,
                "PUT overwrites",
            ),
            (
                "PATCH",
                "/staff/{id}",
                &[("send_invitation", true)],
                Write,
                true,
                "PATCH overwrites; `send_invitation` may send",
            ),
            (
                "DELETE",
                "/staff/{id}",
                &[("notify_owner", true)],
                Destructive,
                true,
                "DELETE deletes; `notify_owner` sends by default",
            ),
            (
                "POST",
                "/invoices/{id}/send",
                &[("notify_owner", true)],
                Outward,
                true,
                "`send` leaves the service; `notify_owner` sends by default",
            ),
            (
                "POST",
                "/staff/search",
                &[("notify", true)],
                Read,
                false,
                "POST whose path ends in `search` reads",
            ),
        ];
        for (method, path, switches, risk, open_world, reason) in cases {
            let said = classify(method, path, "", "");
            let (found, hints, why) = with_switches(said, (method, path), switches.iter().copied());
            assert_eq!(
                (found, hints.open_world, why.as_str()),
                (risk, open_world, reason),
                "{method} {path} {switches:?}"
            );
            let adds_only = !hints.destructive;
            assert!(!(found == Outward && adds_only), "{path}");
        }
    }
}
