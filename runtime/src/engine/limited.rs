//! What there is of an engine for a caller who may not use everything.

#[cfg(feature = "http")]
use std::sync::Arc;

use super::{Engine, Entry};
#[cfg(feature = "http")]
use super::{Kind, places};

impl Engine {
    /// An engine with those of the tools that are `listed`, which works with all that this one works with. A tool
    /// that calls others is among them if all of those are `allowed`.
    #[cfg(feature = "http")]
    pub(crate) fn only(
        &self,
        allowed: &dyn Fn(&Entry) -> bool,
        listed: &dyn Fn(&Entry) -> bool,
    ) -> Self {
        let is_there = |tool: &str| self.find_step(tool).is_some_and(allowed);
        let is_allowed = |entry: &&Entry| match &entry.kind {
            Kind::Composite(tool) => tool.operations().iter().all(|called| is_there(called.tool)),
            // What reads the record first calls that tool too.
            Kind::Operation(operation) => {
                let mut merges = operation.settled.merges.iter();
                allowed(entry) && merges.all(|merge| is_there(merge.get))
            }
            Kind::Custom(_) => allowed(entry),
        };
        let all = self.entries.iter().filter(is_allowed).cloned();
        let (entries, mut behind): (Vec<Entry>, Vec<Entry>) = all.partition(listed);
        behind.extend(self.behind.iter().filter(is_allowed).cloned());
        Self {
            api: self.api,
            index: places(&entries),
            entries,
            behind: behind.into(),
            extensions: self.extensions.clone(),
            upstream: self.upstream.clone(),
            guard: Arc::clone(&self.guard),
            audit: self.audit.clone(),
            clock: self.clock,
            calls: Arc::clone(&self.calls),
            steps: Arc::clone(&self.steps),
        }
    }

    /// What a tool calls that is made of several: one that there is, or that is there for such tools alone.
    pub(crate) fn find_step(&self, name: &str) -> Option<&Entry> {
        let mut behind = self.behind.iter();
        self.find(name)
            .or_else(|| behind.find(|entry| entry.name() == name))
    }
}

#[cfg(all(test, feature = "http"))]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::extend::Extensions;
    use crate::operation::{Api, Merge, OperationDef, Risk, Settled};

    #[test]
    fn who_may_not_read_a_record_has_no_tool_that_reads_it_first() {
        static GET: OperationDef = OperationDef {
            tool: "get_order",
            ..OperationDef::DEFAULT
        };
        static UPDATE: OperationDef = OperationDef {
            tool: "update_order",
            method: "PATCH",
            risk: Risk::Write,
            settled: &Settled {
                merges: &[Merge {
                    argument: "lines",
                    key: "id",
                    kept: &[],
                    get: "get_order",
                    given: &[],
                    from: "/lines",
                    if_match: "",
                }],
                ..Settled::NONE
            },
            ..OperationDef::DEFAULT
        };
        static API: Api = Api {
            operations: &[&GET, &UPDATE],
            ..Api::DEFAULT
        };
        let all = Engine::new(&API, Extensions::new(), None, Clock::default());
        let of = |engine: &Engine, may: &[Risk]| {
            let some = engine.only(&|entry| may.contains(&entry.risk()), &|_| true);
            let names = some.entries().iter().map(|entry| entry.name().to_owned());
            names.collect::<Vec<_>>().join(" ")
        };
        let both = [Risk::Read, Risk::Write];
        assert_eq!(of(&all, &both), "get_order update_order");
        assert_eq!(of(&all, &[Risk::Write]), "");
        // Who may, and is shown the update alone, has it, and no other tool under any name.
        let shown = all.only(&|_| true, &|entry| entry.name() == "update_order");
        assert_eq!(of(&shown, &both), "update_order");
        assert_eq!(of(&shown, &[Risk::Write]), "");
        assert!(shown.find("get_order").is_none() && shown.find_step("get_order").is_some());
    }
}
