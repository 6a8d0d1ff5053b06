//! The tool that reads the record which a call is about: a row of its list, or what it changes.

use super::Catalog;
use super::entities::Slot;
use super::own::{Deed, OwnTool};

/// A call that reads a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The tool.
    pub(crate) tool: String,
    /// Its argument that is the id of a row; `None` where the arguments of the call say which record it is.
    pub(crate) id: Option<String>,
    /// Its arguments, each with the argument of the call that has the value.
    pub(crate) arguments: Vec<(String, String)>,
}

impl Catalog {
    /// How the record is read that a tool lists, changes or deletes; `None` where nothing reads it.
    pub(crate) fn reading(&self, tool: &str) -> Option<Reading> {
        let place = self.engine().place(tool)?;
        self.entities().all().find_map(|entity| {
            let get = entity.get.as_ref()?;
            let own_id = get.id.clone()?;
            let reader = self.engine().entries().get(get.tool)?;
            if get.tool == place || self.is_barred(reader) {
                return None;
            }
            let (what, slot) = entity.slots().find(|(_, slot)| slot.tool == place)?;
            let mut arguments = pairs(get, slot)?;
            let id = match (what, &slot.id) {
                ("search", _) => Some(own_id),
                (_, Some(given)) => {
                    arguments.push((own_id, given.clone()));
                    None
                }
                (_, None) => return None,
            };
            Some(Reading {
                tool: reader.name().to_owned(),
                id,
                arguments,
            })
        })
    }

    /// The same for a tool over records.
    pub(crate) fn reading_of_own(&self, tool: &OwnTool) -> Option<Reading> {
        let same = |names: &[&str]| {
            let pair = |name: &&str| ((*name).to_owned(), (*name).to_owned());
            names.iter().map(pair).collect()
        };
        let (id, arguments) = match tool.deed {
            Deed::Search => (Some("id".to_owned()), same(&["entity", "within"])),
            Deed::Update | Deed::Delete | Deed::Action => (None, same(&["entity", "id", "within"])),
            _ => return None,
        };
        Some(Reading {
            tool: format!("{}_get", self.prefix),
            id,
            arguments,
        })
    }
}

/// The arguments that say where both look; `None` where they look at different places.
fn pairs(get: &Slot, slot: &Slot) -> Option<Vec<(String, String)>> {
    (get.within.len() == slot.within.len()).then(|| {
        get.within
            .iter()
            .cloned()
            .zip(slot.within.iter().cloned())
            .collect()
    })
}
