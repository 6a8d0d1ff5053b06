//! The story, told by a real MCP client (the official Rust SDK) over standard input and output.

use std::path::Path;

use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::{RoleClient, RunningService};
use rmcp::transport::TokioChildProcess;
use rmcp::{ServiceExt as _, transport::ConfigureCommandExt as _};
use serde_json::{Map, Value, json};

use super::KEY;
use crate::calendar;
use crate::cli::terminal::Terminal;
use crate::text;

/// Connects to the server and does what was asked, step by step.
pub async fn play(
    server: &Path,
    prefix: &str,
    base_url: &str,
    terminal: &Terminal,
) -> Result<(), String> {
    let command = tokio::process::Command::new(server).configure(|command| {
        command
            .args(["stdio", "--view", "all"])
            .env(format!("{prefix}_BASE_URL"), base_url)
            .env(format!("{prefix}_API_KEY"), KEY);
    });
    let transport = TokioChildProcess::new(command)
        .map_err(|e| format!("{} cannot be started: {e}", server.display()))?;
    let service = ().serve(transport).await.map_err(|e| format!("the server did not answer: {e}"))?;
    let client = Client { service, terminal };
    let told = client.tell().await;
    // Ends the server too; what it says at the end does not matter any more.
    let _ = client.service.cancel().await;
    told
}

struct Client<'t> {
    service: RunningService<RoleClient, ()>,
    terminal: &'t Terminal,
}

impl Client<'_> {
    async fn tell(&self) -> Result<(), String> {
        let tools = self
            .service
            .list_all_tools()
            .await
            .map_err(|e| e.to_string())?;
        self.remark(&format!("{} tools listed over stdio", tools.len()));

        let found = self
            .call("list_customers", json!({"q": "Acme Corp"}))
            .await?;
        let customer = pick(&found, "/data", |c| at(c, "name") == "Acme Corp")?;
        self.remark(&format!(
            "found {} (customer {})",
            show(at(customer, "name")),
            at(customer, "id")
        ));

        let rates = self
            .call(
                "list_customer_rates",
                json!({"customer_id": at(customer, "id")}),
            )
            .await?;
        let rate = pick(&rates, "/data", |r| at(r, "item_code") == "DEV-HOUR")?;
        self.remark(&format!(
            "the rate for {}: {} an {} ({})",
            show(at(rate, "item_name")),
            show(at(rate, "rate")),
            show(at(rate, "unit")),
            show(at(rate, "source"))
        ));

        let invoice = self
            .call(
                "create_invoice",
                json!({
                    "customer_id": at(customer, "id"),
                    "due_date": calendar::days_from_now(14),
                    "lines": [{"item_id": at(rate, "item_id"), "quantity": "5"}],
                }),
            )
            .await?;
        let number = show(at(&invoice, "number"));
        self.remark(&format!(
            "drafted {number}: {} {}, due {}",
            show(at(&invoice, "total")),
            show(at(&invoice, "currency")),
            show(at(&invoice, "due_date"))
        ));

        let sent = self
            .confirmed("send_invoice", json!({"invoice_id": at(&invoice, "id")}))
            .await?;
        self.remark(&format!("sent; the invoice is now `{}`", status(&sent)));

        let outbox = self
            .call(
                "list_outbox",
                json!({"invoice_id": at(&invoice, "id"), "fields": ["to", "subject", "pdf_url"]}),
            )
            .await?;
        let mail = pick(&outbox, "/data", |_| true)?;
        self.remark("in the CRM's outbox:");
        for (label, value) in [
            ("To", recipients(mail)),
            ("Subject", show(at(mail, "subject"))),
            ("PDF", show(at(mail, "pdf_url"))),
        ] {
            self.terminal.say(format!("        {label:<8} {value}"));
        }

        let pdf = self
            .service
            .call_tool(request(
                "download_invoice_pdf",
                json!({"invoice_id": at(&invoice, "id")}),
            ))
            .await;
        let pdf = pdf.map_err(|e| e.to_string())?;
        if pdf.is_error == Some(true) {
            return Err(text_of(&pdf));
        }
        self.terminal.say(format!(
            "   {} {number} is with the customer, and the PDF can be read through the same server",
            self.terminal.tick()
        ));
        Ok(())
    }

    fn remark(&self, text: &str) {
        self.terminal.say(format!("      {text}"));
    }

    /// Calls a tool that shows what it would do first, and says yes for the person.
    async fn confirmed(&self, tool: &str, mut arguments: Value) -> Result<Value, String> {
        self.say_call(tool, &arguments);
        let preview = self.raw(tool, arguments.clone()).await?;
        let text = text_of(&preview);
        let token = text.split("\"confirm_token\": \"").nth(1);
        let Some(token) = token.and_then(|rest| rest.split('"').next()) else {
            return Err(format!("{tool} asked nobody: {text}"));
        };
        let asked = text.split_once('\n').map_or("", |(asked, _)| asked);
        self.remark(asked);
        if let Some(arguments) = arguments.as_object_mut() {
            arguments.insert("confirm_token".to_owned(), token.into());
        }
        self.terminal.say(format!(
            "   {} {tool} again, with the token of the preview: you said yes",
            self.terminal.bold("→")
        ));
        structured(tool, self.raw(tool, arguments).await?)
    }

    /// Calls a tool and returns what it answered as structured content.
    async fn call(&self, tool: &str, arguments: Value) -> Result<Value, String> {
        self.say_call(tool, &arguments);
        structured(tool, self.raw(tool, arguments).await?)
    }

    fn say_call(&self, tool: &str, arguments: &Value) {
        self.terminal
            .say(format!("   {} {tool} {arguments}", self.terminal.bold("→")));
    }

    async fn raw(&self, tool: &str, arguments: Value) -> Result<CallToolResult, String> {
        self.service
            .call_tool(request(tool, arguments))
            .await
            .map_err(|e| format!("{tool}: {e}"))
    }
}

/// The structured content of an answer that is no error.
fn structured(tool: &str, result: CallToolResult) -> Result<Value, String> {
    if result.is_error == Some(true) {
        return Err(format!("{tool}: {}", text_of(&result)));
    }
    result
        .structured_content
        .ok_or_else(|| format!("{tool} answered without structured content"))
}

fn request(tool: &str, arguments: Value) -> CallToolRequestParams {
    let arguments: Map<String, Value> = match arguments {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments)
}

fn text_of(result: &CallToolResult) -> String {
    let all: Vec<&str> = result
        .content
        .iter()
        .filter_map(|c| c.as_text())
        .map(|t| t.text.as_str())
        .collect();
    text::cut(&all.join("\n"), 600)
}

fn pick<'v>(
    value: &'v Value,
    list: &str,
    wanted: impl Fn(&Value) -> bool,
) -> Result<&'v Value, String> {
    value
        .pointer(list)
        .and_then(Value::as_array)
        .and_then(|items| items.iter().find(|item| wanted(item)))
        .ok_or_else(|| "the CRM's answer has no such record".to_owned())
}

/// A member of an object; null if there is none.
fn at<'v>(value: &'v Value, key: &str) -> &'v Value {
    value.get(key).unwrap_or(&Value::Null)
}

fn show(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), |s| text::line(s, 200))
}

/// Sending answers with the mail or with the invoice; either says how the invoice stands.
fn status(sent: &Value) -> String {
    let status = sent
        .pointer("/invoice/status")
        .or_else(|| sent.get("status"));
    status.map_or_else(|| "sent".to_owned(), show)
}

fn recipients(mail: &Value) -> String {
    match at(mail, "to") {
        Value::Array(list) => list.iter().map(show).collect::<Vec<_>>().join(", "),
        other => show(other),
    }
}
