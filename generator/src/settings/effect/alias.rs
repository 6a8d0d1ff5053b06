//! Words for values: the schema lists words, the values go to the service.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::place::{Spot, parts};
use crate::ir::{Alias, Operation};
use crate::names::words;
use crate::text;

/// Puts words in place of the values of a field. Where the document lists no values, words stand beside those that
/// there may be.
///
/// # Errors
/// Why that cannot be.
pub(super) fn alias(
    operation: &mut Operation,
    spot: &Spot,
    words: &IndexMap<String, Value>,
) -> Result<Alias, String> {
    let missing = || format!("`{}` has no schema that could list words", spot.argument);
    let at = spot.schema.as_ref().ok_or_else(missing)?;
    let root = &operation.input_schema;
    let items = parts(root, at).into_iter().find_map(|(part, _)| {
        let inner = format!("{part}/items");
        root.pointer(&inner).is_some().then_some(inner)
    });
    let (at, place) = match items {
        Some(items) => (items, format!("{}/*", spot.place)),
        None => (at.clone(), spot.place.clone()),
    };
    let values: Vec<Value> = parts(root, &at)
        .iter()
        .filter_map(|(part, _)| root.pointer(part)?.get("enum")?.as_array())
        .flatten()
        .filter(|value| !value.is_null())
        .cloned()
        .collect();
    let pairs = pairs(&spot.argument, &values, words)?;
    let schema = operation.input_schema.pointer_mut(&at);
    let Some(Value::Object(schema)) = schema else {
        return Err(missing());
    };
    // Here and around the items: `1 unpaid, 2 paid` speaks of values that nobody has to know any more.
    if values.is_empty() {
        without_values(schema, &pairs);
        add(schema, &pairs);
    } else {
        rewrite(schema, &pairs);
        without_values(schema, &pairs);
    }
    let around = spot.schema.as_ref();
    let around = around.and_then(|at| operation.input_schema.pointer_mut(at));
    if let Some(Value::Object(around)) = around {
        without_values(around, &pairs);
    }
    // What is sent as it is listed needs no entry.
    let words = pairs
        .into_iter()
        .filter(|(word, value)| value.as_str() != Some(word))
        .collect();
    Ok(Alias { place, words })
}

/// Each word that is listed, with its value: in the order of the values, and all words of a value.
fn pairs(
    argument: &str,
    values: &[Value],
    words: &IndexMap<String, Value>,
) -> Result<Vec<(String, Value)>, String> {
    let same = |a: &Value, b: &Value| a == b || plain(a) == plain(b);
    let mut pairs: Vec<(String, Value)> = Vec::new();
    for (word, wanted) in words {
        let own = values.iter().any(|value| same(value, wanted));
        if !values.is_empty() && !own {
            let all: Vec<String> = values.iter().map(plain).collect();
            return Err(format!(
                "`{}` stands for `{}`, which is no value of `{argument}`: it has `{}`",
                text::line(word, 60),
                text::line(&plain(wanted), 60),
                text::line(&all.join("`, `"), 300)
            ));
        }
        if let Some(other) = values
            .iter()
            .find(|value| plain(value) == *word && !same(value, wanted))
        {
            return Err(format!(
                "the word `{}` of `{argument}` is a value of its own: `{other}`",
                text::line(word, 60)
            ));
        }
    }
    for value in values {
        let own = words.iter().filter(|(_, wanted)| same(value, wanted));
        let before = pairs.len();
        pairs.extend(own.map(|(word, _)| (word.clone(), value.clone())));
        if pairs.len() == before {
            pairs.push((plain(value), value.clone()));
        }
    }
    if values.is_empty() {
        pairs.extend(
            words
                .iter()
                .map(|(word, value)| (word.clone(), value.clone())),
        );
    }
    Ok(pairs)
}

/// Takes out a description that only says which value each word stands for.
fn without_values(schema: &mut Map<String, Value>, pairs: &[(String, Value)]) {
    let known: Vec<String> = pairs
        .iter()
        .flat_map(|(word, value)| [words(word), words(&plain(value))])
        .flatten()
        .collect();
    let text = schema.get("description").and_then(Value::as_str);
    let repeats = text.is_some_and(|text| {
        let said = words(text);
        !said.is_empty() && said.iter().all(|word| known.contains(word))
    });
    if repeats {
        schema.shift_remove("description");
    }
}

/// A value as a word.
pub(super) fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The word for a value.
fn word(value: &Value, pairs: &[(String, Value)]) -> Option<Value> {
    let found = pairs.iter().find(|(_, wire)| wire == value);
    found.map(|(word, _)| json!(word))
}

/// The schema with words beside the values that it takes: a text that takes them anyway says which there are.
fn add(schema: &mut Map<String, Value>, pairs: &[(String, Value)]) {
    const LIMITS: [&str; 10] = [
        "$ref",
        "allOf",
        "anyOf",
        "const",
        "format",
        "maxLength",
        "minLength",
        "not",
        "oneOf",
        "pattern",
    ];
    let words: Vec<&str> = pairs.iter().map(|(word, _)| word.as_str()).collect();
    if let Some(default) = schema.get_mut("default")
        && let Some(word) = word(default, pairs)
    {
        *default = word;
    }
    let takes_words = match schema.get("type") {
        Some(kind) => kind == "string",
        None => true,
    };
    let description = schema.shift_remove("description");
    let mut new = Map::new();
    if takes_words && !LIMITS.iter().any(|key| schema.contains_key(*key)) {
        let listed = text::line(&words.join(", "), 300);
        let known = format!("Known values: {listed}.");
        let said = description.as_ref().and_then(Value::as_str);
        let said = said.map_or(known.clone(), |said| {
            format!("{} {known}", text::with_stop(said))
        });
        new.insert("description".to_owned(), json!(said));
        new.append(schema);
    } else {
        let default = schema.shift_remove("default");
        new.extend(description.map(|text| ("description".to_owned(), text)));
        new.insert(
            "anyOf".to_owned(),
            json!([{"type": "string", "enum": words}, std::mem::take(schema)]),
        );
        new.extend(default.map(|value| ("default".to_owned(), value)));
    }
    *schema = new;
}

/// The schema with words in place of values.
fn rewrite(schema: &mut Map<String, Value>, pairs: &[(String, Value)]) {
    let mut new = Map::new();
    if let Some(description) = schema.get("description") {
        new.insert("description".to_owned(), description.clone());
    }
    new.insert("type".to_owned(), json!("string"));
    let words: Vec<&String> = pairs.iter().map(|(word, _)| word).collect();
    new.insert("enum".to_owned(), json!(words));
    if let Some(default) = schema.get("default").and_then(|value| word(value, pairs)) {
        new.insert("default".to_owned(), default);
    }
    *schema = new;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[(&str, Value)]) -> IndexMap<String, Value> {
        list.iter()
            .map(|(w, v)| ((*w).to_owned(), v.clone()))
            .collect()
    }

    #[test]
    fn words_stand_for_values_and_the_others_stay() {
        let values = [json!("strong"), json!("active"), json!("dormant")];
        let found = pairs("score", &values, &words(&[("warm", json!("active"))])).unwrap();
        let listed: Vec<&str> = found.iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(listed, ["strong", "warm", "dormant"]);
        let numbers = [json!(1), json!(2)];
        let found = pairs("status", &numbers, &words(&[("paid", json!(2))])).unwrap();
        assert_eq!(
            found,
            [("1".to_owned(), json!(1)), ("paid".to_owned(), json!(2))]
        );
        // Numbers that the document writes as text are the same values.
        let texts = [json!("1")];
        let found = pairs("status", &texts, &words(&[("unpaid", json!(1))])).unwrap();
        assert_eq!(found, [("unpaid".to_owned(), json!("1"))]);
    }

    #[test]
    fn words_stand_beside_values_that_are_not_listed() {
        let pairs = [
            ("campaign".to_owned(), json!("compaign")),
            ("call".to_owned(), json!("phone")),
        ];
        let enumerated = json!({"type": "string", "enum": ["campaign", "call"]});
        for (schema, expected) in [
            (
                json!({"type": "string", "default": "phone"}),
                json!({"description": "Known values: campaign, call.", "type": "string", "default": "call"}),
            ),
            (
                json!({"description": "Where it comes from", "type": "string"}),
                json!({
                    "description": "Where it comes from. Known values: campaign, call.",
                    "type": "string",
                }),
            ),
            (
                json!({}),
                json!({"description": "Known values: campaign, call."}),
            ),
            // Texts that words are not, and other types.
            (
                json!({"type": "string", "maxLength": 5}),
                json!({"anyOf": [enumerated, {"type": "string", "maxLength": 5}]}),
            ),
            (
                json!({"type": "integer", "description": "How", "default": 6}),
                json!({"description": "How", "anyOf": [enumerated, {"type": "integer"}], "default": 6}),
            ),
            (
                json!({"$ref": "#/$defs/Source"}),
                json!({"anyOf": [enumerated, {"$ref": "#/$defs/Source"}]}),
            ),
        ] {
            let mut given = schema.as_object().unwrap().clone();
            add(&mut given, &pairs);
            assert_eq!(Value::Object(given), expected, "{schema}");
        }
    }

    #[test]
    fn words_for_other_values_are_refused() {
        for (list, expected) in [
            (("warm", json!("hot")), "`warm` stands for `hot`"),
            (("open", json!("closed")), "the word `open`"),
        ] {
            let values = [json!("open"), json!("closed")];
            let said = pairs("status", &values, &words(&[list])).unwrap_err();
            assert!(said.starts_with(expected), "{said}");
        }
    }
}
