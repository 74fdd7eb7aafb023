//! What the builder of a task says of a command.

use std::ffi::OsString;
use std::path::PathBuf;

use super::{CommandLine, Source};
use crate::task::TaskBuilder;
use crate::task::handler::Handler;

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
