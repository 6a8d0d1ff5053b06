//! A value of the document together with the place where it stands.

use serde_json::{Map, Value};

use crate::diagnostics::Pointer;

/// A node of the document.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// The value.
    pub value: &'a Value,
    /// Where it stands.
    pub pointer: Pointer,
}

impl<'a> Node<'a> {
    /// The document itself.
    pub fn root(value: &'a Value) -> Self {
        Self {
            value,
            pointer: Pointer::root(),
        }
    }

    /// The member `key` of an object.
    pub fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        Some(Self {
            value,
            pointer: self.pointer.child(key),
        })
    }

    /// The member at the end of a chain of keys.
    pub fn at(&self, keys: &[&str]) -> Option<Self> {
        let mut value = self.value;
        for key in keys {
            value = value.get(key)?;
        }
        let pointer = keys
            .iter()
            .fold(self.pointer.clone(), |p, key| p.child(key));
        Some(Self { value, pointer })
    }

    /// The node as an object.
    pub fn object(&self) -> Option<&'a Map<String, Value>> {
        self.value.as_object()
    }

    /// The members of an object in document order; none if it is no object.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let pointer = self.pointer.clone();
        self.value
            .as_object()
            .into_iter()
            .flatten()
            .map(move |(key, value)| {
                (
                    key.as_str(),
                    Self {
                        value,
                        pointer: pointer.child(key),
                    },
                )
            })
    }

    /// The items of an array; none if it is no array.
    pub fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let pointer = self.pointer.clone();
        self.value
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .map(move |(i, value)| Self {
                value,
                pointer: pointer.index(i),
            })
    }

    /// The items of the array `key`; none if there is no such array.
    pub fn list(&self, key: &str) -> impl Iterator<Item = Self> + use<'a> {
        self.get(key).into_iter().flat_map(|node| node.items())
    }

    /// The string member `key`, if it is one and is not blank.
    pub fn str(&self, key: &str) -> Option<&'a str> {
        self.value
            .get(key)?
            .as_str()
            .filter(|s| !s.trim().is_empty())
    }

    /// The boolean member `key`.
    pub fn bool(&self, key: &str) -> Option<bool> {
        self.value.get(key)?.as_bool()
    }

    /// The `$ref` of a reference object.
    pub fn reference(&self) -> Option<&'a str> {
        self.value.get("$ref")?.as_str()
    }
}
