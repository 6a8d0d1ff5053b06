//! `proxy`: what a call through the server costs, beside what a minimal reverse proxy costs for the same request
//! to the same service in the same run, and where it goes. Both are built as releases are.
//!
//! | file | subject |
//! |---|---|
//! | `client.rs` | connections that ask as fast as they are answered |
//! | `stages.rs` | the server, from its framing alone to all guards |
//! | `stdio.rs` | how much later an answer comes over stdio |

mod client;
mod stages;
mod stdio;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::figure::{Figure, median};
use crate::failure::{Context as _, Result};
use crate::load::Service;
use crate::{crm, paths, process};

/// The package of the reverse proxy.
const REVERSE: &str = "reverse-proxy";
/// Connections at a time.
const CONNECTIONS: usize = 32;
/// Requests of each connection in a round.
const REQUESTS: usize = 250;
/// Rounds. In each, all stages are asked in turn, and are compared with the reverse proxy of the same round: what
/// other programs add, they add to all. Of the rounds, the middle one counts.
const ROUNDS: usize = 9;

pub fn measure(build: bool) -> Result<Vec<Figure>> {
    if build {
        println!(
            "proxy: building {} and {REVERSE} as for a release",
            crm::PACKAGE
        );
        let packages = ["--package", crm::PACKAGE, "--package", REVERSE];
        let mut cargo = Command::new("cargo");
        cargo
            .args(["build", "--quiet", "--locked", "--profile", "dist"])
            .args(packages);
        process::run(cargo.current_dir(paths::root()))?;
    }
    let service = Service::start(Duration::ZERO, 0)?;
    let server = program(crm::PACKAGE);
    let stages = stages::start(&program(REVERSE), &server, &service.url)?;
    let mut rounds = vec![Vec::new(); stages.len()];
    for stage in &stages {
        // What is made once is made here: connections to the service, schemas, keys.
        stage.ask(CONNECTIONS, REQUESTS / 5)?;
    }
    for _ in 0..ROUNDS {
        for (stage, costs) in stages.iter().zip(&mut rounds) {
            let before = process::cpu_of(stage.process())?;
            stage.ask(CONNECTIONS, REQUESTS)?;
            let cpu = process::cpu_of(stage.process())? - before;
            costs.push(cpu * 1e6 / (CONNECTIONS * REQUESTS) as f64);
        }
    }
    let proxy = rounds.first().cloned().context("no stage")?;
    let mut figures = Vec::new();
    let last = stages.len() - 1;
    for (place, (stage, costs)) in stages.iter().zip(&rounds).enumerate() {
        let name = format!("proxy: CPU of {}", stage.name);
        figures.push(Figure::shown(name, median(costs.clone()), "µs"));
        if place > 0 {
            let name = format!("proxy: {} / reverse proxy", stage.name);
            let ratios = costs.iter().zip(&proxy);
            let ratio = median(ratios.map(|(cost, base)| cost / base.max(0.001)).collect());
            figures.push(if place == last {
                Figure::bounded(name, ratio, "x", 6.0)
            } else {
                Figure::shown(name, ratio, "x")
            });
        }
    }
    drop(stages);
    figures.extend(stdio::measure(&server, &service.url)?);
    Ok(figures)
}

fn program(name: &str) -> PathBuf {
    paths::target().join("dist").join(name)
}
