//! How much of a document is read before it is refused.

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
}

impl Budgets {
    /// The depth that is enforced.
    pub(crate) const fn effective_depth(&self) -> usize {
        const MOST: usize = 120;
        if self.depth < MOST { self.depth } else { MOST }
    }
}

impl Default for Budgets {
    /// 32 MiB, 1,000 files, 2,000,000 nodes, depth 64, 10,000 aliases, 64 hops, 20,000 operations, 10,000
    /// enum values.
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
        }
    }
}
