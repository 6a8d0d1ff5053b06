//! Splitting names into words, and the little English that tool names need.

/// The lower-case ASCII words of a name: `listCustomers`, `leads.create` and `/api/v1/leads` all
/// come apart. Letters of other scripts are written in those of ASCII.
pub fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = if name.is_ascii() {
        name.chars().collect()
    } else {
        in_ascii(name)
    };
    for (i, &c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            flush(&mut words, &mut word);
            continue;
        }
        let before = i.checked_sub(1).and_then(|j| chars.get(j));
        let after = chars.get(i + 1);
        let starts = c.is_ascii_uppercase()
            && before.is_some_and(|b| {
                b.is_ascii_lowercase()
                    || b.is_ascii_digit()
                    || (b.is_ascii_uppercase()
                        && after.is_some_and(char::is_ascii_lowercase)
                        && !is_plural_acronym(&chars, i))
            });
        if starts {
            flush(&mut words, &mut word);
        }
        word.push(c.to_ascii_lowercase());
    }
    flush(&mut words, &mut word);
    words
}

/// A name with its letters in ASCII: `größe` is `grosse`, `клиенты` `klienty`. Each sign of a script without
/// letters is a word. What is no letter stays, and separates words.
fn in_ascii(name: &str) -> Vec<char> {
    let mut chars = Vec::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii() || !c.is_alphanumeric() {
            chars.push(c);
            continue;
        }
        // Marks that are written for signs, such as an apostrophe, are no letters of the word.
        let written = deunicode::deunicode_char(c).unwrap_or(" ");
        let is_kept = |c: &char| c.is_ascii_alphanumeric() || *c == ' ';
        chars.extend(written.chars().filter(is_kept));
    }
    chars
}

/// `IDs` is one word: the small `s` ends an acronym instead of starting a word.
fn is_plural_acronym(chars: &[char], i: usize) -> bool {
    chars.get(i + 1) == Some(&'s') && chars.get(i + 2).is_none_or(|c| !c.is_ascii_lowercase())
}

fn flush(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// A display title: first word capitalised.
pub fn title(words: &[String]) -> String {
    let mut text = words.join(" ");
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}

const IRREGULAR: [(&str, &str); 10] = [
    ("people", "person"),
    ("children", "child"),
    ("statuses", "status"),
    ("taxes", "tax"),
    ("addresses", "address"),
    ("indices", "index"),
    ("cookies", "cookie"),
    ("movies", "movie"),
    ("caches", "cache"),
    ("aliases", "alias"),
];
/// Words that look like plurals and are not, or have none.
const UNCOUNTABLE: [&str; 17] = [
    "news", "series", "status", "address", "business", "access", "process", "progress", "analysis",
    "details", "settings", "sms", "dns", "css", "aws", "staff", "metadata",
];

/// The singular of an English noun, as well as resource names need it.
pub fn singular(word: &str) -> String {
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    if UNCOUNTABLE.contains(&word) || word.ends_with("ss") || word.ends_with("us") || word.len() < 3
    {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return if stem.len() > 1 {
            format!("{stem}y")
        } else {
            word.trim_end_matches('s').to_owned()
        };
    }
    for ending in ["sses", "shes", "ches", "xes", "zzes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// Whether a word reads as a plural.
pub fn plural(word: &str) -> bool {
    singular(word) != word || matches!(word, "staff" | "news" | "series" | "settings" | "details")
}

#[cfg(test)]
mod tests {
    use super::{plural, singular, title, words};

    #[test]
    fn names_come_apart_into_words() {
        for (name, expected) in [
            ("listCustomers", "list customers"),
            ("leads.create", "leads create"),
            ("/api/v1/lead-sources/{id}", "api v1 lead sources id"),
            ("HTTPServer", "http server"),
            ("userIDs", "user ids"),
            ("getURLFor2Users", "get url for2 users"),
            ("GET_THING", "get thing"),
            ("__", ""),
            ("naïve", "naive"),
            ("größe", "grosse"),
            ("Клиенты", "klienty"),
            ("СписокКлиентов", "spisok klientov"),
            ("客户", "ke hu"),
            ("a→b", "a b"),
            ("💩", ""),
            ("\u{202e}x", "x"),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn resource_nouns_have_a_singular() {
        for (many, one) in [
            ("customers", "customer"),
            ("companies", "company"),
            ("statuses", "status"),
            ("status", "status"),
            ("addresses", "address"),
            ("taxes", "tax"),
            ("boxes", "box"),
            ("branches", "branch"),
            ("expenses", "expense"),
            ("invoices", "invoice"),
            ("cases", "case"),
            ("staff", "staff"),
            ("is", "is"),
            ("series", "series"),
            ("cookies", "cookie"),
            ("movies", "movie"),
            ("sizes", "size"),
            ("prizes", "prize"),
            ("buzzes", "buzz"),
            ("caches", "cache"),
            ("aliases", "alias"),
            ("classes", "class"),
        ] {
            assert_eq!(singular(many), one, "{many}");
        }
        assert!(plural("invoices") && !plural("status") && plural("staff"));
    }

    #[test]
    fn titles_start_with_a_capital() {
        assert_eq!(title(&words("listCustomers")), "List customers");
        assert_eq!(title(&[]), "");
    }
}
