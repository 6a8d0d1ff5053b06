//! Reports: what is late, what is coming, what was worked.

use rusqlite::types::Value as Cell;
use serde_json::json;

use super::contracts::CONTRACTS;
use super::invoices::INVOICES;
use crate::fields::{AMOUNT, COUNT, Field, STRING, ro};
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Handler, Route};
use crate::problem::Problem;
use crate::resource::{all, query};

const TOTAL: &[Field] = &[
    ro("currency", STRING),
    ro("invoices", COUNT),
    ro("balance_due", AMOUNT),
];
const AGING: &[Field] = &[
    ro("currency", STRING),
    ro("not_due", AMOUNT),
    ro("days_1_30", AMOUNT),
    ro("days_31_60", AMOUNT),
    ro("days_61_90", AMOUNT),
    ro("days_over_90", AMOUNT),
    ro("total", AMOUNT),
];
const STAGE: &[Field] = &[
    ro("stage", STRING),
    ro("leads", COUNT),
    ro("value", AMOUNT),
    ro("weighted_value", AMOUNT),
];
const HOURS: &[Field] = &[
    ro("staff_id", COUNT),
    ro("staff_name", STRING),
    ro("hours", AMOUNT),
    ro("billable_hours", AMOUNT),
    ro("invoiced_hours", AMOUNT),
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/reports/overdue-invoices", Handler::Custom(overdue)),
        Route::get("/reports/receivables-aging", Handler::Custom(aging)),
        Route::get("/reports/pipeline", Handler::Custom(pipeline)),
        Route::get("/reports/hours", Handler::Custom(hours)),
        Route::get("/reports/expiring-contracts", Handler::Custom(expiring)),
    ]
}

fn overdue(call: &mut Call) -> Result<Reply, Problem> {
    let days = call.query.integer("min_days", 1, 3650).unwrap_or(1);
    call.query.finish()?;
    let params = [Cell::Integer(days)];
    let late = "FROM invoice_view WHERE overdue AND days_overdue >= ?1";
    let list = format!("SELECT * {late} ORDER BY days_overdue DESC, id LIMIT 500");
    let data = INVOICES.select(call, &list, &params)?;
    let sums = format!(
        "SELECT currency, count(*) AS invoices, sum(balance_due) AS balance_due {late} \
         GROUP BY currency ORDER BY currency"
    );
    let totals = query(call, &sums, &params, TOTAL)?;
    Ok(Reply::ok(
        json!({"as_of": call.now.today.to_string(), "data": data, "totals": totals}),
    ))
}

fn aging(call: &mut Call) -> Result<Reply, Problem> {
    let bucket = |from: i64, to: i64| {
        format!("sum(CASE WHEN days_overdue BETWEEN {from} AND {to} THEN balance_due ELSE 0 END)")
    };
    let sql = format!(
        "SELECT currency, {} AS not_due, {} AS days_1_30, {} AS days_31_60, {} AS days_61_90, \
         {} AS days_over_90, sum(balance_due) AS total FROM invoice_view \
         WHERE status IN ('sent', 'partially_paid') GROUP BY currency ORDER BY currency",
        bucket(0, 0),
        bucket(1, 30),
        bucket(31, 60),
        bucket(61, 90),
        bucket(91, i64::MAX)
    );
    let data = query(call, &sql, &[], AGING)?;
    Ok(Reply::ok(
        json!({"as_of": call.now.today.to_string(), "data": data}),
    ))
}

fn pipeline(call: &mut Call) -> Result<Reply, Problem> {
    let sql = "SELECT stage, count(*) AS leads, sum(value) AS value, \
               sum((value * probability + 50) / 100) AS weighted_value FROM leads GROUP BY stage \
               ORDER BY instr('new contacted qualified proposal won lost', stage)";
    Ok(all(query(call, sql, &[], STAGE)?))
}

fn hours(call: &mut Call) -> Result<Reply, Problem> {
    let cell = |text: Option<&str>| Cell::from(text.map(str::to_owned));
    let params = [
        cell(call.query.date("worked_from")),
        cell(call.query.date("worked_to")),
    ];
    call.query.finish()?;
    let sql = "SELECT staff_id, staff_name, sum(hours) AS hours, \
               sum(CASE WHEN billable THEN hours ELSE 0 END) AS billable_hours, \
               sum(CASE WHEN invoiced THEN hours ELSE 0 END) AS invoiced_hours FROM timesheet_view \
               WHERE (?1 IS NULL OR work_date >= ?1) AND (?2 IS NULL OR work_date <= ?2) \
               GROUP BY staff_id, staff_name ORDER BY staff_name";
    Ok(all(query(call, sql, &params, HOURS)?))
}

fn expiring(call: &mut Call) -> Result<Reply, Problem> {
    let days = call.query.integer("within_days", 1, 730).unwrap_or(30);
    call.query.finish()?;
    let sql = "SELECT * FROM contract_view WHERE status = 'active' AND days_left BETWEEN 0 AND ?1 \
               ORDER BY days_left, id LIMIT 500";
    Ok(all(CONTRACTS.select(call, sql, &[Cell::Integer(days)])?))
}
