//! What compiling generated code costs, dependencies aside.

use super::Documents;
use super::figure::{Figure, least};
use crate::failure::Result;
use crate::workshop::{Made, Workshop};

/// CPU milliseconds for each operation, at most.
const CHECK: f64 = 10.0;
const RELEASE: f64 = 25.0;

/// Rounds; the cheapest counts, since other programs only add to it.
const ROUNDS: usize = 3;

pub fn measure(documents: &Documents) -> Result<Vec<Figure>> {
    let paths: Vec<_> = [Some(Documents::demo()), documents.large()]
        .into_iter()
        .flatten()
        .collect();
    let mut figures = Vec::new();
    for (profile, subcommand, what, bound) in [
        ("dev", "check", "check", CHECK),
        ("release", "build", "release", RELEASE),
    ] {
        let mut workshop = Workshop::new("bench", profile)?;
        let made = paths
            .iter()
            .map(|path| workshop.generate(path))
            .collect::<Result<Vec<Made>>>()?;
        println!("generated: {what}: building what the crates share");
        workshop.prepare(&[subcommand])?;
        for one in &made {
            // The program is a main function that links the library; the linker's work on the
            // dependencies is none of the generated code's.
            let mut rounds = Vec::new();
            for _ in 0..ROUNDS {
                workshop.forget(one)?;
                rounds.push(workshop.cpu_alone(&[subcommand, "--lib", "-p", &one.package])?);
            }
            let cpu = least(&rounds);
            let tools = f64::from(u32::try_from(one.tools().max(1)).unwrap_or(u32::MAX));
            figures.push(Figure::bounded(
                format!(
                    "generated: {what}, CPU per operation, {} ({tools} tools)",
                    one.name
                ),
                cpu * 1000.0 / tools,
                "ms",
                bound,
            ));
        }
    }
    Ok(figures)
}
