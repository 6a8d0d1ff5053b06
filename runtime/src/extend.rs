//! A user's own code around the generated operations: hooks before and after a call, and further tools.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::client::Client;
use crate::json::{Object, Value};
use crate::operation::{Hints, OperationDef};
use crate::typed::Operation;

/// What a hook knows about the call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CallInfo {
    /// Name of the tool.
    pub tool: &'static str,
    /// The operation behind it.
    pub operation: &'static OperationDef,
}

/// A call that user code refuses; the model reads the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(pub String);

impl Refusal {
    /// Refuses for a reason, a sentence that says what would be accepted.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

impl From<crate::client::CallError> for Refusal {
    fn from(error: crate::client::CallError) -> Self {
        Self(error.to_string())
    }
}

type Before = Arc<dyn Fn(Object, &CallInfo) -> Result<Object, Refusal> + Send + Sync>;
type After = Arc<dyn Fn(Value, &CallInfo) -> Value + Send + Sync>;
type Run = Arc<
    dyn Fn(Object, Client) -> Pin<Box<dyn Future<Output = Result<Value, Refusal>> + Send>>
        + Send
        + Sync,
>;

/// Hooks and further tools; the generated `custom.rs` fills it.
#[derive(Clone, Default)]
pub struct Extensions {
    before: HashMap<&'static str, Vec<Before>>,
    after: HashMap<&'static str, Vec<After>>,
    tools: Vec<CustomTool>,
}

impl Extensions {
    /// Nothing added.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes or refuses calls of an operation after their arguments were checked and before anything
    /// is sent. Several hooks run in the order in which they were added.
    #[must_use]
    pub fn before<O: Operation>(
        mut self,
        hook: impl Fn(O, &CallInfo) -> Result<O, Refusal> + Send + Sync + 'static,
    ) -> Self {
        let erased: Before = Arc::new(move |arguments, info| {
            let operation = O::from_arguments(&arguments)
                .map_err(|error| Refusal(format!("the arguments cannot be read: {error}")))?;
            Ok(hook(operation, info)?.to_arguments())
        });
        self.before.entry(O::DEF.tool).or_default().push(erased);
        self
    }

    /// Changes the JSON of successful answers of an operation before they become a result. Answers
    /// without JSON pass by.
    #[must_use]
    pub fn after<O: Operation>(
        mut self,
        hook: impl Fn(Value, &CallInfo) -> Value + Send + Sync + 'static,
    ) -> Self {
        self.after
            .entry(O::DEF.tool)
            .or_default()
            .push(Arc::new(hook));
        self
    }

    /// Adds a tool. One with the name of a generated tool takes its place.
    #[must_use]
    pub fn tool(mut self, tool: CustomTool) -> Self {
        self.tools.retain(|known| known.name != tool.name);
        self.tools.push(tool);
        self
    }

    pub(crate) fn tools(&self) -> &[CustomTool] {
        &self.tools
    }

    pub(crate) fn run_before(&self, arguments: Object, info: &CallInfo) -> Result<Object, Refusal> {
        let hooks = self.before.get(info.tool).into_iter().flatten();
        hooks
            .into_iter()
            .try_fold(arguments, |arguments, hook| hook(arguments, info))
    }

    pub(crate) fn run_after(&self, value: Value, info: &CallInfo) -> Value {
        let hooks = self.after.get(info.tool).into_iter().flatten();
        hooks
            .into_iter()
            .fold(value, |value, hook| hook(value, info))
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extensions")
            .field("before", &self.before.keys())
            .field("after", &self.after.keys())
            .field("tools", &self.tools)
            .finish()
    }
}

/// A tool of one's own.
#[derive(Clone)]
pub struct CustomTool {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) input_schema: Object,
    pub(crate) hints: Hints,
    pub(crate) timeout: Option<Duration>,
    pub(crate) run: Run,
}

impl CustomTool {
    /// A tool that `run` answers: with JSON for the model, or with a refusal that it reads. `run` gets
    /// the checked arguments and a client for the API's operations. Without a schema the tool takes no
    /// arguments; without hints it counts as one that writes and reaches out.
    pub fn new<F, R>(name: impl Into<String>, description: impl Into<String>, run: F) -> Self
    where
        F: Fn(Object, Client) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Value, Refusal>> + Send + 'static,
    {
        let name = name.into();
        Self {
            title: name.replace('_', " "),
            name,
            description: description.into(),
            input_schema: Object::from_iter([
                ("type".to_owned(), Value::from("object")),
                ("additionalProperties".to_owned(), Value::Bool(false)),
            ]),
            hints: Hints {
                read_only: false,
                destructive: true,
                idempotent: false,
                open_world: true,
            },
            timeout: None,
            run: Arc::new(move |arguments, client| Box::pin(run(arguments, client))),
        }
    }

    /// Display name.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// JSON Schema 2020-12 of the arguments. One that is not an object with `"type": "object"` is not
    /// taken, and the tool goes on without arguments.
    #[must_use]
    pub fn input_schema(mut self, schema: Value) -> Self {
        if let Value::Object(schema) = schema
            && schema.get("type") == Some(&Value::from("object"))
        {
            self.input_schema = schema;
        } else {
            tracing::error!(
                tool = self.name,
                "input schema without \"type\": \"object\" ignored"
            );
        }
        self
    }

    /// How long the tool may take as a whole, in place of the time that a call of an operation may take.
    /// Then it is dropped where it waits; code that does not wait is not stopped.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// The four MCP annotation hints.
    #[must_use]
    pub fn hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }
}

impl fmt::Debug for CustomTool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CustomTool({})", self.name)
    }
}
