//! What becomes of the same write a second time.

use super::*;
use crate::clock::Clock;
use crate::operation::Hints;

const TIME: Duration = Duration::from_secs(30);

static CREATE: OperationDef = OperationDef {
    tool: "create_lead",
    method: "POST",
    risk: Risk::Write,
    hints: Hints {
        idempotent: false,
        ..OperationDef::DEFAULT.hints
    },
    ..OperationDef::DEFAULT
};

async fn ask(guard: &Guard, allow_duplicate: bool) -> Result<Admitted, String> {
    ask_for(guard, &CREATE, allow_duplicate).await
}

async fn ask_for(
    guard: &Guard,
    operation: &OperationDef,
    allow_duplicate: bool,
) -> Result<Admitted, String> {
    let said = Said {
        allow_duplicate,
        ..Said::default()
    };
    let arguments = Object::new();
    let caller = Caller::silent();
    let first = guard.first(&caller, &said, operation.into(), &arguments, TIME);
    first.await.map_err(|refused| refused.to_text())
}

/// One that is allowed and that the service refuses.
async fn not_made(guard: &Guard) {
    match ask(guard, true).await {
        Ok(admitted) => admitted.settle(Outcome::NotDone).await,
        Err(why) => panic!("{why}"),
    }
}

#[tokio::test]
async fn one_that_was_allowed_beside_another_and_not_made_leaves_the_other_as_it_was() {
    let guard = Guard::new(Clock::default());
    let Ok(first) = ask(&guard, false).await else {
        panic!("nothing was made before");
    };
    not_made(&guard).await;
    let third = ask(&guard, false).await.err().unwrap_or_default();
    assert!(third.starts_with("Not sent"), "{third}");
    first.settle(Outcome::Done(String::new())).await;
    not_made(&guard).await;
    let third = ask(&guard, false).await.err().unwrap_or_default();
    assert!(third.starts_with("Already done"), "{third}");
}

/// What is noted of the write, for a short time from now on.
async fn soon_over(guard: &Guard, note: &str) {
    let key = digest("write", "", CREATE.tool, &Object::new());
    let short = Duration::from_millis(40);
    assert_eq!(guard.state.claim(&key, note, short).await, Ok(None));
}

#[tokio::test]
async fn one_that_was_allowed_beside_another_and_ends_after_it_was_forgotten_is_remembered() {
    let over = Duration::from_millis(60);
    for (note, outcome, expected) in [
        ("done 7", Outcome::Done("8".to_owned()), "Already done"),
        ("done 7", Outcome::Unknown, ""),
        ("unknown", Outcome::Done("8".to_owned()), "Already done"),
        (
            "busy 1f2e 90",
            Outcome::Done("8".to_owned()),
            "Already done",
        ),
    ] {
        let guard = Guard::new(Clock::default());
        soon_over(&guard, note).await;
        let Ok(second) = ask(&guard, true).await else {
            panic!("it is allowed beside {note}");
        };
        tokio::time::sleep(over).await;
        let meanwhile = ask(&guard, false).await;
        let is_asked_for = meanwhile.is_ok_and(|one| one.suspicion.is_some());
        assert_eq!(is_asked_for, note == "unknown", "the second is on its way");
        second.settle(outcome.clone()).await;
        match ask(&guard, false).await {
            Ok(third) => assert!(
                third.suspicion.is_some() && expected.is_empty(),
                "{note} {outcome:?}"
            ),
            Err(why) => assert!(why.starts_with(expected), "{note} {outcome:?}: {why}"),
        }
    }
}

#[tokio::test]
async fn one_that_was_carried_out_beside_one_on_its_way_is_remembered_whatever_that_comes_to() {
    for outcome in [Outcome::NotDone, Outcome::Done("1".to_owned())] {
        let guard = Guard::new(Clock::default());
        let (first, second) = (ask(&guard, false).await, ask(&guard, true).await);
        let (Ok(first), Ok(second)) = (first, second) else {
            panic!("both are allowed");
        };
        second.settle(Outcome::Done("2".to_owned())).await;
        first.settle(outcome.clone()).await;
        let third = ask(&guard, false).await.err().unwrap_or_default();
        assert!(third.starts_with("Already done"), "{outcome:?}: {third}");
    }
}

#[tokio::test]
async fn what_is_not_idempotent_is_not_repeated_while_nobody_knows_and_may_be_once_it_is_known() {
    for (method, idempotent) in [
        ("POST", false),
        ("PATCH", false),
        ("PUT", false),
        ("DELETE", true),
    ] {
        let operation = OperationDef {
            method,
            hints: Hints {
                idempotent,
                ..CREATE.hints
            },
            ..CREATE
        };
        let guard = Guard::new(Clock::default());
        let begun = async || match ask_for(&guard, &operation, false).await {
            Ok(admitted) => admitted,
            Err(why) => panic!("{method}: {why}"),
        };
        let first = begun().await;
        let meanwhile = ask_for(&guard, &operation, false).await;
        assert_eq!(meanwhile.is_ok(), idempotent, "{method}");
        first.settle(Outcome::Unknown).await;
        let second = begun().await;
        assert_eq!(second.suspicion.is_none(), idempotent, "{method}");
        second.settle(Outcome::NotDone).await;
        let third = begun().await;
        assert_eq!(third.suspicion.is_none(), idempotent, "{method}");
        third.settle(Outcome::Done(String::new())).await;
        let fourth = ask_for(&guard, &operation, false).await;
        assert_eq!(fourth.is_err(), method == "POST", "{method}");
        let again = fourth.is_ok_and(|fourth| fourth.suspicion.is_none());
        assert_eq!(again, method != "POST", "{method}");
    }
}

#[tokio::test]
async fn one_that_is_given_up_is_unknown_only_if_it_may_have_gone_out() {
    let guard = Guard::new(Clock::default());
    // What is dropped is noted by a task of its own.
    let settled = || tokio::task::yield_now();
    drop(ask(&guard, false).await);
    settled().await;
    let Ok(mut second) = ask(&guard, false).await else {
        panic!("the first was not sent");
    };
    assert_eq!(second.suspicion, None);
    second.sending();
    drop(second);
    settled().await;
    let third = ask(&guard, false).await.ok();
    let suspicion = third.and_then(|third| third.suspicion).unwrap_or_default();
    assert!(
        suspicion.contains("may have been carried out"),
        "{suspicion}"
    );
}

#[test]
fn one_on_its_way_for_longer_than_it_may_be_is_unknown() {
    let seconds = Duration::from_secs;
    for (note, age, expected) in [
        ("busy 1f2e 90", 90, false),
        ("busy 1f2e 90", 91, true),
        ("unknown", 0, true),
        ("done 90", 91, false),
        ("done", 9_999, false),
        ("busy", 9_999, false),
    ] {
        assert_eq!(is_unknown(note, seconds(age)), expected, "{note} {age}");
    }
}

#[tokio::test]
async fn whose_server_was_killed_is_asked_for_after_minutes_and_not_refused_for_an_hour() {
    let guard = Guard::new(Clock::default());
    let key = digest("write", "", CREATE.tool, &Object::new());
    let note = "busy dead 0";
    let claimed = guard.state.claim(&key, note, seconds(60)).await;
    assert_eq!(claimed, Ok(None));
    tokio::time::sleep(Duration::from_millis(5)).await;
    let Ok(admitted) = ask(&guard, false).await else {
        panic!("it is asked for");
    };
    let suspicion = admitted.suspicion.clone().unwrap_or_default();
    assert!(
        suspicion.contains("may have been carried out"),
        "{suspicion}"
    );
    admitted.settle(Outcome::Done(String::new())).await;
    let third = ask(&guard, false).await.err().unwrap_or_default();
    assert!(third.starts_with("Already done"), "{third}");
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn what_does_something_each_time_is_told_by_its_method_and_hint() {
    for (method, risk, idempotent, repeats, creates) in [
        ("POST", Risk::Write, false, true, true),
        ("PUT", Risk::Write, true, false, false),
        ("PUT", Risk::Write, false, true, false),
        ("DELETE", Risk::Destructive, true, false, false),
        // Whatever the hint says of what a PATCH sets.
        ("PATCH", Risk::Write, true, true, false),
        ("PATCH", Risk::Write, false, true, false),
        ("PATCH", Risk::Read, true, false, false),
    ] {
        let operation = OperationDef {
            method,
            risk,
            hints: Hints {
                idempotent,
                ..CREATE.hints
            },
            ..CREATE
        };
        let write = Write::from(&operation);
        let found = (write.repeats, write.creates);
        assert_eq!(found, (repeats, creates), "{method} {risk:?} {idempotent}");
    }
}
