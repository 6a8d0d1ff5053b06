//! Which arguments the document marks as secret, so that no preview, dry run or log shows them: `format: password`
//! (OpenAPI Format Registry), and `writeOnly` (JSON Schema 2020-12 Validation §9.4) of what is no id. Tool schemas do
//! not carry `writeOnly`, which says nothing to a model.

use std::collections::HashSet;

use super::arguments::Argument;
use super::schema::{Shape, Shapes, Types};
use crate::diagnostics::Pointer;
use crate::model::Node;

/// Schemas that are looked into in one operation.
const MOST: usize = 3_000;

/// The names of arguments, and of properties within them, whose values are secret. `renamed` are places whose names
/// are others on the wire, with those: the others are given besides.
pub fn of_arguments<'a>(
    shapes: &Shapes<'a>,
    arguments: &[Argument<'a>],
    renamed: &[(String, String)],
) -> Vec<String> {
    let mut search = Search {
        shapes,
        seen: HashSet::new(),
        found: Vec::new(),
    };
    for argument in arguments.iter().filter(|one| one.fixed.is_none()) {
        if let Some(schema) = &argument.schema {
            search.look(&argument.name, schema);
        }
    }
    let mut found = search.found;
    for (place, wire) in renamed {
        let name = place.rsplit('/').next().unwrap_or_default();
        if found.contains(wire) && !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    found
}

/// Whether a name or a format says that a value is an id: frameworks write `writeOnly` at those, too, and they tell
/// which record is meant. The runtime's `result/secrets.rs` has the same rule for schemas of custom tools.
fn is_id(name: &str, shape: &Shape<'_>) -> bool {
    let singular = name.strip_suffix('s').unwrap_or(name);
    matches!(singular, "id" | "ID" | "uuid")
        || ["_id", "-id", "Id", "_uuid"]
            .iter()
            .any(|end| singular.ends_with(end))
        || format(shape) == Some("uuid")
}

fn format<'a>(shape: &Shape<'a>) -> Option<&'a str> {
    shape.keywords.get("format")?.value.as_str()
}

struct Search<'s, 'a> {
    shapes: &'s Shapes<'a>,
    /// What was looked at, by where it is defined and under which name.
    seen: HashSet<(Pointer, String)>,
    found: Vec<String>,
}

impl<'a> Search<'_, 'a> {
    fn look(&mut self, name: &str, node: &Node<'a>) {
        let shape = self.shapes.of(node);
        if self.seen.len() >= MOST || !self.seen.insert((node.pointer.clone(), name.to_owned())) {
            return;
        }
        let is_password = format(&shape) == Some("password");
        // A switch tells nothing that could be used.
        let is_switch = shape.types == Types::BOOLEAN;
        if (is_password || shape.write_only && !is_switch && !is_id(name, &shape))
            && !self.found.iter().any(|known| known == name)
        {
            self.found.push(name.to_owned());
        }
        for (name, property) in &shape.properties {
            self.look(name, property);
        }
        let forms = shape.unions.iter().flatten().chain(&shape.subtypes);
        let items = shape.items.iter().chain(&shape.prefix_items);
        for inner in items.chain(forms) {
            self.look(name, inner);
        }
    }
}
