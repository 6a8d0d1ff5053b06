//! How a value becomes XML (OpenAPI 3.2 §4.26, XML object).

/// The XML node of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Xml {
    /// Local name of the element or attribute.
    pub name: &'static str,
    /// Prefix of the name; empty for none.
    pub prefix: &'static str,
    /// Namespace, declared where the node stands; empty for none.
    pub namespace: &'static str,
    /// What kind of node it is.
    pub node: XmlNode,
    /// What it holds.
    pub content: XmlContent,
}

impl Xml {
    /// An element whose content follows from the value.
    pub const DEFAULT: Self = Self {
        name: "",
        prefix: "",
        namespace: "",
        node: XmlNode::Element,
        content: XmlContent::Value,
    };
}

/// Kinds of nodes (`nodeType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XmlNode {
    /// An element; of an array, one around its items (`wrapped`).
    Element,
    /// An attribute of the element around it.
    Attribute,
    /// Text of the element around it.
    Text,
    /// The same in a CDATA section.
    Cdata,
    /// Nothing of its own: what it holds stands in the element around it.
    None,
}

/// What a node holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XmlContent {
    /// What the value is: text, elements named after its properties, one element for each item.
    Value,
    /// The nodes of these properties; others are elements with their own names.
    Object(&'static [(&'static str, Xml)]),
    /// One node for each item.
    Items(&'static Xml),
}
