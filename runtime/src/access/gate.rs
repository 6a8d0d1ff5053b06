//! The credential of a request, and who it is.

use std::path::PathBuf;
use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};
use secrecy::SecretString;

use super::key::{self, Peppers};
use super::oauth::{Granted, ResourceServer};
use super::passthrough::Passthrough;
use super::scope::Scope;
use super::store::{self, Key, Store, Wanted};
use crate::clock::Clock;
use crate::operation::Api;
use crate::rate::of_a_caller;
use crate::state::Rate;
use crate::upstream::Credentials;

/// Where a key may stand instead.
const KEY_FIELD: HeaderName = HeaderName::from_static("x-api-key");

/// Who may call: the mode of a server.
#[derive(Debug)]
pub(crate) enum Gate {
    /// Whoever reaches the server: it listens on this machine only, or something in front of it asks.
    None,
    /// Whoever has a key of this server.
    Keys(Arc<Keys>),
    /// Whoever brings a credential of the service along; the service says whether it holds.
    Passthrough(Passthrough),
    /// Whoever has an access token that an authorization server issued for this server.
    OAuth(Box<ResourceServer>),
}

/// Keys and what they are looked up with.
#[derive(Debug)]
pub(crate) struct Keys {
    /// The server's name.
    server: &'static str,
    store: Arc<Store>,
    peppers: Peppers,
    clock: Clock,
}

/// Who makes a request.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// Whom confirmations and records are about; empty where nobody is told from another.
    pub(crate) principal: Arc<str>,
    /// Their other names, where they bring several credentials along that are sent apart from each other.
    pub(crate) also: Vec<Arc<str>>,
    /// What they may do; none for everything.
    pub(crate) scopes: Option<Vec<Scope>>,
    /// How many requests are taken of them, if that is said of them alone.
    pub(crate) rate: Option<Rate>,
    /// What they brought along for the service.
    pub(crate) credentials: Option<Arc<Credentials>>,
    /// What their access token grants.
    pub(crate) granted: Option<Arc<Granted>>,
}

/// Why a request may not go on (RFC 6750 §3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) fault: Fault,
    /// For `WWW-Authenticate`.
    pub(crate) challenge: String,
    /// One sentence.
    pub(crate) why: String,
    /// Whose credential it was, if that is known.
    pub(crate) principal: Option<Arc<str>>,
}

/// What is wrong with a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is none.
    Missing,
    /// It does not hold.
    Invalid,
    /// It is for less.
    Insufficient,
    /// Nobody can say now whether it holds.
    Unavailable,
}

impl Fault {
    /// RFC 6750 §3.1.
    pub(crate) const fn error(self) -> Option<&'static str> {
        match self {
            Self::Missing | Self::Unavailable => None,
            Self::Invalid => Some("invalid_token"),
            Self::Insufficient => Some("insufficient_scope"),
        }
    }
}

impl Refusal {
    /// One whose challenge is written by who knows what was asked for.
    pub(crate) fn new(fault: Fault, why: &str) -> Self {
        Self {
            fault,
            challenge: String::new(),
            why: why.to_owned(),
            principal: None,
        }
    }
}

impl Gate {
    /// Opens the file of keys.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) fn keys(
        server: &'static str,
        path: PathBuf,
        peppers: Peppers,
        clock: Clock,
    ) -> Result<Self, String> {
        let store = Store::open(path, &peppers, clock.seconds())?;
        Ok(Self::Keys(Arc::new(Keys {
            server,
            store: Arc::new(store),
            peppers,
            clock,
        })))
    }

    /// How callers are identified, as `--auth` names it.
    pub(crate) const fn mode(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Keys(_) => "keys",
            Self::Passthrough(_) => "passthrough",
            Self::OAuth(_) => "oauth",
        }
    }

    /// Keys of this server, where callers are identified by them.
    pub(crate) fn own_keys(&self) -> Option<Arc<Keys>> {
        match self {
            Self::Keys(keys) => Some(Arc::clone(keys)),
            Self::None | Self::Passthrough(_) | Self::OAuth(_) => None,
        }
    }

    /// Callers' own credentials.
    ///
    /// # Errors
    /// One sentence, if the document has no scheme for which that can be done.
    pub(crate) fn passthrough(api: &'static Api) -> Result<Self, String> {
        Passthrough::new(api).map(Self::Passthrough)
    }

    /// Who makes a request; `rest` is what follows `/mcp` in its path, and `network` where it comes from. Its credential is taken out of the fields,
    /// so that nothing passes it on.
    ///
    /// # Errors
    /// Why it may not go on.
    pub(crate) async fn identify(
        &self,
        fields: &mut HeaderMap,
        rest: &str,
        network: &Arc<str>,
    ) -> Result<Identity, Refusal> {
        match self {
            Self::None => Ok(Identity {
                principal: Arc::from(""),
                also: Vec::new(),
                scopes: None,
                rate: None,
                credentials: None,
                granted: None,
            }),
            Self::Keys(keys) => keys.identify(fields).await,
            Self::Passthrough(passthrough) => Ok(Identity {
                // Named by whoever can make names that lead back to nothing.
                principal: Arc::from(""),
                also: Vec::new(),
                scopes: None,
                rate: None,
                credentials: Some(Arc::new(passthrough.take(fields)?)),
                granted: None,
            }),
            Self::OAuth(server) => {
                let (principal, scopes, granted) = server.identify(fields, (rest, network)).await?;
                Ok(Identity {
                    principal,
                    also: Vec::new(),
                    scopes: Some(scopes),
                    rate: None,
                    credentials: None,
                    granted: Some(Arc::new(granted)),
                })
            }
        }
    }
}

impl Keys {
    async fn identify(&self, fields: &mut HeaderMap) -> Result<Identity, Refusal> {
        let Some(given) = taken(fields) else {
            let why = "a key is needed: Authorization: Bearer KEY";
            return Err(self.refusal(Fault::Missing, None, why));
        };
        let invalid = |id: Option<&str>, why: &str| Err(self.refusal(Fault::Invalid, id, why));
        let Some(id) = key::id(self.server, &given) else {
            let why = format!(
                "this is no key of this server; they begin with {}",
                key::beginning(self.server)
            );
            return invalid(None, &why);
        };
        // One sentence for what is not there and what is wrong: nobody learns which ids there are.
        let unknown = "there is no such key";
        let Some(key) = self.store.find(id).await else {
            return invalid(None, unknown);
        };
        if !Store::holds(&self.peppers, &key, &given) {
            return invalid(Some(id), unknown);
        }
        let now = self.clock.seconds();
        if let Some(why) = key.ended(now) {
            return invalid(Some(id), &format!("the key is {why}"));
        }
        self.store.note_use(id, now);
        Ok(Identity {
            principal: Arc::from(format!("key:{id}")),
            also: Vec::new(),
            scopes: Some(key.scopes.clone()),
            rate: key.rate.as_deref().and_then(of_a_caller),
            credentials: None,
            granted: None,
        })
    }

    /// Makes a key, which is shown this once.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) fn create(&self, wanted: Wanted) -> Result<(Key, SecretString), String> {
        let now = self.clock.seconds();
        store::create(self.store.path(), self.server, &self.peppers, wanted, now)
    }

    /// All keys, with when they were last used.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) fn list(&self) -> Result<Vec<(Key, Option<u64>)>, String> {
        store::list(self.store.path())
    }

    /// Ends a key.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) fn revoke(&self, id: &str) -> Result<Key, String> {
        store::revoke(self.store.path(), id, self.clock.seconds())
    }

    /// Makes a key in the place of another, which ends.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) fn rotate(&self, id: &str) -> Result<(Key, SecretString), String> {
        let now = self.clock.seconds();
        store::rotate(self.store.path(), self.server, &self.peppers, id, now)
    }

    /// The time by which keys end.
    pub(crate) fn now(&self) -> u64 {
        self.clock.seconds()
    }

    /// Why nobody goes on with a key that another replica ended.
    pub(crate) fn ended(&self, principal: &str) -> Refusal {
        let id = principal.strip_prefix("key:");
        self.refusal(Fault::Invalid, id, "the key is revoked")
    }

    fn refusal(&self, fault: Fault, id: Option<&str>, why: &str) -> Refusal {
        let mut challenge = format!("Bearer realm=\"{}\"", self.server);
        if let Some(error) = fault.error() {
            challenge.push_str(&format!(", error=\"{error}\""));
        }
        Refusal {
            challenge,
            principal: id.map(|id| Arc::from(format!("key:{id}"))),
            ..Refusal::new(fault, why)
        }
    }
}

/// The key of a request: a bearer token (RFC 6750 §2.1), or in a field of its own.
fn taken(fields: &mut HeaderMap) -> Option<SecretString> {
    let bearer = fields.remove(AUTHORIZATION);
    let own = fields.remove(KEY_FIELD);
    if let Some(value) = bearer {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| SecretString::from(token.trim()));
    }
    own?.to_str().ok().map(|key| SecretString::from(key.trim()))
}
