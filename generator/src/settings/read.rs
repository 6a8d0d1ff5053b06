//! A file of settings, checked and taken apart.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use super::check::Check;
use super::publisher::{Publisher, publisher};
use super::shape::Key;
use super::toml;
use super::tree::{Place, Source, Tree, Trust};
use super::vocabulary::{DOCUMENT, OPERATION, ROOT};
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::ir::{Dates, Format};
use crate::names::Style;
use crate::source::{Budget, sha256};

/// What a file of settings says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// `server`
    pub server: Server,
    /// `output`
    pub output: Output,
    /// `names.style`
    pub style: Option<Style>,
    /// `results.format`
    pub format: Option<Format>,
    /// `results.dates`
    pub dates: Option<Dates>,
    /// `descriptions.examples`
    pub examples: Examples,
    /// `views.records.prefix`
    pub records_prefix: Option<String>,
    /// `views.records.entities`: name, first word of the paths, and where that stands.
    pub records_entities: Vec<(String, String, Place)>,
    /// The entries about operations, in order.
    pub entries: Vec<Entry>,
    /// The tools beside the operations.
    pub composites: Vec<Composite>,
    /// Prompts of the operator's own.
    pub prompts: Vec<Tree>,
    /// `prompts.exclude`
    pub prompts_off: Vec<(String, Place)>,
    /// `prompts.topics`
    pub topic_prompts: Option<bool>,
    /// `bundle`
    pub publisher: Publisher,
    /// Findings that did not stop the reading.
    pub remarks: Vec<Diagnostic>,
    /// SHA-256 of the file.
    pub sha256: Option<String>,
}

/// Which tools show a call in their descriptions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Examples {
    /// Those whose arguments the schema does not tell as plainly.
    #[default]
    Needed,
    /// All that take arguments.
    All,
    /// None.
    None,
}

/// `server`
#[derive(Clone, Debug, Default)]
pub(crate) struct Server {
    pub spec: Option<String>,
    pub name: Option<String>,
    pub package: Option<String>,
    pub overlays: Vec<String>,
    pub strict: Option<bool>,
    pub base_url: Option<String>,
    pub token_pattern: Option<String>,
    pub serve_document: bool,
    /// Headers of every request, each with its place.
    pub headers: IndexMap<String, (String, Place)>,
    pub budgets: Vec<(Budget, usize)>,
    /// Most tokens of all tools.
    pub budget_tokens: Option<usize>,
}

/// `output`
#[derive(Clone, Debug, Default)]
pub(crate) struct Output {
    pub folder: Option<String>,
    pub runtime: Option<String>,
    pub workspace_member: Option<bool>,
}

/// Facts about the operations that a selector selects.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The selectors; none for an entry that stands at its operation.
    pub select: Vec<(String, Place)>,
    /// The facts, in order.
    pub facts: Vec<Fact>,
    /// Why, and who says so.
    pub reason: Option<(String, Trust)>,
}

/// One fact.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    /// Its key: `class`, or `fields`, the name, and the key of the field.
    pub key: Vec<String>,
    /// Its value.
    pub tree: Tree,
}

/// A tool beside the operations.
#[derive(Clone, Debug)]
pub(crate) struct Composite {
    /// Its name, and where that stands.
    pub name: (String, Place),
    /// The operations that it calls.
    pub operations: Vec<(String, Place)>,
    /// All of it.
    pub tree: Tree,
}

/// Reads `mcpwright.toml`.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn read(name: &str, text: &str) -> Result<Settings, Vec<Diagnostic>> {
    let mut tree = toml::parse(name, text).map_err(|finding| vec![*finding])?;
    let mut sink = Sink::default();
    check(&mut tree, ROOT, &mut sink);
    let mut settings = root(&tree, &mut sink);
    let failed = sink.has_errors();
    let findings = sink.into_vec();
    if failed {
        return Err(findings);
    }
    settings.remarks = findings;
    settings.sha256 = Some(sha256(text.as_bytes()));
    Ok(settings)
}

/// What a document says about itself: `x-mcp` at its root, and at operations with their places in
/// `operations`. `trust` says whose word a node is, since overlays add to documents: to a table of the
/// document, too, so that each node is asked for by itself.
pub(crate) fn said_by_document(
    name: &str,
    root_extension: Option<(&Value, &Pointer)>,
    operations: &[Option<(Value, Pointer)>],
    trust: &dyn Fn(&Pointer) -> Trust,
    sink: &mut Sink,
) -> (Settings, Vec<Option<Entry>>) {
    let source = |trust: Trust| {
        Arc::new(Source {
            name: Arc::from(name),
            text: None,
            trust,
        })
    };
    let (operator, document) = (source(Trust::Operator), source(Trust::Document));
    let source = |pointer: &Pointer| match trust(pointer) {
        Trust::Operator => Arc::clone(&operator),
        Trust::Document => Arc::clone(&document),
    };
    let tree = |value: &Value, pointer: &Pointer| Tree::of_json(value, pointer, &source);
    let settings = root_extension.map(|(value, pointer)| {
        let mut tree = tree(value, pointer);
        if check(&mut tree, DOCUMENT, sink) {
            root(&tree, sink)
        } else {
            Settings::default()
        }
    });
    let mut checked = Check::new(sink);
    let mut trees: Vec<Option<Tree>> = Vec::with_capacity(operations.len());
    for operation in operations {
        let tree = operation
            .as_ref()
            .map(|(value, pointer)| tree(value, pointer));
        trees.push(
            tree.and_then(|mut tree| checked.table(&mut tree, OPERATION, "").then_some(tree)),
        );
    }
    let entries: Vec<Option<Entry>> = trees.iter().map(|tree| tree.as_ref().map(entry)).collect();
    for entry in entries.iter().flatten() {
        addresses(entry, sink);
    }
    (settings.unwrap_or_default(), entries)
}

fn check(tree: &mut Tree, keys: &'static [Key], sink: &mut Sink) -> bool {
    Check::new(sink).table(tree, keys, "")
}

fn root(tree: &Tree, sink: &mut Sink) -> Settings {
    let text = |table: &str, key: &str| {
        let text = tree.get(table)?.get(key)?.text()?;
        Some(text.to_owned())
    };
    let flag = |table: &str, key: &str| tree.get(table)?.get(key)?.value().as_bool();
    let list = |table: &str, key: &str| {
        let items = tree.get(table).and_then(|t| t.get(key)).map(Tree::items);
        items.unwrap_or_default()
    };
    let mut settings = Settings {
        server: Server {
            spec: text("server", "spec"),
            name: text("server", "name"),
            package: text("server", "package"),
            overlays: list("server", "overlays")
                .iter()
                .filter_map(|item| item.text().map(str::to_owned))
                .collect(),
            strict: flag("server", "strict"),
            base_url: text("server", "base_url"),
            token_pattern: token_pattern(tree, sink),
            serve_document: flag("server", "serve_document").unwrap_or_default(),
            headers: tree
                .get("server")
                .and_then(|server| server.get("headers"))
                .map(headers)
                .unwrap_or_default(),
            budgets: budgets(tree, sink),
            budget_tokens: tree
                .get("server")
                .and_then(|server| server.get("budget_tokens")?.value().as_u64())
                .map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
        },
        output: Output {
            folder: text("output", "folder"),
            runtime: text("output", "runtime"),
            workspace_member: flag("output", "workspace_member"),
        },
        style: text("names", "style").map(|style| match style.as_str() {
            "resource_verb" => Style::ResourceVerb,
            "dotted" => Style::Dotted,
            _ => Style::VerbResource,
        }),
        examples: match text("descriptions", "examples").as_deref() {
            Some("all") => Examples::All,
            Some("none") => Examples::None,
            _ => Examples::Needed,
        },
        format: tree
            .get("results")
            .and_then(|results| serde_json::from_value(results.get("format")?.value()).ok()),
        dates: tree
            .get("results")
            .and_then(|results| serde_json::from_value(results.get("dates")?.value()).ok()),
        publisher: publisher(tree.get("bundle"), sink),
        ..Settings::default()
    };
    for table in list("server", "exclude") {
        settings.entries.push(excluded(table));
    }
    for table in tree.get("operation").map(Tree::items).unwrap_or_default() {
        settings.entries.push(entry(table));
    }
    for entry in &settings.entries {
        reasons(entry, sink);
        addresses(entry, sink);
    }
    if let Some(url) = tree.get("server").and_then(|server| server.get("base_url"))
        && !url.text().is_some_and(is_address)
    {
        let message =
            "`server.base_url` must be an address that starts with `http://` or `https://`";
        sink.push(url.place.finding(Code::E0922, message));
    }
    let composites = tree.get("composite").map(Tree::items).unwrap_or_default();
    settings.composites = composites.iter().filter_map(composite).collect();
    settings.prompts = tree
        .get("prompt")
        .map(Tree::items)
        .unwrap_or_default()
        .to_vec();
    settings.prompts_off = texts(list("prompts", "exclude"));
    settings.topic_prompts = flag("prompts", "topics");
    if let Some(records) = tree.get("views").and_then(|views| views.get("records")) {
        settings.records_prefix = records
            .get("prefix")
            .and_then(|prefix| prefix_of(prefix, sink));
        settings.records_entities = entities(records, sink);
    }
    settings
}

/// Names of entities, each with the first word of its paths.
fn entities(records: &Tree, sink: &mut Sink) -> Vec<(String, String, Place)> {
    let table = records.get("entities").and_then(Tree::members);
    let mut found: Vec<(String, String, Place)> = Vec::new();
    for (name, member) in table.into_iter().flatten() {
        let word = member.tree.text().unwrap_or_default();
        let word = word.trim_matches('/').to_lowercase();
        let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.len() <= 40
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let wrong = if !fits {
            "the name of an entity is 1 to 40 lower-case letters, digits and `_`, beginning with a letter"
        } else if found.iter().any(|(_, known, _)| *known == word) {
            "two names stand for the same paths"
        } else {
            found.push((name.clone(), word, member.tree.place.clone()));
            continue;
        };
        let shown = crate::text::line(name, 60);
        let message = format!("`views.records.entities.{shown}`: {wrong}");
        sink.push(member.key.finding(Code::E0922, message));
    }
    found
}

/// The pattern of keys and tokens, which the runtime must be able to try.
fn token_pattern(tree: &Tree, sink: &mut Sink) -> Option<String> {
    let pattern = tree.get("server")?.get("token_pattern")?;
    let text = pattern.text()?;
    let parsed = regex_syntax::ParserBuilder::new()
        .nest_limit(50)
        .build()
        .parse(text);
    let wrong = match parsed {
        _ if text.is_empty() || text.len() > 200 => "it has 1 to 200 characters".to_owned(),
        Ok(_) => return Some(text.to_owned()),
        Err(error) => {
            let said = error.to_string();
            crate::text::line(said.lines().last().unwrap_or_default(), 200)
        }
    };
    let message =
        format!("`server.token_pattern` is no regular expression that can be tried: {wrong}");
    sink.push(pattern.place.finding(Code::E0922, message).help(
        "look-around and back-references cannot be tried; `^pk_` is a text that begins with `pk_`",
    ));
    None
}

/// The prefix of the tools over records, which clients must accept in names.
fn prefix_of(tree: &Tree, sink: &mut Sink) -> Option<String> {
    let text = tree.text()?;
    let fits = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 20
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !fits {
        let message = "`views.records.prefix` is 1 to 20 lower-case letters, digits and `_`, beginning with a letter";
        sink.push(tree.place.finding(Code::E0922, message));
        return None;
    }
    Some(text.to_owned())
}

/// Names of headers with their values and places.
fn headers(tree: &Tree) -> IndexMap<String, (String, Place)> {
    let members = tree.members().into_iter().flatten();
    members
        .filter_map(|(name, member)| {
            let value = member.tree.text()?.to_owned();
            Some((name.clone(), (value, member.key.clone())))
        })
        .collect()
}

/// What documents may cost, as the operator says.
fn budgets(tree: &Tree, sink: &mut Sink) -> Vec<(Budget, usize)> {
    let table = tree.get("server").and_then(|server| server.get("budgets"));
    let mut budgets = Vec::new();
    for (name, member) in table.and_then(Tree::members).into_iter().flatten() {
        let value = member.tree.value().as_u64();
        let (Some(budget), Some(value)) = (Budget::find(name), value) else {
            continue;
        };
        let value = usize::try_from(value).unwrap_or(usize::MAX);
        match budget.refuses(value) {
            Some(reason) => sink.push(member.tree.place.finding(
                Code::E0922,
                format!("`server.budgets.{name}` is {value}: {reason}"),
            )),
            None => budgets.push((budget, value)),
        }
    }
    budgets
}

/// The service is reached by HTTP.
fn is_address(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
            && !rest.is_empty()
            && rest.bytes().all(|b| b.is_ascii_graphic() && b != b'"')
    })
}

/// An operation that is off says why: the coverage of the document is a promise.
fn reasons(entry: &Entry, sink: &mut Sink) {
    let off = entry
        .facts
        .iter()
        .find(|fact| fact.key == ["enabled"] && fact.tree.value() == Value::Bool(false));
    if let Some(fact) = off
        && entry.reason.is_none()
    {
        sink.push(
            fact.tree
                .place
                .finding(Code::E0932, "an operation is turned off without a reason")
                .help("add `reason = \"…\"`; reports and the generated crate show it"),
        );
    }
}

/// Addresses of operations are addresses.
fn addresses(entry: &Entry, sink: &mut Sink) {
    for fact in entry.facts.iter().filter(|fact| fact.key == ["base_url"]) {
        if !fact.tree.text().is_some_and(is_address) {
            let message = "`base_url` must be an address that starts with `http://` or `https://`";
            sink.push(fact.tree.place.finding(Code::E0922, message));
        }
    }
}

fn entry(tree: &Tree) -> Entry {
    let mut facts = Vec::new();
    for (name, member) in tree.members().into_iter().flatten() {
        let below = |tree: &Tree, key: &[&str], facts: &mut Vec<Fact>| {
            for (name, member) in tree.members().into_iter().flatten() {
                let key = key.iter().copied().chain([name.as_str()]);
                facts.push(Fact {
                    key: key.map(str::to_owned).collect(),
                    tree: member.tree.clone(),
                });
            }
        };
        match name.as_str() {
            "select" | "reason" => {}
            "annotations" => below(&member.tree, &["annotations"], &mut facts),
            "fields" => {
                for (field, member) in member.tree.members().into_iter().flatten() {
                    below(&member.tree, &["fields", field], &mut facts);
                }
            }
            _ => facts.push(Fact {
                key: vec![name.clone()],
                tree: member.tree.clone(),
            }),
        }
    }
    Entry {
        select: selectors(tree),
        facts,
        reason: tree.get("reason").and_then(|reason| {
            let trust = reason.place.source.trust;
            Some((reason.text()?.to_owned(), trust))
        }),
    }
}

/// `exclude` says what `enabled = false` does.
fn excluded(tree: &Tree) -> Entry {
    let mut off = tree.clone();
    off.kind = super::tree::Kind::Flag(false);
    Entry {
        facts: vec![Fact {
            key: vec!["enabled".to_owned()],
            tree: off,
        }],
        ..entry(tree)
    }
}

fn selectors(tree: &Tree) -> Vec<(String, Place)> {
    let items = tree.get("select").map(Tree::items).unwrap_or_default();
    texts(items)
}

fn texts<'t>(items: impl IntoIterator<Item = &'t Tree>) -> Vec<(String, Place)> {
    items
        .into_iter()
        .filter_map(|item| Some((item.text()?.to_owned(), item.place.clone())))
        .collect()
}

fn composite(tree: &Tree) -> Option<Composite> {
    let name = tree.get("name")?;
    let mut operations = Vec::new();
    for key in ["over", "list", "get", "update"] {
        if let Some(inner) = tree.get(key) {
            match inner.members() {
                Some(members) => operations.extend(texts(members.values().map(|m| &m.tree))),
                None => operations.extend(texts(inner.items())),
            }
        }
    }
    Some(Composite {
        name: (name.text()?.to_owned(), name.place.clone()),
        operations,
        tree: tree.clone(),
    })
}
