//! Ends of lines: libraries that edit a file may write their own.

use similar::{ChangeTag, TextDiff};

/// The new text with the ends of lines that the old one has: those of lines that stayed, and for lines that
/// are new the one that most have.
pub(super) fn kept(old: &str, new: &str) -> String {
    if !old.contains('\r') && !new.contains('\r') {
        return new.to_owned();
    }
    let endings: Vec<&str> = old
        .split_inclusive('\n')
        .map(|line| if line.ends_with("\r\n") { "\r\n" } else { "\n" })
        .collect();
    let ended = old.matches('\n').count();
    let usual = if old.matches("\r\n").count() * 2 > ended {
        "\r\n"
    } else {
        "\n"
    };
    let (old, new) = (old.replace("\r\n", "\n"), new.replace("\r\n", "\n"));
    let mut out = String::with_capacity(new.len());
    for change in TextDiff::from_lines(old.as_str(), new.as_str()).iter_all_changes() {
        let end = match change.tag() {
            ChangeTag::Delete => continue,
            ChangeTag::Insert => Some(usual),
            ChangeTag::Equal => change.old_index().and_then(|at| endings.get(at).copied()),
        };
        match change.value().strip_suffix('\n') {
            Some(line) => {
                out.push_str(line);
                out.push_str(end.unwrap_or(usual));
            }
            None => out.push_str(change.value()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::kept;

    #[test]
    fn lines_that_stay_keep_their_ends_and_new_ones_have_the_usual() {
        for (old, new, expected) in [
            ("a\nb\n", "a\nx\nb\n", "a\nx\nb\n"),
            ("a\r\nb\r\n", "a\nx\nb\n", "a\r\nx\r\nb\r\n"),
            ("a\r\nb\nc\r\n", "a\nx\nb\nc\n", "a\r\nx\r\nb\nc\r\n"),
            ("a\r\nb", "a\nb\nx", "a\r\nb\r\nx"),
        ] {
            assert_eq!(kept(old, new), expected, "{old:?}");
        }
    }
}
