//! What changes in tools: their names and places, risk, credentials, what settings and servers decide.

use super::*;

#[test]
fn tools_are_followed_through_new_names_and_paths() {
    let old = paths(json!({
        "/orders": {"get": operation("listOrders")},
        "/orders/all": {"delete": operation("deleteOrders")},
        "/carts": {"get": operation("listCarts")},
    }));
    let new = paths(json!({
        "/orders": {"get": operation("searchOrders")},
        "/v2/carts": {"get": operation("listCarts")},
        "/items": {"get": operation("listItems")},
    }));
    let found = changes(&old, &new);
    let said = |subject: Subject| -> Vec<String> {
        let of = found.iter().filter(|one| one.subject == subject);
        of.map(|one| format!("{} {}", one.tool, one.says)).collect()
    };
    assert_eq!(
        said(Subject::Renamed),
        ["search_orders was called `list_orders`"]
    );
    assert_eq!(
        said(Subject::Removed),
        ["delete_orders gone: the document has no such operation"]
    );
    assert_eq!(said(Subject::Added), ["list_items new: listItems"]);
    let moved = said(Subject::Text);
    assert!(
        moved[0].contains("sends `GET /v2/carts` now, before `GET /carts`"),
        "{moved:?}"
    );
}

#[test]
fn risk_and_credentials_are_told_in_both_directions() {
    let with = |class: &str, scheme: Option<&str>| {
        let mut api = paths(json!({"/orders/{id}/archive": {"post": operation("archiveOrder")}}));
        api["paths"]["/orders/{id}/archive"]["parameters"] =
            json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]);
        api["components"] = json!({"securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "token": {"type": "http", "scheme": "bearer"}
        }});
        if let Some(scheme) = scheme {
            let mut way = serde_json::Map::new();
            way.insert(scheme.to_owned(), json!([]));
            api["security"] = json!([way]);
        }
        let settings = format!(
            "[[operation]]\nselect = \"archiveOrder\"\nclass = \"{class}\"\nreason = \"a test\"\n"
        );
        let config = Config::new()
            .spec_str("shop.json", &api.to_string())
            .settings(&settings);
        config
            .generate_embedded()
            .expect("the settings can be used")
            .api
    };
    let said = |old: &mcpwright::ir::Api, new: &mcpwright::ir::Api| -> Vec<(Level, String)> {
        let found = between(old, new).into_iter();
        let found = found.filter(|one| matches!(one.subject, Subject::Risk | Subject::Auth));
        found.map(|one| (one.level, one.says)).collect()
    };
    let raised = said(
        &with("write", Some("key")),
        &with("destructive", Some("key")),
    );
    assert_eq!(
        raised,
        [(
            Level::Risk,
            "risk raised from write to destructive".to_owned()
        )]
    );
    let lowered = said(
        &with("destructive", Some("key")),
        &with("write", Some("key")),
    );
    assert_eq!(
        lowered,
        [(
            Level::Risk,
            "risk lowered from destructive to write".to_owned()
        )]
    );
    let other = said(&with("write", Some("key")), &with("write", Some("token")));
    let line = "needs a bearer token now, before the header `X-Key`".to_owned();
    assert_eq!(other, [(Level::Breaking, line)]);
    let open = said(&with("write", Some("key")), &with("write", None));
    assert_eq!(
        open,
        [(
            Level::Risk,
            "needs nothing now, before the header `X-Key`".to_owned()
        )]
    );
    let closed = said(&with("write", None), &with("write", Some("key")));
    assert_eq!(closed[0].0, Level::Breaking);
}

#[test]
fn what_settings_and_servers_decide_is_compared() {
    use Level::{Breaking, Compatible, Risk};
    let api = |change: &dyn Fn(&mut Value), settings: &str| {
        let mut api = paths(json!({"/orders": {"get": operation("listOrders")}}));
        api["servers"] = json!([{"url": "https://a.example.com"}]);
        api["security"] = json!([{"key": []}]);
        api["components"] = json!({"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}});
        api["paths"]["/orders"]["get"]["responses"]["200"]["content"] = json!({"application/json": {"schema": {"type": "object", "properties": {"secret": {"type": "string"}}}}});
        change(&mut api);
        let config = Config::new()
            .spec_str("shop.json", &api.to_string())
            .settings(settings);
        config.generate_embedded().expect("it can be used").api
    };
    let same = |_: &mut Value| {};
    let elsewhere = |api: &mut Value| {
        api["paths"]["/orders"]["get"]["servers"] = json!([{"url": "https://b.example.com"}]);
    };
    let header = |value: &'static str| {
        move |api: &mut Value| {
            api["paths"]["/orders"]["get"]["parameters"] = json!([{"name": "X-Version", "in": "header", "required": true, "schema": {"type": "string", "enum": [value]}}]);
        }
    };
    let redact = "[[operation]]\nselect = \"listOrders\"\nredact = [\"/secret\"]\n";
    let prompt = "[[prompt]]\nname = \"report\"\ntitle = \"Report\"\ndescription = \"Reports orders.\"\ntext = \"List them with `list_orders`.\"\n";
    let mut other = api(&same, "");
    for scheme in &mut other.schemes {
        scheme.variables = vec!["SHOP_OTHER".to_owned()];
    }
    let plain = || api(&same, "");
    for (old, new, level, says) in [
        (
            plain(),
            api(&elsewhere, ""),
            Breaking,
            "is sent to the server of `",
        ),
        (
            api(&elsewhere, ""),
            plain(),
            Breaking,
            "is sent to the server of all now",
        ),
        (
            plain(),
            api(&header("1"), ""),
            Risk,
            "always sends the header `X-Version` as `1`",
        ),
        (
            api(&header("1"), ""),
            api(&header("2"), ""),
            Risk,
            "sends the header `X-Version` as `2` now, before `1`",
        ),
        (
            api(&header("1"), ""),
            plain(),
            Risk,
            "no longer always sends the header `X-Version`",
        ),
        (
            api(&same, redact),
            plain(),
            Risk,
            "results show `/secret` now",
        ),
        (
            plain(),
            api(&same, redact),
            Compatible,
            "results no longer show `/secret`",
        ),
        (
            plain(),
            other,
            Breaking,
            "the credential `key` stands in `SHOP_OTHER` now, before in `",
        ),
        (
            api(&same, prompt),
            plain(),
            Breaking,
            "the prompt `report` is gone",
        ),
        (
            plain(),
            api(&same, prompt),
            Compatible,
            "the prompt `report` is new",
        ),
    ] {
        let found = between(&old, &new);
        assert!(
            found
                .iter()
                .any(|one| one.level == level && one.says.starts_with(says)),
            "{says}: {found:#?}"
        );
        assert!(between(&old, &old).is_empty());
    }
}
