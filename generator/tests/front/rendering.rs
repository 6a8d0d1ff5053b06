//! How findings look.

use mcpwright::diagnostics::{Code, Diagnostic, Pointer, RenderOptions, render_human};
use mcpwright::source::{Budgets, Document, read};

fn yaml() -> Document {
    let text = "openapi: 3.1.0\npaths:\n  /leads:\n    get:\n      operationId: list\n";
    read("specs/crm.yaml", text.as_bytes(), &Budgets::default()).unwrap()
}

fn finding() -> Diagnostic {
    let operation = Pointer::root().child("paths").child("/leads").child("get");
    Diagnostic::new(Code::E0403, "the operationId `list` occurs twice")
        .at(&operation.child("operationId"))
        .label("second time")
        .note("first at #/paths/~1invoices/get")
        .help("call it `listLeads`")
}

#[test]
fn a_finding_looks_like_one_of_rustc() {
    let text = render_human(&[finding()], Some(&yaml()), &RenderOptions::default());
    insta::assert_snapshot!("finding", text);
}

#[test]
fn repeats_are_counted_unless_all_are_wanted() {
    let findings = vec![finding(); 82];
    let text = render_human(&findings, Some(&yaml()), &RenderOptions::default());
    assert_eq!(text.matches("E0403").count(), 1);
    assert!(
        text.contains("and 81 more like this (`-v` shows them all)"),
        "{text}"
    );
    let all = RenderOptions {
        all: true,
        ..RenderOptions::default()
    };
    let text = render_human(&findings, Some(&yaml()), &all);
    assert_eq!(text.matches("E0403").count(), 82);
    assert!(!text.contains("more like this"));
}

#[test]
fn colour_is_used_only_when_asked_for() {
    let plain = render_human(&[finding()], Some(&yaml()), &RenderOptions::default());
    assert!(!plain.contains('\u{1b}'));
    let color = RenderOptions {
        color: true,
        ..RenderOptions::default()
    };
    assert!(render_human(&[finding()], Some(&yaml()), &color).contains('\u{1b}'));
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let members: Vec<String> = (0..20_000)
        .map(|n| format!("\"k{n}\": \"väl{n}\""))
        .collect();
    let text = format!("{{{}}}", members.join(", "));
    assert!(text.len() > 400_000, "{}", text.len());
    let document = read("min.json", text.as_bytes(), &Budgets::default()).unwrap();
    for member in ["k0", "k10000", "k19999"] {
        let finding = Diagnostic::new(Code::E0405, "here")
            .at(&Pointer::root().child(member))
            .label("this one");
        let text = render_human(&[finding], Some(&document), &RenderOptions::default());
        assert!(text.len() < 700, "{text}");
        assert!(text.contains(&format!("\"väl{}\"", &member[1..])), "{text}");
        assert!(text.contains("min.json:1:"), "{text}");
    }
}

#[test]
fn a_finding_without_a_document_names_its_pointer() {
    let text = render_human(&[finding()], None, &RenderOptions::default());
    assert!(text.contains("#/paths/~1leads/get/operationId"), "{text}");
}

#[test]
fn text_of_the_document_cannot_drive_the_terminal() {
    let text =
        "{\"openapi\": \"3.1.0\",\n\"\u{202e}evil\\u001b[2J\": \"\u{9b}2J\u{7f} \u{200b}x\"}\n";
    let document = read("e.json", text.as_bytes(), &Budgets::default()).unwrap();
    let key = document
        .value
        .as_object()
        .unwrap()
        .keys()
        .nth(1)
        .unwrap()
        .clone();
    let finding = Diagnostic::new(Code::E0405, format!("bad `{key}`\u{1b}[2J"))
        .at(&Pointer::root().child(&key))
        .label(key.clone())
        .note(key.clone())
        .help(key);
    let text = render_human(&[finding], Some(&document), &RenderOptions::default());
    let bad = |c: &char| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c);
    assert_eq!(text.chars().filter(bad).collect::<String>(), "", "{text:?}");
}
