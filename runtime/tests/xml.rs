//! What the XML writer writes, read by a parser of its own.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::*;
use mcpwright_runtime::request::build;
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;

/// `<lead id="…"><name>…</name><note><![CDATA[…]]></note></lead>`
static LEAD: Xml = Xml {
    name: "lead",
    content: XmlContent::Object(&[
        (
            "id",
            Xml {
                name: "id",
                node: XmlNode::Attribute,
                ..Xml::DEFAULT
            },
        ),
        (
            "name",
            Xml {
                name: "name",
                ..Xml::DEFAULT
            },
        ),
        (
            "note",
            Xml {
                name: "note",
                content: XmlContent::Object(&[(
                    "text",
                    Xml {
                        node: XmlNode::Cdata,
                        ..Xml::DEFAULT
                    },
                )]),
                ..Xml::DEFAULT
            },
        ),
    ]),
    ..Xml::DEFAULT
};

static OPERATION: OperationDef = OperationDef {
    method: "POST",
    segments: &[Segment(&[Part::Literal("leads")])],
    body: Some(Body {
        media_type: "application/xml",
        encoding: BodyEncoding::Xml(&LEAD),
        shape: BodyShape::Whole { argument: "body" },
        required: true,
    }),
    ..OperationDef::DEFAULT
};

/// The attribute, the texts and the names of elements of a document.
fn read(document: &str) -> (String, String, Vec<String>) {
    let mut reader = Reader::from_str(document);
    let (mut attribute, mut text, mut names) = (String::new(), String::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                names.push(String::from_utf8(tag.name().0.to_vec()).unwrap());
                for one in tag.attributes() {
                    attribute += &one.unwrap().unescape_value().unwrap();
                }
            }
            Event::Text(content) => text += &content.unescape().unwrap(),
            Event::CData(content) => text += std::str::from_utf8(&content).unwrap(),
            Event::Eof => return (attribute, text, names),
            _ => {}
        }
    }
}

/// Texts that XML can carry, with much in them that it escapes.
fn texts() -> impl Strategy<Value = String> {
    "([<>&\"'\\]\\r\\n\\t ]|[a-z\\]>]|\\PC){0,16}"
        .prop_filter("a character that XML has not", |text| {
            !text.contains(['\u{FFFE}', '\u{FFFF}'])
        })
}

proptest! {
    #[test]
    fn every_text_reads_back_and_opens_no_element(id in texts(), name in texts(), note in texts()) {
        let body = json!({"id": id, "name": name, "note": {"text": note}});
        let request = build(&OPERATION, &Object::from_iter([("body".to_owned(), body)])).unwrap();
        let bytes = request.body.unwrap().bytes;
        let (attribute, text, names) = read(std::str::from_utf8(&bytes).unwrap());
        prop_assert_eq!(attribute, id);
        prop_assert_eq!(text, format!("{name}{note}"));
        prop_assert_eq!(names, ["lead", "name", "note"]);
    }

    #[test]
    fn a_name_reads_back_or_is_refused(name in "(\\PC|[<>/= \"a:-]){1,6}") {
        let body = json!({"further": {name.clone(): "x"}});
        if let Ok(request) = build(&OPERATION, &Object::from_iter([("body".to_owned(), body)])) {
            let bytes = request.body.unwrap().bytes;
            let (_, _, names) = read(std::str::from_utf8(&bytes).unwrap());
            prop_assert_eq!(names, ["lead".to_owned(), "further".to_owned(), name]);
        }
    }
}
