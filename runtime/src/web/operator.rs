//! The operator's page: a form to sign in, and places that the script fills afterwards. It says nothing by itself that
//! only an operator may know.

use maud::{DOCTYPE, Markup, html};

use super::assets::OPERATOR;
use crate::access::CLASSES;
use crate::operation::Api;
use crate::text::clean;

/// The page.
pub(crate) fn page(api: &Api) -> String {
    let title = clean(api.title);
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · operator" }
                (OPERATOR.styles())
            }
            body {
                a.skip href="#main" { "Skip to content" }
                header {
                    p.kind { "MCP server · operator" }
                    h1 { (title) }
                    noscript {
                        p { "This page needs JavaScript. The commands " code { "audit" } " and " code { "keys" } " of the server's program do the same." }
                    }
                    (sign_in(api))
                    p #status role="status" {}
                    nav #places aria-label="On this page" hidden {
                        a href="#live" { "Live" } " "
                        a href="#audit" { "Audit" } " "
                        a href="#keys" { "Keys" }
                    }
                }
                main #main {
                    div #inside hidden { (live()) (audit()) (keys()) }
                }
                (OPERATOR.scripts())
            }
        }
    };
    markup.into_string()
}

fn sign_in(api: &Api) -> Markup {
    html! {
        form #sign-in.sign {
            p.field {
                label for="credential" { "Operator's credential" }
                input #credential type="password" autocomplete="off" spellcheck="false" aria-describedby="credential-hint";
                span #credential-hint.hint {
                    "What " code { (api.env_prefix) "_ADMIN_KEY" } " holds. It stays in this page's memory and is sent to this server only."
                }
            }
            button type="submit" { "Sign in" }
        }
        p #signed hidden { button #leave type="button" { "Sign out" } }
    }
}

fn live() -> Markup {
    html! {
        section #live aria-labelledby="live-title" {
            h2 #live-title { "Live traffic" }
            p.hint { "Calls as they begin and end, while this page is open. Arguments are shown as in the audit log: ids and words of lists, never secrets." }
            p.actions {
                button #pause type="button" aria-pressed="false" { "Pause" } " "
                button #clear type="button" { "Clear" }
            }
            p #live-said role="status" {}
            div #live-rows {}
        }
    }
}

fn audit() -> Markup {
    html! {
        section #audit aria-labelledby="audit-title" {
            h2 #audit-title { "Audit" }
            div #audit-state {}
            form #audit-filter.bar hidden {
                p.field { label for="who" { "Who" } input #who autocomplete="off" spellcheck="false" placeholder="key:…, client"; }
                p.field { label for="of-tool" { "Tool" } input #of-tool autocomplete="off" spellcheck="false"; }
                p.field {
                    label for="outcome" { "Outcome" }
                    select #outcome {
                        option value="" { "any" }
                        option value="ok" { "ok" }
                        option value="failed" { "failed" }
                        option value="denied" { "denied" }
                        option value="cancelled" { "cancelled" }
                        option value="unknown" { "unknown" }
                    }
                }
                p.field {
                    label for="class" { "Class" }
                    select #class {
                        option value="" { "any" }
                        @for class in CLASSES { option value=(class.as_str()) { (class.as_str()) } }
                    }
                }
                label.box { input #everything type="checkbox"; "other records, too" }
                button type="submit" { "Show" }
                button #table type="button" { "Download CSV" }
            }
            p #audit-said role="status" {}
            div #audit-rows {}
            p.actions { button #older type="button" hidden { "Older" } }
        }
    }
}

fn keys() -> Markup {
    html! {
        section #keys aria-labelledby="keys-title" {
            h2 #keys-title { "Keys" }
            div #keys-state {}
            div #once {}
            div #keys-rows {}
            form #order hidden {
                h3 { "Make a key" }
                p.field {
                    label for="order-name" { "Name" }
                    input #order-name autocomplete="off" maxlength="100" aria-describedby="order-name-hint" aria-required="true";
                    span #order-name-hint.hint { "Whose it is, and for what." }
                }
                fieldset {
                    legend { "Scopes" }
                    div #scopes {}
                    div.bar {
                        p.field { label for="order-toolset" { "Topic" } select #order-toolset { option value="*" { "all" } } }
                        p.field {
                            label for="order-class" { "May" }
                            select #order-class {
                                @for class in CLASSES { option value=(class.as_str()) { (class.as_str()) } }
                                option value="*" { "do everything" }
                            }
                        }
                        button #add type="button" { "Add scope" }
                    }
                }
                div.bar {
                    p.field { label for="order-days" { "Ends after days" } input #order-days inputmode="numeric" autocomplete="off" placeholder="never"; }
                    p.field { label for="order-rate" { "Requests" } input #order-rate autocomplete="off" placeholder="60/min"; }
                    button type="submit" { "Make the key" }
                }
            }
            p #keys-said role="status" {}
        }
    }
}
