//! The strict visitor that both formats share.
//!
//! It builds a [`Value`] and enforces what `Value`'s own visitor does not: no key twice, budgets
//! for depth and nodes, no YAML tags. What went wrong is kept beside the reader's own error, whose
//! text alone could not be told apart from a syntax error.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::Budgets;

/// Why the reading was stopped, apart from syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A key occurs twice in one object.
    Duplicate(String),
    /// More nodes than the budget.
    Nodes,
    /// Nested deeper than the budget.
    Depth,
    /// A YAML tag such as `!include`.
    Tag(String),
    /// A YAML key that is an object or array.
    Key,
    /// `<<` with something else than mappings.
    Merge,
}

/// The state of one reading.
pub(super) struct Reader {
    nodes_left: Cell<usize>,
    depth: usize,
    yaml: bool,
    fault: RefCell<Option<Fault>>,
    non_finite: Cell<bool>,
}

impl Reader {
    pub(super) fn new(budgets: &Budgets, yaml: bool) -> Self {
        Self {
            nodes_left: Cell::new(budgets.nodes),
            depth: budgets.effective_depth(),
            yaml,
            fault: RefCell::new(None),
            non_finite: Cell::new(false),
        }
    }

    /// The seed for the root.
    pub(super) fn root(&self) -> Seed<'_> {
        Seed {
            reader: self,
            depth: 0,
        }
    }

    /// What stopped the reading, if it was not the syntax.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.fault.borrow_mut().take()
    }

    /// Notes a fault and returns the error that carries it out of the reader.
    fn stop<E: Error>(&self, fault: Fault) -> E {
        *self.fault.borrow_mut() = Some(fault);
        E::custom("stopped")
    }

    fn count<E: Error>(&self) -> Result<(), E> {
        match self.nodes_left.get().checked_sub(1) {
            Some(left) => self.nodes_left.set(left),
            None => return Err(self.stop(Fault::Nodes)),
        }
        Ok(())
    }
}

/// Reads one node at a depth (the root has depth 0 until it turns out to be a container).
#[derive(Clone, Copy)]
pub(super) struct Seed<'r> {
    reader: &'r Reader,
    depth: usize,
}

impl Seed<'_> {
    /// The seed for the members of this node.
    fn inner<E: Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        if depth > self.reader.depth {
            return Err(self.reader.stop(Fault::Depth));
        }
        Ok(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.reader.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        // Integers beyond 64 bits become floats, as in JSON; `numbers.rs` reports them.
        Ok(Number::from_f64(value as f64).map_or(Value::Null, Value::Number))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(Number::from_f64(value as f64).map_or(Value::Null, Value::Number))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(match Number::from_f64(value) {
            Some(number) => Value::Number(number),
            // `.inf` and `.nan` of YAML stay texts; `numbers.rs` reports them.
            None => {
                self.reader.non_finite.set(true);
                let text = if value.is_nan() {
                    ".nan"
                } else if value > 0.0 {
                    ".inf"
                } else {
                    "-.inf"
                };
                Value::String(text.to_owned())
            }
        })
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(inner)? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut object = Map::new();
        let mut merges = Vec::new();
        while let Some(key) = members.next_key_seed(KeySeed(self.reader))? {
            if self.reader.yaml && key == "<<" {
                merges.push(members.next_value_seed(inner)?);
                continue;
            }
            match object.entry(key) {
                serde_json::map::Entry::Occupied(entry) => {
                    let key = entry.key().clone();
                    return Err(self.reader.stop(Fault::Duplicate(key)));
                }
                serde_json::map::Entry::Vacant(entry) => {
                    entry.insert(members.next_value_seed(inner)?);
                }
            }
        }
        for merge in merges {
            merge_into(&mut object, merge).map_err(|fault| self.reader.stop(fault))?;
        }
        Ok(Value::Object(object))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (tag, _): (String, _) = data.variant()?;
        Err(self.reader.stop(Fault::Tag(tag)))
    }
}

/// Applies the value of a merge key (`<<`): keys that are there already win, and of several
/// mappings the earlier wins (YAML merge key, <https://yaml.org/type/merge.html>).
fn merge_into(object: &mut Map<String, Value>, merge: Value) -> Result<(), Fault> {
    match merge {
        Value::Object(members) => {
            for (key, value) in members {
                object.entry(key).or_insert(value);
            }
            Ok(())
        }
        Value::Array(mappings) => mappings.into_iter().try_for_each(|mapping| match mapping {
            Value::Object(_) => merge_into(object, mapping),
            _ => Err(Fault::Merge),
        }),
        _ => Err(Fault::Merge),
    }
}

/// Reads a key as text: in YAML `200`, `true` and `null` are the keys `"200"`, `"true"`, `"null"`,
/// spelt as in the document.
struct KeySeed<'r>(&'r Reader);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_> {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The reader asks for this text only to say that it found something else.
        if self.0.yaml {
            *self.0.fault.borrow_mut() = Some(Fault::Key);
        }
        formatter.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<String, E> {
        Ok(key.to_owned())
    }

    fn visit_string<E>(self, key: String) -> Result<String, E> {
        Ok(key)
    }
}
