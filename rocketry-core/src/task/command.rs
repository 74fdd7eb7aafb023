//! Tasks that are programs of the system.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::builder::{Execution, TaskBuilder};
use super::handler::Handler;
use crate::error::{Error, Kind, Location, Result};
use crate::param::{Context, Entry, ParamSpec, Value};

/// What the variables of a script's parameters begin with.
const VARIABLE: &str = "PARAM_";

/// What a task of [`Task::command`](crate::Task::command) runs.
#[derive(Clone, Debug)]
pub struct CommandLine {
    words: Words,
    shell: bool,
    cwd: Option<PathBuf>,
    env: Vec<(OsString, Source)>,
    /// The parameter that the command reads on its standard input.
    stdin: Option<String>,
    /// Whether it was told that a secret is among the arguments.
    told: Arc<AtomicBool>,
}

/// Where the value of a variable comes from.
#[derive(Clone, Debug)]
enum Source {
    Fixed(OsString),
    /// The parameter of this name.
    Parameter(String),
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
    /// What it reads on its standard input.
    pub(crate) stdin: Option<String>,
    /// A secret parameter that is among the arguments, where others can see it.
    pub(crate) exposed: Option<String>,
}

/// A parameter in words.
struct Word {
    text: String,
    secret: bool,
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
            stdin: None,
            told: Arc::default(),
        }
    }

    /// The parameters that have a place of their own, which a run can't be without.
    pub(super) fn specs(&self, location: Location) -> Arc<[ParamSpec]> {
        self.placed()
            .map(|name| ParamSpec::text(name.to_owned(), location))
            .collect()
    }

    /// The names of the parameters that have a place of their own.
    fn placed(&self) -> impl Iterator<Item = &str> {
        let variables = self.env.iter().filter_map(|(_, source)| match source {
            Source::Parameter(name) => Some(name.as_str()),
            Source::Fixed(_) => None,
        });
        variables.chain(self.stdin.as_deref())
    }

    /// Whether it has not been told yet that a secret is among the arguments.
    pub(crate) fn is_untold(&self) -> bool {
        !self.told.swap(true, Ordering::Relaxed)
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
        let mut words = words(context)?;
        for name in self.placed() {
            if !words.contains_key(name) {
                words.insert(name.to_owned(), of_session(context, name)?);
            }
        }
        let text = |name: &str| words[name].text.clone();
        let mut env: Vec<(OsString, OsString)> = Vec::new();
        for (name, source) in &self.env {
            let value = match source {
                Source::Fixed(value) => value.clone(),
                Source::Parameter(parameter) => text(parameter).into(),
            };
            env.push((name.clone(), value));
        }
        let stdin = self.stdin.as_deref().map(text);
        words.retain(|name, _| self.placed().all(|placed| placed != name));
        let (program, mut arguments) = match &self.words {
            Words::List(words) => (words[0].clone(), words[1..].to_vec()),
            Words::Text(text) if self.shell => {
                env.extend(variables(&words));
                // A variable is seen by this user alone.
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
}

/// The parameters of a run and of its task, by name.
fn words(context: &Context<'_>) -> Result<BTreeMap<String, Word>> {
    let Some(run) = context.run else {
        return Ok(BTreeMap::new());
    };
    let mut params = run.own.clone();
    for (key, entry) in run.batch.iter() {
        params.set(key, entry.clone());
    }
    let word = |(key, entry): (&str, &Entry)| {
        let word = word(context, key, entry.location(), entry.value(context))?;
        Ok((key.to_owned(), word))
    };
    params.iter().map(word).collect()
}

/// A parameter that neither the run nor its task has.
fn of_session(context: &Context<'_>, key: &str) -> Result<Word> {
    let place = context.host.params().get(key).and_then(Entry::location);
    word(context, key, place, context.value_of(&crate::param::Arg(key)))
}

fn word(context: &Context<'_>, key: &str, place: Option<Location>, value: Result<Value>) -> Result<Word> {
    let task = context.run.map_or("", |run| &run.task);
    let explain = |message: String| {
        let message = format!("parameter `{key}` of task `{task}`: {message}");
        Error::at(Kind::Parameter, message, place)
    };
    let value = value.map_err(|error| explain(error.to_string()).because(error))?;
    let text = value
        .to_text()
        .ok_or_else(|| explain(format!("{value:?} can't be written as a word")))?;
    let secret = value.is_secret() || context.host.is_secret(key);
    Ok(Word { text, secret })
}

/// The parameters as `--key value`, or `-k value` where the key is a single letter, in the order of the keys.
fn options(words: BTreeMap<String, Word>) -> impl Iterator<Item = OsString> {
    words.into_iter().flat_map(|(key, word)| {
        let dashes = if key.chars().count() == 1 { "-" } else { "--" };
        [format!("{dashes}{key}").into(), word.text.into()]
    })
}

/// The parameters as variables of a script.
fn variables(words: &BTreeMap<String, Word>) -> impl Iterator<Item = (OsString, OsString)> {
    let named = words.iter().filter(|(name, _)| is_variable(name));
    named.map(|(name, word)| (format!("{VARIABLE}{name}").into(), word.text.clone().into()))
}

/// Whether the shell can read a variable of this name.
fn is_variable(name: &str) -> bool {
    name.chars()
        .all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// Makes a task from a command.
#[track_caller]
pub fn command(name: impl Into<Cow<'static, str>>, command: impl IntoCommand) -> TaskBuilder {
    let location = Location::caller();
    TaskBuilder::new(name, location)
        .handler(Handler::command(command.into_command(), location))
        .execution(Execution::Process)
}

impl TaskBuilder {
    /// Lets the shell, `sh`, run a command that is a text. The text is run as it stands.
    ///
    /// Each parameter is a variable of the script, `PARAM_` and its name, if that is made of letters, digits and `_`; and all
    /// of them are its arguments, `--key value`, in the order of their names: `"$@"`. A
    /// [secret](crate::Config::secrets) one is a variable only. Never put a text from outside into a script: make it a
    /// parameter.
    ///
    /// ```
    /// # #[cfg(unix)] {
    /// use rocketry::{Task, Rocketry, testing::TestApp};
    ///
    /// let script = "echo \"$PARAM_day\"; printf '%s ' \"$@\"";
    /// let task = Task::command("report", script).shell(true).parameter("day", "2026-01-01");
    /// let mut app = TestApp::start(Rocketry::builder().task(task.start("daily")), "2026-01-01T00:00:00Z")?;
    /// app.settle();
    /// let printed = app.session().task("report")?.result().expect("it has run");
    /// assert_eq!(printed.read::<String>().unwrap(), "2026-01-01\n--day 2026-01-01 ");
    /// # }
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn shell(self, shell: bool) -> Self {
        self.change_command("shell", |command| command.shell = shell)
    }

    /// Sets the folder in which a command runs. The default is that of the app.
    pub fn cwd(self, folder: impl Into<PathBuf>) -> Self {
        self.change_command("cwd", |command| command.cwd = Some(folder.into()))
    }

    /// Sets an environment variable of a command, beside those of the app.
    pub fn env(self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.change_command("env", |command| {
            command.env.push((name.into(), Source::Fixed(value.into())));
        })
    }

    /// Sets an environment variable of a command to the value of a parameter: of the run, else of the task, else of the
    /// session.
    ///
    /// The parameter is no argument of the command then. Everybody on a machine can read the arguments of a program, but only
    /// its user can read its environment: this is how a command gets a [secret](crate::Config::secrets).
    ///
    /// ```
    /// use rocketry::param::EnvArg;
    /// use rocketry::{Rocketry, Task};
    ///
    /// let dump = Task::command("dump", ["pg_dump", "--file", "app.sql"])
    ///     .argument("password", EnvArg("DATABASE_PASSWORD"))
    ///     .env_from("PGPASSWORD", "password");
    /// let app = Rocketry::builder().task(dump.start("daily"));
    /// # app.build().unwrap();
    /// ```
    pub fn env_from(self, name: impl Into<OsString>, parameter: impl Into<String>) -> Self {
        self.change_command("env_from", |command| {
            command
                .env
                .push((name.into(), Source::Parameter(parameter.into())));
        })
    }

    /// Lets a command read the value of a parameter on its standard input, as it is and without a line break at its end.
    ///
    /// The parameter is that of the run, else of the task, else of the session, and it is no argument of the command then.
    /// Without this a command has nothing to read.
    ///
    /// ```
    /// use rocketry::param::EnvArg;
    /// use rocketry::{Rocketry, Task};
    ///
    /// let login = Task::command("login", ["docker", "login", "--username", "ci", "--password-stdin"])
    ///     .argument("password", EnvArg("REGISTRY_PASSWORD"))
    ///     .stdin_from("password");
    /// let app = Rocketry::builder().task(login.start("daily"));
    /// # app.build().unwrap();
    /// ```
    pub fn stdin_from(self, parameter: impl Into<String>) -> Self {
        self.change_command("stdin_from", |command| command.stdin = Some(parameter.into()))
    }

    fn change_command(mut self, what: &str, change: impl FnOnce(&mut CommandLine)) -> Self {
        match self.handler.as_ref().and_then(Handler::as_command).cloned() {
            Some(mut command) => {
                change(&mut command);
                self.handler = Some(Handler::command(command, self.location));
            }
            None => self.problem(format!("`{what}` of task `{}`: it is no command", self.name)),
        }
        self
    }
}
