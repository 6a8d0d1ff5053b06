//! A minimal reverse proxy: hyper on both sides, connections to the service kept, nothing looked at. It is built
//! for release, as the server is that is measured beside it.
//!
//! `reverse-proxy http://127.0.0.1:8080` writes its own address on standard output, and ends with its process.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    reason = "whoever starts it reads its address there"
)]

use std::io::Write as _;

use hyper::Request;
use hyper::body::Incoming;
use hyper::http::Uri;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let service = std::env::args().nth(1).unwrap_or_default();
    let authority = service
        .strip_prefix("http://")
        .ok_or("reverse-proxy http://HOST:PORT")?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: Client<_, Incoming> = Client::builder(TokioExecutor::new()).build(connector);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (client, authority) = (client.clone(), authority.to_owned());
        let pass_on = service_fn(move |mut request: Request<Incoming>| {
            let target = Uri::builder()
                .scheme("http")
                .authority(authority.as_str())
                .path_and_query(request.uri().path())
                .build();
            let client = client.clone();
            async move {
                *request.uri_mut() = target?;
                client.request(request).await.map_err(Failure::from)
            }
        });
        tokio::spawn(
            hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), pass_on),
        );
    }
}
