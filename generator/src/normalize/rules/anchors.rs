//! References by name (`$anchor`, JSON Schema 2020-12 §8.2.2) → references by place; `$dynamicRef` →
//! `$ref`, where it means the same (§8.2.3.2).

use serde_json::Value;

use super::{Schema, Schemas, Site};

/// `#name` → `#/components/schemas/…`, so that a schema goes by the name of its component.
pub(super) fn to_place(schema: &mut Schema, _: &Site<'_>, schemas: &mut Schemas<'_>) {
    if let Some(Value::String(target)) = schema.get_mut("$ref")
        && let Some(anchor) = target
            .strip_prefix('#')
            .and_then(|name| schemas.anchors.get(name))
    {
        // Names have no characters that a fragment writes in another way; places may.
        *target = format!("#{}", anchor.pointer.replace('%', "%25"));
    }
}

/// Only where several schemas have the name does the way to the reference decide which is meant.
pub(super) fn to_reference(schema: &mut Schema, _: &Site<'_>, schemas: &mut Schemas<'_>) {
    let name = schema
        .get("$dynamicRef")
        .and_then(Value::as_str)
        .and_then(|target| target.strip_prefix('#'));
    let known = name.is_some_and(|name| {
        let anchor = schemas.anchors.get(name);
        name.starts_with('/') || anchor.is_some_and(|anchor| anchor.dynamic < 2)
    });
    if known
        && !schema.contains_key("$ref")
        && let Some(target) = schema.shift_remove("$dynamicRef")
    {
        schema.insert("$ref".to_owned(), target);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;

    #[test]
    fn a_reference_by_name_becomes_one_by_place() {
        let before = json!({"$defs": {"50%": {"$anchor": "a"}}, "items": {"$ref": "#a"}});
        let mut after = before.clone();
        after["items"] = json!({"$ref": "#/components/schemas/S/$defs/50%25"});
        assert_eq!(normalized(before), (after, vec![]));
    }

    #[test]
    fn a_dynamic_reference_with_one_possible_target_is_a_reference() {
        let one = json!({"$dynamicAnchor": "a"});
        for (defs, target, resolved) in [
            (json!({"x": one}), "#a", true),
            (json!({"x": {"$anchor": "a"}}), "#a", true),
            (json!({"x": one}), "#/components/schemas/S", true),
            (json!({"x": one, "y": one}), "#a", false),
            (json!({}), "#a", false),
            (json!({"x": one}), "other.yaml#a", false),
        ] {
            let before = json!({"$defs": defs, "items": {"$dynamicRef": target}});
            let after = match (resolved, target) {
                (false, _) => json!({"$dynamicRef": target}),
                (true, "#a") => json!({"$ref": "#/components/schemas/S/$defs/x"}),
                (true, _) => json!({"$ref": target}),
            };
            let after = json!({"$defs": defs, "items": after});
            assert_eq!(normalized(before), (after, vec![]), "{target}");
        }
    }
}
