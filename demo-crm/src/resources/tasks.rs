//! Tasks, which may have subtasks.

use rusqlite::types::Value as Cell;
use serde_json::Value;

use super::items::tree;
use crate::fields::{COUNT, Field, Kind, STRING, Values, def, opt, req, ro};
use crate::http::call::Call;
use crate::http::reply::Reply;
use crate::http::route::{Body, Handler, Route};
use crate::problem::Problem;
use crate::resource::{Filter, List, Record, Resource, Test, query};

const STATUSES: &[&str] = &["open", "in_progress", "done"];
pub const PRIORITIES: &[&str] = &["low", "normal", "high", "urgent"];

const FIELDS: &[Field] = &[
    ro("id", COUNT),
    req("title", Kind::Text(1, 200)),
    opt("description", Kind::Text(0, 5000)),
    opt("project_id", Kind::Ref("projects")),
    ro("project_name", STRING),
    opt("parent_id", Kind::Ref("tasks")),
    def("status", Kind::Enum(STATUSES), "\"open\""),
    def("priority", Kind::Enum(PRIORITIES), "\"normal\""),
    opt("assignee_id", Kind::Ref("staff")),
    ro("assignee_name", STRING),
    opt("due_date", Kind::Date),
    ro("overdue", Kind::Bool),
    ro("completed_at", STRING),
    ro("created_at", STRING),
    ro("updated_at", STRING),
];

pub static TASKS: Resource = Resource {
    name: "task",
    path: "/tasks",
    id: "task_id",
    table: "tasks",
    view: "task_view",
    fields: FIELDS,
    list: List {
        search: &["title", "description", "project_name"],
        filters: &[
            Filter("status", "status", Test::Words(STATUSES)),
            Filter("priority", "priority", Test::Words(PRIORITIES)),
            Filter("assignee_id", "assignee_id", Test::Id),
            Filter("project_id", "project_id", Test::Id),
            Filter("overdue", "overdue", Test::Bool),
        ],
        sort: &["due_date", "title", "created_at"],
        choose: &[],
    },
    check: Some(check),
    decorate: None,
};

/// How many levels of subtasks there may be.
const MAX_DEPTH: usize = 10;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/tasks", Handler::List(&TASKS)),
        Route::post("/tasks", Handler::Create(&TASKS)),
        Route::get("/tasks/{task_id}", Handler::Custom(get)),
        Route::patch("/tasks/{task_id}", Handler::Patch(&TASKS)),
        Route::delete("/tasks/{task_id}", Handler::Delete(&TASKS)),
        Route::post("/tasks/{task_id}/complete", Handler::Custom(complete)).body(Body::None),
    ]
}

fn check(call: &Call, values: &mut Values, id: Option<i64>) -> Result<(), Problem> {
    match values.text("status") {
        Some("done") => values.set("completed_at", call.now.timestamp.clone()),
        Some(_) => values.set("completed_at", Cell::Null),
        None => {}
    }
    let mut parent = values.int("parent_id");
    for _ in 0..MAX_DEPTH {
        let Some(above) = parent else { return Ok(()) };
        if Some(above) == id {
            let detail = "A task cannot be below itself.";
            return Err(Problem::conflict("task_cycle", detail));
        }
        parent = call.scalar("SELECT parent_id FROM tasks WHERE id = ?1", [above])?;
    }
    Err(Problem::conflict(
        "too_deep",
        format!("Subtasks go at most {MAX_DEPTH} levels deep."),
    ))
}

fn get(call: &mut Call) -> Result<Reply, Problem> {
    Ok(Reply::ok(with_subtasks(call, call.id("task_id")?)?))
}

fn with_subtasks(call: &Call, id: i64) -> Result<Record, Problem> {
    let mut task = TASKS.get(call, id)?;
    let sql = "WITH RECURSIVE below(id) AS (SELECT id FROM tasks WHERE parent_id = ?1 \
               UNION SELECT t.id FROM tasks t JOIN below b ON t.parent_id = b.id) \
               SELECT * FROM task_view WHERE id IN (SELECT id FROM below) ORDER BY id";
    let rows = query(call, sql, &[Cell::Integer(id)], FIELDS)?;
    let subtasks = tree(&rows, Some(id), "subtasks", 0);
    task.insert(
        "subtasks".into(),
        subtasks.into_iter().map(Value::Object).collect(),
    );
    Ok(task)
}

fn complete(call: &mut Call) -> Result<Reply, Problem> {
    let id = call.id("task_id")?;
    TASKS.require(call, id)?;
    let open = "SELECT count(*) FROM tasks WHERE parent_id = ?1 AND status <> 'done'";
    if call.scalar(open, [id])?.unwrap_or(0) > 0 {
        let detail = "The task has subtasks that are not done.";
        return Err(Problem::conflict("open_subtasks", detail));
    }
    let mut values = Values::default();
    values.set("status", "done".to_owned());
    let task = TASKS.update(call, id, values)?;
    Ok(Reply::ok(task))
}
