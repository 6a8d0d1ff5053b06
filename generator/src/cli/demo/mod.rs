//! `mcpwright demo`: from a document to a finished invoice, with real parts only: a CRM with a
//! database, a generated and built server, an MCP client on its standard input and output.

mod crm;
mod story;
mod workspace;

use std::path::Path;
use std::time::Instant;

use super::REFUSED;
use super::arguments::DemoCommand;
use super::terminal::Terminal;

/// Key that the demo CRM's seed gives to its administrator.
const KEY: &str = "demo-admin-key";

/// Runs the demo.
pub fn run(command: &DemoCommand, terminal: &Terminal) -> u8 {
    match play(command, terminal) {
        Ok(()) => 0,
        Err(message) => {
            terminal.complain(message);
            REFUSED
        }
    }
}

fn play(command: &DemoCommand, terminal: &Terminal) -> Result<(), String> {
    let start = Instant::now();
    let step = |number: u8, text: &str| {
        terminal.say(format!("\n{}", terminal.bold(&format!("{number}. {text}"))))
    };
    std::fs::create_dir_all(&command.dir).map_err(|e| format!("{}: {e}", command.dir.display()))?;
    let dir = command
        .dir
        .canonicalize()
        .map_err(|e| format!("{}: {e}", command.dir.display()))?;

    step(1, "Generate a server from the CRM's OpenAPI document");
    let api = workspace::write(&dir, terminal)?;

    step(2, "Build it, and the CRM");
    workspace::build(&dir, terminal)?;

    step(3, "Start the CRM");
    let port = if command.serve { crm::USUAL_PORT } else { 0 };
    let crm = crm::Crm::start(&workspace::binary(&dir, "demo-crm"), port)?;
    terminal.say(format!(
        "   {} {} (customers, rates, invoices and an outbox, seeded)",
        terminal.tick(),
        crm.base_url
    ));

    step(4, "Connect a client and do what was asked");
    terminal.say("   \"Create an invoice for Acme Corp: 5 hours of dev work, due in 14 days, and email it.\"");
    let server = workspace::binary(&dir, &api.package);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| e.to_string())?;
    runtime.block_on(story::play(
        &server,
        &api.env_prefix,
        &crm.base_url,
        terminal,
    ))?;

    step(5, "Your turn");
    connect(
        &server,
        &api.name,
        &api.env_prefix,
        command,
        &crm.base_url,
        terminal,
    );
    terminal.say(format!(
        "\n{} done in {:.1} s",
        terminal.tick(),
        start.elapsed().as_secs_f64()
    ));
    if command.serve {
        terminal.say(format!(
            "   the CRM stays up at {} until Ctrl-C",
            crm.base_url
        ));
        runtime.block_on(async {
            // An error means that there is no Ctrl-C to wait for.
            let _ = tokio::signal::ctrl_c().await;
        });
    }
    Ok(())
}

/// How to connect one's own client.
fn connect(
    server: &Path,
    name: &str,
    prefix: &str,
    command: &DemoCommand,
    base_url: &str,
    terminal: &Terminal,
) {
    let base_url = if command.serve {
        base_url.to_owned()
    } else {
        crm::usual_base_url()
    };
    if !command.serve {
        let dir = command.dir.display();
        terminal.say("   Leave the CRM running for your own client, in another terminal:");
        terminal.say(format!(
            "     {}",
            terminal.bold(&format!("mcpwright demo --serve --dir {dir}"))
        ));
        terminal.say("     (in this repository: cargo run --release -- demo --serve)");
    }
    let config = serde_json::json!({"mcpServers": {name: {
        "command": server.display().to_string(),
        "args": ["stdio", "--view", "all"],
        "env": {format!("{prefix}_BASE_URL"): base_url, format!("{prefix}_API_KEY"): KEY},
    }}});
    terminal.say("   Claude Desktop, Cursor and others (their MCP configuration file):");
    for line in format!("{config:#}").lines() {
        terminal.result(format!("     {line}"));
    }
    terminal.say("   Claude Code:");
    terminal.result(format!(
        "     claude mcp add {name} --env {prefix}_BASE_URL={base_url} --env {prefix}_API_KEY={KEY} -- {} stdio --view all",
        server.display()
    ));
    terminal.say("   Your own API: mcpwright generate openapi.yaml --out my-server");
}
