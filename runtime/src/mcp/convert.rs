//! Our tools and results as the SDK's.

use std::borrow::Cow;
use std::sync::Arc;

use rmcp::model::{
    AudioContent, CallToolResult, ContentBlock, EmbeddedResource, ImageContent, Implementation,
    MetaObject, Prompt, PromptArgument, Resource, ResourceContents, ResourceTemplate, Tool,
    ToolAnnotations,
};
use serde_json::json;

use crate::apps::{self, View};
use crate::arguments;
use crate::catalog::{self, Catalog, Form, OwnTool, Reading, Selection};
use crate::engine::{Entry, Kind};
use crate::json::{Object, Value};
use crate::operation::{Api, Hints};
use crate::result::{Content, ToolResult};

/// `_meta` key for the operation behind a tool, `METHOD path`.
const OPERATION_KEY: &str = "dev.mcpwright/operation";
/// `_meta` key for the tools that a composite calls.
const CALLS_KEY: &str = "dev.mcpwright/calls";
/// `_meta` key for the group (tag) of a tool.
const GROUP_KEY: &str = "dev.mcpwright/group";
/// `_meta` key of a result for what became of a write: `done`, `not_sent`, `refused` or `unknown`.
const OUTCOME_KEY: &str = "dev.mcpwright/outcome";
/// `_meta` key of a result for how often a write went out, or may have.
const ATTEMPTS_KEY: &str = "dev.mcpwright/attempts";
/// `_meta` key of a result that shows a call before it is made: what confirms it, and for how many seconds. Hosts keep
/// `_meta` from models, so that what a person approves with need not be read out of the text.
const CONFIRM_KEY: &str = "dev.mcpwright/confirm";
/// `_meta` key for the tool that reads the record which a call is about.
const READING_KEY: &str = "dev.mcpwright/reading";
/// `_meta` key of MCP Apps.
const UI_KEY: &str = "ui";
/// `_meta` key for the server's name and version (MCP 2026-07-28, `basic/index`).
const SERVER_INFO_KEY: &str = "io.modelcontextprotocol/serverInfo";

pub(super) fn implementation(api: &Api) -> Implementation {
    Implementation::new(api.name, api.version).with_title(api.title)
}

/// `_meta` of every result.
pub(super) fn result_meta(api: &Api) -> MetaObject {
    let mut meta = MetaObject::new();
    let mut info = Object::new();
    for (key, value) in [
        ("name", api.name),
        ("title", api.title),
        ("version", api.version),
    ] {
        info.insert(key.to_owned(), Value::from(value));
    }
    meta.0
        .insert(SERVER_INFO_KEY.to_owned(), Value::Object(info));
    meta
}

/// The tools that a view lists.
pub(super) fn tools(catalog: &Catalog, selection: &Selection) -> Vec<Tool> {
    let has_apps = catalog.has_apps();
    let own = catalog.own_tools(selection).into_iter().map(|tool| {
        let view = tool.app().filter(|_| has_apps);
        let reading = view.and_then(|_| catalog.reading_of_own(&tool));
        shown_by(own(tool), catalog.engine().api(), view, reading)
    });
    match selection.form {
        Form::Tools => catalog
            .selected(selection)
            .map(|entry| {
                let view = View::of(entry).filter(|_| has_apps);
                let reading = view.and_then(|_| catalog.reading(entry.name()));
                shown_by(tool(entry), catalog.engine().api(), view, reading)
            })
            .chain(own)
            .collect(),
        _ => own.collect(),
    }
}

/// A tool with the view that shows its results, and the tool that reads the record which they are about.
fn shown_by(mut tool: Tool, api: &Api, view: Option<View>, reading: Option<Reading>) -> Tool {
    let Some(view) = view else {
        return tool;
    };
    let meta = tool.meta.get_or_insert_default();
    let uri = view.uri(api);
    meta.0
        .insert(UI_KEY.to_owned(), json!({"resourceUri": uri}));
    if let Some(reading) = reading {
        let mut arguments = Object::new();
        for (name, from) in reading.arguments {
            arguments.insert(name, Value::from(from));
        }
        let mut said = json!({"tool": reading.tool, "arguments": arguments});
        if let (Some(id), Some(object)) = (reading.id, said.as_object_mut()) {
            object.insert("id".to_owned(), Value::from(id));
        }
        meta.0.insert(READING_KEY.to_owned(), said);
    }
    tool
}

/// The resources that show results, for the tools of a view.
pub(super) fn apps(catalog: &Catalog, selection: &Selection) -> Vec<Resource> {
    if !catalog.has_apps() {
        return Vec::new();
    }
    let own = catalog.own_tools(selection);
    let used: Vec<View> = own
        .iter()
        .filter_map(OwnTool::app)
        .chain(catalog.selected(selection).filter_map(View::of))
        .collect();
    let api = catalog.engine().api();
    View::ALL
        .into_iter()
        .filter(|view| used.contains(view))
        .map(|view| {
            let mut resource = Resource::new(view.uri(api), view.name())
                .with_description(view.description())
                .with_mime_type(apps::MEDIA_TYPE);
            resource.meta = Some(app_meta());
            resource
        })
        .collect()
}

/// The document of a resource that shows results, if the URI is that of one.
pub(super) fn app(catalog: &Catalog, uri: &str) -> Option<ResourceContents> {
    let view = View::at(catalog.engine().api(), uri).filter(|_| catalog.has_apps())?;
    let contents = ResourceContents::text(view.document(), uri).with_mime_type(apps::MEDIA_TYPE);
    Some(contents.with_meta(app_meta()))
}

/// What a host is asked for: a border, and nothing from any other origin.
fn app_meta() -> MetaObject {
    let mut meta = MetaObject::new();
    meta.0
        .insert(UI_KEY.to_owned(), json!({"csp": {}, "prefersBorder": true}));
    meta
}

/// A prompt of a view.
pub(super) fn prompt(prompt: catalog::Prompt) -> Prompt {
    let arguments: Vec<PromptArgument> = prompt
        .arguments
        .into_iter()
        .map(|argument| {
            PromptArgument::new(argument.name)
                .with_description(argument.description)
                .with_required(argument.required)
        })
        .collect();
    let arguments = (!arguments.is_empty()).then_some(arguments);
    Prompt::new(prompt.name, Some(prompt.description), arguments).with_title(prompt.title)
}

/// A resource of a view.
pub(super) fn resource(resource: catalog::Resource) -> Resource {
    Resource::new(resource.uri, resource.name)
        .with_description(resource.description)
        .with_mime_type(catalog::MEDIA_TYPE)
}

/// A template of resources.
pub(super) fn template(template: catalog::Resource) -> ResourceTemplate {
    ResourceTemplate::new(template.uri, template.name)
        .with_description(template.description)
        .with_mime_type(catalog::MEDIA_TYPE)
}

/// A tool of a view.
fn own(tool: OwnTool) -> Tool {
    let annotations = annotations(tool.title, tool.hints);
    Tool::new(
        tool.name,
        tool.description,
        arguments::listed(Arc::new(tool.input_schema)),
    )
    .with_title(tool.title)
    .with_annotations(annotations)
}

fn annotations(title: &str, hints: Hints) -> ToolAnnotations {
    ToolAnnotations::from_raw(
        Some(title.to_owned()),
        Some(hints.read_only),
        Some(hints.destructive),
        Some(hints.idempotent),
        Some(hints.open_world),
    )
}

pub(super) fn tool(entry: &Entry) -> Tool {
    type Text = Cow<'static, str>;
    let (name, description): (Text, Text) = match &entry.kind {
        Kind::Operation(operation) => (operation.tool.into(), operation.description.into()),
        Kind::Composite(tool) => (tool.tool.into(), tool.description.into()),
        Kind::Custom(tool) => (tool.name.clone().into(), tool.description.clone().into()),
    };
    let title = entry.title().to_owned();
    let annotations = annotations(&title, entry.hints());
    let (input, output) = entry.listed();
    let mut tool = Tool::new(name, description, input)
        .with_title(title)
        .with_annotations(annotations);
    if let Some(output) = output {
        tool = tool.with_raw_output_schema(output);
    }
    let mut meta = MetaObject::new();
    match &entry.kind {
        Kind::Operation(operation) => {
            let named = format!("{} {}", operation.method, operation.path);
            meta.0.insert(OPERATION_KEY.to_owned(), Value::from(named));
        }
        Kind::Composite(composite) => {
            let called = composite.operations();
            let called: Vec<Value> = called.iter().map(|called| called.tool.into()).collect();
            meta.0.insert(CALLS_KEY.to_owned(), Value::from(called));
        }
        Kind::Custom(_) => return tool,
    }
    meta.0
        .insert(GROUP_KEY.to_owned(), Value::from(entry.group()));
    tool = tool.with_meta(meta);
    tool
}

pub(super) fn result(result: ToolResult, api: &Api) -> CallToolResult {
    let content: Vec<ContentBlock> = result.content.into_iter().map(content).collect();
    let mut converted = if result.error.is_some() {
        CallToolResult::error(content)
    } else {
        CallToolResult::success(content)
    };
    if result.error.is_none() {
        converted.structured_content = result.structured;
    }
    let mut meta = result_meta(api);
    if let Some(fate) = result.fate {
        let outcome = Value::from(fate.outcome.as_str());
        meta.0.insert(OUTCOME_KEY.to_owned(), outcome);
        meta.0
            .insert(ATTEMPTS_KEY.to_owned(), Value::from(fate.attempts));
    }
    if let Some(confirm) = result.confirm {
        let said = json!({"token": confirm.token, "seconds": confirm.seconds});
        meta.0.insert(CONFIRM_KEY.to_owned(), said);
    }
    converted.meta = Some(meta);
    converted
}

fn content(content: Content) -> ContentBlock {
    match content {
        Content::Text(text) => ContentBlock::text(text),
        Content::Image { media_type, data } => {
            ContentBlock::Image(ImageContent::new(data, media_type))
        }
        Content::Audio { media_type, data } => {
            ContentBlock::Audio(AudioContent::new(data, media_type))
        }
        Content::Blob {
            uri,
            media_type,
            data,
        } => ContentBlock::Resource(EmbeddedResource::new(
            ResourceContents::BlobResourceContents {
                uri,
                mime_type: Some(media_type),
                blob: data,
                meta: None,
            },
        )),
    }
}
