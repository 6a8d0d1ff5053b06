//! Sides that are revisions of a repository, and locks.

use super::*;

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[test]
fn a_revision_is_read_with_its_own_settings_and_leaves_the_repository_alone() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("api")).unwrap();
    shop(root, "api/shop.json", &before());
    let named = "[server]\nspec = \"shop.json\"\n\n[[operation]]\nselect = \"createOrder\"\nname = \"order\"\n";
    fs::write(root.join("api/mcpwright.toml"), named).unwrap();
    git(root, &["init", "--quiet"]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "a"]);
    shop(root, "api/shop.json", &after());
    fs::write(
        root.join("api/mcpwright.toml"),
        "[server]\nspec = \"shop.json\"\n",
    )
    .unwrap();
    shop(root, "staged.json", &before());
    git(root, &["add", "staged.json"]);
    let index = fs::read(root.join(".git/index")).unwrap();
    for (place, old, new) in [
        (root.to_owned(), "HEAD:api/shop.json", "api/shop.json"),
        (root.join("api"), "HEAD:./shop.json", "shop.json"),
        (root.join("api"), "HEAD:api", "."),
    ] {
        let said = mcpwright(&place, &["diff", old, new]);
        assert_eq!(said.code, 0, "{old}: {}", said.err);
        assert!(
            said.out.contains("breaking    order "),
            "{old}: {}",
            said.out
        );
    }
    assert_eq!(fs::read(root.join(".git/index")).unwrap(), index);
    for (old, why) in [
        (
            "HEAD:absent.json",
            "there is no `absent.json` in the revision `HEAD`",
        ),
        ("absent:api/shop.json", "no revision `absent`"),
        ("--output=x:api/shop.json", ""),
    ] {
        let said = mcpwright(root, &["diff", old, "api/shop.json"]);
        assert_eq!(said.code, 2, "{old}: {}", said.err);
        assert!(said.err.contains(why), "{old}: {}", said.err);
    }
}

#[test]
fn files_that_options_name_are_those_of_the_revision() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("conf")).unwrap();
    fs::create_dir(root.join("api")).unwrap();
    shop(root, "api/shop.json", &before());
    let named = "[server]\nspec = \"../api/shop.json\"\n";
    fs::write(root.join("conf/mcpwright.toml"), named).unwrap();
    git(root, &["init", "--quiet"]);
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "a"]);
    shop(root, "api/shop.json", &after());
    let elsewhere = tempfile::tempdir().unwrap();
    let outside = elsewhere.path().join("mcpwright.toml");
    fs::write(&outside, "").unwrap();
    for old in ["HEAD:.", "HEAD:api", "HEAD:./api"] {
        let new = if old == "HEAD:." { "." } else { "api" };
        let arguments = ["diff", old, new, "--config", "conf/mcpwright.toml"];
        let said = mcpwright(root, &arguments);
        assert_eq!(said.code, 0, "{old}: {}", said.err);
        assert!(
            said.out.contains("breaking    create_order"),
            "{}",
            said.out
        );
    }
    let absolute = format!("[server]\nspec = {:?}\n", root.join("api/shop.json"));
    fs::write(root.join("conf/absolute.toml"), absolute).unwrap();
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "--message", "b"]);
    fs::write(root.join("conf/new.toml"), named).unwrap();
    for (config, why) in [
        (
            outside.to_str().unwrap(),
            "is no file of this Git repository",
        ),
        ("conf/absolute.toml", "by its absolute path"),
        (
            "conf/new.toml",
            "there is no `conf/new.toml` (`--config`) in the revision `HEAD`",
        ),
    ] {
        let said = mcpwright(root, &["diff", "HEAD:.", ".", "--config", config]);
        assert_eq!(said.code, 2, "{config}: {}", said.err);
        assert!(said.err.contains(why), "{config}: {}", said.err);
        assert!(said.err.contains("what was (`HEAD:.`): "), "{}", said.err);
    }
}

#[test]
fn names_that_a_lock_keeps_are_no_renames() {
    let folder = tempfile::tempdir().unwrap();
    let mut renamed = before();
    renamed["paths"]["/orders"]["get"]["operationId"] = json!("searchOrders");
    shop(folder.path(), "old.json", &before());
    shop(folder.path(), "new.json", &renamed);
    let run = |line: &str| {
        let arguments: Vec<&str> = std::iter::once("diff").chain(line.split(' ')).collect();
        mcpwright(folder.path(), &arguments)
    };
    // As `generate` would name it beside the old lock.
    let kept = run("old.json new.json --fail-on breaking");
    assert_eq!(kept.code, 0, "{}", kept.out);
    let anew = run("old.json new.json --fail-on breaking --relock");
    assert!(
        anew.code == 3 && anew.out.contains("search_orders"),
        "{}",
        anew.out
    );
    for (document, out) in [("old.json", "a"), ("new.json", "b")] {
        let said = mcpwright(
            folder.path(),
            &["generate", document, "--out", out, "--runtime", "registry"],
        );
        assert_eq!(said.code, 0, "{}", said.err);
    }
    // Crates and locks know names alone.
    let crates = run("a b");
    assert!(
        crates
            .out
            .contains("breaking    search_orders  GET /orders"),
        "{}",
        crates.out
    );
    assert!(
        crates.out.contains("was called `list_orders`"),
        "{}",
        crates.out
    );
    let same = run("a a/mcpwright.lock --fail-on any");
    assert_eq!(same.code, 0, "{}", same.out);
}
