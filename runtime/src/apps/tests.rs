use super::{SCRIPT, STYLE, View, tells_stage};

#[test]
fn each_view_is_one_document_below_60_kb_with_nothing_from_elsewhere() {
    for view in View::ALL {
        let document = view.document();
        assert!(document.len() < 60_000, "{view:?}: {}", document.len());
        assert!(document.contains(&format!("data-view=\"{}\"", view.name())));
        assert_eq!(document.matches("</script").count(), 1, "{view:?}");
        assert_eq!(document.matches("</style").count(), 1, "{view:?}");
        for never in ["http://", "https://", "@import", "url(", "src=", "<!--"] {
            assert!(
                !document.to_lowercase().contains(never),
                "{view:?}: {never}"
            );
        }
    }
}

#[test]
fn texts_of_a_service_become_text_nodes_only() {
    let all = format!("{}{STYLE}", SCRIPT.concat()).to_lowercase();
    for never in [
        "innerhtml",
        "outerhtml",
        "insertadjacenthtml",
        "document.write",
        "eval(",
        "new function",
        "settimeout(\"",
    ] {
        assert!(!all.contains(never), "{never}");
    }
}

#[test]
fn a_property_tells_the_stage_by_its_last_word() {
    for (name, tells) in [
        ("status", true),
        ("deal_stage", true),
        ("orderStatus", true),
        ("State", true),
        ("statement", false),
        ("status_changed_at", false),
        ("", false),
    ] {
        assert_eq!(tells_stage(name), tells, "{name}");
    }
}
