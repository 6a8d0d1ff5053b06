//! Path templates (OpenAPI 3.2 §4.8.1).

use super::path_query;
use crate::ir::Part;

/// Takes a template apart: segments of literals and parameters. Literals are percent-encoded so that
/// they are valid in a path; what is encoded already stays.
///
/// # Errors
/// When the braces do not match or a placeholder has no name.
pub fn segments(template: &str) -> Result<Vec<Vec<Part>>, String> {
    let path = template.strip_prefix('/').unwrap_or(template);
    let mut segments = Vec::new();
    let mut current = Vec::new();
    let mut literal = String::new();
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        match c {
            '{' => {
                flush(&mut current, &mut literal);
                let mut name = String::new();
                loop {
                    match chars.next() {
                        Some('}') => break,
                        Some('{') | None => return Err("a `{` has no `}`".to_owned()),
                        Some(c) => name.push(c),
                    }
                }
                if name.is_empty() {
                    return Err("a placeholder `{}` has no name".to_owned());
                }
                current.push(Part::Parameter(name));
            }
            '}' => return Err("a `}` has no `{`".to_owned()),
            '/' => {
                flush(&mut current, &mut literal);
                segments.push(std::mem::take(&mut current));
            }
            // Everything behind belongs to no path; some documents write queries into templates.
            '?' if path_query::is_sendable(template) => break,
            '?' => return Err("a path cannot contain `?`".to_owned()),
            // A fragment is never sent (RFC 9110 §7.1): documents tell operations of one path apart by it.
            '#' => break,
            c => encode(c, &mut literal),
        }
    }
    flush(&mut current, &mut literal);
    segments.push(current);
    if segments
        .iter()
        .any(|s| matches!(s.as_slice(), [Part::Literal(l)] if is_dot(l)))
    {
        return Err("a path cannot contain `.` or `..` segments".to_owned());
    }
    Ok(segments)
}

/// Whether a template has a `#` that begins a fragment; one in a placeholder's name begins none.
pub fn has_fragment(template: &str) -> bool {
    let mut in_name = false;
    template.chars().any(|c| {
        match c {
            '{' => in_name = true,
            '}' => in_name = false,
            _ => {}
        }
        c == '#' && !in_name
    })
}

/// Names of the placeholders, in order.
pub fn placeholders(segments: &[Vec<Part>]) -> impl Iterator<Item = &str> {
    segments.iter().flatten().filter_map(|part| match part {
        Part::Parameter(name) => Some(name.as_str()),
        Part::Literal(_) => None,
    })
}

fn is_dot(literal: &str) -> bool {
    matches!(
        literal.to_ascii_lowercase().replace("%2e", ".").as_str(),
        "." | ".."
    )
}

fn flush(current: &mut Vec<Part>, literal: &mut String) {
    if !literal.is_empty() {
        current.push(Part::Literal(std::mem::take(literal)));
    }
}

/// `pchar` of RFC 3986 §3.3 stays, `%` too; everything else is encoded.
fn encode(c: char, out: &mut String) {
    if c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%".contains(c) {
        out.push(c);
        return;
    }
    let mut buffer = [0u8; 4];
    for byte in c.encode_utf8(&mut buffer).bytes() {
        out.push_str(&format!("%{byte:02X}"));
    }
}

#[cfg(test)]
mod tests {
    use super::{has_fragment, segments};
    use crate::ir::Part::{Literal, Parameter};

    #[test]
    fn templates_come_apart_into_segments() {
        let l = |s: &str| Literal(s.to_owned());
        let p = |s: &str| Parameter(s.to_owned());
        for (template, expected) in [
            ("/", vec![vec![]]),
            ("/a/{id}", vec![vec![l("a")], vec![p("id")]]),
            ("/a/{id}.pdf", vec![vec![l("a")], vec![p("id"), l(".pdf")]]),
            (
                "/a/{x}-{y}/",
                vec![vec![l("a")], vec![p("x"), l("-"), p("y")], vec![]],
            ),
            ("/a/{id}#Action=Send", vec![vec![l("a")], vec![p("id")]]),
            ("/#{x", vec![vec![]]),
            ("/a?b={c}", vec![vec![l("a")]]),
            ("/a b/ü", vec![vec![l("a%20b")], vec![l("%C3%BC")]]),
        ] {
            assert_eq!(segments(template).unwrap(), expected, "{template}");
        }
    }

    #[test]
    fn a_fragment_begins_outside_of_placeholders() {
        for (template, expected) in [("/a#b", true), ("/{a#b}", false), ("/{a#b}#c{d}", true)] {
            assert_eq!(has_fragment(template), expected, "{template}");
        }
    }

    #[test]
    fn templates_that_cannot_be_a_path_are_refused() {
        for template in [
            "/a/{id",
            "/a/id}",
            "/a/{}",
            "/a?b={c}{d}",
            "/a?b=ä#c",
            "/a/../b",
            "/a/%2e%2E",
        ] {
            assert!(segments(template).is_err(), "{template}");
        }
    }
}
