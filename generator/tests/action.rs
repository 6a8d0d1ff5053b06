//! The GitHub Action: its shell parts, run as a runner runs them. They need `git` and `jq`, as runners have them.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use support::repository;

/// What a step said, and what it left for later ones.
#[derive(Debug)]
struct Step {
    code: i32,
    said: String,
    outputs: String,
    summary: String,
}

/// A repository with one commit, and the folder of a runner.
struct Runner {
    folder: tempfile::TempDir,
}

impl Runner {
    fn new() -> Self {
        let this = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(this.at("runner")).unwrap();
        fs::create_dir(this.at("repository")).unwrap();
        this.git(&["init", "--quiet", "--initial-branch", "main"]);
        this
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.at("repository").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) -> String {
        let done = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(arguments)
            .current_dir(self.at("repository"))
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "a"]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn step(&self, script: &str, variables: &[(&str, &str)]) -> Step {
        let program = Path::new(env!("CARGO_BIN_EXE_mcpwright"));
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", program.parent().unwrap().display());
        for name in ["outputs", "summary"] {
            fs::write(self.at(name), "").unwrap();
        }
        let done = Command::new("bash")
            .arg(repository().join("action").join(script))
            .current_dir(self.at("repository"))
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.at("runner"))
            .env("RUNNER_TEMP", self.at("runner"))
            .env("GITHUB_OUTPUT", self.at("outputs"))
            .env("GITHUB_PATH", self.at("outputs"))
            .env("GITHUB_STEP_SUMMARY", self.at("summary"))
            .env("GITHUB_REPOSITORY", "acme/crm")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Step {
            code: done.status.code().unwrap(),
            said: text(done.stdout) + &text(done.stderr),
            outputs: fs::read_to_string(self.at("outputs")).unwrap(),
            summary: fs::read_to_string(self.at("summary")).unwrap(),
        }
    }
}

fn document(operation: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Shop, version: 1.0.0}}\npaths:\n  /orders:\n    get: {{operationId: listOrders, summary: List orders., responses: {{'200': {{description: ok}}}}}}\n    {operation}\n"
    )
}

const CREATE: &str = "post: {operationId: createOrder, summary: Create an order., responses: {'201': {description: made}}}";

#[test]
fn what_changed_is_annotated_summed_up_and_fails_as_it_was_told() {
    let runner = Runner::new();
    runner.put("api/shop.yaml", &document(CREATE));
    let base = runner.commit();
    runner.put("api/shop.yaml", &document(""));
    runner.commit();
    let of = |fail: &'static str| {
        runner.step(
            "diff.sh",
            &[
                ("BASE", &base),
                ("DOCUMENT", "api/shop.yaml"),
                ("FAIL_ON", fail),
            ],
        )
    };
    for (fail, code) in [
        ("breaking", 3),
        ("risk", 3),
        ("any", 3),
        ("never", 0),
        ("all", 2),
    ] {
        assert_eq!(of(fail).code, code, "{fail}");
    }
    let step = of("breaking");
    assert!(step.said.contains("::error "), "{step:?}");
    assert!(
        step.said.contains("create_order (POST /orders): gone"),
        "{step:?}"
    );
    assert!(step.summary.contains("**1 breaking**"), "{step:?}");
    assert!(step.outputs.contains("advice=major\n"), "{step:?}");
    let report = step
        .outputs
        .lines()
        .find_map(|line| line.strip_prefix("report="));
    assert_eq!(fs::read_to_string(report.unwrap()).unwrap(), step.summary);
}

#[test]
fn settings_name_the_document_of_both_sides() {
    let runner = Runner::new();
    let settings = "[server]\nspec = \"shop.yaml\"\n";
    runner.put("mcpwright.toml", settings);
    runner.put("shop.yaml", &document(CREATE));
    let base = runner.commit();
    let renamed =
        format!("{settings}\n[[operation]]\nselect = \"createOrder\"\nname = \"order\"\n");
    runner.put("mcpwright.toml", &renamed);
    let step = runner.step("diff.sh", &[("BASE", &base)]);
    assert_eq!(step.code, 3, "{step:?}");
    assert!(
        step.said
            .contains("order (POST /orders): was called `create_order`"),
        "{step:?}"
    );
}

#[test]
fn settings_that_are_named_are_those_of_each_side() {
    let runner = Runner::new();
    let settings = "[server]\nspec = \"../shop.yaml\"\n";
    runner.put("conf/mcpwright.toml", settings);
    runner.put("shop.yaml", &document(CREATE));
    let base = runner.commit();
    let renamed =
        format!("{settings}\n[[operation]]\nselect = \"createOrder\"\nname = \"order\"\n");
    runner.put("conf/mcpwright.toml", &renamed);
    for document in ["", "shop.yaml"] {
        let step = runner.step(
            "diff.sh",
            &[
                ("BASE", &base),
                ("DOCUMENT", document),
                ("CONFIG", "conf/mcpwright.toml"),
            ],
        );
        assert_eq!(step.code, 3, "{document}: {step:?}");
        assert!(
            step.said
                .contains("order (POST /orders): was called `create_order`"),
            "{step:?}"
        );
    }
}

#[test]
fn a_base_that_is_broken_may_be_mended_and_what_breaks_is_told() {
    let runner = Runner::new();
    runner.put("shop.yaml", "openapi: [");
    let broken = runner.commit();
    runner.put("shop.yaml", &document(CREATE));
    let mended = runner.commit();
    let of = |base: &str| runner.step("diff.sh", &[("BASE", base), ("DOCUMENT", "shop.yaml")]);
    let step = of(&broken);
    assert_eq!(step.code, 0, "{step:?}");
    assert!(
        step.said.contains("::notice") && step.said.contains("of the base cannot be read"),
        "{step:?}"
    );
    runner.put("shop.yaml", "openapi: [");
    let step = of(&mended);
    assert!(step.code != 0, "{step:?}");
    assert!(
        step.said.contains("of this commit cannot be read"),
        "{step:?}"
    );
}

#[test]
fn a_document_that_is_nowhere_is_an_error_and_none_is_an_option() {
    let runner = Runner::new();
    runner.put("shop.yaml", &document(CREATE));
    runner.put("-help.yaml", &document(CREATE));
    let base = runner.commit();
    for script in ["diff.sh", "check.sh"] {
        let step = runner.step(script, &[("BASE", &base), ("DOCUMENT", "shpo.yaml")]);
        assert_eq!(step.code, 2, "{step:?}");
        assert!(step.said.contains("There is no `shpo.yaml`"), "{step:?}");
        for document in ["-help.yaml", "shop.yaml"] {
            let step = runner.step(script, &[("BASE", &base), ("DOCUMENT", document)]);
            assert_eq!(step.code, 0, "{document}: {step:?}");
            let says = "nothing is checked";
            assert_eq!(step.said.contains(says), script == "check.sh", "{step:?}");
        }
    }
}

#[test]
fn the_command_is_built_where_the_action_stands() {
    use std::os::unix::fs::PermissionsExt as _;
    let runner = Runner::new();
    runner.put("rust-toolchain.toml", "[toolchain]\npath = \"/nowhere\"\n");
    let bin = runner.at("bin");
    fs::create_dir(&bin).unwrap();
    let stub = "#!/bin/sh\npwd\nmkdir -p \"$RUNNER_TEMP/mcpwright/bin\"\ncp /bin/true \"$RUNNER_TEMP/mcpwright/bin/mcpwright\"\n";
    fs::write(bin.join("cargo"), stub).unwrap();
    fs::set_permissions(bin.join("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!(
        "{}:{}",
        bin.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let action = runner.at("action");
    fs::create_dir(&action).unwrap();
    let step = runner.step(
        "install.sh",
        &[
            ("PATH", &path),
            ("GITHUB_ACTION_PATH", action.to_str().unwrap()),
        ],
    );
    assert_eq!(step.code, 0, "{step:?}");
    let first = step.said.lines().next().unwrap();
    assert_eq!(
        Path::new(first).canonicalize().unwrap(),
        action.canonicalize().unwrap()
    );
}

#[test]
fn without_a_base_there_is_nothing_to_compare() {
    let runner = Runner::new();
    runner.put("shop.yaml", &document(CREATE));
    let head = runner.commit();
    let zeros = "0000000000000000000000000000000000000000";
    for base in ["", zeros] {
        let step = runner.step("diff.sh", &[("BASE", base), ("DOCUMENT", "shop.yaml")]);
        assert!(step.code == 0 && step.said.contains("no base"), "{step:?}");
        assert_eq!(step.outputs, "");
    }
    runner.put("other.yaml", &document(CREATE));
    let step = runner.step("diff.sh", &[("BASE", &head), ("DOCUMENT", "other.yaml")]);
    assert!(
        step.code == 0 && step.said.contains("is not in the base"),
        "{step:?}"
    );
    let step = runner.step("diff.sh", &[("BASE", "--help"), ("DOCUMENT", "shop.yaml")]);
    assert!(
        step.code == 2 && step.said.contains("cannot be fetched"),
        "{step:?}"
    );
}

#[test]
fn a_crate_that_is_not_its_documents_fails_with_an_annotation() {
    let runner = Runner::new();
    runner.put("shop.yaml", &document(CREATE));
    let settings =
        "[server]\nspec = \"shop.yaml\"\n[output]\nfolder = \"crate\"\nruntime = \"registry\"\n";
    runner.put("mcpwright.toml", settings);
    let generated = support::mcpwright(&runner.at("repository"), &["generate"]);
    assert_eq!(generated.code, 0, "{}", generated.err);
    let step = runner.step("check.sh", &[]);
    assert_eq!(step.code, 0, "{step:?}");
    runner.put("shop.yaml", &document(""));
    let step = runner.step("check.sh", &[]);
    assert_eq!(step.code, 3, "{step:?}");
    assert!(
        step.said.contains("::error title=mcpwright check::"),
        "{step:?}"
    );
}

#[test]
fn a_command_that_is_there_is_taken() {
    let runner = Runner::new();
    let program = env!("CARGO_BIN_EXE_mcpwright");
    let step = runner.step("install.sh", &[("GIVEN", program)]);
    assert_eq!(step.code, 0, "{step:?}");
    let folder = Path::new(program).parent().unwrap().canonicalize().unwrap();
    assert_eq!(
        Path::new(step.outputs.trim()).canonicalize().unwrap(),
        folder
    );
    let step = runner.step("install.sh", &[("GIVEN", "/nowhere")]);
    assert!(
        step.code == 2 && step.said.contains("::error::"),
        "{step:?}"
    );
}

/// Heads and bodies of requests.
type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// GitHub's API for comments, as far as it is asked: requests, and the comments that are there.
fn github(comments: &'static str, status: &'static str) -> (String, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut head = String::new();
            while reader.read_line(&mut head).is_ok_and(|length| length > 2) {}
            let length = head.lines().find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")
                    .map(str::to_owned)
            });
            let mut body = vec![0; length.map_or(0, |length| length.trim().parse().unwrap())];
            reader.read_exact(&mut body).unwrap();
            let is_read = head.starts_with("GET");
            kept.lock()
                .unwrap()
                .push((head, String::from_utf8(body).unwrap()));
            let (status, answer) = if is_read {
                ("200 OK", comments)
            } else {
                (status, "{}")
            };
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
                answer.len()
            );
        }
    });
    (format!("http://{address}"), asked)
}

#[test]
fn a_pull_request_has_one_comment_that_later_runs_change() {
    let empty = r#"[{"id": 5, "user": {"type": "Bot"}, "body": null}, {"id": 6, "user": null, "body": "a"}]"#;
    let quoted = r#"[{"id": 6, "user": {"type": "User"}, "body": "<!-- mcpwright diff -->"}]"#;
    let own = r#"[{"id": 6, "user": {"type": "User"}, "body": "<!-- mcpwright diff -->"},
        {"id": 7, "user": {"type": "Bot"}, "body": "<!-- mcpwright diff -->\nold"}]"#;
    for (comments, status, line) in [
        (
            "[]",
            "201 Created",
            "POST /repos/acme/crm/issues/5/comments ",
        ),
        (
            empty,
            "201 Created",
            "POST /repos/acme/crm/issues/5/comments ",
        ),
        (
            quoted,
            "201 Created",
            "POST /repos/acme/crm/issues/5/comments ",
        ),
        (own, "200 OK", "PATCH /repos/acme/crm/issues/comments/7 "),
        (
            "[]",
            "403 Forbidden",
            "POST /repos/acme/crm/issues/5/comments ",
        ),
    ] {
        let runner = Runner::new();
        let report = runner.at("report.md");
        fs::write(&report, "## What changes \"for\" agents\n\n`$(x)` \\ ü\n").unwrap();
        let (url, asked) = github(comments, status);
        let step = runner.step(
            "comment.sh",
            &[
                ("GITHUB_API_URL", &url),
                ("GITHUB_TOKEN", "token-canary"),
                ("PULL_REQUEST", "5"),
                ("REPORT", report.to_str().unwrap()),
            ],
        );
        assert_eq!(step.code, 0, "{step:?}");
        assert!(!step.said.contains("token-canary"), "{step:?}");
        let is_refused = status.starts_with("403");
        assert_eq!(
            step.said.contains("pull-requests: write"),
            is_refused,
            "{step:?}"
        );
        let asked = asked.lock().unwrap();
        let (head, body) = asked.last().unwrap();
        assert!(head.starts_with(line), "{head}");
        assert!(
            head.contains("Authorization: Bearer token-canary"),
            "{head}"
        );
        let read: serde_json::Value = serde_json::from_str(body).unwrap();
        let text = read["body"].as_str().unwrap();
        assert!(
            text.starts_with(
                "<!-- mcpwright diff -->\n## What changes \"for\" agents\n\n`$(x)` \\ ü"
            ),
            "{text}"
        );
    }
}

#[test]
fn the_action_hands_its_inputs_over_as_variables() {
    let text = fs::read_to_string(repository().join("action.yml")).unwrap();
    let action: serde_json::Value = serde_yaml::from_str(&text).unwrap();
    let steps = action["runs"]["steps"].as_array().unwrap();
    assert_eq!(action["runs"]["using"], "composite");
    for step in steps {
        let run = step["run"].as_str().unwrap();
        // What stands in a script would be run.
        assert!(!run.contains("${{"), "{run}");
        let script = run.rsplit('/').next().unwrap().trim_end_matches('"');
        let text = fs::read_to_string(repository().join("action").join(script)).unwrap();
        for (name, _) in step["env"].as_object().unwrap() {
            assert!(
                text.contains(name.as_str()),
                "{script} does not read {name}"
            );
        }
    }
    for (name, input) in action["inputs"].as_object().unwrap() {
        assert!(!input["description"].as_str().unwrap().is_empty(), "{name}");
        assert!(
            text.contains(&format!("inputs.{name} ")),
            "{name} is not used"
        );
    }
}
