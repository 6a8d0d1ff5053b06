//! Words that say what is done.

/// A last path word that makes a POST a read.
pub(super) const READS: [&str; 5] = ["search", "query", "find", "filter", "lookup"];
/// Words that make an operation destructive whatever its method.
pub(super) const DESTRUCTIVE: [&str; 19] = [
    "delete",
    "remove",
    "purge",
    "destroy",
    "erase",
    "wipe",
    "clear",
    "anonymize",
    "refund",
    "cancel",
    "abort",
    "merge",
    "void",
    "revoke",
    "pay",
    "buy",
    "purchase",
    "charge",
    "reset",
];
/// Words that make an operation leave the service.
pub(super) const OUTWARD: [&str; 11] = [
    "send",
    "resend",
    "invite",
    "publish",
    "notify",
    "broadcast",
    "charge",
    "pay",
    "buy",
    "purchase",
    "refund",
];
/// What is sent: a POST to it sends one, unless something else is done to it (`list-sms`).
pub(super) const SENT: [&str; 4] = ["email", "mail", "sms", "webhook"];
/// Words that are always what is done, never what it is done to: they count before a parameter
/// (`/invoices/send/{id}`), and in a GET.
pub(super) const UNMISTAKABLE: [&str; 20] = [
    "delete",
    "remove",
    "purge",
    "destroy",
    "erase",
    "wipe",
    "anonymize",
    "cancel",
    "merge",
    "void",
    "revoke",
    "send",
    "resend",
    "pay",
    "buy",
    "purchase",
    "refund",
    "invite",
    "notify",
    "broadcast",
];
/// Verbs that make the word after them a record: `update_refund` refunds nothing.
pub(super) const ABOUT: [&str; 24] = [
    "list", "get", "find", "search", "count", "fetch", "read", "show", "view", "retrieve", "check",
    "verify", "validate", "confirm", "preview", "render", "update", "change", "set", "delete",
    "remove", "cancel", "enable", "disable",
];
/// Words of what changes records that are there and is not undone by a second call: a lead becomes a customer, a file
/// overwrites what has its keys.
pub(super) const OVERWRITES: [&str; 3] = ["convert", "import", "imports"];
/// Verbs that change how a record stands. What was is overwritten, so that a POST of these adds nothing alone.
pub(super) const STATES: [&str; 53] = [
    "accept",
    "activate",
    "advance",
    "approve",
    "archive",
    "assign",
    "block",
    "change",
    "close",
    "complete",
    "deactivate",
    "decline",
    "disable",
    "edit",
    "enable",
    "escalate",
    "expire",
    "finalize",
    "finish",
    "freeze",
    "hide",
    "lock",
    "lose",
    "mark",
    "modify",
    "move",
    "patch",
    "pause",
    "reactivate",
    "rename",
    "reopen",
    "reorder",
    "replace",
    "reschedule",
    "resolve",
    "restore",
    "resume",
    "reject",
    "set",
    "snooze",
    "stop",
    "suspend",
    "swap",
    "terminate",
    "toggle",
    "transfer",
    "transition",
    "unarchive",
    "unassign",
    "unblock",
    "unlock",
    "update",
    "win",
];
/// Verbs that take back what is there, and are never the name of a record: wherever a name begins or ends with one, or a
/// path ends with one, something is lost.
pub(super) const UNDOES: [&str; 9] = [
    "detach",
    "disconnect",
    "regenerate",
    "rotate",
    "unlink",
    "unmerge",
    "unpublish",
    "unshare",
    "untag",
];
/// Those of them after which a credential that was in use is none any more.
pub(super) const RENEWS: [&str; 2] = ["regenerate", "rotate"];
/// What is renewed then. Of one record there is one at a time: making it ends the one before.
pub(super) const CREDENTIALS: [&str; 4] = ["key", "password", "secret", "token"];
/// Verbs that make such a credential.
pub(super) const ISSUES: [&str; 3] = ["generate", "issue", "reissue"];
/// Verbs that make a record or change it.
pub(super) const MAKES: [&str; 8] = [
    "create", "add", "update", "set", "replace", "register", "edit", "patch",
];
/// Where a service sends its records from now on.
pub(super) const WEBHOOK: [&str; 2] = ["webhook", "webhooks"];
