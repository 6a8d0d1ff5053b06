//! What the entities are, their fields and their actions.

use serde_json::json;

use super::fields::fields;
use crate::catalog::Catalog;
use crate::catalog::entities::{Entity, Slot};
use crate::catalog::lean::{answer, refuse, text};
use crate::catalog::resources::Lists;
use crate::catalog::selection::Selection;
use crate::engine::Entry;
use crate::json::{Object, Value};
use crate::result::ToolResult;

/// How the lines of a description begin that say what comes before a call (ADR 0076).
const BEFORE: [&str; 2] = ["Call first", "Ids: "];

impl Catalog {
    pub(in crate::catalog) fn describe_entity(
        &self,
        selection: &Selection,
        given: &Object,
    ) -> ToolResult {
        let name = text(given, "entity");
        if name.is_empty() {
            return self.list_entities(selection);
        }
        let entity = match self.entities().find(name, &selection.tools) {
            Ok(entity) => entity,
            Err(message) => return refuse(&message),
        };
        let lists = self.lists(selection);
        let mut shown = Object::new();
        shown.insert("entity".to_owned(), entity.name.as_str().into());
        for (place, slot) in [
            ("search", &entity.search),
            ("get", &entity.get),
            ("create", &entity.create),
            ("update", &entity.update),
            ("delete", &entity.delete),
        ] {
            let slot = slot.as_ref();
            if let Some((slot, entry)) = slot.and_then(|slot| {
                let entry = self.engine().entries().get(slot.tool)?;
                Some((slot, entry))
            }) {
                let mut described = Object::new();
                described.insert("tool".to_owned(), entry.name().into());
                self.arguments(&lists, slot, entry, &mut described);
                shown.insert(place.to_owned(), described.into());
            }
        }
        let actions = self.actions(&lists, entity);
        shown.insert("actions".to_owned(), actions.into());
        let shown = Value::Object(shown);
        answer(shown.to_string(), shown)
    }

    fn list_entities(&self, selection: &Selection) -> ToolResult {
        let entities: Vec<(String, String)> = self
            .entities()
            .of(&selection.tools)
            .map(|entity| {
                let can: Vec<&str> = entity.slots().map(|(name, _)| name).collect();
                (entity.name.clone(), can.join(", "))
            })
            .collect();
        let lines: Vec<String> = entities
            .iter()
            .map(|(name, can)| format!("{name}: {can}"))
            .collect();
        let object = entities.into_iter().map(|(name, can)| (name, can.into()));
        answer(
            lines.join("\n"),
            json!({"entities": object.collect::<Object>()}),
        )
    }

    pub(in crate::catalog) fn list_actions(
        &self,
        selection: &Selection,
        given: &Object,
    ) -> ToolResult {
        let name = text(given, "entity");
        let entities: Vec<&Entity> = if name.is_empty() {
            let all = self.entities().of(&selection.tools);
            all.filter(|entity| !entity.actions.is_empty()).collect()
        } else {
            match self.entities().find(name, &selection.tools) {
                Ok(entity) => vec![entity],
                Err(message) => return refuse(&message),
            }
        };
        let lists = self.lists(selection);
        let actions: Object = entities
            .iter()
            .map(|entity| (entity.name.clone(), self.actions(&lists, entity).into()))
            .collect();
        let shown = json!({"actions": actions});
        answer(shown.to_string(), shown)
    }

    /// The actions of an entity, with what they need.
    fn actions(&self, lists: &Lists, entity: &Entity) -> Vec<Value> {
        let shown = entity.actions.iter().filter_map(|(name, slot)| {
            let entry = self.engine().entries().get(slot.tool)?;
            let mut action = Object::new();
            action.insert("action".to_owned(), name.as_str().into());
            action.insert("tool".to_owned(), entry.name().into());
            action.insert("risk".to_owned(), entry.risk().as_str().into());
            action.insert("id".to_owned(), slot.id.is_some().into());
            self.arguments(lists, slot, entry, &mut action);
            Some(action.into())
        });
        shown.collect()
    }

    /// The fields of a tool, and what has to be known before it is called.
    fn arguments(&self, lists: &Lists, slot: &Slot, entry: &Entry, shown: &mut Object) {
        let uri = |values: &[Value]| self.uri_of(lists, values);
        let fields = fields(&entry.whole().0, slot.id.as_deref(), &uri);
        shown.insert("fields".to_owned(), fields.into());
        let lines = entry.description().lines();
        let before: Vec<&str> = lines
            .filter(|line| BEFORE.iter().any(|begin| line.starts_with(begin)))
            .collect();
        if !before.is_empty() {
            shown.insert("before".to_owned(), before.into());
        }
    }
}
