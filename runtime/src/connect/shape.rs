//! The entry of a server in a client's file: the client's template, filled in.

use super::table::{Client, Inputs, Refer};
use crate::json::{Object, Value, json};

/// What an entry tells the client.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// Name of the server among the client's.
    pub(crate) name: String,
    /// How it is reached.
    pub(crate) way: Way,
}

/// How a client reaches a server.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// It starts a program.
    Stdio {
        /// Its path, absolute.
        command: String,
        /// Its arguments.
        args: Vec<String>,
        /// Its variables.
        env: Vec<(String, Held)>,
    },
    /// It sends requests.
    Http {
        /// Where to.
        url: String,
        /// The field that lets it in.
        header: Option<Header>,
    },
}

/// What a variable of the program holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Held {
    /// This text.
    Text(String),
    /// What the client's environment, or its person, has under the same name.
    Reference,
}

/// A header field whose value is a secret.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    /// Its name.
    pub(crate) name: String,
    /// What stands before the secret: `Bearer ` or nothing.
    pub(crate) before: &'static str,
    /// The variable that holds the secret.
    pub(crate) variable: String,
}

/// An entry, and what goes with it.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// The value under the server's name.
    pub(crate) entry: Object,
    /// What the client asks people for: the key of the array, and its items.
    pub(crate) inputs: Vec<(String, Object)>,
    /// Variables that it refers to.
    pub(crate) variables: Vec<String>,
}

impl Shape {
    /// All that is written: the entry, and what the client asks for.
    pub(crate) fn written(&self) -> Vec<&Object> {
        let asked = self.inputs.iter().map(|(_, item)| item);
        std::iter::once(&self.entry).chain(asked).collect()
    }
}

/// The entry of a client; none where its file has none of this kind.
pub(crate) fn shape(client: &Client, facts: &Facts, in_project: bool) -> Option<Shape> {
    let (template, variables) = match &facts.way {
        Way::Stdio { env, .. } => {
            let referred = env.iter().filter(|(_, held)| *held == Held::Reference);
            let names = referred.map(|(name, _)| name.clone());
            (client.stdio.as_ref()?, names.collect())
        }
        Way::Http { header, .. } => {
            let names = header.iter().map(|header| header.variable.clone());
            (client.http.as_ref()?, names.collect::<Vec<_>>())
        }
    };
    let mut entry = Object::new();
    for (key, value) in template {
        if in_project && client.user_only.contains(key) {
            continue;
        }
        let filled = match value.as_str() {
            Some(text) if text.starts_with('{') => fill(client, facts, &variables, text),
            _ => Some(value.clone()),
        };
        if let Some(value) = filled {
            entry.insert(key.clone(), value);
        }
    }
    let inputs = client.inputs.iter().flat_map(|inputs| {
        let variables = variables.iter();
        variables.map(|variable| (inputs.at.clone(), input(inputs, variable)))
    });
    Some(Shape {
        entry,
        inputs: inputs.collect(),
        variables,
    })
}

/// The value for a place of a template; none where there is nothing to say.
fn fill(client: &Client, facts: &Facts, variables: &[String], place: &str) -> Option<Value> {
    match (place, &facts.way) {
        ("{name}", _) => Some(json!(facts.name)),
        ("{command}", Way::Stdio { command, .. }) => Some(json!(command)),
        ("{args}", Way::Stdio { args, .. }) => Some(json!(args)),
        ("{env}", Way::Stdio { env, .. }) => {
            let mut object = Object::new();
            for (name, held) in env {
                let value = match (held, &client.env) {
                    (Held::Text(text), _) => json!(text),
                    (Held::Reference, Refer::Form(form)) => json!(refer(form, name)),
                    (Held::Reference, _) => continue,
                };
                object.insert(name.clone(), value);
            }
            (!object.is_empty()).then(|| Value::from(object))
        }
        ("{env_names}", Way::Stdio { .. }) if client.env != Refer::ByName => None,
        ("{env_names}", _) => (!variables.is_empty()).then(|| json!(variables)),
        ("{url}", Way::Http { url, .. }) => Some(json!(url)),
        ("{headers}", Way::Http { header, .. }) => {
            let header = header.as_ref()?;
            let Refer::Form(form) = &client.header else {
                return None;
            };
            let value = format!("{}{}", header.before, refer(form, &header.variable));
            Some(json!({ &header.name: value }))
        }
        ("{bearer_name}", Way::Http { header, .. }) => {
            let header = header.as_ref().filter(|header| is_bearer(header))?;
            Some(json!(header.variable))
        }
        ("{header_names}", Way::Http { header, .. }) => {
            let header = header.as_ref().filter(|header| !is_bearer(header))?;
            Some(json!({ &header.name: header.variable }))
        }
        _ => None,
    }
}

fn is_bearer(header: &Header) -> bool {
    header.before == "Bearer " && header.name.eq_ignore_ascii_case("authorization")
}

/// A reference to a variable.
fn refer(form: &str, variable: &str) -> String {
    if form.contains("NAME") {
        form.replace("NAME", variable)
    } else {
        form.replace("ID", &id(variable))
    }
}

/// The id under which a client asks for a variable.
fn id(variable: &str) -> String {
    variable.to_lowercase().replace('_', "-")
}

fn input(inputs: &Inputs, variable: &str) -> Object {
    let fields = inputs.item.iter().map(|(key, value)| {
        let value = match value.as_str() {
            Some("{id}") => json!(id(variable)),
            Some("{description}") => json!(variable),
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    fields.collect()
}
