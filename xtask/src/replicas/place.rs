//! The processes: the CRM, Redis, two replicas, nginx.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::crm::{self, Crm, PACKAGE, PREFIX};
use crate::failure::{Context as _, Result};
use crate::paths;
use crate::ports;
use crate::process::{self, Running};

/// What has to be installed.
pub const PROGRAMS: [&str; 2] = ["redis-server", "nginx"];

/// Whether a program is in the path.
pub fn is_installed(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

/// Everything that runs; it ends with this value.
pub struct Place {
    /// The CRM behind both.
    pub crm: Crm,
    /// Both replicas themselves.
    pub replicas: [Replica; 2],
    redis: Option<Running>,
    redis_port: u16,
    /// Where nginx hands requests to the one or the other.
    pub front: String,
    _nginx: Running,
    folder: PathBuf,
}

/// One process of the generated server.
pub struct Replica {
    /// Where it listens.
    pub url: String,
    /// Where it says how it is.
    pub admin: String,
    process: Option<Running>,
    address: String,
    variables: BTreeMap<String, String>,
    /// Of the command, beside the addresses.
    options: Vec<String>,
}

impl Replica {
    /// Sets a variable for the next start; none is taken away.
    pub fn set(&mut self, suffix: &str, value: Option<String>) {
        let name = format!("{PREFIX}_{suffix}");
        match value {
            Some(value) => self.variables.insert(name, value),
            None => self.variables.remove(&name),
        };
    }

    /// Sets options for the next start.
    pub fn options(&mut self, options: &[&str]) {
        self.options = options.iter().map(ToString::to_string).collect();
    }

    /// Runs a command of the program with its variables, as its operator would; what it prints.
    ///
    /// # Errors
    /// When it fails.
    pub fn run(&self, command: &[&str]) -> Result<String> {
        let output = Command::new(program())
            .args(command)
            .envs(&self.variables)
            .output()
            .context(PACKAGE)?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("{command:?}: {said}").into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Starts it, again after [`Self::kill`].
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(&mut self, rate: Option<&str>) -> Result<()> {
        let mut command = Command::new(program());
        command
            .args([
                "http",
                "--listen",
                &self.address,
                "--admin-listen",
                &self.admin,
            ])
            .args(&self.options)
            .envs(&self.variables)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(rate) = rate {
            command.env(format!("{PREFIX}_RATE"), rate);
        }
        self.process = Some(Running(command.spawn().context(PACKAGE)?));
        ports::until_one_listens(&self.address)
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        self.process = None;
    }
}

impl Place {
    /// Builds and starts everything.
    ///
    /// # Errors
    /// When something does not come up.
    pub fn start() -> Result<Self> {
        build()?;
        let folder =
            std::env::temp_dir().join(format!("mcpwright-replicas-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let crm = Crm::start(None)?;
        let redis_port = ports::free()?;
        let mut replicas = Vec::new();
        for name in ["a", "b"] {
            let address = format!("127.0.0.1:{}", ports::free()?);
            let mut variables: BTreeMap<String, String> =
                crm::variables(&crm.url, crm::KEY, "all").into();
            let mut set = |suffix: &str, value: String| {
                variables.insert(format!("{PREFIX}_{suffix}"), value);
            };
            set("STATE_URL", format!("redis://127.0.0.1:{redis_port}/0"));
            set("SECRET", "0123456789abcdef0123456789abcdef".to_owned());
            let log = folder.join(format!("audit-{name}.jsonl"));
            set("AUDIT", log.display().to_string());
            set("AUDIT_VALUES", "1".to_owned());
            replicas.push(Replica {
                url: format!("http://{address}/mcp"),
                admin: format!("127.0.0.1:{}", ports::free()?),
                process: None,
                address,
                variables,
                options: Vec::new(),
            });
        }
        let mut replicas: [Replica; 2] = replicas.try_into().map_err(|_| "two replicas")?;
        let port = ports::free()?;
        let [a, b] = &replicas;
        let conf = folder.join("nginx.conf");
        fs::write(&conf, configuration(&folder, port, &a.address, &b.address))?;
        let redis = start_redis(redis_port)?;
        for replica in &mut replicas {
            replica.start(None)?;
        }
        let nginx = Command::new("nginx")
            .arg("-p")
            .arg(&folder)
            .arg("-c")
            .arg(&conf)
            .args(["-e", "stderr", "-g", "daemon off;"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("nginx")?;
        let nginx = Running(nginx);
        ports::until_one_listens(&format!("127.0.0.1:{port}"))?;
        Ok(Self {
            crm,
            replicas,
            redis: Some(redis),
            redis_port,
            front: format!("http://127.0.0.1:{port}/mcp"),
            _nginx: nginx,
            folder,
        })
    }

    /// Both replicas anew, with a rate.
    ///
    /// # Errors
    /// When one does not come up.
    pub fn restart(&mut self, rate: Option<&str>) -> Result<()> {
        for replica in &mut self.replicas {
            replica.kill();
            replica.start(rate)?;
        }
        Ok(())
    }

    /// Both replicas anew, before the CRM at an address.
    ///
    /// # Errors
    /// When something does not come up.
    pub fn before(&mut self, url: &str) -> Result<()> {
        for replica in &mut self.replicas {
            let base = format!("{PREFIX}_BASE_URL");
            replica.variables.insert(base, url.to_owned());
        }
        self.restart(None)
    }

    /// A file of this run.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Ends the store.
    pub fn stop_store(&mut self) {
        self.redis = None;
    }

    /// Starts it again, empty.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start_store(&mut self) -> Result<()> {
        self.redis = Some(start_redis(self.redis_port)?);
        Ok(())
    }

    /// What the logs of both replicas announce, as one text.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn logs(&self) -> Result<String> {
        let mut all = String::new();
        for name in ["a", "b"] {
            all += &fs::read_to_string(self.folder.join(format!("audit-{name}.jsonl")))?;
        }
        Ok(all)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The generated program with the feature `redis`, beside the usual one.
fn program() -> PathBuf {
    paths::target().join("replicas").join(PACKAGE)
}

fn build() -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--locked", "--package", PACKAGE]);
    process::run(
        cargo
            .args(["--features", "redis"])
            .current_dir(paths::root()),
    )?;
    let program = program();
    if let Some(folder) = program.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(crm::program(PACKAGE), program)?;
    // What others find there is the usual one.
    crm::build()
}

fn start_redis(port: u16) -> Result<Running> {
    let child = Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no"])
        .stdout(Stdio::null())
        .spawn()
        .context("redis-server")?;
    let running = Running(child);
    ports::until_one_listens(&format!("127.0.0.1:{port}"))?;
    Ok(running)
}

/// One after the other; what fails is not sent to the other one, which the caller decides.
fn configuration(folder: &std::path::Path, port: u16, a: &str, b: &str) -> String {
    let temp = folder.display();
    format!(
        "worker_processes 1;
pid {temp}/nginx.pid;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {temp}/body;
  proxy_temp_path {temp}/proxy;
  fastcgi_temp_path {temp}/fastcgi;
  uwsgi_temp_path {temp}/uwsgi;
  scgi_temp_path {temp}/scgi;
  upstream replicas {{
    server {a} max_fails=0;
    server {b} max_fails=0;
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://replicas;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection \"\";
      proxy_next_upstream off;
      proxy_buffering off;
    }}
  }}
}}
"
    )
}
