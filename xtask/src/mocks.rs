//! The mock of a document and the requests of its tools judge each other: what tools send, the mock accepts, and what
//! it answers has the declared schema. Both read the document on ways of their own: the validator here is
//! `jsonschema`, and requests are the runtime's.

mod lives;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;

use jsonschema::{Draft, Registry, Validator};
use mcpwright::mock::{Mock, Options, Request, Response};
use mcpwright::{Config, Described};
use mcpwright_runtime::arguments::check as check_arguments;
use mcpwright_runtime::contract::{Plan, arguments_of};
use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::OperationDef;
use mcpwright_runtime::request;
use serde_json::{Value, json};

use crate::contract::table;
use crate::paths;

const URI: &str = "urn:document";

/// Documents of the repository with their settings, and those beside it.
fn documents() -> Vec<(String, Config)> {
    let specs = paths::root().join("specs");
    let mut all = vec![("crm".to_owned(), Config::new().spec(specs.join("crm.yaml")))];
    for name in ["bottlecrm", "customermates", "perfex", "pingcrm"] {
        let folder = specs.join(name);
        let config = Config::new().spec(folder.join("openapi.yaml"));
        all.push((
            name.to_owned(),
            config.settings_file(folder.join("mcpwright.toml")),
        ));
    }
    for version in ["2.0", "3.0", "3.1", "3.2"] {
        all.extend(below(specs.join("features").join(version)));
    }
    // What their schemas say beyond what tools list (E0506), arguments made up from tools do not know.
    all.retain(|(name, _)| {
        !["conditions", "schema-corners"]
            .iter()
            .any(|odd| name.contains(odd))
    });
    all
}

fn below(folder: PathBuf) -> Vec<(String, Config)> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|kind| kind == "json" || kind == "yaml")
        })
        .collect();
    found.sort();
    let named = |path: PathBuf| (path.display().to_string(), Config::new().spec(path));
    found.into_iter().map(named).collect()
}

/// The schemas of a document as they stand, for answers.
struct Answers {
    known: RefCell<HashMap<String, Option<Rc<Validator>>>>,
    document: Value,
    registry: Registry<'static>,
}

impl Answers {
    fn of(document: &Value) -> Option<Self> {
        let resource = jsonschema::Resource::from_contents(document.clone());
        let registry = Registry::new()
            .add(URI, resource)
            .and_then(jsonschema::RegistryBuilder::prepare);
        Some(Self {
            known: RefCell::default(),
            document: document.clone(),
            registry: registry.ok()?,
        })
    }

    fn follow<'v>(&'v self, place: &str) -> Option<(&'v Value, String)> {
        let mut place = place.to_owned();
        for _ in 0..20 {
            let value = self.document.pointer(&place)?;
            match value.get("$ref").and_then(Value::as_str) {
                Some(target) => {
                    place = target
                        .strip_prefix('#')?
                        .replace("%7B", "{")
                        .replace("%7D", "}")
                }
                None => return Some((value, place)),
            }
        }
        None
    }

    /// The validator of an answer.
    fn validator(&self, operation: &str, response: &Response) -> Option<Rc<Validator>> {
        let (_, responses) = self.follow(&format!("{operation}/responses"))?;
        let status = response.status.to_string();
        let keys = [
            status.clone(),
            format!("{}XX", &status[..1]),
            "default".to_owned(),
        ];
        let (found, place) = keys
            .iter()
            .find_map(|key| self.follow(&format!("{responses}/{key}")))?;
        let content_type = response
            .headers
            .iter()
            .find(|(name, _)| name == "content-type")?
            .1
            .as_str();
        if !content_type.contains("json") {
            return None;
        }
        let content = found.get("content")?.as_object()?;
        let named = content.keys().find(|name| name.trim() == content_type);
        let named = named.or_else(|| content.keys().find(|name| name.contains('*')))?;
        let pointer = format!(
            "{place}/content/{}/schema",
            named.replace('~', "~0").replace('/', "~1")
        );
        self.document.pointer(&pointer)?;
        if let Some(known) = self.known.borrow().get(&pointer) {
            return known.clone();
        }
        let fragment: String = pointer
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                    char::from(byte).to_string()
                }
                byte => format!("%{byte:02X}"),
            })
            .collect();
        let built = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .should_ignore_unknown_formats(true)
            .build(&json!({"$ref": format!("{URI}#{fragment}")}));
        let built = built.ok().map(Rc::new);
        self.known.borrow_mut().insert(pointer, built.clone());
        built
    }
}

fn request_of(operation: &OperationDef, arguments: &Object) -> Result<Request, String> {
    let schema: Object =
        serde_json::from_str(operation.input_schema).map_err(|error| error.to_string())?;
    let checked = check_arguments(operation, &schema, arguments.clone())
        .map_err(|problems| format!("{problems:?}"))?;
    let built = request::build(operation, &checked).map_err(|error| error.to_string())?;
    let mut headers = built.headers;
    let generated = operation.parameters.iter().filter(|one| one.generated);
    headers.extend(generated.map(|one| {
        (
            one.name.to_owned(),
            "6f1c7c0e-33a1-4d0f-9b36-6b4d1f0c2a57".to_owned(),
        )
    }));
    if !built.cookies.is_empty() {
        headers.push(("cookie".to_owned(), built.cookies.join("; ")));
    }
    let body = built.body.map(|body| {
        headers.push(("content-type".to_owned(), body.content_type));
        body.bytes
    });
    Ok(Request {
        method: built.method.to_owned(),
        path: built.path,
        query: built.query,
        headers,
        body: body.unwrap_or_default(),
    })
}

/// What an answer says that no answer to a valid request may say; nothing where all is well.
fn fault(
    answers: &Answers,
    operation: &OperationDef,
    place: &str,
    response: &Response,
) -> Option<String> {
    let text = String::from_utf8_lossy(&response.body);
    let no_record = response.status == 404 && text.contains("there is no ");
    if !(200..400).contains(&response.status) && !no_record {
        return Some(format!(
            "{} {}: {} {text}",
            operation.method, operation.path, response.status
        ));
    }
    let validator = answers.validator(place, response)?;
    let Ok(value) = serde_json::from_slice::<Value>(&response.body) else {
        return Some(format!(
            "{} {}: no JSON: {text}",
            operation.method, operation.path
        ));
    };
    let wrong: Vec<String> = validator
        .iter_errors(&value)
        .take(3)
        .map(|error| {
            format!("{}: {error}", error.instance_path())
                .chars()
                .take(300)
                .collect()
        })
        .collect();
    (!wrong.is_empty()).then(|| {
        format!(
            "{} {}: answers {} {}",
            operation.method,
            operation.path,
            response.status,
            wrong.join("; ")
        )
    })
}

/// Faults of one document, and how many requests there were.
fn faults(config: &Config) -> Option<(Vec<String>, usize)> {
    let described: Described = config.described().ok()?;
    let api = table::api(&described.api).ok()?;
    let answers = Answers::of(&described.document)?;
    let tools: Vec<(String, Option<Value>)> = described
        .api
        .operations()
        .map(|tool| (tool.pointer.as_str().to_owned(), tool.call.clone()))
        .collect();
    let mut mock = Mock::new(
        described,
        Options {
            seed: 1,
            auth: false,
        },
    );
    let mut found = Vec::new();
    let mut requests = 0_usize;
    for (operation, (place, call)) in api.operations.iter().zip(&tools) {
        let schema: Object = serde_json::from_str(operation.input_schema).ok()?;
        let plans = [Plan::ALL]
            .iter()
            .filter_map(|plan| arguments_of(operation, &schema, *plan).ok());
        let shown = call.iter().filter_map(|call| call.as_object().cloned());
        for arguments in shown.chain(plans) {
            let Ok(request) = request_of(operation, &arguments) else {
                continue;
            };
            requests += 1;
            let response = mock.answer(&request);
            if let Some(fault) = fault(&answers, operation, place, &response) {
                found.push(format!(
                    "{fault}\n      {}?{} {}",
                    request.path,
                    request.query,
                    String::from_utf8_lossy(&request.body)
                ));
            }
        }
    }
    Some((found, requests))
}

#[test]
fn what_tools_send_the_mock_of_their_document_accepts_and_answers_by_it() {
    let mut all = Vec::new();
    let mut requests = 0;
    for (name, config) in documents() {
        let Some((found, count)) = faults(&config) else {
            continue;
        };
        requests += count;
        all.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(requests > 1_000, "{requests}");
    assert!(
        all.is_empty(),
        "{} of {requests}:\n{}",
        all.len(),
        all.join("\n")
    );
}

#[test]
fn the_same_document_and_seed_give_the_same_bytes() {
    let crm = || {
        Config::new()
            .spec(paths::root().join("specs/crm.yaml"))
            .described()
            .unwrap()
    };
    let asked = |path: &str, query: &str| Request {
        method: "GET".to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        ..Request::default()
    };
    let all = |seed: u64, order: &[usize]| {
        let mut mock = Mock::new(crm(), Options { seed, auth: false });
        let requests = [
            asked("/customers", "limit=5"),
            asked("/invoices/3", ""),
            asked("/invoices/3/pdf", ""),
            asked("/leads", ""),
        ];
        let mut answers: Vec<(usize, Response)> = order
            .iter()
            .map(|at| (*at, mock.answer(&requests[*at])))
            .collect();
        answers.sort_by_key(|(at, _)| *at);
        answers
    };
    let first = all(1, &[0, 1, 2, 3]);
    assert!(
        first.iter().all(|(_, answer)| answer.status == 200),
        "{first:?}"
    );
    // Records do not hang on what was asked before.
    assert_eq!(first, all(1, &[3, 2, 1, 0]));
    assert_ne!(first, all(2, &[0, 1, 2, 3]));
}
