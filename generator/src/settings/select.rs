//! Which operations a selector is about: an operationId, `METHOD /path`, `tag:NAME` or a JSONPath
//! (RFC 9535).

use std::collections::HashMap;

use serde_json::Value;

use super::tree::Place;
use crate::diagnostics::{Code, Diagnostic, Pointer};
use crate::overlay::{Query, QueryRefusal};
use crate::similar::most_alike;
use crate::text;

/// An operation, as selectors see it.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// HTTP method, upper case.
    pub method: String,
    /// Path template.
    pub path: String,
    /// operationId, empty if there is none.
    pub operation_id: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Its place in the document, and that of its path item.
    pub places: [Pointer; 2],
}

/// Finds operations.
pub(crate) struct Selector<'a> {
    document: &'a Value,
    targets: &'a [Target],
    by_id: HashMap<&'a str, Vec<usize>>,
    by_place: HashMap<&'a Pointer, Vec<usize>>,
    by_path: HashMap<&'a str, Vec<usize>>,
    by_tag: HashMap<&'a str, Vec<usize>>,
    /// JSONPaths were evaluated before: they are the same for many entries, and cost most.
    queries: HashMap<String, Vec<usize>>,
}

impl<'a> Selector<'a> {
    /// For the operations of a document.
    pub fn new(document: &'a Value, targets: &'a [Target]) -> Self {
        let mut this = Self {
            document,
            targets,
            by_id: HashMap::new(),
            by_place: HashMap::new(),
            by_path: HashMap::new(),
            by_tag: HashMap::new(),
            queries: HashMap::new(),
        };
        for (index, target) in targets.iter().enumerate() {
            if !target.operation_id.is_empty() {
                this.by_id
                    .entry(&target.operation_id)
                    .or_default()
                    .push(index);
            }
            this.by_path.entry(&target.path).or_default().push(index);
            for place in &target.places {
                this.by_place.entry(place).or_default().push(index);
            }
            for tag in &target.tags {
                this.by_tag.entry(tag).or_default().push(index);
            }
        }
        this
    }

    /// The operations that a selector selects, by index.
    ///
    /// # Errors
    /// When it cannot be read, or selects nothing.
    pub fn find(&mut self, selector: &str, place: &Place) -> Result<Vec<usize>, Box<Diagnostic>> {
        let found = if selector.starts_with('$') {
            self.query(selector, place)?
        } else if let Some(tag) = selector.strip_prefix("tag:") {
            self.by_tag.get(tag).cloned().unwrap_or_default()
        } else if let Some((method, path)) = selector.split_once(' ') {
            let at_path = self.by_path.get(path.trim()).map(Vec::as_slice);
            let fits = |index: &&usize| {
                let target = self.targets.get(**index);
                target.is_some_and(|target| target.method.eq_ignore_ascii_case(method))
            };
            at_path
                .unwrap_or_default()
                .iter()
                .filter(fits)
                .copied()
                .collect()
        } else {
            self.by_id.get(selector).cloned().unwrap_or_default()
        };
        if found.is_empty() {
            return Err(Box::new(self.dead(selector, place)));
        }
        Ok(found)
    }

    fn query(&mut self, selector: &str, place: &Place) -> Result<Vec<usize>, Box<Diagnostic>> {
        if let Some(found) = self.queries.get(selector) {
            return Ok(found.clone());
        }
        let refused = |message: String| Box::new(place.finding(Code::E0924, message));
        let query = Query::parse(selector, self.document).map_err(|refusal| {
            refused(match refusal {
                QueryRefusal::Syntax(message) => {
                    format!(
                        "the selector is not JSONPath: {}",
                        text::line(&message, 200)
                    )
                }
                QueryRefusal::Cost(reason) => {
                    format!("the selector costs too much to look up: {reason}")
                }
            })
        })?;
        let mut found: Vec<usize> = query
            .pointers(self.document)
            .iter()
            .flat_map(|pointer| self.by_place.get(pointer).into_iter().flatten().copied())
            .collect();
        found.sort_unstable();
        found.dedup();
        self.queries.insert(selector.to_owned(), found.clone());
        Ok(found)
    }

    fn dead(&self, selector: &str, place: &Place) -> Diagnostic {
        let shown = text::line(selector, 120);
        let finding = place.finding(Code::E0923, format!("`{shown}` selects no operation"));
        if selector.starts_with('$') {
            return finding
                .help("a JSONPath selects operations, or path items with all their operations");
        }
        let near = if let Some(tag) = selector.strip_prefix("tag:") {
            most_alike(tag, self.by_tag.keys().copied()).map(|tag| format!("tag:{tag}"))
        } else if selector.contains(' ') {
            let all: Vec<String> = self
                .targets
                .iter()
                .map(|target| format!("{} {}", target.method, target.path))
                .collect();
            most_alike(selector, all.iter().map(String::as_str)).map(str::to_owned)
        } else {
            most_alike(selector, self.by_id.keys().copied()).map(str::to_owned)
        };
        match near {
            Some(near) => finding.help(format!("did you mean `{}`?", text::line(&near, 120))),
            None => finding.help(
                "a selector is an operationId, `METHOD /path` as the document has it, `tag:NAME`, or a \
                 JSONPath; `mcpwright inspect` lists operations",
            ),
        }
    }
}
