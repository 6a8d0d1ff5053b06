//! Which branch of a union a value means (OpenAPI 3.2 §4.25): the property that says so, and what it
//! says in each branch.

use serde_json::{Map, Value, json};

use crate::diagnostics::{Code, Diagnostic, Pointer, json_path, remedy};
use crate::model::{Node, RefError, Resolver, percent_decode};
use crate::text;
use crate::text::pointer::unescaped;

/// What a branch is called by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Called {
    /// Names that are all that the service accepts.
    Named(Vec<String>),
    /// The name of its component. That is what the standard says, but documents without `mapping`
    /// often mean others, so it is told and not enforced.
    Implied(String),
    /// Names beside any further one: those of the schema that is meant where no other is.
    Default(Vec<String>),
    /// Nothing is known, or any further name.
    Unknown,
}

/// The property that tells the branches of a union apart, if its `discriminator` names one.
pub fn property<'a>(discriminator: &Node<'a>) -> Option<&'a str> {
    discriminator.str("propertyName")
}

/// The schema that an entry of `mapping` names: a component by its name, or a reference.
///
/// # Errors
/// What to say when there is none.
pub fn target<'a>(resolver: Resolver<'a>, entry: &Node<'a>) -> Result<Node<'a>, Box<Diagnostic>> {
    let Some(text) = entry.value.as_str() else {
        let message = "a schema is named by its name or by a reference, as text";
        return Err(Box::new(
            Diagnostic::new(Code::E0301, message)
                .at(&entry.pointer)
                .help("write a name of `components/schemas`")
                .overlay(remedy::remove(&json_path(&entry.pointer))),
        ));
    };
    let schemas = resolver.root().at(&["components", "schemas"]);
    if let Some(component) = schemas.and_then(|schemas| schemas.get(text)) {
        return Ok(component);
    }
    let is_name = !text.contains(['#', '/', ':']);
    let reference = if is_name {
        format!("#/components/schemas/{text}")
    } else {
        text.to_owned()
    };
    let found = resolver.target(&reference, &entry.pointer);
    found.map_err(|error| Box::new(no_schema(resolver, entry, text, &error)))
}

fn no_schema(resolver: Resolver<'_>, entry: &Node<'_>, text: &str, error: &RefError) -> Diagnostic {
    let RefError::Dangling { target, .. } = error else {
        return error.diagnostic(resolver).at(&entry.pointer);
    };
    let message = format!(
        "`{}` names no schema of the document",
        text::line(text, 120)
    );
    let diagnostic = Diagnostic::new(Code::E0301, message).at(&entry.pointer);
    let near = resolver.nearest(target).zip(entry.pointer.parent());
    match near.zip(entry.pointer.tokens().last()) {
        Some(((near, mapping), key)) => diagnostic
            .help(format!("did you mean `{near}`?"))
            .overlay(remedy::update(&json_path(&mapping), &json!({key: near}))),
        None => diagnostic
            .help("add the component, or remove the name")
            .overlay(remedy::remove(&json_path(&entry.pointer))),
    }
}

/// The name that a component has where nothing gives it another.
pub fn implied(place: &Pointer) -> Option<String> {
    component(&place.to_string().replace('%', "%25")).filter(|name| !name.contains('/'))
}

/// What each branch of a union is called by. `listed`: the values that the property has around them.
pub fn names(
    discriminator: &Node<'_>,
    branches: &[Node<'_>],
    listed: Option<&[&Value]>,
) -> Vec<Called> {
    let mapping: Vec<(&str, &str)> = discriminator
        .get("mapping")
        .iter()
        .flat_map(Node::entries)
        .filter_map(|(name, to)| Some((name, to.value.as_str()?)))
        .collect();
    let default = discriminator.str("defaultMapping");
    let called: Vec<Called> = branches
        .iter()
        .map(|branch| {
            let target = target_of(branch);
            let names: Vec<String> = mapping
                .iter()
                .filter(|(_, to)| is_same(to, &target))
                .map(|(name, _)| (*name).to_owned())
                .collect();
            let is_default = default.is_some_and(|default| is_same(default, &target));
            match component(&target) {
                _ if is_default && names.is_empty() => Called::Unknown,
                _ if is_default => Called::Default(names),
                _ if !names.is_empty() => Called::Named(names),
                Some(name) if default.is_none() => Called::Implied(name),
                _ => Called::Unknown,
            }
        })
        .collect();
    listed
        .and_then(|listed| as_listed(&called, listed))
        .unwrap_or(called)
}

/// Implied names in the spelling of the values that the property has, if each is one of them.
fn as_listed(called: &[Called], listed: &[&Value]) -> Option<Vec<Called>> {
    let one = |called: &Called| {
        let Called::Implied(name) = called else {
            return None;
        };
        let mut fitting = listed
            .iter()
            .filter_map(|value| value.as_str())
            .filter(|value| value.eq_ignore_ascii_case(name));
        let only = fitting.next().filter(|_| fitting.next().is_none())?;
        Some(Called::Named(vec![only.to_owned()]))
    };
    called.iter().map(one).collect()
}

/// Gives the tool schema of a branch the property, if it is open and has none: the names can be seen and
/// given there. It stays optional, since a discriminator does not change what is valid (OpenAPI 3.2 §4.25).
/// `listed`: the values that the property has around the branches.
pub fn declare(schema: &mut Value, key: &str, called: &Called, listed: Option<&[&Value]>) {
    let mut property = Map::new();
    property.insert("type".to_owned(), json!("string"));
    match (called, listed) {
        (Called::Named(names), Some(listed)) => {
            let is_listed = |name: &String| listed.iter().any(|value| *value == name.as_str());
            if !names.iter().any(is_listed) {
                return;
            }
            property.insert("enum".to_owned(), json!(listed));
        }
        (Called::Named(_) | Called::Implied(_) | Called::Default(_), None) => {}
        (Called::Unknown, _) | (_, Some(_)) => return,
    }
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    let open = |value: &Value| *value == json!(true) || *value == json!({});
    if schema.get("type") != Some(&json!("object"))
        || !schema.get("additionalProperties").is_none_or(open)
        || schema.contains_key("propertyNames")
    {
        return;
    }
    let properties = schema
        .entry("properties")
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(properties) = properties {
        properties
            .entry(key)
            .or_insert_with(|| Value::Object(property));
    }
}

/// Says in the tool schema of a branch what the property is there; `key` is its name in it, `taken` are the
/// names of all branches that have some.
pub fn name_branch(schema: &mut Value, key: &str, called: &Called, taken: &[String]) {
    let Some(property) = property_of(schema, key) else {
        return;
    };
    // Names are texts; a property that has none cannot be one of them.
    let is_text = |kind: &Value| kind == "string";
    if !property.get("type").is_none_or(is_text) {
        return;
    }
    match called {
        Called::Named(names) => {
            let fits = |name: &&String| match property.get("enum") {
                Some(Value::Array(known)) => known.iter().any(|value| value == name.as_str()),
                _ => true,
            };
            let names: Vec<&String> = names.iter().filter(fits).collect();
            if !names.is_empty() {
                property.insert("enum".to_owned(), json!(names));
            }
        }
        Called::Implied(name) => {
            others(property, taken);
            tell(property, &text::line(name, 80));
        }
        Called::Default(names) => {
            others(property, taken);
            let names: Vec<String> = names.iter().map(|name| text::line(name, 80)).collect();
            tell(property, &format!("{}, or any other", names.join(", ")));
        }
        Called::Unknown => others(property, taken),
    }
}

/// Says a name that is not enforced.
fn tell(property: &mut Map<String, Value>, told: &str) {
    if !property.contains_key("enum") && !property.contains_key("description") {
        let said = text::line(&format!("Here: {told}"), 300);
        property.insert("description".to_owned(), json!(said));
    }
}

/// Says that a branch has none of the names that others have: a value with such a name is one of those.
fn others(property: &mut Map<String, Value>, taken: &[String]) {
    if !taken.is_empty() && !property.contains_key("enum") {
        property.insert("not".to_owned(), json!({ "enum": taken }));
    }
}

/// The names that branches are called by and that are all that the service accepts there.
pub fn taken(called: &[Called]) -> Vec<String> {
    let named = called.iter().filter_map(|called| match called {
        Called::Named(names) => Some(names),
        Called::Implied(_) | Called::Default(_) | Called::Unknown => None,
    });
    named.flatten().cloned().collect()
}

/// The names that no branch has; `None` where a branch may have any.
pub fn left_over(branches: &mut [Value], key: &str, listed: &[&Value]) -> Option<Vec<String>> {
    let mut taken: Vec<Value> = Vec::new();
    for branch in branches {
        match property_of(branch, key)?.get("enum")? {
            Value::Array(values) => taken.extend(values.iter().cloned()),
            _ => return None,
        }
    }
    let names = listed.iter().filter(|value| !taken.contains(value));
    names
        .map(|value| value.as_str().map(str::to_owned))
        .collect()
}

fn property_of<'v>(schema: &'v mut Value, key: &str) -> Option<&'v mut Map<String, Value>> {
    schema.get_mut("properties")?.get_mut(key)?.as_object_mut()
}

/// The reference to a branch.
fn target_of(branch: &Node<'_>) -> String {
    branch.reference().map_or_else(
        // As it would be written in a reference.
        || branch.pointer.to_string().replace('%', "%25"),
        str::to_owned,
    )
}

/// Whether an entry of `mapping` names what a reference leads to.
fn is_same(entry: &str, target: &str) -> bool {
    let named = component(target);
    entry == target
        || named.is_some() && (named.as_deref() == Some(entry) || named == component(entry))
}

/// The name of the component that a reference leads to.
fn component(target: &str) -> Option<String> {
    target
        .strip_prefix("#/components/schemas/")
        .and_then(percent_decode)
        .map(|name| unescaped(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(names: &[&str]) -> Called {
        Called::Named(names.iter().map(|&n| n.to_owned()).collect())
    }

    fn implied(name: &str) -> Called {
        Called::Implied(name.to_owned())
    }

    #[test]
    fn a_branch_is_called_what_the_mapping_or_its_component_says() {
        let discriminator = json!({"propertyName": "kind", "mapping": {
            "a": "#/components/schemas/A", "b": "B~x", "first": "A", "c": "other.yaml#/C",
            "d": "#/components/schemas/D d",
        }});
        let discriminator = Node::root(&discriminator);
        for (target, expected) in [
            ("#/components/schemas/A", mapped(&["a", "first"])),
            ("#/components/schemas/B~0x", mapped(&["b"])),
            ("#/components/schemas/D%20d", mapped(&["d"])),
            ("#/components/schemas/E%20e", implied("E e")),
            ("#/paths/x", Called::Unknown),
        ] {
            let branch = json!({"$ref": target});
            let called = names(&discriminator, &[Node::root(&branch)], None);
            assert_eq!(called, [expected], "{target}");
        }
    }

    #[test]
    fn the_branch_of_the_default_may_have_any_name() {
        let discriminator = json!({"propertyName": "kind", "mapping": {"a": "A", "b": "B"},
            "defaultMapping": "B"});
        let branches = ["A", "B"].map(|n| json!({"$ref": format!("#/components/schemas/{n}")}));
        let branches: Vec<Node<'_>> = branches.iter().map(Node::root).collect();
        let called = names(&Node::root(&discriminator), &branches, None);
        let default = Called::Default(vec!["b".to_owned()]);
        assert_eq!(called, [mapped(&["a"]), default]);
        // One that no name leads to.
        let discriminator = json!({"propertyName": "kind", "mapping": {"a": "A"},
            "defaultMapping": "B"});
        let called = names(&Node::root(&discriminator), &branches, None);
        assert_eq!(called, [mapped(&["a"]), Called::Unknown]);
    }

    #[test]
    fn a_branch_without_the_property_gets_one_if_it_may_have_it() {
        let open = json!({"type": "object"});
        let named = |names: Value| json!({"type": "object", "properties": {"kind": names}});
        let cat = mapped(&["kitty"]);
        let kitty = named(json!({"type": "string", "enum": ["kitty"]}));
        let listed = json!(["kitty", "doggy"]);
        let listed: Vec<&Value> = listed.as_array().unwrap().iter().collect();
        let both = [json!("Cat"), json!("Dog")];
        let both: Vec<&Value> = both.iter().collect();
        let closed = json!({"type": "object", "additionalProperties": false});
        let integers = json!({"type": "object", "additionalProperties": {"type": "integer"}});
        let text = json!({"type": "string"});
        let number = named(json!({"type": "integer"}));
        let told = |told: &str| named(json!({"type": "string", "description": told}));
        let default = Called::Default(vec!["a".to_owned(), "b".to_owned()]);
        for (before, called, listed, after) in [
            (&open, &cat, None, &kitty),
            (&open, &cat, Some(listed.as_slice()), &kitty),
            (&open, &cat, Some(both.as_slice()), &open),
            (&open, &implied("Cat"), None, &told("Here: Cat")),
            (&open, &implied("Cat"), Some(both.as_slice()), &open),
            (&open, &default, None, &told("Here: a, b, or any other")),
            (&open, &Called::Unknown, None, &open),
            (&closed, &cat, None, &closed),
            (&integers, &cat, None, &integers),
            (&text, &cat, None, &text),
            (&number, &cat, None, &number),
        ] {
            let mut schema = before.clone();
            declare(&mut schema, "kind", called, listed);
            name_branch(&mut schema, "kind", called, &[]);
            assert_eq!(schema, *after, "{before} {called:?} {listed:?}");
        }
    }

    #[test]
    fn implied_names_are_spelt_as_the_property_lists_them_if_it_lists_all() {
        let discriminator = json!({"propertyName": "kind"});
        let branches = ["Dog", "Cat"].map(|n| json!({"$ref": format!("#/components/schemas/{n}")}));
        let branches: Vec<Node<'_>> = branches.iter().map(Node::root).collect();
        let both = [implied("Dog"), implied("Cat")];
        for (listed, expected) in [
            (
                json!(["dog", "cat", "bird"]),
                [mapped(&["dog"]), mapped(&["cat"])],
            ),
            (json!(["dog", "Dog", "cat"]), both.clone()),
            (json!(["dog"]), both.clone()),
            (json!([1, 2]), both),
        ] {
            let listed: Vec<&Value> = listed.as_array().unwrap().iter().collect();
            let called = names(&Node::root(&discriminator), &branches, Some(&listed));
            assert_eq!(called, expected, "{listed:?}");
        }
    }

    #[test]
    fn names_are_left_over_where_each_branch_has_some_of_them() {
        let branch = |kind: Value| json!({"properties": {"kind": kind}});
        let listed = [json!("a"), json!("b"), json!("c")];
        let listed: Vec<&Value> = listed.iter().collect();
        for (second, expected) in [
            (json!({"enum": ["b"]}), Some(vec!["c".to_owned()])),
            (json!({"enum": ["b", "c"]}), Some(Vec::new())),
            (json!({"type": "string"}), None),
        ] {
            let mut branches = [branch(json!({"enum": ["a"]})), branch(second)];
            assert_eq!(left_over(&mut branches, "kind", &listed), expected);
        }
    }
}
