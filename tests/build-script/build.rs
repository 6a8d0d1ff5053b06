//! Generates the client and server code for the demo CRM.

fn main() -> Result<(), mcpwright::Error> {
    mcpwright::Config::new()
        .spec("../../specs/crm.yaml")
        .compile()
}
