//! Tasks whose code is read while the app runs: a text, or a file that is read at each run.

mod engine;
mod json;
mod mistake;
mod program;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::builder::TaskBuilder;
use super::handler::{Handler, Work};
use super::outcome::Outcome;
use crate::error::{Location, Result};
use crate::param::{Context, ParamSpec};
pub use engine::CodeLimits;
use program::Program;

/// What a task of [`Task::code`](crate::Task::code) or [`Task::script`](crate::Task::script) runs.
#[derive(Clone)]
pub(crate) struct Code {
    source: Source,
    limits: CodeLimits,
    location: Location,
}

#[derive(Clone)]
enum Source {
    /// Read once; what is wrong with it keeps the app from being built.
    Text(Option<Arc<Program>>),
    /// Read at each run.
    File { path: PathBuf, function: Option<String> },
}

impl Code {
    /// The parameters, as far as they are known before a run.
    pub(super) fn specs(&self) -> Vec<ParamSpec> {
        match &self.source {
            Source::Text(Some(program)) => program.specs(),
            Source::Text(None) | Source::File { .. } => Vec::new(),
        }
    }

    /// The parameters of a run that begins now; none if there is no such run.
    #[cfg(unix)]
    pub(super) fn specs_of_run(&self) -> Vec<ParamSpec> {
        self.program()
            .map_or_else(|_| Vec::new(), |program| program.specs())
    }

    /// Resolves the parameters for a run.
    ///
    /// # Errors
    ///
    /// Names the first parameter that can't be had, or that a script can't hold. What is wrong with the code itself is the
    /// outcome of the run.
    pub(super) fn prepare(&self, context: &Context<'_>) -> Result<Work> {
        let program = match self.program() {
            Ok(program) => program,
            Err(message) => return Ok(Work::Blocking(Box::new(|| Outcome::Fail(message.into())))),
        };
        let values = program.resolve(context)?;
        let flag = context.run().map(|run| run.flag().clone()).unwrap_or_default();
        let limits = self.limits;
        Ok(Work::Blocking(Box::new(move || {
            program.run(values, flag, limits)
        })))
    }

    fn program(&self) -> Result<Arc<Program>, String> {
        match &self.source {
            Source::Text(program) => program.clone().ok_or_else(|| "the code can't be read".to_owned()),
            Source::File { path, function } => {
                let program = Program::read(path, function.as_deref(), self.location)?;
                Ok(Arc::new(program))
            }
        }
    }
}

/// Makes a task from code.
#[track_caller]
pub(crate) fn code(name: impl Into<Cow<'static, str>>, source: &str) -> TaskBuilder {
    let location = Location::caller();
    let mut task = TaskBuilder::new(name, location);
    let program = Program::of(source, location).map(Arc::new);
    let program = program.map_err(|mistake| task.problem(format!("code of task `{}`: {mistake}", task.name)));
    task.with_code(Source::Text(program.ok()))
}

/// Makes a task from a file with code.
#[track_caller]
pub(crate) fn script(path: &Path) -> TaskBuilder {
    let task = TaskBuilder::new(path.to_string_lossy().into_owned(), Location::caller());
    let path = path.to_owned();
    task.with_code(Source::File { path, function: None })
}

impl TaskBuilder {
    fn with_code(self, source: Source) -> Self {
        let limits = CodeLimits::default();
        let location = self.location;
        self.handler(Handler::code(Code {
            source,
            limits,
            location,
        }))
    }

    /// Calls a function of a script. What it takes are parameters of the same names; what it returns is the result.
    ///
    /// The statements outside of functions are run before. A task that has been given no name is called `path:function`.
    pub fn function(mut self, name: impl Into<String>) -> Self {
        let script = self.handler.as_mut().and_then(Handler::as_code_mut);
        let Some(Source::File { path, function }) = script.map(|code| &mut code.source) else {
            self.problem(format!("`function` of task `{}`: it is no script", self.name));
            return self;
        };
        let name = name.into();
        if path.to_string_lossy() == self.name {
            self.name = format!("{}:{name}", self.name).into();
        }
        *function = Some(name);
        self
    }

    /// Sets how much the code of a task may use.
    pub fn code_limits(mut self, limits: CodeLimits) -> Self {
        match self.handler.as_mut().and_then(Handler::as_code_mut) {
            Some(code) => code.limits = limits,
            None => self.problem(format!("`code_limits` of task `{}`: it has no code", self.name)),
        }
        self
    }
}
