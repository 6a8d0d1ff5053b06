//! Payments: they change what is due on an invoice, and its status.

use serde_json::json;

use super::invoices::{INVOICES, detail};
use crate::decimal;
use crate::fields::{COUNT, Field, Kind, MAX_MONEY, Mode, STRING, auto, opt, req, ro};
use crate::http::access::Access;
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Resource, Test, int, text};

const BANK: &[Field] = &[
    req("type", Kind::Text(1, 20)),
    req("iban", Kind::Text(15, 34)),
    opt("reference", Kind::Text(0, 140)),
];
const CARD: &[Field] = &[
    req("type", Kind::Text(1, 20)),
    req("brand", Kind::Enum(&["visa", "mastercard", "amex"])),
    req("last4", Kind::Text(4, 4)),
];
const CASH: &[Field] = &[
    req("type", Kind::Text(1, 20)),
    opt("received_by", Kind::Text(0, 120)),
];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    ro("invoice_id", COUNT),
    ro("invoice_number", STRING),
    ro("customer_id", COUNT),
    ro("currency", STRING),
    req("amount", Kind::Decimal(1, MAX_MONEY)),
    auto("paid_on", Kind::Date),
    req(
        "method",
        Kind::Variant(&[("bank_transfer", BANK), ("card", CARD), ("cash", CASH)]),
    ),
    opt("note", Kind::Text(0, 500)),
    ro("created_at", STRING),
];

pub static PAYMENTS: Resource = Resource {
    name: "payment",
    path: "/payments",
    id: "payment_id",
    table: "payments",
    view: "payment_view",
    fields: FIELDS,
    list: List {
        search: &[],
        filters: &[
            Filter("customer_id", "customer_id", Test::Id),
            Filter("invoice_id", "invoice_id", Test::Id),
            Filter("paid_from", "paid_on", Test::From),
            Filter("paid_to", "paid_on", Test::To),
        ],
        sort: &["-paid_on", "amount"],
        choose: &[],
    },
    check: None,
    decorate: None,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/payments", Handler::List(&PAYMENTS)),
        Route::get("/payments/{payment_id}", Handler::Get(&PAYMENTS)),
        Route::delete("/payments/{payment_id}", Handler::Custom(delete)).access(Access::Admin),
        Route::get(
            "/invoices/{invoice_id}/payments",
            Handler::ListOf(&PAYMENTS, "invoice_id", &INVOICES, "invoice_id"),
        ),
        Route::post("/invoices/{invoice_id}/payments", Handler::Custom(record)),
    ]
}

fn record(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("invoice_id")?;
    let invoice = INVOICES.get(call, id)?;
    let mut values = call.read(FIELDS, Mode::Create)?;
    let (number, status) = (text(&invoice, "number"), text(&invoice, "status"));
    if !matches!(status, "sent" | "partially_paid") {
        let detail = format!("{number} is {status}; payments go to invoices that are sent.");
        return Err(Problem::conflict("not_payable", detail));
    }
    let due = call
        .scalar("SELECT balance_due FROM invoice_view WHERE id = ?1", [id])?
        .unwrap_or(0);
    let amount = values.int("amount").unwrap_or(0);
    if amount > due {
        let detail = format!("Only {} is due on {number}.", decimal::format(due));
        return Err(Problem::conflict("exceeds_balance", detail));
    }
    if values.get("paid_on").is_none() {
        values.set("paid_on", call.now.today.to_string());
    }
    values.set("invoice_id", id);
    let payment = PAYMENTS.insert(call, values)?;
    refresh_status(call, id)?;
    let payment_id = int(&payment, "id").unwrap_or(0);
    let entry =
        json!({"payment_id": payment_id, "invoice_id": id, "amount": decimal::format(amount)});
    let customer = int(&invoice, "customer_id");
    call.log("payment", customer, &format!("Payment on {number}"), entry)?;
    let location = format!("{}/payments/{payment_id}", call.base_url);
    Ok(Reply::created(
        json!({"payment": payment, "invoice": detail(call, id)?}),
        location,
    ))
}

fn delete(call: &mut Call) -> Result<Reply, Problem> {
    let payment = PAYMENTS.get(call, call.id("payment_id")?)?;
    let reply = PAYMENTS.delete(call)?;
    refresh_status(call, int(&payment, "invoice_id").unwrap_or(0))?;
    Ok(reply)
}

/// The status follows from what is paid.
fn refresh_status(call: &Call, invoice: i64) -> Result<(), Problem> {
    call.db.execute(
        "UPDATE invoices SET updated_at = ?2, status = (SELECT CASE WHEN v.amount_paid = 0 THEN 'sent' \
         WHEN v.amount_paid < v.total THEN 'partially_paid' ELSE 'paid' END \
         FROM invoice_view v WHERE v.id = ?1) WHERE id = ?1",
        (invoice, &call.now.timestamp),
    )?;
    Ok(())
}
