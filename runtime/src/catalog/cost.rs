//! What tools cost a model to carry.

use crate::engine::Entry;

/// Bytes of text that make a token, about: JSON Schema and English names give 3.7 to 4.4 with the
/// tokenizers in use.
const BYTES_PER_TOKEN: usize = 4;

/// Tokens that a listed tool takes in a model's context: its name, description and input schema as lists
/// show it. The title, the annotations and the output schema stay with the client.
pub(super) fn tokens(entry: &Entry) -> usize {
    let (schema, _) = entry.listed();
    let schema = serde_json::to_string(schema.as_ref()).map_or(0, |text| text.len());
    (entry.name().len() + entry.description().len() + schema).div_ceil(BYTES_PER_TOKEN)
}
