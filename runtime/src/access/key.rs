//! Keys of a server: `northlight_crm_1f2e3d4c_…`, of which only a MAC is kept.
//!
//! HMAC-SHA256 (RFC 2104) with a pepper that stands outside of the file of keys: whoever copies the file
//! has nothing. A further pepper makes new keys while the old one still holds for those that it made.

use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use secrecy::{ExposeSecret as _, SecretString};

use crate::audit::hexadecimal;
use crate::upstream::{ConfigError, read_secret};

/// Characters of an id, and of the 256 random bits behind it.
const ID: usize = 8;
const SECRET: usize = 64;
/// What a pepper has at least, in characters.
const LEAST_PEPPER: usize = 32;

/// The peppers that the operator gives; the first one makes new keys.
#[derive(Debug)]
pub(crate) struct Peppers(Vec<Pepper>);

#[derive(Debug)]
struct Pepper {
    /// Tells it from others, and nothing about it.
    id: String,
    key: hmac::Key,
}

/// What is kept of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) pepper: String,
    pub(super) mac: String,
}

impl Peppers {
    /// Reads `<PREFIX>_PEPPER` or the file that `<PREFIX>_PEPPER_FILE` names: one pepper, or several
    /// separated by blanks, the newest first.
    ///
    /// # Errors
    /// One line that names the variable.
    pub(crate) fn read(
        prefix: &str,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let name = format!("{prefix}_PEPPER");
        let text = read_secret(&name, variable)?.unwrap_or_default();
        let peppers: Vec<&str> = text.split_whitespace().collect();
        if peppers.is_empty() {
            return Err(ConfigError(format!(
                "{name} is not set: keys are kept as a MAC with it; `openssl rand -hex 32` makes one (or {name}_FILE and a path)"
            )));
        }
        if peppers.iter().any(|pepper| pepper.len() < LEAST_PEPPER) {
            return Err(ConfigError(format!(
                "{name}: each pepper must have at least {LEAST_PEPPER} characters; `openssl rand -hex 32` makes one"
            )));
        }
        let pepper = |text: &&str| Pepper {
            id: hexadecimal(digest(&SHA256, text.as_bytes()).as_ref())
                .get(..ID)
                .unwrap_or_default()
                .to_owned(),
            key: hmac::Key::new(hmac::HMAC_SHA256, text.as_bytes()),
        };
        Ok(Self(peppers.iter().map(pepper).collect()))
    }

    /// What is kept of a key that was made now.
    pub(super) fn keep(&self, key: &str) -> Kept {
        let Some(pepper) = self.0.first() else {
            return Kept {
                pepper: String::new(),
                mac: String::new(),
            };
        };
        Kept {
            pepper: pepper.id.clone(),
            mac: hexadecimal(hmac::sign(&pepper.key, key.as_bytes()).as_ref()),
        }
    }

    /// Whether a key is the one of which this was kept, in a time that does not tell where they differ.
    pub(super) fn holds(&self, key: &str, kept: &Kept) -> bool {
        let Some(mac) = bytes(&kept.mac) else {
            return false;
        };
        let mut peppers = self.0.iter().filter(|pepper| pepper.id == kept.pepper);
        peppers.any(|pepper| hmac::verify(&pepper.key, key.as_bytes(), &mac).is_ok())
    }

    /// Whether a pepper of this id is there.
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.iter().any(|pepper| pepper.id == id)
    }
}

/// Makes a key: its id, and the whole of it.
///
/// # Errors
/// When the machine gives no random numbers.
pub(super) fn make(server: &str) -> Result<(String, SecretString), String> {
    let mut bytes = [0_u8; (ID + SECRET) / 2];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| "this machine gives no random numbers".to_owned())?;
    let text = hexadecimal(&bytes);
    let (id, secret) = text.split_at_checked(ID).unwrap_or_default();
    let key = format!("{}{id}_{secret}", beginning(server));
    Ok((id.to_owned(), SecretString::from(key)))
}

/// The id in what looks like a key of this server.
pub(super) fn id<'a>(server: &str, key: &'a SecretString) -> Option<&'a str> {
    let key = key.expose_secret();
    let rest = key.strip_prefix(&beginning(server))?;
    // A length that is none is refused before anything is computed.
    (rest.len() == ID + 1 + SECRET).then_some(())?;
    let (id, secret) = rest.split_once('_')?;
    let is_hexadecimal = |text: &str| {
        let mut bytes = text.bytes();
        bytes.all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    (id.len() == ID && is_hexadecimal(id) && is_hexadecimal(secret)).then_some(id)
}

/// What keys of a server begin with, so that people and scanners recognise one.
pub(crate) fn beginning(server: &str) -> String {
    format!("{}_", server.replace('-', "_"))
}

/// The bytes of lower-case hexadecimal.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| {
            let pair = std::str::from_utf8(pair).ok().filter(|p| p.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peppers(text: &'static str) -> Peppers {
        let read = Peppers::read("X", &|name| (name == "X_PEPPER").then(|| text.to_owned()));
        read.unwrap_or_else(|error| panic!("{}", error.0))
    }

    const OLD: &str = "0123456789abcdef0123456789abcdef";
    const BOTH: &str = "fedcba9876543210fedcba9876543210 0123456789abcdef0123456789abcdef";

    #[test]
    fn a_key_holds_with_the_pepper_that_made_it_and_no_other_key_does() {
        let (id_made, key) = make("my-crm").unwrap_or_default();
        assert_eq!(id("my-crm", &key), Some(id_made.as_str()));
        assert_eq!(key.expose_secret().len(), "my_crm_".len() + ID + 1 + SECRET);
        let old = peppers(OLD);
        let kept = old.keep(key.expose_secret());
        assert!(!kept.mac.contains(key.expose_secret()));
        assert!(old.holds(key.expose_secret(), &kept));
        // The newer pepper makes keys, the older one still holds.
        let both = peppers(BOTH);
        assert!(both.holds(key.expose_secret(), &kept));
        assert_ne!(both.keep(key.expose_secret()).pepper, kept.pepper);
        assert!(!peppers("fedcba9876543210fedcba9876543210").holds(key.expose_secret(), &kept));
        let (_, other) = make("my-crm").unwrap_or_default();
        assert!(!old.holds(other.expose_secret(), &kept));
        let broken = Kept {
            mac: "zz".to_owned(),
            ..kept
        };
        assert!(!old.holds(key.expose_secret(), &broken));
    }

    #[test]
    fn what_is_no_key_of_this_server_has_no_id() {
        let (_, key) = make("crm").unwrap_or_default();
        let key = key.expose_secret().to_owned();
        for text in [
            String::new(),
            key.replace("crm_", "mrc_"),
            key.get(1..).unwrap_or_default().to_owned(),
            format!("{key}0"),
            key.to_uppercase(),
            format!("crm_{}", "é".repeat(37)),
            format!("crm_{}", "_".repeat(ID + 1 + SECRET)),
        ] {
            assert_eq!(id("crm", &SecretString::from(text.clone())), None, "{text}");
        }
    }

    #[test]
    fn a_pepper_is_needed_and_long() {
        let error = |text: &'static str| {
            let read = Peppers::read("X", &|name| (name == "X_PEPPER").then(|| text.to_owned()));
            read.err().map(|error| error.0).unwrap_or_default()
        };
        assert!(error("").starts_with("X_PEPPER is not set"));
        assert!(error("short").contains("at least 32 characters"));
        assert!(!error("hunter2 is mine").contains("hunter2"));
    }
}
