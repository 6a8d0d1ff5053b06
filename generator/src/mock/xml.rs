//! Values as XML, as the `xml` objects of their schemas say (OpenAPI 3.2 §4.26).

use std::io;

use quick_xml::Writer;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesCData, BytesDecl, BytesText, Event};
use serde_json::Value;

use super::collection::as_text;
use crate::ir::{Xml, XmlContent};
use crate::lower::schema::Shapes;
use crate::lower::xml::{fits, root, root_of};
use crate::model::Node;

/// The namespace of `xsi:nil`.
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

type Out = Writer<Vec<u8>>;

/// The root element for a value: as its schema says, else one of this name with an element for each property, or for
/// each item.
pub(super) fn root_for<'a>(
    shapes: &Shapes<'a>,
    schema: Option<&Node<'a>>,
    noun: &str,
    value: &Value,
) -> Xml {
    let resolver = shapes.resolver();
    let said = schema.and_then(|schema| root(shapes, resolver, schema));
    let inferred = || schema.and_then(|schema| root_of(shapes, resolver, schema, Some(noun)));
    let plain = || {
        let items = schema.and_then(|schema| shapes.of(schema).items.clone());
        let item = items.and_then(|items| root_of(shapes, resolver, &items, Some(noun)));
        let item = item.unwrap_or_else(|| named(noun, XmlContent::Value));
        if value.is_array() {
            named(&format!("{noun}-list"), XmlContent::Items(Box::new(item)))
        } else {
            named(noun, XmlContent::Value)
        }
    };
    said.or_else(inferred).unwrap_or_else(plain)
}

fn named(name: &str, content: XmlContent) -> Xml {
    Xml {
        name: if fits(name) { name } else { "record" }.to_owned(),
        prefix: String::new(),
        namespace: String::new(),
        node: "element",
        content,
    }
}

/// The document of a value.
///
/// # Errors
/// None that comes from writing into memory.
pub(super) fn document(root: &Xml, value: &Value) -> io::Result<Vec<u8>> {
    let mut out = Writer::new(Vec::new());
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    element(&mut out, &root.name, root, value)?;
    Ok(out.into_inner())
}

/// A node below an element; attributes stand in its start tag already. `name` is that of the node, which one that no
/// schema describes has from its key.
fn node(out: &mut Out, name: &str, xml: &Xml, value: &Value) -> io::Result<()> {
    match (xml.node, &xml.content, value) {
        ("attribute", ..) => Ok(()),
        ("text", ..) => text(out, value),
        ("cdata", ..) => cdata(out, value),
        ("none", ..) => content(out, name, xml, value),
        // Without a schema for its items, an array is its items under one name.
        (_, XmlContent::Value, Value::Array(items)) => {
            items.iter().try_for_each(|item| node(out, name, xml, item))
        }
        _ => element(out, name, xml, value),
    }
}

fn element(out: &mut Out, name: &str, xml: &Xml, value: &Value) -> io::Result<()> {
    let mut start = out.create_element(qualified(&xml.prefix, name));
    if !xml.namespace.is_empty() {
        let own = if xml.prefix.is_empty() {
            "xmlns".to_owned()
        } else {
            format!("xmlns:{}", xml.prefix)
        };
        start = start.with_attribute((own.as_str(), xml.namespace.as_str()));
    }
    if value.is_null() {
        start = start.with_attributes([("xmlns:xsi", XSI), ("xsi:nil", "true")]);
    }
    if let (XmlContent::Object(members), Value::Object(object)) = (&xml.content, value) {
        for (key, member) in members.iter().filter(|(_, one)| one.node == "attribute") {
            // A null attribute is left out.
            let Some(value) = object.get(key).filter(|value| !value.is_null()) else {
                continue;
            };
            let (name, value) = (qualified(&member.prefix, &member.name), written(value));
            start = start.with_attribute(Attribute::from((name.as_str(), value.as_str())));
        }
    }
    let is_empty = match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    if is_empty {
        start.write_empty()?;
    } else {
        start.write_inner_content(|out| content(out, name, xml, value))?;
    }
    Ok(())
}

fn content(out: &mut Out, name: &str, xml: &Xml, value: &Value) -> io::Result<()> {
    match (&xml.content, value) {
        (_, Value::Null) => Ok(()),
        (XmlContent::Items(item), Value::Array(items)) => items
            .iter()
            .try_for_each(|value| node(out, &item.name, item, value)),
        // One value in place of a list of one.
        (XmlContent::Items(item), value) => node(out, &item.name, item, value),
        (content, Value::Object(object)) => {
            let members = match content {
                XmlContent::Object(members) => members.as_slice(),
                _ => &[],
            };
            for (key, member) in members {
                if let Some(value) = object.get(key) {
                    node(out, &member.name, member, value)?;
                }
            }
            let known = |key: &String| members.iter().any(|(known, _)| known == key);
            // What is no name of an element has none.
            let further = object.iter().filter(|(key, _)| !known(key) && fits(key));
            for (key, value) in further {
                node(out, key, &named(key, XmlContent::Value), value)?;
            }
            Ok(())
        }
        (_, Value::Array(items)) => {
            let plain = named(name, XmlContent::Value);
            items
                .iter()
                .try_for_each(|item| node(out, name, &plain, item))
        }
        (_, value) => text(out, value),
    }
}

fn text(out: &mut Out, value: &Value) -> io::Result<()> {
    out.write_event(Event::Text(BytesText::new(&written(value))))
}

fn cdata(out: &mut Out, value: &Value) -> io::Result<()> {
    // `]]>` ends a section, so that it comes in two.
    BytesCData::escaped(&written(value)).try_for_each(|part| out.write_event(Event::CData(part)))
}

/// A scalar as text, without the characters that no XML can hold (XML 1.0 §2.2).
fn written(value: &Value) -> String {
    let is_allowed = |c: &char| {
        matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
    };
    as_text(value).chars().filter(is_allowed).collect()
}

fn qualified(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}:{name}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn leaf(name: &str, node: &'static str) -> Xml {
        Xml {
            node,
            ..named(name, XmlContent::Value)
        }
    }

    fn said(root: &Xml, value: &Value) -> String {
        let text = document(root, value).map(String::from_utf8);
        let text = text.unwrap_or_else(|error| Ok(error.to_string()));
        let text = text.unwrap_or_default();
        let declaration = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
        text.strip_prefix(declaration).unwrap_or(&text).to_owned()
    }

    #[test]
    fn elements_attributes_and_lists_are_written_as_their_nodes_say() {
        let lines = named(
            "lines",
            XmlContent::Items(Box::new(leaf("line", "element"))),
        );
        let loose = Xml {
            node: "none",
            ..named(
                "notes",
                XmlContent::Items(Box::new(leaf("note", "element"))),
            )
        };
        let members = vec![
            ("id".to_owned(), leaf("number", "attribute")),
            ("lines".to_owned(), lines),
            ("notes".to_owned(), loose),
            ("terms".to_owned(), leaf("terms", "cdata")),
        ];
        let root = Xml {
            prefix: "o".to_owned(),
            namespace: "urn:orders".to_owned(),
            ..named("order", XmlContent::Object(members))
        };
        for (value, expected) in [
            (
                json!({"id": 7, "lines": ["a<b", "c&d"], "notes": ["x", "y"]}),
                r#"<o:order xmlns:o="urn:orders" number="7"><lines><line>a&lt;b</line><line>c&amp;d</line></lines><note>x</note><note>y</note></o:order>"#,
            ),
            (
                json!({"id": "\"<", "terms": "a]]>b"}),
                r#"<o:order xmlns:o="urn:orders" number="&quot;&lt;"><![CDATA[a]]]]><![CDATA[>b]]></o:order>"#,
            ),
            (
                json!({"id": null, "lines": []}),
                r#"<o:order xmlns:o="urn:orders"><lines/></o:order>"#,
            ),
            // What no schema describes is written after its properties; what cannot be named is left out.
            (
                json!({"more": {"deep": true, "no name": 1}, "gone\u{0}": 1, "text": "a\u{0}b"}),
                r#"<o:order xmlns:o="urn:orders"><more><deep>true</deep></more><text>ab</text></o:order>"#,
            ),
            (
                Value::Null,
                r#"<o:order xmlns:o="urn:orders" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>"#,
            ),
        ] {
            assert_eq!(said(&root, &value), expected);
        }
    }
}
