//! The lock as TOML: one line for each operation, in the order of path and method.

use toml_edit::{DocumentMut, InlineTable, Item, Table, Value, value};

use super::{Entry, Lock};
use crate::text;

/// Version of the format.
const VERSION: i64 = 1;
/// What stands at its top.
const HEAD: &str = "\
# Which tool each operation is. Written by mcpwright: commit it, and tools keep their names whatever
# becomes of the document. To give a tool another name, change it here, or pass `--relock` for new names.
";

impl Lock {
    /// Reads a lock.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or_default();
            let line = before.matches('\n').count().saturating_add(1);
            format!("line {line}: {}", text::line(error.message(), 200))
        })?;
        match document.get("version").and_then(Item::as_integer) {
            Some(VERSION) => {}
            Some(other) => {
                return Err(format!(
                    "its version is {other}; this mcpwright reads {VERSION}"
                ));
            }
            None => return Err("it has no `version`".to_owned()),
        }
        let Some(tools) = document.get("tools").and_then(Item::as_table_like) else {
            return Err("it has no table `tools`".to_owned());
        };
        let mut entries = Vec::new();
        for (key, item) in tools.iter() {
            let shown = || text::line(key, 120);
            let Some((method, path)) = key.split_once(' ') else {
                return Err(format!("`{}` is not `METHOD /path`", shown()));
            };
            let text_of = |name: &str| {
                let table = item.as_table_like()?;
                Some(table.get(name)?.as_str()?.to_owned())
            };
            let Some(tool) = text_of("tool") else {
                return Err(format!("`{}` has no text `tool`", shown()));
            };
            // The key of a part ends with it.
            let part = text_of("part").unwrap_or_default();
            let path = match path.strip_suffix(&part) {
                Some(whole) if !part.is_empty() => whole.trim_end_matches(' '),
                _ => path,
            };
            entries.push(Entry {
                path: path.to_owned(),
                method: method.to_owned(),
                part,
                tool,
                operation_id: text_of("id").unwrap_or_default(),
                schema: text_of("schema").unwrap_or_default(),
            });
        }
        entries.sort();
        let beside = document.get("composites").and_then(Item::as_table_like);
        let composites = beside.into_iter().flat_map(|table| {
            table.iter().map(|(tool, item)| {
                let schema = item
                    .as_table_like()
                    .and_then(|line| line.get("schema")?.as_str());
                (tool.to_owned(), schema.unwrap_or_default().to_owned())
            })
        });
        let composites = composites.collect();
        Ok(Self {
            entries,
            composites,
        })
    }

    /// The lock as text; the same lock gives the same bytes.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut document = DocumentMut::new();
        document.insert("version", value(VERSION));
        let mut tools = Table::new();
        for entry in &self.entries {
            let mut line = InlineTable::new();
            line.insert("tool", Value::from(entry.tool.as_str()));
            if !entry.operation_id.is_empty() {
                line.insert("id", Value::from(entry.operation_id.as_str()));
            }
            line.insert("schema", Value::from(entry.schema.as_str()));
            let mut key = format!("{} {}", entry.method, entry.path);
            if !entry.part.is_empty() {
                line.insert("part", Value::from(entry.part.as_str()));
                key = format!("{key} {}", entry.part);
            }
            tools.insert(&key, value(Value::InlineTable(line)));
        }
        document.insert("tools", Item::Table(tools));
        if !self.composites.is_empty() {
            let mut beside = Table::new();
            for (tool, schema) in &self.composites {
                let mut line = InlineTable::new();
                line.insert("schema", Value::from(schema.as_str()));
                beside.insert(tool, value(Value::InlineTable(line)));
            }
            document.insert("composites", Item::Table(beside));
        }
        format!("{HEAD}{document}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Lock};

    #[test]
    fn what_is_written_is_read_again() {
        let entry = |method: &str, path: &str, tool: &str, id: &str| Entry {
            path: path.to_owned(),
            method: method.to_owned(),
            part: String::new(),
            tool: tool.to_owned(),
            operation_id: id.to_owned(),
            schema: "00ff".to_owned(),
        };
        let part = |part: &str, tool: &str| Entry {
            part: part.to_owned(),
            ..entry("POST", "/notes", tool, "createNote")
        };
        let lock = Lock {
            entries: vec![
                entry("GET", "/\"quoted\"\n/{id}", "get_quoted", "a'\"b"),
                entry("GET", "/leads", "list_leads", ""),
                entry("POST", "/leads", "create_lead", "createLead"),
                part("kind=deal", "create_note_for_deal"),
                part("kind=lead", "create_note_for_lead"),
            ],
            composites: [("find_lead".to_owned(), "ff00".to_owned())].into(),
        };
        let text = lock.to_text();
        assert_eq!(Lock::read(&text), Ok(lock));
        assert!(
            text.contains("\"GET /leads\" = { tool = \"list_leads\", schema = \"00ff\" }\n"),
            "{text}"
        );
    }

    #[test]
    fn a_damaged_lock_is_refused_with_its_place() {
        for (text, expected) in [
            ("version = 1\n[tools]\n<<<<<<< ours\n", "line 3: "),
            ("", "it has no `version`"),
            ("version = 2\n", "its version is 2; this mcpwright reads 1"),
            ("version = 1\n", "it has no table `tools`"),
            (
                "version = 1\n[tools]\nGET = {}\n",
                "`GET` is not `METHOD /path`",
            ),
            (
                "version = 1\n[tools]\n\"GET /a\" = 1\n",
                "`GET /a` has no text `tool`",
            ),
            (
                "version = 1\n[tools]\n\"GET /a\" = {tool = \"a\"}\n\"GET /a\" = {tool = \"b\"}\n",
                "line 4: ",
            ),
        ] {
            let error = Lock::read(text).unwrap_err();
            assert!(error.starts_with(expected), "{text:?}: {error}");
        }
    }
}
