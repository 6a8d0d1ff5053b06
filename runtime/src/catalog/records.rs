//! The records view: eight tools over the records of an entity, as BottleCRM's own server had them.
//! They lead to the same tools as everything else, with the same checks.

use serde_json::json;

use super::Catalog;
use super::describe::fields;
use super::entities::{Entity, Slot, fold};
use super::lean::{answer, refuse, text};
use super::own::{Deed, OwnTool, hints_of, schema};
use super::selection::Selection;
use crate::engine::Entry;
use crate::json::scan::Defects;
use crate::json::{Object, Value};
use crate::operation::Hints;
use crate::result::ToolResult;
use crate::text::{cap, clean, nearest};

/// Records on a page, if nothing else is asked for, and at most.
const PAGE: u64 = 20;
const MOST_ON_PAGE: u64 = 50;
/// Entities that a schema lists; of more, the instructions and the descriptions tell.
const MOST_LISTED: usize = 25;

/// The tools of the view.
pub(super) fn tools(catalog: &Catalog, selection: &Selection) -> Vec<OwnTool> {
    let title = clean(catalog.engine().api().title);
    let prefix = catalog.prefix();
    let entity = entity_schema(catalog, selection);
    let id = json!({"type": ["string", "integer"], "description": "The record's id."});
    let within = json!({"type": "object", "description": "Ids of the records that it belongs to, for entities inside of others.", "additionalProperties": true});
    let object = |description: &str| json!({"type": "object", "description": description, "additionalProperties": true});
    let mut tools = Vec::new();
    let mut add =
        |name: String, title, description: String, deed, properties, required: &[&str]| {
            let hints = hints(catalog, deed);
            let tool = OwnTool {
                name,
                title,
                description,
                hints,
                input_schema: schema(properties, required),
                deed,
            };
            if tool.reads() || !selection.read_only {
                tools.push(tool);
            }
        };
    add(
        format!("{prefix}_search"),
        "Search records",
        format!("Search or list the records of an entity of {title}."),
        Deed::Search,
        json!({
            "entity": entity,
            "query": {"type": "string", "description": "Words to search for."},
            "filters": object(&format!("Further arguments; {prefix}_describe lists them.")),
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST_ON_PAGE, "default": PAGE},
            "offset": {"type": "integer", "minimum": 0, "description": "Records to skip."},
            "cursor": {"type": "string", "description": "From the page before, where there is one."},
            "within": within,
        }),
        &["entity"],
    );
    add(
        format!("{prefix}_get"),
        "Get a record",
        "Show one record.".to_owned(),
        Deed::Get,
        json!({"entity": entity, "id": id, "within": within}),
        &["entity"],
    );
    add(
        format!("{prefix}_create"),
        "Create a record",
        format!(
            "Create a record. Search before, so that there are not two; {prefix}_describe lists the fields."
        ),
        Deed::Create,
        json!({"entity": entity, "data": object("Its fields."), "within": within}),
        &["entity", "data"],
    );
    add(
        format!("{prefix}_update"),
        "Change a record",
        "Change fields of a record.".to_owned(),
        Deed::Update,
        json!({"entity": entity, "id": id, "data": object("The fields to change."), "within": within}),
        &["entity", "data"],
    );
    add(
        format!("{prefix}_delete"),
        "Delete a record",
        "Delete a record. Ask the person first.".to_owned(),
        Deed::Delete,
        json!({"entity": entity, "id": id, "within": within}),
        &["entity"],
    );
    add(
        format!("{prefix}_action"),
        "Act on a record",
        "Do something with a record that is more than changing its fields; list_actions lists what. Ask the person before anything is sent or cannot be undone.".to_owned(),
        Deed::Action,
        json!({"entity": entity, "id": id, "action": {"type": "string"}, "params": object("Arguments of the action."), "within": within}),
        &["entity", "action"],
    );
    add(
        format!("{prefix}_describe"),
        "Describe an entity",
        "Show the fields of an entity, with types and valid values, and what can be done with it. Without an entity: all entities.".to_owned(),
        Deed::DescribeEntity,
        json!({"entity": entity}),
        &[],
    );
    add(
        "list_actions".to_owned(),
        "List actions",
        "List the actions of an entity, or of all.".to_owned(),
        Deed::ListActions,
        json!({"entity": entity}),
        &[],
    );
    tools
}

fn entity_schema(catalog: &Catalog, selection: &Selection) -> Value {
    let names: Vec<&str> = catalog
        .entities()
        .of(&selection.tools)
        .map(|entity| entity.name.as_str())
        .collect();
    if names.len() <= MOST_LISTED {
        json!({"type": "string", "description": format!("One of: {}.", names.join(", "))})
    } else {
        json!({"type": "string", "description": "Name of the entity."})
    }
}

/// What is true of all tools that one of the view leads to, those that it hides too.
fn hints(catalog: &Catalog, deed: Deed) -> Hints {
    if matches!(
        deed,
        Deed::Search | Deed::Get | Deed::DescribeEntity | Deed::ListActions
    ) {
        return Hints::READ;
    }
    let slots = catalog.entities().all().flat_map(|entity| match deed {
        Deed::Action => entity.actions.iter().map(|(_, slot)| slot).collect(),
        deed => crud(entity, deed).into_iter().collect::<Vec<_>>(),
    });
    let entries = slots.filter_map(|slot| catalog.engine().entries().get(slot.tool));
    Hints {
        read_only: false,
        ..hints_of(entries.map(Entry::hints))
    }
}

fn crud(entity: &Entity, deed: Deed) -> Option<&Slot> {
    match deed {
        Deed::Search => entity.search.as_ref(),
        // Some records are the only ones of their kind, and have no id.
        Deed::Get => entity.get.as_ref().or(entity.search.as_ref()),
        Deed::Create => entity.create.as_ref(),
        Deed::Update => entity.update.as_ref(),
        Deed::Delete => entity.delete.as_ref(),
        _ => None,
    }
}

impl Catalog {
    pub(super) async fn on_record(
        &self,
        selection: &Selection,
        deed: Deed,
        given: Object,
    ) -> ToolResult {
        let (entry, arguments) = match self.record_call(selection, deed, given) {
            Ok(call) => call,
            Err(message) => return refuse(&message),
        };
        self.run(selection, entry, arguments, &Defects::default())
            .await
    }

    /// The tool behind a call, and its arguments.
    fn record_call(
        &self,
        selection: &Selection,
        deed: Deed,
        mut given: Object,
    ) -> Result<(&Entry, Object), String> {
        let entity = self
            .entities()
            .find(text(&given, "entity"), &selection.tools)?;
        let slot = if deed == Deed::Action {
            action(entity, text(&given, "action"))?
        } else {
            crud(entity, deed).ok_or_else(|| unable(entity, deed))?
        };
        let entry = self.engine().entries().get(slot.tool);
        let entry = entry.ok_or_else(|| unable(entity, deed))?;
        let mut arguments = Object::new();
        for part in ["filters", "data", "params", "within"] {
            if let Some(Value::Object(object)) = given.remove(part) {
                for (name, value) in object {
                    put(&mut arguments, &name, value)?;
                }
            }
        }
        match (&slot.id, given.remove("id")) {
            (Some(name), Some(id)) => put(&mut arguments, name, as_id(entry, name, id))?,
            // An action on the collection; or a record that is the only one of its kind.
            (None, Some(id)) => {
                return Err(format!(
                    "{} does this without an id, but the id {} was given; leave it out, or see what {}_describe lists.",
                    entity.name,
                    cap(&id.to_string(), 60),
                    self.prefix()
                ));
            }
            (Some(name), None) if !arguments.contains_key(name) => {
                return Err(format!(
                    "`id` is missing: which of {} is meant?",
                    entity.name
                ));
            }
            _ => {}
        }
        if let Some(missing) = slot
            .within
            .iter()
            .find(|name| !arguments.contains_key(*name))
        {
            return Err(format!(
                "{} belong to other records: give {{\"within\": {{\"{missing}\": …}}}}.",
                entity.name
            ));
        }
        if deed == Deed::Search {
            page(entry, &given, &mut arguments)?;
        }
        Ok((entry, arguments))
    }
}

/// An id as the tool takes it: the view does not know which entities have numbers and which have texts.
fn as_id(entry: &Entry, name: &str, id: Value) -> Value {
    let input = entry.listed().0;
    let kind = input
        .get("properties")
        .and_then(|properties| properties.get(name)?.get("type")?.as_str());
    match &id {
        Value::Number(number) if kind == Some("string") => number.to_string().into(),
        _ => id,
    }
}

/// Puts an argument where none of its name is; the same twice is fine, two different ones are not.
fn put(arguments: &mut Object, name: &str, value: Value) -> Result<(), String> {
    if let Some(before) = arguments.insert(name.to_owned(), value.clone())
        && before != value
    {
        return Err(format!(
            "`{}` is given twice, as {} and as {}; give it once.",
            cap(&clean(name), 60),
            cap(&before.to_string(), 60),
            cap(&value.to_string(), 60)
        ));
    }
    Ok(())
}

/// Names under which APIs take these, folded to lower case without `_`.
const QUERY: &[&str] = &[
    "q",
    "query",
    "search",
    "searchterm",
    "searchquery",
    "keyword",
    "keywords",
    "term",
    "text",
];
const LIMIT: &[&str] = &[
    "limit",
    "perpage",
    "pagesize",
    "size",
    "count",
    "maxresults",
    "first",
    "top",
];
const OFFSET: &[&str] = &["offset", "skip", "start", "startat"];
const PAGES: &[&str] = &["page", "pagenumber", "pageno"];
const CURSOR: &[&str] = &[
    "cursor",
    "pagetoken",
    "nexttoken",
    "startcursor",
    "after",
    "startingafter",
    "continuation",
];

/// Brings the search words and the page into the arguments that the tool has for them.
fn page(entry: &Entry, given: &Object, arguments: &mut Object) -> Result<(), String> {
    let input = entry.listed().0;
    let properties = input.get("properties").and_then(Value::as_object);
    let named = |names: &[&str]| {
        let folds = |name: &&String| name.replace(['_', '-'], "").to_lowercase();
        let keys = || properties.into_iter().flat_map(Object::keys);
        names
            .iter()
            .find_map(|name| keys().find(|key| folds(key) == *name))
            .cloned()
    };
    let tool = entry.name();
    if let Some(query) = given.get("query") {
        let Some(name) = named(QUERY) else {
            let others: Vec<&str> = properties
                .into_iter()
                .flat_map(Object::keys)
                .map(String::as_str)
                .collect();
            return Err(format!(
                "{tool} cannot search for words; filter instead, by: {}.",
                if others.is_empty() {
                    "nothing".to_owned()
                } else {
                    others.join(", ")
                }
            ));
        };
        put(arguments, &name, query.clone())?;
    }
    let asked = given.get("limit").and_then(Value::as_u64);
    let mut limit = asked.unwrap_or(PAGE);
    if let Some(name) = named(LIMIT) {
        let most = properties
            .and_then(|properties| properties.get(&name)?.get("maximum")?.as_u64())
            .unwrap_or(MOST_ON_PAGE);
        limit = limit.min(most);
        if asked.is_some() || !arguments.contains_key(&name) {
            put(arguments, &name, limit.into())?;
        }
    }
    if let Some(cursor) = given.get("cursor") {
        let name = named(CURSOR).ok_or_else(|| {
            format!("{tool} has no cursor; use `offset`, or what its answer says of the next page.")
        })?;
        put(arguments, &name, cursor.clone())?;
    }
    let offset = given.get("offset").and_then(Value::as_u64).unwrap_or(0);
    if offset == 0 {
        return Ok(());
    }
    if let Some(name) = named(OFFSET) {
        return put(arguments, &name, offset.into());
    }
    let Some(name) = named(PAGES) else {
        return Err(format!(
            "{tool} cannot skip records; narrow the search with filters."
        ));
    };
    match offset.checked_rem(limit) {
        Some(0) => put(arguments, &name, (offset / limit + 1).into()),
        _ => Err(format!(
            "`offset` {offset} is no multiple of `limit` {limit}, and {tool} has whole pages only."
        )),
    }
}

fn action<'a>(entity: &'a Entity, name: &str) -> Result<&'a Slot, String> {
    let folded = fold(name);
    let known = entity.actions.iter();
    let found = known.clone().find(|(known, _)| *known == folded);
    found.map(|(_, slot)| slot).ok_or_else(|| {
        let names: Vec<&str> = known.map(|(name, _)| name.as_str()).collect();
        if names.is_empty() {
            return format!("{} has no actions.", entity.name);
        }
        let hint = nearest(&folded, names.iter().copied())
            .map_or_else(String::new, |name| format!("; did you mean {name}?"));
        format!(
            "{} has no action `{}`{hint} (actions: {})",
            entity.name,
            cap(&clean(name), 60),
            names.join(", ")
        )
    })
}

fn unable(entity: &Entity, deed: Deed) -> String {
    let what = match deed {
        Deed::Search => "searched",
        Deed::Get => "shown one by one",
        Deed::Create => "created",
        Deed::Update => "changed",
        _ => "deleted",
    };
    let can: Vec<&str> = entity.slots().map(|(name, _)| name).collect();
    format!(
        "{} cannot be {what} through this API; what there is: {}.",
        entity.name,
        can.join(", ")
    )
}

impl Catalog {
    pub(super) fn describe_entity(&self, selection: &Selection, given: &Object) -> ToolResult {
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

    pub(super) fn list_actions(&self, selection: &Selection, given: &Object) -> ToolResult {
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
