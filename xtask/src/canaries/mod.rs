//! `canaries`: twelve secrets are planted where secrets stand, in servers before a service that shows all that it
//! is told; then everything that comes out is searched for them, in every form: answers, logs of the most
//! detailed kind, the audit log, numbers, what commands say.
//!
//! | file | subject |
//! |---|---|
//! | `planted.rs` | secrets, and their forms |
//! | `mirror.rs` | the service |
//! | `runs.rs` | servers, and what comes out of them |

mod mirror;
mod planted;
mod runs;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use crate::crm;
use crate::failure::{Context as _, Result};
use mirror::Mirror;
use planted::Planted;
use runs::{Output, Run};

/// Options of the task.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// What secrets are made of.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Use the programs that are built, as they are.
    #[arg(long)]
    no_build: bool,
}

/// Runs the task; false when a secret was found.
///
/// # Errors
/// When a program does not start.
pub fn run(options: &Options) -> Result<bool> {
    if !options.no_build {
        crm::build()?;
    }
    let begin = Instant::now();
    let folder = std::env::temp_dir().join(format!("mcpwright-canaries-{}", std::process::id()));
    fs::create_dir_all(&folder).context(folder.display())?;
    let (mut planted, mut outputs) = (Vec::new(), Vec::new());
    let played = keys(options.seed, &folder, &mut planted, &mut outputs)
        .and_then(|()| passthrough(options.seed, &folder, &mut planted, &mut outputs))
        .and_then(|()| oauth(options.seed, &folder, &mut planted, &mut outputs));
    fs::remove_dir_all(&folder).context(folder.display())?;
    played?;
    let bytes: usize = outputs.iter().map(|output| output.bytes.len()).sum();
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for output in &outputs {
        for secret in &planted {
            if let Some(form) = secret.found_in(&output.bytes) {
                let line = format!("{} in {} ({form})", secret.place, output.place);
                *found.entry(line).or_default() += 1;
            }
        }
    }
    for (line, times) in &found {
        println!("FOUND: {line}, {times} times");
    }
    let places: Vec<&str> = planted.iter().map(|secret| secret.place).collect();
    println!("planted {}: {}", planted.len(), places.join(", "));
    println!("searched {} outputs, {bytes} bytes", outputs.len());
    println!("found: {} (bound 0)", found.values().sum::<usize>());
    println!("took {:.0} s", begin.elapsed().as_secs_f64());
    Ok(found.is_empty())
}

/// Callers with keys; a proxy with a password stands before the service.
fn keys(
    seed: u64,
    folder: &Path,
    planted: &mut Vec<Planted>,
    outputs: &mut Vec<Output>,
) -> Result<()> {
    let [key, pepper, secret, proxy, operator] = [
        "the credential of the service",
        "the pepper of keys",
        "the secret of replicas",
        "the password of the proxy",
        "the credential of the operator",
    ]
    .map(|place| Planted::new(seed, place));
    let mirror = Mirror::start("", "")?;
    let mut run = Run::new("keys", folder, "http://crm.localhost")?;
    run.set("ALLOW_HTTP", "1");
    let host = mirror.url.trim_start_matches("http://");
    run.set("PROXY", &format!("http://user:{}@{host}", proxy.text));
    run.set("API_KEY", &key.text);
    run.set("PEPPER", &pepper.text);
    run.set("SECRET", &secret.text);
    run.set("ADMIN_KEY", &operator.text);
    let file = run.file("keys").display().to_string();
    run.set("KEYS", &file);
    let create = [
        "keys", "create", "--name", "Ann", "--scope", "*:read", "--scope", "*:write",
    ];
    let shown = run.command(&create, true)?;
    let own = shown
        .split_whitespace()
        .find(|word| word.len() > 40)
        .context(format!("no key in {shown:?}"))?;
    // A key with the name of one that there is, and another secret.
    let last = Planted::new(seed, "the wrong secret of a key");
    let (name, rest) = own.rsplit_once('_').context("the key has no parts")?;
    let wrong = format!(
        "{name}_{}",
        last.text.get(..rest.len()).unwrap_or(&last.text)
    );
    let (bearer, bad) = (format!("Bearer {own}"), format!("Bearer {wrong}"));
    run.command(&["keys", "list"], false)?;
    planted.push(Planted {
        place: "a caller's key",
        text: rest.to_owned(),
    });
    planted.extend([key, pepper, secret, proxy, operator, last]);
    outputs.extend(run.play(
        "keys",
        &[&[("Authorization", &bearer)], &[("Authorization", &bad)]],
    )?);
    Ok(())
}

/// Callers with credentials of their own.
fn passthrough(
    seed: u64,
    folder: &Path,
    planted: &mut Vec<Planted>,
    outputs: &mut Vec<Output>,
) -> Result<()> {
    let [own, beside, cookie] = [
        "a caller's credential of the service",
        "a credential that nobody asked for",
        "a caller's cookie",
    ]
    .map(|place| Planted::new(seed, place));
    let mirror = Mirror::start("", "")?;
    let run = Run::new("passthrough", folder, &mirror.url)?;
    let bearer = format!("Bearer {}", beside.text);
    let session = format!("session={}", cookie.text);
    let fields = [
        ("X-API-KEY", own.text.as_str()),
        ("Authorization", &bearer),
        ("Cookie", &session),
    ];
    let all = run.play("passthrough", &[&fields[..1], &fields])?;
    outputs.extend(all);
    planted.extend([own, beside, cookie]);
    Ok(())
}

/// Callers with access tokens that the issuer is asked about.
fn oauth(
    seed: u64,
    folder: &Path,
    planted: &mut Vec<Planted>,
    outputs: &mut Vec<Output>,
) -> Result<()> {
    let [client, token, other] = [
        "the secret of the OAuth client",
        "an access token",
        "an access token that does not hold",
    ]
    .map(|place| Planted::new(seed, place));
    let mut run = Run::new("oauth", folder, "http://127.0.0.1:9")?;
    let mirror = Mirror::start(&token.text, &run.url())?;
    let url = run.url();
    for (variable, value) in [
        ("BASE_URL", mirror.url.as_str()),
        ("API_KEY", "an-ordinary-key"),
        ("PUBLIC_URL", &url),
        ("OAUTH_ISSUER", "https://id.example"),
        (
            "OAUTH_INTROSPECTION_URL",
            &format!("{}/introspect", mirror.url),
        ),
        ("OAUTH_CLIENT_ID", "server"),
        ("OAUTH_CLIENT_SECRET", &client.text),
        ("ALLOW_HTTP", "1"),
    ] {
        run.set(variable, value);
    }
    let (good, bad) = (
        format!("Bearer {}", token.text),
        format!("Bearer {}", other.text),
    );
    outputs.extend(run.play(
        "oauth",
        &[&[("Authorization", &good)], &[("Authorization", &bad)]],
    )?);
    planted.extend([client, token, other]);
    Ok(())
}
