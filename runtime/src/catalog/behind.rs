//! The tool behind a call of a view's own tool. What results print to be copied (`next: page=3`, `fields=[…]`, an
//! accepted call) is in the words of that tool, so the view takes its arguments beside its own, and shows calls as
//! they are made here.

use crate::json::place::unescaped;
use serde_json::json;

use super::Catalog;
use super::entities::{Entity, Slot};
use super::lean::text;
use super::own::{Deed, OwnTool};
use super::records::{own_name, slot};
use super::selection::Selection;
use crate::arguments;
use crate::engine::Entry;
use crate::json::{Object, Value};

/// Longest call that an answer shows, in bytes.
const LONGEST: usize = 400;

/// What a call leads to.
pub(super) struct Behind<'c> {
    entry: &'c Entry,
    deed: Deed,
    record: Option<Record<'c>>,
}

/// Which records a call of the records view is about.
struct Record<'c> {
    entity: &'c Entity,
    slot: &'c Slot,
    /// The action's name, as it was given.
    action: String,
}

impl Catalog {
    /// The tool that a call leads to, as far as the call says which.
    pub(super) fn behind(
        &self,
        selection: &Selection,
        tool: &OwnTool,
        given: &Object,
    ) -> Option<Behind<'_>> {
        let deed = tool.deed;
        if !deed.leads_to_a_tool() {
            return None;
        }
        if let Deed::Run(_) = deed {
            let entry = self.engine().find(text(given, "name"))?;
            let record = None;
            return Some(Behind {
                entry,
                deed,
                record,
            });
        }
        let entities = self.entities();
        let entity = entities
            .find(text(given, "entity"), &selection.tools)
            .ok()?;
        let action = text(given, "action").to_owned();
        let slot = slot(entity, deed, &action, self.prefix()).ok()?;
        Some(Behind {
            entry: self.engine().entries().get(slot.tool)?,
            deed,
            record: Some(Record {
                entity,
                slot,
                action,
            }),
        })
    }
}

impl Behind<'_> {
    /// The argument of the view's tool that holds those of the tool behind.
    const fn part(&self) -> &'static str {
        match self.deed {
            Deed::Run(_) => "arguments",
            Deed::Search => "filters",
            Deed::Create | Deed::Update => "data",
            _ => "params",
        }
    }

    /// Moves arguments of the tool behind that were given beside those of the view to where they belong; whether
    /// there were any.
    pub(super) fn take_in(&self, tool: &OwnTool, given: &mut Object) -> bool {
        let own = tool.input_schema.get("properties");
        let is_own = |name: &str| own.is_some_and(|own| own.get(name).is_some());
        let mut part = match given.get(self.part()) {
            None => Object::new(),
            Some(Value::Object(part)) => part.clone(),
            // A text that is JSON is read later.
            Some(_) => return false,
        };
        let strays: Vec<String> = given
            .iter()
            .filter(|(name, value)| {
                !is_own(name)
                    && self.entry.takes(name)
                    && part.get(*name).is_none_or(|there| there == *value)
            })
            .map(|(name, _)| name.clone())
            .collect();
        for name in &strays {
            if let Some(value) = given.shift_remove(name) {
                part.insert(name.clone(), value);
            }
        }
        if !strays.is_empty() {
            given.insert(self.part().to_owned(), Value::Object(part));
        }
        !strays.is_empty()
    }

    /// The tool that is called, by its name.
    pub(super) fn tool(&self) -> &str {
        self.entry.name()
    }

    /// Where an argument of the tool behind stands in a call of the records view. `None` in the lean view, whose
    /// callers name the tool and give its own arguments.
    pub(super) fn places(&self) -> Option<impl Fn(&str) -> String + '_> {
        let record = self.record.as_ref()?;
        Some(move |pointer: &str| {
            let (name, below) = match pointer.strip_prefix('/') {
                None => ("", ""),
                Some(steps) => steps
                    .find('/')
                    .and_then(|at| steps.split_at_checked(at))
                    .unwrap_or((steps, "")),
            };
            let plain = unescaped(name);
            let alone = matches!(self.deed, Deed::Get | Deed::Delete);
            if record.slot.id.as_ref() == Some(&plain) {
                format!("/id{below}")
            } else if record.slot.within.contains(&plain) {
                format!("/within/{name}{below}")
            } else if let Some(own) = (self.deed == Deed::Search)
                .then(|| own_name(&plain))
                .flatten()
            {
                format!("/{own}{below}")
            } else if alone {
                pointer.to_owned()
            } else {
                format!("/{}{pointer}", self.part())
            }
        })
    }

    /// A call that is accepted, as it is made here; none that is long.
    pub(super) fn example(&self) -> Option<String> {
        let (input, _) = self.entry.whole();
        let inner = arguments::accepted(self.entry.operation(), &input)?;
        self.as_called(inner.as_object()?.clone())
    }

    /// A call of the tool behind as it is made here.
    pub(super) fn as_called(&self, mut inner: Object) -> Option<String> {
        let mut call = Object::new();
        match &self.record {
            None => {
                call.insert("name".to_owned(), self.entry.name().into());
                call.insert("arguments".to_owned(), Value::Object(inner));
            }
            Some(Record {
                entity,
                slot,
                action,
            }) => {
                call.insert("entity".to_owned(), entity.name.as_str().into());
                if let Some(id) = slot.id.as_ref().and_then(|id| inner.shift_remove(id)) {
                    call.insert("id".to_owned(), id);
                }
                if self.deed == Deed::Action {
                    call.insert("action".to_owned(), action.as_str().into());
                }
                let around = slot.within.iter();
                let around: Object = around
                    .filter_map(|name| inner.shift_remove_entry(name))
                    .collect();
                if !around.is_empty() {
                    call.insert("within".to_owned(), json!(around));
                }
                let is_asked_for = matches!(self.deed, Deed::Create | Deed::Update);
                if matches!(self.deed, Deed::Get | Deed::Delete) {
                    call.extend(inner);
                } else if is_asked_for || !inner.is_empty() {
                    call.insert(self.part().to_owned(), Value::Object(inner));
                }
            }
        }
        let call = Value::Object(call).to_string();
        (call.len() <= LONGEST).then_some(call)
    }
}
