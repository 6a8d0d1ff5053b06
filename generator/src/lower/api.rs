//! The passes over a whole document.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::json;

use super::arrange::{arrange, renumber};
use super::configured::{ByOperation, named, not_below};
use super::groups::Groups;
use super::identity::{Identity, instructions};
use super::ignored::ignored;
use super::operation::Lowering;
use super::schema::{Shapes, Store};
use super::security::SecuritySchemes;
use super::select::{Exclude, distinct, select};
use super::servers::Servers;
use super::split::{self, Planned};
use super::types::TypeBuilder;
use super::{mentions, read_only, relations, results, workflow};
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink, json_path, remedy};
use crate::ir;
use crate::lock::{LOCK, Lock};
use crate::model::{Anchors, Node, RawOperation, Resolver, operations};
use crate::names::{Named, Unique, duplicate_ids};
use crate::settings::{Settings, share_words};
use crate::source::{Budget, Budgets, Document, sha256};
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
    /// Tool names of earlier runs.
    pub lock: Option<Lock>,
    /// What `mcpwright.toml` says.
    pub(crate) settings: Settings,
}

impl Names {
    /// Whether the server carries its document.
    pub(crate) fn serves_document(&self) -> bool {
        self.settings.server.serve_document
    }
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
    let anchors = Anchors::default();
    let resolver = Resolver::new(value, budgets.ref_hops).knowing(&anchors, &document.refusals);
    let (found, malformed) = operations(&root, resolver, sink);
    let document_operations = found.len().saturating_add(malformed.len());
    if document_operations > budgets.operations {
        let finding = Diagnostic::new(
            Code::E0412,
            format!(
                "{document_operations} operations; at most {} are read",
                budgets.operations
            ),
        );
        let finding = match found.get(budgets.operations).or(found.last()) {
            Some(one_more) => finding.at_key(&one_more.node.pointer),
            None => finding.at_key(&Pointer::root().child("paths")),
        };
        let help = budgets.remedy(Budget::Operations, Some(document_operations));
        sink.push(finding.label("one more than is read").help(help));
        return None;
    }
    let ids: HashSet<String> = found
        .iter()
        .filter_map(|raw| raw.node.str("operationId"))
        .map(|id| text::line(id, 200))
        .collect();
    let settings = &names.settings;
    let mut configured = ByOperation::of(document, value, &found, settings, sink);
    let (kept, mut left_out) = select(found, &names.exclude, sink);
    let mut on = Vec::with_capacity(kept.len());
    for raw in kept {
        match configured.off(&raw) {
            None => on.push(raw),
            Some(reason) => left_out.push((raw, reason)),
        }
    }
    let kept = on;
    let mut exclusions: Vec<ir::Exclusion> = malformed
        .into_iter()
        .map(|(method, path, reason)| exclusion(&method, &path, &reason))
        .chain(
            left_out
                .iter()
                .map(|(raw, reason)| exclusion(&raw.method, raw.path, reason)),
        )
        .collect();
    let (kept, repeated) = distinct(kept, resolver, budgets.schemas, sink);
    exclusions.extend(
        repeated
            .iter()
            .map(|(raw, reason)| exclusion(&raw.method, raw.path, reason)),
    );
    let webhooks = ignored(&root, &kept, resolver, sink);
    let identity = Identity::of(&root, names);
    let named = name_tools(&kept, &configured, names.lock.as_ref(), sink);
    let store = Store::default();
    let room = budgets.operations.saturating_sub(kept.len());
    let whole = Shapes::new(resolver, &store, budgets.schemas);
    let parts = split::parts(&kept, &configured, &whole, room, sink);
    let planned = split::planned(kept, named, &parts, names.lock.as_ref());
    let kept: Vec<RawOperation<'_>> = planned.iter().map(|one| one.raw.clone()).collect();
    let mut security = SecuritySchemes::read(&root, &kept, resolver, &identity.env_prefix, sink);
    security.adopt(&kept, resolver, &identity.env_prefix);
    let store = Store::default();
    let shapes = Shapes::new(resolver, &store, budgets.schemas);
    security.adopt_from_bodies(&kept, resolver, &shapes, &identity.env_prefix);
    security.separate_tokens(&kept, &identity.env_prefix);
    let mut lowering = Lowering {
        resolver,
        shapes: &shapes,
        types: TypeBuilder::new(&shapes, &root),
        security: &security,
        servers: Servers::read(&root, &identity.env_prefix, document.base.as_deref())
            .and(settings.server.base_url.as_deref()),
        type_names: Unique::default(),
        has_read_only: read_only::is_said(root.value),
        has_secrets: results::has_secrets(root.value),
        records: relations::records(&kept),
    };
    let mut groups = Groups::new(&root);
    for Planned {
        raw,
        tool,
        natural,
        variant,
        repeats,
    } in &planned
    {
        let given = configured.given(raw);
        let mut said = Sink::default();
        let own = if *repeats { &mut said } else { &mut *sink };
        match lowering.operation(raw, tool, &given, own) {
            Ok(mut operation) => {
                not_below(raw, natural, &mut operation);
                if let Some(deed) = variant.as_ref().and_then(split::deed) {
                    not_below(raw, &deed, &mut operation);
                }
                operation.variant.clone_from(variant);
                configured.apply(raw, &mut operation, sink);
                sink.extend(results::unsure(&operation, &raw.node.pointer));
                groups.add(raw, configured.group(raw), operation);
            }
            Err(reason) => exclusions.push(exclusion(&raw.method, raw.path, &reason)),
        }
        if shapes.is_spent() {
            sink.push(too_much_work(raw, budgets));
            return None;
        }
    }
    groups.name_tools_in_text(&planned, settings.examples, sink);
    let types = std::mem::take(&mut lowering.types.types);
    let all_servers = lowering.servers;
    shapes.drain_into(sink);
    let mut groups = groups.finish();
    if groups.is_empty() {
        sink.push(without_tools(&exclusions, webhooks.len()));
        return None;
    }
    configured.merged(&mut groups, sink);
    share_words(&mut groups);
    configured.check_mentions(&groups, sink);
    configured.leave_out_unknown(&mut groups);
    let composites = configured.composites(&groups, sink);
    mentions::check(&mut groups, &composites, &ids, value, sink);
    let prompts = workflow::prompts(&identity.title, &groups, &composites);
    let prompts = configured.prompts(prompts, sink);
    let records_entities = configured.entities(&kept, sink);
    let types = place_types(types, &mut groups);
    security.report_unsupported(&groups, sink);
    let schemes = drop_unused(&mut security.schemes, &mut groups);
    let servers = match &settings.server.base_url {
        Some(url) => vec![url.clone()],
        None => all_servers.suggested(&root, sink),
    };
    // The hash in generated files stands for everything that they were made from.
    let document_sha256 = match &settings.sha256 {
        Some(hash) => sha256(format!("{}\n{hash}", document.sha256).as_bytes()),
        None => document.sha256.clone(),
    };
    let document_name = std::iter::once(&*document.name)
        .chain(document.overlays.iter().map(|overlay| &*overlay.name))
        .filter_map(|name| name.rsplit(['/', '\\']).next())
        .collect::<Vec<_>>()
        .join(" + ");
    Some(ir::Api {
        instructions: instructions(&identity, &root, &groups, document_operations),
        package: identity.package,
        name: identity.server,
        title: identity.title,
        version: identity.version,
        env_prefix: identity.env_prefix,
        servers,
        own_servers: all_servers.into_own(),
        schemes,
        groups,
        types,
        exclusions,
        webhooks,
        composites,
        prompts,
        topic_prompts: configured.topic_prompts(),
        records_prefix: configured.records_prefix.clone(),
        records_entities,
        token_pattern: settings.server.token_pattern.clone(),
        document: None,
        document_operations,
        document_name: text::line(&document_name, 120),
        document_sha256,
    })
}

/// That the schemas of the tools, to this one, are more than may be looked at.
fn too_much_work(raw: &RawOperation<'_>, budgets: &Budgets) -> Diagnostic {
    let message = format!(
        "more than {} schemas and properties would be looked at",
        budgets.schemas
    );
    Diagnostic::new(Code::E0528, message)
        .at_key(&raw.node.pointer)
        .label("used up here")
        .note("each tool looks at all that its arguments and its answer consist of; schemas that take each other in by `allOf` are looked at again and again")
        .help(budgets.remedy(Budget::Schemas, None))
}

/// Why there is no tool at all.
fn without_tools(left_out: &[ir::Exclusion], webhooks: usize) -> Diagnostic {
    let message = "the document has no operation that can be a tool";
    let mut finding = Diagnostic::new(Code::E0411, message)
        .help("a document needs `paths` with at least one usable operation");
    if let Some(first) = left_out.first() {
        finding = finding.note(format!(
            "{} left out; the first is {} {}: {}",
            match left_out.len() {
                1 => "1 operation is".to_owned(),
                several => format!("{several} operations are"),
            },
            first.method,
            first.path,
            first.reason
        ));
    }
    match webhooks {
        0 => finding,
        _ => finding.note("webhooks are sent by the service, and no tool comes from them"),
    }
}

fn exclusion(method: &str, path: &str, reason: &str) -> ir::Exclusion {
    ir::Exclusion {
        method: text::line(method, 40),
        path: text::line(path, 1_000),
        reason: text::line(reason, 300),
    }
}

/// A document without any sense in its operationIds is not mended line by line.
const MOST_RENAMED: usize = 50;

/// The names of the tools, and those that say what is done.
fn name_tools(
    operations: &[RawOperation<'_>],
    configured: &ByOperation,
    lock: Option<&Lock>,
    sink: &mut Sink,
) -> (Vec<String>, Vec<String>) {
    let named: Vec<Named<'_>> = operations.iter().map(named).collect();
    let duplicates = duplicate_ids(&named);
    let kept = lock.map(|lock| lock.names(&named)).unwrap_or_default();
    for name in lock.iter().flat_map(|lock| lock.unusable()) {
        sink.push(
            Diagnostic::new(
                Code::E0951,
                format!("`{}` in {LOCK} can be no tool's name", text::line(name, 60)),
            )
            .help("1 to 40 characters: a-z, 0-9 and `_`, starting with a letter"),
        );
    }
    let (names, natural) = configured.names(operations, &kept, sink);
    let ids: HashSet<&str> = named.iter().map(|named| named.operation_id).collect();
    for (id, count) in sorted(&duplicates) {
        // All but the first need another name; the name of the tool is free for them. One operation that
        // several paths refer to cannot have two.
        let mut places: HashSet<&Pointer> = HashSet::new();
        let all = || {
            let all = operations.iter().zip(&names.names);
            all.filter(|(o, _)| o.node.str("operationId") == Some(id))
        };
        let others: Vec<_> = all()
            .filter(|(o, _)| places.insert(&o.node.pointer))
            .skip(1)
            .take(MOST_RENAMED)
            .collect();
        let renamed: Vec<String> = others
            .iter()
            .map(|(raw, name)| {
                let taken = ids.contains(name.as_str());
                let name = if taken {
                    format!("{name}_{}", raw.method.to_lowercase())
                } else {
                    (*name).clone()
                };
                remedy::update(&json_path(&raw.node.pointer), &json!({"operationId": name}))
            })
            .collect();
        let mut diagnostic = Diagnostic::new(
            Code::E0403,
            format!(
                "the operationId `{}` occurs {count} times",
                text::line(id, 80)
            ),
        )
        .note("tools are named by method and path instead")
        .help("give each operation an operationId of its own");
        if !renamed.is_empty() {
            diagnostic = diagnostic.overlay(renamed.join("\n"));
        }
        if let Some((raw, _)) = others.first().copied().or_else(|| all().next()) {
            diagnostic = diagnostic.at(&raw.node.pointer.child("operationId"));
        }
        sink.push(diagnostic);
    }
    for index in &names.altered {
        if let (Some(raw), Some(name)) = (operations.get(*index), names.names.get(*index)) {
            sink.push(
                Diagnostic::new(Code::E0410, format!("{} is named `{name}`", raw.label()))
                    .at_key(&raw.node.pointer)
                    .note("the name that method and path suggest is too long or taken")
                    .help(OWN_NAME)
                    .overlay(own_name(raw, name)),
            );
        }
    }
    for index in &names.wordless {
        if let (Some(raw), Some(name)) = (operations.get(*index), names.names.get(*index)) {
            sink.push(
                Diagnostic::new(Code::E0416, format!("{} is named `{name}`", raw.label()))
                    .at_key(&raw.node.pointer)
                    .note("the path has no word that a name could use")
                    .help(OWN_NAME)
                    .overlay(own_name(raw, name)),
            );
        }
    }
    (names.names, natural)
}

const OWN_NAME: &str =
    "give it a name that says what it does: `x-mcp: { name: … }`, or an operationId";

/// The action that gives a tool a name of its own, which starts as the one that it has.
fn own_name(raw: &RawOperation<'_>, name: &str) -> String {
    let named = json!({"x-mcp": {"name": name}});
    remedy::update(&json_path(&raw.node.pointer), &named)
}

fn sorted<'a>(map: &HashMap<&'a str, usize>) -> Vec<(&'a str, usize)> {
    let mut list: Vec<_> = map.iter().map(|(id, count)| (*id, *count)).collect();
    list.sort_unstable();
    list
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
