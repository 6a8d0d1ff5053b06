//! Every fault is found at its place, and the message says how to mend it.

use std::fs;

use mcpwright::diagnostics::Code;

use crate::support::spec;
use crate::{generate, refusal};

#[test]
fn every_faulty_configuration_gives_its_code_at_its_line() {
    let mut codes: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut files: Vec<_> = fs::read_dir(spec("negative/settings"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let settings = fs::read_to_string(&path).unwrap();
        let (code, _) = name.split_once('-').unwrap();
        let line = settings
            .lines()
            .position(|line| line.contains("# <"))
            .unwrap_or_else(|| panic!("{name}: the place is marked `# <`"))
            + 1;
        let found = match generate(&settings) {
            Ok(generated) => generated.report.diagnostics,
            Err(mcpwright::Error::Refused(failed)) => failed.diagnostics,
            Err(error) => panic!("{name}: {error}"),
        };
        let finding = found.iter().find(|finding| finding.code.id() == code);
        let finding = finding.unwrap_or_else(|| panic!("{name}: {found:?}"));
        assert_eq!(
            finding.position.map(|p| p.line),
            Some(line),
            "{name}: {finding}"
        );
        codes.push(code.to_owned());
        text.push_str(&format!("{name}: {}\n", finding.message));
        if let Some(help) = &finding.help {
            text.push_str(&format!("  {help}\n"));
        }
    }
    for code in Code::all().map(Code::id) {
        // E0929 and E0944 are about documents, see `extension.rs` and `specs/negative`.
        let of_documents = ["E0929", "E0944"].contains(&code);
        let expected = ("E0920".."E0950").contains(&code) && !of_documents || code == "E0426";
        assert!(
            !expected || codes.iter().any(|c| c == code),
            "{code} has no file"
        );
    }
    insta::assert_snapshot!("negative", text);
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    for (settings, near) in [
        ("[sever]\n", "`server`"),
        ("[[operation]]\nselect = \"getLaed\"\n", "`getLead`"),
        ("[[operation]]\nselect = \"GET /lead\"\n", "`GET /leads`"),
        ("[[operation]]\nselect = \"tag:lead\"\n", "`tag:leads`"),
        (
            "[[operation]]\nselect = \"getLead\"\nclass = \"destructiv\"\n",
            "`destructive`",
        ),
        (
            "[[operation]]\nselect = \"getLead\"\nprereq = \"list_lead\"\n",
            "`list_leads`",
        ),
        (
            "[[operation]]\nselect = \"getLead\"\nconsequence = \"See `list_lead`.\"\n",
            "`list_leads`",
        ),
        (
            "[[operation]]\nselect = \"listLeads\"\n[operation.fields.stauts]\nhide = true\n",
            "`status`",
        ),
        (
            "[[composite]]\nname = \"x\"\nkind = \"count\"\ndescription = \"d\"\nlist = \"listLead\"\n",
            "`listLeads`",
        ),
    ] {
        let said = refusal(settings);
        assert!(
            said.contains(&format!("did you mean {near}?")),
            "{settings}: {said}"
        );
    }
}

#[test]
fn hostile_settings_end_in_findings() {
    let deep = format!("a = {}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let dots = format!("{}a = 1", "a.".repeat(5_000));
    for settings in [
        deep.as_str(),
        dots.as_str(),
        "\u{0}",
        "operation = 1",
        "[[operation]]\n",
        "[[operation]]\nselect = []\n",
        "[[operation]]\nselect = \"$..*[?count($..*) > 1]\"\ntitle = \"x\"\n",
        "[[operation]]\nselect = \"getLead\"\nlimit = { param = \"id.a.b[].c\", max = 1 }\n",
        "[[operation]]\nselect = \"getLead\"\n[operation.fields.\"\"]\nhide = true\n",
        "[server]\nname = \"\\u202e\"\n",
    ] {
        // Nothing panics, and nothing is kept as it came.
        if let Ok(generated) = generate(settings) {
            assert!(!generated.api.name.contains('\u{202e}'));
        }
    }
}
