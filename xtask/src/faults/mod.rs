//! `faults`: writes through the generated server to the demo CRM, over a connection that breaks in twelve
//! ways, and afterwards the CRM is asked what became of each.
//!
//! | file | subject |
//! |---|---|
//! | `kind.rs` | the twelve ways, drawn from a seed |
//! | `proxy.rs` | what stands between the server and the CRM and breaks things |
//! | `ledger.rs` | what reached it |
//! | `writes.rs` | the writes, and what the server said of each |
//! | `verdict.rs` | whether that is true |
//! | `outage.rs` | how much is sent to a service that is down |

mod kind;
mod ledger;
mod outage;
mod proxy;
mod verdict;
mod writes;

use std::thread;
use std::time::Instant;

use crate::crm::{self, Crm};
use crate::failure::{Context as _, Result};
use crate::table;
use kind::Kind;
use ledger::Ledger;
use proxy::{Mode, Proxy};
use verdict::Fault;
use writes::Told;

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How many writes.
    #[arg(long, default_value_t = 10_000)]
    writes: usize,
    /// Servers; every other one relies on idempotency keys.
    #[arg(long, default_value_t = 4)]
    servers: usize,
    /// Callers of each.
    #[arg(long, default_value_t = 8)]
    callers: usize,
    /// Faults of a hundred requests.
    #[arg(long, default_value_t = 30)]
    percent: u64,
    /// What is drawn; the same seed gives the same faults for the same writes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Use the programs that are built, as they are.
    #[arg(long)]
    no_build: bool,
}

/// Runs the task; false when something was done twice, or said to be what it was not.
///
/// # Errors
/// When a program does not start, or the CRM cannot be asked.
pub fn run(options: &Options) -> Result<bool> {
    if !options.no_build {
        crm::build()?;
    }
    let begin = Instant::now();
    let crm = Crm::start(None)?;
    let mode = Mode::Faults {
        seed: options.seed,
        percent: options.percent,
    };
    let proxy = Proxy::start(&crm.url, mode)?;
    let servers = (0..options.servers.max(1))
        .map(|number| writes::server(&proxy.url, number))
        .collect::<Result<Vec<_>>>()?;
    let workers = servers.len() * options.callers.max(1);
    let told = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| {
                let rest = usize::from(worker < options.writes % workers);
                let count = options.writes / workers + rest;
                let number = worker % servers.len();
                let (crm, server) = (&crm, servers.get(number));
                scope.spawn(move || -> Result<Vec<Told>> {
                    let caller = server.context("a server")?.caller();
                    writes::play(crm, &caller, number, worker, count)
                })
            })
            .collect();
        let mut told = Vec::new();
        for worker in workers {
            let ended = worker.join().ok().context("a worker panicked")?;
            told.extend(ended?);
        }
        Ok::<_, crate::failure::Failure>(told)
    })?;
    let ledger = proxy.ledger();
    let faults = verdict::judge(&crm, &told, &ledger)?;
    show(&told, &ledger);
    for fault in faults.iter().take(20) {
        println!("FAULT: {fault:?}");
    }
    let of = |twice: bool| {
        let found = faults.iter();
        found
            .filter(|fault| matches!(fault, Fault::Twice { .. }) == twice)
            .count()
    };
    let (wire, counted) = (
        ledger.requests(),
        told.iter().map(|one| one.attempts).sum::<u64>(),
    );
    println!("{} writes, {} faults", told.len(), ledger.faults());
    println!("duplicates: {} (bound 0)", of(true));
    println!("mislabelled outcomes: {} (bound 0)", of(false));
    println!("attempts counted by the server: {counted}; requests in the ledger: {wire}");
    let outage = outage::measure(&crm)?;
    println!(
        "total outage: {} calls, {} requests, {:.2} each (bound 1.2)",
        outage.calls,
        outage.requests,
        outage.amplification()
    );
    println!("took {:.0} s", begin.elapsed().as_secs_f64());
    Ok(faults.is_empty() && counted == wire && outage.amplification() <= 1.2)
}

/// How writes ended, and which faults there were.
fn show(told: &[Told], ledger: &Ledger) {
    let rows: Vec<Vec<String>> = Kind::ALL
        .iter()
        .map(|kind| {
            let (met, arrived) = ledger.of(*kind);
            vec![kind.name().to_owned(), met.to_string(), arrived.to_string()]
        })
        .collect();
    table::print(&["fault", "requests", "arrived"], &rows);
    println!();
    let words = ["done", "not_sent", "refused", "unknown"];
    let rows: Vec<Vec<String>> = writes::Write::ALL
        .iter()
        .map(|write| {
            let count = |word: &str| {
                let ended = told
                    .iter()
                    .filter(|one| one.write == *write && one.outcome == word);
                ended.count().to_string()
            };
            let name = vec![write.name().to_owned()];
            name.into_iter().chain(words.map(count)).collect()
        })
        .collect();
    table::print(&["write", "done", "not sent", "refused", "unknown"], &rows);
}
