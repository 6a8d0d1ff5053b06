//! Rust identifiers from any text. This is the one place that knows the keywords.

use super::words::words;

/// Keywords of every edition, strict and reserved (The Rust Reference, Keywords), and the names that
/// cannot be raw identifiers.
const KEYWORDS: [&str; 54] = [
    "as",
    "break",
    "const",
    "continue",
    "crate",
    "else",
    "enum",
    "extern",
    "false",
    "fn",
    "for",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "self",
    "Self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
    "async",
    "await",
    "dyn",
    "abstract",
    "become",
    "box",
    "do",
    "final",
    "macro",
    "override",
    "priv",
    "typeof",
    "unsized",
    "virtual",
    "yield",
    "try",
    "gen",
    "union",
    "macro_rules",
];

/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 8] = ["con", "prn", "aux", "nul", "com", "lpt", "conin", "conout"];

/// Longest identifier, in characters; text beyond says nothing to a reader.
const LONGEST: usize = 80;

/// A field, function or module name. `position` names what has no usable letters (`field_3`).
pub fn snake(text: &str, position: usize) -> String {
    finish(words(text).join("_"), "field", position)
}

/// A constant or static name.
pub fn screaming(text: &str, position: usize) -> String {
    finish(words(text).join("_"), "item", position).to_ascii_uppercase()
}

/// A type or variant name.
pub fn pascal(text: &str, position: usize) -> String {
    let mut name = String::new();
    for word in words(text) {
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            // Two numbers next to each other keep their border: `v1_2` is not `v12`.
            if first.is_ascii_digit() && name.ends_with(|c: char| c.is_ascii_digit()) {
                name.push('_');
            }
            name.push(first.to_ascii_uppercase());
            name.push_str(chars.as_str());
        }
    }
    if name.is_empty() {
        return format!("Item{position}");
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'N');
    }
    cut(&mut name, LONGEST);
    if KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

/// A module name that is also a safe file name on every system.
pub fn module(text: &str, position: usize) -> String {
    let name = finish(words(text).join("_"), "topic", position);
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if DEVICES.contains(&stem) || matches!(name.as_str(), "mod" | "lib" | "main" | "build") {
        return format!("{name}_");
    }
    let mut name = name;
    cut(&mut name, 48);
    name
}

/// Why no package of this name could be built, if so: its crate would be a keyword, or one that the
/// generated code names, or Cargo keeps the name for itself.
pub fn unusable_package(name: &str) -> Option<&'static str> {
    let name = name.replace('-', "_");
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if KEYWORDS.contains(&name.as_str()) {
        return Some("it is a keyword of Rust");
    }
    match name.as_str() {
        "std" | "core" | "alloc" | "proc_macro" | "test" => {
            Some("a crate of the standard library has it")
        }
        "mcpwright_runtime" => Some("the runtime that the crate depends on has it"),
        "build" | "deps" | "examples" | "incremental" => {
            Some("a folder of Cargo's build directory has it")
        }
        _ if DEVICES.contains(&stem) => Some("a device of Windows has it"),
        _ => None,
    }
}

/// Cuts a name, not behind an underscore.
fn cut(name: &mut String, longest: usize) {
    if name.len() > longest {
        name.truncate(longest);
        name.truncate(name.trim_end_matches('_').len());
    }
}

fn finish(mut name: String, fallback: &str, position: usize) -> String {
    if name.is_empty() {
        return format!("{fallback}_{position}");
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'n');
    }
    cut(&mut name, LONGEST);
    if KEYWORDS.contains(&name.as_str()) {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{module, pascal, screaming, snake};
    use proptest::prelude::*;

    #[test]
    fn any_text_becomes_an_identifier() {
        for (text, field, ty) in [
            ("type", "type_", "Type"),
            ("Self", "self_", "Self_"),
            ("userID", "user_id", "UserId"),
            ("1st", "n1st", "N1st"),
            ("", "field_7", "Item7"),
            ("🦀", "field_7", "Item7"),
            ("a\u{200d}b", "a_b", "AB"),
            ("filter[status]", "filter_status", "FilterStatus"),
            ("v1.2", "v1_2", "V1_2"),
            // Letters of other scripts are written in ASCII, the Kelvin sign too.
            ("K\u{212a}", "kk", "Kk"),
            ("größe", "grosse", "Grosse"),
            ("клиент", "klient", "Klient"),
            (
                &"y".repeat(200),
                &"y".repeat(80),
                &format!("Y{}", "y".repeat(79)),
            ),
        ] {
            assert_eq!(snake(text, 7), field, "{text}");
            assert_eq!(pascal(text, 7), ty, "{text}");
        }
        assert_eq!(screaming("type", 0), "TYPE_");
    }

    #[test]
    fn module_names_are_safe_as_file_names() {
        for (text, expected) in [
            ("con", "con_"),
            ("COM1", "com1_"),
            ("mod", "mod_"),
            ("../etc", "etc"),
            ("bin/x", "bin_x"),
        ] {
            assert_eq!(module(text, 0), expected, "{text}");
        }
    }

    /// Names that Cargo, rustc or an operating system gives a meaning to, and ways to spell them.
    const SPECIAL: [&str; 30] = [
        "con",
        "CON",
        "con.txt",
        "c\u{200d}on",
        "\u{ff23}\u{ff2f}\u{ff2e}",
        "prn",
        "aux",
        "nul",
        "NUL.rs",
        "com1",
        "COM9",
        "com\u{b9}",
        "lpt1",
        "conin$",
        "CONOUT$",
        "mod",
        "lib",
        "main",
        "build",
        "build.rs",
        "bin",
        "self",
        "super",
        "crate",
        "Self",
        "..",
        ".",
        "../../etc/passwd",
        "a/b",
        "a\\b",
    ];

    /// Whether a file of this name with `.rs` behind it means the same on every system, and nothing special
    /// to anybody (docs/adr/0036).
    fn is_plain_file(name: &str) -> bool {
        let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let device = ["con", "prn", "aux", "nul", "com", "lpt", "conin", "conout"];
        let special = ["mod", "lib", "main", "build", "self", "super", "crate"];
        name.bytes().all(letters)
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.len() <= 60
            && !device.contains(&base)
            && !special.contains(&name)
    }

    proptest! {
        #[test]
        fn files_named_after_any_tags_are_plain_ones_and_told_apart(
            tags in proptest::collection::vec(
                prop_oneof![
                    ".{0,60}",
                    proptest::sample::select(&SPECIAL[..]).prop_map(str::to_owned),
                    // What is made unique, and cut, ends in other ways than what was asked for.
                    ("[cC][oO][nNmM]", "[0-9_ ]{0,60}").prop_map(|(start, end)| start + &end),
                    "[a-z_]{40,60}",
                ],
                1..12,
            )
        ) {
            let mut modules = super::super::Unique::default();
            modules.reserve("shared");
            let mut found = std::collections::BTreeSet::new();
            for (position, tag) in tags.iter().enumerate() {
                let name = modules.take(&module(tag, position), "_");
                prop_assert!(is_plain_file(&name), "{tag:?} gives {name}");
                prop_assert!(found.insert(name.to_ascii_lowercase()), "{name} twice");
                prop_assert!(name != "shared");
            }
        }

        #[test]
        fn every_text_gives_a_name_that_rust_accepts(text in ".{0,40}", position in 0usize..9) {
            for name in [snake(&text, position), pascal(&text, position), screaming(&text, position), module(&text, position)] {
                prop_assert!(syn::parse_str::<syn::Ident>(&name).is_ok(), "{name}");
            }
        }
    }
}
