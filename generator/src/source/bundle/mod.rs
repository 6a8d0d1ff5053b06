//! Documents of several files, made one.
//!
//! A `$ref` to another file is replaced by one to a component that holds a copy of its target.
//! What has no section in `components` (path items, operations, whole lists) is copied to where it
//! is referred to. Every copy remembers its file ([`Document::origin`]), so that findings point
//! there. What is not followed stays as it is, and the stage that needs it says why.
//!
//! | file | subject |
//! |---|---|
//! | `location.rs` | where a file is; the folder that references cannot leave |
//! | `kind.rs` | where references can stand, and what they refer to |
//! | `names.rs` | names of components that come from other files |
//! | `resources.rs` | schemas that have an address of their own (`$id`) |
//! | `requirements.rs` | security schemes that are named by URI |
//! | `files.rs` | the files that are read, within budgets |

mod files;
mod kind;
mod location;
mod names;
mod requirements;
mod resources;

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Branch, Budget, Budgets, Document, File, Origins, Place};
use crate::diagnostics::{Code, Diagnostic, Pointer, Site};
use files::{Files, Target};
pub(crate) use files::{Loaded, Loader};
use kind::Kind;
pub(crate) use location::Location;
use names::Names;

/// The document itself among the files.
const MAIN: usize = 0;

/// What one copy is made of: its kind, its file, and the place there.
type Key = (Kind, usize, String);

/// Why bundling ended early.
type Stop = Box<Diagnostic>;

/// Takes the files that a document refers to into its value.
pub(crate) struct Bundler<'b> {
    files: Files<'b>,
    names: Names,
    /// The components that copies have become.
    placed: HashMap<Key, String>,
    /// Copies that are still to be made.
    pending: Vec<(Key, &'static str, String)>,
    origins: Origins,
    copied: usize,
    budgets: &'b Budgets,
}

impl<'b> Bundler<'b> {
    /// For a document that is at `location`.
    pub(crate) fn new(
        document: &Document,
        location: Location,
        loader: &'b dyn Loader,
        budgets: &'b Budgets,
    ) -> Self {
        Self {
            files: Files::new(document, location, loader, budgets),
            names: Names::default(),
            placed: HashMap::new(),
            pending: Vec::new(),
            origins: Origins::default(),
            copied: 0,
            budgets,
        }
    }

    /// Takes files in. May be called again after the document was changed: a file that is known is
    /// not read again, and a component that was made of it is used again.
    ///
    /// # Errors
    /// When a file is malformed, or a budget is exhausted.
    pub(crate) fn bundle(&mut self, document: &mut Document) -> Result<(), Diagnostic> {
        let mut value = std::mem::take(&mut document.value);
        let places = resources::by_place(&mut value, self.files.location(MAIN));
        self.files.add_resources(MAIN, places);
        self.origins = std::mem::take(&mut document.origins);
        let mut result = self.run(&mut value);
        // A file may have been read after a reference to a schema in it that has an address.
        for _ in 0..self.budgets.files {
            if result.is_err() || !self.files.reconsider() {
                break;
            }
            result = self.run(&mut value);
        }
        document.origins = std::mem::take(&mut self.origins);
        document.value = value;
        self.files.end_pass();
        result.map_err(|stop| *stop)
    }

    /// Hands over the files, and why others were not followed.
    pub(crate) fn finish(self, document: &mut Document) {
        self.files.into_document(document);
    }

    fn run(&mut self, document: &mut Value) -> Result<(), Stop> {
        let root = Site::ROOT;
        for (old, kind) in [
            ("definitions", Kind::Schema),
            ("parameters", Kind::Parameter),
            ("responses", Kind::Response),
            ("securityDefinitions", Kind::SecurityScheme),
        ] {
            if let (Some(section), Some(Value::Object(members))) =
                (kind.section(), document.get(old))
            {
                members
                    .keys()
                    .for_each(|name| self.names.reserve(section, name));
            }
        }
        let site = root.member("components");
        if let Some(components) = document.get_mut("components") {
            self.components(components, &site)?;
        }
        self.visit(document, Kind::Document, MAIN, &root)?;
        let mut next = 0;
        while let Some(((kind, file, fragment), section, name)) = self.pending.get(next).cloned() {
            next += 1;
            let copy = self.copy(file, &fragment);
            let section_site = site.member(section);
            let site = section_site.member(&name);
            let Some(mut copy) = copy.map_err(|stop| at(stop, &site))? else {
                continue;
            };
            self.note(&site, file, &fragment);
            self.visit(&mut copy, kind, file, &site)?;
            insert(document, section, name, copy);
        }
        self.pending.clear();
        Ok(())
    }

    /// Visits the components. Their names are known before anything in them is copied, and one that
    /// only refers to another file (`Lead: {$ref: lead.yaml}`) becomes the content of that file, so
    /// that it keeps the name that the document gives it.
    fn components(&mut self, value: &mut Value, site: &Site<'_>) -> Result<(), Stop> {
        let outer = self
            .inline(value, Kind::Components, MAIN, site)
            .map_err(|stop| at(stop, site))?;
        let outer = outer.map_or(MAIN, |(file, _)| file);
        let mut files = Vec::new();
        for (key, members) in value.as_object_mut().into_iter().flatten() {
            let Some(list @ Kind::Named(kind)) = Kind::Components.member(key) else {
                files.push(outer);
                continue;
            };
            let section_site = site.member(key);
            let origin = self
                .inline(members, list, outer, &section_site)
                .map_err(|stop| at(stop, &section_site))?;
            let file = origin.as_ref().map_or(outer, |(file, _)| *file);
            files.push(file);
            let Some(section) = kind.section() else {
                continue;
            };
            for (name, member) in members.as_object().into_iter().flatten() {
                self.names.reserve(section, name);
                if let Some((file, fragment)) = &origin {
                    let fragment = Pointer::parse(fragment).unwrap_or_default().child(name);
                    let key = (*kind, *file, fragment.as_str().to_owned());
                    self.placed.entry(key).or_insert_with(|| name.clone());
                }
                self.adopt(member, *kind, file, name)
                    .map_err(|stop| at(stop, &section_site.member(name)))?;
            }
        }
        for ((key, members), file) in value.as_object_mut().into_iter().flatten().zip(files) {
            if let Some(kind) = Kind::Components.member(key) {
                self.visit_members(members, kind, file, &site.member(key))?;
            }
        }
        Ok(())
    }

    /// Gives what a component refers to, and nothing else, the name of the component.
    fn adopt(&mut self, value: &Value, kind: Kind, file: usize, name: &str) -> Result<(), Stop> {
        let mut next = whole_reference(value).map(|target| (target.to_owned(), file));
        for _ in 0..=self.budgets.ref_hops {
            let Some((target, file)) = next.take() else {
                break;
            };
            let Target::Part(file, fragment) = self.files.target(&target, file)? else {
                break;
            };
            next = self
                .files
                .value(file, &fragment)
                .and_then(whole_reference)
                .map(|target| (target.to_owned(), file));
            let key = (kind, file, fragment);
            self.placed.entry(key).or_insert_with(|| name.to_owned());
        }
        Ok(())
    }

    /// Visits a node that came from `file`, and those in it.
    fn visit(
        &mut self,
        value: &mut Value,
        kind: Kind,
        file: usize,
        site: &Site<'_>,
    ) -> Result<(), Stop> {
        let file = match kind.section() {
            Some(section) => self.refer(value, (kind, section), file, site),
            None => self
                .inline(value, kind, file, site)
                .map(|origin| origin.map_or(file, |(file, _)| file)),
        };
        let file = file.map_err(|stop| at(stop, site))?;
        self.visit_members(value, kind, file, site)
    }

    fn visit_members(
        &mut self,
        value: &mut Value,
        kind: Kind,
        file: usize,
        site: &Site<'_>,
    ) -> Result<(), Stop> {
        match value {
            Value::Object(members) => {
                if kind == Kind::Schema {
                    self.mapping(members, file).map_err(|stop| at(stop, site))?;
                }
                if matches!(kind, Kind::Document | Kind::Operation) {
                    self.requirements(members, file, site)?;
                }
                for (key, member) in members.iter_mut() {
                    match kind.member(key) {
                        // Visited first.
                        None | Some(Kind::Components) => {}
                        Some(kind) => self.visit(member, kind, file, &site.member(key))?,
                    }
                }
            }
            Value::Array(elements) => {
                let Some(kind) = kind.element() else {
                    return Ok(());
                };
                for (index, element) in elements.iter_mut().enumerate() {
                    self.visit(element, kind, file, &site.element(index))?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Lets a reference to another file refer to a component with the same content. Returns the
    /// file that the node is from now.
    fn refer(
        &mut self,
        value: &mut Value,
        (kind, section): (Kind, &'static str),
        file: usize,
        site: &Site<'_>,
    ) -> Result<usize, Stop> {
        let mut file = file;
        for _ in 0..=self.budgets.ref_hops {
            let Some(target) = reference(value, kind) else {
                break;
            };
            let target = match self.files.target(target, file)? {
                Target::Main(fragment) if file == MAIN && target.starts_with('#') => {
                    drop(fragment);
                    break;
                }
                Target::Main(fragment) => format!("#{fragment}"),
                Target::Refused(target) => target,
                Target::Part(part, fragment) => {
                    let name = self.name(kind, section, part, &fragment);
                    let here = site.pointer();
                    let placed = Pointer::root()
                        .child("components")
                        .child(section)
                        .child(&name);
                    // This is the component that takes the content in.
                    if here == placed {
                        let Some(copy) = self.copy(part, &fragment)? else {
                            break;
                        };
                        *value = copy;
                        self.origins.set(&here, Branch::at(place(part, &fragment)));
                        file = part;
                        continue;
                    }
                    placed.to_string()
                }
            };
            set_reference(value, target);
            break;
        }
        Ok(file)
    }

    /// The component for what stands in a file; a new one if there is none yet.
    fn name(&mut self, kind: Kind, section: &'static str, file: usize, fragment: &str) -> String {
        let key = (kind, file, fragment.to_owned());
        if let Some(name) = self.placed.get(&key) {
            return name.clone();
        }
        let name = self
            .names
            .name(section, self.files.location(file), fragment);
        self.placed.insert(key.clone(), name.clone());
        self.pending.push((key, section, name.clone()));
        name
    }

    /// Replaces a node that only refers to another file by its target. Returns where that is.
    fn inline(
        &mut self,
        value: &mut Value,
        kind: Kind,
        file: usize,
        site: &Site<'_>,
    ) -> Result<Option<(usize, String)>, Stop> {
        let mut origin = None;
        let mut file = file;
        for _ in 0..=self.budgets.ref_hops {
            let target = match kind {
                // What stands beside the `$ref` of a path item counts too.
                Kind::PathItem => reference(value, kind),
                _ => whole_reference(value),
            };
            let Some(target) = target else { break };
            match self.files.target(target, file)? {
                Target::Main(fragment) => {
                    set_reference(value, format!("#{fragment}"));
                    break;
                }
                Target::Refused(target) => {
                    set_reference(value, target);
                    break;
                }
                Target::Part(part, fragment) => {
                    let Some(mut copy) = self.copy(part, &fragment)? else {
                        break;
                    };
                    let here = site.pointer();
                    let mut branch = Branch::at(place(part, &fragment));
                    if let (Value::Object(beside), Value::Object(members)) =
                        (&mut *value, &mut copy)
                    {
                        for (key, member) in std::mem::take(beside) {
                            if key != "$ref" {
                                let own = self.origins.branch(&here.child(&key));
                                branch = branch.with(&key, own);
                                members.insert(key, member);
                            }
                        }
                    }
                    *value = copy;
                    self.origins.set(&here, branch);
                    file = part;
                    origin = Some((part, fragment));
                }
            }
        }
        Ok(origin)
    }

    /// The schemas that a discriminator names by file (OpenAPI 3.2 §4.25.2). Names of components
    /// stay as they are.
    fn mapping(&mut self, schema: &mut Map<String, Value>, file: usize) -> Result<(), Stop> {
        let mapping = schema
            .get_mut("discriminator")
            .and_then(|discriminator| discriminator.get_mut("mapping"))
            .and_then(Value::as_object_mut);
        for target in mapping.into_iter().flat_map(Map::values_mut) {
            let Value::String(text) = target else {
                continue;
            };
            let names_file = text.contains(['/', '#'])
                || [".json", ".yaml", ".yml"]
                    .iter()
                    .any(|ending| text.ends_with(ending));
            if !names_file || file == MAIN && text.starts_with('#') {
                continue;
            }
            *text = match self.files.target(text, file)? {
                Target::Main(fragment) => format!("#{fragment}"),
                Target::Refused(target) => target,
                Target::Part(part, fragment) => {
                    let name = self.name(Kind::Schema, "schemas", part, &fragment);
                    format!("#/components/schemas/{name}")
                }
            };
        }
        Ok(())
    }

    fn note(&mut self, site: &Site<'_>, file: usize, fragment: &str) {
        self.origins
            .set(&site.pointer(), Branch::at(place(file, fragment)));
    }

    /// A copy of what stands in a file, within the budget of nodes.
    fn copy(&mut self, file: usize, fragment: &str) -> Result<Option<Value>, Stop> {
        let Some(value) = self.files.value(file, fragment) else {
            return Ok(None);
        };
        self.copied = self.copied.saturating_add(count(value));
        if self.copied > self.budgets.nodes {
            let message = format!(
                "the files of the document have more than {} nodes where they are referred to",
                self.budgets.nodes
            );
            return Err(Box::new(Diagnostic::new(Code::E0110, message).help(
                format!(
                    "refer to components instead of whole files; {}",
                    self.budgets.remedy(Budget::Nodes, None)
                ),
            )));
        }
        Ok(Some(value.clone()))
    }
}

/// Places a refusal at the reference that led to it, unless it has a place.
fn at(stop: Stop, site: &Site<'_>) -> Stop {
    if stop.position.is_some() || stop.pointer.is_some() {
        return stop;
    }
    Box::new(stop.at(&site.pointer().child("$ref")))
}

/// The `$ref` of a node. Among named members it counts only when it stands alone.
fn reference(value: &Value, kind: Kind) -> Option<&str> {
    if kind.is_container() {
        return whole_reference(value);
    }
    value.get("$ref")?.as_str()
}

/// The `$ref` of a node that holds nothing else.
fn whole_reference(value: &Value) -> Option<&str> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get("$ref")?.as_str()
}

fn set_reference(value: &mut Value, target: String) {
    if let Some(reference) = value.get_mut("$ref") {
        *reference = Value::String(target);
    }
}

/// The place of a fragment of a file. Number 0 is the document itself.
fn place(file: usize, fragment: &str) -> Place {
    let file = file.checked_sub(1).map_or(File::Document, File::Part);
    Place::new(file, Pointer::parse(fragment).unwrap_or_default())
}

/// Puts a component into the document.
fn insert(document: &mut Value, section: &str, name: String, value: Value) {
    let mut at = document;
    for key in ["components", section] {
        let Value::Object(members) = at else { return };
        at = members
            .entry(key)
            .or_insert_with(|| Value::Object(Map::new()));
    }
    if let Value::Object(members) = at {
        members.insert(name, value);
    }
}

/// The number of nodes of a value.
fn count(value: &Value) -> usize {
    match value {
        Value::Array(elements) => elements.iter().map(count).fold(1, usize::saturating_add),
        Value::Object(members) => members.values().map(count).fold(1, usize::saturating_add),
        _ => 1,
    }
}
