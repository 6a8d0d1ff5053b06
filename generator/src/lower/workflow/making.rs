//! Prompts that end with a change, each of which waits for the person's yes.

use super::entity::Entity;
use super::{Api, argument, article, best, facts, named, step};
use crate::ir::{Prompt, Risk};

/// What gets a record to somebody outside.
const SENDS: [&str; 5] = ["send", "email", "mail", "deliver", "remind"];

impl<'a> Api<'a> {
    /// One record out of a sentence, made and sent.
    pub(super) fn create_and_send(&self) -> Option<(&Entity<'a>, Prompt)> {
        let entity = best(&self.entities, |entity| {
            let create = entity.create?;
            entity.action(&SENDS)?;
            let lines = facts::takes_lines(&create.input_schema);
            let due = entity.field(facts::is_due).is_some();
            let amount = entity.field(facts::is_amount).is_some();
            // What has none of these is no document that somebody waits for: a message goes to a contact.
            let score = u32::from(lines) * 2 + u32::from(due) + u32::from(amount);
            (score > 0).then_some(score)
        })?;
        let (create, send) = (entity.create?, entity.action(&SENDS)?);
        let one = &entity.one;
        let mut steps = Vec::new();
        let finders = self.finders(create);
        if !finders.is_empty() {
            steps.push(step(format!(
                "Find what it names with {}. If several records fit, show them and ask me which.",
                named(&finders)
            )));
        }
        steps.push(step(format!(
            "Create it with `{}`. Count dates from today, and ask me for what is missing.",
            create.tool
        )));
        let shown = entity.get.map_or_else(String::new, |get| {
            format!(" as `{}` gives it back", get.tool)
        });
        steps.push(step(format!(
            "Show me the new {one}{shown}: for whom, what, how much, when. Then wait for my yes."
        )));
        steps.push(step(format!("After my yes, send it with `{}`.", send.tool)));
        let prompt = Prompt {
            name: format!("create_and_send_{}", Entity::slug(one)),
            title: format!("Create and send {} {one}", article(one)),
            description: format!(
                "Makes {} {one} from a sentence, shows it to you, and sends it once you agree.",
                article(one)
            ),
            arguments: vec![argument(
                "what",
                "For whom, what, how much and when: `Acme Corp, 5 hours of work at the usual rate, due in 14 days`",
                None,
            )],
            opening: format!(
                "Create {} {one} in {} and send it: {{what}}",
                article(one),
                self.title
            ),
            steps,
            needs: vec![create.tool.clone(), send.tool.clone()],
        };
        Some((entity, prompt))
    }

    /// What is overdue, and what to do about it.
    pub(super) fn chase(&self) -> Option<Prompt> {
        let is_due_filter = |name: &str| facts::is_due(name) && facts::is_upper(name);
        let late = |entity: &Entity<'a>| {
            let (name, schema) = entity.filter(|name| {
                facts::is_status(name)
                    && entity
                        .filter(|n| n == name)
                        .is_some_and(|(_, s)| facts::late(s).is_some())
            })?;
            Some((name, facts::late(schema)?))
        };
        let entity = best(&self.entities, |entity| {
            let by_status = late(entity).is_some();
            let by_date = entity.field(facts::is_due).is_some();
            let amount = entity.field(facts::is_amount).is_some();
            // An offer that has a day is not owed; what is paid is, also where nothing says how it stands.
            let paid = entity.field(facts::is_payment).is_some();
            let is_owed = by_date && (paid || entity.status().is_some());
            // Of some records the document has nothing but the name, which says enough.
            let by_name = facts::is_owed(&entity.one) && entity.fields.len() <= 1;
            if !by_status && !is_owed && !by_name {
                return None;
            }
            let sends = entity.action(&SENDS).is_some();
            Some(
                u32::from(by_name) * 4
                    + u32::from(by_status) * 2
                    + u32::from(paid) * 2
                    + u32::from(amount) * 2
                    + u32::from(sends)
                    + u32::from(by_date),
            )
        })?;
        let list = entity.list?;
        let many = &entity.many;
        let switch = entity.filter_of(facts::is_late_switch);
        let how = match (late(entity), switch, entity.filter(is_due_filter)) {
            (Some((argument, value)), _, _) => format!(" ({argument}: {value})"),
            (None, Some(argument), _) => format!(" ({argument}: true)"),
            (None, None, Some((argument, _))) => format!(" ({argument}: today)"),
            (None, None, None) => String::new(),
        };
        let due = entity.field(facts::is_due);
        let what = match due {
            Some(due) => {
                format!(" Overdue is what has a {due} before today and is not settled.")
            }
            None if entity.fields.len() <= 1 => {
                " Overdue is what should have been paid before today and is not.".to_owned()
            }
            None => String::new(),
        };
        let mut steps = vec![step(format!(
            "List the {many} that are overdue with `{}`{how}.{what}",
            list.tool
        ))];
        let reports = self.reports(&["overdue"]);
        if let Some(report) = reports.iter().find(|report| **report != list.tool) {
            steps.push(step(format!("Compare with `{report}`.")));
        }
        steps.push(step(
            "Count the days that each is late, and leave out those below {days}. Show the rest as a table, most \
             overdue first: whose it is, which one, how much, how many days; and the totals."
                .to_owned(),
        ));
        if let Some(get) = entity.get {
            steps.push(step(format!(
                "Look at what is unclear with `{}`.",
                get.tool
            )));
        }
        let send = entity.action(&SENDS);
        steps.push(match (send, self.reminder()) {
            (Some(send), _) => step(format!(
                "Propose for each whether to remind, and how. After my yes for each, send with `{}`.",
                send.tool
            )),
            (None, Some(note)) => step(format!(
                "Propose for each what to do next. After my yes, write it down with `{note}`."
            )),
            (None, None) => step("Propose for each what to do next.".to_owned()),
        });
        Some(Prompt {
            name: format!("chase_overdue_{}", Entity::slug(many)),
            title: format!("Chase overdue {many}"),
            description: format!(
                "Lists the {many} that are overdue, with totals, and proposes what to do about each."
            ),
            arguments: vec![argument(
                "days",
                "Only what is at least this many days late",
                Some("1"),
            )],
            opening: format!("Go through the overdue {many} in {}.", self.title),
            steps,
            needs: vec![list.tool.clone()],
        })
    }

    /// What waits for somebody, sorted by how much it matters.
    pub(super) fn triage(&self) -> Option<Prompt> {
        let entity = best(&self.entities, |entity| {
            entity.field(facts::is_priority)?;
            entity.status()?;
            let sorted = entity.filter(facts::is_priority).is_some();
            let assigned = entity.field(facts::is_assignee).is_some();
            let timeless = entity.field(facts::is_due).is_none();
            let answered = !entity.adds.is_empty();
            let score = u32::from(answered) * 2
                + u32::from(assigned)
                + u32::from(sorted)
                + u32::from(timeless);
            Some(score)
        })?;
        let list = entity.list?;
        let (one, many) = (&entity.one, &entity.many);
        let order = entity.filter(|name| {
            let argument = entity.filter(|one| one == name);
            facts::is_order(name)
                && argument.is_some_and(|(_, schema)| facts::most_urgent_first(schema).is_some())
        });
        let order =
            order.and_then(|(name, schema)| Some((name, facts::most_urgent_first(schema)?)));
        let mut steps = vec![step(match order {
            Some((argument, value)) => format!(
                "List the {many} that are open with `{}` ({argument}: {value}), most urgent first, at most {{limit}}.",
                list.tool
            ),
            // In whatever order it has.
            None => format!(
                "List the {many} that are open with `{}`, at most {{limit}}; then order them by priority.",
                list.tool
            ),
        })];
        let replies = entity.children.iter().find(|child| {
            let words = crate::names::words(&child.tool);
            words
                .iter()
                .any(|word| matches!(word.as_str(), "replies" | "comments" | "messages" | "notes"))
        });
        let reads: Vec<&str> = [entity.get.as_ref(), replies]
            .into_iter()
            .flatten()
            .map(|operation| operation.tool.as_str())
            .collect();
        if !reads.is_empty() {
            steps.push(step(format!(
                "Read what each is about with {}.",
                named(&reads)
            )));
        }
        let who = match entity.field(facts::is_assignee) {
            Some(_) => ", who should take it",
            None => "",
        };
        steps.push(step(format!(
            "Show a table: {one}, what it is about in one line, how long it waits, priority as it should be{who}, \
             and the next step."
        )));
        let changes: Vec<&str> = entity
            .update
            .iter()
            .chain(entity.action(&["assign"]).iter())
            .filter(|operation| operation.risk == Risk::Write)
            .map(|operation| operation.tool.as_str())
            .collect();
        if !changes.is_empty() {
            steps.push(step(format!(
                "After my yes, set priorities and people with {}.",
                named(&changes)
            )));
        }
        let reply = entity.adds.iter().find(|add| {
            let words = crate::names::words(&add.tool);
            words
                .iter()
                .any(|word| matches!(word.as_str(), "reply" | "replies" | "comment" | "message"))
        });
        if let Some(reply) = reply {
            steps.push(step(format!(
                "Draft answers where one is due, and send with `{}` only what I have agreed to.",
                reply.tool
            )));
        }
        Some(Prompt {
            name: format!("triage_{}", Entity::slug(many)),
            title: format!("Triage {many}"),
            description: format!(
                "Reads the open {many} and proposes priority, person and next step for each."
            ),
            arguments: vec![argument("limit", "How many at most", Some("20"))],
            opening: format!("Triage the open {many} in {}.", self.title),
            steps,
            needs: vec![list.tool.clone()],
        })
    }

    /// What ends soon unless it is renewed.
    pub(super) fn renew(&self) -> Option<Prompt> {
        const RENEWS: [&str; 2] = ["renew", "extend"];
        let expiring = self.reports(&["expiring", "renewals", "expirations"]);
        let own_report = |entity: &Entity<'a>| {
            let noun = crate::names::words(&entity.many);
            expiring.iter().copied().find(|tool| {
                let words = crate::names::words(tool);
                noun.iter().all(|word| words.contains(word))
            })
        };
        let entity = best(&self.entities, |entity| {
            let ends = entity.field(facts::is_end).is_some();
            let report = own_report(entity).is_some();
            let renews = entity.action(&RENEWS).is_some();
            let amount = entity.field(facts::is_amount).is_some();
            (report || renews && ends || ends && amount && entity.status().is_some())
                .then_some(u32::from(report) * 2 + u32::from(renews) * 2 + u32::from(amount))
        })?;
        let list = entity.list?;
        let (one, many) = (&entity.one, &entity.many);
        let when = entity.field(facts::is_end);
        let mut steps = vec![match (own_report(entity), when) {
            (Some(report), _) => step(format!(
                "List the {many} that end within {{days}} days with `{report}`."
            )),
            (None, Some(when)) => step(format!(
                "List the {many} with `{}`, and keep those whose {when} lies within the next {{days}} days.",
                list.tool
            )),
            (None, None) => return None,
        }];
        if let Some(get) = entity.get {
            steps.push(step(format!(
                "Look at what is unclear with `{}`.",
                get.tool
            )));
        }
        steps.push(step(
            "Show a table, soonest first: whose it is, which one, when it ends, what it is worth."
                .to_owned(),
        ));
        steps.push(step(format!(
            "Draft a short, friendly note for each that says when the {one} ends and asks how to go on. Send nothing."
        )));
        if let Some(note) = self.reminder() {
            steps.push(step(format!(
                "After my yes, write down with `{note}` when to ask again."
            )));
        }
        if let Some(renew) = entity.action(&RENEWS) {
            steps.push(step(format!(
                "Renew with `{}` only what I name.",
                renew.tool
            )));
        }
        Some(Prompt {
            name: format!("renew_{}", Entity::slug(many)),
            title: format!("{} that end soon", capital(many)),
            description: format!(
                "Lists the {many} that end soon and drafts a note for each; nothing is sent."
            ),
            arguments: vec![argument("days", "How many days ahead", Some("60"))],
            opening: format!("Which {many} in {} end soon?", self.title),
            steps,
            needs: vec![list.tool.clone()],
        })
    }
}

/// With a capital letter.
fn capital(text: &str) -> String {
    crate::names::title(&[text.to_owned()])
}
