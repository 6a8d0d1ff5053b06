//! One request, done: the records that it is about, what becomes of them, and the answer.

mod add;
mod place;

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::answer::{self, Declared};
use super::collection::{Collection, as_text, body_schema};
use super::deed;
use super::make::Seen;
use super::message::{Request, Response};
use super::problem::Problem;
use super::route::{Role, Route};
use super::seed::Seed;
use super::sent::Sent;
use super::store::{Full, Record, Records};
use crate::ir;
use crate::lower::schema::{Shape, Shapes};
use crate::model::RawOperation;

/// What one request needs.
pub(super) struct Service<'s, 'a> {
    pub(super) root: &'a Value,
    pub(super) routes: &'s [Route],
    pub(super) collections: &'s IndexMap<String, Collection>,
    pub(super) related: &'s HashMap<String, Vec<Value>>,
    pub(super) records: &'s mut Records,
    pub(super) shapes: &'s Shapes<'a>,
    pub(super) seen: &'s Seen<'a>,
    pub(super) seed: Seed,
    pub(super) route: &'s Route,
    pub(super) raw: &'s RawOperation<'a>,
    pub(super) operation: Option<&'s ir::Operation>,
    /// Values of the path, as they were sent.
    pub(super) in_path: &'s [(String, String)],
    pub(super) sent: &'s Sent,
    pub(super) request: &'s Request,
    pub(super) path: &'s str,
}

/// The collection that a request is about.
pub(super) struct About<'s> {
    pub(super) collection: &'s Collection,
    /// Where its records are kept.
    pub(super) key: String,
    /// The property that names the record above, with that record's identifier.
    owner: Option<(String, Value)>,
}

impl From<Full> for Problem {
    fn from(_: Full) -> Self {
        Self::new(507, "the mock keeps no more records; start it again")
    }
}

impl<'s, 'a> Service<'s, 'a> {
    /// Does what is asked.
    ///
    /// # Errors
    /// What there is to say in place of an answer.
    pub(super) fn answer(&mut self) -> Result<Response, Problem> {
        let declared = answer::success(self.raw, &self.route.role, self.shapes);
        self.check_records_above()?;
        match self.route.role.clone() {
            Role::Single => self.single(&declared),
            Role::List => {
                let about = self.about()?;
                self.list(&about, &declared)
            }
            Role::Create => {
                let about = self.about()?;
                let sent = self.sent.members().cloned().unwrap_or_default();
                let record = self.create(&about, &sent)?;
                let response = self.one(&about, &declared, &record)?;
                Ok(if response.status == 201 && about.collection.has_items {
                    let place = format!("{}/{}", self.path.trim_end_matches('/'), record.id);
                    response.with("location", place)
                } else {
                    response
                })
            }
            Role::Several => {
                let about = self.about()?;
                self.several(&about, &declared)
            }
            role => {
                let about = self.about()?;
                let id = self.id()?;
                let record = self
                    .records
                    .find(&about.key, &id)
                    .cloned()
                    .filter(|record| about.owns(record));
                let Some(record) = record else {
                    return Err(missing(about.collection, &id));
                };
                self.with_record(&role, &about, record, &declared)
            }
        }
    }

    fn with_record(
        &mut self,
        role: &Role,
        about: &About<'s>,
        record: Record,
        declared: &Declared<'a>,
    ) -> Result<Response, Problem> {
        let Some(shape) = self.shape(about.collection) else {
            return self.one(about, declared, &record);
        };
        let nothing = Map::new();
        let sent = self.sent.members().unwrap_or(&nothing);
        let id = about.collection.id.as_deref();
        let mut value = record.value.clone();
        match role {
            Role::Delete => {
                self.records.remove(&about.key, &record.id);
                return self.one(about, declared, &record);
            }
            Role::Replace => {
                let required = self.required();
                // A PUT that requires nothing changes what is sent: most services mean that.
                let is_whole = !required.is_empty();
                value = deed::replaced(
                    &value,
                    sent,
                    about.collection,
                    &required,
                    is_whole,
                    &shape,
                    self.shapes,
                );
            }
            Role::Change => {
                let removes = self.sent.media_type.ends_with("merge-patch+json");
                deed::merge(&mut value, sent, id, removes);
                deed::act(&mut value, &[], &shape, self.shapes);
            }
            Role::Act(acts) => {
                let known = sent
                    .iter()
                    .filter(|(name, _)| shape.properties.contains_key(name.as_str()));
                let known: Map<String, Value> = known
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect();
                // `/tasks/{id}/status` with `{"status": "done"}`.
                deed::merge(&mut value, &known, id, false);
                if !matches!(self.route.method.as_str(), "GET" | "HEAD") {
                    deed::act(&mut value, acts, &shape, self.shapes);
                }
            }
            _ => return self.one(about, declared, &record),
        }
        self.records
            .replace(&about.key, &record.id, value.clone())?;
        let record = Record { value, ..record };
        self.one(about, declared, &record)
    }

    /// What the bodies of this operation require.
    fn required(&self) -> HashSet<String> {
        let schema = body_schema(self.raw, self.shapes);
        let shape = schema
            .map(|schema| self.shapes.of(&schema))
            .unwrap_or_default();
        shape
            .required
            .iter()
            .map(|name| (*name).to_owned())
            .collect()
    }

    /// The fullest shape of a collection's records.
    fn shape(&self, collection: &Collection) -> Option<Shape<'a>> {
        let node = collection
            .sources
            .iter()
            .find_map(|source| source.node(self.root, self.shapes))?;
        Some(self.shapes.of(&node))
    }
}

impl About<'_> {
    /// Whether a record is one of the record above.
    pub(super) fn owns(&self, record: &Record) -> bool {
        self.owner.as_ref().is_none_or(|(property, id)| {
            record
                .value
                .get(property)
                .is_some_and(|value| as_text(value) == as_text(id))
        })
    }
}

fn missing(collection: &Collection, id: &str) -> Problem {
    Problem::new(
        404,
        format!(
            "there is no {} {}",
            collection.noun,
            crate::text::line(id, 100)
        ),
    )
}
