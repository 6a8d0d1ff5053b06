//! Style and script of the page, and the policy that lets nothing else in.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The style sheet.
pub(super) const STYLE: &str = include_str!("page.css");
/// The script.
pub(super) const SCRIPT: &str = include_str!("page.js");

/// The Content Security Policy of the page (CSP Level 3): the style and the script by their hashes,
/// requests to this server only, no frames, no forms that leave.
pub(crate) fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
            hash(STYLE),
            hash(SCRIPT)
        )
    });
    &POLICY
}

fn hash(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    format!("sha256-{}", STANDARD.encode(digest))
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, STYLE};

    #[test]
    fn nothing_in_them_ends_its_element_or_comes_from_elsewhere() {
        for text in [STYLE, SCRIPT] {
            let lower = text.to_lowercase();
            for never in [
                "</style", "</script", "<!--", "@import", "url(", "//cdn", "https://",
            ] {
                assert!(!lower.contains(never), "{never}");
            }
        }
        for never in [
            "innerhtml",
            "outerhtml",
            "insertadjacenthtml",
            "document.write",
            "eval(",
        ] {
            assert!(!SCRIPT.to_lowercase().contains(never), "{never}");
        }
    }
}
