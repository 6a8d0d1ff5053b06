//! Search words and pages, in the arguments that a tool has for them.

use super::call::put;
use super::{MOST_ON_PAGE, PAGE, held};
use crate::engine::Entry;
use crate::guard::CONFIRM_TOKEN;
use crate::json::{Object, Value};
use crate::result::is_control;

/// Names under which APIs take these, folded to lower case without `_`.
const QUERY: &[&str] = &[
    "q",
    "query",
    "search",
    "searchterm",
    "searchquery",
    "keyword",
    "keywords",
    "term",
    "text",
];
const LIMIT: &[&str] = &[
    "limit",
    "perpage",
    "pagesize",
    "size",
    "count",
    "maxresults",
    "first",
    "top",
];
const OFFSET: &[&str] = &["offset", "skip", "start", "startat"];
const PAGES: &[&str] = &["page", "pagenumber", "pageno"];
const CURSOR: &[&str] = &[
    "cursor",
    "pagetoken",
    "nexttoken",
    "startcursor",
    "after",
    "startingafter",
    "continuation",
];

/// What the view calls an argument of the tool behind that it has a name of its own for.
pub(in crate::catalog) fn own_name(argument: &str) -> Option<&'static str> {
    let folded = folded(argument);
    let names = [
        ("query", QUERY),
        ("limit", LIMIT),
        ("offset", OFFSET),
        ("cursor", CURSOR),
    ];
    let found = names
        .iter()
        .find(|(_, names)| names.contains(&folded.as_str()));
    found.map(|(own, _)| *own)
}

/// A name without case and separators.
fn folded(name: &str) -> String {
    name.replace(['_', '-'], "").to_lowercase()
}

/// Brings the search words and the page into the arguments that the tool has for them, and gives how many
/// records are asked for, where it is told.
pub(super) fn page(
    entry: &Entry,
    given: &Object,
    arguments: &mut Object,
) -> Result<Option<u64>, String> {
    let input = entry.listed().0;
    let properties = input.get("properties").and_then(Value::as_object);
    let named = |names: &[&str]| {
        let keys = || properties.into_iter().flat_map(Object::keys);
        names
            .iter()
            .find_map(|name| keys().find(|key| folded(key) == *name))
            .cloned()
    };
    let tool = entry.name();
    if let Some(query) = given.get("query") {
        let Some(name) = named(QUERY) else {
            // What says how much is shown is no filter.
            let is_filter = |name: &&str| {
                own_name(name).is_none()
                    && !PAGES.contains(&folded(name).as_str())
                    && !is_control(entry.operation(), name)
                    && *name != CONFIRM_TOKEN
            };
            let names = properties.into_iter().flat_map(Object::keys);
            let others: Vec<&str> = names.map(String::as_str).filter(is_filter).collect();
            return Err(match others.as_slice() {
                [] => format!(
                    "{tool} cannot search for words, and has no filters; leave `query` out."
                ),
                others => format!(
                    "{tool} cannot search for words; filter instead, by: {}.",
                    others.join(", ")
                ),
            });
        };
        put(arguments, &name, query.clone())?;
    }
    if let Some(limit) = held::page(entry, given, arguments)? {
        return Ok(Some(limit));
    }
    let asked = given.get("limit").and_then(Value::as_u64);
    let mut limit = asked.unwrap_or(PAGE);
    let mut sent = None;
    if let Some(name) = named(LIMIT) {
        let most = properties
            .and_then(|properties| properties.get(&name)?.get("maximum")?.as_u64())
            .unwrap_or(MOST_ON_PAGE);
        limit = limit.min(most);
        if asked.is_some() || !arguments.contains_key(&name) {
            put(arguments, &name, limit.into())?;
            sent = Some(limit);
        }
    }
    // What the answer said of the next page, in the words of the tool.
    let is_placed = [PAGES, OFFSET, CURSOR]
        .into_iter()
        .filter_map(named)
        .any(|name| arguments.contains_key(&name));
    if is_placed {
        return Ok(sent);
    }
    if let Some(cursor) = given.get("cursor") {
        let name = named(CURSOR).ok_or_else(|| {
            format!("{tool} has no cursor; use `offset`, or what its answer says of the next page.")
        })?;
        put(arguments, &name, cursor.clone())?;
    }
    let offset = given.get("offset").and_then(Value::as_u64).unwrap_or(0);
    if offset == 0 {
        return Ok(sent);
    }
    if let Some(name) = named(OFFSET) {
        put(arguments, &name, offset.into())?;
        return Ok(sent);
    }
    let Some(name) = named(PAGES) else {
        return Err(format!(
            "{tool} cannot skip records; narrow the search with filters."
        ));
    };
    match offset.checked_rem(limit) {
        Some(0) => {
            put(arguments, &name, (offset / limit + 1).into())?;
            Ok(sent)
        }
        _ => Err(format!(
            "`offset` {offset} is no multiple of `limit` {limit}, and {tool} has whole pages only."
        )),
    }
}
