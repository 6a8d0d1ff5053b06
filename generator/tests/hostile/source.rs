//! The generator's own source: text becomes tokens in one file only (rules G1 and G2).

use crate::support::{repository, rust_files};

/// Ways to make Rust from text.
const WAYS: [&str; 9] = [
    "TokenStream::from_str",
    "parse_str",
    "parse2",
    "Ident::new",
    "format_ident!",
    "Literal::",
    ".parse::<Literal>",
    ".parse::<TokenStream>",
    "parse_quote",
];

/// Where they may stand, and why.
const ALLOWED: [(&str, &str, &str); 6] = [
    (
        "emit/module.rs",
        "parse2",
        "tokens, not text: the items that are printed",
    ),
    ("emit/tokens.rs", "Literal::", "`lit`"),
    (
        "emit/tokens.rs",
        "Ident::new",
        "`ident`, after it checked the name",
    ),
    (
        "emit/tokens.rs",
        ".parse::<Literal>",
        "`lit_block`: one raw literal whose delimiter cannot occur in the text",
    ),
    ("emit/tokens.rs", "parse2", "its tests read literals back"),
    (
        "names/ident.rs",
        "parse_str",
        "its tests ask syn whether names are valid",
    ),
];

#[test]
fn text_becomes_tokens_in_one_file_only() {
    let mut used = Vec::new();
    for (name, text) in rust_files(&repository().join("generator/src")) {
        for (n, line) in text.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for way in WAYS.iter().filter(|way| line.contains(**way)) {
                let allowed = ALLOWED
                    .iter()
                    .any(|(file, what, _)| *file == name && what == way);
                assert!(
                    allowed,
                    "{name}:{}: `{way}`: use lit, ident or doc of emit/tokens.rs",
                    n + 1
                );
                used.push((name.clone(), *way));
            }
        }
    }
    for (file, way, _) in ALLOWED {
        assert!(
            used.iter().any(|(f, w)| f == file && *w == way),
            "`{way}` is no longer in {file}: forbid it"
        );
    }
}

#[test]
fn nothing_but_the_demo_and_fetching_opens_a_connection() {
    // `demo` talks to a server that it started, and `--allow-fetch` to hosts that the user names;
    // nothing else has a reason to. The mock waits for those who ask it, in one file (ADR 0072).
    for (name, text) in rust_files(&repository().join("generator/src")) {
        if name.starts_with("cli/demo/") || name.starts_with("cli/fetch/") {
            continue;
        }
        for way in [
            "TcpStream",
            "UdpSocket",
            "UnixStream",
            "reqwest",
            "ureq",
            "hyper",
        ] {
            assert!(!text.contains(way), "{name}: {way}");
        }
        for way in ["TcpListener", "UnixListener", "tokio::net", "axum"] {
            assert!(
                name == "mock/http.rs" || !text.contains(way),
                "{name}: {way}"
            );
        }
    }
}
