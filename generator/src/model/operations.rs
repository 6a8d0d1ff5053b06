//! The operations of a document: paths × methods (OpenAPI 3.2 §4.8 to §4.10).

use super::{Node, Resolver};
use crate::diagnostics::{Code, Diagnostic, Pointer, Sink, json_path, remedy};
use crate::http::is_token;
use crate::path_item::{METHODS, is_lost_operation};
use crate::text;

/// An operation as it stands in the document.
#[derive(Debug, Clone)]
pub struct RawOperation<'a> {
    /// HTTP method, upper case (`additionalOperations` keep their own case).
    pub method: String,
    /// Path template.
    pub path: &'a str,
    /// The operation object.
    pub node: Node<'a>,
    /// The path item object that holds it.
    pub path_item: Node<'a>,
    /// The path item objects whose parameters and servers it shares: what a `$ref` leads to, then what
    /// stands beside the `$ref`. Later ones count more.
    pub path_items: Vec<Node<'a>>,
}

impl RawOperation<'_> {
    /// `METHOD path`, as people write it.
    pub fn label(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// All operations in document order. What cannot be read is reported and counted in the second part:
/// method, path and the reason.
pub fn operations<'a>(
    root: &Node<'a>,
    resolver: Resolver<'a>,
    sink: &mut Sink,
) -> (Vec<RawOperation<'a>>, Vec<(String, String, String)>) {
    let mut found = Vec::new();
    let mut skipped = Vec::new();
    for (path, item) in root.get("paths").iter().flat_map(Node::entries) {
        if path.starts_with("x-") {
            continue;
        }
        if !path.starts_with('/') {
            sink.push(
                Diagnostic::new(
                    Code::E0407,
                    format!(
                        "the path `{path}` does not start with `/`; its operations are left out"
                    ),
                )
                .at_key(&item.pointer)
                .help("write the path with a leading slash"),
            );
        }
        // What stands beside a `$ref` counts too: tools that write such documents mean both.
        let beside = item.reference().is_some().then(|| item.clone());
        let item = match resolver.follow(item) {
            Ok(item) => item,
            Err(error) => {
                let diagnostic = error.diagnostic(resolver);
                skipped.push(("*".to_owned(), path.to_owned(), diagnostic.message.clone()));
                sink.push(diagnostic);
                continue;
            }
        };
        let items: Vec<Node<'a>> = [Some(item), beside].into_iter().flatten().collect();
        for (name, node) in items.iter().flat_map(Node::entries) {
            // What is wrong was said when the fields were looked at.
            if is_lost_operation(name, node.value) {
                let reason = format!("`{}` is no field of a path", text::line(name, 60));
                skipped.push((name.to_owned(), path.to_owned(), reason));
            }
        }
        for (method, node, item) in effective(path, &items, &mut skipped, sink) {
            let node = match behind(node, &method, path, resolver, sink) {
                Ok(node) => node,
                Err(reason) => {
                    skipped.push((method, path.to_owned(), reason));
                    continue;
                }
            };
            let malformed = if node.object().is_none() {
                Some("the operation is not an object")
            } else if !is_token(&method) {
                Some("the method is not an HTTP token")
            } else if method.eq_ignore_ascii_case("CONNECT") {
                // RFC 9110 §9.3.6: its target is a host and port, and what follows is no HTTP.
                Some("CONNECT opens a tunnel and is no request to an API")
            } else if method.eq_ignore_ascii_case("TRACE") {
                // RFC 9110 §9.3.8: the request, credentials included, comes back as the answer.
                Some(
                    "TRACE sends the request back, with its credentials, and is no request to an API",
                )
            } else if matches!(method.as_str(), "PRI" | "*") {
                // RFC 9113 §3.4, and the registry of methods.
                Some("the method is reserved, and no request has it")
            } else if !path.starts_with('/') {
                Some("its path does not start with `/`")
            } else {
                None
            };
            if let Some(reason) = malformed {
                if path.starts_with('/') {
                    sink.push(
                        Diagnostic::new(
                            Code::E0405,
                            format!("{method} {path} is left out: {reason}"),
                        )
                        .at(&node.pointer)
                        .help(if node.object().is_none() {
                            "write an operation object, or remove the entry"
                        } else {
                            "remove the entry, or write the method that the service has"
                        }),
                    );
                }
                skipped.push((method, path.to_owned(), reason.to_owned()));
                continue;
            }
            found.push(RawOperation {
                method,
                path,
                node,
                path_item: item,
                path_items: items.clone(),
            });
        }
    }
    (found, skipped)
}

/// The operation that a reference in its place leads to. The standard knows none there (OpenAPI 3.2
/// §4.9.1), but documents that were cut into files have them.
///
/// # Errors
/// When there is no operation: the reason, after a diagnostic.
fn behind<'a>(
    node: Node<'a>,
    method: &str,
    path: &str,
    resolver: Resolver<'a>,
    sink: &mut Sink,
) -> Result<Node<'a>, String> {
    let Some(target) = node.reference() else {
        return Ok(node);
    };
    let left_out = |finding: Diagnostic, sink: &mut Sink| {
        let reason = format!("the operation cannot be read: {}", finding.message);
        sink.push(finding);
        Err(reason)
    };
    let found = match resolver.follow(node.clone()) {
        Ok(found) => found,
        Err(error) => {
            let finding = error.diagnostic(resolver);
            let nowhere = finding.code == Code::E0301 && resolver.nearest(target).is_none();
            // Without its reference it would be an operation that has no arguments.
            let finding = if nowhere {
                finding
                    .help("write the operation out here, or remove it")
                    .overlay(remedy::remove(&json_path(&node.pointer)))
            } else {
                finding
            };
            return left_out(finding, sink);
        }
    };
    if !is_operation(&found) {
        let message = format!("`{}` is not an operation", text::line(target, 120));
        let finding = Diagnostic::new(Code::E0304, message)
            .at(&node.pointer.child("$ref"))
            .help("write the operation out here, or let the whole path be a reference");
        return left_out(finding, sink);
    }
    let message = format!("{method} {} is a reference", text::line(path, 120));
    let finding = Diagnostic::new(Code::E0222, message)
        .at(&node.pointer.child("$ref"))
        .note("read as the operation that it leads to")
        .help("write the operation out here, or let the whole path be a reference");
    let says_more = node.object().is_some_and(|members| members.len() > 1);
    sink.push(if says_more {
        finding.note("what stands beside the `$ref` is not read")
    } else {
        finding
    });
    Ok(found)
}

/// Whether an object is an operation, as far as can be told from its fields, none of which is required
/// (OpenAPI 3.2 §4.10). Path items and components have parameters too, and the
/// document tags and requirements.
fn is_operation(node: &Node<'_>) -> bool {
    let has = |field: &&str| node.get(field).is_some();
    let has_list = |field: &&str| node.get(field).is_some_and(|value| value.value.is_array());
    ["responses", "operationId", "requestBody"].iter().any(has)
        || ["parameters", "tags", "security"].iter().any(has_list)
            && !METHODS.iter().chain(&["openapi", "schemas"]).any(has)
}

/// The operations of a path: method, operation, path item. One beside a `$ref` replaces one of the same
/// method behind it.
fn effective<'a>(
    path: &str,
    items: &[Node<'a>],
    skipped: &mut Vec<(String, String, String)>,
    sink: &mut Sink,
) -> Vec<(String, Node<'a>, Node<'a>)> {
    let mut all: Vec<_> = items.iter().cloned().flat_map(methods).collect();
    misplaced(path, &mut all, skipped, sink);
    if let [_, beside] = items {
        let replacing: Vec<String> = methods(beside.clone()).into_iter().map(|m| m.0).collect();
        all.retain(|(method, node, item)| {
            let replaced = item.pointer != beside.pointer && replacing.contains(method);
            if replaced {
                let reason = "replaced by the operation beside the `$ref`";
                sink.push(
                    Diagnostic::new(
                        Code::E0404,
                        format!(
                            "{method} {path} is declared beside a `$ref` and in what it leads to"
                        ),
                    )
                    .at_key(&node.pointer)
                    .note("the operation beside the `$ref` counts")
                    .help("keep one of the two operations"),
                );
                skipped.push((method.clone(), path.to_owned(), reason.to_owned()));
            }
            !replaced
        });
    }
    all
}

/// The entries of a path item that are operations: method, operation, path item.
pub fn methods(item: Node<'_>) -> Vec<(String, Node<'_>, Node<'_>)> {
    let fixed = item
        .entries()
        .filter(|(key, _)| METHODS.contains(key))
        .map(|(key, node)| (key.to_ascii_uppercase(), node));
    let additional = item
        .get("additionalOperations")
        .into_iter()
        .flat_map(|node| node.entries())
        .map(|(key, node)| match own_field(key) {
            Some(_) => (key.to_ascii_uppercase(), node),
            None => (key.to_owned(), node),
        });
    fixed
        .chain(additional)
        .map(|(method, node)| (method, node, item.clone()))
        .collect()
}

/// The field of a path item that a method has.
fn own_field(method: &str) -> Option<&'static str> {
    METHODS
        .into_iter()
        .find(|field| field.eq_ignore_ascii_case(method))
}

/// Says which methods stand in `additionalOperations` though they have fields of their own, and takes out
/// those that the field itself says.
fn misplaced<'a>(
    path: &str,
    all: &mut Vec<(String, Node<'a>, Node<'a>)>,
    skipped: &mut Vec<(String, String, String)>,
    sink: &mut Sink,
) {
    let fixed: Vec<(String, Pointer)> = all
        .iter()
        .filter(|(_, node, item)| node.pointer.parent().as_ref() == Some(&item.pointer))
        .map(|(method, _, item)| (method.clone(), item.pointer.clone()))
        .collect();
    let mut seen: Vec<(String, Pointer)> = Vec::new();
    all.retain(|(method, node, item)| {
        let is_fixed = node.pointer.parent().as_ref() == Some(&item.pointer);
        if is_fixed || own_field(method).is_none() {
            return true;
        }
        let key = (method.clone(), item.pointer.clone());
        let again = fixed.contains(&key) || seen.contains(&key);
        let message = format!(
            "{method} {} stands in `additionalOperations`",
            text::line(path, 120)
        );
        let finding = Diagnostic::new(Code::E0219, message)
            .at_key(&node.pointer)
            .help(format!("move it to `{}:`", method.to_ascii_lowercase()));
        sink.push(if again {
            finding.note("the path has this method already, which counts")
        } else {
            finding.note("read as if it stood in the field of the method")
        });
        if again {
            let reason = "the path has this method already";
            skipped.push((method.clone(), path.to_owned(), reason.to_owned()));
        }
        seen.push(key);
        !again
    });
}
