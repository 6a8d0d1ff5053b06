//! Names of operations in descriptions, which become those of tools.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright::Config;
use serde_json::json;

#[test]
fn a_word_that_names_an_argument_or_a_member_of_a_file_names_no_tool() {
    let note = "Not with `label`; see `findNotes` and `list`.";
    let get =
        |id: &str| json!({"get": {"operationId": id, "responses": {"204": {"description": "ok"}}}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Files", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
        "paths": {
            "/files": {"post": {
                "operationId": "addFile",
                "description": note,
                "requestBody": {"required": true, "content": {"multipart/form-data": {"schema": {
                    "type": "object",
                    "properties": {
                        "it": {"type": "string", "format": "binary", "description": note},
                        "label": {"type": "string"},
                        "view": {"type": "string", "enum": ["list", "grid"]},
                    },
                }}}},
                "responses": {"204": {"description": "ok"}},
            }},
            "/texts": get("text"),
            "/labels": get("label"),
            "/lists": get("list"),
            "/notes": get("findNotes"),
        },
    });
    let config = Config::new().spec_str("files.json", &document.to_string());
    let generated = config.generate().unwrap_or_else(|error| panic!("{error}"));
    let operations = generated.api.groups.iter().flat_map(|g| &g.operations);
    let tool = |id: &str| {
        let mut all = operations.clone();
        all.find(|o| o.path.starts_with(id)).unwrap().clone()
    };
    let found = tool("/notes").tool;
    let file = tool("/files");
    let told = format!("Not with `label`; see `{found}` and `list`.");
    assert_ne!(found, "findNotes");
    assert!(file.description.contains(&told), "{}", file.description);
    let described = &file.input_schema["properties"]["it"]["description"];
    assert_eq!(
        described.as_str().unwrap(),
        format!("{told} A file: give `filename` and either `text` or `data_base64`.")
    );
}
