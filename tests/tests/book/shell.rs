//! A shell in a folder of its own, for one page: what it exports and where it stands stays from one command to
//! the next, and nothing that it starts outlives it.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use mcpwright_tests::{demo_crm, example, mcpwright};

use super::expected::fits;
use super::page::Command;

/// Ports that pages name; each page has free ones in their place.
const PORTS: [&str; 5] = ["8787", "8970", "8971", "9464", "9465"];
/// Time in which a command ends.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time in which one in the background says what it says at first.
const BEGINNING: Duration = Duration::from_secs(20);
/// The day of the demo CRM.
const TODAY: &str = "2026-11-22";

pub struct Shell {
    folder: PathBuf,
    home: PathBuf,
    path: String,
    /// A port of the pages, and the one that stands for it.
    ports: Vec<(&'static str, String)>,
    background: Vec<Child>,
}

impl Shell {
    pub fn new(root: &Path) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("mcpwright-book-{}-{number}", std::process::id()));
        let (programs, home, work) = (
            folder.join("programs"),
            folder.join("home"),
            folder.join("work"),
        );
        for folder in [&programs, &home, &work] {
            fs::create_dir_all(folder).unwrap();
        }
        symlink(mcpwright(), programs.join("mcpwright")).unwrap();
        symlink(root.join("specs"), work.join("specs")).unwrap();
        fs::write(folder.join("state"), format!("cd '{}'\n", work.display())).unwrap();
        let ports = free_ports();
        let this = |port: &str| format!("127.0.0.1:{}", number_of(&ports, port));
        // The same answers each day, on a port that nobody else has.
        let crm = format!(
            "--today {TODAY} --rate-limit 0 --port {}",
            number_of(&ports, "8787")
        );
        script(
            &programs.join("demo-crm"),
            &format!("exec '{}' {crm} \"$@\"", demo_crm().display()),
        );
        // The addresses that it has without the options.
        let server = example().display();
        let given = "case \"$*\" in *' --listen'*|*--admin-listen*) exec";
        script(
            &programs.join("northlight-crm-mcp"),
            &format!(
                "{given} '{server}' \"$@\";; esac\ncase \"$1\" in\n\
                 http) shift; exec '{server}' http --listen {} \"$@\";;\n\
                 health) shift; exec '{server}' health --admin-listen {} \"$@\";;\n\
                 *) exec '{server}' \"$@\";;\nesac",
                this("8970"),
                this("9464")
            ),
        );
        let path = format!(
            "{}:{}",
            programs.display(),
            std::env::var("PATH").unwrap_or_default()
        );
        Self {
            folder,
            home,
            path,
            ports,
            background: Vec::new(),
        }
    }

    /// Writes a file that a page shows.
    pub fn write(&self, name: &str, lines: &[String]) -> Result<(), String> {
        let text = self.there(&format!("{}\n", lines.join("\n")));
        let (code, said) = self.finish(&format!(
            "mkdir -p \"$(dirname '{name}')\" && cat > '{name}' <<'MCPWRIGHT'\n{text}MCPWRIGHT"
        ))?;
        if code == 0 { Ok(()) } else { Err(said) }
    }

    /// Runs a command.
    ///
    /// # Errors
    /// When it ends otherwise than with `wanted`, or prints something else than the page says.
    pub fn run(&mut self, command: &Command, wanted: i32) -> Result<(), String> {
        let text = self.there(&command.text);
        if let Some(text) = text.trim_end().strip_suffix('&') {
            return self.start(text.trim_end(), &command.output);
        }
        let (code, said) = self.finish(&text)?;
        let output: Vec<String> = self.here(&said).lines().map(str::to_owned).collect();
        if code != wanted {
            return Err(format!(
                "$ {}\nended with {code}:\n{}",
                command.text,
                output.join("\n")
            ));
        }
        if !command.output.is_empty() && !fits(&command.output, &output) {
            return Err(format!(
                "$ {}\nprinted:\n{}\n\nand the page says:\n{}",
                command.text,
                output.join("\n"),
                command.output.join("\n")
            ));
        }
        Ok(())
    }

    /// A process that reads what commands before it left; its output goes to one file, in order.
    fn process(&self, script: &str, output: &Path) -> Process {
        let file = fs::File::create(output).unwrap();
        let mut process = Process::new("bash");
        process
            .arg("-c")
            .arg(format!(
                ". '{}'\n{script}",
                self.folder.join("state").display()
            ))
            .env_clear()
            .env("PATH", &self.path)
            .env("HOME", &self.home)
            .env("COLUMNS", "100")
            .env("TMPDIR", &self.folder)
            .stdin(Stdio::null())
            .stderr(file.try_clone().unwrap())
            .stdout(file)
            .process_group(0);
        // Where the toolchain is, which a new home does not say.
        let home = std::env::var_os("HOME")
            .map(PathBuf::from)
            .unwrap_or_default();
        for (name, folder) in [("RUSTUP_HOME", ".rustup"), ("CARGO_HOME", ".cargo")] {
            let value = std::env::var_os(name).unwrap_or_else(|| home.join(folder).into());
            process.env(name, value);
        }
        process
    }

    fn finish(&self, text: &str) -> Result<(i32, String), String> {
        let (output, state) = (self.folder.join("output"), self.folder.join("state"));
        let state = state.display();
        // Not in a subshell, so that `cd` and `export` stay.
        let script = format!(
            "{text}\ncode=$?\n{{ export -p; printf 'cd %q\\n' \"$PWD\"; }} > '{state}.new'\nmv '{state}.new' '{state}'\nexit $code"
        );
        let mut child = self.process(&script, &output).spawn().unwrap();
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if begun.elapsed() > PATIENCE {
                stop(&mut child);
                return Err(format!("$ {text}\ndoes not end:\n{}", read(&output)));
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        Ok((status.code().unwrap_or(-1), read(&output)))
    }

    /// Starts what stays, and waits for what it says at first.
    fn start(&mut self, text: &str, expected: &[String]) -> Result<(), String> {
        let output = self
            .folder
            .join(format!("background-{}", self.background.len()));
        let mut child = self
            .process(&format!("exec {text}"), &output)
            .spawn()
            .unwrap();
        let begun = Instant::now();
        loop {
            let said = self.here(&read(&output));
            let lines: Vec<String> = said.lines().map(str::to_owned).collect();
            let ended = child.try_wait().unwrap().is_some();
            let fits = expected.is_empty() || fits(expected, &lines);
            if !ended && !lines.is_empty() && fits {
                self.background.push(child);
                return Ok(());
            }
            if ended || begun.elapsed() > BEGINNING {
                stop(&mut child);
                return Err(format!(
                    "$ {text} &\nsaid:\n{said}\n\nand the page says:\n{}",
                    expected.join("\n")
                ));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The text of a page with the ports and places of this shell.
    fn there(&self, text: &str) -> String {
        self.ports
            .iter()
            .fold(text.to_owned(), |text, (port, free)| {
                text.replace(port, free)
            })
    }

    /// What a program said, with the ports and places of the page.
    fn here(&self, text: &str) -> String {
        let text = text
            .replace(&*self.home.to_string_lossy(), "/home/ann")
            .replace(
                &*self.folder.join("work").to_string_lossy(),
                "/home/ann/crm",
            )
            .replace(
                &*self.folder.join("programs").to_string_lossy(),
                "/usr/local/bin",
            );
        self.ports
            .iter()
            .fold(text, |text, (port, free)| text.replace(free, port))
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        for child in &mut self.background {
            stop(child);
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Free ports that stand for those of the pages. None has one of those in it (`38970`), which would be replaced in turn.
fn free_ports() -> Vec<(&'static str, String)> {
    let mut tried: Vec<TcpListener> = Vec::new();
    let mut found: Vec<String> = Vec::new();
    // All are held at once, so that they differ.
    while found.len() < PORTS.len() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port().to_string();
        tried.push(free);
        if !PORTS.iter().any(|known| port.contains(known)) {
            found.push(port);
        }
    }
    PORTS.into_iter().zip(found).collect()
}

/// The port that stands for one of the pages.
fn number_of<'a>(ports: &'a [(&'static str, String)], port: &str) -> &'a str {
    ports
        .iter()
        .find(|(known, _)| *known == port)
        .map_or("0", |(_, free)| free)
}

fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

fn read(path: &Path) -> String {
    let mut text = Vec::new();
    let _ = fs::File::open(path).and_then(|mut file| file.read_to_end(&mut text));
    String::from_utf8_lossy(&text).into_owned()
}
