//! Tokens that say nothing to anybody but their issuer, who is asked (RFC 7662). What it says counts for a few
//! seconds, so that a token that was taken back is of no use soon after.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;
use url::Url;

use super::flight::Flight;
use super::jws::object;
use super::keys::Trouble;
use crate::json::{Object, Value};
use crate::kept::Kept;
use crate::turn::Places;
use crate::upstream::{ClientIdentity, Issuers};

/// Answers that are kept: of tokens that are active, and of others, which do not push those out.
const KEPT: usize = 1_000;
/// Questions at a time: about tokens that were active before, and about others, of which no network from which they
/// come has all. Who makes tokens up does not make more traffic than that. And how long others wait.
const AT_A_TIME: usize = 16;
const PATIENCE: Duration = Duration::from_secs(2);

/// A token's SHA-256: no token is kept.
pub(super) type Digest = [u8; 32];

/// What the issuer says of a token; none if it is not active.
type Answer = Result<Option<Object>, Trouble>;

pub(super) fn digested(token: &SecretString) -> Digest {
    let mut bytes = [0_u8; 32];
    let digest = digest(&SHA256, token.expose_secret().as_bytes());
    bytes.copy_from_slice(digest.as_ref());
    bytes
}

/// The issuer, as who asks it.
#[derive(Debug)]
pub(super) struct Introspection {
    url: Url,
    /// For how long an answer counts.
    time: Duration,
    issuers: Issuers,
    client: Option<ClientIdentity>,
    active: Mutex<Kept<Digest, (Instant, Object)>>,
    others: Mutex<Kept<Digest, Instant>>,
    /// What is being asked.
    asking: Mutex<HashMap<Digest, Arc<Flight<Answer>>>>,
    places: Arc<Places>,
    places_of_known: Arc<Places>,
}

impl Introspection {
    pub(super) fn new(
        url: Url,
        seconds: u64,
        issuers: Issuers,
        client: Option<ClientIdentity>,
    ) -> Arc<Self> {
        Arc::new(Self {
            url,
            time: Duration::from_secs(seconds),
            issuers,
            client,
            active: Mutex::new(Kept::of_at_most(KEPT)),
            others: Mutex::new(Kept::of_at_most(KEPT)),
            asking: Mutex::default(),
            places: Places::new(AT_A_TIME),
            places_of_known: Places::new(AT_A_TIME),
        })
    }

    /// What the issuer says of a token that came from a network.
    ///
    /// # Errors
    /// When it could not be asked.
    pub(super) async fn claims(
        self: &Arc<Self>,
        token: &SecretString,
        network: &Arc<str>,
    ) -> Answer {
        let digest = digested(token);
        let mut places = &self.places;
        if let Some((at, claims)) = lock(&self.active).get(&digest) {
            if at.elapsed() < self.time {
                return Ok(Some(claims.clone()));
            }
            // Who makes tokens up keeps nobody waiting who has one.
            places = &self.places_of_known;
        }
        if let Some(at) = lock(&self.others).get(&digest)
            && at.elapsed() < self.time
        {
            return Ok(None);
        }
        if self.time.is_zero() {
            // What was asked a moment ago is not what is so now.
            return self.ask(digest, token, places, network).await;
        }
        let asked = {
            let mut asking = lock(&self.asking);
            let flight = asking.entry(digest).or_default();
            flight.join(|| {
                let (this, places) = (Arc::clone(self), Arc::clone(places));
                let (token, network) = (token.clone(), Arc::clone(network));
                Some(async move {
                    let answer = this.ask(digest, &token, &places, &network).await;
                    lock(&this.asking).remove(&digest);
                    answer
                })
            })
        };
        let answer = match asked {
            Some(asked) => asked.outcome().await,
            None => None,
        };
        answer.unwrap_or_else(|| Err(Trouble::Away("the question was broken off".to_owned())))
    }

    async fn ask(
        &self,
        digest: Digest,
        token: &SecretString,
        places: &Arc<Places>,
        network: &Arc<str>,
    ) -> Answer {
        let Some(client) = &self.client else {
            return Err(Trouble::Wrong("this server has no name at it".to_owned()));
        };
        let busy = || Trouble::Away("too many tokens are being checked at a time".to_owned());
        let place = tokio::time::timeout(PATIENCE, places.wait(network)).await;
        let _place = place.map_err(|_| busy())?.ok_or_else(busy)?;
        let asked = Instant::now();
        let pairs = [
            ("token", token.expose_secret()),
            ("token_type_hint", "access_token"),
        ];
        let answer = self.issuers.post(&self.url, client, &pairs).await;
        let (status, body) = answer.map_err(Trouble::Away)?;
        let host = self.url.host_str().unwrap_or_default();
        let claims = match status {
            200 => claims(&body).map_err(|why| Trouble::Wrong(format!("{host}: {why}")))?,
            400 if blames_client(&body) => return Err(not_let(host, status)),
            401 | 403 => return Err(not_let(host, status)),
            // Some refuse the question about a token that cannot be theirs.
            400 => None,
            _ => return Err(Trouble::Away(format!("{host} answered HTTP {status}"))),
        };
        match &claims {
            Some(claims) => lock(&self.active).insert(digest, (asked, claims.clone())),
            None => {
                lock(&self.active).remove(&digest);
                lock(&self.others).insert(digest, asked);
            }
        }
        Ok(claims)
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

fn not_let(host: &str, status: u16) -> Trouble {
    Trouble::Wrong(format!(
        "{host} does not let this server ask about tokens (HTTP {status}); its client identifier, its secret or its rights are wrong"
    ))
}

/// Whether an error is about who asks (RFC 6749 §5.2), not about what is asked.
fn blames_client(body: &[u8]) -> bool {
    let error = object(body).and_then(|answer| Some(answer.get("error")?.as_str()?.to_owned()));
    error.is_some_and(|error| error.ends_with("_client"))
}

/// RFC 7662 §2.2: nothing but `true` says that a token is active.
fn claims(body: &[u8]) -> Result<Option<Object>, &'static str> {
    let answer = object(body).ok_or("its answer about a token is no JSON object")?;
    match answer.get("active") {
        Some(Value::Bool(true)) => {}
        Some(Value::Bool(false)) => return Ok(None),
        _ => return Err("its answer does not say whether the token is active"),
    }
    // A token of another type has to be used in another way.
    let bearer = answer.get("token_type").is_none_or(|kind| {
        let kind = kind.as_str().unwrap_or_default();
        kind.eq_ignore_ascii_case("bearer") || kind == "access_token"
    });
    Ok(bearer.then_some(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_issuer_that_says_so_makes_a_token_active() {
        for (body, expected) in [
            (r#"{"active":true,"sub":"a"}"#, Ok(true)),
            (r#"{"active":true,"token_type":"Bearer"}"#, Ok(true)),
            (r#"{"active":true,"token_type":"DPoP"}"#, Ok(false)),
            (r#"{"active":false}"#, Ok(false)),
            (r#"{"active":false,"active":true}"#, Err(())),
            (r#"{"active":"true"}"#, Err(())),
            (r#"{"active":1}"#, Err(())),
            (r#"{"sub":"a"}"#, Err(())),
            ("[]", Err(())),
            ("<html>", Err(())),
        ] {
            let read = claims(body.as_bytes()).map(|claims| claims.is_some());
            assert_eq!(read.map_err(|_| ()), expected, "{body}");
        }
    }
}
