//! The resources of the CRM: each file has a field table, its routes, and what is special to it.

use crate::http::route::Route;

mod activities;
mod attachments;
mod contacts;
mod contracts;
mod customers;
mod invoice_steps;
mod invoices;
mod items;
mod leads;
mod notes;
mod outbox;
mod payments;
mod projects;
mod reference;
mod reports;
mod staff;
mod system;
mod tasks;
mod tickets;
mod timesheets;

/// Every operation of the API.
pub fn routes() -> Vec<Route> {
    [
        system::routes(),
        customers::routes(),
        contacts::routes(),
        leads::routes(),
        items::routes(),
        invoices::routes(),
        invoice_steps::routes(),
        payments::routes(),
        outbox::routes(),
        projects::routes(),
        tasks::routes(),
        timesheets::routes(),
        tickets::routes(),
        attachments::routes(),
        contracts::routes(),
        notes::routes(),
        staff::routes(),
        reference::routes(),
        reports::routes(),
        activities::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::routes;

    /// The document is checked against the server elsewhere; this is the other direction: nothing
    /// is served that the document does not tell. A copy of the sources without it skips the test.
    #[test]
    fn every_route_is_in_the_document_and_every_operation_is_routed() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/crm.yaml");
        let Ok(document) = std::fs::read_to_string(file) else {
            return;
        };
        let methods = ["get", "put", "post", "patch", "delete"];
        let mut documented = BTreeSet::new();
        let mut path = "";
        for line in document.lines() {
            // Two spaces before a path, four before a method: all of this document is so.
            let key = line.trim_start().trim_end_matches(':');
            match line.len() - line.trim_start().len() {
                2 if key.starts_with('/') => path = key,
                4 if methods.contains(&key) => {
                    documented.insert(format!("{} {path}", key.to_uppercase()));
                }
                _ => {}
            }
        }
        let served: BTreeSet<String> = routes()
            .iter()
            .map(|route| format!("{} {}", route.method, route.path))
            .collect();
        assert_eq!(served, documented);
    }
}
