//! The tool that reads the record which a call is about: a row of its list, or what it changes.

use super::Catalog;
use super::entities::Slot;

/// A call that reads a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading<'a> {
    /// The tool.
    pub(crate) tool: &'a str,
    /// Its argument that is the id of a row; `None` where the arguments of the call say which record it is.
    pub(crate) id: Option<String>,
    /// Its arguments, each with the argument of the call that has the value.
    pub(crate) arguments: Vec<(String, String)>,
}

impl Catalog {
    /// How the record is read that a tool lists, changes or deletes; `None` where nothing reads it.
    pub(crate) fn reading(&self, tool: &str) -> Option<Reading<'_>> {
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
                tool: reader.name(),
                id,
                arguments,
            })
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
