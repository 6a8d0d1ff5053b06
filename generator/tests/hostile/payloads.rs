//! Hostile texts.

/// What an attacker would write, by name.
pub fn payloads() -> Vec<(&'static str, String)> {
    let texts = [
        ("end of comment", "*/ } fn main() { panic!() } /*"),
        ("end of attribute", "\"] fn evil() { panic!() } #[doc = \""),
        ("end of raw string", "\"# + panic!() + r#\" \"## \"###"),
        ("backslashes", "\\ \\\\ \\\" \\n \\u{0} \\x00"),
        (
            "newline",
            "first\nfn evil() { panic!() }\n//! x\n#![feature(x)]",
        ),
        ("carriage return", "first\rsecond\r\nthird"),
        ("bidi", "a\u{202e}txt.exe\u{202c}\u{2066}b\u{2069}"),
        ("joiner", "a\u{200d}b\u{200b}c\u{feff}d\u{2060}e"),
        ("tag characters", "see\u{e0049}\u{e0047}\u{e004e}\u{e0001}"),
        (
            "control characters",
            "a\u{0}b\u{1b}[31mc\u{7}d\u{9b}e\u{85}f\u{2028}g\u{2029}h",
        ),
        ("format strings", "{} {0} {name} {{}} {:?} %s %n $x"),
        (
            "shell and template",
            "${X} $(touch pwned) `touch pwned` {{7*7}} {% raw %} #{x}",
        ),
        (
            "markup",
            "</script><script>alert(1)</script><img src=x onerror=alert(1)> & <!-- -->",
        ),
        (
            "fenced code",
            "text\n```rust\npanic!(\"pwned\");\n```\n~~~\nstd::process::exit(9)\n~~~\n```",
        ),
        (
            "indented code",
            "text\n\n    panic!(\"pwned\");\n\n\tstd::process::exit(9)\n",
        ),
        (
            "manifest",
            "x\"\n[build-dependencies]\nevil = \"1\"\n[package]\nbuild = \"evil.rs\"\n#",
        ),
        (
            "manifest, apostrophes",
            "x'''\n[dependencies]\nevil = { path = '/' }\n'''",
        ),
        ("parent folder", "../../x"),
        ("absolute path", "/etc/passwd"),
        ("windows path", "..\\..\\C:\\x"),
        ("configuration of cargo", ".cargo/config"),
        ("device", "con"),
        ("device with ending", "aux.rs"),
        ("build script", "build"),
        ("main", "main"),
        ("mod", "mod"),
        ("lib", "lib"),
        ("kelvin sign", "\u{212a}ey"),
        ("cyrillic", "\u{430}dmin"),
        ("combining", "e\u{301}a\u{300}"),
        ("self", "self"),
        ("Self", "Self"),
        ("crate", "crate"),
        ("raw identifier", "r#type"),
        ("keyword", "gen"),
        ("underscore", "_"),
        ("underscores", "__"),
        ("digits", "1a"),
        ("prelude", "Option"),
        ("prelude type", "String"),
        ("result", "Result"),
        ("names of ours", "typed"),
        ("names of ours, short", "op"),
        ("emoji", "\u{1f980}"),
        ("empty", ""),
        ("space", " "),
        ("dot", "."),
        ("proto", "__proto__"),
        ("reference", "$ref"),
        ("header injection", "x\r\nX-Evil: 1"),
        ("url", "javascript:alert(1)//"),
        ("other host", "https://evil.example/@api"),
        ("pattern", "^(a+)+$"),
        ("pattern that is none", "(?<x"),
        ("quotes", "\"'`´“”"),
        ("line comment", "// x"),
        ("macro", "include!(\"/etc/passwd\")"),
        ("attribute", "#![no_main]"),
    ];
    let mut all: Vec<_> = texts
        .into_iter()
        .map(|(name, text)| (name, text.to_owned()))
        .collect();
    all.push(("long word", "a".repeat(5_000)));
    all.push(("long text", "lorem ipsum ".repeat(2_000)));
    all.push(("many hashes", format!("\"{}", "#".repeat(300))));
    all
}
