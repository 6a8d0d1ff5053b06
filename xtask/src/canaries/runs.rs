//! Servers with secrets planted in them, what is done to each, and all that comes out.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::mirror::WAYS;
use crate::crm::{self, PREFIX};
use crate::endpoint::Endpoint;
use crate::failure::{Context as _, Result};
use crate::ports;
use crate::process::Running;

/// What came out somewhere.
#[derive(Debug)]
pub struct Output {
    /// Where: `keys: log`.
    pub place: String,
    /// What.
    pub bytes: Vec<u8>,
}

/// A server, and where it writes.
pub struct Run<'r> {
    name: &'static str,
    folder: &'r Path,
    address: String,
    admin: String,
    variables: Vec<(String, String)>,
    outputs: Vec<Output>,
}

impl<'r> Run<'r> {
    /// A server with a name, at an address of its own, before a service.
    ///
    /// # Errors
    /// When no port is to be had.
    pub fn new(name: &'static str, folder: &'r Path, base: &str) -> Result<Self> {
        let address = || Ok::<_, crate::failure::Failure>(format!("127.0.0.1:{}", ports::free()?));
        let mut run = Self {
            name,
            folder,
            address: address()?,
            admin: address()?,
            variables: Vec::new(),
            outputs: Vec::new(),
        };
        let audit = run.file("audit.jsonl").display().to_string();
        for (variable, value) in [
            ("BASE_URL", base),
            ("VIEW", "all"),
            ("LOG", "trace"),
            ("CONFIRM", "off"),
            ("AUDIT", &audit),
            ("AUDIT_VALUES", "1"),
            ("MAX_ATTEMPTS", "1"),
        ] {
            run.set(variable, value);
        }
        Ok(run)
    }

    /// The URL of its endpoint.
    pub fn url(&self) -> String {
        format!("http://{}/mcp", self.address)
    }

    /// A file of its own.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{}-{name}", self.name))
    }

    /// Sets a variable of the server.
    pub fn set(&mut self, variable: &str, value: &str) {
        self.variables
            .push((format!("{PREFIX}_{variable}"), value.to_owned()));
    }

    fn variable(&self, name: &str) -> Option<String> {
        let name = format!("{PREFIX}_{name}");
        let mut all = self.variables.iter();
        let found = all.find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    }

    /// Runs a command of the program and gives what it says on standard output, which is kept unless it is what
    /// shows a secret once.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn command(&mut self, arguments: &[&str], is_secret: bool) -> Result<String> {
        let mut command = self.program();
        let output = command.args(arguments).output().context(crm::PACKAGE)?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if !is_secret {
            self.keep(&arguments.join(" "), output.stdout);
        }
        self.keep(&format!("{} (errors)", arguments.join(" ")), output.stderr);
        Ok(said)
    }

    /// Starts the server, lets callers call with these fields, and gives all that came out.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn play(mut self, auth: &str, callers: &[&[(&str, &str)]]) -> Result<Vec<Output>> {
        let log = self.file("log");
        let file = File::create(&log).context(log.display())?;
        let mut command = self.program();
        command.args(["http", "--auth", auth, "--listen", &self.address]);
        command.args(["--admin-listen", &self.admin]);
        command.stdout(file.try_clone()?).stderr(file);
        let server = Running(command.spawn().context(crm::PACKAGE)?);
        let up = ports::until_one_listens(&self.address);
        up.context(fs::read_to_string(&log).unwrap_or_default())?;
        for fields in callers {
            let endpoint = fields
                .iter()
                .fold(Endpoint::new(&self.url()), |endpoint, (name, value)| {
                    endpoint.with(name, value)
                });
            for turn in 0..WAYS * 4 {
                let (tool, arguments) = call(turn);
                let (status, text) = endpoint.answer(tool, &arguments)?;
                self.keep(&format!("{tool}, status {status}"), text.into_bytes());
            }
        }
        for path in ["metrics", "healthz", "readyz"] {
            let url = format!("http://{}/{path}", self.admin);
            let mut answer = ureq::get(&url).call().context(&url)?;
            self.keep(path, answer.body_mut().read_to_vec()?);
        }
        if let Some(key) = self.variable("ADMIN_KEY") {
            for path in [
                "",
                "api/session",
                "api/audit?all=1",
                "api/audit.csv?all=1",
                "api/audit/state",
                "api/keys",
            ] {
                let url = format!("http://{}/{path}", self.admin);
                let asked = ureq::get(&url).header("Authorization", format!("Bearer {key}"));
                let mut answer = asked.call().context(&url)?;
                let bytes = answer.body_mut().read_to_vec()?;
                self.keep(&format!("operator: /{path}"), bytes);
            }
        }
        drop(server);
        for arguments in [
            &["audit", "tail"][..],
            &["audit", "unknown"],
            &["--help"],
            &["tools"],
        ] {
            self.command(arguments, false)?;
        }
        for name in ["log", "audit.jsonl"] {
            let bytes = fs::read(self.file(name)).context(name)?;
            self.keep(name, bytes);
        }
        Ok(self.outputs)
    }

    fn keep(&mut self, place: &str, bytes: Vec<u8>) {
        let place = format!("{}: {place}", self.name);
        self.outputs.push(Output { place, bytes });
    }

    fn program(&self) -> Command {
        let mut command = Command::new(crm::program(crm::PACKAGE));
        command.stdin(Stdio::null());
        let own = self.variables.iter().map(|(name, value)| (name, value));
        command.envs(own);
        command
    }
}

/// A read, a change, a creation, and what nobody has.
fn call(turn: usize) -> (&'static str, Value) {
    match turn % 4 {
        0 => ("list_leads", json!({})),
        1 => ("get_lead", json!({"lead_id": turn})),
        2 => ("update_lead", json!({"lead_id": turn, "company": "x"})),
        _ => ("create_lead", json!({"name": format!("lead {turn}")})),
    }
}
