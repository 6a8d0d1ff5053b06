//! Asking the person at the terminal.

use std::io::{BufRead as _, IsTerminal as _, Write as _, stderr, stdin};
use std::sync::Arc;

use crate::guard::{Answer, Asking, Caller};

/// Whoever runs the command. `agreed`: they said yes beforehand.
pub(super) fn caller(agreed: bool) -> Caller {
    let asking = if agreed {
        Asking::Now(Arc::new(|_| Box::pin(std::future::ready(Answer::Accept))))
    } else if stdin().is_terminal() && stderr().is_terminal() {
        Asking::Now(Arc::new(|message| {
            Box::pin(async move {
                // Nothing else goes on in this process.
                ask(&message)
            })
        }))
    } else {
        Asking::Never
    };
    Caller {
        asking,
        ..Caller::silent()
    }
}

fn ask(message: &str) -> Answer {
    let mut out = stderr().lock();
    let _ = write!(out, "{message}\n[y/N] ");
    let _ = out.flush();
    let mut line = String::new();
    match stdin().lock().read_line(&mut line) {
        Ok(0) | Err(_) => Answer::Cancel,
        Ok(_) if matches!(line.trim(), "y" | "Y" | "yes" | "Yes" | "YES") => Answer::Accept,
        Ok(_) => Answer::Decline,
    }
}
