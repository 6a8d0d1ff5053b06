//! Every command of the book and of the README: run in a shell, in order, with what the page says that
//! comes out; or named with the reason why it is not, and then its options are those of the program.
//!
//! | mark above a block | meaning |
//! |---|---|
//! | none | a `console` block: its commands end with 0 and print what stands below them; `…` is any text, on a line of its own any lines |
//! | `<!-- test: exit 3 -->` | the last command of the block ends with this code |
//! | `<!-- test: file NAME -->` | the block is written to this file |
//! | `<!-- test: by FILE WORDS -->` | it takes minutes or tools: FILE, which CI runs, has these words |
//! | `<!-- test: not here: REASON -->` | it cannot run here |
//! | `<!-- test: setup`, lines, `-->` | commands that readers have no use for |
// Pages are played by a shell.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod expected;
mod help;
mod page;
mod shell;

use std::fs;
use std::path::{Path, PathBuf};

use page::{Block, Mark};
use shell::Shell;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// Pages with commands, from the top of the repository.
fn pages() -> Vec<PathBuf> {
    let mut found = vec![
        root().join("README.md"),
        root().join("RELEASING.md"),
        root().join("docs/sandbox/README.md"),
    ];
    let mut folders = vec![root().join("docs/book/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|is| is == "md") {
                found.push(path);
            }
        }
    }
    // Alone while it is written: `PAGE=tutorial cargo test -p mcpwright-tests --test book`.
    if let Ok(only) = std::env::var("PAGE") {
        found.retain(|path| path.to_string_lossy().contains(&only));
        assert!(!found.is_empty(), "no page is called {only}");
    }
    found.sort();
    found
}

#[test]
fn every_command_of_the_book_does_what_the_page_says() {
    let pages = pages();
    // One after the other on each of a few threads: a page is a story of its own.
    let faults = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..3)
            .map(|worker| {
                let pages = &pages;
                scope.spawn(move || {
                    let own = pages.iter().skip(worker).step_by(3);
                    own.flat_map(|page| run(page)).collect::<Vec<String>>()
                })
            })
            .collect();
        let said = workers.into_iter().map(|worker| worker.join().unwrap());
        said.flatten().collect::<Vec<String>>()
    });
    assert!(faults.is_empty(), "\n{}", faults.join("\n\n"));
}

/// Runs a page; what is wrong with it.
fn run(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let name = path.strip_prefix(root()).unwrap().display().to_string();
    let blocks = match page::blocks(&text) {
        Ok(blocks) => blocks,
        Err(fault) => return vec![format!("{name}:{fault}")],
    };
    let mut shell = None;
    let mut faults = Vec::new();
    for block in &blocks {
        let place = format!("{name}:{}", block.line);
        let mut fault = |said: String| faults.push(format!("{place}: {said}"));
        for command in block.commands() {
            help::check(&command.text).unwrap_or_else(&mut fault);
        }
        match &block.mark {
            Mark::NotHere(reason) if reason.split_whitespace().count() < 3 => {
                fault("why is it not run?".to_owned());
            }
            Mark::NotHere(_) => {}
            Mark::By(file, words) => covered(file, words).unwrap_or_else(&mut fault),
            Mark::Run | Mark::Exit(_) if !block.is_console() => {
                fault(
                    "a block of commands that run is `console`, with `$ ` before each".to_owned(),
                );
            }
            _ => {
                let shell = shell.get_or_insert_with(|| Shell::new(&root()));
                if let Err(said) = play(block, shell) {
                    fault(said);
                    // What follows builds on it.
                    break;
                }
            }
        }
    }
    faults
}

/// Whether what CI runs has the words: a test's name, or the program that is called.
fn covered(file: &str, words: &str) -> Result<(), String> {
    let text = fs::read_to_string(root().join(file)).map_err(|error| format!("{file}: {error}"))?;
    if words.is_empty() || !text.contains(words) {
        return Err(format!("{file} has no `{words}`"));
    }
    Ok(())
}

fn play(block: &Block, shell: &mut Shell) -> Result<(), String> {
    if let Mark::File(name) = &block.mark {
        return shell.write(name, &block.lines);
    }
    let commands = block.commands();
    for (index, command) in commands.iter().enumerate() {
        let wanted = match block.mark {
            Mark::Exit(code) if index + 1 == commands.len() => code,
            _ => 0,
        };
        shell.run(command, wanted)?;
    }
    Ok(())
}
