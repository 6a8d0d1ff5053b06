//! Faulty calls, and whether one answer is enough to repair them.
//!
//! Valid arguments are made up for each tool of the demo; a fault of each kind is put into them; the call
//! goes through the generated server to a service that holds what arrives against the document. What
//! the server refuses is repaired once, by what its answer says.

mod faults;
mod fixer;
mod sites;

use std::process::Command;

use mcpwright::Config;
use mcpwright_runtime::contract::{Plan, arguments_of};
use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::OperationDef;
use serde_json::Value;

use super::session::is_refused;
use super::tokens::read;
use crate::contract::check::{self, BASE, CREDENTIAL};
use crate::contract::schemas::{Schemas, registry, translated};
use crate::contract::{reader, table as tables};
use crate::failure::{Context as _, Result};
use crate::mcp::{Client, Era};
use crate::random::Random;
use crate::upstream::Upstream;
use crate::{crm, paths, table};
use faults::{KINDS, Valid};
use sites::sites;

/// Share of faulty calls that one answer has to be enough for, in hundredths: 95 are promised, and it
/// gets no worse than it is.
const FLOOR: usize = 98;

/// Calls of one kind.
#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    calls: usize,
    /// Understood at once.
    forgiven: usize,
    /// Understood after one answer.
    repaired: usize,
}

/// How a call went.
enum Outcome {
    /// It arrived as the document asks for it.
    Valid,
    /// The server refused it and said this.
    Refused(String),
    /// It arrived otherwise.
    Invalid(String),
}

/// Makes the faults whose kind contains `only`; false when too few are repaired.
///
/// # Errors
/// When nothing could be tried.
pub fn run(only: Option<&str>, seed: u64, misses: bool) -> Result<bool> {
    let path = paths::root().join("specs/crm.yaml");
    let document: Value = serde_yaml::from_slice(&std::fs::read(&path)?)?;
    let generated = Config::new().spec(&path).generate()?;
    let api = tables::api(&generated.api)?;
    let document = translated(&document);
    let registry = registry(&document)?;
    let mut bench = Bench::start(Schemas::new(&document, &registry))?;
    let mut rows = Vec::new();
    let mut all = Figures::default();
    let kinds = KINDS
        .iter()
        .filter(|(name, _)| only.is_none_or(|part| name.contains(part)));
    for (name, fault) in kinds {
        let mut figures = Figures::default();
        for operation in api.operations {
            let mut random = Random::new(seed, &format!("{name} {}", operation.tool));
            let Some(faulty) = faulty(operation, *fault, &mut random)? else {
                continue;
            };
            bench.one(operation, &faulty, &mut figures, misses.then_some(*name))?;
        }
        all.add(figures);
        if figures.calls > 0 {
            rows.push(figures.row(name));
        }
    }
    rows.push(all.row("all"));
    let head = ["fault", "calls", "forgiven", "repaired", "after one answer"];
    table::print(&head, &rows);
    Ok((all.forgiven + all.repaired) * 100 >= FLOOR * all.calls)
}

/// A faulty call: of all that can be given, or of what is required where that has no place for the fault.
fn faulty(
    operation: &OperationDef,
    fault: fn(&Valid, &mut Random) -> Option<Value>,
    random: &mut Random,
) -> Result<Option<Value>> {
    let schema: Object = serde_json::from_str(operation.input_schema)?;
    let whole = Value::Object(schema.clone());
    for plan in Plan::USUAL {
        let arguments =
            Value::Object(arguments_of(operation, &schema, plan).context(operation.tool)?);
        let sites = sites(&whole, &arguments);
        if let Some(faulty) = fault(&Valid { arguments, sites }, random) {
            return Ok(Some(faulty));
        }
    }
    Ok(None)
}

/// The server, what it sends to, and the document that this is held against.
struct Bench<'d> {
    client: Client,
    service: Upstream,
    schemas: Schemas<'d>,
}

impl<'d> Bench<'d> {
    fn start(schemas: Schemas<'d>) -> Result<Self> {
        let service = Upstream::start()?;
        let mut command = Command::new(crm::program(crm::PACKAGE));
        let url = format!("{}{BASE}", service.url);
        command.envs(crm::variables(&url, CREDENTIAL, "all"));
        // What is tried is what is said of arguments, not what comes after them.
        command.env(format!("{}_CONFIRM", crm::PREFIX), "off");
        let mut client = Client::start(&mut command, Era::Legacy)?;
        client.open()?;
        Ok(Self {
            client,
            service,
            schemas,
        })
    }

    /// Makes a faulty call, and once more if an answer says what to mend.
    fn one(
        &mut self,
        operation: &OperationDef,
        faulty: &Value,
        figures: &mut Figures,
        show: Option<&str>,
    ) -> Result<()> {
        figures.calls += 1;
        let said = match self.call(operation, faulty)? {
            Outcome::Valid => {
                figures.forgiven += 1;
                return Ok(());
            }
            Outcome::Refused(said) => said,
            Outcome::Invalid(why) => format!("arrived, although {why}"),
        };
        let repaired = fixer::repair(faulty, &said);
        let then = match self.call(operation, &repaired)? {
            Outcome::Valid => {
                figures.repaired += 1;
                return Ok(());
            }
            Outcome::Refused(said) => said,
            Outcome::Invalid(why) => format!("arrived, although {why}"),
        };
        if let Some(kind) = show {
            let tool = operation.tool;
            println!("{kind}: {tool} {faulty}\n{said}\nas repaired: {repaired}\n{then}\n");
        }
        Ok(())
    }

    fn call(&mut self, operation: &OperationDef, arguments: &Value) -> Result<Outcome> {
        self.service.take();
        let mut arguments = arguments.clone();
        // The same right call comes out of many faulty ones.
        if let Some(arguments) = arguments.as_object_mut() {
            arguments.insert("allow_duplicate".to_owned(), Value::Bool(true));
        }
        let result = self.client.call(operation.tool, &arguments)?;
        let Some(seen) = self.service.take().pop() else {
            return Ok(Outcome::Refused(read(&result)));
        };
        if is_refused(&result) {
            return Ok(Outcome::Invalid(read(&result)));
        }
        let route = (operation.method, operation.path);
        let declared = reader::operation(self.schemas.document, operation.path, operation.method);
        let declared = declared.context(operation.tool)?;
        Ok(
            match check::request(&self.schemas, &declared, route, &seen) {
                Ok(_) => Outcome::Valid,
                Err((kind, detail)) => Outcome::Invalid(format!("{kind}: {detail}")),
            },
        )
    }
}

impl Figures {
    fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.forgiven += other.forgiven;
        self.repaired += other.repaired;
    }

    fn row(self, name: &str) -> Vec<String> {
        let tenths = ((self.forgiven + self.repaired) * 1000).checked_div(self.calls);
        let tenths = tenths.unwrap_or_default();
        vec![
            name.to_owned(),
            self.calls.to_string(),
            self.forgiven.to_string(),
            self.repaired.to_string(),
            format!("{}.{} %", tenths / 10, tenths % 10),
        ]
    }
}
