//! Documents that cannot be used.

use super::*;

/// A document that cannot be used.
struct Case {
    what: &'static str,
    text: String,
    code: &'static str,
    /// Line and column of the finding.
    place: Option<(u64, u64)>,
    /// A part of the reason.
    reason: &'static str,
    /// A part of the remedy: of the help, or of the label where the mistake stands.
    remedy: &'static str,
}

fn case(
    what: &'static str,
    text: impl Into<String>,
    code: &'static str,
    place: Option<(u64, u64)>,
    reason: &'static str,
    remedy: &'static str,
) -> Case {
    Case {
        what,
        text: text.into(),
        code,
        place,
        reason,
        remedy,
    }
}

fn unusable_documents() -> Vec<Case> {
    let head = "openapi: 3.1.0\ninfo: {title: T, version: \"1\"}\n";
    let only = |paths: &str| format!("{head}paths:\n{paths}");
    vec![
        case("empty", "", "E0104", None, "empty", "openapi: 3.1.0"),
        case(
            "neither YAML nor JSON",
            "a: b: c\n",
            "E0102",
            Some((1, 5)),
            "mapping values",
            "quote",
        ),
        case(
            "JSON cut off",
            "{\"openapi\": \"3.1.0\"",
            "E0101",
            Some((1, 19)),
            "EOF",
            "fetch it again",
        ),
        case(
            "a web page",
            "<!DOCTYPE html>\n<html></html>\n",
            "E0102",
            Some((1, 1)),
            "neither YAML nor JSON",
            "openapi.json",
        ),
        case(
            "a list",
            "- openapi\n",
            "E0201",
            Some((1, 1)),
            "not an object",
            "starts with",
        ),
        case(
            "another format",
            "name: x\n",
            "E0202",
            Some((1, 1)),
            "`openapi`",
            "openapi: 3.1.0",
        ),
        case(
            "Swagger 1.2",
            "swagger: \"1.2\"\npaths: {}\n",
            "E0203",
            Some((1, 10)),
            "1.2",
            "OpenAPI 3",
        ),
        case(
            "a version of the future",
            "openapi: 4.0.0\npaths: {}\n",
            "E0204",
            Some((1, 10)),
            "`4.0.0`",
            "3.2.x",
        ),
        case(
            "a key twice",
            format!("{head}info: {{}}\npaths: {{}}\n"),
            "E0105",
            Some((3, 1)),
            "`info`",
            "keep one",
        ),
        case(
            "no operations",
            format!("{head}paths: {{}}\n"),
            "E0411",
            None,
            "no operation",
            "paths",
        ),
        case(
            "a reference to nothing",
            only(
                "  /a: {get: {parameters: [{$ref: \"#/components/parameters/P\"}], responses: {}}}\n",
            ),
            "E0301",
            Some((4, 34)),
            "does not exist",
            "correct the reference",
        ),
        case(
            "references in a circle",
            only(
                "  /a: {get: {parameters: [{$ref: \"#/components/parameters/P\"}], responses: {}}}\ncomponents: {parameters: {P: {$ref: \"#/components/parameters/P\"}}}\n",
            ),
            "E0302",
            Some((5, 37)),
            "leads back to itself",
            "instead of a reference",
        ),
        case(
            "a placeholder without a parameter",
            only("  /a/{id}:\n    get: {responses: {}}\n"),
            "E0401",
            Some((5, 5)),
            "`{id}`",
            "name: id, in: path",
        ),
        case(
            "a reference to a file",
            only("  /a: {get: {parameters: [{$ref: \"/etc/passwd\"}], responses: {}}}\n"),
            "E0341",
            Some((4, 34)),
            "/etc/passwd",
            // A path from the root of the disk is never followed, whatever the folder is.
            "write its path as seen from this file",
        ),
        case(
            "a reference to the network",
            only(
                "  /a: {get: {parameters: [{$ref: \"http://169.254.169.254/latest\"}], responses: {}}}\n",
            ),
            "E0303",
            Some((4, 34)),
            "169.254.169.254",
            "--ref-map",
        ),
    ]
}

#[test]
fn a_document_that_cannot_be_used_is_refused_with_code_place_reason_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    for case in unusable_documents() {
        let what = case.what;
        let name = if case.text.starts_with('{') {
            "api.json"
        } else {
            "api.yaml"
        };
        fs::write(folder.path().join(name), &case.text).unwrap();
        let before = listing(folder.path());
        let said = mcpwright(
            folder.path(),
            &["generate", name, "--out", "out", "--format", "json"],
        );
        assert_eq!(said.code, 1, "{what}: {}", said.err);
        assert_eq!(said.out, "", "{what}");
        assert!(
            before == listing(folder.path()),
            "{what}: something was written"
        );
        let findings = findings(&said);
        let finding = findings
            .iter()
            .find(|f| f["code"] == case.code)
            .unwrap_or_else(|| panic!("{what}: {}", said.err));
        assert_eq!(finding["file"], name, "{what}");
        if let Some((line, column)) = case.place {
            let place = (finding["line"].as_u64(), finding["column"].as_u64());
            assert_eq!(place, (Some(line), Some(column)), "{what}");
        }
        let message = format!("{} {}", finding["message"], finding["label"]);
        assert!(message.contains(case.reason), "{what}: {message}");
        let remedy = format!("{} {}", finding["help"], finding["label"]);
        assert!(remedy.contains(case.remedy), "{what}: {remedy}");
        assert!(
            findings.iter().any(|f| f["severity"] == "error"),
            "{what}: nothing says that it failed"
        );
    }
}

#[test]
fn a_file_that_cannot_be_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    fs::write(
        folder.path().join("latin.yaml"),
        b"openapi: 3.1.0\ninfo: {title: caf\xe9}\n",
    )
    .unwrap();
    let before = listing(folder.path());
    for (spec, code, reason) in [
        ("nowhere.yaml", "E0116", "cannot be read"),
        ("folder", "E0116", "irectory"),
        ("latin.yaml", "E0103", "UTF-8"),
    ] {
        for command in [
            &["generate", spec, "--out", "out"][..],
            &["inspect", spec],
            &["check", spec, "--out", "out"],
        ] {
            let said = mcpwright(folder.path(), command);
            assert_eq!(said.code, 1, "{command:?}: {}", said.err);
            assert!(
                said.err.contains(&format!("error[{code}]")),
                "{command:?}: {}",
                said.err
            );
            assert!(
                said.err.contains(reason) && said.err.contains("help"),
                "{command:?}: {}",
                said.err
            );
            assert!(said.err.contains(spec), "{command:?}: {}", said.err);
        }
    }
    assert!(before == listing(folder.path()));
}
