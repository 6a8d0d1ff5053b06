//! Small files of the kinds that services answer with, which programs can open.

/// A picture of one grey point.
const PNG: [u8; 67] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b,
    0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x68, 0x00, 0x00, 0x00,
    0x82, 0x00, 0x81, 0xda, 0x45, 0x08, 0x3b, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];
/// An archive of nothing.
const ZIP: [u8; 22] = [
    0x50, 0x4b, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

/// The media type and the content of a file that has a title.
pub(super) fn file(media_type: &str, title: &str) -> (String, Vec<u8>) {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "application/pdf" => (essence, pdf(title)),
        "application/zip" => (essence, ZIP.to_vec()),
        "image/*" | "image/png" => ("image/png".to_owned(), PNG.to_vec()),
        "image/svg+xml" => {
            let picture = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>"#;
            (essence, picture.as_bytes().to_vec())
        }
        "text/html" => {
            let page = format!(
                "<!doctype html><html><head><title>{title}</title></head><body><p>{title}</p></body></html>\n"
            );
            ("text/html; charset=utf-8".to_owned(), page.into_bytes())
        }
        // A range names no type that an answer could have (RFC 9110 §12.5.1).
        "*/*" | "application/*" | "" => (
            "application/octet-stream".to_owned(),
            format!("{title}\n").into_bytes(),
        ),
        "text/*" => (
            "text/plain; charset=utf-8".to_owned(),
            format!("{title}\n").into_bytes(),
        ),
        _ => (essence, format!("{title}\n").into_bytes()),
    }
}

/// One page with a line of text (PDF 1.4; ISO 32000-1 §7.5).
fn pdf(title: &str) -> Vec<u8> {
    let plain: String = title
        .chars()
        .filter(|c| c.is_ascii_graphic() && !"()\\".contains(*c) || *c == ' ')
        .collect();
    let shown = format!("BT /F1 18 Tf 72 760 Td ({plain}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{shown}\nendstream", shown.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!(
            "{} 0 obj\n{object}\nendobj\n",
            index.saturating_add(1)
        ));
    }
    let table = file.len();
    let count = objects.len().saturating_add(1);
    file.push_str(&format!("xref\n0 {count}\n0000000000 65535 f \n"));
    for place in places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    ));
    file.into_bytes()
}

/// Records as CSV (RFC 4180): a line of names, then one for each.
pub(super) fn csv(records: &[serde_json::Value]) -> String {
    use serde_json::Value;
    let cell = |value: &Value| {
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    let names: Vec<&String> = records
        .first()
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
        .collect();
    let line = |cells: Vec<String>| format!("{}\r\n", cells.join(","));
    let mut text = line(
        names
            .iter()
            .map(|name| cell(&Value::from(name.as_str())))
            .collect(),
    );
    for record in records {
        text.push_str(&line(
            names
                .iter()
                .map(|name| record.get(name.as_str()).map_or_else(String::new, cell))
                .collect(),
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_says_where_its_objects_stand() {
        let file = String::from_utf8(pdf("Invoice (1)")).unwrap_or_default();
        let table: usize = file
            .lines()
            .rev()
            .nth(1)
            .and_then(|line| line.parse().ok())
            .unwrap_or_default();
        assert!(
            file.get(table..)
                .is_some_and(|rest| rest.starts_with("xref")),
            "{file}"
        );
        for (index, line) in file
            .lines()
            .filter(|line| line.ends_with(" 00000 n "))
            .enumerate()
        {
            let place: usize = line
                .get(..10)
                .and_then(|digits| digits.parse().ok())
                .unwrap_or_default();
            let object = format!("{} 0 obj", index + 1);
            assert!(
                file.get(place..)
                    .is_some_and(|rest| rest.starts_with(&object)),
                "{object}"
            );
        }
        assert!(file.contains("(Invoice 1) Tj"));
    }

    #[test]
    fn cells_with_separators_are_quoted() {
        let records = [serde_json::json!({"id": 1, "name": "a,\"b\"", "note": null})];
        assert_eq!(csv(&records), "id,name,note\r\n1,\"a,\"\"b\"\"\",\r\n");
    }
}
