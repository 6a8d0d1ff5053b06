//! Lists of records as tables: Markdown and CSV (RFC 4180).

use crate::json::{Object, Value};

/// The widest table that is still read well.
pub(super) const MOST_COLUMNS: usize = 8;

/// The properties of the records, those that are named first in this order and then the others as they
/// come; `None` if there are more than `most`, or something that is no object.
pub(super) fn columns<'a>(
    rows: &'a [Value],
    first: &[&'a str],
    most: usize,
) -> Option<Vec<&'a str>> {
    let mut found: Vec<&str> = first
        .iter()
        .copied()
        .filter(|name| rows.iter().any(|row| row.get(name).is_some()))
        .collect();
    for row in rows {
        for key in row.as_object()?.keys() {
            if !found.contains(&key.as_str()) {
                found.push(key);
            }
            if found.len() > most {
                return None;
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

/// A Markdown table.
pub(super) fn markdown(rows: &[Value], columns: &[&str]) -> String {
    let mut text = String::new();
    for name in columns {
        text.push('|');
        escape(name, &mut text);
    }
    text.push_str("|\n");
    text.push_str(&"|-".repeat(columns.len()));
    text.push('|');
    for row in rows {
        text.push('\n');
        for name in columns {
            text.push('|');
            escape(&cell(row.get(name)), &mut text);
        }
        text.push('|');
    }
    text
}

/// What all rows have in common, on one line above them.
pub(super) fn shared(record: &Value) -> String {
    let mut text = "In all rows: ".to_owned();
    for (index, (name, value)) in record.as_object().into_iter().flatten().enumerate() {
        if index > 0 {
            text.push_str("; ");
        }
        escape(&apart(name.clone()), &mut text);
        text.push('=');
        escape(&apart(cell(Some(value))), &mut text);
    }
    text
}

/// A text that says where it ends, if what separates the others stands in it: a name that somebody chose must not
/// read as one more fact.
fn apart(text: String) -> String {
    let separates = |c: char| matches!(c, ';' | '=' | '"') || c.is_control();
    if text.contains(separates) {
        Value::from(text).to_string()
    } else {
        text
    }
}

/// CSV with a header line.
pub(super) fn csv(rows: &[Value], columns: &[&str]) -> String {
    let line = |cells: Vec<String>| cells.join(",");
    let head = line(columns.iter().map(|name| quoted(name)).collect());
    let lines = rows.iter().map(|row| {
        let cells = columns.iter().map(|name| quoted(&cell(row.get(name))));
        line(cells.collect())
    });
    std::iter::once(head)
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

/// What a cell says: texts as they are, a related record by its name and id, other things as JSON.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(object)) => {
            label(object).unwrap_or_else(|| Value::from(object.clone()).to_string())
        }
        Some(Value::Array(items)) if items.iter().all(is_scalar) => {
            let all: Vec<String> = items.iter().map(|item| cell(Some(item))).collect();
            all.join(", ")
        }
        Some(other) => other.to_string(),
    }
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

/// `Acme (12)` for a record that has nothing but a name and an id.
fn label(object: &Object) -> Option<String> {
    let id = object.get("id").filter(|id| is_scalar(id))?;
    let mut others = object.iter().filter(|(key, _)| *key != "id");
    let (key, name) = others.next()?;
    let is_name = matches!(key.as_str(), "name" | "title" | "label" | "number");
    (is_name && others.next().is_none())
        .then(|| format!("{} ({})", name.as_str().unwrap_or_default(), cell(Some(id))))
}

/// Text that is a cell and nothing else in Markdown (GFM §4.10): no new cell or row, no link, image or tag.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '|' | '[' | ']' | '<' | '\\' | '`' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' | '\t' => out.push(' '),
            c => out.push(c),
        }
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows() -> Vec<Value> {
        vec![
            json!({"id": 1, "name": "a|b\n[x](http://e) <b>", "customer": {"id": 12, "name": "Acme"}}),
            json!({"id": 2, "tags": ["x", "y"], "name": "say \"hi\", then", "sum": {"a": 1}}),
        ]
    }

    /// Row C2.
    #[test]
    fn a_value_that_all_rows_share_is_no_more_than_one_fact() {
        let record = json!({"status": "open", "customer": "Evil; status=paid", "note": "a \"b\""});
        assert_eq!(
            shared(&record),
            r#"In all rows: status=open; customer="Evil; status=paid"; note="a \\"b\\"""#
        );
    }

    #[test]
    fn c2_a_cell_cannot_leave_its_cell() {
        let rows = rows();
        let columns = columns(&rows, &["id", "gone", "name"], 8).unwrap_or_default();
        assert_eq!(columns, ["id", "name", "customer", "tags", "sum"]);
        assert_eq!(
            markdown(&rows, &columns),
            "|id|name|customer|tags|sum|\n|-|-|-|-|-|\n\
             |1|a\\|b \\[x\\](http://e) \\<b>|Acme (12)|||\n\
             |2|say \"hi\", then||x, y|{\"a\":1}|"
        );
        assert_eq!(
            csv(&rows, &["id", "name"]),
            "id,name\n1,\"a|b\n[x](http://e) <b>\"\n2,\"say \"\"hi\"\", then\""
        );
    }

    #[test]
    fn what_is_no_table_is_none() {
        assert_eq!(columns(&[json!(1)], &[], 8), None);
        assert_eq!(columns(&[json!({})], &[], 8), None);
        assert_eq!(columns(&rows(), &[], 4), None);
    }
}
