//! Composites that only read.

use serde_json::{Map, Value, json};

use super::Made;
use super::maker::{Maker, companions, first_step, place_of, required, size_place};
use super::schemas::{form, id_schema, in_answer};
use crate::diagnostics::Code;
use crate::ir::{Deed, Lookup, Operation, Paging, PagingStyle, Source};
use crate::settings::effect::place::find;
use crate::settings::tree::Tree;
use crate::text;

/// Records of each list where nothing is said.
const EACH: u32 = 5;
/// Ids of one call where nothing is said, and the most that can be said.
const IDS: u32 = 20;
const MOST_IDS: u32 = 100;
/// Longest schema of an argument, in bytes, that a count repeats of its list.
const DEAREST: usize = 400;
/// Records among which a name is looked for.
const LOOKED_AT: u32 = 25;

impl<'a> Maker<'a> {
    /// `over`, `argument`, `limit_each`
    pub(super) fn fanout(&mut self) -> Option<Made> {
        let words = self.tree.get("argument")?;
        let set = self.tree.get("limit_each");
        let each = self.whole("limit_each").unwrap_or(EACH);
        let mut sources = Vec::new();
        for list in self.tree.get("over")?.items() {
            let size = match set {
                Some(set) => Some((each, &set.place)),
                None => self.usual(list, each).map(|size| (size, &list.place)),
            };
            let Some((operation, source)) = self.source(list, Some(words), size) else {
                continue;
            };
            self.enough(operation, &[&source.words], &list.place);
            sources.push(source);
        }
        let tools: Vec<&str> = sources.iter().map(|source| source.list.as_str()).collect();
        let said = format!(
            "Asks {} at once, for at most {each} records each; a list that fails hides no other.",
            tools.join(", ")
        );
        let query = json!({"type": "string", "minLength": 1, "description": "Words to look for."});
        Some(Made {
            schema: object(json!({"query": query}), &["query"]),
            said,
            idempotent: true,
            deed: Deed::Fanout(sources),
        })
    }

    /// A number of records that nobody has set, where the list takes it.
    fn usual(&mut self, list: &Tree, each: u32) -> Option<u32> {
        let before = (self.called.len(), self.findings.len());
        let operation = self.operation(list);
        // It is looked at once more, and then what is wrong is said.
        self.called.truncate(before.0);
        self.findings.truncate(before.1);
        let operation = operation?;
        let place = size_place(operation)?;
        let spot = find(operation, &place.trim_start_matches('/').replace('/', ".")).ok()?;
        let schema = operation.input_schema.pointer(spot.schema.as_deref()?)?;
        smallest(schema, each)
    }

    /// `list`, `total`, `minimal`
    pub(super) fn count(&mut self) -> Option<Made> {
        let list = self.tree.get("list")?;
        let Some(members) = list.members() else {
            let (operation, source, total) = self.counted(list, self.tree.get("total"))?;
            let schema = filters(operation, &source);
            let said = format!(
                "Reads the total of {} and takes its filters; no records come.",
                operation.tool
            );
            return Some(Made {
                schema,
                said,
                idempotent: true,
                deed: Deed::Count(vec![(String::new(), source, total)]),
            });
        };
        let mut lists = Vec::new();
        for (name, member) in members {
            let total = self.tree.get("total");
            let own = match total {
                Some(total) if total.members().is_some() => total.get(name),
                total => total,
            };
            let Some((operation, source, total)) = self.counted(&member.tree, own) else {
                continue;
            };
            let set: Vec<&str> = source.set.iter().map(|(place, _)| place.as_str()).collect();
            self.enough(operation, &set, &member.tree.place);
            lists.push((name.clone(), source, total));
        }
        let names: Vec<&str> = lists.iter().map(|(name, ..)| name.as_str()).collect();
        let tools: Vec<&str> = lists.iter().map(|(_, s, _)| s.list.as_str()).collect();
        let properties = json!({
            "entity": {"type": "string", "enum": names},
            "filters": {
                "type": "object",
                "description": "Arguments of the list of the entity; all are counted without.",
            },
        });
        let said = format!("Reads the totals of {}; no records come.", tools.join(", "));
        Some(Made {
            schema: object(properties, &["entity"]),
            said,
            idempotent: true,
            deed: Deed::Count(lists),
        })
    }

    /// A list, how it is asked for its smallest page, and where the number is.
    fn counted(
        &mut self,
        list: &Tree,
        total: Option<&Tree>,
    ) -> Option<(&'a Operation, Source, String)> {
        let (operation, mut source) = self.source(list, None, None)?;
        let paging = operation.answer.as_ref().and_then(|a| a.paging.as_ref());
        let is_told = total.is_some() || paging.is_some_and(|paging| !paging.total.is_empty());
        match self.tree.get("minimal").and_then(Tree::members) {
            Some(minimal) => {
                for (name, member) in minimal {
                    let spot = self.spot(operation, name, &member.key)?;
                    source.set.push((spot.place, member.tree.value()));
                }
            }
            None => {
                if let Some(place) = size_place(operation) {
                    let spot = find(operation, &place.trim_start_matches('/').replace('/', "."));
                    let schema = spot.ok().and_then(|spot| spot.schema);
                    let schema = schema.and_then(|at| operation.input_schema.pointer(&at));
                    // Records that have to be counted come in pages as large as they can be.
                    let size = match is_told {
                        true => schema.and_then(|schema| smallest(schema, 1)),
                        false => schema.and_then(|schema| largest(schema, paging)),
                    };
                    source.set.extend(companions(operation, &place));
                    source.set.extend(size.map(|size| (place, json!(size))));
                }
            }
        }
        // Some services tell the total only where a page is asked for.
        if let Some(paging) =
            paging.filter(|paging| paging.style == PagingStyle::Page && !paging.position.is_empty())
            // What stands beside a size within an object has been added with it.
            && !paging.position.starts_with('/')
        {
            let place = place_of(&paging.position);
            let is_set = source.set.iter().any(|(known, _)| *known == place);
            if !is_set && find(operation, &paging.position).is_ok() {
                source.set.push((place, json!(paging.first)));
            }
        }
        let known = paging.map(|paging| paging.total.clone());
        let pointer = match total {
            Some(total) => {
                let pointer = total.text()?;
                let there = in_answer(operation, pointer);
                self.told(operation, there, pointer, &total.place);
                pointer.to_owned()
            }
            None => known.unwrap_or_default(),
        };
        // Records can be counted where it is known where they stand and how one gets to the next of them.
        let is_countable = operation.answer.as_ref().is_some_and(|answer| {
            answer.list
                && answer
                    .paging
                    .as_ref()
                    .is_some_and(|paging| !paging.position.is_empty() || !paging.next.is_empty())
        });
        if pointer.is_empty() && !is_countable {
            let message = format!("where `{}` tells the total is not known", operation.tool);
            let help = "say it: `total = \"/meta/total\"`".to_owned();
            self.wrong(&list.place, Code::E0940, message, help);
            return None;
        }
        Some((operation, source, pointer))
    }

    /// `get`, `max`
    pub(super) fn multi_get(&mut self) -> Option<Made> {
        let max = self.whole("max").unwrap_or(IDS);
        if let Some(set) = self.tree.get("max").filter(|_| max == 0 || max > MOST_IDS) {
            let message = format!("{max} records cannot be asked for in one call");
            let help = format!("1 to {MOST_IDS}");
            self.wrong(&set.place, Code::E0940, message, help);
        }
        let get = self.tree.get("get")?;
        let limits = |items: Value, about: &str| json!({"type": "array", "minItems": 1, "maxItems": max, "items": items, "description": about});
        let said = |tools: &[&str]| {
            format!(
                "Calls {}, for at most {max} ids; an id that fails stops no other.",
                tools.join(", ")
            )
        };
        let Some(members) = get.members() else {
            let (operation, getter) = self.getter(get, "")?;
            let ids = limits(id_schema(operation, &getter.id), "Ids of the records.");
            return Some(Made {
                schema: object(json!({"ids": ids}), &["ids"]),
                said: said(&[&getter.get]),
                idempotent: true,
                deed: Deed::MultiGet(vec![getter]),
            });
        };
        let mut gets = Vec::new();
        let mut ids: Vec<Value> = Vec::new();
        for (name, member) in members {
            if let Some((operation, getter)) = self.getter(&member.tree, name) {
                ids.push(id_schema(operation, &getter.id));
                gets.push(getter);
            }
        }
        // Where ids differ, each list checks its own.
        let first = ids.first()?;
        let id = if ids.iter().all(|id| id == first) {
            first.clone()
        } else {
            json!({"type": "string"})
        };
        let kinds: Vec<&str> = gets.iter().map(|getter| getter.name.as_str()).collect();
        let item = object(
            json!({"kind": {"type": "string", "enum": kinds}, "id": id}),
            &["kind", "id"],
        );
        let records = limits(item, "Kind and id of each record.");
        let tools: Vec<&str> = gets.iter().map(|getter| getter.get.as_str()).collect();
        Some(Made {
            schema: object(json!({"records": records}), &["records"]),
            said: said(&tools),
            idempotent: true,
            deed: Deed::MultiGet(gets),
        })
    }

    /// `list`, `argument`, `match`, `id`, `get`
    pub(super) fn lookup(&mut self) -> Option<Made> {
        let list = self.tree.get("list")?;
        let words = self.tree.get("argument")?;
        let size = self.usual(list, LOOKED_AT).map(|size| (size, &list.place));
        let (operation, source) = self.source(list, Some(words), size)?;
        self.enough(operation, &[&source.words], &list.place);
        for key in ["match", "id"] {
            let pointer = self.tree.get(key)?;
            self.in_records(operation, pointer.text()?, &pointer.place);
        }
        let get = match self.tree.get("get") {
            Some(get) => Some(self.getter(get, "")?),
            None => None,
        };
        let id = get
            .as_ref()
            .map(|(operation, getter)| form(&id_schema(operation, &getter.id)));
        let mut said = format!(
            "Looks in {}: the exact name first, then the only one that begins with the words or has them.",
            source.list
        );
        if let Some((_, getter)) = &get {
            said.push_str(&format!(" The record comes from {}.", getter.get));
        }
        let about = "Name, part of it, or id.";
        let name = json!({"type": "string", "minLength": 1, "description": about});
        Some(Made {
            schema: object(json!({"name": name}), &["name"]),
            said,
            idempotent: true,
            deed: Deed::Lookup(Lookup {
                source,
                matched: self.text("match").to_owned(),
                id: self.text("id").to_owned(),
                get: get.map(|(_, getter)| getter),
                form: id.unwrap_or(crate::ir::IdForm::Text),
            }),
        })
    }
}

/// The arguments of a list without those that ask for pages.
fn filters(operation: &Operation, source: &Source) -> Value {
    let mut schema = operation.input_schema.clone();
    let mut gone: Vec<String> = source
        .set
        .iter()
        .map(|(place, _)| first_step(place))
        .collect();
    if let Some(paging) = operation.answer.as_ref().and_then(|a| a.paging.as_ref()) {
        gone.push(first_step(&place_of(&paging.position)));
        let size = paging.size.as_ref();
        gone.extend(size.map(|size| first_step(&place_of(&size.argument))));
    }
    let needed: Vec<&str> = required(operation).collect();
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|name, _| {
            let is_needed = needed.contains(&name.as_str());
            !gone.contains(name) && (is_needed || !is_shape(name))
        });
        for schema in properties.values_mut() {
            if schema.to_string().len() > DEAREST {
                *schema = referred(schema, &operation.tool);
            }
        }
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| {
            let name = name.as_str().unwrap_or_default();
            !gone.iter().any(|gone| gone == name)
        });
    }
    if let Some(object) = schema.as_object_mut() {
        let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
        if object.get("required").is_some_and(is_empty) {
            object.shift_remove("required");
        }
        let properties = object.get("properties").map(Value::to_string);
        if !properties.is_some_and(|all| all.contains("\"#/$defs/")) {
            object.shift_remove("$defs");
        }
    }
    schema
}

/// A schema in a few words: the tool of the list tells it all, and its own check is made with every call.
fn referred(schema: &Value, list: &str) -> Value {
    let kind = |schema: &Value| -> Option<Value> {
        let forms = schema.get("anyOf").or_else(|| schema.get("oneOf"));
        let first = forms.and_then(Value::as_array).and_then(|all| all.first());
        let named = schema.get("type").or_else(|| first?.get("type"));
        named.cloned()
    };
    let mut short = Map::new();
    short.extend(kind(schema).map(|kind| ("type".to_owned(), kind)));
    if let Some(items) = schema.get("items") {
        let kind = kind(items).map(|kind| ("type".to_owned(), kind));
        let items: Map<String, Value> = kind.into_iter().collect();
        short.insert("items".to_owned(), Value::Object(items));
    }
    let said = schema.get("description").and_then(Value::as_str);
    let said = text::first_sentence(said.unwrap_or_default(), 120);
    let said = match said.trim_end_matches('.') {
        "" => format!("As in {list}."),
        said => format!("{said}. As in {list}."),
    };
    short.insert("description".to_owned(), Value::from(said));
    if let Some(examples) = schema.get("examples") {
        short.insert("examples".to_owned(), examples.clone());
    }
    Value::Object(short)
}

/// Whether an argument says in which order or form records come, which is nothing to a number of them.
fn is_shape(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let exact = ["fields", "include", "expand", "format", "columns"];
    exact.contains(&name.as_str()) || name.starts_with("sort") || name.starts_with("order")
}

/// The number nearest above a wish, or the largest, that a schema takes.
fn smallest(schema: &Value, wanted: u32) -> Option<u32> {
    let wanted = u64::from(wanted);
    let number = match schema.get("enum").and_then(Value::as_array) {
        Some(values) => {
            let numbers = || values.iter().filter_map(Value::as_u64);
            numbers()
                .filter(|n| *n >= wanted)
                .min()
                .or(numbers().max())?
        }
        None => {
            let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
            let least = bound("minimum").unwrap_or_default();
            wanted.max(least).min(bound("maximum").unwrap_or(u64::MAX))
        }
    };
    u32::try_from(number).ok()
}

/// The largest page that a schema takes, or that is known to come.
fn largest(schema: &Value, paging: Option<&Paging>) -> Option<u32> {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let most = values.iter().filter_map(Value::as_u64).max()?;
        return u32::try_from(most).ok();
    }
    let size = paging?.size.as_ref()?;
    Some(size.max.max(size.usual)).filter(|most| *most > 0)
}

/// A closed object schema.
pub(super) fn object(properties: Value, required: &[&str]) -> Value {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), properties);
    schema.insert("required".to_owned(), json!(required));
    schema.insert("additionalProperties".to_owned(), json!(false));
    Value::Object(schema)
}
