//! The records view: eight tools over the records of an entity, as BottleCRM's own server had them.
//! They lead to the same tools as everything else, with the same checks.

mod call;
mod describe;
mod fields;
mod held;
mod instead;
mod page;

use serde_json::json;

use self::call::crud;
pub(super) use self::call::slot;
pub(super) use self::page::own_name;
use super::Catalog;
use super::own::{Deed, OwnTool, hints_of, schema};
use super::selection::Selection;
use crate::engine::Entry;
use crate::guard::with_token;
use crate::json::Value;
use crate::operation::Hints;
use crate::text::clean;

/// Records on a page, if nothing else is asked for, and at most.
pub(super) const PAGE: u64 = 20;
pub(super) const MOST_ON_PAGE: u64 = 50;
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
                input_schema: if takes_token(catalog, deed) {
                    with_token(schema(properties, required))
                } else {
                    schema(properties, required)
                },
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
    Hints {
        read_only: false,
        ..hints_of(behind(catalog, deed).map(Entry::hints))
    }
}

/// Whether one of the tools behind may be asked for a second call with a token.
fn takes_token(catalog: &Catalog, deed: Deed) -> bool {
    behind(catalog, deed).any(Entry::takes_token)
}

/// The tools that one of the view leads to.
fn behind(catalog: &Catalog, deed: Deed) -> impl Iterator<Item = &Entry> {
    let slots = catalog.entities().all().flat_map(move |entity| match deed {
        Deed::Action => entity.actions.iter().map(|(_, slot)| slot).collect(),
        deed => crud(entity, deed).into_iter().collect::<Vec<_>>(),
    });
    slots.filter_map(|slot| catalog.engine().entries().get(slot.tool))
}
