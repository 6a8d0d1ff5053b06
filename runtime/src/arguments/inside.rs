//! Names that stand inside of an argument and were given beside it: `{"pageSize": 5}` for
//! `{"pagination": {"pageSize": 5}}`, and what others call the size of a page.

use super::problem::{Problem, Problems, UNKNOWN};
use super::schema::Root;
use crate::json::place::{escaped, unescaped};
use crate::json::{Object, Value, place};
use crate::operation::OperationDef;
use crate::result::PAGE_SIZES;
use crate::text::{bare_name, cap};

/// Problems of a call that are looked at.
const MOST: usize = 20;
/// Longest text that is repeated, in characters.
const LONGEST: usize = 40;

/// Says of names that a tool does not have where they stand, if one of its arguments has them.
pub(super) fn told<'a>(
    root: Root<'a>,
    schema: &'a Object,
    operation: Option<&OperationDef>,
    given: &Value,
    problems: &mut Problems,
) {
    let looked: Vec<(String, String)> = problems
        .iter()
        .filter(|problem| problem.message.starts_with(UNKNOWN))
        .filter_map(|problem| {
            let name = problem.pointer.strip_prefix('/')?;
            (!name.contains('/')).then_some((problem.pointer.clone(), name))
        })
        .take(MOST)
        .filter_map(|(pointer, name)| {
            let name = unescaped(name);
            let at = member(root, schema, &name).or_else(|| size(operation, &name))?;
            Some((pointer, example(&at, given.get(&name))?))
        })
        .collect();
    if looked.is_empty() {
        return;
    }
    problems.reword(|problem: &Problem| {
        let (_, example) = looked.iter().find(|(at, _)| *at == problem.pointer)?;
        let rest = problem.message.strip_prefix(UNKNOWN)?;
        let valid = rest.find(" Valid: ").and_then(|at| rest.get(at..));
        let valid = valid.unwrap_or(rest);
        Some(format!("{UNKNOWN} Give it as {example}.{valid}"))
    });
}

/// The place of the only object that has a property of this name.
fn member<'a>(root: Root<'a>, schema: &'a Object, name: &str) -> Option<String> {
    let wanted = bare_name(name);
    let arguments = schema.get("properties").and_then(Value::as_object)?;
    let mut found = None;
    for (argument, held) in arguments {
        let parts = root.parts(held.as_object()?).unwrap_or_default();
        let names = parts
            .iter()
            .filter_map(|part| part.get("properties")?.as_object());
        for inner in names.flat_map(Object::keys) {
            root.budget().look(1);
            if bare_name(inner) == wanted {
                let at = format!("/{}/{}", escaped(argument), escaped(inner));
                if found.as_ref().is_some_and(|known| *known != at) {
                    return None;
                }
                found = Some(at);
            }
        }
    }
    found
}

/// The place of the page's size, if that is what a name asks for.
fn size(operation: Option<&OperationDef>, name: &str) -> Option<String> {
    let size = operation?.answer?.paging?.size?;
    let is_held = size.argument.starts_with('/');
    (is_held && PAGE_SIZES.contains(&bare_name(name).as_str())).then(|| size.argument.to_owned())
}

/// What was given as it is given there.
fn example(at: &str, given: Option<&Value>) -> Option<String> {
    let shown = match given? {
        Value::String(text) => Value::from(cap(text, LONGEST).into_owned()),
        Value::Array(_) | Value::Object(_) => Value::from("…"),
        plain => plain.clone(),
    };
    let (name, value) = place::with(at, shown, &Object::new());
    let mut call = Object::new();
    call.insert(name, value);
    Some(Value::Object(call).to_string())
}

#[cfg(test)]
mod tests {
    use crate::arguments::check;
    use crate::json::{Value, json};
    use crate::operation::{Answer, OperationDef, PageSize, Paging};

    static SEARCH: OperationDef = OperationDef {
        tool: "search_contacts",
        answer: Some(Answer {
            paging: Some(Paging {
                size: Some(PageSize {
                    argument: "/pagination/pageSize",
                    max: 100,
                    usual: 10,
                    send: true,
                }),
                ..Paging::DEFAULT
            }),
            ..Answer::DEFAULT
        }),
        ..OperationDef::DEFAULT
    };

    #[test]
    fn a_name_that_stands_inside_of_an_argument_is_told_with_its_place() {
        let schema = json!({"properties": {
            "term": {"type": "string"},
            "pagination": {"$ref": "#/$defs/page"},
            "billing": {"type": "object", "properties": {"city": {"type": "string"}}},
            "shipping": {"type": "object", "properties": {"city": {"type": "string"}}},
        }, "$defs": {"page": {"type": "object", "properties": {
            "page": {"type": "integer"}, "pageSize": {"type": "integer"},
        }}}, "additionalProperties": false});
        let schema = schema.as_object().cloned().unwrap_or_default();
        let valid = "Valid: term, pagination, billing, shipping.";
        for (given, expected) in [
            (
                json!({"pageSize": 5}),
                r#"there is no such argument. Give it as {"pagination":{"pageSize":5}}."#,
            ),
            (
                json!({"page_size": "5"}),
                r#"there is no such argument. Give it as {"pagination":{"pageSize":"5"}}."#,
            ),
            (
                json!({"limit": 5}),
                r#"there is no such argument. Give it as {"pagination":{"pageSize":5}}."#,
            ),
            (
                json!({"page": [1]}),
                r#"there is no such argument. Give it as {"pagination":{"page":"…"}}."#,
            ),
            // Two have it.
            (json!({"city": "Ulm"}), "there is no such argument."),
            (
                json!({"tern": "x"}),
                r#"there is no such argument. Did you mean "term"?"#,
            ),
        ] {
            let given: Value = given;
            let arguments = given.as_object().cloned().unwrap_or_default();
            let problems = check(&SEARCH, &schema, arguments).err().unwrap_or_default();
            let said: Vec<&str> = problems.iter().map(|one| one.message.as_str()).collect();
            assert_eq!(said, [format!("{expected} {valid}")], "{given}");
        }
    }
}
