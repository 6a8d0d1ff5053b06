//! The official conformance suite, which speaks HTTP only.
//!
//! The frozen sets of a revision also hold scenarios that call tools of the suite's own fixture server
//! by name, so the scenarios that apply to any server are listed here.

use super::Tally;
use super::install::{Tools, source};
use super::services::Services;
use crate::failure::Result;

/// Scenarios for any server, by revision.
const SCENARIOS: [(&str, &[&str]); 2] = [
    (
        "2026-07-28",
        &[
            "server-stateless",
            "tools-list",
            "caching",
            "dns-rebinding-protection",
            "server-sse-multiple-streams",
            "http-header-validation",
            "input-required-result-unsupported-methods",
        ],
    ),
    (
        "2025-11-25",
        &[
            "server-initialize",
            "ping",
            "tools-list",
            "dns-rebinding-protection",
            "server-session-lifecycle",
            "server-sse-multiple-streams",
        ],
    ),
];

pub fn run(tools: &Tools, services: &Services, tally: &mut Tally) -> Result<()> {
    for (revision, scenarios) in SCENARIOS {
        for scenario in scenarios {
            let mut command = tools.javascript("conformance");
            command
                .args([
                    "server",
                    "--url",
                    &services.url,
                    "--spec-version",
                    revision,
                    "--scenario",
                    scenario,
                ])
                .arg("--expected-failures")
                .arg(source().join(format!("conformance-baseline-{revision}.yml")))
                .arg("--output-dir")
                .arg(tools.output(&format!("conformance-{revision}")));
            tally.expect(&format!("conformance {revision} {scenario}"), &mut command);
        }
    }
    Ok(())
}
