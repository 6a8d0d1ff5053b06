//! Where pages can be asked for: arguments, properties of objects in the query (`page[number]` declared as one
//! parameter `page`), and of an object in the body that is about pages (`{"pagination": {"page": 1}}`).

use super::paging::is_position;
use super::plain;
use crate::lower::arguments::Argument;
use crate::lower::schema::{Shape, Shapes};

/// Objects whose properties are about pages, whatever these are called.
const HOLDERS: [&str; 6] = [
    "page",
    "pageable",
    "pagination",
    "paging",
    "pager",
    "pageoptions",
];

/// A place for a value that says which page is wanted.
pub(super) struct Spot<'a> {
    /// The name of an argument, or the JSON Pointer of a property of one.
    pub(super) place: String,
    /// What it is called, without case and separators.
    names: Vec<String>,
    pub(super) shape: Shape<'a>,
    /// Whether the document says nothing of its values.
    pub(super) is_unknown: bool,
    /// Whether a call that does not say it may be given one.
    pub(super) may_be_added: bool,
}

impl Spot<'_> {
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }
}

/// All of them, in the order of the arguments.
pub(super) fn spots<'a>(shapes: &Shapes<'a>, arguments: &[Argument<'a>]) -> Vec<Spot<'a>> {
    let mut found = Vec::new();
    for argument in arguments.iter().filter(|one| one.fixed.is_none()) {
        let shape = argument.schema.as_ref().map(|schema| shapes.of(schema));
        let is_unknown = shape.is_none();
        let shape = shape.unwrap_or_default();
        let own = plain(&argument.name);
        // An object of the body may be anything, but one that is called so.
        let is_holder = HOLDERS.contains(&own.as_str());
        if shape.is_object() && (is_holder || !argument.body) && !shape.properties.is_empty() {
            // Other names are listed under ones that clients take.
            let is_plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let listed = shape.properties.iter().filter(|(name, _)| is_plain(name));
            for (name, node) in listed {
                let inner = plain(name);
                let mut names = vec![format!("{own}{inner}")];
                if is_holder {
                    names.push(inner);
                }
                // The object is made up for it, so it must not need anything else; which page is the first is known.
                let mut required = shape.required.iter();
                let alone = required.all(|other| other == name || is_holder && is_position(other));
                found.push(Spot {
                    place: format!("/{}/{name}", argument.name),
                    names,
                    shape: shapes.of(node),
                    is_unknown: false,
                    may_be_added: !argument.required && alone && shape.alternatives.is_empty(),
                });
            }
            continue;
        }
        found.push(Spot {
            place: argument.name.clone(),
            names: vec![own],
            shape,
            is_unknown,
            may_be_added: !argument.body && !argument.required,
        });
    }
    found
}
