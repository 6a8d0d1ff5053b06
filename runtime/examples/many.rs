//! A server with 171 tools of a usual size, to measure start-up and memory with.

use mcpwright_runtime::Extensions;
use mcpwright_runtime::operation::{
    Api, Hints, Location, OperationDef, Parameter, Part, Risk, Segment,
};

const TOOLS: usize = 171;
const PROPERTIES: usize = 7;

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn text(value: String) -> &'static str {
    value.leak()
}

fn operation(index: usize) -> &'static OperationDef {
    let properties: Vec<String> = (0..PROPERTIES)
        .map(|n| {
            format!(
                r#""field_{n}":{{"type":"string","description":"What field {n} of record {index} holds, in a sentence of usual length.","maxLength":200,"examples":["value {n}"]}}"#
            )
        })
        .collect();
    let schema = format!(
        r#"{{"type":"object","properties":{{"id":{{"type":"string"}},{}}},"required":["id"],"additionalProperties":false}}"#,
        properties.join(",")
    );
    let output = format!(
        r#"{{"type":"object","properties":{{{}}}}}"#,
        properties.join(",")
    );
    leak(OperationDef {
        tool: text(format!("update_record_{index}")),
        title: text(format!("Update record {index}")),
        description: text(format!(
            "Updates record {index}. {}",
            "Use it for that and not for this. ".repeat(8)
        )),
        group: "records",
        method: "PATCH",
        path: "/records/{id}",
        segments: leak([
            Segment(&[Part::Literal("records")]),
            Segment(&[Part::Parameter("id")]),
        ]),
        parameters: leak([Parameter {
            name: "id",
            argument: "id",
            location: Location::Path,
            ..Parameter::PATH
        }]),
        risk: Risk::Write,
        hints: Hints {
            read_only: false,
            destructive: true,
            idempotent: true,
            open_world: false,
        },
        input_schema: text(schema),
        output_schema: text(output),
        ..OperationDef::DEFAULT
    })
}

fn main() -> std::process::ExitCode {
    let operations: Vec<&'static OperationDef> = (0..TOOLS).map(operation).collect();
    let api = leak(Api {
        name: "many",
        title: "Many",
        version: "1.0.0",
        instructions: "",
        env_prefix: "MANY",
        servers: &[],
        security_schemes: &[],
        operations: operations.leak(),
        exclusions: &[],
        document_operations: TOOLS,
        document_sha256: "",
        generator: "0.0.0",
        ..Api::DEFAULT
    });
    mcpwright_runtime::run(api, |extensions: Extensions| extensions)
}
