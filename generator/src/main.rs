//! The `mcpwright` command.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    mcpwright::cli::main()
}
