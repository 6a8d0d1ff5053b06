//! Which component schemas look different in requests and in answers, because a property somewhere
//! below them is `readOnly` or `writeOnly`.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::diagnostics::Pointer;
use crate::model::{Node, percent_decode};

/// The component schemas that need two types.
#[derive(Debug, Default)]
pub struct ReadWriteSplit {
    split: HashSet<String>,
}

impl ReadWriteSplit {
    /// Finds them: those that say so themselves, then all that refer to one, in one pass over the
    /// components and one over the references.
    pub fn find(root: &Node<'_>) -> Self {
        let mut users: HashMap<String, Vec<String>> = HashMap::new();
        let mut open: Vec<String> = Vec::new();
        for (name, schema) in root
            .at(&["components", "schemas"])
            .iter()
            .flat_map(Node::entries)
        {
            let own = root_pointer(name);
            let mut seen = Seen::default();
            seen.walk(schema.value);
            if seen.split {
                open.push(own.clone());
            }
            for target in seen.references {
                users.entry(target).or_default().push(own.clone());
            }
        }
        let mut split = HashSet::new();
        while let Some(name) = open.pop() {
            if split.insert(name.clone()) {
                open.extend(users.get(&name).into_iter().flatten().cloned());
            }
        }
        Self { split }
    }

    /// Whether the schema at this place needs two types. Inline schemas are never shared.
    pub fn contains(&self, origin: &Pointer) -> bool {
        self.split.contains(origin.as_str())
    }
}

fn root_pointer(name: &str) -> String {
    Pointer::root()
        .child("components")
        .child("schemas")
        .child(name)
        .as_str()
        .to_owned()
}

#[derive(Default)]
struct Seen {
    split: bool,
    references: HashSet<String>,
}

impl Seen {
    fn walk(&mut self, value: &Value) {
        match value {
            Value::Object(object) => {
                for (key, inner) in object {
                    match (key.as_str(), inner) {
                        ("readOnly" | "writeOnly", Value::Bool(true)) => self.split = true,
                        ("$ref", Value::String(target)) => {
                            self.references
                                .extend(target.strip_prefix('#').and_then(percent_decode));
                        }
                        ("example" | "examples" | "default" | "enum" | "const", _) => {}
                        _ => self.walk(inner),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.walk(item)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::ReadWriteSplit;
    use crate::diagnostics::Pointer;
    use crate::model::Node;

    #[test]
    fn what_refers_to_a_split_schema_is_split_however_the_reference_is_written() {
        let document = json!({"components": {"schemas": {
            "a b": {"properties": {"id": {"readOnly": true}}},
            "user": {"properties": {"x": {"$ref": "#/components/schemas/a%20b"}}},
            "other": {"example": {"readOnly": true}},
        }}});
        let split = ReadWriteSplit::find(&Node::root(&document));
        for (name, expected) in [("a b", true), ("user", true), ("other", false)] {
            let place = Pointer::root()
                .child("components")
                .child("schemas")
                .child(name);
            assert_eq!(split.contains(&place), expected, "{name}");
        }
    }
}
