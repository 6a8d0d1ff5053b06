//! How the answers of an operation are shown: where the records stand, which properties a list shows, how
//! pages are asked for (ADR 0022). Decided from names and types alone, so that the same document gives
//! the same server.

mod columns;
mod envelope;
mod kinds;
mod paging;
mod spots;
mod told;
mod unsure;

use serde_json::Value;

use super::arguments::Argument;
use super::schema::{Additional, Shape, Shapes, Types};
use crate::ir;
use crate::model::Node;
use crate::names::{singular, words};

use envelope::{Found, Items, Looked};

pub(super) use unsure::unsure;

/// Properties above which a caller can choose what is shown. Fewer are shown all.
const MANY: usize = 8;
/// What the names of tools begin with that give several records.
const LISTS: [&str; 4] = ["list", "search", "find", "query"];
/// Levels below a record in which secrets are looked for.
const DEEPEST: usize = 3;

/// Whether the document marks anything as secret: most do not, and then there is nothing to look for.
pub(super) fn has_secrets(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.get("writeOnly") == Some(&Value::Bool(true))
                || members.get("format").and_then(Value::as_str) == Some("password")
                || members.values().any(has_secrets)
        }
        Value::Array(items) => items.iter().any(has_secrets),
        _ => false,
    }
}

/// Decides how an answer with this schema is shown; `None` where there is nothing to decide. `has_secrets`
/// is what [`has_secrets`] says of the document.
pub(super) fn plan<'a>(
    shapes: &Shapes<'a>,
    body: &Node<'a>,
    has_secrets: bool,
    arguments: &[Argument<'a>],
    of: Subject<'_>,
) -> Option<ir::Answer> {
    let Subject { tool, reads, .. } = of;
    let looked = Looked::new(shapes);
    let root = looked.of(body);
    let nouns = nouns(tool);
    let (root, found) = form(&looked, root, &nouns, reads);
    if !found.list && of.may_be_list() && is_unsaid(shapes, &root) {
        return Some(open(shapes, arguments, of, Some(&root)));
    }
    let many = reads && envelope::width(&looked, &root, &found) > MANY;
    // Which properties its records have, what comes says.
    let unsaid = found.list && is_free(&found.record);
    let mut secrets = Vec::new();
    if has_secrets {
        collect_secrets(shapes, &found.record, DEEPEST, &mut secrets);
    }
    let columns = if found.list && many {
        columns::columns(shapes, &found.record, &nouns, &secrets)
    } else {
        Vec::new()
    };
    let answer = ir::Answer {
        // A list without columns has nothing to choose from.
        selectable: many && (!found.list || !columns.is_empty()) || unsaid && of.lists(),
        open: unsaid,
        columns,
        secrets,
        paging: if found.list {
            let found = Some((found.records.as_str(), &found.record));
            let mut paging = paging::paging(shapes, &root, found, arguments);
            // What changes something is sent as it is given.
            let size = paging.as_mut().and_then(|paging| paging.size.as_mut());
            if let Some(size) = size.filter(|_| !reads) {
                size.send &= !size.argument.starts_with('/');
            }
            paging
        } else {
            None
        },
        list: found.list,
        records: found.records,
        ..ir::Answer::default()
    };
    // Where nothing can be chosen, an envelope around a record is as good as the record.
    if !answer.list && !answer.selectable && answer.secrets.is_empty() {
        return None;
    }
    (answer != ir::Answer::default()).then_some(answer)
}

/// What is known of an answer without a schema: how its pages are asked for. Without an argument that gets the
/// next page no size is sent by itself: what it cuts off could not be asked for.
pub(super) fn unknown<'a>(
    shapes: &Shapes<'a>,
    arguments: &[Argument<'a>],
    of: Subject<'_>,
) -> Option<ir::Answer> {
    if of.may_be_list() {
        return Some(open(shapes, arguments, of, None));
    }
    let mut paging = paging::paging(shapes, &Shape::default(), None, arguments)?;
    if let Some(size) = &mut paging.size {
        size.send &= !paging.position.is_empty();
    }
    Some(ir::Answer {
        paging: Some(paging),
        ..ir::Answer::default()
    })
}

/// The answer of which what comes decides where its records stand. Its pages are asked for as arguments say; what
/// is shown can be chosen where records are listed or searched.
fn open<'a>(
    shapes: &Shapes<'a>,
    arguments: &[Argument<'a>],
    of: Subject<'_>,
    root: Option<&Shape<'a>>,
) -> ir::Answer {
    let unknown = Shape::default();
    let mut paging = paging::paging(shapes, root.unwrap_or(&unknown), None, arguments);
    if let Some(paging) = &mut paging
        && let Some(size) = &mut paging.size
    {
        size.send &= !paging.position.is_empty();
    }
    ir::Answer {
        open: true,
        selectable: of.lists(),
        paging,
        ..ir::Answer::default()
    }
}

/// The form of an answer that has a list, if it comes in several, and where its records are. An envelope says more
/// than the list alone, and what is known of records more than nothing.
fn form<'a>(
    shapes: &Looked<'_, 'a>,
    root: Shape<'a>,
    nouns: &[String],
    reads: bool,
) -> (Shape<'a>, Found<'a>) {
    let mut forms: Vec<Shape<'a>> = match root.unions.as_slice() {
        [branches] if root.properties.is_empty() => {
            branches.iter().map(|branch| shapes.of(branch)).collect()
        }
        _ => Vec::new(),
    };
    forms.sort_by_key(Shape::is_array);
    let items: &[Items] = if reads {
        &[Items::Known, Items::Any]
    } else {
        &[Items::Known]
    };
    let whole = envelope::records(shapes, &root, nouns, Items::Known);
    if whole.list {
        return (root, whole);
    }
    for items in items {
        // The whole answer was looked at for what is known.
        let again = (*items == Items::Any).then_some(&root);
        let one = again.into_iter().chain(&forms);
        let mut found = one.map(|form| (form, envelope::records(shapes, form, nouns, *items)));
        if let Some((form, found)) = found.find(|(_, found)| found.list) {
            return (form.clone(), found);
        }
    }
    (root, whole)
}

/// Whether nothing is said of an answer, or of what its envelope carries.
fn is_unsaid<'a>(shapes: &Shapes<'a>, root: &Shape<'a>) -> bool {
    is_free(root)
        || root.is_object() && !root.properties.contains_key("id") && {
            let mut carried = root.properties.iter();
            carried.any(|(name, node)| envelope::carries(name) && is_free(&shapes.of(node)))
        }
}

/// Whether a value is an object of which nothing is said, or anything.
fn is_free(shape: &Shape<'_>) -> bool {
    shape.properties.is_empty()
        && !shape.has_forms()
        && shape.values.is_none()
        && !matches!(shape.additional, Additional::Schema(_))
        && (shape.types.is_any() || shape.types == Types::OBJECT)
        && shape.items.is_none()
}

/// The operation whose answer it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'s> {
    /// Its tool.
    pub(super) tool: &'s str,
    /// Its path.
    pub(super) path: &'s str,
    /// Whether it only reads.
    pub(super) reads: bool,
}

impl Subject<'_> {
    /// Whether several records may come: the path ends with no record.
    fn may_be_list(self) -> bool {
        self.reads && !self.path.trim_end_matches('/').ends_with('}')
    }

    /// Whether its name says that several come.
    pub(super) fn lists(self) -> bool {
        let verb = words(self.tool).into_iter().next();
        self.reads && verb.is_some_and(|verb| LISTS.contains(&verb.as_str()))
    }
}

/// The words of a tool's name, in the singular.
fn nouns(tool: &str) -> Vec<String> {
    words(tool).iter().map(|word| singular(word)).collect()
}

/// A name without case and separators.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Names of what the document marks as secret in an answer. `writeOnly` says that it is not sent (JSON
/// Schema 2020-12 Validation §9.4), `format: password` that it is not shown (OpenAPI Format Registry).
fn collect_secrets<'a>(
    shapes: &Shapes<'a>,
    record: &Shape<'a>,
    levels: usize,
    found: &mut Vec<String>,
) {
    for (name, node) in &record.properties {
        let shape = shapes.of(node);
        let format = shape.keywords.get("format").and_then(|n| n.value.as_str());
        let text = shape.types.is_any() || shape.types.has(Types::STRING);
        if shape.write_only && text || format == Some("password") {
            if !found.iter().any(|known| known == name) {
                found.push((*name).to_owned());
            }
            continue;
        }
        let inner = match &shape.items {
            Some(items) => shapes.of(items),
            None => shape,
        };
        if levels > 0 && inner.is_object() {
            collect_secrets(shapes, &inner, levels - 1, found);
        }
    }
}
