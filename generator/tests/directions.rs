//! Imports point one way, and generated code names only the runtime and the standard library.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Spacing, TokenStream, TokenTree};
use support::{flat, repository, rust_files};

/// What each part of the generator may use of the others, and nothing else. `(part, [parts])`.
const ALLOWED: [(&str, &[&str]); 27] = [
    ("text", &[]),
    ("http", &[]),
    ("ir", &["diagnostics"]),
    ("emit", &["ir", "text"]),
    ("names", &[]),
    ("reference", &["text"]),
    // Which fields of a path are methods.
    ("path_item", &[]),
    // Limits of values that exclude each other.
    ("limits", &[]),
    // The name that was meant.
    ("similar", &[]),
    // What says nothing beside what is said already.
    ("repeated", &["names"]),
    (
        "model",
        &[
            "diagnostics",
            "http",
            "path_item",
            "reference",
            "similar",
            "text",
        ],
    ),
    (
        "lower",
        &[
            "diagnostics",
            "http",
            "ir",
            "limits",
            "lock",
            "model",
            "names",
            "repeated",
            "settings",
            "similar",
            "source",
            "text",
        ],
    ),
    // Facts change the IR; selectors are queries as overlays have them.
    (
        "settings",
        &[
            "diagnostics",
            "http",
            "ir",
            "names",
            "overlay",
            "repeated",
            "similar",
            "source",
            "text",
        ],
    ),
    ("lock", &["ir", "names", "text"]),
    // What a server is published as, from the IR and the publisher's words.
    ("bundle", &["emit", "ir", "names", "settings", "text"]),
    // Days as dates.
    ("calendar", &[]),
    // Acts by a document as `lower` reads it.
    (
        "mock",
        &[
            "calendar",
            "diagnostics",
            "http",
            "ir",
            "lower",
            "model",
            "names",
            "pipeline",
            "similar",
            "text",
        ],
    ),
    // What changes from one IR to another.
    ("diff", &["diagnostics", "ir", "lock", "text"]),
    (
        "normalize",
        &[
            "diagnostics",
            "http",
            "limits",
            "path_item",
            "reference",
            "similar",
            "source",
            "text",
        ],
    ),
    ("source", &["diagnostics", "path_item", "reference", "text"]),
    // The files that a document may refer to.
    ("library", &["diagnostics", "source"]),
    ("overlay", &["diagnostics", "similar", "source", "text"]),
    // A finding is shown with the lines of the document around it.
    ("diagnostics", &["source", "text"]),
    ("review", &["diagnostics", "text"]),
    ("output", &["diagnostics", "emit", "lock", "text"]),
    (
        "pipeline",
        &[
            "diagnostics",
            "emit",
            "ir",
            "library",
            "lock",
            "lower",
            "normalize",
            "output",
            "overlay",
            "review",
            "source",
        ],
    ),
    (
        "config",
        &[
            "diagnostics",
            "embedded",
            "emit",
            "library",
            "lock",
            "lower",
            "names",
            "pipeline",
            "settings",
            "source",
            "text",
        ],
    ),
];

/// The tokens of a file without what only its tests use.
fn tokens(text: &str) -> TokenStream {
    let file = syn::parse_file(text).unwrap();
    let items = file.items.into_iter().filter(|item| {
        let syn::Item::Mod(module) = item else {
            return true;
        };
        !module.attrs.iter().any(|a| {
            matches!(&a.meta, syn::Meta::List(list) if list.path.is_ident("cfg") && list.tokens.to_string() == "test")
        })
    });
    quote::quote!(#(#items)*)
}

/// The parts of the crate that a file names: `crate::part…` and `crate::{part…, part…}`.
fn used(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(tokens(text), &mut found);
    found
}

fn collect(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        if let TokenTree::Group(group) = tree {
            collect(group.stream(), found);
        }
        let root = matches!(tree, TokenTree::Ident(ident) if ident == "crate");
        let colons = (1..=2)
            .all(|n| matches!(trees.get(at + n), Some(TokenTree::Punct(p)) if p.as_char() == ':'));
        match trees.get(at + 3) {
            Some(TokenTree::Ident(part)) if root && colons => {
                found.insert(part.to_string());
            }
            Some(TokenTree::Group(group)) if root && colons => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let members =
                    inner.split(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == ','));
                found.extend(members.filter_map(|m| m.first()).map(ToString::to_string));
            }
            _ => {}
        }
    }
}

fn parts() -> BTreeMap<String, BTreeSet<String>> {
    let mut parts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, text) in rust_files(&repository().join("generator/src")) {
        let part = name.split(['/', '.']).next().unwrap().to_owned();
        let mut uses = used(&text);
        uses.remove(&part);
        parts.entry(part).or_default().extend(uses);
    }
    parts
}

#[test]
fn imports_of_the_generator_point_one_way() {
    let parts = parts();
    for (part, allowed) in ALLOWED {
        let allowed: BTreeSet<String> = allowed.iter().map(|&s| s.to_owned()).collect();
        let uses = parts
            .get(part)
            .unwrap_or_else(|| panic!("there is no `{part}`"));
        let more: Vec<&String> = uses.difference(&allowed).collect();
        assert!(more.is_empty(), "`{part}` must not use {more:?}");
        let less: Vec<&String> = allowed.difference(uses).collect();
        assert!(
            less.is_empty(),
            "`{part}` no longer uses {less:?}: forbid it"
        );
    }
    for (part, uses) in &parts {
        let shell = matches!(part.as_str(), "cli" | "lib" | "main" | "embedded");
        assert!(
            shell || ALLOWED.iter().any(|(name, _)| name == part),
            "say in ALLOWED what `{part}` may use"
        );
        // The mock acts by the document itself (ADR 0072): the IR leaves out what only a service has to know.
        let model = uses.contains("model") && !["lower", "mock"].contains(&part.as_str());
        assert!(
            !model,
            "`{part}` looks at the model, which only `lower` and `mock` may"
        );
    }
}

#[test]
fn the_intermediate_representation_knows_only_pointers() {
    for (name, text) in rust_files(&repository().join("generator/src/ir")) {
        for line in text.lines().filter(|line| line.contains("crate::")) {
            assert_eq!(line, "use crate::diagnostics::Pointer;", "ir/{name}");
        }
    }
}

#[test]
fn the_generator_does_not_depend_on_the_runtime_nor_the_runtime_on_it() {
    for (package, other) in [("generator", "mcpwright-runtime"), ("runtime", "mcpwright")] {
        let manifest = fs::read_to_string(repository().join(package).join("Cargo.toml")).unwrap();
        let manifest: toml_edit::DocumentMut = manifest.parse().unwrap();
        for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let named = manifest.get(table).and_then(|t| t.get(other)).is_some();
            assert!(!named, "{package}: {table} names {other}");
        }
    }
}

/// Words that a path may follow without belonging to it.
const KEYWORDS: [&str; 12] = [
    "as", "dyn", "else", "for", "if", "impl", "in", "match", "mut", "return", "use", "where",
];

/// First names of paths: of those that start with `::`, and of the others.
fn heads(text: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut outer, mut inner) = (BTreeSet::new(), BTreeSet::new());
    let trees = flat(tokens(text));
    let path_sep = |i: usize| matches!(trees.get(i), Some(TokenTree::Punct(p)) if p.as_char() == ':' && p.spacing() == Spacing::Joint);
    let name = |i: usize| match trees.get(i) {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    };
    for at in 0..trees.len() {
        let before = at >= 2 && path_sep(at - 2);
        let Some(ident) = name(at) else { continue };
        if before {
            // After `>::` or `name::` this is no first name.
            let follows = at >= 3
                && match &trees[at - 3] {
                    TokenTree::Ident(i) => !KEYWORDS.contains(&i.to_string().as_str()),
                    TokenTree::Punct(p) => p.as_char() == '>',
                    _ => false,
                };
            if !follows {
                outer.insert(ident);
            }
        } else if path_sep(at + 1) && !KEYWORDS.contains(&ident.as_str()) {
            inner.insert(ident);
        }
    }
    (outer, inner)
}

#[test]
fn generated_code_names_only_the_runtime_the_standard_library_and_itself() {
    let example = repository().join("generated-example");
    for (name, text) in rust_files(&example.join("src")) {
        let (outer, inner) = heads(&text);
        for crate_name in outer {
            assert!(
                matches!(crate_name.as_str(), "mcpwright_runtime" | "core" | "std"),
                "{name}: ::{crate_name}"
            );
        }
        for first in inner {
            let own = matches!(
                first.as_str(),
                "super"
                    | "self"
                    | "crate"
                    | "clippy"
                    | "rustdoc"
                    | "op"
                    | "typed"
                    | "json"
                    | "security"
                    | "operations"
                    | "prompts"
                    | "types"
                    | "northlight_crm_mcp"
            );
            let is_type = first.starts_with(|c: char| c.is_ascii_uppercase());
            let module = Path::new(&name).ends_with("mod.rs")
                && example
                    .join("src")
                    .join(&name)
                    .with_file_name(format!("{first}.rs"))
                    .is_file();
            assert!(own || is_type || module, "{name}: {first}::");
        }
    }
}

#[test]
fn the_walks_find_what_they_look_for() {
    assert_eq!(
        used(
            "use crate::a::b; use crate::{c, d}; fn f() { crate::e::g() } #[cfg(test)] mod tests { use crate::z; }"
        ),
        ["a", "c", "d", "e"].map(str::to_owned).into()
    );
    let (outer, inner) =
        heads("use ::a::b; fn f(x: ::c::D) { e::g::<::h::I>(<J as ::k::L>::m()) }");
    assert_eq!(outer, ["a", "c", "h", "k"].map(str::to_owned).into());
    assert_eq!(inner, ["e"].map(str::to_owned).into());
}
