//! `routes`: values as somebody sends them who wants to be at another place, in each place of a request, and what
//! stands on the service's socket then. The tables are those that the generator writes, the way out is the runtime's.
//!
//! | file | subject |
//! |---|---|
//! | `hostile.yaml` | the operations |
//! | `values.rs` | the values |
//! | `socket.rs` | the service |
//! | `verdict.rs` | whether a request is that of its operation |

mod socket;
mod values;
mod verdict;

use std::thread;
use std::time::{Duration, Instant};

use mcpwright::{Config, RuntimeSource};
use mcpwright_runtime::arguments;
use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::{Api, OperationDef};
use mcpwright_runtime::request;
use mcpwright_runtime::upstream::{Settings, Upstream};
use serde_json::Value;

use crate::contract;
use crate::failure::{Context as _, Failure, Result};
use crate::random::Random;
use crate::table;
use socket::Socket;

/// The path of the base URL.
const BASE: &str = "/base";
/// The credential.
const CREDENTIAL: &str = "made-up-credential";
/// Where a value may stand.
const PLACES: [&str; 5] = ["path", "query", "header", "cookie", "body"];
/// Longest time of one call.
const LONGEST: Duration = Duration::from_secs(2);

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Calls for each place of a request.
    #[arg(long, default_value_t = 100_000)]
    values: usize,
    /// What is drawn.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What became of the calls of one place.
#[derive(Debug, Default)]
struct Tally {
    calls: usize,
    /// Refused before anything was sent.
    refused: usize,
    arrived: usize,
    longest: Duration,
    forged: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.refused += other.refused;
        self.arrived += other.arrived;
        self.longest = self.longest.max(other.longest);
        self.forged.extend(other.forged);
    }
}

/// Runs the task; false when something was forged.
///
/// # Errors
/// When the document is refused, or the service cannot listen.
pub fn run(options: &Options) -> Result<bool> {
    let document = crate::paths::root().join("xtask/src/routes/hostile.yaml");
    let made = Config::new()
        .spec(&document)
        .package_name("routes-mcp")
        .runtime(RuntimeSource::Path("../runtime".to_owned()))
        .workspace_member(true)
        .generate()?;
    let api = contract::table::api(&made.api)?;
    let begin = Instant::now();
    let workers = thread::available_parallelism().map_or(2, usize::from);
    let mut holds = true;
    let mut rows = Vec::new();
    for place in PLACES {
        let mut tally = Tally::default();
        thread::scope(|scope| {
            let working: Vec<_> = (0..workers)
                .map(|worker| {
                    let rest = usize::from(worker < options.values % workers);
                    let count = options.values / workers + rest;
                    let name = format!("{place} {worker}");
                    scope.spawn(move || send(api, place, count, Random::new(options.seed, &name)))
                })
                .collect();
            for one in working {
                tally.add(one.join().ok().context("a worker panicked")??);
            }
            Ok::<_, Failure>(())
        })?;
        for forged in tally.forged.iter().take(10) {
            println!("FORGED: {forged}");
        }
        // Were nearly all refused, nothing would be shown.
        let enough = tally.arrived * 10 >= tally.calls;
        holds &= tally.forged.is_empty() && tally.longest <= LONGEST && enough;
        rows.push(vec![
            place.to_owned(),
            tally.calls.to_string(),
            tally.refused.to_string(),
            tally.arrived.to_string(),
            tally.forged.len().to_string(),
            format!("{} ms", tally.longest.as_millis()),
        ]);
    }
    table::print(
        &[
            "place",
            "calls",
            "refused",
            "arrived",
            "forged (bound 0)",
            "longest",
        ],
        &rows,
    );
    println!("took {:.0} s", begin.elapsed().as_secs_f64());
    Ok(holds)
}

/// So many calls of the operations of a place.
fn send(api: &'static Api, place: &str, count: usize, mut random: Random) -> Result<Tally> {
    let socket = Socket::start()?;
    let settings = Settings::read(api, &|name| {
        if name == format!("{}_BASE_URL", api.env_prefix) {
            return Some(format!("http://{}{BASE}", socket.address));
        }
        let mut known = api
            .security_schemes
            .iter()
            .flat_map(|scheme| scheme.variables);
        known.any(|own| *own == name).then(|| CREDENTIAL.to_owned())
    });
    let upstream = Upstream::new(settings.map_err(|error| error.to_string())?, api.name, "1");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let operations: Vec<(&OperationDef, Object)> = api
        .operations
        .iter()
        .filter(|operation| operation.group == place)
        .map(|operation| Ok((*operation, serde_json::from_str(operation.input_schema)?)))
        .collect::<Result<_>>()?;
    let mut tally = Tally::default();
    for _ in 0..count {
        let (operation, schema) = random.one(&operations).context("no operation")?;
        let given = arguments_of(operation, &mut random);
        let begin = Instant::now();
        tally.calls += 1;
        let checked = arguments::check(operation, schema, given.clone());
        let built = checked.ok().and_then(|checked| {
            let request = request::build(operation, &checked).ok()?;
            Some((checked, request))
        });
        let sent = match built {
            Some((checked, request)) => {
                let sent = runtime.block_on(upstream.send(operation, request));
                sent.is_ok().then_some(checked)
            }
            None => None,
        };
        tally.longest = tally.longest.max(begin.elapsed());
        let seen = socket.take();
        match (sent, &seen[..]) {
            (None, []) => tally.refused += 1,
            (Some(checked), [raw]) => {
                tally.arrived += 1;
                if let Err(why) = verdict::judge(operation, &checked, &socket.address, raw) {
                    tally
                        .forged
                        .push(format!("{} {given:?}: {why}", operation.tool));
                }
            }
            (_, seen) => {
                let tool = operation.tool;
                tally.forged.push(format!(
                    "{tool} {given:?}: {} requests: {seen:?}",
                    seen.len()
                ));
            }
        }
    }
    Ok(tally)
}

/// Arguments of an operation, by what they are called.
fn arguments_of(operation: &OperationDef, random: &mut Random) -> Object {
    let mut given = Object::new();
    if operation.body.is_some() {
        given = values::map(random);
        given.insert("text".to_owned(), values::scalar(random));
        return given;
    }
    for parameter in operation.parameters {
        let value = match parameter.name {
            "ids" | "tag" | "notes" | "X-Notes" => values::list(random),
            "filter" => Value::Object(values::map(random)),
            _ => values::scalar(random),
        };
        given.insert(parameter.argument.to_owned(), value);
    }
    given
}
