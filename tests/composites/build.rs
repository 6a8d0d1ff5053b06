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
    vendors()
}

/// Documents of vendors, each with what it takes beside the settings. They are not part of the repository.
const VENDORS: [(&str, &str, &[&str]); 4] = [
    ("customermates", "customermates.json", &[]),
    ("pingcrm", "pingcrm.json", &[]),
    (
        "bottlecrm",
        "bottlecrm-31.yaml",
        &["overlay.yaml", "vendor.overlay.yaml"],
    ),
    (
        "perfex",
        "perfexapi-reconstructed.json",
        &["overlay.yaml", "vendor.overlay.yaml"],
    ),
];

/// The same settings over these documents, where they are at hand.
fn vendors() -> Result<(), Error> {
    println!("cargo::rustc-check-cfg=cfg(vendors)");
    let place = |document: &str| format!("../../../shared/specs/{document}");
    for (_, document, _) in VENDORS {
        println!("cargo::rerun-if-changed={}", place(document));
    }
    let is_there = |document: &str| std::path::Path::new(&place(document)).is_file();
    if !VENDORS.iter().all(|(_, document, _)| is_there(document)) {
        return Ok(());
    }
    for (name, document, overlays) in VENDORS {
        let folder = format!("../../specs/{name}");
        let mut config = Config::new()
            .spec(place(document))
            .settings_file(format!("{folder}/mcpwright.toml"))
            .module(&format!("{name}_vendor"));
        for overlay in overlays {
            config = config.overlay(format!("{folder}/{overlay}"));
        }
        config.compile()?;
    }
    println!("cargo::rustc-cfg=vendors");
    Ok(())
}
