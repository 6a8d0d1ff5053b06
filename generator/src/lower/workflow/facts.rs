//! What the names of fields say, in general words: which amount, which date, whose it is.

use serde_json::Value;

use super::entity::is_plain;
use crate::names::words;

fn has(name: &str, list: &[&str]) -> bool {
    words(name).iter().any(|word| list.contains(&word.as_str()))
}

fn ends(name: &str, list: &[&str]) -> bool {
    words(name)
        .last()
        .is_some_and(|word| list.contains(&word.as_str()))
}

/// A sum of money.
pub(super) fn is_amount(name: &str) -> bool {
    const MONEY: [&str; 8] = [
        "total", "amount", "balance", "value", "revenue", "budget", "price", "subtotal",
    ];
    ends(name, &MONEY) || has(name, &["balance"])
}

/// Whether, when and how something is paid.
pub(super) fn is_payment(name: &str) -> bool {
    const PAID: [&str; 6] = [
        "paid",
        "unpaid",
        "payment",
        "payments",
        "paymentmethod",
        "balance",
    ];
    has(name, &PAID)
}

/// Whether one of these records, in words, is money that somebody owes.
pub(super) fn is_owed(one: &str) -> bool {
    ends(one, &["invoice", "bill", "receivable"])
}

/// The day on which something is owed or has to be done.
pub(super) fn is_due(name: &str) -> bool {
    has(name, &["due", "duedate", "deadline"]) && !is_amount(name) && !has(name, &["amount"])
}

/// The day on which something ends unless it is renewed.
pub(super) fn is_end(name: &str) -> bool {
    const END: [&str; 12] = [
        "end",
        "ends",
        "ended",
        "expires",
        "expire",
        "expiry",
        "expiration",
        "renewal",
        "renews",
        "until",
        "enddate",
        "dateend",
    ];
    const WHEN: [&str; 8] = [
        "date", "on", "at", "day", "until", "enddate", "dateend", "expiry",
    ];
    has(name, &END) && ends(name, &WHEN)
}

/// How far something has come on its way.
pub(super) fn is_stage(name: &str) -> bool {
    ends(name, &["stage", "probability"]) || has(name, &["pipeline"])
}

/// How something stands.
pub(super) fn is_status(name: &str) -> bool {
    ends(name, &["state"]) || says_status(name)
}

/// How something stands, in a word that means nothing else.
pub(super) fn says_status(name: &str) -> bool {
    has(name, &["status"])
}

/// A part of a postal address, beside which `state` is one, too.
pub(super) fn is_address(name: &str) -> bool {
    const ADDRESS: [&str; 9] = [
        "city", "zip", "zipcode", "postcode", "postal", "country", "street", "address", "town",
    ];
    has(name, &ADDRESS) && !has(name, &["email", "mail", "ip", "url", "web"])
}

/// Whether a schema has a few values to choose from.
pub(super) fn of_few(schema: &Value) -> bool {
    const FEW: usize = 15;
    let values = schema.get("enum").and_then(Value::as_array);
    values.is_some_and(|values| values.len() <= FEW)
}

/// Whether an argument is a switch for what is late.
pub(super) fn is_late_switch(name: &str, schema: &Value) -> bool {
    let is_switch = match schema.get("type") {
        Some(Value::String(kind)) => kind == "boolean",
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "boolean"),
        _ => false,
    };
    is_switch && has(name, &["overdue", "late"])
}

/// How much it matters.
pub(super) fn is_priority(name: &str) -> bool {
    has(name, &["priority", "urgency", "severity"])
}

/// The value of an argument for the order of a list that puts what matters most first.
pub(super) fn most_urgent_first(schema: &Value) -> Option<&str> {
    let values = schema.get("enum").or_else(|| schema.pointer("/items/enum"));
    let values = values.and_then(Value::as_array)?;
    let mut values = values.iter().filter_map(Value::as_str);
    let descends = |value: &str| value.starts_with('-') || ends(value, &["desc", "descending"]);
    values.find(|value| is_plain(value) && is_priority(value) && descends(value))
}

/// Whether an argument says in which order a list comes.
pub(super) fn is_order(name: &str) -> bool {
    has(name, &["sort", "order", "ordering", "orderby", "sortby"])
}

/// Who looks after it.
pub(super) fn is_assignee(name: &str) -> bool {
    const WHO: [&str; 6] = [
        "assignee",
        "assigned",
        "owner",
        "agent",
        "responsible",
        "department",
    ];
    has(name, &WHO)
}

/// The value of a choice that says that something is late.
pub(super) fn late(schema: &Value) -> Option<&str> {
    let values = schema.get("enum").and_then(Value::as_array)?;
    let mut texts = values.iter().filter_map(Value::as_str);
    texts.find(|value| {
        let words = words(value);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        is_plain(value) && matches!(words.as_slice(), ["overdue" | "late"] | ["past", "due"])
    })
}

/// Whether a list takes records up to a day by this argument.
pub(super) fn is_upper(name: &str) -> bool {
    has(name, &["before", "to", "until", "lte", "lt", "max", "end"])
}

/// Whether a schema takes a list of objects: lines, items.
pub(super) fn takes_lines(schema: &Value) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.is_some_and(|all| {
        all.values()
            .any(|one| one.pointer("/items/properties").is_some())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_of_fields_say_what_they_are() {
        type Rule = fn(&str) -> bool;
        let table: [(Rule, &[&str], &[&str]); 7] = [
            (
                is_due,
                &["due_date", "duedate", "dueOn", "deadline", "due_before"],
                &["amount_due", "balance_due", "overdue", "residue"],
            ),
            (
                is_amount,
                &["total", "deal_value", "balance_due"],
                &["totals_by_day", "valued_on", "due_date"],
            ),
            (
                is_end,
                &["end_date", "ends_on", "expiresAt", "valid_until", "dateend"],
                &["weekend", "end_user", "ended_by", "send_date"],
            ),
            (
                is_stage,
                &["stage", "deal_stage", "probability"],
                &["status"],
            ),
            (is_status, &["status", "state", "status_id"], &["statutory"]),
            (is_priority, &["priority", "priority_id"], &["prior"]),
            (is_assignee, &["assigned_to", "ownerId"], &["signed"]),
        ];
        for (rule, yes, no) in table {
            for name in yes {
                assert!(rule(name), "{name}");
            }
            for name in no {
                assert!(!rule(name), "{name}");
            }
        }
        for (name, schema, yes) in [
            ("only_overdue", json!({"type": ["boolean", "null"]}), true),
            ("overdue", json!({"type": "boolean"}), true),
            ("overdue", json!({"type": "integer"}), false),
            ("include_latest", json!({"type": "boolean"}), false),
        ] {
            assert_eq!(is_late_switch(name, &schema), yes, "{name} {schema}");
        }
        for (values, value) in [
            (
                json!(["-created", "priority", "-priority"]),
                Some("-priority"),
            ),
            (
                json!(["priority_asc", "priority_desc"]),
                Some("priority_desc"),
            ),
            // Which end of it comes first is not said.
            (json!(["priority"]), None),
            (json!(["-created"]), None),
        ] {
            let listed = json!({"type": "array", "items": {"enum": values}});
            assert_eq!(most_urgent_first(&listed), value, "{values}");
            assert_eq!(most_urgent_first(&json!({"enum": values})), value);
        }
        assert!(is_order("sort_by") && is_order("orderBy") && !is_order("border"));
        assert!(is_address("billing_city") && is_address("postalCode"));
        assert!(!is_address("email_address") && !is_address("capacity"));
        assert_eq!(
            late(&json!({"enum": ["paid", "past_due"]})),
            Some("past_due")
        );
        assert_eq!(late(&json!({"enum": ["paid", 4]})), None);
    }
}
