//! The SDK's handler trait, with tools as data.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult,
    CompletionInfo, CustomRequest, CustomResult, DiscoverResult, ErrorCode, ErrorData,
    GetPromptRequestParams, GetPromptResponse, GetPromptResult, InitializeRequestParams,
    InitializeResult, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
    ListToolsResult, PaginatedRequestParams, PromptMessage, ProtocolVersion,
    ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, Resource,
    ResourceContents, Role, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};

use super::source::Source;
use super::{ask, convert};
use crate::apps;
use crate::catalog::{Catalog, MEDIA_TYPE, Selection, Target, VARIABLE};
use crate::json::Object;
use crate::measure;
use crate::operation::Risk;

/// How long clients may keep the tool list and the discovery, in milliseconds. Both are fixed for the
/// life of the process.
const TTL_MS: u64 = 3_600_000;

/// In `_meta` of the discovery: SHA-256 of the document that the server was generated from.
const DOCUMENT_KEY: &str = "io.github.mcpwright/document-sha256";

/// Cheap to clone: the HTTP transport makes one per request.
#[derive(Debug, Clone)]
pub(crate) struct Handler {
    catalog: Arc<Catalog>,
    /// What a connection sees that asks for no view.
    selection: Arc<Selection>,
}

impl Handler {
    /// A handler with the view that the operator chose.
    ///
    /// # Errors
    /// One sentence about a view that there is not.
    pub(crate) fn new(catalog: Catalog) -> Result<Self, String> {
        let selection = Arc::new(catalog.select(catalog.base())?);
        Ok(Self {
            catalog: Arc::new(catalog),
            selection,
        })
    }

    /// The handler of a request over HTTP, which is attached to it.
    #[cfg(feature = "http")]
    pub(super) const fn seeing(catalog: Arc<Catalog>, selection: Arc<Selection>) -> Self {
        Self { catalog, selection }
    }

    pub(crate) fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// What the connection sees: what its transport attached to the request, or the operator's view.
    fn of(&self, source: Source<'_>) -> Self {
        #[cfg(feature = "http")]
        if let Some(own) = source.attached::<Self>() {
            return own.clone();
        }
        let _ = source;
        self.clone()
    }

    /// Whether a connection may call a tool of this name.
    pub(super) fn has_tool(&self, name: &str, source: Source<'_>) -> bool {
        let this = self.of(source);
        this.catalog.target(&this.selection, name).is_some()
    }

    /// Whether a connection has a prompt of this name.
    pub(super) fn has_prompt(&self, name: &str, source: Source<'_>) -> bool {
        let this = self.of(source);
        let prompts = this.catalog.prompts(&this.selection);
        prompts.iter().any(|prompt| prompt.name == name)
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
        let this = self.of(source);
        let selection = &this.selection;
        let caller = ask::caller(&request, source);
        let Some(target) = this.catalog.target(selection, &request.name) else {
            let audit = this.catalog.engine().audit();
            audit.turned_away(&request.name, &caller, "no such tool for this caller");
            let unknown = this.catalog.no_target(selection, &request.name);
            return Err(ErrorData::invalid_params(unknown, None));
        };
        let reads = match &target {
            Target::Tool(entry) => entry.risk() == Risk::Read,
            Target::Own(tool) => tool.reads(),
        };
        let mut underway = Underway {
            tool: &request.name,
            reads,
            ended: false,
        };
        let losses = source.losses();
        let arguments = request.arguments.unwrap_or_default();
        let call = this
            .catalog
            .call(selection, &target, arguments, &losses, &caller);
        tokio::select! {
            // Dropping the call drops the request to the service with it.
            () = cancelled => Err(ErrorData::internal_error("the call was cancelled", None)),
            mut result = call => {
                underway.ended = true;
                let question = result.question.take().and_then(ask::question);
                if let Some(question) = question {
                    return Ok(question.into());
                }
                Ok(convert::result(result, this.catalog.engine().api()).into())
            }
        }
    }

    fn info(&self, selection: &Selection) -> ServerConfig {
        let api = self.catalog.engine().api();
        let mut capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_prompts()
            .enable_resources()
            .enable_completions()
            .build();
        if self.catalog.has_apps() {
            let extensions = capabilities.extensions.get_or_insert_default();
            extensions.insert(apps::EXTENSION.to_owned(), Object::new());
        }
        let config = ServerConfig::new(capabilities)
            .with_protocol_version(ProtocolVersion::LATEST_WITH_INITIALIZE)
            .with_server_info(convert::implementation(api));
        let instructions = self.catalog.instructions(selection);
        if instructions.is_empty() {
            config
        } else {
            config.with_instructions(instructions)
        }
    }
}

/// A call that is worked on. One that is dropped before it ended was given up: by its client, or with its connection.
struct Underway<'a> {
    tool: &'a str,
    reads: bool,
    ended: bool,
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        let tool = self.tool;
        if self.ended {
            return;
        }
        if self.reads {
            tracing::info!(tool, "call cancelled");
        } else {
            tracing::warn!(
                tool,
                "a write was cancelled; the service may have carried it out"
            );
        }
    }
}

/// Refuses cursors: every list is one page, since many clients read no second one.
fn one_page(request: Option<PaginatedRequestParams>) -> Result<(), ErrorData> {
    if request.is_some_and(|request| request.cursor.is_some()) {
        return Err(ErrorData::invalid_params(
            "there is one page only, so no cursor is valid",
            None,
        ));
    }
    Ok(())
}

/// Whether a list may be kept for others: not if header fields of the request made it.
const fn scope(selection: &Selection) -> CacheScope {
    if selection.private {
        CacheScope::Private
    } else {
        CacheScope::Public
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        self.info(&self.selection)
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<InitializeResult, ErrorData> {
        context.peer.set_peer_info(request.clone());
        let mut result = self.negotiate_initialize(&request)?;
        let this = self.of(Source::of(&context));
        let selection = &this.selection;
        result.instructions = this.info(selection).instructions;
        Ok(result)
    }

    async fn discover(
        &self,
        context: RequestContext<RoleServer>,
    ) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        let this = self.of(Source::of(&context));
        let selection = &this.selection;
        let info = this.info(selection);
        let mut result = DiscoverResult::from_server_info(versions, info).with_ttl_ms(TTL_MS);
        result.cache_scope = scope(selection);
        // Which document it was generated from: whoever keeps a list of servers compares it.
        let digest = this.catalog.engine().api().document_sha256;
        let mut meta = convert::result_meta(this.catalog.engine().api());
        meta.0.insert(DOCUMENT_KEY.to_owned(), digest.into());
        result.meta = Some(meta);
        Ok(result)
    }

    /// All tools on one page: many clients read no second one.
    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        one_page(request)?;
        let begin = Instant::now();
        // Parsed anew, since a list is asked for once an hour at most and its trees are most of the memory.
        let this = self.of(Source::of(&context));
        let selection = &this.selection;
        let tools = convert::tools(&this.catalog, selection);
        let mut result = ListToolsResult::with_all_items(tools);
        result.ttl_ms = Some(TTL_MS);
        result.cache_scope = Some(scope(selection));
        result.meta = Some(convert::result_meta(this.catalog.engine().api()));
        measure::operation("tools/list", ("", "", ""), begin.elapsed());
        Ok(result)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.catalog.engine().find(name).map(convert::tool)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let source = Source::of(&context);
        self.called(request, source, context.ct.cancelled()).await
    }

    // Known methods whose parameters cannot be read arrive here. A client that is told "method not
    // found" takes tools for unsupported.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        match request.method.as_str() {
            "tools/call" => Err(ErrorData::invalid_params(
                "tools/call takes params {\"name\": string, \"arguments\": object}",
                None,
            )),
            "prompts/get" => Err(ErrorData::invalid_params(
                "prompts/get takes params {\"name\": string, \"arguments\": object of strings}",
                None,
            )),
            "resources/read" => Err(ErrorData::invalid_params(
                "resources/read takes params {\"uri\": string}",
                None,
            )),
            "completion/complete" => Err(ErrorData::invalid_params(
                "completion/complete takes params {\"ref\": {\"type\": \"ref/resource\", \"uri\": string}, \"argument\": {\"name\": string, \"value\": string}}",
                None,
            )),
            method @ ("tools/list"
            | "prompts/list"
            | "resources/list"
            | "resources/templates/list"
            | "server/discover") => Err(ErrorData::invalid_params(
                format!("the params of {method} cannot be read"),
                None,
            )),
            method => {
                let method = crate::text::cap(&crate::text::clean(method), 80).into_owned();
                Err(ErrorData::new(
                    ErrorCode::METHOD_NOT_FOUND,
                    format!("method not found: {method}"),
                    None,
                ))
            }
        }
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        one_page(request)?;
        let this = self.of(Source::of(&context));
        let selection = &this.selection;
        let prompts = this.catalog.prompts(selection).into_iter();
        let mut result = ListPromptsResult::with_all_items(prompts.map(convert::prompt).collect());
        result.ttl_ms = Some(TTL_MS);
        result.cache_scope = Some(scope(selection));
        result.meta = Some(convert::result_meta(this.catalog.engine().api()));
        Ok(result)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let this = self.of(Source::of(&context));
        let selection = &this.selection;
        let arguments = request.arguments.unwrap_or_default();
        let (prompt, text) = this
            .catalog
            .prompt(selection, &request.name, &arguments)
            .map_err(|reason| ErrorData::invalid_params(reason, None))?;
        let message = PromptMessage::new_text(Role::User, text);
        let mut result = GetPromptResult::new(vec![message]).with_description(prompt.description);
        result.meta = Some(convert::result_meta(this.catalog.engine().api()));
        Ok(result.into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        one_page(request)?;
        let this = self.of(Source::of(&context));
        let selection = &this.selection;
        let resources = this.catalog.resources(selection).into_iter();
        let mut resources: Vec<Resource> = resources.map(convert::resource).collect();
        resources.extend(convert::apps(&this.catalog, selection));
        let mut result = ListResourcesResult::with_all_items(resources);
        result.ttl_ms = Some(TTL_MS);
        result.cache_scope = Some(scope(selection));
        result.meta = Some(convert::result_meta(this.catalog.engine().api()));
        Ok(result)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        one_page(request)?;
        let this = self.of(Source::of(&context));
        let selection = &this.selection;
        let template = convert::template(this.catalog.schema_template());
        let mut result = ListResourceTemplatesResult::with_all_items(vec![template]);
        result.ttl_ms = Some(TTL_MS);
        result.cache_scope = Some(scope(selection));
        result.meta = Some(convert::result_meta(this.catalog.engine().api()));
        Ok(result)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let this = self.of(Source::of(&context));
        let selection = &this.selection;
        let contents = match convert::app(&this.catalog, &request.uri) {
            Some(contents) => contents,
            None => {
                let text = this
                    .catalog
                    .resource(selection, &request.uri)
                    .map_err(|reason| ErrorData::resource_not_found(reason, None))?;
                ResourceContents::text(text, request.uri).with_mime_type(MEDIA_TYPE)
            }
        };
        let mut result = ReadResourceResult::new(vec![contents])
            .with_ttl_ms(TTL_MS)
            .with_cache_scope(scope(selection));
        result.meta = Some(convert::result_meta(this.catalog.engine().api()));
        Ok(result.into())
    }

    /// Names of tools for the template of schemas; nothing for anything else.
    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let this = self.of(Source::of(&context));
        let selection = &this.selection;
        let names = match request.r#ref.as_resource_uri() {
            Some(uri) if request.argument.name == VARIABLE => {
                this.catalog
                    .completed(selection, uri, &request.argument.value)
            }
            _ => Vec::new(),
        };
        let total = u32::try_from(names.len()).ok();
        let has_more = names.len() > CompletionInfo::MAX_VALUES;
        let shown = names.into_iter().take(CompletionInfo::MAX_VALUES).collect();
        let completion = CompletionInfo::with_pagination(shown, total, has_more)
            .map_err(|reason| ErrorData::internal_error(reason, None))?;
        let mut result = CompleteResult::new(completion);
        result.meta = Some(convert::result_meta(this.catalog.engine().api()));
        Ok(result)
    }
}
