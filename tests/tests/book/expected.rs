//! Whether an output is what a page says: line by line, where `…` stands for any text, and on a line of its
//! own for any lines.

/// What stands for any text.
const ANY: &str = "…";

/// Whether all lines fit.
pub fn fits(expected: &[String], output: &[String]) -> bool {
    match expected.split_first() {
        None => output.is_empty(),
        Some((first, rest)) if first.trim() == ANY => {
            (0..=output.len()).any(|skipped| fits(rest, &output[skipped..]))
        }
        Some((first, rest)) => output.split_first().is_some_and(|(line, others)| {
            line_fits(first.trim_end(), line.trim_end()) && fits(rest, others)
        }),
    }
}

fn line_fits(expected: &str, line: &str) -> bool {
    let mut parts = expected.split(ANY);
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[test]
fn what_fits_and_what_does_not() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    for (expected, output, wanted) in [
        ("a", "a", true),
        ("a", "b", false),
        ("a", "a\nb", false),
        ("a\n…", "a\nb\nc", true),
        ("…\nc", "a\nb\nc", true),
        ("…\nb", "a\nb\nc", false),
        ("a…c", "abc", true),
        ("a…b…c", "a1b2c", true),
        ("a…b…c", "a1c2b", false),
        ("a…", "b", false),
        ("", "a", false),
    ] {
        assert_eq!(
            fits(&lines(expected), &lines(output)),
            wanted,
            "{expected:?} {output:?}"
        );
    }
}
