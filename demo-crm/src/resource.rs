//! Generic operations on a resource: list, show, make, change, remove, all driven by its tables.
//!
//! Reads go through a view (which adds computed columns), writes go to the table. Names of tables
//! and columns come from constants in this crate only; everything a caller sends is bound.

use rusqlite::{ToSql, params_from_iter, types::Value as Cell};
use serde_json::{Map, Value, json};

use crate::fields::{Field, Kind, Mode, Values, error, to_json};
use crate::http::{call::Call, reply::Reply};
use crate::problem::{FieldError, Problem};

mod list;
pub use list::{Filter, List, Test};

/// A rule that needs the data. It gets the id on updates, and may fill or change values.
pub type Check = fn(&Call, &mut Values, Option<i64>) -> Result<(), Problem>;

/// Adds to a record what no column holds.
pub type Decorate = fn(&Call, &mut Record);

/// A kind of record.
#[derive(Debug)]
pub struct Resource {
    /// Singular name, for messages and activities.
    pub name: &'static str,
    /// Path of the collection, below the base URL; also where new records are.
    pub path: &'static str,
    /// Name of the path parameter with the id.
    pub id: &'static str,
    /// Table for writing.
    pub table: &'static str,
    /// View for reading.
    pub view: &'static str,
    /// All fields, in the order in which they are shown.
    pub fields: &'static [Field],
    /// Paging, search, filters, order.
    pub list: List,
    /// Rules that need the data; runs before every write with the id on updates.
    pub check: Option<Check>,
    /// Adds to the JSON what no column holds, such as links.
    pub decorate: Option<Decorate>,
}

/// What a JSON object of a record is.
pub type Record = Map<String, Value>;

impl Resource {
    /// The id in the path.
    pub fn path_id(&self, call: &Call) -> Result<i64, Problem> {
        call.id(self.id)
    }

    /// One record, or 404.
    pub fn get(&self, call: &Call, id: i64) -> Result<Record, Problem> {
        let sql = format!("SELECT * FROM {} WHERE id = ?1", self.view);
        self.select(call, &sql, &[Cell::Integer(id)])?
            .pop()
            .ok_or_else(|| Problem::not_found(self.name, &id.to_string()))
    }

    /// 404 unless the record exists.
    pub fn require(&self, call: &Call, id: i64) -> Result<(), Problem> {
        let sql = format!("SELECT 1 FROM {} WHERE id = ?1", self.table);
        match call.scalar(&sql, [id])? {
            Some(_) => Ok(()),
            None => Err(Problem::not_found(self.name, &id.to_string())),
        }
    }

    /// The records that a query finds.
    pub fn select(&self, call: &Call, sql: &str, params: &[Cell]) -> Result<Vec<Record>, Problem> {
        let mut records = query(call, sql, params, self.fields)?;
        if let Some(decorate) = self.decorate {
            records.iter_mut().for_each(|record| decorate(call, record));
        }
        Ok(records)
    }

    /// `POST` of one record.
    pub fn create(&self, call: &Call) -> Result<Reply, Problem> {
        let values = call.read(self.fields, Mode::Create)?;
        let record = self.insert(call, values)?;
        let id = record.get("id").and_then(Value::as_i64).unwrap_or(0);
        Ok(self.created(call, id, record))
    }

    /// 201 with the place of the record.
    pub fn created(&self, call: &Call, id: i64, record: Record) -> Reply {
        Reply::created(record, format!("{}{}/{id}", call.base_url, self.path))
    }

    /// Stores a new record and writes it to the activity feed.
    pub fn insert(&self, call: &Call, mut values: Values) -> Result<Record, Problem> {
        self.check_references(call, &values)?;
        if let Some(check) = self.check {
            check(call, &mut values, None)?;
        }
        values.set("created_at", call.now.timestamp.clone());
        values.set("updated_at", call.now.timestamp.clone());
        let columns: Vec<&str> = values.0.iter().map(|(name, _)| *name).collect();
        let marks = vec!["?"; columns.len()].join(", ");
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({marks})",
            self.table,
            columns.join(", ")
        );
        call.db.execute(
            &sql,
            params_from_iter(values.0.iter().map(|(_, cell)| cell)),
        )?;
        let record = self.get(call, call.db.last_insert_rowid())?;
        let id = record.get("id").and_then(Value::as_i64).unwrap_or(0);
        call.log_change("created", self.name, id, &record)?;
        Ok(record)
    }

    /// `PATCH`: only what was sent changes.
    pub fn patch(&self, call: &Call) -> Result<Reply, Problem> {
        let id = self.path_id(call)?;
        self.require(call, id)?;
        let values = call.read(self.fields, Mode::Patch)?;
        Ok(Reply::ok(self.update(call, id, values)?))
    }

    /// `PUT`: what was not sent goes back to its default.
    pub fn replace(&self, call: &Call) -> Result<Reply, Problem> {
        let id = self.path_id(call)?;
        self.require(call, id)?;
        let values = call.read(self.fields, Mode::Replace)?;
        Ok(Reply::ok(self.update(call, id, values)?))
    }

    /// Stores changes of a record and writes them to the activity feed.
    pub fn update(&self, call: &Call, id: i64, mut values: Values) -> Result<Record, Problem> {
        self.check_references(call, &values)?;
        if let Some(check) = self.check {
            check(call, &mut values, Some(id))?;
        }
        if values.0.is_empty() {
            return self.get(call, id);
        }
        values.set("updated_at", call.now.timestamp.clone());
        let sets: Vec<String> = values
            .0
            .iter()
            .map(|(name, _)| format!("{name} = ?"))
            .collect();
        let sql = format!("UPDATE {} SET {} WHERE id = ?", self.table, sets.join(", "));
        let mut params: Vec<&dyn ToSql> = values.0.iter().map(|(_, c)| c as &dyn ToSql).collect();
        params.push(&id);
        call.db.execute(&sql, params.as_slice())?;
        let record = self.get(call, id)?;
        call.log_change("updated", self.name, id, &record)?;
        Ok(record)
    }

    /// `DELETE`: 409 when other records depend on this one.
    pub fn delete(&self, call: &Call) -> Result<Reply, Problem> {
        let id = self.path_id(call)?;
        let record = self.get(call, id)?;
        call.db
            .execute(&format!("DELETE FROM {} WHERE id = ?1", self.table), [id])?;
        call.log_change("deleted", self.name, id, &record)?;
        Ok(Reply::no_content())
    }

    /// `GET` of the collection.
    pub fn list(&'static self, call: &Call) -> Result<Reply, Problem> {
        list::run(self, call, None)
    }

    /// `GET` of the records that belong to a parent.
    pub fn list_where(
        &'static self,
        call: &Call,
        column: &'static str,
        value: i64,
    ) -> Result<Reply, Problem> {
        list::run(self, call, Some((column, value)))
    }

    /// 409 with every reference to a record that does not exist.
    fn check_references(&self, call: &Call, values: &Values) -> Result<(), Problem> {
        let mut errors = Vec::new();
        for field in self.fields {
            if let (Kind::Ref(table), Some(id)) = (field.kind, values.int(field.name)) {
                missing_reference(call, table, field.name, id, &mut errors)?;
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::unknown_references(errors))
        }
    }
}

/// The rows of a query, written out by a field table. Fields without a column are left out:
/// those are write-only, or added by `decorate`.
pub fn query(
    call: &Call,
    sql: &str,
    params: &[Cell],
    fields: &[Field],
) -> Result<Vec<Record>, Problem> {
    let mut statement = call.db.prepare(sql)?;
    let mut rows = statement.query(params_from_iter(params))?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let mut record = Map::new();
        for field in fields {
            if let Ok(cell) = row.get::<_, Cell>(field.name) {
                record.insert(field.name.to_owned(), to_json(&field.kind, cell));
            }
        }
        records.push(record);
    }
    Ok(records)
}

/// A whole number of a record.
pub fn int(record: &Record, name: &str) -> Option<i64> {
    record.get(name).and_then(Value::as_i64)
}

/// A text of a record; empty when it has none.
pub fn text<'a>(record: &'a Record, name: &str) -> &'a str {
    record.get(name).and_then(Value::as_str).unwrap_or("")
}

/// Adds an error when `table` has no such record.
pub fn missing_reference(
    call: &Call,
    table: &'static str,
    field: &str,
    id: i64,
    errors: &mut Vec<FieldError>,
) -> Result<(), Problem> {
    if call
        .scalar(&format!("SELECT 1 FROM {table} WHERE id = ?1"), [id])?
        .is_none()
    {
        errors.push(error(
            field,
            "unknown_reference",
            format!("there is no record {id}"),
        ));
    }
    Ok(())
}

/// `{"data": […]}` for lists that are never long.
pub fn all(records: Vec<Record>) -> Reply {
    Reply::ok(json!({ "data": records }))
}
