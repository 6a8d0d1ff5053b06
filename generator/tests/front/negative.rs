//! Every faulty document is found faulty, and what a person sees of it.

use mcpwright::diagnostics::{Code, Diagnostic, RenderOptions, Severity, Sink, render_human};
use mcpwright::normalize::{normalize, upgrade};
use mcpwright::source::{Budgets, Document, read};

use crate::documents;

/// Whether reading and normalising alone find a code; the others belong to later stages.
fn is_found_here(code: &str) -> bool {
    let later = [
        "E0216", "E0217", "E0218", "E0219", "E0222", "E0224", "E0225", "E0517",
    ];
    (code < "E0300" && !later.contains(&code))
        || ["E0350", "E0351", "E0606", "E0620", "E0621"].contains(&code)
        || ("E0510".."E0520").contains(&code) && !later.contains(&code)
}

/// What reading and normalising say about a document.
fn findings(name: &str, bytes: &[u8]) -> (Vec<Diagnostic>, Option<Document>) {
    let budgets = Budgets::default();
    let mut document = match read(name, bytes, &budgets) {
        Ok(document) => document,
        Err(error) => return (vec![error], None),
    };
    let mut sink = Sink::new();
    sink.extend(document.remarks.clone());
    let _ = upgrade(&mut document.value, &mut sink);
    if let Err(error) = normalize(&mut document.value, &budgets, &mut sink) {
        sink.push(error);
    }
    (sink.into_vec(), Some(document))
}

#[test]
fn every_faulty_document_gives_its_code_at_a_place() {
    for (name, bytes) in documents("../specs/negative") {
        let (code, _) = name.split_once('-').unwrap();
        assert!(Code::find(code).is_some(), "{name}: no such code");
        let (findings, document) = findings(&name, &bytes);
        if !is_found_here(code) {
            // Some codes are said here as well as later.
            let others = findings.iter().filter(|finding| finding.code.id() != code);
            let others: Vec<_> = others.collect();
            assert!(
                others.is_empty(),
                "{name}: must be clean up to its own fault: {others:?}"
            );
            continue;
        }
        let found: Vec<_> = findings.iter().map(|finding| finding.code.id()).collect();
        assert!(found.contains(&code), "{name}: {found:?}");
        for finding in &findings {
            let place = finding.position.or_else(|| {
                document
                    .as_ref()?
                    .locate(finding.pointer.as_ref()?, finding.at_key)
            });
            assert!(
                place.is_some() || code == "E0104",
                "{name}: {finding} has no place"
            );
        }
    }
}

#[test]
fn every_faulty_document_gives_its_code_in_the_end() {
    let folder = crate::folder("../specs/negative");
    let mut without = Vec::new();
    for (name, _) in documents("../specs/negative") {
        let (code, _) = name.split_once('-').unwrap();
        let generated = mcpwright::Config::new()
            .spec(folder.as_ref().unwrap().join(&name))
            .generate();
        let found: Vec<_> = match &generated {
            Ok(generated) => generated.report.diagnostics.iter().collect(),
            Err(mcpwright::Error::Refused(failed)) => failed.diagnostics.iter().collect(),
            Err(error) => panic!("{name}: {error}"),
        };
        let found: Vec<_> = found.iter().map(|finding| finding.code.id()).collect();
        if !found.contains(&code) {
            without.push(format!("{name}: {found:?}"));
        }
    }
    assert_eq!(without, Vec::<String>::new());
}

#[test]
fn every_code_of_reading_and_normalising_has_a_faulty_document() {
    // These need another budget, or a file system.
    let without = ["E0109", "E0110", "E0116", "E0120", "E0513"];
    let documents = documents("../specs/negative");
    if documents.is_empty() {
        return;
    }
    for code in Code::all().map(Code::id) {
        let covered = documents.iter().any(|(name, _)| name.starts_with(code));
        let expected = is_found_here(code) && !without.contains(&code);
        assert!(
            covered || !expected,
            "{code} has no document in specs/negative"
        );
    }
}

#[test]
fn people_see_the_place_the_reason_and_the_remedy() {
    let mut text = String::new();
    for (name, bytes) in documents("../specs/negative") {
        let (findings, document) = findings(&name, &bytes);
        text.push_str(&render_human(
            &findings,
            document.as_ref(),
            &RenderOptions::default(),
        ));
    }
    if !text.is_empty() {
        insta::assert_snapshot!("negative", text);
    }
}

#[test]
fn every_fault_says_what_to_do() {
    let folder = crate::folder("../specs/negative");
    let mut without = Vec::new();
    for (name, _) in documents("../specs/negative") {
        let generated = mcpwright::Config::new()
            .spec(folder.as_ref().unwrap().join(&name))
            .generate();
        let findings = match generated {
            Ok(generated) => generated.report.diagnostics,
            Err(mcpwright::Error::Refused(failed)) => failed.diagnostics,
            Err(error) => panic!("{name}: {error}"),
        };
        for finding in findings {
            let says = finding.help.is_some() || finding.overlay.is_some();
            if finding.severity <= Severity::Warning && !says {
                without.push(format!("{name}: {finding}"));
            }
        }
    }
    assert_eq!(without, Vec::<String>::new());
}
