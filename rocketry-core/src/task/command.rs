//! Tasks that are programs of the system.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::builder::{Execution, TaskBuilder};
use super::handler::Handler;
use crate::error::{Error, Kind, Location, Result};
use crate::param::Context;

/// What a task of [`Task::command`](crate::Task::command) runs.
#[derive(Clone, Debug)]
pub struct CommandLine {
    words: Words,
    shell: bool,
    cwd: Option<PathBuf>,
    env: Vec<(OsString, OsString)>,
}

#[derive(Clone, Debug)]
enum Words {
    /// The program and its arguments, each as it is.
    List(Vec<OsString>),
    /// A program, or a script for the shell.
    Text(String),
}

/// A command with its parameters, ready to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invocation {
    pub(crate) program: OsString,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) cwd: Option<PathBuf>,
    pub(crate) env: Vec<(OsString, OsString)>,
}

/// What can be a command: a list of words, or a text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no command",
    note = "a command is a list such as `[\"rsync\", \"-a\"]`, or a text with `.shell(true)`"
)]
pub trait IntoCommand {
    /// The command.
    fn into_command(self) -> CommandLine;
}

impl IntoCommand for &str {
    fn into_command(self) -> CommandLine {
        CommandLine::new(Words::Text(self.to_owned()))
    }
}

impl IntoCommand for String {
    fn into_command(self) -> CommandLine {
        CommandLine::new(Words::Text(self))
    }
}

impl<S: AsRef<OsStr>> IntoCommand for &[S] {
    fn into_command(self) -> CommandLine {
        CommandLine::new(Words::List(
            self.iter().map(|word| word.as_ref().to_owned()).collect(),
        ))
    }
}

impl<S: AsRef<OsStr>, const N: usize> IntoCommand for [S; N] {
    fn into_command(self) -> CommandLine {
        self.as_slice().into_command()
    }
}

impl<S: AsRef<OsStr>> IntoCommand for Vec<S> {
    fn into_command(self) -> CommandLine {
        self.as_slice().into_command()
    }
}

impl CommandLine {
    fn new(words: Words) -> Self {
        CommandLine {
            words,
            shell: false,
            cwd: None,
            env: Vec::new(),
        }
    }

    /// What is wrong with the command, if anything is.
    pub(crate) fn mistake(&self) -> Option<String> {
        match &self.words {
            Words::List(words) if words.first().is_none_or(|program| program.is_empty()) => {
                Some("an empty list has no program".to_owned())
            }
            Words::List(_) if self.shell => {
                Some("a list is not for the shell: write the script as one text".to_owned())
            }
            Words::Text(text) if text.trim().is_empty() => Some("an empty text is no command".to_owned()),
            Words::Text(text) if !self.shell && text.contains(char::is_whitespace) => Some(format!(
                "without a shell, `{text}` would be the name of one program: write a list of words, or `.shell(true)`"
            )),
            Words::List(_) | Words::Text(_) => None,
        }
    }

    /// The command with the parameters of a run: those of the run itself, and those of the task.
    ///
    /// # Errors
    ///
    /// Names the first parameter that can't be had, or can't be written as a word.
    pub(crate) fn prepare(&self, context: &Context<'_>) -> Result<Invocation> {
        let options = options(context)?;
        let (program, mut arguments) = match &self.words {
            Words::List(words) => (words[0].clone(), words[1..].to_vec()),
            Words::Text(text) if self.shell => ("sh".into(), script(text, !options.is_empty())),
            Words::Text(text) => (text.into(), Vec::new()),
        };
        arguments.extend(options);
        Ok(Invocation {
            program,
            arguments,
            cwd: self.cwd.clone(),
            env: self.env.clone(),
        })
    }
}

/// What the shell gets. The parameters are arguments of the script, so that no quoting can go wrong; a script
/// that does not say where they belong has them at its end.
fn script(text: &str, with_options: bool) -> Vec<OsString> {
    let text = if with_options && !places_arguments(text) {
        Cow::Owned(format!("{text} \"$@\""))
    } else {
        Cow::Borrowed(text)
    };
    vec!["-c".into(), (*text).into(), "sh".into()]
}

/// Whether a script has `$@`, `$*`, `$1` or the like in it.
fn places_arguments(text: &str) -> bool {
    text.split('$').skip(1).any(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        rest.starts_with(|first| matches!(first, '@' | '*' | '1'..='9'))
    })
}

/// The parameters as `--key value`, or `-k value` where the key is a single letter, in the order of the keys.
fn options(context: &Context<'_>) -> Result<Vec<OsString>> {
    let Some(run) = context.run else {
        return Ok(Vec::new());
    };
    let mut params = run.own.clone();
    for (key, entry) in run.batch.iter() {
        params.set(key, entry.clone());
    }
    let mut options = Vec::new();
    for (key, entry) in params.iter() {
        let explain = |message: String| {
            let message = format!("parameter `{key}` of task `{}`: {message}", run.task);
            Error::at(Kind::Parameter, message, entry.location())
        };
        let value = entry
            .value(context)
            .map_err(|error| explain(error.to_string()).because(error))?;
        let text = value
            .to_text()
            .ok_or_else(|| explain(format!("{value:?} can't be written as a word")))?;
        let dashes = if key.chars().count() == 1 { "-" } else { "--" };
        options.extend([format!("{dashes}{key}").into(), text.into()]);
    }
    Ok(options)
}

/// Makes a task from a command.
#[track_caller]
pub fn command(name: impl Into<Cow<'static, str>>, command: impl IntoCommand) -> TaskBuilder {
    TaskBuilder::new(name, Location::caller())
        .handler(Handler::command(command.into_command()))
        .execution(Execution::Process)
}

impl TaskBuilder {
    /// Lets the shell, `sh`, run a command that is a text.
    ///
    /// The parameters of the task are the arguments of the script. A script that mentions none of them (`"$@"`, `$1`) has
    /// them at its end. Never put a text from outside into a script: make it a parameter.
    pub fn shell(self, shell: bool) -> Self {
        self.change_command("shell", |command| command.shell = shell)
    }

    /// Sets the folder in which a command runs. The default is that of the app.
    pub fn cwd(self, folder: impl Into<PathBuf>) -> Self {
        self.change_command("cwd", |command| command.cwd = Some(folder.into()))
    }

    /// Sets an environment variable of a command, beside those of the app.
    pub fn env(self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.change_command("env", |command| command.env.push((name.into(), value.into())))
    }

    fn change_command(mut self, what: &str, change: impl FnOnce(&mut CommandLine)) -> Self {
        match self.handler.as_mut().and_then(Handler::as_command_mut) {
            Some(command) => change(command),
            None => self.problem(format!("`{what}` of task `{}`: it is no command", self.name)),
        }
        self
    }
}
