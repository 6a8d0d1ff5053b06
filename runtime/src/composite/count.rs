//! How many records there are, without the records (row A16).

use serde_json::json;

use super::{answer, settle, text, unusable};
use crate::engine::Engine;
use crate::json::{Object, Value};
use crate::operation::{Count, Counted};
use crate::result::{ErrorKind, ToolResult, refused, stretch};
use crate::upstream::Upstream;

/// Pages of which the records are counted.
const MOST_PAGES: usize = 10;
/// Where services tell a total of which their documents say nothing.
const PLACES: [&str; 16] = [
    "/total",
    "/totalCount",
    "/total_count",
    "/totalElements",
    "/totalResults",
    "/totalItems",
    "/total_items",
    "/@odata.count",
    "/hydra:totalItems",
    "/meta/total",
    "/meta/total_count",
    "/meta/totalCount",
    "/pagination/total",
    "/meta/pagination/total",
    "/paging/total",
    "/page/totalElements",
];

impl Engine {
    pub(super) async fn count(
        &self,
        upstream: &Upstream,
        count: &'static Count,
        mut arguments: Object,
    ) -> ToolResult {
        let by_entity = count.lists.iter().any(|list| !list.name.is_empty());
        let name = text(&arguments, "entity").to_owned();
        let list = count
            .lists
            .iter()
            .find(|list| !by_entity || list.name == name);
        let Some(list) = list else {
            return refused(ErrorKind::Validation, "entity is none of those listed.");
        };
        let mut filters = if by_entity {
            match arguments.shift_remove("filters") {
                Some(Value::Object(filters)) => filters,
                _ => Object::new(),
            }
        } else {
            arguments
        };
        let given = filters.len();
        settle(&mut filters, list.source.set);
        let operation = list.source.list;
        let counted = match self.counted(upstream, list, filters).await {
            Ok(counted) => counted,
            Err(result) => return result,
        };
        let noun = if by_entity {
            format!("{name}: ")
        } else {
            String::new()
        };
        let how = if given == 0 { "in all" } else { "match" };
        let (total, so_far) = (counted.number, !counted.is_all);
        let mut structured = json!({"count": total});
        if let Some(object) = structured.as_object_mut() {
            if by_entity {
                object.insert("entity".to_owned(), Value::from(name));
            }
            if so_far {
                object.insert("at_least".to_owned(), true.into());
            }
        }
        let text = if so_far {
            format!(
                "{noun}at least {total} {how}: the service tells no total, and no more pages were counted (at most {MOST_PAGES}). Narrow it with a filter for the exact number. {} lists them.",
                operation.tool
            )
        } else {
            format!("{noun}{total} {how}. {} lists them.", operation.tool)
        };
        answer(text, structured)
    }

    /// Reads the total, or counts the records of some pages where the service tells none.
    async fn counted(
        &self,
        upstream: &Upstream,
        list: &'static Counted,
        mut arguments: Object,
    ) -> Result<Number, ToolResult> {
        let operation = list.source.list;
        let mut number = 0_u64;
        let mut before: Vec<Value> = Vec::new();
        for _ in 0..MOST_PAGES {
            let (value, exchange) = self.json(upstream, operation, arguments.clone()).await?;
            let value = self.seen(operation, value);
            let is_placed = !list.total.is_empty();
            let told = value.pointer(list.total).filter(|_| is_placed);
            let told = told.and_then(whole);
            let page = stretch(operation, &value, &arguments, &exchange.reply.headers);
            let total = told.or_else(|| page.as_ref().and_then(|page| page.total));
            let rows = page.as_ref().map_or(0, |page| page.rows.len() as u64);
            if let Some(number) = total.or_else(|| elsewhere(&value, rows)) {
                return Ok(Number {
                    number,
                    is_all: true,
                });
            }
            // A total that should be there and is not is no zero, and the pages are the smallest then.
            let Some(page) = page.filter(|_| !is_placed) else {
                let what = match list.total {
                    "" => "has no list, and tells no total".to_owned(),
                    place => format!("has no number at {place}"),
                };
                return Err(unusable(operation, &what));
            };
            // A service that does not know pages gives the first one each time.
            let is_again = !before.is_empty() && before == page.rows;
            if !is_again {
                number = number.saturating_add(rows);
            }
            if is_again || page.is_last || page.next.is_empty() {
                let is_all = page.is_last && !is_again;
                return Ok(Number { number, is_all });
            }
            before = page.rows.to_vec();
            arguments.extend(page.next);
        }
        Ok(Number {
            number,
            is_all: false,
        })
    }
}

/// How many there are.
struct Number {
    number: u64,
    /// Or more than that.
    is_all: bool,
}

/// A total at one of the places where services tell it, of at least the records that came.
fn elsewhere(body: &Value, rows: u64) -> Option<u64> {
    let totals = PLACES
        .iter()
        .filter_map(|place| whole(body.pointer(place)?));
    totals.into_iter().find(|total| *total >= rows)
}

/// A number that counts; some services send it as text.
fn whole(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}
