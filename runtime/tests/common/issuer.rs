//! An authorization server, as far as a server of ours sees one, that breaks in the ways of connections.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// The URL of `/mcp` for which tokens are issued.
pub const PUBLIC: &str = "https://crm.example/tools/mcp";
pub const METADATA: &str = "/.well-known/oauth-authorization-server";
pub const KEYS: &str = "/keys";
pub const INTROSPECTION: &str = "/introspect";
pub const TOKEN: &str = "/token";

/// How an endpoint breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No answer comes.
    Hang,
    /// The connection ends before the answer.
    Reset,
    /// The answer breaks off.
    Cut,
    /// The answer is no HTTP.
    Garbage,
    /// 503.
    Down,
    /// A page of somebody in front.
    Page,
    /// JSON that says nothing.
    Empty,
    /// An answer that does not end.
    Endless,
    /// Another address.
    Redirect,
}

pub const FAULTS: [Fault; 9] = [
    Fault::Hang,
    Fault::Reset,
    Fault::Cut,
    Fault::Garbage,
    Fault::Down,
    Fault::Page,
    Fault::Empty,
    Fault::Endless,
    Fault::Redirect,
];

#[derive(Clone)]
pub struct Issuer {
    pub url: String,
    key: Arc<EcdsaKeyPair>,
    /// How often its keys were asked for.
    pub asked: Arc<AtomicU64>,
    broken: Arc<Mutex<HashMap<&'static str, Fault>>>,
}

impl Issuer {
    pub async fn start() -> Self {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            key: Arc::new(key),
            asked: Arc::default(),
            broken: Arc::default(),
        };
        let serving = issuer.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let issuer = serving.clone();
                // A connection that breaks is what this is about.
                tokio::spawn(async move { issuer.serve(stream).await });
            }
        });
        issuer
    }

    /// Breaks one of its endpoints, or mends it.
    pub fn set(&self, path: &'static str, fault: Option<Fault>) {
        let mut broken = self.broken.lock().unwrap();
        match fault {
            Some(fault) => broken.insert(path, fault),
            None => broken.remove(path),
        };
    }

    pub fn token(&self, more: &Value) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let mut claims = json!({
            "iss": self.url, "aud": PUBLIC, "sub": "ann", "client_id": "app",
            "exp": now.as_secs() + 60, "scope": "*:read",
        });
        let claims_of = claims.as_object_mut().unwrap();
        claims_of.extend(more.as_object().unwrap().clone());
        self.signed(
            &json!({"alg": "ES256", "kid": "1", "typ": "at+jwt"}),
            &claims,
        )
    }

    /// A token whose header says something else.
    pub fn signed(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.unwrap());
        format!("{signed}.{signature}")
    }

    pub fn bearer(&self, more: &Value) -> String {
        format!("Authorization: Bearer {}\r\n", self.token(more))
    }

    async fn serve(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Some((path, body)) = request(&mut stream).await {
            if path == KEYS {
                self.asked.fetch_add(1, Ordering::SeqCst);
            }
            let broken = self.broken.lock().unwrap().get(path.as_str()).copied();
            let answer = self.answer(&path, &body);
            let stream = stream.get_mut();
            match broken {
                None => {
                    if stream.write_all(answer.as_bytes()).await.is_err() {
                        return;
                    }
                }
                Some(fault) => return break_as(fault, stream, &answer).await,
            }
        }
    }

    fn answer(&self, path: &str, body: &str) -> String {
        let json = match path {
            METADATA => json!({"issuer": self.url, "jwks_uri": format!("{}{KEYS}", self.url)}),
            KEYS => {
                let point = self.key.public_key().as_ref();
                let part = |range| URL_SAFE_NO_PAD.encode(&point[range]);
                json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "x": part(1..33), "y": part(33..65)}]})
            }
            // Opaque tokens: those that begin so are active, each a person's own.
            INTROSPECTION => match body
                .split('&')
                .find_map(|pair| pair.strip_prefix("token=good-"))
            {
                Some(name) => json!({
                    "active": true, "iss": self.url, "aud": PUBLIC, "sub": name, "client_id": "app",
                    "scope": "*:read", "exp": 4_000_000_000_u64,
                }),
                None => json!({"active": false}),
            },
            TOKEN => json!({
                "access_token": "of-the-service", "token_type": "Bearer", "expires_in": 600,
                "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
            }),
            _ => return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
        };
        http("200 OK", "application/json", &json.to_string())
    }
}

fn http(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Path and body of the next request; nothing at the end.
async fn request(stream: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let (mut line, mut path, mut length) = (String::new(), None, 0);
    loop {
        line.clear();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let text = line.trim_end();
        if text.is_empty() {
            break;
        }
        if path.is_none() {
            path = Some(text.split(' ').nth(1)?.to_owned());
        }
        let lower = text.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((path?, String::from_utf8(body).ok()?))
}

async fn break_as(fault: Fault, stream: &mut TcpStream, answer: &str) {
    let said = match fault {
        Fault::Hang => {
            tokio::time::sleep(Duration::from_secs(300)).await;
            return;
        }
        Fault::Reset => return,
        Fault::Cut => answer[..answer.len() - 5].to_owned(),
        Fault::Garbage => "\u{1}\u{2}SSH-2.0-nothing of HTTP\r\n\r\n".to_owned(),
        Fault::Down => http(
            "503 Service Unavailable",
            "application/json",
            r#"{"active":true,"keys":[]}"#,
        ),
        Fault::Page => http("200 OK", "text/html", "<html>please sign in</html>"),
        Fault::Empty => http("200 OK", "application/json", "{}"),
        Fault::Redirect => {
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/keys\r\nContent-Length: 0\r\n\r\n"
                .to_owned()
        }
        Fault::Endless => {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\":\"";
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(&[b'x'; 8_192]).await.is_ok() {}
            return;
        }
    };
    let _ = stream.write_all(said.as_bytes()).await;
}
