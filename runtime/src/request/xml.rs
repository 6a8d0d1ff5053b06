//! XML bodies (OpenAPI 3.2 §4.26; XML 1.0, fifth edition).

use super::RequestError;
use super::encode::scalar;
use crate::json::Value;
use crate::operation::{Xml, XmlContent, XmlNode};

/// The namespace of `xsi:nil`.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The document of a value. In a charset that is not UTF-8, what is beyond ASCII is written as character
/// references, so that it is the same in all of them.
///
/// # Errors
/// When the value holds what XML cannot carry.
pub(super) fn document(
    root: &Xml,
    value: &Value,
    charset: Option<&str>,
) -> Result<String, RequestError> {
    // `EncName` (XML 1.0 §4.3.3).
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let named = charset.filter(|name| name.chars().all(is_name));
    let named = named.map_or_else(|| "UTF-8".to_owned(), str::to_ascii_uppercase);
    let mut writer = Writer {
        out: format!("<?xml version=\"1.0\" encoding=\"{named}\"?>"),
        is_ascii: charset.is_some(),
    };
    writer.element(root.name, root, value)?;
    Ok(writer.out)
}

struct Writer {
    out: String,
    /// Whether only ASCII is written.
    is_ascii: bool,
}

impl Writer {
    /// A node below an element; attributes stand in its start tag already. `name`: of the node, which one
    /// that no schema describes has from its key.
    fn node(&mut self, name: &str, xml: &Xml, value: &Value) -> Result<(), RequestError> {
        match xml.node {
            XmlNode::Attribute => Ok(()),
            XmlNode::Text => self.text(&scalar(value)),
            XmlNode::Cdata => self.cdata(&scalar(value)),
            XmlNode::None => self.content(name, xml, value),
            XmlNode::Element => match (xml.content, value) {
                // Without a schema for its items, an array is its items under one name.
                (XmlContent::Value, Value::Array(items)) => {
                    items.iter().try_for_each(|item| self.node(name, xml, item))
                }
                _ => self.element(name, xml, value),
            },
        }
    }

    fn element(&mut self, name: &str, xml: &Xml, value: &Value) -> Result<(), RequestError> {
        let name = qualified(xml.prefix, name)?;
        self.out += "<";
        self.out += &name;
        let mut declared = Vec::new();
        self.namespace(xml, &mut declared)?;
        if value.is_null() {
            self.attribute("xmlns:xsi", XSI)?;
            self.attribute("xsi:nil", "true")?;
        }
        self.attributes(xml, value, &mut declared)?;
        self.out += ">";
        let before = self.out.len();
        self.content(xml.name, xml, value)?;
        if self.out.len() == before {
            self.out.pop();
            self.out += "/>";
        } else {
            self.out += "</";
            self.out += &name;
            self.out += ">";
        }
        Ok(())
    }

    fn content(&mut self, name: &str, xml: &Xml, value: &Value) -> Result<(), RequestError> {
        match (xml.content, value) {
            (_, Value::Null) => Ok(()),
            (XmlContent::Items(item), Value::Array(items)) => items
                .iter()
                .try_for_each(|value| self.node(item.name, item, value)),
            // One value in place of a list of one.
            (XmlContent::Items(item), value) => self.node(item.name, item, value),
            (XmlContent::Object(properties), Value::Object(object)) => {
                for (key, property) in properties {
                    if let Some(value) = object.get(*key) {
                        self.node(property.name, property, value)?;
                    }
                }
                let further = object
                    .iter()
                    .filter(|(key, _)| properties.iter().all(|(known, _)| known != key));
                self.elements(further)
            }
            (_, Value::Object(object)) => self.elements(object.iter()),
            (_, Value::Array(items)) => items
                .iter()
                .try_for_each(|item| self.node(name, &Xml::DEFAULT, item)),
            (_, value) => self.text(&scalar(value)),
        }
    }

    fn elements<'v>(
        &mut self,
        mut members: impl Iterator<Item = (&'v String, &'v Value)>,
    ) -> Result<(), RequestError> {
        members.try_for_each(|(key, value)| self.node(key, &Xml::DEFAULT, value))
    }

    /// The attributes among the properties, and those of properties that have no element of their own.
    fn attributes(
        &mut self,
        xml: &Xml,
        value: &Value,
        declared: &mut Vec<&'static str>,
    ) -> Result<(), RequestError> {
        let (XmlContent::Object(properties), Value::Object(object)) = (xml.content, value) else {
            return Ok(());
        };
        for (key, property) in properties {
            let Some(value) = object.get(*key).filter(|value| !value.is_null()) else {
                continue;
            };
            match property.node {
                XmlNode::Attribute => {
                    self.namespace(property, declared)?;
                    let name = qualified(property.prefix, property.name)?;
                    let text = match value {
                        // A list in an attribute is one of xs:list.
                        Value::Array(items) => {
                            items.iter().map(scalar).collect::<Vec<_>>().join(" ")
                        }
                        value => scalar(value),
                    };
                    self.attribute(&name, &text)?;
                }
                XmlNode::None => self.attributes(property, value, declared)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Declares the namespace of a node, once for each prefix in a start tag.
    fn namespace(
        &mut self,
        xml: &Xml,
        declared: &mut Vec<&'static str>,
    ) -> Result<(), RequestError> {
        let is_default = xml.prefix.is_empty();
        // An attribute without a prefix is in no namespace (Namespaces in XML 1.0 §6.2).
        if xml.namespace.is_empty()
            || declared.contains(&xml.prefix)
            || (is_default && xml.node == XmlNode::Attribute)
        {
            return Ok(());
        }
        declared.push(xml.prefix);
        let name = if is_default {
            "xmlns".to_owned()
        } else {
            format!("xmlns:{}", xml.prefix)
        };
        self.attribute(&name, xml.namespace)
    }

    fn attribute(&mut self, name: &str, text: &str) -> Result<(), RequestError> {
        self.out.push(' ');
        self.out += name;
        self.out += "=\"";
        self.escaped(text, true)?;
        self.out.push('"');
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), RequestError> {
        self.escaped(text, false)
    }

    fn escaped(&mut self, text: &str, in_attribute: bool) -> Result<(), RequestError> {
        for c in text.chars() {
            match c {
                '&' => self.out += "&amp;",
                '<' => self.out += "&lt;",
                '>' => self.out += "&gt;",
                '"' if in_attribute => self.out += "&quot;",
                // A reader would make another character of these (XML 1.0 §2.11, §3.3.3).
                '\r' => self.out += "&#13;",
                '\n' if in_attribute => self.out += "&#10;",
                '\t' if in_attribute => self.out += "&#9;",
                c if is_char(c) && self.is_ascii && !c.is_ascii() => {
                    self.out += &format!("&#x{:X};", u32::from(c));
                }
                c if is_char(c) => self.out.push(c),
                c => return Err(refused(c)),
            }
        }
        Ok(())
    }

    fn cdata(&mut self, text: &str) -> Result<(), RequestError> {
        if let Some(c) = text.chars().find(|c| !is_char(*c)) {
            return Err(refused(c));
        }
        self.out += "<![CDATA[";
        let text = text.replace("]]>", "]]]]><![CDATA[>");
        for c in text.chars() {
            // A reader makes a line feed of a carriage return, in a section too.
            if c == '\r' || self.is_ascii && !c.is_ascii() {
                self.out += &format!("]]>&#x{:X};<![CDATA[", u32::from(c));
            } else {
                self.out.push(c);
            }
        }
        self.out += "]]>";
        Ok(())
    }
}

/// `Char` (XML 1.0 §2.2).
fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn refused(c: char) -> RequestError {
    let code = u32::from(c);
    RequestError::new(
        "body",
        format!("holds the character U+{code:04X}, which XML cannot carry"),
    )
}

/// `NameStartChar` (XML 1.0 §2.3) without the colon.
fn is_name_start(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// A name that can stand in a tag: `NCName` (Namespaces in XML 1.0 §3), with a prefix if there is one.
fn qualified(prefix: &str, name: &str) -> Result<String, RequestError> {
    let fits = |name: &str| {
        name.starts_with(is_name_start)
            && name.chars().all(|c| {
                is_name_start(c)
                    || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
            })
    };
    if !fits(name) || !(prefix.is_empty() || fits(prefix)) {
        let shown: String = name.chars().take(60).collect();
        return Err(RequestError::new(
            "body",
            format!("has a property {shown:?}, which is no name in XML"),
        ));
    }
    Ok(if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}:{name}")
    })
}
