//! The state of replicas: notes and budgets in a store that all of them ask, Redis or Valkey.
//!
//! Nothing but digests and the notes of the guard is kept there. When the store cannot be asked, whoever asks
//! is told so within two seconds: writes are refused then, and reads go on.

mod scripts;

use std::fmt;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, Script};

use super::{Held, Key, Later, Rate, State, Unavailable};
use crate::text;

/// Time to reach the store, and for one of its answers.
const PATIENCE: Duration = Duration::from_secs(1);
/// Time for which a store that could not be asked is not asked again.
const AWAY: Duration = Duration::from_secs(2);
/// Time for all of an operation, a new connection included.
const MOST: Duration = Duration::from_secs(2);

/// A store that several processes ask. It prints no address, which may hold a password.
#[derive(Clone)]
pub(crate) struct Redis {
    client: Client,
    /// Begins all keys, so that servers of several services can share a store.
    space: Arc<str>,
    connection: Arc<OnceLock<ConnectionManager>>,
    scripts: Arc<Scripts>,
    /// Until when it is not asked, and why.
    away: Arc<Mutex<Option<(Instant, Unavailable)>>>,
}

struct Scripts {
    claim: Script,
    note: Script,
    put: Script,
    release: Script,
    take: Script,
    limit: Script,
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis")
            .field("space", &self.space)
            .finish_non_exhaustive()
    }
}

impl Redis {
    /// The store at an address (`redis://` or `rediss://`). Nothing is opened before it is asked.
    ///
    /// # Errors
    /// Why the address is none; without the address.
    pub(crate) fn open(address: &str, space: &str) -> Result<Self, String> {
        // A connection of TLS takes what is installed; another one will do as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::open(address).map_err(|error| error.category().to_owned())?;
        Ok(Self {
            client,
            space: space.into(),
            connection: Arc::default(),
            away: Arc::default(),
            scripts: Arc::new(Scripts {
                claim: Script::new(scripts::CLAIM),
                note: Script::new(scripts::NOTE),
                put: Script::new(scripts::PUT),
                release: Script::new(scripts::RELEASE),
                take: Script::new(scripts::TAKE),
                limit: Script::new(scripts::LIMIT),
            }),
        })
    }

    /// The connection, which renews itself when it breaks.
    fn connection(&self) -> Result<ConnectionManager, Unavailable> {
        if let Some(connection) = self.connection.get() {
            return Ok(connection.clone());
        }
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_min_delay(Duration::from_millis(50))
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE));
        let made = ConnectionManager::new_lazy_with_config(self.client.clone(), config);
        let made = made.map_err(|error| unavailable(&error))?;
        Ok(self.connection.get_or_init(|| made).clone())
    }

    /// Runs a script for one key.
    async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        kind: &str,
        key: &Key,
        arguments: &[&str],
    ) -> Result<T, Unavailable> {
        let mut name = format!("{}:{kind}:", self.space);
        for byte in key {
            let _ = write!(name, "{byte:02x}");
        }
        let mut invocation = script.prepare_invoke();
        invocation.key(name);
        for argument in arguments {
            invocation.arg(argument);
        }
        self.is_away()?;
        let mut connection = self.connection()?;
        let ran = tokio::time::timeout(MOST, invocation.invoke_async(&mut connection)).await;
        let error = match ran {
            Ok(Ok(value)) => {
                *self.away() = None;
                return Ok(value);
            }
            Ok(Err(error)) if !is_of_the_connection(&error) => return Err(unavailable(&error)),
            Ok(Err(error)) => unavailable(&error),
            Err(_) => Unavailable("the store that replicas share does not answer".to_owned()),
        };
        *self.away() = Some((Instant::now() + AWAY, error.clone()));
        Err(error)
    }

    /// Runs a script that notes something.
    async fn noted(
        &self,
        script: &Script,
        key: &Key,
        was: Option<&str>,
        note: &str,
        time: Duration,
    ) -> Result<(), Unavailable> {
        let time = micros(time);
        let some = [note, time.as_str(), was.unwrap_or_default()];
        let all = if was.is_some() {
            &some[..]
        } else {
            &[note, time.as_str()]
        };
        self.run(script, "note", key, all).await
    }

    /// What was wrong a moment ago: who waits for a store that hangs, each for seconds, does nothing else. After
    /// that moment one asks, and the others are told the same as long as it has no answer.
    fn is_away(&self) -> Result<(), Unavailable> {
        let now = Instant::now();
        match &mut *self.away() {
            Some((until, error)) if *until > now => Err(error.clone()),
            Some((until, _)) => {
                *until = now + MOST;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn away(&self) -> MutexGuard<'_, Option<(Instant, Unavailable)>> {
        self.away.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an error is one of the way to the store, not of what was asked.
fn is_of_the_connection(error: &redis::RedisError) -> bool {
    error.is_io_error() || error.is_timeout() || error.is_connection_dropped()
}

/// What went wrong, without the address.
fn unavailable(error: &redis::RedisError) -> Unavailable {
    let detail = error.to_string();
    Unavailable(format!(
        "the store that replicas share cannot be asked ({})",
        text::cap(&text::clean(&detail), 200)
    ))
}

fn micros(time: Duration) -> String {
    time.as_micros().to_string()
}

impl State for Redis {
    fn claim<'a>(&'a self, key: &'a Key, note: &'a str, time: Duration) -> Later<'a, Option<Held>> {
        Box::pin(async move {
            let time = micros(time);
            let held: Option<(String, u64)> = self
                .run(&self.scripts.claim, "note", key, &[note, &time])
                .await?;
            Ok(held.map(|(note, age)| Held {
                note,
                age: Duration::from_micros(age),
            }))
        })
    }

    fn note<'a>(
        &'a self,
        key: &'a Key,
        was: Option<&'a str>,
        note: &'a str,
        time: Duration,
    ) -> Later<'a, ()> {
        Box::pin(self.noted(&self.scripts.note, key, was, note, time))
    }

    fn put<'a>(
        &'a self,
        key: &'a Key,
        was: Option<&'a str>,
        note: &'a str,
        time: Duration,
    ) -> Later<'a, ()> {
        Box::pin(self.noted(&self.scripts.put, key, was, note, time))
    }

    fn release<'a>(&'a self, key: &'a Key, was: &'a str) -> Later<'a, ()> {
        Box::pin(async move { self.run(&self.scripts.release, "note", key, &[was]).await })
    }

    fn take<'a>(&'a self, budget: &'a Key, rate: Option<Rate>) -> Later<'a, Duration> {
        Box::pin(async move {
            let (rate, burst) = match rate {
                Some(rate) => (rate.per_second.to_string(), rate.burst.to_string()),
                None => (String::new(), String::new()),
            };
            let wait: u64 = self
                .run(&self.scripts.take, "budget", budget, &[&rate, &burst])
                .await?;
            Ok(Duration::from_micros(wait))
        })
    }

    fn limit<'a>(&'a self, budget: &'a Key, requests: u64, time: Duration) -> Later<'a, ()> {
        Box::pin(async move {
            let (requests, time) = (requests.to_string(), micros(time));
            self.run(&self.scripts.limit, "budget", budget, &[&requests, &time])
                .await
        })
    }
}

#[cfg(test)]
mod tests;
