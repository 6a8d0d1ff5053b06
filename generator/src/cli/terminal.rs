//! Output manners: results on standard output, everything else on standard error; colour only where
//! it is wanted; progress only when something takes longer than a glance.

use std::cell::RefCell;
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

use super::arguments::{Color, Format, TerminalArguments};
use crate::Error;
use crate::diagnostics::render::{escaped, sarif_log, sarif_result};
use crate::diagnostics::{
    Diagnostic, RenderOptions, Severity, render_github, render_human, render_json,
};
use crate::source::Document;

/// Time before progress is shown.
const PATIENCE: Duration = Duration::from_millis(300);

/// How to talk.
#[derive(Debug)]
pub struct Terminal {
    color: bool,
    quiet: bool,
    /// Whether details are wanted.
    pub verbose: bool,
    format: Format,
    /// Results of a SARIF log, which is one document for the whole run.
    sarif: RefCell<Vec<Value>>,
}

impl Terminal {
    /// From the flags and the environment (`NO_COLOR`, `CLICOLOR_FORCE`, `TERM`).
    pub fn new(arguments: &TerminalArguments) -> Self {
        let color = match arguments.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let choice = anstream::AutoStream::choice(&std::io::stderr());
                choice != anstream::ColorChoice::Never
            }
        };
        Self {
            color,
            quiet: arguments.quiet,
            verbose: arguments.verbose,
            format: arguments.format,
            sarif: RefCell::default(),
        }
    }

    /// A result, on standard output. A closed pipe ends it quietly.
    pub fn result(&self, text: impl Display) {
        if self.format == Format::Sarif {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
            return;
        }
        let _ = writeln!(std::io::stdout().lock(), "{text}");
    }

    /// A remark, on standard error, unless quiet.
    pub fn say(&self, text: impl Display) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// What says remarks from other threads.
    pub const fn shared(&self) -> Sayer {
        Sayer { quiet: self.quiet }
    }

    /// Remarks, a line each.
    pub fn lines(&self, lines: &[String]) {
        lines.iter().for_each(|line| self.say(line));
    }

    /// What went wrong, on standard error.
    pub fn complain(&self, text: impl Display) {
        let _ = writeln!(
            std::io::stderr().lock(),
            "{} {text}",
            self.bold_red("error:")
        );
    }

    /// Diagnostics in the form asked for. Infos are shown to those who ask for details.
    pub fn diagnostics(&self, diagnostics: &[Diagnostic], document: Option<&Document>) {
        let shown: Vec<Diagnostic> = diagnostics
            .iter()
            .filter(|d| match d.severity {
                Severity::Error => true,
                Severity::Warning => !self.quiet,
                Severity::Info => {
                    self.verbose || matches!(self.format, Format::Json | Format::Sarif)
                }
            })
            .cloned()
            .collect();
        if shown.is_empty() {
            return;
        }
        let text = match self.format {
            Format::Human => {
                let width = terminal_width();
                render_human(
                    &shown,
                    document,
                    &RenderOptions {
                        color: self.color,
                        width,
                        all: self.verbose,
                    },
                )
            }
            Format::Json => render_json(&shown, document),
            Format::Github => render_github(&shown, document),
            Format::Sarif => {
                let results = shown.iter().map(|finding| sarif_result(finding, document));
                self.sarif.borrow_mut().extend(results);
                return;
            }
        };
        let mut stderr = std::io::stderr().lock();
        let _ = stderr.write_all(text.as_bytes());
        if !text.ends_with('\n') {
            let _ = stderr.write_all(b"\n");
        }
    }

    /// Whether diagnostics are read by programs.
    pub fn is_for_machines(&self) -> bool {
        self.format != Format::Human
    }

    /// Ends a run: writes the SARIF log if one is wanted, also when nothing was found.
    pub fn finish(&self) {
        if self.format == Format::Sarif {
            let log = sarif_log(self.sarif.take());
            let log = format!("{log:#}");
            let _ = writeln!(std::io::stdout().lock(), "{}", escaped(&log));
        }
    }

    /// Why a run made nothing.
    pub fn failure(&self, error: &Error) {
        match error {
            Error::Refused(failed) => {
                self.diagnostics(&failed.diagnostics, failed.document.as_ref());
            }
            Error::Message(message) => self.complain(message),
        }
    }

    /// Why there is no folder to write to, and the exit code for it.
    pub fn no_output(&self, error: &super::arguments::OutputError) -> u8 {
        match error {
            super::arguments::OutputError::Usage(message) => {
                self.complain(message);
                2
            }
            super::arguments::OutputError::Refused(error) => {
                self.failure(error);
                super::REFUSED
            }
        }
    }

    /// Shows that something is going on, once it takes a while and if somebody watches.
    pub fn progress(&self, what: &str) -> Progress {
        if self.quiet || !std::io::stderr().is_terminal() {
            return Progress { stop: None };
        }
        let (sender, receiver) = channel::<()>();
        let what = what.to_owned();
        let thread = std::thread::spawn(move || {
            if receiver.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let _ = write!(std::io::stderr(), "\r{what} …");
            let _ = std::io::stderr().flush();
            let _ = receiver.recv();
            let _ = write!(std::io::stderr(), "\r\x1b[2K");
            let _ = std::io::stderr().flush();
        });
        Progress {
            stop: Some((sender, thread)),
        }
    }

    /// Text that stands out.
    pub fn bold(&self, text: &str) -> String {
        if self.color {
            format!("\x1b[1m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// A mark for what went well.
    pub fn tick(&self) -> String {
        if self.color {
            "\x1b[32m✓\x1b[0m".to_owned()
        } else {
            "✓".to_owned()
        }
    }

    fn bold_red(&self, text: &str) -> String {
        if self.color {
            format!("\x1b[1;31m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// `COLUMNS` if it is set and sensible, else 100.
fn terminal_width() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|c| c.parse().ok())
        .filter(|w| (40..=400).contains(w))
        .unwrap_or(100)
}

/// Says remarks from wherever it is taken.
#[derive(Debug, Clone, Copy)]
pub struct Sayer {
    quiet: bool,
}

impl Sayer {
    /// A remark, on standard error, unless quiet.
    pub fn say(self, text: impl Display) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }
}

/// Ends its line when it is dropped.
#[derive(Debug)]
pub struct Progress {
    stop: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.stop.take() {
            // A thread that has ended already needs no word.
            let _ = sender.send(());
            let _ = thread.join();
        }
    }
}
