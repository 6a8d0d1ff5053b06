//! Who may call over HTTP, and what: one mode for a server, chosen at its start. ADR 0042.
//!
//! | file | subject |
//! |---|---|
//! | `key.rs` | our own keys: made, recognised, hashed |
//! | `scope.rs` | what a key may do |
//! | `store.rs` | the file of keys |
//! | `order.rs` | a key as somebody orders it |
//! | `revoked.rs` | keys that were ended, as replicas tell each other |
//! | `passthrough.rs` | callers' own credentials of the service |
//! | `oauth` | access tokens of an authorization server |
//! | `gate.rs` | a request's credential, and who it is |

mod gate;
mod key;
mod oauth;
mod order;
mod passthrough;
mod revoked;
mod scope;
mod store;

pub(crate) use gate::{Fault, Gate, Identity, Keys, Refusal};
pub(crate) use key::{Peppers, beginning};
pub(crate) use oauth::{
    Needed, ResourceServer, Settings as OAuthSettings, any_set as any_oauth, public_url,
};
pub(crate) use order::{MOST_DAYS, Order, told};
pub(crate) use revoked::{Revoked, tell as tell_revoked};
pub(crate) use scope::{CLASSES, Scope, allows};
pub(crate) use store::{Key, create, list, revoke, rotate};
