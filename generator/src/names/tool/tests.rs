//! Names that tools get: of ids of all frameworks, of paths, of styles.

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
fn a4_articles_are_no_part_of_a_name() {
    let found = names(&[
        ("GET", "/pages/{id}", "retrieve-a-page"),
        ("PATCH", "/pages/{id}", "updateThePage"),
        ("GET", "/pages", "listAllOfThePages"),
        ("GET", "/plans/a", "getPlanA"),
        ("POST", "/tests", "createABTest"),
    ]);
    let expected = [
        "get_page",
        "update_page",
        "list_all_of_pages",
        "get_plan_a",
        "create_ab_test",
    ];
    assert_eq!(found, expected);
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

#[test]
fn a_collection_whose_records_have_paths_is_listed_whatever_its_get_is_called() {
    for (path, id, beside, expected) in [
        (
            "/api/notifications/",
            "notifications_retrieve",
            "/api/notifications/{id}/read/",
            "list_notifications",
        ),
        (
            "/api/cases/{id}/notes",
            "cases_notes_retrieve",
            "/api/cases/{id}/notes/{note}",
            "list_cases_notes",
        ),
        // Nothing says that there are several.
        (
            "/api/org/settings/",
            "org_settings_retrieve",
            "/api/org/users/{id}",
            "get_org_settings",
        ),
        // Something else is read of all.
        (
            "/api/cases",
            "cases_summary_retrieve",
            "/api/cases/{id}",
            "get_cases_summary",
        ),
    ] {
        let made = names(&[("GET", path, id), ("PUT", beside, "")]);
        assert_eq!(made[0], expected, "{path}");
    }
}
