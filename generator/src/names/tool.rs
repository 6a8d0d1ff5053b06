//! Tool names: `verb_resource`, at most 40 characters, unique, and independent of the order of the
//! document.
//!
//! The operationId is a hint: `listCustomers`, `leads.create`, `leads_retrieve` and
//! `list_contacts_api_v1_contacts_get` all carry a verb and a resource. Without a usable one, method
//! and path decide.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::resource::{Path, common_prefix, from_path};
use super::verbs::{ALSO_NOUNS, VERBS, usual};
use super::words::{singular, words};

/// Longest tool name: clients put `mcp__server__` in front and cut at 60 to 64 characters.
const LONGEST: usize = 40;

/// Verbs that say nothing without a resource.
const GENERAL: [&str; 18] = [
    "list", "get", "create", "update", "delete", "add", "remove", "set", "find", "fetch", "read",
    "retrieve", "show", "view", "patch", "replace", "put", "post",
];

/// What the naming looks at.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// HTTP method, upper case.
    pub method: &'a str,
    /// Path template.
    pub path: &'a str,
    /// operationId, empty if there is none.
    pub operation_id: &'a str,
}

/// The names of all operations, in the order given, and which of them had to be shortened or changed
/// to be unique.
#[derive(Debug, Default)]
pub struct ToolNames {
    /// One name per operation.
    pub names: Vec<String>,
    /// Indices of names that were cut or got a suffix.
    pub altered: Vec<usize>,
}

/// Names for all operations. `operations` may come in any order: each gets the same name.
pub fn tool_names(operations: &[Named<'_>]) -> ToolNames {
    let common = common_prefix(operations);
    let paths: Vec<Path> = operations
        .iter()
        .map(|o| Path::new(o.path, common))
        .collect();
    let mut result = ToolNames {
        names: vec![String::new(); operations.len()],
        altered: Vec::new(),
    };
    let mut taken: HashSet<String> = HashSet::new();
    // Each round offers a longer name to those that still share one.
    let mut open: Vec<usize> = (0..operations.len()).collect();
    for round in 0..4u8 {
        let mut offers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for &i in &open {
            if let (Some(operation), Some(path)) = (operations.get(i), paths.get(i)) {
                offers
                    .entry(offer(operation, path, round))
                    .or_default()
                    .push(i);
            }
        }
        open.clear();
        for (name, candidates) in offers {
            match candidates.as_slice() {
                [one] if !name.is_empty() && name.len() <= LONGEST && !taken.contains(&name) => {
                    taken.insert(name.clone());
                    assign(&mut result, *one, name, false);
                }
                several => open.extend(several),
            }
        }
        open.sort_unstable();
    }
    // What is still not unique or too long gets a hash of its method and path.
    open.sort_by_key(|&i| operations.get(i).map(|o| (o.path, o.method)));
    for i in open {
        let (Some(operation), Some(path)) = (operations.get(i), paths.get(i)) else {
            continue;
        };
        let base = offer(operation, path, 0);
        let mut salt = 0u32;
        loop {
            let suffix = format!(
                "{:04x}",
                fnv(operation.method, operation.path, salt) & 0xffff
            );
            let room = LONGEST.saturating_sub(suffix.len().saturating_add(1));
            let name = format!("{}_{suffix}", cut_at_word(&base, room));
            if taken.insert(name.clone()) {
                assign(&mut result, i, name, true);
                break;
            }
            salt = salt.saturating_add(1);
        }
    }
    result.altered.sort_unstable();
    result
}

fn assign(result: &mut ToolNames, index: usize, name: String, altered: bool) {
    if let Some(slot) = result.names.get_mut(index) {
        *slot = name;
    }
    if altered {
        result.altered.push(index);
    }
}

/// The name that an operation asks for in a round: 0 from its operationId, 1 and 2 from the path with
/// more and more of it, 3 with the method's name in it.
fn offer(operation: &Named<'_>, path: &Path, round: u8) -> String {
    let words = match round {
        0 => from_id(operation, path).unwrap_or_else(|| from_path(operation.method, path, 1)),
        1 => from_path(operation.method, path, 2),
        2 => from_path(operation.method, path, usize::MAX),
        _ => {
            let mut words = from_path(operation.method, path, usize::MAX);
            words.extend(
                path.parameters
                    .iter()
                    .flat_map(|p| std::iter::once("by".to_owned()).chain(super::words::words(p))),
            );
            words
        }
    };
    let mut name = words.join("_");
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.is_empty() {
        name.insert_str(0, "op_");
    }
    name
}

/// A name from the operationId, if it has a verb and something else.
fn from_id(operation: &Named<'_>, path: &Path) -> Option<Vec<String>> {
    let mut id = words(operation.operation_id);
    strip_framework_suffix(&mut id, operation);
    let known = |word: &String| VERBS.contains(&word.as_str()) || usual(word) != word.as_str();
    if id.len() < 2 {
        return match id.as_slice() {
            // `login`, `search`: a verb alone says enough when no resource could be added.
            [verb]
                if known(verb) && !GENERAL.contains(&verb.as_str()) && path.literals.len() <= 1 =>
            {
                Some(id)
            }
            _ => None,
        };
    }
    let noun_then_verb = id.first().is_some_and(|w| ALSO_NOUNS.contains(&w.as_str()))
        && id.last().is_some_and(&known);
    // `invoiceProjectTimesheets` on `/projects/{id}/invoice-timesheets`: the path says that the first
    // word is what is done.
    let action = operation.method == "POST"
        && !path.ends_in_parameter
        && !path.parameters.is_empty()
        && path.literals.last().and_then(|(words, _)| words.first()) == id.first();
    if !noun_then_verb && (action || id.first().is_some_and(&known)) {
        if let Some(first) = id.first_mut() {
            *first = usual(first).to_owned();
        }
        return Some(id);
    }
    // `leads_partial_update`, `leads.create`: the verb comes last.
    if id.ends_with(&["partial".to_owned(), "update".to_owned()]) {
        id.truncate(id.len().saturating_sub(2));
        return Some(verb_first("update", id));
    }
    if id.last().is_some_and(known) {
        let verb = id.pop().unwrap_or_default();
        return Some(verb_first(usual(&verb), id));
    }
    None
}

/// Moves the verb to the front; one record is named in the singular.
fn verb_first(verb: &str, resource: Vec<String>) -> Vec<String> {
    let mut words = vec![verb.to_owned()];
    words.extend(resource);
    let many = matches!(
        verb,
        "list" | "search" | "count" | "export" | "import" | "batch" | "bulk" | "find" | "query"
    );
    if !many && let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words
}

/// FastAPI appends path and method to the function name: `list_contacts_api_v1_contacts_get`.
fn strip_framework_suffix(id: &mut Vec<String>, operation: &Named<'_>) {
    let mut suffix = words(operation.path);
    suffix.push(operation.method.to_ascii_lowercase());
    if id.len() > suffix.len() && id.ends_with(&suffix) {
        id.truncate(id.len().saturating_sub(suffix.len()));
    }
}

fn cut_at_word(name: &str, room: usize) -> &str {
    if name.len() <= room {
        return name;
    }
    let cut = name.get(..room).unwrap_or(name);
    cut.rfind('_')
        .filter(|&at| at > room / 2)
        .and_then(|at| cut.get(..at))
        .unwrap_or(cut)
}

/// FNV-1a, 32 bit: a suffix only has to be stable and spread well.
fn fnv(method: &str, path: &str, salt: u32) -> u32 {
    method
        .bytes()
        .chain([b' '])
        .chain(path.bytes())
        .chain(salt.to_le_bytes())
        .fold(0x811c_9dc5, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
}

/// Number of operations that share each operationId, for the report.
pub fn duplicate_ids<'a>(operations: &[Named<'a>]) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for operation in operations.iter().filter(|o| !o.operation_id.is_empty()) {
        let count: &mut usize = counts.entry(operation.operation_id).or_default();
        *count = count.saturating_add(1);
    }
    counts.retain(|_, count| *count > 1);
    counts
}

#[cfg(test)]
mod tests {
    use super::{Named, tool_names};

    fn names(operations: &[(&str, &str, &str)]) -> Vec<String> {
        let named: Vec<_> = operations
            .iter()
            .map(|(method, path, operation_id)| Named {
                method,
                path,
                operation_id,
            })
            .collect();
        tool_names(&named).names
    }

    #[test]
    fn operation_ids_of_all_frameworks_become_verb_and_resource() {
        for (method, path, id, expected) in [
            ("GET", "/customers", "listCustomers", "list_customers"),
            ("POST", "/leads", "leads.create", "create_lead"),
            ("GET", "/leads/{id}", "leads_retrieve", "get_lead"),
            (
                "PATCH",
                "/leads/{id}",
                "leads_partial_update",
                "update_lead",
            ),
            ("DELETE", "/leads/{id}", "leads_destroy", "delete_lead"),
            (
                "GET",
                "/api/v1/contacts",
                "list_contacts_api_v1_contacts_get",
                "list_contacts",
            ),
            ("POST", "/invoices/{id}/send", "", "send_invoice"),
            ("POST", "/invoices/send/{id}", "", "send_invoice"),
            ("POST", "/leads", "post", "create_lead"),
            ("POST", "/login", "login", "login"),
            (
                "GET",
                "/customers/{id}/contacts",
                "",
                "list_customer_contacts",
            ),
            ("GET", "/customers/{id}", "", "get_customer"),
            ("POST", "/customers", "", "create_customer"),
            (
                "POST",
                "/p/{id}/invoice-timesheets",
                "invoiceProjectTimesheets",
                "invoice_project_timesheets",
            ),
            (
                "GET",
                "/reports/overdue",
                "reportOverdueInvoices",
                "report_overdue_invoices",
            ),
            ("GET", "/reports", "reports_list", "list_reports"),
            ("GET", "/requests", "request.list", "list_request"),
            ("GET", "/me", "me", "get_me"),
            ("GET", "/", "", "get_root"),
            ("GET", "/{id}", "ключ", "get_root"),
        ] {
            assert_eq!(
                names(&[(method, path, id)]),
                [expected],
                "{id} {method} {path}"
            );
        }
    }

    #[test]
    fn names_do_not_depend_on_the_order_of_the_document() {
        let mut operations = vec![
            ("GET", "/a/things", "list"),
            ("GET", "/b/things", "list"),
            ("GET", "/b/{x}/things", "list"),
            ("GET", "/b/{y}/things/{z}", "get"),
            ("PUT", "/b/{y}/things/{z}", "get"),
        ];
        let forward = names(&operations);
        operations.reverse();
        let mut backward = names(&operations);
        backward.reverse();
        assert_eq!(forward, backward);
        let mut unique = forward.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), forward.len());
    }

    #[test]
    fn long_names_are_cut_at_a_word_and_get_a_stable_suffix() {
        let id = "updateTheVeryLongNameOfAnOperationThatNobodyCanRemember";
        let name = names(&[(
            "PUT",
            "/some/very/long/path/that/has/many/segments/in/it/{x}",
            id,
        )]);
        assert!(name[0].len() <= 40, "{name:?}");
        assert!(name[0].starts_with("update_"), "{name:?}");
    }

    #[test]
    fn every_name_is_client_safe_and_unique() {
        let operations: Vec<_> = (0..300).map(|_| ("GET", "/x/{y}", "x")).collect();
        let mut given = names(&operations);
        given.sort();
        given.dedup();
        assert_eq!(given.len(), 300);
        for name in given {
            assert!(
                name.len() <= 40
                    && name
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            );
        }
    }
}
