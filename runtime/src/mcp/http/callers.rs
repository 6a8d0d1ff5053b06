//! Who calls, and the catalogue of what they may use.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;

use crate::access::{Gate, Identity, Refusal, Scope};
use crate::catalog::Catalog;

/// Catalogues that are kept; keys mostly have one of a few sets of scopes.
const KEPT: usize = 64;

/// The gate, and what is behind it for whom.
#[derive(Debug)]
pub(super) struct Callers {
    gate: Gate,
    whole: Arc<Catalog>,
    restricted: Mutex<HashMap<Vec<Scope>, Arc<Catalog>>>,
}

impl Callers {
    pub(super) fn new(gate: Gate, whole: Arc<Catalog>) -> Self {
        Self {
            gate,
            whole,
            restricted: Mutex::default(),
        }
    }

    /// Who makes a request, and what there is for them.
    ///
    /// # Errors
    /// Why it may not go on.
    pub(super) fn identify(
        &self,
        fields: &mut HeaderMap,
    ) -> Result<(Identity, Arc<Catalog>), Refusal> {
        let mut identity = self.gate.identify(fields).inspect_err(|refused| {
            tracing::info!(key = refused.id, why = refused.why, "not let in");
            // Anybody can send nonsense; what is said of a key that was made here is worth keeping.
            if let Some(id) = &refused.id {
                let audit = self.whole.engine().audit();
                audit.kept_away(&format!("key:{id}"), &refused.why);
            }
        })?;
        if let Some(credentials) = &identity.credentials {
            let guard = self.whole.engine().guard();
            let Some(name) = guard.pseudonym(credentials.secrets()) else {
                // Without a name, callers would be one to what tells them apart.
                return Err(Refusal {
                    challenge: "Bearer".to_owned(),
                    why: "this machine gives no random numbers".to_owned(),
                    id: None,
                });
            };
            identity.principal = Arc::from(format!("caller:{name}"));
        }
        let catalog = match &identity.scopes {
            None => Arc::clone(&self.whole),
            Some(scopes) => self.restricted(scopes),
        };
        Ok((identity, catalog))
    }

    /// Records that a caller's request was not looked at.
    pub(super) fn kept_away(&self, caller: &Identity, why: &str) {
        let audit = self.whole.engine().audit();
        audit.kept_away(&caller.principal, why);
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
