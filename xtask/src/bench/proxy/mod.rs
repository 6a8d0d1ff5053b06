//! `proxy`: what a call through the server costs, beside what a minimal reverse proxy costs for the same request
//! to the same service in the same run, and where it goes. Both are built for release.
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

use super::figure::{Figure, least};
use crate::failure::{Context as _, Result};
use crate::load::Service;
use crate::{crm, paths, process};

/// The package of the reverse proxy.
const REVERSE: &str = "reverse-proxy";
/// Connections at a time.
const CONNECTIONS: usize = 32;
/// Requests of each connection in a round.
const REQUESTS: usize = 250;
/// Rounds; of each stage the cheapest counts, since other programs only add to it.
const ROUNDS: usize = 5;

pub fn measure(build: bool) -> Result<Vec<Figure>> {
    if build {
        println!("proxy: building {} and {REVERSE} for release", crm::PACKAGE);
        let packages = ["--package", crm::PACKAGE, "--package", REVERSE];
        let mut cargo = Command::new("cargo");
        cargo
            .args(["build", "--quiet", "--locked", "--release"])
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
    let costs: Vec<f64> = rounds.iter().map(|costs| least(costs)).collect();
    let base = costs.first().copied().context("no stage")?;
    let mut figures = Vec::new();
    let last = costs.len() - 1;
    for (place, (stage, cost)) in stages.iter().zip(&costs).enumerate() {
        let name = format!("proxy: CPU of {}", stage.name);
        figures.push(Figure::shown(name, *cost, "µs"));
        if place > 0 {
            let name = format!("proxy: {} / reverse proxy", stage.name);
            let ratio = cost / base.max(0.001);
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
    paths::target().join("release").join(name)
}
