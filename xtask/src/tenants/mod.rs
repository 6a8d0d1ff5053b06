//! `tenants`: callers of two tenants use one server at the same time (`--auth passthrough`). The records of both
//! have the same identifiers; what each caller is answered must be of its own tenant and of its own call, and
//! what arrives at a service must come with the credential of the tenant whose call it is. Some callers leave
//! in the middle of a call.
//!
//! | file | subject |
//! |---|---|
//! | `door.rs` | what stands before the CRMs of both and hands each its requests |
//! | `tenant.rs` | a tenant: its credential, its records |
//! | `calls.rs` | the calls, and what is wrong with an answer |

mod calls;
mod door;
mod tenant;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use crate::crm;
use crate::failure::{Context as _, Result};
use crate::process;
use crate::server::Server;
use calls::{Caller, Counts};
use door::Door;
use tenant::Tenant;

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// How many calls are answered.
    #[arg(long, default_value_t = 10_000)]
    calls: usize,
    /// How many more are left in the middle.
    #[arg(long, default_value_t = 1_000)]
    cancels: usize,
    /// Callers at a time, of both tenants together.
    #[arg(long, default_value_t = 64)]
    callers: usize,
    /// What is drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Use the programs that are built, as they are.
    #[arg(long)]
    no_build: bool,
}

/// Runs the task; false when anything of one tenant was seen by the other.
///
/// # Errors
/// When a program does not start or is gone at the end.
pub fn run(options: &Options) -> Result<bool> {
    if !options.no_build {
        crm::build()?;
    }
    let begin = Instant::now();
    let [first, second] = tenant::NAMES;
    let tenants = [
        Tenant::new(first, options.seed)?,
        Tenant::new(second, options.seed)?,
    ];
    let door = Door::start(&tenants)?;
    let server = Server::passing_through(&door.url, &[])?;
    let callers = options.callers.max(2);
    let calls = AtomicUsize::new(0);
    let counts = thread::scope(|scope| {
        let working: Vec<_> = (0..callers)
            .map(|number| {
                let (calls, server) = (&calls, &server);
                let tenant = tenants.get(number % tenants.len());
                scope.spawn(move || -> Result<Counts> {
                    let tenant = tenant.context("a tenant")?;
                    let mut caller = Caller::new(server, tenant, number, options.seed);
                    loop {
                        let call = calls.fetch_add(1, Ordering::Relaxed);
                        if call >= options.calls {
                            break;
                        }
                        caller.call(call)?;
                        let share = |calls: usize| options.cancels * calls / options.calls.max(1);
                        for _ in share(call)..share(call + 1) {
                            caller.leave()?;
                        }
                    }
                    Ok(caller.counts)
                })
            })
            .collect();
        let mut counts = Counts::default();
        for one in working {
            counts.add(one.join().ok().context("a caller panicked")??);
        }
        Ok::<_, crate::failure::Failure>(counts)
    })?;
    // A server that ended in the middle would have crossed nothing.
    process::resident(server.process_id())?;
    let arrived = door.seen();
    println!(
        "{} calls answered, {} left in the middle, {} told to come back later, by {callers} callers of {} tenants",
        counts.answered,
        counts.left,
        counts.limited,
        tenants.len()
    );
    println!("{} requests arrived at the services", arrived.requests);
    for fault in counts.faults.iter().chain(&arrived.faults).take(20) {
        println!("FAULT: {fault}");
    }
    println!("crossed answers: {} (bound 0)", counts.faults.len());
    println!("crossed credentials: {} (bound 0)", arrived.faults.len());
    println!("took {:.0} s", begin.elapsed().as_secs_f64());
    let is_whole = counts.answered >= options.calls && counts.left >= options.cancels;
    Ok(is_whole && counts.faults.is_empty() && arrived.faults.is_empty())
}
