//! How much later an answer comes over stdio than from the service itself, one call after the other.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::json;

use super::client::Connection;
use crate::bench::figure::{Figure, median};
use crate::crm;
use crate::failure::{Context as _, Result};
use crate::process::Running;

/// Calls of each kind, in turn.
const CALLS: usize = 3_000;

pub fn measure(program: &Path, service: &str) -> Result<Vec<Figure>> {
    let mut command = Command::new(program);
    command.arg("stdio");
    command.envs(crm::variables(service, crm::KEY, "all"));
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context(program.display())?;
    let mut input = child.stdin.take().context("no standard input")?;
    let mut output = BufReader::new(child.stdout.take().context("no standard output")?);
    let _running = Running(child);
    let address = service.strip_prefix("http://").context("a URL")?;
    let mut direct = Connection::open(address)?;
    let request = format!(
        "GET /leads/1 HTTP/1.1\r\nHost: {address}\r\nX-API-KEY: {}\r\n\r\n",
        crm::KEY
    );
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let (mut through, mut without) = (Vec::new(), Vec::new());
    let mut line = String::new();
    for number in 0..CALLS {
        let params = json!({"name": "get_lead", "arguments": {"lead_id": 1}, "_meta": meta});
        let call =
            json!({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params});
        let call = format!("{call}\n");
        let begin = Instant::now();
        input.write_all(call.as_bytes())?;
        line.clear();
        output.read_line(&mut line)?;
        let took = begin.elapsed();
        if !line.contains("a lead") {
            return Err(format!("answered {line}").into());
        }
        let begin = Instant::now();
        let answer = direct.ask(request.as_bytes())?;
        let alone = begin.elapsed();
        if !answer.contains("a lead") {
            return Err(format!("the service answered {answer}").into());
        }
        // The first ones open connections and parse schemas.
        if number >= CALLS / 10 {
            through.push(took.as_secs_f64() * 1e6);
            without.push(alone.as_secs_f64() * 1e6);
        }
    }
    let (through, without) = (median(through), median(without));
    Ok(vec![
        Figure::shown("proxy: p50 of a call over stdio", through, "µs"),
        Figure::shown(
            "proxy: p50 of the same request to the service",
            without,
            "µs",
        ),
        Figure::bounded(
            "proxy: added by stdio at p50",
            through - without,
            "µs",
            200.0,
        ),
    ])
}
