//! The module `servers`: servers that only some operations use.

use quote::quote;

use super::module::{Code, Module};
use super::tokens::{doc, ident, lit};
use crate::ir::Api;

/// The module, unless all operations use the server of the API.
pub fn module(api: &Api) -> Option<Module> {
    if api.own_servers.is_empty() {
        return None;
    }
    let mut code = Code::from_iter([quote!(
        use ::mcpwright_runtime::operation as op;
    )]);
    for server in &api.own_servers {
        let name = ident(&server.static_name);
        let variable = lit(&server.variable);
        let urls = server.urls.iter().map(|url| lit(url));
        let docs = doc(&format!(
            "The server whose base URL is in `{}`.",
            server.variable
        ));
        code.push(quote! {
            #docs
            pub static #name: op::Server = op::Server {
                variable: #variable,
                servers: &[#(#urls),*],
            };
        });
    }
    Some(Module {
        path: vec!["servers".to_owned()],
        doc: "Servers that only some operations use, and the environment variables that hold their addresses."
            .to_owned(),
        children: Vec::new(),
        code,
    })
}
