//! Names of a document that a terminal or a log would act upon, in every form of output.

use super::*;

/// ESC, a bidirectional override, BEL, a C1 control and a tag character, as YAML writes them.
const EVIL: &str = r#"a\e[31mb\u202Ec\ad\x9Be\U000E0041f"#;

#[test]
fn no_form_of_output_holds_control_or_bidirectional_characters_of_the_document() {
    let (key, long) = ("n".repeat(900), "n".repeat(20_000));
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: \"{EVIL}\", version: \"{EVIL}\"}}\n\
         servers: [{{url: \"https://{EVIL}.example/{{{EVIL}}}\"}}]\n\
         tags: [{{name: \"{EVIL}\", parent: \"{EVIL}\"}}]\npaths:\n  \"/{EVIL}/{{{EVIL}}}\":\n    get:\n      \
         operationId: \"{EVIL}\"\n      tags: [\"{EVIL}\"]\n      summary: \"{EVIL}\"\n      \
         parameters: [{{name: \"{EVIL}\", in: header, style: \"{EVIL}\"}}]\n      responses: {{}}\n    \
         \"post\": {{requestBody: {{$ref: \"#/{EVIL}\"}}}}\n  \"{EVIL}{key}\": {{get: {{responses: {{}}}}}}\n  \
         /ok: {{get: {{parameters: [{{name: q, in: query, deprecated: \"{EVIL}{long}\", schema: {{type: \"{EVIL}{long}\", \
         default: \"{EVIL}\", description: \"{EVIL}\"}}}}], responses: {{}}}}}}\n"
    );
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["inspect", "-"][..],
        &["inspect", "-", "--json"],
        &["explain", "-", "GET /ok"],
        &["generate", "-", "--out", "out", "--runtime", "registry"],
        &[
            "generate",
            "-",
            "--out",
            "out",
            "--runtime",
            "registry",
            "--strict",
        ],
    ] {
        for format in ["human", "json", "github", "sarif"] {
            let options = ["-v", "--color", "never", "--format", format];
            let arguments = [arguments, &options].concat();
            let said = mcpwright_with(folder.path(), &arguments, &[], &text);
            assert!(!said.err.contains("panicked"), "{}", said.err);
            assert!(!said.err.contains("E0102"), "it was read: {}", said.err);
            for shown in [&said.out, &said.err] {
                let acts = |c: char| {
                    c.is_control() && c != '\n'
                        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{e0000}'..='\u{e007f}')
                };
                let at = shown.find(acts);
                assert_eq!(
                    at.and_then(|at| shown.get(at.saturating_sub(20)..at)),
                    None,
                    "{arguments:?}"
                );
                let longest = shown.lines().map(|line| line.chars().count()).max();
                // What the document says is the result of `explain`.
                let all = arguments.contains(&"explain");
                assert!(all || longest < Some(6_000), "{arguments:?}: {longest:?}");
            }
        }
    }
}
