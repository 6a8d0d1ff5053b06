//! Pages and records that are counted, where no answer says what leads to the next.

use super::paging::{pages, position};
use crate::json::{Object, Value, place};
use crate::operation::{OperationDef, Paging, PagingStyle};

/// What an answer says of a page that is one of several.
pub(super) struct Counted {
    pub(super) rows: u64,
    pub(super) total: Option<u64>,
    /// Number of all pages.
    pub(super) pages: Option<u64>,
    /// Whether there is more for certain.
    pub(super) more: bool,
    /// The position of the page, where only the answer says it.
    pub(super) here: Option<u64>,
}

impl Counted {
    /// The next page where pages or records are counted.
    pub(super) fn next(&self, paging: &Paging, arguments: &Object) -> Object {
        let rows = self.rows;
        if rows == 0 || paging.position.is_empty() {
            return Object::new();
        }
        let number = |at: &str| place::at(at, arguments).and_then(Value::as_u64);
        let given = number(paging.position);
        // What comes without a position is the first page.
        let first = match (given, self.here) {
            (None, Some(here)) if here <= 1 => here,
            _ => u64::from(paging.first),
        };
        let now = given.unwrap_or(first);
        let size = size_of(paging, arguments);
        let (next, seen) = match paging.style {
            PagingStyle::Page => {
                let before = now.saturating_sub(first);
                // Without a size the pages before are taken to be as long as this one.
                let seen = before
                    .saturating_mul(size.unwrap_or(rows))
                    .saturating_add(rows);
                (now.saturating_add(1), seen)
            }
            PagingStyle::Offset => {
                let next = now.saturating_add(rows);
                (next, next.saturating_sub(first))
            }
            PagingStyle::Cursor | PagingStyle::Link => return Object::new(),
        };
        let goes_on = self.more
            || match (self.pages, self.total, size) {
                (Some(pages), ..) if paging.style == PagingStyle::Page => {
                    now.saturating_sub(first).saturating_add(1) < pages
                }
                (_, Some(total), _) => seen < total,
                (_, None, Some(size)) => rows >= size,
                (_, None, None) => false,
            };
        if goes_on {
            position(paging, &Value::from(next), arguments)
        } else {
            Object::new()
        }
    }
}

/// How many records a page has that was asked for.
pub(super) fn size_of(paging: &Paging, arguments: &Object) -> Option<u64> {
    let size = paging.size?;
    let given = place::at(size.argument, arguments).and_then(Value::as_u64);
    given.or((size.usual > 0).then_some(u64::from(size.usual)))
}

/// A page, for who counts records.
pub(crate) struct Stretch<'b> {
    /// Its records.
    pub(crate) rows: &'b [Value],
    /// Number of all records, where the answer says it.
    pub(crate) total: Option<u64>,
    /// The arguments that get the next page; also where it may be empty.
    pub(crate) next: Object,
    /// Whether nothing can be behind it.
    pub(crate) is_last: bool,
}

/// Reads a page without taking a short one for the last: a service may give less than was asked for.
pub(crate) fn stretch<'b>(
    operation: &OperationDef,
    body: &'b Value,
    arguments: &Object,
    headers: &[(String, String)],
) -> Option<Stretch<'b>> {
    let plan = operation.answer?;
    let rows = body.pointer(plan.records)?.as_array()?;
    let page = pages(operation, body, rows.len(), arguments, headers);
    let paging = plan.paging.unwrap_or(Paging::DEFAULT);
    let is_led = matches!(paging.style, PagingStyle::Cursor | PagingStyle::Link)
        && !paging.next.is_empty()
        && page.next.is_empty();
    let is_last = page.ends || rows.is_empty() || is_led;
    let next = if page.next.is_empty() && !is_last {
        let here = body
            .pointer(paging.here)
            .filter(|_| !paging.here.is_empty());
        let count = Counted {
            rows: rows.len() as u64,
            total: None,
            pages: None,
            more: true,
            here: here.and_then(Value::as_u64),
        };
        count.next(&paging, arguments)
    } else {
        page.next
    };
    Some(Stretch {
        rows,
        total: page.total,
        next,
        is_last,
    })
}
