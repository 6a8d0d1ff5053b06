//! `--allow-fetch`: what is asked of the network, and what never is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::fs;
use std::path::Path;

use sha2::{Digest as _, Sha256};
use support::server::{Server, ok};
use support::{Said, mcpwright, mcpwright_with};

/// A document whose one operation answers what `reference` leads to.
fn answering(reference: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Leads, version: \"1\"}}\nservers: [{{url: https://crm.example.com}}]\n\
         paths: {{/leads: {{get: {{operationId: getLead, responses: {{\"200\": {{description: ok, \
         content: {{application/json: {{schema: {{$ref: \"{reference}\"}}}}}}}}}}}}}}}}\n"
    )
}

const LEAD: &str = "type: object\nproperties: {name: {type: string}}\n";

/// Generates from a document without writing.
fn generate(folder: &Path, spec: &str, more: &[&str]) -> Said {
    let base = ["generate", spec, "--out", "out", "--dry-run"];
    mcpwright(folder, &[&base[..], more].concat())
}

/// Generates from a file that refers to an address.
fn referring(reference: &str, more: &[&str]) -> Said {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("crm.yaml"), answering(reference)).unwrap();
    generate(folder.path(), "crm.yaml", more)
}

#[test]
fn a_document_and_its_files_come_from_the_host_that_was_named() {
    let document = answering("schemas/lead.yaml");
    let lead = "properties: {owner: {$ref: 'http://{host}/user.yaml'}}";
    let server = Server::start(&[
        ("/api/openapi.yaml?key=k3y", &ok(&document)),
        (
            "/api/schemas/lead.yaml",
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nproperties: {owner: {$ref: 'http://{host}/user.yaml'}}",
        ),
        ("/user.yaml", &ok(LEAD)),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let spec = format!("http://{}/api/openapi.yaml?key=k3y", server.host);
    let run = |arguments: &[&str]| {
        // A proxy of the environment is not asked either.
        let proxy = [
            ("http_proxy", "http://127.0.0.1:9"),
            ("ALL_PROXY", "http://127.0.0.1:9"),
        ];
        mcpwright_with(folder.path(), arguments, &proxy, "")
    };
    let options = ["--allow-fetch", &server.host, "--runtime", "registry"];
    let said = run(&[&["generate", &spec, "--out", "out"][..], &options].concat());
    assert_eq!(
        (said.code, said.err.contains("warning")),
        (0, false),
        "{}",
        said.err
    );
    let lead = lead.replace("{host}", &server.host);
    for (path, text) in [
        ("api/openapi.yaml", document.as_str()),
        ("api/schemas/lead.yaml", &lead),
        ("user.yaml", LEAD),
    ] {
        let hash: String = Sha256::digest(text)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let line = format!(
            "fetched http://{}/{path} ({} bytes, sha256 {hash})",
            server.host,
            text.len()
        );
        assert!(said.err.contains(&line), "{line}\n{}", said.err);
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 3, "each once: {requests:?}");
    for request in &requests {
        let request = request.to_ascii_lowercase();
        for header in ["authorization", "cookie", "referer", "proxy"] {
            assert!(!request.contains(header), "{request}");
        }
    }
    for (name, bytes) in support::listing(&folder.path().join("out")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("k3y"),
            "{name} holds the query of the address"
        );
    }
    let check = run(&[&["check", &spec, "--out", "out"][..], &options].concat());
    assert_eq!(check.code, 0, "{}", check.err);
    let explain = run(&["explain", &spec, "get_lead", "--allow-fetch", &server.host]);
    assert_eq!(explain.code, 0, "{}", explain.err);
    assert_eq!(server.requests().len(), 9, "each once for each run");
}

#[test]
fn without_the_flag_nothing_is_asked_and_both_remedies_are_named() {
    let server = Server::start(&[("/lead.yaml", &ok(LEAD))]);
    let url = format!("http://{}/lead.yaml", server.host);
    let folder = tempfile::tempdir().unwrap();
    for (said, code) in [
        (referring(&url, &[]), 0),
        (generate(folder.path(), &url, &[]), 1),
    ] {
        assert_eq!(said.code, code, "{}", said.err);
        assert!(said.err.contains("E0303"), "{}", said.err);
        for remedy in [
            format!("--ref-map {url}=FILE"),
            format!("--allow-fetch {}", server.host),
        ] {
            assert!(
                said.err.replace("\n          ", " ").contains(&remedy),
                "{}",
                said.err
            );
        }
    }
    assert_eq!(server.requests(), [""; 0]);
    // A file that stands for the address is taken with or without it.
    fs::write(folder.path().join("lead.yaml"), LEAD).unwrap();
    fs::write(folder.path().join("crm.yaml"), answering(&url)).unwrap();
    let map = format!("{url}=lead.yaml");
    for more in [
        &["--ref-map", &map][..],
        &["--ref-map", &map, "--allow-fetch", &server.host],
    ] {
        let said = generate(folder.path(), "crm.yaml", more);
        assert!(!said.err.contains("warning"), "{}", said.err);
    }
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn no_other_host_is_asked_whatever_the_document_or_an_answer_says() {
    let other = Server::start(&[("/lead.yaml", &ok(LEAD))]);
    let redirect = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{}/lead.yaml\r\ncontent-length: 0\r\n\r\n",
        other.host
    );
    let server = Server::start(&[
        ("/moved.yaml", &redirect),
        (
            "/within.yaml",
            "HTTP/1.1 301 Moved\r\nlocation: /lead.yaml\r\ncontent-length: 0\r\n\r\n",
        ),
        ("/lead.yaml", &ok(LEAD)),
        (
            "/far.yaml",
            &ok(&format!("$ref: 'http://{}/lead.yaml'", other.host)),
        ),
        ("/local.yaml", &ok("$ref: 'file:///etc/passwd'")),
    ]);
    let port = server.host.rsplit(':').next().unwrap();
    for (reference, code, reason) in [
        (
            format!("http://{}/lead.yaml", other.host),
            "E0460",
            "was not named",
        ),
        (
            format!("http://{}/far.yaml", server.host),
            "E0460",
            "was not named",
        ),
        (
            format!("http://localhost:{port}/lead.yaml"),
            "E0460",
            "was not named",
        ),
        (
            format!("http://u:p@{}/lead.yaml", server.host),
            "E0460",
            "credentials",
        ),
        (
            format!("http://{}/moved.yaml", server.host),
            "E0460",
            "redirects are not followed",
        ),
        (
            format!("http://{}/within.yaml", server.host),
            "E0460",
            "redirects are not followed",
        ),
        (
            format!("http://{}/absent.yaml", server.host),
            "E0460",
            "answers 404",
        ),
        (
            "http://e.example/lead.yaml".to_owned(),
            "E0460",
            "plain http",
        ),
        (
            format!("http://{}/local.yaml", server.host),
            "E0341",
            "leaves the folder",
        ),
    ] {
        let said = referring(
            &reference,
            &["--allow-fetch", &server.host, "--allow-fetch", "e.example"],
        );
        assert_eq!(said.code, 0, "{reference}: {}", said.err);
        let text = said.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.contains(code) && text.contains(reason),
            "{reference}: {}",
            said.err
        );
    }
    assert_eq!(other.requests(), [""; 0]);
    let said = generate(
        tempfile::tempdir().unwrap().path(),
        &format!("http://{}/moved.yaml", server.host),
        &["--allow-fetch", &server.host],
    );
    assert!(
        said.code == 1 && said.err.contains("error[E0460]"),
        "{}",
        said.err
    );
    assert_eq!(other.requests(), [""; 0]);
}

#[test]
fn an_answer_without_end_is_refused() {
    let endless =
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_owned() + &"# more\n".repeat(6_000_000);
    let server = Server::start(&[("/lead.yaml", &endless)]);
    let url = format!("http://{}/lead.yaml", server.host);
    let said = referring(&url, &["--allow-fetch", &server.host]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("E0109"), "{}", said.err);
}

#[test]
fn what_is_no_host_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    for host in ["*", "https://e.com", "e.com/x"] {
        let said = generate(folder.path(), "crm.yaml", &["--allow-fetch", host]);
        assert_eq!(said.code, 2);
        assert!(said.err.contains("is no host"), "{}", said.err);
    }
}
