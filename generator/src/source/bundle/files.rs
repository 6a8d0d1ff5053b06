//! The files of a document, each read once and within budgets.

use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Location, MAIN, Stop, resources};
use crate::diagnostics::{Code, Diagnostic, Refusal};
use crate::reference::{self, Anchors};
use crate::source::{Budget, Budgets, Document, read};
use crate::text::percent_decode;

/// Gives the bytes of files.
pub(crate) trait Loader {
    /// The file at a location, if it may be read and has at most `most` bytes.
    fn load(&self, location: &Location, most: usize) -> Result<Loaded, Refusal>;

    /// Whether somebody said which text stands for an address.
    fn stands_for(&self, url: &str) -> bool;

    /// Whether there is a folder, or texts by name, that relative references can lead to.
    fn has_folder(&self) -> bool;
}

/// A file that was loaded.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The name under which it is shown.
    pub name: String,
    pub bytes: Vec<u8>,
    /// Where it is on disk.
    pub path: Option<PathBuf>,
}

/// Where a reference leads.
pub(super) enum Target {
    /// To a place in the document itself, as a fragment.
    Main(String),
    /// To a place in a file, which is there.
    Part(usize, String),
    /// Nowhere; the text stands for the reason.
    Refused(String),
}

/// One step towards a target.
enum Step {
    /// It is reached.
    End(Target),
    /// What stands there refers on: the reference, and the file that it is in.
    On(String, usize),
}

/// The files of a document; number 0 is the document itself.
pub(super) struct Files<'b> {
    loader: &'b dyn Loader,
    budgets: &'b Budgets,
    locations: Vec<Location>,
    parts: Vec<Document>,
    /// What became of each location that was asked for.
    known: HashMap<Location, Result<usize, Refusal>>,
    /// What references in each file start from (OpenAPI 3.2 §4.1.2.2.1, RFC 3986 §5.1).
    bases: Vec<Location>,
    /// The schemas inside of files that have an address of their own: the file, and the place there.
    resources: HashMap<Location, (usize, String)>,
    anchors: HashMap<usize, Anchors>,
    refusals: HashMap<String, Refusal>,
    /// The document was changed after a pass: references that were refused are final.
    again: bool,
    bytes_left: usize,
}

impl<'b> Files<'b> {
    pub(super) fn new(
        document: &Document,
        location: Location,
        loader: &'b dyn Loader,
        budgets: &'b Budgets,
    ) -> Self {
        let mut known = HashMap::from([(location.clone(), Ok(MAIN))]);
        let base = base_of(&document.value, &location);
        known.insert(base.clone(), Ok(MAIN));
        Self {
            loader,
            budgets,
            bases: vec![base],
            locations: vec![location],
            parts: Vec::new(),
            known,
            resources: HashMap::new(),
            anchors: HashMap::new(),
            refusals: HashMap::new(),
            again: false,
            bytes_left: budgets.bytes.saturating_sub(document.text.len()),
        }
    }

    pub(super) fn location(&self, file: usize) -> &Location {
        // Every number was given out by `target`; there is always a first.
        static NOWHERE: Location = Location::File(String::new());
        self.locations.get(file).unwrap_or(&NOWHERE)
    }

    /// What stands at a place of a file other than the document itself.
    pub(super) fn value(&self, file: usize, fragment: &str) -> Option<&Value> {
        self.parts
            .get(file.checked_sub(1)?)?
            .value
            .pointer(fragment)
    }

    /// Where a `$ref` leads that stands in `file`.
    pub(super) fn target(&mut self, reference: &str, file: usize) -> Result<Target, Stop> {
        // It is written as a place then, no longer as it was seen from its file.
        if self.again && file == MAIN && self.refusals.contains_key(reference) {
            return Ok(Target::Refused(reference.to_owned()));
        }
        let (mut next, mut from) = (reference.to_owned(), file);
        let mut chain = Vec::new();
        for _ in 0..=self.budgets.ref_hops {
            match self.step(&next, from)? {
                Step::End(target) => return Ok(target),
                Step::On(reference, file) => (next, from) = (reference, file),
            }
            chain.push((next.clone(), from));
        }
        // A pointer through a reference to itself grows with each step.
        chain.pop();
        let round = chain
            .iter()
            .any(|(earlier, file)| *file == from && next.starts_with(earlier.as_str()));
        let place = format!("{}#{reference}", self.location(file));
        if !round {
            let refusal = Refusal::new(
                Code::E0360,
                format!(
                    "the reference `{reference}` leads through more than {} others",
                    self.budgets.ref_hops
                ),
            )
            .help(self.budgets.remedy(Budget::RefHops, None));
            return Ok(self.refused(place, refusal));
        }
        let message = format!("the reference `{reference}` leads back to itself");
        let refusal = Refusal::new(Code::E0302, message)
            .help("let one of the places in the circle be a definition instead of a reference");
        Ok(self.refused(place, refusal))
    }

    fn step(&mut self, reference: &str, file: usize) -> Result<Step, Stop> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if let Some((part, at)) = self.resource(path, file) {
            let at = if fragment.is_empty() || fragment.starts_with('/') {
                // It becomes a fragment again.
                format!("{}{fragment}", at.replace('%', "%25"))
            } else {
                fragment.to_owned()
            };
            return Ok(match *part {
                MAIN => Step::End(Target::Main(at)),
                part => Step::On(format!("#{at}"), part),
            });
        }
        let location = if path.is_empty() {
            self.location(file).clone()
        } else {
            match self.leads(path, file) {
                Ok(location) => location,
                Err(refusal) => {
                    return Ok(Step::End(self.refused(reference.to_owned(), refusal)));
                }
            }
        };
        let place = format!("{location}#{fragment}");
        let part = if path.is_empty() {
            Ok(file)
        } else {
            self.file_or_beside(&location, path, file)?
        };
        let part = match part {
            Ok(MAIN) => return Ok(Step::End(Target::Main(fragment.to_owned()))),
            Ok(part) => part,
            Err(refusal) => return Ok(Step::End(self.refused(place, refusal))),
        };
        if let Some(found) = percent_decode(fragment) {
            let found = self.with_anchor(part, &found).unwrap_or(found);
            if self.value(part, &found).is_some() {
                return Ok(Step::End(Target::Part(part, found)));
            }
            let root = self.value(part, "").unwrap_or(&Value::Null);
            if let Some(onward) = reference::in_the_way(root, &found) {
                return Ok(Step::On(onward, part));
            }
        }
        let message = format!("`#{fragment}` does not exist in `{location}`");
        let refusal = Refusal::new(Code::E0301, message)
            .help("correct the reference, or add what it names to that file");
        Ok(Step::End(self.refused(place, refusal)))
    }

    /// The pointer for a fragment that starts with a plain name (`$anchor`, JSON Schema 2020-12
    /// §8.2.2).
    fn with_anchor(&mut self, part: usize, fragment: &str) -> Option<String> {
        let root = &self.parts.get(part.checked_sub(1)?)?.value;
        self.anchors.entry(part).or_default().find(root, fragment)
    }

    fn refused(&mut self, place: String, refusal: Refusal) -> Target {
        self.refusals.insert(place.clone(), refusal);
        Target::Refused(place)
    }

    /// The schema with the address that a reference without its fragment names.
    fn resource(&self, path: &str, file: usize) -> Option<&(usize, String)> {
        if path.is_empty() || self.resources.is_empty() {
            return None;
        }
        let base = self.bases.get(file)?;
        self.resources.get(&resources::join(base, path)?)
    }

    /// Learns where the schemas of a file stand that have addresses. Paths are those of files first.
    pub(super) fn add_resources(&mut self, file: usize, places: HashMap<Location, String>) {
        for (location, at) in places {
            if matches!(location, Location::Url(_)) && !at.is_empty() {
                self.resources.entry(location).or_insert((file, at));
            }
        }
    }

    /// Forgets that references were refused which a schema of a file answers that was read later. `false`:
    /// there are none.
    pub(super) fn reconsider(&mut self) -> bool {
        let resources = &self.resources;
        let before = self.refusals.len();
        self.refusals.retain(|reference, _| {
            let path = reference.split('#').next().unwrap_or_default();
            !resources.contains_key(&Location::Url(path.to_owned()))
        });
        self.again = true;
        self.refusals.len() < before
    }

    /// Where a reference without its fragment leads that stands in a file: as its base says, whose folder
    /// is the one that the file is in.
    fn leads(&self, path: &str, file: usize) -> Result<Location, Refusal> {
        let here = self.location(file);
        let base = self.bases.get(file).unwrap_or(here);
        let target = base.join(path)?;
        let Location::Url(url) = &target else {
            return Ok(target);
        };
        if self.known.contains_key(&target) || self.loader.stands_for(url) {
            return Ok(target);
        }
        // What stands beside an address stands beside the file that has it.
        if let Ok(Location::File(beside)) = here.join(path)
            && self.loader.has_folder()
        {
            return Ok(Location::File(beside));
        }
        let beside = self.beside_address(url, file);
        let beside = beside.or_else(|| self.beside_address(url, MAIN));
        Ok(beside.unwrap_or(target))
    }

    /// The file at a location; where there is none, the one that a reference names as seen from where its
    /// file was found, since many give addresses that they are not at.
    fn file_or_beside(
        &mut self,
        location: &Location,
        path: &str,
        file: usize,
    ) -> Result<Result<usize, Refusal>, Stop> {
        let found = self.file(location)?;
        let beside = self.location(file).join(path);
        match (found, beside) {
            (Err(refusal), Ok(beside)) if beside != *location => {
                Ok(self.file(&beside)?.map_err(|_| refusal))
            }
            (found, _) => Ok(found),
        }
    }

    /// The file for an address below the folder of the address that a file gives itself.
    fn beside_address(&self, url: &str, file: usize) -> Option<Location> {
        let (Location::Url(own), here @ Location::File(_)) =
            (self.bases.get(file)?, self.location(file))
        else {
            return None;
        };
        let (folder, _) = own.rsplit_once('/')?;
        let rest = url.strip_prefix(folder)?.strip_prefix('/')?;
        here.join(rest).ok()
    }

    /// The number of the file at a location, which is read if it was not yet.
    fn file(&mut self, location: &Location) -> Result<Result<usize, Refusal>, Stop> {
        if let Some(known) = self.known.get(location) {
            return Ok(known.clone());
        }
        if self.locations.len() >= self.budgets.files {
            let message = format!(
                "the document consists of more than {} files",
                self.budgets.files
            );
            return Err(Box::new(
                Diagnostic::new(Code::E0120, message)
                    .note(format!("`{location}` is one more"))
                    .help(self.budgets.remedy(Budget::Files, None)),
            ));
        }
        let loaded = match self.loader.load(location, self.bytes_left) {
            // A file that is too large is not left out: the next run could read it first.
            Err(refusal) if refusal.code == Code::E0109 => {
                let finding = refusal.diagnostic();
                return Err(Box::new(
                    finding.help(self.budgets.remedy(Budget::Bytes, None)),
                ));
            }
            Err(refusal) => Err(refusal),
            Ok(loaded) => self.take(loaded, location)?,
        };
        self.known.insert(location.clone(), loaded.clone());
        Ok(loaded)
    }

    /// Reads a file. One that is malformed is as good as none: what refers to it says why.
    fn take(
        &mut self,
        loaded: Loaded,
        location: &Location,
    ) -> Result<Result<usize, Refusal>, Stop> {
        let budgets = Budgets {
            bytes: self.bytes_left,
            ..*self.budgets
        };
        let mut document = match read(&loaded.name, &loaded.bytes, &budgets) {
            Ok(document) => document,
            Err(finding) if is_of_budget(finding.code) => return Err(Box::new(finding)),
            Err(finding) => return Ok(Err(malformed(&finding, location))),
        };
        self.bytes_left = self.bytes_left.saturating_sub(loaded.bytes.len());
        document.path = loaded.path;
        let places = resources::by_place(&mut document.value, location);
        for remark in &mut document.remarks {
            remark.document = Some(document.name.clone());
        }
        let number = self.locations.len();
        self.add_resources(number, places);
        let base = base_of(&document.value, location);
        if base != *location {
            self.known.entry(base.clone()).or_insert(Ok(number));
        }
        self.bases.push(base);
        self.locations.push(location.clone());
        self.parts.push(document);
        Ok(Ok(number))
    }

    /// All references were looked at once.
    pub(super) const fn end_pass(&mut self) {
        self.again = true;
    }

    /// Hands the files over.
    pub(super) fn into_document(self, document: &mut Document) {
        let parts: Vec<Document> = self.parts;
        if !parts.is_empty() {
            let mut all = Sha256::new();
            all.update(&document.sha256);
            for (location, part) in self.locations.iter().skip(1).zip(&parts) {
                all.update(format!("\n{} {location}", part.sha256));
            }
            document.sha256 = super::super::reading::hexadecimal(&all.finalize());
        }
        document.refusals = self.refusals;
        document.parts = parts
            .into_iter()
            .map(|mut part| {
                document.remarks.append(&mut part.remarks);
                part.value = Value::Null;
                part
            })
            .collect();
    }
}

/// Whether a budget is used up, which the next run could do at another file.
fn is_of_budget(code: Code) -> bool {
    [Code::E0109, Code::E0110, Code::E0111, Code::E0112].contains(&code)
}

/// Why nothing stands in a malformed file: what is wrong there, and where.
fn malformed(finding: &Diagnostic, location: &Location) -> Refusal {
    let place = match &finding.position {
        Some(position) => format!("{location}:{}:{}", position.line, position.column),
        None => location.to_string(),
    };
    let mut refusal = Refusal::new(
        Code::E0361,
        format!("the file `{location}` cannot be used: {}", finding.message),
    )
    .note(format!("{} at {place}", finding.code));
    for note in &finding.notes {
        refusal = refusal.note(note);
    }
    refusal.help(match &finding.help {
        Some(help) => help.clone(),
        None => "mend the file".to_owned(),
    })
}

/// Where a file says that it is, seen from where it was found; one that is no place is none.
fn base_of(value: &Value, location: &Location) -> Location {
    let own = value.get("$self").or_else(|| value.get("$id"));
    let own = own.and_then(Value::as_str).unwrap_or_default();
    let own = own.split('#').next().unwrap_or_default();
    if own.is_empty() {
        return location.clone();
    }
    location.join(own).unwrap_or_else(|_| location.clone())
}
