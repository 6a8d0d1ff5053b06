//! Prompts: texts that a person picks to start with; the same as the runtime's `Prompt`.

use serde::Serialize;

/// A prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prompt {
    /// Its name, `^[a-z][a-z0-9_]{0,39}$`.
    pub name: String,
    /// Display name.
    pub title: String,
    /// What it does, for the person who picks it.
    pub description: String,
    /// What the person fills in.
    pub arguments: Vec<PromptArgument>,
    /// What it begins with; `{name}` stands for an argument.
    pub opening: String,
    /// What is done, one after the other.
    pub steps: Vec<PromptStep>,
    /// Tools without which it is not offered.
    pub needs: Vec<String>,
}

/// What a person fills in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromptArgument {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// What stands for it where it is not given; without it, it has to be.
    pub default: Option<String>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromptStep {
    /// What is done; `{name}` stands for an argument.
    pub text: String,
    /// The tools that it names; where one of them is not there, the step is left out.
    pub tools: Vec<String>,
}
