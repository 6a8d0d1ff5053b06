//! Keeps the usual page of a list within its tokens, whatever the records are like (ADR 0046): what all
//! records share is said once, then long texts are shortened, then the least telling properties go.

use super::cost::{tokens, words};
use super::projection::LeftOut;
use super::related::{self, Kept};
use super::untrusted;
use crate::json::{Object, Value};
use crate::operation::Answer;

/// Tokens of a page of 25 records, with all that is said around them.
const PAGE: usize = 1_300;
/// Records that have this room. Fewer have it as well: of a few there is no need to leave anything out.
const RECORDS: usize = 25;
/// Tokens of what is said around the records and not known yet: what is left out, and how to get it.
const LEFT_OUT: usize = 32;
/// Tokens of what is said of texts.
const UNTRUSTED: usize = 13;
/// Tokens around what all records have in common.
const SHARED: usize = 8;
/// What is shortened, one after the other.
const STEPS: [Step; 7] = [
    Step::Texts(100),
    Step::Texts(60),
    Step::Related(Kept::Both),
    Step::Times,
    Step::Texts(40),
    Step::Texts(24),
    Step::Related(Kept::One),
];
/// Properties that a record keeps: what tells which one it is.
const LEAST: usize = 2;

/// A way to make values shorter.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Texts of several words, to this many characters.
    Texts(usize),
    /// Points in time, to their days.
    Times,
    /// Records inside of the record, to their names.
    Related(Kept),
}

/// What a page may take, by the number of its records, beside what stands around them.
pub(super) fn room(body: &Value, answer: &Answer, next: &Object) -> usize {
    let rows = body.pointer(answer.records).and_then(Value::as_array);
    let (count, own) = rows.map_or((0, 0), |rows| (rows.len(), cost(rows)));
    let texts = untrusted::has_free_text(body);
    let around = tokens(body).saturating_sub(own) + LEFT_OUT + if texts { UNTRUSTED } else { 0 };
    let next = next
        .iter()
        .map(|(name, value)| name.len() / 4 + 2 + tokens(value));
    (PAGE * count.max(RECORDS) / RECORDS).saturating_sub(around + next.sum::<usize>())
}

fn cost(rows: &[Value]) -> usize {
    rows.iter().map(tokens).sum()
}

/// Makes the records of a page fit into their room. What all of them have in common is taken out of them
/// and given back, if there is a place to say it.
pub(super) fn tighten(
    rows: &mut [Value],
    answer: &Answer,
    room: usize,
    can_share: bool,
    left_out: &mut LeftOut,
) -> Object {
    if cost(rows) <= room {
        return Object::new();
    }
    let (shared, room) = match can_share {
        true => {
            let shared = share(rows, answer);
            let said = tokens(&Value::Object(shared.clone())) + SHARED;
            (shared, room.saturating_sub(said))
        }
        false => (Object::new(), room),
    };
    let whole = rows.to_vec();
    let mut shortened = shorten_to(rows, room);
    let mut gone: Vec<&str> = Vec::new();
    while !answer.settled
        && cost(rows) + told(&gone) > room
        && let Some(name) = least(rows, answer)
    {
        without(rows, name);
        gone.push(name);
    }
    if !gone.is_empty() {
        // What is left may be longer now.
        rows.clone_from_slice(&whole);
        for name in &gone {
            without(rows, name);
        }
        shortened = shorten_to(rows, room.saturating_sub(told(&gone)));
        left_out.fields = true;
    }
    left_out.values |= shortened;
    left_out.columns.extend(gone);
    shared
}

/// Makes the records of a page fit whose properties are few and cannot be chosen: of related records what tells which
/// ones they are stays.
pub(super) fn relate(rows: &mut [Value], room: usize, left_out: &mut LeftOut) {
    for kept in [Kept::Both, Kept::One] {
        if cost(rows) <= room {
            break;
        }
        let objects = rows.iter_mut().filter_map(Value::as_object_mut);
        for value in objects.flat_map(Object::values_mut) {
            left_out.values |= related::shorten(value, kept);
        }
    }
}

/// Tokens of the names of what is left out.
fn told(gone: &[&str]) -> usize {
    gone.iter().map(|name| words(name) + 1).sum()
}

/// The column that is missed least: one of lists or objects that takes more than all others, else the last. What tells
/// which record it is stays, and one more.
fn least(rows: &[Value], answer: &Answer) -> Option<&'static str> {
    let there = |name: &&str| rows.iter().any(|row| row.get(*name).is_some());
    let left: Vec<&'static str> = answer.columns.iter().copied().filter(there).collect();
    if left.len() <= LEAST {
        return None;
    }
    let weight = |name: &str| -> usize {
        let values = rows.iter().filter_map(|row| row.get(name));
        let inner = values.filter(|value| value.is_object() || value.is_array());
        inner.map(tokens).sum()
    };
    let heavy = left
        .iter()
        .skip(1)
        .find(|name| weight(name) * 2 > cost(rows));
    heavy.or(left.last()).copied()
}

/// Takes the steps that are needed, as far as there are any; whether they changed anything.
fn shorten_to(rows: &mut [Value], room: usize) -> bool {
    let mut any = false;
    for step in STEPS {
        if cost(rows) <= room {
            break;
        }
        for row in rows.iter_mut() {
            any |= match (step, row) {
                (Step::Related(kept), Value::Object(row)) => {
                    let inner = row.values_mut().map(|value| related::shorten(value, kept));
                    inner.fold(false, |any, one| any | one)
                }
                (step, row) => shorten(row, step),
            };
        }
    }
    any
}

/// Takes a property out of all records.
fn without(rows: &mut [Value], name: &str) {
    for row in rows.iter_mut().filter_map(Value::as_object_mut) {
        row.shift_remove(name);
    }
}

/// Takes out of the records what is the same in all of them. The first property stays, which tells them
/// apart, and so do numbers that may have more digits than they show, which are told by their places.
fn share(rows: &mut [Value], answer: &Answer) -> Object {
    let mut shared = Object::new();
    for name in answer.columns.iter().skip(1) {
        let mut values = rows.iter().map(|row| row.get(name));
        let Some(Some(first)) = values.next() else {
            continue;
        };
        if !is_exact(first) || !values.all(|value| value == Some(first)) {
            continue;
        }
        shared.insert((*name).to_owned(), first.clone());
        for row in rows.iter_mut().filter_map(Value::as_object_mut) {
            row.shift_remove(*name);
        }
    }
    shared
}

fn is_exact(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_i64() || number.is_u64(),
        Value::Array(items) => items.iter().all(is_exact),
        Value::Object(object) => object.values().all(is_exact),
        _ => true,
    }
}

/// Shortens what a value has of this kind; whether it had any. A text without a space is an address, a key
/// or an identifier, of which a part is of no use.
fn shorten(value: &mut Value, step: Step) -> bool {
    match value {
        Value::String(text) => {
            let short = match step {
                Step::Texts(longest) => clipped(text, longest),
                Step::Times => day(text).map(str::to_owned),
                Step::Related(_) => None,
            };
            let had = short.is_some();
            if let Some(short) = short {
                *text = short;
            }
            had
        }
        Value::Array(items) => {
            let all = items.iter_mut().map(|item| shorten(item, step));
            all.fold(false, |any, one| any | one)
        }
        Value::Object(object) => {
            let all = object.values_mut().map(|item| shorten(item, step));
            all.fold(false, |any, one| any | one)
        }
        _ => false,
    }
}

fn clipped(text: &str, longest: usize) -> Option<String> {
    let (end, _) = text.char_indices().nth(longest)?;
    let kept = text.get(..end)?.trim_end();
    let has_words = text.trim().contains(char::is_whitespace);
    has_words.then(|| format!("{kept}…"))
}

/// The day of a point in time (RFC 3339 §5.6).
fn day(text: &str) -> Option<&str> {
    let (day, time) = text.split_once(['T', ' '])?;
    let digits = |part: &str, form: &str| {
        part.len() == form.len()
            && part
                .bytes()
                .zip(form.bytes())
                .all(|(byte, form)| match form {
                    b'0' => byte.is_ascii_digit(),
                    other => byte == other,
                })
    };
    let of_time = time.get(..5)?;
    // Nothing else may stand there: a text that begins with a time is a text.
    let is_time = |byte: u8| byte.is_ascii_digit() || b":.,+-Zz".contains(&byte);
    let is_all = time.bytes().all(is_time);
    (is_all && digits(day, "0000-00-00") && digits(of_time, "00:00")).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PLAN: Answer = Answer {
        records: "/data",
        list: true,
        columns: &["id", "name", "status", "sum", "at", "note"],
        selectable: true,
        ..Answer::DEFAULT
    };

    fn rows(name: &str) -> Vec<Value> {
        let row = |id: u32| {
            json!({"id": id, "name": format!("{name}{id}"), "status": "open", "sum": 1.5,
                "at": format!("2026-10-{:02}T09:30:00.12+02:00", 10 + id), "note": "same"})
        };
        (0..10).map(row).collect()
    }

    fn tight(rows: &mut [Value], room: usize, can_share: bool) -> (Object, LeftOut) {
        let mut left_out = LeftOut::default();
        let shared = tighten(rows, &PLAN, room, can_share, &mut left_out);
        (shared, left_out)
    }

    #[test]
    fn a_day_is_cut_from_a_time_and_from_nothing_else() {
        for (text, expected) in [
            ("2026-10-14T09:30:00.12+02:00", Some("2026-10-14")),
            ("2026-10-14 09:30", Some("2026-10-14")),
            ("2026-10-14T09:30:00Z", Some("2026-10-14")),
            ("2026-10-14", None),
            ("2026-10-14 09:30 Call with Anna", None),
            ("2026-10-14 09:30/10:00", None),
            ("Call 2026-10-14 09:30", None),
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
    }

    #[test]
    fn a_page_that_fits_stays_as_it_is() {
        let mut page = rows("A");
        let (shared, left_out) = tight(&mut page, 10_000, true);
        assert_eq!(
            (page, shared, left_out),
            (rows("A"), Object::new(), LeftOut::default())
        );
    }

    #[test]
    fn what_all_records_have_is_said_once_before_anything_is_left_out() {
        let mut page = rows("A");
        let room = cost(&page) - 20;
        let (shared, left_out) = tight(&mut page, room, true);
        // Not the sum, whose digits may be told by its place.
        assert_eq!(
            Value::from(shared),
            json!({"status": "open", "note": "same"})
        );
        assert_eq!(left_out, LeftOut::default());
        let first =
            json!({"id": 0, "name": "A0", "sum": 1.5, "at": "2026-10-10T09:30:00.12+02:00"});
        assert_eq!(page.first(), Some(&first));
        // Where there is no place to say it, it stays.
        let mut page = rows("A");
        let (shared, left_out) = tight(&mut page, room, false);
        assert!(shared.is_empty() && left_out.values);
    }

    #[test]
    fn long_texts_and_times_are_shortened_before_columns_go() {
        let long = "a name of many words, ".repeat(9);
        let mut page = rows(&long);
        let (_, left_out) = tight(&mut page, 400, true);
        assert!(
            left_out.values && left_out.columns.is_empty(),
            "{left_out:?}"
        );
        let texts: Vec<&str> = page
            .iter()
            .filter_map(|row| row.get("name")?.as_str())
            .collect();
        assert!(texts.iter().all(|text| text.ends_with('…')), "{texts:?}");
        let mut page = rows(&long);
        let (_, left_out) = tight(&mut page, 0, true);
        assert_eq!(left_out.columns, ["at", "sum"]);
        let first = json!({"id": 0, "name": "a name of many words, a…"});
        assert_eq!(page.first(), Some(&first));
        let settled = Answer {
            settled: true,
            ..PLAN
        };
        let mut page = rows(&long);
        let mut left_out = LeftOut::default();
        tighten(&mut page, &settled, 0, true, &mut left_out);
        assert!(left_out.columns.is_empty() && cost(&page) > 0);
    }

    #[test]
    fn a_related_record_shrinks_to_its_name_before_columns_go() {
        const FEED: Answer = Answer {
            columns: &["id", "user", "action", "at", "notes"],
            ..PLAN
        };
        let row = |id: u32| {
            json!({"id": id, "user": {"id": format!("b3f9c1de-7a44-4b1e-9d2c-5f0e8a61c3{id:02}"), "email": "anna.berg@example.com",
                "name": "Anna Berg"}, "action": format!("act{id}"), "at": format!("2026-10-{:02}", 10 + id)})
        };
        let rows: Vec<Value> = (0..10).map(row).collect();
        let tight = |mut page: Vec<Value>, room: usize| {
            let mut left_out = LeftOut::default();
            tighten(&mut page, &FEED, room, false, &mut left_out);
            (page, left_out)
        };
        for (room, user, columns) in [
            (
                cost(&rows) - 20,
                json!({"id": "b3f9c1de-7a44-4b1e-9d2c-5f0e8a61c300", "name": "Anna Berg"}),
                &[][..],
            ),
            (cost(&rows) / 2, json!({"name": "Anna Berg"}), &[]),
            (90, json!({"name": "Anna Berg"}), &["at", "action"]),
        ] {
            let (page, left_out) = tight(rows.clone(), room);
            assert_eq!(
                page.first().and_then(|row| row.get("user")),
                Some(&user),
                "{room}"
            );
            assert_eq!(left_out.columns, columns, "{room}");
            assert!(left_out.values);
        }
        // One that is no record and takes more than all others goes first.
        let heavy = |mut row: Value| {
            if let Some(row) = row.as_object_mut() {
                row.insert("user".to_owned(), json!({"a": {"b": ["x9", "y8", "z7"], "c": "d5e6f7a8b9", "e": "f1a2b3c4d5e6f7"}}));
            }
            row
        };
        let rows: Vec<Value> = rows.into_iter().map(heavy).collect();
        let room = cost(&rows) / 2;
        let (_, left_out) = tight(rows, room);
        assert_eq!(left_out.columns, ["user"]);
    }

    #[test]
    fn only_texts_that_lose_nothing_but_length_are_shortened() {
        for (text, step, short) in [
            ("two words", Step::Texts(3), Some("two…")),
            ("two words", Step::Texts(9), None),
            ("b3f9c1de-7a44-4b1e-9d2c-5f0e8a61c3b7", Step::Texts(9), None),
            ("someone@example.com", Step::Texts(9), None),
            ("größer als", Step::Texts(3), Some("grö…")),
            ("2026-10-14T09:30:00Z", Step::Times, Some("2026-10-14")),
            ("2026-10-14 09:30", Step::Times, Some("2026-10-14")),
            ("2026-10-14", Step::Times, None),
            ("2026-10-14 to 2027", Step::Times, None),
            ("abcd-ef-gh 09:30", Step::Times, None),
        ] {
            let mut value = json!({"x": [text]});
            let had = shorten(&mut value, step);
            assert_eq!(had, short.is_some(), "{text}");
            assert_eq!(value, json!({"x": [short.unwrap_or(text)]}));
        }
    }
}
