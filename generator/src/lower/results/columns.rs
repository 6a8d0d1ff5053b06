//! The properties of a record that a list shows: what tells which record it is, how it stands, how much
//! it is about, when, and whose it is. General words only.

use super::kinds::{Kind, kind, own_noun, spoken};
use crate::lower::schema::{Shape, Shapes, Types};

/// Columns of a list. With seven, 25 invoices in `structuredContent`, where each name is said 25 times,
/// take about 1,250 tokens (o200k); the runtime keeps a page below 1,300 whatever is in it.
const MOST: usize = 7;
/// Columns up to which others than the telling ones are added.
const ENOUGH: usize = 6;

/// Which kinds, in which order, and how many of each: first what every list needs, then more of it.
const ROUNDS: [(Kind, usize); 22] = [
    (Kind::Id, 1),
    (Kind::Label, 2),
    (Kind::Person, 2),
    (Kind::Title, 1),
    (Kind::Status, 1),
    (Kind::Form, 1),
    (Kind::Sum, 1),
    (Kind::Money, 1),
    (Kind::Currency, 1),
    (Kind::Due, 1),
    (Kind::Related, 1),
    (Kind::Owner, 1),
    (Kind::Key, 1),
    (Kind::Status, 1),
    (Kind::Date, 1),
    (Kind::Key, 1),
    (Kind::Email, 1),
    (Kind::Due, 1),
    (Kind::Money, 1),
    (Kind::Related, 1),
    (Kind::Stamp, 1),
    (Kind::Part, 1),
];

/// What a place of an address is called, beside which a `state` is one too.
const PLACES: [&str; 7] = [
    "city", "town", "zip", "postcode", "country", "street", "address",
];

/// A property that may be a column.
struct Property<'a> {
    name: &'a str,
    words: Vec<String>,
    kind: Kind,
    /// Whether a record may have none.
    nullable: bool,
    is_text: bool,
}

/// The names of the columns, most telling first.
pub(super) fn columns<'a>(
    shapes: &Shapes<'a>,
    record: &Shape<'a>,
    nouns: &[String],
    secrets: &[String],
) -> Vec<String> {
    let forms: Vec<Shape<'a>> = record.forms().iter().map(|form| shapes.of(form)).collect();
    let mut all: Vec<Property<'a>> = record
        .properties
        .iter()
        .filter(|(name, _)| !secrets.iter().any(|secret| secret == *name))
        .filter_map(|(name, node)| {
            let shape = shapes.of(node);
            let words = spoken(name, &shape);
            let kind = kind(&words, &shape, nouns)?;
            let tells = kind == Kind::Other && tells_form(shapes, &forms, name);
            Some(Property {
                name,
                words,
                kind: if tells { Kind::Form } else { kind },
                nullable: shape.nullable,
                is_text: shape.types == Types::STRING,
            })
        })
        .collect();
    let names: Vec<Vec<String>> = all.iter().map(|one| one.words.clone()).collect();
    beside_others(&mut all, &names, nouns);
    // What no form declares stands beside them, and is in each.
    let is_own = |name: &str| {
        let mut having = forms.iter().map(|form| form.properties.contains_key(name));
        let first = having.next();
        first.is_some_and(|first| having.any(|has| has != first))
    };
    let (own, mut left): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| is_own(one.name));
    let mut columns: Vec<&str> = Vec::new();
    let mut taken: Vec<Kind> = Vec::new();
    choose(&mut left, &names, &mut columns, &mut taken);
    // What only some records have says more than what all say already: who, when, in one line.
    let mut own: Vec<Property<'a>> = own
        .into_iter()
        .filter(|one| !taken.contains(&one.kind))
        .collect();
    choose(&mut own, &names, &mut columns, &mut taken);
    // Whom a record is about is told before when it is due: a page without room loses its last columns.
    let place = |kind| taken.iter().position(|taken| *taken == kind);
    let about = place(Kind::Related).or_else(|| place(Kind::Key));
    if let (Some(due), Some(related)) = (place(Kind::Due), about)
        && let Some(moved) = columns.get_mut(due..=related)
    {
        moved.rotate_right(1);
    }
    let others = left
        .iter()
        .filter(|one| matches!(one.kind, Kind::Other | Kind::Date));
    for one in others {
        if columns.len() >= ENOUGH {
            break;
        }
        columns.push(one.name);
    }
    columns.into_iter().map(str::to_owned).collect()
}

/// What properties say beside the others of their record.
fn beside_others(all: &mut [Property<'_>], names: &[Vec<String>], nouns: &[String]) {
    let has = |all: &[Property<'_>], kind| all.iter().any(|one| one.kind == kind);
    // A record without an identifier of its own goes by the first one that it always has.
    if !has(all, Kind::Id)
        && let Some(first) = all
            .iter_mut()
            .find(|one| one.kind == Kind::Key && !one.nullable && !has_label(&one.words, names))
    {
        first.kind = Kind::Id;
    }
    for one in all.iter_mut() {
        if one.kind == Kind::Status && is_of_address(&one.words, names) {
            one.kind = Kind::Other;
        }
    }
    if has(all, Kind::Person) {
        for one in all.iter_mut() {
            if one.kind == Kind::Label && one.words == ["title"] {
                one.kind = Kind::Title;
            }
        }
    } else if !has(all, Kind::Label) {
        // Nothing else says what it is.
        let own = own_noun(nouns).last();
        let text = all.iter_mut().find(|one| {
            let is_called =
                one.words == ["description"] || own.is_some_and(|own| one.words == [own.as_str()]);
            one.kind == Kind::Long && one.is_text && is_called
        });
        if let Some(text) = text {
            text.kind = Kind::Label;
        }
    }
}

/// Whether `x_state` has an `x_city` or another part of an address beside it.
fn is_of_address(state: &[String], names: &[Vec<String>]) -> bool {
    let Some((last, stem)) = state.split_last() else {
        return false;
    };
    last == "state"
        && names.iter().any(|name| {
            name.split_last()
                .is_some_and(|(place, rest)| rest == stem && PLACES.contains(&place.as_str()))
        })
}

/// Which of several properties that say how a record stands says it first; and of times, when it was made.
fn rank(property: &Property<'_>) -> usize {
    let last = property.words.last().map(String::as_str);
    let says = |word: &str| property.words.iter().any(|own| own == word);
    match (property.kind, last) {
        (Kind::Stamp, _) if says("created") || says("added") => 0,
        (Kind::Stamp, _) if says("updated") || says("modified") => 1,
        (Kind::Stamp, _) => 2,
        (Kind::Status, Some("status")) => 0,
        (Kind::Status, Some("stage")) => 1,
        (Kind::Status, Some("state")) => 2,
        (Kind::Status, _) => 3,
        _ => 0,
    }
}

/// Takes the columns of the rounds from `left`. Of the properties named `names`, a related record is shown by its name
/// where it has one, not by its key.
fn choose<'a>(
    left: &mut Vec<Property<'a>>,
    names: &[Vec<String>],
    columns: &mut Vec<&'a str>,
    taken: &mut Vec<Kind>,
) {
    for (at, (kind, count)) in ROUNDS.into_iter().enumerate() {
        let has = |kind| taken.contains(&kind);
        let again = ROUNDS.iter().take(at).any(|(before, _)| *before == kind);
        let skipped = match kind {
            // One name says what parts of it would say.
            Kind::Person => has(Kind::Label),
            // The sum says what the first amount would say, where a record has one.
            Kind::Money => has(Kind::Sum) && !has(Kind::Currency),
            Kind::Currency => !has(Kind::Sum) && !has(Kind::Money),
            // Who owes, or waits, counts more than when it began, and is said once, by its name where it has one.
            Kind::Key if again => has(Kind::Key) || has(Kind::Related),
            Kind::Key => {
                has(Kind::Related) || ![Kind::Sum, Kind::Money, Kind::Due].into_iter().any(has)
            }
            _ => false,
        };
        if skipped {
            continue;
        }
        for _ in 0..count {
            if columns.len() >= MOST {
                break;
            }
            let fits = |one: &Property<'_>| {
                one.kind == kind
                    && (kind != Kind::Key
                        || !has_label(&one.words, names) && (again || !one.nullable))
            };
            let next = (0..left.len())
                .filter(|at| left.get(*at).is_some_and(fits))
                .min_by_key(|at| left.get(*at).map(rank));
            if let Some(at) = next {
                columns.push(left.remove(at).name);
                taken.push(kind);
            }
        }
    }
}

/// Whether a property has one value in each of the forms, which tells the form.
fn tells_form<'a>(shapes: &Shapes<'a>, forms: &[Shape<'a>], name: &str) -> bool {
    !forms.is_empty()
        && forms.iter().all(|form| {
            let value = form.properties.get(name).map(|node| shapes.of(node));
            value.is_some_and(|value| value.values.is_some_and(|values| values.len() == 1))
        })
}

/// Whether `x_id`, or `x` that stands for a record, has an `x` or `x_name` beside it.
fn has_label(key: &[String], names: &[Vec<String>]) -> bool {
    let stem = match key.split_last() {
        Some((_, stem)) if !stem.is_empty() => stem,
        _ => key,
    };
    names.iter().any(|name| {
        name == stem && name != key
            || name.split_last().is_some_and(|(last, rest)| {
                rest == stem && matches!(last.as_str(), "name" | "title" | "number")
            })
    })
}
