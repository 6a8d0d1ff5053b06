//! One request, done: the records that it is about, what becomes of them, and the answer.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::answer::{self, Declared, items, list_place, record_place};
use super::collection::{Collection, SEEDED, SEEDED_BELOW, as_text, body_schema, seeded};
use super::make::{At, Maker, Seen, cast};
use super::message::{Request, Response};
use super::problem::Problem;
use super::route::{Role, Route, Token};
use super::seed::Seed;
use super::sent::Sent;
use super::store::{Full, Record, Records};
use super::{deed, files, list};
use crate::ir;
use crate::lower::media::Family;
use crate::lower::schema::{Shape, Shapes, Types};
use crate::model::{Node, RawOperation};
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
struct About<'s> {
    collection: &'s Collection,
    /// Where its records are kept.
    key: String,
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
    fn concrete(&self, tokens: &[Token]) -> String {
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

    fn list(&mut self, about: &About<'s>, declared: &Declared<'a>) -> Result<Response, Problem> {
        let schema = declared.json();
        let answer = self
            .operation
            .and_then(|operation| operation.answer.as_ref());
        let place = answer
            .filter(|answer| answer.list)
            .map(|answer| answer.records.clone());
        let place =
            place.or_else(|| list_place(self.shapes, schema.as_ref()?, &about.collection.noun));
        let node = schema
            .as_ref()
            .zip(place.as_ref())
            .and_then(|(schema, place)| {
                items(self.shapes, &answer::below(self.shapes, schema, place)?)
            });
        let own: Vec<Value> = self
            .records
            .of(&about.key)
            .iter()
            .filter(|record| about.owns(record))
            .map(|record| {
                let value = Value::Object(record.value.clone());
                match &node {
                    Some(node) => {
                        let maker = Maker::new(self.shapes, self.seen, self.related);
                        let at = At::root(
                            &about.collection.noun,
                            self.seed.of(&about.key).of(&record.id),
                            false,
                        );
                        maker.value(node, Some(&value), &at)
                    }
                    None => value,
                }
            })
            .collect();
        let paging = answer.and_then(|answer| answer.paging.as_ref());
        let wanted = list::wanted(own, self.sent, self.in_path, paging);
        let address = |name: &str, position: &str| self.address(name, position);
        let mut page = list::page(
            wanted,
            about.collection.id.as_deref(),
            self.operation,
            self.sent,
            &address,
        );
        let next = page.next.take();
        let response = match schema {
            Some(schema) => {
                let mut put = self.usual(&schema, place.as_deref(), &page);
                put.extend(std::mem::take(&mut page.told));
                if let (Some(paging), Some((_, position))) = (paging, &next) {
                    self.next_as_declared(paging, &schema, position, &mut put);
                }
                match place {
                    Some(place) => {
                        put.insert(place, Value::Array(page.records));
                    }
                    None if self.shapes.of(&schema).is_anything() => {
                        put.insert(String::new(), Value::Array(page.records));
                    }
                    None => {}
                }
                self.json(declared, &schema, put, about.collection)
            }
            None => self.other(declared, &Value::Array(page.records)),
        };
        Ok(match next {
            // RFC 8288 §3: of use where nothing else leads to the next page.
            Some((name, position)) => response.with(
                "link",
                format!("<{}>; rel=\"next\"", self.address(&name, &position)),
            ),
            None => response,
        })
    }

    /// What an envelope says of a page beside what the IR knows: in the objects around the list, and beside what
    /// leads to other pages.
    fn usual(
        &self,
        schema: &Node<'a>,
        place: Option<&str>,
        page: &list::Page,
    ) -> HashMap<String, Value> {
        let mut put = HashMap::new();
        let around = place
            .and_then(|place| place.rsplit_once('/'))
            .map(|(around, _)| around.to_owned());
        let told = page
            .told
            .keys()
            .filter_map(|place| Some(place.rsplit_once('/')?.0.to_owned()));
        let mut objects: Vec<String> = around.into_iter().chain(told).collect();
        objects.sort_unstable();
        objects.dedup();
        for object in objects {
            let Some(node) = answer::below(self.shapes, schema, &object) else {
                continue;
            };
            for (name, inner) in &self.shapes.of(&node).properties {
                let known = super::collection::plain(name);
                let value = page
                    .usual
                    .iter()
                    .find(|(names, _)| names.contains(&known.as_str()));
                let types = self.shapes.of(inner).types;
                if let Some((_, value)) =
                    value.filter(|_| types.has(Types::INTEGER) || types.has(Types::NUMBER))
                {
                    put.insert(
                        format!("{object}/{}", super::make::escaped(name)),
                        Value::from(*value as u64),
                    );
                }
            }
        }
        put
    }

    /// The next page as a number, where its schema has room for nothing else.
    fn next_as_declared(
        &self,
        paging: &ir::Paging,
        schema: &Node<'a>,
        position: &str,
        put: &mut HashMap<String, Value>,
    ) {
        let node =
            answer::below(self.shapes, schema, &paging.next).filter(|_| !paging.next.is_empty());
        let types = node
            .map(|node| self.shapes.of(&node).types)
            .unwrap_or_default();
        if !types.is_any()
            && !types.has(Types::STRING)
            && let Ok(number) = position.parse::<u64>()
        {
            put.insert(paging.next.clone(), Value::from(number));
        }
    }

    /// The address of this request with another position.
    fn address(&self, name: &str, position: &str) -> String {
        let host = self.request.header("host").unwrap_or("localhost");
        let others = self.request.query.split('&').filter(|pair| {
            let own = super::wire::decoded(pair.split('=').next().unwrap_or_default());
            !pair.is_empty() && own != name
        });
        let mut query: Vec<String> = others.map(str::to_owned).collect();
        query.push(format!(
            "{}={position}",
            name.replace('[', "%5B").replace(']', "%5D")
        ));
        format!("http://{host}{}?{}", self.request.path, query.join("&"))
    }

    /// An answer about one record.
    fn one(
        &mut self,
        about: &About<'s>,
        declared: &Declared<'a>,
        record: &Record,
    ) -> Result<Response, Problem> {
        let value = Value::Object(record.value.clone());
        let Some(schema) = declared.json() else {
            return Ok(self.other(declared, &value));
        };
        let known: HashSet<String> = record.value.keys().cloned().collect();
        let mut put = HashMap::new();
        if self.shapes.of(&schema).is_anything() {
            put.insert(String::new(), value);
        } else if let Some(place) =
            record_place(self.shapes, &schema, &known, &about.collection.noun)
        {
            put.insert(place, value);
        }
        Ok(self.json(declared, &schema, put, about.collection))
    }

    /// What has one path and no record: settings, counts, files. What was written there is read there.
    fn single(&mut self, declared: &Declared<'a>) -> Result<Response, Problem> {
        let key = format!("{}#", self.concrete(&self.route.tokens));
        let is_read =
            |route: &Route| route.method == "GET" && route.template() == self.route.template();
        let is_kept = self.routes.iter().any(is_read);
        let writes = !matches!(self.route.method.as_str(), "GET" | "HEAD" | "QUERY");
        let mut known = self
            .records
            .find(&key, "")
            .map(|record| record.value.clone())
            .unwrap_or_default();
        if writes && is_kept {
            if self.route.method == "DELETE" {
                self.records.remove(&key, "");
                known = Map::new();
            } else if let Some(sent) = self.sent.members() {
                deed::merge(&mut known, sent, None, false);
                if self.records.find(&key, "").is_some() {
                    self.records.replace(&key, "", known.clone())?;
                } else {
                    self.records.add(
                        &key,
                        Record {
                            id: String::new(),
                            value: known.clone(),
                        },
                    )?;
                }
            }
        }
        let Some(schema) = declared.json() else {
            return Ok(self.other(declared, &Value::Object(known)));
        };
        let noun = super::route::noun(&self.route.template());
        let maker = Maker::new(self.shapes, self.seen, self.related);
        let at = At::root(&noun, self.seed.of(&key), true);
        let mut value = maker.value(&schema, None, &at);
        if let Value::Object(object) = &mut value {
            let names: HashSet<String> = known.keys().cloned().collect();
            // What was written comes in the place of what was made up; an envelope may be around it.
            let place = record_place(self.shapes, &schema, &names, &noun).unwrap_or_default();
            let full = value_at(object, &place);
            if let Some(full) = full {
                deed::merge(full, &known, None, false);
            }
            let maker = Maker::new(self.shapes, self.seen, self.related);
            value = maker.value(&schema, Some(&value.clone()), &at);
        }
        Ok(self.write(declared, &value))
    }

    /// JSON by a schema, with values that have their place in it.
    fn json(
        &self,
        declared: &Declared<'a>,
        schema: &Node<'a>,
        put: HashMap<String, Value>,
        collection: &Collection,
    ) -> Response {
        let maker = Maker::new(self.shapes, self.seen, self.related).putting(put);
        let at = At::root(&collection.noun, self.seed.of(self.path), false);
        let value = maker.value(schema, None, &at);
        self.write(declared, &value)
    }

    fn write(&self, declared: &Declared<'a>, value: &Value) -> Response {
        let media_type = declared.content.as_ref().map(|(name, _)| name.as_str());
        let media_type = media_type
            .filter(|name| !name.contains('*'))
            .unwrap_or("application/json");
        Response::of(declared.status, media_type, value.to_string())
    }

    /// An answer that is not JSON, or of which the document says nothing.
    fn other(&self, declared: &Declared<'a>, value: &Value) -> Response {
        let Some((media_type, node)) = &declared.content else {
            let has_something = value.as_array().map_or_else(
                || value.as_object().is_some_and(|object| !object.is_empty()),
                |_| true,
            );
            // Some documents write no answer down, and one comes all the same.
            let reads = matches!(self.route.method.as_str(), "GET" | "QUERY");
            if reads && declared.status == 200 && has_something {
                return Response::of(200, "application/json", value.to_string());
            }
            return Response::empty(declared.status);
        };
        if answer::is_json(media_type) && node.get("schema").is_none() {
            let name = if media_type.contains('*') {
                "application/json"
            } else {
                media_type
            };
            return Response::of(declared.status, name, value.to_string());
        }
        let title = format!(
            "{} {}",
            super::route::noun(&self.route.template()),
            self.path.rsplit('/').nth(1).unwrap_or_default()
        );
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        let rows: Vec<Value> = match value {
            Value::Array(items) => items.clone(),
            other => vec![other.clone()],
        };
        let lines = |rows: &[Value]| {
            rows.iter()
                .map(|row| format!("{row}\n"))
                .collect::<String>()
        };
        match (
            Family::of(media_type),
            crate::lower::media::sequence_of(media_type),
        ) {
            (_, Some("lines")) => Response::of(declared.status, essence, lines(&rows)),
            (_, Some(_)) => {
                // RFC 7464: each text between a record separator and a line feed.
                let text: String = rows.iter().map(|row| format!("\u{1e}{row}\n")).collect();
                Response::of(declared.status, essence, text)
            }
            (Family::Text, _) if essence.contains("csv") => {
                Response::of(declared.status, essence, files::csv(&rows))
            }
            (Family::Text, _) if essence.contains("yaml") => {
                let text = serde_yaml::to_string(value).unwrap_or_default();
                Response::of(declared.status, essence, text)
            }
            (Family::Xml, _) if essence != "image/svg+xml" => {
                let text = format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{0}/>\n",
                    super::route::noun(&self.route.template())
                );
                Response::of(declared.status, essence, text)
            }
            _ => {
                let (name, body) = files::file(media_type, title.trim());
                Response::of(declared.status, &name, body)
            }
        }
    }
}

impl About<'_> {
    /// Whether a record is one of the record above.
    fn owns(&self, record: &Record) -> bool {
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

/// The object at a place within an object.
fn value_at<'v>(
    object: &'v mut Map<String, Value>,
    place: &str,
) -> Option<&'v mut Map<String, Value>> {
    let mut object = object;
    for token in place.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        object = object.get_mut(&name)?.as_object_mut()?;
    }
    Some(object)
}
