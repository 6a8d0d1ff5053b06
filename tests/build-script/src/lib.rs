//! Generated code inside a crate of one's own, with hooks and a further tool.
#![forbid(unsafe_code)]

/// Operations and types of the demo CRM.
pub mod crm {
    mcpwright_runtime::include_generated!("crm");
}

use crm::operations::{CreateInvoice, GetCustomer, ListInvoices};
use mcpwright_runtime::json::Value;
use mcpwright_runtime::operation::Hints;
use mcpwright_runtime::typed::Field;
use mcpwright_runtime::{CustomTool, Extensions, Refusal};

/// What this crate adds to the generated server.
#[must_use]
pub fn extend(server: Extensions) -> Extensions {
    server
        .before::<CreateInvoice>(|mut invoice, _| {
            if invoice.customer_id == 5 {
                return Err(Refusal::new("Acme Foods is not billed any more; ask Dana."));
            }
            if invoice.po_number == Field::Absent {
                invoice.po_number = Field::Value("PO-DEFAULT".to_owned());
            }
            Ok(invoice)
        })
        .after::<GetCustomer>(|mut customer, info| {
            if let Some(customer) = customer.as_object_mut() {
                customer.insert("notes_for_model".to_owned(), Value::from(info.tool));
                customer.remove("vat_number");
            }
            customer
        })
        .tool(
            CustomTool::new(
                "count_open_invoices",
                "How many invoices are sent and unpaid.",
                |_, client| async move {
                    let open = ListInvoices {
                        status: Some(vec![crm::types::ListInvoicesStatusItem::Sent]),
                        limit: Some(1),
                        ..ListInvoices::new()
                    };
                    let page = client.call(&open).await?;
                    Ok(Value::from(page.meta.total))
                },
            )
            .title("Count open invoices")
            .hints(Hints::READ),
        )
}
