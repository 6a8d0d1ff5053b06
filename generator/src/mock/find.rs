//! The operation that a request is for.

use super::route::Route;
use crate::ir::Part;
use crate::text::percent_decode;

/// What is asked for.
#[derive(Debug)]
pub(super) enum Asked<'r> {
    /// This operation, with the values of its path.
    For(&'r Route, Vec<(String, String)>),
    /// Another method of this path; these there are.
    Method(Vec<&'r str>),
    /// Nothing that there is.
    Nothing,
}

/// The operation that a request is for. `query` are the names and values of its query.
pub(super) fn find<'r>(
    routes: &'r [Route],
    method: &str,
    path: &str,
    query: &[(String, String)],
) -> Asked<'r> {
    let steps: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    let mut fitting: Vec<(&Route, Vec<(String, String)>)> = routes
        .iter()
        .filter_map(|route| Some((route, fit(&route.segments, &steps)?)))
        .collect();
    let methods: Vec<&str> = fitting
        .iter()
        .map(|(route, _)| route.method.as_str())
        .collect();
    if fitting.is_empty() {
        return Asked::Nothing;
    }
    // A HEAD is a GET without its content (RFC 9110 §9.3.2).
    let wanted = if method == "HEAD" && !methods.contains(&"HEAD") {
        "GET"
    } else {
        method
    };
    fitting.retain(|(route, _)| route.method == wanted);
    // What the template says itself counts for more than a parameter, and a query that it names for more than none.
    let rank = |route: &Route, values: &[(String, String)]| {
        let named = route.path.split('?').nth(1).map_or(0, |said| {
            let pairs = said.split('&').filter(|pair| !pair.contains('{'));
            let held = pairs.map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                query.iter().any(|(n, v)| n == name && v == value)
            });
            held.map(|held| if held { 1_i32 } else { -1 }).sum()
        });
        (named, std::cmp::Reverse(values.len()))
    };
    let best = fitting
        .into_iter()
        .rev()
        .max_by_key(|(route, values)| rank(route, values));
    match best {
        Some((route, values)) => Asked::For(route, values),
        None => {
            let mut methods = methods;
            methods.sort_unstable();
            methods.dedup();
            Asked::Method(methods)
        }
    }
}

/// The values of a path that a template has room for.
fn fit(template: &[Vec<Part>], steps: &[&str]) -> Option<Vec<(String, String)>> {
    if template.len() != steps.len() {
        return None;
    }
    let mut values = Vec::new();
    for (parts, step) in template.iter().zip(steps) {
        let mut rest = *step;
        for (index, part) in parts.iter().enumerate() {
            match part {
                Part::Literal(text) => rest = strip(rest, text)?,
                Part::Parameter(name) => {
                    let next =
                        parts
                            .iter()
                            .skip(index.saturating_add(1))
                            .find_map(|part| match part {
                                Part::Literal(text) => Some(text.as_str()),
                                Part::Parameter(_) => None,
                            });
                    let end = match next {
                        Some(next) => rest.rfind(next)?,
                        None => rest.len(),
                    };
                    let (value, behind) = rest.split_at_checked(end)?;
                    if value.is_empty() {
                        return None;
                    }
                    values.push((name.clone(), value.to_owned()));
                    rest = behind;
                }
            }
        }
        if !rest.is_empty() {
            return None;
        }
    }
    Some(values)
}

/// What follows a literal, however either is encoded.
fn strip<'t>(text: &'t str, literal: &str) -> Option<&'t str> {
    text.strip_prefix(literal)
        .or_else(|| (percent_decode(text)? == percent_decode(literal)?).then_some(""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::path::segments;

    #[test]
    fn segments_of_several_parts_come_apart() {
        let values_of = |path: &str, asked: &str| {
            let template = segments(path).unwrap_or_default();
            let steps: Vec<&str> = asked.trim_start_matches('/').split('/').collect();
            fit(&template, &steps).map(|values| {
                values
                    .into_iter()
                    .map(|(_, value)| value)
                    .collect::<Vec<_>>()
            })
        };
        let values = |all: &[&str]| Some(all.iter().map(|one| (*one).to_owned()).collect());
        assert_eq!(values_of("/a/{id}.json", "/a/1.b.json"), values(&["1.b"]));
        assert_eq!(values_of("/a/{from}..{to}", "/a/1..2"), values(&["1", "2"]));
        assert_eq!(values_of("/a/{id}/", "/a/1"), None);
        assert_eq!(values_of("/a/{id}", "/a/"), None);
        assert_eq!(values_of("/ü/{id}", "/%C3%BC/1"), values(&["1"]));
    }
}
