//! What members of envelopes are called that speak of pages.

use super::plain;

/// Members that say next to records that these are a page, and that records have not.
const CERTAIN: [&str; 30] = [
    "nextcursor",
    "nextpagetoken",
    "nexttoken",
    "nextpagecursor",
    "endcursor",
    "continuationtoken",
    "nextpageurl",
    "nextlink",
    "nextpage",
    "hasmore",
    "hasnext",
    "hasnextpage",
    "hasmorepages",
    "moreresults",
    "morerecords",
    "totalcount",
    "totalelements",
    "totalresults",
    "totalrecords",
    "totalhits",
    "totalpages",
    "numberofelements",
    "perpage",
    "pagesize",
    "itemsperpage",
    "currentpage",
    "pagination",
    "paging",
    "pageinfo",
    "pageable",
];
/// Members that say so together with another one of these two lists.
const POSITIONS: [&str; 10] = [
    "page",
    "offset",
    "limit",
    "skip",
    "next",
    "previous",
    "prev",
    "cursor",
    "startindex",
    "startat",
];
const BESIDE: [&str; 8] = [
    "total",
    "totalitems",
    "count",
    "size",
    "pages",
    "view",
    "maxresults",
    "resultsizeestimate",
];

/// The name of a member of an envelope without case, separators, and what says in whose words it is:
/// `hydra:totalItems` (JSON-LD), `@odata.nextLink` (OData).
pub(super) fn told(name: &str) -> String {
    let own = name.rsplit(':').next().unwrap_or_default();
    let Some(annotation) = own.strip_prefix('@') else {
        return plain(own);
    };
    let own = plain(annotation.rsplit('.').next().unwrap_or_default());
    // The number of all that match (OData JSON Format 4.01 §4.5.5); elsewhere it may be that of the page.
    match own.as_str() {
        "count" => "totalcount".to_owned(),
        _ => own,
    }
}

/// Whether an object with these members is a page of something.
pub(super) fn is_paged<'n>(names: impl Iterator<Item = &'n str>) -> bool {
    let names: Vec<String> = names.map(told).collect();
    let among = |list: &[&str]| {
        let found = names.iter().filter(|name| list.contains(&name.as_str()));
        found.count()
    };
    let positions = among(&POSITIONS);
    among(&CERTAIN) > 0 || positions > 0 && positions + among(&BESIDE) > 1
}
