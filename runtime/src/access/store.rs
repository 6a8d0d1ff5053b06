//! The file of keys: JSON, written by the `keys` commands as a whole, read by servers whenever it was
//! replaced. When keys were last used is noted in a file beside it, so that a server need not be able to
//! change who may call it.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use secrecy::{ExposeSecret as _, SecretString};

use super::key::{self, Kept, Peppers};
use super::scope::Scope;
use crate::json::{Value, json};
use crate::rate::of_a_caller;
use crate::replaced::replace;

/// How exactly it is known when a key was last used, in seconds.
const USED: u64 = 60;
/// Largest file that is read.
const MOST: u64 = 16 << 20;

/// What is kept of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) scopes: Vec<Scope>,
    /// Seconds since 1970.
    pub(crate) created: u64,
    pub(crate) expires: Option<u64>,
    pub(crate) revoked: Option<u64>,
    /// How many requests are taken of it, as `600/min`; what holds for all if it says nothing.
    pub(crate) rate: Option<String>,
    kept: Kept,
}

impl Key {
    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        let number = |name: &str| value.get(name).and_then(Value::as_u64);
        let is_number = |name: &str| value.get(name).is_none_or(Value::is_u64);
        // A time that cannot be read must not make a key hold for ever.
        (is_number("expires") && is_number("revoked")).then_some(())?;
        // Nor a rate that cannot, one without an end.
        let rate = text("rate");
        let is_rate = rate.as_deref().map(|rate| of_a_caller(rate).is_some());
        is_rate
            .unwrap_or(value.get("rate").is_none())
            .then_some(())?;
        let scopes = value.get("scopes")?.as_array()?.iter();
        Some(Self {
            id: text("id")?,
            name: text("name")?,
            scopes: scopes
                .filter_map(|scope| Scope::kept(scope.as_str()?))
                .collect(),
            created: number("created")?,
            expires: number("expires"),
            revoked: number("revoked"),
            rate,
            kept: Kept {
                pepper: text("pepper")?,
                mac: text("mac")?,
            },
        })
    }

    fn write(&self) -> Value {
        let scopes: Vec<String> = self.scopes.iter().map(ToString::to_string).collect();
        let mut value = json!({
            "id": self.id,
            "name": self.name,
            "scopes": scopes,
            "created": self.created,
            "pepper": self.kept.pepper,
            "mac": self.kept.mac,
        });
        if let Value::Object(value) = &mut value {
            for (name, time) in [("expires", self.expires), ("revoked", self.revoked)] {
                if let Some(time) = time {
                    value.insert(name.to_owned(), Value::from(time));
                }
            }
            if let Some(rate) = &self.rate {
                value.insert("rate".to_owned(), Value::from(rate.as_str()));
            }
        }
        value
    }

    /// Why it does not hold now; nothing if it does.
    pub(crate) fn ended(&self, now: u64) -> Option<&'static str> {
        if self.revoked.is_some() {
            Some("revoked")
        } else if self.expires.is_some_and(|expires| expires <= now) {
            Some("expired")
        } else {
            None
        }
    }
}

/// Reads all keys; none if there is no file.
fn read(path: &Path) -> io::Result<Vec<Key>> {
    let text = match fs::metadata(path) {
        Ok(found) if found.len() > MOST => return Err(io::Error::other("the file is too large")),
        Ok(_) => fs::read_to_string(path)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let wrong = || io::Error::new(io::ErrorKind::InvalidData, "the file is no file of keys");
    let value: Value = serde_json::from_str(&text).map_err(|_| wrong())?;
    let keys = value
        .get("keys")
        .and_then(Value::as_array)
        .ok_or_else(wrong)?;
    keys.iter()
        .map(|key| Key::read(key).ok_or_else(wrong))
        .collect()
}

/// Changes the keys, one process at a time.
fn change<T>(
    path: &Path,
    change: impl FnOnce(&mut Vec<Key>) -> Result<T, String>,
) -> Result<T, String> {
    let failed = |error: io::Error| format!("{}: {error}", path.display());
    let _lock = crate::audit::lock_beside(path).map_err(failed)?;
    let mut keys = read(path).map_err(failed)?;
    let done = change(&mut keys)?;
    let keys: Vec<Value> = keys.iter().map(Key::write).collect();
    replace(path, &json!({ "version": 1, "keys": keys })).map_err(failed)?;
    Ok(done)
}

/// A key that is to be made.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) expires: Option<u64>,
    pub(crate) rate: Option<String>,
}

/// Makes a key, which is shown this once.
///
/// # Errors
/// One sentence.
pub(crate) fn create(
    path: &Path,
    server: &str,
    peppers: &Peppers,
    wanted: Wanted,
    now: u64,
) -> Result<(Key, SecretString), String> {
    let (id, secret) = key::make(server)?;
    let key = Key {
        id,
        name: wanted.name,
        scopes: wanted.scopes,
        created: now,
        expires: wanted.expires,
        revoked: None,
        rate: wanted.rate,
        kept: peppers.keep(secret.expose_secret()),
    };
    change(path, |keys| {
        keys.push(key.clone());
        Ok(())
    })?;
    Ok((key, secret))
}

/// All keys, with when they were last used.
///
/// # Errors
/// One sentence.
pub(crate) fn list(path: &Path) -> Result<Vec<(Key, Option<u64>)>, String> {
    let keys = read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let used = used(path);
    let with = |key: Key| {
        let time = used.get(&key.id).copied();
        (key, time)
    };
    Ok(keys.into_iter().map(with).collect())
}

/// Ends a key; one that has ended stays so.
///
/// # Errors
/// One sentence.
pub(crate) fn revoke(path: &Path, id: &str, now: u64) -> Result<Key, String> {
    change(path, |keys| {
        let key = find(keys, id)?;
        key.revoked.get_or_insert(now);
        Ok(key.clone())
    })
}

/// Makes a key in the place of another, which ends.
///
/// # Errors
/// One sentence.
pub(crate) fn rotate(
    path: &Path,
    server: &str,
    peppers: &Peppers,
    id: &str,
    now: u64,
) -> Result<(Key, SecretString), String> {
    let (new, secret) = key::make(server)?;
    change(path, |keys| {
        let old = find(keys, id)?;
        if let Some(why) = old.ended(now) {
            return Err(format!("the key {id} is {why}; make a new one"));
        }
        let key = Key {
            id: new,
            created: now,
            kept: peppers.keep(secret.expose_secret()),
            ..old.clone()
        };
        old.revoked = Some(now);
        keys.push(key.clone());
        Ok((key, secret))
    })
}

fn find<'a>(keys: &'a mut [Key], id: &str) -> Result<&'a mut Key, String> {
    let found = keys.iter_mut().find(|key| key.id == id);
    found.ok_or_else(|| {
        format!(
            "there is no key {}; `keys list` shows all",
            crate::text::clean(id)
        )
    })
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".used");
    path.with_file_name(name)
}

/// When keys were last used.
fn used(path: &Path) -> BTreeMap<String, u64> {
    let text = fs::read_to_string(beside(path)).unwrap_or_default();
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    let times = value.as_object().into_iter().flatten();
    times
        .filter_map(|(id, time)| Some((id.clone(), time.as_u64()?)))
        .collect()
}

fn note_use(path: &Path, id: &str, now: u64) -> io::Result<()> {
    let beside = beside(path);
    let _lock = crate::audit::lock_beside(&beside)?;
    let mut times = used(path);
    let time = times.entry(id.to_owned()).or_default();
    *time = now.max(*time);
    replace(&beside, &json!(times))
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    length: u64,
    changed: Option<SystemTime>,
    /// A file that took the place of another has another number.
    number: u64,
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&found);
        #[cfg(not(unix))]
        let number = 0;
        Some(Self {
            length: found.len(),
            changed: found.modified().ok(),
            number,
        })
    }
}

/// The keys of a server that runs: what the file says at this moment.
#[derive(Debug)]
pub(super) struct Store {
    path: PathBuf,
    seen: Mutex<Seen>,
    /// Who reads the file: one at a time.
    reading: Mutex<()>,
    used: Mutex<HashMap<String, u64>>,
}

/// How long a file that could not be read is left alone.
const ALONE: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
struct Seen {
    stamp: Option<Stamp>,
    /// The one that could not be read, and until when it is not tried again.
    alone: Option<(Option<Stamp>, Instant)>,
    keys: HashMap<String, Arc<Key>>,
}

impl Store {
    /// Reads the file.
    ///
    /// # Errors
    /// One sentence when it cannot be read, or no key of it holds.
    pub(super) fn open(path: PathBuf, peppers: &Peppers, now: u64) -> Result<Self, String> {
        let keys = read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let live = keys.iter().filter(|key| key.ended(now).is_none());
        if !live.clone().any(|key| peppers.has(&key.kept.pepper)) {
            let why = if live.count() == 0 {
                "there is no key that holds; `keys create` makes one"
            } else {
                "no key was made with one of these peppers"
            };
            return Err(format!("{}: {why}", path.display()));
        }
        Ok(Self {
            path,
            seen: Mutex::default(),
            reading: Mutex::default(),
            used: Mutex::default(),
        })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The key of an id, as the file has it now: one look at its time for a request, and it is read when it
    /// was replaced, where nobody else is kept waiting by it. A file that cannot be read has no keys.
    pub(super) async fn find(self: &Arc<Self>, id: &str) -> Option<Arc<Key>> {
        if self.is_new(Stamp::of(&self.path).as_ref()) {
            let this = Arc::clone(self);
            let read = tokio::task::spawn_blocking(move || this.look());
            read.await.ok()?;
        }
        self.seen().keys.get(id).cloned()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the file is to be read.
    fn is_new(&self, stamp: Option<&Stamp>) -> bool {
        let seen = self.seen();
        let alone = seen.alone.as_ref();
        let is_alone = |(failed, until): &(Option<Stamp>, Instant)| {
            failed.as_ref() == stamp && Instant::now() < *until
        };
        (stamp.is_none() || seen.stamp.as_ref() != stamp) && !alone.is_some_and(is_alone)
    }

    /// Reads the file, unless another one did so meanwhile.
    fn look(&self) {
        let _one_at_a_time = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = Stamp::of(&self.path);
        if !self.is_new(stamp.as_ref()) {
            return;
        }
        let (keys, stamp, alone) = match read(&self.path) {
            Ok(keys) => (keys, stamp, None),
            Err(error) => {
                tracing::error!(%error, "the keys cannot be read: nobody may call");
                // It may be able to be read the next time.
                (Vec::new(), None, Some((stamp, Instant::now() + ALONE)))
            }
        };
        let keys = keys.into_iter();
        *self.seen() = Seen {
            stamp,
            alone,
            keys: keys.map(|key| (key.id.clone(), Arc::new(key))).collect(),
        };
    }

    /// Whether a key is the one that was kept.
    pub(super) fn holds(peppers: &Peppers, key: &Key, given: &SecretString) -> bool {
        peppers.holds(given.expose_secret(), &key.kept)
    }

    /// Notes that a key was used, now and then.
    pub(super) fn note_use(&self, id: &str, now: u64) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let last = used.entry(id.to_owned()).or_default();
        if now < last.saturating_add(USED) {
            return;
        }
        *last = now;
        drop(used);
        let (path, id) = (self.path.clone(), id.to_owned());
        let work = move || {
            if let Err(error) = note_use(&path, &id, now) {
                tracing::debug!(%error, "when a key was used was not noted");
            }
        };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(work)),
            Err(_) => work(),
        }
    }
}
