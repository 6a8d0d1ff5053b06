//! A task, played in a view.

use super::place::{Kept, at, filled, filled_text, text};
use super::session::{Cost, Session, data, is_refused};
use super::task::{State, Step, Task};
use super::tokens::{Counter, read};
use super::way::Way;
use crate::crm::{self, Crm};
use crate::failure::{Context as _, Result};
use serde_json::Value;

/// The day on which all tasks are played.
pub const TODAY: &str = "2026-11-21";

/// How a task went.
#[derive(Debug)]
pub struct Played {
    /// Why it could not be done.
    pub fault: Option<String>,
    /// What it cost, as far as it went.
    pub cost: Cost,
}

/// Plays a task against a CRM of its own.
///
/// # Errors
/// When the CRM or the server does not answer.
pub fn play(task: &Task, view: &str, mut way: Way<'_>, counter: &Counter) -> Result<Played> {
    let crm = Crm::start(Some(TODAY))?;
    let mut session = Session::open(&crm.url, view, counter)?;
    let mut kept = Kept::new();
    let mut fault = None;
    for (index, step) in task.calls.iter().enumerate() {
        if let Some(why) = call(&mut session, &mut way, step, &mut kept)? {
            fault = Some(format!("call {}: {why}", index + 1));
            break;
        }
    }
    if fault.is_none() {
        fault = afterwards(task, &session, &crm, &kept)?;
    }
    Ok(Played {
        fault,
        cost: session.cost,
    })
}

/// Makes a call; gives what is wrong with its answer.
fn call(
    session: &mut Session<'_>,
    way: &mut Way<'_>,
    step: &Step,
    kept: &mut Kept,
) -> Result<Option<String>> {
    let arguments = match filled(&step.arguments, kept) {
        Ok(arguments) => arguments,
        Err(why) => return Ok(Some(why)),
    };
    let result = match way.run(session, step, arguments)? {
        Ok(result) => result,
        Err(why) => return Ok(Some(why)),
    };
    let said = || format!("{} answered: {}", step.tool, read(&result));
    let as_expected = match &step.refused {
        Some(reason) => is_refused(&result) && read(&result).contains(reason),
        None => !is_refused(&result),
    };
    if !as_expected {
        return Ok(Some(said()));
    }
    let answer = data(&result);
    if let Some(fault) = differs(answer, &step.expect, kept) {
        return Ok(Some(format!("{fault}; {}", said())));
    }
    for (name, place) in &step.save {
        let found = filled_text(place, kept)
            .ok()
            .and_then(|place| at(answer, &place));
        let Some(found) = found else {
            return Ok(Some(format!("nothing at {place}; {}", said())));
        };
        kept.insert(name.clone(), found);
    }
    Ok(None)
}

/// What is wrong once all is done.
fn afterwards(
    task: &Task,
    session: &Session<'_>,
    crm: &Crm,
    kept: &Kept,
) -> Result<Option<String>> {
    for wanted in &task.answer {
        let wanted = filled_text(wanted, kept)?;
        if !session.heard.contains(&wanted) {
            return Ok(Some(format!("`{wanted}` was in no answer")));
        }
    }
    for state in &task.state {
        if let Some(fault) = state_differs(state, crm, kept)? {
            return Ok(Some(fault));
        }
    }
    Ok(None)
}

/// Looks into the CRM, past the server that is tried.
fn state_differs(state: &State, crm: &Crm, kept: &Kept) -> Result<Option<String>> {
    let path = filled_text(&state.at, kept)?;
    let mut answer = ureq::get(format!("{}{path}", crm.url))
        .header("X-API-KEY", crm::KEY)
        .config()
        .http_status_as_error(false)
        .build()
        .call()
        .context(&path)?;
    let status = answer.status().as_u16();
    if state.gone {
        return Ok((status != 404).then(|| format!("{path} is still there ({status})")));
    }
    let text = answer.body_mut().read_to_string().context(&path)?;
    let value: Value = serde_json::from_str(&text).context(&path)?;
    let fault = differs(&value, &state.expect, kept);
    Ok(fault.map(|fault| format!("the CRM at {path}: {fault}")))
}

/// The first place that says something else.
fn differs(value: &Value, expected: &[(String, Value)], kept: &Kept) -> Option<String> {
    expected.iter().find_map(|(place, wanted)| {
        let (place, wanted) = match (filled_text(place, kept), filled(wanted, kept)) {
            (Ok(place), Ok(wanted)) => (place, wanted),
            (Err(why), _) | (_, Err(why)) => return Some(why),
        };
        let found = at(value, &place);
        let same = found.as_ref() == Some(&wanted);
        let found = found.as_ref().map_or_else(|| "nothing".to_owned(), text);
        (!same).then(|| format!("{found} at {place}, not {}", text(&wanted)))
    })
}
