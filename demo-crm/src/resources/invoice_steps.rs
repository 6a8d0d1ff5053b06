//! The life of an invoice after the draft: send, cancel, PDF, CSV.

use serde_json::{Value, json};

use super::customers::CUSTOMERS;
use super::invoices::{INVOICES, STATUSES, detail};
use super::outbox;
use crate::fields::{Field, Kind, Mode, auto, def};
use crate::http::access::Access;
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Body, Handler, Route};
use crate::problem::Problem;
use crate::resource::{Record, int, text};
use crate::{csv, pdf};

const SEND: &[Field] = &[
    def("to", Kind::Emails, "[]"),
    def("cc", Kind::Emails, "[]"),
    auto("subject", Kind::Text(1, 200)),
    auto("message", Kind::Text(1, 5000)),
];

const CANCEL: &[Field] = &[auto("reason", Kind::Text(1, 200))];

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/invoices/{invoice_id}/send", Handler::Custom(send)).body(Body::OptionalJson),
        Route::post("/invoices/{invoice_id}/cancel", Handler::Custom(cancel))
            .body(Body::OptionalJson),
        Route::get("/invoices/{invoice_id}/pdf", Handler::Custom(download)),
        Route::get(
            "/public/invoices/{token}/pdf",
            Handler::Custom(download_shared),
        )
        .access(Access::Public),
        Route::get("/exports/invoices.csv", Handler::Custom(export)),
    ]
}

fn send(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("invoice_id")?;
    let invoice = detail(call, id)?;
    let wanted = call.read(SEND, Mode::Create)?;
    let number = text(&invoice, "number");
    if text(&invoice, "status") == "cancelled" {
        let detail = format!("{number} is cancelled and cannot be sent.");
        return Err(Problem::conflict("invoice_cancelled", detail));
    }
    if invoice
        .get("lines")
        .and_then(Value::as_array)
        .is_none_or(Vec::is_empty)
    {
        return Err(Problem::conflict(
            "no_lines",
            format!("{number} has no lines yet."),
        ));
    }
    let customer_id = int(&invoice, "customer_id").unwrap_or(0);
    let to = match wanted.json("to") {
        Value::Array(list) if !list.is_empty() => Value::Array(list),
        _ => json!([default_recipient(call, customer_id)?]),
    };
    let name = text(&invoice, "customer_name");
    let (due, total, currency) = (
        text(&invoice, "due_date"),
        text(&invoice, "total"),
        text(&invoice, "currency"),
    );
    let subject = wanted
        .text("subject")
        .map_or_else(|| format!("Invoice {number}"), str::to_owned);
    let message = wanted.text("message").map_or_else(
        || format!("Dear {name},\n\nplease find our invoice {number} over {total} {currency}, due on {due}."),
        str::to_owned,
    );
    // The link in the mail works without a key, as the customer has none.
    let link = text(&invoice, "public_url");
    let body = format!("{message}\n\nYour invoice as PDF: {link}\n\nNorthlight Studio");
    let mail = outbox::send(
        call,
        &json!({
            "kind": "invoice", "to": to, "cc": wanted.json("cc"), "subject": subject, "body": body,
            "pdf_url": link, "invoice_id": id,
        }),
    )?;
    call.db.execute(
        "UPDATE invoices SET status = CASE status WHEN 'draft' THEN 'sent' ELSE status END, \
         sent_at = ?1, updated_at = ?1 WHERE id = ?2",
        (&call.now.timestamp, id),
    )?;
    let entry = json!({"mail_id": mail.get("id"), "to": mail.get("to"), "subject": subject});
    call.log(
        "email",
        Some(customer_id),
        &format!("{subject} sent"),
        entry,
    )?;
    Ok(Reply::ok(
        json!({"invoice": detail(call, id)?, "mail": mail}),
    ))
}

/// The billing address, else the primary contact, else any contact with an address.
fn default_recipient(call: &Call, customer_id: i64) -> Result<String, Problem> {
    let sql = "SELECT coalesce((SELECT email FROM customers WHERE id = ?1), (SELECT email FROM contacts \
               WHERE customer_id = ?1 AND email IS NOT NULL ORDER BY is_primary DESC, id LIMIT 1))";
    let found: Option<String> = call.db.query_row(sql, [customer_id], |row| row.get(0))?;
    found.ok_or_else(|| {
        let detail = "The customer has no e-mail address; give the recipients in `to`.";
        Problem::conflict("no_recipient", detail)
    })
}

fn cancel(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("invoice_id")?;
    let invoice = INVOICES.get(call, id)?;
    let wanted = call.read(CANCEL, Mode::Create)?;
    let status = text(&invoice, "status");
    if status == "cancelled" || text(&invoice, "amount_paid") != "0.00" {
        let detail = format!("An invoice that is {status} or has payments cannot be cancelled.");
        return Err(Problem::conflict("cannot_cancel", detail));
    }
    call.db.execute(
        "UPDATE invoices SET status = 'cancelled', updated_at = ?1, \
         notes = coalesce(?2, notes) WHERE id = ?3",
        (
            &call.now.timestamp,
            wanted.text("reason").map(|r| format!("Cancelled: {r}")),
            id,
        ),
    )?;
    // Hours on a cancelled invoice can be billed again.
    call.db.execute(
        "UPDATE timesheets SET invoice_id = NULL WHERE invoice_id = ?1",
        [id],
    )?;
    let invoice = detail(call, id)?;
    call.log_change("status_changed", "invoice", id, &invoice)?;
    Ok(Reply::ok(invoice))
}

fn render(call: &Call, id: i64) -> Result<Reply, Problem> {
    let invoice = detail(call, id)?;
    let customer = CUSTOMERS.get(call, int(&invoice, "customer_id").unwrap_or(0))?;
    let filename = format!("{}.pdf", text(&invoice, "number"));
    Ok(Reply::file(
        "application/pdf",
        &filename,
        pdf::invoice(&invoice, &customer),
    ))
}

fn download(call: &mut Call) -> Result<Reply, Problem> {
    render(call, call.id("invoice_id")?)
}

fn download_shared(call: &mut Call) -> Result<Reply, Problem> {
    let token = call.param("token").to_owned();
    let found = call.scalar("SELECT id FROM invoices WHERE share_token = ?1", [&token])?;
    match found {
        Some(id) => render(call, id),
        None => Err(Problem::new(
            404,
            "not_found",
            "This link does not lead to an invoice.",
        )),
    }
}

const COLUMNS: &[&str] = &[
    "number",
    "customer_name",
    "status",
    "issue_date",
    "due_date",
    "currency",
    "subtotal",
    "tax_total",
    "total",
    "amount_paid",
    "balance_due",
    "overdue",
];

fn export(call: &mut Call) -> Result<Reply, Problem> {
    let statuses = call.query.words("status", STATUSES);
    let from = call.query.date("issued_from");
    let to = call.query.date("issued_to");
    call.query.finish()?;
    let sql = "SELECT * FROM invoice_view WHERE (?1 IS NULL OR issue_date >= ?1) \
               AND (?2 IS NULL OR issue_date <= ?2) ORDER BY number";
    let cell = |text: Option<&str>| text.map(str::to_owned).into();
    let rows: Vec<Record> = INVOICES.select(call, sql, &[cell(from), cell(to)])?;
    let mut out = csv::line(&COLUMNS.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>());
    for row in rows {
        if statuses.is_empty() || statuses.contains(&text(&row, "status")) {
            let fields: Vec<String> = COLUMNS
                .iter()
                .map(|column| match row.get(*column) {
                    Some(Value::String(text)) => text.clone(),
                    Some(Value::Null) | None => String::new(),
                    Some(other) => other.to_string(),
                })
                .collect();
            out.push_str(&csv::line(&fields));
        }
    }
    Ok(Reply::file(
        "text/csv; charset=utf-8",
        "invoices.csv",
        out.into_bytes(),
    ))
}
