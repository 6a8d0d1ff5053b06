//! The properties of a record that a list shows: what tells which record it is, how it stands, how much
//! it is about, when, and whose it is. General words only.

use crate::lower::schema::{Shape, Shapes};
use crate::names::{VERBS, words};

/// Columns of a list. With seven, 25 invoices in `structuredContent`, where each name is said 25 times,
/// take about 1,250 tokens (o200k); the runtime keeps a page below 1,300 whatever is in it.
const MOST: usize = 7;
/// Columns up to which others than the telling ones are added.
const ENOUGH: usize = 6;

/// What a property says of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Id,
    Label,
    /// Part of the name of a person.
    Person,
    Email,
    Status,
    /// Which of several forms a record has.
    Form,
    /// The sum that a record is about.
    Sum,
    Money,
    /// A part of a sum, such as its tax.
    Part,
    Currency,
    /// A date that somebody waits for.
    Due,
    Date,
    Owner,
    /// A related record, by its name or whole.
    Related,
    /// The identifier of a related record.
    Key,
    /// The time of a change.
    Stamp,
    Other,
}

/// Which kinds, in which order, and how many of each: first what every list needs, then more of it.
const ROUNDS: [(Kind, usize); 20] = [
    (Kind::Id, 1),
    (Kind::Label, 2),
    (Kind::Person, 2),
    (Kind::Status, 1),
    (Kind::Form, 1),
    (Kind::Sum, 1),
    (Kind::Money, 1),
    (Kind::Currency, 1),
    (Kind::Due, 1),
    (Kind::Related, 1),
    (Kind::Owner, 1),
    (Kind::Date, 1),
    (Kind::Key, 1),
    (Kind::Email, 1),
    (Kind::Status, 1),
    (Kind::Due, 1),
    (Kind::Money, 1),
    (Kind::Related, 1),
    (Kind::Stamp, 1),
    (Kind::Part, 1),
];

/// The names of the columns, most telling first.
pub(super) fn columns<'a>(
    shapes: &Shapes<'a>,
    record: &Shape<'a>,
    nouns: &[String],
    secrets: &[String],
) -> Vec<String> {
    let forms: Vec<Shape<'a>> = record.forms().iter().map(|form| shapes.of(form)).collect();
    let all: Vec<(&str, Kind)> = record
        .properties
        .iter()
        .filter(|(name, _)| !secrets.iter().any(|secret| secret == *name))
        .filter_map(|(name, node)| {
            let kind = kind(name, &shapes.of(node), nouns)?;
            let tells = kind == Kind::Other && tells_form(shapes, &forms, name);
            Some((*name, if tells { Kind::Form } else { kind }))
        })
        .collect();
    let names: Vec<Vec<String>> = all.iter().map(|(name, _)| words(name)).collect();
    // What no form declares stands beside them, and is in each.
    let is_own = |name: &str| {
        let mut having = forms.iter().map(|form| form.properties.contains_key(name));
        let first = having.next();
        first.is_some_and(|first| having.any(|has| has != first))
    };
    let (own, mut left): (Vec<_>, Vec<_>) = all.into_iter().partition(|(name, _)| is_own(name));
    let mut columns: Vec<&str> = Vec::new();
    let mut taken: Vec<Kind> = Vec::new();
    choose(&mut left, &names, &mut columns, &mut taken);
    // What only some records have says more than what all say already: who, when, in one line.
    let mut own: Vec<(&str, Kind)> = own
        .into_iter()
        .filter(|(_, kind)| !taken.contains(kind))
        .collect();
    choose(&mut own, &names, &mut columns, &mut taken);
    // Whom a record is about is told before when it is due: a page without room loses its last columns.
    let place = |kind| taken.iter().position(|taken| *taken == kind);
    if let (Some(due), Some(related)) = (place(Kind::Due), place(Kind::Related))
        && let Some(moved) = columns.get_mut(due..=related)
    {
        moved.rotate_right(1);
    }
    let others = left
        .iter()
        .filter(|(_, kind)| matches!(kind, Kind::Other | Kind::Date));
    for (name, _) in others {
        if columns.len() >= ENOUGH {
            break;
        }
        columns.push(name);
    }
    columns.into_iter().map(str::to_owned).collect()
}

/// Takes the columns of the rounds from `left`. Of the properties named `names`, a related record is shown by its name
/// where it has one, not by its key.
fn choose<'a>(
    left: &mut Vec<(&'a str, Kind)>,
    names: &[Vec<String>],
    columns: &mut Vec<&'a str>,
    taken: &mut Vec<Kind>,
) {
    for (kind, count) in ROUNDS {
        let has = |kind| taken.contains(&kind);
        let skipped = match kind {
            // One name says what parts of it would say.
            Kind::Person => has(Kind::Label),
            // The sum says what the first amount would say, where a record has one.
            Kind::Money => has(Kind::Sum) && !has(Kind::Currency),
            Kind::Currency => !has(Kind::Sum) && !has(Kind::Money),
            _ => false,
        };
        if skipped {
            continue;
        }
        for _ in 0..count {
            if columns.len() >= MOST {
                break;
            }
            let next = left.iter().position(|(name, k)| {
                *k == kind && !(kind == Kind::Key && has_label(&words(name), names))
            });
            if let Some(at) = next {
                columns.push(left.remove(at).0);
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

/// Whether `x_id` has an `x` or `x_name` beside it.
fn has_label(key: &[String], names: &[Vec<String>]) -> bool {
    let stem = key.split_last().map_or(key, |(_, stem)| stem);
    names.iter().any(|name| {
        name == stem
            || name.split_last().is_some_and(|(last, rest)| {
                rest == stem && matches!(last.as_str(), "name" | "title" | "number")
            })
    })
}

/// Whether a name says an amount of money, and which: the sum that a record is about, or a part of one.
fn money(words: &[String]) -> Option<Kind> {
    const MONEY: [&str; 10] = [
        "total", "amount", "balance", "value", "price", "revenue", "budget", "rate", "cost",
        "subtotal",
    ];
    const PARTS: [&str; 6] = ["tax", "sub", "discount", "shipping", "subtotal", "vat"];
    const OPEN: [&str; 4] = ["due", "open", "paid", "outstanding"];
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    let last = words.last()?;
    let named = is(&MONEY, last) || is(&OPEN, last) && words.iter().any(|word| is(&MONEY, word));
    named.then(|| {
        if words.iter().any(|word| is(&PARTS, word)) {
            Kind::Part
        } else if words.len() == 1 {
            Kind::Sum
        } else {
            Kind::Money
        }
    })
}

fn kind(name: &str, shape: &Shape<'_>, nouns: &[String]) -> Option<Kind> {
    let all = words(name);
    let (last, stem) = all.split_last()?;
    let last = last.as_str();
    let of_itself = stem.is_empty() || own_noun(nouns).ends_with(stem);
    let first = all.first().map(String::as_str).unwrap_or_default();
    if shape.write_only || shape.is_array() || !shape.unions.is_empty() {
        return None;
    }
    if shape.is_object() {
        let has = |key: &str| shape.properties.contains_key(key);
        let is_record = has("id") || has("name") || has("title");
        return is_record.then_some(if is_owner(first) {
            Kind::Owner
        } else {
            Kind::Related
        });
    }
    let format = shape.keywords.get("format").and_then(|n| n.value.as_str());
    let dated = matches!(format, Some("date" | "date-time"));
    if let Some(money) = money(&all).filter(|_| !dated) {
        return Some(money);
    }
    Some(match last {
        "id" | "uuid" | "guid" if of_itself => Kind::Id,
        "name" | "title" | "number" | "subject" | "label" | "code" | "headline" | "reference"
            if of_itself || matches!(first, "display" | "full") =>
        {
            Kind::Label
        }
        "company" | "summary" if stem.is_empty() => Kind::Label,
        "email" | "mail" => Kind::Email,
        "firstname" | "lastname" | "surname" => Kind::Person,
        "name" if matches!(first, "first" | "last" | "given" | "family") => Kind::Person,
        "status" | "state" | "stage" | "priority" => Kind::Status,
        "currency" => Kind::Currency,
        _ if matches!(first, "created" | "updated" | "modified" | "deleted")
            && (dated
                || matches!(
                    last,
                    "at" | "on" | "date" | "created" | "updated" | "modified" | "time"
                )) =>
        {
            Kind::Stamp
        }
        "due" | "deadline" | "duedate" => Kind::Due,
        _ if (dated || last == "date")
            && all.iter().any(|w| {
                matches!(
                    w.as_str(),
                    "due" | "end" | "close" | "closing" | "deadline" | "expires" | "expiry"
                )
            }) =>
        {
            Kind::Due
        }
        _ if dated
            || matches!(last, "date" | "on" | "at") && !stem.is_empty()
            || all == ["date"] =>
        {
            Kind::Date
        }
        "id" | "name" | "to" if is_owner(first) => {
            if last == "id" {
                Kind::Key
            } else {
                Kind::Owner
            }
        }
        _ if is_owner(first) && all.len() == 1 => Kind::Owner,
        "id" => Kind::Key,
        "name" => Kind::Related,
        _ if is_long(&all)
            || matches!(format, Some("uri" | "url" | "byte" | "binary" | "html")) =>
        {
            return None;
        }
        _ => Kind::Other,
    })
}

/// The words of a tool's name up to what it lists: those behind it are a verb where names end with one
/// (`lead_sources_list`). What a record is called stands last: `customer_name` is no name of the records
/// of `list_customer_contacts`.
fn own_noun(nouns: &[String]) -> &[String] {
    let is_verb = |word: &String| VERBS.contains(&word.as_str());
    match nouns.split_last() {
        Some((last, rest)) if is_verb(last) && !rest.first().is_none_or(is_verb) => rest,
        _ => nouns,
    }
}

fn is_owner(word: &str) -> bool {
    matches!(
        word,
        "owner"
            | "assignee"
            | "assigned"
            | "responsible"
            | "agent"
            | "manager"
            | "actor"
            | "author"
    )
}

/// Whether a text of this name is more than a cell can show.
fn is_long(words: &[String]) -> bool {
    const LONG: [&str; 24] = [
        "description",
        "notes",
        "note",
        "content",
        "body",
        "html",
        "text",
        "message",
        "comment",
        "comments",
        "terms",
        "url",
        "link",
        "href",
        "avatar",
        "image",
        "photo",
        "logo",
        "hash",
        "metadata",
        "settings",
        "address",
        "bio",
        "signature",
    ];
    words.iter().any(|word| LONG.contains(&word.as_str()))
}
