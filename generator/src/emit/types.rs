//! The modules `types::…`: structs and enums with conversions that are plain code, without derives.

use std::collections::{BTreeMap, HashMap};

use proc_macro2::TokenStream;
use quote::quote;

use super::module::{Code, Module};
use super::parallel;
use super::tokens::{doc, ident, lit};
use crate::ir::{Api, EnumVariant, Field, Presence, TypeDef, TypeRef, TypeShape};

/// Types that one thread prints before it looks for more.
const AT_ONCE: usize = 32;

/// All modules below `types`, and `types` itself.
pub fn modules(api: &Api) -> Vec<Module> {
    let mut by_module: BTreeMap<&str, Vec<&TypeDef>> = BTreeMap::new();
    for definition in &api.types {
        let own = by_module.entry(&definition.module).or_default();
        own.push(definition);
    }
    let titles: HashMap<&str, &str> = api
        .groups
        .iter()
        .map(|group| (group.module.as_str(), group.title.as_str()))
        .collect();
    let uses = by_module.keys().map(|name| {
        let name = ident(name);
        quote!(pub use self::#name::*;)
    });
    let mut modules = vec![Module {
        path: vec!["types".to_owned()],
        doc: "Types of request bodies and answers, by the topic that uses them.".to_owned(),
        children: by_module.keys().map(|n| (*n).to_owned()).collect(),
        code: uses.collect(),
    }];
    let parts: Vec<&[&TypeDef]> = by_module
        .values()
        .flat_map(|own| own.chunks(AT_ONCE))
        .collect();
    let printed = parallel::each(&parts, |part| -> Code {
        let items = |definition: &&TypeDef| definition_tokens(api, definition);
        part.iter().map(items).collect()
    });
    let mut printed = printed.iter();
    for (name, own) in by_module {
        let mut code = Code::from_iter([quote!(
            use ::mcpwright_runtime::{json, typed};
        )]);
        let parts = own.len().div_ceil(AT_ONCE);
        printed
            .by_ref()
            .take(parts)
            .for_each(|part| code.append(part));
        let doc = if name == "shared" {
            "Types that several topics use.".to_owned()
        } else {
            let topic = titles.get(name).copied().unwrap_or(name);
            format!("Types that only the topic {topic} uses.")
        };
        modules.push(Module {
            path: vec!["types".to_owned(), name.to_owned()],
            doc,
            children: Vec::new(),
            code,
        });
    }
    modules
}

/// A type where it is used, seen from `module` below `types` (or from elsewhere).
pub fn type_tokens(api: &Api, ty: &TypeRef, prefix: &TokenStream) -> TokenStream {
    match ty {
        TypeRef::Unit => quote!(()),
        TypeRef::String => quote!(String),
        TypeRef::Bool => quote!(bool),
        TypeRef::Integer => quote!(i64),
        TypeRef::Float => quote!(f64),
        TypeRef::Json => quote!(json::Value),
        TypeRef::File => quote!(typed::File),
        TypeRef::List(inner) => {
            let inner = type_tokens(api, inner, prefix);
            quote!(Vec<#inner>)
        }
        TypeRef::Map(inner) => {
            let inner = type_tokens(api, inner, prefix);
            quote!(typed::Map<#inner>)
        }
        TypeRef::Nullable(inner) => {
            let inner = type_tokens(api, inner, prefix);
            quote!(typed::Nullable<#inner>)
        }
        TypeRef::Named(index) => named(api, *index, prefix),
        TypeRef::Boxed(index) => {
            let inner = named(api, *index, prefix);
            quote!(Box<#inner>)
        }
    }
}

fn named(api: &Api, index: usize, prefix: &TokenStream) -> TokenStream {
    match api.types.get(index) {
        Some(definition) => {
            let name = ident(&definition.name);
            quote!(#prefix #name)
        }
        None => quote!(json::Value),
    }
}

/// A field's type with its presence.
pub fn field_type(api: &Api, field: &Field, prefix: &TokenStream) -> TokenStream {
    let ty = type_tokens(api, &field.ty, prefix);
    match field.presence {
        Presence::Required => ty,
        Presence::Optional => quote!(Option<#ty>),
        Presence::Nullable => quote!(typed::Nullable<#ty>),
        Presence::OptionalNullable => quote!(typed::Field<#ty>),
    }
}

/// Statements that write fields into the object `o`.
pub fn writes(fields: &[Field]) -> Vec<TokenStream> {
    fields
        .iter()
        .map(|field| {
            let name = ident(&field.ident);
            let wire = lit(&field.name);
            match field.presence {
                Presence::Required | Presence::Nullable => {
                    quote!(typed::convert::put(&mut o, #wire, &self.#name);)
                }
                Presence::Optional => {
                    quote!(typed::convert::put_optional(&mut o, #wire, &self.#name);)
                }
                Presence::OptionalNullable => {
                    quote!(typed::convert::put_field(&mut o, #wire, &self.#name);)
                }
            }
        })
        .collect()
}

/// Initialisers that read fields from the object `o`.
pub fn reads(fields: &[Field]) -> Vec<TokenStream> {
    fields
        .iter()
        .map(|field| {
            let name = ident(&field.ident);
            let wire = lit(&field.name);
            match field.presence {
                Presence::Required | Presence::Nullable => {
                    quote!(#name: typed::convert::get(o, #wire)?)
                }
                Presence::Optional => quote!(#name: typed::convert::get_optional(o, #wire)?),
                Presence::OptionalNullable => quote!(#name: typed::convert::get_field(o, #wire)?),
            }
        })
        .collect()
}

/// Statements that make the object `o` and fill it.
pub fn object(writes: &[TokenStream]) -> TokenStream {
    if writes.is_empty() {
        quote!(let o = json::Object::new();)
    } else {
        quote!(let mut o = json::Object::new(); #(#writes)*)
    }
}

/// How a value of a type is made.
pub struct Constructor {
    new: TokenStream,
    /// Without arguments it is also the default.
    plain: bool,
}

impl Constructor {
    /// The items for a type.
    pub fn for_type(&self, name: &proc_macro2::Ident) -> TokenStream {
        let new = &self.new;
        let default = self.plain.then(|| {
            quote! {
                impl Default for #name {
                    #[inline]
                    fn default() -> Self {
                        Self::new()
                    }
                }
            }
        });
        quote!(impl #name { #new } #default)
    }
}

/// `new` takes what is required and leaves the rest absent; `None` when everything is required.
pub fn constructor(
    api: &Api,
    fields: &[Field],
    extra: Option<&str>,
    prefix: &TokenStream,
) -> Option<Constructor> {
    let required: Vec<&Field> = fields
        .iter()
        .filter(|f| matches!(f.presence, Presence::Required | Presence::Nullable))
        .collect();
    let all = required.len() == fields.len() && extra.is_none() && !fields.is_empty();
    if all || required.len() > 7 {
        return None;
    }
    let plain = required.is_empty();
    let arguments = required.iter().map(|field| {
        let name = ident(&field.ident);
        let ty = field_type(api, field, prefix);
        quote!(#name: #ty)
    });
    let values = fields.iter().map(|field| {
        let name = ident(&field.ident);
        match field.presence {
            Presence::Required | Presence::Nullable => quote!(#name),
            Presence::Optional => quote!(#name: None),
            Presence::OptionalNullable => quote!(#name: typed::Field::Absent),
        }
    });
    let extra = extra.map(|name| {
        let name = ident(name);
        quote!(#name: typed::Map::new(),)
    });
    let new = quote! {
        /// With what is required; everything else is absent.
        #[inline]
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values,)* #extra }
        }
    };
    Some(Constructor { new, plain })
}

fn definition_tokens(api: &Api, definition: &TypeDef) -> TokenStream {
    let docs = if definition.doc.is_empty() {
        doc(&format!("`{}`.", definition.name))
    } else {
        doc(&definition.doc)
    };
    let name = ident(&definition.name);
    match &definition.shape {
        TypeShape::Struct { fields, additional } => struct_tokens(
            api,
            &docs,
            &name,
            fields,
            additional.as_ref(),
            definition.sent,
        ),
        TypeShape::Enum { variants } => enum_tokens(&docs, &name, variants, definition.sent),
    }
}

fn struct_tokens(
    api: &Api,
    docs: &TokenStream,
    name: &proc_macro2::Ident,
    fields: &[Field],
    additional: Option<&(String, TypeRef)>,
    sent: bool,
) -> TokenStream {
    let prefix = quote!(super::);
    let declared = fields.iter().map(|field| {
        let name = ident(&field.ident);
        let ty = field_type(api, field, &prefix);
        let docs = field_doc(field);
        quote!(#docs pub #name: #ty)
    });
    let extra = additional.map(|(field, ty)| {
        let field = ident(field);
        let ty = type_tokens(api, ty, &prefix);
        quote!(#[doc = " Further properties."] pub #field: typed::Map<#ty>,)
    });
    let reads = reads(fields);
    let read_extra = additional.map(|(field, _)| {
        let field = ident(field);
        let known = fields.iter().map(|f| lit(&f.name));
        quote!(#field: typed::convert::get_additional(o, &[#(#known),*])?,)
    });
    let binding = if reads.is_empty() && read_extra.is_none() {
        quote!(_)
    } else {
        quote!(o)
    };
    let writing = sent.then(|| {
        let writes = writes(fields);
        let write_extra = additional.map(|(field, _)| {
            let field = ident(field);
            quote!(typed::convert::put_additional(&mut o, &self.#field);)
        });
        let new = constructor(api, fields, additional.map(|(f, _)| f.as_str()), &prefix)
            .map(|new| new.for_type(name));
        let object = object(&[writes, write_extra.into_iter().collect()].concat());
        quote! {
            #new
            impl typed::ToJson for #name {
                #[inline]
                fn to_json(&self) -> json::Value {
                    #object
                    json::Value::Object(o)
                }
            }
        }
    });
    quote! {
        #docs
        #[derive(Debug, Clone)]
        pub struct #name { #(#declared,)* #extra }
        #writing
        impl typed::FromJson for #name {
            #[inline]
            fn from_json(value: &json::Value) -> Result<Self, typed::DecodeError> {
                let #binding = typed::convert::object(value)?;
                Ok(Self { #(#reads,)* #read_extra })
            }
        }
    }
}

/// The documentation of a field.
pub fn field_doc(field: &Field) -> TokenStream {
    if field.doc.is_empty() {
        doc(&format!("`{}`", field.name))
    } else {
        doc(&field.doc)
    }
}

fn enum_tokens(
    docs: &TokenStream,
    name: &proc_macro2::Ident,
    variants: &[EnumVariant],
    sent: bool,
) -> TokenStream {
    let declared = variants.iter().map(|variant| {
        let docs = if variant.wire.is_empty() {
            doc("The empty text.")
        } else {
            doc(&format!("`{}`", variant.wire))
        };
        let name = ident(&variant.ident);
        quote!(#docs #name)
    });
    let from = variants.iter().map(|variant| {
        let name = ident(&variant.ident);
        let wire = lit(&variant.wire);
        quote!(#wire => Self::#name)
    });
    let to = variants.iter().map(|variant| {
        let name = ident(&variant.ident);
        let wire = lit(&variant.wire);
        quote!(Self::#name => #wire)
    });
    let writing = sent.then(|| {
        quote! {
            impl typed::ToJson for #name {
                #[inline]
                fn to_json(&self) -> json::Value {
                    json::Value::String(self.as_str().to_owned())
                }
            }
        }
    });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        pub enum #name {
            #(#declared,)*
            /// A text that the document does not list.
            Other(String),
        }
        impl #name {
            /// The text on the wire.
            #[inline]
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self { #(#to,)* Self::Other(text) => text }
            }
        }
        #writing
        impl typed::FromJson for #name {
            #[inline]
            fn from_json(value: &json::Value) -> Result<Self, typed::DecodeError> {
                Ok(match typed::convert::string(value)? {
                    #(#from,)*
                    other => Self::Other(other.to_owned()),
                })
            }
        }
    }
}
