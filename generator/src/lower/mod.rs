//! From the typed view of a document to the IR: every decision falls here.
//!
//! Passes, in order: operations are found and filtered ([`select`]), security schemes collected
//! ([`security`]), tools named ([`crate::names`], [`split`]), each operation lowered ([`operation`], with
//! [`parameters`], [`body`], [`response`], [`risk`], [`describe`]), types built ([`types`])
//! and arranged ([`arrange`]).

mod api;
mod argument_schema;
mod arguments;
mod arrange;
mod body;
mod body_credentials;
mod brief;
mod call_key;
mod configured;
mod counts;
mod credential_names;
mod credentials;
mod declared;
mod describe;
mod evident;
mod example;
mod given_names;
mod groups;
mod guidance;
mod id_sources;
mod identity;
mod ignored;
pub(crate) mod media;
mod mentions;
mod multipart;
mod named_schemes;
mod nested;
mod obvious;
mod operation;
pub(crate) mod parameters;
mod part_arguments;
mod part_headers;
mod parts;
pub(crate) mod path;
mod path_query;
mod placeholders;
mod read_only;
mod relations;
mod repeatable;
mod response;
mod results;
mod risk;
mod said_credential;
pub mod schema;
mod secret;
mod security;
mod select;
mod sent_as;
mod servers;
mod shared_text;
mod split;
mod together;
mod transfer;
mod types;
mod workflow;
pub mod xml;

pub use api::{Names, lower};
#[cfg(feature = "cli")]
pub use describe::LONGEST;
pub use select::Exclude;
