//! Who calls, and the catalogue of what they may use.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;

use super::view::reach;
use crate::access::{Fault, Gate, Identity, Needed, Refusal, ResourceServer, Revoked, Scope};
use crate::catalog::Catalog;
use crate::json::Value;

/// Catalogues that are kept; keys mostly have one of a few sets of scopes.
const KEPT: usize = 64;

/// The gate, and what is behind it for whom.
#[derive(Debug)]
pub(super) struct Callers {
    gate: Gate,
    revoked: Revoked,
    whole: Arc<Catalog>,
    restricted: Mutex<HashMap<Vec<Scope>, Arc<Catalog>>>,
    /// Scopes for the tools of views, by their paths: whoever is not let in costs little.
    told: Mutex<HashMap<String, Arc<[String]>>>,
}

impl Callers {
    pub(super) fn new(gate: Gate, whole: Arc<Catalog>) -> Self {
        Self {
            gate,
            revoked: Revoked::new(whole.engine().guard().state()),
            whole,
            restricted: Mutex::default(),
            told: Mutex::default(),
        }
    }

    /// Who makes a request to a path, and what there is for them.
    ///
    /// # Errors
    /// Why it may not go on.
    pub(super) async fn identify(
        &self,
        fields: &mut HeaderMap,
        path: &str,
    ) -> Result<(Identity, Arc<Catalog>), Refusal> {
        let identified = self.gate.identify(fields, rest(path)).await;
        let mut identity = identified.map_err(|refused| self.refused(path, refused, None))?;
        if let (Some(credentials), None) = (&identity.credentials, &identity.granted) {
            let guard = self.whole.engine().guard();
            let Some(name) = guard.pseudonym(credentials.secrets()) else {
                // Without a name, callers would be one to what tells them apart.
                return Err(Refusal {
                    challenge: "Bearer".to_owned(),
                    ..Refusal::new(Fault::Missing, "this machine gives no random numbers")
                });
            };
            identity.principal = Arc::from(format!("caller:{name}"));
        }
        if let Gate::Keys(keys) = &self.gate
            && self.revoked.has(&identity.principal).await
        {
            return Err(self.refused(path, keys.ended(&identity.principal), None));
        }
        let catalog = match &identity.scopes {
            None => Arc::clone(&self.whole),
            Some(scopes) => self.restricted(scopes),
        };
        if identity.granted.is_some() && catalog.engine().entries().is_empty() {
            let refused = insufficient(
                &identity,
                "the token has no scope that allows anything here",
            );
            return Err(self.refused(path, refused, None));
        }
        Ok((identity, catalog))
    }

    /// Records that a caller's request was not looked at.
    pub(super) fn kept_away(&self, caller: &Identity, why: &str) {
        let audit = self.whole.engine().audit();
        audit.kept_away(&caller.principal, why);
    }

    /// Why a call may not go on that names a tool which is there, and not for this caller: a client can ask its
    /// person for more (MCP 2026-07-28, `basic/authorization`, step-up). To callers with keys such a tool is not
    /// there, since nobody could give them more.
    pub(super) fn lacks(
        &self,
        (identity, catalog): (&Identity, &Catalog),
        path: &str,
        name: &str,
        inner: Option<&str>,
    ) -> Option<Refusal> {
        let granted = identity.granted.as_ref()?;
        // What leads to other tools is there whatever they are; the name of the other one is among its arguments.
        let tool = match self.whole.engine().find(name) {
            None => inner?,
            Some(_) => name,
        };
        let needed = self.whole.needed_for(tool);
        if needed.is_empty() || catalog.engine().find(tool).is_some() {
            return None;
        }
        let mut scopes = granted.names.clone();
        let more = self.server()?.cover(&needed, &self.whole.needed());
        scopes.extend(
            more.into_iter()
                .filter(|name| !granted.names.contains(name)),
        );
        let why = format!("the token has no scope for {tool}");
        Some(self.refused(path, insufficient(identity, &why), Some(scopes)))
    }

    /// Gets what a call of somebody needs besides.
    pub(super) async fn prepare(&self, identity: &mut Identity) {
        if let (Some(granted), Some(server)) = (&identity.granted, self.server()) {
            identity.credentials = server.credentials(granted).await;
        }
    }

    /// What this server says of itself to who looks for where to get a token (RFC 9728 §3.2).
    pub(super) fn metadata(&self, path: &str) -> Option<Value> {
        let server = self.server()?;
        let rest = server.asked(path)?;
        Some(server.metadata(rest, &self.told(server, rest)?))
    }

    /// Scopes for the tools of the view whose path is `/mcp` and `rest`; none if there is no such view.
    fn told(&self, server: &ResourceServer, rest: &str) -> Option<Arc<[String]>> {
        let lock = || self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(rest) {
            return Some(Arc::clone(known));
        }
        let needed = reach(&self.whole, rest).ok()?;
        let scopes: Arc<[String]> = server.cover(&needed, &self.whole.needed()).into();
        let mut kept = lock();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(rest.to_owned(), Arc::clone(&scopes));
        Some(scopes)
    }

    fn server(&self) -> Option<&ResourceServer> {
        match &self.gate {
            Gate::OAuth(server) => Some(server),
            Gate::None | Gate::Keys(_) | Gate::Passthrough(_) => None,
        }
    }

    /// Writes down that somebody was not let in, and says how they can be. Without `scopes`, those of the view.
    fn refused(&self, path: &str, mut refused: Refusal, scopes: Option<Vec<String>>) -> Refusal {
        let principal = refused.principal.as_deref();
        tracing::info!(principal, why = refused.why, "not let in");
        // Anybody can send nonsense; what is said of somebody who is known is worth keeping.
        if let Some(principal) = &refused.principal {
            let audit = self.whole.engine().audit();
            audit.kept_away(principal, &refused.why);
        }
        if let Some(server) = self.server() {
            let scopes = match scopes {
                Some(scopes) => scopes.into(),
                None => self.told(server, rest(path)).unwrap_or_default(),
            };
            refused.challenge = server.challenge(rest(path), &refused, &scopes);
        }
        refused
    }

    fn restricted(&self, scopes: &[Scope]) -> Arc<Catalog> {
        let mut scopes = scopes.to_vec();
        scopes.sort();
        scopes.dedup();
        let lock = || {
            self.restricted
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(known) = lock().get(&scopes) {
            return Arc::clone(known);
        }
        // Made without the lock; two who make the same at a time do no harm.
        let made = Arc::new(self.whole.only(&scopes));
        let mut kept = lock();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(scopes, Arc::clone(&made));
        made
    }
}

fn insufficient(identity: &Identity, why: &str) -> Refusal {
    Refusal {
        principal: Some(Arc::clone(&identity.principal)),
        ..Refusal::new(Fault::Insufficient, why)
    }
}

/// What follows `/mcp`.
fn rest(path: &str) -> &str {
    path.strip_prefix("/mcp").unwrap_or_default()
}

/// All tools, with what scopes are about.
pub(super) fn offer(gate: &Gate, catalog: &Catalog) -> Result<(), String> {
    match gate {
        Gate::OAuth(server) => server.offer(&catalog.needed()),
        Gate::None | Gate::Keys(_) | Gate::Passthrough(_) => Ok(()),
    }
}

impl Catalog {
    fn needed(&self) -> Vec<Needed<'_>> {
        let entries = self.engine().entries().iter();
        entries.flat_map(|entry| self.needs(entry)).collect()
    }

    fn needed_for(&self, tool: &str) -> Vec<Needed<'_>> {
        let entry = self.engine().find(tool);
        entry.map_or_else(Vec::new, |entry| self.needs(entry))
    }
}
