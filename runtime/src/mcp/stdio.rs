//! The stdio transport (MCP 2026-07-28, `basic/transports/stdio`): one message per line, and nothing
//! else on standard output.
//!
//! It is our own on three accounts: a notification before the SDK has begun its service would end the
//! process, lines that are no messages would get no answer, and calls in flight should be answered
//! after the end of input, within a limit.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::ServiceExt as _;
use rmcp::model::{
    ClientJsonRpcMessage, ClientNotification, ErrorData, JsonRpcMessage, RequestId,
    ServerJsonRpcMessage,
};
use rmcp::service::{RoleServer, RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::message::{Bad, read};
use super::{Handler, MAX_IN_FLIGHT_BYTES, Observed};
use crate::telemetry;

/// Longest line, in bytes.
const MAX_LINE: u64 = 4 << 20;
/// Requests that may wait for their answer to be written: more than calls at a time, whose number the
/// engine limits, so that only a client that does not read its answers reaches it.
const MAX_REQUESTS: usize = 256;
/// Time for calls in flight after the end of input or a signal; the SDK then grants 5 s more.
const DRAIN: Duration = Duration::from_secs(5);

/// Serves one client until its input ends or `stop` is cancelled, and calls in flight are answered.
///
/// # Errors
/// When the transport breaks before the SDK's service has begun.
pub(crate) async fn serve<R, W>(
    handler: Handler,
    input: R,
    output: W,
    stop: CancellationToken,
) -> io::Result<()>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let transport = Stdio::new(input, output, stop);
    let _session = telemetry::Session::begin(telemetry::Transport::Pipe);
    match Observed::new(handler).serve(transport).await {
        Ok(running) => running
            .waiting()
            .await
            .map(|_| ())
            .map_err(io::Error::other),
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(io::Error::other(error)),
    }
}

/// Our end of a line-based connection.
struct Stdio<W> {
    messages: mpsc::Receiver<Received>,
    /// A request for which there was no room yet.
    waiting: Option<Received>,
    writer: Arc<tokio::sync::Mutex<W>>,
    in_flight: Arc<InFlight>,
    refusals: JoinSet<()>,
    drain_until: Option<tokio::time::Instant>,
}

/// A message and its length in bytes.
type Received = (ClientJsonRpcMessage, usize);

/// Requests that were received and not answered yet, with their lengths.
#[derive(Default)]
struct InFlight {
    ids: Mutex<HashMap<RequestId, usize>>,
    /// What this server asked the client, and has no answer to.
    questions: Mutex<HashSet<RequestId>>,
    changed: Notify,
}

impl InFlight {
    fn ids(&self) -> std::sync::MutexGuard<'_, HashMap<RequestId, usize>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn questions(&self) -> std::sync::MutexGuard<'_, HashSet<RequestId>> {
        self.questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a question to the client.
    fn asked(&self, id: RequestId) {
        self.questions().insert(id);
    }

    /// Whether a question with this id was open until now.
    fn answered(&self, id: &RequestId) -> bool {
        self.questions().remove(id)
    }

    /// Whether one more message of a length can be taken in. One can always be, if it is the only one.
    fn has_room(&self, (message, length): &Received) -> bool {
        let ids = self.ids();
        let bytes = ids.values().sum::<usize>() + length;
        !matches!(message, JsonRpcMessage::Request(_))
            || ids.is_empty()
            || (ids.len() < MAX_REQUESTS && bytes <= MAX_IN_FLIGHT_BYTES)
    }

    /// Whether the request was in flight until now.
    fn remove(&self, id: &RequestId) -> bool {
        let removed = self.ids().remove(id).is_some();
        // A permit is kept for the one that waits, so no change is missed.
        self.changed.notify_one();
        removed
    }
}

impl<W: AsyncWrite + Send + Unpin + 'static> Stdio<W> {
    fn new<R: AsyncRead + Send + Unpin + 'static>(
        input: R,
        output: W,
        stop: CancellationToken,
    ) -> Self {
        // Of one message only: they are parsed, and not counted yet.
        let (sender, messages) = mpsc::channel(1);
        let writer = Arc::new(tokio::sync::Mutex::new(output));
        tokio::spawn(read_lines(input, Arc::clone(&writer), sender, stop));
        Self {
            messages,
            waiting: None,
            writer,
            in_flight: Arc::default(),
            refusals: JoinSet::new(),
            drain_until: None,
        }
    }

    /// Whether a message goes to the SDK: requests do, and notifications that cancel one.
    ///
    /// So do answers to what this server asked. Nothing else has an effect; but to the SDK anything
    /// but a request is fatal until one begins its service, and `ping`, `server/discover` and those
    /// that it refuses do not. It answers these before it receives again, so that a request in flight
    /// also shows that the service has begun.
    fn admit(&mut self, (message, length): &Received) -> bool {
        match message {
            JsonRpcMessage::Request(request) => {
                let id = request.id.clone();
                if self.in_flight.ids().contains_key(&id) {
                    self.refuse(id);
                    return false;
                }
                self.in_flight.ids().insert(id, *length);
                true
            }
            JsonRpcMessage::Notification(notification) => match &notification.notification {
                ClientNotification::CancelledNotification(cancelled) => cancelled
                    .params
                    .request_id
                    .as_ref()
                    .is_some_and(|id| self.in_flight.remove(id)),
                _ => false,
            },
            JsonRpcMessage::Response(answer) => self.in_flight.answered(&answer.id),
            JsonRpcMessage::Error(error) => {
                let id = error.id.as_ref();
                id.is_some_and(|id| self.in_flight.answered(id))
            }
        }
    }

    /// Answers a request whose id another one in flight has: the SDK would answer one of the two.
    fn refuse(&mut self, id: RequestId) {
        let error = ErrorData::invalid_request("a request with this id is in flight", None);
        let answer = ServerJsonRpcMessage::error(error, Some(id));
        let writer = Arc::clone(&self.writer);
        // A task of its own, since the future that receives may be dropped in the middle of a line.
        self.refusals.spawn(async move {
            if let Err(error) = write(&writer, &answer).await {
                tracing::debug!(%error, "a refusal was not written");
            }
        });
    }
}

impl<W: AsyncWrite + Send + Unpin + 'static> Transport<RoleServer> for Stdio<W> {
    type Error = io::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let writer = Arc::clone(&self.writer);
        let in_flight = Arc::clone(&self.in_flight);
        if let JsonRpcMessage::Request(question) = &item {
            in_flight.asked(question.id.clone());
        }
        async move {
            let written = write(&writer, &item).await;
            let id = match item {
                JsonRpcMessage::Response(response) => Some(response.id),
                JsonRpcMessage::Error(error) => error.id,
                _ => None,
            };
            if let Some(id) = id {
                in_flight.remove(&id);
            }
            written
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            // One that sends much and reads nothing waits here.
            while self.refusals.join_next().await.is_some() {}
            if self.waiting.is_none() {
                self.waiting = self.messages.recv().await;
            }
            // What comes after it is not read, and a pipe that is full holds the client up.
            while let Some(next) = &self.waiting
                && !self.in_flight.has_room(next)
            {
                self.in_flight.changed.notified().await;
            }
            let Some(next) = self.waiting.take() else {
                break;
            };
            if self.admit(&next) {
                return Some(next.0);
            }
            tracing::debug!("ignored a message that has no effect");
        }
        // The end of input. This future may be dropped and made again, so the deadline is kept.
        let until = *self
            .drain_until
            .get_or_insert_with(|| tokio::time::Instant::now() + DRAIN);
        while !self.in_flight.ids().is_empty() {
            if tokio::time::timeout_at(until, self.in_flight.changed.notified())
                .await
                .is_err()
            {
                tracing::warn!("calls in flight were given up at shutdown");
                break;
            }
        }
        None
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.writer.lock().await.flush().await
    }
}

async fn write<W: AsyncWrite + Unpin>(
    writer: &tokio::sync::Mutex<W>,
    message: &ServerJsonRpcMessage,
) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    let mut writer = writer.lock().await;
    writer.write_all(&line).await?;
    writer.flush().await
}

/// Reads lines until the end of input; what is no message is answered here.
async fn read_lines<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    input: R,
    writer: Arc<tokio::sync::Mutex<W>>,
    sender: mpsc::Sender<Received>,
    stop: CancellationToken,
) {
    let mut input = BufReader::new(input);
    let mut line = Vec::new();
    loop {
        line.clear();
        let outcome = tokio::select! {
            () = stop.cancelled() => return,
            outcome = read_line(&mut input, &mut line) => outcome,
        };
        let outcome = match outcome {
            Ok(Line::End) => return,
            Ok(Line::TooLong) => Err(Bad::too_long(&line)),
            Ok(Line::Whole) => match message(&line) {
                [] => continue,
                bytes => read(bytes),
            },
            Err(error) => {
                tracing::warn!(%error, "standard input cannot be read");
                return;
            }
        };
        match outcome {
            Ok((message, _)) => {
                let sent = tokio::select! {
                    () = stop.cancelled() => return,
                    sent = sender.send((message, line.len())) => sent,
                };
                if sent.is_err() {
                    return;
                }
            }
            Err(bad) => {
                tracing::debug!(error = %bad.error.message, "a line is no message");
                if !bad.answer {
                    continue;
                }
                let answer = ServerJsonRpcMessage::error(bad.error, bad.id);
                if write(&writer, &answer).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// A line without what stands around a message: blanks, and the mark that some shells begin with.
fn message(line: &[u8]) -> &[u8] {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    line.trim_ascii()
}

enum Line {
    Whole,
    TooLong,
    End,
}

/// Reads one line of at most [`MAX_LINE`] bytes; of longer ones `line` holds the beginning.
async fn read_line<R: AsyncRead + Unpin>(
    input: &mut BufReader<R>,
    line: &mut Vec<u8>,
) -> io::Result<Line> {
    let read = (&mut *input).take(MAX_LINE).read_until(b'\n', line).await?;
    if read == 0 {
        return Ok(Line::End);
    }
    if line.ends_with(b"\n") || (read as u64) < MAX_LINE {
        return Ok(Line::Whole);
    }
    let mut rest = Vec::new();
    loop {
        rest.clear();
        let read = (&mut *input)
            .take(64 << 10)
            .read_until(b'\n', &mut rest)
            .await?;
        if read == 0 || rest.ends_with(b"\n") {
            return Ok(Line::TooLong);
        }
    }
}
