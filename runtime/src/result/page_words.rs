//! What members of envelopes are called that speak of pages.

/// Objects of envelopes that speak of pages and of nothing else. Names without case and separators, as all
/// below.
pub(super) const OF_PAGES: [&str; 6] = [
    "pagination",
    "paging",
    "pageinfo",
    "page",
    "pageable",
    "cursor",
];
/// Objects that may speak of anything, of pages too.
pub(super) const ABOUT: [&str; 8] = [
    "meta",
    "metadata",
    "info",
    "links",
    "view",
    "resultinfo",
    "responsemetadata",
    "cursors",
];
/// Which page it is.
pub(super) const POSITION: [&str; 13] = [
    "page",
    "pagenumber",
    "pageno",
    "pagenum",
    "pageindex",
    "currentpage",
    "current",
    "offset",
    "skip",
    "start",
    "startat",
    "startindex",
    "number",
];
/// How many records a page has at most.
pub(crate) const SIZE: [&str; 11] = [
    "limit",
    "perpage",
    "pagesize",
    "pagelimit",
    "size",
    "maxresults",
    "resultsperpage",
    "take",
    "top",
    "itemsperpage",
    "rowsperpage",
];
/// How many records this page has.
pub(super) const HERE: [&str; 7] = [
    "count",
    "returned",
    "returnedcount",
    "numberofelements",
    "itemcount",
    "length",
    "results",
];
/// Of the names above, those that other things have as well.
pub(super) const AMBIGUOUS: [&str; 5] = ["number", "current", "start", "length", "results"];
/// Members beside which these are about pages.
pub(super) const OF_LISTS: [&str; 4] = [
    "totalelements",
    "numberofelements",
    "totalpages",
    "totalresults",
];
/// Whether there are more pages.
pub(super) const MORE: [&str; 6] = [
    "hasmore",
    "hasnext",
    "hasnextpage",
    "more",
    "morepages",
    "morerecords",
];
/// Whether there are pages before, and what was asked for.
pub(super) const BEFORE: [&str; 8] = [
    "hasprevious",
    "hasprev",
    "haspreviouspage",
    "hasprevpage",
    "isfirst",
    "first",
    "paged",
    "unpaged",
];
/// Addresses of pages.
pub(super) const ADDRESSES: [&str; 9] = [
    "self",
    "first",
    "last",
    "prev",
    "previous",
    "path",
    "firstpageurl",
    "lastpageurl",
    "prevpageurl",
];
