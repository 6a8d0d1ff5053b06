//! What a release is made of, in the files of several tools: they have to agree.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item};

fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn toml(path: &str) -> DocumentMut {
    text(path).parse().unwrap()
}

fn string(item: &Item) -> String {
    item.as_str().unwrap().to_owned()
}

fn strings(item: &Item) -> Vec<String> {
    let values = item.as_array().unwrap().iter();
    values
        .map(|value| value.as_str().unwrap().to_owned())
        .collect()
}

fn version() -> String {
    string(&toml("Cargo.toml")["workspace"]["package"]["version"])
}

#[test]
fn both_crates_and_the_changelog_have_one_version() {
    let version = version();
    assert_eq!(
        string(&toml("runtime/Cargo.toml")["package"]["version"]),
        version
    );
    let changelog = text("CHANGELOG.md");
    let heading = changelog
        .lines()
        .find(|line| line.starts_with("## "))
        .unwrap();
    // `dist` finds the text of a release by this heading.
    assert_eq!(
        heading.split_whitespace().nth(1),
        Some(version.as_str()),
        "{heading}"
    );
}

/// The URL and the path inside of the archive that `cargo binstall` makes of the manifest for a target.
fn binstall(target: &str) -> (String, String) {
    let manifest = toml("generator/Cargo.toml");
    let metadata = &manifest["package"]["metadata"]["binstall"];
    let overridden = metadata.get("overrides").and_then(|all| all.get(target));
    let value = |key: &str| {
        let own = overridden.and_then(|own| own.get(key));
        string(own.unwrap_or(&metadata[key]))
    };
    // https://docs.rs/binstalk-types: what follows the name for each format, as `dist` writes it.
    let suffix = match value("pkg-fmt").as_str() {
        "tgz" => ".tar.gz",
        "zip" => ".zip",
        other => panic!("{target}: {other}"),
    };
    let fill = |template: String| {
        let windows = target.contains("-windows-");
        let repository = string(&toml("Cargo.toml")["workspace"]["package"]["repository"]);
        let values = [
            ("repo", repository.as_str()),
            ("version", &version()),
            ("name", "mcpwright"),
            ("bin", "mcpwright"),
            ("target", target),
            ("archive-suffix", suffix),
            ("binary-ext", if windows { ".exe" } else { "" }),
        ];
        values.iter().fold(template, |text, (name, value)| {
            text.replace(&format!("{{ {name} }}"), value)
        })
    };
    (fill(value("pkg-url")), fill(value("bin-dir")))
}

#[test]
fn cargo_binstall_looks_for_the_archives_that_dist_makes() {
    let config = toml("dist-workspace.toml");
    let dist = &config["dist"];
    let targets = strings(&dist["targets"]);
    let base = format!(
        "https://github.com/mcpwright/mcpwright/releases/download/v{}/mcpwright",
        version()
    );
    for target in &targets {
        let (url, path) = binstall(target);
        if target.contains("-windows-") {
            let suffix = string(&dist["windows-archive"]);
            assert_eq!(url, format!("{base}-{target}{suffix}"));
            // `dist` puts files into the top of archives of this kind.
            assert_eq!(path, "mcpwright.exe");
        } else {
            let suffix = string(&dist["unix-archive"]);
            assert_eq!(url, format!("{base}-{target}{suffix}"));
            assert_eq!(path, format!("mcpwright-{target}/mcpwright"));
        }
    }
    let manifest = toml("generator/Cargo.toml");
    let overrides = &manifest["package"]["metadata"]["binstall"]["overrides"];
    for (target, _) in overrides.as_table_like().unwrap().iter() {
        assert!(
            targets.iter().any(|known| known == target),
            "{target} is not built"
        );
    }
}

#[test]
fn one_version_of_dist_writes_checks_and_runs_the_workflow() {
    let version = string(&toml("dist-workspace.toml")["dist"]["cargo-dist-version"]);
    for (path, pin) in [
        (
            ".github/workflows/release.yml",
            format!("/v{version}/cargo-dist-installer.sh"),
        ),
        (
            ".ci/run",
            format!("astral-dev-toolchain-cargo-dist=={version}"),
        ),
        (
            "RELEASING.md",
            format!("astral-dev-toolchain-cargo-dist=={version}"),
        ),
    ] {
        assert!(text(path).contains(&pin), "{path} has no {pin}");
    }
}

#[test]
fn the_release_has_the_bill_of_materials_that_its_script_writes() {
    let config = toml("dist-workspace.toml");
    let extra = config["dist"]["extra-artifacts"].as_array_of_tables();
    let extra = extra.unwrap().iter().next().unwrap();
    let script = text(&strings(&extra["build"])[1]);
    for artifact in strings(&extra["artifacts"]) {
        assert!(script.contains(&format!(" {artifact}\n")), "{script}");
        assert!(text("RELEASING.md").contains(&artifact));
    }
    // What steps give is in `outputs`; dist 0.33.0 wrote `output` for a bill of its own, which was lost.
    let workflow = text(".github/workflows/release.yml");
    assert!(!workflow.contains(".output."), "an output that no step has");
}

#[test]
fn release_plz_publishes_what_may_be_published_under_one_version_and_one_tag() {
    let workspace = toml("Cargo.toml");
    let publishable: BTreeSet<String> = strings(&workspace["workspace"]["members"])
        .iter()
        .map(|member| toml(&format!("{member}/Cargo.toml")))
        .filter(|manifest| {
            manifest["package"].get("publish").and_then(Item::as_bool) != Some(false)
        })
        .map(|manifest| string(&manifest["package"]["name"]))
        .collect();
    let config = toml("release-plz.toml");
    assert_eq!(config["workspace"]["release"].as_bool(), Some(false));
    let packages: Vec<_> = config["package"]
        .as_array_of_tables()
        .unwrap()
        .iter()
        .collect();
    let released: BTreeSet<String> = packages.iter().map(|one| string(&one["name"])).collect();
    assert_eq!(released, publishable);
    let mut tags = Vec::new();
    for package in packages {
        assert_eq!(package["release"].as_bool(), Some(true));
        assert_eq!(package["version_group"].as_str(), Some("mcpwright"));
        if package.get("git_tag_enable").and_then(Item::as_bool) != Some(false) {
            tags.push(string(&package["git_tag_name"]));
        }
    }
    // The tag that `cargo binstall` and the workflow of `dist` expect.
    assert_eq!(tags, ["v{{ version }}"]);
}

/// The workflows, and the action that others use.
fn automation() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut names: Vec<String> = fs::read_dir(root.join(".github/workflows"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| format!(".github/workflows/{name}"))
        .collect();
    names.push("action.yml".to_owned());
    names.sort();
    let read = |name: String| (name.clone(), text(&name));
    names.into_iter().map(read).collect()
}

/// `OWNER/NAME` and the commit, where the line names an action by one with its version beside it.
fn pinned(uses: &str) -> Option<(&str, &str)> {
    let (named, version) = uses.split_once(" # v")?;
    let (action, commit) = named.split_once('@')?;
    let is_commit = commit.len() == 40
        && commit
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let is_version = version.starts_with(|first: char| first.is_ascii_digit());
    (is_commit && is_version && action.contains('/')).then_some((action, commit))
}

#[test]
fn every_action_is_named_by_its_commit_and_everywhere_by_the_same() {
    let mut commits = std::collections::BTreeMap::new();
    for (name, text) in automation() {
        let lines = text
            .lines()
            .map(|line| line.trim().trim_start_matches("- "));
        for uses in lines.filter_map(|line| line.strip_prefix("uses: ")) {
            let (action, commit) = pinned(uses).unwrap_or_else(|| {
                panic!("{name}: {uses} can change under its name: `OWNER/NAME@COMMIT # vX.Y.Z`")
            });
            let known = commits.insert(action.to_owned(), commit.to_owned());
            assert!(
                known.is_none_or(|known| known == commit),
                "{name}: {action} has another commit elsewhere"
            );
        }
    }
    assert!(commits.len() >= 6, "{commits:?}");
    for (uses, is_pinned) in [
        ("actions/checkout@v6", false),
        (
            "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd",
            false,
        ),
        ("actions/checkout@de0fac2e # v6.0.2", false),
        (
            "actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2",
            true,
        ),
    ] {
        assert_eq!(pinned(uses).is_some(), is_pinned, "{uses}");
    }
}

#[test]
fn what_ci_runs_is_what_people_run() {
    let workflow = text(".github/workflows/ci.yml");
    for (script, event) in [(".ci/run", "pull_request:"), (".ci/full", "schedule:")] {
        assert!(
            workflow.contains(&format!("run: bash {script}\n")),
            "{script}"
        );
        assert!(workflow.contains(&format!("  {event}\n")), "{event}");
        assert!(
            text(script).starts_with("#!/usr/bin/env bash\n"),
            "{script}"
        );
    }
    // A fork's pull request may read, and nothing else.
    assert!(workflow.contains("\npermissions:\n  contents: read\n"));
    assert!(!workflow.contains("pull_request_target") && !workflow.contains("secrets."));
}
