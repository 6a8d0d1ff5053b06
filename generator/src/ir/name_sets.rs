//! Unions in argument schemas that only say which names have to be there.

use serde_json::Value;

/// The sets of names of a union whose branches say nothing but what is required, and at most of which type that is;
/// descriptions say them.
#[must_use]
pub fn names_alone(branches: &Value) -> Option<Vec<Vec<&str>>> {
    let branches = branches.as_array().filter(|all| !all.is_empty())?;
    branches
        .iter()
        .map(|branch| {
            let members = branch.as_object()?;
            let names = members.get("required")?.as_array()?;
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            let is_type = |schema: &Value| {
                let schema = schema.as_object();
                schema.is_some_and(|schema| schema.len() == 1 && schema.contains_key("type"))
            };
            let says_no_more = members
                .iter()
                .all(|(keyword, said)| match keyword.as_str() {
                    "required" => true,
                    "type" => said == "object",
                    "properties" => said.as_object().is_some_and(|properties| {
                        let mut all = properties.iter();
                        all.all(|(name, schema)| names.contains(&name.as_str()) && is_type(schema))
                    }),
                    _ => false,
                });
            says_no_more.then_some(names)
        })
        .collect()
}
