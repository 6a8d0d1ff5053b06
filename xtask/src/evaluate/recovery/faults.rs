//! Kinds of faults: what language models and hosts get wrong in arguments.

use serde_json::{Value, json};

use super::sites::Site;
use crate::random::Random;

/// Valid arguments and what the schema says of each part.
pub struct Valid {
    /// The arguments.
    pub arguments: Value,
    /// Their parts.
    pub sites: Vec<Site>,
}

/// A kind of fault: its name, and the faulty arguments, if it can occur in these.
pub type Kind = (&'static str, fn(&Valid, &mut Random) -> Option<Value>);

/// All kinds.
pub const KINDS: [Kind; 31] = [
    ("misspelt name", |valid, random| {
        renamed(valid, random, |name| {
            let mut letters: Vec<char> = name.chars().collect();
            let at = letters.len().checked_sub(2).filter(|_| letters.len() > 3)?;
            letters.swap(at, at.saturating_sub(1));
            Some(letters.into_iter().collect())
        })
    }),
    ("name in camel case", |valid, random| {
        renamed(valid, random, |name| {
            let mut words = name.split('_');
            let first = words.next()?.to_owned();
            Some(words.fold(first, |made, word| {
                let (head, rest) = word.split_at(word.len().min(1));
                made + &head.to_uppercase() + rest
            }))
        })
    }),
    ("name with hyphens", |valid, random| {
        renamed(valid, random, |name| Some(name.replace('_', "-")))
    }),
    ("unknown argument", |valid, _| {
        let mut arguments = valid.arguments.clone();
        let members = arguments.as_object_mut()?;
        members.insert("reasoning".to_owned(), "The person asked for it.".into());
        Some(arguments)
    }),
    ("all within one argument", |valid, _| {
        let members = valid.arguments.as_object()?;
        (!members.is_empty()).then(|| json!({"arguments": members}))
    }),
    ("required and missing", |valid, random| {
        let site = one(valid, random, |site| site.required && site.named)?;
        without(&valid.arguments, &site.place)
    }),
    ("required and null", |valid, random| {
        let site = one(valid, random, |site| site.required && site.named)?;
        with(valid, site, Value::Null)
    }),
    ("number as text", |valid, random| {
        let site = one(valid, random, |site| site.value.is_number())?;
        with(valid, site, site.value.to_string().into())
    }),
    ("number with a unit", |valid, random| {
        let site = one(valid, random, |site| site.value.is_number())?;
        with(valid, site, format!("{} pieces", site.value).into())
    }),
    ("fraction for an integer", |valid, random| {
        let site = one(valid, random, |site| site.is("integer"))?;
        let number = site.value.as_f64()?;
        with(valid, site, (number + 0.5).into())
    }),
    ("number out of range", |valid, random| {
        let site = one(valid, random, |site| {
            site.value.is_number() && (site.has("minimum") || site.has("maximum"))
        })?;
        let wrong = match site.schema.get("maximum").and_then(Value::as_i64) {
            Some(most) => most.saturating_add(1),
            None => site.schema.get("minimum")?.as_i64()?.saturating_sub(1),
        };
        with(valid, site, wrong.into())
    }),
    ("text as number", |valid, random| {
        let site = one(valid, random, |site| site.is("string"))?;
        with(valid, site, 4711.into())
    }),
    ("text too long", |valid, random| {
        let site = one(valid, random, |site| {
            site.has("maxLength") && !site.has("pattern") && !site.has("format")
        })?;
        let most = usize::try_from(site.schema.get("maxLength")?.as_u64()?).ok()?;
        with(valid, site, "word ".repeat(most / 5 + 1).into())
    }),
    ("empty text", |valid, random| {
        let site = one(valid, random, |site| site.is("string"))?;
        with(valid, site, "".into())
    }),
    ("blanks around a text", |valid, random| {
        let site = one(valid, random, |site| {
            site.has("enum") || site.has("pattern") || site.has("format")
        })?;
        with(valid, site, format!(" {} ", site.value.as_str()?).into())
    }),
    ("money with a currency", |valid, random| {
        let site = one(valid, random, |site| site.has("pattern"))?;
        with(valid, site, format!("{} EUR", site.value.as_str()?).into())
    }),
    ("case of a listed value", |valid, random| {
        let site = one(valid, random, |site| !site.texts().is_empty())?;
        let text = site.value.as_str()?;
        let upper = text.to_uppercase();
        let other = if upper == text {
            text.to_lowercase()
        } else {
            upper
        };
        with(valid, site, other.into())
    }),
    ("listed value misspelt", |valid, random| {
        let site = one(valid, random, |site| {
            site.texts().iter().any(|t| t.len() > 4)
        })?;
        let texts = site.texts();
        let text = texts.into_iter().find(|text| text.len() > 4)?;
        let cut = text.get(..text.len().checked_sub(1)?)?;
        with(valid, site, cut.into())
    }),
    ("synonym of a listed value", |valid, random| {
        let site = one(valid, random, |site| !site.texts().is_empty())?;
        let others = ["ongoing", "in the works", "premium", "misc"];
        with(valid, site, (*random.one(&others)?).into())
    }),
    ("date with dots", |valid, random| {
        date(valid, random, "5.12.2026")
    }),
    ("date with slashes", |valid, random| {
        date(valid, random, "12/05/2026")
    }),
    ("date in words", |valid, random| {
        date(valid, random, "in two weeks")
    }),
    ("yes for true", |valid, random| {
        let site = one(valid, random, |site| site.is("boolean"))?;
        with(valid, site, (*random.one(&["yes", "no", "True"])?).into())
    }),
    ("one for a list", |valid, random| {
        let site = one(valid, random, |site| site.is("array"))?;
        with(valid, site, site.value.get(0)?.clone())
    }),
    ("object for a list", |valid, random| {
        let site = one(valid, random, |site| site.is("array"))?;
        with(valid, site, json!({"0": site.value.get(0)?}))
    }),
    ("list for one", |valid, random| {
        let site = one(valid, random, |site| {
            site.named && !site.is("array") && !site.value.is_array()
        })?;
        with(valid, site, json!([site.value]))
    }),
    ("path for an id", |valid, random| {
        let site = id(valid, random)?;
        with(valid, site, format!("/records/{}", site.value).into())
    }),
    ("name for an id", |valid, random| {
        let site = id(valid, random)?;
        with(valid, site, "Acme Corp".into())
    }),
    ("JSON cut off in a text", |valid, random| {
        let site = one(valid, random, |site| {
            site.value.is_array() || site.value.is_object()
        })?;
        let text = site.value.to_string();
        with(valid, site, text.get(..text.len().checked_sub(1)?)?.into())
    }),
    ("fault within an argument", |valid, random| {
        let site = one(valid, random, Site::is_nested)?;
        with(valid, site, json!({"value": site.value}))
    }),
    ("two faults at once", |valid, random| {
        let number = one(valid, random, |site| site.value.is_number())?;
        let mut arguments = with(valid, number, "a few".into())?;
        let members = arguments.as_object_mut()?;
        members.insert("thoughts".to_owned(), "none".into());
        Some(arguments)
    }),
];

/// One of the parts that are such.
fn one<'v>(
    valid: &'v Valid,
    random: &mut Random,
    such: impl Fn(&Site) -> bool,
) -> Option<&'v Site> {
    let sites: Vec<&Site> = valid.sites.iter().filter(|site| such(site)).collect();
    random.one(&sites).copied()
}

fn id<'v>(valid: &'v Valid, random: &mut Random) -> Option<&'v Site> {
    one(valid, random, |site| {
        let name = site.name();
        site.value.is_number() && (name == "id" || name.ends_with("_id"))
    })
}

fn date(valid: &Valid, random: &mut Random, wrong: &str) -> Option<Value> {
    let site = one(valid, random, |site| site.has_format("date"))?;
    with(valid, site, wrong.into())
}

/// The arguments with another value at a place.
fn with(valid: &Valid, site: &Site, value: Value) -> Option<Value> {
    let mut arguments = valid.arguments.clone();
    *arguments.pointer_mut(&site.place)? = value;
    Some(arguments)
}

fn without(arguments: &Value, place: &str) -> Option<Value> {
    let mut arguments = arguments.clone();
    let (above, name) = place.rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    arguments
        .pointer_mut(above)?
        .as_object_mut()?
        .shift_remove(&name)?;
    Some(arguments)
}

/// The arguments with one name changed, in its place.
fn renamed(
    valid: &Valid,
    random: &mut Random,
    rename: impl Fn(&str) -> Option<String>,
) -> Option<Value> {
    let site = one(valid, random, |site| {
        site.named && rename(site.name()).is_some_and(|name| name != site.name())
    })?;
    let mut arguments = without(&valid.arguments, &site.place)?;
    let (above, name) = site.place.rsplit_once('/')?;
    let members = arguments.pointer_mut(above)?.as_object_mut()?;
    members.insert(rename(name)?, site.value.clone());
    Some(arguments)
}
