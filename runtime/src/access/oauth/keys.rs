//! The keys of an issuer: fetched when they are needed, kept for a while, and fetched again when a token names one
//! that is not there. One fetch at a time, whoever asks, and none soon after another.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

use super::discovery;
use super::jwk::{self, Key};
use super::jws::Token;
use crate::upstream::Issuers;

/// How long keys are believed without asking: one that the issuer takes back counts no longer than that.
const LIFETIME: Duration = Duration::from_secs(300);
/// How long they are believed when the issuer cannot be asked.
const LONGEST: Duration = Duration::from_secs(3_600);
/// Time between two fetches, whatever tokens name: who makes names up makes no traffic.
const COOLDOWN: Duration = Duration::from_secs(10);

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
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default, Clone)]
struct Known {
    keys: Arc<[Key]>,
    fetched: Option<Instant>,
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
            fetching: tokio::sync::Mutex::default(),
        })
    }

    /// The keys that may have signed a token; none if there is no such key.
    ///
    /// # Errors
    /// When the issuer could not be asked for so long that nothing is known any more.
    pub(super) async fn fitting(self: &Arc<Self>, token: &Token<'_>) -> Result<Vec<Key>, Trouble> {
        let known = self.known();
        let fitting = known.fitting(token);
        if known.is_younger(LIFETIME) && !fitting.is_empty() {
            return Ok(fitting);
        }
        self.refresh().await;
        let known = self.known();
        if known.is_younger(LONGEST) {
            return Ok(known.fitting(token));
        }
        Err(known
            .trouble
            .unwrap_or_else(|| Trouble::Away("its keys are being fetched".to_owned())))
    }

    /// Fetches the keys, unless that was just tried.
    pub(super) async fn refresh(self: &Arc<Self>) {
        // A task of its own: it goes on when its caller is gone, since it is tried only once in a while.
        let this = Arc::clone(self);
        let fetching = tokio::spawn(async move {
            let _one_at_a_time = this.fetching.lock().await;
            let mut known = this.known();
            if known.tried.is_some_and(|at| at.elapsed() < COOLDOWN) {
                return;
            }
            known.tried = Some(Instant::now());
            match this.fetch().await {
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
            *this.lock() = known;
        });
        let _ = fetching.await;
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
