//! Every cell of the style tables, the body encodings, and the route law.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod bodies;
mod forms;
mod parameters;
mod routes;

use mcpwright_runtime::json::{Object, Value};
use mcpwright_runtime::operation::*;
use mcpwright_runtime::request::{Request, RequestError, build};

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// An operation with one parameter `p`, and a path that has it if it belongs there.
fn with(parameter: Parameter) -> OperationDef {
    let parameter = Parameter {
        name: "p",
        argument: "p",
        ..parameter
    };
    let in_path = parameter.location == Location::Path;
    let segments: &'static [Segment] = if in_path {
        leak([
            Segment(&[Part::Literal("a")]),
            Segment(&[Part::Parameter("p")]),
            Segment(&[Part::Literal("z")]),
        ])
    } else {
        leak([Segment(&[Part::Literal("a")])])
    };
    OperationDef {
        segments,
        parameters: leak([parameter]),
        ..OperationDef::DEFAULT
    }
}

fn send(parameter: Parameter, value: Value) -> Result<Request, RequestError> {
    build(
        &with(parameter),
        &Object::from_iter([("p".to_owned(), value)]),
    )
}
