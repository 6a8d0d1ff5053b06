//! How pages of a list are asked for: names of arguments, and where answers say what comes next.

use super::plain;
use crate::ir::{PageSize, Paging, PagingStyle};
use crate::lower::arguments::Argument;
use crate::lower::schema::{Shape, Shapes};

const PAGE: [&str; 8] = [
    "page",
    "pagenumber",
    "pageno",
    "pagenum",
    "pageindex",
    "currentpage",
    "p",
    "paged",
];
const OFFSET: [&str; 6] = [
    "offset",
    "skip",
    "startat",
    "start",
    "pageoffset",
    "startindex",
];
const CURSOR: [&str; 14] = [
    "cursor",
    "pagetoken",
    "nexttoken",
    "nextcursor",
    "startcursor",
    "continuationtoken",
    "pagecursor",
    "nextpagetoken",
    "after",
    "continuation",
    "marker",
    "pageafter",
    "aftercursor",
    "startingafter",
];
/// Cursors that are the identifier of the last record of the page before, where an answer says no other.
const BEHIND: [&str; 1] = ["startingafter"];
/// Arguments beside which `start` is a point in time and no number of records.
const ENDS: [&str; 8] = [
    "end", "stop", "until", "to", "endtime", "enddate", "finish", "endat",
];
const SIZE: [&str; 14] = [
    "limit",
    "perpage",
    "pagesize",
    "pagelimit",
    "size",
    "maxresults",
    "resultsperpage",
    "take",
    "top",
    "first",
    "count",
    "maxitems",
    "maxpagesize",
    "rowsperpage",
];
const NEXT: [&str; 11] = [
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "nextpagecursor",
    "endcursor",
    "continuationtoken",
    "nexturl",
    "nextpageurl",
    "nextlink",
    "next",
    "nextpage",
];
const MORE: [&str; 6] = [
    "hasmore",
    "hasnext",
    "hasnextpage",
    "morepages",
    "moreresults",
    "more",
];
const TOTAL: [&str; 9] = [
    "total",
    "totalcount",
    "totalitems",
    "totalrecords",
    "totalresults",
    "totalelements",
    "totalhits",
    "totalrows",
    "recordstotal",
];
const PAGES: [&str; 5] = ["pages", "totalpages", "pagecount", "lastpage", "numpages"];
/// Objects of envelopes that speak of pages.
const ABOUT: [&str; 10] = [
    "pages",
    "meta",
    "metadata",
    "pagination",
    "paging",
    "pageinfo",
    "links",
    "page",
    "responsemetadata",
    "cursor",
];

/// The largest page that is asked for where the document says none.
const LARGEST: u32 = 100;
/// The page that is asked for where the document says no default.
const USUAL: u32 = 20;

/// How pages are asked for, as far as names tell; `None` if they tell nothing.
pub(super) fn paging<'a>(
    shapes: &Shapes<'a>,
    root: &Shape<'a>,
    found: Option<(&str, &Shape<'a>)>,
    arguments: &[Argument<'a>],
) -> Option<Paging> {
    let records = found.map_or("", |(records, _)| records);
    let ends = arguments
        .iter()
        .any(|a| ENDS.contains(&plain(&a.name).as_str()));
    let argument = |names: &[&str], numbers: bool| {
        names.iter().find_map(|name| {
            arguments.iter().find(|argument| {
                plain(&argument.name) == *name
                    && argument.fixed.is_none()
                    && !(ends && *name == "start")
                    && argument.schema.as_ref().is_none_or(|schema| {
                        let shape = shapes.of(schema);
                        shape.is_scalar()
                            && !is_time(&shape)
                            && (!numbers
                                || matches!(shape.types.names().as_slice(), ["integer" | "number"]))
                    })
            })
        })
    };
    let places = Places::of(shapes, root, records);
    let next = places.first(&NEXT);
    let more = places.first(&MORE);
    // An identifier of a record, if the answer has no cursor, says that there is more, and its records have
    // an identifier; else nobody knows what it takes.
    let behind = |argument: &&Argument<'a>| BEHIND.contains(&plain(&argument.name).as_str());
    let id = found
        .filter(|_| next.is_none() && more.is_some())
        .and_then(|(_, record)| record.properties.get("id"))
        .filter(|id| shapes.of(id).is_scalar());
    let cursor = argument(&CURSOR, false)
        .filter(|argument| !behind(argument) || next.is_some() || id.is_some());
    let last = cursor.filter(behind).and(id).map(|_| "/id".to_owned());
    let page = argument(&PAGE, true);
    let offset = argument(&OFFSET, true);
    let (style, position) = match (cursor, page, offset) {
        (Some(cursor), None, None) => (PagingStyle::Cursor, Some(cursor)),
        (Some(cursor), ..) if next.is_some() || last.is_some() => {
            (PagingStyle::Cursor, Some(cursor))
        }
        (_, Some(page), _) => (PagingStyle::Page, Some(page)),
        (_, None, Some(offset)) => (PagingStyle::Offset, Some(offset)),
        (None, None, None) => (PagingStyle::Link, None),
    };
    let size = argument(&SIZE, true).map(|argument| page_size(shapes, argument));
    if position.is_none() && size.is_none() && next.is_none() {
        return None;
    }
    let first = position
        .and_then(|argument| argument.schema.as_ref())
        .map(|schema| shapes.of(schema))
        .map_or(0, |shape| first(style, &shape));
    // `count` is the number of all records beside `results` and `next` (Django REST framework), elsewhere
    // it may be that of the page.
    let counts = records == "/results" && next.as_deref() == Some("/next");
    let total = places
        .first(&TOTAL)
        .or_else(|| places.first(&["count"]).filter(|_| counts));
    Some(Paging {
        style,
        position: position.map_or_else(String::new, |argument| argument.name.clone()),
        first,
        size,
        next: next.unwrap_or_default(),
        more: more.unwrap_or_default(),
        total: total.unwrap_or_default(),
        pages: places.first(&PAGES).unwrap_or_default(),
        last: last.unwrap_or_default(),
    })
}

/// Whether a text is a point in time: `after` may be a filter.
fn is_time(shape: &Shape<'_>) -> bool {
    let format = shape
        .keywords
        .get("format")
        .and_then(|node| node.value.as_str());
    matches!(format, Some("date" | "date-time" | "time" | "duration"))
}

fn number(shape: &Shape<'_>, keyword: &str) -> Option<u32> {
    let value = shape.keywords.get(keyword)?.value.as_u64()?;
    u32::try_from(value).ok()
}

fn default(shape: &Shape<'_>) -> Option<u32> {
    let value = shape.default.as_ref()?.value.as_u64()?;
    u32::try_from(value).ok()
}

fn first(style: PagingStyle, shape: &Shape<'_>) -> u32 {
    match style {
        PagingStyle::Page => default(shape)
            .or_else(|| number(shape, "minimum"))
            .map_or(1, |first| first.min(1)),
        PagingStyle::Offset => default(shape).unwrap_or(0).min(1),
        PagingStyle::Cursor | PagingStyle::Link => 0,
    }
}

fn page_size<'a>(shapes: &Shapes<'a>, argument: &Argument<'a>) -> PageSize {
    let shape = argument.schema.as_ref().map(|schema| shapes.of(schema));
    let shape = shape.unwrap_or_default();
    let said = default(&shape);
    let values: Option<Vec<u32>> = shape.values.as_ref().map(|values| {
        let numbers = values.iter().filter_map(|value| value.as_u64());
        numbers
            .filter_map(|value| u32::try_from(value).ok())
            .collect()
    });
    let (max, usual) = match &values {
        // Fixed sizes: the checker of arguments names them.
        Some(values) => {
            let fits = values.iter().filter(|value| **value <= USUAL).max();
            (
                0,
                fits.or_else(|| values.iter().min()).copied().unwrap_or(0),
            )
        }
        None => {
            let max = number(&shape, "maximum")
                .filter(|max| *max > 0)
                .unwrap_or(LARGEST);
            let least = number(&shape, "minimum").unwrap_or(1);
            (max, USUAL.max(least).min(max))
        }
    };
    let usual = said.unwrap_or(usual);
    PageSize {
        argument: argument.name.clone(),
        max: if max == 0 { 0 } else { max.max(usual) },
        usual,
        send: said.is_none() && usual > 0 && !argument.body && !argument.required,
    }
}

/// Scalars of an envelope by their plain names, with their places.
struct Places(Vec<(String, String)>);

impl Places {
    fn of<'a>(shapes: &Shapes<'a>, root: &Shape<'a>, records: &str) -> Self {
        let mut found = Vec::new();
        if root.is_object() && !records.is_empty() {
            collect(shapes, root, "", records, 3, &mut found);
        }
        Self(found)
    }

    /// The place of the first of these names that there is.
    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| {
            let found = self.0.iter().find(|(key, _)| key == name);
            found.map(|(_, place)| place.clone())
        })
    }
}

fn collect<'a>(
    shapes: &Shapes<'a>,
    object: &Shape<'a>,
    place: &str,
    records: &str,
    levels: usize,
    found: &mut Vec<(String, String)>,
) {
    for (name, node) in &object.properties {
        let at = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
        if at == records {
            continue;
        }
        let key = plain(name);
        let shape = shapes.of(node);
        if !shape.is_object() {
            if !shape.is_array() {
                found.push((key, at));
            }
            continue;
        }
        let around_records = records.starts_with(&format!("{at}/"));
        if levels > 0 && (around_records || ABOUT.contains(&key.as_str())) {
            collect(shapes, &shape, &at, records, levels - 1, found);
        } else if key == "next" {
            // `paging.next.after`, `_links.next.href`
            let inner = ["after", "starting_after", "cursor", "href", "link", "url"];
            let inner = inner
                .iter()
                .find(|name| shape.properties.contains_key(*name));
            found.extend(inner.map(|inner| (key, format!("{at}/{inner}"))));
        }
    }
}
