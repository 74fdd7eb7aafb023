//! Builder methods for commands.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::PathBuf;

use super::{CommandLine, IntoCommand, Source};
use crate::error::Location;
use crate::task::handler::Handler;
use crate::task::{Execution, TaskBuilder};

/// Creates a task from a command.
#[track_caller]
pub fn command(name: impl Into<Cow<'static, str>>, command: impl IntoCommand) -> TaskBuilder {
    let location = Location::caller();
    TaskBuilder::new(name, location)
        .handler(Handler::command(command.into_command(), location))
        .execution(Execution::Process)
}

impl TaskBuilder {
    /// Runs a command that is a text with the shell, `sh`. The text is passed on unchanged.
    ///
    /// Each parameter is available to the script in two ways. It is a variable, `PARAM_` followed by its name, if the
    /// name consists of letters, digits and `_`. All parameters are also arguments, `--key value`, in the order of
    /// their names: `"$@"`. A [secret](crate::Config::secrets) parameter is a variable only. Never insert untrusted
    /// text into a script: pass it as a parameter.
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

    /// Sets the working directory of a command. The default is that of the app.
    pub fn cwd(self, folder: impl Into<PathBuf>) -> Self {
        self.change_command("cwd", |command| command.cwd = Some(folder.into()))
    }

    /// Sets an environment variable of a command, in addition to those of the app.
    pub fn env(self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.change_command("env", |command| {
            command.env.push((name.into(), Source::Fixed(value.into())));
        })
    }

    /// Sets an environment variable of a command to the value of a parameter. Parameters of the run take precedence
    /// over those of the task, and those over the parameters of the session.
    ///
    /// The parameter is then not an argument of the command. Every user of a machine can read the arguments of a
    /// process, but only its owner can read its environment. Use this to pass a [secret](crate::Config::secrets) to a
    /// command.
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

    /// Passes the value of a parameter to a command on standard input, unchanged and without a trailing line break.
    ///
    /// Parameters of the run take precedence over those of the task, and those over the parameters of the session.
    /// The parameter is then not an argument of the command. Without this, the standard input of a command is empty.
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

    /// Lets callers outside the program set a parameter of a command that the task has no value for: see
    /// [`check_params`](crate::session::Task::check_params).
    ///
    /// Parameters become arguments, `--key value`, and some argument names can make a program run another
    /// one. Therefore the API, the dashboard and the command line can only set parameters that the definition
    /// of a command names: those listed here, parameters of the task, and those for variables and standard
    /// input. The code of the app can set any parameter.
    ///
    /// ```
    /// use rocketry::{Rocketry, Task, params};
    ///
    /// let copy = Task::command("copy", ["rsync", "-a", "in/", "out/"]).takes("bwlimit");
    /// let copy = Rocketry::builder().task(copy).build()?.session().task("copy")?;
    /// assert!(copy.check_params(&params! { bwlimit = "1m" }).is_ok());
    /// assert!(copy.check_params(&params! { rsh = "sh -c …" }).is_err());
    /// # Ok::<(), rocketry::Error>(())
    /// ```
    pub fn takes(self, parameter: impl Into<String>) -> Self {
        self.change_command("takes", |command| command.takes.push(parameter.into()))
    }

    fn change_command(mut self, what: &str, change: impl FnOnce(&mut CommandLine)) -> Self {
        match self.handler.as_ref().and_then(Handler::as_command).cloned() {
            Some(mut command) => {
                change(&mut command);
                self.handler = Some(Handler::command(command, self.location));
            }
            None => self.problem(format!("`{what}` of task `{}`: it is not a command", self.name)),
        }
        self
    }
}
