//! What has to hold of two replicas.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::place::Place;
use crate::crm::Crm;
use crate::endpoint::{Endpoint, call, is_error, text};
use crate::failure::{Context as _, Result};

/// A check: what it finds wrong.
type Check = fn(&mut Place) -> Result<Vec<String>>;

/// All of them, in the order in which they can follow each other.
pub const ALL: [(&str, Check); 7] = [
    (
        "a confirmation that one replica asked for holds in the other, once",
        confirmations,
    ),
    (
        "the same create at both replicas at once is made once",
        duplicates,
    ),
    ("the budget of requests is that of both", budget),
    (
        "a pause that one replica is told holds for the other",
        pause,
    ),
    (
        "a replica that is killed loses no outcome, and nothing is made twice",
        killed,
    ),
    (
        "a key that is revoked at one replica ends at both within a second, also without the store",
        revocation,
    ),
    (
        "without the store writes are refused and reads go on, and both say so",
        outage,
    ),
];

/// How many records a check makes.
const RECORDS: usize = 20;

/// The same call at both replicas at the same time.
fn both(place: &Place, tool: &str, arguments: &Value) -> Vec<Result<Value>> {
    thread::scope(|scope| {
        let asked: Vec<_> = place
            .replicas
            .iter()
            .map(|replica| scope.spawn(|| call(&replica.url, tool, arguments)))
            .collect();
        asked
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("a panic".into())))
            .collect()
    })
}

fn confirmations(place: &mut Place) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for number in 0..RECORDS {
        let name = format!("confirm-{number}");
        let made = call(&place.front, "create_lead", &json!({"name": name}))?;
        let id = made.pointer("/structuredContent/id").cloned();
        let Some(id) = id else {
            return Err(format!("create_lead: {}", text(&made)).into());
        };
        let asked = call(&place.front, "delete_lead", &json!({"lead_id": id}))?;
        let said = text(&asked);
        let token = said.split("confirm_token").nth(1).and_then(|rest| {
            rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
                .find(|word| word.len() > 40)
        });
        let Some(token) = token else {
            return Err(format!("delete_lead gives no token: {said}").into());
        };
        let confirmed = json!({"lead_id": id, "confirm_token": token});
        let done = both(place, "delete_lead", &confirmed)
            .into_iter()
            .collect::<Result<Vec<_>>>()?;
        let count = done.iter().filter(|result| !is_error(result)).count();
        if count != 1 {
            let said: Vec<String> = done.iter().map(text).collect();
            faults.push(format!("{name}: {count} of 2 were carried out: {said:?}"));
        }
    }
    let left = place.crm.leads("confirm-")?;
    if !left.is_empty() {
        faults.push(format!("not deleted: {left:?}"));
    }
    Ok(faults)
}

fn duplicates(place: &mut Place) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for number in 0..RECORDS {
        let arguments = json!({"name": format!("twice-{number}")});
        for result in both(place, "create_lead", &arguments) {
            result?;
        }
        // A while later, at either of them.
        call(&place.front, "create_lead", &arguments)?;
        call(&place.front, "create_lead", &arguments)?;
    }
    let made = place.crm.leads("twice-")?;
    if made.len() != RECORDS {
        faults.push(format!("{} of {RECORDS} were made", made.len()));
    }
    faults.extend(
        made.iter()
            .filter(|(_, count)| **count != 1)
            .map(|(name, count)| format!("{name} was made {count} times")),
    );
    Ok(faults)
}

fn budget(place: &mut Place) -> Result<Vec<String>> {
    const RATE: u32 = 20;
    const SECONDS: u32 = 3;
    place.restart(Some("20/s"))?;
    let begin = Instant::now();
    let time = Duration::from_secs(SECONDS.into());
    let front = &place.front;
    let answered: u32 = thread::scope(|scope| {
        let callers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(move || {
                    let mut count = 0;
                    while begin.elapsed() < time {
                        let asked = call(front, "list_leads", &json!({"limit": 1}));
                        let in_time = begin.elapsed() < time;
                        count += u32::from(in_time && asked.is_ok_and(|r| !is_error(&r)));
                    }
                    count
                })
            })
            .collect();
        callers.into_iter().map(|one| one.join().unwrap_or(0)).sum()
    });
    let most = RATE * SECONDS + RATE;
    place.restart(None)?;
    let mut faults = Vec::new();
    if answered > most {
        faults.push(format!(
            "{answered} requests in {SECONDS} s; at most {most} were to go out"
        ));
    }
    // Far fewer would show something else.
    if answered < most / 3 {
        faults.push(format!("only {answered} requests in {SECONDS} s"));
    }
    Ok(faults)
}

fn pause(place: &mut Place) -> Result<Vec<String>> {
    // One replica uses up what the CRM takes in a minute, and is told to wait.
    let limited = Crm::limited(30)?;
    place.before(&limited.url)?;
    let [a, b] = &place.replicas;
    let mut told = None;
    for _ in 0..40 {
        let asked = call(&a.url, "list_leads", &json!({"limit": 1}))?;
        if is_error(&asked) {
            told = Some(text(&asked));
            break;
        }
    }
    let mut faults = Vec::new();
    match told {
        Some(told) if told.starts_with("Rate limited:") => {}
        other => faults.push(format!("the first was not told to wait: {other:?}")),
    }
    let before = Instant::now();
    let other = call(&b.url, "list_leads", &json!({"limit": 1}))?;
    let said = text(&other);
    if !said.starts_with("Rate limited:") || before.elapsed() > Duration::from_secs(5) {
        faults.push(format!("the other one was not held back: {said}"));
    }
    let usual = place.crm.url.clone();
    place.before(&usual)?;
    Ok(faults)
}

fn killed(place: &mut Place) -> Result<Vec<String>> {
    const WRITES: usize = 120;
    let mut faults = Vec::new();
    let front = place.front.clone();
    let [a, _] = &mut place.replicas;
    let refused = thread::scope(|scope| {
        let callers: Vec<_> = (0..4)
            .map(|caller| {
                let front = &front;
                scope.spawn(move || {
                    let mut refused = Vec::new();
                    for number in 0..WRITES / 4 {
                        let arguments = json!({"name": format!("killed-{caller}-{number}")});
                        // What gets no answer is asked for again, as a model would.
                        for _ in 0..20 {
                            match call(front, "create_lead", &arguments) {
                                Ok(result) => {
                                    if is_error(&result) {
                                        refused.push((arguments.clone(), text(&result)));
                                    }
                                    break;
                                }
                                Err(_) => thread::sleep(Duration::from_millis(100)),
                            }
                        }
                    }
                    refused
                })
            })
            .collect();
        for wait in [70, 110, 90, 130, 80] {
            thread::sleep(Duration::from_millis(wait));
            a.kill();
            thread::sleep(Duration::from_millis(wait));
            if let Err(failure) = a.start(None) {
                return vec![(Value::Null, failure.to_string())];
            }
        }
        callers
            .into_iter()
            .flat_map(|caller| caller.join().unwrap_or_default())
            .collect()
    });
    let made = place.crm.leads("killed-")?;
    let log = place.logs()?;
    for (name, count) in &made {
        if *count != 1 {
            faults.push(format!("{name} was made {count} times"));
        }
        if !log.contains(&format!("\"{name}\"")) {
            faults.push(format!("{name} was made without an intent"));
        }
    }
    // What was not made was refused with a word, and never lost in silence.
    for caller in 0..4 {
        for number in 0..WRITES / 4 {
            let name = format!("killed-{caller}-{number}");
            let told = refused
                .iter()
                .any(|(given, _)| given["name"] == name.as_str());
            if !made.contains_key(&name) && !told {
                faults.push(format!("{name} was neither made nor refused"));
            }
        }
    }
    println!(
        "       {} of {WRITES} made, {} repeats of a write that was on its way were held back",
        made.len(),
        refused.len()
    );
    Ok(faults)
}

/// Each replica has a file of keys of its own, and only one of them learns from its file.
fn revocation(place: &mut Place) -> Result<Vec<String>> {
    const WITHIN: Duration = Duration::from_secs(1);
    let files = ["a", "b"].map(|name| place.file(&format!("keys-{name}.json")));
    for (replica, file) in place.replicas.iter_mut().zip(&files) {
        replica.set("KEYS", Some(file.display().to_string()));
        replica.set("PEPPER", Some("0123456789abcdef".repeat(4)));
        replica.options(&["--auth", "keys"]);
    }
    let [a, _] = &place.replicas;
    let key = a.run(&["keys", "create", "--name", "ann", "--scope", "*:*"])?;
    let key = key.trim().to_owned();
    let [first, second] = &files;
    std::fs::copy(first, second).context("the file of keys")?;
    place.restart(None)?;
    let ask = |place: &Place| -> Result<Vec<u16>> {
        let replicas = place.replicas.iter();
        let asked = replicas.map(|replica| {
            let caller = Endpoint::new(&replica.url);
            let caller = caller.with("Authorization", &format!("Bearer {key}"));
            Ok(caller.answer("list_leads", &json!({"limit": 1}))?.0)
        });
        asked.collect()
    };
    let mut faults = Vec::new();
    if ask(place)? != [200, 200] {
        faults.push(format!("the key does not hold: {:?}", ask(place)?));
    }
    let id = key.rsplit('_').nth(1).unwrap_or_default();
    let [a, _] = &place.replicas;
    a.run(&["keys", "revoke", id])?;
    thread::sleep(WITHIN);
    let said = ask(place)?;
    if said != [401, 401] {
        faults.push(format!("{WITHIN:?} after the key was revoked: {said:?}"));
    }
    place.stop_store();
    thread::sleep(WITHIN);
    let said = ask(place)?;
    if said != [401, 401] {
        faults.push(format!("without the store it holds again: {said:?}"));
    }
    place.start_store()?;
    for replica in &mut place.replicas {
        replica.set("KEYS", None);
        replica.options(&[]);
    }
    place.restart(None)?;
    Ok(faults)
}

/// What an operator reads of a replica.
fn asked(admin: &str, path: &str) -> Result<String> {
    let url = format!("http://{admin}{path}");
    let mut answer = ureq::get(&url).call().context(&url)?;
    answer.body_mut().read_to_string().context(&url)
}

fn outage(place: &mut Place) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    place.stop_store();
    for number in 0..4 {
        let arguments = json!({"name": format!("outage-{number}")});
        let begin = Instant::now();
        let write = call(&place.front, "create_lead", &arguments)?;
        let said = text(&write);
        if !is_error(&write) || !said.contains("store that replicas share") {
            faults.push(format!("a write without the store: {said}"));
        }
        if begin.elapsed() > Duration::from_secs(5) {
            faults.push(format!("it took {:?}", begin.elapsed()));
        }
        let read = call(&place.front, "list_leads", &json!({"limit": 1}))?;
        if is_error(&read) {
            faults.push(format!("a read without the store: {}", text(&read)));
        }
    }
    if !place.crm.leads("outage-")?.is_empty() {
        faults.push("a write that was refused was made".to_owned());
    }
    // Both say so where operators look, and what balances load sends requests on.
    for (path, said) in [
        ("/readyz", "ready for reads; writes are refused"),
        ("/metrics", "\nmcp_shared_state_up 0\n"),
    ] {
        for replica in &place.replicas {
            let told = asked(&replica.admin, path)?;
            if !told.contains(said) {
                faults.push(format!("{path} does not say {said:?}: {told}"));
            }
        }
    }
    place.start_store()?;
    let begin = Instant::now();
    loop {
        let write = call(&place.front, "create_lead", &json!({"name": "outage-over"}))?;
        if !is_error(&write) {
            break;
        }
        if begin.elapsed() > Duration::from_secs(10) {
            faults.push(format!(
                "the store is back, and is not found: {}",
                text(&write)
            ));
            break;
        }
        thread::sleep(Duration::from_millis(200));
    }
    Ok(faults)
}
