//! How much of a document is read before it is refused.

use crate::diagnostics::remedy::raise;

/// One of the limits of [`Budgets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Budget {
    /// [`Budgets::bytes`]
    Bytes,
    /// [`Budgets::files`]
    Files,
    /// [`Budgets::nodes`]
    Nodes,
    /// [`Budgets::depth`]
    Depth,
    /// [`Budgets::aliases`]
    Aliases,
    /// [`Budgets::ref_hops`]
    RefHops,
    /// [`Budgets::operations`]
    Operations,
    /// [`Budgets::enum_values`]
    EnumValues,
    /// [`Budgets::schemas`]
    Schemas,
}

impl Budget {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Bytes,
        Self::Files,
        Self::Nodes,
        Self::Depth,
        Self::Aliases,
        Self::RefHops,
        Self::Operations,
        Self::EnumValues,
        Self::Schemas,
    ];

    /// Its name on the command line, in settings and in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Files => "files",
            Self::Nodes => "nodes",
            Self::Depth => "depth",
            Self::Aliases => "aliases",
            Self::RefHops => "ref_hops",
            Self::Operations => "operations",
            Self::EnumValues => "enum_values",
            Self::Schemas => "schemas",
        }
    }

    /// The budget of a name; `-` counts as `_`.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let name = name.trim().replace('-', "_");
        Self::ALL.into_iter().find(|budget| budget.name() == name)
    }

    /// Why it cannot have a value.
    pub(crate) fn refuses(self, value: usize) -> Option<String> {
        (value > self.most()).then(|| format!("at most {} can be read", self.most()))
    }

    /// The most that it can be raised to.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Depth => MOST_DEPTH,
            _ => usize::MAX,
        }
    }
}

/// The readers below have a limit of 128 of their own.
const MOST_DEPTH: usize = 120;

/// Limits that keep a hostile document from exhausting the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// Size of the document in bytes, all its files together.
    pub bytes: usize,
    /// Number of files that the document consists of.
    pub files: usize,
    /// Number of nodes (objects, arrays and scalars), YAML aliases expanded.
    pub nodes: usize,
    /// Nesting of objects and arrays; the root object has depth 1. At most 120 is honoured, since
    /// the readers below have a limit of 128 of their own.
    pub depth: usize,
    /// Number of YAML aliases that are expanded, aliases inside expanded nodes included.
    pub aliases: usize,
    /// Number of `$ref`s that are followed from one to the next until a node is reached.
    pub ref_hops: usize,
    /// Number of operations.
    pub operations: usize,
    /// Number of values of one `enum`.
    pub enum_values: usize,
    /// Number of schemas and properties that are looked at for all tools. Each tool looks at all that its
    /// arguments and its answer consist of, so that few schemas that lead to each other are looked at very
    /// often.
    pub schemas: usize,
}

impl Budgets {
    /// The value of one of them.
    #[must_use]
    pub const fn get(&self, budget: Budget) -> usize {
        match budget {
            Budget::Bytes => self.bytes,
            Budget::Files => self.files,
            Budget::Nodes => self.nodes,
            Budget::Depth => self.effective_depth(),
            Budget::Aliases => self.aliases,
            Budget::RefHops => self.ref_hops,
            Budget::Operations => self.operations,
            Budget::EnumValues => self.enum_values,
            Budget::Schemas => self.schemas,
        }
    }

    /// Sets one of them.
    pub const fn set(&mut self, budget: Budget, value: usize) {
        let slot = match budget {
            Budget::Bytes => &mut self.bytes,
            Budget::Files => &mut self.files,
            Budget::Nodes => &mut self.nodes,
            Budget::Depth => &mut self.depth,
            Budget::Aliases => &mut self.aliases,
            Budget::RefHops => &mut self.ref_hops,
            Budget::Operations => &mut self.operations,
            Budget::EnumValues => &mut self.enum_values,
            Budget::Schemas => &mut self.schemas,
        };
        *slot = value;
    }

    /// What to do when one of them is used up: its value, and the option to paste. `needed` is what
    /// would have been enough, where that is known; else it is doubled.
    pub(crate) fn remedy(&self, budget: Budget, needed: Option<usize>) -> String {
        let (name, now) = (budget.name(), self.get(budget));
        if now >= budget.most() {
            return format!("the budget `{name}` is {now}, and cannot be raised further");
        }
        let enough = needed
            .unwrap_or_else(|| now.saturating_mul(2).max(1))
            .min(budget.most());
        raise(name, now, enough)
    }

    /// The depth that is enforced.
    pub(crate) const fn effective_depth(&self) -> usize {
        if self.depth < MOST_DEPTH {
            self.depth
        } else {
            MOST_DEPTH
        }
    }
}

impl Default for Budgets {
    /// 32 MiB, 1,000 files, 2,000,000 nodes, depth 64, 10,000 aliases, 64 hops, 20,000 operations, 10,000
    /// enum values, 20,000,000 schemas.
    fn default() -> Self {
        Self {
            bytes: 32 * 1024 * 1024,
            files: 1_000,
            nodes: 2_000_000,
            depth: 64,
            aliases: 10_000,
            ref_hops: 64,
            operations: 20_000,
            enum_values: 10_000,
            schemas: 20_000_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_budget_is_found_set_and_raised_by_its_name() {
        for budget in Budget::ALL {
            let mut budgets = Budgets::default();
            assert_eq!(Budget::find(budget.name()), Some(budget));
            assert_eq!(Budget::find(&budget.name().replace('_', "-")), Some(budget));
            budgets.set(budget, 7);
            assert_eq!(budgets.get(budget), 7);
            let option = format!("--budget {}=", budget.name());
            assert!(
                budgets
                    .remedy(budget, None)
                    .contains(&format!("{option}14`"))
            );
            assert!(
                budgets
                    .remedy(budget, Some(9))
                    .contains(&format!("{option}9`"))
            );
        }
        assert_eq!(Budget::find("hops"), None);
    }

    #[test]
    fn the_depth_cannot_be_raised_beyond_what_the_readers_bear() {
        let mut budgets = Budgets::default();
        assert!(
            budgets
                .remedy(Budget::Depth, Some(500))
                .contains("depth=120`")
        );
        budgets.set(Budget::Depth, 999);
        assert_eq!(budgets.get(Budget::Depth), 120);
        assert!(!budgets.remedy(Budget::Depth, None).contains("--budget"));
    }
}
