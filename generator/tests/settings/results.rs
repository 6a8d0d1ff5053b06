//! How answers are shown, as settings say it.

use mcpwright::ir::{Api, Format, Operation, PagingStyle};
use mcpwright::{Config, Error, Generated};
use serde_json::json;

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Books, version: "1"}
servers: [{url: "https://books.example.com"}]
paths:
  /invoices:
    get:
      operationId: listInvoices
      tags: [invoices]
      parameters:
        - {name: seite, in: query, schema: {type: integer}}
        - {name: menge, in: query, schema: {type: integer, maximum: 40}}
        - {name: X-Region, in: header, schema: {type: string}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  treffer: {type: array, items: {$ref: "#/components/schemas/Invoice"}}
                  andere: {type: array, items: {type: string}}
                  zahl: {type: integer}
    post:
      operationId: createInvoice
      tags: [invoices]
      responses:
        "201":
          description: ok
          content: {application/json: {schema: {$ref: "#/components/schemas/Invoice"}}}
  /invoices/search:
    post:
      operationId: searchInvoices
      tags: [invoices]
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                page: {type: object, properties: {number: {type: integer}, size: {type: integer, default: 10}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {}}}}
  /invoices/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getInvoice
      tags: [invoices]
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {$ref: "#/components/schemas/Invoice"}}}
  /invoices/{id}/pdf:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getPdf
      tags: [invoices]
      responses: {"200": {description: ok, content: {application/pdf: {}}}}
components:
  schemas:
    Invoice:
      type: object
      properties:
        id: {type: integer}
        nummer: {type: string}
        stand: {type: integer}
        summe: {type: number}
"##;

fn generate(settings: &str) -> Result<Generated, Error> {
    Config::new()
        .spec_str("books.yaml", DOCUMENT)
        .settings(settings)
        .generate()
}

fn api(settings: &str) -> Api {
    generate(settings)
        .unwrap_or_else(|error| panic!("{error}"))
        .api
}

fn operation<'a>(api: &'a Api, id: &str) -> &'a Operation {
    api.operations().find(|o| o.operation_id == id).unwrap()
}

fn about(id: &str, facts: &str) -> String {
    format!("[[operation]]\nselect = \"{id}\"\n{facts}\n")
}

/// Rows C2, C3, C7 and C10.
#[test]
fn records_columns_and_words_are_those_that_were_given() {
    let settings = about(
        "tag:invoices",
        "unwrap = \"/treffer\"\nproject = [\"/id\", \"/stand\", \"/summe\"]\ncolumns = [\"stand\", \"summe\"]\n\
         value_map = { stand = { 1 = \"offen\", 2 = \"bezahlt\" } }\nformat = \"csv\"",
    );
    let api = api(&settings);
    let list = operation(&api, "listInvoices").answer.as_ref().unwrap();
    assert_eq!(
        (list.records.as_str(), list.list, list.selectable),
        ("/treffer", true, true)
    );
    assert_eq!(list.columns, ["id", "stand", "summe"]);
    assert_eq!(list.table, ["stand", "summe"]);
    assert_eq!(list.words["stand"]["2"], "bezahlt");
    assert_eq!(list.format, Some(Format::Csv));
    // It has no such envelope: the record itself.
    let one = operation(&api, "getInvoice").answer.as_ref().unwrap();
    assert_eq!((one.records.as_str(), one.list), ("", false));
    assert_eq!(one.columns, ["id", "stand", "summe"]);
    assert!(operation(&api, "getPdf").answer.is_none());
    let files: String = generate(&settings).unwrap().files.into_values().collect();
    for code in [
        "table: &[\"stand\", \"summe\"]",
        "op::Words",
        "op::Format::Csv",
    ] {
        assert!(files.contains(code), "{code}");
    }
}

#[test]
fn columns_alone_are_what_a_list_shows_behind_the_id() {
    let api = api(&about(
        "listInvoices",
        "unwrap = \"/treffer\"\ncolumns = [\"nummer\"]",
    ));
    let list = operation(&api, "listInvoices").answer.as_ref().unwrap();
    assert_eq!(list.columns, ["id", "nummer"]);
    assert!(list.table.is_empty());
}

/// Row C5.
#[test]
fn c5_a_write_shows_what_is_to_be_echoed() {
    let api = api(&about("tag:invoices", "echo = [\"/id\", \"/nummer\"]"));
    let write = operation(&api, "createInvoice").answer.as_ref().unwrap();
    assert_eq!(write.echo, ["id", "nummer"]);
    assert!(operation(&api, "getInvoice").answer.is_none());
}

/// Row D3.
#[test]
fn d3_pages_are_asked_for_as_it_was_said() {
    let api = api(&(about(
        "listInvoices",
        "unwrap = \"/treffer\"\npaging = { in = { page = \"seite\", size = \"menge\" }, out = { total = \"/zahl\" } }",
    ) + &about(
        "searchInvoices",
        "paging = { style = \"page\", in = { page = \"page.number\", size = \"page.size\" } }\n\
             limit = { param = \"page.size\", default = 20, max = 30 }",
    )));
    let list = operation(&api, "listInvoices").answer.clone().unwrap();
    let paging = list.paging.unwrap();
    assert_eq!((paging.style, paging.first), (PagingStyle::Page, 1));
    assert_eq!(
        (paging.position.as_str(), paging.total.as_str()),
        ("seite", "/zahl")
    );
    let size = paging.size.unwrap();
    assert_eq!(
        (size.argument.as_str(), size.max, size.send),
        ("menge", 40, false)
    );
    let search = operation(&api, "searchInvoices");
    let paging = search.answer.clone().unwrap().paging.unwrap();
    let size = paging.size.unwrap();
    assert_eq!(paging.position, "/page/number");
    assert_eq!(
        (size.argument.as_str(), size.max, size.usual, size.send),
        ("/page/size", 30, 20, true)
    );
    assert_eq!(
        search.input_schema["properties"]["page"]["properties"]["size"],
        json!({"type": "integer", "default": 20, "maximum": 30})
    );
}

/// Row C9.
#[test]
fn c9_dates_of_all_are_written_as_people_do_but_where_an_operation_says_otherwise() {
    let api =
        api(&("[results]\ndates = \"human\"\n".to_owned()
            + &about("getInvoice", "dates = \"iso\"")));
    let human = |id: &str| {
        operation(&api, id)
            .answer
            .as_ref()
            .is_some_and(|a| a.human_dates)
    };
    assert!(human("listInvoices") && !human("getInvoice"));
    let api = self::api(&about("getInvoice", "dates = \"human\""));
    let human = |id: &str| {
        operation(&api, id)
            .answer
            .as_ref()
            .is_some_and(|a| a.human_dates)
    };
    assert!(human("getInvoice") && !human("listInvoices"));
}

/// ADR 0046.
#[test]
fn c3_columns_that_an_operator_names_are_not_the_budgets_to_leave_out() {
    let settled = |facts: &str| {
        let api = api(&about(
            "listInvoices",
            &format!("unwrap = \"/treffer\"\n{facts}"),
        ));
        let answer = operation(&api, "listInvoices").answer.clone();
        answer.is_some_and(|answer| answer.settled)
    };
    assert!(settled("project = [\"/stand\"]") && settled("columns = [\"stand\"]"));
    assert!(!settled(""));
}

#[test]
fn a_form_for_all_holds_where_an_operation_has_none_of_its_own() {
    let api =
        api(&("[results]\nformat = \"toon\"\n".to_owned()
            + &about("getInvoice", "format = \"json\"")));
    let format = |id: &str| operation(&api, id).answer.as_ref().and_then(|a| a.format);
    assert_eq!(format("listInvoices"), Some(Format::Toon));
    assert_eq!(format("getInvoice"), Some(Format::Json));
    assert_eq!(format("getPdf"), None);
}

#[test]
fn headers_of_all_requests_and_of_some() {
    let all = "[server.headers]\nX-Client = \"mcp\"\nX-Mode = \"a\"\n".to_owned();
    let settings = all.clone() + &about("getInvoice", "headers = { x-mode = \"b\" }");
    let api = api(&settings);
    let headers = |id: &str| {
        let all = operation(&api, id).parameters.iter();
        let fixed = all.filter_map(|p| Some((p.name.clone(), p.constant.clone()?)));
        fixed.collect::<Vec<_>>()
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        headers("getPdf"),
        [pair("X-Client", "mcp"), pair("X-Mode", "a")]
    );
    assert_eq!(
        headers("getInvoice"),
        [pair("X-Client", "mcp"), pair("X-Mode", "b")]
    );
    for (line, said) in [
        ("Authorization = \"x\"", "set by the server itself"),
        ("\"X A\" = \"x\"", "no name of a header"),
        ("X-A = \"ü\"", "printable ASCII"),
        ("X-Region = \"eu\"", "set `fixed`"),
    ] {
        let settings = format!("[server.headers]\n{line}\n");
        let error = generate(&settings).unwrap_err().to_string();
        assert!(
            error.contains("E0931") && error.contains(said),
            "{line}: {error}"
        );
        assert!(error.contains(":2:"), "{line}: {error}");
    }
}

#[test]
fn what_fits_no_operation_that_it_is_about_is_said() {
    for facts in [
        "unwrap = \"/hits\"",
        "project = [\"/number\"]",
        "columns = [\"number\"]",
        "value_map = { status = { 1 = \"open\" } }",
        "echo = [\"/id\"]",
    ] {
        let of_list = format!("unwrap = \"/treffer\"\n{facts}");
        let facts = if facts.starts_with("unwrap") {
            facts
        } else {
            &of_list
        };
        let error = generate(&about("listInvoices", facts)).unwrap_err();
        assert!(error.to_string().contains("E0933"), "{facts}: {error}");
    }
    let many = api(&about("tag:invoices", "unwrap = \"/hits\""));
    let kept = operation(&many, "listInvoices").answer.as_ref();
    assert!(kept.is_none_or(|answer| answer.records.is_empty()));
    let error = generate(&about("listInvoices", "project = [\"/customer/name\"]")).unwrap_err();
    assert!(error.to_string().contains("E0931"), "{error}");
    for paging in [
        "paging = { style = \"cursor\", in = { page = \"seite\" } }",
        "paging = { in = { page = \"seite\" }, out = { last = \"/id\" } }",
    ] {
        let error = generate(&about("listInvoices", paging)).unwrap_err();
        assert!(error.to_string().contains("E0931"), "{error}");
    }
}

/// ADR 0054.
#[test]
fn where_records_stand_says_nothing_against_choosing_what_is_shown_of_them() {
    let document = r##"
openapi: 3.1.0
info: {title: Books, version: "1"}
servers: [{url: "https://books.example.com"}]
paths:
  /orders:
    get: {operationId: listOrders, responses: {"200": {description: ok}}}
  /parts:
    get:
      operationId: listParts
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {type: object, properties: {data: {}}}}}
  /orders/{id}:
    get:
      operationId: getOrder
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {description: ok}}
"##;
    let generated = Config::new()
        .spec_str("books.yaml", document)
        .settings("[[operation]]\nselect = \"$.paths.*[?@.operationId]\"\nunwrap = \"/data\"\n")
        .generate()
        .unwrap();
    for (id, chosen) in [
        ("listOrders", true),
        ("listParts", true),
        ("getOrder", false),
    ] {
        let answer = operation(&generated.api, id).answer.clone().unwrap();
        assert_eq!(
            (answer.records.as_str(), answer.selectable),
            ("/data", chosen),
            "{id}"
        );
        assert_eq!(answer.open, chosen, "{id}");
    }
}

#[test]
fn words_of_an_argument_are_those_of_the_answer_too() {
    let document = r##"
openapi: 3.1.0
info: {title: Books, version: "1"}
servers: [{url: "https://books.example.com"}]
paths:
  /invoices:
    get:
      operationId: listInvoices
      parameters:
        - {name: stand, in: query, schema: {type: integer, enum: [1, 2]}}
        - {name: art, in: query, schema: {type: string, enum: [a, b]}}
        - {name: tags, in: query, schema: {type: array, items: {type: string, enum: [x, y]}}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: array
                items: {type: object, properties: {id: {type: integer}, stand: {type: integer}, tags: {type: array, items: {type: string}}}}
"##;
    let words = |more: &str| {
        let settings = format!(
            "[[operation]]\nselect = \"listInvoices\"\n{more}[operation.fields.stand]\nenum_alias = {{ offen = 1, bezahlt = 2, paid = 2 }}\n[operation.fields.art]\nenum_alias = {{ alt = \"a\" }}\n[operation.fields.tags]\nenum_alias = {{ eks = \"x\" }}\n"
        );
        let generated = Config::new()
            .spec_str("books.yaml", document)
            .settings(&settings)
            .generate()
            .unwrap();
        let answer = operation(&generated.api, "listInvoices").answer.clone();
        answer.unwrap().words
    };
    let told = words("");
    // Records have no `art`.
    assert_eq!(told.keys().collect::<Vec<_>>(), ["stand", "tags"]);
    assert_eq!(told["stand"]["1"], "offen");
    assert_eq!(told["stand"]["2"], "bezahlt");
    assert_eq!(told["tags"]["x"], "eks");
    // What is said of answers alone goes before.
    let own = words("value_map = { stand = { 1 = \"open\" } }\n");
    assert_eq!(own["stand"].len(), 1);
    assert_eq!(own["stand"]["1"], "open");
}

/// What a list takes as a word is none of its records' numbers either.
#[test]
fn words_of_an_argument_are_those_of_all_answers_about_the_same_records() {
    let document = r##"
openapi: 3.1.0
info: {title: Books, version: "1"}
servers: [{url: "https://books.example.com"}]
paths:
  /api/invoices:
    get:
      operationId: listInvoices
      parameters: [{name: status, in: query, schema: {type: integer, enum: [1, 2, 6]}}]
      responses: {"200": {description: ok}}
  /api/invoices/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: getInvoice, responses: {"200": {$ref: "#/components/responses/Record"}}}
    put:
      operationId: updateInvoice
      requestBody: {content: {application/json: {schema: {type: object, properties: {status: {type: integer, enum: [1, 2, 6]}}}}}}
      responses: {"200": {$ref: "#/components/responses/Record"}}
  /api/invoices/{id}/refunds:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {operationId: getRefund, responses: {"200": {$ref: "#/components/responses/Record"}}}
components:
  responses:
    Record:
      description: ok
      content: {application/json: {schema: {type: object, properties: {id: {type: integer}, status: {type: integer}}}}}
"##;
    let words = |update: &str, id: &str| {
        let settings = format!(
            "[[operation]]\nselect = \"listInvoices\"\n[operation.fields.status]\nenum_alias = {{ paid = 2, draft = 6 }}\n{update}"
        );
        let generated = Config::new()
            .spec_str("books.yaml", document)
            .settings(&settings)
            .generate()
            .unwrap();
        let answer = operation(&generated.api, id).answer.clone();
        answer
            .and_then(|answer| answer.words.get("status").cloned())
            .map(|words| words.into_iter().collect::<Vec<_>>())
    };
    let paid = Some(vec![
        ("2".to_owned(), "paid".to_owned()),
        ("6".to_owned(), "draft".to_owned()),
    ]);
    assert_eq!(words("", "getInvoice"), paid);
    assert_eq!(words("", "updateInvoice"), paid);
    // Those are other records.
    assert_eq!(words("", "getRefund"), None);
    // Nobody knows which of two it is, but for the one that takes it.
    let other = "[[operation]]\nselect = \"updateInvoice\"\n[operation.fields.status]\nenum_alias = { settled = 2 }\n";
    assert_eq!(words(other, "getInvoice"), None);
    let settled = Some(vec![("2".to_owned(), "settled".to_owned())]);
    assert_eq!(words(other, "updateInvoice"), settled);
}
