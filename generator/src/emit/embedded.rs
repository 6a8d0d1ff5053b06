//! One file with nested modules, which a build script writes to `OUT_DIR` and `include!` takes in.

use quote::quote;

use super::crate_files::{api_static, header};
use super::module::{Module, print_items};
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
    let mut modules = modules;
    for name in top {
        print(&mut out, &mut modules, &[name]);
    }
    out.push('\n');
    out.push_str(ALLOWED);
    out.push_str(&print_items(vec![api_static(api, &quote!(operations))]));
    out
}

fn print(out: &mut String, modules: &mut Vec<Module>, path: &[String]) {
    let Some(at) = modules.iter().position(|m| m.path == path) else {
        return;
    };
    let module = modules.remove(at);
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
    out.push_str(&print_items(module.items));
    out.push_str("}\n");
}
