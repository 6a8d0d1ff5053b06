//! Invoices as PDF 1.4: one built-in font in two weights, text and lines, as many pages as needed.
//!
//! Written by hand because that is all an invoice needs; PDF crates bring fonts and image codecs.

use std::fmt::Write;

use serde_json::Value;

use crate::resource::{Record, text};

const TOP: i32 = 780;
const BOTTOM: i32 = 120;
const LEFT: i32 = 56;
const RIGHT: i32 = 540;

/// Draws one page at a time into content streams.
struct Sheet {
    pages: Vec<String>,
    y: i32,
}

impl Sheet {
    fn new() -> Self {
        Self {
            pages: vec![String::new()],
            y: TOP,
        }
    }

    fn stream(&mut self) -> &mut String {
        if self.pages.is_empty() {
            self.pages.push(String::new());
        }
        let last = self.pages.len() - 1;
        // The list is never empty here, so this index is always present.
        #[allow(clippy::indexing_slicing)]
        &mut self.pages[last]
    }

    fn text(&mut self, x: i32, size: i32, bold: bool, content: &str) {
        let (font, y) = (if bold { "F2" } else { "F1" }, self.y);
        let escaped = escape(content);
        let _ = writeln!(
            self.stream(),
            "BT /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET"
        );
    }

    fn right(&mut self, x: i32, size: i32, bold: bool, content: &str) {
        let width: i32 = content.chars().map(width).sum();
        self.text(x - (width * size + 500) / 1000, size, bold, content);
    }

    fn rule(&mut self) {
        let y = self.y;
        let _ = writeln!(self.stream(), "0.6 w {LEFT} {y} m {RIGHT} {y} l S");
    }

    fn down(&mut self, by: i32) {
        self.y -= by;
        if self.y < BOTTOM {
            self.pages.push(String::new());
            self.y = TOP;
        }
    }
}

/// Width of a letter in thousandths of the size. Exact for digits and points, so that columns of
/// amounts align; near enough for the few words that are set to the right.
fn width(letter: char) -> i32 {
    match letter {
        '0'..='9' => 556,
        '.' | ',' | ' ' | 'i' | 'l' | 'I' | 't' | 'f' | 'r' => 278,
        '-' => 333,
        'A'..='Z' => 690,
        'm' | 'w' => 800,
        _ => 530,
    }
}

/// The PDF of an invoice with its lines.
pub fn invoice(invoice: &Record, customer: &Record) -> Vec<u8> {
    let mut sheet = Sheet::new();
    let currency = text(invoice, "currency").to_owned();
    sheet.text(LEFT, 20, true, "Northlight Studio");
    sheet.right(RIGHT, 20, true, "INVOICE");
    sheet.down(16);
    sheet.text(
        LEFT,
        9,
        false,
        "Lindenallee 4, 10969 Berlin  |  billing@northlight.example",
    );
    sheet.down(44);
    let address = customer
        .get("billing_address")
        .cloned()
        .unwrap_or(Value::Null);
    let part = |name: &str| {
        address
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned()
    };
    let town = format!("{} {}", part("postal_code"), part("city"))
        .trim()
        .to_owned();
    let mut left = vec![part("line1"), part("line2"), town, part("country")];
    left.retain(|line| !line.is_empty());
    left.insert(0, text(invoice, "customer_name").to_owned());
    let facts = [
        ("Invoice", "number"),
        ("Issued", "issue_date"),
        ("Due", "due_date"),
        ("Status", "status"),
        ("Your order", "po_number"),
    ];
    for row in 0..facts.len() {
        if let Some(line) = left.get(row) {
            sheet.text(LEFT, 10, row == 0, line);
        }
        if let Some((title, field)) = facts.get(row) {
            let value = text(invoice, field).replace('_', " ");
            if !value.is_empty() {
                sheet.text(380, 10, false, title);
                sheet.right(RIGHT, 10, row == 0, &value);
            }
        }
        sheet.down(14);
    }
    sheet.down(26);
    sheet.text(LEFT, 9, true, "Description");
    for (x, title) in [(360, "Quantity"), (440, "Price"), (RIGHT, "Amount")] {
        sheet.right(x, 9, true, title);
    }
    sheet.down(6);
    sheet.rule();
    for line in invoice
        .get("lines")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let get = |name: &str| line.get(name).and_then(Value::as_str).unwrap_or("");
        sheet.down(16);
        sheet.text(
            LEFT,
            10,
            false,
            &get("description").chars().take(48).collect::<String>(),
        );
        sheet.right(
            360,
            10,
            false,
            &format!("{} {}", get("quantity"), get("unit")),
        );
        sheet.right(440, 10, false, get("unit_price"));
        sheet.right(RIGHT, 10, false, get("amount"));
    }
    sheet.down(8);
    sheet.rule();
    for (title, field) in [
        ("Subtotal", "subtotal"),
        ("Tax", "tax_total"),
        ("Total", "total"),
        ("Paid", "amount_paid"),
    ] {
        sheet.down(16);
        let bold = field == "total";
        sheet.text(380, 10, bold, title);
        sheet.right(
            RIGHT,
            10,
            bold,
            &format!("{} {currency}", text(invoice, field)),
        );
    }
    sheet.down(36);
    let due = text(invoice, "due_date");
    let terms = format!(
        "Please pay {} {currency} by {due}.",
        text(invoice, "balance_due")
    );
    sheet.text(LEFT, 10, false, &terms);
    assemble(&sheet.pages, text(invoice, "number"))
}

/// Puts objects, cross-reference table and trailer together (ISO 32000-1 §7.5).
fn assemble(pages: &[String], title: &str) -> Vec<u8> {
    let first_page = 6;
    let kids: Vec<String> = (0..pages.len())
        .map(|n| format!("{} 0 R", first_page + 2 * n))
        .collect();
    let font = |name: &str| {
        format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>")
    };
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!(
            "<< /Type /Pages /Kids [{}] /Count {} >>",
            kids.join(" "),
            pages.len()
        ),
        font("Helvetica"),
        font("Helvetica-Bold"),
        format!("<< /Title ({}) /Producer (demo-crm) >>", escape(title)),
    ];
    for (n, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
            first_page + 2 * n + 1
        ));
        objects.push(format!(
            "<< /Length {} >>\nstream\n{content}endstream",
            content.len()
        ));
    }
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", n + 1);
    }
    let start = file.len();
    let size = objects.len() + 1;
    let _ = write!(file, "xref\n0 {size}\n0000000000 65535 f \n");
    for offset in offsets {
        let _ = writeln!(file, "{offset:010} 00000 n ");
    }
    let _ = write!(
        file,
        "trailer\n<< /Size {size} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

/// A PDF string: ASCII stays, Latin-1 letters become octal escapes, the rest a question mark.
fn escape(content: &str) -> String {
    let mut out = String::new();
    for c in content.chars() {
        match c {
            '(' | ')' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            '\u{a0}'..='\u{ff}' => {
                let _ = write!(out, "\\{:03o}", u32::from(c));
            }
            '€' => out.push_str("\\200"),
            c if c.is_control() => out.push(' '),
            _ => out.push('?'),
        }
    }
    out
}
