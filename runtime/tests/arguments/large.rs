//! Large calls, in the time that reading them takes.

use mcpwright_runtime::arguments::{Nulls, check_with};
use mcpwright_runtime::json::{Object, Value};
use serde_json::json;

use super::{check, object};

/// How many times as long as reading a value something takes, at best of three: whatever else the machine does, it does
/// to both.
fn beside_reading(value: &Value, mut work: impl FnMut(Value)) -> f64 {
    let text = value.to_string();
    let timed = |work: &mut dyn FnMut()| {
        let begin = std::time::Instant::now();
        work();
        begin.elapsed().as_secs_f64()
    };
    let least = |work: &mut dyn FnMut()| (0..3).map(|_| timed(work)).fold(f64::MAX, f64::min);
    let reading = least(&mut || {
        serde_json::from_str::<Value>(&text).unwrap();
    });
    least(&mut || work(value.clone())) / reading
}

#[test]
fn a_large_call_is_checked_in_the_time_that_reading_it_takes() {
    let mut ratios = Vec::new();
    // Comparing each item with each would take 10,000 times as long.
    let distinct: Vec<Value> = (0..50_000).map(Value::from).collect();
    let schema = json!({"type": "array", "uniqueItems": true});
    ratios.push(beside_reading(&json!(distinct), |value| {
        assert!(check(schema.clone(), value).is_ok());
    }));
    // Looking for the nearest known name of each unknown one would take hundreds of times as long.
    let properties: Object = (0..60)
        .map(|i| (format!("property_number_{i}"), json!({"type": "string"})))
        .collect();
    for closed in [json!({"additionalProperties": false}), json!({})] {
        let mut schema = object(json!({"type": "object", "properties": properties}));
        schema.extend(object(closed));
        let unknown: Object = (0..25_000)
            .map(|i| (format!("property_nunber_{i}"), json!(1)))
            .collect();
        ratios.push(beside_reading(&Value::Object(unknown), |value| {
            let problems = check_with(&schema, Nulls::At(&[]), object(value)).unwrap_err();
            assert!((20..1_000).contains(&problems.len()), "{}", problems.len());
        }));
    }
    let schema = json!({"type": "array", "items": {"enum": ["a", "b"]}});
    let root = object(json!({"type": "object", "properties": {"v": schema}}));
    ratios.push(beside_reading(&json!({"v": vec![1; 75_000]}), |value| {
        let problems = check_with(&root, Nulls::At(&[]), object(value)).unwrap_err();
        assert!((20..1_000).contains(&problems.len()), "{}", problems.len());
    }));
    assert!(ratios.iter().all(|ratio| *ratio < 100.0), "{ratios:?}");
}
