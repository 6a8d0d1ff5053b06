//! Tokens of the service for those that callers bring along (RFC 8693): a caller's own token is for this server and
//! goes no further (MCP 2026-07-28, "token passthrough").

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;

use super::flight::Flight;
use super::introspection::{Digest, digested};
use super::settings::Exchange;
use crate::kept::Kept;
use crate::turn::Places;
use crate::upstream::{ClientIdentity, Granted, Issuers, masked};

/// Tokens that are kept.
const KEPT: usize = 1_000;
/// For how long one is used of which nobody says when it ends, and how long before its end it is not used any more.
const UNSAID: Duration = Duration::from_secs(60);
const MARGIN: Duration = Duration::from_secs(10);
/// For how long a refusal is believed.
const REFUSED: Duration = Duration::from_secs(2);
/// Exchanges at a time, of which no caller has all, and how long others wait for their turn.
const AT_A_TIME: usize = 16;
const PATIENCE: Duration = Duration::from_secs(2);

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// What exchanges tokens: each one once for all who wait for it.
#[derive(Debug)]
pub(super) struct Exchanged {
    exchange: Exchange,
    issuers: Issuers,
    client: ClientIdentity,
    /// By the callers' tokens, so that what was granted to one is never used for another, nor for a later one of the
    /// same caller with fewer scopes.
    kept: Mutex<Kept<Digest, Arc<Place>>>,
    places: Arc<Places>,
}

/// What a token of a caller's was exchanged for.
#[derive(Debug, Default)]
struct Place {
    last: Mutex<Option<Last>>,
    flight: Flight<Result<SecretString, String>>,
}

#[derive(Debug)]
struct Last {
    token: Result<SecretString, String>,
    until: Instant,
}

impl Place {
    fn last(&self) -> MutexGuard<'_, Option<Last>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Exchanged {
    pub(super) fn new(exchange: Exchange, issuers: Issuers, client: ClientIdentity) -> Arc<Self> {
        Arc::new(Self {
            exchange,
            issuers,
            client,
            kept: Mutex::new(Kept::of_at_most(KEPT)),
            places: Places::new(AT_A_TIME),
        })
    }

    /// A token of the service for one of a caller's, which holds for as long as `left`.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn token(
        self: &Arc<Self>,
        caller: &Arc<str>,
        (subject, left): (&SecretString, Duration),
    ) -> Result<SecretString, String> {
        let place = self.place(digested(subject));
        if let Some(last) = place.last().as_ref()
            && Instant::now() < last.until
        {
            return last.token.clone();
        }
        let (this, own) = (Arc::clone(self), Arc::clone(&place));
        let (caller, subject) = (Arc::clone(caller), subject.clone());
        let exchanging = place.flight.join(|| {
            Some(async move {
                let token = this.exchanged(&caller, &subject, left).await;
                let last = match token {
                    Ok((token, until)) => Last {
                        token: Ok(token),
                        until,
                    },
                    // From its end: whoever met it while it hung needs not meet it again.
                    Err(why) => Last {
                        token: Err(why),
                        until: Instant::now() + REFUSED,
                    },
                };
                let token = last.token.clone();
                *own.last() = Some(last);
                token
            })
        });
        let token = match exchanging {
            Some(exchanging) => exchanging.outcome().await,
            None => None,
        };
        token.unwrap_or_else(|| Err("the exchange of your token was broken off".to_owned()))
    }

    /// A new token, and until when it is used.
    async fn exchanged(
        &self,
        caller: &Arc<str>,
        subject: &SecretString,
        left: Duration,
    ) -> Result<(SecretString, Instant), String> {
        let busy = || "too many tokens are being exchanged at a time; try again".to_owned();
        let place = tokio::time::timeout(PATIENCE, self.places.wait(caller)).await;
        let _place = place.map_err(|_| busy())?.ok_or_else(busy)?;
        let now = Instant::now();
        let granted = ask(&self.issuers, &self.client, &self.exchange, subject).await?;
        let lifetime = granted.lifetime.unwrap_or(UNSAID).min(left);
        let lifetime = lifetime.saturating_sub(MARGIN.min(lifetime / 10));
        Ok((
            granted.access_token,
            now.checked_add(lifetime).unwrap_or(now),
        ))
    }

    fn place(&self, digest: Digest) -> Arc<Place> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = kept.get(&digest) {
            return Arc::clone(place);
        }
        let place = Arc::<Place>::default();
        kept.insert(digest, Arc::clone(&place));
        place
    }
}

/// RFC 8693 §2.1, §2.2.
async fn ask(
    issuers: &Issuers,
    client: &ClientIdentity,
    exchange: &Exchange,
    subject: &SecretString,
) -> Result<Granted, String> {
    let mut pairs = vec![
        ("grant_type", GRANT),
        ("subject_token", subject.expose_secret()),
        ("subject_token_type", ACCESS_TOKEN),
        ("requested_token_type", ACCESS_TOKEN),
    ];
    if let Some(audience) = &exchange.audience {
        // What is a URL is where it is used, else what it is called (RFC 8693 §2.1).
        let name = if audience.contains("://") {
            "resource"
        } else {
            "audience"
        };
        pairs.push((name, audience));
    }
    if let Some(scopes) = &exchange.scopes {
        pairs.push(("scope", scopes));
    }
    let (status, body) = issuers.post(&exchange.url, client, &pairs).await?;
    let host = exchange.url.host_str().unwrap_or_default();
    let granted = Granted::read(status, &body).map_err(|why| {
        // What somebody else writes may repeat what it was sent, in whatever form.
        let mut secrets = client.secrets();
        secrets.push(subject.clone());
        let why = masked(&why, &secrets);
        let why = crate::text::clean(&why).into_owned();
        format!(
            "{host} gave no token of the service for yours (HTTP {status}): {}",
            crate::text::cap(&why, 300)
        )
    })?;
    if granted.access_token.expose_secret() == subject.expose_secret() {
        return Err(format!(
            "{host} gave back the token that it was to exchange, which is not for the service"
        ));
    }
    Ok(granted)
}
