//! Which properties of a body need which others, where they are arguments of their own.

use super::body::RawBody;
use super::schema::Shapes;
use super::schema::input::{NameSets, name_sets, told_dependent, told_name_sets, told_together};
use crate::ir;

/// The rules of a body, by the names of arguments.
#[derive(Debug, Default)]
pub struct Together {
    /// What each argument needs.
    pub rules: Vec<(String, Vec<String>)>,
    /// Sets of arguments of which one has to be given.
    pub sets: Vec<NameSets>,
    /// The same in words.
    pub told: Vec<String>,
}

/// An optional body may be left out as a whole; with anything in it, all that it requires has to be
/// there (JSON Schema validation §6.5.3, §6.5.4).
pub fn together<'a>(shapes: &Shapes<'a>, body: &RawBody<'a>, sent: &ir::Body) -> Together {
    let ir::BodyShape::Properties(fields, additional) = &sent.shape else {
        return Together::default();
    };
    let is_required = |field: &&ir::BodyField| {
        !body.required && body.shape.required.contains(&field.name.as_str())
    };
    let needed: Vec<String> = fields
        .iter()
        .filter(is_required)
        .map(|field| field.argument.clone())
        .collect();
    let argument = |name: &str| {
        let field = fields.iter().find(|field| field.name == name);
        field.map(|field| field.argument.clone())
    };
    let own: Vec<(String, Vec<String>)> = body
        .shape
        .dependent
        .iter()
        .filter_map(|(given, needed)| {
            let needed = needed.iter().filter_map(|name| argument(name)).collect();
            Some((argument(given)?, needed))
        })
        .collect();
    let arguments = fields.iter().map(|field| &field.argument);
    let further = Some(additional).filter(|name| !name.is_empty());
    let rules: Vec<(String, Vec<String>)> = arguments
        .chain(further)
        .map(|given| {
            let mut all: Vec<String> = needed
                .iter()
                .filter(|name| *name != given)
                .cloned()
                .collect();
            for name in own
                .iter()
                .filter(|(name, _)| name == given)
                .flat_map(|(_, all)| all)
            {
                if !all.contains(name) {
                    all.push(name.clone());
                }
            }
            (given.clone(), all)
        })
        .filter(|(_, needed)| !needed.is_empty())
        .collect();
    let of_body = told_together(&needed).filter(|_| !rules.is_empty());
    let given = |name: &str| {
        let property = body.shape.properties.get(name);
        body.shape.required.contains(&name)
            || body.credentials.contains(&name)
            || property.is_some_and(|property| shapes.of(property).read_only)
    };
    // Of a body that may be left out as a whole, nothing has to be given.
    let sets = name_sets(shapes, &body.shape, given, |name| {
        argument(name).filter(|_| body.required)
    });
    Together {
        told: of_body
            .into_iter()
            .chain(told_dependent(&own))
            .chain(told_name_sets(&sets))
            .collect(),
        rules,
        sets,
    }
}
