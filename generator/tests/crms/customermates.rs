//! Customermates.

use std::collections::HashSet;
use std::sync::OnceLock;

use mcpwright::ir::{Api, Risk};

use crate::{
    arguments_are_flat, calls_first, destructive_tools_say_so, hints_are_set, made,
    made_of_the_real_document, named_tools_exist, names_are_short, of, operations_are_tools,
    parents_come_first, prompts, reads_are_read_only, support, tool,
};

fn customermates() -> &'static Api {
    static API: OnceLock<Api> = OnceLock::new();
    API.get_or_init(|| made("customermates"))
}

#[test]
fn a1_47_operations_15_webhooks() {
    let api = customermates();
    operations_are_tools(api, 47, 0);
    // Counted apart.
    assert_eq!(api.composites.len(), 22);
    assert_eq!(api.webhooks.len(), 15);
}

#[test]
fn a2_const_unions_become_enums() {
    let api = customermates();
    arguments_are_flat(api);
    let create = tool(api, "create_contact").input_schema.to_string();
    assert!(!create.contains(r#""anyOf":[{"const""#), "{create}");
}

#[test]
fn a4_search_is_called_search() {
    let api = customermates();
    names_are_short(api);
    let search = tool(api, "search_contacts");
    assert_eq!(search.operation_id, "getContacts");
}

#[test]
fn a5_the_plural_says_many() {
    let api = customermates();
    assert_eq!(
        tool(api, "create_contacts").operation_id,
        "createManyContacts"
    );
    for operation in api.operations() {
        for prefix in ["bulk_", "batch_", "many_"] {
            assert!(!operation.tool.contains(prefix), "{}", operation.tool);
        }
    }
}

#[test]
fn a8_tools_are_of_six_groups() {
    assert_eq!(customermates().groups.len(), 6);
}

#[test]
fn a11_drift_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let spec = support::spec("customermates");
    for file in ["openapi.yaml", "overlay.yaml", "mcpwright.toml"] {
        std::fs::copy(spec.join(file), folder.path().join(file)).unwrap();
    }
    let run = |command: &str| {
        let arguments = [command, "openapi.yaml", "--out", "made"];
        support::mcpwright(folder.path(), &arguments)
    };
    assert_eq!(run("generate").code, 0);
    assert_eq!(run("check").code, 0);
    // The document changes behind the crate's back.
    let document = folder.path().join("openapi.yaml");
    let changed = std::fs::read_to_string(&document).unwrap();
    let changed = changed.replacen("Creates one contact.", "Creates one person.", 1);
    std::fs::write(&document, changed).unwrap();
    let drift = run("check");
    assert_ne!(drift.code, 0, "{}", drift.out);
}

#[test]
fn a14_ids_come_first() {
    parents_come_first(customermates());
}

#[test]
fn b1_operators_are_listed() {
    let filters = &tool(customermates(), "search_contacts").input_schema["properties"]["filters"];
    let listed = filters.to_string();
    for operator in [
        "equals",
        "contains",
        "gt",
        "gte",
        "lt",
        "lte",
        "in",
        "notIn",
        "between",
        "hasNone",
        "hasSome",
        "isNull",
        "isNotNull",
        "inLastDays",
    ] {
        assert!(
            listed.contains(&format!("\"{operator}\"")),
            "{operator}: {listed}"
        );
    }
}

#[test]
fn b2_the_filter_example_validates() {
    let api = customermates();
    let mut searches = 0;
    for entity in ["contacts", "organizations", "deals", "services", "tasks"] {
        let filters = &tool(api, &format!("search_{entity}")).input_schema["properties"]["filters"];
        let example = &filters["examples"][0];
        assert_eq!(example[0]["operator"], "inLastDays", "{filters}");
        let validator = jsonschema::validator_for(filters).unwrap();
        assert!(validator.is_valid(example), "{example}");
        searches += 1;
    }
    assert_eq!(searches, 5);
}

#[test]
fn b3_required_and_optional_are_said() {
    let api = customermates();
    let service = tool(api, "create_service");
    let required = &service.input_schema["required"];
    assert_eq!(*required, serde_json::json!(["name", "amount"]));
    let said = &service.description;
    assert!(said.contains("Name and amount are required."), "{said}");
    let properties = service.input_schema["properties"].as_object().unwrap();
    assert!(properties.len() > 2, "the others are optional");
}

#[test]
fn b4_see_also_names_existing_tools() {
    let api = customermates();
    let operations = api.operations().map(|one| one.tool.as_str());
    let beside = api.composites.iter().map(|one| one.tool.as_str());
    let known: Vec<&str> = operations.chain(beside).collect();
    let mut named = 0;
    for operation in api.operations() {
        let lines = operation.description.lines();
        let lines =
            lines.filter(|line| line.starts_with("See also: ") || line.starts_with("Call first: "));
        for name in lines.flat_map(|line| line.split('`').skip(1).step_by(2)) {
            assert!(known.contains(&name), "{name} in {}", operation.tool);
            named += 1;
        }
    }
    assert!(named > 40, "{named}");
    let said = &tool(api, "create_contacts").description;
    assert!(said.contains("See also: `create_contact`."), "{said}");
}

#[test]
fn b5_configuration_comes_first() {
    let api = customermates();
    let said = &tool(api, "search_deals").description;
    assert!(
        said.contains("Call first: `get_deal_configuration`."),
        "{said}"
    );
}

#[test]
fn b6_describe_points_to_the_live_configuration() {
    let api = customermates();
    for entity in ["contact", "organization", "deal", "service", "task"] {
        let live = tool(api, &format!("get_{entity}_configuration"));
        assert_eq!(live.risk, Risk::Read);
        assert!(
            live.description.contains("custom columns"),
            "{}",
            live.description
        );
        for leads in [format!("search_{entity}s"), format!("update_{entity}")] {
            let said = &tool(api, &leads).description;
            assert!(said.contains(&live.tool), "{leads}: {said}");
        }
    }
}

#[test]
fn b10_null_on_relations_is_refused() {
    let api = customermates();
    let refused = &tool(api, "update_contact").settled.null_refused;
    assert!(refused.contains(&"/dealIds".to_owned()), "{refused:?}");
}

#[test]
fn b15_replacing_arrays_are_warned_of() {
    let api = customermates();
    for name in [
        "update_contact",
        "update_organization",
        "update_deal",
        "update_service",
        "update_task",
    ] {
        let said = &tool(api, name).description;
        assert!(
            said.contains("Lists of ids are replaced as a whole."),
            "{said}"
        );
    }
    // The list of changes is no list that replaces another.
    for entity in ["contacts", "organizations", "deals", "services", "tasks"] {
        let many = tool(api, &format!("update_{entity}"));
        let said = &many.description;
        let (_, warned) = said.split_once("whole list: ").unwrap_or_default();
        let warned = warned.lines().next().unwrap_or_default();
        let mut lists = warned.trim_end_matches('.').split(", ");
        assert!(lists.all(|list| list != entity), "{said}");
        let schema = many.input_schema.to_string();
        assert!(
            schema.contains("The list is replaced as a whole."),
            "{schema}"
        );
    }
}

#[test]
fn b23_100_items_at_most() {
    let api = customermates();
    let items = &tool(api, "create_contacts").input_schema["properties"]["contacts"];
    assert_eq!(items["maxItems"], 100);
}

#[test]
fn f1_delete_with_a_body_is_destructive() {
    let api = customermates();
    destructive_tools_say_so(api);
    let deletes = of(api, "DELETE");
    assert_eq!(deletes.len(), 10);
    assert!(deletes.iter().all(|one| one.risk == Risk::Destructive));
    assert_eq!(deletes.iter().filter(|one| one.body.is_some()).count(), 5);
}

#[test]
fn f3_searches_are_reads() {
    let api = customermates();
    reads_are_read_only(api);
    let searches = of(api, "POST");
    let searches = searches.iter().filter(|one| one.path.ends_with("/search"));
    let reads: Vec<bool> = searches.map(|one| one.hints.read_only).collect();
    assert_eq!(reads, [true; 6]);
}

#[test]
fn f4_nothing_is_open_world() {
    let api = customermates();
    assert!(api.operations().all(|one| !one.hints.open_world));
}

#[test]
fn f10_widgets_are_mentioned() {
    let api = customermates();
    let deletes = of(api, "DELETE");
    for operation in &deletes {
        let said = &operation.description;
        assert!(
            said.contains("Widgets that show the "),
            "{}: {said}",
            operation.tool
        );
    }
    assert_eq!(deletes.len(), 10);
}

#[test]
fn f11_the_catalogue_lists_guard_rails() {
    let folder = tempfile::tempdir().unwrap();
    let document = support::spec("customermates").join("openapi.yaml");
    let arguments = ["generate", document.to_str().unwrap(), "--out", "made"];
    let said = support::mcpwright(folder.path(), &arguments);
    assert_eq!(said.code, 0, "{}", said.err);
    let catalogue = std::fs::read_to_string(folder.path().join("made/CATALOG.md")).unwrap();
    let heading = "| tool | what it does | arguments | class | flags | guard-rails | tokens |";
    assert!(catalogue.contains(heading), "{catalogue}");
    let guards = |tool: &str| -> &str {
        let start = format!("| `{tool}` |");
        let line = catalogue.lines().find(|line| line.starts_with(&start));
        let mut columns = line.unwrap_or_else(|| panic!("no {tool}")).rsplit(" | ");
        columns.nth(1).unwrap()
    };
    for (tool, expected) in [
        // F5, F7.
        ("delete_contact", "confirmed by a person or a token"),
        ("create_service", "not twice"),
        // B9, B10.
        ("update_deal", "null refused: "),
        // B13, B14.
        ("link_deals", "other ids stay, pairs checked"),
    ] {
        assert!(guards(tool).contains(expected), "{tool}: {}", guards(tool));
    }
    assert!(!guards("search_deals").contains("confirmed"));
}

#[test]
fn a16_counts_do_not_repeat_the_filters_of_their_lists() {
    let api = customermates();
    let mut counts = 0;
    for tool in &api.composites {
        if !tool.tool.starts_with("count_") {
            continue;
        }
        counts += 1;
        let schema = tool.input_schema.to_string();
        assert!(schema.len() < 700, "{}: {schema}", tool.tool);
        let filters = &tool.input_schema["properties"]["filters"];
        let said = filters["description"].as_str().unwrap();
        assert!(said.contains("As in search_"), "{said}");
        assert_eq!(filters["type"], "array");
        assert_eq!(
            filters["examples"][0][0]["operator"], "inLastDays",
            "{filters}"
        );
    }
    assert!(counts > 0);
}

/// What the vendor's document says of bodies is completed by what they are for (ADR 0017), and by the overlay.
#[test]
fn the_vendors_document_shows_the_same_rows() {
    let Some(api) = made_of_the_real_document("customermates", "customermates.json", &[]) else {
        return;
    };
    operations_are_tools(&api, 47, 0);
    assert_eq!((api.composites.len(), api.webhooks.len()), (22, 15));
    arguments_are_flat(&api);
    names_are_short(&api);
    parents_come_first(&api);
    assert_eq!(tool(&api, "search_contacts").operation_id, "getContacts");
    assert_eq!(api.groups.len(), 6);
    b3_what_a_body_needs_is_required(&api);
    for entity in ["contact", "organization", "deal", "service", "task"] {
        let before = format!("get_{entity}_configuration");
        calls_first(&api, &format!("search_{entity}s"), &[&before]);
        let filters =
            &tool(&api, &format!("search_{entity}s")).input_schema["properties"]["filters"];
        let validator = jsonschema::validator_for(filters).unwrap();
        assert!(validator.is_valid(&filters["examples"][0]), "{filters}");
    }
    let refused = &tool(&api, "update_contact").settled.null_refused;
    assert!(refused.contains(&"/dealIds".to_owned()), "{refused:?}");
    let items = &tool(&api, "create_contacts").input_schema["properties"]["contacts"];
    assert_eq!(items["maxItems"], 100);
    destructive_tools_say_so(&api);
    reads_are_read_only(&api);
    hints_are_set(&api);
    assert!(named_tools_exist(&api) > 40);
    assert_eq!(prompts(&api)[..4], PROMPTS);
}

/// Those of the settings; a document whose stages are custom columns shows none of them.
const PROMPTS: [&str; 4] = [
    "digest_deals",
    "review_organization",
    "record_meeting",
    "plan_my_tasks",
];

#[test]
fn h13_the_days_work_has_prompts() {
    assert_eq!(prompts(customermates())[..4], PROMPTS);
    // Deals name contacts, organizations and tasks: that much the document shows.
    assert!(prompts(customermates()).contains(&"review_deal"));
    // Several fields name people; they are looked up once.
    for prompt in &customermates().prompts {
        let steps: HashSet<&str> = prompt.steps.iter().map(|step| step.text.as_str()).collect();
        assert_eq!(steps.len(), prompt.steps.len(), "{}", prompt.name);
    }
}

/// B10: what null does to relations is known without a word from anybody.
#[test]
fn b10_b3_the_vendors_document_alone_says_what_null_and_no_body_would_do() {
    let path = support::repository().join("../shared/specs/customermates.json");
    if !path.is_file() {
        eprintln!("skipped: there is no {}", path.display());
        return;
    }
    let generated = mcpwright::Config::new().spec(path).generate().unwrap();
    let relations: Vec<(&str, usize)> = generated
        .api
        .operations()
        .filter(|one| !one.settled.null_refused.is_empty())
        .map(|one| (one.tool.as_str(), one.settled.null_refused.len()))
        .collect();
    // Updates of one and of many, with each list of ids that they take; `services` of a deal are objects with one.
    assert_eq!(
        relations,
        [
            ("update_many_contacts", 4),
            ("update_contact", 4),
            ("update_many_organizations", 4),
            ("update_organization", 4),
            ("update_many_deals", 5),
            ("update_deal", 5),
            ("update_many_services", 3),
            ("update_service", 3),
            ("update_many_tasks", 5),
            ("update_task", 5),
        ]
    );
    let of_many = &tool(&generated.api, "update_many_contacts")
        .settled
        .null_refused;
    assert!(
        of_many.contains(&"/contacts/*/dealIds".to_owned()),
        "{of_many:?}"
    );
    let deletes = ["contacts", "organizations", "deals", "services", "tasks"];
    for many in deletes {
        let delete = tool(&generated.api, &format!("delete_many_{many}"));
        assert_eq!(
            delete.input_schema["required"],
            serde_json::json!(["ids"]),
            "{many}"
        );
    }
}

/// B3: creates, changes of many and deletions of many require what their bodies do; searches and changes of one
/// nothing beside an id.
fn b3_what_a_body_needs_is_required(api: &Api) {
    let required = |name: &str| -> Vec<String> {
        let required = &tool(api, name).input_schema["required"];
        let names = required.as_array().into_iter().flatten();
        names.map(|one| one.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(required("create_contact"), ["firstName", "lastName"]);
    assert_eq!(required("create_service"), ["name", "amount"]);
    for entity in ["contact", "organization", "deal", "service", "task"] {
        let many = format!("{entity}s");
        assert!(required(&format!("create_{entity}")).len() < 3);
        assert!(!required(&format!("create_{entity}")).is_empty());
        assert_eq!(required(&format!("create_{many}")), [many.as_str()]);
        assert_eq!(required(&format!("update_{many}")), [many.as_str()]);
        assert_eq!(required(&format!("delete_{many}")), ["ids"]);
        assert_eq!(required(&format!("update_{entity}")), ["id"]);
        assert_eq!(required(&format!("search_{many}")), Vec::<String>::new());
    }
}

#[test]
fn b3_every_body_says_what_it_needs() {
    b3_what_a_body_needs_is_required(customermates());
}
