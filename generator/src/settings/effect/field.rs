//! Facts about single arguments: examples, those that callers do not see, and what null means.

use serde_json::{Map, Value, json};

use super::place::{self, Spot};
use super::{Effect, alias};
use crate::diagnostics::Code;
use crate::ir::{BodyShape, Presence};
use crate::similar::most_alike;
use crate::text;

impl Effect<'_> {
    pub(super) fn fields(&mut self) {
        let said = self.said;
        for (name, facts) in &said.facts.fields {
            let key = |key: &str| format!("fields.{name}.{key}");
            let any = said
                .settings
                .iter()
                .find(|(k, _)| k.starts_with(&format!("fields.{name}.")))
                .map(|(_, (_, place))| place);
            if self.is_of_another_part(name) {
                continue;
            }
            let Some(spot) = self.spot(name, any) else {
                continue;
            };
            if let Some(policy) = &facts.null {
                self.null(policy, &spot, &key("null"));
            }
            if facts.redact == Some(true) {
                self.operation.settled.concealed.push(spot.place.clone());
            }
            if let Some(example) = &facts.example {
                self.example(example, &spot, &key("example"));
            }
            if let Some(by) = &facts.merge_by {
                self.merge(by, &spot, &key("merge_by"));
            }
            if !facts.enum_alias.is_empty() {
                let settled = alias::alias(self.operation, &spot, &facts.enum_alias);
                match settled {
                    Ok(alias) => self.operation.settled.aliases.push(alias),
                    Err(message) => {
                        let place = said.place(&key("enum_alias")).cloned();
                        self.find(place.as_ref(), Code::E0931, message);
                    }
                }
            }
            if let Some(value) = &facts.fixed {
                self.hide(&spot, Some(value), &key("fixed"));
            } else if facts.hide == Some(true) {
                self.hide(&spot, None, &key("hide"));
            }
        }
    }

    /// Finds a field, or says which there are.
    pub(super) fn spot(
        &mut self,
        name: &str,
        at: Option<&crate::settings::tree::Place>,
    ) -> Option<Spot> {
        match place::find(self.operation, name) {
            Ok(spot) => Some(spot),
            Err(names) => {
                let shown = text::line(name, 60);
                let message = format!("`{}` has no argument `{shown}`", self.operation.tool);
                let last = name.rsplit('.').next().unwrap_or(name);
                let near = most_alike(last, names.iter().map(String::as_str));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if names.is_empty() => "it has none at all".to_owned(),
                    None => format!("there are: `{}`", text::line(&names.join("`, `"), 300)),
                };
                self.find(at, Code::E0926, message);
                if let Some(finding) = self.findings.last_mut() {
                    finding.help = Some(help);
                }
                None
            }
        }
    }

    fn null(&mut self, policy: &str, spot: &Spot, key: &str) {
        let operation = &mut *self.operation;
        let place = spot.place.clone();
        operation.nullable.retain(|known| known != &place);
        operation
            .settled
            .null_refused
            .retain(|known| known != &place);
        let field = operation
            .fields
            .iter_mut()
            .find(|field| spot.whole && field.name == spot.argument);
        match policy {
            "clear" => {
                if spot.whole
                    && operation
                        .parameters
                        .iter()
                        .any(|p| p.argument == spot.argument && p.style != "json")
                {
                    let message = format!(
                        "`{}` is not in the body, where null can be sent",
                        spot.argument
                    );
                    let at = self.said.place(key).cloned();
                    self.find(at.as_ref(), Code::E0931, message);
                    return;
                }
                operation.nullable.push(place);
                if let Some(field) = field {
                    field.presence = match field.presence {
                        Presence::Optional => Presence::OptionalNullable,
                        Presence::Required => Presence::Nullable,
                        other => other,
                    };
                }
            }
            policy => {
                if policy == "reject" {
                    operation.settled.null_refused.push(place);
                }
                if let Some(field) = field {
                    field.presence = match field.presence {
                        Presence::OptionalNullable => Presence::Optional,
                        Presence::Nullable => Presence::Required,
                        other => other,
                    };
                }
            }
        }
    }

    fn example(&mut self, example: &Value, spot: &Spot, key: &str) {
        let Some(at) = spot.schema.as_ref() else {
            return;
        };
        let fits = self
            .operation
            .input_schema
            .pointer(at)
            .is_some_and(|schema| fits(schema, example));
        if !fits {
            let message = format!("the example of `{}` does not fit its schema", spot.argument);
            let place = self.said.place(key).cloned();
            self.find(place.as_ref(), Code::E0931, message);
        } else if let Some(Value::Object(schema)) = self.operation.input_schema.pointer_mut(at) {
            schema.insert("examples".to_owned(), json!([example]));
        }
    }

    /// Takes an argument out of what callers see. Without a value it is never sent.
    pub(super) fn hide(&mut self, spot: &Spot, value: Option<&Value>, key: &str) {
        let operation = &mut *self.operation;
        let root = operation
            .input_schema
            .pointer(if spot.whole { "" } else { "/none" });
        let names = |names: Option<&Value>| {
            let mut names = names.and_then(Value::as_array).into_iter().flatten();
            names.any(|name| name == spot.argument.as_str())
        };
        let is_needed = root
            .and_then(|root| root.get("dependentRequired")?.as_object())
            .is_some_and(|rules| rules.values().any(|rule| names(Some(rule))));
        let required = is_needed || names(root.and_then(|root| root.get("required")));
        let schema = spot
            .schema
            .as_ref()
            .and_then(|at| operation.input_schema.pointer(at));
        let wrong = match value {
            _ if !spot.whole => Some(format!(
                "`{}` is inside of the argument `{}`: only whole arguments can be hidden or fixed",
                key.trim_start_matches("fields.")
                    .trim_end_matches(".hide")
                    .trim_end_matches(".fixed"),
                spot.argument
            )),
            None if required => Some(format!(
                "`{}` is required, so that it cannot be hidden without a value: add `fixed`",
                spot.argument
            )),
            Some(value) if schema.is_some_and(|schema| !fits(schema, value)) => Some(format!(
                "the fixed value of `{}` does not fit its schema",
                spot.argument
            )),
            _ => None,
        };
        if let Some(message) = wrong {
            let place = self.said.place(key).cloned();
            self.find(place.as_ref(), Code::E0931, message);
            return;
        }
        if let Some(value) = value {
            operation
                .settled
                .fixed
                .push((spot.argument.clone(), value.clone()));
        } else {
            operation.parameters.retain(|p| p.argument != spot.argument);
            let headers = &mut operation.part_headers;
            headers.retain(|(_, header)| header.argument != spot.argument);
            if let Some(body) = &mut operation.body
                && let BodyShape::Properties(fields, additional) = &mut body.shape
            {
                fields.retain(|field| field.argument != spot.argument);
                if *additional == spot.argument {
                    additional.clear();
                }
            }
        }
        operation.fields.retain(|field| field.name != spot.argument);
        let below = format!("{}/", spot.place);
        let others = |place: &String| *place != spot.place && !place.starts_with(&below);
        operation.nullable.retain(|place| others(place));
        operation.renamed.retain(|(place, _)| others(place));
        operation.repeats.retain(|(place, _)| others(place));
        operation.settled.null_refused.retain(|place| others(place));
        if let Some(schema) = operation.input_schema.as_object_mut() {
            without(schema, &spot.argument, value.is_some());
        }
    }
}

/// Takes a property out of an object schema. `is_given`: it is there all the same, and so is what it
/// needs.
fn without(schema: &mut Map<String, Value>, name: &str, is_given: bool) {
    without_rules(schema, name, is_given);
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.shift_remove(name);
        if properties.is_empty() {
            schema.shift_remove("properties");
        }
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|known| known != name);
        if required.is_empty() {
            schema.shift_remove("required");
        }
    }
}

/// Takes a property out of the rules about which need which others.
fn without_rules(schema: &mut Map<String, Value>, name: &str, is_given: bool) {
    for keyword in ["anyOf", "oneOf"] {
        without_in_sets(schema, keyword, name, is_given);
    }
    let Some(Value::Object(rules)) = schema.get_mut("dependentRequired") else {
        return;
    };
    let own = rules.shift_remove(name);
    for needed in rules.values_mut().filter_map(Value::as_array_mut) {
        needed.retain(|known| known != name);
    }
    rules.retain(|_, needed| needed.as_array().is_some_and(|needed| !needed.is_empty()));
    if rules.is_empty() {
        schema.shift_remove("dependentRequired");
    }
    let own = own.filter(|_| is_given);
    let Some(Value::Array(own)) = own else { return };
    let required = schema.entry("required").or_insert_with(|| json!([]));
    if let Some(required) = required.as_array_mut() {
        for needed in own {
            if !required.contains(&needed) {
                required.push(needed);
            }
        }
    }
}

/// Takes a name out of the sets of names of which one has to be given.
fn without_in_sets(schema: &mut Map<String, Value>, keyword: &str, name: &str, is_given: bool) {
    let Some(Value::Array(sets)) = schema.get_mut(keyword) else {
        return;
    };
    fn names(set: &mut Value) -> Option<&mut Vec<Value>> {
        set.get_mut("required")?.as_array_mut()
    }
    if !is_given {
        sets.retain_mut(|set| names(set).is_none_or(|names| !names.iter().any(|n| n == name)));
    }
    for names in sets.iter_mut().filter_map(names) {
        names.retain(|known| known != name);
    }
    if sets.is_empty()
        || sets
            .iter_mut()
            .filter_map(names)
            .any(|names| names.is_empty())
    {
        schema.shift_remove(keyword);
    }
}

/// Whether a value is of a schema's type and one of its values; deeper down the service checks.
fn fits(schema: &Value, value: &Value) -> bool {
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => return true,
    };
    let of_type = types.iter().any(|kind| match *kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    });
    let values = schema.get("enum").and_then(Value::as_array);
    of_type && values.is_none_or(|values| values.contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_fits_by_type_and_enum() {
        for (schema, value, expected) in [
            (json!({"type": "string"}), json!("a"), true),
            (json!({"type": "string"}), json!(1), false),
            (json!({"type": "integer"}), json!(1), true),
            (json!({"type": "integer"}), json!(1.5), false),
            (json!({"type": ["integer", "string"]}), json!("1"), true),
            (json!({"type": "string", "enum": ["a"]}), json!("b"), false),
            (json!({"type": "array"}), json!([1]), true),
            (json!({}), json!(null), true),
        ] {
            assert_eq!(fits(&schema, &value), expected, "{schema} {value}");
        }
    }
}
