//! The operator's credential: one for the server, given at its start, and never kept but as a MAC of it.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use ring::hmac;
use ring::rand::SystemRandom;
use tokio::sync::Semaphore;

use super::super::seldom::Seldom;
use crate::upstream::{ConfigError, read_secret};

/// What it has at least, in characters.
const LEAST: usize = 32;
/// How long the answer to a wrong one takes.
const PAUSE: Duration = Duration::from_secs(1);
/// Wrong ones that wait for their answer at a time; further ones are told so at once.
const WAITING: usize = 16;

/// The credential of a server's operator.
#[derive(Debug)]
pub(crate) struct AdminKey {
    /// Made at the start, for this comparison alone.
    key: hmac::Key,
    mac: hmac::Tag,
}

impl AdminKey {
    /// Reads `<PREFIX>_ADMIN_KEY`, or the file that `<PREFIX>_ADMIN_KEY_FILE` names; none if neither is set.
    ///
    /// # Errors
    /// One line that names the variable, and never what it holds.
    pub(crate) fn read(
        prefix: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, ConfigError> {
        let name = format!("{prefix}_ADMIN_KEY");
        let Some(text) = read_secret(&name, variable)? else {
            return Ok(None);
        };
        let text = text.trim();
        if text.len() < LEAST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ConfigError(format!(
                "{name} must have at least {LEAST} characters of ASCII without blanks; `openssl rand -hex 32` makes one"
            )));
        }
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        let key =
            key.map_err(|_| ConfigError(format!("{name}: this machine gives no random numbers")))?;
        let mac = hmac::sign(&key, text.as_bytes());
        Ok(Some(Self { key, mac }))
    }

    /// Whether something is the credential, in a time that does not tell where they differ.
    fn is(&self, given: &str) -> bool {
        hmac::verify(&self.key, given.as_bytes(), self.mac.as_ref()).is_ok()
    }
}

/// Why somebody is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// They show nothing.
    Missing,
    /// What they show is wrong.
    Wrong,
    /// So are many others that wait for their answer.
    TooMany,
}

/// Who is let in.
#[derive(Debug)]
pub(super) struct SignIn {
    key: AdminKey,
    waiting: Arc<Semaphore>,
    seldom: Seldom,
}

impl SignIn {
    pub(super) fn new(key: AdminKey) -> Self {
        Self {
            key,
            waiting: Arc::new(Semaphore::new(WAITING)),
            seldom: Seldom::default(),
        }
    }

    /// Looks at the credential of a request. The right one is let in at once, whatever others try meanwhile: whoever
    /// guesses could keep the operator out otherwise, and cannot guess 32 characters at any speed.
    ///
    /// # Errors
    /// Why it is refused, after a moment.
    pub(super) async fn look(&self, fields: &HeaderMap) -> Result<(), Refused> {
        let mut given = fields.get_all(AUTHORIZATION).iter();
        let (first, more) = (given.next(), given.next());
        let Some(first) = first else {
            return Err(Refused::Missing);
        };
        let token = first.to_str().ok().and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        if more.is_none() && token.is_some_and(|token| self.key.is(token)) {
            return Ok(());
        }
        crate::measure::refused("operator");
        if let Some(more) = self.seldom.due() {
            tracing::warn!(more, "a wrong credential at the admin address");
        }
        let Ok(_place) = Arc::clone(&self.waiting).try_acquire_owned() else {
            return Err(Refused::TooMany);
        };
        tokio::time::sleep(PAUSE).await;
        Err(Refused::Wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    fn read(text: &'static str) -> Result<Option<AdminKey>, ConfigError> {
        AdminKey::read("X", &|name| {
            (name == "X_ADMIN_KEY").then(|| text.to_owned())
        })
    }

    fn fields(value: &str) -> HeaderMap {
        let mut fields = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(value) {
            fields.append(AUTHORIZATION, value);
        }
        fields
    }

    #[test]
    fn a_credential_is_long_and_can_stand_in_a_field() {
        assert!(matches!(read(""), Ok(None)));
        assert!(matches!(read(KEY), Ok(Some(_))));
        for wrong in ["hunter2", "hunter2 hunter2 hunter2 hunter2 hunter2", "ä"] {
            let said = read(wrong).err().map(|error| error.0).unwrap_or_default();
            assert!(
                said.starts_with("X_ADMIN_KEY must have at least 32"),
                "{said}"
            );
            assert!(!said.contains("hunter2"), "{said}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wrong_one_waits_and_keeps_nobody_waiting_who_has_the_right_one() {
        let Ok(Some(key)) = read(KEY) else {
            unreachable!("it is one")
        };
        let sign_in = Arc::new(SignIn::new(key));
        let mut tries = Vec::new();
        for _ in 0..WAITING {
            let sign_in = Arc::clone(&sign_in);
            tries.push(tokio::spawn(async move {
                sign_in.look(&fields("Bearer 0123456789abcdef")).await
            }));
        }
        tokio::task::yield_now().await;
        let begin = tokio::time::Instant::now();
        let right = fields(&format!("bearer {KEY}"));
        assert_eq!(sign_in.look(&right).await, Ok(()));
        assert_eq!(
            sign_in.look(&fields("Bearer x")).await,
            Err(Refused::TooMany)
        );
        assert_eq!(sign_in.look(&HeaderMap::new()).await, Err(Refused::Missing));
        assert_eq!(begin.elapsed(), Duration::ZERO);
        for one in tries {
            assert!(matches!(one.await, Ok(Err(Refused::Wrong))));
        }
        assert_eq!(begin.elapsed(), PAUSE);
        for wrong in [
            format!("Basic {KEY}"),
            format!("Bearer {KEY}0"),
            KEY.to_owned(),
        ] {
            assert_eq!(sign_in.look(&fields(&wrong)).await, Err(Refused::Wrong));
        }
        let mut twice = right.clone();
        twice.append(AUTHORIZATION, HeaderValue::from_static("Bearer x"));
        assert_eq!(sign_in.look(&twice).await, Err(Refused::Wrong));
    }
}
