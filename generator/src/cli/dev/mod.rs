//! `mcpwright dev`: `run`, and again whenever what the server is made from changes.

mod relay;
mod server;
mod watch;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::arguments::DevCommand;
use super::mock::InPlace;
use super::project::{self, SETTINGS};
use super::terminal::Terminal;
use super::{REFUSED, run as running};
use server::Running;
use watch::{Watched, beside};

/// How often files are looked at. Editors write a file in several steps: it is taken when it stayed as it is for one.
const EVERY: Duration = Duration::from_millis(300);

/// Runs it until it is interrupted, or until the client on standard input goes.
pub fn run(command: &DevCommand, terminal: &Terminal) -> u8 {
    if !Path::new(SETTINGS).is_file() {
        terminal.complain(format!(
            "there is no {SETTINGS} here that says what to serve: `mcpwright init` writes one"
        ));
        return REFUSED;
    }
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => {
            terminal.complain(format!("no folder for the running server: {error}"));
            return REFUSED;
        }
    };
    let arguments = running::with_http(&command.server.arguments);
    let relays = arguments.first().is_some_and(|first| first == "stdio");
    let dev = Dev {
        command,
        arguments,
        terminal,
        folder: folder.path(),
    };
    dev.serve(relays)
}

struct Dev<'d> {
    command: &'d DevCommand,
    arguments: Vec<OsString>,
    terminal: &'d Terminal,
    /// Programs that run are copies: the next one is built in the place of the last.
    folder: &'d Path,
}

impl Dev<'_> {
    fn serve(&self, relays: bool) -> u8 {
        let ended = match interrupted() {
            Ok(ended) => ended,
            Err(error) => {
                self.terminal
                    .complain(format!("signals cannot be heard: {error}"));
                return REFUSED;
            }
        };
        let mut watched = Watched::default();
        watched.take(&files());
        let mut number = 0_usize;
        let mut mock = None;
        let mut running = Running::new(relays);
        // What was changed by then is built, though it was not waited for.
        let mut wanted = true;
        loop {
            if ended.load(Ordering::SeqCst) || running.is_closed() {
                return 0;
            }
            if wanted {
                number = number.saturating_add(1);
                self.again(number, &mut mock, &mut running);
                wanted = false;
            }
            if let Some(code) = running.ended() {
                self.terminal
                    .say(format!("  the server ended ({code}); waiting for a change"));
            }
            std::thread::sleep(EVERY);
            let mut changed = watched.changed(&files());
            if changed.is_empty() {
                continue;
            }
            loop {
                std::thread::sleep(EVERY);
                let more = watched.changed(&files());
                if more.is_empty() || ended.load(Ordering::SeqCst) {
                    break;
                }
                changed = more;
            }
            let named: Vec<String> = changed
                .iter()
                .map(|path| crate::text::line(&path.display().to_string(), 200))
                .collect();
            self.terminal
                .say(format!("  changed: {}", named.join(", ")));
            wanted = true;
        }
    }

    /// Builds what the files say now, and puts it in the place of what runs; a broken edit leaves that as it is.
    fn again(&self, number: usize, mock: &mut Option<InPlace>, running: &mut Running) {
        let is_first = number == 1;
        let kept = |what: &str| {
            let then = if is_first {
                "waiting for a change"
            } else {
                "the server runs on as it was"
            };
            self.terminal.say(format!("  {what}; {then}"));
        };
        let Ok(program) = running::built(self.command.release, self.terminal) else {
            return kept("not built");
        };
        let copy = self
            .folder
            .join(format!("{number}{}", std::env::consts::EXE_SUFFIX));
        if let Err(error) = std::fs::copy(&program, &copy) {
            return kept(&format!("{} cannot be copied: {error}", program.display()));
        }
        // A mock is of the document that the server is of.
        match running::in_place(&self.command.server.mock, self.terminal) {
            Ok(next) => *mock = next,
            Err(_) => return kept("there is no mock of it"),
        }
        let mut server = Command::new(&copy);
        server.args(&self.arguments);
        match mock {
            Some(mock) => mock.lead(&mut server),
            None => {
                server.envs(project::variables(self.terminal));
            }
        }
        if let Err(error) = running.start(server) {
            return self
                .terminal
                .complain(format!("{} cannot be started: {error}", copy.display()));
        }
        let word = if is_first {
            "serving"
        } else {
            "serving what changed"
        };
        self.terminal
            .say(format!("{} {word}; Ctrl-C ends it", self.terminal.tick()));
        if let Some(last) = number.checked_sub(1) {
            let _ = std::fs::remove_file(
                self.folder
                    .join(format!("{last}{}", std::env::consts::EXE_SUFFIX)),
            );
        }
    }
}

/// What the server is made from: settings, document, overlays, and what stands beside the document.
fn files() -> Vec<PathBuf> {
    let mut all = vec![PathBuf::from(SETTINGS)];
    let Some(typed) = running::as_typed() else {
        return all;
    };
    let Ok(config) = typed.spec.config() else {
        return all;
    };
    let out = config.output_folder().ok().flatten().unwrap_or_default();
    let named = config.named_files().unwrap_or_default();
    if let Some(document) = named.first() {
        all.extend(beside(document, &out));
    }
    all.extend(named);
    all.sort();
    all.dedup();
    all
}

/// A flag that an interrupt raises, or the wish of another program that this one ends.
fn interrupted() -> std::io::Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let raised = Arc::clone(&flag);
    std::thread::spawn(move || {
        runtime.block_on(async {
            super::ended::Ended::new().next().await;
            raised.store(true, Ordering::SeqCst);
        });
    });
    Ok(flag)
}
