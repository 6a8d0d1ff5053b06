//! CSV as in RFC 4180, with one guard for spreadsheets.

/// One line. Fields with commas, quotes or line breaks are quoted.
pub fn line(fields: &[String]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| quote(field)).collect();
    format!("{}\r\n", fields.join(","))
}

fn quote(field: &str) -> String {
    // A spreadsheet would run such a cell as a formula.
    let formula =
        field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<f64>().is_err();
    let field = if formula {
        format!("'{field}")
    } else {
        field.to_owned()
    };
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_only_when_needed_and_formulas_are_defused() {
        let fields = ["plain", "a,b", "say \"hi\"", "=1+1", "-5.00"].map(str::to_owned);
        assert_eq!(
            line(&fields),
            "plain,\"a,b\",\"say \"\"hi\"\"\",'=1+1,-5.00\r\n"
        );
    }
}
