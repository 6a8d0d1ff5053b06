//! Blocks of commands on a page of Markdown, and what is said about them.

/// A fenced block.
#[derive(Debug)]
pub struct Block {
    /// The line of its fence, from 1.
    pub line: usize,
    pub language: String,
    pub lines: Vec<String>,
    pub mark: Mark,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    Run,
    Exit(i32),
    File(String),
    By(String, String),
    NotHere(String),
    /// Hidden commands.
    Setup,
}

/// A command, and the lines that it prints.
#[derive(Debug)]
pub struct Command {
    pub text: String,
    pub output: Vec<String>,
}

/// Fences of commands.
const SHELLS: [&str; 2] = ["console", "sh"];

/// Blocks that are commands or have a mark.
///
/// # Errors
/// `LINE: what is wrong`.
pub fn blocks(text: &str) -> Result<Vec<Block>, String> {
    let mut found = Vec::new();
    let mut mark = None;
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let number = index + 1;
        if let Some(said) = line.trim().strip_prefix("<!-- test:") {
            let Some(said) = said.strip_suffix("-->") else {
                if said.trim() != "setup" {
                    return Err(format!("{number}: a mark on several lines is `setup`"));
                }
                let own = lines
                    .by_ref()
                    .map(|(_, line)| line)
                    .take_while(|line| line.trim() != "-->");
                let lines = own.map(|line| format!("$ {line}")).collect();
                let language = "console".to_owned();
                found.push(Block {
                    line: number,
                    language,
                    lines,
                    mark: Mark::Setup,
                });
                continue;
            };
            mark = Some(
                Mark::read(said.trim()).ok_or_else(|| format!("{number}: no mark is `{said}`"))?,
            );
            continue;
        }
        // A fence inside of a list is indented.
        let Some(language) = line.trim_start().strip_prefix("```") else {
            if !line.trim().is_empty() && mark.take().is_some() {
                return Err(format!("{number}: a mark stands above a block"));
            }
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let own = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| line.trim() != "```");
        let lines = own
            .map(|line| line.get(indent..).unwrap_or_default().to_owned())
            .collect();
        let language = language.trim().to_owned();
        if mark.is_some() || SHELLS.contains(&language.as_str()) {
            let mark = mark.take().unwrap_or(Mark::Run);
            found.push(Block {
                line: number,
                language,
                lines,
                mark,
            });
        }
    }
    Ok(found)
}

impl Mark {
    fn read(said: &str) -> Option<Self> {
        if let Some(reason) = said.strip_prefix("not here:") {
            return Some(Self::NotHere(reason.trim().to_owned()));
        }
        let (word, rest) = said.split_once(' ')?;
        match word {
            "exit" => rest.parse().ok().map(Self::Exit),
            "file" => Some(Self::File(rest.to_owned())),
            "by" => {
                let (file, words) = rest.split_once(' ')?;
                Some(Self::By(file.to_owned(), words.to_owned()))
            }
            _ => None,
        }
    }
}

impl Block {
    pub fn is_console(&self) -> bool {
        self.language == "console"
    }

    /// Its commands: those behind `$ ` with what follows them, or each line of a block of `sh`.
    pub fn commands(&self) -> Vec<Command> {
        let mut found: Vec<Command> = Vec::new();
        if !SHELLS.contains(&self.language.as_str()) {
            return found;
        }
        for line in &self.lines {
            if !self.is_console() {
                let (text, output) = (line.clone(), Vec::new());
                found.push(Command { text, output });
            } else if let Some(text) = line.strip_prefix("$ ") {
                let (text, output) = (text.to_owned(), Vec::new());
                found.push(Command { text, output });
            } else if let Some(last) = found.last_mut() {
                match line.strip_prefix("> ").filter(|_| last.output.is_empty()) {
                    Some(more) => last.text = format!("{}\n{more}", last.text),
                    None => last.output.push(line.clone()),
                }
            }
        }
        found
    }
}
