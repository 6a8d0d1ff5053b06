//! MCPB 0.3: `manifest.json`, and the archive that clients install.

use std::io::{Cursor, Write as _};

use serde_json::{Map, Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::inputs::{Input, inputs};
use super::{Platform, Program, Subject, pretty};
use crate::text;

/// Longest description of a tool there: people read it before they install.
const ABOUT: usize = 200;
/// First bytes of a PNG (W3C PNG §5.2).
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The archive for these programs: the same bytes for the same input.
///
/// # Errors
/// One line that says what does not go together.
pub fn archive(
    subject: Subject<'_>,
    programs: &[Program],
    icon: Option<&[u8]>,
) -> Result<Vec<u8>, String> {
    let places = places(subject, programs)?;
    if icon.is_some_and(|icon| !icon.starts_with(PNG)) {
        return Err("`bundle.icon` is no PNG file".to_owned());
    }
    let manifest = manifest(subject, &places, icon.is_some());
    let skill = super::skill(subject);
    let mut files: Vec<(&str, &[u8], bool)> = Vec::new();
    let manifest = pretty(&manifest);
    files.push(("manifest.json", &manifest, false));
    for (program, path) in programs.iter().zip(&places) {
        files.push((&path.1, &program.bytes, true));
    }
    if let Some(icon) = icon {
        files.push(("icon.png", icon, false));
    }
    for (path, bytes) in &skill {
        files.push((path, bytes, false));
    }
    zipped(&files).map_err(|error| format!("the archive cannot be made: {error}"))
}

/// Where each program stands in the archive.
fn places(subject: Subject<'_>, programs: &[Program]) -> Result<Vec<(Platform, String)>, String> {
    let mut places: Vec<(Platform, String)> = Vec::with_capacity(programs.len());
    for program in programs {
        let platform = program.platform;
        if places.iter().any(|(other, _)| *other == platform) {
            let help = match platform {
                Platform::Darwin => "join them with `lipo -create`",
                Platform::Linux | Platform::Windows => "make a bundle for each processor",
            };
            return Err(format!(
                "two of the programs are for {platform}, and a bundle holds one for each system: {help}"
            ));
        }
        let name = &subject.api.package;
        let suffix = platform.suffix();
        let path = if programs.len() == 1 {
            format!("server/{name}{suffix}")
        } else {
            format!("server/{platform}/{name}{suffix}")
        };
        places.push((platform, path));
    }
    if places.is_empty() {
        return Err("a bundle needs a program".to_owned());
    }
    Ok(places)
}

/// `manifest.json`
fn manifest(subject: Subject<'_>, places: &[(Platform, String)], has_icon: bool) -> Value {
    let publisher = subject.publisher;
    let inputs = inputs(subject);
    let mut all = Map::new();
    let mut put = |key: &str, value: Value| {
        all.insert(key.to_owned(), value);
    };
    put("manifest_version", json!("0.3"));
    put("name", json!(subject.api.name));
    put("display_name", json!(subject.title()));
    put("version", json!(subject.version()));
    put("description", json!(subject.description()));
    let mut author = json!({"name": subject.author()});
    for (key, value) in [("email", &publisher.email), ("url", &publisher.homepage)] {
        if let (Some(value), Some(author)) = (value, author.as_object_mut()) {
            author.insert(key.to_owned(), json!(value));
        }
    }
    put("author", author);
    if let Some(url) = &publisher.repository {
        put("repository", json!({"type": "git", "url": url}));
    }
    for (key, value) in [
        ("homepage", &publisher.homepage),
        ("documentation", &publisher.documentation),
        ("support", &publisher.support),
        ("license", &publisher.license),
    ] {
        if let Some(value) = value {
            put(key, json!(value));
        }
    }
    if has_icon {
        put("icon", json!("icon.png"));
    }
    put("server", server(places, &inputs));
    let tools = subject.tools().map(|tool| {
        json!({
            "name": tool.name,
            "description": text::first_sentence(tool.description, ABOUT),
        })
    });
    put("tools", tools.collect());
    // A view lists some of them, and tools to find the others.
    put("tools_generated", json!(true));
    if !subject.api.prompts.is_empty() || subject.api.topic_prompts {
        put("prompts_generated", json!(true));
    }
    if let Some(url) = &publisher.privacy_policy {
        put("privacy_policies", json!([url]));
    }
    let platforms: Vec<&str> = places.iter().map(|(platform, _)| platform.name()).collect();
    put("compatibility", json!({"platforms": platforms}));
    let asked = inputs.iter().map(|input| (input.key.clone(), asked(input)));
    put("user_config", Value::Object(asked.collect()));
    Value::Object(all)
}

/// How the program is started.
fn server(places: &[(Platform, String)], inputs: &[Input]) -> Value {
    let command = |path: &str| format!("${{__dirname}}/{path}");
    let env: Map<String, Value> = inputs
        .iter()
        .map(|input| {
            let given = format!("${{user_config.{}}}", input.key);
            (input.variable.clone(), json!(given))
        })
        .collect();
    let (first, rest) = match places {
        [first, rest @ ..] => (first.1.as_str(), rest),
        [] => ("", places),
    };
    let mut config = json!({"command": command(first), "args": ["stdio"], "env": env});
    if !rest.is_empty() {
        let others = places.iter().map(|(platform, path)| {
            (
                platform.name().to_owned(),
                json!({"command": command(path)}),
            )
        });
        let others: Map<String, Value> = others.collect();
        if let Some(config) = config.as_object_mut() {
            config.insert("platform_overrides".to_owned(), Value::Object(others));
        }
    }
    json!({"type": "binary", "entry_point": first, "mcp_config": config})
}

/// What the person is asked.
fn asked(input: &Input) -> Value {
    let mut field = json!({
        "type": if input.file { "file" } else { "string" },
        "title": input.title,
        "description": input.about,
        "required": input.required,
    });
    if let Some(field) = field.as_object_mut() {
        if input.secret {
            field.insert("sensitive".to_owned(), json!(true));
        }
        // What is not filled in would reach the server as the words of its placeholder.
        let default = input.default.clone();
        let default = default.or_else(|| (!input.required).then(String::new));
        if let Some(default) = default {
            field.insert("default".to_owned(), json!(default));
        }
    }
    field
}

fn zipped(files: &[(&str, &[u8], bool)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes, is_program) in files {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            // The first day that the format knows: nothing of this run is in the archive.
            .last_modified_time(DateTime::default())
            .unix_permissions(if *is_program { 0o755 } else { 0o644 });
        archive.start_file(*path, options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}
