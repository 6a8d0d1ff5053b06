use super::classify;
use crate::ir::Risk::{Destructive, Outward, Read, Write};

#[test]
fn the_verb_of_the_tool_counts_wherever_it_stands() {
    for (method, path, id, tool, risk) in [
        (
            "POST",
            "/customers/{id}",
            "customers.delete",
            "delete_customer",
            Destructive,
        ),
        ("POST", "/invoices/send/{id}", "", "create_send", Outward),
        ("GET", "/leads/{id}/delete", "", "delete_lead", Destructive),
        ("GET", "/invoices/{id}/send", "", "send_invoice", Outward),
        ("GET", "/email", "getEmail", "get_email", Read),
        ("GET", "/refunds", "listRefunds", "list_refunds", Read),
        ("GET", "/logs/all", "purgeAll", "list_logs", Destructive),
        (
            "GET",
            "/logs",
            "get_and_purge_logs",
            "get_logs",
            Destructive,
        ),
        (
            "GET",
            "/accounts/closeAndDelete",
            "",
            "get_close",
            Destructive,
        ),
        ("GET", "/logs/purgeAndReturn", "", "get_purge", Destructive),
        (
            "GET",
            "/cancel-reasons",
            "cancel_reasons_list",
            "list_reasons",
            Read,
        ),
        (
            "GET",
            "/terms-and-conditions",
            "getTermsAndConditions",
            "get_terms",
            Read,
        ),
        (
            "GET",
            "/pulls/{id}/merge",
            "pulls/check-if-merged",
            "check_merge",
            Read,
        ),
        ("DELETE", "/webhook/{id}", "", "delete_webhook", Destructive),
        (
            "POST",
            "/v4/domains/buy",
            "buyDomain",
            "buy_domain",
            Outward,
        ),
        (
            "POST",
            "/credit-notes/{id}/refunds",
            "credit_notes.add_refund",
            "add_credit_note_refund",
            Outward,
        ),
        (
            "PUT",
            "/admin/users/{id}/anonymize.json",
            "anonymizeUser",
            "anonymize_user",
            Destructive,
        ),
    ] {
        assert_eq!(classify(method, path, id, tool).0, risk, "{method} {path}");
    }
}

#[test]
fn method_and_words_decide_the_class() {
    for (method, path, id, risk) in [
        ("GET", "/customers", "listCustomers", Read),
        ("POST", "/customers/search", "", Read),
        ("POST", "/objects/batch/read", "", Read),
        ("QUERY", "/customers", "", Read),
        ("POST", "/customers", "createCustomer", Write),
        ("PUT", "/customers/{id}", "", Write),
        ("PATCH", "/customers/{id}", "", Write),
        ("DELETE", "/customers/{id}", "", Destructive),
        ("POST", "/leads/bulk-delete", "", Destructive),
        ("POST", "/x", "deleteEverything", Destructive),
        ("POST", "/invoices/{id}/send", "", Outward),
        ("POST", "/refunds/{id}", "updateRefund", Write),
        ("POST", "/invoices/{id}/refund", "", Outward),
        ("POST", "/refunds/{id}.json", "", Write),
        ("POST", "/search.json", "", Read),
        ("POST", "/tickets/purchase", "", Outward),
        ("POST", "/purchase-orders", "createPurchaseOrder", Write),
        (
            "POST",
            "/users/{id}/anonymise",
            "anonymizeUser",
            Destructive,
        ),
        ("POST", "/rejects/list-sms", "rejects/list-sms", Write),
        ("POST", "/rejects/add-sms", "", Write),
        ("POST", "/rejects/delete-sms", "", Destructive),
        ("POST", "/messages/send-sms", "", Outward),
        ("POST", "/messages/sms", "", Outward),
        ("POST", "/accounts/{id}/create_mail", "", Outward),
        ("PUT", "/me/email", "updateEmail", Write),
        ("POST", "/registration", "emailLogin", Outward),
        ("POST", "/messages", "email_create", Write),
        ("POST", "/invites", "createInvite", Outward),
        ("POST", "/templates/list", "", Read),
        ("POST", "/users/get-by-email", "", Read),
        ("POST", "/boards/{id}/list", "", Write),
        ("POST", "/v1/list", "", Write),
        ("POST", "/list-items", "", Write),
        ("PURGE", "/cache", "", Destructive),
        ("UNLINK", "/leads/{id}", "", Destructive),
        ("LINK", "/leads/{id}", "", Write),
    ] {
        assert_eq!(classify(method, path, id, "").0, risk, "{method} {path}");
    }
}

#[test]
fn hints_promise_no_more_than_the_method_does() {
    for (method, destructive, idempotent) in [
        ("POST", false, false),
        ("PUT", true, true),
        ("PATCH", true, false),
        ("DELETE", true, true),
        ("PURGE", true, false),
        ("LINK", true, false),
        ("MOVE", true, false),
        ("lock", true, false),
    ] {
        let (_, hints, reason) = classify(method, "/leads/{id}", "", "");
        assert_eq!(
            (hints.read_only, hints.destructive, hints.idempotent),
            (false, destructive, idempotent),
            "{method}: {reason}"
        );
    }
    assert_eq!(
        classify("MOVE", "/x", "", "").2,
        "what MOVE does is not known"
    );
}

#[test]
fn what_converts_imports_or_subscribes_is_not_additive() {
    const PLAIN: (bool, bool) = (false, false);
    for (method, path, id, tool, class, hints) in [
        (
            "POST",
            "/leads/{id}/convert",
            "",
            "convert_lead",
            Write,
            (true, false),
        ),
        (
            "PUT",
            "/leads/{id}/convert",
            "",
            "convert_lead",
            Write,
            (true, false),
        ),
        (
            "POST",
            "/contacts/import",
            "",
            "import_contacts",
            Write,
            (true, false),
        ),
        (
            "POST",
            "/contacts/import/csv",
            "",
            "create_csv",
            Write,
            (true, false),
        ),
        (
            "POST",
            "/cases/import/commit/",
            "",
            "create_commit",
            Write,
            (true, false),
        ),
        (
            "POST",
            "/imports",
            "",
            "create_import",
            Write,
            (true, false),
        ),
        (
            "POST",
            "/leads",
            "importLeads",
            "import_leads",
            Write,
            (true, false),
        ),
        (
            "POST",
            "/cases/import/preview/",
            "",
            "preview_import",
            Write,
            PLAIN,
        ),
        ("POST", "/import-check", "", "check_import", Write, PLAIN),
        (
            "POST",
            "/webhooks",
            "",
            "create_webhook",
            Outward,
            (true, true),
        ),
        (
            "PATCH",
            "/webhooks/{id}",
            "",
            "update_webhook",
            Outward,
            (true, true),
        ),
        (
            "POST",
            "/webhooks/add",
            "",
            "add_webhook",
            Outward,
            (true, true),
        ),
        (
            "POST",
            "/webhooks/whatsapp",
            "",
            "create_webhooks_whatsapp",
            Write,
            PLAIN,
        ),
        (
            "POST",
            "/webhooks/info",
            "",
            "get_webhook_info",
            Write,
            PLAIN,
        ),
        (
            "POST",
            "/webhooks/{id}/toggle",
            "",
            "toggle_webhook",
            Write,
            (true, false),
        ),
    ] {
        let (risk, found, reason) = classify(method, path, id, tool);
        let found = (found.destructive, found.open_world, found.idempotent);
        let wanted = (hints.0, hints.1, false);
        assert_eq!((risk, found), (class, wanted), "{method} {path}: {reason}");
    }
}

#[test]
fn a_post_that_changes_how_a_record_stands_is_not_additive() {
    for (path, id, tool, destructive) in [
        ("/deals/{id}/close", "", "close_deal", true),
        (
            "/deals/{id}/close",
            "dealsCloseCreate",
            "create_deal_close",
            true,
        ),
        (
            "/invoices/{id}/approve",
            "approveInvoice",
            "approve_invoice",
            true,
        ),
        (
            "/staff/{id}/activate",
            "staff_activate",
            "activate_staff_member",
            true,
        ),
        ("/leads/{id}", "updateLead", "update_lead", true),
        ("/tasks/mark-done", "markDone", "mark_done", true),
        ("/deals", "createDeal", "create_deal", false),
        ("/deals/{id}/notes", "addDealNote", "add_deal_note", false),
        (
            "/close-reasons",
            "createCloseReason",
            "create_close_reason",
            false,
        ),
        (
            "/deals/{id}/close-reasons",
            "",
            "create_close_reason",
            false,
        ),
        ("/lists/{id}/members", "addMember", "add_list_member", false),
    ] {
        let (risk, hints, _) = classify("POST", path, id, tool);
        assert_eq!(
            (risk, hints.destructive),
            (Write, destructive),
            "{path} {tool}"
        );
        assert!(!hints.read_only && !hints.idempotent && !hints.open_world);
    }
}

#[test]
fn what_takes_something_back_adds_nothing_and_a_credential_that_is_renewed_is_lost() {
    for (method, path, id, tool, class, destructive) in [
        // The names alone.
        (
            "POST",
            "/org/api-key",
            "org_api_key_rotate",
            "rotate_org_api_key",
            Destructive,
            true,
        ),
        (
            "POST",
            "/org/api-key",
            "rotateApiKey",
            "",
            Destructive,
            true,
        ),
        (
            "POST",
            "/org/api-key",
            "org_api_key_rotate",
            "",
            Destructive,
            true,
        ),
        (
            "PUT",
            "/webhooks/{id}/secret",
            "",
            "rotate_webhook_secret",
            Destructive,
            true,
        ),
        // The path alone.
        (
            "POST",
            "/keys/{id}/regenerate-key",
            "",
            "",
            Destructive,
            true,
        ),
        (
            "POST",
            "/tokens/rotate",
            "",
            "create_tokens_rotate",
            Destructive,
            true,
        ),
        (
            "POST",
            "/suggestions/{id}/regenerate",
            "",
            "regenerate_suggestion",
            Write,
            true,
        ),
        (
            "POST",
            "/solutions/{id}/unpublish/",
            "solutions_unpublish_create",
            "",
            Write,
            true,
        ),
        ("POST", "/telegram/disconnect", "", "", Write, true),
        ("POST", "/contacts", "unlinkContacts", "", Write, true),
        ("POST", "/cases/{id}", "cases_unmerge", "", Write, true),
        ("POST", "/files", "", "detach_file", Write, true),
        // One key at a time, and a list of them.
        (
            "POST",
            "/settings/mcp-key",
            "generate_mcp_key",
            "generate_mcp_key",
            Write,
            true,
        ),
        (
            "POST",
            "/api-keys",
            "generate_api_key",
            "generate_api_key",
            Write,
            false,
        ),
        (
            "POST",
            "/auth/token",
            "generateToken",
            "generate_token",
            Write,
            false,
        ),
        (
            "POST",
            "/rotations",
            "createRotation",
            "create_rotation",
            Write,
            false,
        ),
        ("DELETE", "/telegram/disconnect", "", "", Destructive, true),
        ("GET", "/keys/rotate", "", "", Read, false),
    ] {
        let (risk, hints, reason) = classify(method, path, id, tool);
        assert_eq!(
            (risk, hints.destructive),
            (class, destructive),
            "{method} {path} {id} {tool}: {reason}"
        );
    }
}
