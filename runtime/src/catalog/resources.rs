//! Resources: what a client may read when it matters and that would cost tokens in every list. The values of
//! long enums, which tool lists leave out, and the whole schemas of each tool.
//!
//! Long enums are listed, since there are few; the schemas are a template, since there is one for each tool.

use super::Catalog;
use super::selection::Selection;
use crate::arguments::{self, LISTED_VALUES};
use crate::engine::Entry;
use crate::json::{Object, Value};
use crate::result::ToolResult;
use crate::text::{cap, clean, nearest};

/// Lists of values that are listed; further ones can be read in the schemas of their tools.
const MOST_LISTS: usize = 50;
/// Characters of a resource.
const MOST_TEXT: usize = 60_000;
/// Levels of a schema that are looked into.
const DEEPEST: usize = 16;
/// Variable of the template.
pub(crate) const VARIABLE: &str = "tool";
/// Media type of every resource.
pub(crate) const MEDIA_TYPE: &str = "application/json";

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resource {
    pub(crate) uri: String,
    pub(crate) name: String,
    pub(crate) description: String,
}

impl Catalog {
    /// The long enums of the tools that a view leads to.
    pub(crate) fn resources(&self, selection: &Selection) -> Vec<Resource> {
        let lists = self.lists(selection);
        lists
            .all()
            .map(|(name, values, tools)| Resource {
                uri: self.enum_uri(name),
                name: name.to_owned(),
                description: format!(
                    "The {} values of `{name}`, for {}.",
                    values.len(),
                    cap(&tools.join(", "), 200)
                ),
            })
            .collect()
    }

    /// The template of schemas.
    pub(crate) fn schema_template(&self) -> Resource {
        Resource {
            uri: format!("{}://schemas/{{{VARIABLE}}}", self.scheme()),
            name: "schema".to_owned(),
            description:
                "Whole schemas of a tool's arguments and answer, as they are checked, and a call."
                    .to_owned(),
        }
    }

    /// The text of a resource.
    ///
    /// # Errors
    /// One sentence: there is none.
    pub(crate) fn resource(&self, selection: &Selection, uri: &str) -> Result<String, String> {
        let rest = uri
            .strip_prefix(self.scheme())
            .and_then(|rest| rest.strip_prefix("://"));
        let missing = |hint: String| {
            let uri = cap(&clean(uri), 120).into_owned();
            Err(format!("there is no resource `{uri}`{hint}"))
        };
        let near = |hint: Option<String>| {
            hint.map_or_else(String::new, |uri| format!("; did you mean {uri}?"))
        };
        match rest.and_then(|rest| rest.split_once('/')) {
            Some(("schemas", name)) => match self.named(selection, name) {
                Some(entry) => Ok(schemas(entry)),
                None => {
                    let names = self.tool_names(selection);
                    let hint = nearest(name, names.iter().map(String::as_str));
                    missing(near(hint.map(|name| self.schema_uri(name))))
                }
            },
            Some(("enums", name)) => {
                let lists = self.lists(selection);
                match lists.find(name) {
                    Some(values) => Ok(values_text(values)),
                    None => {
                        let hint = nearest(name, lists.all().map(|(name, ..)| name));
                        missing(near(hint.map(|name| self.enum_uri(name))))
                    }
                }
            }
            _ => missing(format!(
                "; there are {}://schemas/TOOL and those of resources/list",
                self.scheme()
            )),
        }
    }

    /// The names of tools that begin with a text, for the variable of the template.
    pub(crate) fn completed(&self, selection: &Selection, uri: &str, begun: &str) -> Vec<String> {
        if uri != self.schema_template().uri {
            return Vec::new();
        }
        let begun = begun.to_lowercase();
        let mut names = self.tool_names(selection);
        names.retain(|name| name.starts_with(&begun));
        names
    }

    /// The answer to wrong arguments with the resource that has all values, where it shows some of them only.
    pub(super) fn with_lists(
        &self,
        selection: &Selection,
        entry: &Entry,
        result: ToolResult,
    ) -> ToolResult {
        let problems = result.problems.as_ref();
        if !problems.is_some_and(|all| all.iter().any(|problem| problem.values > 0)) {
            return result;
        }
        let lists = self.lists(selection);
        let tool = entry.name();
        self.engine().reworded(result, tool, |problem| {
            let name = lists.of_place(tool, &problem.pointer, problem.values)?;
            let (said, uri) = (&problem.message, self.enum_uri(name));
            Some(format!(
                "{said} All {} are in the resource {uri}.",
                problem.values
            ))
        })
    }

    /// The URI of the resource that has the values of an argument.
    pub(super) fn uri_of(&self, lists: &Lists, values: &[Value]) -> Option<String> {
        let mut all = lists.all();
        let found = all.find(|(_, known, _)| *known == values);
        found.map(|(name, ..)| self.enum_uri(name))
    }

    /// URIs begin with the server's name, so that those of several servers differ (RFC 3986 §3.1).
    fn scheme(&self) -> &'static str {
        self.engine().api().name
    }

    fn schema_uri(&self, tool: &str) -> String {
        format!("{}://schemas/{tool}", self.scheme())
    }

    fn enum_uri(&self, name: &str) -> String {
        format!("{}://enums/{name}", self.scheme())
    }

    fn entries_of<'a>(&'a self, selection: &'a Selection) -> impl Iterator<Item = &'a Entry> {
        let found = selection.found.iter();
        found.filter_map(|place| self.engine().entries().get(*place))
    }

    fn tool_names(&self, selection: &Selection) -> Vec<String> {
        let entries = self.entries_of(selection);
        entries.map(|entry| entry.name().to_owned()).collect()
    }

    fn named<'a>(&'a self, selection: &'a Selection, name: &str) -> Option<&'a Entry> {
        self.entries_of(selection)
            .find(|entry| entry.name() == name)
    }

    /// The long enums of the tools of a view.
    pub(super) fn lists(&self, selection: &Selection) -> Lists {
        let mut lists = Lists::default();
        for entry in self.entries_of(selection) {
            let (input, _) = entry.whole();
            collect(&input, "value", DEEPEST, &mut |name, values| {
                lists.add(name, values, entry.name());
            });
        }
        lists
    }
}

/// Lists of values with their names and the tools that take them.
#[derive(Default)]
pub(super) struct Lists(Vec<(String, Vec<Value>, Vec<String>)>);

impl Lists {
    /// The same values are one list; others under a known name get a number.
    fn add(&mut self, name: &str, values: &[Value], tool: &str) {
        let known = self.0.iter_mut().find(|(_, known, _)| known == values);
        if let Some((_, _, tools)) = known {
            if !tools.iter().any(|known| known == tool) {
                tools.push(tool.to_owned());
            }
            return;
        }
        if self.0.len() >= MOST_LISTS {
            return;
        }
        let plain = plain(name);
        let mut free = plain.clone();
        let mut number = 2_u32;
        while self.0.iter().any(|(known, ..)| *known == free) {
            free = format!("{plain}_{number}");
            number = number.saturating_add(1);
        }
        self.0.push((free, values.to_vec(), vec![tool.to_owned()]));
    }

    fn all(&self) -> impl Iterator<Item = (&str, &[Value], &[String])> {
        let all = self.0.iter();
        all.map(|(name, values, tools)| (name.as_str(), values.as_slice(), tools.as_slice()))
    }

    /// The name of the list that a tool has at a place (JSON Pointer), by how many values it has.
    fn of_place(&self, tool: &str, place: &str, count: usize) -> Option<&str> {
        let mut steps = place.rsplit('/');
        let property = steps.find(|step| step.parse::<usize>().is_err());
        let wanted = plain(property.unwrap_or_default());
        let is_of = |tools: &[String]| tools.iter().any(|known| known == tool);
        let all = self.all();
        let fitting: Vec<&str> = all
            .filter(|(_, values, tools)| values.len() == count && is_of(tools))
            .map(|(name, ..)| name)
            .collect();
        let is_called = |name: &&str| {
            let rest = name.strip_prefix(wanted.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
        };
        // Under another name where another property has the same values.
        let mut called = fitting.iter().copied().filter(is_called);
        called.next().or(match fitting.as_slice() {
            [alone] => Some(*alone),
            _ => None,
        })
    }

    fn find(&self, name: &str) -> Option<&[Value]> {
        let mut all = self.all();
        all.find(|(known, ..)| *known == name)
            .map(|(_, values, _)| values)
    }
}

/// Finds the enums in a schema that tool lists leave out, each with the name of its property.
fn collect(schema: &Object, name: &str, levels: usize, found: &mut dyn FnMut(&str, &[Value])) {
    if let Some(Value::Array(values)) = schema.get("enum")
        && values.len() > LISTED_VALUES
    {
        found(name, values);
    }
    let Some(levels) = levels.checked_sub(1) else {
        return;
    };
    for (keyword, value) in schema {
        match (keyword.as_str(), value) {
            ("properties" | "$defs", Value::Object(members)) => {
                for (name, member) in members {
                    if let Value::Object(member) = member {
                        collect(member, name, levels, found);
                    }
                }
            }
            ("const" | "default" | "enum" | "examples", _) => {}
            (_, Value::Object(inner)) => collect(inner, name, levels, found),
            (_, Value::Array(items)) => {
                for item in items.iter().filter_map(Value::as_object) {
                    collect(item, name, levels, found);
                }
            }
            _ => {}
        }
    }
}

/// A name as a segment of a URI.
fn plain(name: &str) -> String {
    let kept = |c: char| {
        if c.is_ascii_alphanumeric() || c == '-' {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    let name: String = name.chars().take(60).map(kept).collect();
    if name.is_empty() {
        "value".to_owned()
    } else {
        name
    }
}

/// The schemas of a tool; the answer's only where there is room for it.
fn schemas(entry: &Entry) -> String {
    let (input, output) = entry.whole();
    let mut object = Object::new();
    object.insert("tool".to_owned(), Value::from(entry.name()));
    object.insert(
        "inputSchema".to_owned(),
        Value::Object(input.as_ref().clone()),
    );
    if let Some(example) = arguments::accepted(entry.operation(), &input) {
        object.insert("example".to_owned(), example);
    }
    let without = Value::Object(object.clone()).to_string();
    if let Some(output) = output {
        object.insert(
            "outputSchema".to_owned(),
            Value::Object(output.as_ref().clone()),
        );
    }
    let whole = Value::Object(object).to_string();
    if whole.len() <= MOST_TEXT {
        whole
    } else {
        without
    }
}

/// As many values as there is room for, and how many there are.
fn values_text(values: &[Value]) -> String {
    let mut room = MOST_TEXT;
    let shown: Vec<Value> = values
        .iter()
        .take_while(|value| {
            let cost = value.to_string().len().saturating_add(1);
            let fits = cost <= room;
            room = room.saturating_sub(cost);
            fits
        })
        .cloned()
        .collect();
    let mut object = Object::new();
    object.insert("total".to_owned(), Value::from(values.len()));
    object.insert("values".to_owned(), Value::Array(shown));
    Value::Object(object).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::{PREFIX, Statement};
    use crate::clock::Clock;
    use crate::engine::Engine;
    use crate::extend::Extensions;
    use crate::guard::Caller;
    use crate::json::scan::Defects;
    use crate::operation::{Api, OperationDef};
    use crate::upstream::{Settings, Upstream};

    fn long(prefix: &str, count: usize) -> Value {
        (0..count)
            .map(|n| Value::from(format!("{prefix}{n}")))
            .collect()
    }

    #[test]
    fn enums_that_lists_leave_out_are_found_by_the_names_of_their_properties() {
        let schema = json!({"properties": {
            "country": {"enum": long("c", 26)},
            "short": {"enum": long("s", 25)},
            "lines": {"items": {"properties": {"Unit/Code": {"anyOf": [{"enum": long("u", 40)}, {"type": "null"}]}}}},
            "other": {"default": {"enum": long("no", 30)}},
        }});
        let mut lists = Lists::default();
        let object = schema.as_object().cloned().unwrap_or_default();
        for tool in ["create_lead", "update_lead"] {
            collect(&object, "value", DEEPEST, &mut |name, values| {
                lists.add(name, values, tool)
            });
        }
        lists.add(
            "country",
            long("d", 30).as_array().map_or(&[][..], Vec::as_slice),
            "list_x",
        );
        let found: Vec<(&str, usize, usize)> = lists
            .all()
            .map(|(name, values, tools)| (name, values.len(), tools.len()))
            .collect();
        assert_eq!(
            found,
            [
                ("country", 26, 2),
                ("unit_code", 40, 2),
                ("country_2", 30, 1)
            ]
        );
    }

    #[tokio::test]
    async fn a_wrong_value_of_a_long_list_is_told_with_the_resource_that_has_all() {
        let codes: Vec<Value> = (b'A'..=b'Z')
            .flat_map(|c| [[c, b'A'], [c, b'Z']])
            .map(|code| Value::from(String::from_utf8_lossy(&code).into_owned()))
            .collect();
        let country = json!({"type": "string", "enum": codes});
        let input = json!({"type": "object", "properties": {
            "country": country,
            "addresses": {"type": "array", "items": {"properties": {"country": country}}},
            "size": {"enum": long("of size ", 60)},
            "stage": {"enum": ["open", "won"]},
        }});
        let create: &'static OperationDef = Box::leak(Box::new(OperationDef {
            tool: "create_account",
            input_schema: Box::leak(input.to_string().into_boxed_str()),
            ..OperationDef::DEFAULT
        }));
        let api: &'static Api = Box::leak(Box::new(Api {
            name: "x",
            env_prefix: "X",
            operations: Box::leak(Box::new([create])),
            ..Api::DEFAULT
        }));
        let variable = |name: &str| (name == "X_BASE_URL").then(|| "http://127.0.0.1:9".to_owned());
        let settings = Settings::read(api, &variable);
        let settings = settings.unwrap_or_else(|error| unreachable!("{error}"));
        let upstream = Upstream::new(settings, "x", "1");
        let engine = Engine::new(api, Extensions::new(), Some(upstream), Clock::default());
        let catalog = Catalog::new(engine, Statement::default(), PREFIX);
        let catalog = catalog.unwrap_or_else(|error| unreachable!("{error}"));
        let selection = catalog.select(catalog.base());
        let selection = selection.unwrap_or_else(|error| unreachable!("{error}"));
        for (given, place, told) in [
            (
                json!({"country": "UK"}),
                "/country: \"UK\" (a string) is not an allowed value. Allowed: \"AA\",",
                Some(
                    "\"TZ\" and 12 more; each is a code of 2 capital letters. All 52 are in the resource x://enums/country.\n",
                ),
            ),
            (
                json!({"addresses": [{"country": "Germany"}]}),
                "/addresses/0/country: \"Germany\" (a string) is not an allowed value. Allowed:",
                Some(" All 52 are in the resource x://enums/country.\n"),
            ),
            (
                json!({"size": "of sise 7"}),
                "/size: \"of sise 7\" (a string) is not an allowed value. Did you mean \"of size 7\"? Allowed:",
                Some("\"of size 39\" and 20 more. All 60 are in the resource x://enums/size.\n"),
            ),
            (
                json!({"stage": "closed"}),
                "/stage: \"closed\" (a string) is not an allowed value. Allowed: \"open\", \"won\".\n",
                None,
            ),
        ] {
            let entry = catalog.engine().find("create_account");
            let entry = entry.unwrap_or_else(|| unreachable!());
            let arguments = given.as_object().cloned().unwrap_or_default();
            let (defects, caller) = (Defects::default(), Caller::silent());
            let result = catalog.run(&selection, entry, arguments, &defects, &caller);
            let text = result.await.to_text();
            assert!(text.contains(place), "{text}");
            match told {
                Some(told) => assert!(text.contains(told), "{text}"),
                None => assert!(!text.contains("resource"), "{text}"),
            }
        }
    }

    #[test]
    fn a_resource_has_a_bound() {
        let many = long("a value that is long enough to count ", 10_000);
        let text = values_text(many.as_array().map_or(&[][..], Vec::as_slice));
        assert!(text.len() <= MOST_TEXT + 100, "{}", text.len());
        assert!(text.starts_with(r#"{"total":10000,"#), "{}", text.len());
    }
}
