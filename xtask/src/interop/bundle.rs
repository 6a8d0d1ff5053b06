//! What the generated server is published as, by the tools of those who take it: MCPB's own program, Helm,
//! the schemas of Kubernetes, a linter of Dockerfiles, and an MCP client that starts what they say.

use std::fs;
use std::process::Command;

use super::Tally;
use super::install::Tools;
use super::services::Services;
use crate::crm;
use crate::failure::{Context as _, Result};
use crate::{paths, process};

pub fn run(tools: &Tools, services: &Services, build: bool, tally: &mut Tally) -> Result<()> {
    if build {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--quiet", "--locked", "--package", "mcpwright"]);
        process::run(cargo.current_dir(paths::root()))?;
    }
    let folder = tools.output("bundle");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let spec = paths::root().join("specs/crm.yaml");
    let spec = spec.to_str().context("specs/crm.yaml")?;
    let settings = format!(
        r#"[server]
spec = "{spec}"
base_url = "{}"

[output]
folder = "server"

[bundle]
name = "com.example/northlight-crm"
version = "1.2.3"
author = "Northlight"
repository = "https://github.com/example/northlight-crm-mcp"
image = "ghcr.io/example/northlight-crm-mcp"
mcpb_url = "https://example.com/northlight-crm.mcpb"
url = "https://mcp.example.com/mcp"
"#,
        services.crm_url()
    );
    fs::write(folder.join("mcpwright.toml"), settings)?;
    let mut bundle = Command::new(crm::program("mcpwright"));
    bundle
        .args(["bundle", "--quiet", "--program"])
        .arg(services.program())
        .current_dir(&folder);
    process::run(&mut bundle)?;
    let mut command = tools.python("bundle", "bundle_checks.py");
    command
        .arg(folder.join("bundle"))
        .arg(folder.join("scratch"))
        .args(tools.node_and("mcpb"))
        .arg(services.tools.to_string())
        .env("CRM_URL", services.crm_url())
        .env("CRM_KEY", crm::KEY);
    tally.expect("the bundle, the chart and the image", &mut command);
    Ok(())
}
