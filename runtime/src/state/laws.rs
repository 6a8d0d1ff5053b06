//! What holds of every state, wherever it is kept.

use std::time::Duration;

use super::{Held, Key, Rate, State};

const HOUR: Duration = Duration::from_secs(3_600);

/// Keys and budgets that `number` makes different from all others of a run.
fn key(number: u8) -> Key {
    [number; 32]
}

/// All of them.
pub(super) async fn hold(state: &dyn State) {
    a_key_is_held_until_its_time_is_over_or_it_is_given_back(state).await;
    of_many_at_once_one_gets_a_key(state).await;
    what_is_put_is_there_whatever_became_of_the_note_before(state).await;
    a_rate_refills_and_its_burst_is_a_ceiling(state).await;
    of_what_the_service_says_the_strictest_holds(state).await;
}

async fn note_of(state: &dyn State, key: &Key, note: &str, time: Duration) -> Option<String> {
    let held = state.claim(key, note, time).await;
    held.unwrap_or_else(|error| unreachable!("{error}"))
        .map(|Held { note, .. }| note)
}

async fn a_key_is_held_until_its_time_is_over_or_it_is_given_back(state: &dyn State) {
    let (a, b) = (key(1), key(2));
    assert_eq!(note_of(state, &a, "first", HOUR).await, None);
    assert_eq!(
        note_of(state, &a, "second", HOUR).await.as_deref(),
        Some("first")
    );
    assert_eq!(note_of(state, &b, "", Duration::ZERO).await, None);
    assert_eq!(
        note_of(state, &b, "", HOUR).await,
        None,
        "its time was over"
    );
    assert_eq!(
        state.note(&a, Some("first"), "done \u{fc}\n\"", HOUR).await,
        Ok(())
    );
    tokio::time::sleep(Duration::from_millis(20)).await;
    let held = state.claim(&a, "", HOUR).await.ok().flatten();
    let age = held.as_ref().map_or(Duration::ZERO, |held| held.age);
    assert_eq!(
        held.map(|held| held.note).as_deref(),
        Some("done \u{fc}\n\"")
    );
    assert!(
        age >= Duration::from_millis(20) && age < Duration::from_secs(60),
        "{age:?}"
    );
    // What is somebody else's by now stays.
    assert_eq!(state.note(&a, Some("first"), "x", HOUR).await, Ok(()));
    assert_eq!(state.release(&a, "first").await, Ok(()));
    let held = note_of(state, &a, "", HOUR).await;
    assert_eq!(held.as_deref(), Some("done \u{fc}\n\""));
    assert_eq!(state.note(&a, None, "unknown", HOUR).await, Ok(()));
    assert_eq!(state.release(&a, "unknown").await, Ok(()));
    assert_eq!(state.note(&a, None, "late", HOUR).await, Ok(()));
    assert_eq!(note_of(state, &a, "", HOUR).await, None);
    let soon = key(3);
    assert_eq!(
        note_of(state, &soon, "x", Duration::from_millis(30)).await,
        None
    );
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(note_of(state, &soon, "y", HOUR).await, None);
}

async fn of_many_at_once_one_gets_a_key(state: &dyn State) {
    let key = key(4);
    let all = (0..32).map(|_| state.claim(&key, "busy", HOUR));
    let got = futures_util::future::join_all(all).await;
    let first = got.iter().filter(|held| matches!(held, Ok(None))).count();
    assert_eq!((first, got.len()), (1, 32));
}

async fn what_is_put_is_there_whatever_became_of_the_note_before(state: &dyn State) {
    let short = Duration::from_millis(40);
    let over = Duration::from_millis(80);
    // Whose time is over meanwhile, or that was given back.
    for (number, was) in [(20, Some("old")), (21, None)] {
        let key = key(number);
        assert_eq!(note_of(state, &key, "old", short).await, None);
        tokio::time::sleep(over).await;
        assert_eq!(state.put(&key, was, "new", HOUR).await, Ok(()));
        let held = state.claim(&key, "", HOUR).await.ok().flatten();
        assert_eq!(held.as_ref().map(|held| held.note.as_str()), Some("new"));
        assert!(held.is_some_and(|held| held.age < over), "it is a new one");
    }
    // In place of the same one, for just so long.
    let same = key(22);
    assert_eq!(note_of(state, &same, "old", HOUR).await, None);
    assert_eq!(state.put(&same, Some("old"), "new", short).await, Ok(()));
    assert_eq!(
        note_of(state, &same, "", HOUR).await.as_deref(),
        Some("new")
    );
    tokio::time::sleep(over).await;
    assert_eq!(note_of(state, &same, "other", short).await, None);
    // Somebody else's stays, and is held no less long than was wanted.
    assert_eq!(state.put(&same, Some("old"), "new", HOUR).await, Ok(()));
    tokio::time::sleep(over).await;
    let held = note_of(state, &same, "", HOUR).await;
    assert_eq!(held.as_deref(), Some("other"));
    assert_eq!(state.put(&same, Some("old"), "new", short).await, Ok(()));
    tokio::time::sleep(over).await;
    let held = note_of(state, &same, "", HOUR).await;
    assert_eq!(held.as_deref(), Some("other"));
    assert_eq!(state.put(&same, None, "new", HOUR).await, Ok(()));
    assert_eq!(
        note_of(state, &same, "", HOUR).await.as_deref(),
        Some("new")
    );
}

async fn a_rate_refills_and_its_burst_is_a_ceiling(state: &dyn State) {
    let budget = key(5);
    let rate = Some(Rate {
        per_second: 2.0,
        burst: 3.0,
    });
    let take = async || {
        let wait = state.take(&budget, rate).await;
        wait.unwrap_or_else(|error| unreachable!("{error}"))
    };
    for _ in 0..3 {
        assert_eq!(take().await, Duration::ZERO);
    }
    let wait = take().await;
    assert!(
        wait > Duration::ZERO && wait <= Duration::from_millis(501),
        "{wait:?}"
    );
    tokio::time::sleep(wait).await;
    assert_eq!(take().await, Duration::ZERO);
    assert!(take().await > Duration::ZERO);
    // Without a rate there is no end of them.
    let free = key(6);
    for _ in 0..9 {
        assert_eq!(state.take(&free, None).await, Ok(Duration::ZERO));
    }
}

async fn of_what_the_service_says_the_strictest_holds(state: &dyn State) {
    type Said = (u64, u64);
    // What is said (requests, seconds), how many may go out, and how long the next one waits.
    let table: [(&[Said], usize, u64); 8] = [
        (&[(2, 10)], 2, 10),
        // Answers arrive in any order.
        (&[(2, 10), (4, 10)], 2, 10),
        (&[(4, 10), (2, 10)], 2, 10),
        // The next time has begun.
        (&[(1, 3), (3, 60)], 3, 60),
        // A pause stands, and the longest of several does.
        (&[(0, 5), (9, 60)], 0, 5),
        (&[(0, 5), (0, 3)], 0, 5),
        (&[(0, 3), (0, 5)], 0, 5),
        (&[(9, 60), (0, 5)], 0, 5),
    ];
    for (number, (said, left, seconds)) in (100u8..).zip(table) {
        let budget = key(number);
        for (requests, seconds) in said {
            let time = Duration::from_secs(*seconds);
            assert_eq!(state.limit(&budget, *requests, time).await, Ok(()));
        }
        let mut taken = 0;
        let wait = loop {
            match state.take(&budget, None).await {
                Ok(Duration::ZERO) if taken <= left => taken += 1,
                Ok(wait) => break wait,
                Err(error) => unreachable!("{error}"),
            }
        };
        let whole = Duration::from_secs(seconds);
        assert_eq!(taken, left, "{said:?}");
        assert!(
            wait <= whole && wait + Duration::from_secs(2) > whole,
            "{said:?}: {wait:?}"
        );
    }
}
