//! One document: all its operations as requests, and what is wrong with them.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use mcpwright::{Config, RuntimeSource};
use mcpwright_runtime::arguments::check as check_arguments;
use mcpwright_runtime::contract::{Plan, arguments_of, leaves};
use mcpwright_runtime::json::{Object, Value};
use mcpwright_runtime::operation::{OperationDef, SchemeKind};
use mcpwright_runtime::request;
use mcpwright_runtime::upstream::{Settings, Upstream as Client};

use super::check::{self, BASE, CREDENTIAL, Fault};
use super::crates::{self, Chosen};
use super::deeper::{HIDDEN, deeper};
use super::schemas::{Schemas, registry, translated};
use super::{reader, table};
use crate::failure::Result;
use crate::upstream::{Seen, Upstream};

/// A request, or a tool that is missing, that does not keep the document's promises.
#[derive(Debug)]
pub struct Failure {
    /// Method and path.
    pub operation: String,
    /// Which arguments were given.
    pub plan: String,
    /// A word for the kind of fault.
    pub kind: &'static str,
    /// What is wrong.
    pub detail: String,
}

/// What is done with each document.
#[derive(Debug)]
pub struct Work {
    /// The services that requests are sent to.
    pub services: Services,
    /// Make no requests.
    pub load_only: bool,
    /// Where crates are written, and of which documents.
    pub crates: Option<Chosen>,
}

/// Figures of one document.
#[derive(Debug, Default)]
pub struct Figures {
    /// Why there is no crate.
    pub refused: Option<String>,
    /// Operations that an independent reader finds.
    pub operations: usize,
    /// Tools.
    pub tools: usize,
    /// Requests that were to be made, by plan; a missing tool counts too.
    pub requests: [usize; 3],
    /// Those that are valid and carry every argument.
    pub valid: [usize; 3],
    /// The others.
    pub failures: Vec<Failure>,
    /// Operations that are left out, and why.
    pub skipped: Vec<(String, String)>,
    /// Seconds of the generator.
    pub seconds: f64,
    /// Whether the crate compiles, where that was tried.
    pub compiles: Option<bool>,
}

/// Services that are not in use.
#[derive(Debug, Clone, Default)]
pub struct Services(Arc<Mutex<Vec<Upstream>>>);

impl Services {
    fn take(&self) -> Result<Upstream> {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.map_or_else(Upstream::start, Ok)
    }

    fn give_back(&self, one: Upstream) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(one);
    }
}

/// Works through a document.
pub fn figures(path: &Path, work: &Work) -> Figures {
    let mut figures = Figures::default();
    if let Err(failure) = measure(path, work, &mut figures) {
        figures.refused = Some(failure.to_string());
    }
    figures
}

fn measure(path: &Path, work: &Work, figures: &mut Figures) -> Result<()> {
    let bytes = std::fs::read(path)?;
    let document: Value = if path.extension().is_some_and(|kind| kind == "json") {
        serde_json::from_slice(&bytes)?
    } else {
        serde_yaml::from_slice(&bytes)?
    };
    let declared = reader::operations(&document);
    figures.operations = declared.len();
    let begun = Instant::now();
    let made = Config::new()
        .spec(path)
        .package_name(&crates::package(path))
        .runtime(RuntimeSource::Path("../runtime".to_owned()))
        .workspace_member(true)
        .generate();
    figures.seconds = begun.elapsed().as_secs_f64();
    let all = figures.operations;
    if !work.load_only {
        figures.requests = [all; 3];
    }
    let made = made.map_err(|error| {
        error
            .to_string()
            .lines()
            .take(3)
            .collect::<Vec<_>>()
            .join(" ")
    })?;
    let api = table::api(&made.api)?;
    figures.tools = api.operations.len();
    for (path, method) in &declared {
        let is_tool = api
            .operations
            .iter()
            .any(|one| one.path == path && one.method == method);
        if !is_tool {
            let left_out = made
                .api
                .exclusions
                .iter()
                .find(|one| one.path == *path && one.method == *method);
            let operation = format!("{method} {path}");
            match left_out {
                Some(one) => figures.skipped.push((operation, one.reason.clone())),
                None => figures.failures.push(Failure {
                    operation,
                    plan: String::new(),
                    kind: "no tool",
                    detail: "lost without a reason".to_owned(),
                }),
            }
        }
    }
    if let Some(chosen) = &work.crates {
        chosen.write(path, &made.files)?;
    }
    if work.load_only {
        return Ok(());
    }
    let document = translated(&document);
    let registry = registry(&document)?;
    let schemas = Schemas::new(&document, &registry);
    let service = work.services.take()?;
    let settings = Settings::read(api, &|name| {
        let mut servers = api.operations.iter().filter_map(|o| o.server);
        if name == format!("{}_BASE_URL", api.env_prefix) || servers.any(|s| s.variable == name) {
            return Some(format!("{}{BASE}", service.url));
        }
        let mut known = api
            .security_schemes
            .iter()
            // A certificate is a file, and no part of a request.
            .filter(|scheme| scheme.kind != SchemeKind::MutualTls)
            .flat_map(|scheme| scheme.variables);
        known.any(|own| *own == name).then(|| CREDENTIAL.to_owned())
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let client = Client::new(settings.map_err(|error| error.to_string())?, api.name, "1");
    for operation in api.operations {
        for (index, plan) in Plan::USUAL.into_iter().enumerate() {
            let outcome = one(&schemas, operation, plan, |request| {
                service.take();
                let sent = runtime.block_on(client.send(operation, request));
                sent.map_err(|failure| format!("{failure:?}"))?;
                service
                    .take()
                    .pop()
                    .ok_or_else(|| "nothing arrived".to_owned())
            });
            match outcome {
                Ok(()) => {
                    if let Some(valid) = figures.valid.get_mut(index) {
                        *valid += 1;
                    }
                }
                Err((kind, detail)) => figures.failures.push(Failure {
                    operation: format!("{} {}", operation.method, operation.path),
                    plan: plan.to_string(),
                    kind,
                    detail,
                }),
            }
        }
    }
    work.services.give_back(service);
    Ok(())
}

/// A key as the runtime makes one for each call.
const CALL_KEY: &str = "6f1c7c0e-33a1-4d0f-9b36-6b4d1f0c2a57";

fn one(
    schemas: &Schemas<'_>,
    operation: &'static OperationDef,
    plan: Plan,
    send: impl FnOnce(request::Request) -> std::result::Result<Seen, String>,
) -> std::result::Result<(), Fault> {
    let schema: Object = serde_json::from_str(operation.input_schema)
        .map_err(|error| ("tool schema", error.to_string()))?;
    let mut given =
        arguments_of(operation, &schema, plan).map_err(|why| ("nothing made up", why))?;
    if plan.all {
        deeper(operation, &mut given);
    }
    let checked = check_arguments(operation, &schema, given.clone())
        .map_err(|problems| ("refused", format!("{problems:?}")))?;
    let mut request =
        request::build(operation, &checked).map_err(|error| ("not built", error.to_string()))?;
    // What is made anew for each call is added on the way out.
    let generated = operation.parameters.iter().filter(|one| one.generated);
    request
        .headers
        .extend(generated.map(|one| (one.name.to_owned(), CALL_KEY.to_owned())));
    let seen = send(request).map_err(|why| ("not sent", why))?;
    let declared = reader::operation(schemas.document, operation.path, operation.method)
        .ok_or(("operation", "is not in the document".to_owned()))?;
    let arrived = check::request(
        schemas,
        &declared,
        (operation.method, operation.path),
        &seen,
    )?;
    let mut arrived: Vec<String> = arrived.iter().flat_map(texts).collect();
    if let Some(text) = arrived.iter().find(|text| text.contains(HIDDEN)) {
        return Err(("sent what only answers carry", text.clone()));
    }
    let given = given.values().flat_map(leaves);
    for leaf in given.filter(|leaf| leaf != HIDDEN) {
        let exact = arrived.iter().position(|text| *text == leaf);
        match exact {
            Some(index) => {
                arrived.swap_remove(index);
            }
            // Some hold several: JSON or XML as text.
            None if arrived.iter().any(|text| text.contains(&leaf)) => {}
            None => return Err(("argument lost", leaf)),
        }
    }
    Ok(())
}

/// The scalars in a value; files are not told apart here.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(object) => object.values().flat_map(texts).collect(),
        scalar => leaves(scalar),
    }
}
