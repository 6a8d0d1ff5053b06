//! Where a request comes from: what it says of itself besides its method, whichever way it took to the handler.

use rmcp::RoleServer;
use rmcp::model::{ClientCapabilities, Extensions, ProtocolVersion, RequestId, RequestMetaObject};
use rmcp::service::{Peer, RequestContext};

use super::message::Losses;
use crate::json::scan::Defects;
use crate::telemetry::{Parent, Transport};
use crate::text::{cap, clean};

/// Characters of what a client calls itself.
const CLIENT: usize = 80;

/// What a request says of itself.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) id: &'a RequestId,
    meta: &'a RequestMetaObject,
    way: Way<'a>,
}

/// How it came to the handler.
#[derive(Clone, Copy)]
enum Way<'a> {
    /// Through the SDK.
    Sdk(&'a RequestContext<RoleServer>),
    /// From the HTTP endpoint without it: the head of its request, and the revision by which it is answered.
    #[cfg(feature = "http")]
    Endpoint(&'a http::request::Parts, &'a ProtocolVersion),
}

impl<'a> Source<'a> {
    /// One that the SDK hands over.
    pub(super) const fn of(context: &'a RequestContext<RoleServer>) -> Self {
        Self {
            id: &context.id,
            meta: &context.meta,
            way: Way::Sdk(context),
        }
    }

    /// One that the HTTP endpoint read.
    #[cfg(feature = "http")]
    pub(super) const fn over_http(
        id: &'a RequestId,
        meta: &'a RequestMetaObject,
        (parts, revision): (&'a http::request::Parts, &'a ProtocolVersion),
    ) -> Self {
        Self {
            id,
            meta,
            way: Way::Endpoint(parts, revision),
        }
    }

    /// The head of the HTTP request; none on stdio.
    #[cfg(feature = "http")]
    pub(super) fn parts(&self) -> Option<&'a http::request::Parts> {
        match self.way {
            Way::Sdk(context) => context.extensions.get(),
            Way::Endpoint(parts, _) => Some(parts),
        }
    }

    /// What the transport attached to the request.
    #[cfg(feature = "http")]
    pub(super) fn attached<T: Send + Sync + 'static>(&self) -> Option<&'a T> {
        self.parts()?.extensions.get()
    }

    /// What parsing its arguments lost.
    pub(super) fn losses(&self) -> Defects {
        let extensions: Option<&Extensions> = match self.way {
            Way::Sdk(context) => Some(&context.extensions),
            #[cfg(feature = "http")]
            Way::Endpoint(..) => None,
        };
        let direct = extensions.and_then(|extensions| extensions.get::<Losses>());
        #[cfg(feature = "http")]
        let direct = direct.or_else(|| self.attached());
        direct.map(Losses::defects).unwrap_or_default()
    }

    /// The revision by which it is answered.
    pub(super) fn protocol_version(&self) -> Option<ProtocolVersion> {
        match self.way {
            Way::Sdk(context) => context.protocol_version(),
            #[cfg(feature = "http")]
            Way::Endpoint(_, revision) => Some(revision.clone()),
        }
    }

    /// What the client can do.
    pub(super) fn client_capabilities(&self) -> Option<ClientCapabilities> {
        match self.way {
            Way::Sdk(context) => context.client_capabilities(),
            #[cfg(feature = "http")]
            Way::Endpoint(..) => self.meta.client_capabilities(),
        }
    }

    /// What the client calls itself: in the message (MCP 2026-07-28), when the connection was made, or as HTTP has it.
    pub(super) fn client(&self) -> Option<String> {
        let said = self.meta.get("io.modelcontextprotocol/clientInfo");
        let said = said.and_then(|said| {
            let name = said.get("name")?.as_str()?;
            let version = said.get("version").and_then(serde_json::Value::as_str);
            Some(format!("{name} {}", version.unwrap_or_default()))
        });
        let said = said.or_else(|| {
            let info = self.peer()?.peer_info()?;
            let client = &info.client_info;
            Some(format!("{} {}", client.name, client.version))
        });
        let said = said.or_else(|| self.user_agent())?;
        let said = clean(&said).replace(['\n', '\t'], " ");
        let said = cap(said.trim(), CLIENT);
        (!said.is_empty()).then(|| said.into_owned())
    }

    #[cfg(feature = "http")]
    fn user_agent(&self) -> Option<String> {
        let field = self.parts()?.headers.get(http::header::USER_AGENT)?;
        field.to_str().ok().map(str::to_owned)
    }

    #[cfg(not(feature = "http"))]
    const fn user_agent(&self) -> Option<String> {
        None
    }

    /// The way back to a client that can be asked while its request waits; none over HTTP, where there is no session.
    pub(super) fn peer(&self) -> Option<&'a Peer<RoleServer>> {
        match self.way {
            Way::Sdk(context) if self.transport() == Transport::Pipe => Some(&context.peer),
            _ => None,
        }
    }

    /// How it came in.
    pub(super) fn transport(&self) -> Transport {
        #[cfg(feature = "http")]
        if self.parts().is_some() {
            return Transport::Http;
        }
        Transport::Pipe
    }

    /// The span that it belongs to, and the one that its HTTP request belongs to, if that is another. What stands in
    /// the message counts (MCP conventions, "Context propagation").
    pub(super) fn parents(&self) -> (Option<Parent>, Option<Parent>) {
        let said = |name: &str| self.meta.get(name)?.as_str();
        let message = Parent::read(said("traceparent"), said("tracestate"));
        let carrier = self.carrier();
        match message {
            Some(message) => {
                let other = carrier.filter(|carrier| *carrier != message);
                (Some(message), other)
            }
            None => (carrier, None),
        }
    }

    #[cfg(feature = "http")]
    fn carrier(&self) -> Option<Parent> {
        let headers = &self.parts()?.headers;
        // Several are none (W3C Trace Context §3.2.1).
        let one = |name: &str| {
            let mut fields = headers.get_all(name).iter();
            let field = fields.next().filter(|_| fields.next().is_none())?;
            field.to_str().ok()
        };
        Parent::read(one("traceparent"), one("tracestate"))
    }

    #[cfg(not(feature = "http"))]
    const fn carrier(&self) -> Option<Parent> {
        None
    }
}
