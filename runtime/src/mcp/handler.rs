//! The SDK's handler trait, with tools as data.

use std::sync::Arc;

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CompleteRequestMethod,
    CompleteRequestParams, CompleteResult, CustomRequest, CustomResult, DiscoverResult, ErrorCode,
    ErrorData, ListPromptsRequestMethod, ListPromptsResult, ListResourceTemplatesRequestMethod,
    ListResourceTemplatesResult, ListResourcesRequestMethod, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, ProtocolVersion, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};

use super::convert;
use super::message::Losses;
use crate::engine::{Engine, Kind};
use crate::operation::Risk;

/// How long clients may keep the tool list and the discovery, in milliseconds. Both are fixed for the
/// life of the process.
const TTL_MS: u64 = 3_600_000;

/// Cheap to clone: the HTTP transport makes one per request.
#[derive(Debug, Clone)]
pub(crate) struct Handler {
    engine: Arc<Engine>,
}

impl Handler {
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            engine: Arc::new(engine),
        }
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        let api = self.engine.api();
        let config = ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_protocol_version(ProtocolVersion::LATEST_WITH_INITIALIZE)
            .with_server_info(convert::implementation(api));
        if api.instructions.is_empty() {
            config
        } else {
            config.with_instructions(api.instructions)
        }
    }

    async fn discover(&self, _: RequestContext<RoleServer>) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        let mut result =
            DiscoverResult::from_server_info(versions, self.get_info()).with_ttl_ms(TTL_MS);
        result.cache_scope = CacheScope::Public;
        Ok(result)
    }

    /// All tools on one page: many clients read no second one.
    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        if request.is_some_and(|request| request.cursor.is_some()) {
            return Err(ErrorData::invalid_params(
                "there is one page only, so no cursor is valid",
                None,
            ));
        }
        // Parsed anew, since a list is asked for once an hour at most and its trees are most of the memory.
        let tools = self.engine.entries().iter().map(convert::tool).collect();
        let mut result = ListToolsResult::with_all_items(tools);
        result.ttl_ms = Some(TTL_MS);
        result.cache_scope = Some(CacheScope::Public);
        result.meta = Some(convert::result_meta(self.engine.api()));
        Ok(result)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.engine.find(name).map(convert::tool)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(entry) = self.engine.find(&request.name) else {
            let known = self.engine.entries().iter().map(|entry| entry.name());
            let hint = crate::text::nearest(&request.name, known)
                .map_or_else(String::new, |name| format!("; did you mean {name}?"));
            let name = crate::text::cap(&crate::text::clean(&request.name), 80).into_owned();
            return Err(ErrorData::invalid_params(
                format!("unknown tool: {name}{hint}"),
                None,
            ));
        };
        let losses = Losses::of(&context.extensions);
        let call = self
            .engine
            .call(entry, request.arguments.unwrap_or_default(), &losses);
        let cancelled = context.ct.cancelled();
        tokio::select! {
            // Dropping the call drops the request to the service with it.
            () = cancelled => {
                if let Kind::Operation(operation) = &entry.kind && operation.risk != Risk::Read {
                    tracing::warn!(tool = operation.tool, "a write was cancelled; the service may have carried it out");
                } else {
                    tracing::info!(tool = entry.name(), "call cancelled");
                }
                Err(ErrorData::internal_error("the call was cancelled", None))
            }
            result = call => Ok(convert::result(result, self.engine.api()).into()),
        }
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
            method @ ("tools/list" | "server/discover") => Err(ErrorData::invalid_params(
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

    // The SDK answers these four with empty lists, as if they were declared.
    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Err(ErrorData::method_not_found::<ListPromptsRequestMethod>())
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        Err(ErrorData::method_not_found::<ListResourcesRequestMethod>())
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Err(ErrorData::method_not_found::<
            ListResourceTemplatesRequestMethod,
        >())
    }

    async fn complete(
        &self,
        _: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        Err(ErrorData::method_not_found::<CompleteRequestMethod>())
    }
}
