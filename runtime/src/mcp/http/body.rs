//! Bodies of requests: read at a least rate, and within bytes that all of them share. The first bytes of each come
//! from a part of their own, so that small requests go on while large ones take what there is; and nobody has more
//! than a share of either (ADR 0048).

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use http::StatusCode;
use tokio::time::{Instant, timeout_at};

use crate::mcp::MAX_IN_FLIGHT_BYTES;
use crate::turn::SHARE;

/// Largest request body, in bytes.
pub(super) const MAX_BODY: usize = 4 << 20;
/// The first bytes of a body, which most have no more of.
const FIRST: usize = 16 << 10;
/// What there is for the first bytes of all bodies, of all that there is for them.
const FOR_FIRST: usize = MAX_IN_FLIGHT_BYTES / 4;
/// Time for a request's body.
const TIME: Duration = Duration::from_secs(30);
/// In each such time so many bytes have to come: 8 KiB a second.
const WINDOW: Duration = Duration::from_secs(5);
const LEAST: usize = 40 << 10;

/// What a body is refused for: a status, and a sentence.
pub(super) type Refused = (StatusCode, &'static str);

/// What all bodies may take.
#[derive(Debug, Clone)]
pub(super) struct Bodies {
    first: Arc<Pool>,
    rest: Arc<Pool>,
}

impl Bodies {
    pub(super) fn new() -> Self {
        Self {
            first: Pool::of(FOR_FIRST),
            rest: Pool::of(MAX_IN_FLIGHT_BYTES - FOR_FIRST),
        }
    }

    /// Reads a body for some who answer for it: the caller, by all their names, and the network that it comes from. What it takes is
    /// given back with the share.
    ///
    /// # Errors
    /// Why it is not read, or no further.
    pub(super) async fn read(
        &self,
        mut body: Body,
        whose: &[Arc<str>],
    ) -> Result<(Vec<u8>, [Share; 2]), Refused> {
        let mut shares = [&self.first, &self.rest].map(|pool| Share::new(pool, whose));
        let mut bytes = Vec::new();
        let end = Instant::now() + TIME;
        let (mut window, mut before) = (Instant::now() + WINDOW, 0);
        loop {
            let frame = poll_fn(|context| Pin::new(&mut body).poll_frame(context));
            let frame = timeout_at(window.min(end), frame).await;
            let data = match frame {
                Ok(None) => return Ok((bytes, shares)),
                Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
                Ok(Some(Err(_))) => return Err((StatusCode::BAD_REQUEST, "the body broke off")),
                Err(_) => Bytes::new(),
            };
            if bytes.len() + data.len() > MAX_BODY {
                let message = "the body is larger than 4 MiB";
                return Err((StatusCode::PAYLOAD_TOO_LARGE, message));
            }
            let first = data.len().min(FIRST.saturating_sub(bytes.len()));
            let [of_first, of_rest] = &mut shares;
            if !of_first.grow(first) || !of_rest.grow(data.len() - first) {
                crate::measure::refused("bytes");
                let message = "the server works on too much already; try again later";
                return Err((StatusCode::SERVICE_UNAVAILABLE, message));
            }
            bytes.extend_from_slice(&data);
            // After what came: who is slow may be this server.
            let now = Instant::now();
            if now >= end {
                return Err((StatusCode::REQUEST_TIMEOUT, "the body took too long"));
            }
            if now >= window {
                if bytes.len() < LEAST.saturating_add(before) {
                    let message = "the body came too slowly: 8 KiB a second are the least";
                    return Err((StatusCode::REQUEST_TIMEOUT, message));
                }
                (window, before) = (now + WINDOW, bytes.len());
            }
        }
    }
}

/// A number of bytes, and who has how many.
#[derive(Debug)]
struct Pool(Mutex<Held>);

#[derive(Debug)]
struct Held {
    free: usize,
    by: HashMap<Arc<str>, usize>,
}

impl Pool {
    fn of(free: usize) -> Arc<Self> {
        let by = HashMap::new();
        Arc::new(Self(Mutex::new(Held { free, by })))
    }
}

/// What a body takes of a pool.
#[derive(Debug)]
pub(super) struct Share {
    pool: Arc<Pool>,
    whose: Vec<Arc<str>>,
    bytes: usize,
}

impl Share {
    fn new(pool: &Arc<Pool>, whose: &[Arc<str>]) -> Self {
        // Who is not told from others is not counted.
        let named = whose.iter().filter(|name| !name.is_empty());
        Self {
            pool: Arc::clone(pool),
            whose: named.cloned().collect(),
            bytes: 0,
        }
    }

    /// Takes more, if there is more and all whose it is may have it.
    fn grow(&mut self, more: usize) -> bool {
        if more == 0 {
            return true;
        }
        let mut held = self.pool.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(left) = held.free.checked_sub(more) else {
            return false;
        };
        let may_have = |name: &Arc<str>| {
            let has = held.by.get(name).copied().unwrap_or_default();
            has.saturating_add(more) <= SHARE.saturating_mul(left)
        };
        if !self.whose.iter().all(may_have) {
            return false;
        }
        held.free = left;
        for name in &self.whose {
            *held.by.entry(Arc::clone(name)).or_default() += more;
        }
        self.bytes += more;
        true
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if self.bytes == 0 {
            return;
        }
        let mut held = self.pool.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.free += self.bytes;
        for name in &self.whose {
            if let Some(has) = held.by.get_mut(name) {
                *has = has.saturating_sub(self.bytes);
                if *has == 0 {
                    held.by.remove(name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(caller: &str, network: &str) -> [Arc<str>; 2] {
        [Arc::from(caller), Arc::from(network)]
    }

    #[test]
    fn nobody_has_more_than_a_share_by_whichever_name() {
        let pool = Pool::of(1_000);
        let mut anns = Share::new(&pool, &names("ann", "192.0.2.1"));
        assert!(anns.grow(700) && !anns.grow(100) && anns.grow(50));
        // The same network under another name, and another one.
        assert!(!Share::new(&pool, &names("made-up", "192.0.2.1")).grow(10));
        let mut bobs = Share::new(&pool, &names("bob", "192.0.2.2"));
        assert!(bobs.grow(180) && !bobs.grow(20));
        // Who is not told from others has what there is.
        let mut nobodys = Share::new(&pool, &names("", ""));
        assert!(nobodys.grow(70) && !nobodys.grow(1));
        drop((anns, bobs, nobodys));
        let held = pool.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!((held.free, held.by.len()), (1_000, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_has_a_least_rate_and_an_end() {
        // So many bytes each second, for how long they are read, and why no longer.
        for (rate, seconds, expected) in [
            (100, 5, 408),
            (8_000, 5, 408),
            (9_000, 30, 408),
            (1 << 20, 5, 413),
        ] {
            let body = futures_util::stream::unfold((), move |()| async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Some((std::io::Result::Ok(Bytes::from(vec![b' '; rate])), ()))
            });
            let body = Body::from_stream(body);
            let begin = Instant::now();
            let read = Bodies::new().read(body, &[]).await;
            let status = read.err().map(|(status, _)| status.as_u16());
            assert_eq!(status, Some(expected), "{rate}");
            assert_eq!(begin.elapsed().as_secs(), seconds, "{rate}");
        }
    }

    #[tokio::test]
    async fn small_bodies_are_read_while_large_ones_take_what_there_is() {
        let bodies = Bodies::new();
        let large = || Body::from(vec![b' '; MAX_BODY]);
        let mut held = Vec::new();
        let refused = loop {
            match bodies.read(large(), &names("", "")).await {
                Ok(read) => held.push(read),
                Err(refused) => break refused,
            }
        };
        assert_eq!(
            (held.len(), refused.0),
            (3, StatusCode::SERVICE_UNAVAILABLE)
        );
        let small = bodies.read(Body::from("{}"), &names("", "")).await;
        assert!(small.is_ok());
        drop(held);
        assert!(bodies.read(large(), &names("", "")).await.is_ok());
        // One caller has not what all may have.
        let ann = names("ann", "");
        let first = bodies.read(large(), &ann).await;
        let second = bodies.read(large(), &ann).await;
        let third = bodies.read(large(), &ann).await;
        assert!(first.is_ok() && second.is_ok());
        let status = third.err().map(|(status, _)| status);
        assert_eq!(status, Some(StatusCode::SERVICE_UNAVAILABLE));
        assert!(
            bodies
                .read(Body::from("{}"), &names("bob", ""))
                .await
                .is_ok()
        );
    }
}
