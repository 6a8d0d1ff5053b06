use super::*;
use crate::extend::Extensions;
use crate::operation::{Api, Parameter};

/// Entities of operations, as lines `entity place tool id`.
fn lines(list: &[(&'static str, &'static str, Risk)]) -> Vec<String> {
    let operations: Vec<&'static OperationDef> = list
        .iter()
        .map(|(method, path, risk)| {
            let parameters: Vec<Parameter> = path
                .split(['{', '}'])
                .skip(1)
                .step_by(2)
                .map(|name| Parameter {
                    name,
                    argument: name,
                    ..Parameter::PATH
                })
                .collect();
            let tool: &'static str = format!("{method} {path}").leak();
            &*Box::leak(Box::new(OperationDef {
                tool,
                method,
                path,
                risk: *risk,
                parameters: parameters.leak(),
                ..OperationDef::DEFAULT
            }))
        })
        .collect();
    let api: &'static Api = Box::leak(Box::new(Api {
        name: "t",
        title: "T",
        version: "1",
        instructions: "",
        env_prefix: "T",
        servers: &[],
        security_schemes: &[],
        operations: operations.leak(),
        exclusions: &[],
        document_operations: list.len(),
        document_sha256: "",
        generator: "",
        ..Api::DEFAULT
    }));
    let clock = crate::clock::Clock::SYSTEM;
    let engine = Engine::new(api, Extensions::new(), None, clock);
    let entities = Entities::new(&engine);
    let mut lines = Vec::new();
    for entity in entities.all() {
        for (place, slot) in entity.slots() {
            let tool = list.get(slot.tool).map_or("", |(method, ..)| method);
            let id = slot.id.as_deref().unwrap_or("-");
            let within = slot.within.join(",");
            lines.push(
                format!("{} {place} {tool} {id} {within}", entity.name)
                    .trim_end()
                    .to_owned(),
            );
        }
    }
    lines
}

#[test]
fn paths_tell_collections_items_and_actions() {
    use Risk::{Destructive, Outward, Read, Write};
    for (list, expected) in [
        (
            vec![
                ("GET", "/api/v2/leads/", Read),
                ("POST", "/api/v2/leads/", Write),
                ("GET", "/api/v2/leads/{id}/", Read),
                ("PUT", "/api/v2/leads/{id}/", Write),
                ("PATCH", "/api/v2/leads/{id}/", Write),
                ("DELETE", "/api/v2/leads/{id}/", Destructive),
                ("POST", "/api/v2/leads/{id}/", Write),
                ("POST", "/api/v2/leads/{id}/convert-now/", Outward),
                ("POST", "/api/v2/leads/bulk/delete/", Destructive),
            ],
            vec![
                "leads search GET -",
                "leads get GET id",
                "leads create POST -",
                "leads update PATCH id",
                "leads delete DELETE id",
                "leads replace PUT id",
                "leads POST /api/v2/leads/{id}/ POST id",
                "leads convert_now POST id",
                "leads bulk_delete POST -",
            ],
        ),
        // Records inside of others are entities too; to add one is also an action on the other.
        (
            vec![
                ("GET", "/a", Read),
                ("GET", "/a/{x}/b", Read),
                ("POST", "/a/{x}/b", Write),
                ("DELETE", "/a/{x}/b/{y}", Destructive),
                ("POST", "/a/{x}/merge/{into}", Destructive),
            ],
            vec![
                "a search GET -",
                "a b POST x",
                "a merge POST x into",
                "a_b search GET - x",
                "a_b create POST - x",
                "a_b delete DELETE y x",
            ],
        ),
        // Records that are searched by POST and never listed. To create is another operation; where there is a
        // list, the search is beside it.
        (
            vec![
                ("POST", "/v1/deals", Write),
                ("POST", "/v1/deals/search", Read),
                ("GET", "/v1/deals/{id}", Read),
                ("POST", "/users/search", Read),
                ("GET", "/users/me", Read),
                ("GET", "/a", Read),
                ("POST", "/a/search", Read),
                ("GET", "/a/{x}/b/search", Read),
                ("POST", "/a/{x}/b/{y}/done", Write),
            ],
            vec![
                "deals search POST -",
                "deals get GET id",
                "deals create POST -",
                "users search POST -",
                "users_me search GET -",
                "a search GET -",
                "a_search search POST -",
                "a_b search GET - x",
                "a_b done POST y x",
            ],
        ),
        // The only one of its kind; a read by POST; a form that nothing lists; odd ones.
        (
            vec![
                ("GET", "/profile", Read),
                ("PATCH", "/profile", Write),
                ("POST", "/search", Read),
                ("POST", "/public/form", Write),
                ("DELETE", "/", Destructive),
                ("POST", "/{any}", Write),
            ],
            vec![
                "profile search GET -",
                "profile update PATCH -",
                "search search POST -",
                "public_form create POST -",
                "root DELETE / DELETE -",
                "root_2 POST /{any} POST - any",
            ],
        ),
    ] {
        assert_eq!(lines(&list), expected);
    }
}
