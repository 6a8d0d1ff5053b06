//! A service that behaves as a document says: it keeps records, answers by the declared schemas, and judges what it
//! is sent. For trying a server without the real one (ADR 0072).
//!
//! The same document, seed and requests give the same answers. Nothing of it knows a particular service: paths and
//! methods say what an operation does with which records (`route`), schemas what these consist of (`collection`,
//! `make`), and an independent validator whether a request is what the document says (`judge`).

mod answer;
mod collection;
mod deed;
mod files;
mod find;
mod http;
mod judge;
mod list;
mod make;
mod message;
mod outcome;
mod pattern;
mod problem;
mod route;
mod scalar;
mod seed;
mod sent;
mod service;
mod store;
mod wire;
mod words;
mod xml;

use std::collections::HashMap;

use indexmap::IndexMap;
use serde_json::Value;

use crate::ir;
use crate::lower::schema::{Shapes, Store};
use crate::model::Resolver;
use crate::pipeline::Described;

use collection::Collection;
use find::Asked;
use judge::Judge;
use make::Seen;
use problem::Problem;
use route::Route;
use seed::Seed;
use service::Service;
use store::Records;

pub use http::{Served, serve};
pub use message::{Request, Response};

/// Largest body of a request, in bytes.
pub const LARGEST_BODY: usize = 10 << 20;

/// How a mock behaves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// What its records are made from: another number, other records.
    pub seed: u64,
    /// Whether requests need the credentials that the document names. What they are does not matter.
    pub auth: bool,
}

/// A service that behaves as a document says.
#[derive(Debug)]
pub struct Mock {
    described: Described,
    routes: Vec<Route>,
    collections: IndexMap<String, Collection>,
    related: HashMap<String, Vec<Value>>,
    records: Records,
    judge: Judge,
    options: Options,
    /// Paths of the addresses that the document suggests: requests may have them in front.
    prefixes: Vec<String>,
}

impl Mock {
    /// For a document, from [`crate::Config::described`].
    #[must_use]
    pub fn new(described: Described, options: Options) -> Self {
        let resolver = Resolver::new(&described.document, described.ref_hops);
        let routes = route::routes(&described.document, resolver, &described.api);
        let collections = {
            let store = Store::default();
            let shapes = Shapes::new(resolver, &store, described.schemas);
            collection::collections(&described.document, &routes, &described.api, &shapes)
        };
        let related = collection::related(&collections, Seed::new(options.seed));
        Self {
            judge: Judge::new(&described.document),
            prefixes: prefixes(&described.api),
            routes,
            collections,
            related,
            records: Records::default(),
            options,
            described,
        }
    }

    /// What the document comes down to.
    #[must_use]
    pub fn api(&self) -> &ir::Api {
        &self.described.api
    }

    /// Kinds of records that it keeps.
    #[must_use]
    pub fn kinds(&self) -> usize {
        self.collections
            .values()
            .filter(|collection| collection.view.is_none())
            .count()
    }

    /// The answer to a request. What it changes is seen by the next one.
    pub fn answer(&mut self, request: &Request) -> Response {
        let store = Store::default();
        let document = &self.described.document;
        let api = &self.described.api;
        let resolver = Resolver::new(document, self.described.ref_hops);
        let shapes = Shapes::new(resolver, &store, self.described.schemas);
        if request.body.len() > LARGEST_BODY {
            let message = format!("the body has more than {LARGEST_BODY} bytes");
            return Problem::new(413, message).answer(None, &shapes);
        }
        let query: Vec<(String, String)> = wire::pairs(&request.query)
            .into_iter()
            .map(|(name, value)| (name, wire::decoded(&value)))
            .collect();
        let mut path = request.path.as_str();
        let mut asked = find::find(&self.routes, &request.method, path, &query);
        if matches!(asked, Asked::Nothing) {
            let stripped = self.prefixes.iter().find_map(|prefix| {
                let rest = request
                    .path
                    .strip_prefix(prefix.as_str())
                    .filter(|rest| rest.starts_with('/'))?;
                let asked = find::find(&self.routes, &request.method, rest, &query);
                (!matches!(asked, Asked::Nothing)).then_some((rest, asked))
            });
            if let Some((rest, found)) = stripped {
                path = rest;
                asked = found;
            }
        }
        let (route, in_path) = match asked {
            Asked::For(route, in_path) => (route, in_path),
            Asked::Method(methods) => {
                let allowed = methods.join(", ");
                let message = format!("{} {path}: the document has {allowed} here", request.method);
                return Problem::new(405, message)
                    .answer(None, &shapes)
                    .with("allow", allowed);
            }
            Asked::Nothing => {
                let message = format!(
                    "the document has no path for {} {}",
                    request.method,
                    crate::text::line(path, 200)
                );
                return Problem::new(404, message).answer(None, &shapes);
            }
        };
        let Some(raw) = route.raw(document) else {
            return Problem::new(404, "the document has no such operation").answer(None, &shapes);
        };
        let operation = route
            .operation
            .and_then(|index| api.operations().nth(index));
        if self.options.auth
            && operation.is_some_and(|operation| !sent::is_authorized(request, operation, api))
        {
            let message = "the credential that the document asks for is missing";
            return Problem::new(401, message)
                .answer(Some(&raw), &shapes)
                .with("www-authenticate", "Bearer".to_owned());
        }
        let sent = match sent::read(request, &in_path, &raw, api, &shapes, &mut self.judge) {
            Ok(sent) => sent,
            Err(sent::Refusal::MediaType(all)) => {
                let message = format!("the body is none of {}", all.join(", "));
                return Problem::new(415, message).answer(Some(&raw), &shapes);
            }
            Err(sent::Refusal::Faults(faults)) => {
                // What cannot be read, and what cannot be done: services that tell these apart say so.
                let status = if answer::declares(&raw, 422) {
                    422
                } else {
                    400
                };
                return Problem::of(faults, status).answer(Some(&raw), &shapes);
            }
        };
        let seen = Seen::default();
        let mut service = Service {
            root: document,
            routes: &self.routes,
            collections: &self.collections,
            related: &self.related,
            records: &mut self.records,
            shapes: &shapes,
            seen: &seen,
            seed: Seed::new(self.options.seed),
            route,
            raw: &raw,
            operation,
            in_path: &in_path,
            sent: &sent,
            request,
            path,
        };
        let answer = service.answer();
        let mut response = answer.unwrap_or_else(|problem| problem.answer(Some(&raw), &shapes));
        if request.method == "HEAD" {
            response.body.clear();
        }
        response
    }
}

/// The paths of the addresses that a document suggests.
fn prefixes(api: &ir::Api) -> Vec<String> {
    let own = api.own_servers.iter().flat_map(|server| &server.urls);
    let mut all: Vec<String> = api
        .servers
        .iter()
        .chain(own)
        .filter_map(|url| {
            let behind = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let (_, path) = behind.split_once('/')?;
            let path = path.trim_matches('/');
            (!path.is_empty()).then(|| format!("/{path}"))
        })
        .collect();
    all.sort_by_key(|path| std::cmp::Reverse(path.len()));
    all.dedup();
    all
}
