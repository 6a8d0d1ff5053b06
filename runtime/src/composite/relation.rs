//! Ids in a list that an update replaces as a whole (rows B13, B14 and B26): added or removed without
//! touching the others.

use serde_json::json;

use super::change::unwritten;
use super::{answer, quoted, scalar, text, unusable};
use crate::engine::Engine;
use crate::json::{Object, Value};
use crate::operation::{Related, Relation};
use crate::result::{ErrorKind, ToolResult, refused};
use crate::upstream::Upstream;

/// Ids that a result names.
const NAMED: usize = 20;

impl Engine {
    pub(super) async fn relate(
        &self,
        upstream: &Upstream,
        relation: &'static Relation,
        arguments: &Object,
    ) -> ToolResult {
        match self.related(upstream, relation, arguments).await {
            Ok(result) | Err(result) => result,
        }
    }

    async fn related(
        &self,
        upstream: &Upstream,
        relation: &'static Relation,
        arguments: &Object,
    ) -> Result<ToolResult, ToolResult> {
        let id = arguments.get("id").unwrap_or(&Value::Null);
        let name = text(arguments, "relation");
        let related = relation.relations.iter().find(|one| one.name == name);
        let Some(related) = related else {
            return Err(refused(
                ErrorKind::Validation,
                "/relation: is none of those listed.",
            ));
        };
        let wanted = wanted(related, arguments)?;
        let held = self.hold(upstream, &relation.get, id).await?;
        let before = match held.part(&relation.get, related.from)? {
            Value::Array(items) => items.as_slice(),
            Value::Null => &[],
            _ => {
                let what = format!("has no list at {}", related.from);
                return Err(unwritten(unusable(relation.get.get, &what)));
            }
        };
        let Some(mut items) = read(related, before) else {
            // Writing the list without them would remove them.
            let what = format!("has items without an id at {}", related.from);
            return Err(unwritten(unusable(relation.get.get, &what)));
        };
        let was = items.len();
        let changed = if relation.add {
            add(&mut items, wanted)
        } else {
            remove(&mut items, &wanted)
        };
        let now = items.len();
        let shown = quoted(&scalar(id).unwrap_or_default());
        let structured = json!({
            "id": id,
            "relation": name,
            "was": was,
            "now": now,
            "changed": changed,
        });
        if changed.is_empty() {
            let why = if relation.add {
                "all of these were there already"
            } else {
                "none of these was there"
            };
            return Ok(answer(
                format!(
                    "Nothing changed and nothing was written: {shown} has {was} of {name}, and {why}."
                ),
                structured,
            ));
        }
        let list: Vec<Value> = items
            .into_iter()
            .map(|item| item.written(related))
            .collect();
        let steps = (&relation.get, &relation.update);
        self.write(upstream, steps, (id, &held), related.to, Value::Array(list))
            .await?;
        let verb = if relation.add { "Added" } else { "Removed" };
        let mut named: Vec<String> = changed.iter().take(NAMED).map(|id| quoted(id)).collect();
        if changed.len() > NAMED {
            named.push(format!("and {} more", changed.len() - NAMED));
        }
        let named = named.join(", ");
        Ok(answer(
            format!("{shown}, {name}: was {was}, now {now}. {verb}: {named}."),
            structured,
        ))
    }
}

/// An item of a relation: its id, and its further properties.
struct Item {
    id: Value,
    columns: Object,
}

impl Item {
    fn key(&self) -> String {
        scalar(&self.id).unwrap_or_default()
    }

    fn written(self, related: &Related) -> Value {
        if related.to_key.is_empty() {
            return self.id;
        }
        let mut item = Object::new();
        item.insert(related.to_key.to_owned(), self.id);
        item.extend(self.columns);
        Value::Object(item)
    }
}

/// The items that a call names.
fn wanted(related: &Related, arguments: &Object) -> Result<Vec<Item>, ToolResult> {
    let list = arguments.get("ids").or_else(|| arguments.get("records"));
    let list = list.and_then(Value::as_array).map(Vec::as_slice);
    let mut items = Vec::new();
    for item in list.unwrap_or_default() {
        let Value::Object(given) = item else {
            items.push(Item {
                id: item.clone(),
                columns: Object::new(),
            });
            continue;
        };
        let further = given
            .iter()
            .filter(|(name, value)| name.as_str() != "id" && !value.is_null());
        let columns: Object = further.map(|(k, v)| (k.clone(), v.clone())).collect();
        let known = |name: &&String| !related.columns.contains(&name.as_str());
        if let Some(name) = columns.keys().find(known) {
            let message = format!(
                "/records: {} has no {}; nothing was sent.",
                related.name,
                quoted(name)
            );
            return Err(refused(ErrorKind::Validation, &message));
        }
        items.push(Item {
            id: given.get("id").cloned().unwrap_or_default(),
            columns,
        });
    }
    Ok(items)
}

/// The items of a record; `None` if one has no id.
fn read(related: &Related, list: &[Value]) -> Option<Vec<Item>> {
    let item = |value: &Value| {
        let id = match value {
            Value::Object(item) => item.get(related.from_key)?,
            id => id,
        };
        scalar(id)?;
        let column = |name: &&str| Some(((*name).to_owned(), value.get(*name)?.clone()));
        let columns = related.columns.iter().filter_map(column);
        Some(Item {
            id: id.clone(),
            columns: columns.filter(|(_, value)| !value.is_null()).collect(),
        })
    };
    list.iter().map(item).collect()
}

/// Adds items; those that are there get the further properties. The ids that are new or changed.
fn add(items: &mut Vec<Item>, wanted: Vec<Item>) -> Vec<String> {
    let mut changed = Vec::new();
    for new in wanted {
        let key = new.key();
        match items.iter_mut().find(|item| item.key() == key) {
            None => {
                changed.push(key);
                items.push(new);
            }
            Some(item) => {
                let differs =
                    |(name, value): (&String, &Value)| item.columns.get(name) != Some(value);
                if new.columns.iter().any(differs) {
                    item.columns.extend(new.columns);
                    changed.push(key);
                }
            }
        }
    }
    changed
}

/// Removes items; the ids that were there.
fn remove(items: &mut Vec<Item>, wanted: &[Item]) -> Vec<String> {
    let mut changed = Vec::new();
    items.retain(|item| {
        let key = item.key();
        let goes = wanted.iter().any(|gone| gone.key() == key);
        if goes {
            changed.push(key);
        }
        !goes
    });
    changed
}
