//! What `connect` and `disconnect` change in the value of a client's file.

use super::edit::{EditError, object_at};
use super::shape::Shape;
use super::table::Client;
use crate::json::{Object, Value};

/// How an entry shows that it is this server's.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    /// Name of the server, as it is called unless somebody calls it otherwise.
    pub(crate) name: String,
    /// Name of the program's file, without folder and extension.
    pub(crate) program: String,
    /// Prefix of its variables.
    pub(crate) prefix: String,
    /// Addresses under which it is being connected.
    pub(crate) urls: Vec<String>,
}

impl Owner {
    /// Whether the entry under a name is this server's: it starts its program, sets its variables, has its
    /// address, or has some address under the server's own name.
    pub(crate) fn owns_under(&self, name: &str, entry: &Value) -> bool {
        let starts_nothing = ["command", "cmd"]
            .iter()
            .all(|key| entry.get(*key).is_none());
        self.owns(entry) || name == self.name && entry.is_object() && starts_nothing
    }

    /// Whether an entry is this server's, whatever it is called.
    pub(crate) fn owns(&self, entry: &Value) -> bool {
        let Some(entry) = entry.as_object() else {
            return false;
        };
        let is_program = |command: &Value| {
            let command = command.as_str().unwrap_or_default();
            let file = command.rsplit(['/', '\\']).next().unwrap_or_default();
            // Windows tells no capitals from small letters.
            let cut = file.len().saturating_sub(4);
            match file.split_at_checked(cut) {
                Some((stem, end)) if end.eq_ignore_ascii_case(".exe") => {
                    stem.eq_ignore_ascii_case(&self.program)
                }
                _ => file == self.program,
            }
        };
        let text = serde_json::to_string(entry).unwrap_or_default();
        ["command", "cmd"]
            .iter()
            .filter_map(|key| entry.get(*key))
            .any(is_program)
            || names(&text, &format!("{}_", self.prefix))
            || ["url", "serverUrl", "httpUrl", "baseUrl", "uri"]
                .iter()
                .filter_map(|key| entry.get(*key)?.as_str())
                .any(|url| self.urls.iter().any(|own| own == url))
    }
}

/// Whether a text has a word that begins so: `FIX_` stands in `"FIX_TOKEN"`, and not in `"PREFIX_TOKEN"`.
fn names(text: &str, begin: &str) -> bool {
    text.match_indices(begin).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Puts a server's entry into the value of a file.
///
/// # Errors
/// When something else stands where servers should, or another server has the name.
pub(crate) fn connected(
    root: &mut Object,
    client: &Client,
    name: &str,
    shape: &Shape,
    owner: &Owner,
    force: bool,
) -> Result<(), EditError> {
    let servers = object_at(root, &client.at)?;
    let old = servers.get(name);
    if let Some(old) = old
        && !force
        && !owner.owns_under(name, old)
    {
        return Err(EditError::Unexpected(format!(
            "it has another server called `{name}`; choose another name with --name, or replace it with --force"
        )));
    }
    let entry = match old.and_then(Value::as_object) {
        Some(old) => merged(old, shape, client, owner),
        None => shape.entry.clone(),
    };
    servers.insert(name.to_owned(), Value::Object(entry));
    if client.inputs.is_some() {
        ask(root, shape)?;
    }
    Ok(())
}

/// Keys of templates that people set otherwise: which tools a client shows, whether it uses the server at all.
const CHOSEN: [&str; 3] = ["tools", "enabled", "timeout"];
/// What follows the prefix in variables that hold a server back; they are not lost because this shell has none.
const TIGHTER: [&str; 3] = ["_READ_ONLY", "_CONFIRM", "_EXCLUDE_TOOLS"];

/// A program that was started with `--read-only` still is.
fn keep_read_only(new: &mut Value, old: &Value) {
    let flag = Value::from("--read-only");
    let had = old.as_array().is_some_and(|args| args.contains(&flag));
    if let Some(args) = new
        .as_array_mut()
        .filter(|args| had && !args.contains(&flag))
    {
        args.push(flag);
    }
}

/// The new entry with what people have added to the old one: keys that no template has, and variables that
/// are none of the server's.
fn merged(old: &Object, shape: &Shape, client: &Client, owner: &Owner) -> Object {
    let templates = [&client.stdio, &client.http];
    let ours = |key: &str| {
        let mut templates = templates.iter().filter_map(|template| template.as_ref());
        templates.any(|template| template.contains_key(key))
    };
    let mut entry = Object::new();
    for (key, value) in old {
        match shape.entry.get(key) {
            Some(_) if CHOSEN.contains(&key.as_str()) => {
                entry.insert(key.clone(), value.clone());
            }
            Some(new) => {
                let mut new = new.clone();
                keep_read_only(&mut new, value);
                if let (Some(new), Some(old)) = (new.as_object_mut(), value.as_object())
                    && matches!(key.as_str(), "env" | "envs")
                {
                    let theirs = old
                        .iter()
                        .filter(|(name, _)| !name.starts_with(&format!("{}_", owner.prefix)));
                    let held_back = old.iter().filter(|(name, _)| {
                        let rest = name.strip_prefix(&owner.prefix);
                        rest.is_some_and(|rest| TIGHTER.contains(&rest))
                    });
                    let theirs: Vec<_> = theirs
                        .chain(held_back)
                        .filter(|(name, _)| !new.contains_key(*name))
                        .map(|(name, value)| (name.clone(), value.clone()))
                        .collect();
                    new.extend(theirs);
                }
                entry.insert(key.clone(), new);
            }
            None if ours(key) => {}
            None => {
                entry.insert(key.clone(), value.clone());
            }
        }
    }
    for (key, value) in &shape.entry {
        if !entry.contains_key(key) {
            entry.insert(key.clone(), value.clone());
        }
    }
    // What people switched off stays off; the rest of what a template fixes is needed.
    entry
}

/// Adds what the client asks people for, in place of what has the same id.
fn ask(root: &mut Object, shape: &Shape) -> Result<(), EditError> {
    for (key, item) in &shape.inputs {
        let list = root
            .entry(key.clone())
            .or_insert_with(|| Value::Array(Vec::new()));
        let Some(list) = list.as_array_mut() else {
            return Err(EditError::Unexpected(format!("`{key}` is no array")));
        };
        let id = item.get("id");
        if !list.iter().any(|old| old.get("id") == id) {
            list.push(Value::Object(item.clone()));
        }
    }
    Ok(())
}

/// Takes a server's entry out of the value of a file, with what was asked for it alone; whether there was one.
///
/// # Errors
/// When the entry is another server's.
pub(crate) fn disconnected(
    root: &mut Object,
    client: &Client,
    name: &str,
    owner: &Owner,
    force: bool,
) -> Result<bool, EditError> {
    let Some(old) = found(root, client).and_then(|servers| servers.get(name)) else {
        return Ok(false);
    };
    if !force && !owner.owns_under(name, old) {
        return Err(EditError::Unexpected(format!(
            "its server `{name}` is another one; --force removes it all the same"
        )));
    }
    object_at(root, &client.at)?.shift_remove(name);
    let Some(inputs) = &client.inputs else {
        return Ok(true);
    };
    let rest =
        found(root, client).map(|servers| serde_json::to_string(servers).unwrap_or_default());
    let rest = rest.unwrap_or_default();
    let own = format!("{}-", owner.prefix.to_lowercase().replace('_', "-"));
    if let Some(list) = root.get_mut(&inputs.at).and_then(Value::as_array_mut) {
        list.retain(|item| {
            let id = item.get("id").and_then(Value::as_str).unwrap_or_default();
            !id.starts_with(&own) || rest.contains(&format!("${{input:{id}}}"))
        });
        if list.is_empty() {
            root.shift_remove(&inputs.at);
        }
    }
    Ok(true)
}

/// The servers of a file.
pub(crate) fn found<'a>(root: &'a Object, client: &Client) -> Option<&'a Object> {
    let mut object = root;
    for key in &client.at {
        object = object.get(key)?.as_object()?;
    }
    Some(object)
}

/// The entry of a server in the value of a file.
pub(crate) fn entry<'a>(root: &'a Object, client: &Client, name: &str) -> Option<&'a Object> {
    found(root, client)?.get(name)?.as_object()
}

/// What the new entry of a server no longer says of what the old one did: its variables, and options of its
/// program.
pub(crate) fn gone(old: Option<&Object>, new: Option<&Object>, owner: &Owner) -> Vec<String> {
    let mut gone = Vec::new();
    for (place, value) in old.into_iter().flatten() {
        let after = new.and_then(|new| new.get(place));
        match (value, after) {
            (Value::Object(had), Some(Value::Object(has))) => {
                let own = format!("{}_", owner.prefix);
                let named = had.keys().filter(|key| key.starts_with(&own));
                let is_lost = |key: &&String| {
                    let other = match key.strip_suffix("_FILE") {
                        Some(plain) => plain.to_owned(),
                        None => format!("{key}_FILE"),
                    };
                    !has.contains_key(*key) && !has.contains_key(&other)
                };
                gone.extend(named.filter(is_lost).cloned());
            }
            (Value::Array(had), Some(Value::Array(has))) => {
                let texts = had.iter().filter_map(Value::as_str);
                let options = texts.filter(|text| text.starts_with("--"));
                let has = |text: &&str| has.iter().any(|own| own.as_str() == Some(text));
                gone.extend(options.filter(|text| !has(text)).map(str::to_owned));
            }
            _ => {}
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::json;

    #[test]
    fn an_entry_is_known_by_program_variables_and_address() {
        let owner = Owner {
            name: "fix".to_owned(),
            program: "acme-crm-mcp".to_owned(),
            prefix: "ACME".to_owned(),
            urls: vec!["https://crm.example.com/mcp".to_owned()],
        };
        for (entry, is_own) in [
            (
                json!({"command": "/opt/acme-crm-mcp", "args": ["stdio"]}),
                true,
            ),
            (json!({"command": "C:\\bin\\acme-crm-mcp.exe"}), true),
            (json!({"command": "C:\\bin\\Acme-CRM-MCP.EXE"}), true),
            (json!({"command": "acme-crm-mcp-2.exe"}), false),
            (json!({"cmd": "acme-crm-mcp"}), true),
            (json!({"command": "x", "env": {"ACME_BASE_URL": "y"}}), true),
            (
                json!({"url": "z", "headers": {"A": "Bearer ${ACME_MCP_KEY}"}}),
                true,
            ),
            (json!({"serverUrl": "https://crm.example.com/mcp"}), true),
            (
                json!({"command": "/opt/other", "env": {"PRE_ACME_KEY": "y", "XACME_KEY": "z"}}),
                false,
            ),
            (json!({"command": "/opt/acme-crm-mcp-2"}), false),
            (json!({"url": "https://crm.example.com/mcp/other"}), false),
            (json!("acme-crm-mcp"), false),
        ] {
            assert_eq!(owner.owns(&entry), is_own, "{entry}");
        }
    }
}
