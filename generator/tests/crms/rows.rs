//! The lists of behaviours name tests that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support;

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
        for name in named {
            let begun = format!("fn {name}(");
            let written = own.iter().any(|text| text.contains(&begun));
            if !written {
                missing.push(format!("{system}: {name}"));
            }
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
