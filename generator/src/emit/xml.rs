//! XML nodes of bodies as static data.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::lit;
use crate::ir::{Xml, XmlContent};

/// A node; what equals the default is left out.
pub fn xml(node: &Xml) -> TokenStream {
    let name = lit(&node.name);
    let mut facts = vec![quote!(name: #name)];
    if !node.prefix.is_empty() {
        let prefix = lit(&node.prefix);
        facts.push(quote!(prefix: #prefix));
    }
    if !node.namespace.is_empty() {
        let namespace = lit(&node.namespace);
        facts.push(quote!(namespace: #namespace));
    }
    let kind = match node.node {
        "attribute" => Some(quote!(Attribute)),
        "text" => Some(quote!(Text)),
        "cdata" => Some(quote!(Cdata)),
        "none" => Some(quote!(None)),
        _ => None,
    };
    facts.extend(kind.map(|kind| quote!(node: op::XmlNode::#kind)));
    match &node.content {
        XmlContent::Value => {}
        XmlContent::Object(members) => {
            let members = members.iter().map(|(name, node)| {
                let name = lit(name);
                let node = xml(node);
                quote!((#name, #node))
            });
            facts.push(quote!(content: op::XmlContent::Object(&[#(#members),*])));
        }
        XmlContent::Items(item) => {
            let item = xml(item);
            facts.push(quote!(content: op::XmlContent::Items(&#item)));
        }
    }
    // An update that changes nothing is a warning.
    let rest = (facts.len() < 5).then(|| quote!(..op::Xml::DEFAULT));
    quote!(op::Xml { #(#facts,)* #rest })
}
