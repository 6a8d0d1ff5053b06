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
        let near = crate::text::nearest(name, known.iter().map(String::as_str));
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
