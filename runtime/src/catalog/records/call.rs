//! A call of a tool over records, as a call of the tool behind it.

use super::instead::{nearest_action, unable};
use super::page::page;
use crate::catalog::Catalog;
use crate::catalog::entities::{Entity, Slot, fold};
use crate::catalog::lean::{refuse, text};
use crate::catalog::own::{Deed, lowered};
use crate::catalog::selection::Selection;
use crate::engine::Entry;
use crate::guard::{Caller, WORDS};
use crate::json::scan::Defects;
use crate::json::{Object, Value};
use crate::result::ToolResult;
use crate::text::{cap, clean};

/// The tool that does it to records of an entity.
pub(super) fn crud(entity: &Entity, deed: Deed) -> Option<&Slot> {
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

/// The tool that does it, and the same for an action by its name.
///
/// # Errors
/// What there is instead.
pub(in crate::catalog) fn slot<'e>(
    entity: &'e Entity,
    deed: Deed,
    named: &str,
    prefix: &str,
) -> Result<&'e Slot, String> {
    match deed {
        Deed::Action => action(entity, named),
        deed => crud(entity, deed).ok_or_else(|| unable(entity, deed, prefix)),
    }
}

impl Catalog {
    pub(in crate::catalog) async fn on_record(
        &self,
        selection: &Selection,
        deed: Deed,
        given: Object,
        asked: Option<u64>,
        caller: &Caller,
    ) -> ToolResult {
        let asked = asked.or_else(|| given.get("limit").and_then(Value::as_u64));
        let (entry, arguments, sent) = match self.record_call(selection, deed, given) {
            Ok(call) => call,
            Err(message) => return refuse(&message),
        };
        let result = self
            .run(selection, entry, arguments, &Defects::unknown(), caller)
            .await;
        match (asked, sent) {
            (Some(asked), Some(sent)) if sent < asked => result.noted(&lowered(asked, sent)),
            _ => result,
        }
    }

    /// The tool behind a call, its arguments, and how many records are asked for.
    fn record_call(
        &self,
        selection: &Selection,
        deed: Deed,
        mut given: Object,
    ) -> Result<(&Entry, Object, Option<u64>), String> {
        let entity = self
            .entities()
            .find(text(&given, "entity"), &selection.tools)?;
        let slot = slot(entity, deed, text(&given, "action"), self.prefix())?;
        let entry = self.engine().entries().get(slot.tool);
        let entry = entry.ok_or_else(|| unable(entity, deed, self.prefix()))?;
        let mut arguments = Object::new();
        for part in ["filters", "data", "params", "within"] {
            if let Some(Value::Object(object)) = given.remove(part) {
                for (name, value) in object {
                    put(&mut arguments, &name, value)?;
                }
            }
        }
        for name in WORDS {
            if let Some(word) = given.remove(name) {
                put(&mut arguments, name, word)?;
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
            return Err(match deed {
                // It may be any record that the action is about, not the one that holds this.
                Deed::Action => format!(
                    "`{missing}` is missing, which {} needs: give {{\"params\": {{\"{missing}\": …}}}}.",
                    cap(&clean(text(&given, "action")), 60)
                ),
                _ => format!(
                    "`{missing}` is missing: {} are those of another record; give {{\"within\": {{\"{missing}\": …}}}}.",
                    entity.name
                ),
            });
        }
        let sent = match deed {
            Deed::Search => page(entry, &given, &mut arguments)?,
            _ => None,
        };
        Ok((entry, arguments, sent))
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
pub(super) fn put(arguments: &mut Object, name: &str, value: Value) -> Result<(), String> {
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

fn action<'a>(entity: &'a Entity, name: &str) -> Result<&'a Slot, String> {
    let folded = fold(name);
    let known = entity.actions.iter();
    let found = known.clone().find(|(known, _)| *known == folded);
    found.map(|(_, slot)| slot).ok_or_else(|| {
        let names: Vec<&str> = known.map(|(name, _)| name.as_str()).collect();
        if names.is_empty() {
            return format!("{} has no actions.", entity.name);
        }
        let hint = nearest_action(entity, &folded)
            .map_or_else(String::new, |names| format!("; did you mean {names}?"));
        format!(
            "{} has no action `{}`{hint} (actions: {})",
            entity.name,
            cap(&clean(name), 60),
            names.join(", ")
        )
    })
}
