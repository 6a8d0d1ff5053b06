//! Texts and numbers as CRMs have them, by the name of what they stand in. All people, companies and addresses are
//! made up; mail and web addresses are below the names that RFC 2606 keeps for examples, telephone numbers in
//! the range that is kept for fiction.

use super::seed::Seed;
use crate::calendar::date;
use crate::names::{singular, words};

/// The day that all dates are told from: 1 November 2026.
const TODAY: i64 = 20_758;

const FIRST: [&str; 16] = [
    "Ann", "Ben", "Carla", "David", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Kemi",
    "Lena", "Mateo", "Nora", "Omar", "Priya",
];
const LAST: [&str; 16] = [
    "Abbott",
    "Berger",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ito",
    "Jensen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Patel",
];
const COMPANY: [&str; 16] = [
    "Acme Corp",
    "Fabrikam GmbH",
    "Contoso Health",
    "Northwind Traders",
    "TechStart Ltd",
    "Bluebird Media",
    "Cedar Logistics",
    "Delta Bakery",
    "Evergreen Energy",
    "Falcon Robotics",
    "Granite Homes",
    "Harbor Foods",
    "Iris Design",
    "Juniper Labs",
    "Kestrel Travel",
    "Lumen Studio",
];
const CITY: [&str; 10] = [
    "Berlin", "Lyon", "Porto", "Vienna", "Utrecht", "Aarhus", "Bologna", "Krakow", "Ghent",
    "Leipzig",
];
const COUNTRY: [(&str, &str); 8] = [
    ("DE", "Germany"),
    ("FR", "France"),
    ("PT", "Portugal"),
    ("AT", "Austria"),
    ("NL", "Netherlands"),
    ("DK", "Denmark"),
    ("IT", "Italy"),
    ("BE", "Belgium"),
];
const STREET: [&str; 6] = [
    "Market Street",
    "Mill Lane",
    "Station Road",
    "Garden Row",
    "Harbour Quay",
    "Church Hill",
];
const SUBJECT: [&str; 12] = [
    "Website relaunch",
    "Annual support contract",
    "Question about the last invoice",
    "Onboarding workshop",
    "Upgrade to the team plan",
    "Data migration",
    "Quarterly review",
    "Renewal for next year",
    "Prototype for the fair",
    "Training for new staff",
    "Security audit",
    "Delivery is late",
];
const SENTENCE: [&str; 8] = [
    "Prefers mail over phone.",
    "Asked for a quote by the end of the month.",
    "Met at the spring fair.",
    "Wants to start small and grow from there.",
    "Waiting for their legal team.",
    "Very happy with the last project.",
    "Call back next week.",
    "Needs the documents in English.",
];
const ITEM: [&str; 8] = [
    "Development work, hourly",
    "Support plan, monthly",
    "Workshop, one day",
    "Licence, per seat",
    "Hosting, monthly",
    "Design review",
    "Travel costs",
    "Consulting, hourly",
];
const ROLE: [&str; 6] = [
    "Head of Operations",
    "Accountant",
    "Office Manager",
    "Chief Executive",
    "Developer",
    "Buyer",
];
const INDUSTRY: [&str; 6] = [
    "Health",
    "Logistics",
    "Food",
    "Energy",
    "Media",
    "Education",
];
const TAG: [&str; 8] = [
    "vip",
    "newsletter",
    "partner",
    "trial",
    "renewal",
    "event",
    "local",
    "priority",
];
const COLOR: [&str; 5] = ["#2563eb", "#16a34a", "#dc2626", "#9333ea", "#f59e0b"];

/// A person, whose mail address fits their name wherever both stand in one record.
struct Person {
    first: &'static str,
    last: &'static str,
}

fn person(seed: Seed) -> Person {
    let seed = seed.of("person");
    Person {
        first: seed.of("first").pick(&FIRST).unwrap_or_default(),
        last: seed.of("last").pick(&LAST).unwrap_or_default(),
    }
}

fn company(seed: Seed) -> &'static str {
    seed.of("company").pick(&COMPANY).unwrap_or_default()
}

/// The part of a domain name that is a company's.
fn label(company: &str) -> String {
    let first = company.split(' ').next().unwrap_or_default();
    first.to_ascii_lowercase()
}

/// A date `YYYY-MM-DD`, as far from today as what has this name usually is.
pub(super) fn day(name: &[String], seed: Seed) -> String {
    let has = |all: &[&str]| name.iter().any(|word| all.contains(&word.as_str()));
    let ahead = [
        "due", "expiry", "expires", "expire", "end", "ends", "until", "next", "valid", "deadline",
        "renewal", "expected", "closing", "close",
    ];
    let spread = i64::try_from(seed.below(90)).unwrap_or_default();
    if has(&["birth", "birthday", "birthdate", "dob"]) {
        return date(
            TODAY
                .saturating_sub(9_000)
                .saturating_sub(spread.saturating_mul(120)),
        );
    }
    if has(&ahead) {
        // Some are over.
        return date(TODAY.saturating_add(spread).saturating_sub(20));
    }
    date(TODAY.saturating_sub(spread))
}

/// A point in time (RFC 3339).
pub(super) fn moment(name: &[String], seed: Seed) -> String {
    format!("{}T{}Z", day(name, seed), time(seed))
}

/// A time of a working day.
pub(super) fn time(seed: Seed) -> String {
    let (hour, minute) = (
        seed.of("h").below(9).saturating_add(8),
        seed.of("m").below(12).saturating_mul(5),
    );
    format!("{hour:02}:{minute:02}:00")
}

/// Now, for what changes while the mock runs: the same for all, so that the same calls have the same answers.
pub(super) fn now() -> String {
    format!("{}T12:00:00Z", date(TODAY))
}

/// The text for a property with this name, of a record of this kind; `record` is the seed that all properties of the
/// record share.
pub(super) fn text(name: &str, kind: &str, seed: Seed, record: Seed) -> String {
    let known = known(name, kind, seed, record);
    known.unwrap_or_else(|| seed.pick(&SENTENCE).unwrap_or_default().to_owned())
}

/// The same for names that say what stands there.
pub(super) fn known(name: &str, kind: &str, seed: Seed, record: Seed) -> Option<String> {
    let all = words(name);
    let joined = all.join(" ");
    let has = |word: &str| all.iter().any(|one| one == word);
    let last = all.last().map(String::as_str).unwrap_or_default();
    let who = person(record);
    let firm = company(record);
    let domain = format!("{}.example", label(firm));
    let is_person = [
        "contact", "person", "staff", "user", "member", "lead", "employee", "agent", "author",
        "owner", "assignee",
    ]
    .iter()
    .any(|word| kind == *word || (has(word) && last == "name"));
    let pick = |all: &[&'static str]| seed.pick(all).unwrap_or_default().to_owned();
    let country = COUNTRY
        .get(seed.below(COUNTRY.len()))
        .copied()
        .unwrap_or(("DE", "Germany"));
    Some(match (joined.as_str(), last) {
        (_, "email" | "mail") | ("to" | "cc" | "bcc" | "recipient" | "sender", _) => {
            format!(
                "{}.{}@{domain}",
                who.first.to_lowercase(),
                who.last.to_lowercase()
            )
        }
        ("first name" | "firstname" | "given name" | "forename", _) => who.first.to_owned(),
        ("last name" | "lastname" | "surname" | "family name", _) => who.last.to_owned(),
        ("full name" | "fullname" | "display name", _) => format!("{} {}", who.first, who.last),
        ("username" | "user name" | "login" | "handle", _) => who.first.to_lowercase(),
        (
            _,
            "company" | "organization" | "organisation" | "firm" | "client" | "customer"
            | "account" | "vendor" | "supplier",
        ) => firm.to_owned(),
        (_, "phone" | "phonenumber" | "mobile" | "tel" | "telephone" | "fax" | "whatsapp") => {
            format!("+1-202-555-01{:02}", seed.below(100))
        }
        (_, "city" | "town" | "location" | "place") => pick(&CITY),
        (_, "country" | "nationality") => country.1.to_owned(),
        (_, "street" | "address" | "line1" | "address1") => {
            format!(
                "{} {}",
                seed.of("n").below(120).saturating_add(1),
                pick(&STREET)
            )
        }
        (_, "zip" | "postcode" | "zipcode" | "plz") | ("postal code" | "zip code", _) => {
            format!("{:05}", seed.below(90_000).saturating_add(10_000))
        }
        (_, "state" | "region" | "province" | "county") => {
            pick(&["North", "South", "East", "West"])
        }
        (_, "url" | "website" | "link" | "href" | "homepage" | "domain" | "site" | "uri") => {
            format!(
                "https://{domain}/{}",
                if last == "website" { "" } else { last }
            )
        }
        (_, "currency") | ("currency code", _) => "EUR".to_owned(),
        (_, "language" | "locale" | "lang") => "en".to_owned(),
        (_, "timezone" | "tz") | ("time zone", _) => "Europe/Berlin".to_owned(),
        (_, "color" | "colour") => pick(&COLOR),
        (_, "industry" | "sector") => pick(&INDUSTRY),
        (_, "tag" | "tags" | "label" | "labels") => pick(&TAG),
        (_, "role" | "position") | ("job title", _) => pick(&ROLE),
        ("title", _) if is_person => pick(&ROLE),
        (_, "iban") => format!("DE{:020}", seed.number() % 100_000_000_000_000_000),
        (_, "vat" | "taxid") | ("tax id" | "vat number" | "vat id", _) => {
            format!("DE{:09}", seed.below(1_000_000_000))
        }
        (_, "sku") => format!("SKU-{:04}", seed.below(10_000)),
        (_, "version") => "1.0.0".to_owned(),
        (_, "ip") => format!("192.0.2.{}", seed.below(254).saturating_add(1)),
        (_, "date" | "day") => day(&all, seed),
        (_, "at" | "time" | "timestamp" | "datetime" | "created" | "updated")
            if all.len() > 1 || last.ends_with("ed") =>
        {
            moment(&all, seed)
        }
        (_, "number" | "reference" | "ref" | "no") => {
            let prefix: String = singular(kind).chars().take(3).collect();
            format!(
                "{}-2026-{:04}",
                prefix.to_ascii_uppercase(),
                seed.below(9_000).saturating_add(1)
            )
        }
        (
            _,
            "amount" | "price" | "total" | "subtotal" | "balance" | "rate" | "cost" | "value"
            | "budget" | "discount" | "tax" | "paid" | "due",
        ) => money(seed),
        (_, "quantity" | "qty" | "hours") => seed.below(9).saturating_add(1).to_string(),
        (_, "code" | "slug" | "key") => {
            format!("{}-{}", singular(kind), seed.below(900).saturating_add(100))
        }
        (_, "subject" | "title" | "headline" | "topic") => pick(&SUBJECT),
        (
            _,
            "description" | "notes" | "note" | "comment" | "comments" | "body" | "content"
            | "message" | "text" | "summary" | "remarks" | "bio" | "details",
        ) => {
            if matches!(kind, "item" | "line" | "product" | "service") {
                pick(&ITEM)
            } else {
                pick(&SENTENCE)
            }
        }
        (_, "name") if is_person => format!("{} {}", who.first, who.last),
        (_, "name") => {
            let of = all.iter().rev().nth(1).map_or(kind, String::as_str);
            match of {
                "customer" | "company" | "client" | "organization" | "organisation" | "account"
                | "vendor" | "supplier" => firm.to_owned(),
                "item" | "product" | "service" => pick(&ITEM),
                "city" => pick(&CITY),
                "country" => country.1.to_owned(),
                "tag" | "label" => pick(&TAG),
                "file" | "attachment" | "document" => {
                    format!("{}-{}.pdf", kind, seed.below(900).saturating_add(100))
                }
                _ => pick(&SUBJECT),
            }
        }
        (_, "filename" | "file") => format!("{}-{}.pdf", kind, seed.below(900).saturating_add(100)),
        _ => return None,
    })
}

/// Two letters of a country (ISO 3166-1).
pub(super) fn country_code(seed: Seed) -> String {
    let found = COUNTRY.get(seed.below(COUNTRY.len()));
    found.map_or("DE", |(code, _)| *code).to_owned()
}

/// `475.00`
pub(super) fn money(seed: Seed) -> String {
    let cents = cents(seed);
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// An amount in hundredths: round, as prices are.
fn cents(seed: Seed) -> u64 {
    (seed.number() % 980 + 20).saturating_mul(250)
}

/// A number for a property with this name: from and to, and how many hundredths a step has.
pub(super) fn range(name: &[String]) -> (i64, i64, i64) {
    let last = name.last().map(String::as_str).unwrap_or_default();
    match last {
        "amount" | "price" | "total" | "subtotal" | "balance" | "rate" | "cost" | "value"
        | "budget" | "revenue" | "paid" | "due" | "worth" => (20, 2_000, 250),
        "percent" | "percentage" | "probability" | "progress" | "score" => (5, 95, 500),
        "tax" | "discount" => (0, 25, 100),
        "year" => (2024, 2026, 100),
        "month" => (1, 12, 100),
        "quantity" | "qty" | "hours" | "priority" | "position" | "order" | "rank" | "level" => {
            (1, 8, 100)
        }
        "latitude" | "lat" => (45, 55, 1),
        "longitude" | "lng" | "lon" => (5, 15, 1),
        "timestamp" => (1_785_000_000, 1_793_000_000, 100),
        _ => (1, 60, 100),
    }
}
