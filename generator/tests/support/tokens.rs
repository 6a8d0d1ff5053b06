//! Rust tokens without their nesting. Also used by `fuzz`.

use proc_macro2::{Punct, Spacing, TokenStream, TokenTree};

/// All tokens in a row. Borders of groups become commas, so that nothing runs together.
pub fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let comma = || TokenTree::from(Punct::new(',', Spacing::Alone));
    let mut all = Vec::new();
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => {
                all.push(comma());
                all.extend(flat(group.stream()));
                all.push(comma());
            }
            other => all.push(other),
        }
    }
    all
}
