//! A Rust module before it is a file: the same items become files of a crate or one embedded file.

use proc_macro2::TokenStream;

/// A module.
#[derive(Debug)]
pub struct Module {
    /// Path from the crate root, e.g. `["operations", "invoices"]`.
    pub path: Vec<String>,
    /// First lines of its documentation.
    pub doc: String,
    /// Names of its child modules, in order.
    pub children: Vec<String>,
    /// Its items, in order.
    pub items: Vec<TokenStream>,
}

/// Prints items with a blank line between them. `use` items stay together.
pub fn print_items(items: Vec<TokenStream>) -> String {
    let mut out = String::new();
    let mut after_use = false;
    for item in items {
        let parsed: syn::File = match syn::parse2(item) {
            Ok(file) => file,
            // Emission is ours alone; a failure here is a defect, and the compiler of the generated
            // crate is where it shows.
            Err(error) => {
                out.push_str(&format!("compile_error!({:?});\n", error.to_string()));
                continue;
            }
        };
        for item in parsed.items {
            let is_use = matches!(item, syn::Item::Use(_) | syn::Item::Mod(_));
            let together = is_use && after_use;
            if !out.is_empty() && !together {
                out.push('\n');
            }
            after_use = is_use;
            let file = syn::File {
                shebang: None,
                frontmatter: None,
                attrs: Vec::new(),
                items: vec![item],
            };
            out.push_str(&prettyplease::unparse(&file));
        }
    }
    out
}
