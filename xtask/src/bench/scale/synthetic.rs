//! Documents of any size, to see how cost grows.
//!
//! Two kinds: `resources` is what large APIs look like (a tag, two schemas and five operations for
//! each kind of record, which name each other), `flat` is what makes a generator search through
//! everything for everything (one tag, one schema, no operationId, names that nearly collide).

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::super::figure::Figure;
use super::{MEGABYTE, cost};
use crate::failure::{Context as _, Result};

/// Operations.
const SIZES: [u32; 4] = [1_000, 2_000, 5_000, 10_000];

/// Cost of an operation in the largest document against that in the smallest, at most.
const GROWTH: f64 = 1.5;

pub fn measure(program: &Path, folder: &Path) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (kind, make) in [
        ("resources", resources as fn(u32) -> Value),
        ("flat", flat as fn(u32) -> Value),
    ] {
        let mut each = Vec::new();
        for size in SIZES {
            println!("scale: {size} operations, {kind}");
            let document = folder.join(format!("{kind}-{size}.json"));
            fs::write(&document, make(size).to_string()).context(document.display())?;
            let cost = cost(program, &document, 0)?;
            if cost.tools < f64::from(size) {
                return Err(format!("{kind}: {} tools of {size}", cost.tools).into());
            }
            let thousands = f64::from(size) / 1_000.0;
            let name = |what: &str| format!("scale: {kind}, {size} operations, {what}");
            let (seconds, peak) = (cost.seconds, cost.peak / MEGABYTE);
            if size == 10_000 {
                figures.push(Figure::bounded(name("total"), seconds, "s", 60.0));
                figures.push(Figure::bounded(name("peak memory"), peak, "MB", 2000.0));
            }
            // Other programs make a run slower, but not its work larger.
            let each_cpu = cost.cpu / thousands;
            each.push([each_cpu, peak / thousands]);
            figures.push(Figure::shown(name("each 1000, CPU"), each_cpu, "s"));
            figures.push(Figure::shown(name("each 1000"), peak / thousands, "MB"));
        }
        if let (Some(first), Some(last)) = (each.first(), each.last()) {
            for (what, (first, last)) in ["time", "memory"].iter().zip(first.iter().zip(last)) {
                figures.push(Figure::bounded(
                    format!("scale: {kind}, {what} of an operation, 10,000 / 1,000"),
                    last / first,
                    "x",
                    GROWTH,
                ));
            }
        }
    }
    Ok(figures)
}

/// Five operations for each kind of record.
fn resources(operations: u32) -> Value {
    let (mut paths, mut schemas, mut tags) = (Map::new(), Map::new(), Vec::new());
    for n in 0..operations.div_ceil(5) {
        let (tag, record, draft) = (
            format!("Part {n}"),
            format!("Record{n}"),
            format!("Draft{n}"),
        );
        tags.push(json!({"name": tag, "description": format!("Records of the part {n}.")}));
        let before = format!("Record{}", n.saturating_sub(1));
        schemas.insert(draft.clone(), draft_schema(n));
        schemas.insert(
            record.clone(),
            json!({"allOf": [{"$ref": format!("#/components/schemas/{draft}")}, {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "integer", "readOnly": true},
                    "owner": {"$ref": "#/components/schemas/Person"},
                    "before": {"$ref": format!("#/components/schemas/{before}")},
                },
            }]}),
        );
        let one = json!({"$ref": format!("#/components/schemas/{record}")});
        let answer = |schema: Value| json!({"200": {"description": "Done.", "content": {"application/json": {"schema": schema}}}});
        let body = json!({"required": true, "content": {"application/json": {
            "schema": {"$ref": format!("#/components/schemas/{draft}")}}}});
        let id =
            json!({"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}});
        paths.insert(
            format!("/part{n}/records"),
            json!({
                "get": {
                    "operationId": format!("listRecords{n}"), "tags": [tag],
                    "summary": format!("List the records of the part {n}"),
                    "parameters": [
                        {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
                        {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["name", "created"]}},
                        {"$ref": "#/components/parameters/Fields"},
                    ],
                    "responses": answer(json!({"type": "array", "items": one})),
                },
                "post": {
                    "operationId": format!("createRecord{n}"), "tags": [tag],
                    "summary": format!("Create a record of the part {n}"),
                    "requestBody": body, "responses": answer(one.clone()),
                },
            }),
        );
        paths.insert(
            format!("/part{n}/records/{{id}}"),
            json!({
                "parameters": [id],
                "get": {
                    "operationId": format!("getRecord{n}"), "tags": [tag],
                    "summary": format!("Read a record of the part {n}"), "responses": answer(one.clone()),
                },
                "put": {
                    "operationId": format!("replaceRecord{n}"), "tags": [tag],
                    "summary": format!("Replace a record of the part {n}"),
                    "requestBody": body, "responses": answer(one),
                },
                "delete": {
                    "operationId": format!("deleteRecord{n}"), "tags": [tag],
                    "summary": format!("Delete a record of the part {n}"),
                    "responses": {"204": {"description": "Gone."}},
                },
            }),
        );
    }
    schemas.insert("Person".to_owned(), draft_schema(0));
    document(&tags, paths, schemas)
}

fn draft_schema(n: u32) -> Value {
    json!({
        "type": "object",
        "description": format!("What a caller says about a record of the part {n}."),
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 200, "description": "Display name."},
            "note": {"type": ["string", "null"]},
            "state": {"type": "string", "enum": ["open", "paid", format!("special{n}")]},
            "amount": {"type": "number", "minimum": 0},
            "due": {"type": "string", "format": "date"},
            "labels": {"type": "array", "items": {"type": "string"}},
            "address": {
                "type": "object",
                "properties": {"street": {"type": "string"}, "city": {"type": "string"}, "zip": {"type": "string"}},
            },
        },
    })
}

/// One tag, one schema, and no names but the paths.
fn flat(operations: u32) -> Value {
    let mut paths = Map::new();
    for n in 0..operations {
        paths.insert(
            format!("/accounts/{{account}}/some/rather/deep/folder/item-{n}/run"),
            json!({"post": {
                "tags": ["Everything"],
                "parameters": [{"name": "account", "in": "path", "required": true, "schema": {"type": "string"}}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Draft"}}}},
                "responses": {"200": {"description": "Done.", "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Draft"}}}}},
            }}),
        );
    }
    let schemas = Map::from_iter([("Draft".to_owned(), draft_schema(0))]);
    document(&[json!({"name": "Everything"})], paths, schemas)
}

fn document(tags: &[Value], paths: Map<String, Value>, schemas: Map<String, Value>) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Scale", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": {"Fields": {"name": "fields", "in": "query", "style": "form", "explode": false,
                "schema": {"type": "array", "items": {"type": "string"}}}},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"key": []}],
    })
}
