//! Variables with this server's prefix that it does not know: mistyped ones do nothing, and say nothing.

use super::Finding;
use crate::connect::variables;
use crate::operation::Api;

pub(super) fn check(api: &'static Api, findings: &mut Vec<Finding>) {
    let prefix = format!("{}_", api.env_prefix);
    let known = variables::known(api);
    for (name, _) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with(&prefix)) else {
            continue;
        };
        let is_known = |name: &str| known.iter().any(|known| known == name);
        let is_file = name.strip_suffix("_FILE").is_some_and(is_known);
        if is_known(name) || is_file {
            continue;
        }
        let near = meant(name, &prefix, &known);
        findings.push(Finding::warning(
            "variables",
            format!("{name} is set, and this server knows no such variable"),
            match near {
                Some(near) => format!("did you mean {near}?"),
                None => format!("unset {name}"),
            },
        ));
    }
}

/// The variable that was meant. What all begin with says nothing, and would let any of them look alike.
fn meant<'k>(name: &str, prefix: &str, known: &'k [String]) -> Option<&'k str> {
    let own = name.strip_prefix(prefix)?;
    let known = known
        .iter()
        .filter_map(|one| one.strip_prefix(prefix).zip(Some(one.as_str())));
    let near = crate::text::nearest(own, known.clone().map(|(own, _)| own));
    // `X_TIMEOUT` is the beginning of `X_TIMEOUT_SECONDS`, also where a letter is missing.
    let begins = |of: &str| {
        let whole = format!("{own}_");
        of.starts_with(&whole)
            || of
                .split_once('_')
                .is_some_and(|(first, _)| first.len() > 4 && crate::text::is_one_off(own, first))
    };
    known
        .clone()
        .find(|(of, _)| near == Some(of))
        .or_else(|| known.clone().find(|(of, _)| begins(of)))
        .map(|(_, whole)| whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_variables_begin_with_makes_none_of_them_alike() {
        let api = Api {
            env_prefix: "NORTHLIGHT_CRM",
            ..Api::DEFAULT
        };
        let known = variables::known(&api);
        for (name, near) in [
            ("TIMOUT", Some("TIMEOUT_SECONDS")),
            ("TIMEOUT", Some("TIMEOUT_SECONDS")),
            ("TIMOUT_SECONDS", Some("TIMEOUT_SECONDS")),
            ("BASEURL", Some("BASE_URL")),
            ("TOOL", Some("TOOLS")),
            ("FOO", None),
            ("SOMETHING", None),
        ] {
            let near = near.map(|near| format!("NORTHLIGHT_CRM_{near}"));
            let found = meant(&format!("NORTHLIGHT_CRM_{name}"), "NORTHLIGHT_CRM_", &known);
            assert_eq!(found, near.as_deref(), "{name}");
        }
    }
}
