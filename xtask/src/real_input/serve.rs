//! A server at work: both eras open it, its tools are counted, its read operations called.

use std::path::Path;
use std::process::Command;

use mcpwright::ir::{Operation, Part, Risk};
use serde_json::Value;

use super::report::Calls;
use crate::failure::{Context as _, Result};
use crate::mcp::{Client, Era};
use crate::synthesis;
use crate::upstream::Upstream;
use crate::wire::decoded;
use crate::workshop::Made;

/// A path before the document's own, to see that it is kept.
const BASE: &str = "/base";

/// Starts the server and uses it; gives the number of calls and what was wrong with them.
///
/// # Errors
/// When the server does not speak.
pub fn exercise(program: &Path, made: &Made, upstream: &Upstream) -> Result<(Calls, Vec<String>)> {
    for era in [Era::Legacy, Era::Modern] {
        let mut client = Client::start(&mut command(program, made, upstream), era)?;
        client.open()?;
        let tools = client.tools()?.len();
        if tools != made.tools() {
            return Err(format!(
                "{era:?}: {tools} tools are listed, {} were generated",
                made.tools()
            )
            .into());
        }
    }
    let mut client = Client::start(&mut command(program, made, upstream), Era::Modern)?;
    let mut calls = Calls::default();
    let mut wrong = Vec::new();
    for operation in made
        .generated
        .api
        .operations()
        .filter(|one| one.risk == Risk::Read)
    {
        calls.tried = calls.tried.saturating_add(1);
        match call(&mut client, operation, upstream) {
            Ok(()) => calls.right = calls.right.saturating_add(1),
            Err(failure) => wrong.push(format!("{}: {failure}", operation.tool)),
        }
    }
    if calls.right == 0 {
        wrong.push("no read operation worked".to_owned());
    }
    Ok((calls, wrong))
}

fn command(program: &Path, made: &Made, upstream: &Upstream) -> Command {
    let api = &made.generated.api;
    let mut command = Command::new(program);
    command.env(
        format!("{}_BASE_URL", api.env_prefix),
        format!("{}{BASE}", upstream.url),
    );
    command.env(format!("{}_VIEW", api.env_prefix), "all");
    for variable in api.schemes.iter().flat_map(|scheme| &scheme.variables) {
        command.env(variable, "made-up-credential");
    }
    command
}

fn call(client: &mut Client, operation: &Operation, upstream: &Upstream) -> Result<()> {
    let arguments = synthesis::arguments(&operation.input_schema);
    upstream.take();
    let result = client.call(&operation.tool, &arguments)?;
    if result.get("isError").and_then(Value::as_bool) == Some(true) {
        return Err(format!(
            "with {arguments}: {}",
            result.get("content").unwrap_or(&Value::Null)
        )
        .into());
    }
    let seen = upstream.take();
    let [request] = seen.as_slice() else {
        return Err(format!("{} requests arrived instead of one", seen.len()).into());
    };
    let path = request
        .path
        .strip_prefix(BASE)
        .context(format!("{} does not start with {BASE}", request.path))?;
    if request.method != operation.method || !is_route(operation, &arguments, path) {
        return Err(format!(
            "{} {path} arrived, {} {} was meant (with {arguments})",
            request.method, operation.method, operation.path
        )
        .into());
    }
    Ok(())
}

/// Whether a path is the operation's template with the arguments in it.
fn is_route(operation: &Operation, arguments: &Value, path: &str) -> bool {
    let mut sent = path.trim_start_matches('/').split('/');
    let same = operation.segments.iter().all(|parts| {
        let expected: Option<String> = parts
            .iter()
            .map(|part| text(part, operation, arguments))
            .collect();
        expected.is_some_and(|expected| {
            sent.next()
                .is_some_and(|segment| decoded(segment) == decoded(&expected))
        })
    });
    same && sent.next().is_none()
}

fn text(part: &Part, operation: &Operation, arguments: &Value) -> Option<String> {
    let name = match part {
        Part::Literal(text) => return Some(text.clone()),
        Part::Parameter(name) => name,
    };
    let parameter = operation
        .parameters
        .iter()
        .find(|one| one.location == "path" && one.name == *name)?;
    match arguments.get(&parameter.argument)? {
        Value::String(text) => Some(text.replace('%', "%25")),
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| {
                    item.as_str()
                        .map_or_else(|| item.to_string(), str::to_owned)
                })
                .collect();
            Some(items.join(","))
        }
        other => Some(other.to_string()),
    }
}
