//! Documents that were damaged in any way: never a panic, and what is generated keeps the laws.

use std::fs;
use std::sync::OnceLock;

use mcpwright::source::Budgets;
use mcpwright::{Config, RuntimeSource};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::laws;
use crate::support::{listing, spec};

/// The feature documents, and parts of the CRM's.
fn documents() -> &'static [Value] {
    static DOCUMENTS: OnceLock<Vec<Value>> = OnceLock::new();
    DOCUMENTS.get_or_init(|| {
        let mut all: Vec<Value> = listing(&spec("features"))
            .into_iter()
            .filter(|(name, _)| name.ends_with(".yaml"))
            .map(|(_, bytes)| serde_yaml::from_slice(&bytes).unwrap())
            .collect();
        assert!(all.len() >= 13);
        let crm: Value = serde_yaml::from_slice(&fs::read(spec("crm.yaml")).unwrap()).unwrap();
        let paths: Vec<(String, Value)> = crm["paths"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(path, item)| (path.clone(), item.clone()))
            .collect();
        for part in paths.chunks(6) {
            let mut document = crm.clone();
            document["paths"] = part
                .iter()
                .cloned()
                .collect::<serde_json::Map<_, _>>()
                .into();
            all.push(document);
        }
        all.push(crate::places::document());
        all
    })
}

/// Pointers of all nodes. `components` of the CRM outweigh its paths, so paths count twice.
fn nodes(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let below = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                nodes(value, below, all);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                nodes(item, format!("{at}/{i}"), all);
            }
        }
        _ => {}
    }
    if !at.starts_with("/components") {
        all.push(at.clone());
    }
    all.push(at);
}

/// One kind of damage.
#[derive(Debug, Clone)]
enum Damage {
    Remove,
    Replace(Value),
    Twice,
    /// Replaced by another node of the document.
    Move(prop::sample::Index),
    Rename(String),
    /// Put into an object or array.
    Wrap(bool),
}

fn damage() -> impl Strategy<Value = Damage> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            json!({}),
            json!([]),
            json!(""),
            json!([[]]),
            json!({"$ref": "#"}),
            json!({"$ref": "#/"}),
            json!({"$ref": "#/components"}),
            json!({"$ref": "#/paths/~1a"}),
            json!({"$ref": 1}),
            json!(["null"]),
            json!("object"),
            json!("array"),
            json!(["string", "null", "object"]),
            json!({"": {}}),
            json!("{}"),
            json!("/{a}{b}"),
            json!("#/components/schemas/Customer"),
            json!({"allOf": [{"$ref": "#/components/schemas/Customer"}]}),
            json!(-1),
            json!(1e308),
            json!(u64::MAX),
            json!({"type": "object", "properties": {"": {}, " ": {}}}),
        ]),
    ];
    prop_oneof![
        3 => Just(Damage::Remove),
        4 => value.prop_map(Damage::Replace),
        2 => Just(Damage::Twice),
        4 => any::<prop::sample::Index>().prop_map(Damage::Move),
        2 => "\\PC{0,8}".prop_map(Damage::Rename),
        1 => any::<bool>().prop_map(Damage::Wrap),
    ]
}

fn apply(document: &mut Value, index: prop::sample::Index, damage: Damage) {
    let mut all = Vec::new();
    nodes(document, String::new(), &mut all);
    let pointer = index.get(&all).clone();
    let node = document.pointer(&pointer).unwrap().clone();
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    let put = |document: &mut Value, value: Value| *document.pointer_mut(&pointer).unwrap() = value;
    match damage {
        Damage::Replace(value) => put(document, value),
        Damage::Move(from) => {
            let other = document.pointer(from.get(&all).as_str()).unwrap().clone();
            // A copy of everything inside itself would only be large.
            if other.to_string().len() < 20_000 {
                put(document, other);
            }
        }
        Damage::Wrap(true) => put(document, json!([node])),
        Damage::Wrap(false) => put(document, json!({"type": node})),
        Damage::Remove | Damage::Twice | Damage::Rename(_) => {
            match (document.pointer_mut(parent).unwrap(), damage) {
                (Value::Object(members), Damage::Remove) => {
                    members.shift_remove(&key);
                }
                (Value::Object(members), Damage::Rename(name)) => {
                    let value = members.shift_remove(&key).unwrap();
                    members.insert(name, value);
                }
                (Value::Object(members), _) => {
                    members.insert(format!("{key}2"), node);
                }
                (Value::Array(items), Damage::Remove) => {
                    items.remove(key.parse().unwrap());
                }
                (Value::Array(items), _) => items.push(node),
                _ => {}
            }
        }
    }
}

/// `PROPTEST_CASES`, or as many as take a few seconds.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(64)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn damaged_documents_never_panic_and_keep_the_laws(
        which in any::<prop::sample::Index>(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), damage()), 1..6),
    ) {
        let mut document = which.get(documents()).clone();
        for (index, damage) in damages {
            apply(&mut document, index, damage);
        }
        let text = document.to_string();
        let config = Config::new()
            .spec_str("api.json", &text)
            .runtime(RuntimeSource::Registry)
            .budgets(Budgets { nodes: 100_000, ..Budgets::default() });
        match config.generate() {
            Ok(generated) => laws::check(&text, &generated),
            Err(error) => prop_assert!(error.to_string().contains("error[E"), "{}", error),
        }
        // The other form of the output comes from the same decisions.
        if let Ok(generated) = config.generate_embedded() {
            for text in generated.files.values() {
                prop_assert!(syn::parse_file(text).is_ok(), "{}", text);
            }
        }
    }
}
