//! The module `security`: schemes, and the combinations of them that operations need.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::module::{Code, Module};
use super::tokens::{doc, ident, lit};
use crate::ir::{Api, SchemeKind, Security};

/// Combinations of schemes, each once, in the order of first use.
pub struct Requirements<'a> {
    all: Vec<&'a [Vec<Security>]>,
}

impl<'a> Requirements<'a> {
    /// Those of an API.
    pub fn of(api: &'a Api) -> Self {
        let mut all: Vec<&'a [Vec<Security>]> = Vec::new();
        for operation in api.operations() {
            let own = operation.security.as_slice();
            if !own.is_empty() && !all.contains(&own) {
                all.push(own);
            }
        }
        Self { all }
    }

    /// The constant that holds a combination; none if nothing is needed.
    pub fn constant(&self, security: &[Vec<Security>]) -> Option<Ident> {
        self.all
            .iter()
            .position(|own| *own == security)
            .map(constant)
    }
}

fn constant(index: usize) -> Ident {
    ident(&format!("ANY_OF_{}", index.saturating_add(1)))
}

/// The module.
pub fn module(api: &Api) -> Module {
    let requirements = Requirements::of(api);
    let mut code = Code::default();
    if !(api.schemes.is_empty() && requirements.all.is_empty()) {
        code.push(quote!(
            use ::mcpwright_runtime::operation as op;
        ));
    }
    for scheme in &api.schemes {
        let name = ident(&scheme.static_name);
        let wire = lit(&scheme.name);
        let kind = kind(&scheme.kind);
        let variables = scheme.variables.iter().map(|v| lit(v));
        let docs = doc(&format!("`{}`: {}.", scheme.name, kind_text(&scheme.kind)));
        code.push(quote! {
            #docs
            pub static #name: op::SecurityScheme = op::SecurityScheme {
                name: #wire,
                kind: #kind,
                variables: &[#(#variables),*],
            };
        });
    }
    for (i, alternatives) in requirements.all.into_iter().enumerate() {
        let name = constant(i);
        let alternatives = alternatives.iter().map(|all| {
            let uses = all.iter().map(|Security { scheme, scopes }| {
                let scheme = api.schemes.get(*scheme).map(|s| ident(&s.static_name));
                let scopes = scopes.iter().map(|s| lit(s));
                quote!(op::SecurityUse { scheme: &#scheme, scopes: &[#(#scopes),*] })
            });
            quote!(&[#(#uses),*])
        });
        code.push(quote! {
            /// Alternatives of credentials that an operation accepts.
            pub const #name: &[&[op::SecurityUse]] = &[#(#alternatives),*];
        });
    }
    Module {
        path: vec!["security".to_owned()],
        doc: "Security schemes of the document, and the environment variables that hold their credentials.".to_owned(),
        children: Vec::new(),
        code,
    }
}

fn kind(kind: &SchemeKind) -> TokenStream {
    let key = |location: TokenStream, name: &str| {
        let name = lit(name);
        quote!(op::SchemeKind::ApiKey { location: op::ApiKeyLocation::#location, name: #name })
    };
    match kind {
        SchemeKind::HeaderKey(name) => key(quote!(Header), name),
        SchemeKind::QueryKey(name) => key(quote!(Query), name),
        SchemeKind::CookieKey(name) => key(quote!(Cookie), name),
        SchemeKind::BodyKey(name, _) => key(quote!(Body), name),
        SchemeKind::Basic => quote!(op::SchemeKind::Basic),
        SchemeKind::Bearer => quote!(op::SchemeKind::Bearer),
        SchemeKind::OAuth2(url) => {
            let url = lit(url);
            quote!(op::SchemeKind::OAuth2 { token_url: #url })
        }
        SchemeKind::OpenIdConnect(url) => {
            let url = lit(url);
            quote!(op::SchemeKind::OpenIdConnect { url: #url })
        }
        SchemeKind::MutualTls => quote!(op::SchemeKind::MutualTls),
        SchemeKind::Unsupported => quote!(op::SchemeKind::Unsupported),
    }
}

fn kind_text(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::HeaderKey(name) => format!("a key in the header `{name}`"),
        SchemeKind::QueryKey(name) => format!("a key in the query parameter `{name}`"),
        SchemeKind::CookieKey(name) => format!("a key in the cookie `{name}`"),
        SchemeKind::BodyKey(name, _) => format!("a key in the body, `{name}`"),
        SchemeKind::Basic => "user name and password (HTTP Basic)".to_owned(),
        SchemeKind::Bearer => "a bearer token".to_owned(),
        SchemeKind::OAuth2(_) => "an access token (OAuth 2)".to_owned(),
        SchemeKind::OpenIdConnect(_) => "an access token (OpenID Connect)".to_owned(),
        SchemeKind::MutualTls => "a client certificate (mutual TLS)".to_owned(),
        SchemeKind::Unsupported => "not supported by this version".to_owned(),
    }
}
