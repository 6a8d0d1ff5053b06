//! A connection's bytes on their way to and from hyper, which has no limit for an answer that nobody
//! reads, one limit for idle connections and slow headers, and takes line ends that others do not.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// Time for a request's header fields: from their first byte, those of the first request from when its connection was
/// made.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Time in which the peer must take something of an answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// A stream with limits.
pub(super) struct Guard<S> {
    stream: S,
    answered: Answered,
    head: Head,
    /// Whether no head was read whole yet: who connects has something to say.
    is_new: bool,
    reading: Option<Pin<Box<Sleep>>>,
    writing: Option<Pin<Box<Sleep>>>,
}

/// Says that a request was answered, so that what comes next is the head of another.
#[derive(Clone, Default)]
pub(super) struct Answered(Arc<AtomicBool>);

impl Answered {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Release);
    }
}

impl<S> Guard<S> {
    pub(super) fn new(stream: S, answered: Answered) -> Self {
        Self {
            stream,
            answered,
            head: Head::default(),
            is_new: true,
            reading: None,
            writing: None,
        }
    }

    /// Fails once the peer has taken nothing for [`WRITE_TIMEOUT`].
    fn stalled<T>(
        &mut self,
        context: &mut Context<'_>,
        state: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if state.is_ready() {
            self.writing = None;
            return state;
        }
        expired(&mut self.writing, WRITE_TIMEOUT, context)
    }
}

/// Pending until a time is over that begins with the first call, then an error.
fn expired<T>(
    timer: &mut Option<Pin<Box<Sleep>>>,
    limit: Duration,
    context: &mut Context<'_>,
) -> Poll<io::Result<T>> {
    let timer = timer.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + limit)));
    ready!(timer.as_mut().poll(context));
    Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
}

impl<S: AsyncRead + Unpin> AsyncRead for Guard<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.answered.0.swap(false, Ordering::Acquire) {
            this.head = Head::default();
        }
        let before = buffer.filled().len();
        // Before reading: a peer that drips always has a byte ready.
        if (this.is_new || this.head.is_begun())
            && let Poll::Ready(over) = expired(&mut this.reading, HEAD_TIMEOUT, context)
        {
            return Poll::Ready(over);
        }
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        if let Some(new) = buffer.filled_mut().get_mut(before..) {
            this.head.pass(new);
        }
        if this.head.ended {
            this.is_new = false;
            this.reading = None;
        } else if this.head.is_begun() {
            // Begins the time; the next read looks at it.
            let _ = expired::<()>(&mut this.reading, HEAD_TIMEOUT, context);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guard<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let state = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.stalled(context, state)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let state = Pin::new(&mut this.stream).poll_flush(context);
        this.stalled(context, state)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let state = Pin::new(&mut this.stream).poll_shutdown(context);
        this.stalled(context, state)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let state = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.stalled(context, state)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// How far a request's header section has come.
#[derive(Default)]
struct Head {
    last: u8,
    /// Bytes of the line so far, without its CR.
    line: usize,
    /// Whether a line with something on it has ended.
    begun: bool,
    ended: bool,
}

impl Head {
    fn is_begun(&self) -> bool {
        !self.ended && (self.begun || self.line > 0)
    }

    /// Follows the bytes to the end of the section. A line feed without a carriage return becomes a
    /// byte that the parser refuses with 400: proxies differ in whether it ends a line, and a field
    /// that only one of two sees is how requests are smuggled (RFC 9112 §2.2 and §11.2).
    fn pass(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.ended {
                return;
            }
            match (self.last, *byte) {
                (b'\r', b'\n') => {
                    self.ended = self.begun && self.line == 0;
                    self.begun |= self.line > 0;
                    self.line = 0;
                }
                (_, b'\n') => {
                    *byte = 0;
                    self.line += 1;
                }
                (_, b'\r') => {}
                _ => self.line += 1,
            }
            self.last = *byte;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Head;

    #[test]
    fn the_end_of_a_header_section_is_found_and_bare_line_feeds_are_marked() {
        for (text, ended, passed) in [
            ("POST / HTTP/1.1\r\nA: b\r\n\r\n{\n}", true, "{\n}"),
            ("\r\nGET / HTTP/1.1\r\n\r\n", true, "\r\n\r\n"),
            ("GET / HTTP/1.1\r\nA: b\n\r\n", false, "b\0\r\n"),
            (
                "GET / HTTP/1.1\nA: b\r\n\r\n",
                true,
                "HTTP/1.1\0A: b\r\n\r\n",
            ),
            ("GET / HTTP/1.1\r\nA: b\r\n\n", false, "b\r\n\0"),
            ("GET", false, "GET"),
            ("\r\n", false, "\r\n"),
        ] {
            // In one piece, and byte by byte.
            for size in [text.len(), 1] {
                let mut bytes = text.as_bytes().to_vec();
                let mut head = Head::default();
                bytes.chunks_mut(size).for_each(|chunk| head.pass(chunk));
                assert_eq!(head.ended, ended, "{text:?}");
                assert!(bytes.ends_with(passed.as_bytes()), "{text:?}");
            }
        }
    }
}
