//! What real CRMs cost a model: the documents of `specs`, with their settings, in each view.

use mcpwright::Config;
use mcpwright_runtime::catalog;

use super::head;
use crate::contract::table as tables;
use crate::evaluate::tokens::Counter;
use crate::failure::Result;
use crate::paths;

/// Folders of `specs`; the demo's document stands there alone.
const DOCUMENTS: [(&str, &str); 5] = [
    ("Northlight CRM (the demo)", "crm.yaml"),
    ("Perfex CRM", "perfex/openapi.yaml"),
    ("Customermates", "customermates/openapi.yaml"),
    ("PingCRM", "pingcrm/openapi.yaml"),
    ("BottleCRM", "bottlecrm/openapi.yaml"),
];
const VIEWS: [&str; 4] = ["all", "core", "lean", "records"];

pub fn page() -> Result<String> {
    let mut text = head(
        "Five CRMs and what they cost",
        "the documents of `specs`, with the settings beside them",
    );
    text.push_str(
        "\nTokens (o200k) of names, descriptions and argument schemas, which a client puts into a model's context, and \
         the number of tools in each view, of what a server lists (`inspect` counts what is generated, a few per cent more). Tools beside the operations (composites) are not counted. \
         [`specs`](https://github.com/mcpwright/mcpwright/tree/main/specs) has the documents, written from public \
         facts, and for each its settings, its overlay, and what the CRM's own MCP server does; \
         `mcpwright inspect specs/perfex/openapi.yaml` lists one.\n\n\
         | CRM | operations | left out | `all` | `core` | `lean` | `records` |\n|---|---|---|---|---|---|---|\n",
    );
    let counter = Counter::new()?;
    for (name, document) in DOCUMENTS {
        let path = paths::root().join("specs").join(document);
        let settings = path.with_file_name("mcpwright.toml");
        let mut config = Config::new().spec(&path);
        if settings.is_file() {
            config = config.settings_file(&settings);
        }
        let generated = config.generate()?;
        let api = tables::api(&generated.api)?;
        let tools = api.operations.len();
        let left_out = api.exclusions.len();
        text.push_str(&format!(
            "| {name} | {} | {left_out} |",
            tools.saturating_add(left_out)
        ));
        for view in VIEWS {
            let (_, listed) = catalog::listed(api, view)?;
            text.push_str(&format!(
                " {} in {} |",
                counter.tools(&listed),
                listed.len()
            ));
        }
        text.push('\n');
    }
    Ok(text)
}
