//! Tools beside the operations: what is made of an entry, and what is refused.

use mcpwright::ir::{Composite, Deed, Risk};
use mcpwright::{Config, Error, Generated};
use serde_json::json;

/// Contacts with relations and notes, and deals.
const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Crm, version: "1"}
paths:
  /contacts:
    get:
      operationId: listContacts
      tags: [contacts]
      parameters:
        - {name: q, in: query, schema: {type: string}}
        - {name: page, in: query, schema: {type: integer, default: 1}}
        - {name: limit, in: query, schema: {type: integer, enum: [5, 10, 25]}}
        - {name: status, in: query, schema: {type: string, enum: [a, b]}}
        - {name: sort, in: query, schema: {type: string}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: {type: array, items: {$ref: "#/components/schemas/Contact"}}
                  meta: {type: object, properties: {total: {type: integer}, page: {type: integer}}}
  /contacts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
    get:
      operationId: getContact
      tags: [contacts]
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {$ref: "#/components/schemas/Contact"}}}
    put:
      operationId: updateContact
      tags: [contacts]
      parameters: [{name: If-Match, in: header, schema: {type: string}}]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string}
                notes: {type: string}
                dealIds: {type: array, items: {type: string, format: uuid}}
                items:
                  type: array
                  items: {type: object, properties: {itemId: {type: string}, quantity: {type: number}}}
                teams: {type: array, items: {type: object, properties: {x: {type: string}}}}
      responses: {"200": {description: ok}}
    delete: {operationId: deleteContact, tags: [contacts], responses: {"204": {description: ok}}}
  /deals:
    get:
      operationId: listDeals
      tags: [deals]
      parameters: [{name: q, in: query, schema: {type: string}}, {name: team, in: query, required: true, schema: {type: string}}]
      responses: {"200": {description: ok}}
components:
  schemas:
    Contact:
      type: object
      properties:
        id: {type: string, format: uuid}
        name: {type: string}
        notes: {type: string}
        deals: {type: array, items: {type: object, properties: {id: {type: string}, name: {type: string}}}}
        items: {type: array, items: {type: object, properties: {id: {type: string}, quantity: {type: number}}}}
"##;

fn generate(settings: &str) -> Result<Generated, Error> {
    Config::new()
        .spec_str("crm.yaml", DOCUMENT)
        .settings(settings)
        .generate()
}

fn entry(kind: &str, keys: &str) -> String {
    format!("[[composite]]\nname = \"it\"\nkind = \"{kind}\"\ndescription = \"Does it\"\n{keys}\n")
}

fn made(kind: &str, keys: &str) -> Composite {
    let generated = match generate(&entry(kind, keys)) {
        Ok(generated) => generated,
        Err(error) => panic!("{error}"),
    };
    generated.api.composites.into_iter().next().unwrap()
}

fn refused(settings: &str) -> String {
    let refused = generate(settings).map(|_| ());
    refused.expect_err("the settings are faulty").to_string()
}

const FANOUT: &str = "over = [\"listContacts\"]\nargument = \"q\"";
const LOOKUP: &str = "list = \"listContacts\"\nget = \"getContact\"\nargument = \"q\"\nmatch = \"/name\"\nid = \"/id\"";
const CHANGE: &str = "get = \"getContact\"\nupdate = \"updateContact\"";

#[test]
fn a_list_is_asked_for_a_number_that_it_takes() {
    let Deed::Fanout(sources) = made("fanout", FANOUT).deed else {
        panic!("no fanout");
    };
    let source = &sources[0];
    assert_eq!((source.words.as_str(), source.size), ("/q", 5));
    assert_eq!(source.set, [("/limit".to_owned(), json!(5))]);
}

#[test]
fn a_count_takes_the_filters_of_its_list_and_neither_pages_nor_order() {
    let count = made("count", "list = \"listContacts\"");
    let properties = count.input_schema["properties"].as_object().unwrap();
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["q", "status"]);
    let Deed::Count(lists) = count.deed else {
        panic!("no count");
    };
    // The document tells where the total is.
    assert_eq!(lists[0].2, "/meta/total");
    let set = [
        ("/limit".to_owned(), json!(5)),
        ("/page".to_owned(), json!(1)),
    ];
    assert_eq!(lists[0].1.set, set);
}

#[test]
fn class_hints_topic_and_text_come_from_what_is_called() {
    let lookup = made("lookup", LOOKUP);
    assert_eq!(
        (lookup.risk, lookup.group.as_str()),
        (Risk::Read, "contacts")
    );
    assert!(lookup.hints.read_only && lookup.hints.idempotent);
    assert!(
        lookup
            .description
            .starts_with("Does it.\nLooks in list_contacts: ")
    );
    let append = made(
        "append",
        &format!("{CHANGE}\nfield = \"/notes\"\ngroup = \"Notes\"\ntitle = \"T\""),
    );
    assert_eq!(append.risk, Risk::Write);
    assert!(!append.hints.read_only && !append.hints.idempotent);
    assert_eq!(
        (append.group.as_str(), append.title.as_str()),
        ("Notes", "T")
    );
    let Deed::Append(deed) = append.deed else {
        panic!("no append");
    };
    // What the update needs comes from the record; the service's guard against changes in between is used.
    assert_eq!(
        deed.update.carry,
        [("/name".to_owned(), "/name".to_owned())]
    );
    assert_eq!(deed.separator, "\n\n");
    assert_eq!(deed.update.if_match, "/If-Match");
    assert!(
        append
            .description
            .contains("a change in between is refused where")
    );
    let several = made(
        "fanout",
        "over = [\"listContacts\", \"listContacts\"]\nargument = \"q\"\nlimit_each = 25",
    );
    assert_eq!(several.calls(), ["list_contacts", "list_contacts"]);
}

#[test]
fn ids_are_read_where_the_record_has_them_and_written_as_the_update_takes_them() {
    let keys = format!(
        "{CHANGE}\naction = \"add\"\nrelations = {{ deal = \"dealIds\", item = \"items\" }}\ncolumns = {{ item = [\"quantity\"] }}"
    );
    let relation = made("relation", &keys);
    let record = &relation.input_schema["properties"]["records"]["items"]["properties"];
    assert_eq!(record["quantity"]["type"], "number");
    let Deed::Relation(deed) = relation.deed else {
        panic!("no relation");
    };
    let places: Vec<[&str; 4]> = deed
        .relations
        .iter()
        .map(|one| [&*one.from, &*one.from_key, &*one.to, &*one.to_key])
        .collect();
    assert_eq!(
        places,
        [
            ["/deals", "id", "/dealIds", ""],
            ["/items", "id", "/items", "itemId"]
        ]
    );
}

#[test]
fn each_fault_is_refused_with_what_would_mend_it() {
    let change = |more: &str| format!("{CHANGE}\n{more}");
    for (kind, keys, code, part) in [
        (
            "fanout",
            "argument = \"q\"".to_owned(),
            "E0940",
            "has no `over`",
        ),
        (
            "fanout",
            "over = []\nargument = \"q\"".to_owned(),
            "E0940",
            "has no `over`",
        ),
        (
            "fanout",
            format!("{FANOUT}\nlimit_eech = 5"),
            "E0921",
            "did you mean `limit_each`?",
        ),
        (
            "fanout",
            format!("{FANOUT}\nmax = 5"),
            "E0940",
            "no key of the kind `fanout`",
        ),
        (
            "fanout",
            format!("{FANOUT}\nlimit_each = 7"),
            "E0942",
            "it takes [5,10,25]",
        ),
        (
            "fanout",
            FANOUT.replace("\"q\"", "\"p\""),
            "E0942",
            "no argument `p`",
        ),
        (
            "fanout",
            FANOUT.replace("listContacts", "listDeals"),
            "E0941",
            "needs `team`",
        ),
        (
            "fanout",
            FANOUT.replace("listContacts", "tag:contacts"),
            "E0941",
            "selects 4 operations",
        ),
        (
            "fanout",
            FANOUT.replace("listContacts", "listContact"),
            "E0923",
            "did you mean",
        ),
        (
            "count",
            "list = \"listDeals\"".to_owned(),
            "E0940",
            "the total is not known",
        ),
        (
            "count",
            "list = \"listContacts\"\nminimal = { size = 1 }".to_owned(),
            "E0942",
            "no argument `size`",
        ),
        (
            "multi_get",
            "get = \"deleteContact\"".to_owned(),
            "E0941",
            "does not only read",
        ),
        (
            "multi_get",
            "get = \"listContacts\"".to_owned(),
            "E0941",
            "does not take one id",
        ),
        (
            "multi_get",
            "get = \"getContact\"\nmax = 1000".to_owned(),
            "E0940",
            "1 to 100",
        ),
        (
            "lookup",
            LOOKUP.replace("/name", "/nam"),
            "E0943",
            "did you mean `name`?",
        ),
        (
            "append",
            change("field = \"/note\""),
            "E0942",
            "did you mean `notes`?",
        ),
        (
            "append",
            change("field = \"/dealIds\""),
            "E0942",
            "is no text",
        ),
        (
            "relation",
            change("action = \"add\"\nrelations = { x = \"name\" }"),
            "E0942",
            "is no list",
        ),
        (
            "relation",
            change("action = \"add\"\nrelations = { team = \"teams\" }"),
            "E0942",
            "is the id is not known",
        ),
        (
            "relation",
            change("action = \"ad\"\nrelations = { deal = \"dealIds\" }"),
            "E0922",
            "did you mean `add`?",
        ),
        (
            "relation",
            change(
                "action = \"add\"\nrelations = { deal = \"dealIds\" }\nfrom = { deel = \"/deals\" }",
            ),
            "E0942",
            "did you mean `deal`?",
        ),
        (
            "relation",
            change(
                "action = \"add\"\nrelations = { item = \"items\" }\ncolumns = { item = [\"quantiti\"] }",
            ),
            "E0942",
            "did you mean `quantity`?",
        ),
    ] {
        let found = match generate(&entry(kind, &keys)) {
            Ok(generated) => generated.report.diagnostics,
            Err(Error::Refused(failed)) => failed.diagnostics,
            Err(error) => panic!("{error}"),
        };
        let finding = found.iter().find(|finding| finding.code.id() == code);
        let finding = finding.unwrap_or_else(|| panic!("{kind} {keys}: {found:?}"));
        let said = format!(
            "{} {}",
            finding.message,
            finding.help.as_deref().unwrap_or_default()
        );
        assert!(said.contains(part), "{kind} {keys}: {said}");
    }
}

#[test]
fn names_are_those_of_no_other_tool() {
    for (name, code) in [("list_contacts", "E0930"), ("Find-It", "E0930")] {
        let settings = entry("lookup", LOOKUP).replace("\"it\"", &format!("\"{name}\""));
        let said = refused(&settings);
        assert!(said.contains(code), "{name}: {said}");
    }
    let twice = entry("lookup", LOOKUP).repeat(2);
    assert!(generate(&twice).is_err());
}

#[test]
fn texts_may_name_them_and_what_they_name_exists() {
    let find = entry("lookup", LOOKUP).replace("\"it\"", "\"find_contact\"");
    let about = "[[operation]]\nselect = \"updateContact\"\nprereq = [\"find_contact\"]\n";
    let generated = generate(&format!("{find}{about}")).unwrap();
    let mut operations = generated.api.operations();
    let update = operations
        .find(|o| o.operation_id == "updateContact")
        .unwrap();
    assert!(update.description.contains("Call first: `find_contact`."));
    let wrong = find.replace("Does it", "Then call `get_contract`.");
    let said = refused(&wrong);
    assert!(said.contains("did you mean `get_contact`?"), "{said}");
}

#[test]
fn they_are_one_file_and_change_nothing_else() {
    let plain = generate("").unwrap();
    let more = generate(&entry("lookup", LOOKUP)).unwrap();
    let (plain, more) = (plain.files, more.files);
    let added: Vec<&String> = more
        .keys()
        .filter(|name| !plain.contains_key(*name))
        .collect();
    assert_eq!(added, ["src/composites.rs"]);
    assert_eq!(
        plain["src/operations/contacts.rs"]
            .lines()
            .skip(1)
            .collect::<Vec<_>>(),
        more["src/operations/contacts.rs"]
            .lines()
            .skip(1)
            .collect::<Vec<_>>()
    );
    assert!(more["README.md"].contains("| `it` | `list_contacts`, `get_contact` | read |"));
    assert!(more["src/lib.rs"].contains("composites: composites::ALL"));
}

#[test]
fn a_faulty_one_of_a_document_is_left_out_and_no_text_names_it() {
    let extension = "x-mcp:\n  composite:\n    - {name: it, kind: multi_get, description: d, get: deleteContact}\n";
    let generated = Config::new()
        .spec_str("crm.yaml", &format!("{DOCUMENT}{extension}"))
        .settings("[[operation]]\nselect = \"getContact\"\nsee_also = [\"it\"]\n")
        .generate()
        .unwrap();
    assert!(generated.api.composites.is_empty());
    let mut operations = generated.api.operations();
    assert!(operations.all(|operation| !operation.description.contains("`it`")));
    let mut found = generated.report.diagnostics.iter();
    assert!(found.any(|finding| finding.code.id() == "E0941"));
}
