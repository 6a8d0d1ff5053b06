//! What descriptions of arguments say that the names of argument and tool say already (ADR 0038).

use serde_json::{Map, Value};

use crate::ir::{Operation, PagingStyle};
use crate::names::{singular, words};

/// Longest description that is looked at: a longer one has something to say.
const SHORT: usize = 60;
/// Words without which a description says the same.
const FILLERS: [&str; 16] = [
    "the", "a", "an", "of", "this", "that", "its", "it", "is", "to", "for", "on", "by", "in",
    "only", "with",
];
/// Names of arguments for pages that every model knows.
const PAGES: [&str; 7] = [
    "page",
    "page_size",
    "pageSize",
    "page_number",
    "per_page",
    "perPage",
    "limit",
];

/// Takes out descriptions that have no other words than argument and tool (`Date of the invoice` of
/// `create_invoice`), and those of `page` and `limit`: results say how to ask for the next page.
pub fn leave_out(operation: &mut Operation) {
    let paging = operation.answer.as_ref().and_then(|a| a.paging.as_ref());
    let position = paging
        .filter(|paging| paging.style == PagingStyle::Page)
        .map(|paging| paging.position.clone());
    let size = paging.and_then(|paging| Some(paging.size.as_ref()?.argument.clone()));
    let tool: Vec<String> = words(&operation.tool).iter().map(|w| singular(w)).collect();
    let added = added(operation);
    let properties = operation.input_schema.get_mut("properties");
    let Some(properties) = properties.and_then(Value::as_object_mut) else {
        return;
    };
    for (name, schema) in properties {
        let Some(schema) = schema.as_object_mut() else {
            continue;
        };
        let of_pages = position.as_ref() == Some(name) || size.as_ref() == Some(name);
        let is_known = of_pages && PAGES.contains(&name.as_str());
        if !added.contains(name) && (is_known || is_obvious(name, schema, &tool)) {
            without_short(schema);
        }
    }
}

/// The arguments that the operator added, in words of the operator's choice.
fn added(operation: &Operation) -> Vec<String> {
    let facts = operation.settled.facts.iter();
    let names = facts
        .filter(|fact| fact.key == "add_param")
        .flat_map(|fact| fact.value.as_array().into_iter().flatten())
        .filter_map(|one| one.get("name")?.as_str());
    let names: Vec<&str> = names.collect();
    let parameters = operation.parameters.iter();
    parameters
        .filter(|parameter| names.contains(&parameter.name.as_str()))
        .map(|parameter| parameter.argument.clone())
        .collect()
}

fn without_short(schema: &mut Map<String, Value>) {
    let said = schema.get("description").and_then(Value::as_str);
    if said.is_some_and(|said| said.chars().count() <= SHORT) {
        schema.shift_remove("description");
    }
}

fn is_obvious(name: &str, schema: &Map<String, Value>, tool: &[String]) -> bool {
    let said = schema.get("description").and_then(Value::as_str);
    let own: Vec<String> = words(name).iter().map(|word| singular(word)).collect();
    let is_known = |word: &String| {
        let one = singular(word);
        // `this` is no plural.
        FILLERS.contains(&word.as_str()) || own.contains(&one) || tool.contains(&one)
    };
    // Signs such as `%` are no words and say something.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " .,'_-/".contains(c);
    said.is_some_and(|said| said.chars().all(is_plain) && words(said).iter().all(is_known))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_obvious;

    #[test]
    fn what_the_names_say_is_obvious_and_what_they_do_not_say_stays() {
        let tool = ["create", "invoice"].map(str::to_owned);
        for (name, description, expected) in [
            ("date", "Date of the invoice.", true),
            ("invoice_number", "The number.", true),
            ("project_id", "Only invoices of this project.", true),
            ("date", "Date of the invoice; today if absent.", false),
            ("date", "Day of the invoice.", false),
            ("discount", "Discount of the invoice in %.", false),
            ("status", "Zustand der Rechnung", false),
        ] {
            let schema = json!({"type": "string", "description": description});
            let schema = schema.as_object().cloned().unwrap_or_default();
            assert_eq!(is_obvious(name, &schema, &tool), expected, "{description}");
        }
        assert!(!is_obvious("date", &serde_json::Map::new(), &tool));
    }
}
