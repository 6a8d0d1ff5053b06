//! `tools --url` and `call --url`: the same for a server that runs already.

use crate::json::place::escaped;
use std::io::Write as _;
use std::process::ExitCode;

use clap::ArgMatches;

use super::{EXIT_AUTH, EXIT_TOOL, EXIT_UNREACHABLE, EXIT_USAGE, Stop, connect, serve};
use crate::connect::way;
use crate::json::{Object, Value};
use crate::mcp::{Remote, Trouble};
use crate::operation::Api;

/// Lists the tools of a server, or shows those that are named.
pub(super) fn tools(api: &'static Api, url: &str, options: &ArgMatches) -> Result<ExitCode, Stop> {
    let tools = serve::runtime(false)?.block_on(async {
        let remote = reach(api, url, options).await?;
        let tools = remote.tools().await;
        remote.close().await;
        tools.map_err(|trouble| stop(url, &trouble))
    })?;
    let wanted: Vec<&String> = options.get_many("names").into_iter().flatten().collect();
    let text = if wanted.is_empty() {
        if options.get_flag("json") {
            serde_json::to_string_pretty(&tools).unwrap_or_default()
        } else {
            table(&tools)
        }
    } else {
        let mut blocks = Vec::new();
        for name in wanted {
            blocks.push(block(find(&tools, name)?));
        }
        blocks.join("\n\n")
    };
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(ExitCode::SUCCESS)
}

/// Calls a tool of a server and prints its answer.
pub(super) fn call(
    api: &'static Api,
    url: &str,
    mut arguments: Object,
    options: &ArgMatches,
) -> Result<ExitCode, Stop> {
    let name = options
        .get_one::<String>("tool")
        .cloned()
        .unwrap_or_default();
    let is_text = options.get_one::<String>("json").is_none();
    let result = serve::runtime(false)?.block_on(async {
        let remote = reach(api, url, options).await?;
        let tools = remote
            .tools()
            .await
            .map_err(|trouble| stop(url, &trouble))?;
        if let Ok(tool) = find(&tools, &name)
            && is_text
        {
            typed(&mut arguments, tool);
        }
        let result = remote.call(&name, arguments).await;
        remote.close().await;
        // A tool that is not listed may still be called; what is none has one like it.
        result.map_err(|trouble| match (&trouble, find(&tools, &name)) {
            (Trouble::Refused(_), Err(unknown)) => unknown,
            _ => stop(url, &trouble),
        })
    })?;
    let _ = writeln!(std::io::stdout(), "{}", text(&result));
    let is_error = result.get("isError").and_then(Value::as_bool) == Some(true);
    Ok(if is_error {
        ExitCode::from(EXIT_TOOL)
    } else {
        ExitCode::SUCCESS
    })
}

async fn reach(api: &'static Api, url: &str, options: &ArgMatches) -> Result<Remote, Stop> {
    let auth = options.get_one::<String>("auth");
    let address = way::address(url).map_err(|line| Stop::new(EXIT_USAGE, line))?;
    let fields = connect::credential(api, auth.map_or("none", String::as_str))?;
    if !fields.is_empty() && way::is_open_to_all(&address) {
        return Err(Stop::new(
            EXIT_USAGE,
            format!(
                "the credential would travel to {url} for everyone on the way to read; use https"
            ),
        ));
    }
    let remote = Remote::reach(url, &fields).await;
    remote.map_err(|trouble| match trouble {
        Trouble::Unauthorized(_) if fields.is_empty() => Stop::new(
            EXIT_AUTH,
            format!("{url} asks for a credential: add --auth keys or --auth passthrough, as it was started"),
        ),
        trouble => stop(url, &trouble),
    })
}

fn stop(url: &str, trouble: &Trouble) -> Stop {
    match trouble {
        Trouble::Unreachable(why) => Stop::new(EXIT_UNREACHABLE, format!("{url}: {why}")),
        Trouble::Unauthorized(_) => Stop::new(EXIT_AUTH, format!("{url} refuses the credential")),
        Trouble::Refused(message) => Stop::new(EXIT_TOOL, message.clone()),
    }
}

fn name_of(tool: &Value) -> &str {
    tool.get("name").and_then(Value::as_str).unwrap_or_default()
}

fn find<'a>(tools: &'a [Value], name: &str) -> Result<&'a Value, Stop> {
    tools
        .iter()
        .find(|tool| name_of(tool) == name)
        .ok_or_else(|| {
            let near = crate::text::nearest(name, tools.iter().map(name_of));
            let near = near.map_or_else(
                || "; `tools --url` lists those that there are".to_owned(),
                |near| format!("; did you mean {}?", crate::text::clean(near)),
            );
            let name = crate::text::clean(name);
            Stop::new(EXIT_USAGE, format!("there is no tool {name}{near}"))
        })
}

/// Texts where the schema has numbers, lists and the like become those: a server need not read them.
fn typed(arguments: &mut Object, tool: &Value) {
    for (name, value) in arguments {
        let Some(text) = value.as_str() else { continue };
        let pointer = format!("/inputSchema/properties/{}", escaped(name));
        let schema = tool.pointer(&pointer);
        let kind = schema.and_then(|schema| schema.get("type"));
        let takes_text = match kind {
            Some(Value::String(kind)) => kind == "string",
            Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == "string"),
            // The server knows better.
            _ => true,
        };
        if !takes_text && let Ok(read) = serde_json::from_str(text) {
            *value = read;
        }
    }
}

/// What a result says; the structured copy where it says nothing.
fn text(result: &Value) -> String {
    let parts = result.get("content").and_then(Value::as_array);
    let parts =
        parts
            .into_iter()
            .flatten()
            .map(|part| match part.get("text").and_then(Value::as_str) {
                Some(text) => text.to_owned(),
                None => {
                    let kind = part
                        .get("type")
                        .and_then(Value::as_str)
                        .unwrap_or("content");
                    format!("[{kind}]")
                }
            });
    let text = parts.collect::<Vec<_>>().join("\n");
    if text.is_empty() {
        let structured = result.get("structuredContent").unwrap_or(&Value::Null);
        return serde_json::to_string_pretty(structured).unwrap_or_default();
    }
    // A terminal obeys what a model only reads.
    crate::text::clean(&text).into_owned()
}

fn table(tools: &[Value]) -> String {
    // A terminal obeys what a server calls its tools.
    let shown = |tool| crate::text::cap(&crate::text::clean(name_of(tool)), 128).into_owned();
    let width = tools.iter().map(|tool| shown(tool).len()).max();
    let width = width.unwrap_or_default();
    let mut lines: Vec<String> = tools
        .iter()
        .map(|tool| {
            let flag = |hint: &str| {
                let place = format!("/annotations/{hint}");
                tool.pointer(&place).and_then(Value::as_bool) == Some(true)
            };
            let class = if flag("readOnlyHint") {
                "read"
            } else if flag("destructiveHint") {
                "destructive"
            } else {
                "write"
            };
            let title = tool.get("title").or_else(|| tool.get("description"));
            let title = title.and_then(Value::as_str).unwrap_or_default();
            let title = crate::text::clean(title);
            let title = title.lines().next().unwrap_or_default();
            format!(
                "{:width$}  {class:11}  {}",
                shown(tool),
                crate::text::cap(title, 80)
            )
        })
        .collect();
    lines.push(format!("{} tools", tools.len()));
    lines.join("\n")
}

/// A tool with its signature, what it does and how it is called.
fn block(tool: &Value) -> String {
    let empty = Object::new();
    let schema = tool.get("inputSchema").and_then(Value::as_object);
    let description = tool.get("description").and_then(Value::as_str);
    super::tools::block(
        &crate::text::clean(name_of(tool)),
        &crate::text::clean(description.unwrap_or_default()),
        schema.unwrap_or(&empty),
    )
}
