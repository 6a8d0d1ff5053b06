//! Prompts that only look.

use serde_json::Value;

use super::entity::Entity;
use super::{Api, argument, best, facts, in_words, step};
use crate::ir::{Operation, Prompt, PromptStep, Risk};
use crate::names::words;

/// Entities that are shown with all that belongs to one of them.
const REVIEWED: usize = 2;
/// Lists that such a prompt names.
const NAMED: usize = 5;

/// Something to look at: what people call it, and the step.
type Look = (String, PromptStep);

impl<'a> Api<'a> {
    /// Where the open business stands. Not of what is sent to be paid: that is no longer open business.
    pub(super) fn digest(&self, sent: Option<&Entity<'a>>) -> Option<Prompt> {
        let reports = self.reports(&["pipeline", "funnel", "forecast"]);
        let entity = best(&self.entities, |entity| {
            if sent.is_some_and(|sent| std::ptr::eq(sent, entity)) {
                return None;
            }
            entity.field(facts::is_amount)?;
            let staged = entity.field(facts::is_stage).is_some();
            let status = entity.status().is_some();
            let owned = entity.field(facts::is_assignee).is_some();
            let converts = entity.action(&["convert", "win", "lose"]).is_some();
            let known = staged || status && owned && (converts || !reports.is_empty());
            known.then_some(u32::from(staged) * 2 + u32::from(owned) + u32::from(status))
        })?;
        let list = entity.list?;
        let many = &entity.many;
        let stage = entity
            .field(|name| facts::is_stage(name) && !words(name).contains(&"probability".to_owned()))
            .or_else(|| entity.status())
            .unwrap_or("stage");
        let amount = entity.field(facts::is_amount)?;
        let mut steps = Vec::new();
        if let Some(report) = reports.first() {
            steps.push(step(format!("Begin with the numbers of `{report}`.")));
        }
        steps.push(step(format!(
            "List the open {many} with `{}`, page after page only as far as you need.",
            list.tool
        )));
        steps.push(step(format!(
            "Count them by {stage} and add up {amount}, each currency by itself."
        )));
        let get = entity.get.map_or_else(String::new, |get| {
            format!(" Look at what is unclear with `{}`.", get.tool)
        });
        steps.push(step(format!(
            "Say what is new or has moved in {{period}}, which three are worth most, and which have not moved for long.{get}"
        )));
        steps.push(step(
            "End with what I should do today, at most three things. Change nothing.".to_owned(),
        ));
        Some(Prompt {
            name: format!("digest_{}", Entity::slug(many)),
            title: format!("Digest of open {many}"),
            description: format!(
                "Where the open {many} stand: number and value by {stage}, what moved, what to do next."
            ),
            arguments: vec![argument(
                "period",
                "The time to look at",
                Some("the last seven days"),
            )],
            opening: format!("Give me a digest of the open {many} in {}.", self.title),
            steps,
            needs: vec![list.tool.clone()],
        })
    }

    /// One record with all that belongs to it, or that it names; not of what has a prompt that makes and sends it.
    pub(super) fn review(&self, sent: Option<&Entity<'a>>) -> Vec<Prompt> {
        let reviewed = || {
            let all = self.entities.iter();
            all.filter(|entity| !sent.is_some_and(|sent| std::ptr::eq(sent, *entity)))
        };
        let mut found: Vec<(&Entity<'a>, Vec<Look>)> = Vec::new();
        // Lists say more than ids do, so that these count only where there are none.
        for (looks, least) in [
            (
                reviewed()
                    .map(|one| (one, self.lists(one)))
                    .collect::<Vec<_>>(),
                2,
            ),
            (
                reviewed()
                    .map(|one| (one, self.named_records(one)))
                    .collect(),
                3,
            ),
        ] {
            if found.is_empty() {
                found = looks;
                found.retain(|(_, steps)| steps.len() >= least);
            }
        }
        found.sort_by_key(|(_, steps)| std::cmp::Reverse(steps.len()));
        let found = found.into_iter().take(REVIEWED);
        found
            .filter_map(|(entity, steps)| self.reviewed(entity, steps))
            .collect()
    }

    fn reviewed(&self, entity: &Entity<'a>, mut looks: Vec<Look>) -> Option<Prompt> {
        let one = &entity.one;
        let slug = Entity::slug(one);
        let finder = entity.finder()?;
        let mut steps = vec![step(format!(
            "Find the {one} with `{finder}`. If several fit, show them and ask me which."
        ))];
        let get = entity.get.map(|get| get.tool.as_str());
        if let Some(get) = get.filter(|get| *get != finder) {
            steps.push(step(format!("Read it with `{get}`.")));
        }
        // One after the other, so that a view without one of them keeps the others.
        looks.truncate(NAMED);
        let (things, looks): (Vec<String>, Vec<PromptStep>) = looks.into_iter().unzip();
        let mut said: Vec<&str> = Vec::new();
        for thing in things.iter().filter(|thing| !thing.is_empty()) {
            if !said.contains(&thing.as_str()) {
                said.push(thing);
            }
        }
        let said = match said.as_slice() {
            [] => String::new(),
            things => format!(": {}", in_words(things)),
        };
        let description = format!("Sums up one {one} with all that belongs to it{said}.");
        steps.extend(looks);
        steps.push(step(
            "Sum up on half a page: how it stands, what is open and since when, money and dates, what is late, and \
             what to do next. Change nothing."
                .to_owned(),
        ));
        Some(Prompt {
            name: format!("review_{slug}"),
            title: format!("Review one {one}"),
            description,
            arguments: vec![argument(
                &slug,
                &format!("Which {one}: its name or id"),
                None,
            )],
            opening: format!("How does this {one} in {} stand: {{{slug}}}", self.title),
            steps,
            needs: vec![finder.to_owned()],
        })
    }

    fn lists(&self, entity: &Entity<'a>) -> Vec<Look> {
        let look = |list: &Operation| {
            // A path that ends with no word says nothing to people.
            let thing = words(last(&list.path)).join(" ");
            let tool = &list.tool;
            (
                thing,
                step(format!("Look at what belongs to it: `{tool}`.")),
            )
        };
        self.belongings(entity).into_iter().map(look).collect()
    }

    /// The records that a field with several ids names, each by the tool that reads one, or the one that finds them.
    fn named_records(&self, entity: &Entity<'a>) -> Vec<Look> {
        if entity.get.is_none() {
            return Vec::new();
        }
        let mut known: Vec<&str> = Vec::new();
        let named = entity.links().filter_map(|noun| {
            let mut others = self.entities.iter();
            let other = others.find(|other| other.noun == noun && other.path != entity.path)?;
            let tool = other
                .get
                .map_or_else(|| other.finder(), |get| Some(&get.tool))?;
            let many = &other.many;
            // Several fields may name records of one kind: `owner_id`, `assignee_id`.
            if known.contains(&tool) {
                return None;
            }
            known.push(tool);
            let look = step(format!("Look up the {many} that it names with `{tool}`."));
            Some((many.clone(), look))
        });
        named.collect()
    }

    /// The lists of what belongs to one record: those below it, and those that take its id.
    fn belongings(&self, entity: &Entity<'a>) -> Vec<&'a Operation> {
        let mut lists: Vec<&Operation> = entity.children.clone();
        let of_one = |operation: &&&Operation| {
            let properties = operation.input_schema.get("properties");
            let names = properties.and_then(Value::as_object);
            let is_list = operation.answer.as_ref().is_some_and(|answer| answer.list);
            operation.risk == Risk::Read
                && is_list
                && !operation.path.contains('{')
                && names.is_some_and(|names| names.keys().any(|name| is_id_of(name, &entity.noun)))
        };
        // `/payments?invoice_id=` has what `/invoices/{id}/payments` has.
        let mut known: Vec<&str> = entity
            .children
            .iter()
            .map(|child| last(&child.path))
            .collect();
        for operation in self.operations.iter().filter(of_one) {
            let what = last(&operation.path);
            if !known.contains(&what) {
                known.push(what);
                lists.push(operation);
            }
        }
        lists
    }
}

/// The last word of a path.
fn last(path: &str) -> &str {
    path.trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default()
}

/// Whether an argument is the id of such a record: `project_id`, `projectId`.
fn is_id_of(argument: &str, one: &str) -> bool {
    let named = words(argument);
    let Some((last, head)) = named.split_last() else {
        return false;
    };
    last == "id" && head.join(" ") == one
}

#[cfg(test)]
mod tests {
    use super::is_id_of;

    #[test]
    fn ids_are_of_the_record_that_they_name() {
        assert!(is_id_of("project_id", "project") && is_id_of("leadSourceId", "lead source"));
        assert!(!is_id_of("id", "project") && !is_id_of("project", "project"));
        assert!(!is_id_of("sub_project_id", "project"));
    }
}
