//! The only places where text becomes tokens (rules G1 and G2): [`lit`] and [`lit_block`] for
//! strings, [`ident`] for names, [`doc`] for documentation. Nothing else may build a literal or an
//! identifier, and nothing parses document text as Rust.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::text;

/// A string literal.
pub fn lit(text: &str) -> Literal {
    Literal::string(text)
}

/// A string literal that keeps its lines, for text that reviewers read (schemas). Text that a raw
/// literal could not hold visibly and exactly becomes an ordinary one.
pub fn lit_block(text: &str) -> Literal {
    let plain = text.chars().all(|c| c == '\n' || !text::is_hidden(c));
    if !plain {
        return lit(text);
    }
    let mut longest = 0usize;
    let mut run = 0usize;
    let mut after_quote = false;
    for c in text.chars() {
        match c {
            '"' => {
                after_quote = true;
                run = 0;
                longest = longest.max(1);
            }
            '#' if after_quote => {
                run = run.saturating_add(1);
                longest = longest.max(run.saturating_add(1));
            }
            _ => after_quote = false,
        }
    }
    let hashes = "#".repeat(longest);
    // Not document text as Rust: one literal, whose delimiter cannot occur in it. If the lexer should
    // see anything else, the ordinary form is used.
    match format!("r{hashes}\"{text}\"{hashes}").parse::<Literal>() {
        Ok(literal) => literal,
        Err(_) => lit(text),
    }
}

/// An identifier. Names come from [`crate::names`], which makes them valid; anything else becomes a
/// placeholder that does not compile, rather than a panic.
pub fn ident(name: &str) -> Ident {
    let mut chars = name.chars();
    let start = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let valid = start && name != "_" && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    Ident::new(
        if valid { name } else { "__invalid_name" },
        Span::call_site(),
    )
}

/// Outer documentation: one attribute for each line. HTML is escaped, fences are marked as text and
/// indentation is gone, so that no part of it is compiled as a doctest or shown as markup.
pub fn doc(text: &str) -> TokenStream {
    let lines = doc_lines(text);
    let lines = lines.iter().map(|line| {
        let line = lit(&if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        });
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// Documentation text, made harmless, in lines without indentation.
pub fn doc_lines(text: &str) -> Vec<String> {
    let mut fence = false;
    let mut lines = Vec::new();
    for raw in text::paragraphs(text, usize::MAX).lines() {
        let line = raw.trim();
        if line.starts_with("```") || line.starts_with("~~~") {
            fence = !fence;
            let mark = line.get(..3).unwrap_or("```");
            lines.push(if fence {
                format!("{mark}text")
            } else {
                mark.to_owned()
            });
        } else if fence {
            lines.push(line.to_owned());
        } else {
            lines.push(escape(line));
        }
    }
    if fence {
        lines.push("```".to_owned());
    }
    lines
}

fn escape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '[' => out.push_str("\\["),
            ']' => out.push_str("\\]"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{doc, doc_lines, ident, lit, lit_block};
    use proptest::prelude::*;
    use quote::quote;

    fn value(tokens: proc_macro2::Literal) -> String {
        match syn::parse2::<syn::Lit>(quote!(#tokens)).unwrap() {
            syn::Lit::Str(s) => s.value(),
            _ => unreachable!(),
        }
    }

    proptest! {
        #[test]
        fn literals_hold_exactly_the_text(text in "(?s).{0,60}", hashes in "[\"#r]{0,20}") {
            for text in [text.clone(), format!("{text}{hashes}")] {
                prop_assert_eq!(&value(lit(&text)), &text);
                prop_assert_eq!(&value(lit_block(&text)), &text);
            }
        }

        #[test]
        fn documentation_compiles_whatever_it_says(text in "(?s).{0,80}") {
            let docs = doc(&text);
            let file: syn::File = syn::parse2(quote!(#docs pub struct X;)).unwrap();
            let printed = prettyplease::unparse(&file);
            prop_assert!(syn::parse_file(&printed).is_ok(), "{}", printed);
            let forbidden = |c| c == '\r' || ('\u{202a}'..='\u{202e}').contains(&c);
            prop_assert!(!printed.chars().any(forbidden), "{}", printed);
        }

        #[test]
        fn identifiers_never_panic(text in ".{0,20}") {
            let _ = ident(&text);
        }
    }

    #[test]
    fn code_in_documentation_is_text() {
        let lines =
            doc_lines("See:\n```rust\npanic!()\n```\n\n    indented()\n<script>x</script> */ \"]");
        assert_eq!(
            lines,
            [
                "See:",
                "```text",
                "panic!()",
                "```",
                "",
                "indented()",
                "&lt;script&gt;x&lt;/script&gt; */ \"\\]"
            ]
        );
        assert_eq!(doc_lines("~~~\nx").last().map(String::as_str), Some("```"));
    }
}
