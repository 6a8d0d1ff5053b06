//! How pages of a list are asked for: names of arguments, and where answers say what comes next.

use super::plain;
use super::spots::{Spot, spots};
use super::told::told;
use crate::ir::{PageSize, Paging, PagingStyle};
use crate::lower::arguments::Argument;
use crate::lower::schema::{Shape, Shapes};
use crate::text::pointer::escaped;

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
const CURSOR: [&str; 15] = [
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
    "continue",
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
const SIZE: [&str; 15] = [
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
    "itemsperpage",
];
const NEXT: [&str; 12] = [
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
    "continue",
];
const MORE: [&str; 9] = [
    "hasmore",
    "hasnext",
    "hasnextpage",
    "morepages",
    "moreresults",
    "morerecords",
    "hasmorepages",
    "hasmoreresults",
    "more",
];
/// Flags that are true on the last page.
const DONE: [&str; 5] = ["last", "islast", "lastpage", "islastpage", "done"];
const TOTAL: [&str; 11] = [
    "total",
    "totalcount",
    "totalitems",
    "totalrecords",
    "totalresults",
    "totalelements",
    "totalhits",
    "totalrows",
    "totalsize",
    "totalentries",
    "recordstotal",
];
const PAGES: [&str; 5] = ["pages", "totalpages", "pagecount", "lastpage", "numpages"];
/// Which page it is, and how many records stand before it.
const HERE_PAGE: [&str; 7] = [
    "number",
    "currentpage",
    "pagenumber",
    "pageindex",
    "pageno",
    "pagenum",
    "page",
];
const HERE_OFFSET: [&str; 5] = ["startindex", "offset", "skip", "startat", "start"];
/// Objects of envelopes that speak of pages.
const ABOUT: [&str; 13] = [
    "pages",
    "meta",
    "metadata",
    "pagination",
    "paging",
    "pageinfo",
    "links",
    "page",
    "responsemetadata",
    "resultinfo",
    "info",
    "view",
    "cursor",
];

/// Whether a number of this name says which page is meant.
pub(super) fn is_position(name: &str) -> bool {
    let name = plain(name);
    PAGE.contains(&name.as_str()) || OFFSET.contains(&name.as_str())
}

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
    let spots = spots(shapes, arguments);
    let argument = |names: &[&str], numbers: bool| {
        names.iter().find_map(|name| {
            spots.iter().find(|spot| {
                let shape = &spot.shape;
                spot.is_called(name)
                    && !(ends && *name == "start")
                    && (spot.is_unknown
                        || shape.is_scalar()
                            && !is_time(shape)
                            && (!numbers
                                || matches!(
                                    shape.types.names().as_slice(),
                                    ["integer" | "number"]
                                )))
            })
        })
    };
    let places = Places::of(shapes, root, records);
    let next = places.first(&NEXT);
    let more = places.first(&MORE);
    // An identifier of a record, if the answer has no cursor, says that there is more, and its records have
    // an identifier; else nobody knows what it takes.
    let behind = |spot: &&Spot<'a>| BEHIND.iter().any(|name| spot.is_called(name));
    let id = found
        .filter(|_| next.is_none() && more.is_some())
        .and_then(|(_, record)| record.properties.get("id"))
        .filter(|id| shapes.of(id).is_scalar());
    let cursor =
        argument(&CURSOR, false).filter(|spot| !behind(spot) || next.is_some() || id.is_some());
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
    let size = argument(&SIZE, true).map(page_size);
    if position.is_none() && size.is_none() && next.is_none() {
        return None;
    }
    let stated = position.and_then(|spot| stated(style, &spot.shape));
    let here = position.filter(|_| stated.is_none());
    let here = here.and_then(|_| match style {
        PagingStyle::Page => places.of_page(),
        PagingStyle::Offset => places.first(&HERE_OFFSET),
        PagingStyle::Cursor | PagingStyle::Link => None,
    });
    // OpenSearch 1.1 and SCIM (RFC 7644 §3.4.2.4) count from one.
    let from_one = position.is_some_and(|spot| spot.is_called("startindex"))
        && places.first(&["itemsperpage"]).is_some()
        && places.first(&["totalresults"]).is_some();
    let first = stated.unwrap_or(match style {
        PagingStyle::Page => 1,
        PagingStyle::Offset => u32::from(from_one),
        PagingStyle::Cursor | PagingStyle::Link => 0,
    });
    // `count` is the number of all records beside `results` and `next` (Django REST framework), elsewhere
    // it may be that of the page.
    let counts = records == "/results" && next.as_deref() == Some("/next");
    let total = places
        .first(&TOTAL)
        .or_else(|| places.first(&["count"]).filter(|_| counts));
    Some(Paging {
        style,
        position: position.map_or_else(String::new, |spot| spot.place.clone()),
        first,
        size,
        next: next.unwrap_or_default(),
        more: more.unwrap_or_default(),
        total: total.unwrap_or_default(),
        pages: places
            .find(&PAGES, |told| !told.is_flag)
            .unwrap_or_default(),
        last: last.unwrap_or_default(),
        here: here.unwrap_or_default(),
        done: places.flag(&DONE).unwrap_or_default(),
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

/// The position of the first page, as far as the document says it.
fn stated(style: PagingStyle, shape: &Shape<'_>) -> Option<u32> {
    let first = match style {
        PagingStyle::Page => default(shape).or_else(|| number(shape, "minimum")),
        PagingStyle::Offset => default(shape),
        PagingStyle::Cursor | PagingStyle::Link => None,
    };
    first.map(|first| first.min(1))
}

fn page_size(spot: &Spot<'_>) -> PageSize {
    let shape = &spot.shape;
    let said = default(shape);
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
            let max = number(shape, "maximum")
                .filter(|max| *max > 0)
                .unwrap_or(LARGEST);
            let least = number(shape, "minimum").unwrap_or(1);
            (max, USUAL.max(least).min(max))
        }
    };
    let usual = said.unwrap_or(usual);
    let send = said.is_none() && usual > 0 && spot.may_be_added;
    let max = if max == 0 { 0 } else { max.max(usual) };
    // Of an object that cannot be made up nobody knows how many come without it.
    let is_known = send || said.is_some() || !spot.place.starts_with('/');
    PageSize {
        argument: spot.place.clone(),
        max,
        usual: if is_known { usual } else { 0 },
        send,
    }
}

/// A scalar of an envelope.
struct Told {
    /// Its name, without case, separators and prefix.
    key: String,
    /// JSON Pointer.
    place: String,
    is_flag: bool,
}

/// Scalars of an envelope.
struct Places(Vec<Told>);

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
        self.find(names, |_| true)
    }

    /// The same, of flags only.
    fn flag(&self, names: &[&str]) -> Option<String> {
        self.find(names, |told| told.is_flag)
    }

    /// The number of the page. Many things have a `number`; one beside the number of all pages is that of
    /// this one.
    fn of_page(&self) -> Option<String> {
        let counted = self.first(&["totalelements"]).or(self.first(&PAGES));
        self.find(&HERE_PAGE, |told| told.key != "number" || counted.is_some())
    }

    fn find(&self, names: &[&str], fits: impl Fn(&Told) -> bool) -> Option<String> {
        names.iter().find_map(|name| {
            let found = self.0.iter().find(|told| told.key == *name && fits(told));
            found.map(|told| told.place.clone())
        })
    }
}

fn collect<'a>(
    shapes: &Shapes<'a>,
    object: &Shape<'a>,
    place: &str,
    records: &str,
    levels: usize,
    found: &mut Vec<Told>,
) {
    for (name, node) in &object.properties {
        let at = format!("{place}/{}", escaped(name));
        if at == records {
            continue;
        }
        let key = told(name);
        let shape = shapes.of(node);
        if !shape.is_object() {
            if !shape.is_array() {
                found.push(Told {
                    key,
                    place: at,
                    is_flag: shape.types.names() == ["boolean"],
                });
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
            found.extend(inner.map(|inner| Told {
                key,
                place: format!("{at}/{inner}"),
                is_flag: false,
            }));
        }
    }
}
