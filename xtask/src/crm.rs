//! `demo-crm` and the program generated for it, as processes.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::failure::{Context as _, Result};
use crate::process::Running;
use crate::{paths, process};

/// The generated package.
pub const PACKAGE: &str = "northlight-crm-mcp";
/// The prefix of its variables.
pub const PREFIX: &str = "NORTHLIGHT_CRM";
/// The key of the demo's administrator, whom everybody may know.
pub const KEY: &str = "demo-admin-key";

/// Builds the CRM and the generated program.
///
/// # Errors
/// When one does not compile.
pub fn build() -> Result<()> {
    let packages = ["--package", "demo-crm", "--package", PACKAGE];
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--locked"]).args(packages);
    process::run(cargo.current_dir(paths::root()))?;
    Ok(())
}

/// Where a program is when it is built.
pub fn program(name: &str) -> PathBuf {
    paths::target().join("debug").join(name)
}

/// A CRM with fresh demo data; it ends with this value.
#[derive(Debug)]
pub struct Crm {
    /// Base URL of its API.
    pub url: String,
    _process: Running,
}

impl Crm {
    /// Starts it; `today` is the day on which it believes to be, in place of the real one.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(today: Option<&str>) -> Result<Self> {
        let mut command = Command::new(program("demo-crm"));
        command.args(["--port", "0", "--rate-limit", "0"]);
        if let Some(today) = today {
            command.args(["--today", today]);
        }
        Self::listening(&mut command)
    }

    /// Starts one that takes so many requests per minute.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn limited(requests: u32) -> Result<Self> {
        let mut command = Command::new(program("demo-crm"));
        Self::listening(command.args(["--port", "0", "--rate-limit", &requests.to_string()]))
    }

    fn listening(command: &mut Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("demo-crm")?;
        let output = child
            .stdout
            .take()
            .context("demo-crm has no standard output")?;
        let process = Running(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let url = line.trim().rsplit(' ').next().unwrap_or_default();
        if !url.starts_with("http://127.0.0.1:") {
            return Err(format!("demo-crm said {line:?}").into());
        }
        Ok(Self {
            url: url.to_owned(),
            _process: process,
        })
    }

    /// How many leads of each name the CRM has.
    ///
    /// # Errors
    /// When it does not say so.
    pub fn leads(&self, prefix: &str) -> Result<BTreeMap<String, usize>> {
        let mut found = BTreeMap::new();
        for page in 1.. {
            let address = format!("{}/leads?limit=100&page={page}", self.url);
            let request = ureq::get(&address).header("X-API-KEY", KEY);
            let mut answer = request.call().context(&address)?;
            let text = answer.body_mut().read_to_string().context(&address)?;
            let value: Value = serde_json::from_str(&text).context(&address)?;
            let leads = value.get("data").and_then(Value::as_array);
            let Some(leads) = leads.filter(|leads| !leads.is_empty()) else {
                break;
            };
            let names = leads.iter().filter_map(|lead| lead.get("name")?.as_str());
            for name in names.filter(|name| name.starts_with(prefix)) {
                *found.entry(name.to_owned()).or_insert(0) += 1;
            }
        }
        Ok(found)
    }
}

/// What the generated program reads from its environment.
pub fn variables(url: &str, key: &str, view: &str) -> [(String, String); 3] {
    [
        (format!("{PREFIX}_VIEW"), view.to_owned()),
        (format!("{PREFIX}_BASE_URL"), url.to_owned()),
        (format!("{PREFIX}_API_KEY"), key.to_owned()),
    ]
}
