//! `first`: how long it takes from a document to the first answer in a client that others wrote, with the commands that
//! people type: `init`, `run`, a call. Once with nothing compiled, once with only the generated crate to compile.
//! The service is a mock of the document. What Cargo downloads is there already.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::figure::Figure;
use crate::failure::{Context as _, Result};
use crate::interop::Tools;
use crate::process::{self, Running};
use crate::{paths, ports};

/// Of 171 operations; beside its folder's settings, which `init` does not get.
const DOCUMENT: &str = "specs/perfex/openapi.yaml";
/// What follows from its title.
const PREFIX: &str = "PERFEX_CRM";
const PACKAGE: &str = "perfex-crm-mcp";
/// What is called: its answer has records.
const TOOL: &str = "list_customers";
/// Seconds that it may take with nothing compiled, and with the dependencies compiled.
const BOUNDS: (f64, f64) = (180.0, 30.0);
/// What of this process's environment would have Cargo build otherwise than it does for others.
const CARGO: [&str; 5] = [
    "CARGO_TARGET_DIR",
    "CARGO_INCREMENTAL",
    "CARGO_PROFILE_DEV_DEBUG",
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
];

pub fn measure(build: bool) -> Result<Vec<Figure>> {
    let tools = Tools::install()?;
    if build {
        println!("first: building mcpwright for release");
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--quiet", "--locked", "--release"]);
        process::run(
            cargo
                .args(["--package", "mcpwright"])
                .current_dir(paths::root()),
        )?;
    }
    let user = User::new(tools)?;
    let whole = user.init_to_answer()?;
    user.forget_crate()?;
    let again = user.init_to_answer()?;
    let figure = |what: &str, seconds, bound| {
        let name = format!("first: init, run, an answer in the Inspector; {what}");
        Figure::bounded(name, seconds, "s", bound)
    };
    Ok(vec![
        figure("nothing compiled", whole, BOUNDS.0),
        figure("dependencies compiled", again, BOUNDS.1),
    ])
}

/// Somebody with a document in an empty folder, and a service.
struct User {
    folder: PathBuf,
    service: String,
    tools: Tools,
    _mock: Running,
}

impl Drop for User {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl User {
    fn new(tools: Tools) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("mcpwright-first-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        fs::copy(paths::root().join(DOCUMENT), folder.join("openapi.yaml")).context(DOCUMENT)?;
        let address = format!("127.0.0.1:{}", ports::free()?);
        let mut mock = command(&folder);
        mock.args(["mock", "openapi.yaml", "--quiet", "--listen", &address]);
        mock.stdout(Stdio::null()).stderr(Stdio::null());
        let mock = Running(mock.spawn().context("mcpwright mock")?);
        ports::until_one_listens(&address)?;
        Ok(Self {
            folder,
            service: format!("http://{address}"),
            tools,
            _mock: mock,
        })
    }

    /// Seconds from `init` until the client has shown the answer.
    fn init_to_answer(&self) -> Result<f64> {
        let _ = fs::remove_file(self.folder.join("mcpwright.toml"));
        let begin = Instant::now();
        process::run(command(&self.folder).args(["init", "openapi.yaml", "--yes"]))?;
        let mut run = command(&self.folder);
        let (built, _) = process::capture(run.args(["run", "--build-only"]))?;
        let program = String::from_utf8(built.stdout)?;
        let mut client = self.tools.javascript("mcp-inspector");
        client.args(["--cli", program.trim()]);
        for (name, value) in [("BASE_URL", self.service.as_str()), ("API_KEY", "made-up")] {
            client.arg("-e").arg(format!("{PREFIX}_{name}={value}"));
        }
        client.args(["--method", "tools/call", "--tool-name", TOOL]);
        client.args(["--tool-args-json", r#"{"limit":5}"#, "--format", "json"]);
        let (answer, _) = process::capture(&mut client)?;
        let seconds = begin.elapsed().as_secs_f64();
        let answer = String::from_utf8(answer.stdout)?;
        if !answer.contains("\"isError\":false") || !answer.contains("company") {
            return Err(format!("{TOOL} answered {answer}").into());
        }
        Ok(seconds)
    }

    /// Makes Cargo forget the generated crate, and nothing that it needs.
    fn forget_crate(&self) -> Result<()> {
        let mut cargo = Command::new("cargo");
        cargo.args(["clean", "--quiet", "--package", PACKAGE]);
        process::run(plain(&mut cargo).current_dir(self.folder.join(PACKAGE)))?;
        Ok(())
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(paths::target().join("release/mcpwright"));
    plain(&mut command).current_dir(folder);
    command
}

fn plain(command: &mut Command) -> &mut Command {
    for name in CARGO {
        command.env_remove(name);
    }
    command
}
