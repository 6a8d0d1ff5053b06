//! An OAuth 2.1 resource server: callers bring access tokens that an authorization server issued for this server
//! (MCP 2026-07-28, `basic/authorization`). ADR 0047.
//!
//! | file | subject |
//! |---|---|
//! | `settings.rs` | what the operator configures |
//! | `jws.rs` | a signed token, taken apart |
//! | `jwk.rs` | public keys, and signatures |
//! | `flight.rs` | what is done once for all who wait for it |
//! | `keys.rs` | the issuer's keys: fetched, kept, fetched again |
//! | `discovery.rs` | the issuer's metadata |
//! | `claims.rs` | what a token says, and whether it holds |
//! | `introspection.rs` | tokens that only their issuer can read |
//! | `exchange.rs` | tokens of the service for those of callers |
//! | `offered.rs` | scopes, and what they allow |
//! | `place.rs` | this server's URL, its metadata, challenges |
//! | `server.rs` | a request's token, and who it is |

mod claims;
mod discovery;
mod exchange;
mod flight;
mod introspection;
mod jwk;
mod jws;
mod keys;
mod offered;
mod place;
mod server;
mod settings;

pub(crate) use offered::Needed;
pub(super) use server::Granted;
pub(crate) use server::ResourceServer;
pub(crate) use settings::{Settings, any_set, public_url};
