//! Styles and scripts of the pages, and the policy that lets nothing else in.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, PreEscaped, html};

/// What a page is made of besides its markup.
pub(super) struct Assets {
    styles: &'static [&'static str],
    scripts: &'static [&'static str],
}

/// Of the page at the MCP URL.
pub(super) static PAGE: Assets = Assets {
    styles: &[include_str!("page.css")],
    scripts: &[include_str!("dom.js"), include_str!("page.js")],
};

/// Of the operator's page.
pub(super) static OPERATOR: Assets = Assets {
    styles: &[include_str!("page.css"), include_str!("operator.css")],
    scripts: &[include_str!("dom.js"), include_str!("operator.js")],
};

impl Assets {
    /// The style sheets, for the head.
    pub(super) fn styles(&self) -> Markup {
        html! { @for style in self.styles { style { (PreEscaped(*style)) } } }
    }

    /// The scripts, for the end.
    pub(super) fn scripts(&self) -> Markup {
        html! { @for script in self.scripts { script { (PreEscaped(*script)) } } }
    }

    /// The Content Security Policy (CSP Level 3): styles and scripts by their hashes, requests to this server only, no
    /// frames, no forms that leave.
    fn policy(&self) -> String {
        format!(
            "default-src 'none'; style-src {}; script-src {}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
            hashes(self.styles),
            hashes(self.scripts)
        )
    }
}

/// The policy of the page at the MCP URL.
pub(crate) fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| PAGE.policy());
    &POLICY
}

/// The policy of the operator's page.
pub(crate) fn operator_policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| OPERATOR.policy());
    &POLICY
}

fn hashes(texts: &[&str]) -> String {
    let hashes = texts.iter().map(|text| {
        let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        format!("'sha256-{}'", STANDARD.encode(digest))
    });
    hashes.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{OPERATOR, PAGE};

    #[test]
    fn nothing_in_them_ends_its_element_or_comes_from_elsewhere() {
        for assets in [&PAGE, &OPERATOR] {
            for text in assets.styles.iter().chain(assets.scripts) {
                // What is saved has an address of this page's own.
                let lower = text.to_lowercase().replace("objecturl(", "");
                for never in [
                    "</style", "</script", "<!--", "@import", "url(", "//cdn", "https://",
                ] {
                    assert!(!lower.contains(never), "{never}");
                }
            }
            for script in assets.scripts {
                for never in [
                    "innerhtml",
                    "outerhtml",
                    "insertadjacenthtml",
                    "document.write",
                    "eval(",
                    "localstorage",
                    "sessionstorage",
                    "document.cookie",
                ] {
                    assert!(!script.to_lowercase().contains(never), "{never}");
                }
            }
        }
    }
}
