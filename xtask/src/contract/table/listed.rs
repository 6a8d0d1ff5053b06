//! The table with all that lists of tools depend on: how answers are shown, how calls are confirmed, and the tools
//! beside the operations. Requests are the same without.

use mcpwright::ir;
use mcpwright_runtime::operation as op;

use super::{keep, list, text, texts};
use crate::failure::{Context as _, Result};

/// The table of an API as its server lists it.
///
/// # Errors
/// When the IR says something that the tables do not know.
pub fn listed(api: &ir::Api) -> Result<&'static op::Api> {
    let base = super::api(api)?;
    let operations = base.operations.iter().zip(api.operations());
    let operations: Vec<&'static op::OperationDef> = operations
        .map(|(table, operation)| {
            keep(op::OperationDef {
                answer: operation.answer.as_ref().map(answer),
                settled: keep(op::Settled {
                    confirm: operation.settled.confirm.map(confirm),
                    ..*table.settled
                }),
                ..**table
            })
        })
        .collect();
    let operations = list(operations);
    let composites: Result<Vec<&'static op::Composite>> = api
        .composites
        .iter()
        .map(|tool| Ok(keep(composite(tool, Known(operations))?)))
        .collect();
    Ok(keep(op::Api {
        operations,
        composites: list(composites?),
        ..*base
    }))
}

/// What of it the arguments that the runtime adds depend on.
fn answer(answer: &ir::Answer) -> op::Answer {
    op::Answer {
        list: answer.list,
        open: answer.open,
        selectable: answer.selectable,
        ..op::Answer::DEFAULT
    }
}

fn confirm(confirm: ir::Confirm) -> op::Confirm {
    match confirm {
        ir::Confirm::Auto => op::Confirm::Auto,
        ir::Confirm::Elicit => op::Confirm::Elicit,
        ir::Confirm::Token => op::Confirm::Token,
        ir::Confirm::Arg => op::Confirm::Arg,
        ir::Confirm::Off => op::Confirm::Off,
        ir::Confirm::Deny => op::Confirm::Deny,
    }
}

fn composite(tool: &ir::Composite, known: Known) -> Result<op::Composite> {
    Ok(op::Composite {
        tool: text(&tool.tool),
        title: text(&tool.title),
        description: text(&tool.description),
        group: text(&tool.group),
        risk: super::risk(tool.risk),
        hints: super::hints(&tool.hints),
        input_schema: tool.input_schema.to_string().leak(),
        deed: known.deed(&tool.deed)?,
    })
}

/// The operations that composites name.
#[derive(Clone, Copy)]
struct Known(&'static [&'static op::OperationDef]);

impl Known {
    fn find(self, tool: &str) -> Result<&'static op::OperationDef> {
        let found = self.0.iter().find(|operation| operation.tool == tool);
        Ok(*found.context(tool)?)
    }

    fn deed(self, deed: &ir::Deed) -> Result<op::Deed> {
        Ok(match deed {
            ir::Deed::Fanout(sources) => {
                let sources: Result<Vec<op::Source>> =
                    sources.iter().map(|source| self.source(source)).collect();
                op::Deed::Fanout(list(sources?))
            }
            ir::Deed::Count(lists) => {
                let lists: Result<Vec<op::Counted>> = lists
                    .iter()
                    .map(|(name, source, total)| {
                        Ok(op::Counted {
                            name: text(name),
                            source: self.source(source)?,
                            total: text(total),
                        })
                    })
                    .collect();
                op::Deed::Count(op::Count {
                    lists: list(lists?),
                })
            }
            ir::Deed::MultiGet(gets) => {
                let gets: Result<Vec<op::Getter>> =
                    gets.iter().map(|getter| self.getter(getter)).collect();
                op::Deed::MultiGet(op::MultiGet { gets: list(gets?) })
            }
            ir::Deed::Lookup(lookup) => {
                let get = lookup.get.as_ref().map(|get| self.getter(get));
                op::Deed::Lookup(op::Lookup {
                    source: self.source(&lookup.source)?,
                    matched: text(&lookup.matched),
                    id: text(&lookup.id),
                    get: get.transpose()?,
                    form: match lookup.form {
                        ir::IdForm::Text => op::IdForm::Text,
                        ir::IdForm::Integer => op::IdForm::Integer,
                        ir::IdForm::Uuid => op::IdForm::Uuid,
                    },
                })
            }
            ir::Deed::Relation(relation) => op::Deed::Relation(op::Relation {
                get: self.getter(&relation.get)?,
                update: self.updater(&relation.update)?,
                add: relation.add,
                relations: list(relation.relations.iter().map(related)),
            }),
            ir::Deed::Append(append) => op::Deed::Append(op::Append {
                get: self.getter(&append.get)?,
                update: self.updater(&append.update)?,
                from: text(&append.from),
                to: text(&append.to),
                separator: text(&append.separator),
            }),
        })
    }

    fn source(self, source: &ir::Source) -> Result<op::Source> {
        let set = source.set.iter();
        let set = set.map(|(place, value)| (text(place), text(&value.to_string())));
        Ok(op::Source {
            list: self.find(&source.list)?,
            words: text(&source.words),
            set: list(set),
            size: source.size,
        })
    }

    fn getter(self, getter: &ir::Getter) -> Result<op::Getter> {
        Ok(op::Getter {
            name: text(&getter.name),
            get: self.find(&getter.get)?,
            id: text(&getter.id),
            record: text(&getter.record),
        })
    }

    fn updater(self, updater: &ir::Updater) -> Result<op::Updater> {
        let carry = updater.carry.iter();
        let carry = carry.map(|(place, from)| (text(place), text(from)));
        Ok(op::Updater {
            update: self.find(&updater.update)?,
            id: text(&updater.id),
            carry: list(carry),
            if_match: text(&updater.if_match),
        })
    }
}

fn related(one: &ir::Related) -> op::Related {
    op::Related {
        name: text(&one.name),
        from: text(&one.from),
        from_key: text(&one.from_key),
        to: text(&one.to),
        to_key: text(&one.to_key),
        columns: texts(&one.columns),
    }
}

#[cfg(test)]
mod tests {
    use mcpwright::emit::listed_operation;
    use mcpwright_runtime::catalog;
    use serde_json::Value;

    /// What is counted at generation time is what the compiled server lists, and what `recall` measures.
    #[test]
    fn a10_what_is_counted_is_what_the_server_lists() {
        let document = crate::paths::root().join("specs/crm.yaml");
        let generated = mcpwright::Config::new().spec(document).generate().unwrap();
        let counted: Vec<(&str, &str, Value)> = generated
            .api
            .operations()
            .map(|one| {
                let schema = listed_operation(one);
                (one.tool.as_str(), one.description.as_str(), schema)
            })
            .collect();
        let tables = super::listed(&generated.api).unwrap();
        for api in [&northlight_crm_mcp::API, tables] {
            let (_, tools) = catalog::listed(api, "all").unwrap();
            let said = |tool: &Value, key: &str| tool[key].as_str().unwrap_or_default().to_owned();
            for (name, description, schema) in &counted {
                let mut tools = tools.iter();
                let listed = tools.find(|tool| said(tool, "name") == *name).unwrap();
                assert_eq!(said(listed, "description"), *description);
                assert_eq!(
                    listed["inputSchema"].to_string(),
                    schema.to_string(),
                    "{name}"
                );
            }
            assert_eq!(tools.len(), counted.len());
        }
    }
}
