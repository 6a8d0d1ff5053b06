//! Numbers with the digits that a caller wrote, where a tree of 64-bit numbers has others: on the way from
//! the checked arguments to the request they are texts behind a mark, and are written as the numbers that
//! they are (ADR 0025).

use super::scan::{Defects, scan};
use super::{Object, Value};
use crate::json::place::escaped;

/// What stands before the digits. A text of a caller that begins so is refused.
const MARK: &str = "\u{0}number:";
/// The same, as JSON writes it behind the quote.
const WRITTEN: &str = "\"\\u0000number:";

/// The digits of a number that is kept as text.
pub(crate) fn digits(text: &str) -> Option<&str> {
    text.strip_prefix(MARK)
}

/// A value as JSON text.
pub(crate) fn text(value: &Value) -> String {
    let written = value.to_string();
    if !written.contains(WRITTEN) {
        return written;
    }
    let mut out = String::with_capacity(written.len());
    let mut rest = written.as_str();
    while let Some((before, from)) = rest.split_once(WRITTEN) {
        out.push_str(before);
        let (digits, after) = from.split_once('"').unwrap_or((from, ""));
        // Behind a backslash the quote is one within a text, and before a colon the text is a name.
        if before.ends_with('\\') || after.starts_with(':') || !is_number(digits) {
            out.push_str(WRITTEN);
            rest = from;
        } else {
            out.push_str(digits);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// Names on the wire by the places of the properties that have them ([`OperationDef::renamed`]).
///
/// [`OperationDef::renamed`]: crate::operation::OperationDef::renamed
type Renamed<'a> = &'a [(&'a str, &'a str)];

/// Gives the numbers in the arguments the digits that were written. What could not keep its value and is
/// not found as it was read, since something was done to it, is left: its place is given.
///
/// # Errors
/// The place of a number whose digits cannot be sent, or of a text that begins with the mark.
pub(crate) fn restore(
    arguments: &mut Object,
    defects: &Defects,
    renamed: Renamed<'_>,
) -> Result<(), String> {
    for (name, value) in arguments.iter() {
        if has_mark(value) {
            return Err(format!("/{name}"));
        }
    }
    let exact = defects.spelled.iter().map(|place| (place, false));
    let inexact = defects.inexact.iter().map(|place| (place, true));
    for ((place, written), must) in exact.chain(inexact) {
        if !put_back(arguments, place, written, renamed) && must {
            return Err(place.clone());
        }
    }
    Ok(())
}

/// Whether all numbers that a text would lose can get their digits back.
pub(crate) fn is_restorable(defects: &Defects) -> bool {
    defects.inexact.len() == defects.total
        && defects
            .inexact
            .iter()
            .all(|(_, written)| is_number(written))
}

/// The texts in the arguments that are JSON, with their places: where the schema asks for what is in them,
/// they are read, and their numbers get their digits back.
pub(crate) fn in_texts(arguments: &Object) -> Vec<(String, Defects)> {
    let mut found = Vec::new();
    for (name, value) in arguments {
        collect(value, &mut vec![escaped(name)], &mut found);
    }
    found
}

fn collect(value: &Value, path: &mut Vec<String>, found: &mut Vec<(String, Defects)>) {
    match value {
        Value::String(text) => {
            let text = text.trim();
            if !(text.starts_with(['{', '[']) || is_number(text)) {
                return;
            }
            let defects = scan(text).unwrap_or_default();
            if !defects.inexact.is_empty() || !defects.spelled.is_empty() {
                found.push((format!("/{}", path.join("/")), defects));
            }
            // A text in a text is read too. Escapes double with each level, so few lie in each other.
            if let Ok(inner @ (Value::Array(_) | Value::Object(_))) = serde_json::from_str(text) {
                collect(&inner, path, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                collect(item, path, found);
                path.pop();
            }
        }
        Value::Object(object) => {
            for (name, value) in object {
                path.push(escaped(name));
                collect(value, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Gives the numbers of texts that were read since their digits; a text that still is one keeps them anyway.
///
/// # Errors
/// The place and the text of a number whose digits cannot be sent.
pub(crate) fn restore_in_texts(
    arguments: &mut Object,
    texts: &[(String, Defects)],
    renamed: Renamed<'_>,
) -> Result<(), (String, String)> {
    for (text, defects) in texts {
        let mut is_there = false;
        let is_text = Search::of(text, renamed).find(arguments, &mut |value| {
            is_there = true;
            value.is_string()
        });
        if is_text || !is_there {
            continue;
        }
        let exact = defects.spelled.iter().map(|number| (number, false));
        let inexact = defects.inexact.iter().map(|number| (number, true));
        for ((below, written), must) in exact.chain(inexact) {
            let place = format!("{text}{below}");
            if !put_back(arguments, &place, written, renamed) && must {
                return Err((place, written.clone()));
            }
        }
    }
    Ok(())
}

/// Puts the digits in the place of the number that was read from them; whether it was there, or a text of them in
/// its stead.
fn put_back(arguments: &mut Object, place: &str, written: &str, renamed: Renamed<'_>) -> bool {
    if !is_number(written) {
        return false;
    }
    Search::of(place, renamed).find(arguments, &mut |value| {
        if reads_as(value, written) {
            *value = Value::from(format!("{MARK}{written}"));
            return true;
        }
        value.as_str() == Some(written)
    })
}

fn has_mark(value: &Value) -> bool {
    match value {
        Value::String(text) => text.starts_with(MARK),
        Value::Array(items) => items.iter().any(has_mark),
        Value::Object(object) => object.values().any(has_mark),
        _ => false,
    }
}

/// Whether the value is what the parser makes of the text.
fn reads_as(value: &Value, written: &str) -> bool {
    let number = value.as_number().filter(|number| number.is_f64());
    let float = number.and_then(serde_json::Number::as_f64);
    let read = written.parse::<f64>().ok();
    float.is_some() && float.map(f64::to_bits) == read.map(f64::to_bits)
}

/// Values that are looked at for one place.
const MAX_LOOKS: usize = 1_000;

/// A place in the arguments as they were given, looked for in what the check has made of them: a value may have
/// become a list of one, and a property may have its name on the wire.
struct Search<'a> {
    steps: Vec<String>,
    renamed: Renamed<'a>,
    looks: usize,
}

impl<'a> Search<'a> {
    fn of(place: &str, renamed: Renamed<'a>) -> Self {
        Self {
            steps: super::place::steps(place).collect(),
            renamed,
            looks: MAX_LOOKS,
        }
    }

    /// Whether what is looked for is found; `is_it` says so of each value at the place.
    fn find(mut self, arguments: &mut Object, is_it: &mut dyn FnMut(&mut Value) -> bool) -> bool {
        self.property(arguments, 0, is_it)
    }

    fn value(
        &mut self,
        value: &mut Value,
        step: usize,
        is_it: &mut dyn FnMut(&mut Value) -> bool,
    ) -> bool {
        self.looks = self.looks.saturating_sub(1);
        if self.looks == 0 {
            return false;
        }
        if step == self.steps.len() && is_it(value) {
            return true;
        }
        match value {
            Value::Object(object) => self.property(object, step, is_it),
            Value::Array(items) => {
                let index = self.steps.get(step).and_then(|step| step.parse().ok());
                if let Some(item) = index.and_then(|index: usize| items.get_mut(index))
                    && self.value(item, step + 1, is_it)
                {
                    return true;
                }
                match items.as_mut_slice() {
                    [one] => self.value(one, step, is_it),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn property(
        &mut self,
        object: &mut Object,
        step: usize,
        is_it: &mut dyn FnMut(&mut Value) -> bool,
    ) -> bool {
        let Some(name) = self.steps.get(step).cloned() else {
            return false;
        };
        if let Some(value) = object.get_mut(&name) {
            return self.value(value, step + 1, is_it);
        }
        let last = |place: &str| super::place::steps(place).last();
        let renamed = self.renamed.iter();
        let mut wire = renamed.filter(|(place, _)| last(place).as_ref() == Some(&name));
        wire.any(|(_, wire)| {
            let value = object.get_mut(*wire);
            value.is_some_and(|value| self.value(value, step + 1, is_it))
        })
    }
}

/// Digits with a fraction or without (RFC 8259 §6), and no exponent: few readers outside of JSON know those.
pub(crate) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all(whole) && all(fraction) && (whole == "0" || !whole.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is sent of a JSON text.
    fn sent(given: &str) -> Result<String, String> {
        let defects = scan(given).unwrap_or_default();
        let mut arguments: Object = serde_json::from_str(given).unwrap_or_default();
        restore(&mut arguments, &defects, &[])?;
        Ok(text(&Value::Object(arguments)))
    }

    #[test]
    fn digits_that_are_given_are_sent() {
        for given in [
            r#"{"a":123456789012345678901234567890,"b":[{"c~/d":0.12345678901234567890123}]}"#,
            r#"{"a":1.10,"b":-18446744073709551616,"c":100.00,"d":9007199254740993}"#,
            r#"{"a":5.0,"b":1.5,"":{"/":1.20}}"#,
            r#"{"a":"x\"\u0000number:1","b":1.10}"#,
            r#"{"a":{"\u0000number:1":"\\"},"b":1.10}"#,
        ] {
            assert_eq!(sent(given).as_deref(), Ok(given));
        }
    }

    #[test]
    fn decimals_that_a_float_holds_otherwise_are_sent_as_given() {
        for number in [
            "95099998003122.63",
            "96121384577876.81",
            "96871492317960.65",
            "11.666218171334341",
            "0.9210860878297657",
            "123456789.123456789123",
            "9007199254740993.0",
            "100000000000000000000000.50",
            "1000000000000000000000.0",
            "0.000000001",
            "-0",
            "-0.00",
        ] {
            let given = format!(r#"{{"a":[{number}]}}"#);
            assert_eq!(sent(&given).as_ref(), Ok(&given));
        }
    }

    proptest::proptest! {
        #[test]
        fn every_decimal_is_sent_with_its_digits(
            sign in "-?",
            whole in "0|[1-9][0-9]{0,16}",
            fraction in "(\\.[0-9]{1,17})?",
        ) {
            let given = format!(r#"{{"a":{sign}{whole}{fraction}}}"#);
            proptest::prop_assert_eq!(sent(&given), Ok(given));
        }
    }

    #[test]
    fn what_cannot_be_restored_is_refused() {
        assert_eq!(
            sent(r#"{"a":0.12345678901234567890e3}"#),
            Err("/a".to_owned())
        );
        assert_eq!(sent(r#"{"a":["\u0000number:5"]}"#), Err("/a".to_owned()));
        // Something else stands there by now.
        let defects = scan(r#"{"a":123456789012345678901234567890,"b":1.10}"#).unwrap_or_default();
        let mut changed = Object::from_iter([("b".to_owned(), Value::from(2))]);
        assert_eq!(restore(&mut changed, &defects, &[]), Err("/a".to_owned()));
    }

    #[test]
    fn digits_are_found_where_the_check_has_put_their_numbers() {
        const RENAMED: &[(&str, &str)] = &[("/update/_set", "$set"), ("/_set", "@set")];
        for (given, checked, sent) in [
            (
                r#"{"update":{"_set":{"a":1.10}}}"#,
                r#"{"update":{"$set":{"a":1.1}}}"#,
                Ok(r#"{"update":{"$set":{"a":1.10}}}"#),
            ),
            (
                r#"{"_set":12345678901234567890123}"#,
                r#"{"@set":1.2345678901234568e22}"#,
                Ok(r#"{"@set":12345678901234567890123}"#),
            ),
            (
                r#"{"a":1.10,"b":[1.20],"c":{"d":1.30},"e":[[1.40]]}"#,
                r#"{"a":[1.1],"b":[[1.2]],"c":[{"d":[1.3]}],"e":[[1.4]]}"#,
                Ok(r#"{"a":[1.10],"b":[[1.20]],"c":[{"d":[1.30]}],"e":[[1.40]]}"#),
            ),
            (
                r#"{"a":12345678901234567890123}"#,
                r#"{"a":["12345678901234567890123"]}"#,
                Ok(r#"{"a":["12345678901234567890123"]}"#),
            ),
            // Something else stands there.
            (
                r#"{"a":12345678901234567890123}"#,
                r#"{"a":[1.2345678901234568e22,1]}"#,
                Err("/a"),
            ),
        ] {
            let defects = scan(given).unwrap_or_default();
            let mut arguments: Object = serde_json::from_str(checked).unwrap_or_default();
            let restored = restore(&mut arguments, &defects, RENAMED);
            let found = restored.map(|()| text(&Value::Object(arguments)));
            assert_eq!(found.as_deref().map_err(String::as_str), sent, "{given}");
        }
    }

    #[test]
    fn numbers_have_the_grammar_of_json() {
        for (text, fits) in [
            ("0", true),
            ("-0.0", true),
            ("01", false),
            ("1.", false),
            (".5", false),
            ("1e5", false),
            ("1,\"x\":2", false),
            ("", false),
            ("-", false),
        ] {
            assert_eq!(is_number(text), fits, "{text}");
        }
    }
}
