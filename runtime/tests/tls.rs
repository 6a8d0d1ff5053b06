//! Mutual TLS and private authorities, against a real TLS server.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mcpwright_runtime::operation::{
    Api, OperationDef, Part, SchemeKind, SecurityScheme, SecurityUse, Segment,
};
use mcpwright_runtime::upstream::{Failure, Settings, Upstream};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

static CERTIFICATE: SecurityScheme = SecurityScheme {
    name: "certificate",
    kind: SchemeKind::MutualTls,
    variables: &["T_CLIENT_CERT_FILE", "T_CLIENT_KEY_FILE"],
};
static GET: OperationDef = OperationDef {
    tool: "get_it",
    path: "/it",
    segments: &[Segment(&[Part::Literal("it")])],
    security: &[&[SecurityUse {
        scheme: &CERTIFICATE,
        scopes: &[],
    }]],
    ..OperationDef::DEFAULT
};
static API: Api = Api {
    name: "t",
    title: "T",
    version: "1",
    instructions: "",
    env_prefix: "T",
    servers: &[],
    security_schemes: &[&CERTIFICATE],
    operations: &[&GET],
    exclusions: &[],
    document_operations: 1,
    document_sha256: "",
    generator: "",
    ..Api::DEFAULT
};

/// Certificates as files.
struct Files {
    folder: PathBuf,
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Files {
    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }
}

/// An authority, a certificate for the server and one for the client.
fn certificates(folder: &str) -> Files {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{folder}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let files = Files { folder };
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    files.write("ca.pem", &authority.pem());
    for (name, host) in [("server", "127.0.0.1"), ("client", "client.example")] {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &authority).unwrap();
        files.write(&format!("{name}.pem"), &certificate.pem());
        files.write(&format!("{name}.key"), &key.serialize_pem());
    }
    files
}

/// A TLS server that answers with whether the client showed a certificate; with `strict` it demands one.
async fn serve(files: &Files, strict: bool) -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let load = |name: &str| CertificateDer::from_pem_file(files.path(name)).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(load("ca.pem")).unwrap();
    let mut verifier = rustls::server::WebPkiClientVerifier::builder(Arc::new(roots));
    if !strict {
        verifier = verifier.allow_unauthenticated();
    }
    let config = rustls::ServerConfig::builder()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(
            vec![load("server.pem")],
            PrivateKeyDer::from_pem_file(files.path("server.key")).unwrap(),
        )
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let shown = stream.get_ref().1.peer_certificates().is_some();
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let body = format!("{{\"shown\":{shown}}}");
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    format!("https://{address}")
}

fn settings(base: &str, variables: &[(&str, String)]) -> Result<Settings, String> {
    let mut all: HashMap<&str, String> = HashMap::from([("T_BASE_URL", base.to_owned())]);
    all.extend(variables.iter().cloned());
    Settings::read(&API, &|name| all.get(name).cloned()).map_err(|error| error.to_string())
}

async fn call(
    base: &str,
    variables: &[(&str, String)],
    operation: &OperationDef,
) -> Result<String, Failure> {
    let upstream = Upstream::new(settings(base, variables).unwrap(), "t", "1");
    let request = mcpwright_runtime::request::build(operation, &Default::default()).unwrap();
    let reply = upstream.send(operation, request).await?;
    Ok(format!("{:?}", reply.payload))
}

#[tokio::test]
async fn the_certificate_is_shown_and_the_private_authority_trusted() {
    let files = certificates("mutual");
    let base = serve(&files, true).await;
    let identity = [
        ("T_CLIENT_CERT_FILE", files.path("client.pem")),
        ("T_CLIENT_KEY_FILE", files.path("client.key")),
    ];
    let authority = ("T_CA_FILE", files.path("ca.pem"));
    let both = [identity[0].clone(), identity[1].clone(), authority.clone()];
    let body = call(&base, &both, &GET).await.unwrap();
    assert!(body.contains("true"), "{body}");
    // Without the authority nothing is sent.
    let failure = call(&base, &identity, &GET).await.unwrap_err();
    assert!(matches!(failure, Failure::Unreachable(_)), "{failure}");
    // Without the certificate the operation says what is missing.
    let failure = call(&base, std::slice::from_ref(&authority), &GET)
        .await
        .unwrap_err();
    assert!(
        failure
            .to_string()
            .ends_with("has to set T_CLIENT_CERT_FILE and T_CLIENT_KEY_FILE"),
        "{failure}"
    );
    // An operation that names no scheme is refused by the server, and knows nothing of a certificate.
    let open = OperationDef {
        security: &[],
        path: "/it",
        segments: &[Segment(&[Part::Literal("it")])],
        ..OperationDef::DEFAULT
    };
    assert!(
        call(&base, std::slice::from_ref(&authority), &open)
            .await
            .is_err()
    );
    let lenient = serve(&files, false).await;
    let body = call(&lenient, &[authority], &open).await.unwrap();
    assert!(body.contains("false"), "{body}");
}

#[test]
fn a_missing_certificate_is_asked_for_as_the_file_that_it_is() {
    static TOKEN: SecurityScheme = SecurityScheme {
        name: "token",
        kind: SchemeKind::Bearer,
        variables: &["T_TOKEN"],
    };
    const fn of(scheme: &'static SecurityScheme) -> SecurityUse {
        SecurityUse {
            scheme,
            scopes: &[],
        }
    }
    static EITHER: OperationDef = OperationDef {
        security: &[&[of(&CERTIFICATE)], &[of(&TOKEN)]],
        ..OperationDef::DEFAULT
    };
    static EITHER_API: Api = Api {
        security_schemes: &[&CERTIFICATE, &TOKEN],
        operations: &[&EITHER],
        ..API
    };
    let settings = settings("https://api.example", &[]).unwrap();
    for (api, expected) in [
        (
            &API,
            "no credential for T is configured; set T_CLIENT_CERT_FILE and T_CLIENT_KEY_FILE",
        ),
        (
            &EITHER_API,
            "no credential for T is configured; set T_CLIENT_CERT_FILE and T_CLIENT_KEY_FILE, or T_TOKEN (or, for what is no file, the same name with _FILE and a path)",
        ),
    ] {
        let error = settings.check_credentials(api).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    // Nor is a file with the name of the file looked for.
    let named = [
        ("T_CLIENT_CERT_FILE_FILE", "/nonexistent".to_owned()),
        ("T_CLIENT_KEY_FILE_FILE", "/nonexistent".to_owned()),
    ];
    assert!(self::settings("https://api.example", &named).is_ok());
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let files = certificates("wrong");
    files.write("junk.pem", "junk");
    let of = |name: &str| files.path(name);
    let base = "https://api.example";
    for (variables, expected) in [
        (
            vec![("T_CLIENT_CERT_FILE", of("client.pem"))],
            "T_CLIENT_CERT_FILE needs T_CLIENT_KEY_FILE, the private key of the certificate",
        ),
        (
            vec![("T_CLIENT_KEY_FILE", of("client.key"))],
            "T_CLIENT_KEY_FILE needs T_CLIENT_CERT_FILE, the certificate of the key",
        ),
        (
            vec![
                ("T_CLIENT_CERT_FILE", of("junk.pem")),
                ("T_CLIENT_KEY_FILE", of("client.key")),
            ],
            "T_CLIENT_CERT_FILE and T_CLIENT_KEY_FILE must name PEM files with a certificate and with its private key, unencrypted",
        ),
        (
            vec![("T_CA_FILE", of("junk.pem"))],
            "T_CA_FILE must name a PEM file with the certificates of authorities",
        ),
        (
            vec![("T_CA_FILE", of("none.pem"))],
            "T_CA_FILE names a file that cannot be read: No such file or directory (os error 2)",
        ),
    ] {
        let error = settings(base, &variables).map(|_| ()).unwrap_err();
        assert_eq!(error, expected);
    }
    let good = [
        ("T_CLIENT_CERT_FILE", of("client.pem")),
        ("T_CLIENT_KEY_FILE", of("client.key")),
    ];
    let settings = settings(base, &good).unwrap();
    assert_eq!(settings.check_credentials(&API), Ok(()));
    assert!(!format!("{settings:?}").contains("PRIVATE"));
}

#[tokio::test]
async fn a_proxy_behind_tls_is_verified_though_the_service_is_not() {
    let files = certificates("proxy");
    let proxy = ("T_PROXY", serve(&files, false).await);
    let operation = OperationDef {
        segments: GET.segments,
        ..OperationDef::DEFAULT
    };
    // The proxy answers itself; nothing listens at the service's address.
    let base = "http://127.0.0.1:1";
    let authority = ("T_CA_FILE", files.path("ca.pem"));
    let body = call(base, &[proxy.clone(), authority], &operation).await;
    assert!(
        body.as_deref().is_ok_and(|body| body.contains("shown")),
        "{body:?}"
    );
    let failure = call(base, &[proxy], &operation).await.unwrap_err();
    assert!(matches!(failure, Failure::Unreachable(_)), "{failure}");
}
