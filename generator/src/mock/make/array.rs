//! Arrays: as many items as are given, or as their schema asks for.

use serde_json::Value;

use super::{At, DEEPEST_OPTIONAL, Maker};
use crate::lower::schema::Shape;

/// Items of a list that are made up because a schema asks for them.
const MOST_ITEMS: usize = 100;

impl<'a> Maker<'_, 'a> {
    pub(super) fn array(&self, shape: &Shape<'a>, given: Option<&Value>, at: &At) -> Value {
        let limit = |keyword: &str| {
            let limit = shape.keywords.get(keyword)?.value.as_u64()?;
            usize::try_from(limit).ok()
        };
        let (least, most) = (
            limit("minItems").unwrap_or(0),
            limit("maxItems").unwrap_or(usize::MAX),
        );
        let node_of = |index: usize| shape.prefix_items.get(index).or(shape.items.as_ref());
        let given = given.and_then(Value::as_array);
        if given.is_none()
            && at.first
            && let Some(Value::Array(shown)) = shape.example
        {
            return self.array(shape, Some(&Value::Array(shown.clone())), at);
        }
        let wanted = match given {
            Some(items) => items.len(),
            None if at.depth >= DEEPEST_OPTIONAL => least.min(MOST_ITEMS),
            None => at.seed.of("items").below(2).saturating_add(1),
        };
        let wanted = wanted
            .max(least.min(MOST_ITEMS))
            .max(shape.prefix_items.len().min(least))
            .min(most);
        let is_unique = shape
            .keywords
            .get("uniqueItems")
            .is_some_and(|node| *node.value == Value::Bool(true));
        let mut items: Vec<Value> = Vec::new();
        for index in 0..wanted {
            let inner = given.and_then(|items| items.get(index));
            let item = match node_of(index) {
                Some(node) => self.value(node, inner, &at.item(index)),
                None => match inner {
                    Some(inner) => inner.clone(),
                    None => break,
                },
            };
            if !(is_unique && items.contains(&item)) {
                items.push(item);
            }
        }
        Value::Array(items)
    }
}
