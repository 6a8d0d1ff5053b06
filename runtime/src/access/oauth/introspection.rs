//! Tokens that say nothing to anybody but their issuer, who is asked (RFC 7662). What it says counts for a few
//! seconds, so that a token that was taken back is of no use soon after.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ring::digest::{SHA256, digest};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use super::jws::object;
use super::keys::Trouble;
use crate::json::{Object, Value};
use crate::upstream::{ClientIdentity, Issuers};

/// Answers that are kept.
const KEPT: usize = 1_000;
/// Questions at a time: who makes tokens up does not make more traffic than that; and how long others wait.
const AT_A_TIME: usize = 16;
const PATIENCE: Duration = Duration::from_secs(2);

/// A token's SHA-256: no token is kept.
pub(super) type Digest = [u8; 32];

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
    seconds: u64,
    kept: Mutex<HashMap<Digest, (Instant, Option<Object>)>>,
    questions: Semaphore,
}

impl Introspection {
    pub(super) fn new(url: Url, seconds: u64) -> Self {
        Self {
            url,
            seconds,
            kept: Mutex::default(),
            questions: Semaphore::new(AT_A_TIME),
        }
    }

    /// What the issuer says of a token; none if it is not active.
    ///
    /// # Errors
    /// When it could not be asked.
    pub(super) async fn claims(
        &self,
        issuers: &Issuers,
        client: &ClientIdentity,
        token: &SecretString,
    ) -> Result<Option<Object>, Trouble> {
        let digest = digested(token);
        let age = Duration::from_secs(self.seconds);
        if let Some((at, claims)) = self.lock().get(&digest)
            && at.elapsed() < age
        {
            return Ok(claims.clone());
        }
        let busy = || Trouble::Away("too many tokens are being checked at a time".to_owned());
        let place = tokio::time::timeout(PATIENCE, self.questions.acquire()).await;
        let _place = place.map_err(|_| busy())?.map_err(|_| busy())?;
        let asked = Instant::now();
        let pairs = [
            ("token", token.expose_secret()),
            ("token_type_hint", "access_token"),
        ];
        let answer = issuers.post(&self.url, client, &pairs).await;
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
        let mut kept = self.lock();
        if kept.len() >= KEPT {
            kept.retain(|_, (at, _)| at.elapsed() < age);
        }
        if kept.len() < KEPT && self.seconds > 0 {
            kept.insert(digest, (asked, claims.clone()));
        }
        Ok(claims)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Digest, (Instant, Option<Object>)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
