//! The same rows over the documents of the vendors themselves, with the same settings. These documents are not
//! part of the repository: where one is not at hand, nothing is tested, and that is said.

use std::cell::Cell;
use std::panic::catch_unwind;

/// A test of a row, by its name.
pub type Row = (&'static str, fn());

/// Rows of a file.
macro_rules! rows {
    ($($row:ident),* $(,)?) => { &[$((stringify!($row), $row as fn())),*] };
}
pub(crate) use rows;

thread_local! {
    static OVER_THE_VENDORS: Cell<bool> = const { Cell::new(false) };
}

/// The server of a system, by the document that the rows of this thread are about.
pub fn system(name: &str) -> String {
    match OVER_THE_VENDORS.get() {
        true => format!("{name}_vendor"),
        false => name.to_owned(),
    }
}

/// Runs rows over the vendor's document.
pub fn show(rows: &[&[Row]]) {
    if !cfg!(vendors) {
        eprintln!("skipped: the documents of the vendors are not in ../shared/specs");
        return;
    }
    OVER_THE_VENDORS.set(true);
    let rows = rows.iter().copied().flatten();
    let failed: Vec<&str> = rows
        .filter(|(_, row)| catch_unwind(row).is_err())
        .map(|(name, _)| *name)
        .collect();
    OVER_THE_VENDORS.set(false);
    assert!(
        failed.is_empty(),
        "not over the vendor's document: {failed:#?}"
    );
}
