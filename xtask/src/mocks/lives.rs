//! Records of a mock live as long as a client lets them: each collection of the four CRMs is asked over HTTP, with the
//! requests of its tools, for a record to be made, read, listed, changed and deleted.

use std::collections::{BTreeMap, HashSet};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};

use mcpwright::mock::{Mock, Options, Request, serve};
use mcpwright_runtime::contract::{Plan, arguments_of};
use mcpwright_runtime::json::Object;
use mcpwright_runtime::operation::OperationDef;
use serde_json::{Value, json};

use super::{documents, request_of};
use crate::contract::table;

/// What people write into a record, best first: such a text may be another one.
const FREE: [&str; 8] = [
    "name",
    "title",
    "subject",
    "company",
    "lastname",
    "last_name",
    "description",
    "notes",
];

/// The operations of one collection.
struct Collection<'o> {
    path: String,
    create: &'o OperationDef,
    read: &'o OperationDef,
    list: Option<&'o OperationDef>,
    update: Option<&'o OperationDef>,
    delete: Option<&'o OperationDef>,
}

/// The collections at paths without parameters whose records can be made and read.
fn collections<'o>(operations: &'o [&'static OperationDef]) -> Vec<Collection<'o>> {
    let mut at: BTreeMap<(String, &str), &OperationDef> = BTreeMap::new();
    for operation in operations {
        let path = operation.path.trim_end_matches('/');
        let path = match path.rsplit_once('/') {
            Some((before, last)) if last.starts_with('{') => format!("{before}/{{}}"),
            _ => path.to_owned(),
        };
        at.entry((path, operation.method)).or_insert(operation);
    }
    let find = |path: &str, method| at.get(&(path.to_owned(), method)).copied();
    // A list that wants to know of what is another one for each answer.
    let of_all = |list: &&OperationDef| plain(list).is_ok();
    let roots = at
        .iter()
        .filter(|((path, method), _)| *method == "POST" && !path.contains('{'));
    roots
        .filter_map(|((path, _), create)| {
            let one = format!("{path}/{{}}");
            Some(Collection {
                path: path.clone(),
                create,
                read: find(&one, "GET")?,
                list: find(path, "GET")
                    .or_else(|| find(&format!("{path}/search"), "POST"))
                    .filter(of_all)
                    .filter(|_| !DIVIDED.contains(&path.as_str())),
                update: find(&one, "PATCH").or_else(|| find(&one, "PUT")),
                delete: find(&one, "DELETE"),
            })
        })
        .collect()
}

/// A request of a tool with all that its schema has, about one record if one is given.
fn asked(operation: &OperationDef, id: Option<&str>) -> Result<Request, String> {
    let schema: Object =
        serde_json::from_str(operation.input_schema).map_err(|error| error.to_string())?;
    let arguments = arguments_of(operation, &schema, Plan::ALL).map_err(|e| format!("{e:?}"))?;
    let mut request = request_of(operation, &arguments)?;
    if let Some(id) = id {
        let path = request.path.trim_end_matches('/');
        let slash = &request.path[path.len()..];
        let (before, _) = path.rsplit_once('/').ok_or("no record in the path")?;
        request.path = format!("{before}/{id}{slash}");
    }
    Ok(request)
}

/// Lists that are two by how records stand; the mock fills one (ADR 0072).
const DIVIDED: [&str; 1] = ["/api/documents"];

/// What pages are called that hold more than usual.
const SIZES: [&str; 5] = ["limit", "page_size", "pageSize", "per_page", "size"];

/// A request for all records, in the usual order.
fn plain(operation: &OperationDef) -> Result<Request, String> {
    let of = |arguments: &[(&str, Value)]| {
        let arguments = arguments.iter();
        let arguments: Object = arguments
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        request_of(operation, &arguments)
    };
    let parameters = operation.parameters.iter();
    let size = parameters
        .map(|one| one.argument)
        .find(|name| SIZES.contains(name));
    let large = size.and_then(|name| of(&[(name, json!(100))]).ok());
    large.map_or_else(|| of(&[]), Ok)
}

fn send(address: SocketAddr, request: &Request) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).unwrap();
    let query = if request.query.is_empty() {
        String::new()
    } else {
        format!("?{}", request.query)
    };
    let mut head = format!(
        "{} {}{query} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n",
        request.method,
        request.path,
        request.body.len()
    );
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
    stream.write_all(&request.body).unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).unwrap();
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let body = serde_json::from_slice(&all[end + 4..]).unwrap_or_default();
    (status, body)
}

/// All objects of a value, the outermost first.
fn objects<'v>(value: &'v Value, found: &mut Vec<&'v Object>) {
    match value {
        Value::Object(object) => {
            found.push(object);
            object.values().for_each(|value| objects(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| objects(item, found)),
        _ => {}
    }
}

fn identifiers(value: &Value, parameter: &str) -> Vec<String> {
    let mut all = Vec::new();
    objects(value, &mut all);
    let fold = |name: &str| name.to_lowercase().replace('_', "");
    let wanted = ["id".to_owned(), fold(parameter)];
    let named = all.iter().flat_map(|object| object.iter().enumerate());
    named
        // `userid` of a customer stands first.
        .filter(|(index, (name, _))| {
            let name = fold(name);
            wanted.contains(&name) || *index == 0 && name.ends_with("id")
        })
        .map(|(_, member)| member)
        .filter_map(|(_, value)| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect()
}

/// Whether an object of an answer has a text under a name.
fn says(answer: &Value, name: &str, text: &str) -> bool {
    let mut all = Vec::new();
    objects(answer, &mut all);
    all.iter()
        .any(|object| object.get(name).and_then(Value::as_str) == Some(text))
}

/// Whether a list says that it has so many more records than it had: by a number beside it.
fn grew(before: &Value, after: &Value, by: i64) -> bool {
    match (before, after) {
        (Value::Number(before), Value::Number(after)) => before
            .as_i64()
            .zip(after.as_i64())
            .is_some_and(|(b, a)| a - b == by),
        (Value::Object(before), Value::Object(after)) => before
            .iter()
            .any(|(name, before)| after.get(name).is_some_and(|after| grew(before, after, by))),
        (Value::Array(before), Value::Array(after)) => {
            i64::try_from(after.len()).unwrap() - i64::try_from(before.len()).unwrap() == by
        }
        _ => false,
    }
}

fn done(what: &str, (status, body): (u16, Value)) -> Result<Value, String> {
    if (200..300).contains(&status) {
        Ok(body)
    } else {
        Err(format!("{what}: {status} {body}"))
    }
}

/// The life of one record; what was done with it.
fn live(address: SocketAddr, one: &Collection<'_>) -> Result<Vec<&'static str>, String> {
    let all = |list: &OperationDef| done("list", send(address, &plain(list)?));
    let parameter = one.read.path.trim_end_matches('/').rsplit('/').next();
    let parameter = parameter.unwrap_or_default().trim_matches(['{', '}']);
    let mut lived = vec!["create", "read"];
    let before = one.list.map(all).transpose()?;
    let request = asked(one.create, None)?;
    let made = done("create", send(address, &request))?;
    let with_new = one.list.map(all).transpose()?;
    // Some say nothing of what they made: then it is what the list has more.
    let known: HashSet<String> = before
        .iter()
        .flat_map(|list| identifiers(list, parameter))
        .collect();
    let of_answer = identifiers(&made, parameter).into_iter();
    let of_list = with_new
        .iter()
        .flat_map(|list| identifiers(list, parameter));
    let new = of_answer.chain(of_list).find(|id| !known.contains(id));
    let Some(id) = new else {
        // The document has no answer to the one, and no records in the answer to the other.
        return if made.is_null() && known.is_empty() {
            Ok(Vec::new())
        } else {
            Err(format!("nothing says which record was made: {made}"))
        };
    };
    let read = || done("read", send(address, &asked(one.read, Some(&id))?));
    let record = read()?;
    if !identifiers(&record, parameter).contains(&id) {
        return Err(format!("read: not {id}: {record}"));
    }
    let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let free = FREE.iter().find_map(|name| {
        let text = sent.get(name)?.as_str()?;
        Some((*name, text.to_owned()))
    });
    if let Some((name, text)) = &free
        && !says(&record, name, text)
    {
        return Err(format!("read: {name} is not {text:?}: {record}"));
    }
    if let Some(((list, before), after)) = one.list.zip(before.as_ref()).zip(with_new.as_ref()) {
        if !identifiers(after, parameter).contains(&id) && !grew(before, after, 1) {
            return Err(format!("{} has no {id}: {after}", list.path));
        }
        lived.push("list");
    }
    if let Some(update) = one.update {
        let mut request = asked(update, Some(&id))?;
        let mut body: Value = serde_json::from_slice(&request.body).unwrap_or(json!({}));
        let name = FREE
            .iter()
            .find(|name| body.get(name).is_some_and(Value::is_string));
        if let Some(name) = name {
            let text = format!("Zebra {id}").chars().take(12).collect::<String>();
            body[*name] = json!(text);
            request.body = body.to_string().into_bytes();
            done("update", send(address, &request))?;
            let record = read()?;
            if !says(&record, name, &text) {
                return Err(format!("update: {name} is not {text:?}: {record}"));
            }
            lived.push("update");
        }
    }
    if let Some(delete) = one.delete {
        done("delete", send(address, &asked(delete, Some(&id))?))?;
        let (status, body) = send(address, &asked(one.read, Some(&id))?);
        if status != 404 {
            return Err(format!("delete: it is still there: {status} {body}"));
        }
        if let (Some(list), Some(with_new)) = (one.list, &with_new) {
            let after = all(list)?;
            if identifiers(&after, parameter).contains(&id)
                || !identifiers(with_new, parameter).contains(&id) && !grew(with_new, &after, -1)
            {
                return Err(format!("delete: {} still has {id}: {after}", list.path));
            }
        }
        lived.push("delete");
    }
    Ok(lived)
}

#[test]
fn records_of_the_crms_are_made_read_listed_changed_and_deleted() {
    let mut faults = Vec::new();
    let mut counted = Vec::new();
    for (name, config) in documents() {
        let Ok(described) = config.described() else {
            continue;
        };
        // Those with settings, of real services.
        if !["crm", "bottlecrm", "customermates", "perfex", "pingcrm"].contains(&name.as_str()) {
            continue;
        }
        let api = table::api(&described.api).unwrap();
        let mock = Mock::new(
            described,
            Options {
                seed: 1,
                auth: false,
            },
        );
        let served = serve(mock, (Ipv4Addr::LOCALHOST, 0).into(), None).unwrap();
        let mut lived: BTreeMap<&str, usize> = BTreeMap::new();
        for one in collections(api.operations) {
            match live(served.address, &one) {
                Ok(steps) => steps
                    .iter()
                    .for_each(|step| *lived.entry(step).or_default() += 1),
                Err(fault) => faults.push(format!("{name} {}: {fault}", one.path)),
            }
        }
        counted.push((name, lived));
    }
    assert!(faults.is_empty(), "{}\n{counted:?}", faults.join("\n"));
    let count = |name: &str, step: &str| {
        let of_document = counted.iter().find(|(known, _)| known == name);
        of_document
            .and_then(|(_, lived)| lived.get(step).copied())
            .unwrap_or_default()
    };
    for (name, created, deleted) in [
        ("crm", 12, 11),
        ("bottlecrm", 25, 23),
        ("customermates", 5, 5),
        ("perfex", 18, 18),
        ("pingcrm", 2, 2),
    ] {
        assert!(
            count(name, "create") >= created && count(name, "delete") >= deleted,
            "{name}: {counted:?}"
        );
    }
}
