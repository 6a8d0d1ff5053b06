//! Form and multipart bodies that are one argument: unions, objects whose names the document does not
//! say, and lists of parts (OpenAPI 3.2 §4.14.5.2, encoding by position).

use indexmap::{IndexMap, IndexSet};

use super::arguments::Of;
use super::body::RawBody;
use super::nested::Asked;
use super::parts::{by_type, each, encoded};
use super::schema::{Additional, Shape, Shapes};
use crate::diagnostics::{Code, Diagnostic};
use crate::ir::{BodyField, BodyShape, PartEncoding};
use crate::model::{Node, Resolver};

/// Unions in unions that are looked into.
const DEEPEST: usize = 8;

/// A body that is one argument, and how its parts are sent.
pub(super) struct WholeForm<'a> {
    /// The argument and its parts.
    pub(super) shape: BodyShape,
    /// The schema of the argument, or of what is in it; none if it is free.
    pub(super) schema: Option<Node<'a>>,
    /// What the schema describes.
    pub(super) of: Of,
    /// Level of texts of bytes, which are files; see [`super::arguments::Argument::files`].
    pub(super) files: usize,
    /// Schemas on that level whose parts are sent as something else than they describe.
    pub(super) encoded: Asked,
    /// The same, wherever they stand.
    pub(super) nested: Asked,
    /// Header fields of parts whose value the document leaves open: name of the part, of the field, and its
    /// Header Object.
    pub(super) free: Vec<(String, String, Node<'a>)>,
    /// What is said about the parts.
    pub(super) kind: Option<&'static str>,
}

/// How properties are sent that the document does not name.
pub(super) struct Further {
    pub(super) part: PartEncoding,
    /// Whether a file can be given.
    pub(super) may_be_file: bool,
    /// Schemas of parts that are sent as something else than they describe.
    pub(super) encoded: Asked,
    /// The same, wherever they stand.
    pub(super) nested: Asked,
}

impl<'a> RawBody<'a> {
    /// The parts of a body that is one argument; `None` if they need no description.
    pub(super) fn whole_form(
        &self,
        argument: &str,
        resolver: Resolver<'a>,
        shapes: &Shapes<'a>,
    ) -> Option<WholeForm<'a>> {
        if self.encoding == "multipart"
            && let Some(list) = self.list_of_parts(argument, resolver, shapes)
        {
            return Some(list);
        }
        let multipart = self.encoding == "multipart";
        if !multipart && self.encoding != "form" {
            return None;
        }
        let mut named = IndexMap::new();
        collect(shapes, &self.shape, 0, &mut named);
        let mut files = Vec::new();
        let mut nested = Vec::new();
        let mut free = Vec::new();
        let fields: Vec<BodyField> = named
            .iter()
            .map(|(name, found)| {
                let first = found.first();
                let headers =
                    first.map(|(_, shape)| self.part_headers(name, shape, resolver, shapes));
                let headers = headers.unwrap_or_default();
                let of_part = headers.free.into_iter();
                free.extend(of_part.map(|(header, node)| ((*name).to_owned(), header, node)));
                BodyField {
                    name: (*name).to_owned(),
                    argument: String::new(),
                    part: self.part_of_all(name, found, shapes, (&mut files, &mut nested)),
                    headers: headers.fixed,
                }
            })
            .collect();
        let further = self.further_fields(shapes);
        files.extend(further.encoded);
        nested.extend(further.nested);
        let rest = further.part;
        let is_usual =
            |field: &BodyField| field.part == PartEncoding::Plain && field.headers.is_empty();
        if rest == PartEncoding::Plain && fields.iter().all(is_usual) {
            return None;
        }
        let unknown = self.shape.is_anything();
        if !multipart {
            // Nothing in a form is a file.
            nested.append(&mut files);
        }
        Some(WholeForm {
            shape: BodyShape::Members(argument.to_owned(), fields, rest),
            schema: self.schema.clone().filter(|_| !unknown),
            of: Of::Whole,
            files: if multipart { 2 } else { 0 },
            encoded: files,
            nested,
            free,
            kind: (multipart && unknown).then_some(
                "Fields by name; a file is an object with `filename` and either `text` or `data_base64`.",
            ),
        })
    }

    /// How properties are sent that the document does not name. Encoding objects are for those that it names
    /// (OpenAPI 3.2 §4.14.5.1).
    pub(super) fn further_fields(&self, shapes: &Shapes<'a>) -> Further {
        let mut nested = Vec::new();
        let (part, encoded) = match &self.shape.additional {
            Additional::Schema(node) => {
                let part = self.part("", node, &shapes.of(node), shapes, &mut nested);
                let encoded = encoded(&each(node, shapes), &part, shapes);
                (part, encoded.into_iter().collect())
            }
            _ if self.encoding == "multipart" => (PartEncoding::Any, Vec::new()),
            _ => (PartEncoding::Plain, Vec::new()),
        };
        Further {
            may_be_file: part.is_file()
                || matches!(part, PartEncoding::Any | PartEncoding::Base64(_)),
            part,
            encoded,
            nested,
        }
    }

    /// How a property is sent that the branches of a union may describe in several ways.
    fn part_of_all(
        &self,
        name: &str,
        found: &[(Node<'a>, Shape<'a>)],
        shapes: &Shapes<'a>,
        (files, nested): (&mut Asked, &mut Asked),
    ) -> PartEncoding {
        let mut parts = found.iter().map(|(node, shape)| {
            let part = self.part(name, node, shape, shapes, nested);
            files.extend(encoded(&each(node, shapes), &part, shapes));
            part
        });
        let first = parts.next().unwrap_or(PartEncoding::Plain);
        let others: Vec<PartEncoding> = parts.filter(|part| *part != first).collect();
        if others.is_empty() {
            return first;
        }
        let mut all = others.iter().chain([&first]);
        if all.any(|part| part.is_file() || *part == PartEncoding::Any) {
            PartEncoding::Any
        } else {
            PartEncoding::Plain
        }
    }

    /// A multipart body whose parts are the items of a list.
    fn list_of_parts(
        &self,
        argument: &str,
        resolver: Resolver<'a>,
        shapes: &Shapes<'a>,
    ) -> Option<WholeForm<'a>> {
        let sequence = self
            .media
            .get("itemSchema")
            .filter(|_| self.schema.is_none());
        if sequence.is_none() && !self.shape.is_array() {
            return None;
        }
        let at = sequence.as_ref().or(self.schema.as_ref());
        let first: &[Node<'a>] = if sequence.is_none() {
            &self.shape.prefix_items
        } else {
            &[]
        };
        let items = sequence.clone().or_else(|| self.shape.items.clone());
        let encodings: Vec<Node<'a>> = self.media.list("prefixEncoding").collect();
        let others = self.media.get("itemEncoding");
        let mut files = Vec::new();
        let mut nested = Vec::new();
        let mut part = |index: Option<usize>| {
            let encoding = index.and_then(|index| encodings.get(index));
            let schema = index.and_then(|index| first.get(index));
            let encoding = encoding.or(others.as_ref());
            let schema = schema.or(items.as_ref());
            let shape = schema.map(|node| shapes.of(node)).unwrap_or_default();
            let part = by_type(encoding, schema, &shape, shapes, &mut nested);
            files.extend(schema.and_then(|node| encoded(node, &part, shapes)));
            let (name, headers) = self.positional_headers(encoding, &shape, resolver, shapes);
            BodyField {
                name: name.unwrap_or_default(),
                argument: String::new(),
                part,
                headers,
            }
        };
        let prefix: Vec<BodyField> = (0..encodings.len().max(first.len()))
            .map(|index| part(Some(index)))
            .collect();
        let rest = part(None);
        let is_form = self.media_type.starts_with("multipart/form-data");
        let only_prefix = items.is_none() && !prefix.is_empty();
        let unnamed = prefix.iter().any(|field| field.name.is_empty())
            || !only_prefix && rest.name.is_empty();
        if is_form && unnamed {
            let diagnostic = Diagnostic::new(
                Code::E0450,
                "the parts of a form have names, and this schema of a list has none for them",
            )
            .note("the tool asks for the names of the fields, which the caller has to know")
            .help("describe the body as an object whose properties are the fields");
            shapes.report(match at {
                Some(at) => diagnostic.at(&at.pointer),
                None => diagnostic.at_key(&self.media.pointer),
            });
            let rest = if rest.part.is_file() {
                rest.part
            } else {
                PartEncoding::Any
            };
            return Some(WholeForm {
                shape: BodyShape::Members(argument.to_owned(), Vec::new(), rest),
                schema: items,
                of: Of::Lists,
                files: 3,
                encoded: files,
                nested,
                free: Vec::new(),
                kind: Some(
                    "Lists of parts by the name of their form field, which the document of the API does not say.",
                ),
            });
        }
        Some(WholeForm {
            shape: BodyShape::Items(argument.to_owned(), prefix, rest),
            of: if sequence.is_some() {
                Of::Items
            } else {
                Of::Whole
            },
            schema: sequence.or_else(|| self.schema.clone()),
            files: 2,
            encoded: files,
            nested,
            free: Vec::new(),
            kind: Some("The parts of the body, in this order."),
        })
    }
}

/// The properties of an object and of the branches of its unions, with their shapes.
/// The names of all properties of a body, whichever form it has.
pub(super) fn names_of<'a>(shapes: &Shapes<'a>, shape: &Shape<'a>) -> IndexSet<&'a str> {
    let mut found = IndexMap::new();
    collect(shapes, shape, 0, &mut found);
    found.into_keys().collect()
}

fn collect<'a>(
    shapes: &Shapes<'a>,
    shape: &Shape<'a>,
    depth: usize,
    found: &mut IndexMap<&'a str, Vec<(Node<'a>, Shape<'a>)>>,
) {
    for (name, property) in &shape.properties {
        let own = shapes.of_property(shape, name, property);
        found.entry(name).or_default().push((property.clone(), own));
    }
    if depth < DEEPEST {
        for branch in shape.unions.iter().flatten() {
            collect(shapes, &shapes.of(branch), depth.saturating_add(1), found);
        }
    }
}
