//! Who may call over HTTP, and what: one mode for a server, chosen at its start. ADR 0042.
//!
//! | file | subject |
//! |---|---|
//! | `key.rs` | our own keys: made, recognised, hashed |
//! | `scope.rs` | what a key may do |
//! | `store.rs` | the file of keys |
//! | `revoked.rs` | keys that were ended, as replicas tell each other |
//! | `passthrough.rs` | callers' own credentials of the service |
//! | `oauth` | access tokens of an authorization server |
//! | `gate.rs` | a request's credential, and who it is |

mod gate;
mod key;
mod oauth;
mod passthrough;
mod revoked;
mod scope;
mod store;

pub(crate) use gate::{Fault, Gate, Identity, Refusal};
pub(crate) use key::Peppers;
pub(crate) use oauth::{
    Needed, ResourceServer, Settings as OAuthSettings, any_set as any_oauth, public_url,
};
pub(crate) use revoked::{Revoked, tell as tell_revoked};
pub(crate) use scope::{Scope, allows};
pub(crate) use store::{Key, Wanted, create, list, revoke, rotate};
