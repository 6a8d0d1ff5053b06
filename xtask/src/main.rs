//! Development tasks: `cargo xtask real-input`, `contract`, `bench`, `interop`, `recall`,
//! `evaluate`, `kills`, `faults`, `replicas`, `tenants`,
//! `canaries`, `load`, `routes`, `install`, `book`.
//!
//! | task | subject |
//! |---|---|
//! | `real-input` | generate, check, build, start and call a server for every document of a folder |
//! | `contract` | the requests of every tool against the document that they come from |
//! | `bench` | the numbers that the project promises, as ratios of what the same run measured |
//! | `install` | `cargo install`, and what the installed command writes, far from the repository |
//! | `book` | the pages of the book that are made from the code |
//! | `interop` | the conformance suite and the clients of others against `generated-example` |
//! | `replicas` | two replicas with one Redis behind nginx: nothing is made twice, whatever happens to one |
//! | `recall` | whether `find_tools` finds what a person means, and what each view costs |
//! | `faults` | writes over a connection that breaks: none is done twice, and what is said of each is true |
//! | `evaluate` | what people ask of the demo CRM, played in each view; faulty calls, repaired by what the answer says |
//! | `load` | slow clients, too many calls, many minutes |
//! | `routes` | hostile values in each place of a request, and what stands on the service's socket |
//! | `canaries` | secrets, planted wherever secrets stand, come out nowhere |
//! | `tenants` | callers of two tenants at the same time: nobody sees, or acts as, the other one |
//! | `kills` | the generated server, killed while it writes: what its audit log says is true |
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a task talks to the person who runs it"
)]

mod bench;
mod book;
mod canaries;
mod contract;
mod crm;
mod endpoint;
mod evaluate;
mod failure;
mod faults;
mod install;
mod interop;
mod kills;
mod load;
mod mcp;
#[cfg(test)]
mod mocks;
mod paths;
mod ports;
mod process;
mod random;
mod real_input;
mod recall;
mod replicas;
mod routes;
mod server;
mod synthesis;
mod table;
mod tenants;
mod upstream;
mod wire;
mod workshop;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(about = "Development tasks", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Generate, check, build and use a server for every real document.
    RealInput(real_input::Options),
    /// Check that the requests of tools are what their documents ask for.
    Contract(contract::Options),
    /// Measure what the project promises.
    Bench(bench::Options),
    /// Run the conformance suite and the clients of others against `generated-example`.
    Interop(interop::Options),
    /// Install the command, and build what it writes, far from the repository.
    Install(install::Options),
    /// Write the pages of the book that are made from the code.
    Book(book::Options),
    /// Run two replicas behind nginx with one Redis, kill one, and take the store away.
    Replicas(replicas::Options),
    /// Look for tools in the words of people.
    Recall(recall::Options),
    /// Writes over a connection that breaks: what is done twice, and what is said of it.
    Faults(faults::Options),
    /// Play what people ask of the demo CRM, and repair faulty calls by what the answers say.
    Evaluate(evaluate::Options),
    /// Slow clients, five times too many calls, many minutes: what it does to others.
    Load(load::Options),
    /// Send hostile values in each place of a request, and look at what arrives.
    Routes(routes::Options),
    /// Plant secrets, and look for them in all that comes out.
    Canaries(canaries::Options),
    /// Callers of two tenants at the same time, and what each sees of the other.
    Tenants(tenants::Options),
    /// Kill the generated server while it writes, and compare its audit log with the CRM.
    Kills(kills::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::RealInput(options) => real_input::run(&options),
        Task::Contract(options) => contract::run(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Interop(options) => interop::run(&options),
        Task::Install(options) => install::run(&options),
        Task::Book(options) => book::run(&options),
        Task::Replicas(options) => replicas::run(&options),
        Task::Recall(options) => recall::run(&options),
        Task::Evaluate(options) => evaluate::run(&options),
        Task::Kills(options) => kills::run(&options),
        Task::Load(options) => load::run(&options),
        Task::Routes(options) => routes::run(&options),
        Task::Canaries(options) => canaries::run(&options),
        Task::Tenants(options) => tenants::run(&options),
        Task::Faults(options) => faults::run(&options),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
