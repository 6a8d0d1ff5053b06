//! Paging, filters, order and projection.

mod support;

use serde_json::json;
use support::start;

#[test]
fn pages_cover_every_record_once() {
    let crm = start();
    let mut numbers = Vec::new();
    for page in 1..=3 {
        let answer = crm.get(&format!("/invoices?page={page}&limit=5&sort=number"));
        assert_eq!(
            answer.json["meta"],
            json!({"page": page, "limit": 5, "total": 12, "pages": 3})
        );
        numbers.extend(answer.column("number").into_iter().cloned());
    }
    assert_eq!(numbers.len(), 12);
    assert!(
        numbers
            .windows(2)
            .all(|pair| pair[0].as_str() < pair[1].as_str())
    );
    assert_eq!(crm.get("/invoices?page=99").json["data"], json!([]));
}

#[test]
fn cursors_walk_the_feed_to_its_end() {
    let crm = start();
    let all = crm.get("/activities?limit=100");
    let mut walked = Vec::new();
    let mut path = "/activities?limit=3".to_owned();
    loop {
        let page = crm.get(&path);
        walked.extend(page.column("id").into_iter().cloned());
        match page.json["meta"]["next_cursor"].as_str() {
            Some(cursor) => path = format!("/activities?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(walked.iter().collect::<Vec<_>>(), all.column("id"));
}

#[test]
fn repeated_comma_and_deep_object_parameters_filter() {
    let crm = start();
    let total = |path: &str| crm.get(path).json["meta"]["total"].as_i64().unwrap();
    assert_eq!(total("/customers"), 6);
    assert_eq!(total("/customers?status=inactive&status=prospect"), 2);
    assert_eq!(total("/customers?ids=1,3,4711"), 2);
    assert_eq!(total("/customers?filter[city]=Berlin"), 1);
    assert_eq!(
        total("/customers?filter%5Bcountry%5D=DE&filter%5Btag%5D=key-account"),
        2
    );
    assert_eq!(total("/invoices?overdue=true&customer_id=1"), 1);
    assert_eq!(
        total("/invoices?issued_from=2026-11-16&issued_to=2026-11-18"),
        2
    );
    assert_eq!(total("/leads?min_value=15000"), 3);
}

#[test]
fn fields_choose_and_identity_stays() {
    let crm = start();
    let answer = crm.get("/customers?fields=balance_due&ids=1");
    assert_eq!(
        answer.json["data"],
        json!([{"id": 1, "name": "Acme Corp", "balance_due": "4307.43"}])
    );
}

#[test]
fn sort_goes_both_ways() {
    let crm = start();
    let up = crm.get("/items?sort=rate&limit=1");
    let down = crm.get("/items?sort=-rate&limit=1");
    assert_eq!(up.json["data"][0]["code"], "HOST-S");
    assert_eq!(down.json["data"][0]["code"], "AUDIT");
}

#[test]
fn a_search_body_combines_conditions() {
    let crm = start();
    let body = json!({"status": ["active"], "only_overdue": true, "min_balance_due": "1600"});
    let answer = crm.call("POST", "/customers/search", &body);
    assert_eq!(
        answer.column("name"),
        ["Acme Corp", "ContosoHealth", "TechStart"]
    );
}

#[test]
fn wrong_parameters_are_reported_together() {
    let crm = start();
    let answer = crm
        .get("/invoices?page=-1&limit=9999999999999999999&status=lost&issued_from=soon&colour=red");
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.fields(),
        ["page", "limit", "status", "issued_from", "colour"]
    );
}

#[test]
fn comma_lists_have_an_upper_length() {
    let crm = start();
    let ids = vec!["1"; 101].join(",");
    assert_eq!(crm.get(&format!("/customers?ids={ids}")).fields(), ["ids"]);
    let names = vec!["id"; 51].join(",");
    assert_eq!(
        crm.get(&format!("/invoices?fields={names}")).fields(),
        ["fields"]
    );
}

#[test]
fn subtasks_categories_and_replies_are_trees() {
    let crm = start();
    let task = crm.get("/tasks/1");
    assert_eq!(
        task.json["subtasks"][1]["subtasks"][0]["title"],
        "Error texts in German and English"
    );
    let loops = crm.call("PATCH", "/tasks/1", &json!({"parent_id": 4}));
    assert_eq!(
        (loops.status, loops.json["code"].as_str()),
        (409, Some("task_cycle"))
    );
    let categories = crm.get("/item-categories");
    assert_eq!(
        categories.json["data"][1]["children"][1]["children"][0]["name"],
        "Mobile"
    );
    let replies = crm.get("/tickets/1/replies");
    assert_eq!(
        replies.json["data"][0]["replies"][0]["replies"][0]["internal"],
        true
    );
}
