//! Bodies that have to be sent although nobody says so. `required` of a request body is false where it is left
//! out (OpenAPI 3.2 §4.13), and many programs that write documents leave it out everywhere. What such a
//! document means is told from the facts: the schema requires members, and the method is one that has nothing
//! to do without a body. A `required: false` that is written down is always believed.

use super::schema::Shape;
use crate::diagnostics::{Code, Diagnostic, Sink};
use crate::model::{Node, RawOperation};
use crate::names::{plural, without_format, words};
use crate::text;

/// What the tool of a POST that makes a record begins with.
const MAKES: [&str; 3] = ["create", "add", "import"];
/// Words of paths that do something to many records at once: the body says to which.
const MANY: [&str; 6] = ["bulk", "batch", "mass", "many", "multi", "multiple"];
/// Names of members in one message.
const NAMED: usize = 4;

/// Whether the body of an operation has to be sent.
pub fn is_required(
    node: &Node<'_>,
    raw: &RawOperation<'_>,
    tool: &str,
    shape: &Shape<'_>,
    sink: &mut Sink,
) -> bool {
    if let Some(said) = node.bool("required") {
        return said;
    }
    let is_left_out = node.value.get("required").is_none();
    if !is_left_out || shape.required.is_empty() || !needs_one(&raw.method, raw.path, tool) {
        return false;
    }
    let members: Vec<String> = shape
        .required
        .iter()
        .take(NAMED)
        .map(|name| format!("`{}`", text::line(name, 60)))
        .collect();
    let message = format!(
        "the body of {} is taken to be required: its schema requires {}",
        raw.label(),
        members.join(", ")
    );
    sink.push(
        Diagnostic::new(Code::E0425, message)
            .at_key(&node.pointer)
            .note("`required` of the request body is left out, which means false")
            .help("write `required: true`, or `required: false` if it works without a body"),
    );
    true
}

/// Whether a method has nothing to do without a body: PUT has the new state in it (RFC 9110 §9.3.4), PATCH the
/// changes (RFC 5789 §2), a POST that makes a record has the record, and what is done to many at once says to
/// which. So does a DELETE whose path names no record: RFC 9110 §9.3.5 gives its body no meaning, the document does,
/// and without the members that it requires such a call means nothing, or every record. What is done to one record
/// (`/invoices/{id}/send`) may well need nothing more than that record.
fn needs_one(method: &str, path: &str, tool: &str) -> bool {
    if is_action(path) {
        return false;
    }
    match method {
        "PUT" | "PATCH" => true,
        "POST" => {
            let verb = words(tool).into_iter().next();
            verb.is_some_and(|verb| MAKES.contains(&verb.as_str())) || is_for_many(path)
        }
        "DELETE" => !path.trim_end_matches('/').ends_with('}'),
        _ => false,
    }
}

/// Whether the last word of a path says that many records are meant: `/contacts/bulk-delete`, `/tags/batch`.
fn is_for_many(path: &str) -> bool {
    let last = path.split('/').rfind(|segment| !segment.is_empty());
    let last = words(without_format(last.unwrap_or_default()));
    last.iter().any(|word| MANY.contains(&word.as_str()))
}

/// Whether a path ends with what is done to one record: a word behind a parameter that names no collection.
fn is_action(path: &str) -> bool {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty()).rev();
    let Some(last) = segments.next().filter(|last| !last.contains('{')) else {
        return false;
    };
    let is_of_one = segments.next().is_some_and(|before| before.contains('{'));
    let last = words(without_format(last));
    is_of_one && !last.last().is_some_and(|word| plural(word))
}

#[cfg(test)]
mod tests {
    use super::needs_one;

    #[test]
    fn methods_that_carry_a_record_need_their_body() {
        for (method, path, tool, expected) in [
            ("POST", "/contacts", "create_contact", true),
            ("POST", "/contacts/many", "create_contacts", true),
            ("POST", "/contacts/{id}/notes", "create_contact_note", true),
            ("POST", "/contacts/{id}/notes/", "add_contact_note", true),
            ("PUT", "/contacts/{id}", "update_contact", true),
            ("PUT", "/contacts/many", "update_contacts", true),
            ("PATCH", "/contacts/{id}.json", "update_contact", true),
            // What is done to one record.
            ("POST", "/invoices/{id}/send", "create_invoice_send", false),
            ("PUT", "/tasks/{id}/mark-complete", "update_task", false),
            // What only reads, and what has another purpose.
            ("POST", "/contacts/search", "search_contacts", false),
            ("POST", "/reports/run", "run_report", false),
            // Which ones of a collection, only the body says.
            ("DELETE", "/contacts/many", "delete_contacts", true),
            ("DELETE", "/customers", "delete_customers", true),
            ("DELETE", "/teams/{id}/members", "delete_team_members", true),
            ("DELETE", "/contacts/{id}", "delete_contact", false),
            ("DELETE", "/contacts/{id}/", "delete_contact", false),
            (
                "DELETE",
                "/invoices/{id}/logo",
                "delete_invoice_logo",
                false,
            ),
            (
                "POST",
                "/contacts/bulk-delete",
                "bulk_delete_contacts",
                true,
            ),
            ("POST", "/contacts/batch", "batch_contacts", true),
            ("POST", "/contacts/{id}/batch", "run_contact_batch", false),
            ("GET", "/contacts", "list_contacts", false),
        ] {
            assert_eq!(needs_one(method, path, tool), expected, "{method} {path}");
        }
    }
}
