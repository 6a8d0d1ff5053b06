//! Which view a request asks for: by the path after `/mcp`, and by header fields, which are named as
//! GitHub's MCP server names them.

use std::sync::Arc;

use http::request::Parts;
use http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;

use crate::access::Needed;
use crate::catalog::{Catalog, Lists, Selection, Statement, is_on};

/// Header fields that choose tools.
const TOOLSETS: &str = "x-mcp-toolsets";
const TOOLS: &str = "x-mcp-tools";
const EXCLUDE: &str = "x-mcp-exclude-tools";
const READ_ONLY: &str = "x-mcp-readonly";
const FIELDS: [&str; 4] = [TOOLSETS, TOOLS, EXCLUDE, READ_ONLY];

/// The tools that can be reached through the view whose path is `/mcp` and `rest`, with what decides who may call
/// them; or one sentence about what there is not.
pub(super) fn reach<'c>(catalog: &'c Catalog, rest: &str) -> Result<Vec<Needed<'c>>, String> {
    let path = percent_decode_str(rest).decode_utf8();
    let path = path.map_err(|_| "the path is not UTF-8".to_owned())?;
    let view = Statement::parse(&path)?.over(catalog.base());
    let found = catalog.select(&view)?.found;
    let entries = catalog.engine().entries();
    let entries = found.iter().filter_map(|place| entries.get(*place));
    Ok(entries.flat_map(|entry| catalog.needs(entry)).collect())
}

/// The catalogue of what can be reached through the view whose path is `/mcp` and `rest`, and nothing beside it; of a
/// view that there is not, nothing.
pub(super) fn within(catalog: &Catalog, rest: &str) -> Arc<Catalog> {
    let path = percent_decode_str(rest).decode_utf8().ok();
    let view = path.and_then(|path| Statement::parse(&path).ok());
    let view = view.map(|view| view.over(catalog.base()));
    let limited = view.and_then(|view| catalog.within(&view).ok());
    Arc::new(limited.unwrap_or_else(|| catalog.only(&[])))
}

/// What a request sees; or the status and one sentence about what it asked for.
pub(super) fn selection(
    catalog: &Catalog,
    parts: &Parts,
) -> Result<Arc<Selection>, (StatusCode, String)> {
    let path = path_of(parts);
    let is_silent = !FIELDS.iter().any(|name| parts.headers.contains_key(*name));
    if is_silent && let Some(known) = catalog.seen_at(path) {
        return Ok(known);
    }
    let path = percent_decode_str(path)
        .decode_utf8()
        .map_err(|_| (StatusCode::NOT_FOUND, "the path is not UTF-8".to_owned()))?;
    let url = Statement::parse(&path).map_err(|wrong| (StatusCode::NOT_FOUND, wrong))?;
    let fields = fields(&parts.headers).map_err(|wrong| (StatusCode::BAD_REQUEST, wrong))?;
    let view = url.over(catalog.base());
    if fields.is_silent() {
        let selection = catalog.select(&view).map(Arc::new);
        let selection = selection.map_err(|wrong| (StatusCode::NOT_FOUND, wrong))?;
        if is_silent {
            catalog.keep_seen(path_of(parts), &selection);
        }
        return Ok(selection);
    }
    // The path alone first, so that each complaint is about the place where the mistake is.
    catalog
        .select(&view)
        .map_err(|wrong| (StatusCode::NOT_FOUND, wrong))?;
    catalog
        .select(&fields.over(&view))
        .map(Arc::new)
        .map_err(|wrong| (StatusCode::BAD_REQUEST, wrong))
}

/// What follows `/mcp`.
fn path_of(parts: &Parts) -> &str {
    let path = parts.uri.path();
    path.strip_prefix("/mcp").unwrap_or(path)
}

fn fields(headers: &HeaderMap) -> Result<Statement, String> {
    // A field that is a list may have several lines (RFC 9110 §5.3).
    let list = |name: &str| -> Result<String, String> {
        let mut lines = Vec::new();
        for value in headers.get_all(name) {
            let line = value.to_str();
            lines.push(line.map_err(|_| format!("{name} is not plain text"))?);
        }
        Ok(lines.join(","))
    };
    let mut statement = Statement::default();
    statement.lists(&Lists {
        toolsets: list(TOOLSETS)?,
        tools: list(TOOLS)?,
        exclude: list(EXCLUDE)?,
        read_only: headers
            .get_all(READ_ONLY)
            .iter()
            .any(|value| value.to_str().is_ok_and(is_on)),
    })?;
    Ok(statement.private())
}
