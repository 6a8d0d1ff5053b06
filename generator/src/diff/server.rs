//! The server as a whole: its name, the variables of who runs it, its prompts.

use super::{Change, Level, Subject, named};
use crate::ir::{Api, Prompt};

/// What became of it.
pub(super) fn server(old: &Api, new: &Api, changes: &mut Vec<Change>) {
    let mut say = |level, says| {
        changes.push(Change {
            level,
            subject: Subject::Server,
            tool: String::new(),
            operation: String::new(),
            says,
            pointer: None,
        });
    };
    if old.name != new.name {
        let says = format!(
            "the server is called `{}` now, before `{}`: so begin its variables, and clients know it by that",
            new.name, old.name
        );
        say(Level::Breaking, says);
    }
    if old.servers.first() != new.servers.first() {
        let url = |api: &Api| {
            api.servers
                .first()
                .map_or_else(|| "none".to_owned(), |url| named(url))
        };
        let says = format!(
            "the document suggests the address {} now, before {}",
            url(new),
            url(old)
        );
        say(Level::Compatible, says);
    }
    if old.instructions != new.instructions {
        say(
            Level::Text,
            "the server describes itself in other words".to_owned(),
        );
    }
    for (level, says) in variables(old, new) {
        say(level, says);
    }
    for (level, says) in prompts(&old.prompts, &new.prompts) {
        say(level, says);
    }
}

/// Variables that hold credentials: who runs the server has set them.
fn variables(old: &Api, new: &Api) -> Vec<(Level, String)> {
    // They begin with the server's name, whose change is told already.
    let bare = |api: &Api, variable: &str| {
        variable
            .strip_prefix(&api.env_prefix)
            .unwrap_or(variable)
            .to_owned()
    };
    let mut found = Vec::new();
    for before in &old.schemes {
        let after = new
            .schemes
            .iter()
            .find(|after| after.name == before.name)
            .or_else(|| new.schemes.iter().find(|after| after.kind == before.kind));
        let Some(after) = after else {
            continue;
        };
        let known: Vec<String> = after.variables.iter().map(|one| bare(new, one)).collect();
        let gone = before
            .variables
            .iter()
            .filter(|variable| !known.contains(&bare(old, variable)));
        let gone: Vec<String> = gone.map(|variable| named(variable)).collect();
        if !gone.is_empty() {
            let now: Vec<String> = after.variables.iter().map(|one| named(one)).collect();
            let says = format!(
                "the credential {} stands in {} now, before in {}: who runs the server has to set it anew",
                named(&before.name),
                now.join(", "),
                gone.join(", ")
            );
            found.push((Level::Breaking, says));
        }
    }
    found
}

/// Prompts, known by their names: clients offer them as commands.
fn prompts(old: &[Prompt], new: &[Prompt]) -> Vec<(Level, String)> {
    let mut found = Vec::new();
    for before in old {
        let name = named(&before.name);
        let Some(after) = new.iter().find(|after| after.name == before.name) else {
            found.push((Level::Breaking, format!("the prompt {name} is gone")));
            continue;
        };
        for argument in &before.arguments {
            if !after.arguments.iter().any(|one| one.name == argument.name) {
                let says = format!("the prompt {name} no longer has {}", named(&argument.name));
                found.push((Level::Breaking, says));
            }
        }
        for argument in after.arguments.iter().filter(|one| one.default.is_none()) {
            let had = before
                .arguments
                .iter()
                .find(|one| one.name == argument.name);
            if had.is_none_or(|one| one.default.is_some()) {
                let says = format!("the prompt {name} asks for {}", named(&argument.name));
                found.push((Level::Breaking, says));
            }
        }
    }
    for after in new {
        if !old.iter().any(|before| before.name == after.name) {
            let says = format!("the prompt {} is new", named(&after.name));
            found.push((Level::Compatible, says));
        }
    }
    found
}
