//! Keys of callers: the same as the command `keys`, and each change stands in the audit log.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};

use super::Operator;
use super::answer::{beside, body, failed, json_answer, to_the_end};
use crate::access::{self, CLASSES, Key, Keys, Order, tell_revoked, told};
use crate::json::{Object, Value, json};

/// The keys, or what to say where callers have none.
fn keys(operator: &Operator) -> Result<Arc<Keys>, Response> {
    operator.keys.clone().ok_or_else(|| {
        json_answer(&json!({
            "on": false,
            "why": format!("Callers of this server are identified by --auth {}, not by keys.", operator.auth),
            "mend": "http --auth keys",
        }))
    })
}

/// All keys, without what lets anybody in, and what a scope can name.
pub(super) async fn list(State(operator): State<Arc<Operator>>) -> Response {
    let keys = match keys(&operator) {
        Ok(keys) => keys,
        Err(answer) => return answer,
    };
    let now = keys.now();
    let listed = match beside(move || keys.list()).await {
        Ok(listed) => listed,
        Err(answer) => return answer,
    };
    let beginning = access::beginning(operator.catalog.engine().api().name);
    let listed = listed.iter().map(|(key, used)| {
        let mut told = told(key, *used);
        if let Value::Object(told) = &mut told {
            let state = key.ended(now).unwrap_or("holds");
            told.insert("state".to_owned(), Value::from(state));
            let begins = format!("{beginning}{}_…", key.id);
            told.insert("begins".to_owned(), Value::from(begins));
        }
        told
    });
    let listed: Vec<Value> = listed.collect();
    json_answer(&json!({
        "on": true,
        "keys": listed,
        "toolsets": operator.catalog.slugs(),
        "classes": CLASSES.map(|class| class.as_str()),
    }))
}

/// Makes a key.
pub(super) async fn create(State(operator): State<Arc<Operator>>, request: Request) -> Response {
    let keys = match keys(&operator) {
        Ok(keys) => keys,
        Err(answer) => return answer,
    };
    let (parts, content) = request.into_parts();
    let order = match body(&parts, content).await {
        Ok(given) => order(&given),
        Err(answer) => return answer,
    };
    let wanted = order.and_then(|order| order.checked(&operator.catalog.slugs(), keys.now()));
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(why) => return failed(StatusCode::UNPROCESSABLE_ENTITY, &why),
    };
    to_the_end(async move {
        match beside(move || keys.create(wanted)).await {
            Ok(made) => shown(&operator, "create", None, &made, None),
            Err(answer) => answer,
        }
    })
    .await
}

/// What a body orders.
fn order(given: &Object) -> Result<Order, String> {
    let mut order = Order::default();
    for (name, value) in given {
        match (name.as_str(), value) {
            ("name", Value::String(text)) => order.name.clone_from(text),
            ("scopes", Value::Array(items)) if items.iter().all(Value::is_string) => {
                let items = items.iter().filter_map(Value::as_str);
                order.scopes = items.map(str::to_owned).collect();
            }
            ("days", Value::Number(number)) => {
                order.days = Some(number.as_u64().unwrap_or_default());
            }
            ("rate", Value::String(text)) => order.rate = Some(text.clone()),
            ("days" | "rate", Value::Null) => {}
            (name, _) => {
                let name = crate::text::cap(name, 40);
                return Err(format!(
                    "{name} is not taken so: name (text), scopes (list of texts), days (number), rate (text)"
                ));
            }
        }
    }
    Ok(order)
}

/// Ends a key.
pub(super) async fn revoke(
    State(operator): State<Arc<Operator>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let keys = match changed(&operator, request).await {
        Ok(keys) => keys,
        Err(answer) => return answer,
    };
    to_the_end(async move {
        match beside(move || keys.revoke(&id)).await {
            Ok(key) => {
                noted(&operator, "revoke", &key, None);
                let warning = tell(&operator, &key.id).await;
                json_answer(&json!({"id": key.id, "name": key.name, "warning": warning}))
            }
            Err(answer) => answer,
        }
    })
    .await
}

/// The keys, for what changes one of them and has nothing more to say than that.
async fn changed(operator: &Operator, request: Request) -> Result<Arc<Keys>, Response> {
    let keys = keys(operator)?;
    let (parts, content) = request.into_parts();
    body(&parts, content).await.map(|_| keys)
}

/// Makes a key in the place of another.
pub(super) async fn rotate(
    State(operator): State<Arc<Operator>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let keys = match changed(&operator, request).await {
        Ok(keys) => keys,
        Err(answer) => return answer,
    };
    to_the_end(async move {
        let old = id.clone();
        match beside(move || keys.rotate(&id)).await {
            Ok(made) => {
                // The new key is shown whatever comes of it.
                let warning = tell(&operator, &old).await;
                shown(&operator, "rotate", Some(&old), &made, warning)
            }
            Err(answer) => answer,
        }
    })
    .await
}

/// The answer that has a key, this once.
fn shown(
    operator: &Operator,
    did: &str,
    old: Option<&str>,
    (key, secret): &(Key, SecretString),
    warning: Option<String>,
) -> Response {
    noted(operator, did, key, old);
    let mut told = told(key, None);
    if let Value::Object(told) = &mut told {
        told.insert("key".to_owned(), Value::from(secret.expose_secret()));
        told.insert("warning".to_owned(), json!(warning));
    }
    json_answer(&told)
}

/// Says in the audit log what was done.
fn noted(operator: &Operator, did: &str, key: &Key, old: Option<&str>) {
    tracing::info!(
        did,
        key = key.id,
        "keys were changed at the operator's page"
    );
    let scopes: Vec<String> = key.scopes.iter().map(ToString::to_string).collect();
    let mut facts = json!({
        "by": "operator",
        "decision": did,
        "principal": format!("key:{}", key.id),
        "name": key.name,
        "scopes": scopes,
    });
    if let (Value::Object(facts), Some(old)) = (&mut facts, old) {
        facts.insert("in_place_of".to_owned(), Value::from(format!("key:{old}")));
    }
    operator.catalog.engine().audit().keys_changed(facts);
}

/// Tells replicas that share a store that a key has ended; what to do where they cannot be told.
async fn tell(operator: &Operator, id: &str) -> Option<String> {
    let state = operator.catalog.engine().guard().state();
    let told = tell_revoked(&*state, id).await;
    told.err().map(|why| {
        format!("{id} is revoked in the file, and replicas with another file were not told: {why}; revoke it once more to tell them")
    })
}
