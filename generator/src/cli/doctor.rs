//! `mcpwright doctor`: the project (toolchain, document, lock, crate), and then what its server says of itself.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::REFUSED;
use super::arguments::DoctorCommand;
use super::project::{self, Crate, SETTINGS, cargo};
use super::terminal::Terminal;
use crate::diagnostics::render::escaped;
use crate::lock::{LOCK, Lock};
use crate::{Config, Error};

/// The compiler that generated crates need.
const MINIMUM: (u64, u64) = (1, 88);

/// How a check ended, in the words of the server's doctor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grade {
    Well,
    Warning,
    Fault,
}

/// One check: how it ended, what it found, and what mends it.
#[derive(Debug)]
struct Finding {
    check: String,
    grade: Grade,
    says: String,
    mend: String,
}

impl Finding {
    fn well(check: &str, says: impl Into<String>) -> Self {
        Self {
            check: check.to_owned(),
            grade: Grade::Well,
            says: says.into(),
            mend: String::new(),
        }
    }

    fn fault(check: &str, says: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            grade: Grade::Fault,
            mend: mend.into(),
            ..Self::well(check, says)
        }
    }

    /// One of the server's; none where it is not in a form that is known here.
    fn of_server(said: &Value) -> Option<Self> {
        let text = |key: &str| said.get(key).and_then(Value::as_str);
        Some(Self {
            check: text("check")?.to_owned(),
            grade: match text("grade")? {
                "ok" => Grade::Well,
                "warning" => Grade::Warning,
                _ => Grade::Fault,
            },
            says: text("says")?.to_owned(),
            mend: text("mend").unwrap_or_default().to_owned(),
        })
    }

    fn show(&self, terminal: &Terminal) {
        let mark = match self.grade {
            Grade::Well => terminal.tick(),
            Grade::Warning => "!".to_owned(),
            Grade::Fault => "✗".to_owned(),
        };
        let says = escaped(&self.says).replace('\n', "\n             ");
        terminal.result(format!("{mark} {:10} {says}", self.check));
        if !self.mend.is_empty() {
            terminal.result(format!("  {:10} → {}", "", escaped(&self.mend)));
        }
    }
}

/// Runs it; the exit code is 1 for a fault of the project, else the server's.
pub fn run(command: &DoctorCommand, terminal: &Terminal) -> u8 {
    let mut findings = vec![toolchain()];
    findings.extend(document());
    let (found, program) = crate_and_program();
    findings.extend(found);
    // What the server finds is read, not passed on: both parts have one end.
    let (server, code) = match program.map(|program| server(command, &program, terminal)) {
        None => (Value::Null, 0),
        Some(Ok(said)) => said,
        Some(Err(finding)) => {
            findings.push(finding);
            (Value::Null, REFUSED)
        }
    };
    let is_faulty = findings.iter().any(|finding| finding.grade == Grade::Fault);
    let code = if is_faulty { REFUSED } else { code };
    if command.json {
        let project: Vec<Value> = findings.iter().map(as_json).collect();
        let all = json!({"project": project, "server": server});
        terminal.result(format!("{all:#}"));
        return code;
    }
    for finding in &findings {
        finding.show(terminal);
    }
    let text = |key: &str| server.get(key).and_then(Value::as_str).unwrap_or_default();
    if !server.is_null() {
        let line = format!(
            "{} {} (mcpwright {}, document {})",
            text("server"),
            text("version"),
            text("generator"),
            text("document_sha256").get(..16).unwrap_or_default()
        );
        terminal.result(escaped(&line));
    }
    let of_server = server.get("findings").and_then(Value::as_array);
    let of_server = of_server.into_iter().flatten();
    let of_server: Vec<Finding> = of_server.filter_map(Finding::of_server).collect();
    for finding in &of_server {
        finding.show(terminal);
    }
    findings.extend(of_server);
    terminal.result(end(&findings));
    code
}

/// The last line: over the project and its server.
fn end(findings: &[Finding]) -> String {
    let count = |grade: Grade| findings.iter().filter(|one| one.grade == grade).count();
    match (count(Grade::Fault), count(Grade::Warning)) {
        (0, 0) => "all is well".to_owned(),
        (faults, warnings) => format!(
            "{}, {}",
            crate::text::counted(faults, "fault"),
            crate::text::counted(warnings, "warning")
        ),
    }
}

/// What the server's own doctor says, as JSON, and its exit code.
fn server(
    command: &DoctorCommand,
    program: &Path,
    terminal: &Terminal,
) -> Result<(Value, u8), Finding> {
    let mut server = Command::new(program);
    server.args(["doctor", "--json"]);
    if command.offline {
        server.arg("--offline");
    }
    let output = server
        .envs(project::variables(terminal))
        .output()
        .map_err(|error| {
            let says = format!("{} cannot be started: {error}", program.display());
            Finding::fault("server", says, "mcpwright run --build-only")
        })?;
    let said: Value = serde_json::from_slice(&output.stdout).map_err(|_| {
        let why = String::from_utf8_lossy(&output.stderr);
        let why = why.lines().next().unwrap_or("it says nothing");
        let says = format!(
            "{} does not say how it is: {}",
            program.display(),
            line(why)
        );
        Finding::fault("server", says, "mcpwright run --build-only")
    })?;
    Ok((said, project::code(output.status)))
}

fn line(text: &str) -> String {
    crate::text::line(text, 200)
}

fn as_json(finding: &Finding) -> Value {
    json!({
        "check": finding.check,
        "grade": match finding.grade {
            Grade::Well => "ok",
            Grade::Warning => "warning",
            Grade::Fault => "fault",
        },
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
        let why = line(why.lines().next().unwrap_or_default());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_at_the_end_is_about_the_project_and_its_server() {
        let fault = || Finding::fault("crate", "old", "");
        let of_server = |grade: &str| {
            let said = json!({"check": "clients", "grade": grade, "says": "x", "mend": ""});
            Finding::of_server(&said)
        };
        for (mine, theirs, expected) in [
            (vec![], of_server("ok"), "all is well"),
            (vec![fault()], of_server("ok"), "1 fault, 0 warnings"),
            (vec![fault()], of_server("fault"), "2 faults, 0 warnings"),
            (vec![], of_server("warning"), "0 faults, 1 warning"),
        ] {
            let all: Vec<Finding> = mine.into_iter().chain(theirs).collect();
            assert_eq!(end(&all), expected);
        }
    }
}
