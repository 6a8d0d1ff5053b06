//! Whether the programs have the commands and options that a page calls: also where it cannot be run.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;

use mcpwright_tests::{example, mcpwright};

/// Help texts by program and command; asked for once.
static KNOWN: Mutex<BTreeMap<String, Result<String, String>>> = Mutex::new(BTreeMap::new());

/// Names under which pages call our programs.
const SERVERS: [&str; 2] = ["my-crm-mcp", "northlight-crm-mcp"];

/// Looks at each of our programs in a command line.
///
/// # Errors
/// What it does not have.
pub fn check(line: &str) -> Result<(), String> {
    let line = line.split(" #").next().unwrap_or_default();
    for part in line.split(['|', '&', ';', '\n', '(']) {
        let mut words = part.split_whitespace().peekable();
        // Assignments before the program.
        while words
            .next_if(|word| word.contains('=') && !word.starts_with('-'))
            .is_some()
        {}
        let Some(program) = words.next() else {
            continue;
        };
        let program = program.rsplit('/').next().unwrap_or_default();
        if program != "mcpwright" && !SERVERS.contains(&program) {
            continue;
        }
        let words: Vec<&str> = words.take_while(|word| !word.starts_with('>')).collect();
        options(program, &words).map_err(|said| format!("`{}`: {said}", part.trim()))?;
    }
    Ok(())
}

fn options(program: &str, words: &[&str]) -> Result<(), String> {
    let command = words.first().filter(|word| !word.starts_with('-'));
    // Handed over to the server of the folder as they are.
    let handed = ["connect", "disconnect", "tools", "call"];
    let program = match command {
        Some(name) if handed.contains(name) => SERVERS[1],
        _ => program,
    };
    let mut path: Vec<&str> = command.copied().into_iter().collect();
    if ["keys", "audit"].contains(&path.first().copied().unwrap_or_default()) {
        path.extend(words.get(1).filter(|word| !word.starts_with('-')));
    }
    let text = help(program, &path)?;
    for word in words.iter().filter(|word| word.starts_with("--")) {
        let name = word
            .split('=')
            .next()
            .unwrap_or_default()
            .trim_end_matches(['`', ',', ')']);
        let has = |text: &str| {
            text.split([' ', ',', '\n', '=', '['])
                .any(|part| part == name)
        };
        if name != "--" && name != "--help" && !has(&text) {
            return Err(format!("there is no option {name}"));
        }
    }
    Ok(())
}

fn help(program: &str, path: &[&str]) -> Result<String, String> {
    let key = format!("{program} {}", path.join(" "));
    let mut known = KNOWN.lock().unwrap();
    let asked = known.entry(key).or_insert_with(|| {
        let binary = if program == "mcpwright" {
            mcpwright()
        } else {
            example()
        };
        let output = Command::new(binary)
            .args(path)
            .arg("--help")
            .output()
            .unwrap();
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(String::from_utf8_lossy(&output.stderr)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned())
    });
    asked.clone()
}
