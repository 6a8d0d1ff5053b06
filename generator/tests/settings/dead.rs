//! Selectors below the operation: each setting that names a place, a property, an argument or a value is an error
//! where the document says that there is no such thing, and is taken where it says nothing.

use mcpwright::diagnostics::Diagnostic;
use mcpwright::{Config, Error};

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Deals, version: "1"}
servers: [{url: "https://deals.example.com"}]
components:
  schemas:
    Deal:
      type: object
      properties:
        id: {type: integer}
        name: {type: string}
        status: {type: string, enum: [open, won]}
        active: {type: boolean}
        hash: {type: string}
        secret: {type: string, writeOnly: true}
        owner: {type: object, properties: {email: {type: string}, token: {type: string}}}
        lines: {type: array, items: {type: object, properties: {sku: {type: string}, cost: {type: number}}}}
        extra: {type: object}
    Draft:
      type: object
      required: [name]
      properties:
        name: {type: string}
        status: {type: string, enum: [open, won]}
        tags: {type: array, items: {type: string}}
        lines: {type: array, items: {type: object, properties: {sku: {type: string}, cost: {type: number}}}}
    Problem: {type: object, properties: {message: {type: string}}}
paths:
  /deals:
    get:
      operationId: listDeals
      tags: [deals]
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: {type: array, items: {$ref: "#/components/schemas/Deal"}}
                  meta: {type: object, properties: {total: {type: integer}, next: {type: string}, more: {type: boolean}}}
    post:
      operationId: createDeal
      tags: [deals]
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Draft"}}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Deal"}}}}
  /deals/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getDeal
      tags: [deals]
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                oneOf:
                  - $ref: "#/components/schemas/Deal"
                  - {type: object, properties: {id: {type: integer}, archivedAt: {type: string}}}
    put:
      operationId: updateDeal
      tags: [deals]
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Draft"}}}}
      responses:
        "200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Deal"}}}}
        "422": {description: no, content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}}
  /notes:
    get:
      operationId: listNotes
      tags: [notes]
      parameters:
        - {name: page, in: query, schema: {type: integer}}
        - {name: after, in: query, schema: {type: string}}
      responses: {"200": {description: ok, content: {application/json: {}}}}
    post:
      operationId: createNote
      tags: [notes]
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {text: {type: string}, any: {type: object}, list: {type: array}}}}}}
      responses: {"200": {description: ok, content: {application/json: {}}}}
  /deals.pdf:
    get:
      operationId: printDeals
      tags: [deals]
      responses: {"200": {description: ok, content: {application/pdf: {}}}}
"##;

/// `~` stands for the name.
struct Selector {
    setting: &'static str,
    operation: &'static str,
    there: &'static [&'static str],
    dead: &'static str,
    /// What is found, and the name that is offered.
    code: &'static str,
    near: &'static str,
}

const fn at(
    operation: &'static str,
    setting: &'static str,
    there: &'static [&'static str],
    dead: &'static str,
    (code, near): (&'static str, &'static str),
) -> Selector {
    Selector {
        setting,
        operation,
        there,
        dead,
        code,
        near,
    }
}

const ANSWER: &str = "E0933";
const SELECTORS: &[Selector] = &[
    at(
        "getDeal",
        "redact = [\"~\"]",
        &[
            "/hash",
            "/owner/token",
            "/lines/cost",
            "/lines/*/cost",
            "/extra/key",
            "/archivedAt",
        ],
        "/hsah",
        (ANSWER, "hash"),
    ),
    at(
        "getDeal",
        "redact = [\"/name\", \"~\"]",
        &["/hash"],
        "/owner/tokn",
        (ANSWER, "token"),
    ),
    at(
        "listDeals",
        "redact = [\"~\"]",
        &["/data/hash", "/data/*/hash", "/hash"],
        "/dta/hash",
        (ANSWER, "data"),
    ),
    at(
        "listDeals",
        "unwrap = \"/data\"\nredact = [\"~\"]",
        &["/hash", "/data/hash"],
        "/hahs",
        (ANSWER, "hash"),
    ),
    at(
        "listDeals",
        "unwrap = \"~\"",
        &["/data", "/meta", ""],
        "/date",
        (ANSWER, "data"),
    ),
    at(
        "listDeals",
        "project = [\"/id\", \"~\"]",
        &["/name"],
        "/nmae",
        (ANSWER, "name"),
    ),
    at(
        "listDeals",
        "columns = [\"id\", \"~\"]",
        &["name"],
        "nmae",
        (ANSWER, "name"),
    ),
    at(
        "getDeal",
        "project = [\"~\"]",
        &["/name", "/archivedAt"],
        "/archivedOn",
        (ANSWER, "archivedAt"),
    ),
    at(
        "updateDeal",
        "echo = [\"~\"]",
        &["/id"],
        "/ident",
        (ANSWER, "id"),
    ),
    at(
        "listDeals",
        "value_map = { ~ = { open = \"offen\" } }",
        &["status"],
        "statsu",
        (ANSWER, "status"),
    ),
    at(
        "listDeals",
        "value_map = { status = { ~ = \"offen\" } }",
        &["open"],
        "opne",
        (ANSWER, "open"),
    ),
    at(
        "listDeals",
        "value_map = { active = { ~ = \"ja\" } }",
        &["true"],
        "yes",
        (ANSWER, "true"),
    ),
    at(
        "listDeals",
        "paging = { out = { total = \"~\" } }",
        &["/meta/total"],
        "/meta/totl",
        (ANSWER, "total"),
    ),
    at(
        "listDeals",
        "paging = { out = { pages = \"~\" } }",
        &["/meta/total"],
        "/meta/pages",
        (ANSWER, "total"),
    ),
    at(
        "listDeals",
        "paging = { out = { next = \"~\" } }",
        &["/meta/next"],
        "/meta/nxt",
        (ANSWER, "next"),
    ),
    at(
        "listDeals",
        "paging = { out = { more = \"~\" } }",
        &["/meta/more"],
        "/meta/mor",
        (ANSWER, "more"),
    ),
    at(
        "listNotes",
        "paging = { in = { cursor = \"~\" } }",
        &["after"],
        "aftr",
        ("E0926", "after"),
    ),
    at(
        "listDeals",
        "paging = { in = { page = \"~\" } }",
        &["page"],
        "pgae",
        ("E0926", "page"),
    ),
    at(
        "listDeals",
        "paging = { in = { size = \"~\" } }",
        &["limit"],
        "limt",
        ("E0926", "limit"),
    ),
    at(
        "listDeals",
        "limit = { param = \"~\", max = 50 }",
        &["limit"],
        "limt",
        ("E0926", "limit"),
    ),
    at(
        "updateDeal",
        "hint = [{ when = { status = 422, body = \"~\" }, text = \"No.\" }]",
        &["/message"],
        "/mesage",
        ("E0947", "message"),
    ),
    at(
        "updateDeal",
        "hint = [{ when = { argument = \"null\", field = \"~\" }, text = \"No.\" }]",
        &["status", "*tus", "sku"],
        "sttus",
        ("E0947", "status"),
    ),
    at(
        "updateDeal",
        "fields = { ~ = { null = \"reject\" } }",
        &["status"],
        "sttus",
        ("E0926", "status"),
    ),
    at(
        "updateDeal",
        "fields = { \"~\" = { example = \"A1\" } }",
        &["lines[].sku"],
        "lines[].skuu",
        ("E0926", "sku"),
    ),
    at(
        "updateDeal",
        "fields = { \"~\" = { example = \"A1\" } }",
        &["lines[].sku"],
        "status[]",
        ("E0926", "status"),
    ),
    at(
        "updateDeal",
        "fields = { \"~\" = { redact = true } }",
        &["name"],
        "name.first",
        ("E0926", "name"),
    ),
    at(
        "updateDeal",
        "fields = { status = { enum_alias = { offen = \"~\" } } }",
        &["open"],
        "opne",
        ("E0931", "open"),
    ),
    at(
        "updateDeal",
        "fields = { lines = { merge_by = \"~\" } }",
        &["sku"],
        "skuu",
        ("E0946", "sku"),
    ),
    at(
        "updateDeal",
        "fields = { ~ = { merge_by = \"sku\" } }",
        &["lines"],
        "tags",
        ("E0946", ""),
    ),
    at(
        "updateDeal",
        "prereq = [\"~\"]",
        &["get_deal"],
        "get_dela",
        ("E0925", "get_deal"),
    ),
    at(
        "updateDeal",
        "see_also = [\"~\"]",
        &["get_deal"],
        "get_dela",
        ("E0925", "get_deal"),
    ),
    at(
        "createDeal",
        "split = \"~\"",
        &["status"],
        "sttus",
        ("E0945", "status"),
    ),
    at(
        "createDeal",
        "security = [\"~\"]",
        &[],
        "key",
        ("E0934", ""),
    ),
    at("printDeals", "format = \"~\"", &[], "csv", (ANSWER, "")),
    at("printDeals", "dates = \"~\"", &[], "human", (ANSWER, "")),
    at("printDeals", "redact = [\"~\"]", &[], "/hash", (ANSWER, "")),
    at("createDeal", "columns = [\"~\"]", &[], "name", (ANSWER, "")),
    at("getDeal", "echo = [\"~\"]", &[], "/id", (ANSWER, "")),
];

/// Where nothing is said of answers, names are taken.
const UNKNOWN: &[(&str, &str)] = &[
    ("listNotes", "unwrap = \"/rows\""),
    ("listNotes", "project = [\"/anything\"]"),
    ("listNotes", "columns = [\"anything\"]"),
    ("listNotes", "value_map = { anything = { 1 = \"one\" } }"),
    (
        "listNotes",
        "paging = { in = { cursor = \"after\" }, out = { next = \"/a/b\", last = \"/id\" } }",
    ),
    ("createNote", "echo = [\"/anything\"]"),
    (
        "createNote",
        "hint = [{ when = { status = 409, body = \"/a\" }, text = \"No.\" }]",
    ),
    (
        "createNote",
        "fields = { \"any.thing\" = { redact = true } }",
    ),
    (
        "createNote",
        "fields = { \"list[].thing\" = { redact = true } }",
    ),
];

fn findings(settings: &str) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let config = Config::new().spec_str("deals.yaml", DOCUMENT);
    match config.settings(settings).generate() {
        Ok(generated) => Ok(generated.report.diagnostics),
        Err(Error::Refused(failed)) => Err(failed.diagnostics),
        Err(error) => panic!("{settings}: {error}"),
    }
}

fn about(operation: &str, facts: &str) -> String {
    format!("[[operation]]\nselect = \"{operation}\"\n{facts}\n")
}

#[test]
fn a_name_that_the_document_does_not_have_is_an_error_at_its_line_with_the_nearest() {
    for selector in SELECTORS {
        let facts = selector.setting.replace('~', selector.dead);
        let settings = about(selector.operation, &facts);
        let found = match findings(&settings) {
            Err(found) => found,
            Ok(_) => panic!("{facts}: it was accepted"),
        };
        let finding = found.iter().find(|one| one.code.id() == selector.code);
        let finding = finding.unwrap_or_else(|| panic!("{facts}: {found:?}"));
        let line = finding.position.map(|position| position.line);
        let expected = settings.lines().count();
        assert_eq!(line, Some(expected), "{facts}: {finding}");
        let help = finding.help.as_deref().unwrap_or_default();
        let said = format!("{} {help}", finding.message);
        assert!(
            said.contains(&format!("`{}", selector.near)),
            "{facts}: {said}"
        );
    }
}

#[test]
fn the_names_that_the_document_has_are_taken() {
    for selector in SELECTORS {
        for name in selector.there {
            let facts = selector.setting.replace('~', name);
            match findings(&about(selector.operation, &facts)) {
                Ok(found) => assert!(
                    found.iter().all(|one| one.code.id() != selector.code),
                    "{facts}: {found:?}"
                ),
                Err(found) => panic!("{facts}: {found:?}"),
            }
        }
    }
}

#[test]
fn where_the_document_says_nothing_of_answers_names_are_taken() {
    for (operation, facts) in UNKNOWN {
        if let Err(found) = findings(&about(operation, facts)) {
            panic!("{facts}: {found:?}");
        }
    }
}

/// Whether it hides anything, nobody can tell.
#[test]
fn what_is_never_shown_of_an_unknown_answer_is_told() {
    let found = findings(&about("listNotes", "redact = [\"/key\"]")).unwrap();
    let told = found.iter().find(|one| one.code.id() == "E0948").unwrap();
    assert!(told.message.contains("`/key`"), "{told}");
}

#[test]
fn of_several_operations_it_is_enough_if_one_has_the_name() {
    let of_two = "[[operation]]\nselect = [\"listDeals\", \"printDeals\"]\n";
    assert!(findings(&format!("{of_two}redact = [\"/data/hash\"]\n")).is_ok());
    let found = findings(&format!(
        "{of_two}redact = [\"/data/hash\", \"/data/hsah\"]\n"
    ))
    .unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    let said = format!(
        "{} {}",
        found[0].message,
        found[0].help.as_deref().unwrap_or_default()
    );
    assert!(
        said.contains("`/data/hsah`") && said.contains("2 tools"),
        "{said}"
    );
    assert!(said.contains("did you mean `hash`?"), "{said}");
}

#[test]
fn a_hint_for_what_cannot_happen_is_an_error() {
    for when in [
        "{ status = 42 }",
        "{ status = 600 }",
        "{ status = 422, field = \"status\" }",
        "{ argument = \"null\", text = \"taken\" }",
    ] {
        let facts = format!("hint = [{{ when = {when}, text = \"No.\" }}]");
        let found = findings(&about("updateDeal", &facts)).unwrap_err();
        assert!(
            found.iter().any(|one| one.code.id() == "E0947"),
            "{when}: {found:?}"
        );
    }
}

/// What somebody else's document says of itself is left out where it is dead, and stops a strict run.
#[test]
fn dead_names_in_a_document_stop_strict_runs() {
    for (facts, code) in [
        ("x-mcp: {redact: [/hsah]}", "E0933"),
        ("x-mcp: {prereq: [get_dela]}", "E0925"),
        ("x-mcp: {titel: Deals}", "E0921"),
        (
            "x-mcp: {hint: [{when: {field: sttus}, text: No.}]}",
            "E0947",
        ),
    ] {
        let of_update = "      operationId: updateDeal\n";
        let document = DOCUMENT.replace(of_update, &format!("{of_update}      {facts}\n"));
        let config = Config::new().spec_str("deals.yaml", &document);
        let found = config.clone().generate().unwrap().report.diagnostics;
        assert!(
            found.iter().any(|one| one.code.id() == code),
            "{facts}: {found:?}"
        );
        let Err(Error::Refused(failed)) = config.strict(true).generate() else {
            panic!("{facts}: a strict run took it");
        };
        let found = failed.diagnostics;
        assert!(
            found.iter().any(|one| one.code.id() == code),
            "{facts}: {found:?}"
        );
    }
}

#[test]
fn a_name_of_settings_cannot_take_that_of_another_tool() {
    let takes = about("getDeal", "name = \"list_deals\"");
    let found = findings(&takes).unwrap_err();
    let finding = &found[0];
    assert_eq!(finding.code.id(), "E0930");
    assert_eq!(finding.position.map(|p| p.line), Some(3));
    let said = format!(
        "{} {}",
        finding.message,
        finding.help.as_deref().unwrap_or_default()
    );
    assert!(
        said.contains("`GET /deals`") && said.contains("`GET /deals/{id}`"),
        "{said}"
    );
    // Both are named, so that each is meant.
    let both = takes + &about("listDeals", "name = \"find_deals\"");
    assert!(findings(&both).is_ok());
}
