//! Against a real store. Where none is installed the tests say that they skip.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::super::laws;
use super::*;

const HOUR: Duration = Duration::from_secs(3_600);

/// A store of its own, gone with its value.
struct Store {
    child: Child,
    port: u16,
}

impl Store {
    fn at(port: u16) -> Option<Self> {
        let port_text = port.to_string();
        let programs = ["redis-server", "valkey-server"];
        let child = programs.iter().find_map(|program| {
            Command::new(program)
                .args(["--port", &port_text, "--bind", "127.0.0.1"])
                .args(["--save", "", "--requirepass", "s3cret-pa55"])
                .stdout(Stdio::null())
                .spawn()
                .ok()
        });
        match child {
            Some(child) => Some(Self { child, port }),
            None => {
                eprintln!("skipped: neither redis-server nor valkey-server is installed");
                None
            }
        }
    }

    fn start() -> Option<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").ok()?;
        let port = listener.local_addr().ok()?.port();
        drop(listener);
        Self::at(port)
    }

    fn state(&self) -> Redis {
        let address = format!("redis://:s3cret-pa55@127.0.0.1:{}/0", self.port);
        Redis::open(&address, "TEST").unwrap_or_else(|error| unreachable!("{error}"))
    }

    /// One that answers.
    async fn ready(&self) -> Redis {
        let begin = Instant::now();
        loop {
            let state = self.state();
            if state.release(&[0; 32], "").await.is_ok() {
                return state;
            }
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "it does not start"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.stop();
    }
}

#[tokio::test]
async fn what_holds_of_every_state_holds_of_one_in_a_store() {
    let Some(store) = Store::start() else { return };
    laws::hold(&store.ready().await).await;
}

#[tokio::test]
async fn replicas_know_of_each_other_and_services_do_not() {
    let Some(store) = Store::start() else { return };
    let (one, other) = (store.ready().await, store.ready().await);
    let key = [7; 32];
    assert_eq!(one.claim(&key, "busy", HOUR).await, Ok(None));
    assert!(matches!(other.claim(&key, "busy", HOUR).await, Ok(Some(held)) if held.note == "busy"));
    assert_eq!(other.limit(&key, 0, HOUR).await, Ok(()));
    assert!(one.take(&key, None).await.is_ok_and(|wait| wait > HOUR / 2));
    let elsewhere = Redis {
        space: "ELSE".into(),
        ..store.state()
    };
    assert_eq!(elsewhere.claim(&key, "busy", HOUR).await, Ok(None));
}

#[tokio::test]
async fn an_outage_is_said_soon_and_ends_when_the_store_is_back() {
    let Some(mut store) = Store::start() else {
        return;
    };
    let state = store.ready().await;
    store.stop();
    for _ in 0..3 {
        let begin = Instant::now();
        let said = match state.claim(&[8; 32], "busy", HOUR).await {
            Ok(_) => unreachable!("nobody is there"),
            Err(error) => error.to_string(),
        };
        assert!(
            begin.elapsed() < Duration::from_secs(4),
            "{:?}",
            begin.elapsed()
        );
        assert!(said.starts_with("the store that replicas share "), "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
    let Some(again) = Store::at(store.port) else {
        return;
    };
    let _other = again.ready().await;
    let begin = Instant::now();
    // The same one finds it again.
    while state.release(&[8; 32], "").await.is_err() {
        assert!(
            begin.elapsed() < Duration::from_secs(10),
            "it does not come back"
        );
    }
}

#[test]
fn a_store_that_hangs_is_waited_for_by_one_at_a_time() {
    let state = Redis::open("redis://127.0.0.1:1/0", "TEST");
    let state = state.unwrap_or_else(|error| panic!("{error}"));
    let gone = Unavailable("it hangs".to_owned());
    *state.away() = Some((Instant::now() + AWAY, gone.clone()));
    assert_eq!(state.is_away(), Err(gone.clone()));
    *state.away() = Some((Instant::now(), gone.clone()));
    assert_eq!(state.is_away(), Ok(()), "one asks");
    assert_eq!(
        state.is_away(),
        Err(gone),
        "and no other as long as it does"
    );
}

#[test]
fn addresses_are_not_printed_and_what_is_none_is_refused() {
    let state = Redis::open("redis://:s3cret-pa55@store.example/0", "TEST");
    let printed = format!("{state:?}");
    assert!(
        printed.contains("TEST") && !printed.contains("s3cret") && !printed.contains("example")
    );
    for address in [
        "http://:s3cret@store.example",
        "store.example:6379",
        "redis://",
    ] {
        let refused = Redis::open(address, "TEST").err().unwrap_or_default();
        assert!(
            !refused.is_empty() && !refused.contains("s3cret"),
            "{address}: {refused}"
        );
    }
    assert!(Redis::open("rediss://store.example:6380/1", "TEST").is_ok());
}
