//! Who calls, and the catalogue of what they may use.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;

use super::seldom::Seldom;
use super::view::{reach, within};
use crate::access::{Fault, Gate, Identity, Needed, Refusal, ResourceServer, Revoked, Scope};
use crate::catalog::Catalog;
use crate::json::Value;
use crate::kept::Kept;

/// Catalogues that are kept; keys mostly have one of a few sets of scopes.
const KEPT: usize = 64;

/// The view that a token is for alone, and scopes: what a caller is restricted to.
type Limits = (Option<String>, Option<Vec<Scope>>);

/// The gate, and what is behind it for whom.
#[derive(Debug)]
pub(super) struct Callers {
    gate: Gate,
    revoked: Revoked,
    whole: Arc<Catalog>,
    restricted: Mutex<Kept<Limits, Arc<Catalog>>>,
    /// Scopes for the tools of views, by their paths: whoever is not let in costs little.
    told: Mutex<Kept<String, Arc<[String]>>>,
    /// What is said of who is not let in.
    seldom: Seldom,
}

impl Callers {
    pub(super) fn new(gate: Gate, whole: Arc<Catalog>) -> Self {
        Self {
            gate,
            revoked: Revoked::new(whole.engine().guard().state()),
            whole,
            restricted: Mutex::new(Kept::of_at_most(KEPT)),
            told: Mutex::new(Kept::of_at_most(KEPT)),
            seldom: Seldom::default(),
        }
    }

    /// Whether nobody is asked who they are.
    pub(super) const fn is_open(&self) -> bool {
        matches!(self.gate, Gate::None)
    }

    /// How callers are identified, as `--auth` names it.
    pub(super) const fn mode(&self) -> &'static str {
        self.gate.mode()
    }

    /// What there is, whoever may use it.
    pub(super) fn whole(&self) -> &Arc<Catalog> {
        &self.whole
    }

    /// Who makes a request to a path, from a network, and what there is for them.
    ///
    /// # Errors
    /// Why it may not go on.
    pub(super) async fn identify(
        &self,
        fields: &mut HeaderMap,
        path: &str,
        network: &Arc<str>,
    ) -> Result<(Identity, Arc<Catalog>), Refusal> {
        let identified = self.gate.identify(fields, rest(path), network).await;
        let mut identity = identified.map_err(|refused| self.refused(path, refused, None))?;
        if let (Gate::Passthrough(passthrough), Some(credentials)) =
            (&self.gate, &identity.credentials)
        {
            let mut names: Vec<Arc<str>> = Vec::new();
            for set in passthrough.sent(credentials) {
                let Some(name) = self.name(set.into_iter()) else {
                    // Without a name, callers would be one to what tells them apart.
                    return Err(Refusal {
                        challenge: "Bearer".to_owned(),
                        ..Refusal::new(Fault::Missing, "this machine gives no random numbers")
                    });
                };
                // One token may stand for several schemes.
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let mut names = names.into_iter();
            identity.principal = names.next().unwrap_or_default();
            identity.also = names.collect();
        }
        if let Gate::Keys(keys) = &self.gate
            && self.revoked.has(&identity.principal).await
        {
            return Err(self.refused(path, keys.ended(&identity.principal), None));
        }
        let catalog = self.restricted(&identity, identity.scopes.as_deref());
        if identity.granted.is_some() && catalog.engine().entries().is_empty() {
            let refused = insufficient(
                &identity,
                "the token has no scope that allows anything here",
            );
            return Err(self.refused(path, refused, None));
        }
        Ok((identity, catalog))
    }

    /// A name for who has some credentials.
    fn name<'s>(
        &self,
        secrets: impl Iterator<Item = &'s secrecy::SecretString>,
    ) -> Option<Arc<str>> {
        let name = self.whole.engine().guard().pseudonym(secrets)?;
        Some(Arc::from(format!("caller:{name}")))
    }

    /// Makes a caller with several names who they are for a call: that of the credential which goes with its request.
    pub(super) fn settle(&self, identity: &mut Identity, name: &str, inner: Option<&str>) {
        if identity.also.is_empty() {
            return;
        }
        let engine = self.whole.engine();
        let entry = engine.find(name).or_else(|| engine.find(inner?));
        let operation = entry.and_then(|entry| entry.operation());
        if let (Some(operation), Some(credentials)) = (operation, &identity.credentials) {
            let sent = credentials.sent_with(operation.security);
            let name = (!sent.is_empty()).then(|| self.name(sent.into_iter()));
            if let Some(name) = name.flatten() {
                identity.principal = name;
            }
        }
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
        let all = self.restricted(identity, None);
        // What leads to other tools is there whatever they are; the name of the other one is among its arguments.
        let tool = match all.engine().find(name) {
            None => inner?,
            Some(_) => name,
        };
        let needed = all.needed_for(tool);
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
            identity.credentials = server.credentials(&identity.principal, granted).await;
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
        if let Some(known) = lock(&self.told).get(rest) {
            return Some(Arc::clone(known));
        }
        let needed = reach(&self.whole, rest).ok()?;
        let scopes: Arc<[String]> = server.cover(&needed, &self.whole.needed()).into();
        lock(&self.told).insert(rest.to_owned(), Arc::clone(&scopes));
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
        // Whoever repeats it fills no log.
        match self.seldom.due() {
            Some(more) => tracing::info!(principal, why = refused.why, more, "not let in"),
            None => tracing::debug!(principal, why = refused.why, "not let in"),
        }
        // Anybody can send nonsense: a record a minute of each kind tells of all.
        let audit = self.whole.engine().audit();
        audit.kept_away(principal.unwrap_or_default(), &refused.why);
        if let Some(server) = self.server() {
            let scopes = match scopes {
                Some(scopes) => scopes.into(),
                None => self.told(server, rest(path)).unwrap_or_default(),
            };
            refused.challenge = server.challenge(rest(path), &refused, &scopes);
        }
        refused
    }

    /// What there is for somebody who has some scopes, or all: what their token is for, if that is one view alone.
    fn restricted(&self, identity: &Identity, scopes: Option<&[Scope]>) -> Arc<Catalog> {
        let granted = identity.granted.as_ref();
        let view = granted.and_then(|granted| granted.within.clone());
        let mut scopes = scopes.map(<[Scope]>::to_vec);
        if let Some(scopes) = &mut scopes {
            scopes.sort();
            scopes.dedup();
        }
        if view.is_none() && scopes.is_none() {
            return Arc::clone(&self.whole);
        }
        let key = (view, scopes);
        if let Some(known) = lock(&self.restricted).get(&key) {
            return Arc::clone(known);
        }
        // Made without the lock; two who make the same at a time do no harm.
        let (view, scopes) = &key;
        let limited = view.as_deref().map(|rest| within(&self.whole, rest));
        let base = limited.as_ref().unwrap_or(&self.whole);
        let made = match scopes {
            Some(scopes) => Arc::new(base.only(scopes)),
            None => Arc::clone(base),
        };
        lock(&self.restricted).insert(key, Arc::clone(&made));
        made
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
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
