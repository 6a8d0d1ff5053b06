//! What settings say about one operation, typed.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ir::{Confirm, Dates, Format, PagingStyle, Risk};

/// Facts about an operation. The keys are those of the vocabulary.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Facts {
    pub name: Option<String>,
    pub title: Option<String>,
    pub description: Option<Description>,
    pub enabled: Option<bool>,
    pub reason: Option<String>,
    pub group: Option<String>,
    pub class: Option<Risk>,
    pub outward: Option<bool>,
    pub annotations: Annotations,
    pub confirm: Option<Confirm>,
    pub consequence: Option<String>,
    #[serde(deserialize_with = "one_or_more")]
    pub prereq: Vec<String>,
    #[serde(deserialize_with = "one_or_more")]
    pub see_also: Vec<String>,
    pub whoami: Option<bool>,
    pub fields: IndexMap<String, FieldFacts>,
    pub add_param: Vec<AddParam>,
    pub redact: Vec<String>,
    pub limit: Option<Limit>,
    pub hint: Vec<Hint>,
    pub paging: Option<Paging>,
    pub unwrap: Option<String>,
    pub project: Vec<String>,
    pub columns: Vec<String>,
    pub value_map: IndexMap<String, IndexMap<String, String>>,
    pub echo: Vec<String>,
    pub format: Option<Format>,
    pub dates: Option<Dates>,
    pub split: Option<String>,
    pub security: Vec<String>,
    pub headers: IndexMap<String, String>,
    pub base_url: Option<String>,
}

/// A description, or what is added to one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Description {
    /// In place of the document's.
    Text(String),
    /// In place of it, and behind it.
    Parts {
        #[serde(default)]
        append: Option<String>,
        #[serde(default)]
        replace: Option<String>,
    },
}

/// Hints, one by one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub(crate) struct Annotations {
    pub read_only_hint: Option<bool>,
    pub destructive_hint: Option<bool>,
    pub idempotent_hint: Option<bool>,
    pub open_world_hint: Option<bool>,
}

/// Facts about an argument.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FieldFacts {
    pub example: Option<Value>,
    pub hide: Option<bool>,
    pub fixed: Option<Value>,
    pub enum_alias: IndexMap<String, Value>,
    pub null: Option<String>,
    pub redact: Option<bool>,
    pub merge_by: Option<String>,
}

/// A parameter that the document leaves out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AddParam {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    #[serde(rename = "enum")]
    pub values: Vec<String>,
    pub description: Option<String>,
    pub required: bool,
}

/// How many records a call gives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Limit {
    pub param: String,
    pub default: Option<u64>,
    pub max: Option<u64>,
}

/// How pages are asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Paging {
    pub style: Option<PagingStyle>,
    #[serde(rename = "in")]
    pub arguments: PagingArguments,
    #[serde(rename = "out")]
    pub places: PagingPlaces,
}

/// The arguments that ask for a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PagingArguments {
    pub page: Option<String>,
    pub offset: Option<String>,
    pub cursor: Option<String>,
    pub size: Option<String>,
}

/// Where answers speak of pages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PagingPlaces {
    pub total: Option<String>,
    pub pages: Option<String>,
    pub next: Option<String>,
    pub more: Option<String>,
    pub last: Option<String>,
}

/// Text that is added to errors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Hint {
    pub when: When,
    pub text: String,
}

/// The errors that a hint is for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct When {
    pub status: Option<u64>,
    pub body: Option<String>,
    pub text: Option<String>,
    pub argument: Option<String>,
    pub field: Option<String>,
}

/// A text or a list of texts.
fn one_or_more<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        One(String),
        More(Vec<String>),
    }
    Ok(match OneOrMore::deserialize(deserializer)? {
        OneOrMore::One(one) => vec![one],
        OneOrMore::More(more) => more,
    })
}
