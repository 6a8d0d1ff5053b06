//! The name that was meant by one that is not there.
//!
//! Two questions, which every other part asks here: what people type from memory may be any of the
//! names that look alike ([`most_alike`]); what stands in a document beside the name itself was
//! misspelt by a letter or two ([`misspelt`]).

/// Names that are compared at most: a document may have very many.
const MOST_NAMES: usize = 10_000;
/// Characters of a name that are compared at most.
const LONGEST: usize = 200;
/// From which likeness on, of 1 for the same name (Jaro and Winkler), a name may have been meant.
const ALIKE: f64 = 0.8;
/// Letters in which a misspelt name differs at most.
const MOST_LETTERS: usize = 2;

/// The name that is most like the wanted one, if any is; the first of those that are equally so.
pub fn most_alike<'n>(wanted: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wanted: String = wanted.chars().take(LONGEST).collect();
    let mut best: Option<(f64, &'n str)> = None;
    for name in names.into_iter().take(MOST_NAMES) {
        let score = strsim::jaro_winkler(&wanted, name);
        if score > ALIKE && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, name));
        }
    }
    best.map(|(_, name)| name)
}

/// The name that differs from the written one in its case, in what separates its words, or in one
/// letter of `one_in` of them, and in two at most.
pub fn misspelt<'n>(
    written: &str,
    names: impl IntoIterator<Item = &'n str>,
    one_in: usize,
) -> Option<&'n str> {
    if written.len() > LONGEST {
        return None;
    }
    let written = letters(written);
    let length = written.chars().count();
    let most = MOST_LETTERS.min(length.checked_div(one_in).unwrap_or_default());
    names
        .into_iter()
        .take(MOST_NAMES)
        .filter(|name| name.len() <= LONGEST)
        .map(|name| (letters(name), name))
        // As many letters as the lengths differ by must be put in or taken out.
        .filter(|(letters, _)| letters.chars().count().abs_diff(length) <= most)
        .map(|(letters, name)| (strsim::damerau_levenshtein(&written, &letters), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// A name without case and separators: `request_body` and `RequestBody` are `requestbody`.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{misspelt, most_alike};

    #[test]
    fn the_most_alike_name_is_the_first_of_the_nearest() {
        let names = ["list_invoices", "list_invoice", "get_invoice"];
        for (wanted, meant) in [
            ("list_invoces", Some("list_invoices")),
            ("get_invoices", Some("get_invoice")),
            ("zzz", None),
            ("", None),
        ] {
            assert_eq!(most_alike(wanted, names), meant, "{wanted}");
        }
        assert_eq!(most_alike("ab", ["abX", "abY"]), Some("abX"));
    }

    #[test]
    fn a_misspelt_name_differs_in_few_of_its_letters() {
        for (written, name, one_in, is_meant) in [
            ("Pet", "pet", 4, true),
            ("request_body", "requestBody", 4, true),
            ("qurey", "query", 4, true),
            ("itmeId", "itemId", 4, true),
            ("itemId", "teamId", 4, false),
            ("itemId", "teamId", 3, true),
            ("id", "ip", 3, false),
            ("invoiceNumbers", "invoiceNumberXYZ", 3, false),
            ("", "a", 3, false),
            ("a", "", 1, true),
        ] {
            let meant = misspelt(written, [name], one_in);
            assert_eq!(meant.is_some(), is_meant, "{written}, {name}, {one_in}");
        }
    }

    #[test]
    fn names_beyond_all_measure_are_not_compared() {
        let long = "x".repeat(4 << 20);
        assert_eq!(misspelt(&long, [long.as_str()], 4), None);
        assert_eq!(misspelt("xx", [long.as_str()], 1), None);
    }
}
