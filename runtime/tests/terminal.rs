//! Started by hand: standard error is a terminal then, which no pipe shows.
#![cfg(unix)]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

mod common;

use std::process::{Command, Stdio};

/// `script` (util-linux) gives a program a terminal of its own.
#[test]
fn a_server_whose_standard_error_is_a_terminal_serves_and_ends_well() {
    let server = format!("{} stdio < /dev/null", common::process::binary().display());
    let run = Command::new("script")
        .args(["--quiet", "--return", "--command", &server, "/dev/null"])
        .env("FIX_BASE_URL", "http://127.0.0.1:9")
        .env("FIX_TOKEN", "t")
        .env("FIX_KEY", "k")
        .env("FIX_QUERY_KEY", "q")
        .env("FIX_COOKIE", "c")
        .env("FIX_LOG", "trace")
        .stdin(Stdio::null())
        .output();
    let Ok(run) = run else {
        eprintln!("skipped: `script` is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{}: {said}", run.status);
    assert!(
        !said.contains("panicked") && !said.contains('\u{1b}'),
        "{said}"
    );
}
