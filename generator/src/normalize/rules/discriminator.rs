//! A discriminator names the property that tells schemas apart, and may name schemas (OpenAPI 3.2 §4.25).

use serde_json::Value;

use super::super::fields::kind_of;
use super::{Schema, Schemas, Site};
use crate::diagnostics::{Code, Diagnostic};

/// Takes out what cannot be used. What single names of `mapping` mean is said where they are looked up.
pub(super) fn check(schema: &mut Schema, site: &Site<'_>, schemas: &mut Schemas<'_>) {
    let Some(Value::Object(discriminator)) = schema.get_mut("discriminator") else {
        return;
    };
    let site = site.member("discriminator");
    let property = discriminator.get("propertyName").unwrap_or(&Value::Null);
    if property.as_str().is_none_or(|name| name.trim().is_empty()) {
        let message = match property {
            Value::Null => "the discriminator has no `propertyName`; ignored".to_owned(),
            Value::String(_) => "`propertyName` of the discriminator is blank; ignored".to_owned(),
            other => format!(
                "`propertyName` of the discriminator is {}, not a text; ignored",
                kind_of(other)
            ),
        };
        let at = site.pointer();
        schemas
            .sink
            .push(Diagnostic::new(Code::E0518, message).at_key(&at).help(
            "name the property that tells the schemas apart: `discriminator: { propertyName: … }`",
        ));
        schema.shift_remove("discriminator");
        return;
    }
    match discriminator.get("mapping") {
        None | Some(Value::Object(_)) => return,
        Some(Value::Null) => {}
        Some(other) => {
            let message = format!(
                "`mapping` of the discriminator is {}, not names with their schemas; ignored",
                kind_of(other)
            );
            let at = site.member("mapping").pointer();
            schemas.sink.push(
                Diagnostic::new(Code::E0518, message)
                    .at_key(&at)
                    .help("write `mapping: { name: '#/components/schemas/…' }`"),
            );
        }
    }
    discriminator.shift_remove("mapping");
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::normalized;

    #[test]
    fn what_cannot_be_used_is_taken_out_and_said() {
        let whole = json!({"propertyName": "kind", "mapping": {"a": "A"}});
        let named = json!({"propertyName": "kind"});
        for (before, after, place) in [
            (whole.clone(), Some(whole), None),
            (named.clone(), Some(named.clone()), None),
            (
                json!({"propertyName": "kind", "mapping": null}),
                Some(named.clone()),
                None,
            ),
            (
                json!({"propertyName": "kind", "mapping": ["A"]}),
                Some(named),
                Some("/mapping"),
            ),
            (json!({"propertyName": 5}), None, Some("")),
            (json!({"propertyName": " "}), None, Some("")),
            (json!({"mapping": {"a": "A"}}), None, Some("")),
        ] {
            let (found, findings) = normalized(json!({"discriminator": before}));
            assert_eq!(found.get("discriminator"), after.as_ref(), "{before}");
            let places: Vec<String> = findings
                .iter()
                .map(|f| format!("{} {}", f.code, f.pointer.as_ref().unwrap().as_str()))
                .collect();
            let expected: Vec<String> = place
                .into_iter()
                .map(|place| format!("E0518 /components/schemas/S/discriminator{place}"))
                .collect();
            assert_eq!(places, expected, "{before}");
        }
    }
}
