//! The connections that there are: how many at a time, how many of them from one address, and which one goes when
//! there are too many. Whoever connects and says nothing keeps nobody else out.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::turn::may_have_more;

/// Connections at a time.
const MOST: usize = 1024;

/// Who is at the other end, as far as the network tells: an IPv4 address, or the 64 bits of an IPv6 address that one
/// customer of a network has. Empty for this machine, where a proxy or many programs are behind one address and
/// nobody is told from another.
pub(super) fn network(peer: SocketAddr) -> Arc<str> {
    match peer.ip().to_canonical() {
        ip if ip.is_loopback() => Arc::from(""),
        IpAddr::V4(ip) => Arc::from(ip.to_string()),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Arc::from(format!("{a:x}:{b:x}:{c:x}:{d:x}::/64"))
        }
    }
}

/// All of them.
#[derive(Debug)]
pub(super) struct Connections {
    most: usize,
    inner: Mutex<Inner>,
    /// Says that one ended.
    ended: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    all: HashMap<u64, Entry>,
    /// How many there are from each network.
    from: HashMap<Arc<str>, usize>,
    next: u64,
}

#[derive(Debug)]
struct Entry {
    network: Arc<str>,
    does: Does,
    since: Instant,
    close: CancellationToken,
}

/// What a connection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Does {
    /// It has brought no request yet that was read whole.
    Nothing,
    /// It waits for the next request.
    Waits,
    /// A request of it is answered.
    Works,
}

/// One of them; it ends with its value.
#[derive(Debug)]
pub(super) struct Connection {
    all: Arc<Connections>,
    number: u64,
    network: Arc<str>,
    close: CancellationToken,
}

/// Where a request comes from.
#[derive(Debug, Clone)]
pub(super) struct Peer(Arc<Connection>);

impl Connections {
    pub(super) fn new() -> Arc<Self> {
        Self::of_at_most(MOST)
    }

    fn of_at_most(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            inner: Mutex::default(),
            ended: Notify::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one more in, when there is room. Whoever has more than a share makes it from what is theirs; when there
    /// is none left for anybody, a connection that waits goes: of the network that has most, one that has brought
    /// nothing before one that has, the oldest first.
    pub(super) async fn take(self: &Arc<Self>, network: Arc<str>) -> Arc<Connection> {
        loop {
            let ended = self.ended.notified();
            if let Some(connection) = self.try_take(&network) {
                return connection;
            }
            ended.await;
        }
    }

    fn try_take(self: &Arc<Self>, network: &Arc<str>) -> Option<Arc<Connection>> {
        let mut inner = self.lock();
        let free = self.most.saturating_sub(inner.all.len());
        let held = inner.from.get(network).copied().unwrap_or_default();
        if !may_have_more(network, held, free) {
            let own = held > 0 && free > 0;
            let gone = if own {
                inner.oldest(Some(network))
            } else {
                let most = inner.from.iter().max_by_key(|(_, number)| **number);
                let most = most.map(|(network, _)| Arc::clone(network));
                inner.oldest(most.as_ref()).or_else(|| inner.oldest(None))
            };
            match gone {
                Some(gone) => inner.end(gone),
                None if free == 0 => return None,
                None => {}
            }
        }
        inner.next += 1;
        let (number, close) = (inner.next, CancellationToken::new());
        let entry = Entry {
            network: Arc::clone(network),
            does: Does::Nothing,
            since: Instant::now(),
            close: close.clone(),
        };
        inner.all.insert(number, entry);
        *inner.from.entry(Arc::clone(network)).or_default() += 1;
        Some(Arc::new(Connection {
            all: Arc::clone(self),
            number,
            network: Arc::clone(network),
            close,
        }))
    }
}

impl Inner {
    /// The one that goes first of those that wait, of a network or of all.
    fn oldest(&self, network: Option<&Arc<str>>) -> Option<u64> {
        let waiting = self.all.iter().filter(|(_, entry)| {
            entry.does != Does::Works && network.is_none_or(|network| entry.network == *network)
        });
        let first = waiting.min_by_key(|(number, entry)| (entry.does, entry.since, **number));
        first.map(|(number, _)| *number)
    }

    fn end(&mut self, number: u64) {
        let Some(entry) = self.all.remove(&number) else {
            return;
        };
        entry.close.cancel();
        if let Some(held) = self.from.get_mut(&entry.network) {
            *held = held.saturating_sub(1);
            if *held == 0 {
                self.from.remove(&entry.network);
            }
        }
    }
}

impl Connection {
    fn does(&self, does: Does) {
        if let Some(entry) = self.all.lock().all.get_mut(&self.number) {
            (entry.does, entry.since) = (does, Instant::now());
        }
    }

    /// A request of it is answered from now on.
    pub(super) fn works(&self) {
        self.does(Does::Works);
    }

    /// A request was answered.
    pub(super) fn waits(&self) {
        self.does(Does::Waits);
    }

    /// Ends when it has to go.
    pub(super) async fn closed(&self) {
        self.close.cancelled().await;
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.lock().end(self.number);
        self.all.ended.notify_one();
    }
}

impl Peer {
    pub(super) const fn new(connection: Arc<Connection>) -> Self {
        Self(connection)
    }

    /// The network that it comes from.
    pub(super) fn network(&self) -> &Arc<str> {
        &self.0.network
    }

    /// The rest of a request is waited for: until then it may be one that never comes.
    pub(super) fn brings(&self) {
        self.0.does(Does::Nothing);
    }

    /// A request is here.
    pub(super) fn has_brought(&self) {
        self.0.does(Does::Works);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Arc<str> {
        Arc::from(name)
    }

    fn is_open(connection: &Arc<Connection>) -> bool {
        !connection.close.is_cancelled()
    }

    #[tokio::test(start_paused = true)]
    async fn of_those_that_wait_the_one_goes_that_brought_nothing_for_the_longest_time() {
        let all = Connections::of_at_most(3);
        let second = tokio::time::Duration::from_secs(1);
        let used = all.take(of("")).await;
        used.works();
        used.waits();
        let mut silent = Vec::new();
        for _ in 0..2 {
            tokio::time::sleep(second).await;
            silent.push(all.take(of("")).await);
        }
        let busy = all.take(of("")).await;
        busy.works();
        let open: Vec<bool> = silent.iter().map(is_open).collect();
        assert_eq!((open, is_open(&used)), (vec![false, true], true));
        let other = all.take(of("")).await;
        let last = all.take(of("")).await;
        last.works();
        let open = [&silent[1], &other, &used].map(is_open);
        assert_eq!(open, [false, false, true]);
        let next = all.take(of("")).await;
        next.works();
        assert!(!is_open(&used), "it waited longest");
        // Where all work, whoever comes waits for one to end.
        let mut one_more = Box::pin(all.take(of("")));
        assert!(futures_util::poll!(&mut one_more).is_pending());
        drop((silent, used, other));
        assert!(futures_util::poll!(&mut one_more).is_pending());
        drop(busy);
        let one_more = one_more.await;
        assert!(is_open(&one_more) && is_open(&last) && is_open(&next));
    }

    #[tokio::test]
    async fn whoever_has_a_share_already_makes_room_from_it() {
        let all = Connections::of_at_most(8);
        let (greedy, other) = (of("192.0.2.1"), of("192.0.2.2"));
        let mut held = Vec::new();
        for _ in 0..20 {
            held.push(all.take(Arc::clone(&greedy)).await);
        }
        assert_eq!(held.iter().filter(|one| is_open(one)).count(), 6);
        let others = [all.take(Arc::clone(&other)).await, all.take(other).await];
        // The third one has no room but what the greedy one gives up.
        let third = all.take(of("192.0.2.3")).await;
        assert!(others.iter().all(is_open) && is_open(&third));
        assert_eq!(held.iter().filter(|one| is_open(one)).count(), 5);
        assert_eq!(all.lock().all.len(), 8);
        drop((held, others, third));
        let inner = all.lock();
        assert!(inner.all.is_empty() && inner.from.is_empty());
    }

    #[test]
    fn a_network_is_what_one_customer_has() {
        for (address, expected) in [
            ("192.0.2.7:1", "192.0.2.7"),
            ("[::ffff:192.0.2.7]:1", "192.0.2.7"),
            ("[2001:db8:1:2:3:4:5:6]:1", "2001:db8:1:2::/64"),
            ("127.0.0.1:1", ""),
            ("[::1]:1", ""),
            ("[::ffff:127.0.0.1]:1", ""),
        ] {
            let found = address.parse().map(network);
            assert_eq!(found.as_deref().ok(), Some(expected), "{address}");
        }
    }
}
