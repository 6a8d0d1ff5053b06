//! The keys of an issuer: fetched when they are needed, kept for a while, and fetched again when a token names one
//! that is not there. One fetch for all who want one, and none soon after another; whose key is known waits for none.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::discovery;
use super::flight::{Flight, Joined};
use super::jwk::{self, Key};
use super::jws::Token;
use crate::upstream::Issuers;

/// How long keys are believed without asking: one that the issuer takes back counts no longer than that.
const LIFETIME: Duration = Duration::from_secs(300);
/// The age at which they are fetched anew, with nobody waiting for it.
const FRESH: Duration = Duration::from_secs(240);
/// How long they are believed when the issuer cannot be asked.
const LONGEST: Duration = Duration::from_secs(3_600);
/// Time between the end of a fetch and the next one, whatever tokens name: who makes names up makes no traffic.
const COOLDOWN: Duration = Duration::from_secs(10);
/// Time for a fetch.
const TIME: Duration = Duration::from_secs(15);
/// How long a token waits for a fetch: one whose key is not known, and one whose key may have been taken back since
/// somebody asked last.
const PATIENCE: Duration = Duration::from_secs(5);
const MOMENT: Duration = Duration::from_secs(1);

/// Why there are no keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Something that goes by itself: nobody answers.
    Away(String),
    /// What the operator configured, or what the issuer says, is wrong.
    Wrong(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Away(why) | Self::Wrong(why)) = self;
        f.write_str(why)
    }
}

/// Keys of an issuer, and where they come from.
#[derive(Debug)]
pub(super) struct Keys {
    issuer: String,
    /// Where the operator says that they are; else the issuer is asked.
    place: Option<Url>,
    allow_http: bool,
    issuers: Issuers,
    known: Mutex<Known>,
    fetching: Flight<()>,
}

#[derive(Debug, Default, Clone)]
struct Known {
    keys: Arc<[Key]>,
    fetched: Option<Instant>,
    /// When a fetch ended.
    tried: Option<Instant>,
    trouble: Option<Trouble>,
}

impl Known {
    fn is_younger(&self, age: Duration) -> bool {
        self.fetched.is_some_and(|at| at.elapsed() < age)
    }

    fn fitting(&self, token: &Token<'_>) -> Vec<Key> {
        let fitting = self.keys.iter().filter(|key| key.fits(token));
        fitting.cloned().collect()
    }
}

impl Keys {
    pub(super) fn new(
        issuer: String,
        place: Option<Url>,
        allow_http: bool,
        issuers: Issuers,
    ) -> Arc<Self> {
        Arc::new(Self {
            issuer,
            place,
            allow_http,
            issuers,
            known: Mutex::default(),
            fetching: Flight::default(),
        })
    }

    /// The keys that may have signed a token; none if there is no such key.
    ///
    /// # Errors
    /// When the issuer cannot be asked, and nothing is known without.
    pub(super) async fn fitting(self: &Arc<Self>, token: &Token<'_>) -> Result<Vec<Key>, Trouble> {
        let known = self.known();
        let fitting = known.fitting(token);
        if fitting.is_empty() || !known.is_younger(LONGEST) {
            return self.fetched(token).await;
        }
        if known.is_younger(FRESH) {
            return Ok(fitting);
        }
        let fetching = self.renew();
        // While it is known that the issuer cannot be asked, nobody waits for it.
        if known.is_younger(LIFETIME) || known.trouble.is_some() {
            return Ok(fitting);
        }
        if let Some(fetching) = fetching {
            let _ = fetching.within(MOMENT).await;
        }
        Ok(self.known().fitting(token))
    }

    /// Those of a token for which there are none yet.
    async fn fetched(self: &Arc<Self>, token: &Token<'_>) -> Result<Vec<Key>, Trouble> {
        let has_ended = match self.renew() {
            Some(fetching) => fetching.within(PATIENCE).await.is_some(),
            None => true,
        };
        let known = self.known();
        let fitting = known.fitting(token);
        let is_known =
            known.is_younger(LONGEST) && (!fitting.is_empty() || known.trouble.is_none());
        match known.trouble {
            _ if is_known && has_ended => Ok(fitting),
            Some(trouble) => Err(trouble),
            None => Err(Trouble::Away("its keys are being fetched".to_owned())),
        }
    }

    /// Fetches the keys, unless that was just tried, and waits for them.
    pub(super) async fn refresh(self: &Arc<Self>) {
        if let Some(fetching) = self.renew() {
            let _ = fetching.outcome().await;
        }
    }

    /// Joins the fetch that goes on, or begins one unless one has just ended.
    fn renew(self: &Arc<Self>) -> Option<Joined<()>> {
        self.fetching.join(|| {
            let tried = self.known().tried;
            let is_soon = tried.is_some_and(|at| at.elapsed() < COOLDOWN);
            if is_soon {
                return None;
            }
            let this = Arc::clone(self);
            Some(async move {
                let late = || Trouble::Away(format!("no answer within {} s", TIME.as_secs()));
                let fetched = tokio::time::timeout(TIME, this.fetch()).await;
                let mut known = this.lock();
                match fetched.unwrap_or_else(|_| Err(late())) {
                    Ok(keys) => {
                        known.keys = keys.into();
                        known.fetched = Some(Instant::now());
                        known.trouble = None;
                    }
                    Err(trouble) => {
                        tracing::warn!(issuer = this.issuer, %trouble, "no keys of the issuer");
                        known.trouble = Some(trouble);
                    }
                }
                known.tried = Some(Instant::now());
            })
        })
    }

    /// Why there are no keys, if there are none.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.known().trouble
    }

    async fn fetch(&self) -> Result<Vec<Key>, Trouble> {
        let place = match &self.place {
            Some(place) => place.clone(),
            None => discovery::keys_of(&self.issuers, &self.issuer, self.allow_http).await?,
        };
        let answer = self.issuers.get(&place).await;
        let (status, body) = answer.map_err(Trouble::Away)?;
        match status {
            200 => jwk::set(&body).map_err(|why| {
                Trouble::Wrong(format!("what stands at {place} is no set of keys: {why}"))
            }),
            500.. => Err(Trouble::Away(format!("{place} answered HTTP {status}"))),
            _ => Err(Trouble::Wrong(format!("{place} answered HTTP {status}"))),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> Known {
        self.lock().clone()
    }
}
