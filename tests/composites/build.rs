//! Generates the servers, each with the settings that it is for.

use mcpwright::{Config, Error};

fn main() -> Result<(), Error> {
    Config::new()
        .spec("../../specs/crm.yaml")
        .settings_file("mcpwright.toml")
        .compile()?;
    Config::new()
        .spec("settled/openapi.yaml")
        .settings_file("settled/mcpwright.toml")
        .module("settled")
        .compile()?;
    Config::new()
        .spec("pages/openapi.yaml")
        .settings_file("pages/mcpwright.toml")
        .module("pages")
        .compile()?;
    Config::new()
        .spec("envelopes/openapi.yaml")
        .settings_file("envelopes/mcpwright.toml")
        .module("envelopes")
        .compile()?;
    for name in ["perfex", "pingcrm", "customermates", "bottlecrm"] {
        let folder = format!("../../specs/{name}");
        Config::new()
            .spec(format!("{folder}/openapi.yaml"))
            .settings_file(format!("{folder}/mcpwright.toml"))
            .module(name)
            .compile()?;
    }
    Ok(())
}
