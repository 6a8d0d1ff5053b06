//! What a write made, in a few words: for who asks for the same again.

use crate::json::Value;
use crate::text::{cap, clean};
use crate::typed::Payload;

/// Properties under which services wrap a record.
const WRAPPERS: [&str; 4] = ["data", "result", "record", "item"];

/// `id 247`, if the answer is a record with an id, or holds one; empty otherwise.
pub(crate) fn made(payload: &Payload) -> String {
    let Payload::Json(Value::Object(object)) = payload else {
        return String::new();
    };
    let own = object.get("id").and_then(id);
    let wrapped = || {
        let inner = WRAPPERS
            .iter()
            .find_map(|name| object.get(*name)?.get("id"));
        // `{"invoice": {"id": 7}}`
        let only = || match object.values().next() {
            Some(inner) if object.len() == 1 => inner.get("id"),
            _ => None,
        };
        inner.or_else(only).and_then(id)
    };
    own.or_else(wrapped).unwrap_or_default()
}

fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(format!("id {}", cap(&clean(text), 60))),
        Value::Number(number) => Some(format!("id {number}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_id_of_a_record_is_found_where_services_put_it() {
        for (answer, expected) in [
            (json!({"id": 247, "name": "x"}), "id 247"),
            (json!({"id": "a\u{1b}b"}), "id ab"),
            (json!({"data": {"id": 7}, "meta": {}}), "id 7"),
            (json!({"invoice": {"id": 7}}), "id 7"),
            (json!({"invoice": {"id": 7}, "customer": {"id": 8}}), ""),
            (json!({"id": null}), ""),
            (json!([{"id": 1}]), ""),
        ] {
            assert_eq!(made(&Payload::Json(answer.clone())), expected, "{answer}");
        }
        assert_eq!(made(&Payload::Empty), "");
    }
}
