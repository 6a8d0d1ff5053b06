//! Rust types from schemas.
//!
//! One struct for each object schema that an operation reaches, one enum for each list of texts;
//! unions without a simple form are JSON values, which never fails (rule R6). A component whose
//! properties are partly `readOnly` or `writeOnly` becomes two types, the one for requests with the
//! suffix `Input`.

use std::collections::HashMap;

use super::schema::{Additional, ReadWriteSplit, Shape, Shapes};
use crate::diagnostics::Pointer;
use crate::ir::{EnumVariant, Field, Presence, TypeDef, TypeRef, TypeShape};
use crate::model::Node;
use crate::names::{Unique, pascal, singular, snake};
use crate::text;

/// Levels of inline objects that get a type of their own.
const DEEPEST: usize = 24;

/// Names that generated code uses unqualified, and the rest of the prelude, which a glob import of the
/// types would hide from its users.
const PRELUDE: [&str; 38] = [
    "Self",
    "Option",
    "Vec",
    "String",
    "Box",
    "Result",
    "Ok",
    "Err",
    "Some",
    "None",
    "Default",
    "Debug",
    "Clone",
    "Copy",
    "Send",
    "Sync",
    "Sized",
    "Unpin",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "AsRef",
    "AsMut",
    "From",
    "Into",
    "TryFrom",
    "TryInto",
    "FromIterator",
    "IntoIterator",
    "Iterator",
    "Extend",
    "Eq",
    "PartialEq",
    "Ord",
    "PartialOrd",
    "ToOwned",
    "ToString",
];
/// Longest name of a type that is named after where it stands, in characters.
const LONGEST_NAME: usize = 80;

/// Whether a type is for what is sent or for what is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Arguments and bodies.
    In,
    /// Answers.
    Out,
}

/// Builds the types of a crate.
#[derive(Debug)]
pub struct TypeBuilder<'s, 'a> {
    shapes: &'s Shapes<'a>,
    split: ReadWriteSplit,
    known: HashMap<(Pointer, Direction), usize>,
    names: Unique,
    depth: usize,
    /// The types so far; a type refers to others by index.
    pub types: Vec<TypeDef>,
}

impl<'s, 'a> TypeBuilder<'s, 'a> {
    /// A builder without types.
    pub fn new(shapes: &'s Shapes<'a>, root: &Node<'a>) -> Self {
        let mut names = Unique::default();
        for name in PRELUDE {
            names.reserve(name);
        }
        Self {
            shapes,
            split: ReadWriteSplit::find(root),
            known: HashMap::new(),
            names,
            depth: 0,
            types: Vec::new(),
        }
    }

    /// The type of a schema, and whether null is one of its values. `hint` names it if it has no
    /// name of its own.
    pub fn of(&mut self, node: &Node<'a>, hint: &str, direction: Direction) -> (TypeRef, bool) {
        let shape = self.shapes.of(node);
        let nullable = shape.nullable;
        (self.of_shape(&shape, hint, direction), nullable)
    }

    /// The same for a shape that is known already.
    pub fn of_shape(&mut self, shape: &Shape<'a>, hint: &str, direction: Direction) -> TypeRef {
        if self.depth >= DEEPEST {
            return TypeRef::Json;
        }
        if !shape.unions.is_empty() {
            return self.union(shape);
        }
        if direction == Direction::In && shape.has_forms() {
            return TypeRef::Json;
        }
        if let Some(values) = &shape.values {
            let texts: Option<Vec<&str>> = values.iter().map(|v| v.as_str()).collect();
            return match texts {
                Some(texts) if !texts.is_empty() && texts.len() <= 300 => {
                    self.enumeration(shape, &texts, hint)
                }
                _ => self.plain(shape, hint, direction),
            };
        }
        self.plain(shape, hint, direction)
    }

    /// A union whose branches are all the same kind of scalar is that scalar (an address or an empty
    /// text is a text); any other is a JSON value.
    fn union(&self, shape: &Shape<'a>) -> TypeRef {
        let mut names = shape
            .unions
            .iter()
            .flatten()
            .map(|branch| self.shapes.of(branch))
            .map(|s| {
                if s.unions.is_empty() {
                    s.types.names()
                } else {
                    Vec::new()
                }
            });
        let Some(first) = names.next() else {
            return TypeRef::Json;
        };
        if !names.all(|other| other == first) {
            return TypeRef::Json;
        }
        match first.as_slice() {
            ["string"] => TypeRef::String,
            ["boolean"] => TypeRef::Bool,
            ["integer"] => TypeRef::Integer,
            ["number"] => TypeRef::Float,
            _ => TypeRef::Json,
        }
    }

    fn plain(&mut self, shape: &Shape<'a>, hint: &str, direction: Direction) -> TypeRef {
        if shape.is_object() {
            if !shape.properties.is_empty() {
                return self.structure(shape, hint, direction);
            }
            let value = match &shape.additional {
                Additional::Schema(node) => {
                    self.nested(|b| b.value_type(node, &format!("{hint}Value"), direction))
                }
                _ => TypeRef::Json,
            };
            return TypeRef::Map(Box::new(value));
        }
        if shape.is_array() {
            let item = match &shape.items {
                Some(items) if shape.prefix_items.is_empty() => {
                    let hint = one(hint);
                    self.nested(|b| b.value_type(items, &hint, direction))
                }
                _ => TypeRef::Json,
            };
            return TypeRef::List(Box::new(item));
        }
        match shape.types.names().as_slice() {
            ["string"] => TypeRef::String,
            ["boolean"] => TypeRef::Bool,
            ["integer"] => TypeRef::Integer,
            ["number"] => TypeRef::Float,
            _ => TypeRef::Json,
        }
    }

    /// A type for items and map values, where null needs a place of its own.
    pub fn value_type(&mut self, node: &Node<'a>, hint: &str, direction: Direction) -> TypeRef {
        let (ty, nullable) = self.of(node, hint, direction);
        if nullable && ty != TypeRef::Json {
            TypeRef::Nullable(Box::new(ty))
        } else {
            ty
        }
    }

    fn nested<T>(&mut self, build: impl FnOnce(&mut Self) -> T) -> T {
        self.depth = self.depth.saturating_add(1);
        let built = build(self);
        self.depth = self.depth.saturating_sub(1);
        built
    }

    fn enumeration(&mut self, shape: &Shape<'a>, texts: &[&str], hint: &str) -> TypeRef {
        let key = (shape.origin.clone(), Direction::Out);
        if let Some(&index) = self.known.get(&key) {
            return TypeRef::Named(index);
        }
        let mut idents = Unique::default();
        idents.reserve("Other");
        let variants = texts
            .iter()
            .enumerate()
            .map(|(i, wire)| EnumVariant {
                ident: match *wire {
                    "" => idents.take("Empty", ""),
                    wire => idents.take(&pascal(wire, i), ""),
                },
                wire: (*wire).to_owned(),
            })
            .collect();
        let index = self.define(shape, hint, "");
        self.known.insert(key, index);
        self.finish(index, TypeShape::Enum { variants });
        TypeRef::Named(index)
    }

    fn structure(&mut self, shape: &Shape<'a>, hint: &str, direction: Direction) -> TypeRef {
        let split = self.split.contains(&shape.origin);
        // Inline schemas are reached one way only, and so are their own key.
        let key_direction = if split { direction } else { Direction::Out };
        let shared = shape.name.is_some();
        let key = (
            shape.origin.clone(),
            if shared { key_direction } else { direction },
        );
        if let Some(&index) = self.known.get(&key) {
            return TypeRef::Named(index);
        }
        let suffix = if split && shared && direction == Direction::In {
            "Input"
        } else {
            ""
        };
        let index = self.define(shape, hint, suffix);
        self.known.insert(key, index);
        let name = self
            .types
            .get(index)
            .map(|t| t.name.clone())
            .unwrap_or_default();
        let fields = self.fields(shape, &name, direction);
        let additional = match &shape.additional {
            Additional::Unsaid | Additional::No => None,
            Additional::Any => Some(TypeRef::Json),
            Additional::Schema(node) => {
                Some(self.nested(|b| b.value_type(node, &format!("{name}Value"), direction)))
            }
        };
        let additional = additional.map(|ty| {
            let mut ident = "additional".to_owned();
            while fields.iter().any(|f| f.ident == ident) {
                ident.push('_');
            }
            (ident, ty)
        });
        self.finish(index, TypeShape::Struct { fields, additional });
        TypeRef::Named(index)
    }

    /// The fields of an object; properties that go the other way are left out.
    pub fn fields(&mut self, shape: &Shape<'a>, parent: &str, direction: Direction) -> Vec<Field> {
        let mut idents = Unique::default();
        let mut fields = Vec::with_capacity(shape.properties.len());
        for (i, (name, property)) in shape.properties.iter().enumerate() {
            let inner = self.shapes.of_property(shape, name, property);
            let other_way = match direction {
                Direction::In => inner.read_only,
                Direction::Out => inner.write_only,
            };
            if other_way {
                continue;
            }
            let hint = format!("{parent}{}", pascal(name, i));
            let ty = self.nested(|b| b.of_shape(&inner, &hint, direction));
            let required = shape.required.contains(name);
            fields.push(Field {
                ident: idents.take(&snake(name, i), "_"),
                name: (*name).to_owned(),
                presence: presence(required, inner.nullable, direction, &ty),
                ty,
                doc: text::line(inner.description.or(inner.title).unwrap_or_default(), 300),
            });
        }
        for name in shape.undeclared() {
            let (ty, nullable) = match &shape.additional {
                Additional::Schema(node) => {
                    let hint = format!("{parent}{}", pascal(name, fields.len()));
                    self.nested(|b| b.of(node, &hint, direction))
                }
                _ => (TypeRef::Json, false),
            };
            fields.push(Field {
                ident: idents.take(&snake(name, fields.len()), "_"),
                name: name.to_owned(),
                presence: presence(direction == Direction::In, nullable, direction, &ty),
                ty,
                doc: String::new(),
            });
        }
        fields
    }

    fn define(&mut self, shape: &Shape<'a>, hint: &str, suffix: &str) -> usize {
        let wanted = match shape.name {
            Some(name) => pascal(name, self.types.len()),
            None => pascal(hint, self.types.len()),
        };
        let wanted = match wanted.get(..LONGEST_NAME) {
            Some(head) => head.trim_end_matches('_'),
            None => &wanted,
        };
        let index = self.types.len();
        let name = self.names.take(&format!("{wanted}{suffix}"), "");
        // A property's description says what that property is, not what the component is.
        let doc = match &shape.definition {
            Some(component) => component.str("description").or(component.str("title")),
            None => shape.description.or(shape.title),
        };
        let doc = text::paragraphs(doc.unwrap_or_default(), 600);
        self.types.push(TypeDef {
            name,
            module: String::new(),
            doc,
            sent: false,
            shape: TypeShape::Enum {
                variants: Vec::new(),
            },
        });
        index
    }

    fn finish(&mut self, index: usize, shape: TypeShape) {
        if let Some(definition) = self.types.get_mut(index) {
            definition.shape = shape;
        }
    }
}

/// Presence of a field. Answers do not tell absent and null apart; requests do. What an answer promises
/// is a value and no option: if it is missing, the decode of a typed caller fails and says where (the
/// tool's own result is not decoded). What an answer adds fails nothing.
pub fn presence(required: bool, nullable: bool, direction: Direction, ty: &TypeRef) -> Presence {
    match (required, nullable, direction) {
        // Null is a JSON value like others.
        (true, _, Direction::Out) if *ty == TypeRef::Json => Presence::Required,
        (true, false, _) => Presence::Required,
        (true, true, Direction::In) => Presence::Nullable,
        (false, true, Direction::In) => Presence::OptionalNullable,
        _ => Presence::Optional,
    }
}

/// The name of one of many: `…Lines` holds `…Line`.
fn one(hint: &str) -> String {
    let singular = singular(hint);
    if singular == hint {
        format!("{hint}Item")
    } else {
        singular
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, presence};
    use crate::ir::{Presence, TypeRef};

    #[test]
    fn requests_tell_absent_and_null_apart_and_answers_do_not() {
        use Direction::{In, Out};
        for (required, nullable, direction, ty, expected) in [
            (true, false, In, TypeRef::String, Presence::Required),
            (true, true, In, TypeRef::String, Presence::Nullable),
            (false, true, In, TypeRef::String, Presence::OptionalNullable),
            (false, false, In, TypeRef::String, Presence::Optional),
            (true, false, Out, TypeRef::String, Presence::Required),
            (true, true, Out, TypeRef::String, Presence::Optional),
            (false, true, Out, TypeRef::String, Presence::Optional),
            (true, true, Out, TypeRef::Json, Presence::Required),
        ] {
            assert_eq!(
                presence(required, nullable, direction, &ty),
                expected,
                "{required} {nullable} {direction:?}"
            );
        }
    }
}
