//! The lists of behaviours name tests that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support;

/// Proofs that are still to be written, and why where there is something to say.
const UNWRITTEN: [(&str, &[&str]); 3] = [
    // There is no audit log yet.
    ("perfex", &["f12_audit_has_no_values"]),
    (
        "customermates",
        &[
            "a10_toolset_deals_has_nine_operations",
            "a11_drift_is_found",
            "a12_the_served_document_has_the_overlay",
            "a17_whoami_is_get_current_user",
            "a8_instructions_name_six_groups",
            "b10_null_on_deal_ids_names_link_contacts",
            "b11_null_notes_reach_the_wire",
            "b12_other_columns_stay",
            "b15_replacing_arrays_are_warned_of",
            "b16_the_configuration_is_named",
            "b1_operators_are_listed",
            "b23_101_contacts_are_refused",
            "b25_iso_stays_in_structured_content",
            "b2_the_filter_example_validates",
            "b3_required_and_optional_are_said",
            "b4_see_also_names_existing_tools",
            "b6_describe_points_to_the_live_configuration",
            "b8_absent_fields_are_not_sent",
            "c10_a_null_contact_is_not_found",
            "c3_rows_have_id_and_name",
            "c4_get_has_relations",
            "c9_toon_and_structured_content_agree",
            "d3_next_arguments_are_nested",
            "d4_page_size_20_is_answered_with_the_four",
            "e2_the_prefix_is_not_doubled",
            "e3_two_problems_one_answer",
            "e4_a_bare_string_is_the_message",
            "e6_the_configuration_is_named",
            "f10_widgets_are_mentioned",
            "f11_the_catalogue_lists_guard_rails",
            "f13_instructions_say_ask_first",
            "f7_the_preview_names_tool_and_ids",
        ],
    ),
    (
        "bottlecrm",
        &[
            "a10_lean_is_five_tools",
            "a16_totals_are_read_where_they_stand",
            "a18_errors_per_item",
            "a19_dashboards_are_operations",
            "a2_blank_and_null_enums_are_folded",
            "a7_all_tools_are_at_mcp_all",
            "a8_instructions_stay_below_2000_bytes",
            "a9_create_goes_to_the_operation",
            "a9_the_eight_tools_have_their_names",
            "b17_several_matches_are_candidates",
            "b18_campaign_is_spelt_as_the_service_does",
            "b1_a_long_enum_is_capped_in_text_not_in_the_schema",
            "b21_unknown_fields_pass",
            "b22_the_services_verdict_is_final",
            "b25_dates_are_explained",
            "b28_opportunity_to_sent_invoice",
            "b5_assigned_to_says_where_ids_come_from",
            "b6_describe_lead_lists_status_values",
            "b7_every_listed_action_has_a_route",
            "b8_update_is_patch",
            "b9_null_on_assigned_to_is_refused",
            "c10_each_record_is_found",
            "c10_error_true_with_200_is_an_error",
            "c11_four_secrets_are_masked",
            "c3_a_lead_row_has_ten_fields",
            "c4_get_has_comments_left_out",
            "c5_the_id_is_echoed",
            "c6_pdf_csv_and_bytes",
            "c8_no_leads_matched",
            "d1_limit_200_returns_50_and_says_so",
            "d2_a_list_without_limit_asks_for_20",
            "d3_next_offset_is_ready_to_copy",
            "d5_a_large_answer_is_cut_and_said",
            "e4_status_and_body",
            "e5_without_a_token_nothing_is_sent",
            "e6_known_actions_are_listed",
            "e8_a_scope_without_read_is_explained",
            "e9_a_redirect_is_no_success",
            "f10_consequences_are_in_the_description",
            "f5_arg_is_the_vendors_way",
            "f5_nothing_is_sent_before_confirmation",
            "f6_send_invoice_is_previewed",
        ],
    ),
];

/// The sources of tests, each with its path.
fn sources() -> Vec<(String, String)> {
    let repository = support::repository();
    let mut found = Vec::new();
    for folder in ["generator/tests", "tests", "runtime/tests"] {
        collect(&repository.join(folder), &mut found);
    }
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path.to_string_lossy().into_owned(), text));
        }
    }
}

/// What stands in backticks and begins as a row does, such as `a1_…`.
fn names(text: &str) -> BTreeSet<&str> {
    let is_row = |name: &&str| {
        let (row, rest) = name.split_once('_').unwrap_or_default();
        let number = row.get(1..).unwrap_or_default();
        row.starts_with(|c: char| ('a'..='h').contains(&c))
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && !rest.is_empty()
    };
    text.lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .filter(is_row)
        .collect()
}

/// In a file or folder of the system's name: two systems have rows of one name.
#[test]
fn every_row_names_tests_that_there_are() {
    let sources = sources();
    let mut missing = Vec::new();
    for (system, least) in [
        ("perfex", 50),
        ("pingcrm", 45),
        ("customermates", 45),
        ("bottlecrm", 45),
    ] {
        let list = support::spec(system).join("behaviours.md");
        let list = fs::read_to_string(list).unwrap();
        let named = names(&list);
        assert!(named.len() >= least, "{system}: {}", named.len());
        let own: Vec<&str> = sources
            .iter()
            .filter(|(path, _)| path.contains(system))
            .map(|(_, text)| text.as_str())
            .collect();
        let unwritten = UNWRITTEN.iter().find(|(of, _)| *of == system);
        let unwritten = unwritten.map_or(&[][..], |(_, names)| names);
        for name in named {
            let begun = format!("fn {name}(");
            let written = own.iter().any(|text| text.contains(&begun));
            if !written && !unwritten.contains(&name) {
                missing.push(format!("{system}: {name}"));
            }
        }
        // A name that no list has would hide nothing.
        for name in unwritten {
            assert!(list.contains(name), "{system}: {name}");
        }
    }
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
}

#[test]
fn names_of_rows_are_told_from_other_words() {
    let line =
        "| A1 | `inspect` of `a1_one`, `b17_two` and `a_x`, `z1_x`, `b_17`, `c10` | `f5_three` |";
    let found: Vec<&str> = names(line).into_iter().collect();
    assert_eq!(found, ["a1_one", "b17_two", "f5_three"]);
}
