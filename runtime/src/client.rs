//! A typed client for Rust callers and custom tools: the same request building, credentials and limits
//! as the tools.

use std::fmt;
use std::sync::Arc;

use crate::arguments;
use crate::engine::Duty;
use crate::json::exact;
use crate::json::scan::Defects;
use crate::operation::Api;
use crate::request;
use crate::typed::{DecodeError, Operation, Output};
use crate::upstream::{ConfigError, Failure, Reply, Settings, Upstream};

/// Calls an API's operations. Clones share connections.
#[derive(Debug, Clone)]
pub struct Client {
    upstream: Arc<Upstream>,
    /// Of a custom tool: what its requests have to keep.
    duty: Option<Arc<Duty>>,
}

/// Why a call has no typed answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CallError {
    /// An argument cannot be sent where it belongs. Nothing was sent.
    Request(request::RequestError),
    /// No usable answer; see [`Failure::may_have_arrived`].
    Failure(Failure),
    /// This server does not let a tool send it. Nothing was sent.
    Refused(String),
    /// An error status, with the service's message.
    Status {
        /// HTTP status.
        status: u16,
        /// What the service says, shortened.
        message: String,
    },
    /// The answer has another shape than the document says. The operation was carried out.
    Decode(DecodeError),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => write!(f, "{error}"),
            Self::Failure(error) => write!(f, "{error}"),
            Self::Refused(message) | Self::Status { message, .. } => f.write_str(message),
            Self::Decode(error) => write!(f, "the answer is not as described: {error}"),
        }
    }
}

impl std::error::Error for CallError {}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Client {
    /// A client configured by the environment variables of the API.
    ///
    /// # Errors
    /// When a variable is missing or wrong.
    pub fn from_env(api: &Api) -> Result<Self, ConfigError> {
        Ok(Self::new(api, Settings::from_env(api)?))
    }

    /// A client with given settings.
    #[must_use]
    pub fn new(api: &Api, settings: Settings) -> Self {
        Self::over(Arc::new(Upstream::new(settings, api.name, api.version)))
    }

    fn over(upstream: Arc<Upstream>) -> Self {
        Self {
            upstream,
            duty: None,
        }
    }

    /// The client of a call of a custom tool: the policies of the operator, the log and the guard against the same
    /// write twice hold for what it sends.
    pub(crate) fn of_a_tool(upstream: Arc<Upstream>, duty: Duty) -> Self {
        Self {
            upstream,
            duty: Some(Arc::new(duty)),
        }
    }

    /// Calls an operation and decodes a successful answer.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call<O: Operation>(&self, operation: &O) -> Result<O::Output, CallError> {
        let reply = self.send(operation).await?;
        if !reply.is_success() {
            let message = crate::result::rejected(O::DEF, &reply).to_text();
            return Err(CallError::Status {
                status: reply.status,
                message,
            });
        }
        O::Output::from_payload(reply.payload).map_err(CallError::Decode)
    }

    /// Sends an operation's request and gives the answer as it is, whatever its status.
    ///
    /// # Errors
    /// See [`CallError`]; an error status is none.
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<Reply, CallError> {
        let files = &self.upstream.settings().files;
        let (arguments, _room) = files
            .fill(O::DEF, operation.to_arguments())
            .await
            .map_err(CallError::Request)?;
        let mut arguments = arguments::settle(O::DEF.settled, arguments);
        exact::restore(&mut arguments, &Defects::default(), &[]).map_err(|place| {
            let name = place.trim_start_matches('/');
            let message = "begins with control characters that mark numbers here";
            CallError::Request(request::RequestError::new(name, message))
        })?;
        let request = request::build(O::DEF, &arguments).map_err(CallError::Request)?;
        match &self.duty {
            Some(duty) => {
                duty.carry(&self.upstream, O::DEF, &arguments, request)
                    .await
            }
            None => Ok(self.upstream.send(O::DEF, request).await?),
        }
    }
}
