//! Prompts: the operator's own, and which others there are.

use mcpwright::ir::Prompt;

use crate::{generate, refusal, with};

/// Of the document of these tests one prompt is made up: a lead is made and sent.
const MADE_UP: &str = "create_and_send_lead";

const OWN: &str = r#"
[[prompt]]
name = "bill_the_day"
title = "Bill a day"
description = "Leads of a day."
text = "Look at the leads of {day} with `list_leads`, for {who}."
tools = ["list_leads"]
[prompt.arguments]
day = "Which day."
who = "For whom."
[prompt.defaults]
day = "today"
"#;

fn names(prompts: &[Prompt]) -> Vec<&str> {
    prompts.iter().map(|prompt| prompt.name.as_str()).collect()
}

#[test]
fn a_prompt_of_ones_own_comes_first_and_is_part_of_the_server() {
    let generated = generate(OWN).unwrap();
    let prompts = &generated.api.prompts;
    assert_eq!(names(prompts), ["bill_the_day", MADE_UP]);
    let own = &prompts[0];
    assert_eq!(own.title, "Bill a day");
    assert_eq!(own.description, "Leads of a day.");
    assert_eq!(own.needs, ["list_leads"]);
    assert!(own.opening.starts_with("Look at the leads of {day}"));
    let arguments: Vec<(&str, Option<&str>)> = own
        .arguments
        .iter()
        .map(|one| (one.name.as_str(), one.default.as_deref()))
        .collect();
    assert_eq!(arguments, [("day", Some("today")), ("who", None)]);
    assert_eq!(own.arguments[0].description, "Which day.");
    let module = &generated.files["src/prompts.rs"];
    assert!(module.contains("name: \"bill_the_day\""), "{module}");
    assert!(generated.files["src/lib.rs"].contains("prompts: prompts::ALL"));
    // Agents that load skills read it too, with what is given where nothing else is.
    let mut files = generated.files.iter();
    let (_, skill) = files.find(|(path, _)| path.ends_with("SKILL.md")).unwrap();
    let told = "**Bill a day.** Leads of a day.\n\nLook at the leads of today with `list_leads`, for who.\n\n**";
    assert!(skill.contains(told), "{skill}");
    // Without a title, it is called after its name.
    let plain = OWN.replace("title = \"Bill a day\"\n", "");
    assert_eq!(with(&plain).prompts[0].title, "Bill the day");
}

#[test]
fn one_that_is_made_up_can_be_replaced_or_left_out() {
    assert_eq!(names(&with("").prompts), [MADE_UP]);
    let replaced = with(&OWN.replace("bill_the_day", MADE_UP));
    assert_eq!(names(&replaced.prompts), [MADE_UP]);
    assert!(replaced.prompts[0].opening.starts_with("Look at"));
    let off = with(&format!("[prompts]\nexclude = [\"{MADE_UP}\"]\n"));
    assert_eq!(names(&off.prompts), Vec::<&str>::new());
    let said = refusal("[prompts]\nexclude = [\"create_and_send_leads\"]\n");
    assert!(said.contains("E0923") && said.contains(MADE_UP), "{said}");
}

#[test]
fn topics_have_prompts_unless_they_are_turned_off() {
    for (settings, expected) in [
        ("", true),
        ("[prompts]\ntopics = true\n", true),
        ("[prompts]\ntopics = false\n", false),
    ] {
        let generated = generate(settings).unwrap();
        assert_eq!(generated.api.topic_prompts, expected);
        let root = &generated.files["src/lib.rs"];
        assert_eq!(!root.contains("topic_prompts: false"), expected, "{root}");
    }
}

#[test]
fn what_does_not_fit_together_is_refused() {
    for (from, to, code, said) in [
        ("bill_the_day", "Bill", "E0426", "no name for a prompt"),
        ("bill_the_day", "setup", "E0426", "already"),
        ("of {day}", "of {date}", "E0426", "`{date}`"),
        ("for {who}", "for me", "E0426", "`who`"),
        (
            "[prompt.defaults]\nday",
            "[prompt.defaults]\nway",
            "E0426",
            "`way`",
        ),
        (
            "with `list_leads`",
            "with `list_lead`",
            "E0925",
            "`list_lead`",
        ),
        // No tool of this document begins with such a verb.
        (
            "with `list_leads`",
            "with `locate_leads`",
            "E0925",
            "`locate_leads`",
        ),
        (
            "[\"list_leads\"]",
            "[\"listLeads\"]",
            "E0925",
            "`listLeads`",
        ),
    ] {
        let found = refusal(&OWN.replace(from, to));
        assert!(
            found.contains(code) && found.contains(said),
            "{to}: {found}"
        );
    }
    let twice = format!("{OWN}{OWN}");
    assert!(refusal(&twice).contains("E0426"));
}
