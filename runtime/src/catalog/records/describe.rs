//! What the entities are, their fields and their actions.

use serde_json::json;

use super::fields::fields;
use crate::catalog::Catalog;
use crate::catalog::entities::Entity;
use crate::catalog::lean::{answer, refuse, text};
use crate::catalog::selection::Selection;
use crate::json::{Object, Value};
use crate::result::ToolResult;

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
                let fields = fields(&entry.listed().0, slot.id.as_deref());
                let described = json!({"tool": entry.name(), "fields": fields});
                shown.insert(place.to_owned(), described);
            }
        }
        shown.insert("actions".to_owned(), self.actions(entity).into());
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
        let lists: Object = entities
            .iter()
            .map(|entity| (entity.name.clone(), self.actions(entity).into()))
            .collect();
        let lists = json!({"actions": lists});
        answer(lists.to_string(), lists)
    }

    /// The actions of an entity, with what they need.
    fn actions(&self, entity: &Entity) -> Vec<Value> {
        let shown = entity.actions.iter().filter_map(|(name, slot)| {
            let entry = self.engine().entries().get(slot.tool)?;
            let fields = fields(&entry.listed().0, slot.id.as_deref());
            Some(json!({
                "action": name,
                "tool": entry.name(),
                "risk": entry.risk().as_str(),
                "id": slot.id.is_some(),
                "fields": fields,
            }))
        });
        shown.collect()
    }
}
