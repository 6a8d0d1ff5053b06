//! A link that makes a client add a server: the entry of its file, in the form that the client opens (ADR 0071).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::shape::{Facts, Shape, Way};
use super::table::Client;
use crate::json::{Object, Value, json};
use crate::request::strict;

/// The link of a client for an entry; none where it opens none, or none that says all of it. What the entry does not
/// hold is not in it either: no secret.
pub(crate) fn link(client: &Client, facts: &Facts, shape: &Shape, title: &str) -> Option<String> {
    let (form, url, header) = match &facts.way {
        Way::Stdio { .. } => (client.link.stdio.as_ref()?, None, None),
        Way::Http { url, header } => (client.link.http.as_ref()?, Some(url), header.as_ref()),
    };
    let has_entry = form.contains("{entry base64}") || form.contains("{entry}");
    // A form without the entry has no place for a header field.
    if header.is_some() && !has_entry {
        return None;
    }
    let entry = Value::Object(shape.entry.clone()).to_string();
    let values = [
        ("{name}", strict(&facts.name)),
        ("{title}", strict(title)),
        ("{url}", strict(url.map_or("", String::as_str))),
        ("{entry base64}", strict(&STANDARD.encode(&entry))),
        ("{entry}", strict(&named(facts, shape).to_string())),
    ];
    let filled = values.iter().fold(form.clone(), |text, (place, value)| {
        text.replace(place, value)
    });
    Some(filled)
}

/// The entry with its name, and with what the client asks people for.
fn named(facts: &Facts, shape: &Shape) -> Value {
    let mut named = Object::new();
    named.insert("name".to_owned(), json!(facts.name));
    named.extend(shape.entry.clone());
    for (key, input) in &shape.inputs {
        let all = named.entry(key.clone()).or_insert_with(|| json!([]));
        if let Some(all) = all.as_array_mut() {
            all.push(Value::Object(input.clone()));
        }
    }
    Value::Object(named)
}
