//! `mcpwright.lock`: tools keep their names (behaviour A4, rule R1).

use super::*;

const GENERATE: &str = "generate crm.yaml --out out --runtime registry -q";

/// The document with other text in it.
fn change(folder: &Path, from: &str, to: &str) {
    let path = folder.join("crm.yaml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replace(from, to)).unwrap();
}

fn lock(folder: &Path) -> String {
    fs::read_to_string(folder.join("out/mcpwright.lock")).unwrap()
}

#[test]
fn a4_no_tool_is_renamed_when_the_document_changes() {
    let folder = folder();
    let folder = folder.path();
    assert_eq!(run(folder, GENERATE).code, 0);
    assert!(
        lock(folder)
            .contains(r#""POST /leads" = { tool = "create_lead", id = "createLead", schema = ""#),
        "{}",
        lock(folder)
    );
    // Another id at the same path; another path with the same id; another name of a parameter.
    change(folder, "createLead", "addProspect");
    change(folder, "/leads/{lead_id}/notes", "/leads/{lead}/comments");
    change(folder, "name: lead_id, in", "name: lead, in");
    let said = run(folder, "generate crm.yaml --out out --runtime registry");
    assert_eq!(said.code, 0, "{}", said.err);
    let text = lock(folder);
    for kept in [
        r#""POST /leads" = { tool = "create_lead", id = "addProspect""#,
        r#""GET /leads/{lead}/comments" = { tool = "list_notes""#,
    ] {
        assert!(text.contains(kept), "{kept}\n{text}");
    }
    assert!(
        said.err
            .contains("1 tool with other arguments: list_notes\n"),
        "{}",
        said.err
    );
    // It is asked for in so many words.
    let said = run(
        folder,
        "generate crm.yaml --out out --runtime registry --relock",
    );
    assert!(
        said.err
            .contains("1 tool renamed: create_lead -> add_prospect\n"),
        "{}",
        said.err
    );
    assert_eq!(
        run(folder, "check crm.yaml --out out --runtime registry").code,
        0
    );
}

#[test]
fn an_edited_lock_renames_a_tool_and_a_name_that_cannot_be_is_told() {
    let folder = folder();
    let folder = folder.path();
    run(folder, GENERATE);
    let path = folder.join("out/mcpwright.lock");
    fs::write(&path, lock(folder).replace("create_lead", "new_lead")).unwrap();
    let check = run(folder, "check crm.yaml --out out --runtime registry");
    assert_eq!(check.code, 3, "the code still has the old name");
    assert_eq!(run(folder, GENERATE).code, 0);
    let code = fs::read_to_string(folder.join("out/src/operations/leads.rs")).unwrap();
    assert!(code.contains("\"new_lead\""));
    fs::write(&path, lock(folder).replace("new_lead", "New Lead")).unwrap();
    let said = run(folder, "generate crm.yaml --out out --runtime registry");
    assert!(
        said.err.contains("warning[E0951]: `New Lead`"),
        "{}",
        said.err
    );
    assert!(lock(folder).contains("\"create_lead\""));
}

#[test]
fn check_and_generate_say_what_was_added_and_removed() {
    let folder = folder();
    let folder = folder.path();
    run(folder, GENERATE);
    change(folder, "/leads/{lead_id}/notes", "/leads/{lead_id}/calls");
    change(folder, "listNotes", "listCalls");
    let said = run(folder, "check crm.yaml --out out --runtime registry");
    assert_eq!(said.code, 3);
    for line in [
        "1 tool removed: list_notes\n",
        "1 tool added: list_calls\n",
        "mcpwright.lock: stale",
    ] {
        assert!(said.out.contains(line), "{line}\n{}", said.out);
    }
}

#[test]
fn a_damaged_lock_stops_the_run_with_the_remedy() {
    let folder = folder();
    let folder = folder.path();
    run(folder, GENERATE);
    let path = folder.join("out/mcpwright.lock");
    fs::write(&path, format!("{}<<<<<<< HEAD\n", lock(folder))).unwrap();
    let before = listing(folder);
    let said = run(folder, GENERATE);
    assert_eq!(said.code, 1);
    assert!(
        said.err
            .contains("error[E0950]: mcpwright.lock cannot be used: line ")
            && said.err.contains("pass `--relock`"),
        "{}",
        said.err
    );
    assert!(before == listing(folder));
    let said = run(folder, &format!("{GENERATE} --relock"));
    assert_eq!(said.code, 0, "{}", said.err);
}

#[test]
fn a_lock_of_its_own_outlives_the_output() {
    let folder = folder();
    let folder = folder.path();
    let line = "generate crm.yaml --out out --runtime registry -q --lock names.lock";
    assert_eq!(run(folder, line).code, 0);
    assert!(!folder.join("out/mcpwright.lock").exists());
    fs::remove_dir_all(folder.join("out")).unwrap();
    change(folder, "createLead", "addProspect");
    run(folder, line);
    let text = fs::read_to_string(folder.join("names.lock")).unwrap();
    assert!(text.contains("\"create_lead\""), "{text}");
    let check = "check crm.yaml --out out --runtime registry --lock names.lock";
    assert_eq!(run(folder, check).code, 0);
    let said = run(folder, "inspect crm.yaml --lock names.lock");
    assert!(said.out.contains(" create_lead "), "{}", said.out);
    fs::write(folder.join("names.lock"), "version = 1\n[tools]\n").unwrap();
    assert_eq!(run(folder, check).code, 3);
}

#[test]
fn a_lock_that_was_kept_is_used_for_a_new_crate() {
    let folder = folder();
    let folder = folder.path();
    run(folder, GENERATE);
    let kept = lock(folder).replace("create_lead", "new_lead");
    fs::remove_dir_all(folder.join("out")).unwrap();
    fs::create_dir(folder.join("out")).unwrap();
    fs::write(folder.join("out/mcpwright.lock"), &kept).unwrap();
    let said = run(folder, GENERATE);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(lock(folder), kept);
}
