//! The document as it stands in its file, read without the generator's code: what an independent
//! reader of the specification takes an operation to ask for.

use std::collections::BTreeMap;

use serde_json::Value;

/// References followed in a row.
const MOST_HOPS: usize = 16;
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// A value in the document, and its JSON Pointer.
#[derive(Debug, Clone)]
pub struct Place<'d> {
    /// JSON Pointer.
    pub pointer: String,
    /// What stands there.
    pub value: &'d Value,
}

impl<'d> Place<'d> {
    /// A member, before its reference is followed.
    pub fn get(&self, key: &str) -> Option<Self> {
        let escaped = key.replace('~', "~0").replace('/', "~1");
        Some(Self {
            pointer: format!("{}/{escaped}", self.pointer),
            value: self.value.get(key)?,
        })
    }

    /// The members of an object.
    pub fn entries(&self) -> Vec<(&'d str, Self)> {
        let object = self.value.as_object();
        object
            .into_iter()
            .flatten()
            .filter_map(|(key, _)| Some((key.as_str(), self.get(key)?)))
            .collect()
    }

    fn items(&self) -> Vec<Self> {
        let items = self.value.as_array();
        items
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(index, value)| Self {
                pointer: format!("{}/{index}", self.pointer),
                value,
            })
            .collect()
    }

    pub fn text(&self, key: &str) -> Option<&'d str> {
        self.value.get(key)?.as_str()
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.value.get(key)?.as_bool()
    }
}

/// The place that a local reference names.
pub fn target<'d>(document: &'d Value, reference: &str) -> Option<Place<'d>> {
    let pointer = reference.strip_prefix('#')?;
    let pointer = String::from_utf8(crate::wire::decoded(pointer)).ok()?;
    Some(Place {
        value: document.pointer(&pointer)?,
        pointer,
    })
}

/// Follows references; `None` for one that leads nowhere.
pub fn follow<'d>(document: &'d Value, place: Place<'d>) -> Option<Place<'d>> {
    let mut place = place;
    for _ in 0..MOST_HOPS {
        let Some(reference) = place.text("$ref") else {
            return Some(place);
        };
        place = target(document, reference)?;
    }
    None
}

/// A declared parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name on the wire.
    pub name: String,
    /// `in`
    pub location: String,
    /// `style`, or its default.
    pub style: String,
    /// `explode`, or its default.
    pub explode: bool,
    /// `required`
    pub required: bool,
    /// Whether it has `content` instead of a schema.
    pub content: bool,
    /// `allowEmptyValue`, which is for queries alone (OpenAPI 3.2 §4.12.2).
    pub may_be_empty: bool,
    /// Where its schema stands.
    pub schema: Option<String>,
}

/// A declared request body.
#[derive(Debug)]
pub struct Body<'d> {
    /// `required`
    pub required: bool,
    /// Media types and their objects.
    pub content: Vec<(&'d str, Place<'d>)>,
}

/// A declared security scheme.
#[derive(Debug, Clone)]
pub enum Scheme {
    /// A key, `in` and `name`.
    Key(String, String),
    /// A scheme of the `Authorization` header.
    Authorization(&'static str),
    /// Anything that is not seen in a request, or that nobody knows.
    Other,
}

/// An operation.
#[derive(Debug)]
pub struct Operation<'d> {
    /// What it takes outside the body.
    pub parameters: Vec<Parameter>,
    /// What it takes as body.
    pub body: Option<Body<'d>>,
    /// Alternatives of schemes.
    pub security: Vec<Vec<Scheme>>,
    /// Whether `Authorization` is declared as a parameter. It is ignored as such, and may be sent.
    pub says_authorization: bool,
    /// Pairs that the path itself writes into the query.
    pub fixed: Vec<(String, String)>,
}

/// Every operation: path and method, upper case.
pub fn operations(document: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let paths = document.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        if path.starts_with("x-") {
            continue;
        }
        let item = Place {
            pointer: String::new(),
            value: item,
        };
        let Some(item) = follow(document, item) else {
            continue;
        };
        for method in METHODS {
            if item.get(method).is_some_and(|one| one.value.is_object()) {
                found.push((path.clone(), method.to_ascii_uppercase()));
            }
        }
        for (method, _) in item
            .get("additionalOperations")
            .iter()
            .flat_map(Place::entries)
        {
            found.push((path.clone(), method.to_owned()));
        }
    }
    found
}

/// What an operation asks for.
pub fn operation<'d>(document: &'d Value, path: &str, method: &str) -> Option<Operation<'d>> {
    let root = Place {
        pointer: String::new(),
        value: document,
    };
    let item = follow(document, root.get("paths")?.get(path)?)?;
    let lower = method.to_ascii_lowercase();
    let own = if METHODS.contains(&lower.as_str()) {
        item.get(&lower)?
    } else {
        item.get("additionalOperations")?.get(method)?
    };
    let mut parameters: BTreeMap<(String, String), Parameter> = BTreeMap::new();
    for list in [item.get("parameters"), own.get("parameters")] {
        for place in list.iter().flat_map(Place::items) {
            if let Some(one) = follow(document, place).and_then(|p| parameter(document, &p)) {
                parameters.insert((one.location.clone(), one.name.clone()), one);
            }
        }
    }
    let fixed = query_of_path(path, &mut parameters);
    let says_authorization = parameters
        .keys()
        .any(|(location, name)| location == "header" && name.eq_ignore_ascii_case("authorization"));
    // OpenAPI 3.2 §4.12.1: these are described elsewhere, and ignored as parameters.
    parameters.retain(|(location, name), _| {
        let name = name.to_ascii_lowercase();
        location != "header"
            || !matches!(name.as_str(), "accept" | "content-type" | "authorization")
    });
    let body = own.get("requestBody").and_then(|body| {
        let body = follow(document, body)?;
        let content: Vec<(&str, Place<'d>)> = body
            .get("content")
            .iter()
            .flat_map(Place::entries)
            .filter_map(|(name, media)| Some((name, follow(document, media)?)))
            .collect();
        Some(Body {
            required: body.flag("required") == Some(true),
            content,
        })
    });
    Some(Operation {
        parameters: parameters.into_values().collect(),
        body,
        security: security(document, &own),
        says_authorization,
        fixed,
    })
}

/// A query that is written into the path: its placeholders are parameters of the query, the rest is
/// given back.
fn query_of_path(
    path: &str,
    parameters: &mut BTreeMap<(String, String), Parameter>,
) -> Vec<(String, String)> {
    let mut fixed = Vec::new();
    let query = path
        .split_once('?')
        .filter(|(before, _)| !before.ends_with('{'));
    for pair in query.iter().flat_map(|(_, query)| query.split('&')) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let inner = value.trim_start_matches('{').trim_end_matches('}');
        if inner == value {
            fixed.push((name.to_owned(), value.to_owned()));
        } else if let Some(one) = parameters.remove(&("path".to_owned(), inner.to_owned())) {
            let location = "query".to_owned();
            parameters.insert(
                (location.clone(), name.to_owned()),
                Parameter {
                    name: name.to_owned(),
                    location,
                    style: "form".to_owned(),
                    explode: false,
                    ..one
                },
            );
        }
    }
    fixed
}

fn parameter(document: &Value, place: &Place<'_>) -> Option<Parameter> {
    let location = place.text("in")?.to_owned();
    let media = place.get("content").and_then(|content| {
        let (_, media) = content.entries().into_iter().next()?;
        follow(document, media)
    });
    let usual = match location.as_str() {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let style = place.text("style").unwrap_or(usual).to_owned();
    let explode = place.flag("explode");
    Some(Parameter {
        name: place.text("name")?.to_owned(),
        explode: explode.unwrap_or(style == "form" || style == "cookie"),
        style,
        required: place.flag("required") == Some(true) || location == "path",
        content: media.is_some(),
        may_be_empty: location == "query" && place.flag("allowEmptyValue") == Some(true),
        schema: media
            .as_ref()
            .unwrap_or(place)
            .get("schema")
            .map(|schema| schema.pointer),
        location,
    })
}

fn security(document: &Value, operation: &Place<'_>) -> Vec<Vec<Scheme>> {
    let effective = operation
        .value
        .get("security")
        .or_else(|| document.get("security"));
    let alternatives = effective.and_then(Value::as_array);
    alternatives
        .into_iter()
        .flatten()
        .map(|alternative| {
            let names = alternative.as_object().into_iter().flatten();
            names.map(|(name, _)| scheme(document, name)).collect()
        })
        .collect()
}

fn scheme(document: &Value, name: &str) -> Scheme {
    let place = target(document, "#/components/securitySchemes")
        .and_then(|all| follow(document, all.get(name)?));
    let Some(place) = place else {
        return Scheme::Other;
    };
    let text = |key: &str| place.text(key).unwrap_or_default().to_owned();
    match text("type").to_ascii_lowercase().as_str() {
        "apikey" => Scheme::Key(text("in"), text("name")),
        "http" if text("scheme").eq_ignore_ascii_case("basic") => Scheme::Authorization("Basic "),
        "http" if text("scheme").eq_ignore_ascii_case("bearer") => Scheme::Authorization("Bearer "),
        "oauth2" | "openidconnect" => Scheme::Authorization("Bearer "),
        _ => Scheme::Other,
    }
}
