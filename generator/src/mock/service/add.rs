//! Records that are added, and several that are changed at once.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{About, Service, missing};
use crate::mock::answer::{Declared, list_place};
use crate::mock::collection::as_text;
use crate::mock::deed;
use crate::mock::message::Response;
use crate::mock::problem::Problem;
use crate::mock::route::Token;
use crate::mock::store::Record;

/// Records that one request about several makes or changes.
const MOST_AT_ONCE: usize = 500;

impl<'s, 'a> Service<'s, 'a> {
    pub(super) fn create(
        &mut self,
        about: &About<'s>,
        sent: &Map<String, Value>,
    ) -> Result<Record, Problem> {
        let seed = self.seed.of(&about.key);
        let index = self.records.next(&about.key);
        let fresh = self.fresh(about.collection, index, seed);
        let mut sent = sent.clone();
        if let Some((property, owner)) = &about.owner {
            sent.insert(property.clone(), owner.clone());
        }
        let own = about
            .collection
            .id
            .as_ref()
            .and_then(|id| sent.get(id))
            .filter(|id| id.is_string() || id.is_number());
        let id = own.map_or(fresh.id, as_text);
        if self.records.find(&about.key, &id).is_some() {
            let message = format!(
                "there is a {} with {} {id} already",
                about.collection.noun,
                about.collection.id.as_deref().unwrap_or("id")
            );
            return Err(Problem::new(409, message));
        }
        let required = self.required();
        let shape = self.shape(about.collection).unwrap_or_default();
        let value = deed::created(
            fresh.value,
            &sent,
            about.collection,
            &required,
            &shape,
            self.shapes,
        );
        let record = Record { id, value };
        self.records.add(&about.key, record.clone())?;
        Ok(record)
    }

    pub(super) fn several(
        &mut self,
        about: &About<'s>,
        declared: &Declared<'a>,
    ) -> Result<Response, Problem> {
        let all = deed::several(self.sent);
        if all.len() > MOST_AT_ONCE {
            return Err(Problem::new(
                413,
                format!("at most {MOST_AT_ONCE} records at once"),
            ));
        }
        let property = about.collection.id.as_deref();
        let deletes = self.route.method == "DELETE"
            || self.route.tokens.last().is_some_and(|token| matches!(token, Token::Word(word) if matches!(word.as_str(), "delete" | "remove" | "destroy")));
        let shape = self.shape(about.collection).unwrap_or_default();
        let mut done = Vec::new();
        for item in &all {
            let record = match deed::id_of(item, property) {
                Some(id) if deletes => self.records.remove(&about.key, &id),
                Some(id) => {
                    let known = self.records.find(&about.key, &id).cloned();
                    let Some(mut record) = known else {
                        return Err(missing(about.collection, &id));
                    };
                    if let Some(object) = item.as_object() {
                        deed::merge(&mut record.value, object, property, false);
                    }
                    // What is said once holds for all.
                    let shared = self.sent.members().into_iter().flatten();
                    let shared = shared.filter(|(name, value)| {
                        !value.is_array() && shape.properties.contains_key(name.as_str())
                    });
                    let shared: Map<String, Value> = shared
                        .map(|(name, value)| (name.clone(), value.clone()))
                        .collect();
                    deed::merge(&mut record.value, &shared, property, false);
                    self.records
                        .replace(&about.key, &id, record.value.clone())?;
                    Some(record)
                }
                None => match item.as_object() {
                    Some(object) if !deletes => Some(self.create(about, object)?),
                    _ => None,
                },
            };
            done.extend(record.map(|record| Value::Object(record.value)));
        }
        let Some(schema) = declared.schema() else {
            return Ok(self.other(declared, &Value::Array(done)));
        };
        let mut put = HashMap::new();
        if let Some(place) = list_place(self.shapes, &schema, &about.collection.noun) {
            put.insert(place, Value::Array(done));
        }
        Ok(self.json(declared, &schema, put, about.collection))
    }
}
