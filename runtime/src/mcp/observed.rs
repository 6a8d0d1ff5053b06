//! A handler whose requests are traced and measured.

use std::future::Future;
use std::sync::{Arc, OnceLock};

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult, CustomRequest,
    CustomResult, DiscoverResult, ErrorData, GetPromptRequestParams, GetPromptResponse,
    InitializeRequestParams, InitializeResult, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams,
    ReadResourceResponse, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};

use super::{Handler, source::Source};
use crate::telemetry::{self, Begun, Ended, Operation, Target};
use crate::text;

type Context = RequestContext<RoleServer>;

/// Longest id of a request that a span carries; clients choose them.
const ID: usize = 64;

/// A handler, and what is told of it. Cheap to clone, as the handler is.
#[derive(Debug, Clone)]
pub(super) struct Observed {
    handler: Handler,
    /// What the server says of itself: the SDK asks for it with every request over HTTP.
    info: Arc<OnceLock<ServerConfig>>,
}

impl Observed {
    pub(super) fn new(handler: Handler) -> Self {
        Self {
            handler,
            info: Arc::default(),
        }
    }

    /// Calls a tool, until `cancelled` is.
    ///
    /// # Errors
    /// The JSON-RPC error for a tool that there is not, and for a call that was cancelled.
    pub(super) async fn called(
        &self,
        request: CallToolRequestParams,
        source: Source<'_>,
        cancelled: impl Future<Output = ()>,
    ) -> Result<CallToolResponse, ErrorData> {
        if !telemetry::is_on() {
            return self.handler.called(request, source, cancelled).await;
        }
        let name = request.name.clone();
        let target = if self.handler.has_tool(&name, source) {
            Target::Tool(&name)
        } else {
            Target::None
        };
        let operation = begin(source, "tools/call", target);
        let ended = |result: &Result<CallToolResponse, ErrorData>| match result {
            Ok(CallToolResponse::Complete(answer)) if answer.is_error == Some(true) => {
                Ended::ToolError
            }
            result => ended(result),
        };
        let work = self.handler.called(request, source, cancelled);
        operation.of(work, ended).await
    }
}

fn begin(source: Source<'_>, method: &'static str, target: Target<'_>) -> Operation {
    if !telemetry::is_on() {
        return Operation::NONE;
    }
    let (parent, carrier) = source.parents();
    let version = source.protocol_version();
    Operation::begin(Begun {
        method,
        target,
        id: text::cap(&text::clean(&source.id.to_string()), ID).into_owned(),
        version: version.map(|version| version.to_string()),
        transport: source.transport(),
        parent,
        carrier,
    })
}

fn ended<T>(result: &Result<T, ErrorData>) -> Ended {
    match result {
        Ok(_) => Ended::Well,
        Err(error) => Ended::Error(error.code.0),
    }
}

impl ServerHandler for Observed {
    fn get_info(&self) -> ServerConfig {
        self.info.get_or_init(|| self.handler.get_info()).clone()
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.handler.get_tool(name)
    }

    async fn ping(&self, context: Context) -> Result<(), ErrorData> {
        let operation = begin(Source::of(&context), "ping", Target::None);
        operation.of(self.handler.ping(context), ended).await
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: Context,
    ) -> Result<InitializeResult, ErrorData> {
        let operation = begin(Source::of(&context), "initialize", Target::None);
        operation
            .of(self.handler.initialize(request, context), ended)
            .await
    }

    async fn discover(&self, context: Context) -> Result<DiscoverResult, ErrorData> {
        let operation = begin(Source::of(&context), "server/discover", Target::None);
        operation.of(self.handler.discover(context), ended).await
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListToolsResult, ErrorData> {
        let operation = begin(Source::of(&context), "tools/list", Target::None);
        operation
            .of(self.handler.list_tools(request, context), ended)
            .await
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        let source = Source::of(&context);
        // On the heap: the SDK moves what surrounds it from hand to hand, ten times for each request.
        Box::pin(self.called(request, source, context.ct.cancelled())).await
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: Context,
    ) -> Result<CustomResult, ErrorData> {
        // What the method is, is the client's to say.
        let operation = begin(Source::of(&context), "_OTHER", Target::None);
        operation
            .of(self.handler.on_custom_request(request, context), ended)
            .await
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListPromptsResult, ErrorData> {
        let operation = begin(Source::of(&context), "prompts/list", Target::None);
        operation
            .of(self.handler.list_prompts(request, context), ended)
            .await
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        let name = request.name.clone();
        let target = if telemetry::is_on() && self.handler.has_prompt(&name, Source::of(&context)) {
            Target::Prompt(&name)
        } else {
            Target::None
        };
        let operation = begin(Source::of(&context), "prompts/get", target);
        operation
            .of(self.handler.get_prompt(request, context), ended)
            .await
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourcesResult, ErrorData> {
        let operation = begin(Source::of(&context), "resources/list", Target::None);
        operation
            .of(self.handler.list_resources(request, context), ended)
            .await
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let operation = begin(
            Source::of(&context),
            "resources/templates/list",
            Target::None,
        );
        operation
            .of(
                self.handler.list_resource_templates(request, context),
                ended,
            )
            .await
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: Context,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let operation = begin(Source::of(&context), "resources/read", Target::None);
        operation
            .of(self.handler.read_resource(request, context), ended)
            .await
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: Context,
    ) -> Result<CompleteResult, ErrorData> {
        let operation = begin(Source::of(&context), "completion/complete", Target::None);
        operation
            .of(self.handler.complete(request, context), ended)
            .await
    }
}
