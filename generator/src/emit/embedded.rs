//! One file with nested modules, which a build script writes to `OUT_DIR` and `include!` takes in.

use std::collections::HashMap;

use quote::quote;

use super::crate_files::{api_static, header};
use super::module::{Module, printed};
use super::tokens::doc_lines;
use crate::ir::Api;

/// The code lands in a crate with lints of its own, which are not about code that nobody edits; and most
/// of it is not used there.
const ALLOWED: &str = "#[allow(
    warnings,
    dead_code,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::nursery,
    clippy::pedantic,
    rustdoc::all
)]\n";

/// The text of the file. It has no inner attributes, which `include!` does not allow.
pub fn file(api: &Api, modules: Vec<Module>) -> String {
    let mut out = header(api);
    let top: Vec<String> = modules
        .iter()
        .filter_map(|m| m.path.first().filter(|_| m.path.len() == 1).cloned())
        .collect();
    let mut modules: HashMap<Vec<String>, Module> = modules
        .into_iter()
        .map(|module| (module.path.clone(), module))
        .collect();
    for name in top {
        print(&mut out, &mut modules, &[name]);
    }
    out.push('\n');
    out.push_str(ALLOWED);
    out.push_str(&printed(api_static(api, &quote!(operations))));
    out
}

fn print(out: &mut String, modules: &mut HashMap<Vec<String>, Module>, path: &[String]) {
    let Some(module) = modules.remove(path) else {
        return;
    };
    out.push('\n');
    for line in doc_lines(&module.doc) {
        out.push_str(&format!("/// {line}\n"));
    }
    out.push_str(ALLOWED);
    out.push_str(&format!(
        "pub mod {} {{\n",
        path.last().map(String::as_str).unwrap_or_default()
    ));
    for child in &module.children {
        let mut below = path.to_vec();
        below.push(child.clone());
        print(out, modules, &below);
    }
    out.push_str(module.code.text());
    out.push_str("}\n");
}
