//! The shape of the route table. Each resource lists its own routes.

use axum::http::Method;

use super::access::Access;
use super::call::Call;
use super::reply::Reply;
use crate::problem::Problem;
use crate::resource::Resource;

/// What runs for a route.
#[derive(Debug, Clone, Copy)]
pub enum Handler {
    /// Page through records.
    List(&'static Resource),
    /// Page through the records of a parent: its path parameter, the parent, the column.
    ListOf(
        &'static Resource,
        &'static str,
        &'static Resource,
        &'static str,
    ),
    /// Make a record.
    Create(&'static Resource),
    /// Show a record.
    Get(&'static Resource),
    /// Change some fields.
    Patch(&'static Resource),
    /// Write all fields.
    Replace(&'static Resource),
    /// Remove a record.
    Delete(&'static Resource),
    /// Anything else.
    Custom(fn(&mut Call) -> Result<Reply, Problem>),
}

/// What body a route reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// None; one that is sent is ignored.
    None,
    /// JSON, required.
    Json,
    /// JSON or nothing.
    OptionalJson,
    /// `multipart/form-data` with a file.
    Upload,
}

/// One operation.
#[derive(Debug, Clone)]
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path below `/api/v1`, in axum's template syntax.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// What body it reads.
    pub body: Body,
    /// What runs.
    pub handler: Handler,
}

impl Route {
    /// A read.
    pub fn get(path: &'static str, handler: Handler) -> Self {
        Self {
            method: Method::GET,
            path,
            access: Access::Read,
            body: Body::None,
            handler,
        }
    }

    /// A write with a JSON body.
    pub fn post(path: &'static str, handler: Handler) -> Self {
        Self {
            method: Method::POST,
            path,
            access: Access::Write,
            body: Body::Json,
            handler,
        }
    }

    /// A write of some fields.
    pub fn patch(path: &'static str, handler: Handler) -> Self {
        Self {
            method: Method::PATCH,
            ..Self::post(path, handler)
        }
    }

    /// A write of a whole record.
    pub fn put(path: &'static str, handler: Handler) -> Self {
        Self {
            method: Method::PUT,
            ..Self::post(path, handler)
        }
    }

    /// A removal.
    pub fn delete(path: &'static str, handler: Handler) -> Self {
        Self {
            method: Method::DELETE,
            body: Body::None,
            ..Self::post(path, handler)
        }
    }

    /// The same, for others.
    pub fn access(self, access: Access) -> Self {
        Self { access, ..self }
    }

    /// The same, with another body.
    pub fn body(self, body: Body) -> Self {
        Self { body, ..self }
    }
}
