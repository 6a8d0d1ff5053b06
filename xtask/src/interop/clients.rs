//! Clients that others wrote, on stdio and HTTP.

use std::process::Command;

use super::Tally;
use super::install::Tools;
use super::services::Services;
use crate::failure::Result;

pub fn run(tools: &Tools, services: &Services, tally: &mut Tally) -> Result<()> {
    inspector(tools, services, tally);
    let program = services.program().to_string_lossy().into_owned();
    let count = services.tools.to_string();
    for (kind, address) in [("stdio", &program), ("http", &services.url)] {
        for environment in ["mcp2", "mcp1"] {
            let mut command = tools.python(environment, &format!("client_{environment}.py"));
            command.args([kind, address, &count]);
            tally.expect(
                &format!("python {environment} {kind}"),
                services.configure(&mut command),
            );
        }
        let mut command = tools.script();
        command.args([kind, address, &count]);
        tally.expect(
            &format!("typescript sdk 1 {kind}"),
            services.configure(&mut command),
        );
    }
    Ok(())
}

/// The Inspector refuses schemas that some host would not take (`--strict`).
fn inspector(tools: &Tools, services: &Services, tally: &mut Tally) {
    let program = services.program().to_string_lossy().into_owned();
    for era in ["legacy", "modern"] {
        for (kind, address) in [("stdio", &program), ("http", &services.url)] {
            let open = |tools: &Tools| -> Command {
                let mut command = tools.javascript("mcp-inspector");
                command.args(["--cli", address]);
                if kind == "http" {
                    command.args(["--transport", "http"]);
                } else {
                    // The Inspector gives its own environment to no server.
                    for (name, value) in services.variables() {
                        command.arg("-e").arg(format!("{name}={value}"));
                    }
                }
                command.args(["--protocol-era", era, "--format", "json"]);
                command
            };
            let mut list = open(tools);
            list.args(["--method", "tools/list", "--strict"]);
            tally.expect(
                &format!("inspector {era} {kind} tools/list --strict"),
                &mut list,
            );
            let mut call = open(tools);
            call.args(["--method", "tools/call", "--tool-name", "list_customers"]);
            call.args(["--tool-args-json", r#"{"limit":5}"#]);
            tally.expect(&format!("inspector {era} {kind} tools/call"), &mut call);
        }
    }
}
