//! A server for the API that the tests use, as a generated `main.rs` would start it.

#[allow(dead_code, missing_docs, clippy::wildcard_imports)]
#[path = "../tests/common/api.rs"]
mod api;

fn main() -> std::process::ExitCode {
    mcpwright_runtime::run(&api::API, api::extend)
}
