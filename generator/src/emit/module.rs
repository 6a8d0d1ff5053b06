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
    pub code: Code,
}

/// Rust code that is printed as it is made. The tokens of an item are large and of use once: with those
/// of all items at hand a document of 10,000 operations needs twice the time, most of it to find memory.
#[derive(Debug, Default)]
pub struct Code {
    text: String,
    after_use: bool,
}

impl Code {
    /// What was printed: items with a blank line between them. `use` items stay together.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds what was printed elsewhere, which begins with no `use` item.
    pub fn append(&mut self, other: &Self) {
        if !self.text.is_empty() && !other.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(&other.text);
        self.after_use = other.after_use;
    }

    /// Prints items.
    pub fn push(&mut self, items: TokenStream) {
        let parsed: syn::File = match syn::parse2(items) {
            Ok(file) => file,
            // Emission is ours alone; a failure here is a defect, and the compiler of the generated
            // crate is where it shows.
            Err(error) => {
                let message = error.to_string();
                self.text
                    .push_str(&format!("compile_error!({message:?});\n"));
                return;
            }
        };
        for item in parsed.items {
            let is_use = matches!(item, syn::Item::Use(_) | syn::Item::Mod(_));
            let together = is_use && self.after_use;
            if !self.text.is_empty() && !together {
                self.text.push('\n');
            }
            self.after_use = is_use;
            let file = syn::File {
                shebang: None,
                frontmatter: None,
                attrs: Vec::new(),
                items: vec![item],
            };
            self.text.push_str(&prettyplease::unparse(&file));
        }
    }
}

/// Prints items.
pub fn printed(items: TokenStream) -> String {
    Code::from_iter([items]).text
}

impl Extend<TokenStream> for Code {
    fn extend<T: IntoIterator<Item = TokenStream>>(&mut self, items: T) {
        for item in items {
            self.push(item);
        }
    }
}

impl FromIterator<TokenStream> for Code {
    fn from_iter<T: IntoIterator<Item = TokenStream>>(items: T) -> Self {
        let mut code = Self::default();
        code.extend(items);
        code
    }
}
