//! The typed client of the generated code, against a real CRM.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use mcpwright_runtime::json::{Value, json};
use mcpwright_runtime::typed::{Field, FromJson};
use mcpwright_runtime::upstream::Settings;
use mcpwright_runtime::{CallError, Client, Operation};
use mcpwright_tests::{ADMIN, Crm, READONLY};
use mcpwright_tests_build_script::crm::operations::{
    CreateInvoice, DownloadInvoicePdf, GetCustomer, GetInvoice, ListCustomers, SendInvoice,
    UpdateCustomer,
};
use mcpwright_tests_build_script::crm::{API, types};

fn client(crm: &Crm, key: &str) -> Client {
    let variables = crm.variables(key);
    let settings = Settings::read(&API, &|name| {
        variables
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.clone())
    });
    Client::new(&API, settings.unwrap())
}

/// A value of whatever type stands there.
fn typed<T: FromJson>(value: &Value) -> T {
    T::from_json(value).unwrap()
}

#[tokio::test]
async fn typed_operations_play_the_story_of_an_invoice() {
    let crm = Crm::start();
    let client = client(&crm, ADMIN);
    let customers = client
        .call(&ListCustomers {
            q: Some("acme corp".to_owned()),
            ..ListCustomers::new()
        })
        .await
        .unwrap();
    assert_eq!(customers.meta.total, 1);
    let acme = &customers.data[0];
    assert_eq!(acme.name, "Acme Corp");
    assert_eq!(acme.status, Some(types::CustomerStatus::Active));

    let lines = json!([
        {"item_id": 1, "quantity": "5"},
        {"description": "Travel", "quantity": "1", "unit_price": "120.00"}
    ]);
    let draft = CreateInvoice {
        due_date: Some("2026-12-05".to_owned()),
        ..CreateInvoice::new(acme.id, typed(&lines))
    };
    let invoice = client.call(&draft).await.unwrap();
    assert_eq!(invoice.status, Some(types::InvoiceStatus::Draft));
    assert_eq!(invoice.total.as_deref(), Some("595.00"));
    assert_eq!(invoice.lines.len(), 2);

    let sent = client.call(&SendInvoice::new(invoice.id)).await.unwrap();
    assert_eq!(sent.mail.to, ["billing@acme.example"]);
    let seen = client
        .call(&GetInvoice {
            invoice_id: invoice.id,
        })
        .await
        .unwrap();
    assert_eq!(seen.status, Some(types::InvoiceStatus::Sent));
    assert_eq!(seen.number, invoice.number);
    assert_eq!(
        crm.json(&format!("/invoices/{}", seen.id))["status"],
        "sent"
    );

    let pdf = client
        .call(&DownloadInvoicePdf {
            invoice_id: invoice.id,
        })
        .await
        .unwrap();
    assert_eq!(pdf.media_type, "application/pdf");
    assert!(pdf.data.starts_with(b"%PDF-"));
}

#[tokio::test]
async fn absent_stays_null_clears_and_a_value_changes() {
    let crm = Crm::start();
    let client = client(&crm, ADMIN);
    let before = crm.json("/customers/1");
    assert!(before["phone"].is_string() && before["website"].is_string());
    let change = UpdateCustomer {
        phone: Field::Null,
        industry: Field::Value("Robotics".to_owned()),
        ..UpdateCustomer::new(1)
    };
    assert_eq!(
        Value::Object(change.to_arguments()),
        json!({"customer_id": 1, "industry": "Robotics", "phone": null})
    );
    let answer = client.call(&change).await.unwrap();
    assert_eq!(
        (answer.phone, answer.industry.as_deref()),
        (None, Some("Robotics"))
    );
    let after = crm.json("/customers/1");
    assert_eq!(after["phone"], Value::Null);
    assert_eq!(after["industry"], "Robotics");
    for untouched in ["website", "email", "name", "billing_address", "tags"] {
        assert_eq!(after[untouched], before[untouched], "{untouched}");
    }
}

#[tokio::test]
async fn an_error_of_the_service_is_a_typed_error() {
    let crm = Crm::start();
    let admin = client(&crm, ADMIN);
    for (error, status, part) in [
        (
            admin
                .call(&GetInvoice { invoice_id: 9_999 })
                .await
                .unwrap_err(),
            404,
            "Not found",
        ),
        (
            client(&crm, READONLY)
                .call(&UpdateCustomer::new(1))
                .await
                .unwrap_err(),
            403,
            "Permission denied",
        ),
        (
            client(&crm, "wrong")
                .call(&GetCustomer { customer_id: 1 })
                .await
                .unwrap_err(),
            401,
            "Auth error",
        ),
    ] {
        match &error {
            CallError::Status {
                status: found,
                message,
            } => {
                assert_eq!(*found, status);
                assert!(message.contains(part), "{message}");
            }
            other => panic!("{other:?}"),
        }
    }
    // A service that is gone: nothing was sent, and the error says so.
    let gone = client(&crm, ADMIN);
    drop(crm);
    let error = gone
        .call(&GetCustomer { customer_id: 1 })
        .await
        .unwrap_err();
    match error {
        CallError::Failure(failure) => assert!(!failure.may_have_arrived(), "{failure}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_that_the_document_does_not_know_are_kept() {
    let customer = json!({"id": 7, "name": "New", "status": "on_hold", "surplus": {"a": 1}});
    let customer: types::Customer = typed(&customer);
    assert_eq!(
        customer.status,
        Some(types::CustomerStatus::Other("on_hold".to_owned()))
    );
    assert_eq!(customer.status.as_ref().unwrap().as_str(), "on_hold");
    // What is required and missing is an error that says where.
    let error =
        types::CustomerPage::from_json(&json!({"data": [{"id": 1}], "meta": {}})).unwrap_err();
    assert_eq!(error.path, ["data", "0", "name"]);
}

#[test]
fn arguments_survive_the_way_there_and_back() {
    let lines = json!([{"item_id": 1, "quantity": "5"}]);
    let invoice = CreateInvoice {
        po_number: Field::Null,
        notes: Field::Value("Thanks".to_owned()),
        due_date: Some("2026-01-31".to_owned()),
        ..CreateInvoice::new(1, typed(&lines))
    };
    let arguments = invoice.to_arguments();
    assert_eq!(arguments["lines"], lines);
    let read = CreateInvoice::from_arguments(&arguments).unwrap();
    assert_eq!(read.to_arguments(), arguments);
}

#[test]
fn the_build_script_ran_for_this_document_and_runs_again_when_it_changes() {
    // What Cargo kept of the build script's output stands beside OUT_DIR.
    let said = std::fs::read_to_string(concat!(env!("OUT_DIR"), "/../output")).unwrap();
    assert!(
        said.lines()
            .any(|line| line == "cargo::rerun-if-changed=../../specs/crm.yaml"),
        "{said}"
    );
    assert!(API.operations.len() >= 60);
    assert_eq!(mcpwright_runtime::coverage::check(&API), Ok(()));
}
