//! Values of schemas with several forms: which form is made.

use serde_json::Value;

use super::super::scalar::cast;
use super::{At, Maker};
use crate::lower::schema::{Called, Shape, called, property};
use crate::model::Node;

impl<'a> Maker<'_, 'a> {
    pub(super) fn of_form(&self, shape: &Shape<'a>, given: Option<&Value>, at: &At) -> Value {
        let forms = shape.forms();
        let called = shape.discriminator.as_ref().map(|told| {
            (
                property(told).unwrap_or_default(),
                called(told, forms, None),
            )
        });
        let word = |index: usize| {
            let (name, all) = called.as_ref()?;
            match all.get(index)? {
                Called::Named(names) | Called::Default(names) => {
                    Some((*name, names.first()?.clone()))
                }
                Called::Implied(implied) => Some((*name, implied.clone())),
                Called::Unknown => None,
            }
        };
        let said = |index: usize| {
            let (name, value) = word(index)?;
            (given?.get(name)?.as_str()? == value).then_some(index)
        };
        let all = 0..forms.len();
        // The one that the given value names, else the one that knows most of it.
        let index = all.clone().find_map(said).unwrap_or_else(|| {
            let fit = |index: &usize| {
                forms
                    .get(*index)
                    .map_or(0, |form| self.fit(form, given, &at.place))
            };
            let best = all
                .clone()
                .map(|index| fit(&index))
                .max()
                .unwrap_or_default();
            let best: Vec<usize> = all.filter(|index| fit(index) == best).collect();
            let by = if given.is_some() || best.len() < forms.len() {
                0
            } else {
                at.seed.of("form").below(best.len())
            };
            best.get(by).copied().unwrap_or_default()
        });
        let Some(form) = forms.get(index) else {
            return Value::Null;
        };
        // The form is at the same place: what was put there is given already.
        let form = self.shape(form);
        let below = At {
            depth: at.depth.saturating_add(1),
            ..at.clone()
        };
        let mut made = self.shaped(&form, given, &below);
        if let Value::Object(object) = &mut made {
            if !shape.properties.is_empty() {
                let mut around = shape.clone();
                around.unions.clear();
                around.subtypes.clear();
                if let Value::Object(around) = self.object(&around, given, at) {
                    for (name, value) in around {
                        object.entry(name).or_insert(value);
                    }
                }
            }
            if let Some((name, value)) = word(index)
                && !name.is_empty()
                && (form.properties.contains_key(name) || shape.properties.contains_key(name))
            {
                object.insert(name.to_owned(), Value::String(value));
            }
        }
        made
    }

    /// How much of what is given, or is to be put below a place, a form has room for.
    fn fit(&self, form: &Node<'a>, given: Option<&Value>, place: &str) -> usize {
        let shape = self.shape(form);
        let put = self.put.keys().filter_map(|key| {
            key.strip_prefix(place)?
                .strip_prefix('/')?
                .split('/')
                .next()
        });
        let names_put = put
            .filter(|name| shape.properties.contains_key(name))
            .count();
        let fit = match given {
            Some(Value::Object(object)) if shape.is_object() => object
                .keys()
                .filter(|name| shape.properties.contains_key(name.as_str()))
                .count()
                .saturating_add(1),
            Some(Value::Array(_)) if shape.is_array() => 1,
            Some(one) if shape.is_scalar() => usize::from(cast(&shape, one).is_some()),
            _ => 0,
        };
        fit.saturating_add(names_put.saturating_mul(1_000))
    }
}
