//! The passes over a whole document.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::describe;
use super::operation::Lowering;
use super::schema::Shapes;
use super::security::SecuritySchemes;
use super::select::{Exclude, select};
use super::types::{TypeBuilder, arrange, renumber};
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::ir;
use crate::model::{Node, RawOperation, Resolver, operations};
use crate::names::{Named, Unique, duplicate_ids, module, tool_names, words};
use crate::source::{Budgets, Document};
use crate::text;

/// What the operator may say about names and operations.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Cargo package; from the title if not given.
    pub package: Option<String>,
    /// Server name; from the title if not given.
    pub server: Option<String>,
    /// Operations to leave out.
    pub exclude: Vec<Exclude>,
}

/// Lowers a normalized document. `value` is the normalized form of `document`. `None` when nothing
/// can be generated; the sink says why.
pub fn lower(
    document: &Document,
    value: &serde_json::Value,
    names: &Names,
    budgets: &Budgets,
    sink: &mut Sink,
) -> Option<ir::Api> {
    let root = Node::root(value);
    let resolver = Resolver::new(value, budgets.ref_hops);
    let (found, malformed) = operations(&root, resolver, sink);
    let document_operations = found.len().saturating_add(malformed.len());
    if document_operations > budgets.operations {
        sink.push(
            Diagnostic::new(
                Code::E0412,
                format!(
                    "{document_operations} operations; at most {} are read",
                    budgets.operations
                ),
            )
            .help("raise the limit, or leave operations out"),
        );
        return None;
    }
    let (kept, left_out) = select(found, &names.exclude, sink);
    let mut exclusions: Vec<ir::Exclusion> = malformed
        .into_iter()
        .map(|(method, path, reason)| exclusion(&method, &path, &reason))
        .chain(
            left_out
                .iter()
                .map(|(raw, reason)| exclusion(&raw.method, raw.path, reason)),
        )
        .collect();
    let kept = distinct(kept, &mut exclusions, sink);
    let identity = Identity::of(&root, names);
    let mut security = SecuritySchemes::read(&root, resolver, &identity.env_prefix, sink);
    let tools = name_tools(&kept, sink);
    let shapes = Shapes::new(resolver);
    let mut lowering = Lowering {
        resolver,
        shapes: &shapes,
        types: TypeBuilder::new(&shapes, &root),
        security: &security,
        type_names: Unique::default(),
    };
    let mut groups = Groups::new(&root);
    for (raw, tool) in kept.iter().zip(&tools) {
        match lowering.operation(raw, tool, sink) {
            Ok(operation) => groups.add(raw, operation),
            Err(reason) => exclusions.push(exclusion(&raw.method, raw.path, &reason)),
        }
    }
    groups.name_tools_in_text(&kept, &tools);
    let types = std::mem::take(&mut lowering.types.types);
    shapes.drain_into(sink);
    let mut groups = groups.finish();
    if groups.is_empty() {
        sink.push(
            Diagnostic::new(Code::E0411, "the document has no operation that can be a tool")
                .help("see the messages above; a document needs `paths` with at least one usable operation"),
        );
        return None;
    }
    let types = place_types(types, &mut groups);
    let schemes = drop_unused(&mut security.schemes, &mut groups);
    let servers = servers(&root, sink);
    let document_name = document
        .name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_owned();
    Some(ir::Api {
        instructions: instructions(&identity, &root, &groups),
        package: identity.package,
        name: identity.server,
        title: identity.title,
        version: identity.version,
        env_prefix: identity.env_prefix,
        servers,
        schemes,
        groups,
        types,
        exclusions,
        document_operations,
        document_name: text::line(&document_name, 120),
        document_sha256: document.sha256.clone(),
    })
}

fn exclusion(method: &str, path: &str, reason: &str) -> ir::Exclusion {
    ir::Exclusion {
        method: text::line(method, 40),
        path: text::line(path, 1_000),
        reason: text::line(reason, 300),
    }
}

/// Two templates that differ only in the names of their parameters are the same path (OpenAPI 3.2
/// §4.8.1): the first one counts.
fn distinct<'a>(
    operations: Vec<RawOperation<'a>>,
    exclusions: &mut Vec<ir::Exclusion>,
    sink: &mut Sink,
) -> Vec<RawOperation<'a>> {
    let mut seen: IndexMap<(String, String), &'a str> = IndexMap::new();
    let mut kept = Vec::new();
    for raw in operations {
        let key = (raw.method.clone(), without_names(raw.path));
        if let Some(first) = seen.get(&key) {
            let reason = format!(
                "the same as `{} {first}` but for parameter names",
                raw.method
            );
            sink.push(
                Diagnostic::new(
                    Code::E0404,
                    format!("{} is left out: {reason}", raw.label()),
                )
                .at_key(&raw.node.pointer)
                .help("keep one of the two paths"),
            );
            exclusions.push(exclusion(&raw.method, raw.path, &reason));
            continue;
        }
        seen.insert(key, raw.path);
        kept.push(raw);
    }
    kept
}

fn without_names(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        match c {
            '{' => {
                inside = true;
                out.push('{');
            }
            '}' => {
                inside = false;
                out.push('}');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

fn name_tools(operations: &[RawOperation<'_>], sink: &mut Sink) -> Vec<String> {
    let named: Vec<Named<'_>> = operations
        .iter()
        .map(|raw| Named {
            method: &raw.method,
            path: raw.path,
            operation_id: raw.node.str("operationId").unwrap_or_default(),
        })
        .collect();
    let duplicates = duplicate_ids(&named);
    for (id, count) in sorted(&duplicates) {
        let first = operations
            .iter()
            .filter(|o| o.node.str("operationId") == Some(id))
            .nth(1);
        let mut diagnostic = Diagnostic::new(
            Code::E0403,
            format!(
                "the operationId `{}` occurs {count} times",
                text::line(id, 80)
            ),
        )
        .note("tools are named by method and path instead")
        .help("give each operation an operationId of its own");
        if let Some(raw) = first {
            diagnostic = diagnostic.at(&raw.node.pointer.child("operationId"));
        }
        sink.push(diagnostic);
    }
    let names = tool_names(&named);
    for index in &names.altered {
        if let (Some(raw), Some(name)) = (operations.get(*index), names.names.get(*index)) {
            sink.push(
                Diagnostic::new(Code::E0410, format!("{} is named `{name}`", raw.label()))
                    .at_key(&raw.node.pointer)
                    .note("the name that method and path suggest is too long or taken"),
            );
        }
    }
    names.names
}

fn sorted<'a>(map: &HashMap<&'a str, usize>) -> Vec<(&'a str, usize)> {
    let mut list: Vec<_> = map.iter().map(|(id, count)| (*id, *count)).collect();
    list.sort_unstable();
    list
}

/// Names of crate, server and variables.
struct Identity {
    package: String,
    server: String,
    title: String,
    version: String,
    env_prefix: String,
}

impl Identity {
    fn of(root: &Node<'_>, names: &Names) -> Self {
        let info = root.get("info");
        let title = info
            .as_ref()
            .and_then(|i| i.str("title"))
            .map(|t| text::line(t, 80))
            .filter(|t| !t.is_empty())
            .unwrap_or_else(|| "API".to_owned());
        let version = info
            .as_ref()
            .and_then(|i| i.value.get("version"))
            .map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned))
            .map(|v| text::line(&v, 40))
            .unwrap_or_default();
        let slug = slug(&title);
        let server = names.server.clone().unwrap_or_else(|| {
            // The whole words that fit 16 characters.
            let mut short = String::new();
            for word in slug.split('-') {
                if short.len() + word.len() + usize::from(!short.is_empty()) > 16 {
                    break;
                }
                if !short.is_empty() {
                    short.push('-');
                }
                short.push_str(word);
            }
            if short.is_empty() {
                slug.chars().take(16).collect()
            } else {
                short
            }
        });
        let package = names
            .package
            .clone()
            .unwrap_or_else(|| format!("{server}-mcp"));
        let env_prefix = server.replace('-', "_").to_ascii_uppercase();
        Self {
            package,
            server,
            title,
            version,
            env_prefix,
        }
    }
}

/// Lower-case words with hyphens; words that every API has in its title are dropped.
fn slug(title: &str) -> String {
    let all = words(title);
    let telling: Vec<&String> = all
        .iter()
        .filter(|w| {
            !matches!(
                w.as_str(),
                "api" | "rest" | "the" | "openapi" | "swagger" | "for" | "and" | "documentation"
            )
        })
        .collect();
    let words = if telling.is_empty() {
        all.iter().collect()
    } else {
        telling
    };
    let slug = words
        .into_iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("-");
    match slug.chars().next() {
        None => "api".to_owned(),
        Some(c) if c.is_ascii_alphabetic() => slug,
        Some(_) => format!("api-{slug}"),
    }
}

/// Operations by tag.
struct Groups {
    groups: IndexMap<String, ir::Group>,
}

impl Groups {
    /// With the document's tags in their order.
    fn new(root: &Node<'_>) -> Self {
        let mut groups = IndexMap::new();
        for tag in root.list("tags") {
            let Some(name) = tag.str("name") else {
                continue;
            };
            groups.entry(name.to_owned()).or_insert_with(|| ir::Group {
                title: text::line(name, 80),
                module: String::new(),
                description: text::line(tag.str("description").unwrap_or_default(), 300),
                operations: Vec::new(),
            });
        }
        Self { groups }
    }

    fn add(&mut self, raw: &RawOperation<'_>, operation: ir::Operation) {
        let tag = raw
            .node
            .list("tags")
            .find_map(|t| t.value.as_str().map(str::to_owned));
        let tag = tag
            .filter(|t| !t.trim().is_empty())
            .unwrap_or_else(|| resource(raw.path));
        let group = self.groups.entry(tag.clone()).or_insert_with(|| ir::Group {
            title: text::line(&tag, 80),
            module: String::new(),
            description: String::new(),
            operations: Vec::new(),
        });
        group.operations.push(operation);
    }

    /// Descriptions of tools and arguments that mention operationIds name the tools instead.
    fn name_tools_in_text(&mut self, operations: &[RawOperation<'_>], tools: &[String]) {
        let names: HashMap<&str, &str> = operations
            .iter()
            .zip(tools)
            .filter_map(|(raw, tool)| Some((raw.node.str("operationId")?, tool.as_str())))
            .collect();
        for operation in self.groups.values_mut().flat_map(|g| &mut g.operations) {
            operation.description = describe::with_tool_names(&operation.description, &names);
            name_tools_in_schema(&mut operation.input_schema, &names);
        }
    }

    fn finish(self) -> Vec<ir::Group> {
        let mut modules = Unique::default();
        modules.reserve("shared");
        let mut groups: Vec<ir::Group> = self
            .groups
            .into_values()
            .filter(|g| !g.operations.is_empty())
            .collect();
        for (i, group) in groups.iter_mut().enumerate() {
            group.module = modules.take(&module(&group.title, i), "_");
        }
        groups
    }
}

/// Only `description` keywords are text; a property may have that name too, and then holds a schema.
fn name_tools_in_schema(schema: &mut serde_json::Value, names: &HashMap<&str, &str>) {
    match schema {
        serde_json::Value::Object(object) => {
            for (key, value) in object.iter_mut() {
                match value {
                    serde_json::Value::String(text)
                        if key == "description" && text.contains('`') =>
                    {
                        *text = describe::with_tool_names(text, names);
                    }
                    _ if matches!(key.as_str(), "enum" | "default" | "examples" | "const") => {}
                    _ => name_tools_in_schema(value, names),
                }
            }
        }
        serde_json::Value::Array(items) => {
            items
                .iter_mut()
                .for_each(|item| name_tools_in_schema(item, names));
        }
        _ => {}
    }
}

/// The group of an operation without a tag: the first word of its path that says something.
fn resource(path: &str) -> String {
    path.split('/')
        .find(|s| {
            !s.is_empty()
                && !s.starts_with('{')
                && !matches!(*s, "api" | "rest")
                && s.strip_prefix('v')
                    .is_none_or(|n| n.parse::<f32>().is_err())
        })
        .unwrap_or("general")
        .to_owned()
}

fn place_types(types: Vec<ir::TypeDef>, groups: &mut [ir::Group]) -> Vec<ir::TypeDef> {
    let mut roots: IndexMap<String, Vec<usize>> = IndexMap::new();
    for group in groups.iter() {
        let used = group
            .operations
            .iter()
            .flat_map(|o| o.fields.iter().map(|f| &f.ty).chain([&o.output_type]))
            .filter_map(ir::TypeRef::named)
            .collect();
        roots.insert(group.module.clone(), used);
    }
    let sent = groups
        .iter()
        .flat_map(|g| &g.operations)
        .flat_map(|o| &o.fields)
        .filter_map(|f| f.ty.named())
        .collect();
    let (types, new_index) = arrange(types, &roots, sent);
    for operation in groups.iter_mut().flat_map(|g| &mut g.operations) {
        for field in &mut operation.fields {
            renumber(&mut field.ty, &new_index);
        }
        renumber(&mut operation.output_type, &new_index);
    }
    types
}

/// Schemes that no operation names are not emitted.
fn drop_unused(schemes: &mut Vec<ir::Scheme>, groups: &mut [ir::Group]) -> Vec<ir::Scheme> {
    let mut used = vec![false; schemes.len()];
    let all = |groups: &mut [ir::Group], act: &mut dyn FnMut(&mut ir::Security)| {
        for operation in groups.iter_mut().flat_map(|g| &mut g.operations) {
            operation.security.iter_mut().flatten().for_each(&mut *act);
        }
    };
    all(groups, &mut |s| {
        if let Some(flag) = used.get_mut(s.scheme) {
            *flag = true;
        }
    });
    let mut next = 0usize;
    let new_index: Vec<usize> = used
        .iter()
        .map(|&u| {
            let index = next;
            next = next.saturating_add(usize::from(u));
            index
        })
        .collect();
    all(groups, &mut |s| {
        s.scheme = new_index.get(s.scheme).copied().unwrap_or_default()
    });
    std::mem::take(schemes)
        .into_iter()
        .zip(used)
        .filter_map(|(scheme, used)| used.then_some(scheme))
        .collect()
}

/// Absolute server URLs with their variables' defaults filled in (OpenAPI 3.2 §4.5).
fn servers(root: &Node<'_>, sink: &mut Sink) -> Vec<String> {
    let mut servers: Vec<String> = Vec::new();
    for server in root.list("servers") {
        let Some(url) = server.str("url") else {
            continue;
        };
        let mut url = text::line(url, 300);
        for (name, variable) in server.get("variables").iter().flat_map(Node::entries) {
            let default = variable.str("default").unwrap_or_default();
            url = url.replace(&format!("{{{name}}}"), &text::line(default, 200));
        }
        let absolute = url.starts_with("https://") || url.starts_with("http://");
        if absolute && !servers.contains(&url) {
            servers.push(url);
        }
    }
    if servers.is_empty() {
        let mut diagnostic = Diagnostic::new(Code::E0603, "the document names no absolute server URL")
            .note("the base URL is always given when the server starts; there is only no suggestion to show");
        if let Some(node) = root.get("servers") {
            diagnostic = diagnostic.at(&node.pointer);
        }
        sink.push(diagnostic);
    }
    servers
}

/// What the server says of itself: the first 512 characters stand alone, then the index.
fn instructions(identity: &Identity, root: &Node<'_>, groups: &[ir::Group]) -> String {
    let about = root
        .at(&["info", "description"])
        .and_then(|n| n.value.as_str())
        .map(|d| text::first_sentence(d, 200))
        .filter(|d| !d.is_empty());
    let count: usize = groups.iter().map(|g| g.operations.len()).sum();
    let mut out = match about {
        Some(about) => format!(
            "{}: {}.",
            identity.title,
            about.trim_end_matches(['.', '…'])
        ),
        None => format!("{}.", identity.title),
    };
    out.push_str(&format!(
        " {count} tools, one for each operation of its API. Look records up before you create or change them; \
         never guess ids. Ask the person before anything is deleted, sent or paid."
    ));
    out.push_str("\nTools by topic:");
    for group in groups {
        let names: Vec<&str> = group.operations.iter().map(|o| o.tool.as_str()).collect();
        let line = format!("\n- {}: {}", group.title, names.join(", "));
        let short = format!("\n- {} ({} tools)", group.title, names.len());
        if out.len().saturating_add(line.len()) <= 1_700 {
            out.push_str(&line);
        } else if out.len().saturating_add(short.len()) <= 2_000 {
            out.push_str(&short);
        }
    }
    out
}
