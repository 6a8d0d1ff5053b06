//! Prompts that are made up from what the operations can do.

use mcpwright::Generated;
use serde_json::{Map, Value, json};

use crate::support::generate_paths;

/// A list of records with these fields, which takes these arguments.
fn list(fields: &[&str], arguments: Value) -> Value {
    json!({"parameters": arguments, "responses": {"200": {"description": "ok", "content": {
        "application/json": {"schema": {"type": "array", "items": record(fields)}},
    }}}})
}

/// One record by its id.
fn one(fields: &[&str]) -> Value {
    let id = json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}});
    json!({"parameters": [id], "responses": {"200": {"description": "ok", "content": {
        "application/json": {"schema": record(fields)},
    }}}})
}

fn record(fields: &[&str]) -> Value {
    let of = |name: &str| match name.strip_suffix("Ids") {
        Some(_) => json!({"type": "array", "items": {"type": "string"}}),
        None => json!({"type": "string"}),
    };
    let properties: Map<String, Value> = fields
        .iter()
        .map(|name| ((*name).to_owned(), of(name)))
        .collect();
    json!({"type": "object", "properties": properties})
}

/// The steps of a prompt, a line each; nothing if there is no such prompt.
fn steps(generated: &Generated, name: &str) -> String {
    let prompts = &generated.api.prompts;
    let found = prompts.iter().find(|prompt| prompt.name == name);
    let steps = found.into_iter().flat_map(|prompt| &prompt.steps);
    let lines: Vec<&str> = steps.map(|step| step.text.as_str()).collect();
    lines.join("\n")
}

fn names(generated: &Generated) -> Vec<&str> {
    let prompts = generated.api.prompts.iter();
    prompts.map(|prompt| prompt.name.as_str()).collect()
}

#[test]
fn the_state_of_an_address_is_no_status() {
    let pipeline = list(&["total"], json!([]));
    let convert = one(&[]);
    for (fields, by) in [
        (
            &["amount", "owner", "state", "city", "status", "id"][..],
            "by status",
        ),
        (
            &["amount", "owner", "state", "zip", "lead_status"],
            "by lead_status",
        ),
        (&["amount", "owner", "state", "id"], "by state"),
        (&["amount", "owner", "state", "city"], ""),
    ] {
        let paths = json!({
            "/leads": {"get": list(fields, json!([]))},
            "/leads/{id}/convert": {"post": convert},
            "/reports/pipeline": {"get": pipeline},
        });
        let generated = generate_paths(paths, json!({}));
        let steps = steps(&generated, "digest_leads");
        assert_eq!(steps.is_empty(), by.is_empty(), "{fields:?}: {steps}");
        assert!(steps.contains(by), "{fields:?}: {steps}");
    }
}

#[test]
fn what_is_overdue_is_asked_for_in_the_words_of_the_list() {
    let of = |name: &str, schema: Value| json!({"name": name, "in": "query", "schema": schema});
    let due_to = of("due_to", json!({"type": "string", "format": "date"}));
    let overdue = of("overdue", json!({"type": "boolean"}));
    let late = of(
        "status",
        json!({"type": "string", "enum": ["paid", "past_due"]}),
    );
    for (arguments, how) in [
        (json!([due_to]), "`list_invoices` (due_to: today)."),
        (json!([due_to, overdue]), "`list_invoices` (overdue: true)."),
        (
            json!([due_to, overdue, late]),
            "`list_invoices` (status: past_due).",
        ),
    ] {
        let fields = ["id", "due_date", "status", "total"];
        let paths = json!({"/invoices": {"get": list(&fields, arguments)}});
        let generated = generate_paths(paths, json!({}));
        let steps = steps(&generated, "chase_overdue_invoices");
        assert!(steps.contains(how), "{how}: {steps}");
    }
}

#[test]
fn what_is_paid_is_chased_before_an_offer() {
    let fields = ["id", "due_date", "status", "total"];
    // Of many invoices nothing but an address says `state`.
    let owed = [
        "id",
        "due_date",
        "billing_state",
        "city",
        "total",
        "payment_modes",
    ];
    let paths = json!({
        "/estimates": {"get": list(&fields, json!([]))},
        "/invoices": {"get": list(&owed, json!([]))},
    });
    let generated = generate_paths(paths, json!({}));
    assert!(names(&generated).contains(&"chase_overdue_invoices"));
    assert!(!names(&generated).contains(&"chase_overdue_estimates"));
}

/// A document that says nothing of invoices but where they are, and much of cases.
#[test]
fn h13_invoices_are_chased_before_cases_also_where_their_fields_are_not_said() {
    let cases = ["id", "first_response_sla_deadline", "status", "priority"];
    let free = json!({"responses": {"200": {"description": "ok"}}});
    let paths = json!({
        "/cases": {"get": list(&cases, json!([]))},
        "/invoices": {"get": free},
        "/invoices/{id}": {"get": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "responses": {"200": {"description": "ok"}},
        }},
    });
    let generated = generate_paths(paths, json!({}));
    let steps = steps(&generated, "chase_overdue_invoices");
    assert!(
        steps.contains("should have been paid before today"),
        "{steps}"
    );
    assert!(!names(&generated).contains(&"chase_overdue_cases"));
}

#[test]
fn what_waits_comes_most_urgent_first_where_the_list_can_be_sorted_so() {
    let sort = |values: &[&str]| json!([{"name": "sort", "in": "query", "schema": {"type": "string", "enum": values}}]);
    for (arguments, how) in [
        (
            sort(&["created_at", "-priority"]),
            "`list_tickets` (sort: -priority), most urgent first, at most {limit}.",
        ),
        (
            sort(&["created_at", "-created_at"]),
            "`list_tickets`, at most {limit}; then order them by priority.",
        ),
        (
            json!([]),
            "`list_tickets`, at most {limit}; then order them by priority.",
        ),
    ] {
        let fields = ["id", "subject", "status", "priority"];
        let paths = json!({"/tickets": {"get": list(&fields, arguments)}});
        let generated = generate_paths(paths, json!({}));
        let steps = steps(&generated, "triage_tickets");
        assert!(steps.contains(how), "{how}: {steps}");
    }
}

#[test]
fn what_is_not_counted_is_called_as_people_say() {
    let below = |fields: &[&str]| {
        let mut list = list(fields, json!([]));
        list["parameters"] = one(&[])["parameters"].clone();
        list
    };
    let paths = json!({
        "/staff": {"get": list(&["id", "name"], json!([]))},
        "/staff/{id}": {"get": one(&["id", "name"])},
        "/staff/{id}/tasks": {"get": below(&["id"])},
        "/timesheets": {"get": list(&["id"], json!([
            {"name": "staff_id", "in": "query", "schema": {"type": "integer"}},
        ]))},
    });
    let generated = generate_paths(paths, json!({}));
    let prompts = &generated.api.prompts;
    let review = prompts.iter().find(|one| one.name == "review_staff_member");
    assert_eq!(review.unwrap().title, "Review one staff member");
    let steps = steps(&generated, "review_staff_member");
    assert!(
        steps.contains("Find the staff member with `list_staff`"),
        "{steps}"
    );
    assert!(steps.contains("`list_timesheets`"), "{steps}");
    // Said to people, who know no tools.
    let about = &review.unwrap().description;
    let expected = "Sums up one staff member with all that belongs to it: tasks and timesheets.";
    assert_eq!(about, expected);
}

#[test]
fn a_record_that_names_others_is_reviewed_with_them() {
    let search = |fields: &[&str]| {
        let mut search = list(fields, json!([]));
        let filter = json!({"type": "object", "properties": {"query": {"type": "string"}}});
        search["requestBody"] = json!({"content": {"application/json": {"schema": filter}}});
        search
    };
    let mut paths = Map::new();
    for (many, fields) in [
        (
            "deals",
            &[
                "id",
                "name",
                "contactIds",
                "organizationIds",
                "taskIds",
                "otherIds",
            ][..],
        ),
        ("contacts", &["id", "name", "dealIds"]),
        ("organizations", &["id", "name"]),
        ("tasks", &["id", "name"]),
    ] {
        paths.insert(format!("/{many}/search"), json!({"post": search(fields)}));
        paths.insert(format!("/{many}/{{id}}"), json!({"get": one(fields)}));
    }
    let generated = generate_paths(Value::Object(paths), json!({}));
    let steps = steps(&generated, "review_deal");
    for line in [
        "Find the deal with `search_deals`.",
        "Read it with `get_deal`.",
        "Look up the contacts that it names with `get_contact`.",
        "Look up the organizations that it names with `get_organization`.",
        "Look up the tasks that it names with `get_task`.",
    ] {
        assert!(steps.contains(line), "{line}: {steps}");
    }
    assert!(!names(&generated).contains(&"review_contact"));
}

#[test]
fn a_day_is_planned_from_what_reminds() {
    let mut paths = json!({
        "/contacts/overdue": {"get": list(&["id"], json!([]))},
        "/contacts/birthdays": {"get": list(&["id"], json!([]))},
        "/notifications/settings": {"get": one(&["daily"])},
        "/notifications/{id}": {"get": one(&["id"])},
    });
    // The places of ids are no reminders, nor are settings.
    let generated = generate_paths(paths.clone(), json!({}));
    assert!(!names(&generated).contains(&"plan_my_day"));
    paths["/notifications"] = json!({"get": list(&["id"], json!([]))});
    let generated = generate_paths(paths, json!({}));
    let steps = steps(&generated, "plan_my_day");
    let looks = steps.lines().filter(|line| line.starts_with("Look at `"));
    assert_eq!(looks.count(), 3, "{steps}");
    assert!(steps.contains("Change nothing."), "{steps}");
}

#[test]
fn pairs_are_merged_one_by_one() {
    let list = list(&["id"], json!([]));
    let mut paths = json!({
        "/organizations/duplicates": {"get": list},
        "/organizations/duplicates/{id}/dismiss": {"post": one(&[])},
        "/organizations/merge": {"post": one(&[])},
    });
    paths["/organizations/merge"]["post"]["parameters"] = json!([]);
    // What is merged elsewhere is not one of these pairs.
    let generated = generate_paths(paths.clone(), json!({}));
    assert!(!names(&generated).contains(&"clean_up_duplicates"));
    paths["/organizations/duplicates/{id}/merge"] = json!({"post": one(&[])});
    let generated = generate_paths(paths, json!({}));
    let found = steps(&generated, "clean_up_duplicates");
    let prompts = &generated.api.prompts;
    let prompt = prompts.iter().find(|one| one.name == "clean_up_duplicates");
    assert_eq!(prompt.unwrap().steps.len(), 3, "{found}");
    assert!(found.contains("cannot be undone"), "{found}");
}
