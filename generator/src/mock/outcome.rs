//! What a request is answered with: a record, a page of a list, what has one path, or a file.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::answer::{self, Declared, items, list_place, record_place};
use super::collection::Collection;
use super::make::{At, Maker};
use super::message::Response;
use super::problem::Problem;
use super::route::Route;
use super::service::{About, Service};
use super::store::Record;
use super::{deed, files, list, xml};
use crate::ir;
use crate::lower::media::Family;
use crate::lower::schema::Types;
use crate::model::Node;
use crate::text::pointer::{escaped, unescaped};

impl<'s, 'a> Service<'s, 'a> {
    pub(super) fn list(
        &mut self,
        about: &About<'s>,
        declared: &Declared<'a>,
    ) -> Result<Response, Problem> {
        let schema = declared.schema();
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
                        format!("{object}/{}", escaped(name)),
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
    pub(super) fn one(
        &mut self,
        about: &About<'s>,
        declared: &Declared<'a>,
        record: &Record,
    ) -> Result<Response, Problem> {
        let value = Value::Object(record.value.clone());
        let Some(schema) = declared.schema() else {
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
    pub(super) fn single(&mut self, declared: &Declared<'a>) -> Result<Response, Problem> {
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
        let Some(schema) = declared.schema() else {
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
    pub(super) fn json(
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
        if let Some(media_type) = media_type.filter(|name| answer::is_xml(name)) {
            return self.xml(declared, media_type, value);
        }
        let media_type = media_type
            .filter(|name| !name.contains('*'))
            .unwrap_or("application/json");
        Response::of(declared.status, media_type, value.to_string())
    }

    fn xml(&self, declared: &Declared<'a>, media_type: &str, value: &Value) -> Response {
        let schema = declared.schema();
        let noun = super::route::noun(&self.route.template());
        let root = xml::root_for(self.shapes, schema.as_ref(), &noun, value);
        let media_type = if media_type.contains('*') {
            "application/xml"
        } else {
            media_type
        };
        match xml::document(&root, value) {
            Ok(document) => Response::of(declared.status, media_type, document),
            Err(error) => Response::of(500, "text/plain; charset=utf-8", format!("{error}\n")),
        }
    }

    /// An answer that is not JSON, or of which the document says nothing.
    pub(super) fn other(&self, declared: &Declared<'a>, value: &Value) -> Response {
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
            (Family::Xml, _) if answer::is_xml(essence) => self.xml(declared, essence, value),
            _ => {
                let (name, body) = files::file(media_type, title.trim());
                Response::of(declared.status, &name, body)
            }
        }
    }
}

/// The object at a place within an object.
fn value_at<'v>(
    object: &'v mut Map<String, Value>,
    place: &str,
) -> Option<&'v mut Map<String, Value>> {
    let mut object = object;
    for token in place.split('/').skip(1) {
        let name = unescaped(token);
        object = object.get_mut(&name)?.as_object_mut()?;
    }
    Some(object)
}
