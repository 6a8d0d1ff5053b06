//! What no tool comes from: webhooks, callbacks and links (OpenAPI 3.2 §4.1, §4.18, §4.20). Each
//! kind is said once, at its first place.

use crate::diagnostics::{Code, Diagnostic, Pointer, Sink};
use crate::model::{Node, RawOperation, Resolver};
use crate::text;

/// Says what is ignored, and gives the webhooks for the report: `METHOD name`, in document order.
pub fn ignored<'a>(
    root: &Node<'a>,
    operations: &[RawOperation<'a>],
    resolver: Resolver<'a>,
    sink: &mut Sink,
) -> Vec<String> {
    let webhooks: Vec<String> = root
        .get("webhooks")
        .iter()
        .flat_map(Node::entries)
        .filter_map(|(name, item)| Some((name, resolver.follow(item).ok()?)))
        .flat_map(|(name, item)| {
            let methods: Vec<String> = crate::model::methods(item)
                .into_iter()
                .map(|(method, _, _)| {
                    format!("{} {}", text::line(&method, 40), text::line(name, 120))
                })
                .collect();
            methods
        })
        .collect();
    let place = root.get("webhooks").map(|node| node.pointer);
    let count = webhooks.len();
    say(
        Code::E0910,
        "webhook",
        "no tool comes from it",
        count,
        place,
        sink,
    );

    let with_callbacks: Vec<Pointer> = operations
        .iter()
        .filter_map(|raw| raw.node.get("callbacks"))
        .filter(|node| node.object().is_some_and(|members| !members.is_empty()))
        .map(|node| node.pointer)
        .collect();
    let (count, place) = (with_callbacks.len(), with_callbacks.into_iter().next());
    say(
        Code::E0911,
        "operation with callbacks",
        "no tool comes from them",
        count,
        place,
        sink,
    );

    let (mut count, mut place) = (0usize, None);
    for raw in operations {
        let responses = raw.node.get("responses");
        for (_, response) in responses.iter().flat_map(Node::entries) {
            let links = resolver
                .follow(response)
                .ok()
                .and_then(|node| node.get("links"));
            let Some(links) = links.filter(|l| l.object().is_some_and(|m| !m.is_empty())) else {
                continue;
            };
            count = count.saturating_add(1);
            place.get_or_insert(links.pointer);
        }
    }
    say(
        Code::E0912,
        "response with links",
        "tools do not have them",
        count,
        place,
        sink,
    );
    webhooks
}

fn say(code: Code, what: &str, fate: &str, count: usize, place: Option<Pointer>, sink: &mut Sink) {
    if let (Some(place), 1..) = (place, count) {
        let message = match (count, what.split_once(' ')) {
            (1, _) => format!("1 {what}: {fate}"),
            (_, None) => format!("{count} {what}s: {fate}"),
            (_, Some((thing, rest))) => format!("{count} {thing}s {rest}: {fate}"),
        };
        sink.push(Diagnostic::new(code, message).at_key(&place));
    }
}
