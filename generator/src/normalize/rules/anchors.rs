//! References by name (`$anchor`, JSON Schema 2020-12 §8.2.2) → references by place; `$dynamicRef` →
//! `$ref`, where it means the same (§8.2.3.2).

use serde_json::{Value, json};

use super::{Schema, Schemas, Site};
use crate::diagnostics::{Code, Diagnostic};

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

/// Schemas that one reference may mean; of more, it is any value.
const MOST: usize = 8;

/// Where several schemas have the name, the way to the reference decides which is meant: it is one of them.
pub(super) fn to_reference(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let Some(Value::String(target)) = schema.get("$dynamicRef") else {
        return;
    };
    let Some(name) = target.strip_prefix('#') else {
        return;
    };
    if name.starts_with('/') {
        refer(schema, target.clone().into());
        return;
    }
    let Some(anchor) = schemas.anchors.get(name) else {
        return;
    };
    // Those that no value fits only hold the place of others.
    let mut meant = anchor.dynamic.iter().filter(|one| !one.is_never);
    let count = meant.clone().count();
    if anchor.dynamic.len() < 2 {
        refer(schema, target.clone().into());
        return;
    }
    if count > MOST {
        return;
    }
    let place = |pointer: &str| json!(format!("#{}", pointer.replace('%', "%25")));
    if let (1, Some(only)) = (count, meant.next()) {
        refer(schema, place(&only.pointer));
        return;
    }
    let any: Vec<Value> = anchor
        .dynamic
        .iter()
        .filter(|one| count == 0 || !one.is_never)
        .take(MOST)
        .map(|one| json!({ "$ref": place(&one.pointer) }))
        .collect();
    let message = format!(
        "`$dynamicRef` means one of {} schemas, by the way that leads to it; any of them is accepted",
        any.len()
    );
    schemas.sink.push(
        Diagnostic::new(Code::E0506, message)
            .at(&site.member("$dynamicRef").pointer())
            .note("values that fit one of the others reach the service, which decides"),
    );
    schema.shift_remove("$dynamicRef");
    let any = json!({ "anyOf": any });
    match schema.get_mut("allOf") {
        Some(Value::Array(all)) => all.push(any),
        _ => {
            schema.insert("allOf".to_owned(), json!([any]));
        }
    }
}

/// Writes a reference that is found by its place, unless there is one beside it.
fn refer(schema: &mut Schema, target: Value) {
    if !schema.contains_key("$ref") && schema.shift_remove("$dynamicRef").is_some() {
        schema.insert("$ref".to_owned(), target);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;
    use crate::diagnostics::Code;

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
    #[test]
    fn a_dynamic_reference_with_several_possible_targets_is_any_of_them() {
        let one = json!({"$dynamicAnchor": "a", "type": "integer"});
        let never = json!({"$dynamicAnchor": "a", "not": {}});
        let at = |name: &str| json!({"$ref": format!("#/components/schemas/S/$defs/{name}")});
        for (defs, expected, said) in [
            (
                json!({"x": one, "y": one}),
                json!({"allOf": [{"anyOf": [at("x"), at("y")]}]}),
                1,
            ),
            // What no value fits stands for the others.
            (json!({"x": never, "y": one}), at("y"), 0),
            (
                json!({"w": never, "x": one, "y": one}),
                json!({"allOf": [{"anyOf": [at("x"), at("y")]}]}),
                1,
            ),
        ] {
            let before = json!({"$defs": defs, "items": {"$dynamicRef": "#a"}});
            let (after, findings) = normalized(before);
            assert_eq!(after["items"], expected, "{defs}");
            let codes: Vec<_> = findings.iter().map(|f| f.code).collect();
            assert_eq!(codes, vec![Code::E0506; said], "{defs}");
        }
        // More than anybody reads.
        let many: serde_json::Map<_, _> = (0..9).map(|n| (format!("x{n}"), one.clone())).collect();
        let before = json!({"$defs": many, "items": {"$dynamicRef": "#a"}});
        assert_eq!(normalized(before.clone()), (before, vec![]));
    }
}
