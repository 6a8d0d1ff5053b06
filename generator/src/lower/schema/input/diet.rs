//! What tool schemas leave out because it says nothing to a model: descriptions that repeat the name or
//! the values, examples of what is obvious, and bounds that are only those of a machine type.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::DESCRIPTION;
use crate::names::{singular, words};
use crate::text;

/// Most values of an enum that are listed; the description says what is among more, and the runtime
/// still knows all.
pub const LISTED_VALUES: usize = 25;
/// Values of a long enum that are given as examples.
const SHOWN_VALUES: usize = 3;
/// Words without which a description says the same.
const FILLERS: [&str; 14] = [
    "the", "a", "an", "of", "this", "that", "its", "it", "s", "unique", "is", "to", "for", "field",
];
/// The smallest and largest 32 and 64 bit integers: what generators say of a column, not of a value.
const MACHINE_BOUNDS: [f64; 5] = [
    -2_147_483_648.0,
    2_147_483_647.0,
    4_294_967_295.0,
    -9_223_372_036_854_775_808.0,
    9_223_372_036_854_775_807.0,
];

/// What a description says beyond the name of what it is about and the values that are listed beside it.
pub fn said(name: &str, description: &str, values: Option<&Value>) -> Option<String> {
    let values = values.and_then(Value::as_array);
    let own = match values {
        Some(values) => without_values(description, values),
        None => description.to_owned(),
    };
    let clean = text::line(&own, DESCRIPTION);
    // The only value says what it is.
    let only = values.filter(|values| values.len() == 1);
    let only = only.and_then(|values| values.first()?.as_str());
    let is_new = !repeats(name, &clean) && !only.is_some_and(|only| repeats(only, &clean));
    (!clean.is_empty() && is_new).then_some(clean)
}

/// Whether a description has no other words than the format beside it: `A UUID.`, `A valid e-mail address.`
pub fn repeats_format(format: &str, description: &str) -> bool {
    let says = match format {
        "uuid" => "uuid",
        "date" => "date",
        "date-time" => "date time timestamp",
        "email" => "email e mail address",
        "uri" => "uri url",
        _ => return false,
    };
    let kept = words(description);
    let mut kept = kept
        .iter()
        .filter(|word| !["valid", "string", "format", "in", "and"].contains(&word.as_str()));
    let known: Vec<&str> = says.split(' ').collect();
    let is_plain = |c: char| c.is_alphanumeric() || " .,-".contains(c);
    description.chars().all(is_plain)
        && kept.all(|word| known.contains(&word.as_str()) || FILLERS.contains(&word.as_str()))
}

/// Takes descriptions out of the forms of a value that an earlier form has for the property of the same name.
pub fn say_once(forms: &mut [Value]) {
    let mut known: HashSet<(String, String)> = HashSet::new();
    for form in forms {
        let properties = form.get_mut("properties").and_then(Value::as_object_mut);
        for (name, schema) in properties.into_iter().flatten() {
            let said = schema.get("description").and_then(Value::as_str);
            let Some(said) = said.map(|said| (name.clone(), said.to_owned())) else {
                continue;
            };
            if !known.insert(said)
                && let Some(schema) = schema.as_object_mut()
            {
                schema.shift_remove("description");
            }
        }
    }
}

/// Whether a text has no other words than the name.
fn repeats(name: &str, text: &str) -> bool {
    let known: Vec<String> = words(name).iter().map(|word| plain(word)).collect();
    // Signs such as `%` are no words and say something.
    let is_plain = |c: char| c.is_alphanumeric() || " .,'’_-/".contains(c);
    !known.is_empty()
        && text.chars().all(is_plain)
        && words(text)
            .iter()
            .filter(|word| !FILLERS.contains(&word.as_str()))
            .all(|word| known.contains(&plain(word)))
}

fn plain(word: &str) -> String {
    match word {
        "identifier" | "identification" => "id".to_owned(),
        other => singular(other),
    }
}

/// A description without its list of values (drf-spectacular: ``* `high` - High``), where the list says
/// no more than the values, or where they are too many.
fn without_values(description: &str, values: &[Value]) -> String {
    let is_long = values.len() > LISTED_VALUES;
    let item = |line: &str| {
        let (value, label) = line.trim().strip_prefix("* `")?.split_once('`')?;
        Some((
            value.to_owned(),
            label.trim_start_matches([' ', '-', ':']).to_owned(),
        ))
    };
    let says_more = description
        .lines()
        .filter_map(item)
        .any(|(value, label)| !repeats(&value, &label));
    if says_more && !is_long {
        return description.to_owned();
    }
    let kept: Vec<&str> = description
        .lines()
        .filter(|line| item(line).is_none())
        .collect();
    kept.join("\n")
}

/// Says what a long enum holds.
pub fn tell_values(schema: &mut Map<String, Value>) {
    let Some(values) = schema.get("enum").and_then(Value::as_array) else {
        return;
    };
    if values.len() <= LISTED_VALUES {
        return;
    }
    let shown: Vec<String> = values
        .iter()
        .filter(|value| value.as_str() != Some(""))
        .take(SHOWN_VALUES)
        .map(|value| match value {
            Value::String(value) => text::line(value, 40),
            other => text::line(&other.to_string(), 40),
        })
        .collect();
    let told = format!("One of {} values, e.g. {}.", values.len(), shown.join(", "));
    let own = schema.get("description").and_then(Value::as_str);
    if own.is_some_and(|own| own.ends_with(&told)) {
        return;
    }
    let own = own.map(|own| format!("{} {told}", text::with_stop(own)));
    schema.insert("description".to_owned(), json!(own.unwrap_or(told)));
}

/// Whether an example shows a form that neither type nor words tell: `95.00`, `+49 30 1234`, `INV-7`, or
/// a word that could be one of a few, such as `new`; not `Acme Inc.`.
pub fn is_telling(example: &Value, schema: &Map<String, Value>) -> bool {
    let Some(text) = example.as_str() else {
        return false;
    };
    let known = ["format", "enum", "default"];
    let is_word = text.chars().all(char::is_lowercase);
    let has_signs = text
        .chars()
        .any(|c| !c.is_alphabetic() && !" .,'’&".contains(c));
    !text.is_empty()
        && (is_word || has_signs)
        && !known.iter().any(|keyword| schema.contains_key(*keyword))
}

/// Whether a bound is only that of a machine type.
pub fn is_machine_bound(keyword: &str, value: &Value) -> bool {
    matches!(keyword, "minimum" | "maximum")
        && value
            .as_f64()
            .is_some_and(|bound| MACHINE_BOUNDS.contains(&bound))
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{is_machine_bound, is_telling, repeats_format, said, say_once, tell_values};

    #[test]
    fn a_format_and_an_only_value_say_it_themselves() {
        for (format, description, expected) in [
            ("uuid", "A UUID.", true),
            ("uuid", "Valid UUID string", true),
            ("email", "An e-mail address.", true),
            ("date-time", "Date and time.", true),
            ("date-time", "Date and time in UTC.", false),
            ("uuid", "The owner.", false),
            ("sku", "A sku.", false),
        ] {
            assert_eq!(
                repeats_format(format, description),
                expected,
                "{description}"
            );
        }
        assert_eq!(said("op", "inLastDays", Some(&json!(["inLastDays"]))), None);
        let two = json!(["inLastDays", "between"]);
        assert!(said("op", "inLastDays", Some(&two)).is_some());
    }

    #[test]
    fn what_one_form_says_of_a_property_the_next_ones_do_not_repeat() {
        let form = |field: &str, value: &str| json!({"properties": {"field": {"description": field}, "value": {"description": value}}});
        let mut forms = [form("A field.", "A text."), form("A field.", "A list.")];
        say_once(&mut forms);
        let later = json!({"properties": {"field": {}, "value": {"description": "A list."}}});
        assert_eq!(forms, [form("A field.", "A text."), later]);
    }

    #[test]
    fn a_description_that_repeats_the_name_is_left_out() {
        for (name, description, expected) in [
            ("customer_id", "Customer ID", None),
            ("customerId", "The unique identifier of the customer.", None),
            ("city", "City.", None),
            ("tags", "Tag", None),
            ("Contact_Id", "Contact Id", None),
            ("id", "Id of the customer.", Some("Id of the customer.")),
            ("rate", "Rate (%)", Some("Rate (%)")),
            ("city", "Ville", Some("Ville")),
            ("x", "", None),
        ] {
            assert_eq!(said(name, description, None).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn a_list_of_values_is_left_out_where_it_repeats_them() {
        let two = json!(["in_progress", "done"]);
        let repeated = "State.\n\n* `in_progress` - In Progress\n* `done` - Done";
        let told = "State.\n\n* `in_progress` - being made\n* `done` - Done";
        assert_eq!(said("status", repeated, Some(&two)).unwrap(), "State.");
        assert!(
            said("status", told, Some(&two))
                .unwrap()
                .contains("being made")
        );
        let long: Value = (0..30).map(|i| json!(format!("v{i}"))).collect();
        assert_eq!(said("status", told, Some(&long)).unwrap(), "State.");
    }

    #[test]
    fn b1_a_long_enum_is_described_once_and_a_short_one_listed() {
        let mut schema = Map::new();
        schema.insert("description".to_owned(), json!("Country"));
        schema.insert(
            "enum".to_owned(),
            (0..26).map(|i| json!(format!("C{i}"))).collect(),
        );
        tell_values(&mut schema);
        tell_values(&mut schema);
        assert_eq!(
            schema["description"],
            "Country. One of 26 values, e.g. C0, C1, C2."
        );
        schema.insert("enum".to_owned(), (0..25).map(|i| json!(i)).collect());
        schema.remove("description");
        tell_values(&mut schema);
        assert!(!schema.contains_key("description"));
    }

    #[test]
    fn examples_are_kept_where_the_form_is_not_obvious() {
        let plain = Map::new();
        let dated = json!({"format": "date"});
        for (example, schema, kept) in [
            (json!("95.00"), &plain, true),
            (json!("+49 30 901820"), &plain, true),
            (json!("INV-0007"), &plain, true),
            (json!("new"), &plain, true),
            (json!("Acme Inc."), &plain, false),
            (json!(42), &plain, false),
            (json!("2026-03-02"), dated.as_object().unwrap(), false),
        ] {
            assert_eq!(is_telling(&example, schema), kept, "{example}");
        }
    }

    #[test]
    fn bounds_of_machine_types_say_nothing() {
        for (keyword, bound, expected) in [
            ("maximum", json!(2_147_483_647), true),
            ("minimum", json!(i64::MIN), true),
            ("maximum", json!(100), false),
            ("maxLength", json!(2_147_483_647), false),
        ] {
            assert_eq!(is_machine_bound(keyword, &bound), expected, "{bound}");
        }
    }
}
