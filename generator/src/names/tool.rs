//! Tool names: `verb_resource`, at most 40 characters, unique, and independent of the order of the
//! document.
//!
//! The operationId is a hint: `listCustomers`, `leads.create`, `leads_retrieve` and
//! `list_contacts_api_v1_contacts_get` all carry a verb and a resource. Without a usable one, method
//! and path decide.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::operation_id::from_id;
use super::resource::{Path, collections, common_prefix, from_path, is_wordless};

/// Longest tool name: clients put `mcp__server__` in front and cut at 60 to 64 characters.
pub(crate) const LONGEST: usize = 40;

/// Suffixes by which a name is known to have one: a second is hardly ever needed.
const TRIES: u32 = 4;

/// How tools are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// `create_lead`
    #[default]
    VerbResource,
    /// `lead_create`
    ResourceVerb,
    /// `leads.create`, as the operationId has it, else `lead.create`.
    Dotted,
}

/// What the naming looks at.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// HTTP method, upper case.
    pub method: &'a str,
    /// Path template.
    pub path: &'a str,
    /// operationId, empty if there is none.
    pub operation_id: &'a str,
    /// Which part of the operation it is; empty for all of it.
    pub part: &'a str,
    /// The name that settings give it.
    pub given: Option<&'a str>,
}

/// The names of all operations, in the order given, and which of them had to be shortened or changed
/// to be unique.
#[derive(Debug, Default)]
pub struct ToolNames {
    /// One name per operation.
    pub names: Vec<String>,
    /// Indices of names that were cut or got a suffix.
    pub altered: Vec<usize>,
    /// Indices of names that say nothing, since the path has no word.
    pub wordless: Vec<usize>,
}

/// Whether settings may give a tool this name: `^[a-z][a-z0-9_]{0,39}$`, and with `dots` a dot between
/// words.
pub fn is_tool_name(name: &str, dots: bool) -> bool {
    let dotted = |b: u8| dots && b == b'.';
    name.len() <= LONGEST
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('.')
        && !name.contains("..")
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || dotted(b))
}

/// Names for all operations. `operations` may come in any order: each gets the same name.
pub fn tool_names(operations: &[Named<'_>], style: Style) -> ToolNames {
    let common = common_prefix(operations);
    let collections = collections(operations);
    let paths: Vec<Path> = operations
        .iter()
        .map(|o| Path {
            has_records: collections.contains(o.path.trim_matches('/')),
            ..Path::new(o.path, common)
        })
        .collect();
    let mut result = ToolNames {
        names: vec![String::new(); operations.len()],
        ..ToolNames::default()
    };
    let mut taken: HashSet<String> = HashSet::new();
    // Each round offers a longer name to those that still share one.
    let mut open: Vec<usize> = Vec::with_capacity(operations.len());
    for (i, operation) in operations.iter().enumerate() {
        match operation.given {
            Some(name) => {
                taken.insert(name.to_owned());
                assign(&mut result, i, name.to_owned(), false);
            }
            None => open.push(i),
        }
    }
    for round in 0..4u8 {
        let mut offers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for &i in &open {
            if let (Some(operation), Some(path)) = (operations.get(i), paths.get(i)) {
                offers
                    .entry(offer(operation, path, round, style))
                    .or_default()
                    .push(i);
            }
        }
        open.clear();
        for (name, candidates) in offers {
            match candidates.as_slice() {
                [one] if !name.is_empty() && name.len() <= LONGEST && !taken.contains(&name) => {
                    taken.insert(name.clone());
                    assign(&mut result, *one, name, false);
                }
                several => open.extend(several),
            }
        }
        open.sort_unstable();
    }
    // What is still not unique or too long gets a hash of its method and path.
    open.sort_by_key(|&i| operations.get(i).map(|o| (o.path, o.method)));
    for i in open {
        let (Some(operation), Some(path)) = (operations.get(i), paths.get(i)) else {
            continue;
        };
        let base = offer(operation, path, 0, style);
        let mut salt = 0u32;
        loop {
            let suffix = suffix(operation.method, operation.path, salt);
            let room = LONGEST.saturating_sub(suffix.len().saturating_add(1));
            let name = format!("{}_{suffix}", cut_at_word(&base, room));
            if taken.insert(name.clone()) {
                assign(&mut result, i, name, true);
                break;
            }
            salt = salt.saturating_add(1);
        }
    }
    result.altered.sort_unstable();
    for (index, (operation, name)) in operations.iter().zip(&result.names).enumerate() {
        let bare = readable(name, operation.method, operation.path);
        let says_nothing = || is_wordless(operation.path) && bare.split('_').any(|w| w == "root");
        if operation.given.is_none() && says_nothing() {
            result.wordless.push(index);
        }
    }
    result
}

fn assign(result: &mut ToolNames, index: usize, name: String, altered: bool) {
    if let Some(slot) = result.names.get_mut(index) {
        *slot = name;
    }
    if altered {
        result.altered.push(index);
    }
}

/// The name that an operation asks for in a round: 0 from its operationId, 1 and 2 from the path with
/// more and more of it, 3 with the method's name in it.
fn offer(operation: &Named<'_>, path: &Path, round: u8, style: Style) -> String {
    if style == Style::Dotted && round == 0 && is_dotted(operation.operation_id) {
        return operation.operation_id.to_owned();
    }
    let words = match round {
        0 => from_id(operation, path).unwrap_or_else(|| from_path(operation.method, path, 1)),
        1 => from_path(operation.method, path, 2),
        2 => from_path(operation.method, path, usize::MAX),
        _ => {
            let mut words = from_path(operation.method, path, usize::MAX);
            words.extend(
                path.parameters
                    .iter()
                    .flat_map(|p| std::iter::once("by".to_owned()).chain(super::words::words(p))),
            );
            words
        }
    };
    let mut name = match (style, words.as_slice()) {
        (Style::ResourceVerb, [verb, resource @ ..]) if !resource.is_empty() => {
            format!("{}_{verb}", resource.join("_"))
        }
        (Style::Dotted, [verb, resource @ ..]) if !resource.is_empty() => {
            format!("{}.{verb}", resource.join("_"))
        }
        _ => words.join("_"),
    };
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.is_empty() {
        name.insert_str(0, "op_");
    }
    name
}

/// Whether an operationId is `resource.verb` already.
fn is_dotted(id: &str) -> bool {
    id.split('.').count() == 2 && is_tool_name(id, true)
}

fn cut_at_word(name: &str, room: usize) -> &str {
    if name.len() <= room {
        return name;
    }
    let cut = name.get(..room).unwrap_or(name);
    cut.rfind('_')
        .filter(|&at| at > room / 2)
        .and_then(|at| cut.get(..at))
        .unwrap_or(cut)
}

/// FNV-1a, 32 bit: a suffix only has to be stable and spread well.
fn fnv(method: &str, path: &str, salt: u32) -> u32 {
    method
        .bytes()
        .chain([b' '])
        .chain(path.bytes())
        .chain(salt.to_le_bytes())
        .fold(0x811c_9dc5, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        })
}

/// What makes a name unique; `salt` counts the tries.
fn suffix(method: &str, path: &str, salt: u32) -> String {
    format!("{:04x}", fnv(method, path, salt) & 0xffff)
}

/// The name of a tool as it is read: without what makes it unique, which says nothing.
pub fn readable<'n>(name: &'n str, method: &str, path: &str) -> &'n str {
    let Some((bare, last)) = name.rsplit_once('_') else {
        return name;
    };
    match (0..TRIES).any(|salt| suffix(method, path, salt) == last) {
        true => bare,
        false => name,
    }
}

/// Number of operations that share each operationId, for the report.
pub fn duplicate_ids<'a>(operations: &[Named<'a>]) -> HashMap<&'a str, usize> {
    let mut counts = HashMap::new();
    for operation in operations.iter().filter(|o| !o.operation_id.is_empty()) {
        let count: &mut usize = counts.entry(operation.operation_id).or_default();
        *count = count.saturating_add(1);
    }
    counts.retain(|_, count| *count > 1);
    counts
}

#[cfg(test)]
mod tests;
