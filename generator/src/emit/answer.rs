//! How answers are shown, as static data; what equals the default is left out.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{ident, lit};
use crate::ir::{Answer, Format, Paging, PagingStyle};

/// The value of `OperationDef::answer`.
pub fn answer(answer: &Answer) -> TokenStream {
    let mut fields: Vec<TokenStream> = Vec::new();
    fields.extend(text("records", &answer.records));
    if answer.list {
        fields.push(quote!(list: true));
    }
    if answer.open {
        fields.push(quote!(open: true));
    }
    for (name, texts) in [
        ("columns", &answer.columns),
        ("secrets", &answer.secrets),
        ("table", &answer.table),
        ("echo", &answer.echo),
    ] {
        if !texts.is_empty() {
            let name = ident(name);
            let texts = texts.iter().map(|text| lit(text));
            fields.push(quote!(#name: &[#(#texts),*]));
        }
    }
    if answer.selectable {
        fields.push(quote!(selectable: true));
    }
    if let Some(paging) = &answer.paging {
        let paging = self::paging(paging);
        fields.push(quote!(paging: Some(#paging)));
    }
    if !answer.words.is_empty() {
        let words = answer.words.iter().map(|(property, words)| {
            let property = lit(property);
            let words = words.iter().map(|(value, word)| {
                let (value, word) = (lit(value), lit(word));
                quote!((#value, #word))
            });
            quote!(op::Words { property: #property, words: &[#(#words),*] })
        });
        fields.push(quote!(words: &[#(#words),*]));
    }
    if let Some(format) = answer.format {
        let format = match format {
            Format::Markdown => quote!(Markdown),
            Format::Json => quote!(Json),
            Format::Toon => quote!(Toon),
            Format::Csv => quote!(Csv),
        };
        fields.push(quote!(format: Some(op::Format::#format)));
    }
    if answer.settled {
        fields.push(quote!(settled: true));
    }
    if answer.human_dates {
        fields.push(quote!(human_dates: true));
    }
    // An update that changes nothing is a warning.
    let rest = (fields.len() < 13).then(|| quote!(..op::Answer::DEFAULT));
    quote!(op::Answer { #(#fields,)* #rest })
}

fn text(name: &str, value: &str) -> Option<TokenStream> {
    (!value.is_empty()).then(|| {
        let name = ident(name);
        let value = lit(value);
        quote!(#name: #value)
    })
}

fn paging(paging: &Paging) -> TokenStream {
    let style = match paging.style {
        PagingStyle::Page => Some(quote!(Page)),
        PagingStyle::Offset => Some(quote!(Offset)),
        PagingStyle::Cursor => Some(quote!(Cursor)),
        PagingStyle::Link => None,
    };
    let mut fields: Vec<TokenStream> = Vec::new();
    fields.extend(style.map(|style| quote!(style: op::PagingStyle::#style)));
    fields.extend(text("position", &paging.position));
    if paging.first != 1 {
        let first = paging.first;
        fields.push(quote!(first: #first));
    }
    if let Some(size) = &paging.size {
        let argument = lit(&size.argument);
        let (max, usual, send) = (size.max, size.usual, size.send);
        fields.push(quote!(size: Some(op::PageSize {
            argument: #argument,
            max: #max,
            usual: #usual,
            send: #send,
        })));
    }
    fields.extend(text("next", &paging.next));
    fields.extend(text("more", &paging.more));
    fields.extend(text("total", &paging.total));
    fields.extend(text("pages", &paging.pages));
    fields.extend(text("last", &paging.last));
    fields.extend(text("here", &paging.here));
    fields.extend(text("done", &paging.done));
    let rest = (fields.len() < 11).then(|| quote!(..op::Paging::DEFAULT));
    quote!(op::Paging { #(#fields,)* #rest })
}
