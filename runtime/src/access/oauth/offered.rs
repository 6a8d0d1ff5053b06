//! Scopes of tokens: what they allow here, and which ones a client is told to ask for.
//!
//! | `<PREFIX>_OAUTH_SCOPES` | scopes that count |
//! |---|---|
//! | not set | `TOOLSET:CLASS`, as keys have them |
//! | `*:read leads:write` | of these, the ones that the issuer knows |
//! | `crm.read=*:read crm.sales=leads:*,deals:*` | names of the issuer's, and what each allows |
//! | `document` | those of the document's security requirements |

use std::collections::BTreeSet;

use super::super::scope::{Scope, allows, document_scopes};
use crate::engine::Entry;

/// Scopes that are told at a time.
const MOST_TOLD: usize = 100;

/// A tool that scopes are needed for: its toolset, and itself.
pub(crate) type Needed<'e> = (String, &'e Entry);

/// The scopes that count.
#[derive(Debug)]
pub(super) enum Offered {
    /// Names, and what each allows.
    Table(Vec<(String, Vec<Scope>)>),
    /// Those of the document.
    Document(BTreeSet<&'static str>),
}

impl Offered {
    /// Reads what the operator says; `tools` are all that there are.
    ///
    /// # Errors
    /// One line that names the variable.
    pub(super) fn read(
        variable: &str,
        text: Option<&str>,
        tools: &[Needed<'_>],
    ) -> Result<Self, String> {
        let mut slugs: Vec<&str> = tools.iter().map(|(slug, _)| slug.as_str()).collect();
        slugs.dedup();
        let Some(text) = text else {
            return Ok(Self::Table(usual(tools)));
        };
        if text == "document" {
            let operations = tools.iter().filter_map(|(_, entry)| entry.operation());
            let uses = operations.flat_map(|operation| operation.security.iter());
            let names: BTreeSet<&str> = uses.flat_map(|uses| document_scopes(uses)).collect();
            if names.is_empty() {
                return Err(format!(
                    "{variable}=document, and no operation of the document names a scope; unset it, or say what the issuer's scopes allow, as crm.read=*:read"
                ));
            }
            return Ok(Self::Document(names));
        }
        let mut table: Vec<(String, Vec<Scope>)> = Vec::new();
        for item in text.split_whitespace() {
            let (name, rights) = item.rsplit_once('=').unwrap_or((item, item));
            if !is_scope(name) {
                return Err(format!(
                    "{variable}: {} is no scope that a token can have",
                    crate::text::cap(&crate::text::clean(name), 60)
                ));
            }
            let rights = rights.split(',').map(|right| Scope::parse(right, &slugs));
            let rights: Vec<Scope> = rights
                .collect::<Result<_, _>>()
                .map_err(|why| format!("{variable}: {why}"))?;
            match table.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => known.extend(rights),
                None => table.push((name.to_owned(), rights)),
            }
        }
        Ok(Self::Table(table))
    }

    /// What the scopes of a token allow, and those of them that count.
    pub(super) fn rights(&self, names: &[String]) -> (Vec<Scope>, Vec<String>) {
        let mut rights = Vec::new();
        let mut counting: Vec<String> = Vec::new();
        for name in names {
            let more = match self {
                Self::Table(table) => {
                    let known = table.iter().find(|(known, _)| known == name);
                    known.map(|(_, rights)| rights.clone()).unwrap_or_default()
                }
                Self::Document(known) if known.contains(name.as_str()) => {
                    vec![Scope::Document(name.clone())]
                }
                Self::Document(_) => Vec::new(),
            };
            if !more.is_empty() && !counting.contains(name) {
                counting.push(name.clone());
                rights.extend(more);
            }
        }
        (rights, counting)
    }

    /// Scopes that allow some tools and, as far as that can be, nothing else. `all` are those that there are.
    pub(super) fn cover(&self, needed: &[Needed<'_>], all: &[Needed<'_>]) -> Vec<String> {
        let mut told = match self {
            Self::Table(table) => cover(table, needed, all),
            Self::Document(_) => {
                let first = |(_, entry): &Needed<'_>| {
                    let operation = entry.operation()?;
                    let mut alternatives = operation.security.iter();
                    alternatives.find(|uses| document_scopes(uses).next().is_some())
                };
                let names = needed.iter().filter_map(first);
                let names: BTreeSet<&str> = names.flat_map(|uses| document_scopes(uses)).collect();
                names.into_iter().map(str::to_owned).collect()
            }
        };
        told.truncate(MOST_TOLD);
        told
    }
}

/// `TOOLSET:CLASS` for all that there are, and `*:CLASS`.
fn usual(tools: &[Needed<'_>]) -> Vec<(String, Vec<Scope>)> {
    let pairs = tools.iter().flat_map(|(slug, entry)| {
        let class = entry.risk().as_str();
        [format!("*:{class}"), format!("{slug}:{class}")]
    });
    let mut names: Vec<String> = Vec::new();
    for name in pairs {
        if is_scope(&name) && !names.contains(&name) {
            names.push(name);
        }
    }
    // What is for all of them comes first.
    names.sort_by_key(|name| !name.starts_with('*'));
    let mut table: Vec<(String, Vec<Scope>)> = Vec::new();
    for name in names {
        let right = Scope::kept(&name);
        table.push((name, right.into_iter().collect()));
    }
    table
}

/// The scopes that allow nothing but what is needed, the widest first; then for each tool that is left, the one
/// that allows least.
fn cover(table: &[(String, Vec<Scope>)], needed: &[Needed<'_>], all: &[Needed<'_>]) -> Vec<String> {
    let open = |rights: &[Scope], tools: &[Needed<'_>]| -> Vec<usize> {
        let tools = tools.iter().enumerate();
        let open = tools.filter(|(_, (slug, entry))| allows(rights, slug, entry));
        open.map(|(place, _)| place).collect()
    };
    // Name, tools of the needed ones that it opens, and how many in all.
    let mut candidates: Vec<(&String, Vec<usize>, usize)> = table
        .iter()
        .map(|(name, rights)| (name, open(rights, needed), open(rights, all).len()))
        .filter(|(_, opened, _)| !opened.is_empty())
        .collect();
    let mut left: BTreeSet<usize> = (0..needed.len()).collect();
    let mut told: Vec<String> = Vec::new();
    let mut take = |name: &String, opened: &[usize], left: &mut BTreeSet<usize>| {
        if opened.iter().any(|place| left.contains(place)) {
            left.retain(|place| !opened.contains(place));
            told.push(name.clone());
        }
    };
    // Stable, so that the order of the table decides between equals.
    candidates.sort_by_key(|(_, opened, _)| std::cmp::Reverse(opened.len()));
    for (name, opened, total) in &candidates {
        if opened.len() == *total {
            take(name, opened, &mut left);
        }
    }
    candidates.sort_by_key(|(_, _, total)| *total);
    for (name, opened, _) in &candidates {
        take(name, opened, &mut left);
    }
    told
}

/// RFC 6749 §3.3, `scope-token`.
fn is_scope(name: &str) -> bool {
    let fits = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    !name.is_empty() && name.len() <= 200 && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Kind;
    use crate::operation::{OperationDef, Risk, SchemeKind, SecurityScheme, SecurityUse};

    static SCHEME: SecurityScheme = SecurityScheme {
        name: "oauth",
        kind: SchemeKind::OAuth2 { token_url: "" },
        variables: &[],
    };
    static LIST: OperationDef = OperationDef {
        tool: "list_leads",
        security: &[&[SecurityUse {
            scheme: &SCHEME,
            scopes: &["leads.read"],
        }]],
        ..OperationDef::DEFAULT
    };
    static MAKE: OperationDef = OperationDef {
        tool: "create_lead",
        risk: Risk::Write,
        security: &[
            &[SecurityUse {
                scheme: &SCHEME,
                scopes: &["leads.write", "leads.read"],
            }],
            &[SecurityUse {
                scheme: &SCHEME,
                scopes: &["admin"],
            }],
        ],
        ..OperationDef::DEFAULT
    };
    static DEALS: OperationDef = OperationDef {
        tool: "list_deals",
        security: &[&[SecurityUse {
            scheme: &SCHEME,
            scopes: &[],
        }]],
        ..OperationDef::DEFAULT
    };

    fn entries() -> Vec<(String, Entry)> {
        [("leads", &LIST), ("leads", &MAKE), ("deals", &DEALS)]
            .map(|(slug, operation)| (slug.to_owned(), Entry::new(Kind::Operation(operation))))
            .to_vec()
    }

    fn needed<'e>(entries: &'e [(String, Entry)], tools: &[&str]) -> Vec<Needed<'e>> {
        let entries = entries.iter();
        let wanted = entries.filter(|(_, entry)| tools.contains(&entry.name()));
        wanted.map(|(slug, entry)| (slug.clone(), entry)).collect()
    }

    const ALL: [&str; 3] = ["list_leads", "create_lead", "list_deals"];

    #[test]
    fn a_token_may_do_what_its_scopes_say_and_nothing_else() {
        let entries = entries();
        let all = needed(&entries, &ALL);
        for (configured, token, expected) in [
            (None, "leads:read", vec!["list_leads"]),
            (None, "leads:write", vec!["create_lead"]),
            (None, "*:read", vec!["list_leads", "list_deals"]),
            // Only what is named as it is: keys have `*` for classes, which would be a way around consent.
            (None, "leads:*", vec![]),
            (None, "read admin openid", vec![]),
            (None, "", vec![]),
            (Some("*:read"), "leads:read", vec![]),
            (Some("*:read"), "*:read", vec!["list_leads", "list_deals"]),
            (
                Some("crm.read=*:read crm.sales=leads:*"),
                "crm.sales",
                vec!["list_leads", "create_lead"],
            ),
            (Some("crm.read=*:read"), "*:read", vec![]),
            (
                Some("https://crm.example/r=*:read"),
                "https://crm.example/r",
                vec!["list_leads", "list_deals"],
            ),
            (Some("document"), "leads.read", vec!["list_leads"]),
            (Some("document"), "leads.write", vec![]),
            (
                Some("document"),
                "leads.write leads.read",
                vec!["list_leads", "create_lead"],
            ),
            (Some("document"), "admin", vec!["create_lead"]),
            (Some("document"), "*:read", vec![]),
        ] {
            let offered = Offered::read("X_OAUTH_SCOPES", configured, &all);
            let Ok(offered) = offered else {
                unreachable!("{offered:?}");
            };
            let names: Vec<String> = token.split_whitespace().map(str::to_owned).collect();
            let (rights, _) = offered.rights(&names);
            let open = all
                .iter()
                .filter(|(slug, entry)| allows(&rights, slug, entry));
            let open: Vec<&str> = open.map(|(_, entry)| entry.name()).collect();
            assert_eq!(open, expected, "{configured:?} {token}");
        }
    }

    #[test]
    fn a_client_is_told_to_ask_for_what_is_needed_and_no_more() {
        let entries = entries();
        let all = needed(&entries, &ALL);
        for (configured, tools, expected) in [
            (None, ALL.as_slice(), vec!["*:read", "*:write"]),
            (None, &["list_leads"], vec!["leads:read"]),
            (None, &["list_leads", "list_deals"], vec!["*:read"]),
            (None, &[], vec![]),
            (
                Some("crm.all=*:* crm.read=*:read"),
                &["list_leads"],
                vec!["crm.read"],
            ),
            (Some("crm.read=*:read"), &["create_lead"], vec![]),
            (
                Some("document"),
                ALL.as_slice(),
                vec!["leads.read", "leads.write"],
            ),
        ] {
            let offered = Offered::read("X_OAUTH_SCOPES", configured, &all);
            let told = offered.map(|offered| offered.cover(&needed(&entries, tools), &all));
            let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(told, Ok(expected), "{configured:?} {tools:?}");
        }
    }

    #[test]
    fn what_is_no_scope_ends_the_start() {
        let entries = entries();
        let all = needed(&entries, &ALL);
        for (configured, said) in [
            ("leeds:read", "names no toolset"),
            ("crm.read=*:reed", "is no scope"),
            ("crm.read=", "is no scope"),
            ("a\"b=*:read", "that a token can have"),
            ("=*:read", "that a token can have"),
        ] {
            let error = Offered::read("X_OAUTH_SCOPES", Some(configured), &all).err();
            let error = error.unwrap_or_default();
            assert!(error.contains(said), "{configured}: {error}");
            assert!(error.starts_with("X_OAUTH_SCOPES"), "{error}");
        }
        let none = Offered::read(
            "X_OAUTH_SCOPES",
            Some("document"),
            &needed(&entries, &["list_deals"]),
        );
        assert!(none.is_err_and(|why| why.contains("no operation of the document names a scope")));
    }
}
