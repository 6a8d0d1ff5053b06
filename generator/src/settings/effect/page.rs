//! How pages are asked for, and how many records a call gives.

use serde_json::{Value, json};

use super::Effect;
use super::judged::{Arrays, There, at};
use super::place::Spot;
use crate::diagnostics::Code;
use crate::ir::{PageSize, Paging, PagingStyle};

/// The largest page that is asked for where nobody says one.
const LARGEST: u32 = 100;

impl Effect<'_> {
    pub(super) fn pages(&mut self) {
        self.paging();
        self.limit();
    }

    fn paging(&mut self) {
        let Some(said) = &self.said.facts.paging else {
            return;
        };
        let at = self.said.place("paging").or_else(|| {
            let mut keys = self.said.settings.iter();
            let of_paging = keys.find(|(key, _)| key.starts_with("paging."));
            of_paging.map(|(_, (_, place))| place)
        });
        let at = at.cloned();
        let answer = self.operation.answer.clone().unwrap_or_default();
        let known = answer.paging;
        let named = &said.arguments;
        let (guess, argument) = match (&named.page, &named.offset, &named.cursor) {
            (Some(page), ..) => (PagingStyle::Page, Some(page)),
            (None, Some(offset), _) => (PagingStyle::Offset, Some(offset)),
            (None, None, Some(cursor)) => (PagingStyle::Cursor, Some(cursor)),
            (None, None, None) => match &known {
                Some(known) => (known.style, None),
                None => (PagingStyle::Link, None),
            },
        };
        let style = said.style.unwrap_or(guess);
        let out = &said.places;
        if argument.is_some() && style != guess {
            let message =
                "`paging.style` and the argument in `paging.in` do not go together".to_owned();
            self.find(at.as_ref(), Code::E0931, message);
            return;
        }
        if out.last.is_some() && style != PagingStyle::Cursor {
            let message =
                "`paging.out.last` is for cursors: name the argument in `paging.in.cursor`";
            self.find(at.as_ref(), Code::E0931, message.to_owned());
            return;
        }
        let position = match argument {
            Some(name) => match self.spot(name, at.as_ref()) {
                Some(spot) => Some(spot),
                None => return,
            },
            None => None,
        };
        let size = match &named.size {
            Some(name) => match self.spot(name, at.as_ref()) {
                Some(spot) => Some(self.size(&spot)),
                None => return,
            },
            None => known.as_ref().and_then(|known| known.size.clone()),
        };
        let first = position.as_ref().map_or(0, |spot| self.first(style, spot));
        let own = known.filter(|known| known.style == style);
        let place = |said: &Option<String>, own: fn(&Paging) -> &String, all: &Option<Paging>| {
            said.clone()
                .or_else(|| all.as_ref().map(|paging| own(paging).clone()))
                .unwrap_or_default()
        };
        let paging = Paging {
            style,
            position: match &position {
                Some(spot) => argument_of(spot),
                None => own
                    .as_ref()
                    .map_or_else(String::new, |own| own.position.clone()),
            },
            first: match (&position, &own) {
                (None, Some(own)) => own.first,
                _ => first,
            },
            size,
            next: place(&out.next, |paging| &paging.next, &own),
            more: place(&out.more, |paging| &paging.more, &own),
            total: place(&out.total, |paging| &paging.total, &own),
            pages: place(&out.pages, |paging| &paging.pages, &own),
            last: place(&out.last, |paging| &paging.last, &own),
            here: place(&None, |paging| &paging.here, &own),
            done: place(&None, |paging| &paging.done, &own),
        };
        self.answer().paging = Some(paging);
        self.places();
    }

    /// Whether answers have the numbers of pages where they are said to be.
    fn places(&mut self) {
        let said = self.said;
        let Some(out) = said.facts.paging.as_ref().map(|paging| &paging.places) else {
            return;
        };
        for (key, pointer) in [
            ("total", &out.total),
            ("pages", &out.pages),
            ("next", &out.next),
            ("more", &out.more),
        ] {
            if let Some(pointer) = pointer {
                let there = self.in_answer(pointer, Arrays::Indexed);
                let there = (there.fit(), there.names());
                self.tried_name(&format!("paging.out.{key}"), pointer, there);
            }
        }
        if let Some(pointer) = &out.last {
            let records = self.operation.answer.as_ref().map(|a| a.records.clone());
            let there = match self.record(&records.unwrap_or_default()) {
                There::Yes(record) => at(record, pointer, Arrays::Indexed),
                other => other,
            };
            let there = (there.fit(), there.names());
            self.tried_name("paging.out.last", pointer, there);
        }
    }

    fn limit(&mut self) {
        let Some(limit) = &self.said.facts.limit else {
            return;
        };
        let at = self.said.place("limit").cloned();
        let Some(spot) = self.spot(&limit.param, at.as_ref()) else {
            return;
        };
        let schema = self.schema_mut(&spot);
        let mut max = limit.max;
        if let Some(schema) = schema {
            let values = schema.get("enum").and_then(Value::as_array);
            let listed = |number: u64| {
                values.is_none_or(|values| {
                    values.iter().any(|v| {
                        v.as_u64() == Some(number) || v.as_str() == Some(&number.to_string())
                    })
                })
            };
            // What the document allows at most counts too.
            let most = schema.get("maximum").and_then(Value::as_u64);
            max = max.into_iter().chain(most).min();
            let wrong = match limit.default {
                Some(default) if max.is_some_and(|max| default > max) => {
                    Some(format!("the default {default} is more than the most"))
                }
                Some(default) if !listed(default) => Some(format!(
                    "the default {default} is no value of `{}`",
                    limit.param
                )),
                _ => None,
            };
            if let Some(message) = wrong {
                self.find(at.as_ref(), Code::E0931, message);
                return;
            }
            if values.is_none()
                && let Some(max) = max
            {
                schema.insert("maximum".to_owned(), json!(max));
            }
            if let Some(default) = limit.default {
                let is_text = schema.get("type").and_then(Value::as_str) == Some("string");
                let default = if is_text {
                    json!(default.to_string())
                } else {
                    json!(default)
                };
                schema.insert("default".to_owned(), default);
            }
        }
        let whole = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let size = PageSize {
            argument: argument_of(&spot),
            max: max.map_or(0, whole),
            usual: limit.default.map_or(0, whole),
            send: limit.default.is_some(),
        };
        let paging = &mut self.answer().paging;
        match paging {
            Some(paging) => paging.size = Some(size),
            None => {
                *paging = Some(Paging {
                    style: PagingStyle::Link,
                    position: String::new(),
                    first: 0,
                    size: Some(size),
                    next: String::new(),
                    more: String::new(),
                    total: String::new(),
                    pages: String::new(),
                    last: String::new(),
                    here: String::new(),
                    done: String::new(),
                });
            }
        }
    }

    /// The size of a page, as the schema of its argument says.
    fn size(&mut self, spot: &Spot) -> PageSize {
        let number = |schema: &serde_json::Map<String, Value>, key: &str| {
            let number = schema.get(key).and_then(Value::as_u64);
            number.and_then(|number| u32::try_from(number).ok())
        };
        let schema = self.schema_mut(spot);
        let listed = schema.as_ref().is_some_and(|s| s.contains_key("enum"));
        let max = schema.as_ref().and_then(|schema| number(schema, "maximum"));
        let usual = schema.as_ref().and_then(|schema| number(schema, "default"));
        PageSize {
            argument: argument_of(spot),
            // Of fixed sizes the checker of arguments names all.
            max: if listed {
                0
            } else {
                max.unwrap_or(LARGEST).max(usual.unwrap_or(0))
            },
            usual: usual.unwrap_or(0),
            send: false,
        }
    }

    /// The position of the first page.
    fn first(&mut self, style: PagingStyle, spot: &Spot) -> u32 {
        let schema = self.schema_mut(spot);
        let number = |key: &str| schema.as_ref()?.get(key)?.as_u64();
        let first = match style {
            PagingStyle::Page => number("default").or_else(|| number("minimum")).unwrap_or(1),
            PagingStyle::Offset => number("default").unwrap_or(0),
            PagingStyle::Cursor | PagingStyle::Link => 0,
        };
        u32::from(first > 0)
    }

    fn schema_mut(&mut self, spot: &Spot) -> Option<&mut serde_json::Map<String, Value>> {
        let at = spot.schema.as_ref()?;
        self.operation.input_schema.pointer_mut(at)?.as_object_mut()
    }

    fn answer(&mut self) -> &mut crate::ir::Answer {
        self.operation.answer.get_or_insert_default()
    }
}

/// An argument by its name, and a property of one by its place.
fn argument_of(spot: &Spot) -> String {
    if spot.whole {
        spot.argument.clone()
    } else {
        spot.place.clone()
    }
}
