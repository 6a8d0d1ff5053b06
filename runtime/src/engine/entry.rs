//! A tool, wherever it comes from.

use std::sync::{Arc, OnceLock};

use crate::arguments;
use crate::extend::CustomTool;
use crate::guard::{Matter, Policy, with_token};
use crate::json::Object;
use crate::operation::{Composite, Hints, OperationDef, Risk};
use crate::result;
use crate::upstream::with_paths;

/// A tool, with its schemas once they were needed.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    input: OnceLock<Arc<Object>>,
    output: OnceLock<Option<Arc<Object>>>,
    #[cfg(feature = "http")]
    mirrored: OnceLock<bool>,
    /// Whether files may be given by path.
    pub(super) paths: bool,
    /// How its calls are confirmed.
    pub(super) policy: Policy,
}

/// Where a tool comes from.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Operation(&'static OperationDef),
    Composite(&'static Composite),
    Custom(CustomTool),
}

impl Entry {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            paths: false,
            policy: Policy::Off,
            input: OnceLock::new(),
            output: OnceLock::new(),
            #[cfg(feature = "http")]
            mirrored: OnceLock::new(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        match &self.kind {
            Kind::Operation(operation) => operation.tool,
            Kind::Composite(tool) => tool.tool,
            Kind::Custom(tool) => &tool.name,
        }
    }

    /// The operation behind the tool, if there is one.
    pub(crate) fn operation(&self) -> Option<&'static OperationDef> {
        match &self.kind {
            Kind::Operation(operation) => Some(operation),
            Kind::Composite(_) | Kind::Custom(_) => None,
        }
    }

    /// Display name.
    pub(crate) fn title(&self) -> &str {
        match &self.kind {
            Kind::Operation(operation) => operation.title,
            Kind::Composite(tool) => tool.title,
            Kind::Custom(tool) => &tool.title,
        }
    }

    /// What the model reads.
    pub(crate) fn description(&self) -> &str {
        match &self.kind {
            Kind::Operation(operation) => operation.description,
            Kind::Composite(tool) => tool.description,
            Kind::Custom(tool) => &tool.description,
        }
    }

    /// The tag that groups it; tools of one's own are a group.
    pub(crate) fn group(&self) -> &str {
        match &self.kind {
            Kind::Operation(operation) => operation.group,
            Kind::Composite(tool) => tool.group,
            Kind::Custom(_) => "custom",
        }
    }

    /// The four hints.
    pub(crate) fn hints(&self) -> Hints {
        match &self.kind {
            Kind::Operation(operation) => operation.hints,
            Kind::Composite(tool) => tool.hints,
            Kind::Custom(tool) => tool.hints,
        }
    }

    /// The strictest class that applies; of a tool of one's own, as its hints say.
    pub(crate) fn risk(&self) -> Risk {
        match &self.kind {
            Kind::Operation(operation) => operation.risk,
            Kind::Composite(tool) => tool.risk,
            Kind::Custom(tool) if tool.hints.read_only => Risk::Read,
            Kind::Custom(tool) if tool.hints.open_world => Risk::Outward,
            Kind::Custom(tool) if tool.hints.destructive => Risk::Destructive,
            Kind::Custom(_) => Risk::Write,
        }
    }

    /// The input schema; kept once the tool was called.
    pub(crate) fn input(&self) -> &Arc<Object> {
        self.input.get_or_init(|| self.parse_input())
    }

    /// The output schema; kept once the tool was called.
    pub(crate) fn output(&self) -> Option<&Arc<Object>> {
        self.output.get_or_init(|| self.parse_output()).as_ref()
    }

    /// The schemas for a list: those that are kept, or parsed ones that go with the list.
    pub(crate) fn listed(&self) -> (Arc<Object>, Option<Arc<Object>>) {
        let (input, output) = self.whole();
        (arguments::listed(input), output)
    }

    /// The schemas with what lists leave out.
    pub(crate) fn whole(&self) -> (Arc<Object>, Option<Arc<Object>>) {
        let input = self
            .input
            .get()
            .cloned()
            .unwrap_or_else(|| self.parse_input());
        let output = self
            .output
            .get()
            .cloned()
            .unwrap_or_else(|| self.parse_output());
        (input, output)
    }

    /// Whether header fields may have to repeat some of its arguments (`x-mcp-header`, MCP 2026-07-28).
    #[cfg(feature = "http")]
    pub(crate) fn is_mirrored(&self) -> bool {
        const KEYWORD: &str = "x-mcp-header";
        *self.mirrored.get_or_init(|| match &self.kind {
            Kind::Operation(operation) => operation.input_schema.contains(KEYWORD),
            Kind::Composite(tool) => tool.input_schema.contains(KEYWORD),
            Kind::Custom(tool) => crate::json::Value::Object(tool.input_schema.clone())
                .to_string()
                .contains(KEYWORD),
        })
    }

    fn parse_input(&self) -> Arc<Object> {
        let schema = match &self.kind {
            Kind::Operation(operation) => {
                let mut schema = parse(operation.input_schema).unwrap_or_default();
                if self.paths {
                    with_paths(&mut schema);
                }
                result::with_controls(operation, schema)
            }
            Kind::Composite(tool) => parse(tool.input_schema).unwrap_or_default(),
            Kind::Custom(tool) => tool.input_schema.clone(),
        };
        Arc::new(if self.takes_token() {
            with_token(schema)
        } else {
            schema
        })
    }

    /// Whether a call may have to carry a token of an earlier one.
    pub(crate) const fn takes_token(&self) -> bool {
        matches!(self.policy, Policy::Auto | Policy::Token)
    }

    /// Whether a call may have an argument of this name: one of its own, or one that says what is shown.
    pub(crate) fn takes(&self, name: &str) -> bool {
        let has = |schema: &Object| {
            let properties = schema.get("properties");
            properties.is_some_and(|properties| properties.get(name).is_some())
        };
        has(&self.whole().0) || result::is_control(self.operation(), name)
    }

    /// Whether the tool itself has an argument of this name.
    pub(super) fn owns(&self, name: &str) -> bool {
        let has = |schema: &Object| {
            let properties = schema.get("properties");
            properties.is_some_and(|properties| properties.get(name).is_some())
        };
        match &self.kind {
            Kind::Operation(operation) => parse(operation.input_schema).is_some_and(|s| has(&s)),
            Kind::Composite(tool) => parse(tool.input_schema).is_some_and(|s| has(&s)),
            Kind::Custom(tool) => has(&tool.input_schema),
        }
    }

    /// What calls of it settle before they are made.
    pub(super) fn matter<'a>(
        &'a self,
        arguments: &'a Object,
        request: Option<String>,
    ) -> Matter<'a> {
        Matter {
            tool: self.name(),
            title: self.title(),
            description: self.description(),
            consequence: self.operation().map_or("", |o| o.settled.consequence),
            risk: self.risk(),
            arguments,
            schema: self.input(),
            operation: self.operation(),
            request,
            reason: None,
        }
    }

    /// The arguments without their secrets, if they have some.
    pub(super) fn masked(&self, arguments: &Object) -> Option<Object> {
        let mut masked = arguments.clone();
        result::hide_given(&mut masked, self.input(), self.operation());
        (masked != *arguments).then_some(masked)
    }

    fn parse_output(&self) -> Option<Arc<Object>> {
        match &self.kind {
            Kind::Operation(operation) => parse(operation.output_schema).map(Arc::new),
            Kind::Composite(_) | Kind::Custom(_) => None,
        }
    }
}

fn parse(schema: &str) -> Option<Object> {
    serde_json::from_str(schema).ok()
}
