//! Views over real sockets and pipes: rows A9, A10, A13, B6 and B7 of the behaviours.
#![cfg(feature = "http")]
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use common::http::{Http, ask, raw, start};
use common::process::token;
use common::process::{Server, command, modern};
use common::upstream::{self, Ledger};
use serde_json::{Value, json};

/// Names of the tools at an address.
async fn names(server: &Http, path: &str, fields: &str) -> Vec<String> {
    let (status, answer) = ask(server, path, fields, "tools/list", json!({})).await;
    assert_eq!(status, 200, "{path}: {answer}");
    names_in(&answer)
}

fn names_in(answer: &Value) -> Vec<String> {
    let tools = answer["result"]["tools"].as_array().unwrap();
    let name = |tool: &Value| tool["name"].as_str().unwrap().to_owned();
    tools.iter().map(name).collect()
}

/// The result of a tool at an address.
async fn call(server: &Http, path: &str, tool: &str, arguments: Value) -> Value {
    let params = json!({"name": tool, "arguments": arguments});
    let (_, mut answer) = ask(server, path, "", "tools/call", params).await;
    assert!(answer.get("result").is_some(), "{tool}: {answer}");
    answer["result"].take()
}

/// A call that needs a confirmation, and the one with the token of the preview.
async fn confirmed(server: &Http, path: &str, tool: &str, mut arguments: Value) -> Value {
    let preview = call(server, path, tool, arguments.clone()).await;
    arguments["confirm_token"] = json!(token(&preview));
    call(server, path, tool, arguments).await
}

fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap()
}

async fn server(options: &[&str]) -> (Http, Ledger) {
    let (base, ledger) = upstream::start().await;
    (start(&base, options).await, ledger)
}

const INVOICES: [&str; 1] = ["create_invoice"];
const CUSTOMERS: [&str; 3] = ["list_customers", "get_customer", "delete_customer"];
const LEAN: [&str; 5] = [
    "find_tools",
    "describe_tool",
    "run_read",
    "run_write",
    "run_destructive",
];
const RECORDS: [&str; 8] = [
    "crm_search",
    "crm_get",
    "crm_create",
    "crm_update",
    "crm_delete",
    "crm_action",
    "crm_describe",
    "list_actions",
];

#[tokio::test]
async fn a10_the_url_chooses_toolsets_forms_and_read_only() {
    let (server, _) = server(&[]).await;
    for (path, expected) in [
        ("/x/invoices", INVOICES.to_vec()),
        ("/x/invoices/", INVOICES.to_vec()),
        (
            "/x/Invoices,%20customers",
            [&CUSTOMERS[..], &INVOICES].concat(),
        ),
        ("/x/customers/readonly", CUSTOMERS[..2].to_vec()),
        ("/readonly/x/customers", CUSTOMERS[..2].to_vec()),
        ("/x/invoices/readonly", Vec::new()),
        ("/lean", LEAN.to_vec()),
        ("/lean/readonly", LEAN[..3].to_vec()),
        ("/records", RECORDS.to_vec()),
        (
            "/records/readonly",
            vec!["crm_search", "crm_get", "crm_describe", "list_actions"],
        ),
    ] {
        assert_eq!(names(&server, path, "").await, expected, "{path}");
    }
    // Few and small tools are all listed where nothing is asked for.
    assert_eq!(
        names(&server, "", "").await,
        names(&server, "/all", "").await
    );
    assert_eq!(names(&server, "/all", "").await.len(), 15);
}

#[tokio::test]
async fn a10_header_fields_narrow_the_list_and_it_is_for_that_request_alone() {
    let (server, _) = server(&[]).await;
    for (path, fields, expected) in [
        ("", "X-MCP-Toolsets: invoices\r\n", INVOICES.to_vec()),
        (
            "",
            "X-MCP-Toolsets: invoices\r\nX-MCP-Tools: get_customer\r\n",
            vec!["get_customer", "create_invoice"],
        ),
        (
            "",
            "X-MCP-Tools: probe\r\nX-MCP-Tools: poke\r\n",
            vec!["probe", "poke"],
        ),
        (
            "/x/customers",
            "X-MCP-Exclude-Tools: get_customer\r\n",
            vec!["list_customers", "delete_customer"],
        ),
        (
            "/x/customers",
            "X-MCP-Readonly: true\r\n",
            CUSTOMERS[..2].to_vec(),
        ),
        ("/lean", "X-MCP-Toolsets: invoices\r\n", LEAN.to_vec()),
    ] {
        let (status, answer) = ask(&server, path, fields, "tools/list", json!({})).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(names_in(&answer), expected, "{path} {fields}");
        assert_eq!(answer["result"]["cacheScope"], "private", "{fields}");
        let (_, answer) = ask(&server, path, fields, "server/discover", json!({})).await;
        assert_eq!(answer["result"]["cacheScope"], "private", "{fields}");
    }
    for fields in ["", "X-MCP-Readonly: false\r\n", "X-MCP-Toolsets: \r\n"] {
        let (_, answer) = ask(&server, "/x/customers", fields, "tools/list", json!({})).await;
        assert_eq!(answer["result"]["cacheScope"], "public", "{fields}");
        assert_eq!(names_in(&answer), CUSTOMERS);
    }
}

#[tokio::test]
async fn a10_what_is_not_there_is_said_with_what_there_is() {
    let (server, _) = server(&[]).await;
    for (path, fields, status, parts) in [
        (
            "/x/invoice",
            "",
            404,
            vec!["did you mean invoices?", "customers, invoices, files"],
        ),
        ("/leen", "", 404, vec!["did you mean lean?"]),
        ("/lean/records", "", 404, vec!["exclude each other"]),
        ("/x/%ff", "", 404, vec!["UTF-8"]),
        (
            "",
            "X-MCP-Toolsets: nope\r\n",
            400,
            vec!["there is no toolset `nope`", "secured"],
        ),
        (
            "",
            "X-MCP-Tools: get_custmer\r\n",
            400,
            vec!["did you mean get_customer?"],
        ),
        (
            "",
            "X-MCP-Exclude-Tools: nope\r\n",
            400,
            vec!["there is no tool `nope`"],
        ),
    ] {
        let (found, answer) = ask(&server, path, fields, "tools/list", json!({})).await;
        let message = answer["error"]["message"].as_str().unwrap_or_default();
        assert_eq!(found, status, "{path} {fields}: {answer}");
        assert_eq!(answer["id"], 1, "the error is that of the request");
        for part in parts {
            assert!(message.contains(part), "{path} {fields}: {message}");
        }
    }
}

#[tokio::test]
async fn a10_the_operator_chooses_by_flag_and_environment() {
    let listed = async |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut all = vec![("FIX_BASE_URL", "http://127.0.0.1:9"), ("FIX_TOKEN", "t")];
        all.extend(variables);
        let output = command(&all)
            .arg("tools")
            .args(arguments)
            .output()
            .await
            .unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        let mut lines: Vec<String> = out
            .lines()
            .map(|line| line.split(' ').next().unwrap().to_owned())
            .collect();
        lines.pop();
        let error = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), lines, error)
    };
    for (arguments, variables, expected) in [
        (vec!["--view", "lean"], vec![], LEAN.to_vec()),
        (vec![], vec![("FIX_VIEW", "x/invoices")], INVOICES.to_vec()),
        (
            vec!["--view", "x/invoices"],
            vec![("FIX_VIEW", "lean")],
            INVOICES.to_vec(),
        ),
        (
            vec!["--toolsets", "invoices", "--tools", "probe"],
            vec![],
            vec!["create_invoice", "probe"],
        ),
        (
            vec![],
            vec![("FIX_TOOLS", "probe, poke")],
            vec!["probe", "poke"],
        ),
        (
            vec!["--toolsets", "customers", "--read-only"],
            vec![],
            CUSTOMERS[..2].to_vec(),
        ),
        (
            vec!["--toolsets", "customers"],
            vec![
                ("FIX_READ_ONLY", "1"),
                ("FIX_EXCLUDE_TOOLS", "get_customer"),
            ],
            vec!["list_customers"],
        ),
        (
            vec![
                "--view",
                "records",
                "--records-prefix",
                "acme",
                "--read-only",
            ],
            vec![],
            vec!["acme_search", "acme_get", "acme_describe", "list_actions"],
        ),
    ] {
        let (code, names, error) = listed(&arguments, &variables).await;
        assert_eq!(code, 0, "{arguments:?}: {error}");
        assert_eq!(names, expected, "{arguments:?} {variables:?}");
    }
    for (arguments, part) in [
        (vec!["--view", "nope"], "--view: there is no view `nope`"),
        (vec!["--toolsets", "custmers"], "did you mean customers?"),
        (vec!["--exclude-tools", "nope"], "there is no tool `nope`"),
        (vec!["--records-prefix", "A-b"], "lower-case letters"),
    ] {
        let (code, _, error) = listed(&arguments, &[]).await;
        assert_eq!(code, 2, "{arguments:?}");
        assert!(error.contains(part), "{arguments:?}: {error}");
    }
    // A server serves what was chosen, and a URL may choose otherwise.
    let (server, _) = server(&["--view", "lean"]).await;
    assert_eq!(names(&server, "", "").await, LEAN);
    assert_eq!(names(&server, "/readonly", "").await, LEAN[..3]);
    assert_eq!(names(&server, "/x/invoices", "").await, INVOICES);
}

#[tokio::test]
async fn a10_a_view_hides_and_does_not_revoke() {
    let (server, ledger) = server(&[]).await;
    let result = call(&server, "/x/invoices", "get_customer", json!({"id": "7"})).await;
    assert_ne!(result["isError"], true, "{result}");
    assert_eq!(ledger.last().uri, "/api/customers/7");
    let result = call(&server, "/lean", "get_customer", json!({"id": "8"})).await;
    assert_ne!(result["isError"], true, "{result}");
    assert_eq!(ledger.last().uri, "/api/customers/8");
}

#[tokio::test]
async fn a13_nothing_is_written_through_a_read_only_view() {
    let (open, ledger) = server(&[]).await;
    let arguments = json!({"id": "7"});
    for path in ["/readonly", "/x/customers/readonly", "/records/readonly"] {
        let result = call(&open, path, "delete_customer", arguments.clone()).await;
        assert_eq!(result["isError"], true, "{path}");
        assert!(text(&result).starts_with("Permission denied: "), "{result}");
        assert!(text(&result).contains("readonly"), "{result}");
    }
    // The tools of a view are no way around it.
    let run = json!({"name": "delete_customer", "arguments": arguments});
    let params = json!({"name": "run_destructive", "arguments": run});
    let (_, answer) = ask(&open, "/lean/readonly", "", "tools/call", params).await;
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("no tool `run_destructive`"),
        "{answer}"
    );
    let params = json!({"name": "poke", "arguments": {"what": "a"}});
    let (_, answer) = ask(&open, "", "X-MCP-Readonly: 1\r\n", "tools/call", params).await;
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    assert_eq!(ledger.count(), 0, "nothing was sent");
    let result = confirmed(&open, "", "delete_customer", arguments.clone()).await;
    assert_ne!(result["isError"], true, "{result}");

    // The operator's word holds at every address.
    let (closed, ledger) = server(&["--read-only", "--exclude-tools", "probe"]).await;
    for path in ["", "/all", "/lean", "/records"] {
        let result = call(&closed, path, "delete_customer", arguments.clone()).await;
        assert!(
            text(&result).contains("this server is set to read only"),
            "{result}"
        );
        let result = call(&closed, path, "probe", json!({"what": "a"})).await;
        assert!(text(&result).contains("has switched probe off"), "{result}");
    }
    assert_eq!(ledger.count(), 0);
    let listed = names(&closed, "/all", "").await;
    assert!(!listed.contains(&"probe".to_owned()) && !listed.contains(&"poke".to_owned()));
    let result = call(&closed, "", "get_customer", json!({"id": "7"})).await;
    assert_ne!(result["isError"], true, "{result}");
}

#[tokio::test]
async fn a13_the_command_line_keeps_to_read_only_too() {
    let (base, ledger) = upstream::start().await;
    let variables = [
        ("FIX_BASE_URL", base.as_str()),
        ("FIX_TOKEN", "t"),
        ("FIX_READ_ONLY", "1"),
    ];
    let output = command(&variables)
        .args(["call", "delete_customer", "id=7"])
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("Permission denied: "));
    assert_eq!(ledger.count(), 0);
}

#[tokio::test]
async fn a10_lean_finds_describes_and_runs() {
    let (server, ledger) = server(&[]).await;
    let found = call(
        &server,
        "/lean",
        "find_tools",
        json!({"query": "bill somebody, new invoice"}),
    )
    .await;
    let tools = &found["structuredContent"]["tools"];
    assert_eq!(tools[0]["name"], "create_invoice", "{found}");
    assert_eq!(tools[0]["run_with"], "run_write");
    assert_eq!(tools[0]["needs"], json!(["customer_id", "lines"]));
    assert!(
        text(&found).starts_with(
            "create_invoice (run_write): Creates an invoice. Needs customer_id, lines."
        ),
        "{found}"
    );

    let asked = json!({"query": "customer", "risk": "destructive", "limit": 3});
    let found = call(&server, "/lean", "find_tools", asked).await;
    let names: Vec<&str> = found["structuredContent"]["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["delete_customer"]);
    let found = call(&server, "/lean", "find_tools", json!({"query": "zzzzqqq"})).await;
    assert_ne!(found["isError"], true);
    assert!(
        text(&found).contains("look at a topic with describe_tool: customers, invoices"),
        "{found}"
    );

    let described = call(
        &server,
        "/lean",
        "describe_tool",
        json!({"name": "create_invoice"}),
    )
    .await;
    let shown = &described["structuredContent"];
    assert_eq!(
        shown["arguments"]["properties"]["due_date"]["format"],
        "date"
    );
    assert_eq!(
        serde_json::from_str::<Value>(text(&described)).unwrap(),
        *shown
    );
    let topic = call(
        &server,
        "/lean",
        "describe_tool",
        json!({"name": "customers"}),
    )
    .await;
    assert_eq!(text(&topic).lines().count(), 3, "{topic}");

    // What the example says is accepted.
    let example = shown["example"].clone();
    assert_eq!(example["name"], "create_invoice");
    let result = call(&server, "/lean", "run_write", example).await;
    assert_ne!(result["isError"], true, "{result}");
    assert_eq!(ledger.last().method, "POST");

    // Hosts that write objects as text are understood.
    let run = json!({"name": "get_customer", "arguments": "{\"id\": \"9\"}"});
    let result = call(&server, "/lean", "run_read", run).await;
    assert_ne!(result["isError"], true, "{result}");
    assert_eq!(ledger.last().uri, "/api/customers/9");

    // The same checks, the same words, as when it is called directly; the accepted call is one of this tool.
    let wrong = json!({"customer_id": "c", "lines": [], "due": 5});
    let direct = call(&server, "", "create_invoice", wrong.clone()).await;
    let run = json!({"name": "create_invoice", "arguments": wrong});
    let through = call(&server, "/lean", "run_write", run).await;
    let parts = |result: &Value| -> (String, Value) {
        let (said, call) = text(result)
            .split_once(" Accepted is, for example: ")
            .unwrap();
        (said.to_owned(), serde_json::from_str(call).unwrap())
    };
    let ((said, inner), (said_through, call)) = (parts(&direct), parts(&through));
    assert_eq!(said, said_through);
    assert_eq!(call, json!({"name": "create_invoice", "arguments": inner}));
}

#[tokio::test]
async fn a10_a_runner_takes_tools_of_its_class_only() {
    let (server, ledger) = server(&[]).await;
    for (runner, tool, right) in [
        ("run_read", "create_invoice", "run_write"),
        ("run_read", "delete_customer", "run_destructive"),
        ("run_write", "get_customer", "run_read"),
        ("run_write", "delete_customer", "run_destructive"),
        ("run_destructive", "create_invoice", "run_write"),
    ] {
        let result = call(&server, "/lean", runner, json!({"name": tool})).await;
        assert_eq!(result["isError"], true);
        let said = text(&result);
        assert!(said.starts_with("Validation error: "), "{said}");
        assert!(said.contains(&format!("Call {right} ")), "{said}");
    }
    let result = call(&server, "/lean", "run_read", json!({"name": "get_custmer"})).await;
    assert!(
        text(&result).contains("did you mean get_customer?"),
        "{result}"
    );
    assert_eq!(ledger.count(), 0);
    // What a toolset hides can be run too, so the hints are those of all.
    for path in ["/lean", "/lean/x/files"] {
        let (_, answer) = ask(&server, path, "", "tools/list", json!({})).await;
        let hints: Vec<(bool, bool)> = answer["result"]["tools"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tool| &tool["annotations"])
            .map(|hints| {
                let hint = |name: &str| hints[name].as_bool().unwrap();
                (hint("readOnlyHint"), hint("destructiveHint"))
            })
            .collect();
        assert_eq!(
            hints,
            [
                (true, false),
                (true, false),
                (true, false),
                (false, false),
                (false, true)
            ]
        );
    }
}

#[tokio::test]
async fn a9_records_lead_to_the_same_operations() {
    let (server, ledger) = server(&[]).await;
    let search = json!({"entity": "customers", "filters": {"status": "active"}, "limit": 90});
    // Row D1: lowered, and that is said.
    let result = call(&server, "/records", "crm_search", search).await;
    assert_eq!(ledger.last().uri, "/api/customers?status=active&limit=50");
    assert!(
        text(&result).contains("limit=90 is more than a page can have; 50 was sent"),
        "{result}"
    );
    let search = json!({"entity": "customer", "filters": {"status": "active"}, "limit": 30});
    call(&server, "/records", "crm_search", search).await;
    assert_eq!(ledger.last().uri, "/api/customers?status=active&limit=30");
    call(
        &server,
        "/records",
        "crm_search",
        json!({"entity": "customers"}),
    )
    .await;
    assert_eq!(ledger.last().uri, "/api/customers?limit=20");
    call(
        &server,
        "/records",
        "crm_get",
        json!({"entity": "Customers", "id": 7}),
    )
    .await;
    assert_eq!(ledger.last().uri, "/api/customers/7");
    let data = json!({"customer_id": "c", "lines": [{"text": "Work", "hours": 5}], "note": null});
    let made = json!({"entity": "invoices", "data": data});
    call(&server, "/records", "crm_create", made).await;
    assert_eq!(
        serde_json::from_slice::<Value>(&ledger.last().body).unwrap(),
        json!({"customerId": "c", "lines": [{"text": "Work", "hours": 5}], "note": null})
    );
    let gone = json!({"entity": "empty", "id": "9"});
    confirmed(&server, "/records", "crm_delete", gone).await;
    assert_eq!(
        (ledger.last().method, ledger.last().uri),
        ("DELETE".to_owned(), "/api/empty/9".to_owned())
    );
    let sent = ledger.count();
    for (tool, arguments, part) in [
        (
            "crm_get",
            json!({"entity": "custommers", "id": 1}),
            "did you mean customers?",
        ),
        ("crm_get", json!({"entity": "customers"}), "`id` is missing"),
        (
            "crm_delete",
            json!({"entity": "customers", "id": 1}),
            "customers cannot be deleted",
        ),
        (
            "crm_search",
            json!({"entity": "customers", "query": "x"}),
            "filter instead, by: status, tag.",
        ),
        (
            "crm_search",
            json!({"entity": "customers", "offset": 20}),
            "cannot skip records",
        ),
        (
            "crm_create",
            json!({"entity": "invoices", "data": {"due_date": "soon"}}),
            "customer_id",
        ),
        (
            "crm_action",
            json!({"entity": "customers", "action": "x"}),
            "customers has no actions",
        ),
    ] {
        let result = call(&server, "/records", tool, arguments).await;
        assert_eq!(result["isError"], true);
        assert!(text(&result).starts_with("Validation error: "), "{result}");
        assert!(text(&result).contains(part), "{tool}: {}", text(&result));
    }
    assert_eq!(ledger.count(), sent, "nothing was sent");
}

#[tokio::test]
async fn b6_the_fields_of_an_entity_are_told() {
    let (server, _) = server(&[]).await;
    let shown = call(
        &server,
        "/records",
        "crm_describe",
        json!({"entity": "customers"}),
    )
    .await;
    let shown = &shown["structuredContent"];
    assert_eq!(shown["search"]["tool"], "list_customers");
    assert_eq!(
        shown["search"]["fields"]["status"],
        json!({"type": "string", "enum": ["active", "archived"]})
    );
    assert_eq!(shown["get"]["fields"], json!({}), "the id is not a field");
    let shown = call(
        &server,
        "/records",
        "crm_describe",
        json!({"entity": "invoices"}),
    )
    .await;
    assert_eq!(
        shown["structuredContent"]["create"]["fields"]["customer_id"],
        json!({"type": "string", "required": true})
    );
    let all = call(&server, "/records", "crm_describe", json!({})).await;
    assert_eq!(
        all["structuredContent"]["entities"]["customers"],
        "search, get"
    );
}

#[tokio::test]
async fn views_work_on_stdio() {
    let (base, _) = upstream::start().await;
    let mut server = Server::start(&[
        ("FIX_BASE_URL", base.as_str()),
        ("FIX_TOKEN", "t"),
        ("FIX_VIEW", "lean"),
    ]);
    let answer = server.request(modern(1, "tools/list", json!({}))).await;
    assert_eq!(names_in(&answer), LEAN);
    let run = json!({"name": "get_customer", "arguments": {"id": "3"}});
    let result = server.call("run_read", run).await;
    assert_eq!(result["structuredContent"]["hooked"], true, "{result}");
}

#[tokio::test]
async fn instructions_are_those_of_the_view() {
    let (server, _) = server(&[]).await;
    for (path, parts) in [
        (
            "",
            vec![
                "Tools by topic:",
                "- customers: list_customers, get_customer, delete_customer",
            ],
        ),
        (
            "/x/invoices",
            vec!["lists 1 of 15 tools", "- invoices: create_invoice"],
        ),
        (
            "/lean",
            vec!["find_tools", "run_destructive", "- customers"],
        ),
        (
            "/records",
            vec!["crm_describe", "Entities:", "- customers: search, get"],
        ),
        ("/readonly", vec!["It only reads"]),
    ] {
        let (_, answer) = ask(&server, path, "", "server/discover", json!({})).await;
        let said = answer["result"]["instructions"].as_str().unwrap();
        assert!(said.starts_with("Read before you write."), "{said}");
        for part in parts {
            assert!(said.contains(part), "{path}: {said}");
        }
        assert!(said.len() <= 2_000);
    }
    // The handshake of the other era says the same.
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"0"}}}"#;
    let request = format!(
        "POST /mcp/lean HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        server.address,
        body.len()
    );
    let (status, body) = raw(&server.address, &request).await;
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("run_destructive"), "{body}");
}

#[tokio::test]
async fn the_tools_of_other_views_are_no_way_around_a_confirmation() {
    let (server, ledger) = server(&[]).await;
    for (path, tool, arguments) in [
        (
            "/lean",
            "run_destructive",
            json!({"name": "delete_customer", "arguments": {"id": "5"}}),
        ),
        (
            "/records",
            "crm_delete",
            json!({"entity": "empty", "id": "6"}),
        ),
    ] {
        let sent = ledger.count();
        let (_, listed) = ask(&server, path, "", "tools/list", json!({})).await;
        let listed = listed["result"]["tools"].as_array().unwrap().clone();
        let listed = listed.iter().find(|listed| listed["name"] == tool).unwrap();
        assert!(
            listed["inputSchema"]["properties"]["confirm_token"].is_object(),
            "{listed}"
        );
        let preview = call(&server, path, tool, arguments.clone()).await;
        assert!(
            text(&preview).starts_with("Confirmation needed"),
            "{preview}"
        );
        assert_eq!(ledger.count(), sent);
        let mut arguments = arguments;
        arguments["confirm_token"] = json!(token(&preview));
        let done = call(&server, path, tool, arguments).await;
        assert_ne!(done["isError"], true, "{done}");
        assert_eq!(ledger.count(), sent + 1);
    }
}
