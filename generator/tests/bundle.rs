//! `mcpwright bundle`: what a server is published as.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::fs;
use std::io::Read as _;
use std::path::Path;

use serde_json::{Value, json};
use support::{Said, listing, mcpwright};

const DOCUMENT: &str = r#"{
    "openapi": "3.1.0", "info": {"title": "Acme $HOME \"CRM\"", "version": "1"},
    "security": [{"key": []}],
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-API-KEY"}}},
    "paths": {
        "/leads": {
            "get": {"operationId": "listLeads", "responses": {"200": {"description": "ok"}}},
            "post": {"operationId": "createLead", "responses": {"201": {"description": "ok"}}}
        },
        "/leads/{id}/send": {"post": {"operationId": "sendLead", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}], "responses": {"204": {"description": "ok"}}}},
        "/leads/{id}": {"delete": {"operationId": "deleteLead", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}], "responses": {"204": {"description": "ok"}}}}
    }}"#;

const BUNDLE: &str = r#"
[bundle]
name = "com.example/acme-crm"
version = "1.2.0"
author = "Acme GmbH"
homepage = "https://example.com"
repository = "https://github.com/acme/crm-mcp"
privacy_policy = "https://example.com/privacy"
url = "https://mcp.example.com/mcp"
image = "ghcr.io/acme/acme-crm-mcp"
mcpb_url = "https://example.com/acme.mcpb"
"#;

/// A project with these lines below its settings, and a program of each system.
fn project(bundle: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("openapi.json"), DOCUMENT).unwrap();
    let settings = format!(
        "[server]\nspec = \"openapi.json\"\nname = \"acme-crm\"\nbase_url = \"https://crm.example.com\"\n\n[output]\nfolder = \"server\"\n{bundle}"
    );
    fs::write(path.join("mcpwright.toml"), settings).unwrap();
    let mut elf = vec![0; 4_000];
    elf[..4].copy_from_slice(b"\x7fELF");
    elf[18] = 62;
    fs::write(path.join("linux"), elf).unwrap();
    fs::write(
        path.join("mac"),
        [&[0xca, 0xfe, 0xba, 0xbe][..], &[0; 99]].concat(),
    )
    .unwrap();
    fs::write(path.join("script"), "#!/bin/sh\n").unwrap();
    folder
}

fn bundle(folder: &Path, arguments: &[&str]) -> Said {
    mcpwright(folder, &[&["bundle"], arguments].concat())
}

fn made(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join("bundle").join(name)).unwrap()).unwrap()
}

fn text(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join("bundle").join(name)).unwrap()
}

/// The files of an archive: name, permissions, bytes.
fn entries(path: &Path) -> Vec<(String, u32, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (
                file.name().unwrap().into_owned(),
                file.unix_mode().unwrap() & 0o777,
                bytes,
            )
        })
        .collect()
}

#[test]
fn a_bundle_for_desktop_clients_asks_for_address_and_key_and_holds_a_program_for_each_system() {
    let folder = project(BUNDLE);
    let path = folder.path();
    let programs = ["mcpb", "--program", "linux", "--program", "mac"];
    let said = bundle(path, &programs);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err.contains("linux x86_64, darwin universal"),
        "{}",
        said.err
    );
    let archive = path.join("bundle/acme-crm.mcpb");
    let files = entries(&archive);
    let names: Vec<(&str, u32)> = files
        .iter()
        .map(|(n, mode, _)| (n.as_str(), *mode))
        .collect();
    assert_eq!(
        names,
        [
            ("manifest.json", 0o644),
            ("server/linux/acme-crm-mcp", 0o755),
            ("server/darwin/acme-crm-mcp", 0o755),
            ("skill/acme-crm-tools/SKILL.md", 0o644),
        ]
    );
    assert_eq!(files[1].2, fs::read(path.join("linux")).unwrap());
    let manifest: Value = serde_json::from_slice(&files[0].2).unwrap();
    assert_eq!(manifest["manifest_version"], "0.3");
    assert_eq!(manifest["version"], "1.2.0");
    assert_eq!(manifest["author"]["name"], "Acme GmbH");
    assert_eq!(
        manifest["privacy_policies"],
        json!(["https://example.com/privacy"])
    );
    assert_eq!(
        manifest["compatibility"]["platforms"],
        json!(["linux", "darwin"])
    );
    let config = &manifest["server"]["mcp_config"];
    assert_eq!(config["args"], json!(["stdio"]));
    assert_eq!(
        config["env"],
        json!({"ACME_CRM_BASE_URL": "${user_config.base_url}", "ACME_CRM_API_KEY": "${user_config.api_key}"})
    );
    assert_eq!(
        config["platform_overrides"]["darwin"]["command"],
        "${__dirname}/server/darwin/acme-crm-mcp"
    );
    let key = &manifest["user_config"]["api_key"];
    assert_eq!(
        (&key["sensitive"], &key["required"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        manifest["user_config"]["base_url"]["default"],
        "https://crm.example.com"
    );
    let tools: Vec<&str> = manifest["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        tools,
        ["list_leads", "create_lead", "send_lead", "delete_lead"]
    );
    // The same input makes the same bytes.
    let before = fs::read(&archive).unwrap();
    assert_eq!(bundle(path, &programs).code, 0);
    assert_eq!(fs::read(&archive).unwrap(), before);
}

#[test]
fn the_entry_of_the_registry_says_where_the_server_can_be_had() {
    let folder = project(BUNDLE);
    let path = folder.path();
    let said = bundle(path, &["mcpb", "registry", "--program", "linux"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let entry = made(path, "server.json");
    assert_eq!(entry["name"], "com.example/acme-crm");
    assert!(entry["description"].as_str().unwrap().chars().count() <= 100);
    assert_eq!(entry["repository"]["source"], "github");
    let digest = entry["packages"][0]["fileSha256"].as_str().unwrap();
    assert!(said.err.contains(digest), "{}", said.err);
    assert_eq!(digest, support_sha256(&path.join("bundle/acme-crm.mcpb")));
    assert_eq!(
        entry["packages"][1]["identifier"],
        "ghcr.io/acme/acme-crm-mcp:1.2.0"
    );
    let variables = entry["packages"][1]["environmentVariables"]
        .as_array()
        .unwrap();
    let secret = variables
        .iter()
        .find(|v| v["name"] == "ACME_CRM_API_KEY")
        .unwrap();
    assert_eq!(secret["isSecret"], true);
    assert_eq!(
        entry["remotes"],
        json!([{"type": "streamable-http", "url": "https://mcp.example.com/mcp", "headers": [{
            "name": "X-API-KEY", "description": "The key (X-API-KEY) of your account in Acme $HOME \"CRM\"",
            "isRequired": true, "isSecret": true}]}])
    );
    // Behind OAuth clients find out by themselves what to send.
    let folder = project(&format!("{BUNDLE}auth = \"oauth\"\n"));
    let said = bundle(folder.path(), &["registry"]);
    assert!(
        said.err.contains("`mcpwright bundle mcpb registry`"),
        "{}",
        said.err
    );
    let both = ["registry", "mcpb", "--program", "linux"];
    assert_eq!(bundle(folder.path(), &both).code, 0);
    assert!(
        made(folder.path(), "server.json")["remotes"][0]
            .get("headers")
            .is_none()
    );
}

#[test]
fn the_entry_of_the_registry_keeps_the_registry_s_rules_in_every_variant() {
    // What version 2025-12-11 of server.json bounds: lengths, forms of addresses, and which values are texts.
    let is_address = |text: &str| {
        (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(' ')
    };
    let is_between = |value: &Value, least: usize, most: usize| {
        let length = value.as_str().unwrap().chars().count();
        (least..=most).contains(&length)
    };
    for auth in ["passthrough", "keys", "oauth"] {
        for kinds in [
            &["mcpb", "registry", "--program", "linux"][..],
            &["registry"],
        ] {
            let settings = format!("{BUNDLE}auth = \"{auth}\"\n");
            let without = settings
                .lines()
                .filter(|line| kinds.len() > 1 || !line.starts_with("mcpb_url"));
            let folder = project(&without.collect::<Vec<_>>().join("\n"));
            let said = bundle(folder.path(), kinds);
            assert_eq!(said.code, 0, "{}", said.err);
            let entry = made(folder.path(), "server.json");
            let name = entry["name"].as_str().unwrap();
            assert!(
                is_between(&entry["name"], 3, 200) && name.matches('/').count() == 1,
                "{name}"
            );
            assert!(
                is_between(&entry["title"], 1, 100) && is_between(&entry["description"], 1, 100)
            );
            assert!(is_between(&entry["version"], 1, 255) && entry["version"] != "latest");
            assert!(is_address(entry["repository"]["url"].as_str().unwrap()));
            assert!(is_between(&entry["repository"]["source"], 1, 100));
            let packages = entry["packages"].as_array().unwrap();
            assert_eq!(packages.len(), if kinds.len() > 1 { 2 } else { 1 });
            for package in packages {
                assert_eq!(package["transport"]["type"], "stdio");
                assert!(package["identifier"].is_string(), "{package}");
                if package["registryType"] == "mcpb" {
                    let digest = package["fileSha256"].as_str().unwrap();
                    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
                    assert!(digest.len() == 64 && digest.chars().all(is_hex), "{digest}");
                }
                for argument in package["packageArguments"].as_array().into_iter().flatten() {
                    assert!(argument["type"] == "positional" && argument["value"].is_string());
                }
            }
            let variables = packages
                .iter()
                .filter_map(|one| one["environmentVariables"].as_array());
            let remotes = entry["remotes"].as_array().unwrap();
            let headers = remotes.iter().filter_map(|one| one["headers"].as_array());
            for input in variables.chain(headers).flatten() {
                assert!(input["name"].is_string(), "{input}");
                for (key, value) in input.as_object().unwrap() {
                    let holds = match key.as_str() {
                        "isRequired" | "isSecret" => value.is_boolean(),
                        "format" => value == "string" || value == "filepath",
                        "variables" => value.is_object(),
                        _ => value.is_string(),
                    };
                    assert!(holds, "{key} of {input}");
                }
            }
            for remote in remotes {
                assert_eq!(remote["type"], "streamable-http");
                assert!(is_address(remote["url"].as_str().unwrap()), "{remote}");
            }
        }
    }
}

/// SHA-256 of a file, by another program.
fn support_sha256(path: &Path) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(fs::read(path).unwrap());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn stores_get_a_reason_for_each_hint_of_each_tool() {
    let folder = project(BUNDLE);
    let path = folder.path();
    let said = bundle(path, &["submission"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err.contains("`bundle.support` is not set"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("`bundle.auth` is not `oauth`"),
        "{}",
        said.err
    );
    let form = made(path, "submission/chatgpt-app-submission.json");
    let tools = form["tools"].as_object().unwrap();
    assert_eq!(tools.len(), 4);
    for (name, tool) in tools {
        for hint in ["readOnlyHint", "openWorldHint", "destructiveHint"] {
            assert!(tool["annotations"][hint].is_boolean(), "{name}");
        }
        for (key, reason) in tool["justifications"].as_object().unwrap() {
            assert!(
                reason.as_str().unwrap().ends_with('.'),
                "{name} {key}: {reason}"
            );
        }
    }
    let deleted = &tools["delete_lead"]["justifications"]["destructive_justification"];
    assert!(
        deleted.as_str().unwrap().contains("asks the user first"),
        "{deleted}"
    );
    let sent = &tools["send_lead"]["justifications"]["open_world_justification"];
    assert!(sent.as_str().unwrap().contains("leaves"), "{sent}");
    assert!(
        form["app_info"]["subtitle"]
            .as_str()
            .unwrap()
            .chars()
            .count()
            <= 30
    );
    let list = text(path, "submission/claude.md");
    assert!(list.contains("| `delete_lead` |"), "{list}");
    assert!(list.contains("**missing**: set `bundle.support`"), "{list}");
}

#[test]
fn image_and_chart_are_of_this_server_and_no_text_of_the_document_acts_there() {
    let folder = project(BUNDLE);
    let path = folder.path();
    let said = bundle(path, &["docker", "helm", "skill"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let next =
        "next: docker build -f bundle/docker/Dockerfile -t ghcr.io/acme/acme-crm-mcp server\n";
    assert!(said.err.contains(next), "{}", said.err);
    let dockerfile = text(path, "docker/Dockerfile");
    for line in [
        "cargo build --release --package acme-crm-mcp --features redis,otel",
        "USER 65532:65532",
        r#"HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["/acme-crm-mcp", "health"]"#,
        r#"LABEL org.opencontainers.image.title="Acme \$HOME \"CRM\"" \"#,
        r#"io.modelcontextprotocol.server.name="com.example/acme-crm""#,
    ] {
        assert!(dockerfile.contains(line), "{line}\n{dockerfile}");
    }
    let chart: Value = serde_yaml::from_str(&text(path, "helm/acme-crm/Chart.yaml")).unwrap();
    assert_eq!(chart["appVersion"], "1.2.0");
    let values: Value = serde_yaml::from_str(&text(path, "helm/acme-crm/values.yaml")).unwrap();
    assert_eq!(values["baseUrl"], "https://crm.example.com");
    assert_eq!(values["allowedHosts"], json!(["mcp.example.com"]));
    assert_eq!(values["image"]["repository"], "ghcr.io/acme/acme-crm-mcp");
    let schema: Value = made(path, "helm/acme-crm/values.schema.json");
    let checked = jsonschema::validator_for(&schema).unwrap();
    assert!(checked.is_valid(&values), "{values:#}");
    let names = text(path, "helm/acme-crm/templates/_names.tpl");
    assert!(
        names.contains("\"server.prefix\" -}}ACME_CRM{{- end }}"),
        "{names}"
    );
    assert!(text(path, "skill/acme-crm-tools/SKILL.md").contains("delete_lead"));
    // Without a publisher the chart says what it needs, and is well-formed.
    let folder = project("");
    let said = bundle(folder.path(), &["docker", "helm"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let values: Value =
        serde_yaml::from_str(&text(folder.path(), "helm/acme-crm/values.yaml")).unwrap();
    assert_eq!(values["allowedHosts"], json!([]));
    assert!(checked.is_valid(&values), "{values:#}");
}

#[test]
fn what_is_missing_or_wrong_is_said_and_nothing_is_written() {
    for (lines, arguments, code, expected) in [
        ("", &["registry"][..], 1, "needs `bundle.name`"),
        (
            "[bundle]\nname = \"com.example/x\"\n",
            &["registry"],
            1,
            "`bundle.url`",
        ),
        (
            "",
            &["mcpb", "--program", "script"],
            1,
            "script is no program",
        ),
        (
            "",
            &["mcpb", "--program", "nowhere"],
            1,
            "nowhere cannot be read",
        ),
        (
            "",
            &["mcpb", "--program", "linux", "--program", "linux"],
            1,
            "two of the programs are for linux",
        ),
        ("", &["mcpb", "--program", "linux", "--debug"], 2, "--debug"),
        (
            "[bundle]\nicon = \"script\"\n",
            &["mcpb", "--program", "linux"],
            1,
            "no PNG",
        ),
        (
            "[bundle]\nurl = \"http://x\"\n",
            &["helm"],
            1,
            "`bundle.url` must be an address that starts with `https://`",
        ),
        (
            "[bundle]\nname = \"acme\"\n",
            &["helm"],
            1,
            "`bundle.name` must be",
        ),
        (
            "[bundle]\nversion = \"1\"\n",
            &["helm"],
            1,
            "`bundle.version` must be",
        ),
        ("[bundle]\nversoin = \"1.0.0\"\n", &["helm"], 1, "version"),
        ("", &["tarball"], 2, "tarball"),
    ] {
        let folder = project(lines);
        let before = listing(folder.path());
        let said = bundle(folder.path(), arguments);
        assert_eq!(said.code, code, "{lines} {arguments:?}: {}", said.err);
        assert!(
            said.err.contains(expected),
            "{lines} {arguments:?}: {}",
            said.err
        );
        assert!(before == listing(folder.path()), "{arguments:?}");
    }
    let empty = tempfile::tempdir().unwrap();
    let said = bundle(empty.path(), &["skill"]);
    assert_eq!(said.code, 1);
    assert!(
        said.err.contains("`mcpwright init` writes one"),
        "{}",
        said.err
    );
}

#[test]
fn who_asks_for_everything_gets_what_can_be_made_and_hears_of_the_rest() {
    let folder = project("");
    let said = bundle(folder.path(), &["--program", "linux", "--out", "dist"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("needs `bundle.name`"), "{}", said.err);
    for name in [
        "acme-crm.mcpb",
        "docker/Dockerfile",
        "helm/acme-crm/Chart.yaml",
        "submission/claude.md",
    ] {
        assert!(folder.path().join("dist").join(name).is_file(), "{name}");
    }
    assert!(!folder.path().join("dist/server.json").exists());
}

#[test]
fn what_somebody_filled_in_is_overwritten_by_force_only() {
    let folder = project(BUNDLE);
    let path = folder.path();
    assert_eq!(bundle(path, &["submission", "helm"]).code, 0);
    let list = path.join("bundle/submission/claude.md");
    let mine = fs::read_to_string(&list).unwrap() + "\nTest account: reviewer@example.com\n";
    fs::write(&list, &mine).unwrap();
    let before = listing(path);
    let said = bundle(path, &["submission", "helm"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(
        said.err.contains("claude.md") && said.err.contains("--force"),
        "{}",
        said.err
    );
    assert!(!said.err.contains("values.yaml,"), "{}", said.err);
    assert!(before == listing(path));
    // What nobody touched follows the settings.
    let settings = fs::read_to_string(path.join("mcpwright.toml")).unwrap();
    fs::write(
        path.join("mcpwright.toml"),
        settings.replace("1.2.0", "1.3.0+7"),
    )
    .unwrap();
    assert_eq!(bundle(path, &["helm", "docker"]).code, 0);
    assert!(text(path, "helm/acme-crm/Chart.yaml").contains("1.3.0+7"));
    assert!(text(path, "docker/compose.yaml").contains("acme-crm-mcp:1.3.0_7"));
    assert_eq!(bundle(path, &["submission", "--force"]).code, 0);
    assert!(!text(path, "submission/claude.md").contains("reviewer@"));
    // Something stands in the way: nothing is written.
    fs::create_dir(path.join("other")).unwrap();
    fs::write(path.join("other/helm"), "").unwrap();
    let before = listing(path);
    let said = bundle(path, &["docker", "helm", "--out", "other"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.contains("in the way"), "{}", said.err);
    assert!(before == listing(path));
}

#[test]
fn the_compose_file_asks_for_what_the_server_needs_in_each_mode() {
    for (auth, names, not) in [
        (
            "passthrough",
            &["ACME_CRM_BASE_URL"][..],
            "ACME_CRM_API_KEY",
        ),
        (
            "keys",
            &["ACME_CRM_API_KEY", "ACME_CRM_KEYS", "ACME_CRM_PEPPER"],
            "ISSUER",
        ),
        (
            "oauth",
            &[
                "ACME_CRM_API_KEY",
                "ACME_CRM_OAUTH_ISSUER",
                "ACME_CRM_PUBLIC_URL",
            ],
            "PEPPER",
        ),
    ] {
        let folder = project(&format!("{BUNDLE}auth = \"{auth}\"\n"));
        assert_eq!(bundle(folder.path(), &["docker"]).code, 0);
        let compose = text(folder.path(), "docker/compose.yaml");
        let read: Value = serde_yaml::from_str(&compose).unwrap();
        let environment = read["services"]["acme-crm"]["environment"]
            .as_object()
            .unwrap();
        // What Compose builds is the crate, with nothing to be filled in.
        let build = &read["services"]["acme-crm"]["build"];
        assert_eq!(build["context"], "../../server");
        assert_eq!(build["dockerfile"], "../bundle/docker/Dockerfile");
        for name in names {
            assert!(environment.contains_key(*name), "{auth} {name}: {compose}");
        }
        assert!(!compose.contains(not), "{auth} {not}: {compose}");
    }
}
