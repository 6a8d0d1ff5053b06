//! Taking a request in, whole, before anything is decided about it.

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::dispatch::LARGEST_BODY;

/// What is read of a body that is too large, so that its sender gets to read the answer.
const PATIENCE: usize = 64 * 1024 * 1024;

/// Reads the body to its end, then goes on with at most one byte more of it than any operation takes.
///
/// An answer in the middle of a body closes the connection under a client that is still sending
/// (RFC 9112, section 9.6): many then report a broken pipe in place of the 401 or 413 that they
/// were sent.
pub async fn take_in(request: Request, next: Next) -> Response {
    let (parts, mut body) = request.into_parts();
    let mut kept = Vec::new();
    let mut seen = 0_usize;
    while let Some(chunk) = next_chunk(&mut body).await {
        // Nobody is there to read an answer when the connection broke.
        let Some(chunk) = chunk else {
            return axum::http::StatusCode::BAD_REQUEST.into_response();
        };
        seen = seen.saturating_add(chunk.len());
        if seen > PATIENCE {
            break;
        }
        let room = (LARGEST_BODY + 1).saturating_sub(kept.len());
        kept.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
    }
    next.run(Request::from_parts(parts, Body::from(kept))).await
}

/// The next bytes: `None` at the end, `Some(None)` when the connection broke.
async fn next_chunk(body: &mut Body) -> Option<Option<Bytes>> {
    loop {
        let frame =
            std::future::poll_fn(|cx| std::pin::Pin::new(&mut *body).poll_frame(cx)).await?;
        match frame.map(|frame| frame.into_data()) {
            Ok(Ok(data)) => return Some(Some(data)),
            // Trailers say nothing here.
            Ok(Err(_)) => {}
            Err(_) => return Some(None),
        }
    }
}
