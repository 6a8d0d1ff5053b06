//! Calls as they begin and end, as a stream of events (HTML, "Server-sent events"). Whoever reads it slowly holds
//! nobody up, and is told how many were left out.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::Operator;
use super::answer::failed;
use crate::live;

/// Who watches at a time.
pub(super) const MOST: usize = 8;
/// After so long without an event something is sent, so that a connection that is gone is seen.
const QUIET: Duration = Duration::from_secs(15);

struct Watching {
    events: Receiver<Arc<str>>,
    stop: CancellationToken,
    begun: bool,
    _place: OwnedSemaphorePermit,
}

/// The stream; it ends with the server.
pub(super) async fn stream(State(operator): State<Arc<Operator>>) -> Response {
    let Ok(place) = Arc::clone(&operator.watching).try_acquire_owned() else {
        let why = format!("{MOST} others watch already; close one of them");
        return failed(StatusCode::SERVICE_UNAVAILABLE, &why);
    };
    let watching = Watching {
        events: live::watch(),
        stop: operator.stop.clone(),
        begun: false,
        _place: place,
    };
    let events = futures_util::stream::unfold(watching, |mut watching| async move {
        let text = next(&mut watching).await?;
        Some((
            Ok::<_, std::convert::Infallible>(Bytes::from(text)),
            watching,
        ))
    });
    let mut response = Response::new(Body::from_stream(events));
    let fields = response.headers_mut();
    let kind = HeaderValue::from_static("text/event-stream");
    fields.insert(CONTENT_TYPE, kind);
    // What stands in front of this server must not keep events until there are more.
    let buffering = HeaderName::from_static("x-accel-buffering");
    fields.insert(buffering, HeaderValue::from_static("no"));
    response
}

/// What is sent next; nothing at the end.
async fn next(watching: &mut Watching) -> Option<String> {
    if !std::mem::replace(&mut watching.begun, true) {
        // Says that it works before anything happens.
        return Some(": watching\n\n".to_owned());
    }
    tokio::select! {
        biased;
        () = watching.stop.cancelled() => None,
        event = tokio::time::timeout(QUIET, watching.events.recv()) => match event {
            // JSON has no line ends, so that an event is one line.
            Ok(Ok(event)) => Some(format!("data: {event}\n\n")),
            Ok(Err(RecvError::Lagged(number))) => {
                Some(format!("data: {{\"event\":\"missed\",\"number\":{number}}}\n\n"))
            }
            Ok(Err(RecvError::Closed)) => None,
            Err(_) => Some(": quiet\n\n".to_owned()),
        },
    }
}
