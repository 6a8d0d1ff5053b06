//! Tool names: `verb_resource`, at most 40 characters, unique, and independent of the order of the
//! document.
//!
//! The operationId is a hint: `listCustomers`, `leads.create`, `leads_retrieve` and
//! `list_contacts_api_v1_contacts_get` all carry a verb and a resource. Without a usable one, method
//! and path decide.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::operation_id::from_id;
use super::resource::{Path, common_prefix, from_path, is_wordless};

/// Longest tool name: clients put `mcp__server__` in front and cut at 60 to 64 characters.
pub(crate) const LONGEST: usize = 40;

/// Suffixes by which a name is known to have one: a second is hardly ever needed.
const TRIES: u32 = 4;

/// How tools are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// `create_lead`
    #[default]
    VerbResource,
    /// `lead_create`
    ResourceVerb,
    /// `leads.create`, as the operationId has it, else `lead.create`.
    Dotted,
}

/// What the naming looks at.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// HTTP method, upper case.
    pub method: &'a str,
    /// Path template.
    pub path: &'a str,
    /// operationId, empty if there is none.
    pub operation_id: &'a str,
    /// Which part of the operation it is; empty for all of it.
    pub part: &'a str,
    /// The name that settings give it.
    pub given: Option<&'a str>,
}

/// The names of all operations, in the order given, and which of them had to be shortened or changed
/// to be unique.
#[derive(Debug, Default)]
pub struct ToolNames {
    /// One name per operation.
    pub names: Vec<String>,
    /// Indices of names that were cut or got a suffix.
    pub altered: Vec<usize>,
    /// Indices of names that say nothing, since the path has no word.
    pub wordless: Vec<usize>,
}

/// Whether settings may give a tool this name: `^[a-z][a-z0-9_]{0,39}$`, and with `dots` a dot between
/// words.
pub fn is_tool_name(name: &str, dots: bool) -> bool {
    let dotted = |b: u8| dots && b == b'.';
    name.len() <= LONGEST
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('.')
        && !name.contains("..")
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || dotted(b))
}

/// Names for all operations. `operations` may come in any order: each gets the same name.
pub fn tool_names(operations: &[Named<'_>], style: Style) -> ToolNames {
    let common = common_prefix(operations);
    let paths: Vec<Path> = operations
        .iter()
        .map(|o| Path::new(o.path, common))
        .collect();
    let mut result = ToolNames {
        names: vec![String::new(); operations.len()],
        ..ToolNames::default()
    };
    let mut taken: HashSet<String> = HashSet::new();
    // Each round offers a longer name to those that still share one.
    let mut open: Vec<usize> = Vec::with_capacity(operations.len());
    for (i, operation) in operations.iter().enumerate() {
        match operation.given {
            Some(name) => {
                taken.insert(name.to_owned());
                assign(&mut result, i, name.to_owned(), false);
            }
            None => open.push(i),
        }
    }
    for round in 0..4u8 {
        let mut offers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for &i in &open {
            if let (Some(operation), Some(path)) = (operations.get(i), paths.get(i)) {
                offers
                    .entry(offer(operation, path, round, style))
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
        let base = offer(operation, path, 0, style);
        let mut salt = 0u32;
        loop {
            let suffix = suffix(operation.method, operation.path, salt);
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
    for (index, (operation, name)) in operations.iter().zip(&result.names).enumerate() {
        let bare = readable(name, operation.method, operation.path);
        let says_nothing = || is_wordless(operation.path) && bare.split('_').any(|w| w == "root");
        if operation.given.is_none() && says_nothing() {
            result.wordless.push(index);
        }
    }
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
fn offer(operation: &Named<'_>, path: &Path, round: u8, style: Style) -> String {
    if style == Style::Dotted && round == 0 && is_dotted(operation.operation_id) {
        return operation.operation_id.to_owned();
    }
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
    let mut name = match (style, words.as_slice()) {
        (Style::ResourceVerb, [verb, resource @ ..]) if !resource.is_empty() => {
            format!("{}_{verb}", resource.join("_"))
        }
        (Style::Dotted, [verb, resource @ ..]) if !resource.is_empty() => {
            format!("{}.{verb}", resource.join("_"))
        }
        _ => words.join("_"),
    };
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.is_empty() {
        name.insert_str(0, "op_");
    }
    name
}

/// Whether an operationId is `resource.verb` already.
fn is_dotted(id: &str) -> bool {
    id.split('.').count() == 2 && is_tool_name(id, true)
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

/// What makes a name unique; `salt` counts the tries.
fn suffix(method: &str, path: &str, salt: u32) -> String {
    format!("{:04x}", fnv(method, path, salt) & 0xffff)
}

/// The name of a tool as it is read: without what makes it unique, which says nothing.
pub fn readable<'n>(name: &'n str, method: &str, path: &str) -> &'n str {
    let Some((bare, last)) = name.rsplit_once('_') else {
        return name;
    };
    match (0..TRIES).any(|salt| suffix(method, path, salt) == last) {
        true => bare,
        false => name,
    }
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
    use super::{Named, Style, is_tool_name, readable, tool_names};

    fn names(operations: &[(&str, &str, &str)]) -> Vec<String> {
        let named: Vec<_> = operations
            .iter()
            .map(|(method, path, operation_id)| Named {
                method,
                path,
                operation_id,
                part: "",
                given: None,
            })
            .collect();
        tool_names(&named, Style::VerbResource).names
    }

    #[test]
    fn styles_put_the_same_words_in_another_order() {
        let operations = [
            ("POST", "/leads", "leads.create"),
            ("GET", "/leads/{id}", ""),
            ("POST", "/invoices/{id}/send", "sendInvoice"),
            ("POST", "/login", "login"),
        ];
        let named: Vec<_> = operations
            .iter()
            .map(|(method, path, operation_id)| Named {
                method,
                path,
                operation_id,
                part: "",
                given: None,
            })
            .collect();
        for (style, expected) in [
            (
                Style::VerbResource,
                ["create_lead", "get_lead", "send_invoice", "login"],
            ),
            (
                Style::ResourceVerb,
                ["lead_create", "lead_get", "invoice_send", "login"],
            ),
            (
                Style::Dotted,
                ["leads.create", "lead.get", "invoice.send", "login"],
            ),
        ] {
            assert_eq!(tool_names(&named, style).names, expected, "{style:?}");
        }
    }

    #[test]
    fn a_given_name_is_kept_and_no_other_tool_gets_it() {
        let named = [
            Named {
                method: "GET",
                path: "/leads",
                operation_id: "listLeads",
                part: "",
                given: None,
            },
            Named {
                method: "GET",
                path: "/old",
                operation_id: "old",
                part: "",
                given: Some("list_leads"),
            },
        ];
        let names = tool_names(&named, Style::VerbResource).names;
        assert_eq!(names[1], "list_leads");
        assert_ne!(names[0], "list_leads");
    }

    #[test]
    fn names_that_clients_refuse_cannot_be_given() {
        for (name, dots, expected) in [
            ("create_lead", false, true),
            ("leads.create", true, true),
            ("leads.create", false, false),
            ("leads.", true, false),
            ("Create", false, false),
            ("", false, false),
            ("1st", false, false),
            ("a-b", false, false),
            (&"a".repeat(41), false, false),
        ] {
            assert_eq!(is_tool_name(name, dots), expected, "{name}");
        }
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
            ("GET", "/{id}", "💩", "get_root"),
            ("GET", "/{id}", "ключ", "get_root"),
            ("GET", "/клиенты", "", "get_klienty"),
            ("GET", "/größen/{id}", "", "get_grossen"),
            // The path ends in the noun that the operationId starts with.
            (
                "POST",
                "/invoices/{id}/payments",
                "payments_create",
                "create_payment",
            ),
            // The verb stands between noun and object.
            (
                "DELETE",
                "/tickets/{id}/replies/{reply}",
                "tickets.delete_reply",
                "delete_ticket_reply",
            ),
            (
                "POST",
                "/tasks/{id}/mark-complete",
                "tasks.mark_complete",
                "mark_task_complete",
            ),
            (
                "POST",
                "/credit-notes/{id}/refunds",
                "credit_notes.add_refund",
                "add_credit_note_refund",
            ),
            (
                "POST",
                "/tickets/{id}/status",
                "tickets.change_status",
                "change_ticket_status",
            ),
            (
                "GET",
                "/customers/{id}/contacts",
                "customers.get_contacts",
                "list_customer_contacts",
            ),
            (
                "GET",
                "/currencies",
                "utility.get_currencies",
                "list_currencies",
            ),
            (
                "GET",
                "/staff/departments",
                "staff.get_department_list",
                "get_staff_department_list",
            ),
            ("GET", "/admin/users/{id}", "adminGetUser", "get_admin_user"),
            // Words that are no verbs here.
            ("POST", "/data/sets", "data_set_create", "create_data_set"),
            (
                "POST",
                "/customers/{id}/items",
                "customerListItemAdd",
                "add_customer_list_item",
            ),
            // The method as a first word says nothing.
            ("POST", "/search", "post-search", "search"),
            ("POST", "/pages", "post-page", "create_page"),
            ("PATCH", "/pages/{id}", "patch-page", "patch_page"),
            (
                "GET",
                "/posts/{id}/replies.json",
                "postReplies",
                "list_post_replies",
            ),
            ("GET", "/leads/{id}", "deleteLead", "delete_lead"),
            ("GET", "/badges.json", "adminBadges", "list_badges"),
            // drf-spectacular: the path's words and what the method usually does.
            (
                "POST",
                "/notifications/{id}/read",
                "notifications_read_create",
                "mark_notification_read",
            ),
            (
                "POST",
                "/leads/create-from-site",
                "leads_create_from_site_create",
                "create_lead_from_site",
            ),
            (
                "GET",
                "/users/get-teams-and-users",
                "users_get_teams_and_users_retrieve",
                "get_user_teams_and_users",
            ),
            (
                "POST",
                "/cases/{id}/watch",
                "cases_watch_create",
                "watch_case",
            ),
            (
                "DELETE",
                "/cases/{id}/watch",
                "cases_watch_destroy",
                "delete_cases_watch",
            ),
            ("GET", "/search", "search_retrieve", "search"),
            ("POST", "/bulk", "bulkCreate", "bulk_create"),
            // Verbs in paths.
            (
                "GET",
                "/cases/reopen-policy",
                "cases_reopen_policy_retrieve",
                "get_cases_reopen_policy",
            ),
            (
                "POST",
                "/cases/{id}/close-with-children",
                "",
                "close_case_with_children",
            ),
            (
                "POST",
                "/cases/{id}/request-approval",
                "",
                "request_case_approval",
            ),
            (
                "POST",
                "/cases/bulk/delete",
                "cases_bulk_delete_create",
                "bulk_delete_cases",
            ),
            (
                "POST",
                "/cases/{id}/solutions",
                "cases_solutions_create_2",
                "create_case_solution",
            ),
            (
                "POST",
                "/checks/{id}/rerequest",
                "rerequestCheck",
                "rerequest_check",
            ),
            (
                "GET",
                "/contracts/expired",
                "contracts.get_expired",
                "get_contracts_expired",
            ),
            (
                "PATCH",
                "/blocks/{id}/children",
                "patch-block-children",
                "patch_block_children",
            ),
            ("GET", "/customers/search/{text}", "", "search_customers"),
            ("POST", "/inbound/add-domain", "", "add_inbound_domain"),
            ("POST", "/users/info", "users/info", "get_user_info"),
            ("DELETE", "/cases/{id}/link", "", "delete_case_link"),
            ("GET", "/cases/{id}/link", "", "get_case_link"),
            ("POST", "/domains/buy", "buyDomain", "buy_domain"),
            (
                "PUT",
                "/admin/users/{id}/anonymize.json",
                "anonymizeUser",
                "anonymize_user",
            ),
            (
                "DELETE",
                "/telegram/disconnect",
                "disconnectTelegram",
                "disconnect_telegram",
            ),
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
    fn a_method_of_its_own_is_the_verb() {
        for (method, path, expected) in [
            ("COPY", "/files/{id}", "copy_file"),
            ("MOVE", "/files/{id}", "move_file"),
            ("PURGE", "/files", "purge_files"),
            ("COPY", "/files/{id}/archive", "copy_file_archive"),
            ("VERSION-CONTROL", "/files/{id}", "version_control_file"),
            ("COPY", "/", "copy_root"),
            ("!", "/files", "call_files"),
        ] {
            assert_eq!(names(&[(method, path, "")]), [expected], "{method} {path}");
        }
        let both = [
            ("COPY", "/files/{id}", ""),
            ("MOVE", "/files/{id}", ""),
            ("GET", "/folders/{id}", ""),
        ];
        assert_eq!(names(&both), ["copy_file", "move_file", "get_folder"]);
    }

    #[test]
    fn a_path_that_all_operations_share_keeps_its_resource() {
        let methods = ["GET", "PUT", "DELETE"];
        for (path, noun) in [
            ("/files/{id}", "file"),
            ("/api/v1/files/{id}", "file"),
            ("/crm/files/{a}/{b}", "file"),
            ("/api/v1/{id}", "root"),
            ("/{id}", "root"),
        ] {
            let all = methods.map(|method| (method, path, ""));
            let expected = ["get", "update", "delete"].map(|verb| format!("{verb}_{noun}"));
            assert_eq!(names(&all), expected, "{path}");
        }
        // The shared part is a resource where nothing follows it.
        let all = [
            ("GET", "/crm/{id}", ""),
            ("GET", "/crm/leads", ""),
            ("GET", "/crm/deals", ""),
        ];
        assert_eq!(names(&all), ["get_crm", "list_leads", "list_deals"]);
    }

    #[test]
    fn what_makes_a_name_unique_is_not_read() {
        let same = [
            ("GET", "/x", ""),
            ("GET", "/x/", ""),
            ("COPY", "/x", ""),
            ("copy", "/x", ""),
        ];
        for ((method, path, _), name) in same.iter().zip(names(&same)) {
            let expected = if *method == "GET" { "get_x" } else { "copy_x" };
            assert_ne!(name, expected);
            assert_eq!(readable(&name, method, path), expected);
        }
        assert_eq!(readable("get_x_0000", "GET", "/x"), "get_x_0000");
        assert_eq!(readable("login", "POST", "/login"), "login");
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
