//! Paging, search, filters, order and projection of collections.

use rusqlite::{params_from_iter, types::Value as Cell};
use serde_json::json;

use super::Resource;
use crate::decimal;
use crate::http::{call::Call, reply::Reply};
use crate::problem::Problem;

/// What a collection can be asked.
#[derive(Debug)]
pub struct List {
    /// Columns that `q` searches, each word on its own.
    pub search: &'static [&'static str],
    /// Filter parameters.
    pub filters: &'static [Filter],
    /// Columns to order by; the parameter takes them with `-` for descending. First is default.
    pub sort: &'static [&'static str],
    /// Columns that `fields` can choose from; no such parameter when empty.
    pub choose: &'static [&'static str],
}

/// One filter parameter.
#[derive(Debug)]
pub struct Filter(pub &'static str, pub &'static str, pub Test);

/// How a filter compares.
#[derive(Debug)]
pub enum Test {
    /// Repeated parameter: one of these words.
    Words(&'static [&'static str]),
    /// Comma list of ids.
    Ids,
    /// One id.
    Id,
    /// True or false.
    Bool,
    /// Not before this day.
    From,
    /// Not after this day.
    To,
    /// Equal text, ignoring ASCII case.
    Text(usize),
    /// The JSON list in the column has this text.
    Label,
    /// At least this amount.
    AtLeast,
}

/// Highest page number, which keeps offsets small.
const MAX_PAGE: i64 = 10_000;

#[derive(Default)]
struct Where {
    clauses: Vec<String>,
    params: Vec<Cell>,
}

impl Where {
    fn add(&mut self, clause: String, params: impl IntoIterator<Item = Cell>) {
        self.clauses.push(clause);
        self.params.extend(params);
    }
}

pub fn run(
    resource: &'static Resource,
    call: &Call,
    parent: Option<(&'static str, i64)>,
) -> Result<Reply, Problem> {
    let query = &call.query;
    let page = query.integer("page", 1, MAX_PAGE).unwrap_or(1);
    let limit = query.integer("limit", 1, 100).unwrap_or(25);
    let mut conditions = Where::default();
    if let Some((column, value)) = parent {
        conditions.add(format!("{column} = ?"), [Cell::Integer(value)]);
    }
    search(resource, call, &mut conditions);
    for filter in resource.list.filters {
        // The parent in the path already says it.
        if parent.is_none_or(|(column, _)| column != filter.1) {
            apply(filter, call, &mut conditions);
        }
    }
    let order = order(resource, call);
    let chosen = chosen(resource, call);
    query.finish()?;

    let filter = match conditions.clauses.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", conditions.clauses.join(" AND ")),
    };
    let count = format!("SELECT count(*) FROM {}{filter}", resource.view);
    let total = call
        .scalar(&count, params_from_iter(&conditions.params))?
        .unwrap_or(0);
    let sql = format!(
        "SELECT * FROM {}{filter} ORDER BY {order} LIMIT ? OFFSET ?",
        resource.view
    );
    conditions
        .params
        .extend([Cell::Integer(limit), Cell::Integer((page - 1) * limit)]);
    let mut records = resource.select(call, &sql, &conditions.params)?;
    if let Some(chosen) = chosen {
        for record in &mut records {
            record.retain(|name, _| chosen.contains(&name.as_str()));
        }
    }
    let pages = (total + limit - 1) / limit;
    let meta = json!({"page": page, "limit": limit, "total": total, "pages": pages});
    Ok(Reply::ok(json!({"data": records, "meta": meta})))
}

/// Every word must occur in one of the columns, so that "dev work" finds "Development work".
fn search(resource: &Resource, call: &Call, conditions: &mut Where) {
    if resource.list.search.is_empty() {
        return;
    }
    let Some(text) = call.query.text("q", 100) else {
        return;
    };
    for word in text.split_whitespace().take(10) {
        let tests: Vec<String> = resource
            .list
            .search
            .iter()
            .map(|column| format!("instr(lower({column}), lower(?)) > 0"))
            .collect();
        let params = tests
            .iter()
            .map(|_| Cell::Text(word.to_owned()))
            .collect::<Vec<_>>();
        conditions.add(format!("({})", tests.join(" OR ")), params);
    }
}

fn apply(Filter(name, column, test): &Filter, call: &Call, conditions: &mut Where) {
    let query = &call.query;
    let text = |value: &str| Cell::Text(value.to_owned());
    match test {
        Test::Words(allowed) => {
            let words = query.words(name, allowed);
            if !words.is_empty() {
                let marks = vec!["?"; words.len()].join(", ");
                conditions.add(
                    format!("{column} IN ({marks})"),
                    words.into_iter().map(text),
                );
            }
        }
        Test::Ids => {
            let Some(parts) = query.comma(name, 100) else {
                return;
            };
            let ids: Vec<Cell> = parts
                .iter()
                .filter(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()) && **p != "0")
                .filter_map(|p| p.parse().ok().map(Cell::Integer))
                .collect();
            if ids.len() != parts.len() {
                query.fail(name, "type", "must be ids, separated by commas");
            }
            let marks = vec!["?"; ids.len()].join(", ");
            conditions.add(format!("{column} IN ({marks})"), ids);
        }
        Test::Id => {
            if let Some(id) = query.integer(name, 1, i64::MAX) {
                conditions.add(format!("{column} = ?"), [Cell::Integer(id)]);
            }
        }
        Test::Bool => {
            if let Some(value) = query.boolean(name) {
                conditions.add(format!("{column} = ?"), [Cell::Integer(i64::from(value))]);
            }
        }
        Test::From => {
            if let Some(date) = query.date(name) {
                conditions.add(format!("{column} >= ?"), [text(date)]);
            }
        }
        Test::To => {
            if let Some(date) = query.date(name) {
                conditions.add(format!("substr({column}, 1, 10) <= ?"), [text(date)]);
            }
        }
        Test::Text(max) => {
            if let Some(value) = query.text(name, *max) {
                conditions.add(format!("lower({column}) = lower(?)"), [text(value)]);
            }
        }
        Test::Label => {
            if let Some(value) = query.text(name, 40) {
                let clause =
                    format!("EXISTS (SELECT 1 FROM json_each({column}) j WHERE j.value = ?)");
                conditions.add(clause, [text(value)]);
            }
        }
        Test::AtLeast => {
            let Some(value) = query.one(name) else { return };
            match decimal::parse(value, crate::fields::MAX_MONEY) {
                Some(value) => conditions.add(format!("{column} >= ?"), [Cell::Integer(value)]),
                None => query.fail(name, "format", "must be a decimal such as 95.00"),
            }
        }
    }
}

fn order(resource: &Resource, call: &Call) -> String {
    let sort = resource.list.sort;
    let default = sort.first().copied().unwrap_or("id");
    let name = call.query.one("sort").unwrap_or(default);
    let bare = name.strip_prefix('-').unwrap_or(name);
    // The column is taken from the table, never from the request.
    match sort
        .iter()
        .map(|s| s.strip_prefix('-').unwrap_or(s))
        .find(|column| *column == bare)
    {
        Some(column) => {
            let direction = if name.starts_with('-') { "DESC" } else { "ASC" };
            format!("{column} {direction}, id {direction}")
        }
        None => {
            let columns: Vec<&str> = sort
                .iter()
                .map(|s| s.strip_prefix('-').unwrap_or(s))
                .collect();
            let message = format!("must be one of {}, each also with -", columns.join(", "));
            call.query.fail("sort", "enum", &message);
            "id".to_owned()
        }
    }
}

/// The columns to show, or `None` for all. Those that identify a record are always shown.
fn chosen<'a>(resource: &'static Resource, call: &'a Call) -> Option<Vec<&'a str>> {
    if resource.list.choose.is_empty() {
        return None;
    }
    let mut chosen = call.query.comma("fields", 50)?;
    call.query
        .check_words("fields", &chosen, resource.list.choose);
    chosen.extend(["id", "name", "number"]);
    Some(chosen)
}
