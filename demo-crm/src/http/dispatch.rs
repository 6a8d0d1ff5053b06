//! From HTTP to an operation and back.

use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body as HttpBody, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, RawPathParams, Request};
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
    WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::{Value, json};

use super::access::{Access, Actor};
use super::call::{Call, Upload};
use super::idempotency::Idempotent;
use super::query::Query;
use super::rate::Standing;
use super::reply::Reply;
use super::route::{Body, Handler, Route};
use crate::problem::Problem;
use crate::server::State;

const MAX_JSON: usize = 1024 * 1024;
const MAX_UPLOAD: usize = 5 * 1024 * 1024;
/// Room for the multipart frame around the file.
const UPLOAD_FRAME: usize = 64 * 1024;
/// The largest body that any operation takes, in bytes.
pub const LARGEST_BODY: usize = MAX_UPLOAD + UPLOAD_FRAME;

type Answer = Response<HttpBody>;

/// Answers one request.
pub async fn dispatch(
    state: Arc<State>,
    route: Arc<Route>,
    path: Option<Vec<(String, String)>>,
    request: Request,
) -> Answer {
    let request_id = state.next_request_id();
    let mut standing = None;
    let result = run(state, route, path, request, &mut standing).await;
    render(result, &request_id, standing)
}

async fn run(
    state: Arc<State>,
    route: Arc<Route>,
    path: Option<Vec<(String, String)>>,
    request: Request,
    standing: &mut Option<Standing>,
) -> Result<Reply, Problem> {
    let actor = match route.access {
        Access::Public => Actor::public(),
        _ => Actor::authenticate(&state.lock(), request.headers())?,
    };
    *standing = state.rate.count(&actor.key, Instant::now());
    if let Some(Standing {
        limit,
        retry_after: Some(seconds),
        ..
    }) = standing
    {
        let detail = format!("More than {limit} requests in a minute; wait {seconds} seconds.");
        let problem = Problem::new(429, "rate_limited", detail);
        return Err(Problem {
            retry_after: Some(*seconds),
            ..problem
        });
    }
    actor.check(route.access)?;
    let path = path.ok_or_else(|| {
        Problem::new(
            400,
            "malformed_path",
            "The path is not valid UTF-8 after decoding.",
        )
    })?;
    let query = Query::parse(request.uri().query().unwrap_or(""))?;
    let target = format!("{} {}", request.method(), request.uri());
    let headers = request.headers().clone();
    let (body, upload, raw) = read_body(route.body, request).await?;
    let idempotent = match (route.method.as_str(), route.body) {
        ("POST", Body::None | Body::Json | Body::OptionalJson) => {
            Idempotent::from_headers(&headers, &actor.key, &target, &raw)?
        }
        _ => None,
    };
    // SQLite calls block, so they stay off the threads that serve connections.
    let work = tokio::task::spawn_blocking(move || {
        let mut connection = state.lock();
        let now = state.clock.now();
        let transaction = connection.transaction()?;
        transaction.execute("UPDATE clock SET today = ?1", [now.today.to_string()])?;
        let first = idempotent
            .as_ref()
            .map(|i| i.replay(&transaction))
            .transpose()?;
        if let Some(reply) = first.flatten() {
            return Ok(reply);
        }
        let db = &transaction;
        let base_url = &state.base_url;
        let mut call = Call {
            db,
            actor,
            now,
            base_url,
            path,
            query,
            body,
            upload,
        };
        let reply = handle(&route.handler, &mut call)?;
        call.query.finish()?;
        if let Some(idempotent) = idempotent {
            idempotent.keep(&transaction, &reply)?;
        }
        transaction.commit()?;
        Ok(reply)
    });
    work.await
        .map_err(|error| Problem::new(500, "internal", error.to_string()))?
}

fn handle(handler: &Handler, call: &mut Call) -> Result<Reply, Problem> {
    match handler {
        Handler::List(resource) => resource.list(call),
        Handler::ListOf(resource, param, parent, column) => {
            let id = call.id(param)?;
            parent.require(call, id)?;
            resource.list_where(call, column, id)
        }
        Handler::Create(resource) => resource.create(call),
        Handler::Get(resource) => Ok(Reply::ok(resource.get(call, resource.path_id(call)?)?)),
        Handler::Patch(resource) => resource.patch(call),
        Handler::Replace(resource) => resource.replace(call),
        Handler::Delete(resource) => resource.delete(call),
        Handler::Custom(function) => function(call),
    }
}

async fn read_body(
    kind: Body,
    request: Request,
) -> Result<(Value, Option<Upload>, Bytes), Problem> {
    match kind {
        Body::None => Ok((json!({}), None, Bytes::new())),
        Body::Json | Body::OptionalJson => {
            let headers = request.headers().clone();
            let bytes = to_bytes(request.into_body(), MAX_JSON)
                .await
                .map_err(|_| too_large(MAX_JSON))?;
            if bytes.is_empty() && kind == Body::OptionalJson {
                return Ok((json!({}), None, bytes));
            }
            require_media_type(&headers, "application/json")?;
            let value = serde_json::from_slice(&bytes).map_err(|error| {
                Problem::new(
                    400,
                    "malformed_json",
                    format!("The body is not valid JSON: {error}."),
                )
            })?;
            Ok((value, None, bytes))
        }
        Body::Upload => {
            require_media_type(request.headers(), "multipart/form-data")?;
            let upload = read_upload(request).await?;
            Ok((json!({}), Some(upload), Bytes::new()))
        }
    }
}

fn require_media_type(headers: &HeaderMap, expected: &str) -> Result<(), Problem> {
    let sent = headers
        .get(CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    let essence = sent.split(';').next().unwrap_or("").trim();
    if essence.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    let detail = format!("Send the body as {expected}; this one is {sent:?}.");
    Err(Problem::new(415, "unsupported_media_type", detail))
}

async fn read_upload(request: Request) -> Result<Upload, Problem> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| too_large(MAX_UPLOAD))?;
    let request = Request::from_parts(parts, HttpBody::from(bytes));
    let malformed = |detail: String| Problem::new(400, "malformed_form", detail);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|e| malformed(e.body_text()))?;
    let mut upload = None;
    let mut description = None;
    let mut errors = Vec::new();
    while let Some(part) = form
        .next_field()
        .await
        .map_err(|e| malformed(e.body_text()))?
    {
        let name = part.name().unwrap_or("").to_owned();
        let filename = part.file_name().map(str::to_owned);
        let media_type = part
            .content_type()
            .unwrap_or("application/octet-stream")
            .to_owned();
        let content = part.bytes().await.map_err(|e| malformed(e.body_text()))?;
        match name.as_str() {
            "file" if upload.is_none() => upload = Some((filename, media_type, content)),
            "description" if description.is_none() => {
                let text = String::from_utf8(content.to_vec()).unwrap_or_default();
                if text.chars().count() > 500 {
                    errors.push(crate::fields::error(
                        &name,
                        "length",
                        "must have at most 500 characters",
                    ));
                }
                description = Some(text);
            }
            _ => errors.push(crate::fields::error(
                &name,
                "unknown",
                "the parts are file, description",
            )),
        }
    }
    let Some((filename, media_type, content)) = upload else {
        errors.push(crate::fields::error("file", "required", "is required"));
        return Err(Problem::invalid(errors));
    };
    if content.len() > MAX_UPLOAD {
        return Err(too_large(MAX_UPLOAD));
    }
    if !errors.is_empty() {
        return Err(Problem::invalid(errors));
    }
    // Some clients send whole paths; only the last part is a name.
    let filename = filename.unwrap_or_default();
    let filename = filename.rsplit(['/', '\\']).next().unwrap_or("");
    let filename = filename
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect::<String>();
    let filename = if filename.is_empty() {
        "file".to_owned()
    } else {
        filename
    };
    Ok(Upload {
        filename,
        media_type,
        description,
        content: content.to_vec(),
    })
}

fn too_large(limit: usize) -> Problem {
    Problem::new(
        413,
        "too_large",
        format!("The body may have at most {limit} bytes."),
    )
}

/// The answer of a request that matches no route, or not with its method.
pub fn no_route(state: &State, status: u16) -> Answer {
    let problem = match status {
        405 => Problem::new(
            405,
            "method_not_allowed",
            "This path does not take that method.",
        ),
        _ => Problem::new(404, "no_such_path", "There is nothing at this path."),
    };
    render(Err(problem), &state.next_request_id(), None)
}

/// Reads the path parameters, or `None` when they are not UTF-8.
pub fn path_params<E>(params: Result<RawPathParams, E>) -> Option<Vec<(String, String)>> {
    let params = params.ok()?;
    Some(
        params
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    )
}

fn render(result: Result<Reply, Problem>, request_id: &str, standing: Option<Standing>) -> Answer {
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(HeaderName::from_static("x-request-id"), request_id);
    if let Some(standing) = standing {
        set(
            HeaderName::from_static("x-ratelimit-limit"),
            &standing.limit.to_string(),
        );
        set(
            HeaderName::from_static("x-ratelimit-remaining"),
            &standing.remaining.to_string(),
        );
    }
    let (status, body) = match result {
        Ok(reply) => {
            if !reply.media_type.is_empty() {
                set(CONTENT_TYPE, &reply.media_type);
            }
            if let Some(location) = &reply.location {
                set(LOCATION, location);
            }
            if let Some(filename) = &reply.filename {
                set(CONTENT_DISPOSITION, &disposition(filename));
                set(HeaderName::from_static("x-content-type-options"), "nosniff");
            }
            if reply.replayed {
                set(HeaderName::from_static("idempotency-replayed"), "true");
            }
            (reply.status, reply.body)
        }
        Err(problem) => {
            set(CONTENT_TYPE, "application/problem+json");
            if let Some(seconds) = problem.retry_after {
                set(RETRY_AFTER, &seconds.to_string());
            }
            if problem.status == 401 {
                set(WWW_AUTHENTICATE, "Bearer realm=\"demo-crm\"");
            }
            (
                problem.status,
                problem.to_json(request_id).to_string().into_bytes(),
            )
        }
    };
    let mut answer = Response::new(HttpBody::from(body));
    *answer.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *answer.headers_mut() = headers;
    answer
}

/// `Content-Disposition` with an ASCII name and, where that loses something, the full one.
fn disposition(filename: &str) -> String {
    let plain: String = filename
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && c != '"' && c != '\\' || c == ' ' {
                c
            } else {
                '_'
            }
        })
        .collect();
    if plain == filename {
        return format!("attachment; filename=\"{plain}\"");
    }
    let full = percent_encoding::utf8_percent_encode(filename, percent_encoding::NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
}
