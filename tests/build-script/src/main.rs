//! The server with what this crate adds to it.
#![forbid(unsafe_code)]

use mcpwright_tests_build_script::{crm, extend};

fn main() -> std::process::ExitCode {
    mcpwright_runtime::run(&crm::API, extend)
}
