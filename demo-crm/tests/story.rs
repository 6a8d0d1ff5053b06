//! The stories that the demo tells.

mod support;

use serde_json::json;
use support::{Crm, start};

/// "Create an invoice for Acme Corp: 5 hours of dev work, due in 14 days, and email it."
#[test]
fn an_invoice_for_five_hours_is_made_and_mailed() {
    let crm = start();
    let me = crm.get("/me");
    assert_eq!(me.json["today"], "2026-11-21");

    let found = crm.get("/customers?q=acme%20corp");
    assert_eq!(found.json["meta"]["total"], 1);
    let customer = &found.json["data"][0]["id"];

    let items = crm.get("/items?q=dev+work&unit=hour");
    let item = &items.json["data"][0];
    assert_eq!(
        (item["name"].as_str(), item["rate"].as_str()),
        (Some("Development work, hourly"), Some("95.00"))
    );

    let body = json!({"customer_id": customer, "due_date": "2026-12-05",
                      "lines": [{"item_id": item["id"], "quantity": "5"}]});
    let invoice = crm.call("POST", "/invoices", &body);
    assert_eq!(invoice.status, 201);
    assert_eq!(invoice.json["number"], "INV-2026-0042");
    assert_eq!(invoice.json["total"], "475.00");
    assert_eq!(invoice.json["status"], "draft");
    let id = &invoice.json["id"];
    assert_eq!(
        invoice.header("location"),
        format!("{}/invoices/{id}", crm.server.base_url)
    );

    let sent = crm.send(
        "POST",
        &format!("/invoices/{id}/send"),
        &[("X-API-KEY", support::ADMIN)],
        b"",
    );
    assert_eq!(sent.status, 200, "{}", sent.json);
    assert_eq!(sent.json["invoice"]["status"], "sent");
    assert_eq!(sent.json["mail"]["to"], json!(["billing@acme.example"]));

    let mail = crm.get(&format!("/outbox/{}", sent.json["mail"]["id"]));
    let link = mail.json["pdf_url"].as_str().unwrap();
    assert!(mail.json["body"].as_str().unwrap().contains(link));
    // The customer has no key; the link works without one.
    let path = link.strip_prefix(&crm.server.base_url).unwrap();
    let pdf = crm.send("GET", path, &[], b"");
    assert_eq!(
        (pdf.status, pdf.header("content-type")),
        (200, "application/pdf")
    );
}

#[test]
fn a_line_takes_the_rate_agreed_with_the_customer() {
    let crm = start();
    let total = |customer: i64| {
        let lines = json!([{"item_id": 1, "quantity": "1.5"}]);
        let body = json!({"customer_id": customer, "lines": lines});
        crm.call("POST", "/invoices", &body).json["total"].clone()
    };
    assert_eq!(total(1), "142.50");
    assert_eq!(total(2), "165.00");
    let rate = crm.call("PUT", "/customers/1/rates/1", &json!({"rate": "100.00"}));
    assert_eq!(rate.json["source"], "customer");
    assert_eq!(total(1), "150.00");
    assert_eq!(crm.delete("/customers/1/rates/1").status, 204);
    assert_eq!(total(1), "142.50");
}

#[test]
fn sums_are_exact_and_rounded_half_up_per_line() {
    let crm = start();
    let line = |quantity: &str, price: &str| json!({"description": "x", "quantity": quantity, "unit_price": price, "tax_id": 2});
    let lines = [
        line("0.33", "0.05"),
        line("3", "0.10"),
        line("9999.99", "999999.99"),
    ];
    let invoice = crm.call(
        "POST",
        "/invoices",
        &json!({"customer_id": 1, "lines": lines}),
    );
    let amounts: Vec<&str> = invoice.json["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["amount"].as_str().unwrap())
        .collect();
    assert_eq!(amounts, ["0.02", "0.30", "9999989900.00"]);
    assert_eq!(invoice.json["subtotal"], "9999989900.32");
    assert_eq!(invoice.json["tax_total"], "1899998081.06");
    assert_eq!(invoice.json["total"], "11899987981.38");
}

fn pay(crm: &Crm, invoice: i64, amount: &str) -> support::Answer {
    let body =
        json!({"amount": amount, "method": {"type": "card", "brand": "visa", "last4": "4242"}});
    crm.call("POST", &format!("/invoices/{invoice}/payments"), &body)
}

#[test]
fn payments_move_balance_and_status() {
    let crm = start();
    let before = crm.get("/invoices/9");
    assert_eq!(
        (
            before.json["status"].as_str(),
            before.json["balance_due"].as_str()
        ),
        (Some("sent"), Some("1140.00"))
    );

    let part = pay(&crm, 9, "140.00");
    assert_eq!(part.status, 201);
    assert_eq!(part.json["invoice"]["status"], "partially_paid");
    assert_eq!(part.json["invoice"]["balance_due"], "1000.00");

    assert_eq!(pay(&crm, 9, "1000.01").json["code"], "exceeds_balance");
    assert_eq!(pay(&crm, 9, "1000.00").json["invoice"]["status"], "paid");
    assert_eq!(pay(&crm, 9, "1.00").json["code"], "not_payable");

    let payment = &part.json["payment"]["id"];
    assert_eq!(crm.delete(&format!("/payments/{payment}")).status, 204);
    assert_eq!(crm.get("/invoices/9").json["status"], "partially_paid");
}

#[test]
fn a_lead_becomes_a_customer_once() {
    let crm = start();
    let converted = crm.call("POST", "/leads/3/convert", &json!({}));
    assert_eq!(converted.status, 201);
    assert_eq!(converted.json["customer"]["name"], "Demir Textiles");
    assert_eq!(converted.json["contact"]["last_name"], "Demir");
    assert_eq!(converted.json["lead"]["stage"], "won");
    let again = crm.call("POST", "/leads/3/convert", &json!({}));
    assert_eq!(
        (again.status, again.json["code"].as_str()),
        (409, Some("already_converted"))
    );
    assert_eq!(
        crm.call("POST", "/leads/5/convert", &json!({})).json["code"],
        "lead_lost"
    );
}

#[test]
fn billable_hours_become_a_draft_and_are_billed_once() {
    let crm = start();
    let draft = crm.call("POST", "/projects/2/invoice-timesheets", &json!({}));
    assert_eq!(draft.status, 201, "{}", draft.json);
    // 9.5 hours at the agreed 110.00, 1.5 hours of support at the agreed 90.00.
    assert_eq!(draft.json["total"], "1180.00");
    let again = crm.call("POST", "/projects/2/invoice-timesheets", &json!({}));
    assert_eq!(
        (again.status, again.json["code"].as_str()),
        (409, Some("nothing_to_bill"))
    );
    assert_eq!(
        crm.call("PATCH", "/timesheets/6", &json!({"hours": "1"}))
            .status,
        409
    );
}

#[test]
fn the_seed_has_overdue_invoices_expiring_contracts_and_open_tickets() {
    let crm = start();
    let overdue = crm.get("/reports/overdue-invoices");
    assert_eq!(overdue.json["data"].as_array().unwrap().len(), 5);
    let expiring = crm.get("/reports/expiring-contracts?within_days=30");
    assert_eq!(expiring.column("customer_name"), ["TechStart", "Acme Corp"]);
    let open = crm.get("/tickets?status=open&status=in_progress");
    assert_eq!(open.json["meta"]["total"], 3);
    let stages = crm.get("/reports/pipeline");
    assert_eq!(
        stages.column("stage"),
        ["new", "contacted", "qualified", "proposal", "won", "lost"]
    );
}

#[test]
fn what_others_depend_on_cannot_be_deleted() {
    let crm = start();
    let refused = crm.delete("/customers/1");
    assert_eq!(
        (refused.status, refused.json["code"].as_str()),
        (409, Some("in_use"))
    );
    assert_eq!(crm.delete("/invoices/9").json["code"], "not_a_draft");
    assert_eq!(crm.delete("/invoices/12").status, 204);
    assert_eq!(crm.get("/invoices/12").status, 404);
}
