//! Invoices: making and changing drafts. What happens to them later is in `invoice_steps`.

use rusqlite::types::Value as Cell;
use serde_json::Value;

use super::customers::{CURRENCIES, CUSTOMERS};
use super::items::UNITS;
use crate::clock::{add_days, parse_date};
use crate::decimal;
use crate::fields::{
    AMOUNT, COUNT, Field, Kind, MAX_MONEY, MAX_QUANTITY, Mode, STRING, Values, auto, error, opt,
    read, req, ro,
};
use crate::http::access::Access;
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Handler, Route};
use crate::problem::{FieldError, Problem};
use crate::resource::{Filter, List, Record, Resource, Test, int, missing_reference, query, text};

pub const STATUSES: &[&str] = &["draft", "sent", "partially_paid", "paid", "cancelled"];

const LINE: &[Field] = &[
    ro("id", COUNT),
    opt("item_id", Kind::Ref("items")),
    auto("description", Kind::Text(1, 200)),
    req("quantity", Kind::Decimal(1, MAX_QUANTITY)),
    auto("unit", Kind::Enum(UNITS)),
    auto("unit_price", Kind::Decimal(0, MAX_MONEY)),
    opt("tax_id", Kind::Ref("taxes")),
    ro("tax_rate", AMOUNT),
    ro("amount", AMOUNT),
    ro("tax_amount", AMOUNT),
];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    ro("number", STRING),
    req("customer_id", Kind::Ref("customers")).fixed(),
    ro("customer_name", STRING),
    opt("project_id", Kind::Ref("projects")),
    ro("status", STRING),
    auto("issue_date", Kind::Date),
    auto("due_date", Kind::Date),
    auto("currency", Kind::Enum(CURRENCIES)).fixed(),
    opt("po_number", Kind::Text(0, 60)),
    opt("notes", Kind::Text(0, 2000)),
    req("lines", Kind::List(LINE, 1, 100)).fixed(),
    ro("subtotal", AMOUNT),
    ro("tax_total", AMOUNT),
    ro("total", AMOUNT),
    ro("amount_paid", AMOUNT),
    ro("balance_due", AMOUNT),
    ro("overdue", Kind::Bool),
    ro("days_overdue", COUNT),
    ro("sent_at", STRING),
    ro("pdf_url", STRING),
    // The path of the public link; `decorate` makes a whole URL of it.
    ro("share_token", STRING),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static INVOICES: Resource = Resource {
    name: "invoice",
    path: "/invoices",
    id: "invoice_id",
    table: "invoices",
    view: "invoice_view",
    fields: FIELDS,
    list: List {
        search: &["number", "customer_name", "po_number"],
        filters: &[
            Filter("status", "status", Test::Words(STATUSES)),
            Filter("customer_id", "customer_id", Test::Id),
            Filter("overdue", "overdue", Test::Bool),
            Filter("issued_from", "issue_date", Test::From),
            Filter("issued_to", "issue_date", Test::To),
            Filter("due_to", "due_date", Test::To),
            Filter("min_total", "total", Test::AtLeast),
        ],
        sort: &["-issue_date", "due_date", "number", "total", "balance_due"],
        choose: &[
            "id",
            "number",
            "customer_id",
            "customer_name",
            "project_id",
            "status",
            "issue_date",
            "due_date",
            "currency",
            "po_number",
            "notes",
            "subtotal",
            "tax_total",
            "total",
            "amount_paid",
            "balance_due",
            "overdue",
            "days_overdue",
            "sent_at",
            "pdf_url",
            "public_url",
            "created_at",
            "updated_at",
        ],
    },
    check: Some(check),
    decorate: Some(links),
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/invoices", Handler::List(&INVOICES)),
        Route::post("/invoices", Handler::Custom(create)),
        Route::get("/invoices/{invoice_id}", Handler::Custom(get)),
        Route::patch("/invoices/{invoice_id}", Handler::Custom(patch)),
        Route::delete("/invoices/{invoice_id}", Handler::Custom(delete)).access(Access::Admin),
        Route::post("/invoices/{invoice_id}/lines", Handler::Custom(add_line)),
        Route::delete(
            "/invoices/{invoice_id}/lines/{line_id}",
            Handler::Custom(delete_line),
        ),
    ]
}

fn links(call: &Call, record: &mut Record) {
    let id = int(record, "id").unwrap_or(0);
    let token = record.shift_remove("share_token").unwrap_or(Value::Null);
    let token = token.as_str().unwrap_or("");
    record.insert(
        "pdf_url".into(),
        format!("{}/invoices/{id}/pdf", call.base_url).into(),
    );
    let public = format!("{}/public/invoices/{token}/pdf", call.base_url);
    record.insert("public_url".into(), public.into());
}

/// An invoice with its lines and payments.
pub fn detail(call: &Call, id: i64) -> Result<Record, Problem> {
    let mut invoice = INVOICES.get(call, id)?;
    let sql = "SELECT * FROM invoice_lines WHERE invoice_id = ?1 ORDER BY id";
    let lines = query(call, sql, &[Cell::Integer(id)], LINE)?;
    invoice.insert(
        "lines".into(),
        lines.into_iter().map(Value::Object).collect(),
    );
    let sql = "SELECT * FROM payment_view WHERE invoice_id = ?1 ORDER BY id";
    let payments = super::payments::PAYMENTS.select(call, sql, &[Cell::Integer(id)])?;
    invoice.insert(
        "payments".into(),
        payments.into_iter().map(Value::Object).collect(),
    );
    Ok(invoice)
}

/// 409 unless the invoice is a draft.
pub fn require_draft(invoice: &Record, step: &str) -> Result<(), Problem> {
    match text(invoice, "status") {
        "draft" => Ok(()),
        status => {
            let number = text(invoice, "number");
            let detail = format!("Only drafts can be {step}; {number} is {status}.");
            Err(Problem::conflict("not_a_draft", detail))
        }
    }
}

/// Dates must be in order, and a project must be the customer's.
fn check(call: &Call, values: &mut Values, id: Option<i64>) -> Result<(), Problem> {
    let old = id
        .map(|id| INVOICES.get(call, id))
        .transpose()?
        .unwrap_or_default();
    let date = |name: &str| values.text(name).unwrap_or(text(&old, name)).to_owned();
    if date("due_date") < date("issue_date") {
        let detail = "due_date is before issue_date.";
        return Err(Problem::conflict("dates_out_of_order", detail));
    }
    if let Some(project) = values.int("project_id") {
        let customer = values
            .int("customer_id")
            .or_else(|| int(&old, "customer_id"));
        if call.scalar("SELECT customer_id FROM projects WHERE id = ?1", [project])? != customer {
            let detail = format!("Project {project} belongs to another customer.");
            return Err(Problem::conflict("other_customer", detail));
        }
    }
    Ok(())
}

fn create(call: &mut Call) -> Result<Reply, Problem> {
    let mut values = call.read(FIELDS, Mode::Create)?;
    let lines = values.json("lines");
    values.take("lines");
    let id = insert(call, values, lines.as_array().map_or(&[], Vec::as_slice))?;
    Ok(INVOICES.created(call, id, detail(call, id)?))
}

/// Stores a draft with its lines; fills number, dates and currency.
pub fn insert(call: &Call, mut values: Values, lines: &[Value]) -> Result<i64, Problem> {
    let mut errors = Vec::new();
    let customer_id = values.int("customer_id").unwrap_or(0);
    missing_reference(call, "customers", "customer_id", customer_id, &mut errors)?;
    if !errors.is_empty() {
        return Err(Problem::unknown_references(errors));
    }
    let customer = CUSTOMERS.get(call, customer_id)?;
    let issued = values
        .text("issue_date")
        .and_then(parse_date)
        .unwrap_or(call.now.today);
    values.set("issue_date", issued.to_string());
    if values.get("due_date").is_none() {
        let terms = int(&customer, "payment_terms_days").unwrap_or(14);
        values.set(
            "due_date",
            add_days(issued, terms).unwrap_or(issued).to_string(),
        );
    }
    if values.get("currency").is_none() {
        values.set("currency", text(&customer, "currency").to_owned());
    }
    let next = call
        .scalar("SELECT next FROM invoice_numbers", [])?
        .unwrap_or(1);
    call.db
        .execute("UPDATE invoice_numbers SET next = next + 1", [])?;
    let number = format!("INV-{:04}-{next:04}", issued.year());
    values.set("share_token", share_token(&number, &call.now.timestamp));
    values.set("number", number);
    let id = int(&INVOICES.insert(call, values)?, "id").unwrap_or(0);
    insert_lines(call, id, customer_id, lines, "lines")?;
    Ok(id)
}

/// A name for the public link. Good enough for a demo; a product would use random bytes.
fn share_token(number: &str, timestamp: &str) -> String {
    // FNV-1a, twice with different starts.
    let hash = |start: u64| {
        number
            .bytes()
            .chain(timestamp.bytes())
            .fold(start, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            })
    };
    format!(
        "{:016x}{:016x}",
        hash(0xcbf2_9ce4_8422_2325),
        hash(0x9ae1_6a3b_2f90_404f)
    )
}

/// Stores lines: what is not sent comes from the item, at the customer's rate if one is agreed.
fn insert_lines(
    call: &Call,
    invoice: i64,
    customer: i64,
    lines: &[Value],
    at: &str,
) -> Result<(), Problem> {
    let mut unknown = Vec::new();
    let mut incomplete = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let at = if at.is_empty() {
            String::new()
        } else {
            format!("{at}[{index}].")
        };
        let line = read(LINE, line, Mode::Create)?;
        insert_line(
            call,
            invoice,
            customer,
            &line,
            &at,
            &mut unknown,
            &mut incomplete,
        )?;
    }
    if !incomplete.is_empty() {
        return Err(Problem::invalid(incomplete));
    }
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(Problem::unknown_references(unknown))
    }
}

fn insert_line(
    call: &Call,
    invoice: i64,
    customer: i64,
    line: &Values,
    at: &str,
    unknown: &mut Vec<FieldError>,
    incomplete: &mut Vec<FieldError>,
) -> Result<(), Problem> {
    let item = match line.int("item_id") {
        None => None,
        Some(id) => {
            missing_reference(call, "items", &format!("{at}item_id"), id, unknown)?;
            super::items::ITEMS.get(call, id).ok()
        }
    };
    if line.int("item_id").is_none() {
        for name in ["description", "unit_price"] {
            if line.get(name).is_none() {
                incomplete.push(error(
                    &format!("{at}{name}"),
                    "required",
                    "is required without item_id",
                ));
            }
        }
    }
    let tax_id = match line.int("tax_id") {
        Some(id) => {
            missing_reference(call, "taxes", &format!("{at}tax_id"), id, unknown)?;
            Some(id)
        }
        None => item.as_ref().and_then(|item| int(item, "tax_id")),
    };
    if !unknown.is_empty() || !incomplete.is_empty() {
        return Ok(());
    }
    let item_text = |name: &str| item.as_ref().map_or("", |item| text(item, name)).to_owned();
    let agreed = "SELECT coalesce((SELECT rate FROM customer_rates r WHERE r.item_id = i.id \
                  AND r.customer_id = ?2), i.rate) FROM items i WHERE i.id = ?1";
    let price = match line.int("unit_price") {
        Some(price) => price,
        None => call
            .scalar(agreed, (line.int("item_id"), customer))?
            .unwrap_or(0),
    };
    let quantity = line.int("quantity").unwrap_or(0);
    let tax_rate = call
        .scalar("SELECT rate FROM taxes WHERE id = ?1", [tax_id])?
        .unwrap_or(0);
    let amount = decimal::multiply(quantity, price, 100);
    let description = line
        .text("description")
        .map_or_else(|| item_text("name"), str::to_owned);
    let unit = match (line.text("unit"), item_text("unit")) {
        (Some(unit), _) => unit.to_owned(),
        (None, unit) if unit.is_empty() => "piece".to_owned(),
        (None, unit) => unit,
    };
    call.db.execute(
        "INSERT INTO invoice_lines (invoice_id, item_id, description, quantity, unit, unit_price, \
         tax_rate, amount, tax_amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            invoice,
            line.int("item_id"),
            description,
            quantity,
            unit,
            price,
            tax_rate,
            amount,
            decimal::multiply(amount, tax_rate, 10_000),
        ),
    )?;
    Ok(())
}

fn get(call: &mut Call) -> Result<Reply, Problem> {
    Ok(Reply::ok(detail(call, call.id("invoice_id")?)?))
}

fn patch(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("invoice_id")?;
    let invoice = INVOICES.get(call, id)?;
    let values = call.read(FIELDS, Mode::Patch)?;
    require_draft(&invoice, "changed")?;
    INVOICES.update(call, id, values)?;
    Ok(Reply::ok(detail(call, id)?))
}

fn delete(call: &mut Call) -> Result<Reply, Problem> {
    let invoice = INVOICES.get(call, call.id("invoice_id")?)?;
    require_draft(&invoice, "deleted (cancel it instead)")?;
    INVOICES.delete(call)
}

fn add_line(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("invoice_id")?;
    let invoice = INVOICES.get(call, id)?;
    call.read(LINE, Mode::Create)?;
    require_draft(&invoice, "given lines")?;
    let count = "SELECT count(*) FROM invoice_lines WHERE invoice_id = ?1";
    if call.scalar(count, [id])?.unwrap_or(0) >= 100 {
        return Err(Problem::conflict(
            "too_many_lines",
            "An invoice has at most 100 lines.",
        ));
    }
    let customer = int(&invoice, "customer_id").unwrap_or(0);
    insert_lines(call, id, customer, std::slice::from_ref(&call.body), "")?;
    Ok(INVOICES.created(call, id, detail(call, id)?))
}

fn delete_line(call: &mut Call) -> Result<Reply, Problem> {
    let (id, line) = (call.id("invoice_id")?, call.id("line_id")?);
    let invoice = INVOICES.get(call, id)?;
    let sql = "SELECT 1 FROM invoice_lines WHERE id = ?1 AND invoice_id = ?2";
    if call.scalar(sql, (line, id))?.is_none() {
        return Err(Problem::not_found(
            "line on this invoice",
            &line.to_string(),
        ));
    }
    require_draft(&invoice, "changed")?;
    call.db
        .execute("DELETE FROM invoice_lines WHERE id = ?1", [line])?;
    Ok(Reply::no_content())
}
