//! What settings add to the static description of an operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::lit;
use crate::ir::{Advice, Confirm, Merge, Settled};

/// The facts that the runtime needs; `None` if there are none.
pub(super) fn settled(settled: &Settled) -> Option<TokenStream> {
    let mut fields: Vec<TokenStream> = Vec::new();
    if !settled.fixed.is_empty() {
        let fixed = settled.fixed.iter().map(|(argument, value)| {
            let (argument, value) = (lit(argument), lit(&value.to_string()));
            quote!((#argument, #value))
        });
        fields.push(quote!(fixed: &[#(#fixed),*]));
    }
    if !settled.aliases.is_empty() {
        let aliases = settled.aliases.iter().map(|alias| {
            let place = lit(&alias.place);
            let words = alias.words.iter().map(|(word, value)| {
                let (word, value) = (lit(word), lit(&value.to_string()));
                quote!((#word, #value))
            });
            quote!(op::Alias { place: #place, words: &[#(#words),*] })
        });
        fields.push(quote!(aliases: &[#(#aliases),*]));
    }
    if !settled.null_refused.is_empty() {
        let places = settled.null_refused.iter().map(|place| lit(place));
        fields.push(quote!(null_refused: &[#(#places),*]));
    }
    if !settled.redact.is_empty() {
        let places = settled.redact.iter().map(|place| lit(place));
        fields.push(quote!(redact: &[#(#places),*]));
    }
    if !settled.concealed.is_empty() {
        let places = settled.concealed.iter().map(|place| lit(place));
        fields.push(quote!(concealed: &[#(#places),*]));
    }
    if !settled.advice.is_empty() {
        let advice = settled.advice.iter().map(advice);
        fields.push(quote!(advice: &[#(#advice),*]));
    }
    if !settled.merges.is_empty() {
        let merges = settled.merges.iter().map(merge);
        fields.push(quote!(merges: &[#(#merges),*]));
    }
    if !settled.consequence.is_empty() {
        let consequence = lit(&settled.consequence);
        fields.push(quote!(consequence: #consequence));
    }
    if let Some(confirm) = settled.confirm {
        let confirm = match confirm {
            Confirm::Off => quote!(Off),
            Confirm::Arg => quote!(Arg),
            Confirm::Auto => quote!(Auto),
            Confirm::Token => quote!(Token),
            Confirm::Elicit => quote!(Elicit),
            Confirm::Deny => quote!(Deny),
        };
        fields.push(quote!(confirm: Some(op::Confirm::#confirm)));
    }
    (!fields.is_empty()).then(|| {
        // An update that changes nothing is a warning.
        let rest = (fields.len() < 9).then(|| quote!(..op::Settled::NONE));
        quote!(op::Settled { #(#fields,)* #rest })
    })
}

fn merge(merge: &Merge) -> TokenStream {
    let (argument, key) = (lit(&merge.argument), lit(&merge.key));
    let kept = merge.kept.iter().map(|name| lit(name));
    let (get, from) = (lit(&merge.get), lit(&merge.from));
    let given = merge.given.iter().map(|(to, of)| {
        let (to, of) = (lit(to), lit(of));
        quote!((#to, #of))
    });
    let if_match = lit(&merge.if_match);
    quote!(op::Merge {
        argument: #argument,
        key: #key,
        kept: &[#(#kept),*],
        get: #get,
        given: &[#(#given),*],
        from: #from,
        if_match: #if_match
    })
}

fn advice(advice: &Advice) -> TokenStream {
    let mut fields: Vec<TokenStream> = Vec::new();
    if let Some(status) = advice.status {
        fields.push(quote!(status: #status));
    }
    if let Some(body) = &advice.body {
        let body = lit(body);
        fields.push(quote!(body: Some(#body)));
    }
    if let Some(contains) = &advice.contains {
        let contains = lit(contains);
        fields.push(quote!(contains: #contains));
    }
    if let Some(name) = &advice.null_at {
        let name = lit(name);
        fields.push(quote!(null_at: #name));
    }
    let text = lit(&advice.text);
    fields.push(quote!(text: #text));
    let rest = (fields.len() < 5).then(|| quote!(..op::Advice::DEFAULT));
    quote!(op::Advice { #(#fields,)* #rest })
}
