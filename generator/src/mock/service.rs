//! One request, done: the records that it is about, what becomes of them, and the answer.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::answer::{self, Declared, list_place};
use super::collection::{Collection, SEEDED, SEEDED_BELOW, as_text, body_schema, seeded};
use super::deed;
use super::make::{Maker, Seen};
use super::message::{Request, Response};
use super::problem::Problem;
use super::route::{Role, Route, Token};
use super::scalar::cast;
use super::seed::Seed;
use super::sent::Sent;
use super::store::{Full, Record, Records};
use crate::ir;
use crate::lower::schema::{Shape, Shapes};
use crate::model::RawOperation;
use crate::text::percent_decode;

/// Records that one request about several makes or changes.
const MOST_AT_ONCE: usize = 500;

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

    /// A value of the path.
    fn value_of(&self, name: &str) -> String {
        let found = self.in_path.iter().find(|(known, _)| known == name);
        let text = found.map(|(_, value)| value.as_str()).unwrap_or_default();
        percent_decode(text).unwrap_or_else(|| text.to_owned())
    }

    fn id(&self) -> Result<String, Problem> {
        match self.route.tokens.get(self.route.within) {
            Some(Token::Parameter(name)) => Ok(self.value_of(name)),
            _ => Err(Problem::new(404, "the path names no record")),
        }
    }

    /// The path with its values, as far as it has so many tokens.
    pub(super) fn concrete(&self, tokens: &[Token]) -> String {
        let one = |token: &Token| match token {
            Token::Word(word) => format!("/{word}"),
            Token::Parameter(name) => format!(
                "/{}",
                self.value_of(name).replace('~', "~0").replace('/', "~1")
            ),
        };
        super::route::bare(tokens).iter().map(one).collect()
    }

    /// The collection that the request is about, with its first records.
    fn about(&mut self) -> Result<About<'s>, Problem> {
        let tokens = self
            .route
            .tokens
            .get(..self.route.within)
            .unwrap_or_default();
        self.collection(tokens)
    }

    fn collection(&mut self, tokens: &[Token]) -> Result<About<'s>, Problem> {
        let collections = self.collections;
        let bare = super::route::bare(tokens);
        let template = super::route::template(&bare);
        let none = || Problem::new(404, "the document has no such records");
        let (_, collection) = collections.get_key_value(&template).ok_or_else(none)?;
        if let Some((whole, property)) = &collection.view {
            let (_, of_whole) = collections.get_key_value(whole).ok_or_else(none)?;
            let owner = bare.iter().rev().find_map(|token| match token {
                Token::Parameter(name) => Some(self.value_of(name)),
                Token::Word(_) => None,
            });
            self.begin(whole, of_whole, whole.clone())?;
            let id = owner.unwrap_or_default();
            let node = of_whole
                .sources
                .iter()
                .find_map(|source| source.node(self.root, self.shapes));
            let node = node.and_then(|node| {
                answer::below(
                    self.shapes,
                    &node,
                    &format!("/{}", super::make::escaped(property)),
                )
            });
            let id = node
                .and_then(|node| cast(&self.shapes.of(&node), &Value::from(id.as_str())))
                .unwrap_or_else(|| Value::from(id));
            return Ok(About {
                collection: of_whole,
                key: whole.clone(),
                owner: Some((property.clone(), id)),
            });
        }
        let key = self.concrete(tokens);
        self.begin(&template, collection, key.clone())?;
        Ok(About {
            collection,
            key,
            owner: None,
        })
    }

    /// Makes the first records of a collection.
    fn begin(
        &mut self,
        template: &str,
        collection: &Collection,
        key: String,
    ) -> Result<(), Problem> {
        if self.records.has(&key) {
            return Ok(());
        }
        let seed = self.seed.of(&key);
        let count = if template.contains("/{}") {
            SEEDED_BELOW
        } else {
            SEEDED
        };
        let records = (0..count)
            .map(|index| self.fresh(collection, index, seed))
            .collect();
        self.records.begin(&key, records)?;
        Ok(())
    }

    fn fresh(&self, collection: &Collection, index: usize, seed: Seed) -> Record {
        let maker = Maker::new(self.shapes, self.seen, self.related);
        let value = seeded(collection, index, seed, &maker, self.root);
        let id = collection
            .id
            .as_ref()
            .and_then(|id| value.get(id))
            .map(as_text);
        let id = id.unwrap_or_else(|| as_text(&collection.id_of(index, seed)));
        Record { id, value }
    }

    /// Records whose paths lead here have to be there.
    fn check_records_above(&mut self) -> Result<(), Problem> {
        let tokens = self.route.tokens.clone();
        let own = match self.route.role {
            Role::Single | Role::List | Role::Create | Role::Several => tokens.len(),
            _ => self.route.within,
        };
        for at in 1..own {
            let (Some(Token::Parameter(name)), Some(Token::Word(_))) =
                (tokens.get(at), tokens.get(at - 1))
            else {
                continue;
            };
            let Some(above) = tokens.get(..at) else {
                continue;
            };
            let template = super::route::template(&super::route::bare(above));
            if !self
                .collections
                .get(&template)
                .is_some_and(|found| found.has_items)
            {
                continue;
            }
            let about = self.collection(above)?;
            let id = self.value_of(name);
            if self.records.find(&about.key, &id).is_none() {
                return Err(missing(about.collection, &id));
            }
        }
        Ok(())
    }

    fn create(&mut self, about: &About<'s>, sent: &Map<String, Value>) -> Result<Record, Problem> {
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

    fn several(&mut self, about: &About<'s>, declared: &Declared<'a>) -> Result<Response, Problem> {
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
        let Some(schema) = declared.json() else {
            return Ok(self.other(declared, &Value::Array(done)));
        };
        let mut put = HashMap::new();
        if let Some(place) = list_place(self.shapes, &schema, &about.collection.noun) {
            put.insert(place, Value::Array(done));
        }
        Ok(self.json(declared, &schema, put, about.collection))
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
