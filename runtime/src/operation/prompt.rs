//! Prompts: texts that a person picks to start with, made up by the generator from what the operations can do,
//! or written by the operator.

/// A prompt. Texts have `{name}` where an argument is put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prompt {
    /// Its name, `^[a-z][a-z0-9_]{0,39}$`; clients make a command of it.
    pub name: &'static str,
    /// Display name.
    pub title: &'static str,
    /// What it does, for the person who picks it.
    pub description: &'static str,
    /// What the person fills in.
    pub arguments: &'static [PromptArgument],
    /// What the text begins with.
    pub opening: &'static str,
    /// What is done, one after the other.
    pub steps: &'static [PromptStep],
    /// Tools without which it is not offered.
    pub needs: &'static [&'static str],
}

/// What a person fills in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PromptArgument {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub description: &'static str,
    /// What stands for it where it is not given; without it, it has to be.
    pub default: Option<&'static str>,
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PromptStep {
    /// What is done.
    pub text: &'static str,
    /// The tools that it names: where one of them is not there, the step is left out.
    pub tools: &'static [&'static str],
}
