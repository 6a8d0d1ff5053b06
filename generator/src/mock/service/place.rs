//! Which records a request is about, and those that are there at first.

use serde_json::Value;

use super::{About, Service, missing};
use crate::mock::answer;
use crate::mock::collection::{Collection, SEEDED, SEEDED_BELOW, as_text, seeded};
use crate::mock::make::Maker;
use crate::mock::problem::Problem;
use crate::mock::route::{Role, Token, bare, template};
use crate::mock::scalar::cast;
use crate::mock::seed::Seed;
use crate::mock::store::Record;
use crate::text::percent_decode;
use crate::text::pointer::escaped;

impl<'s> Service<'s, '_> {
    /// A value of the path.
    pub(super) fn value_of(&self, name: &str) -> String {
        let found = self.in_path.iter().find(|(known, _)| known == name);
        let text = found.map(|(_, value)| value.as_str()).unwrap_or_default();
        percent_decode(text).unwrap_or_else(|| text.to_owned())
    }

    pub(super) fn id(&self) -> Result<String, Problem> {
        match self.route.tokens.get(self.route.within) {
            Some(Token::Parameter(name)) => Ok(self.value_of(name)),
            _ => Err(Problem::new(404, "the path names no record")),
        }
    }

    /// The path with its values, as far as it has so many tokens.
    pub(in crate::mock) fn concrete(&self, tokens: &[Token]) -> String {
        let one = |token: &Token| match token {
            Token::Word(word) => format!("/{word}"),
            Token::Parameter(name) => format!("/{}", escaped(&self.value_of(name))),
        };
        bare(tokens).iter().map(one).collect()
    }

    /// The collection that the request is about, with its first records.
    pub(super) fn about(&mut self) -> Result<About<'s>, Problem> {
        let tokens = self
            .route
            .tokens
            .get(..self.route.within)
            .unwrap_or_default();
        self.collection(tokens)
    }

    pub(super) fn collection(&mut self, tokens: &[Token]) -> Result<About<'s>, Problem> {
        let collections = self.collections;
        let bare = bare(tokens);
        let template = template(&bare);
        let none = || Problem::new(404, "the document has no such records");
        let (_, collection) = collections.get_key_value(&template).ok_or_else(none)?;
        if let Some((whole, property)) = &collection.view {
            let (_, of_whole) = collections.get_key_value(whole).ok_or_else(none)?;
            let owner = bare.iter().rev().find_map(|token| match token {
                Token::Parameter(name) => Some(self.value_of(name)),
                Token::Word(_) => None,
            });
            self.begin(whole, of_whole, whole.clone())?;
            let id = owner.unwrap_or_default();
            let node = of_whole
                .sources
                .iter()
                .find_map(|source| source.node(self.root, self.shapes));
            let node = node.and_then(|node| {
                answer::below(self.shapes, &node, &format!("/{}", escaped(property)))
            });
            let id = node
                .and_then(|node| cast(&self.shapes.of(&node), &Value::from(id.as_str())))
                .unwrap_or_else(|| Value::from(id));
            return Ok(About {
                collection: of_whole,
                key: whole.clone(),
                owner: Some((property.clone(), id)),
            });
        }
        let key = self.concrete(tokens);
        self.begin(&template, collection, key.clone())?;
        Ok(About {
            collection,
            key,
            owner: None,
        })
    }

    /// Makes the first records of a collection.
    fn begin(
        &mut self,
        template: &str,
        collection: &Collection,
        key: String,
    ) -> Result<(), Problem> {
        if self.records.has(&key) {
            return Ok(());
        }
        let seed = self.seed.of(&key);
        let count = if template.contains("/{}") {
            SEEDED_BELOW
        } else {
            SEEDED
        };
        let records = (0..count)
            .map(|index| self.fresh(collection, index, seed))
            .collect();
        self.records.begin(&key, records)?;
        Ok(())
    }

    pub(super) fn fresh(&self, collection: &Collection, index: usize, seed: Seed) -> Record {
        let maker = Maker::new(self.shapes, self.seen, self.related);
        let value = seeded(collection, index, seed, &maker, self.root);
        let id = collection
            .id
            .as_ref()
            .and_then(|id| value.get(id))
            .map(as_text);
        let id = id.unwrap_or_else(|| as_text(&collection.id_of(index, seed)));
        Record { id, value }
    }

    /// Records whose paths lead here have to be there.
    pub(super) fn check_records_above(&mut self) -> Result<(), Problem> {
        let tokens = self.route.tokens.clone();
        let own = match self.route.role {
            Role::Single | Role::List | Role::Create | Role::Several => tokens.len(),
            _ => self.route.within,
        };
        for at in 1..own {
            let (Some(Token::Parameter(name)), Some(Token::Word(_))) =
                (tokens.get(at), tokens.get(at - 1))
            else {
                continue;
            };
            let Some(above) = tokens.get(..at) else {
                continue;
            };
            let template = template(&bare(above));
            if !self
                .collections
                .get(&template)
                .is_some_and(|found| found.has_items)
            {
                continue;
            }
            let about = self.collection(above)?;
            let id = self.value_of(name);
            if self.records.find(&about.key, &id).is_none() {
                return Err(missing(about.collection, &id));
            }
        }
        Ok(())
    }
}
