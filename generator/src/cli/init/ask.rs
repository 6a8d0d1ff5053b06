//! The questions: at most four, each with a proposal, and none where nobody can answer.

use std::io::{BufRead as _, IsTerminal as _, Write as _, stderr, stdin};

/// Who asks, and whether anybody is asked.
pub(super) struct Questions {
    can_ask: bool,
    /// Whether a person has seen the address and agreed.
    pub(super) asked_address: bool,
}

impl Questions {
    /// None where they are not wanted, or where there is no terminal.
    pub(super) fn new(yes: bool) -> Self {
        Self {
            can_ask: !yes && stdin().is_terminal() && stderr().is_terminal(),
            asked_address: false,
        }
    }

    /// Name of the server.
    pub(super) fn name(&mut self, proposed: &str) -> String {
        self.text("Name of the server", Some(proposed))
            .unwrap_or_else(|| proposed.to_owned())
    }

    /// Address of the service.
    pub(super) fn address(&mut self, proposed: Option<String>) -> Option<String> {
        self.asked_address = self.can_ask;
        self.text("Address of the service", proposed.as_deref())
            .or(proposed)
    }

    /// A credential, which is not shown; none where there is none.
    pub(super) fn secret(&mut self, what: &str) -> Option<String> {
        if !self.can_ask {
            return None;
        }
        let prompt = format!("? {what} (Enter to leave it out): ");
        let secret = rpassword::prompt_password(prompt).ok()?;
        Some(secret.trim().to_owned()).filter(|secret| !secret.is_empty())
    }

    /// Folder of the crate.
    pub(super) fn folder(&mut self, proposed: &str) -> String {
        self.text("Folder for the server", Some(proposed))
            .unwrap_or_else(|| proposed.to_owned())
    }

    fn text(&self, what: &str, proposed: Option<&str>) -> Option<String> {
        if !self.can_ask {
            return None;
        }
        let mut out = stderr().lock();
        let _ = match proposed {
            Some(proposed) => write!(out, "? {what} [{proposed}]: "),
            None => write!(out, "? {what}: "),
        };
        let _ = out.flush();
        let mut line = String::new();
        stdin().lock().read_line(&mut line).ok()?;
        Some(line.trim().to_owned()).filter(|line| !line.is_empty())
    }
}
