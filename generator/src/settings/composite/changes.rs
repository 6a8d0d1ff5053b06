//! Composites that read a record, change a part of it and write it back.

use serde_json::{Map, Value, json};

use super::Made;
use super::maker::{Maker, first_step};
use super::reads::object;
use super::schemas::{There, answer, copied, id_schema, in_answer, items, properties, walk};
use crate::diagnostics::Code;
use crate::ir::{Append, Deed, Getter, Operation, Related, Relation, Updater};
use crate::settings::effect::place::{Spot, parts};
use crate::settings::tree::{Place, Tree};
use crate::text::pointer::escaped;

/// Ids of one call.
const MOST_IDS: usize = 100;
/// What stands between the old text and the new where nothing is said.
const SEPARATOR: &str = "\n\n";

impl<'a> Maker<'a> {
    /// `action`, `get`, `record`, `update`, `relations`, `from`, `columns`
    pub(super) fn relation(&mut self) -> Option<Made> {
        let (get, getter) = self.getter(self.tree.get("get")?, "")?;
        let update_tree = self.tree.get("update")?;
        let update = self.operation(update_tree)?;
        let mut relations = Vec::new();
        let mut columns = Map::new();
        for (name, member) in self.tree.get("relations")?.members()? {
            let related = self.related((get, &getter), update, name, &member.tree, &mut columns);
            relations.extend(related);
        }
        self.known_names(&relations);
        let to: Vec<&str> = relations.iter().map(|one| one.to.as_str()).collect();
        let updater = self.updater((get, &getter), (update, update_tree), &to)?;
        // Two lists that are both needed cannot be changed one at a time.
        let needed = relations.len() > 1;
        let needed = needed.then(|| {
            let mut names = super::maker::required(update);
            names.find(|name| to.iter().any(|to| first_step(to) == *name))
        });
        if let Some(name) = needed.flatten() {
            let message = format!("`{}` needs `{name}` in every call", update.tool);
            let help = "make a composite for that relation alone".to_owned();
            self.wrong(&update_tree.place, Code::E0941, message, help);
        }
        let add = self.text("action") == "add";
        let said = said(
            &getter,
            &updater,
            if add {
                "The other ids stay; adding what is there changes nothing."
            } else {
                "The other ids stay; removing what is not there changes nothing."
            },
        );
        let names: Vec<&str> = relations.iter().map(|one| one.name.as_str()).collect();
        let mut all = Map::new();
        all.insert("id".to_owned(), id_schema(get, &getter.id));
        all.insert(
            "relation".to_owned(),
            json!({"type": "string", "enum": names}),
        );
        let id = self.shared_id(update, &relations);
        let limits = |items: Value| json!({"type": "array", "minItems": 1, "maxItems": MOST_IDS, "items": items});
        // What is removed needs no further properties.
        let list = if columns.is_empty() || !add {
            all.insert("ids".to_owned(), limits(id));
            "ids"
        } else {
            let mut item = Map::new();
            item.insert("id".to_owned(), id);
            item.extend(columns);
            all.insert(
                "records".to_owned(),
                limits(object(Value::Object(item), &["id"])),
            );
            "records"
        };
        Some(Made {
            schema: object(Value::Object(all), &["id", "relation", list]),
            said,
            idempotent: true,
            deed: Deed::Relation(Relation {
                get: getter,
                update: updater,
                add,
                relations,
            }),
        })
    }

    /// One relation: where its ids are read, and how they are written.
    fn related(
        &mut self,
        (get, getter): (&Operation, &Getter),
        update: &Operation,
        name: &str,
        tree: &Tree,
        columns: &mut Map<String, Value>,
    ) -> Option<Related> {
        let spot = self.spot(update, tree.text()?, &tree.place)?;
        let root = &update.input_schema;
        let at = spot.schema.clone().unwrap_or_default();
        let Some(item) = items(root, &at) else {
            let message = format!("`{}` of `{}` is no list", spot.argument, update.tool);
            let help = "name the argument that holds the ids".to_owned();
            self.wrong(&tree.place, Code::E0942, message, help);
            return None;
        };
        let of_item = properties(root, &item);
        let to_key = if of_item.is_empty() {
            String::new()
        } else {
            match key_of(name, &of_item) {
                Some(key) => key,
                None => {
                    let message = format!(
                        "which property of `{}` is the id is not known",
                        spot.argument
                    );
                    let help =
                        "items need `id`, or one name that ends with `Id` or `_id`".to_owned();
                    self.wrong(&tree.place, Code::E0942, message, help);
                    return None;
                }
            }
        };
        let from = self.from((get, getter), name, &spot, &tree.place)?;
        let place = format!("{}{from}", getter.record);
        let held = held_item(get, &place);
        let from_key = match &held {
            Some(names) if names.contains(&to_key) && !to_key.is_empty() => to_key.clone(),
            _ => "id".to_owned(),
        };
        let wanted = self.tree.get("columns").and_then(|all| all.get(name));
        let mut kept = Vec::new();
        for column in wanted.map(Tree::items).unwrap_or_default() {
            let column_name = column.text()?;
            if !of_item.iter().any(|known| known == column_name) {
                let message = format!("items of `{}` have no `{column_name}`", spot.argument);
                let help = super::maker::suggestion(column_name, &of_item, "they have");
                self.wrong(&column.place, Code::E0942, message, help);
                continue;
            }
            if held
                .as_ref()
                .is_some_and(|names| !names.iter().any(|known| known == column_name))
            {
                let message = format!(
                    "answers of `{}` do not tell `{column_name}` at `{place}`, so that it would be lost",
                    get.tool
                );
                let help =
                    "leave the column out, or get the record with another operation".to_owned();
                self.wrong(&column.place, Code::E0942, message, help);
                continue;
            }
            if let There::Yes(at) = walk(root, item.clone(), &format!("/{}", escaped(column_name)))
            {
                let mut schema = copied(root, &at);
                if let Some(schema) = schema.as_object_mut() {
                    schema.insert(
                        "description".to_owned(),
                        json!(format!("For {name} only; what is there stays if absent.")),
                    );
                }
                columns.insert(column_name.to_owned(), schema);
            }
            kept.push(column_name.to_owned());
        }
        Some(Related {
            name: name.to_owned(),
            from,
            from_key,
            to: spot.place,
            to_key,
            columns: kept,
        })
    }

    /// Where the record has the ids: what settings say, or the property that is named like the argument or
    /// like the relation.
    fn from(
        &mut self,
        (get, getter): (&Operation, &Getter),
        name: &str,
        spot: &Spot,
        at: &Place,
    ) -> Option<String> {
        let set = self.tree.get("from").and_then(|from| from.get(name));
        if let Some(set) = set {
            let pointer = set.text()?;
            let there = in_answer(get, &format!("{}{pointer}", getter.record));
            self.told(get, there, pointer, &set.place);
            return Some(pointer.to_owned());
        }
        let argument = spot.place.rsplit('/').next().unwrap_or_default();
        let stem = ["_ids", "Ids", "_id", "Id"]
            .iter()
            .find_map(|end| argument.strip_suffix(end))
            .unwrap_or(argument);
        let names = [
            argument.to_owned(),
            many(stem),
            stem.to_owned(),
            many(name),
            name.to_owned(),
        ];
        let mut known = Vec::new();
        for candidate in &names {
            let pointer = format!("/{}", escaped(candidate));
            match in_answer(get, &format!("{}{pointer}", getter.record)) {
                There::Yes(_) => return Some(pointer),
                There::Unknown => return Some(format!("/{argument}")),
                There::No(names) => known = names,
            }
        }
        let message = format!("where answers of `{}` have `{name}` is not known", get.tool);
        let known = super::maker::suggestion(name, &known, "there are");
        let help = format!("say it: `from = {{ {name} = \"/…\" }}`; {known}");
        self.wrong(at, Code::E0942, message, help);
        None
    }

    /// `from` and `columns` name relations that there are.
    fn known_names(&mut self, relations: &[Related]) {
        for key in ["from", "columns"] {
            let members = self.tree.get(key).and_then(Tree::members);
            for (name, member) in members.into_iter().flatten() {
                let names = self.tree.get("relations").and_then(Tree::members);
                if names.is_none_or(|names| !names.contains_key(name)) {
                    let names: Vec<String> = relations.iter().map(|one| one.name.clone()).collect();
                    let message = format!("`{key}` names `{name}`, which is no relation here");
                    let help = super::maker::suggestion(name, &names, "there are");
                    self.wrong(&member.key, Code::E0942, message, help);
                }
            }
        }
    }

    /// The schema of an id of any of the relations.
    fn shared_id(&self, update: &Operation, relations: &[Related]) -> Value {
        let root = &update.input_schema;
        let of = |related: &Related| {
            let place = format!("/properties/{}", first_step(&related.to));
            let at = items(root, &place)?;
            let at = match related.to_key.as_str() {
                "" => at,
                key => match walk(root, at, &format!("/{}", escaped(key))) {
                    There::Yes(at) => at,
                    _ => return None,
                },
            };
            let mut schema = copied(root, &at);
            schema.as_object_mut()?.shift_remove("description");
            Some(schema)
        };
        let schemas: Vec<Option<Value>> = relations.iter().map(of).collect();
        match schemas.first() {
            Some(Some(first)) if first != &json!({}) => {
                if schemas.iter().flatten().all(|schema| schema == first) {
                    first.clone()
                } else {
                    json!({"type": "string"})
                }
            }
            _ => json!({"type": "string"}),
        }
    }

    /// `get`, `record`, `update`, `field`, `separator`
    pub(super) fn append(&mut self) -> Option<Made> {
        let (get, getter) = self.getter(self.tree.get("get")?, "")?;
        let update_tree = self.tree.get("update")?;
        let update = self.operation(update_tree)?;
        let field = self.tree.get("field")?;
        let from = field.text()?;
        let there = in_answer(get, &format!("{}{from}", getter.record));
        self.told(get, there, from, &field.place);
        let name = from.rsplit('/').next().unwrap_or_default();
        let spot = self.spot(update, name, &field.place)?;
        let is_text = spot.schema.as_ref().is_none_or(|at| {
            let types = parts(&update.input_schema, at);
            let types = types.iter().filter_map(|(part, _)| {
                let schema = update.input_schema.pointer(part)?;
                schema.get("type")?.as_str()
            });
            let types: Vec<&str> = types.collect();
            types.is_empty() || types.contains(&"string")
        });
        if !is_text {
            let message = format!("`{}` of `{}` is no text", spot.argument, update.tool);
            let help = "name a field that is a text".to_owned();
            self.wrong(&field.place, Code::E0942, message, help);
        }
        let updater = self.updater((get, &getter), (update, update_tree), &[&spot.place])?;
        let said = said(
            &getter,
            &updater,
            "A call that is repeated adds the text again.",
        );
        let text =
            json!({"type": "string", "minLength": 1, "description": "What is added at the end."});
        Some(Made {
            schema: object(
                json!({"id": id_schema(get, &getter.id), "text": text}),
                &["id", "text"],
            ),
            said,
            idempotent: false,
            deed: Deed::Append(Append {
                get: getter,
                update: updater,
                from: from.to_owned(),
                to: spot.place,
                separator: self
                    .tree
                    .get("separator")
                    .and_then(Tree::text)
                    .unwrap_or(SEPARATOR)
                    .to_owned(),
            }),
        })
    }
}

/// That it is two requests, and what protects a change in between.
fn said(getter: &Getter, updater: &Updater, more: &str) -> String {
    let guard = if updater.if_match.is_empty() {
        "not atomic: what others change in between may be lost"
    } else {
        "a change in between is refused where the service has an ETag"
    };
    format!(
        "{more} Two requests, {} and {}; {guard}.",
        getter.get, updater.update
    )
}

/// A noun for several.
fn many(noun: &str) -> String {
    let rest = noun.strip_suffix('y');
    let is_vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    match rest.filter(|rest| !rest.ends_with(is_vowel)) {
        Some(rest) => format!("{rest}ies"),
        None if noun.ends_with(['s', 'x']) || noun.ends_with("ch") => format!("{noun}es"),
        None => format!("{noun}s"),
    }
}

/// Which of an item's properties is the id.
fn key_of(relation: &str, names: &[String]) -> Option<String> {
    let is_named = |wanted: &str| names.iter().find(|name| *name == wanted);
    let own = [
        format!("{relation}Id"),
        format!("{relation}_id"),
        "id".to_owned(),
    ];
    if let Some(name) = own.iter().find_map(|name| is_named(name)) {
        return Some(name.clone());
    }
    let mut ids = names
        .iter()
        .filter(|name| name.ends_with("Id") || name.ends_with("_id"));
    match (ids.next(), ids.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    }
}

/// Names of the properties of a list's items in an answer, where the document says them.
fn held_item(get: &Operation, place: &str) -> Option<Vec<String>> {
    let (root, at) = answer(get)?;
    let There::Yes(at) = walk(root, at, place) else {
        return None;
    };
    let names = properties(root, &items(root, &at)?);
    (!names.is_empty()).then_some(names)
}
