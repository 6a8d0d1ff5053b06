//! Where a file is, as references see it (RFC 3986 §5).

use std::fmt;

use crate::diagnostics::{Code, Refusal};

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Location {
    /// A path below the folder that references are held in, with `/`, without dot segments.
    File(String),
    /// An address, `http` or `https`.
    Url(String),
}

/// What helps where a path leads out of the folder.
const BELOW: &str =
    "move the file below that folder, or name a folder that holds both with `--ref-root DIR`";
/// What helps where no folder would: the reference itself is of another kind.
const RELATIVE: &str = "put the file below that folder, and write its path as seen from this file";
/// The same where the scheme is all that is missing.
const SCHEME: &str =
    "write the address with `https:`, and name a file that has its text with `--ref-map URL=FILE`";

impl Location {
    /// The location of a document that was given under a name.
    pub(crate) fn of_name(name: &str) -> Self {
        Self::File(below(&[], &name.replace('\\', "/"), false).unwrap_or_else(|| "document".into()))
    }

    /// Where `reference`, a `$ref` without its fragment, leads from here.
    pub(crate) fn join(&self, reference: &str) -> Result<Self, Refusal> {
        let leaves = |help: &str| {
            let message = format!("`{reference}` leaves the folder of the document");
            Refusal::new(Code::E0341, message).help(help)
        };
        match scheme(reference) {
            Some("http" | "https") => return Ok(Self::Url(reference.to_owned())),
            // `file:`, `data:`, drive letters, …
            Some(_) => {
                return Err(
                    leaves(RELATIVE).note("only relative paths and http(s) addresses are followed")
                );
            }
            None => {}
        }
        match self {
            Self::Url(base) => Ok(Self::Url(against_url(base, reference))),
            Self::File(base) => {
                if reference.contains('\\') {
                    return Err(leaves("write `/` between folders, not a backslash")
                        .note("a path of a reference has no backslashes"));
                }
                if reference.starts_with("//") {
                    let note = "an address without its scheme is none of a file";
                    return Err(leaves(SCHEME).note(note));
                }
                if reference.starts_with('/') {
                    return Err(leaves(RELATIVE).note("absolute paths are not followed"));
                }
                let folder: Vec<&str> = base.split('/').collect();
                let folder = folder.split_last().map_or(&[][..], |(_, folder)| folder);
                below(folder, reference, true)
                    .map(Self::File)
                    .ok_or_else(|| leaves(BELOW))
            }
        }
    }

    /// The name of the file without folders and ending; of `schemas/lead/index.yaml` it is `lead`.
    pub(super) fn stem(&self) -> &str {
        let path = self.as_str().trim_end_matches('/');
        let mut names = path.rsplit('/').map(|name| {
            let name = name.trim_start_matches(['.', '_']);
            name.split_once('.').map_or(name, |(stem, _)| stem)
        });
        let stem = names.next().unwrap_or_default();
        match names.next() {
            Some(folder) if stem == "index" => folder,
            _ => stem,
        }
    }

    /// The folder that holds the file, without the folders around it.
    pub(super) fn folder(&self) -> &str {
        self.as_str().rsplit('/').nth(1).unwrap_or_default()
    }

    /// The path or address.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::File(text) | Self::Url(text) => text,
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The scheme of a reference (RFC 3986 §3.1), in lower case where it matters.
fn scheme(reference: &str) -> Option<&str> {
    let (scheme, _) = reference.split_once(':')?;
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    match scheme {
        _ if !valid => None,
        _ if scheme.eq_ignore_ascii_case("http") => Some("http"),
        _ if scheme.eq_ignore_ascii_case("https") => Some("https"),
        _ => Some(scheme),
    }
}

/// A path below a folder, dot segments applied; `None` when it leaves the outermost folder or holds
/// what no file name holds.
fn below(folder: &[&str], path: &str, decode: bool) -> Option<String> {
    let mut segments: Vec<String> = folder.iter().map(|&segment| segment.to_owned()).collect();
    for segment in path.split('/') {
        let segment = if decode {
            crate::text::percent_decode(segment)?
        } else {
            segment.to_owned()
        };
        // A decoded `%2F` would be a separator that the checks here never saw.
        if segment.contains(['/', '\\', ':']) || segment.contains(char::is_control) {
            return None;
        }
        match segment.as_str() {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            _ => segments.push(segment),
        }
    }
    (!segments.is_empty()).then(|| segments.join("/"))
}

/// A relative reference against an address (RFC 3986 §5.2).
fn against_url(base: &str, reference: &str) -> String {
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    if reference.starts_with("//") {
        return format!("{scheme}:{reference}");
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut segments: Vec<&str> = if reference.starts_with('/') {
        Vec::new()
    } else {
        let mut folder: Vec<&str> = path.split('/').collect();
        folder.pop();
        folder
    };
    for segment in reference.trim_start_matches('/').split('/') {
        match segment {
            "." => {}
            // More of them than folders stay at the root (§5.2.4).
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    format!("{scheme}://{host}/{}", segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_references_stay_below_the_folder() {
        let base = Location::File("api/openapi.yaml".to_owned());
        for (reference, expected) in [
            ("lead.yaml", Some("api/lead.yaml")),
            ("./schemas/lead.yaml", Some("api/schemas/lead.yaml")),
            ("../shared/x.json", Some("shared/x.json")),
            ("a/../b.yaml", Some("api/b.yaml")),
            ("my%20lead.yaml", Some("api/my lead.yaml")),
            ("../../etc/passwd", None),
            ("..%2F..%2Fetc/passwd", None),
            ("%2e%2e/%2e%2e/x", None),
            ("/etc/passwd", None),
            ("//host/share/x", None),
            ("file:///etc/passwd", None),
            ("C:/x.yaml", None),
            ("C:\\x.yaml", None),
            ("..\\x.yaml", None),
            ("a%00.yaml", None),
            ("data:text/plain,x", None),
            ("a:stream.yaml", None),
        ] {
            let found = base.join(reference);
            match expected {
                Some(path) => assert_eq!(found.unwrap(), Location::File(path.to_owned())),
                None => assert_eq!(found.unwrap_err().code, Code::E0341, "{reference}"),
            }
        }
    }

    #[test]
    fn what_helps_depends_on_why_a_reference_is_not_followed() {
        let base = Location::File("api/openapi.yaml".to_owned());
        for (reference, help) in [
            ("../../x.yaml", BELOW),
            ("/schemas/x.yaml", RELATIVE),
            ("file:///schemas/x.yaml", RELATIVE),
            ("ftp://e.com/x.yaml", RELATIVE),
            ("C:/x.yaml", RELATIVE),
            ("//e.com/x.yaml", SCHEME),
            (
                "schemas\\x.yaml",
                "write `/` between folders, not a backslash",
            ),
        ] {
            let refused = base.join(reference).unwrap_err().diagnostic();
            assert_eq!(refused.help.as_deref(), Some(help), "{reference}");
        }
    }

    #[test]
    fn references_in_a_file_with_an_address_follow_the_address() {
        let base = Location::Url("https://e.com/a/b.json?v=1".to_owned());
        for (reference, expected) in [
            ("c.json", "https://e.com/a/c.json"),
            ("../../../c.json", "https://e.com/c.json"),
            ("/c.json", "https://e.com/c.json"),
            ("//f.com/c.json", "https://f.com/c.json"),
            ("http://f.com/c.json", "http://f.com/c.json"),
        ] {
            assert_eq!(base.join(reference).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn a_file_is_named_after_its_stem() {
        for (path, stem) in [
            ("schemas/lead.yaml", "lead"),
            ("lead.schema.json", "lead"),
            ("schemas/lead/index.yaml", "lead"),
            ("_index.yaml", "index"),
            ("_shared.yaml", "shared"),
        ] {
            assert_eq!(Location::File(path.to_owned()).stem(), stem);
        }
    }
}
