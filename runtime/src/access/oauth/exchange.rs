//! Tokens of the service for those that callers bring along (RFC 8693): a caller's own token is for this server and
//! goes no further (MCP 2026-07-28, "token passthrough").

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;

use super::introspection::{Digest, digested};
use super::settings::Exchange;
use crate::upstream::{ClientIdentity, Granted, Issuers};

/// Tokens that are kept.
const KEPT: usize = 1_000;
/// For how long one is used of which nobody says when it ends, and how long before its end it is not used any more.
const UNSAID: Duration = Duration::from_secs(60);
const MARGIN: Duration = Duration::from_secs(10);
/// For how long a refusal is believed.
const REFUSED: Duration = Duration::from_secs(2);

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// What exchanges tokens: for each one exchange at a time, whoever waits for it.
#[derive(Debug, Default)]
pub(super) struct Exchanged {
    /// By the callers' tokens, so that what was granted to one is never used for another, nor for a later one of the
    /// same caller with fewer scopes.
    kept: Mutex<HashMap<Digest, Arc<tokio::sync::Mutex<Option<Kept>>>>>,
}

#[derive(Debug)]
struct Kept {
    token: Result<SecretString, String>,
    until: Instant,
}

impl Exchanged {
    /// A token of the service for a caller's, which holds for as long as `left`.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn token(
        &self,
        issuers: &Issuers,
        client: &ClientIdentity,
        exchange: &Exchange,
        (subject, left): (&SecretString, Duration),
    ) -> Result<SecretString, String> {
        let place = self.place(digested(subject));
        let mut place = place.lock().await;
        if let Some(kept) = place.as_ref()
            && Instant::now() < kept.until
        {
            return kept.token.clone();
        }
        let now = Instant::now();
        let exchanged = ask(issuers, client, exchange, subject).await;
        let (token, lifetime) = match exchanged {
            Ok(granted) => {
                let lifetime = granted.lifetime.unwrap_or(UNSAID).min(left);
                let margin = MARGIN.min(lifetime / 10);
                (Ok(granted.access_token), lifetime.saturating_sub(margin))
            }
            Err(why) => (Err(why), REFUSED),
        };
        *place = Some(Kept {
            token: token.clone(),
            until: now.checked_add(lifetime).unwrap_or(now),
        });
        token
    }

    fn place(&self, digest: Digest) -> Arc<tokio::sync::Mutex<Option<Kept>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(&digest) {
            let now = Instant::now();
            // One that is locked is in use.
            kept.retain(|_, place| {
                let ended = |kept: &Option<Kept>| kept.as_ref().is_none_or(|one| one.until <= now);
                place.try_lock().map_or(true, |place| !ended(&place))
            });
            if kept.len() >= KEPT {
                kept.clear();
            }
        }
        Arc::clone(kept.entry(digest).or_default())
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
        // What somebody else writes may repeat what it was sent.
        let secret = client
            .secret
            .as_ref()
            .map_or("", |secret| secret.expose_secret());
        let mut why = why.replace(subject.expose_secret(), "[…]");
        if !secret.is_empty() {
            why = why.replace(secret, "[…]");
        }
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
