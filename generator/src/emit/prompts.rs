//! The module `prompts`: texts that people pick to start with, as static data.

use proc_macro2::TokenStream;
use quote::quote;

use super::module::{Code, Module};
use super::tokens::{lit, lit_block};
use crate::ir::{Api, Prompt, PromptArgument, PromptStep};

/// The module; `None` where there are none.
pub fn module(api: &Api) -> Option<Module> {
    if api.prompts.is_empty() {
        return None;
    }
    let prompts = api.prompts.iter().map(prompt);
    Some(Module {
        path: vec!["prompts".to_owned()],
        doc: "Prompts: what a person picks to start with.".to_owned(),
        children: Vec::new(),
        code: Code::from_iter([
            quote!(
                use ::mcpwright_runtime::operation as op;
            ),
            quote! {
                /// All of them, in the order in which they are listed.
                pub static ALL: &[op::Prompt] = &[#(#prompts),*];
            },
        ]),
    })
}

fn prompt(prompt: &Prompt) -> TokenStream {
    let (name, title) = (lit(&prompt.name), lit(&prompt.title));
    let description = lit(&prompt.description);
    let arguments = prompt.arguments.iter().map(argument);
    let opening = lit_block(&prompt.opening);
    let steps = prompt.steps.iter().map(step);
    let needs = prompt.needs.iter().map(|tool| lit(tool));
    quote! {
        op::Prompt {
            name: #name,
            title: #title,
            description: #description,
            arguments: &[#(#arguments),*],
            opening: #opening,
            steps: &[#(#steps),*],
            needs: &[#(#needs),*],
        }
    }
}

fn argument(argument: &PromptArgument) -> TokenStream {
    let (name, description) = (lit(&argument.name), lit(&argument.description));
    let default = match &argument.default {
        Some(default) => {
            let default = lit(default);
            quote!(Some(#default))
        }
        None => quote!(None),
    };
    quote!(op::PromptArgument { name: #name, description: #description, default: #default })
}

fn step(step: &PromptStep) -> TokenStream {
    let text = lit(&step.text);
    let tools = step.tools.iter().map(|tool| lit(tool));
    quote!(op::PromptStep { text: #text, tools: &[#(#tools),*] })
}
