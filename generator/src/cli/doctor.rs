//! `mcpwright doctor`: the project (toolchain, document, lock, crate), and then what its server says of itself.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::REFUSED;
use super::arguments::DoctorCommand;
use super::project::{self, Crate, SETTINGS, cargo};
use super::terminal::Terminal;
use crate::lock::{LOCK, Lock};
use crate::{Config, Error};

/// The compiler that generated crates need.
const MINIMUM: (u64, u64) = (1, 88);

/// One check: whether all is well, what it found, and what mends it.
struct Finding {
    check: &'static str,
    is_well: bool,
    says: String,
    mend: String,
}

impl Finding {
    fn well(check: &'static str, says: impl Into<String>) -> Self {
        Self {
            check,
            is_well: true,
            says: says.into(),
            mend: String::new(),
        }
    }

    fn fault(check: &'static str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            check,
            is_well: false,
            says: says.into(),
            mend: mend.into(),
        }
    }
}

/// Runs it; the exit code is 1 for a fault of the project, else the server's.
pub fn run(command: &DoctorCommand, terminal: &Terminal) -> u8 {
    let mut findings = vec![toolchain()];
    findings.extend(document());
    let (found, program) = crate_and_program();
    findings.extend(found);
    let failed = findings.iter().any(|finding| !finding.is_well);
    let mut arguments: Vec<&str> = vec!["doctor"];
    if command.json {
        arguments.push("--json");
    }
    if command.offline {
        arguments.push("--offline");
    }
    let server = program.map(|program| {
        let mut server = Command::new(program);
        server.args(&arguments).envs(project::variables(terminal));
        server
    });
    if command.json {
        let output = server.map(|mut server| server.output());
        let (said, code) = match output {
            Some(Ok(output)) => (
                serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
                project::code(output.status),
            ),
            _ => (Value::Null, 0),
        };
        let project: Vec<Value> = findings.iter().map(as_json).collect();
        let all = json!({"project": project, "server": said});
        terminal.result(format!("{all:#}"));
        return if failed { REFUSED } else { code };
    }
    for finding in &findings {
        let mark = if finding.is_well {
            terminal.tick()
        } else {
            "✗".to_owned()
        };
        terminal.result(format!("{mark} {:10} {}", finding.check, finding.says));
        if !finding.mend.is_empty() {
            terminal.result(format!("  {:10} → {}", "", finding.mend));
        }
    }
    let code = match server.map(|mut server| server.status()) {
        Some(Ok(status)) => project::code(status),
        Some(Err(error)) => {
            terminal.complain(format!("the server cannot be started: {error}"));
            REFUSED
        }
        None => 0,
    };
    if failed { REFUSED } else { code }
}

fn as_json(finding: &Finding) -> Value {
    json!({
        "check": finding.check,
        "grade": if finding.is_well { "ok" } else { "fault" },
        "says": finding.says,
        "mend": finding.mend,
    })
}

fn toolchain() -> Finding {
    let install = "https://rustup.rs, then `rustup update stable`";
    let output = match cargo().arg("--version").output() {
        Ok(output) => output,
        Err(_) => return Finding::fault("toolchain", "cargo is not installed", install),
    };
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        let why = crate::text::line(why.lines().next().unwrap_or_default(), 200);
        return Finding::fault("toolchain", format!("cargo does not run: {why}"), install);
    }
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let version = said.split(' ').nth(1).unwrap_or_default();
    let mut numbers = version
        .split('.')
        .map(|part| part.parse().unwrap_or_default());
    let version: (u64, u64) = (
        numbers.next().unwrap_or_default(),
        numbers.next().unwrap_or_default(),
    );
    if version < MINIMUM {
        return Finding::fault(
            "toolchain",
            format!(
                "{said} is too old for generated crates, which need {}.{}",
                MINIMUM.0, MINIMUM.1
            ),
            "rustup update stable",
        );
    }
    Finding::well("toolchain", said)
}

/// The settings and the document that they name.
fn document() -> Vec<Finding> {
    if !Path::new(SETTINGS).is_file() {
        return vec![Finding::fault(
            "document",
            format!("there is no {SETTINGS} here"),
            "mcpwright init https://crm.example.com",
        )];
    }
    let config = Config::new().settings_file(SETTINGS);
    let out = match config.output_folder() {
        Ok(out) => out,
        Err(error) => {
            return vec![Finding::fault(
                "settings",
                first(&error),
                "mcpwright inspect",
            )];
        }
    };
    let mut findings = Vec::new();
    match config.generate_embedded() {
        Ok(generated) => findings.push(Finding::well(
            "document",
            format!(
                "{} {}: {}",
                generated.api.title,
                generated.api.version,
                crate::text::counted(generated.api.operations().count(), "tool")
            ),
        )),
        Err(error) => {
            findings.push(Finding::fault(
                "document",
                first(&error),
                "mcpwright inspect",
            ));
        }
    }
    let lock = out.map(|out| out.join(LOCK));
    let text = lock
        .as_ref()
        .and_then(|path| std::fs::read_to_string(path).ok());
    if let (Some(path), Some(text)) = (&lock, text) {
        findings.push(match Lock::read(&text) {
            Ok(_) => Finding::well("lock", path.display().to_string()),
            Err(why) => Finding::fault(
                "lock",
                format!("{}: {why}", path.display()),
                format!(
                    "git checkout {}; or `mcpwright generate --relock`",
                    path.display()
                ),
            ),
        });
    }
    findings
}

/// The first thing that an error says, in a line.
fn first(error: &Error) -> String {
    let text = match error {
        Error::Refused(failed) => failed
            .diagnostics
            .first()
            .map(|one| format!("{}: {}", one.code, one.message)),
        Error::Message(_) => None,
    };
    let text = text.unwrap_or_else(|| error.to_string());
    crate::text::line(&text, 300)
}

/// Whether there is a crate and a program that is as new as it.
fn crate_and_program() -> (Vec<Finding>, Option<std::path::PathBuf>) {
    let found = match Crate::find(Path::new(".")) {
        Ok(found) => found,
        Err(message) => {
            return (
                vec![Finding::fault("crate", message, "mcpwright run")],
                None,
            );
        }
    };
    match found.program() {
        Ok(program) => {
            let built = |path: &Path| {
                std::fs::metadata(path)
                    .and_then(|file| file.modified())
                    .ok()
            };
            let source = built(&found.folder.join("mcpwright.manifest.json"));
            let is_old = built(&program) < source;
            let shown = program.display().to_string();
            let finding = if is_old {
                Finding::fault(
                    "crate",
                    format!("{shown} is older than what was generated"),
                    "mcpwright run --build-only",
                )
            } else {
                Finding::well("crate", shown)
            };
            (vec![finding], Some(program))
        }
        Err(message) => (
            vec![Finding::fault("crate", message, "mcpwright run")],
            None,
        ),
    }
}
