//! The module `composites`: tools beside the operations, as static data.

use proc_macro2::TokenStream;
use quote::quote;

use super::module::{Code, Module};
use super::schema_text::schema_text;
use super::tokens::{ident, lit, lit_block};
use crate::ir::{
    Api, Append, Composite, Deed, Getter, IdForm, Lookup, Related, Relation, Risk, Source, Updater,
};

/// The module; `None` where there are none.
pub fn module(api: &Api) -> Option<Module> {
    if api.composites.is_empty() {
        return None;
    }
    let tools = api.composites.iter().map(|tool| composite(api, tool));
    Some(Module {
        path: vec!["composites".to_owned()],
        doc: "Tools beside the operations: several calls under one name.".to_owned(),
        children: Vec::new(),
        code: Code::from_iter([
            quote!(
                use ::mcpwright_runtime::operation as op;
            ),
            quote! {
                /// All of them, in the order of the settings.
                pub static ALL: &[&op::Composite] = &[#(&#tools),*];
            },
        ]),
    })
}

fn composite(api: &Api, tool: &Composite) -> TokenStream {
    let texts = [
        ("tool", &tool.tool),
        ("title", &tool.title),
        ("description", &tool.description),
        ("group", &tool.group),
    ];
    let texts = texts.map(|(name, text)| {
        let (name, text) = (ident(name), lit(text));
        quote!(#name: #text)
    });
    let risk = match tool.risk {
        Risk::Read => quote!(Read),
        Risk::Write => quote!(Write),
        Risk::Destructive => quote!(Destructive),
        Risk::Outward => quote!(Outward),
    };
    let hints = &tool.hints;
    let (read_only, destructive) = (hints.read_only, hints.destructive);
    let (idempotent, open_world) = (hints.idempotent, hints.open_world);
    let schema = lit_block(&schema_text(&tool.input_schema));
    let deed = deed(api, &tool.deed);
    quote! {
        op::Composite {
            #(#texts,)*
            risk: op::Risk::#risk,
            hints: op::Hints {
                read_only: #read_only,
                destructive: #destructive,
                idempotent: #idempotent,
                open_world: #open_world,
            },
            input_schema: #schema,
            deed: #deed,
        }
    }
}

fn deed(api: &Api, deed: &Deed) -> TokenStream {
    match deed {
        Deed::Fanout(sources) => {
            let sources = sources.iter().map(|one| source(api, one));
            quote!(op::Deed::Fanout(&[#(#sources),*]))
        }
        Deed::Count(lists) => {
            let lists = lists.iter().map(|(name, one, total)| {
                let (name, one, total) = (lit(name), source(api, one), lit(total));
                quote!(op::Counted { name: #name, source: #one, total: #total })
            });
            quote!(op::Deed::Count(op::Count { lists: &[#(#lists),*] }))
        }
        Deed::MultiGet(gets) => {
            let gets = gets.iter().map(|one| getter(api, one));
            quote!(op::Deed::MultiGet(op::MultiGet { gets: &[#(#gets),*] }))
        }
        Deed::Lookup(one) => {
            let one = lookup(api, one);
            quote!(op::Deed::Lookup(#one))
        }
        Deed::Relation(one) => {
            let one = relation(api, one);
            quote!(op::Deed::Relation(#one))
        }
        Deed::Append(Append {
            get,
            update,
            from,
            to,
            separator,
        }) => {
            let (get, update) = (getter(api, get), updater(api, update));
            let (from, to, separator) = (lit(from), lit(to), lit(separator));
            quote!(op::Deed::Append(op::Append {
                get: #get,
                update: #update,
                from: #from,
                to: #to,
                separator: #separator,
            }))
        }
    }
}

/// The static of a tool.
fn operation(api: &Api, tool: &str) -> TokenStream {
    let found = api.groups.iter().find_map(|group| {
        let mut operations = group.operations.iter();
        let operation = operations.find(|operation| operation.tool == tool)?;
        Some((ident(&group.module), ident(&operation.static_name)))
    });
    match found {
        Some((module, name)) => quote!(&super::operations::#module::#name),
        // The lowering has found it; if not, the compiler of the generated crate says so.
        None => quote!(compile_error!("a composite calls what is no tool")),
    }
}

fn source(api: &Api, source: &Source) -> TokenStream {
    let (list, words) = (operation(api, &source.list), lit(&source.words));
    let set = source.set.iter().map(|(place, value)| {
        let (place, value) = (lit(place), lit(&value.to_string()));
        quote!((#place, #value))
    });
    let size = source.size;
    quote!(op::Source { list: #list, words: #words, set: &[#(#set),*], size: #size })
}

fn getter(api: &Api, getter: &Getter) -> TokenStream {
    let (name, get) = (lit(&getter.name), operation(api, &getter.get));
    let (id, record) = (lit(&getter.id), lit(&getter.record));
    quote!(op::Getter { name: #name, get: #get, id: #id, record: #record })
}

fn lookup(api: &Api, lookup: &Lookup) -> TokenStream {
    let (matched, id) = (lit(&lookup.matched), lit(&lookup.id));
    let source = source(api, &lookup.source);
    let get = match &lookup.get {
        Some(get) => {
            let get = getter(api, get);
            quote!(Some(#get))
        }
        None => quote!(None),
    };
    let form = match lookup.form {
        IdForm::Text => quote!(Text),
        IdForm::Integer => quote!(Integer),
        IdForm::Uuid => quote!(Uuid),
    };
    quote!(op::Lookup {
        source: #source,
        matched: #matched,
        id: #id,
        get: #get,
        form: op::IdForm::#form,
    })
}

fn updater(api: &Api, updater: &Updater) -> TokenStream {
    let (update, id) = (operation(api, &updater.update), lit(&updater.id));
    let carry = updater.carry.iter().map(|(place, from)| {
        let (place, from) = (lit(place), lit(from));
        quote!((#place, #from))
    });
    let if_match = lit(&updater.if_match);
    quote!(op::Updater { update: #update, id: #id, carry: &[#(#carry),*], if_match: #if_match })
}

fn relation(api: &Api, relation: &Relation) -> TokenStream {
    let (get, update) = (getter(api, &relation.get), updater(api, &relation.update));
    let add = relation.add;
    let relations = relation.relations.iter().map(related);
    quote!(op::Relation { get: #get, update: #update, add: #add, relations: &[#(#relations),*] })
}

fn related(related: &Related) -> TokenStream {
    let texts = [
        ("name", &related.name),
        ("from", &related.from),
        ("from_key", &related.from_key),
        ("to", &related.to),
        ("to_key", &related.to_key),
    ];
    let texts = texts.map(|(name, text)| {
        let (name, text) = (ident(name), lit(text));
        quote!(#name: #text)
    });
    let columns = related.columns.iter().map(|column| lit(column));
    quote!(op::Related { #(#texts,)* columns: &[#(#columns),*] })
}
