//! Tasks that run programs of the operating system.

mod builder;
mod words;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Location, Result};
use crate::param::{Context, ParamSpec};
pub use builder::command;
use words::{Word, is_variable, of_session, options, variables, words};

/// The command of a task from [`Task::command`](crate::Task::command).
#[derive(Clone, Debug)]
pub struct CommandLine {
    words: Words,
    shell: bool,
    cwd: Option<PathBuf>,
    env: Vec<(OsString, Source)>,
    /// The parameter that is passed on standard input.
    stdin: Option<String>,
    /// Further parameters that callers outside the program may set.
    takes: Vec<String>,
    /// Whether the warning about a secret among the arguments was given.
    told: Arc<AtomicBool>,
}

/// The source of the value of a variable.
#[derive(Clone, Debug)]
enum Source {
    Fixed(OsString),
    /// The parameter of this name.
    Parameter(String),
}

#[derive(Clone, Debug)]
enum Words {
    /// The program and its arguments, passed on unchanged.
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
    /// The text for standard input.
    pub(crate) stdin: Option<String>,
    /// A secret parameter among the arguments, which other users can see.
    pub(crate) exposed: Option<String>,
}

/// A type that can be a command: a list of words, or a text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a command",
    note = "a command is a list such as `[\"rsync\", \"-a\"]`, or a text with `.shell(true)`"
)]
pub trait IntoCommand {
    /// Converts the value into a command.
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
            stdin: None,
            takes: Vec::new(),
            told: Arc::default(),
        }
    }

    /// Returns the parameters for variables and standard input, which a run requires.
    pub(super) fn specs(&self, location: Location) -> Vec<ParamSpec> {
        self.placed()
            .map(|name| ParamSpec::text(name.to_owned(), location))
            .collect()
    }

    /// Returns the names of the parameters for variables and standard input.
    fn placed(&self) -> impl Iterator<Item = &str> {
        let variables = self.env.iter().filter_map(|(_, source)| match source {
            Source::Parameter(name) => Some(name.as_str()),
            Source::Fixed(_) => None,
        });
        variables.chain(self.stdin.as_deref())
    }

    /// Returns the names of optional parameters that callers outside the program may set.
    pub(crate) fn takes(&self) -> &[String] {
        &self.takes
    }

    /// Returns whether the warning about a secret among the arguments is still due, and marks it as given.
    pub(crate) fn is_untold(&self) -> bool {
        !self.told.swap(true, Ordering::Relaxed)
    }

    /// Returns the mistake in the command, if there is one.
    pub(crate) fn mistake(&self) -> Option<String> {
        match &self.words {
            Words::List(words) if words.first().is_none_or(|program| program.is_empty()) => {
                Some("an empty list has no program".to_owned())
            }
            Words::List(_) if self.shell => {
                Some("a list is not for the shell: write the script as one text".to_owned())
            }
            Words::Text(text) if text.trim().is_empty() => Some("an empty text is not a command".to_owned()),
            Words::Text(text) if !self.shell && text.contains(char::is_whitespace) => Some(format!(
                "without a shell, `{text}` would be the name of one program: write a list of words, or `.shell(true)`"
            )),
            Words::List(_) | Words::Text(_) => None,
        }
    }

    /// Prepares the command with the parameters of the run and of the task.
    ///
    /// # Errors
    ///
    /// Returns an error that names the first parameter that is not available or can't be written as a word.
    pub(crate) fn prepare(&self, context: &Context<'_>) -> Result<Invocation> {
        let mut words = words(context)?;
        for name in self.placed() {
            if !words.contains_key(name) {
                words.insert(name.to_owned(), of_session(context, name)?);
            }
        }
        let mut env = self.environment(&words);
        let stdin = self.stdin.as_deref().map(|name| words[name].text.clone());
        words.retain(|name, _| self.placed().all(|placed| placed != name));
        let (program, mut arguments) = match &self.words {
            Words::List(words) => (words[0].clone(), words[1..].to_vec()),
            Words::Text(text) if self.shell => {
                env.extend(variables(&words));
                // Only the owner of a process can see its variables.
                words.retain(|name, word| !word.secret || !is_variable(name));
                ("sh".into(), vec!["-c".into(), text.into(), "sh".into()])
            }
            Words::Text(text) => (text.into(), Vec::new()),
        };
        let exposed = words
            .iter()
            .find(|(_, word)| word.secret)
            .map(|(name, _)| name.clone());
        arguments.extend(options(words));
        let cwd = self.cwd.clone();
        Ok(Invocation {
            program,
            arguments,
            cwd,
            env,
            stdin,
            exposed,
        })
    }
    /// Returns the variables that the command sets itself.
    fn environment(&self, words: &BTreeMap<String, Word>) -> Vec<(OsString, OsString)> {
        let value = |source: &Source| match source {
            Source::Fixed(value) => value.clone(),
            Source::Parameter(parameter) => words[parameter].text.clone().into(),
        };
        let set = self.env.iter();
        set.map(|(name, source)| (name.clone(), value(source))).collect()
    }
}
