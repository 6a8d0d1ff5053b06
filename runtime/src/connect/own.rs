//! The folder in which a server keeps credentials, and for which address each of them was given.
//!
//! The generator's command line reads and writes the same folder with this file: it has no dependency on this
//! crate, and takes nothing but the standard library from here.

/// The name of the file that says for which address a credential was given: a line for each, its variable and
/// the origin.
pub(crate) const ORIGINS: &str = "origins";

/// The folder of a server on a system (as [`std::env::consts::OS`] names it), with its environment.
pub(crate) fn folder(
    system: &str,
    variable: &dyn Fn(&str) -> Option<String>,
    server: &str,
) -> Option<String> {
    let get = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    Some(match system {
        "windows" => {
            let base =
                get("APPDATA").or_else(|| Some(get("USERPROFILE")? + r"\AppData\Roaming"))?;
            format!(r"{base}\{server}")
        }
        "macos" => get("HOME")? + "/Library/Application Support/" + server,
        _ => {
            let base = get("XDG_CONFIG_HOME").or_else(|| Some(get("HOME")? + "/.config"))?;
            format!("{base}/{server}")
        }
    })
}

/// Scheme, host and port of an address, as they are compared (RFC 6454); none where it has a user or no host.
pub(crate) fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.trim().split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    if authority.is_empty() || authority.contains('@') {
        return None;
    }
    let authority = authority.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let authority = authority.strip_suffix(usual).unwrap_or(&authority);
    Some(format!("{scheme}://{authority}"))
}

/// The origin for which the credential of a variable was given, by the text of [`ORIGINS`].
pub(crate) fn bound<'t>(text: &'t str, variable: &str) -> Option<&'t str> {
    let mut lines = text.lines().rev();
    lines.find_map(|line| line.trim().strip_prefix(variable)?.strip_prefix(' '))
}

/// The text of [`ORIGINS`] once a credential was given for an origin.
pub(crate) fn with(text: &str, variable: &str, origin: &str) -> String {
    if bound(text, variable) == Some(origin) {
        return text.to_owned();
    }
    let own = format!("{variable} ");
    let others = text.lines().filter(|line| !line.starts_with(&own));
    let mut lines: Vec<String> = others.map(str::to_owned).collect();
    lines.push(format!("{own}{origin}"));
    lines.sort();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_server_have_one_origin() {
        for (url, expected) in [
            (
                "https://CRM.example.com/api/v1",
                Some("https://crm.example.com"),
            ),
            (
                "https://crm.example.com:443",
                Some("https://crm.example.com"),
            ),
            (
                "HTTP://crm.example.com:80/?a",
                Some("http://crm.example.com"),
            ),
            ("http://[::1]:8080/x", Some("http://[::1]:8080")),
            (
                "https://crm.example.com:8443/",
                Some("https://crm.example.com:8443"),
            ),
            (
                "https://crm.example.com\\@evil.example/",
                Some("https://crm.example.com"),
            ),
            ("https://crm.example.com@evil.example/", None),
            ("ftp://crm.example.com", None),
            ("https:///x", None),
            ("crm.example.com", None),
        ] {
            assert_eq!(origin(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn a_credential_has_one_address() {
        let text = with("", "B_KEY", "https://b");
        let text = with(&text, "A_KEY", "https://a");
        let text = with(&text, "A_KEY", "https://c");
        assert_eq!(text, "A_KEY https://c\nB_KEY https://b\n");
        assert_eq!(bound(&text, "A_KEY"), Some("https://c"));
        assert_eq!(bound(&text, "A"), None);
        assert_eq!(bound(&text, "KEY"), None);
    }

    #[test]
    fn each_system_has_its_folder() {
        let get = |name: &str| {
            let value = match name {
                "HOME" => "/home/ann",
                "USERPROFILE" => r"C:\Users\ann",
                _ => return None,
            };
            Some(value.to_owned())
        };
        for (system, expected) in [
            ("linux", "/home/ann/.config/crm"),
            ("macos", "/home/ann/Library/Application Support/crm"),
            ("windows", r"C:\Users\ann\AppData\Roaming\crm"),
        ] {
            assert_eq!(folder(system, &get, "crm").as_deref(), Some(expected));
        }
        assert_eq!(folder("linux", &|_| None, "crm"), None);
    }
}
