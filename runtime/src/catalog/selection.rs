//! A view applied to the tools that there are.

use super::Catalog;
use super::core::core;
use super::cost::tokens;
use super::toolsets;
use super::view::{Form, Scope, View};
use crate::engine::Entry;
use crate::operation::Risk;
use crate::text::{cap, clean, nearest};

/// Most tools, and most tokens of them, that are all listed where no view is asked for.
const MOST_TOOLS: usize = 40;
const MOST_TOKENS: usize = 8_000;

/// What a connection sees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Selection {
    pub(crate) form: Form,
    pub(crate) read_only: bool,
    /// Whether the list is for this request's fields alone.
    pub(crate) private: bool,
    /// Whether the core was chosen.
    pub(crate) is_core: bool,
    /// Places of the tools that the view is about, in the order of the list.
    pub(crate) tools: Vec<usize>,
    /// Places of the tools that can be found from it: those, and what a core leaves out.
    pub(crate) found: Vec<usize>,
}

impl Selection {
    /// Whether the view is a core that leaves tools out.
    pub(super) fn leaves_out(&self) -> bool {
        self.form == Form::Tools && self.tools.len() < self.found.len()
    }
}

impl Catalog {
    /// What a view shows.
    ///
    /// # Errors
    /// One sentence that names the toolset or tool that there is not, the nearest, and all that there are.
    pub(crate) fn select(&self, view: &View) -> Result<Selection, String> {
        let mut excluded = Vec::new();
        for name in &view.exclude {
            excluded.push(self.place(name)?);
        }
        let is_open = |index: &usize| {
            let entry = self.engine().entries().get(*index);
            !excluded.contains(index)
                && entry.is_some_and(|entry| {
                    (!view.read_only || entry.risk() == Risk::Read) && !self.is_barred(entry)
                })
        };
        let all = || (0..self.engine().entries().len()).filter(is_open);
        let whole_core = || {
            let open: Vec<usize> = all().collect();
            let prompts = self.engine().api().prompts.iter();
            let prompts: Vec<_> = prompts.map(|prompt| prompt.needs).collect();
            let tools = core(self.engine().entries(), &open, &prompts);
            (tools, Some(open))
        };
        let (tools, open) = match &view.scope {
            Scope::All => (all().collect(), None),
            Scope::Core => whole_core(),
            Scope::Default => {
                let open: Vec<usize> = all().collect();
                let tokens: usize = open
                    .iter()
                    .filter_map(|index| self.engine().entries().get(*index))
                    .map(tokens)
                    .sum();
                if view.form != Form::Tools || (open.len() <= MOST_TOOLS && tokens <= MOST_TOKENS) {
                    (open, None)
                } else {
                    whole_core()
                }
            }
            Scope::Named { toolsets, tools } => {
                let mut wanted = Vec::new();
                for name in toolsets {
                    wanted.extend(&toolsets::find(self.toolsets(), name)?.tools);
                }
                for name in tools {
                    wanted.push(self.place(name)?);
                }
                wanted.retain(is_open);
                wanted.sort_unstable();
                wanted.dedup();
                (wanted, None)
            }
        };
        Ok(Selection {
            form: view.form,
            read_only: view.read_only,
            private: view.private || self.restricted,
            is_core: open.is_some(),
            found: open.unwrap_or_else(|| tools.clone()),
            tools,
        })
    }

    fn place(&self, name: &str) -> Result<usize, String> {
        self.engine().place(name).ok_or_else(|| self.unknown(name))
    }

    /// That there is no such tool, with the nearest.
    pub(crate) fn unknown(&self, name: &str) -> String {
        let hint = nearest(name, self.engine().entries().iter().map(Entry::name))
            .map_or_else(String::new, |name| format!("; did you mean {name}?"));
        let name = cap(&clean(name), 80).into_owned();
        format!("there is no tool `{name}`{hint}")
    }

    /// The tools of a selection.
    pub(crate) fn selected<'a>(
        &'a self,
        selection: &'a Selection,
    ) -> impl Iterator<Item = &'a Entry> {
        let entries = self.engine().entries();
        selection
            .tools
            .iter()
            .filter_map(|index| entries.get(*index))
    }
}
