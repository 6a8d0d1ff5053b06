//! OTLP over HTTP: one request for each batch, by the client library that the service is asked with.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;

use super::settings::Settings;
use crate::upstream::ConfigError;

/// Most of an answer that is read; it says how many spans were refused, if it says anything.
const MOST: usize = 64 << 10;

/// What sends one signal.
pub(super) struct Sender {
    runtime: Handle,
    client: reqwest::Client,
    /// In log lines.
    signal: &'static str,
    timeout: Duration,
    /// Whether the last export failed: the log has the first of several only.
    failing: AtomicBool,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("signal", &self.signal)
            .finish_non_exhaustive()
    }
}

impl Sender {
    pub(super) fn new(
        runtime: Handle,
        settings: &Settings,
        signal: &'static str,
        timeout: Duration,
    ) -> Result<Self, ConfigError> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy();
        let builder = if settings.is_https {
            settings.tls.apply(builder)
        } else {
            builder.tls_certs_only([])
        };
        let client = builder.build().map_err(|error| {
            ConfigError(format!(
                "OpenTelemetry: TLS cannot be set up: {}",
                error.without_url()
            ))
        })?;
        Ok(Self {
            runtime,
            client,
            signal,
            timeout,
            failing: AtomicBool::new(false),
        })
    }

    fn note(&self, failed: Option<&str>) {
        let before = self.failing.swap(failed.is_some(), Ordering::Relaxed);
        let signal = self.signal;
        match failed {
            Some(why) if !before => {
                tracing::warn!(
                    signal,
                    why,
                    "the collector did not take what was sent to it; it is dropped"
                );
            }
            None if before => {
                tracing::info!(signal, "the collector takes what is sent to it again")
            }
            _ => {}
        }
    }
}

impl HttpClient for Sender {
    // As `async_trait` writes it.
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        let exchange = exchange(self.client.clone(), request, self.timeout);
        // Whoever waits here is a thread that knows of no runtime.
        let exchange = self.runtime.spawn(exchange);
        Box::pin(async move {
            let outcome = match exchange.await {
                Ok(outcome) => outcome,
                Err(_) => Err("the server ends".to_owned()),
            };
            self.note(outcome.as_ref().err().map(String::as_str));
            Ok(outcome?)
        })
    }
}

async fn exchange(
    client: reqwest::Client,
    request: Request<Bytes>,
    timeout: Duration,
) -> Result<Response<Bytes>, String> {
    // The address is in the error otherwise.
    let said = |error: reqwest::Error| crate::upstream::chain(&error.without_url());
    let mut request = reqwest::Request::try_from(request).map_err(said)?;
    *request.timeout_mut() = Some(timeout);
    let mut response = client.execute(request).await.map_err(said)?;
    if !response.status().is_success() {
        return Err(format!("it answered HTTP {}", response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(said)? {
        if body.len() + piece.len() > MOST {
            return Err("its answer is too long".to_owned());
        }
        body.extend_from_slice(&piece);
    }
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = response.status();
    Ok(answer)
}
