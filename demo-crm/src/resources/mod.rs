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
