//! Tokens and states that nobody can forge, change, use for another call, or use late: a time and a
//! random number with a MAC (HMAC-SHA256, RFC 2104, cut to 128 bits as §5 allows) over these, the purpose
//! and the digest of the call. The call itself is not in it; who presents it presents the call too.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::audit::hexadecimal;
use crate::state::Key;
use crate::upstream::{ConfigError, read_secret};

/// Bytes of the time, of the random number and of the MAC.
const TIME: usize = 8;
const NONCE: usize = 8;
const MAC: usize = 16;
/// What a secret has at least, in bytes.
const LEAST_SECRET: usize = 32;

/// What a seal is for. One for one purpose is none for another: a model must not use the state of a
/// question to a person as its own token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// `confirm_token`.
    Token,
    /// `requestState` of a question.
    Question,
}

/// Makes seals and opens them.
#[derive(Debug)]
pub(super) struct Seals {
    key: OnceLock<Option<hmac::Key>>,
    random: SystemRandom,
}

/// Why a seal does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// It is none, or not for this call.
    Wrong,
    /// Its time is over.
    Late,
}

impl Seals {
    /// Seals that hold in this process only.
    pub(super) fn of_this_process() -> Self {
        Self {
            key: OnceLock::new(),
            random: SystemRandom::new(),
        }
    }

    /// Seals that hold in every process with the same `<PREFIX>_SECRET`.
    pub(super) fn read(
        prefix: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let name = format!("{prefix}_SECRET");
        let Some(secret) = read_secret(&name, variable)? else {
            return Ok(Self::of_this_process());
        };
        let secret = secret.trim();
        if secret.len() < LEAST_SECRET {
            return Err(ConfigError(format!(
                "{name} must have at least {LEAST_SECRET} characters; `openssl rand -hex 32` makes one"
            )));
        }
        let seals = Self::of_this_process();
        let _ = seals
            .key
            .set(Some(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())));
        Ok(seals)
    }

    /// A name that nothing else has; none if the machine gives no random numbers.
    pub(super) fn name(&self) -> Option<String> {
        self.nonce::<NONCE>().map(|nonce| hexadecimal(&nonce))
    }

    /// A random number; none if the machine gives none.
    fn nonce<const LENGTH: usize>(&self) -> Option<[u8; LENGTH]> {
        let mut bytes = [0; LENGTH];
        self.random.fill(&mut bytes).ok()?;
        Some(bytes)
    }

    fn key(&self) -> Option<&hmac::Key> {
        let random = || hmac::Key::generate(hmac::HMAC_SHA256, &self.random).ok();
        self.key.get_or_init(random).as_ref()
    }

    /// A name for secrets.
    #[cfg(feature = "http")]
    pub(super) fn pseudonym<'a>(
        &self,
        secrets: impl Iterator<Item = &'a secrecy::SecretString>,
    ) -> Option<String> {
        use secrecy::ExposeSecret as _;
        let mut context = hmac::Context::with_key(self.key()?);
        context.update(b"mcpwright caller 1");
        for secret in secrets {
            let secret = secret.expose_secret();
            context.update(&(secret.len() as u64).to_be_bytes());
            context.update(secret.as_bytes());
        }
        let name = hexadecimal(context.sign().as_ref());
        Some(name.get(..2 * MAC)?.to_owned())
    }

    /// A seal over a call, which holds until a time in seconds since 1970; none on a machine without
    /// random numbers.
    pub(super) fn seal(&self, purpose: Purpose, call: &Key, until: u64) -> Option<String> {
        let nonce = self.nonce::<NONCE>()?;
        let head = [until.to_be_bytes(), nonce].concat();
        let mac = mac(self.key()?, purpose, &head, call);
        let bytes: Vec<u8> = head
            .iter()
            .chain(mac.as_ref().iter().take(MAC))
            .copied()
            .collect();
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Opens a seal over a call: gives what tells it from all others, and until when it holds.
    pub(super) fn open(
        &self,
        purpose: Purpose,
        call: &Key,
        seal: &str,
        now: u64,
    ) -> Result<(Key, u64), Broken> {
        let key = self.key().ok_or(Broken::Wrong)?;
        let bytes = URL_SAFE_NO_PAD
            .decode(seal.trim())
            .map_err(|_| Broken::Wrong)?;
        if bytes.len() != TIME + NONCE + MAC {
            return Err(Broken::Wrong);
        }
        let (head, given) = bytes.split_at_checked(TIME + NONCE).ok_or(Broken::Wrong)?;
        let expected = mac(key, purpose, head, call);
        // A MAC of both is compared, which takes the same time wherever they differ.
        let expected: Vec<u8> = expected.as_ref().iter().take(MAC).copied().collect();
        hmac::verify(key, given, hmac::sign(key, &expected).as_ref()).map_err(|_| Broken::Wrong)?;
        let until = head
            .split_first_chunk::<TIME>()
            .map_or(0, |(time, _)| u64::from_be_bytes(*time));
        if now >= until {
            return Err(Broken::Late);
        }
        let mut id = [0; 32];
        for (place, byte) in id.iter_mut().zip(head) {
            *place = *byte;
        }
        Ok((id, until))
    }
}

fn mac(key: &hmac::Key, purpose: Purpose, head: &[u8], call: &Key) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    context.update(match purpose {
        Purpose::Token => b"mcpwright confirm token 1",
        Purpose::Question => b"mcpwright confirm state 1",
    });
    context.update(head);
    context.update(call);
    context.sign()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_for_its_call_its_purpose_and_its_time_only() {
        let seals = Seals::of_this_process();
        let call = [7; 32];
        let seal = seals.seal(Purpose::Token, &call, 100).unwrap_or_default();
        assert_eq!(seal.len(), 43);
        let opened = seals.open(Purpose::Token, &call, &seal, 99);
        assert_eq!(opened.map(|(_, until)| until), Ok(100));
        assert_eq!(
            seals.open(Purpose::Token, &call, &seal, 100),
            Err(Broken::Late)
        );
        assert_eq!(
            seals.open(Purpose::Question, &call, &seal, 99),
            Err(Broken::Wrong)
        );
        assert_eq!(
            seals.open(Purpose::Token, &[8; 32], &seal, 99),
            Err(Broken::Wrong)
        );
        let others = Seals::of_this_process();
        assert_eq!(
            others.open(Purpose::Token, &call, &seal, 99),
            Err(Broken::Wrong)
        );
    }

    #[test]
    fn no_seal_is_like_another() {
        let seals = Seals::of_this_process();
        let call = [7; 32];
        let id = || {
            let seal = seals.seal(Purpose::Token, &call, 100).unwrap_or_default();
            seals
                .open(Purpose::Token, &call, &seal, 0)
                .map(|(id, _)| id)
        };
        assert_ne!(id(), id());
    }

    #[test]
    fn a_seal_with_any_bit_changed_is_none() {
        let seals = Seals::of_this_process();
        let call = [7; 32];
        let seal = seals
            .seal(Purpose::Token, &call, u64::MAX)
            .unwrap_or_default();
        let bytes = URL_SAFE_NO_PAD.decode(&seal).unwrap_or_default();
        assert_eq!(bytes.len(), TIME + NONCE + MAC);
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            if let Some(byte) = changed.get_mut(bit / 8) {
                *byte ^= 1 << (bit % 8);
            }
            let changed = URL_SAFE_NO_PAD.encode(changed);
            assert_eq!(
                seals.open(Purpose::Token, &call, &changed, 0),
                Err(Broken::Wrong),
                "{bit}"
            );
        }
        for text in [
            "",
            "x",
            "é",
            &seal[1..],
            &format!("{seal}A"),
            &format!("{seal}AAAA"),
        ] {
            assert_eq!(
                seals.open(Purpose::Token, &call, text, 0),
                Err(Broken::Wrong),
                "{text}"
            );
        }
    }

    #[test]
    fn with_the_same_secret_a_seal_of_one_process_holds_in_another() {
        let secret = "0123456789abcdef0123456789abcdef";
        let read = |secret: &str| {
            let secret = secret.to_owned();
            Seals::read("X", &move |name| {
                (name == "X_SECRET").then(|| secret.clone())
            })
        };
        let (Ok(a), Ok(b)) = (read(secret), read(secret)) else {
            panic!("a secret of 32 characters is one");
        };
        let seal = a.seal(Purpose::Token, &[1; 32], 10).unwrap_or_default();
        assert!(b.open(Purpose::Token, &[1; 32], &seal, 0).is_ok());
        let short = read("short").err().map(|error| error.0);
        assert_eq!(
            short.as_deref(),
            Some("X_SECRET must have at least 32 characters; `openssl rand -hex 32` makes one")
        );
    }
}
