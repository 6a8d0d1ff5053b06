//! `mcpwright run --mock`: the generated server of a real document over HTTP, with a mock in the place of its service,
//! and the official SDK's client, which `tools` and `call --url` are.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mcpwright_tests::{example, mcpwright, run};
use serde_json::Value;

/// Time in which something has to happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Stands for Cargo: what it would build of this document stands there already.
const CARGO: &str = r#"#!/bin/sh
set -e
case "$1" in
metadata) printf '{"target_directory": "%s/target"}' "$HERE" ;;
build) mkdir -p "$HERE/target/debug"; cp "$EXAMPLE" "$HERE/target/debug/" ;;
esac
"#;

/// A project of the demo CRM in a folder of its own, which goes with what it started.
struct Project {
    folder: PathBuf,
    address: String,
    child: Child,
}

impl Drop for Project {
    fn drop(&mut self) {
        self.signal("KILL");
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Project {
    fn start(name: &str) -> Self {
        let folder = format!("mcpwright-run-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/crm.yaml");
        fs::copy(document, folder.join("crm.yaml")).unwrap();
        fs::write(
            folder.join("mcpwright.toml"),
            "[server]\nspec = \"crm.yaml\"\nname = \"northlight-crm\"\nbase_url = \"https://crm.example.com/api\"\n[output]\nfolder = \"server\"\n",
        )
        .unwrap();
        let cargo = folder.join("cargo.sh");
        fs::write(&cargo, CARGO).unwrap();
        fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
        // Free when it was asked for.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
        let address = address.unwrap().to_string();
        let child = Command::new(mcpwright())
            .args(["run", "--mock", "--seed", "7", "http", "--listen", &address])
            .current_dir(&folder)
            .env("CARGO", &cargo)
            .env("HERE", &folder)
            .env("EXAMPLE", example())
            .env("HOME", &folder)
            .env("NORTHLIGHT_CRM_API_KEY", "of-the-real-service")
            .env("NORTHLIGHT_CRM_FORMAT", "json")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("said")).unwrap())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut project = Self {
            folder,
            address,
            child,
        };
        project.wait("it serves", |project| {
            TcpStream::connect(&project.address).is_ok()
        });
        project
    }

    fn said(&self) -> String {
        fs::read_to_string(self.folder.join("said")).unwrap_or_default()
    }

    fn wait(&mut self, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            assert!(begun.elapsed() < PATIENCE, "{what}: {}", self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// To all that it started, as a terminal does it.
    fn signal(&self, signal: &str) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill")
            .args([&format!("-{signal}"), "--", &group])
            .stderr(Stdio::null())
            .status();
    }

    /// What a client gets.
    fn asks(&self, arguments: &[&str]) -> String {
        let url = format!("http://{}/mcp/all", self.address);
        let mut all = vec![arguments[0], "--url", &url];
        all.extend(&arguments[1..]);
        let done = run(example(), &all, &[]);
        assert_eq!(done.code, 0, "{arguments:?}: {}{}", done.out, done.err);
        done.out
    }

    fn calls(&self, arguments: &[&str]) -> Value {
        let text = self.asks(&[&["call"], arguments].concat());
        let json = text.find('{').map(|at| &text[at..]).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_str(json).into_iter();
        values.next().unwrap_or_else(|| panic!("{text}")).unwrap()
    }
}

#[test]
fn a_client_makes_and_reads_records_of_a_mock() {
    let mut project = Project::start("records");
    assert!(project.said().contains("mock of"), "{}", project.said());
    assert!(project.asks(&["tools"]).contains("create_customer"));
    let made = project.calls(&[
        "create_customer",
        "name=Zebra Ltd",
        "email=office@zebra.example",
    ]);
    let id = made["id"].to_string();
    let read = project.calls(&["get_customer", &format!("customer_id={id}")]);
    assert_eq!(
        (&read["name"], &read["email"]),
        (
            &Value::from("Zebra Ltd"),
            &Value::from("office@zebra.example")
        ),
        "{read}"
    );
    let listed = project.asks(&["call", "list_customers", "q=zebra"]);
    assert!(listed.contains("Zebra Ltd"), "{listed}");
    // As Ctrl-C in a terminal: all of it ends, and the address is free.
    project.signal("INT");
    project.wait("it ends", |project| {
        project.child.try_wait().unwrap().is_some()
    });
    let address = project.address.clone();
    project.wait("the address is free", |_| {
        TcpListener::bind(&address).is_ok()
    });
}

#[test]
fn the_server_goes_with_the_one_that_started_it() {
    let mut project = Project::start("ends");
    let parent = project.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &parent])
            .status()
            .unwrap()
            .success(),
        "it runs"
    );
    project.wait("it ends", |project| {
        project.child.try_wait().unwrap().is_some()
    });
    let address = project.address.clone();
    project.wait("the address is free", |_| {
        TcpListener::bind(&address).is_ok()
    });
}
