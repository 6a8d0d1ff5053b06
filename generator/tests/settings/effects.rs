//! One test per key, or per few that belong together.

use mcpwright::ir::{Presence, Risk};
use serde_json::json;

use crate::{generate, operation, refusal, with};

/// An entry about one operation.
fn about(id: &str, facts: &str) -> String {
    format!("[[operation]]\nselect = \"{id}\"\n{facts}\n")
}

fn files(settings: &str) -> String {
    let files = generate(settings).unwrap().files;
    files.values().cloned().collect()
}

#[test]
fn server_names_the_server_the_package_and_the_address() {
    let api = with(
        "[server]\nname = \"crm\"\npackage = \"my-crm\"\nbase_url = \"https://new.example.com\"\n",
    );
    assert_eq!((api.name.as_str(), api.package.as_str()), ("crm", "my-crm"));
    assert_eq!(api.servers, ["https://new.example.com"]);
    let said = refusal("[server]\nbase_url = \"ftp://x\"\n");
    assert!(said.contains("E0922") && said.contains("http"), "{said}");
}

#[test]
fn what_is_turned_off_or_excluded_is_left_out_with_its_reason() {
    for settings in [
        about(
            "deleteLead",
            "enabled = false\nreason = \"Nobody deletes.\"",
        ),
        "[server]\nexclude = [{ select = \"DELETE /leads/{id}\", reason = \"Nobody deletes.\" }]"
            .to_owned(),
    ] {
        let api = with(&settings);
        assert_eq!(api.operations().count(), 4);
        assert_eq!(api.exclusions.len(), 1);
        assert_eq!(api.exclusions[0].reason, "Nobody deletes.");
    }
}

#[test]
fn every_kind_of_selector_selects() {
    for (selector, count) in [
        ("\"listLeads\"", 1),
        ("\"GET /leads\"", 1),
        ("\"get /leads\"", 1),
        ("\"tag:leads\"", 5),
        ("\"$.paths.*.get\"", 2),
        ("\"$.paths['/leads']\"", 2),
        ("\"$.paths.*[?@.operationId]\"", 5),
        ("[\"listLeads\", \"tag:leads\", \"POST /leads\"]", 5),
    ] {
        let api = with(&format!(
            "[[operation]]\nselect = {selector}\nconsequence = \"So it is.\"\n"
        ));
        let said = api
            .operations()
            .filter(|o| o.description.contains("So it is."));
        assert_eq!(said.count(), count, "{selector}");
    }
}

#[test]
fn name_title_and_group_are_those_that_were_given() {
    let api = with(&about(
        "sendLead",
        "name = \"mail_lead\"\ntitle = \"Mail it\"\ngroup = \"Mail\"",
    ));
    let mail = operation(&api, "sendLead");
    assert_eq!(
        (mail.tool.as_str(), mail.title.as_str()),
        ("mail_lead", "Mail it")
    );
    assert_eq!(
        (mail.type_name.as_str(), mail.static_name.as_str()),
        ("MailLead", "MAIL_LEAD")
    );
    assert!(
        api.groups
            .iter()
            .any(|group| group.title == "Mail" && group.module == "mail")
    );
    assert_eq!(
        mail.risk,
        Risk::Outward,
        "another name does not change what the path says"
    );
}

#[test]
fn styles_of_names() {
    for (style, expected) in [
        ("verb_resource", "create_lead"),
        ("resource_verb", "lead_create"),
        ("dotted", "lead.create"),
    ] {
        let api = with(&format!("[names]\nstyle = \"{style}\"\n"));
        assert_eq!(operation(&api, "createLead").tool, expected);
        assert_eq!(
            operation(&api, "deleteLead").risk,
            Risk::Destructive,
            "{style}"
        );
    }
}

#[test]
fn a_description_is_replaced_or_grows() {
    for (facts, expected) in [
        ("description = \"All of them.\"", "All of them."),
        ("description = { replace = \"All of them\" }", "All of them"),
        (
            "description = { append = \"Newest first\" }",
            "List leads.\nNewest first.",
        ),
        (
            "consequence = \"It is counted\"\nprereq = \"get_lead\"\nsee_also = [\"create_lead\"]",
            "List leads.\nIt is counted.\nCall first: `get_lead`.\nSee also: `create_lead`.",
        ),
        // What is said already is not said again in other words.
        (
            "description = { replace = \"Sends an e-mail to the customer.\", append = \"An e-mail to the customer\" }\nconsequence = \"The customer gets an e-mail\"",
            "Sends an e-mail to the customer.",
        ),
    ] {
        let api = with(&about("listLeads", facts));
        assert_eq!(operation(&api, "listLeads").description, expected);
    }
    let long = "x".repeat(1_000);
    let api = with(&about(
        "listLeads",
        &format!("description = \"{long}\"\nsee_also = [\"create_lead\"]"),
    ));
    let description = &operation(&api, "listLeads").description;
    assert!(description.chars().count() <= 1_024 && description.ends_with("`create_lead`."));
}

#[test]
fn the_class_and_its_hints_are_those_that_were_set() {
    let settings = about("createLead", "class = \"destructive\"")
        + &about(
            "deleteLead",
            "class = \"write\"\nreason = \"It goes to the bin.\"",
        )
        + &about("getLead", "outward = true");
    let api = with(&settings);
    let create = operation(&api, "createLead");
    assert_eq!(
        (create.risk, create.hints.destructive),
        (Risk::Destructive, true)
    );
    let delete = operation(&api, "deleteLead");
    assert_eq!(
        (delete.risk, delete.hints.destructive),
        (Risk::Write, false)
    );
    assert!(
        delete.risk_reason.ends_with("It goes to the bin."),
        "{}",
        delete.risk_reason
    );
    let get = operation(&api, "getLead");
    assert_eq!(
        (get.risk, get.hints.read_only, get.hints.open_world),
        (Risk::Outward, false, true)
    );
    let api = with(&about(
        "sendLead",
        "outward = false\nreason = \"It only marks it.\"",
    ));
    assert_eq!(operation(&api, "sendLead").risk, Risk::Write);
}

#[test]
fn annotations_are_set_one_by_one() {
    let api = with(&about(
        "createLead",
        "annotations = { idempotentHint = true, openWorldHint = true }",
    ));
    let hints = operation(&api, "createLead").hints;
    assert!(hints.idempotent && hints.open_world && !hints.read_only && !hints.destructive);
}

#[test]
fn lowering_a_risk_takes_a_reason() {
    for facts in [
        "class = \"read\"",
        "annotations = { destructiveHint = false }",
        "annotations = { readOnlyHint = true }",
    ] {
        let said = refusal(&about("deleteLead", facts));
        assert!(said.contains("E0928"), "{facts}: {said}");
        with(&about(
            "deleteLead",
            &format!("{facts}\nreason = \"It is a test.\""),
        ));
    }
    assert!(refusal(&about("sendLead", "outward = false")).contains("E0928"));
}

#[test]
fn an_example_stands_in_the_schema() {
    let api = with(&about(
        "createLead",
        "[operation.fields.name]\nexample = \"Acme\"",
    ));
    assert_eq!(
        operation(&api, "createLead").input_schema["properties"]["name"]["examples"],
        json!(["Acme"])
    );
    let api = with(&about(
        "createLead",
        "[operation.fields.\"lines[].sku\"]\nexample = \"A-1\"",
    ));
    assert_eq!(
        operation(&api, "createLead").input_schema["properties"]["lines"]["items"]["properties"]["sku"]
            ["examples"],
        json!(["A-1"])
    );
}

#[test]
fn a_hidden_argument_is_gone_and_a_fixed_one_is_sent() {
    let settings = about(
        "createLead",
        "[operation.fields.source]\nfixed = \"mcp\"\n[operation.fields.note]\nhide = true",
    );
    let api = with(&settings);
    let create = operation(&api, "createLead");
    let schema = create.input_schema.to_string();
    assert!(
        !schema.contains("source") && !schema.contains("\"note\":{\"type\":\"string\"},\"own"),
        "{schema}"
    );
    assert_eq!(create.input_schema["required"], json!(["name"]));
    assert!(
        create
            .fields
            .iter()
            .all(|field| field.name != "source" && field.name != "note")
    );
    assert_eq!(create.settled.fixed, [("source".to_owned(), json!("mcp"))]);
    assert!(files(&settings).contains("fixed: &[(\"source\", \"\\\"mcp\\\"\")]"));
}

#[test]
fn words_stand_for_values() {
    let settings = about(
        "listLeads",
        "[operation.fields.status]\nenum_alias = { open = 1, won = 2 }\n[operation.fields.tags]\nenum_alias = { apple = \"a\" }",
    );
    let api = with(&settings);
    let list = operation(&api, "listLeads");
    let properties = &list.input_schema["properties"];
    assert_eq!(
        properties["status"],
        json!({"type": "string", "enum": ["open", "won", "3"]})
    );
    assert_eq!(
        properties["tags"]["items"],
        json!({"type": "string", "enum": ["apple", "b"]})
    );
    let files = files(&settings);
    assert!(
        files.contains("(\"won\", \"2\")") && files.contains("\"/tags/*\""),
        "{files}"
    );
}

/// Values that the document does not list pass as they are.
#[test]
fn words_stand_beside_values_that_are_not_listed() {
    let settings = about(
        "createLead",
        "[operation.fields.source]\nenum_alias = { campaign = \"compaign\" }",
    ) + &about(
        "listLeads",
        "[operation.fields.limit]\nenum_alias = { few = 5 }",
    );
    let api = with(&settings);
    assert_eq!(
        operation(&api, "createLead").input_schema["properties"]["source"],
        json!({"description": "Known values: campaign.", "type": "string"})
    );
    assert_eq!(
        operation(&api, "listLeads").input_schema["properties"]["limit"],
        json!({"anyOf": [{"type": "string", "enum": ["few"]}, {"type": "integer", "maximum": 80}]})
    );
    let files = files(&settings);
    let words = "(\"campaign\", \"\\\"compaign\\\"\")";
    assert!(
        files.contains(words) && files.contains("(\"few\", \"5\")"),
        "{files}"
    );
}

#[test]
fn null_is_refused_sent_or_left_out() {
    let presence = |settings: &str| {
        let api = with(settings);
        let create = operation(&api, "createLead");
        let field = create.fields.iter().find(|f| f.name == "ownerIds").unwrap();
        let sent = create.nullable.contains(&"/ownerIds".to_owned());
        (field.presence, sent, create.settled.null_refused.clone())
    };
    let null = |policy: &str| {
        about(
            "createLead",
            &format!("[operation.fields.ownerIds]\nnull = \"{policy}\""),
        )
    };
    assert_eq!(presence(""), (Presence::OptionalNullable, true, vec![]));
    assert_eq!(
        presence(&null("clear")),
        (Presence::OptionalNullable, true, vec![])
    );
    assert_eq!(presence(&null("omit")), (Presence::Optional, false, vec![]));
    assert_eq!(
        presence(&null("reject")),
        (Presence::Optional, false, vec!["/ownerIds".to_owned()])
    );
    let nested = about(
        "createLead",
        "[operation.fields.\"lines[].note\"]\nnull = \"clear\"",
    );
    assert!(
        operation(&with(&nested), "createLead")
            .nullable
            .contains(&"/lines/*/note".to_owned())
    );
    assert!(files(&null("reject")).contains("null_refused: &[\"/ownerIds\"]"));
}

#[test]
fn a_parameter_is_added() {
    let settings = about(
        "listLeads",
        "add_param = [{ name = \"page[no]\", type = \"integer\", description = \"Page\", required = true }]",
    );
    let api = with(&settings);
    let list = operation(&api, "listLeads");
    assert_eq!(
        list.input_schema["properties"]["page_no"],
        json!({"description": "Page", "type": "integer"})
    );
    assert_eq!(list.input_schema["required"], json!(["page_no"]));
    let sent = list.parameters.last().unwrap();
    assert_eq!(
        (sent.name.as_str(), sent.argument.as_str(), sent.location),
        ("page[no]", "page_no", "query")
    );
    assert!(files(&settings).contains("pub page_no: i64"));
}

#[test]
fn what_is_never_shown_is_listed_with_and_without_its_envelope() {
    let settings = about("getLead", "unwrap = \"/data\"\nredact = [\"/hash\"]");
    assert_eq!(
        operation(&with(&settings), "getLead").settled.redact,
        ["/data/hash", "/hash"]
    );
    assert!(files(&settings).contains("redact: &[\"/data/hash\", \"/hash\"]"));
}

#[test]
fn a_limit_has_a_default_and_a_most() {
    let settings = about(
        "listLeads",
        "limit = { param = \"limit\", default = 20, max = 100 }",
    );
    let api = with(&settings);
    assert_eq!(
        operation(&api, "listLeads").input_schema["properties"]["limit"],
        json!({"type": "integer", "maximum": 80, "default": 20}),
        "the document's own maximum is lower"
    );
    assert!(files(&settings).contains("max: 80u32"));
    let said = refusal(&about(
        "listLeads",
        "limit = { param = \"limit\", default = 90 }",
    ));
    assert!(said.contains("E0931"), "{said}");
}

#[test]
fn hints_grow_from_entry_to_entry() {
    let hint = "[[operation.hint]]\nwhen = { status = 401 }\ntext = \"Sign in.\"\n[[operation.hint]]\nwhen = { argument = \"null\", field = \"*Ids\" }\ntext = \"Give [].\"";
    let settings = about("tag:leads", hint)
        + &about(
            "getLead",
            "[[operation.hint]]\nwhen = { body = \"/code\", text = \"GONE\" }\ntext = \"It is gone.\"",
        );
    let api = with(&settings);
    let advice = &operation(&api, "getLead").settled.advice;
    assert_eq!(advice.len(), 3);
    assert_eq!(advice[2].contains.as_deref(), Some("gone"));
    assert_eq!(operation(&api, "listLeads").settled.advice.len(), 2);
    let files = files(&settings);
    assert!(
        files.contains("status: 401u16") && files.contains("null_at: \"*Ids\""),
        "{files}"
    );
}

#[test]
fn of_two_values_the_later_holds_and_lists_grow() {
    let settings = about("tag:leads", "title = \"One\"\nsee_also = \"get_lead\"")
        + &about(
            "listLeads",
            "title = \"Two\"\nsee_also = [\"create_lead\", \"get_lead\"]",
        );
    let api = with(&settings);
    let list = operation(&api, "listLeads");
    assert_eq!(list.title, "Two");
    assert!(
        list.description
            .ends_with("See also: `get_lead`, `create_lead`.")
    );
    assert_eq!(operation(&api, "getLead").title, "One");
}

#[test]
fn reports_say_where_each_fact_was_set_and_why() {
    let api = with(&about(
        "deleteLead",
        "class = \"write\"\nreason = \"To the bin.\"",
    ));
    let fact = &operation(&api, "deleteLead").settled.facts[0];
    assert_eq!((fact.key.as_str(), &fact.value), ("class", &json!("write")));
    assert_eq!(
        (fact.from.as_str(), fact.reason.as_deref()),
        ("mcpwright.toml:3", Some("To the bin."))
    );
}

#[test]
fn f5_calls_are_confirmed_as_the_operator_says_and_less_care_takes_a_reason() {
    let confirm = |facts: &str, select: &str, id: &str| {
        let api = with(&about(select, facts));
        operation(&api, id)
            .settled
            .confirm
            .map(|confirm| confirm.as_str())
    };
    for (facts, expected) in [
        ("confirm = \"token\"", "token"),
        ("confirm = \"deny\"", "deny"),
        ("confirm = \"off\"\nreason = \"A test system.\"", "off"),
        ("confirm = \"arg\"\nreason = \"As the vendor does.\"", "arg"),
    ] {
        assert_eq!(
            confirm(facts, "deleteLead", "deleteLead"),
            Some(expected),
            "{facts}"
        );
    }
    // A write need not be confirmed, and can be.
    assert_eq!(
        confirm("confirm = \"auto\"", "createLead", "createLead"),
        Some("auto")
    );
    for facts in ["confirm = \"off\"", "confirm = \"arg\""] {
        let said = refusal(&about("deleteLead", facts));
        assert!(said.contains("E0928"), "{said}");
        assert!(
            said.contains("(destructive) are confirmed as `auto`"),
            "{said}"
        );
    }
}

#[test]
fn settings_are_part_of_the_hash_in_generated_files() {
    let plain = with("").document_sha256;
    assert_ne!(
        plain,
        with(&about("getLead", "title = \"One\"")).document_sha256
    );
}

/// [A17] Who the credential belongs to is asked first.
#[test]
fn a17_the_instructions_name_the_tool_that_says_whose_credential_it_is() {
    let named = " get_lead says who you work for.";
    for (value, expected) in [("true", true), ("false", false)] {
        let settings = about("getLead", &format!("whoami = {value}"));
        let instructions = generate(&settings).unwrap().api.instructions;
        assert_eq!(instructions.ends_with(named), expected, "{instructions}");
    }
}

#[test]
fn calls_stand_in_descriptions_as_far_as_is_asked_for() {
    let shows = |settings: &str, id: &str| {
        let api = with(settings);
        let said = &operation(&api, id).description;
        said.lines().any(|line| line.starts_with("Example: {"))
    };
    let examples = |which: &str| format!("[descriptions]\nexamples = \"{which}\"\n");
    for (settings, create, get, list) in [
        // Names and types tell all: a call of texts and numbers needs no example.
        (String::new(), false, false, false),
        (examples("needed"), false, false, false),
        (examples("all"), true, true, false),
        (examples("none"), false, false, false),
    ] {
        assert_eq!(shows(&settings, "createLead"), create, "{settings}");
        assert_eq!(shows(&settings, "getLead"), get, "{settings}");
        assert_eq!(shows(&settings, "listLeads"), list, "{settings}");
    }
    assert!(refusal(&examples("some")).contains("descriptions.examples"));
}

#[test]
fn the_prefix_of_the_tools_over_records_is_part_of_the_server() {
    let prefix = |text: &str| format!("[views.records]\nprefix = \"{text}\"\n");
    let generated = generate(&prefix("sales")).unwrap();
    let root = &generated.files["src/lib.rs"];
    assert!(root.contains("records_prefix: \"sales\""), "{root}");
    for wrong in ["Sales", "", "1a", "a-b", "aaaaaaaaaaaaaaaaaaaaa"] {
        let said = refusal(&prefix(wrong));
        assert!(said.contains("views.records.prefix"), "{wrong}: {said}");
    }
}

#[test]
fn entities_have_the_names_of_the_operator_and_each_word_begins_a_path() {
    let named = |name: &str, word: &str| format!("[views.records.entities]\n{name} = \"{word}\"\n");
    for word in ["leads", "/leads/", "Leads"] {
        let api = with(&named("prospect", word));
        let expected = [("prospect".to_owned(), "leads".to_owned())];
        assert_eq!(api.records_entities, expected);
    }
    let generated = generate(&named("prospect", "leads")).unwrap();
    let root = &generated.files["src/lib.rs"];
    assert!(
        root.contains("records_entities: &[(\"prospect\", \"leads\")]"),
        "{root}"
    );
    for (wrong, code) in [
        (named("prospect", "lead_sources"), "E0923"),
        (named("Prospect", "leads"), "E0922"),
        (
            format!("{}again = \"leads\"\n", named("prospect", "leads")),
            "E0922",
        ),
    ] {
        let said = refusal(&wrong);
        assert!(said.contains(code), "{wrong}: {said}");
    }
}

#[test]
fn the_pattern_of_keys_is_one_that_can_be_tried() {
    let pattern = |text: &str| format!("[server]\ntoken_pattern = '{text}'\n");
    let api = with(&pattern("^(pk_|eyJ)"));
    assert_eq!(api.token_pattern.as_deref(), Some("^(pk_|eyJ)"));
    let generated = generate(&pattern("^pk_")).unwrap();
    assert!(generated.files["src/lib.rs"].contains("token_pattern: \"^pk_\""));
    for wrong in ["(", "(?=x)", ""] {
        let said = refusal(&pattern(wrong));
        assert!(
            said.contains("E0922") && said.contains("token_pattern"),
            "{wrong}: {said}"
        );
    }
}

#[test]
fn an_argument_can_be_one_that_no_result_repeats() {
    let settings = about("createLead", "[operation.fields.name]\nredact = true");
    assert_eq!(
        operation(&with(&settings), "createLead").settled.concealed,
        ["/name"]
    );
    assert!(files(&settings).contains("concealed: &[\"/name\"]"));
}

#[test]
fn an_operation_can_have_an_address_and_a_scheme_of_its_own() {
    let settings = about("getLead", "base_url = \"https://files.example.com/\"");
    let api = with(&settings);
    let server = operation(&api, "getLead").server.unwrap();
    assert_eq!(api.own_servers[server].variable, "LEADS_FILES_BASE_URL");
    assert_eq!(api.own_servers[server].urls, ["https://files.example.com"]);
    assert_eq!(operation(&api, "listLeads").server, None);
    // That of all operations is none of its own.
    let same = about("getLead", "base_url = \"https://old.example.com/\"");
    assert_eq!(operation(&with(&same), "getLead").server, None);
    for wrong in ["ftp://x", "files.example.com", ""] {
        let said = refusal(&about("getLead", &format!("base_url = \"{wrong}\"")));
        assert!(said.contains("E0922"), "{wrong}: {said}");
    }
    let said = refusal(&about("getLead", "security = [\"nothing\"]"));
    assert!(said.contains("E0934"), "{said}");
}

#[test]
fn b12_a_list_is_merged_with_that_of_the_record_by_the_tool_that_reads_the_path() {
    let document = r##"
openapi: 3.1.0
info: {title: Leads, version: "1"}
servers: [{url: "https://crm.example.com"}]
paths:
  /leads/{lead}:
    parameters: [{name: lead, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: readLead
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {
        data: {type: object, properties: {id: {type: integer}, values: {type: array, items: {type: object}}}}}}}}}}
    put:
      operationId: changeLead
      parameters: [{name: If-Match, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {
        note: {type: string},
        other: {type: array, items: {type: object, properties: {sku: {type: string}}}},
        values: {type: array, items: {type: object, properties: {columnId: {type: string}, value: {}}}}}}}}}
      responses: {"200": {description: ok}}
  /leads:
    post:
      operationId: createLead
      requestBody: {content: {application/json: {schema: {type: object, properties: {
        values: {type: array, items: {type: object, properties: {columnId: {type: string}}}}}}}}}
      responses: {"200": {description: ok}}
"##;
    let run = |operation: &str, field: &str, by: &str| {
        let facts = format!("[operation.fields.{field}]\nmerge_by = \"{by}\"");
        mcpwright::Config::new()
            .spec_str("leads.yaml", document)
            .settings(&about(operation, &facts))
            .generate()
    };
    let api = run("changeLead", "values", "columnId").unwrap().api;
    let update = operation(&api, "changeLead");
    let [merge] = update.settled.merges.as_slice() else {
        panic!("{:?}", update.settled.merges)
    };
    let given = [("lead".to_owned(), "lead".to_owned())];
    assert_eq!(
        (merge.get.as_str(), merge.given.as_slice()),
        ("get_lead", &given[..])
    );
    assert_eq!(
        (merge.from.as_str(), merge.key.as_str()),
        ("/data/values", "columnId")
    );
    assert_eq!(merge.kept, ["columnId", "value"]);
    assert_eq!(merge.if_match, "If-Match");
    let text = &update.description;
    assert!(
        text.contains("`values` is merged by `columnId` with what get_lead has"),
        "{text}"
    );
    // Only of the other list it is true that it is replaced.
    assert!(text.contains("REPLACES the whole list: other."), "{text}");
    for (id, field, by, reason) in [
        (
            "changeLead",
            "values",
            "column",
            "its items have no `column`, but `columnId`",
        ),
        (
            "changeLead",
            "note",
            "columnId",
            "it is no list in the body",
        ),
        (
            "changeLead",
            "other",
            "sku",
            "answers of `get_lead` have no `other`",
        ),
        ("createLead", "values", "columnId", "no tool reads `/leads`"),
    ] {
        let said = run(id, field, by).unwrap_err().to_string();
        assert!(
            said.contains("E0946") && said.contains(reason),
            "{reason}: {said}"
        );
    }
}
