//! A handler whose requests are traced and measured.

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult, CustomRequest,
    CustomResult, DiscoverResult, ErrorData, GetPromptRequestParams, GetPromptResponse,
    InitializeRequestParams, InitializeResult, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams,
    ReadResourceResponse, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};

use super::{Handler, ask};
use crate::telemetry::{self, Begun, Ended, Operation, Parent, Target, Transport};
use crate::text;

type Context = RequestContext<RoleServer>;

/// Longest id of a request that a span carries; clients choose them.
const ID: usize = 64;

/// A handler, and what is told of it. Cheap to clone, as the handler is.
#[derive(Debug, Clone)]
pub(super) struct Observed(Handler);

impl Observed {
    pub(super) const fn new(handler: Handler) -> Self {
        Self(handler)
    }
}

/// The span that a request belongs to, and the one that its HTTP request belongs to, if that is another.
/// What stands in the message counts (MCP conventions, "Context propagation").
pub(super) fn parents(context: &Context) -> (Option<Parent>, Option<Parent>) {
    let said = |name: &str| context.meta.get(name)?.as_str();
    let message = Parent::read(said("traceparent"), said("tracestate"));
    let carrier = of_http(context);
    match message {
        Some(message) => {
            let other = carrier.filter(|carrier| *carrier != message);
            (Some(message), other)
        }
        None => (carrier, None),
    }
}

#[cfg(feature = "http")]
fn of_http(context: &Context) -> Option<Parent> {
    let headers = &context.extensions.get::<http::request::Parts>()?.headers;
    // Several are none (W3C Trace Context §3.2.1).
    let one = |name: &str| {
        let mut fields = headers.get_all(name).iter();
        let field = fields.next().filter(|_| fields.next().is_none())?;
        field.to_str().ok()
    };
    Parent::read(one("traceparent"), one("tracestate"))
}

#[cfg(not(feature = "http"))]
fn of_http(_: &Context) -> Option<Parent> {
    None
}

fn begin(context: &Context, method: &'static str, target: Target<'_>) -> Operation {
    if !telemetry::is_on() {
        return Operation::NONE;
    }
    let (parent, carrier) = parents(context);
    let version = context.protocol_version();
    Operation::begin(Begun {
        method,
        target,
        id: text::cap(&text::clean(&context.id.to_string()), ID).into_owned(),
        version: version.map(|version| version.to_string()),
        transport: transport(context),
        parent,
        carrier,
    })
}

fn transport(context: &Context) -> Transport {
    #[cfg(feature = "http")]
    if !ask::is_stdio(context) {
        return Transport::Http;
    }
    let _ = ask::is_stdio(context);
    Transport::Pipe
}

fn ended<T>(result: &Result<T, ErrorData>) -> Ended {
    match result {
        Ok(_) => Ended::Well,
        Err(error) => Ended::Error(error.code.0),
    }
}

impl ServerHandler for Observed {
    fn get_info(&self) -> ServerConfig {
        self.0.get_info()
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.0.get_tool(name)
    }

    async fn ping(&self, context: Context) -> Result<(), ErrorData> {
        let operation = begin(&context, "ping", Target::None);
        operation.of(self.0.ping(context), ended).await
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: Context,
    ) -> Result<InitializeResult, ErrorData> {
        let operation = begin(&context, "initialize", Target::None);
        operation
            .of(self.0.initialize(request, context), ended)
            .await
    }

    async fn discover(&self, context: Context) -> Result<DiscoverResult, ErrorData> {
        let operation = begin(&context, "server/discover", Target::None);
        operation.of(self.0.discover(context), ended).await
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListToolsResult, ErrorData> {
        let operation = begin(&context, "tools/list", Target::None);
        operation
            .of(self.0.list_tools(request, context), ended)
            .await
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        let name = request.name.clone();
        let target = if telemetry::is_on() && self.0.has_tool(&name, &context.extensions) {
            Target::Tool(&name)
        } else {
            Target::None
        };
        let operation = begin(&context, "tools/call", target);
        let ended = |result: &Result<CallToolResponse, ErrorData>| match result {
            Ok(CallToolResponse::Complete(answer)) if answer.is_error == Some(true) => {
                Ended::ToolError
            }
            result => ended(result),
        };
        operation
            .of(self.0.call_tool(request, context), ended)
            .await
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: Context,
    ) -> Result<CustomResult, ErrorData> {
        // What the method is, is the client's to say.
        let operation = begin(&context, "_OTHER", Target::None);
        operation
            .of(self.0.on_custom_request(request, context), ended)
            .await
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListPromptsResult, ErrorData> {
        let operation = begin(&context, "prompts/list", Target::None);
        operation
            .of(self.0.list_prompts(request, context), ended)
            .await
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        let name = request.name.clone();
        let target = if telemetry::is_on() && self.0.has_prompt(&name, &context.extensions) {
            Target::Prompt(&name)
        } else {
            Target::None
        };
        let operation = begin(&context, "prompts/get", target);
        operation
            .of(self.0.get_prompt(request, context), ended)
            .await
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourcesResult, ErrorData> {
        let operation = begin(&context, "resources/list", Target::None);
        operation
            .of(self.0.list_resources(request, context), ended)
            .await
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let operation = begin(&context, "resources/templates/list", Target::None);
        operation
            .of(self.0.list_resource_templates(request, context), ended)
            .await
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: Context,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let operation = begin(&context, "resources/read", Target::None);
        operation
            .of(self.0.read_resource(request, context), ended)
            .await
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: Context,
    ) -> Result<CompleteResult, ErrorData> {
        let operation = begin(&context, "completion/complete", Target::None);
        operation.of(self.0.complete(request, context), ended).await
    }
}
