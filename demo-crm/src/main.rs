//! The `demo-crm` command: start the CRM, say where it listens, serve until stopped.

use std::io::Write;
use std::process::ExitCode;

use demo_crm::{Options, USAGE, serve};

fn main() -> ExitCode {
    let options = match Options::from_args(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            let _ = write!(std::io::stdout(), "{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "demo-crm: {message}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match serve(options) {
        Ok(running) => {
            // One line, flushed: a parent process waits for it to learn the port.
            let mut out = std::io::stdout();
            let _ = writeln!(out, "demo-crm listening on {}", running.base_url);
            let _ = out.flush();
            running.wait();
            ExitCode::SUCCESS
        }
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "demo-crm: {message}");
            ExitCode::FAILURE
        }
    }
}
